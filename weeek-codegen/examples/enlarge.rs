//! Writes our document, all its resources as many times as asked for: `cargo run -p weeek-codegen --example enlarge 100`.

#[path = "../benches/support/enlarge.rs"]
mod enlarge;

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(times) = std::env::args().nth(1).and_then(|times| times.parse().ok()).filter(|times| *times > 0) else {
        eprintln!("error: say how many times, such as `100`");
        return ExitCode::from(2);
    };
    print!("{}", enlarge::enlarge(include_str!("../../spec/openapi.yaml"), times));
    ExitCode::SUCCESS
}
