//! Any text as the spec: it ends in a client, or in errors with valid spans.

use weeek_codegen::Diagnostics;

pub(crate) fn run(input: &[u8]) {
    if let Ok(text) = std::str::from_utf8(input) {
        check(text);
    }
}

/// Generates, and checks what every result has in common.
pub(crate) fn check(text: &str) {
    match weeek_codegen::generate(text) {
        Ok(client) => {
            assert_eq!(weeek_codegen::lint(text).as_ref(), Ok(&client.counts));
            for (path, file) in client.files.iter() {
                assert!(is_inside(path), "{path:?}");
                assert!(file.starts_with(weeek_codegen::MARKER), "{path}");
                assert!(!file.contains('\r') && !file.contains('\0'), "{path}");
            }
        }
        Err(diagnostics) => {
            assert_eq!(weeek_codegen::lint(text).as_ref(), Err(&diagnostics));
            errors(text, &diagnostics);
        }
    }
}

fn errors(text: &str, diagnostics: &Diagnostics) {
    assert!(diagnostics.iter().len() > 0);
    for error in diagnostics {
        assert!(text.get(error.span.clone()).is_some(), "{error:?}");
        assert!(!error.message.is_empty(), "{error:?}");
        let related = error.related.iter().map(|related| &related.span).chain(error.fix.iter().map(|fix| &fix.span));
        related.for_each(|span| assert!(text.get(span.clone()).is_some(), "{error:?}"));
    }
    assert!(!diagnostics.render("openapi.yaml", text, false).is_empty());
    assert!(diagnostics.to_json("openapi.yaml", text).starts_with('{'));
}

/// Whether a path is that of a Rust file below the output folder.
fn is_inside(path: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    path.strip_suffix(".rs").is_some_and(|path| path.split('/').all(is_word))
}
