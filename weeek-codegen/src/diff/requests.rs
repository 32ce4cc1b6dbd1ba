//! How values are sent, in words.

use crate::ir::{Encoding, Parameter};

/// The new and the old encoding of a parameter.
pub(super) fn encoded(was: &Parameter, now: &Parameter) -> String {
    let written = |parameter: &Parameter| {
        let wire = &parameter.wire_name;
        match parameter.encoding {
            Encoding::Plain => format!("`{wire}=…`"),
            Encoding::DottedDate => format!("`{wire}=dd.mm.yyyy`"),
            Encoding::List => format!("`{wire}=1&{wire}=2`"),
            Encoding::Objects => format!("`{wire}[0][…]=…`"),
        }
    };
    format!("`{}` is written {} (was {})", now.name, written(now), written(was))
}

/// Other bounds, lengths, patterns or defaults of a value that is sent.
pub(super) fn limits(name: &str, old: &str, new: &str) -> String {
    let words = |limits: &str| match limits.trim_end_matches('.') {
        "" => "anything".to_owned(),
        limits => limits.replace(". ", ", "),
    };
    format!("the API accepts for {name}: {} (was: {})", words(new), words(old))
}
