//! Writes confirmed evidence into the spec.

use std::fs;

use crate::contract::evidence::{Fact, raise};
use crate::outcome::Outcome;
use crate::workspace::NamedPath;

/// Raises the evidence of facts in the spec file, and adds a message to the outcome.
pub(super) fn write(spec: &NamedPath, facts: &[Fact], outcome: &mut Outcome) {
    match try_write(spec, facts) {
        Ok(message) => outcome.err.push_str(&message),
        Err(error) => outcome.fail(&error),
    }
}

fn try_write(spec: &NamedPath, facts: &[Fact]) -> Result<String, String> {
    if facts.is_empty() {
        return Ok("no evidence to raise\n".to_owned());
    }
    // Unlike `read`, nothing of it is skipped.
    let text = fs::read_to_string(&spec.path).map_err(|error| spec.error("read", &error))?;
    spec.write(&raise(&text, facts).map_err(|error| format!("{}: {error}", spec.name))?)?;
    Ok(format!("raised {} in {}; run `cargo xtask codegen`\n", facts.len(), spec.name))
}
