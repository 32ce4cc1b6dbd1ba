//! The version that a change asks for.

use std::fmt;
use std::str::FromStr;

use super::{Diff, Weight};

/// A version of three numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Vec<u64> = text.split('.').filter_map(|part| part.parse().ok()).collect();
        match numbers[..] {
            [major, minor, patch] if text.split('.').count() == 3 => Ok(Self { major, minor, patch }),
            _ => Err(format!("`{text}` is not a version of three numbers")),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The next release, and why it has that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The rule that asks for it.
    pub rule: &'static str,
}

impl Diff {
    /// The release that the changes ask for after `now`; none where nothing differs.
    pub fn release(&self, now: Version) -> Option<Release> {
        let weight = self.weight()?;
        let major = Version { major: now.major + 1, minor: 0, patch: 0 };
        let minor = Version { minor: now.minor + 1, patch: 0, ..now };
        let patch = Version { patch: now.patch + 1, ..now };
        let (version, rule) = match (now.major, weight) {
            (0, Weight::Breaking) => (minor, "below 1.0 a breaking change raises the minor version"),
            (0, _) => (patch, "below 1.0 what breaks nothing raises the patch version"),
            (_, Weight::Breaking) => (major, "a breaking change raises the major version"),
            (_, Weight::Additive) => (minor, "something new raises the minor version"),
            _ => (patch, "what adds and breaks nothing raises the patch version"),
        };
        Some(Release { version, rule })
    }
}
