//! Flags and dispatch of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::commands;
use xtask::outcome::Outcome;

/// Maintenance commands for the spec and the client.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Codegen(commands::codegen::Options),
    Lint(commands::lint::Options),
    Add(commands::add::Options),
    Operations(commands::operations::Options),
    Diff(commands::diff::Options),
    ReleaseNotes(commands::release_notes::Options),
    Upstream(commands::upstream::Options),
    /// Run a mock server from the spec. Builds the server first.
    #[command(disable_help_flag = true)]
    Mock(commands::live::PassThrough),
    /// Compare the live API with the spec; needs WEEEK_TOKEN. Builds the tools first.
    #[command(disable_help_flag = true)]
    Probe(commands::live::PassThrough),
    /// Compare recorded responses with the spec and the client. Builds the tools first.
    #[command(disable_help_flag = true)]
    Replay(commands::live::PassThrough),
}

fn main() -> ExitCode {
    Outcome::finish(match Cli::parse().command {
        Command::Codegen(options) => commands::codegen::run(&options),
        Command::Add(options) => commands::add::run(&options),
        Command::Lint(options) => commands::lint::run(&options),
        Command::Operations(options) => commands::operations::run(&options),
        Command::Diff(options) => commands::diff::run(&options),
        Command::ReleaseNotes(options) => commands::release_notes::run(&options),
        Command::Upstream(options) => commands::upstream::run(&options),
        Command::Mock(arguments) => commands::live::run("mock", &arguments),
        Command::Probe(arguments) => commands::live::run("probe", &arguments),
        Command::Replay(arguments) => commands::live::run("replay", &arguments),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use clap::error::ErrorKind;
    use clap::{CommandFactory as _, Parser as _};
    use xtask::workspace;

    use super::Cli;

    #[test]
    fn flags_are_consistent() {
        Cli::command().debug_assert();
    }

    /// Every `cargo xtask …` in a page, a workflow or a script of the workspace.
    #[test]
    fn documented_commands_exist() {
        let mut wrong = Vec::new();
        let mut count = 0;
        for path in texts(&workspace::root().unwrap()) {
            for line in fs::read_to_string(&path).unwrap().lines() {
                for rest in line.split("cargo xtask ").skip(1) {
                    let end = rest.find(['`', '#', '>', '|', '(', ')', ',', ';']).unwrap_or(rest.len());
                    let arguments = rest[..end].split_whitespace();
                    count += 1;
                    if let Err(error) = Cli::try_parse_from(["xtask"].into_iter().chain(arguments))
                        && matches!(error.kind(), ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument)
                    {
                        wrong.push(format!("{}: {line}\n{error}", path.display()));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count > 40, "{count} commands");
    }

    fn texts(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name());
            let is_text = path.extension().is_some_and(|extension| extension == "md" || extension == "yml");
            if entry.file_type().unwrap().is_dir() {
                if name != "target" && name != ".git" {
                    found.extend(texts(&path));
                }
            } else if is_text || folder.file_name().is_some_and(|name| name == ".ci") {
                found.push(path);
            }
        }
        found
    }
}
