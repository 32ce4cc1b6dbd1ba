//! Text of the spec that could be mistaken for code: it is rejected, or stays text.

use std::fs;
use std::ops::Range;

use crate::texts::HOSTILE;
use crate::tokens::{is_doc, without_docs};
use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{CodeBlockKind, Event as Mark, Options, Parser as Markdown, Tag, TagEnd};
use saphyr_parser::{Event, Parser, ScalarStyle};
use weeek_codegen::{FileSet, Rule};

use crate::real::{CLIENT, REAL};
use crate::{document, package};

const SMALL: &str = "tests/fixtures/base.yaml";

/// A scalar of the spec: its span, and the keys that lead to it.
struct Place {
    span: Range<usize>,
    keys: Vec<String>,
    is_key: bool,
}

/// Every scalar of a spec, keys included.
fn places(text: &str) -> Vec<Place> {
    struct Open {
        is_map: bool,
        key: Option<String>,
    }
    let offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (mut places, mut open) = (Vec::new(), Vec::<Open>::new());
    for event in Parser::new_from_str(text) {
        let (event, span) = event.unwrap();
        let mut span = offsets[span.start.index()]..offsets[span.end.index()];
        let awaits_key = open.last().is_some_and(|open| open.is_map && open.key.is_none());
        match event {
            Event::Scalar(scalar, style, ..) => {
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    // The span of a block scalar starts after its indicator and ends at the next token.
                    let end = span.start + text[span.clone()].trim_end().len();
                    span = text[..=span.start].rfind(['|', '>']).unwrap()..end;
                }
                let keys = open.iter().filter_map(|open| open.key.clone()).collect();
                places.push(Place { span, keys, is_key: awaits_key });
                if let Some(open) = open.last_mut() {
                    open.key = awaits_key.then(|| scalar.into_owned());
                }
            }
            Event::MappingStart(..) => open.push(Open { is_map: true, key: None }),
            Event::SequenceStart(..) => open.push(Open { is_map: false, key: None }),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                if let Some(open) = open.last_mut() {
                    open.key = None;
                }
            }
            _ => {}
        }
    }
    places
}

/// A string as a YAML scalar on one line.
fn scalar(text: &str) -> String {
    let escaped = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        ' '..='~' => letter.to_string(),
        _ => format!("\\U{:08X}", u32::from(letter)),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// The spec with other scalars at some spans.
fn with(text: &str, changes: impl IntoIterator<Item = (Range<usize>, String)>) -> String {
    let (mut changed, mut at) = (String::new(), 0);
    for (span, other) in changes {
        changed.push_str(&text[at..span.start]);
        changed.push_str(&scalar(&other));
        at = span.end;
    }
    changed + &text[at..]
}

/// Whether a scalar is only docs.
fn is_docs(place: &Place) -> bool {
    let outside = ["example", "default", "properties"];
    let last = place.keys.last().map(String::as_str);
    let around = place.keys.iter().rev().nth(1).map(String::as_str);
    !place.is_key
        && matches!(last, Some("description" | "summary" | "x-weeek-example-code"))
        && around.is_none_or(|around| !outside.contains(&around))
        && !place.keys.iter().any(|key| outside[..2].contains(&key.as_str()))
}

/// The tokens of each file by its path.
type Files<'f> = Vec<(&'f str, TokenStream)>;

fn tokens(files: &FileSet) -> Files<'_> {
    files.iter().map(|(path, text)| (path, text.parse().unwrap())).collect()
}

/// The code without doc comments.
fn code(files: &Files) -> Vec<String> {
    files.iter().map(|(_, tokens)| without_docs(tokens.clone()).to_string()).collect()
}

/// A doc comment as rustdoc reads it: without the common indentation.
fn unindented(comment: &str) -> String {
    let shown = || comment.lines().filter(|line| !line.trim().is_empty());
    let least = shown().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    comment.lines().map(|line| line.get(least..).unwrap_or_default().to_owned() + "\n").collect()
}

/// The doc comments, each as one string.
fn doc_comments(tokens: TokenStream, found: &mut Vec<String>) {
    let mut lines = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if is_doc(&group) => {
                let literal = group.stream().into_iter().nth(2).unwrap().to_string();
                lines.push_str(&syn::parse_str::<syn::LitStr>(&literal).unwrap().value());
                lines.push('\n');
                continue;
            }
            TokenTree::Punct(punct) if punct.as_char() == '#' => continue,
            TokenTree::Group(group) => doc_comments(group.stream(), found),
            _ => {}
        }
        if !lines.is_empty() {
            found.push(unindented(&std::mem::take(&mut lines)));
        }
    }
}

