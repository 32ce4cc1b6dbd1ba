//! `cargo xtask upstream`: what Weeek changed in the document that it publishes, and what of it concerns us.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use xtask::outcome::Outcome;
use xtask::upstream::departures::{self, Departures};
use xtask::upstream::model::{Api, shape};
use xtask::upstream::pin::{self, Pin};
use xtask::upstream::report::{self, Names};
use xtask::upstream::review::{Review, Sides};
use xtask::upstream::{adopt, normal, readme};

use crate::format::Format;

const PIN: &str = "spec/upstream.yaml";
const DEPARTURES: &str = "spec/departures.yaml";
const SPEC: &str = "spec/openapi.yaml";
const README: &str = "spec/README.md";

/// What is compared, and what is made of it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Options {
    /// The document that Weeek publishes now, JSON or YAML [default: the last reviewed one]
    pub(crate) new: Option<PathBuf>,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Draft what is missing: entries without a reason, operations without descriptions, the list of spec/README.md.
    #[arg(long)]
    pub(crate) write: bool,
    /// Make NEW the last reviewed document, once nothing is left to decide.
    #[arg(long, requires = "new")]
    pub(crate) accept: bool,
    /// When NEW was published [default: what its name says, such as `2026-10.json`]
    #[arg(long, value_name = "YYYY-MM[-DD]", requires = "accept")]
    pub(crate) date: Option<String>,
}

/// Runs the command in the repository whose top is `root`.
pub(crate) fn run(root: &Path, options: &Options) -> Outcome {
    try_run(root, options).unwrap_or_else(|error| Outcome::failure(&error))
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
        let [spec, departures, readme] = [SPEC, DEPARTURES, README].map(|name| read(root, name));
        Ok(Self { root, spec: spec?, departures: departures?, readme: readme? })
    }

    fn ours(&self) -> Result<Api, String> {
        normal::read(&self.spec).map_err(|error| format!("{SPEC}: {error}"))
    }

    fn entries(&self) -> Result<Departures, String> {
        Departures::read(&self.departures).map_err(|error| format!("{DEPARTURES}: {error}"))
    }

    /// The functions of the client by operation; where the spec has faults, the ids of the operations.
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

    fn write(&self, name: &str, old: &str, new: &str) -> Result<Option<String>, String> {
        if old == new {
            return Ok(None);
        }
        fs::write(self.root.join(name), new).map_err(|error| format!("cannot write {name}: {error}"))?;
        Ok(Some(format!("wrote {name}\n")))
    }
}

fn read(root: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(root.join(name)).map_err(|error| format!("cannot read {name}: {error}"))
}

fn try_run(root: &Path, options: &Options) -> Result<Outcome, String> {
    let mut files = Files::read(root)?;
    let published = options.new.as_deref().map(published).transpose()?;
    let pin = match (read(root, PIN), &published) {
        (Ok(text), _) => Pin::read(&text).map_err(|error| format!("{PIN}: {error}"))?,
        // The first pin there is.
        (Err(_), Some(new)) if options.accept => new.pin(options.date.as_deref())?,
        (Err(error), _) => return Err(error),
    };
    let new = published.as_ref().map_or(&pin.api, |published| &published.api);
    let mut review = files.review(&pin, new)?;
    let mut err = String::new();
    if options.write {
        let spec = adopt::adopt(&files.spec, &pin.api, new)?;
        err.extend(files.write(SPEC, &files.spec, &spec)?);
        files.spec = spec;
        review = files.review(&pin, new)?;
        let text = departures::rewrite(&files.departures, &review.said, &[], &review.drafts);
        err.extend(files.write(DEPARTURES, &files.departures, &text)?);
        files.departures = text;
        err.extend(write_readme(&mut files)?);
        review = files.review(&pin, new)?;
    }
    if let Some(published) = published.as_ref().filter(|_| options.accept) {
        return accept(files, &pin, &published.pin(options.date.as_deref())?, &review);
    }
    let name = published.as_ref().map_or(PIN, |published| &published.name);
    let names = Names { new: name, pin: &pin.date, ours: SPEC, departures: DEPARTURES };
    let out = match options.format {
        Format::Text => report::text(&review, names),
        Format::Markdown => report::markdown(&review, names),
        Format::Json => report::json(&review, names),
    };
    let is_stale = readme::update(&files.readme, &files.entries()?)? != files.readme;
    if is_stale {
        let _ = writeln!(err, "error: the list in {README} is stale\nhelp: `cargo xtask upstream --write` renews it");
    }
    Ok(Outcome { status: u8::from(is_stale || !review.is_clean()), out, err })
}

/// Moves the pin, once a review of the new document against itself finds nothing.
fn accept(mut files: Files<'_>, pin: &Pin, new: &Pin, review: &Review) -> Result<Outcome, String> {
    if new.date < pin.date {
        return Err(format!("the pin is of {} and never goes back to {}", pin.date, new.date));
    }
    let departures = files.departures.clone();
    files.departures = departures::rewrite(&departures, &[], &review.renamed, &[]);
    let left = files.review(new, &new.api)?;
    if !left.is_clean() {
        let names = Names { new: PIN, pin: &new.date, ours: SPEC, departures: DEPARTURES };
        let help = "error: not accepted: the new document leaves this to decide\n\
                    help: follow it in the spec, or add entries; `--write` drafts both\n";
        return Ok(Outcome { status: 1, out: report::text(&left, names), err: help.to_owned() });
    }
    let mut err = String::new();
    err.extend(files.write(DEPARTURES, &departures, &files.departures)?);
    err.extend(files.write(PIN, &read(files.root, PIN).unwrap_or_default(), &new.write())?);
    err.extend(write_readme(&mut files)?);
    Ok(Outcome { out: format!("the pin is of {}: {} facts\n", new.date, new.api.count()), err, status: 0 })
}

fn write_readme(files: &mut Files<'_>) -> Result<Option<String>, String> {
    let text = readme::update(&files.readme, &files.entries()?)?;
    let wrote = files.write(README, &files.readme, &text)?;
    files.readme = text;
    Ok(wrote)
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
    Ok(Published { name, sha256: xtask::upstream::sha256::of(text.as_bytes()), api })
}

impl Published {
    fn pin(&self, date: Option<&str>) -> Result<Pin, String> {
        let stem = Path::new(&self.name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let date = date.unwrap_or(stem);
        if !pin::is_date(date) {
            return Err(format!("`{date}` is no date\nhelp: say when it was published: `--date 2026-10`"));
        }
        Ok(Pin { date: date.to_owned(), sha256: self.sha256.clone(), api: self.api.clone() })
    }
}
