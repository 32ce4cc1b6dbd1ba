//! One module per command, with its options and `run`, and the flags of the programs.

pub mod add;
pub mod codegen;
mod diagnostics;
pub mod diff;
#[cfg(feature = "live")]
mod evidence;
pub mod lint;
pub mod live;
#[cfg(feature = "live")]
pub mod mock;
pub mod operations;
#[cfg(feature = "live")]
pub mod probe;
pub mod release_notes;
#[cfg(feature = "live")]
pub mod replay;
pub mod upstream;

use clap::Parser;

/// Maintenance commands for the spec and the client.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
#[allow(missing_docs, reason = "the options say what the command does")]
pub enum Command {
    Codegen(codegen::Options),
    Lint(lint::Options),
    Add(add::Options),
    Operations(operations::Options),
    Diff(diff::Options),
    ReleaseNotes(release_notes::Options),
    Upstream(upstream::Options),
    /// Run a mock server from the spec. Builds the server first.
    #[command(disable_help_flag = true)]
    Mock(live::PassThrough),
    /// Compare the live API with the spec; needs WEEEK_TOKEN. Builds the tools first.
    #[command(disable_help_flag = true)]
    Probe(live::PassThrough),
    /// Compare recorded responses with the spec and the client. Builds the tools first.
    #[command(disable_help_flag = true)]
    Replay(live::PassThrough),
}

/// Commands that need the network or the client.
#[cfg(feature = "live")]
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
#[allow(missing_docs, reason = "the options say what the command does")]
pub enum LiveCommand {
    Mock(mock::Options),
    Probe(probe::Options),
    Replay(replay::Options),
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use clap::error::ErrorKind;
    use clap::{CommandFactory as _, Parser as _};

    use super::Command;
    use crate::workspace;

    #[test]
    fn flags_are_consistent() {
        Command::command().debug_assert();
        #[cfg(feature = "live")]
        super::LiveCommand::command().debug_assert();
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
                    if let Err(error) = Command::try_parse_from(["xtask"].into_iter().chain(arguments))
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
