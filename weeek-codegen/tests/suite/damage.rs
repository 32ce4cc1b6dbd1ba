//! Single edits of a spec, line by line.

use std::ops::Range;

/// A small random generator: the same seed gives the same damage on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    DropLine,
    MisspellKey,
    MisspellValue,
    SwapType,
    DangleReference,
    SwapWithNext,
    SwapValues,
    DuplicateLine,
    Indent,
    Outdent,
    DropFromList,
    Flip,
    Empty,
}

pub(crate) const ALL: [Damage; 13] = [
    Damage::DropLine,
    Damage::MisspellKey,
    Damage::MisspellValue,
    Damage::SwapType,
    Damage::DangleReference,
    Damage::SwapWithNext,
    Damage::SwapValues,
    Damage::DuplicateLine,
    Damage::Indent,
    Damage::Outdent,
    Damage::DropFromList,
    Damage::Flip,
    Damage::Empty,
];

impl Damage {
    /// The lines with this damage at line `at`, if it applies there.
    pub(crate) fn applied(self, lines: &[&str], at: usize, random: &mut Random) -> Option<Vec<String>> {
        let mut damaged: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let line = lines[at];
        let replacement = match self {
            Self::DropLine => {
                damaged.remove(at);
                return Some(damaged);
            }
            Self::DuplicateLine => {
                damaged.insert(at, line.to_owned());
                return Some(damaged);
            }
            Self::SwapWithNext => {
                damaged.get(at + 1)?;
                damaged.swap(at, at + 1);
                return Some(damaged).filter(|damaged| damaged[at] != damaged[at + 1]);
            }
            Self::SwapValues => {
                let other = (at + 1..lines.len().min(at + 6)).find(|other| value(lines[*other]).is_some())?;
                let (own, others) = (value(line)?, value(lines[other])?);
                damaged[at] = with(line, &own, &lines[other][others.clone()]);
                damaged[other] = with(lines[other], &others, &line[own]);
                return Some(damaged).filter(|damaged| damaged[at] != line);
            }
            Self::MisspellKey => {
                let key = key(line)?;
                let letter = key.start + random.below(key.len());
                with(line, &(letter..letter + 1), "")
            }
            Self::MisspellValue => {
                let value = value(line).filter(|value| line[value.clone()].chars().all(char::is_alphanumeric))?;
                with(line, &value, &format!("{}x", &line[value.clone()]))
            }
            Self::SwapType => {
                let from = ["type: string", "type: integer", "type: boolean", "type: array", "type: object"];
                let at = from.iter().position(|from| line.contains(from))?;
                line.replacen(from[at], from[(at + 1) % from.len()], 1)
            }
            Self::DangleReference => {
                let start = line.find("#/components/")?;
                let end = start + line[start..].find('\'')?;
                with(line, &(end..end), "Lost")
            }
            Self::Indent => format!("  {line}"),
            Self::Outdent => line.strip_prefix("  ").filter(|line| line.starts_with(' '))?.to_owned(),
            Self::DropFromList => {
                let start = line.find(": [")? + 3;
                let end = start + line[start..].find(", ")? + 2;
                with(line, &(start..end), "")
            }
            Self::Flip if line.contains("true") => line.replacen("true", "false", 1),
            Self::Flip => Some(line.replacen("false", "true", 1)).filter(|flipped| flipped != line)?,
            Self::Empty => with(line, &value(line)?, ""),
        };
        damaged[at] = replacement;
        Some(damaged)
    }
}

fn with(line: &str, part: &Range<usize>, text: &str) -> String {
    format!("{}{text}{}", &line[..part.start], &line[part.end..])
}

/// The key of a line.
fn key(line: &str) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start_matches([' ', '-']).len();
    let end = start + line[start..].find(':')?;
    let is_word = line[start..end].chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    (is_word && start < end && line.is_ascii()).then_some(start..end)
}

/// The scalar of a line.
fn value(line: &str) -> Option<Range<usize>> {
    let start = key(line)?.end + 2;
    let text = line.get(start..)?;
    (!text.is_empty() && !text.starts_with(['{', '[', '|', '\'', '"'])).then_some(start..line.len())
}
