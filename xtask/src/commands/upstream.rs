//! `cargo xtask upstream`: what Weeek changed in the document that it publishes, and what of it concerns us.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::format::Format;
use crate::outcome::Outcome;
use crate::upstream::departures::{self, Departures};
use crate::upstream::model::{Api, shape};
use crate::upstream::pin::{self, Pin};
use crate::upstream::review::{Review, Sides};
use crate::upstream::{adopt, normal, report, sha256};
use crate::workspace::{self, NamedPath, SPEC};

const README: &str = "spec/README.md";

/// Compare the document that Weeek publishes with the last reviewed one and with the spec, place by place.
///
/// Exit status: 0 in step, 1 there is something to review, 2 usage, I/O, or an unreadable file.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// The document that Weeek publishes now, JSON or YAML [default: the last reviewed one]
    pub new: Option<PathBuf>,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Draft what is missing: entries without a reason, operations without descriptions, the list of spec/README.md.
    #[arg(long)]
    pub write: bool,
    /// Make NEW the last reviewed document, once nothing is left to decide.
    #[arg(long, requires = "new")]
    pub accept: bool,
    /// When NEW was published [default: from its name, such as `2026-10.json`]
    #[arg(long, value_name = "YYYY-MM[-DD]", requires = "accept")]
    pub date: Option<String>,
}

/// Runs the command.
pub fn run(options: &Options) -> Result<Outcome, String> {
    try_run(&workspace::root()?, options)
}

/// The files beside the new document.
struct Files<'a> {
    root: &'a Path,
    spec: String,
    departures: String,
    readme: String,
}

impl<'a> Files<'a> {
    fn read(root: &'a Path) -> Result<Self, String> {
        let [spec, departures, readme] =
            [SPEC, departures::FILE, README].map(|path| NamedPath::below(root, path).read());
        Ok(Self { root, spec: spec?, departures: departures?, readme: readme? })
    }

    /// Writes a file that has another text, and adds it to the log.
    fn write(&self, path: &str, text: &str, log: &mut String) -> Result<(), String> {
        let file = NamedPath::below(self.root, path);
        if file.read().as_deref() != Ok(text) {
            file.write(text)?;
            log.extend(["wrote ", path, "\n"]);
        }
        Ok(())
    }

    fn ours(&self) -> Result<Api, String> {
        normal::read(&self.spec).map_err(|error| format!("{SPEC}: {error}"))
    }

    fn entries(&self) -> Result<Departures, String> {
        Departures::read(&self.departures).map_err(|error| format!("{}: {error}", departures::FILE))
    }

    /// The page with the list of departures brought up to date.
    fn page(&self) -> Result<String, String> {
        self.entries()?.update_page(&self.readme)
    }

    /// The functions of the client by operation; where the spec has errors, the ids of the operations.
    fn functions(&self, ours: &Api) -> BTreeMap<String, String> {
        match weeek_codegen::operations(&self.spec) {
            Ok(list) => list
                .into_iter()
                .map(|operation| (format!("{} {}", operation.method, shape(&operation.path)), operation.function))
                .collect(),
            Err(_) => {
                let ids = ours.operations.iter();
                ids.filter_map(|(name, operation)| Some((name.clone(), operation.id.clone()?))).collect()
            }
        }
    }

    fn review(&self, pin: &Pin, new: &Api) -> Result<Review, String> {
        let (ours, departures) = (self.ours()?, self.entries()?);
        let functions = self.functions(&ours);
        Ok(Review::of(Sides { pin, new, ours: &ours, departures: &departures, functions: &functions }))
    }
}

fn try_run(root: &Path, options: &Options) -> Result<Outcome, String> {
    let mut files = Files::read(root)?;
    let published = options.new.as_deref().map(published).transpose()?;
    let pin = match (NamedPath::below(root, pin::FILE).read(), &published) {
        (Ok(text), _) => Pin::read(&text).map_err(|error| format!("{}: {error}", pin::FILE))?,
        // The first pin there is.
        (Err(_), Some(new)) if options.accept => new.pin(options.date.as_deref())?,
        (Err(error), _) => return Err(error),
    };
    let new = published.as_ref().map_or(&pin.api, |published| &published.api);
    let mut review = files.review(&pin, new)?;
    let mut err = String::new();
    if options.write {
        let spec = adopt::adopt(&files.spec, &pin.api, new, &files.entries()?)?;
        files.spec = spec;
        review = files.review(&pin, new)?;
        files.departures = departures::rewrite(&files.departures, &review.refreshed, &[], &review.drafts);
        files.readme = files.page()?;
        files.write(SPEC, &files.spec, &mut err)?;
        files.write(departures::FILE, &files.departures, &mut err)?;
        files.write(README, &files.readme, &mut err)?;
        review = files.review(&pin, new)?;
    }
    if let Some(published) = published.as_ref().filter(|_| options.accept) {
        return accept(files, &pin, &published.pin(options.date.as_deref())?, &review);
    }
    let name = published.as_ref().map_or(pin::FILE, |published| &published.name);
    let out = report::render(&review, options.format, name, &pin.date);
    let is_stale = files.page()? != files.readme;
    if is_stale {
        err += "error: the list in spec/README.md is stale\nhelp: `cargo xtask upstream --write` renews it\n";
    }
    Ok(Outcome { status: u8::from(is_stale || !review.is_clean()), out, err })
}

