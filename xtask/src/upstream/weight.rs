//! What a change of the published document means for users of the client, once our spec follows it.

use weeek_codegen::diff::Impact;

use super::compare::{Difference, Row};

/// The weight that `cargo xtask diff` gives a change of our spec of the same kind.
pub(super) fn of(row: &Row, difference: &Difference) -> Impact {
    let weights = [(row.request, request(difference)), (row.response, response(difference))];
    let weights = weights.into_iter().filter(|(goes, _)| *goes).map(|(_, weight)| weight);
    weights.max().unwrap_or(Impact::Docs)
}

/// Of what is sent: asking for more breaks, allowing more adds.
fn request(difference: &Difference) -> Impact {
    let Difference { aspect, left, right } = difference;
    match (*aspect, left, right) {
        ("there", None, Some(facts)) if !facts.split(", ").any(|fact| fact == "required") => Impact::Additive,
        ("there" | "required" | "nullable", ..) => Impact::Breaking,
        ("brackets" | "style" | "media", ..) => Impact::Behavior,
        _ => either(difference),
    }
}

/// Of what is received: a field that appears adds, one that goes, or may be missing now, breaks.
fn response(difference: &Difference) -> Impact {
    match (difference.aspect, &difference.left) {
        ("there", None) => Impact::Additive,
        ("there" | "required" | "nullable", _) => Impact::Breaking,
        _ => either(difference),
    }
}

fn either(difference: &Difference) -> Impact {
    let Difference { aspect, left, right } = difference;
    let values = |side: &Option<String>| {
        let values = side.as_deref().unwrap_or_default().split(", ");
        values.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    match *aspect {
        "enum" if left.is_some() && values(left).is_subset(&values(right)) => Impact::Additive,
        "type" | "forms" | "enum" => Impact::Breaking,
        // Only these formats make a type of their own.
        "format" if [left, right].into_iter().flatten().any(|format| format != "int64" && format != "uri") => {
            Impact::Breaking
        }
        "deprecated" if right.is_some() => Impact::Additive,
        _ => Impact::Docs,
    }
}
