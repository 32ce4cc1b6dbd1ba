//! Names of the spec as names in Rust. Only this module changes the case of words.

use std::collections::BTreeMap;

use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};

/// The name of a field, parameter, function or module: `boardColumnId` becomes `board_column_id`, `tags[]` becomes `tags`.
///
/// `type` becomes `kind` and `move` becomes `move_to`; any other keyword gets an underscore.
pub(crate) fn snake_name(word: &str) -> String {
    let name = word.to_snake_case();
    match name.as_str() {
        "type" => "kind".to_owned(),
        "move" => "move_to".to_owned(),
        keyword if !keyword.is_empty() && is_keyword(keyword) => format!("{name}_"),
        _ => name,
    }
}

/// The name of a type or variant: `light_blue` becomes `LightBlue`.
pub(crate) fn pascal_name(word: &str) -> String {
    word.to_upper_camel_case()
}

/// The part of an operation id before the dot: `Board columns` becomes `boardColumns`.
pub(crate) fn operation_prefix(tag: &str) -> String {
    tag.to_lower_camel_case()
}

/// A path template without the names of its parameters.
pub(crate) fn path_shape(path: &str) -> String {
    let unnamed = |segment| if str::starts_with(segment, '{') { "{}" } else { segment };
    path.split('/').map(unnamed).collect::<Vec<_>>().join("/")
}

/// Whether `name` is a valid identifier.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.is_ascii() && name != "_" && !is_keyword(name)
}

/// Whether `word` is reserved, or no identifier at all.
fn is_keyword(word: &str) -> bool {
    let is_letter = |letter: char| letter == '_' || letter.is_alphanumeric();
    word.starts_with(|first: char| !is_letter(first) || first.is_numeric())
        || !word.chars().all(is_letter)
        || KEYWORDS.binary_search(&word).is_ok()
}

/// The keywords of edition 2024, sorted.
const KEYWORDS: [&str; 54] = [
    "", "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The type of a list's filters: `tasks.list` has `ListTasks`, `tasks.listComments` has `ListTaskComments`.
pub(crate) fn query(tag: &str, singular: &str, method: &str) -> String {
    let words = words(method);
    match words.split_first() {
        Some((verb, [])) => format!("{verb}{}", pascal_name(tag)),
        Some((verb, rest)) => format!("{verb}{singular}{}", rest.concat()),
        None => singular.to_owned(),
    }
}

/// The function that returns all pages of a list: `listComments` has `list_all_comments`.
pub(crate) fn all_pages(method: &str) -> String {
    let words = words(method);
    let (verb, rest) =
        words.split_first().map_or((String::new(), &[][..]), |(verb, rest)| (verb.to_snake_case(), rest));
    snake_name(&format!("{verb}All{}", rest.concat()))
}

/// The variant of the enum `parent` for `schema`: the words of `schema` without those that both share at either end.
pub(crate) fn variant_of(parent: &str, schema: &str) -> String {
    let (parent, words) = (words(parent), words(schema));
    let front = parent.iter().zip(&words).take_while(|(a, b)| a == b).count();
    let back = parent[front..].iter().rev().zip(words[front..].iter().rev()).take_while(|(a, b)| a == b).count();
    let rest = words[front..words.len() - back].concat();
    if rest.is_empty() { schema.to_owned() } else { rest }
}

/// Finds the resource of a type by the words of its name. A search through all resources for each type would be quadratic.
#[derive(Debug)]
pub(crate) struct Owners {
    /// The length of each resource's name, and its index, by the words that a type's name starts with, in snake_case.
    resources: BTreeMap<String, (usize, usize)>,
}

impl Owners {
    pub(crate) fn new<'a>(singulars: impl IntoIterator<Item = &'a str>) -> Self {
        let mut resources = BTreeMap::new();
        for (at, name) in singulars.into_iter().enumerate() {
            for plural in plurals(name) {
                let known = resources.entry(plural.to_snake_case()).or_default();
                *known = (name.len(), at).max(*known);
            }
        }
        Self { resources }
    }

    /// The index of the resource with the longest name that `name` starts with, after a verb or not.
    pub(crate) fn of(&self, name: &str) -> Option<usize> {
        let words = name.to_snake_case();
        let after_verb = words.split_once('_').map(|(_, rest)| rest);
        let parts = [&*words].into_iter().chain(after_verb).flat_map(fronts);
        parts.filter_map(|part| self.resources.get(part)).max().map(|(_, at)| *at)
    }
}

/// The words of a name in snake_case, with ever fewer at the end.
fn fronts(words: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(words), |words| words.rsplit_once('_').map(|(front, _)| front))
}

/// Whether the type `name` belongs to the resource: by its first words, or by those after a verb.
pub(crate) fn belongs(name: &str, singular: &str) -> bool {
    Owners::new([singular]).of(name).is_some()
}

/// A tag in sentence case: `Board columns`.
pub(crate) fn sentence(tag: &str) -> String {
    let words = tag.to_snake_case().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// The possible plurals of a resource: `Currencies` for `Currency`; `User` itself, if there is only one.
pub(crate) fn plurals(singular: &str) -> Vec<String> {
    let mut plurals = vec![singular.to_owned(), format!("{singular}s"), format!("{singular}es")];
    plurals.extend(singular.strip_suffix('y').map(|stem| format!("{stem}ies")));
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
    fn names_in_rust() {
        for (word, name) in
            [("boardColumnId", "board_column_id"), ("tags[]", "tags"), ("type", "kind"), ("in", "in_"), ("gen", "gen_")]
        {
            assert_eq!(snake_name(word), name);
        }
        for name in ["", "_", "2fa", "é", "gen", "fn", "a b", "Self"] {
            assert!(!is_identifier(name), "{name}");
        }
        assert!(is_identifier("gen_") && is_identifier("_version"));
        assert_eq!(query("Tasks", "Task", "list"), "ListTasks");
        assert_eq!(query("Tasks", "Task", "listComments"), "ListTaskComments");
        assert_eq!(all_pages("listComments"), "list_all_comments");
        assert_eq!(variant_of("CustomFieldConfig", "CustomFieldNumberConfig"), "Number");
    }

    #[test]
    fn a_type_belongs_to_the_longest_name_it_starts_with() {
        assert!(belongs("UpdateTask", "Task") && belongs("TaskComment", "Task") && belongs("ListTasks", "Task"));
        assert!(!belongs("TagLink", "Task"));
        let owners = Owners::new(["Board", "BoardColumn", "Currency"]);
        let of =
            ["MoveBoardColumn", "UpdateBoard", "Currencies", "MoveToBoard", "Boarding"].map(|name| owners.of(name));
        assert_eq!(of, [Some(1), Some(0), Some(2), None, None]);
    }
}