/// Moves the pin, once a review of the new document against itself finds nothing.
fn accept(mut files: Files<'_>, pin: &Pin, new: &Pin, review: &Review) -> Result<Outcome, String> {
    if new.date < pin.date {
        return Err(format!("the pin is of {} and never goes back to {}", pin.date, new.date));
    }
    files.departures = departures::rewrite(&files.departures, &[], &review.renamed, &[]);
    let left = files.review(new, &new.api)?;
    if !left.is_clean() {
        let err = "error: not accepted: the new document leaves this to decide\n\
                   help: follow it in the spec, or add entries; `--write` drafts both\n";
        let out = report::render(&left, Format::Text, pin::FILE, &new.date);
        return Ok(Outcome { status: 1, out, err: err.to_owned() });
    }
    let mut err = String::new();
    files.write(departures::FILE, &files.departures, &mut err)?;
    files.write(pin::FILE, &new.write(), &mut err)?;
    files.write(README, &files.page()?, &mut err)?;
    Ok(Outcome { out: format!("the pin is of {}: {} facts\n", new.date, new.api.count()), err, status: 0 })
}

/// A published document.
struct Published {
    name: String,
    sha256: String,
    api: Api,
}

fn published(path: &Path) -> Result<Published, String> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let api = normal::read(&text).map_err(|error| format!("{name}: {error}"))?;
    Ok(Published { name, sha256: sha256::of(text.as_bytes()), api })
}