/// Every code block that rustdoc would find is an example of the spec, and is not run.
fn check_docs(files: &Files) {
    for (path, tokens) in files {
        let mut found = Vec::new();
        doc_comments(tokens.clone(), &mut found);
        for comment in found {
            let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
            let (mut inside, mut blocks) = (String::new(), 0);
            for mark in Markdown::new_ext(&comment, options) {
                match mark {
                    Mark::Start(Tag::CodeBlock(kind)) => {
                        assert_eq!(kind, CodeBlockKind::Fenced("no_run".into()), "{path}:\n{comment}");
                        (inside, blocks) = (String::new(), blocks + 1);
                    }
                    Mark::Text(text) => inside.push_str(&text),
                    Mark::End(TagEnd::CodeBlock) => {
                        let begins = "# use weeek_generated::{Client, models::*}; async fn run(";
                        assert!(inside.starts_with(begins) && inside.ends_with("\n# Ok(()) }\n"), "{path}:\n{comment}");
                    }
                    _ => {}
                }
            }
            assert!(blocks <= 1, "{path}:\n{comment}");
        }
    }
}

/// Items, attributes and macros are of the kinds that the generator writes.
fn check_items(files: &Files) {
    use syn::Item;
    for (path, tokens) in files {
        let file: syn::File = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(file.attrs.iter().all(is_doc_attribute), "{path}");
        for item in &file.items {
            match item {
                Item::Mod(resource) => assert!(resource.content.is_none(), "{path}"),
                Item::Const(_)
                | Item::Enum(_)
                | Item::Impl(_)
                | Item::Macro(_)
                | Item::Static(_)
                | Item::Struct(_)
                | Item::Type(_)
                | Item::Use(_) => {}
                _ => panic!("{path} has an item of another kind"),
            }
        }
        check_tokens(path, tokens.clone());
    }
}

/// Whether an attribute of a file is documentation, perhaps of a feature.
fn is_doc_attribute(attribute: &syn::Attribute) -> bool {
    let parts = attribute.parse_args_with(syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated);
    let is_gated = || parts.is_ok_and(|parts| parts.len() == 2 && parts[1].path().is_ident("doc"));
    attribute.path().is_ident("doc") || attribute.path().is_ident("cfg_attr") && is_gated()
}

fn check_tokens(path: &str, tokens: TokenStream) {
    const ATTRIBUTES: [&str; 7] = ["cfg", "deprecated", "derive", "doc", "inline", "must_use", "non_exhaustive"];
    const MACROS: [&str; 13] = [
        "example",
        "exclusive_object",
        "integer_enum",
        "integer_id",
        "map_object",
        "operations",
        "query_object",
        "request_object",
        "response_object",
        "string_enum",
        "string_id",
        "tagged_by_sibling",
        "tagged_object",
    ];
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let after: Vec<String> = tokens[at + 1..].iter().take(2).map(ToString::to_string).collect();
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let attribute = &after[usize::from(after[0] == "!")];
                assert!(
                    ATTRIBUTES.iter().any(|known| attribute.starts_with(&format!("[{known}"))),
                    "{path}: {after:?}"
                );
            }
            TokenTree::Ident(ident) if after.first().is_some_and(|next| next == "!") => {
                assert!(MACROS.iter().any(|known| ident == known), "{path}: {ident}!");
            }
            TokenTree::Ident(ident) => assert!(ident != "unsafe" && ident != "extern", "{path}"),
            TokenTree::Group(group) => check_tokens(path, group.stream()),
            _ => {}
        }
    }
}

/// Whether a text has no invisible character.
fn is_visible(text: &str) -> bool {
    let shows = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    text.chars().all(|letter| shows(letter) && !"\u{2028}\u{2029}\u{202e}\u{2066}".contains(letter))
}

