//! Words of the document to names of Rust. Nothing else in the crate changes the case of a word.

use std::collections::BTreeMap;

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// A field, parameter, function or module: `boardColumnId` to `board_column_id`, `tags[]` to `tags`.
///
/// `type` is called `kind` and `move` is called `move_to`; any other keyword gets an underscore.
pub(crate) fn value(word: &str) -> String {
    let name = word.to_snake_case();
    match name.as_str() {
        "type" => "kind".to_owned(),
        "move" => "move_to".to_owned(),
        keyword if syn::parse_str::<syn::Ident>(keyword).is_err() => format!("{name}_"),
        _ => name,
    }
}

/// A type or variant: `light_blue` to `LightBlue`.
pub(crate) fn kind(word: &str) -> String {
    word.to_upper_camel_case()
}

/// A static: `listComments` to `LIST_COMMENTS`.
pub(crate) fn constant(word: &str) -> String {
    word.to_shouty_snake_case()
}

/// The part of an operation id before the dot: `Board columns` to `boardColumns`.
pub(crate) fn handle(tag: &str) -> String {
    tag.to_lower_camel_case()
}

/// Whether `name` can be an identifier as it stands.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.is_ascii() && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// The type of a list's filters: `tasks.list` to `ListTasks`, `tasks.listComments` to `ListTaskComments`.
pub(crate) fn query(tag: &str, resource: &str, method: &str) -> String {
    let words = words(method);
    match words.split_first() {
        Some((verb, [])) => format!("{verb}{}", kind(tag)),
        Some((verb, rest)) => format!("{verb}{resource}{}", rest.concat()),
        None => resource.to_owned(),
    }
}

/// The function that goes through all pages of `list`: `listComments` to `list_all_comments`.
pub(crate) fn all_pages(method: &str) -> String {
    let words = words(method);
    let (verb, rest) =
        words.split_first().map_or((String::new(), &[][..]), |(verb, rest)| (verb.to_snake_case(), rest));
    value(&format!("{verb}All{}", rest.concat()))
}

/// The variant that `schema` is of `parent`: what is left without the words that both share at the ends.
pub(crate) fn variant_of(parent: &str, schema: &str) -> String {
    let (parent, words) = (words(parent), words(schema));
    let front = parent.iter().zip(&words).take_while(|(a, b)| a == b).count();
    let back = parent[front..].iter().rev().zip(words[front..].iter().rev()).take_while(|(a, b)| a == b).count();
    let rest = words[front..words.len() - back].concat();
    if rest.is_empty() { schema.to_owned() } else { rest }
}

/// Whether the type `name` belongs to `resource`: by its first words, or by those after a verb.
pub(crate) fn belongs(name: &str, resource: &str) -> bool {
    let (name, resource) = (words(name), words(resource));
    let starts = |name: &[String]| {
        let Some((last, front)) = resource.split_last() else { return false };
        name.starts_with(front) && name.get(front.len()).is_some_and(|word| plurals(last).contains(word))
    };
    starts(&name) || name.split_first().is_some_and(|(_, rest)| starts(rest))
}

/// The resources, by what the names of their types begin with: to ask each of them would take long where there are many.
#[derive(Debug)]
pub(crate) struct Owners {
    /// The length and the place of each resource.
    resources: BTreeMap<String, (usize, usize)>,
}

impl Owners {
    pub(crate) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut resources = BTreeMap::new();
        for (at, name) in names.into_iter().enumerate() {
            let words = words(name);
            let Some((last, front)) = words.split_last() else { continue };
            for last in plurals(last) {
                let known = resources.entry([front, &[last]].concat().join(" ")).or_default();
                *known = (name.len(), at).max(*known);
            }
        }
        Self { resources }
    }

    /// The place of the resource that the type `name` belongs to; where there are several, of the longest.
    pub(crate) fn of(&self, name: &str) -> Option<usize> {
        let words = words(name);
        let starts = (0..words.len().min(2)).flat_map(|from| (from + 1..=words.len()).map(move |to| from..to));
        starts.filter_map(|part| self.resources.get(&words[part].join(" "))).max().map(|(_, at)| *at)
    }
}

/// How a person writes a tag: `Board columns`.
pub(crate) fn sentence(tag: &str) -> String {
    let words = tag.to_snake_case().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// What several of a resource may be called: `Currency` to `Currencies`; `User` stays what it is where there is but one.
pub(crate) fn plurals(resource: &str) -> Vec<String> {
    let mut plurals = vec![resource.to_owned(), format!("{resource}s"), format!("{resource}es")];
    plurals.extend(resource.strip_suffix('y').map(|stem| format!("{stem}ies")));
    plurals
}

/// The words of a name, each with a capital letter.
pub(crate) fn words(name: &str) -> Vec<String> {
    name.to_snake_case().split('_').map(ToUpperCamelCase::to_upper_camel_case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_document() {
        assert_eq!(value("boardColumnId"), "board_column_id");
        assert_eq!(value("tags[]"), "tags");
        assert_eq!(value("type"), "kind");
        assert_eq!(value("in"), "in_");
        assert_eq!(query("Tasks", "Task", "list"), "ListTasks");
        assert_eq!(query("Tasks", "Task", "listComments"), "ListTaskComments");
        assert_eq!(all_pages("listComments"), "list_all_comments");
        assert_eq!(variant_of("CustomFieldConfig", "CustomFieldNumberConfig"), "Number");
        assert!(belongs("UpdateTask", "Task") && belongs("TaskComment", "Task") && belongs("ListTasks", "Task"));
        assert!(!belongs("TagLink", "Task"));
        let owners = Owners::new(["Board", "BoardColumn", "Currency"]);
        let of =
            ["MoveBoardColumn", "UpdateBoard", "Currencies", "MoveToBoard", "Boarding"].map(|name| owners.of(name));
        assert_eq!(of, [Some(1), Some(0), Some(2), None, None]);
    }
}
