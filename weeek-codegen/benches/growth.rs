//! The processor time of generation, and its memory, as the spec grows to a hundred times the API, as a Markdown table. `cargo test` runs
//! the two smallest sizes.

#![allow(missing_docs)]

#[path = "support/plot.rs"]
mod plot;

use std::process::Command;
use std::time::Instant;

/// A spec. What follows `#### each` is repeated for every resource, up to `#### once`; `@` is the number of the resource.
const TEMPLATE: &str = include_str!("growth.yaml");
const OPERATIONS: usize = 5;

/// The operations of our API.
const OURS: usize = 157;

fn spec(resources: usize) -> String {
    let mut text = String::new();
    for (at, part) in TEMPLATE.split("#### each\n").enumerate() {
        let (each, once) = if at == 0 { ("", part) } else { part.split_once("#### once\n").unwrap_or((part, "")) };
        (0..resources).for_each(|number| text.push_str(&each.replace('@', &number.to_string())));
        text.push_str(once);
    }
    text
}

/// A process of its own for each size, so that the peak of its memory is its own.
fn row(times: usize, of_one: Option<f64>) -> f64 {
    let resources = (OURS * times).div_ceil(OPERATIONS);
    let child =
        Command::new(std::env::current_exe().unwrap()).env("RESOURCES", resources.to_string()).output().unwrap();
    let output = String::from_utf8(child.stdout).unwrap();
    let figures: Vec<f64> = output.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [seconds, megabytes] = figures[..] else { panic!("{output}{}", String::from_utf8_lossy(&child.stderr)) };
    let operations = resources * OPERATIONS;
    let each = seconds * 1e6 / f64::from(u32::try_from(operations).unwrap());
    let ratio = each / of_one.unwrap_or(each);
    println!("| {times} | {operations} | {seconds:.3} s | {each:.0} µs | {ratio:.2} | {megabytes:.0} MB |");
    each
}

/// Prints the shortest time of some runs, and the peak of the memory.
fn measure(resources: usize) {
    let text = spec(resources);
    let generate = || {
        let start = processor_time();
        let client = weeek_codegen::generate(&text);
        let client = client.unwrap_or_else(|error| panic!("{}", error.render("growth.yaml", &text, false)));
        assert_eq!(client.counts.operations, resources * OPERATIONS);
        processor_time() - start
    };
    let runs = (1000 / resources).max(1);
    let seconds = (0..runs).map(|_| generate()).fold(f64::INFINITY, f64::min);
    println!("{seconds} {}", peak().unwrap_or_default());
}

/// The seconds that this process has run so far. Where the kernel does not say, all time counts.
fn processor_time() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let start = *START;
    let times = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = times.split(' ').next().and_then(|time| time.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |time| time / 1e9)
}

/// Megabytes; Linux alone has this file.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1e3)
}

fn main() {
    if let Ok(resources) = std::env::var("RESOURCES") {
        return measure(resources.parse().unwrap());
    }
    // Only `cargo bench` passes this.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    println!("| times our API | operations | time | an operation | ratio | peak memory |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: |");
    let one = row(1, None);
    let mut bars = vec![("our API".to_owned(), one)];
    for times in if is_bench { &[3, 10, 30, 100][..] } else { &[2] } {
        bars.push((format!("{times} times"), row(*times, Some(one))));
    }
    if is_bench {
        std::fs::write("benches/growth.svg", plot::bars("Time to generate an operation, in µs", &bars)).unwrap();
    }
}
