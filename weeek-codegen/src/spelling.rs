//! Tokens on one line, spaced as a person writes them. prettyplease neither knows the entries of our macros nor fills a line.

use proc_macro2::{Delimiter, Spacing, TokenTree};

/// The tokens between commas. Those between angle brackets separate arguments of a type.
pub(crate) fn rows(tokens: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let mut depth = 0;
    let rows = tokens.split(move |token| {
        depth += i32::from(is_mark(token, "<")) - i32::from(depth > 0 && is_mark(token, ">"));
        depth == 0 && is_mark(token, ",")
    });
    rows.filter(|row| !row.is_empty())
}

/// All tokens on one line.
pub(crate) fn one_line(tokens: &[TokenTree]) -> String {
    let (mut text, mut is_joint) = (String::new(), true);
    for (at, token) in tokens.iter().enumerate() {
        let (word, no_space) = match token {
            TokenTree::Group(group) => {
                let inside = group.stream();
                let all = || one_line(&inside.clone().into_iter().collect::<Vec<_>>());
                match group.delimiter() {
                    Delimiter::Brace => {
                        let inside: Vec<_> = inside.into_iter().collect();
                        (format!("{{ {} }}", rows(&inside).map(one_line).collect::<Vec<_>>().join(", ")), false)
                    }
                    Delimiter::Parenthesis => (format!("({})", all()), true),
                    Delimiter::Bracket => (format!("[{}]", all()), text.ends_with('!')),
                    Delimiter::None => (all(), false),
                }
            }
            // `a: b`, `a::b`, `a.b`, `a!`, `a?`, `a, b`, `A<B>`
            token => (token.to_string(), is_mark(token, ",.:!?;<>")),
        };
        text.push_str(if is_joint || no_space { "" } else { " " });
        text.push_str(&word);
        let is_path = is_mark(token, ":") && at > 0 && is_mark(&tokens[at - 1], ":");
        is_joint = matches!(token, TokenTree::Punct(mark) if mark.spacing() == Spacing::Joint)
            || is_mark(token, "#.&<")
            || is_path;
    }
    text
}

pub(crate) fn is_mark(token: &TokenTree, marks: &str) -> bool {
    matches!(token, TokenTree::Punct(mark) if marks.contains(mark.as_char()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn tokens_are_spaced_as_a_person_writes_them() {
        for text in [
            r#"weeek.tasks().list(1501, A::new("a . b (c").at([1, 2]).of(vec![B::from(3)])).await?"#,
            r#"LIST = "tasks.list" GET("/tm/tasks", Live) pages("limit", "offset", None, 100)"#,
            "A::B { from: Some(date(2026, 11, 24)), to: None }",
            r#"A { pub a: Option<BTreeMap<String, b::C>> = "a" required, D(E) = "d" | "e" => F }"#,
        ] {
            let tokens: proc_macro2::TokenStream = text.parse().unwrap();
            assert_eq!(super::one_line(&tokens.into_iter().collect::<Vec<_>>()), text);
        }
    }
}
