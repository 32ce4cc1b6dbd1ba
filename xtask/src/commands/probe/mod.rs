//! `cargo xtask probe`: compares the live API with the spec.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;

use super::evidence;
use crate::contract::Spec;
use crate::contract::report::Report;
use crate::contract::schema::Schemas;
use crate::format::Format;
use crate::outcome::Outcome;
use crate::probe::{Crawl, Limits, Target, check_output_dir, scrub, write_recordings};
use crate::workspace::NamedPath;

/// Compare the live API with the spec.
///
/// Needs WEEEK_TOKEN; WEEEK_BASE_URL changes the base URL. Sends only GET, at most four times per second. Exit status: 0 all
/// responses decodable, 1 some are not, 2 usage, I/O or no response.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Keep the responses in this folder for `cargo xtask replay`, without private names, texts and ids.
    ///
    /// The folder may contain only recordings of the probe.
    #[arg(long, value_name = "DIR")]
    record: Option<PathBuf>,
    #[command(flatten)]
    limits: Limits,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The spec to compare with.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Raise the evidence of the documented facts that the responses confirm, in the spec.
    #[arg(long)]
    write: bool,
}

/// Runs the command until it ends or is interrupted.
pub async fn run(options: &Options) -> Result<Outcome, String> {
    let target = Target::from_env()?;
    let schemas = Schemas::closed(Spec::load(options.spec.as_deref())?.into());
    let interrupt = async { tokio::signal::ctrl_c().await.unwrap_or(()) };
    let progress = |line: &str| drop(writeln!(io::stderr(), "{line}"));
    run_with(&schemas, options, &target, progress, interrupt).await
}

async fn run_with(
    schemas: &Schemas,
    options: &Options,
    target: &Target,
    progress: impl FnMut(&str),
    interrupt: impl Future<Output = ()>,
) -> Result<Outcome, String> {
    let spec = schemas.spec();
    if let Some(folder) = &options.record {
        check_output_dir(spec, folder)?;
    }
    let mut crawl = Crawl::new(spec, &options.limits, target, progress)?;
    let stopped = tokio::select! {
        result = crawl.run() => result.err(),
        () = interrupt => Some("interrupted".to_owned()),
    };
    let recordings = scrub(spec, &crawl.recordings);
    let mut failures = crawl.skipped;
    failures.extend(stopped.map(|error| format!("stopped early: {error}")));
    if recordings.is_empty() && !failures.is_empty() {
        return Err(failures.join("\nerror: "));
    }
    if let Some(folder) = &options.record {
        failures.extend(write_recordings(spec, folder, &recordings).err());
    }
    let report = Report::new(schemas, &recordings);
    let file = NamedPath::spec(options.spec.as_deref())?;
    let out = report.render(options.format, &file.name);
    let mut outcome = Outcome { status: u8::from(report.has_undecodable()), ..Outcome::clean(out) };
    if options.write {
        evidence::write(&file, &report.confirmed, &mut outcome);
    }
    failures.iter().for_each(|failure| outcome.fail(failure));
    Ok(outcome)
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