#[test]
fn docs_are_never_code() {
    let sound = tokens(&CLIENT.files);
    let code_before = code(&sound);
    let visible: Vec<&str> = HOSTILE.into_iter().filter(|text| is_visible(text)).collect();
    let places: Vec<Place> = places(&REAL.text).into_iter().filter(is_docs).collect();
    assert!(places.len() > 800, "{} places", places.len());
    for turn in 0..3 {
        let changes = places.iter().map(|place| {
            // Equal docs stay equal: two definitions of one type are equal only if their docs are.
            let sum: usize = REAL.text[place.span.clone()].bytes().map(usize::from).sum();
            let words = visible[(sum + turn * 11) % visible.len()];
            let is_summary = place.keys.last().unwrap() == "summary";
            let words =
                if is_summary { format!("Do {}.", words.replace(['\n', '.'], "")) } else { format!("{words} {words}") };
            (place.span.clone(), words)
        });
        let changed = with(&REAL.text, changes);
        let client = weeek_codegen::generate(&changed)
            .unwrap_or_else(|diagnostics| panic!("{}", diagnostics.render("openapi.yaml", &changed, false)));
        let files = tokens(&client.files);
        assert!(files.iter().map(|(path, _)| path).eq(sound.iter().map(|(path, _)| path)));
        for ((path, now), before) in files.iter().map(|(path, _)| path).zip(code(&files)).zip(&code_before) {
            assert!(now == *before, "the code of {path} differs");
        }
        check_items(&files);
        check_docs(&files);
    }
}

#[test]
fn invisible_characters_are_rejected() {
    let text = fs::read_to_string(package::path(SMALL)).unwrap();
    let places = places(&text);
    let place = places.iter().find(|place| is_docs(place)).unwrap();
    for hidden in HOSTILE.into_iter().filter(|text| !is_visible(text)) {
        let diagnostics = weeek_codegen::generate(&with(&text, [(place.span.clone(), hidden.to_owned())])).unwrap_err();
        let found: Vec<_> = diagnostics.iter().map(|error| (error.rule, error.span.start)).collect();
        assert_eq!(found, [(Rule::InvisibleCharacter, place.span.start)], "{hidden:?}");
    }
}

#[test]
fn values_stay_values() {
    let text = fs::read_to_string(package::path(SMALL)).unwrap();
    let mut generated = 0;
    for value in HOSTILE.into_iter().chain(["a` b", "``` a", "\n\n    a\n"]) {
        for (from, to) in [
            (
                "enum: [plain, fancy]",
                format!("enum: [plain, fancy, {0}]\n      x-enum-varnames: [P, F, Other]", scalar(value)),
            ),
            ("title: plain,", format!("title: {},", scalar(value))),
            ("paper: '#", format!("{}: '#", scalar(value))),
            ("x-weeek-item: note\n", format!("x-weeek-item: {}\n", scalar(value))),
            ("url: https://api.example.com/v1", format!("url: {}", scalar(&format!("https://x/{value}")))),
        ] {
            let changed = text.replacen(from, &to, 1);
            assert_ne!(changed, text);
            document::check(&changed);
            if let Ok(client) = weeek_codegen::generate(&changed) {
                let files = tokens(&client.files);
                check_items(&files);
                check_docs(&files);
                generated += 1;
            }
        }
    }
    assert!(generated > 40, "{generated} are accepted");
}

#[test]
fn no_resource_leaves_the_output_folder() {
    let text = fs::read_to_string(package::path(SMALL)).unwrap();
    for name in ["../../evil", "/etc/evil", "..", ".", "a/b", "C:\\evil", "evil.rs", "\u{e9}vil", "a:b", "~", "$HOME"] {
        let renamed = text.replace("name: Folders", &format!("name: {}", scalar(name)));
        let renamed = renamed.replace("tags: [Folders]", &format!("tags: [{}]", scalar(name)));
        let diagnostics = weeek_codegen::generate(&renamed).expect_err(name);
        assert!(diagnostics.iter().any(|error| error.rule == Rule::TagName), "{name}");
    }
    // Names that are special on some systems stay plain files.
    for (tag, resource) in [("Mods", "Mod"), ("Cons", "Con"), ("Models", "Model"), ("Endpoints", "Endpoint")] {
        document::check(
            &text
                .replace("Folders", tag)
                .replace("folders.", &format!("{}.", tag.to_lowercase()))
                .replace("x-weeek-resource: Folder", &format!("x-weeek-resource: {resource}")),
        );
    }
}
