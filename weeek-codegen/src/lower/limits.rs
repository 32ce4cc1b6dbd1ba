//! Adds the bounds, patterns and defaults of request values to their docs.

use std::collections::BTreeMap;

use crate::ir::TypeDef;
use crate::spec::node::Node;
use crate::spec::resolve;

/// Adds the limits of every property that a request contains.
pub(super) fn add(root: &Node, types: &mut BTreeMap<String, TypeDef>) {
    for ty in types.values_mut().filter(|ty| ty.in_request) {
        let schema = resolve::component(root, "schemas", &ty.name).map(|(_, node)| node);
        let Some(properties) = schema.and_then(|schema| schema.get("properties")) else { continue };
        for field in ty.kind.fields_mut() {
            if let Some(property) = properties.get(&field.wire_name) {
                field.limits = append(&mut field.docs, property);
            }
        }
    }
}

/// Adds the limits of one value: to its first paragraph if that is a sentence, or else at the end. A named type has docs of its
/// own. Returns the limits.
pub(super) fn append(docs: &mut String, schema: &Node) -> String {
    let limits = sentences(schema);
    if limits.is_empty() {
        return limits;
    }
    let end = docs.find("\n\n").unwrap_or(docs.len());
    if docs[..end].ends_with('.') {
        docs.insert_str(end, &format!(" {limits}"));
    } else {
        docs.push_str(if docs.is_empty() { "" } else { "\n\n" });
        docs.push_str(&limits);
    }
    limits
}

fn sentences(schema: &Node) -> String {
    let text = |key| schema.text_at(key);
    let mut sentences = Vec::new();
    for (least, most, unit) in [("minLength", "maxLength", "character"), ("minItems", "maxItems", "item")] {
        let plural = |count: &str| if count == "1" { unit.to_owned() } else { format!("{unit}s") };
        sentences.extend(match (text(least).filter(|least| *least != "0"), text(most)) {
            (Some(least), Some(most)) if least == most => Some(format!("Exactly {most} {}.", plural(most))),
            (Some(least), Some(most)) => Some(format!("{least} to {most} {}.", plural(most))),
            (Some(least), None) => Some(format!("At least {least} {}.", plural(least))),
            (None, Some(most)) => Some(format!("At most {most} {}.", plural(most))),
            (None, None) => None,
        });
    }
    let (above, below) = (schema.is_true("exclusiveMinimum"), schema.is_true("exclusiveMaximum"));
    sentences.extend(match (text("minimum"), text("maximum")) {
        (Some(least), Some(most)) if !above && !below => Some(format!("{least} to {most}.")),
        (Some(least), Some(most)) => {
            let (more, less) =
                (if above { "More than" } else { "At least" }, if below { "less than" } else { "at most" });
            Some(format!("{more} {least}, {less} {most}."))
        }
        (Some(least), None) => Some(format!("{} {least}.", if above { "More than" } else { "At least" })),
        (None, Some(most)) => Some(format!("{} {most}.", if below { "Less than" } else { "At most" })),
        (None, None) => None,
    });
    if schema.is_true("uniqueItems") {
        sentences.push("No item twice.".to_owned());
    }
    // The pattern of a date is that of its JSON; callers have a date.
    let pattern = text("pattern").filter(|_| text("x-weeek-rust-type").is_none());
    sentences.extend(pattern.map(|pattern| format!("Must match {}.", code(pattern))));
    sentences.extend(text("default").map(|default| format!("Default: {}.", code(default))));
    sentences.join(" ")
}

fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::spec::load;

    #[test]
    fn limits_in_words() {
        for (schema, expected) in [
            ("{type: string}", ""),
            ("{minLength: 1, maxLength: 80}", "1 to 80 characters."),
            ("{minLength: 0, maxLength: 1}", "At most 1 character."),
            ("{minItems: 2, maxItems: 2, uniqueItems: true}", "Exactly 2 items. No item twice."),
            ("{minimum: 1, maximum: 100, default: 50}", "1 to 100. Default: `50`."),
            ("{minimum: 0, exclusiveMinimum: true, maximum: 9}", "More than 0, at most 9."),
            ("{maximum: 9, exclusiveMaximum: true}", "Less than 9."),
            ("{pattern: '^a`b$'}", "Must match `` ^a`b$ ``."),
            ("{pattern: '^a$', x-weeek-rust-type: date}", ""),
        ] {
            let node = load::tree(schema, &mut Diagnostics::default()).unwrap();
            assert_eq!(sentences(&node), expected, "{schema}");
        }
        let schema = load::tree("{minimum: 1}", &mut Diagnostics::default()).unwrap();
        for (docs, expected) in [
            ("The limit.\n\nUnverified.", "The limit. At least 1.\n\nUnverified."),
            ("Either:\n\n- a", "Either:\n\n- a\n\nAt least 1."),
            ("", "At least 1."),
        ] {
            let mut docs = docs.to_owned();
            append(&mut docs, &schema);
            assert_eq!(docs, expected);
        }
    }
}
