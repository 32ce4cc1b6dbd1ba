//! The next version.

use super::{Diff, DiffLabels, Impact};
use crate::version::Version;

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
