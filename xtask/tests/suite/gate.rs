//! Breaks steps of `.ci/run` on purpose: the closing table names each with its command and how to fix it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use xtask::workspace;

/// Stands for every program: fails where the command contains a line of what is broken.
const PROGRAM: &str = "#!/bin/sh
while read -r broken; do
  case \"${0##*/} $*\" in *\"$broken\"*) exit 1 ;; esac
done <<END
$BROKEN
END
case \"${0##*/} $*\" in
  'rustup toolchain list') echo \"$TOOLCHAINS\" ;;
  'deny --path') echo \"$INSTALLED\" ;;
esac
";

/// The closing table and whether the gate passed, with some commands broken.
fn gate(broken: &[&str], environment: &[(&str, &str)]) -> (bool, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let script = fs::read_to_string(workspace::root().unwrap().join(".ci/run")).unwrap();
    write(".ci/run", &script);
    write("Cargo.toml", "rust-version = \"1.88\"\n");
    for program in ["bin/cargo", "bin/rustup", "bin/curl"] {
        write(program, PROGRAM);
    }
    for program in ["deny", "package", "minimal-versions", "rust-version"] {
        write(&format!(".ci/{program}"), PROGRAM);
    }
    write("weeek-generated/benches/build", PROGRAM);
    let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(folder.path().join(".ci/run"));
    command.env_remove("CI").env("PATH", path).env("BROKEN", broken.join("\n"));
    command.env("TOOLCHAINS", "1.88-x86_64").env("INSTALLED", folder.path().join(".ci/deny"));
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.success(), text.lines().map(str::to_owned).collect())
}

#[test]
fn broken_steps_are_named_with_their_fix() {
    // In the order of the table.
    let broken = [
        ("cargo fmt", "format", "cargo fmt --all"),
        ("cargo metadata --locked", "lock file", "cargo check, and commit Cargo.lock"),
        ("codegen --check", "generated code", "cargo xtask codegen, and commit the result"),
        ("xtask -- lint", "spec", "fix the spec where the diagnostics point"),
        ("test --workspace", "tests", "run the failed test alone"),
        ("-- spans blocking", "spans, blocking, without TLS", "run the failed test alone"),
        ("clippy --locked --workspace", "clippy", "fix what clippy reports"),
        ("cargo doc", "docs", "fix what rustdoc reports"),
        (
            "tokio/macros,task-manager,crm,tracing",
            "features [task-manager,crm,tracing]",
            "gate the code by its feature",
        ),
        ("package", "package", "see include in weeek-generated/Cargo.toml"),
        ("+1.88 check", "build with Rust 1.88", "raise rust-version, or avoid the newer API"),
        ("check bans", "deny", "see deny.toml"),
        ("check advisories", "advisories", "update the crate, or ignore the advisory in deny.toml with its reason"),
    ];
    let (passed, lines) = gate(&broken.map(|(broken, ..)| broken), &[]);
    assert!(!passed);
    let rows: Vec<_> = lines.iter().filter(|line| line.contains(" FAILED ")).collect();
    assert_eq!(rows.len(), broken.len(), "{lines:#?}");
    for (row, (_, name, fix)) in rows.iter().zip(broken) {
        assert!(row.starts_with(&format!("{name} ")) && row.ends_with(&format!("(fix: {fix})")), "{row}");
    }
    assert!(lines.last().unwrap().ends_with(&format!(" passed, {} failed", broken.len())), "{lines:#?}");
}

#[test]
fn only_what_the_network_lacks_is_skipped_in_ci() {
    let skipped = |broken, environment: &[(&str, &str)]| {
        let (passed, lines) = gate(&[broken], environment);
        assert!(passed, "{lines:#?}");
        let rows = lines.iter().filter(|line| line.contains(" skipped ") && !line.contains(" passed, "));
        rows.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let bare = [("CI", "true"), ("TOOLCHAINS", ""), ("INSTALLED", "/no/such/file")];
    assert!(skipped("nothing", &bare).is_empty());
    assert_eq!(
        skipped("curl", &bare),
        [
            "build with Rust 1.88 skipped static.rust-lang.org cannot be reached",
            "deny skipped index.crates.io cannot be reached",
            "advisories skipped github.com cannot be reached",
        ]
    );
    let missing = "build with Rust 1.88 skipped not installed: rustup toolchain install 1.88";
    assert_eq!(skipped("nothing", &[("TOOLCHAINS", "")]), [missing]);
    let (passed, lines) = gate(&["toolchain install"], &bare);
    assert!(!passed && lines.iter().any(|line| line.starts_with("build with Rust 1.88") && line.contains(" FAILED ")));
}

/// A build runs code of dependencies, so no job has a token, and no step that has one compiles.
#[test]
fn builds_have_no_token() {
    let is_token = |line: &str| ["secrets.", "github.token", "outputs.token"].iter().any(|name| line.contains(name));
    let (mut count, folder) = (0, workspace::root().unwrap().join(".github/workflows"));
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&path).unwrap();
        let mut built = "";
        for step in text.split("\n      - ") {
            if let Some(line) = step.lines().find(|line| is_token(line)) {
                count += 1;
                let is_in_step = line.starts_with("          ") && !step.contains("\njobs:");
                let compiles =
                    ["cargo xtask", "cargo publish --locked -p"].iter().any(|command| step.contains(command));
                let is_built = built.contains("cargo build --locked --package xtask");
                assert!(is_in_step && (!compiles || is_built), "{}: {step}", path.display());
            }
            built = step;
        }
    }
    assert_eq!(count, 4);
}
