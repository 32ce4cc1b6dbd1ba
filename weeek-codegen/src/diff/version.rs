//! The next version.

use std::fmt;
use std::str::FromStr;

use super::{Diff, DiffLabels, Impact};

/// A version: major, minor and patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
            _ => Err(format!("`{text}` is not a version such as 1.2.3")),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The next release, and the rule for its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub version: Version,
    /// The rule.
    pub rule: &'static str,
}

impl DiffLabels {
    /// Whether the client has another version already, and it is lower than the changes ask for.
    pub fn is_too_low(&self, diff: &Diff) -> bool {
        self.current != self.version && diff.release(self.version).is_some_and(|release| self.current < release.version)
    }
}

impl Diff {
    /// The release after version `now`, or `None` without changes.
    pub fn release(&self, now: Version) -> Option<Release> {
        let impact = self.impact()?;
        let major = Version { major: now.major + 1, minor: 0, patch: 0 };
        let minor = Version { minor: now.minor + 1, patch: 0, ..now };
        let patch = Version { patch: now.patch + 1, ..now };
        let (version, rule) = match (now.major, impact) {
            (0, Impact::Breaking) => (minor, "below 1.0, breaking bumps minor"),
            (0, _) => (patch, "below 1.0, the rest bumps patch"),
            (_, Impact::Breaking) => (major, "breaking bumps major"),
            (_, Impact::Additive) => (minor, "additive bumps minor"),
            _ => (patch, "the rest bumps patch"),
        };
        Some(Release { version, rule })
    }
}
