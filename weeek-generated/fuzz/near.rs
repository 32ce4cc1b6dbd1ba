//! Mutates the corpus of a coverage-guided run with a seeded random generator: fast, and on the stable toolchain.

use fastrand::Rng;

/// Parts of responses, longer than single bytes.
const WORDS: [&str; 22] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e400",
    "9223372036854775808",
    "0.1",
    "\"\"",
    "\"x\"",
    "{}",
    "[]",
    "[[",
    "{\"0\":",
    "\"id\":",
    "\"success\":false,",
    "\"2026-11-24\"",
    "\"2026-11-24T09:30:00Z\"",
    "\\ud800",
    "\u{1f980}",
    "\u{0}",
    " 500\n",
];

/// Runs `target` on `count` inputs. The same corpus and count give the same inputs.
pub(crate) fn run(corpus: &[Vec<u8>], count: usize, target: fn(&[u8])) {
    let mut rng = Rng::with_seed(8);
    for _ in 0..count {
        let mut input = corpus[rng.usize(..corpus.len())].clone();
        for _ in 0..rng.usize(1..6) {
            mutate(&mut input, corpus, &mut rng);
        }
        input.truncate(1 << 14);
        target(&input);
    }
}

fn mutate(input: &mut Vec<u8>, corpus: &[Vec<u8>], rng: &mut Rng) {
    let (start, end) = range(input.len(), rng);
    match rng.u8(..8) {
        0 if start < end => input[start] = rng.u8(..),
        1 => input.insert(start, rng.u8(b' '..=b'~')),
        2 => drop(input.drain(start..end)),
        3 => {
            let again = input[start..end].to_vec();
            drop(input.splice(end..end, again));
        }
        4 | 5 => {
            let word = WORDS[rng.usize(..WORDS.len())];
            drop(input.splice(start..start, word.bytes()));
        }
        6 => {
            let other = &corpus[rng.usize(..corpus.len())];
            let (from, to) = range(other.len(), rng);
            drop(input.splice(start..end, other[from..to].to_vec()));
        }
        // Changes the operation.
        _ => {
            let other = &corpus[rng.usize(..corpus.len())];
            let line = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
            drop(input.splice(..line(input), other[..line(other)].to_vec()));
        }
    }
}

/// Returns a random range within `length`, usually a short one.
fn range(length: usize, rng: &mut Rng) -> (usize, usize) {
    let start = rng.usize(..=length);
    let max = if rng.u8(..4) == 0 { length } else { 12 };
    (start, (start + rng.usize(..=max)).min(length))
}
