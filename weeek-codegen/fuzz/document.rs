//! Any text as the document: it ends in a client or in faults that stand somewhere.

use weeek_codegen::Report;

pub(crate) fn run(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        hold(text);
    }
}

/// Generates, and holds the outcome against all that every outcome has in common.
pub(crate) fn hold(text: &str) {
    match weeek_codegen::generate(text) {
        Ok(client) => {
            assert_eq!(weeek_codegen::lint(text).as_ref(), Ok(&client.counts));
            for (path, file) in client.files.iter() {
                assert!(is_inside(path), "{path:?}");
                assert!(file.starts_with(weeek_codegen::MARKER), "{path}");
                assert!(!file.contains('\r') && !file.contains('\0'), "{path}");
            }
        }
        Err(report) => {
            assert_eq!(weeek_codegen::lint(text).as_ref(), Err(&report));
            faults(text, &report);
        }
    }
}

fn faults(text: &str, report: &Report) {
    assert!(!report.faults().is_empty());
    for fault in report.faults() {
        assert!(text.get(fault.span.clone()).is_some(), "{fault:?}");
        assert!(!fault.message.is_empty(), "{fault:?}");
        let related = fault.related.as_ref().map(|related| related.span.clone());
        assert!(related.is_none_or(|span| text.get(span).is_some()), "{fault:?}");
    }
    assert!(!report.render("openapi.yaml", text, false).is_empty());
    assert!(report.to_json("openapi.yaml", text).starts_with('{'));
}

/// Whether a path leads to a Rust file below the output folder.
fn is_inside(path: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    path.strip_suffix(".rs").is_some_and(|path| path.split('/').all(is_word))
}
