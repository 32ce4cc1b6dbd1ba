//! `cargo xtask add`: a first draft of an operation in the spec.

use std::path::PathBuf;

use clap::Args;

use crate::outcome::Outcome;
use crate::upstream::{adopt, normal};
use crate::workspace::NamedPath;

/// Draft an operation in the spec, at its place and in its style; `lint` then reports what is missing.
///
/// Exit status: 0 drafted, 2 usage or I/O.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The HTTP method.
    pub method: String,
    /// The path with its parameters, such as `/tm/boards/{boardId}/notes`.
    pub path: String,
    /// The operation id, such as `boards.listNotes`.
    pub id: String,
    /// The document to take the operation from, JSON or YAML. Without it, the draft guesses from the method and the id.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// The spec to change.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let spec = NamedPath::spec(options.spec.as_deref())?;
    let (text, method) = (spec.read()?, options.method.to_uppercase());
    if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) || !adopt::is_path(&options.path) {
        let help = "write them like `GET /tm/boards/{boardId}/notes`";
        return Err(format!("`{} {}` is not a method and a path\nhelp: {help}", options.method, options.path));
    }
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let names = options.id.split_once('.').filter(|(owner, function)| is_name(owner) && is_name(function));
    let Some((owner, function)) = names else {
        return Err(format!("`{}` is not an operation id\nhelp: it is `tag.verb`, such as `tasks.list`", options.id));
    };
    let drafted = match &options.from {
        Some(path) => {
            let document = NamedPath::new(Some(path), "")?;
            let published = normal::read(&document.read()?).map_err(|error| format!("{}: {error}", document.name))?;
            adopt::add(&text, &published, &format!("{method} {}", options.path), &options.id)?
        }
        None => adopt::draft(&text, &method, &options.path, &options.id)?,
    };
    spec.write(&drafted)?;
    let left = weeek_codegen::lint(&drafted).err().map_or(0, |diagnostics| diagnostics.iter().len());
    let next = match left {
        0 => "next: read the draft, then `cargo xtask codegen`".to_owned(),
        left => format!("next: settle what `cargo xtask lint` shows ({left} in all), then `cargo xtask codegen`"),
    };
    Ok(Outcome::clean(format!("drafted {owner}.{function} in {}\n{next}\n", spec.name)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn add(spec: &std::path::Path, method: &str, path: &str, id: &str) -> Result<Outcome, String> {
        let (method, path, id) = (method.to_owned(), path.to_owned(), id.to_owned());
        run(&Options { method, path, id, from: None, spec: Some(spec.to_owned()) })
    }

    /// The lines of the spec stay as they are, in their order.
    fn inserted<'d>(before: &str, after: &'d str) -> Vec<&'d str> {
        let (mut old, mut new) = (before.lines().peekable(), Vec::new());
        for line in after.lines() {
            if old.next_if_eq(&line).is_none() {
                new.push(line);
            }
        }
        assert_eq!(old.next(), None);
        new
    }

    #[test]
    fn drafts_go_to_their_places_and_change_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("openapi.yaml");
        let mut before = NamedPath::spec(None).unwrap().read().unwrap();
        fs::write(&spec, &before).unwrap();
        for (method, path, id) in [
            ("GET", "/tm/boards/{boardId}/notes", "boards.listNotes"),
            ("post", "/tm/boards/{boardId}/notes", "boards.createNote"),
            ("DELETE", "/tm/boards/{boardId}/notes/{boardNoteId}", "boards.deleteNote"),
            ("GET", "/crm/templates", "templates.list"),
        ] {
            let outcome = add(&spec, method, path, id).unwrap();
            let after = fs::read_to_string(&spec).unwrap();
            let lines = inserted(&before, &after);
            let has = |line: &str| lines.iter().any(|found| found.trim() == line);
            assert!(has(&format!("operationId: {id}")) && has(&format!("{}:", method.to_lowercase())), "{lines:#?}");
            assert!(has("'403': {$ref: '#/components/responses/Forbidden'}") && outcome.status == 0, "{lines:#?}");
            assert!(normal::read(&after).is_ok() && !outcome.out.contains("invalid"), "{}", outcome.out);
            if id == "boards.createNote" {
                assert!(has("CreateBoardNote:") && has("summary: Create a note."), "{lines:#?}");
            }
            before = after;
        }
        let diagnostics = weeek_codegen::lint(&before).unwrap_err();
        let mut left: Vec<_> = diagnostics.iter().map(|error| error.rule.id()).collect();
        left.sort_unstable();
        left.dedup();
        assert_eq!(left, ["description", "missing-key"], "only what a person knows is left");
        let document = folder.path().join("published.json");
        let text = r#"{"openapi": "3.0.0", "info": {"title": "", "version": ""}, "paths": {"/ws/tags/{id}/merge": {"post": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object",
                "properties": {"success": {"type": "boolean"}}}}}}}}}}}"#;
        fs::write(&document, text).unwrap();
        let [method, path, id] = ["POST", "/ws/tags/{id}/merge", "tags.merge"].map(str::to_owned);
        run(&Options { method, path, id, from: Some(document), spec: Some(spec.clone()) }).unwrap();
        let after = fs::read_to_string(&spec).unwrap();
        let lines = inserted(&before, &after).join("\n");
        for line in ["/ws/tags/{tagId}/merge:", "x-weeek-evidence: documented", "'#/components/responses/Success'"] {
            assert!(lines.contains(line), "{lines}");
        }
        let error = add(&spec, "GET", "/crm/templates", "templates.list").unwrap_err();
        assert_eq!(error, "the spec has `GET /crm/templates` already");
        let error = add(&spec, "GET", "/crm/more", "templates.list").unwrap_err();
        assert!(error.starts_with("the operation id `templates.list` is that of `GET /crm/templates`\n"), "{error}");
        for (method, path, id) in [
            ("LIST", "/a", "a.list"),
            ("GET", "a", "a.list"),
            ("GET", "/a", "list"),
            ("GET", "/a/", "a.list"),
            ("GET", "/a?b=1", "a.list"),
            ("GET", "/a/x{b}", "a.get"),
            ("GET", "/a/{b", "a.get"),
            ("GET", "/a/../b", "a.get"),
            ("GET", "/a", "a b.get"),
            ("GET", "/a", "a.get.b"),
        ] {
            assert!(add(&spec, method, path, id).unwrap_err().contains(" is not "), "{method} {path} {id}");
        }
    }
}