impl Published {
    fn pin(&self, date: Option<&str>) -> Result<Pin, String> {
        let stem = Path::new(&self.name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let date = date.unwrap_or(stem);
        if !pin::is_date(date) {
            return Err(format!("`{date}` is no date\nhelp: give the date of publication: `--date 2026-10`"));
        }
        Ok(Pin { date: date.to_owned(), sha256: self.sha256.clone(), api: self.api.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(root: &Path, options: &Options) -> Outcome {
        let failure = |error| Outcome { status: 2, err: format!("error: {error}\n"), ..Outcome::default() };
        try_run(root, options).unwrap_or_else(failure)
    }

    fn read(root: &Path, path: &str) -> String {
        fs::read_to_string(root.join(path)).unwrap()
    }

    const NOTES: &str = include_str!("../../tests/suite/upstream/notes.yaml");
    const PAGE: &str = "# Spec\n\n<!-- departures: `cargo xtask upstream --write` writes this list from departures.yaml -->\n\
                        <!-- end of departures -->\n\nThe end.\n";

    /// A repository whose spec agrees with the published document.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("spec")).unwrap();
        for (name, text) in [(SPEC, NOTES), (departures::FILE, "# Nothing yet.\n"), (README, PAGE)] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let outcome = accept(folder.path(), "2026-10.yaml", NOTES);
        assert_eq!((outcome.status, outcome.out.as_str()), (0, "the pin is of 2026-10: 43 facts\n"), "{}", outcome.err);
        folder
    }

    fn published(root: &Path, name: &str, text: &str) -> Options {
        let path = root.join(name);
        fs::write(&path, text).unwrap();
        Options { new: Some(path), ..Options::default() }
    }

    fn accept(root: &Path, name: &str, text: &str) -> Outcome {
        run(root, &Options { accept: true, ..published(root, name, text) })
    }

    #[test]
    fn a_change_is_reported_explained_and_accepted() {
        let folder = repository();
        let root = folder.path();
        let outcome = run(root, &Options::default());
        assert!(outcome.out.contains("in step") && outcome.status == 0, "{}{}", outcome.out, outcome.err);

        let changed = NOTES.replace("maxLength: 255", "maxLength: 100");
        let options = published(root, "2026-12.yaml", &changed);
        let outcome = run(root, &options);
        assert_eq!(outcome.out, run(root, &options).out, "the report is the same from run to run");
        assert_eq!(outcome.status, 1);
        let reported = ". CreateNote.title: maxLength 100, was maxLength 255\n    spec/openapi.yaml:74; notes.create\n";
        assert!(outcome.out.contains(reported), "{}", outcome.out);
        let outcome = run(root, &Options { format: Format::Json, ..options.clone() });
        for part in ["\"weight\": \"docs\"", "\"line\": 74", "\"clean\": false"] {
            assert!(outcome.out.contains(part), "{}", outcome.out);
        }
        let outcome = run(root, &Options { format: Format::Markdown, ..options.clone() });
        assert!(outcome.out.contains("\n## New since the pin\n\n- **docs** `CreateNote.title`: "), "{}", outcome.out);

        let outcome = accept(root, "2026-12.yaml", &changed);
        assert!(outcome.err.contains("not accepted") && outcome.status == 1, "{}", outcome.err);
        run(root, &Options { write: true, ..options.clone() });
        let drafted = read(root, departures::FILE);
        assert!(drafted.ends_with("ours: maxLength 255\n  why: ''\n  evidence: inferred\n"), "{drafted}");
        let outcome = run(root, &options);
        assert!(outcome.out.contains("the entry has no reason yet"), "{}", outcome.out);
        fs::write(root.join(departures::FILE), drafted.replace("''", "Longer titles work.")).unwrap();
        let outcome = run(root, &options);
        assert!(outcome.err.contains("the list in spec/README.md is stale"), "{}", outcome.err);
        assert_eq!(accept(root, "2026-12.yaml", &changed).status, 0);
        let outcome = run(root, &options);
        assert_eq!((outcome.status, outcome.err.as_str()), (0, ""), "{}", outcome.out);
        let page = read(root, README);
        assert!(page.contains("- Longer titles work (inferred). `CreateNote.title`\n"), "{page}");

        let outcome = accept(root, "2026-11.yaml", &changed);
        assert!(outcome.err.contains("never goes back to 2026-11"), "{}", outcome.err);
        assert_eq!(outcome.status, 2);
    }

    #[test]
    fn entries_follow_what_is_renamed_and_what_we_say() {
        let folder = repository();
        let root = folder.path();
        let longer = NOTES.replace("maxLength: 255", "maxLength: 300");
        fs::write(root.join(SPEC), &longer).unwrap();
        run(root, &Options { write: true, ..Options::default() });
        let drafted = read(root, departures::FILE);
        fs::write(root.join(departures::FILE), drafted.replace("''", "Longer titles work.")).unwrap();
        run(root, &Options { write: true, ..Options::default() });
        assert_eq!(run(root, &Options::default()).status, 0);

        fs::write(root.join(SPEC), longer.replace("maxLength: 300", "maxLength: 400")).unwrap();
        let outcome = run(root, &Options::default());
        assert!(outcome.out.contains("the spec has maxLength 400; the entry has maxLength 300"), "{}", outcome.out);
        assert_eq!(run(root, &Options { write: true, ..Options::default() }).status, 0);

        let renamed = NOTES.replace("CreateNote", "NoteInput");
        assert_eq!(accept(root, "2026-12.yaml", &renamed).status, 0);
        assert!(read(root, departures::FILE).contains("- at: NoteInput.title\n"));
        assert_eq!(run(root, &Options::default()).status, 0);
    }

    /// A spec about something else gets all operations, and only descriptions are missing then.
    #[test]
    fn new_operations_are_drafted() {
        let folder = repository();
        let root = folder.path();
        fs::write(root.join(SPEC), NOTES.replace("Note", "Memo").replace("note", "memo")).unwrap();
        let entry =
            "- at: DELETE /ws/notes/{id}\n  upstream: there\n  ours: absent\n  why: Unsafe.\n  evidence: live\n";
        fs::write(root.join(departures::FILE), entry).unwrap();
        run(root, &Options { write: true, ..Options::default() });
        let spec = read(root, SPEC);
        for part in ["operationId: notes.list\n", "operationId: notes.create\n"] {
            assert!(spec.contains(part), "{spec}");
        }
        assert!(!spec.contains("notes.delete"), "what is left out on purpose stays out: {spec}");
        let described = spec
            .replace("  - name: Notes\n", "  - name: Notes\n    description: Notes.\n")
            .replace("          in: query\n", "          in: query\n          description: A filter.\n");
        let parsed = weeek_codegen::diff::Spec::read(&described);
        assert!(parsed.is_ok(), "{}", parsed.unwrap_err().render("spec", &described, false));
        run(root, &Options { write: true, ..Options::default() });
        assert_eq!(read(root, SPEC), spec, "a second run adds nothing");
    }

    #[test]
    fn what_can_not_be_read_never_looks_like_no_change() {
        let folder = repository();
        let root = folder.path();
        for (name, text, error) in [
            ("a.json", "<html></html>", "not an OpenAPI 3 document"),
            ("b.json", "", "the file is empty"),
            ("c.json", "{\"openapi\": \"3.1.0\", \"paths\": {", "c.json: line "),
        ] {
            let outcome = run(root, &published(root, name, text));
            assert_eq!((outcome.status, outcome.out.as_str()), (2, ""));
            assert!(outcome.err.contains(error), "{}", outcome.err);
        }
        let missing = Options { new: Some(root.join("no.json")), ..Options::default() };
        assert_eq!(run(root, &missing).status, 2);
        let outcome = accept(root, "latest.yaml", NOTES);
        assert!(outcome.err.contains("`latest` is no date\nhelp: "), "{}", outcome.err);
        for damaged in ["- at: x\n  why: y\n", "- rule: x\n  why: y\n  evidence: hope\n", "- at: [\n"] {
            fs::write(root.join(departures::FILE), damaged).unwrap();
            let outcome = run(root, &Options::default());
            assert!(outcome.status == 2 && outcome.err.contains("spec/departures.yaml: line "), "{}", outcome.err);
        }
    }
}
