//! Examples and defaults: present, complete and valid.

use std::collections::{BTreeMap, BTreeSet};

use super::LintContext;
use crate::diagnostic::{Diagnostics, quoted};
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::validate::{QUOTE, Validator, Violation};

/// Reports invalid and incomplete examples, and returns how many were validated.
pub(super) fn lint(LintContext { text, root }: LintContext, diagnostics: &mut Diagnostics) -> usize {
    let tainted = diagnostics.tainted_spans().clone();
    let is_tainted = |span: &std::ops::Range<usize>| tainted.overlaps(span);
    let validator = Validator::new(root, &is_tainted);
    let mut check = Check { text, validator, diagnostics, count: 0, violations: BTreeMap::new() };
    resolve::request_bodies(root).for_each(|body| check.bodies("request body", body));
    resolve::responses(root).for_each(|response| check.bodies("response", response));
    for parameter in resolve::declared_parameters(root) {
        if let (Some(schema), Some(example)) = (parameter.get("schema"), parameter.get("example")) {
            check.value("example", schema, example);
        }
    }
    for outer in resolve::outer_schemas(root) {
        resolve::each_schema(outer, &mut |schema| {
            for key in ["example", "default"] {
                schema.get(key).into_iter().for_each(|value| {
                    check.value(key, schema, value);
                });
            }
        });
    }
    check.report();
    check.count
}

/// A part of a schema that as many values violate is likely wrong itself.
const MANY: usize = 3;

struct Check<'a, 'd> {
    text: &'a str,
    validator: Validator<'a>,
    diagnostics: &'d mut Diagnostics,
    count: usize,
    /// The violations with the key of their value, by the part of the schema.
    violations: BTreeMap<(usize, usize), Vec<(&'static str, Violation)>>,
}

impl<'a> Check<'a, '_> {
    fn bodies(&mut self, kind: &str, node: &'a Node) {
        for (media, content) in resolve::media(node) {
            self.body(kind, media, content);
        }
    }

    fn body(&mut self, kind: &str, media: &Key, content: &'a Node) {
        let Some(schema) = content.get("schema") else { return };
        let Some(example) = content.get("example") else {
            if media.name == "application/json" && !resolve::is_misspelled(content, "example") {
                self.diagnostics.error(Rule::ExampleMissing, &media.span, format!("the {kind} has no `example`"));
            }
            return;
        };
        // No example of an error response has all properties: it describes the error of one call.
        if !self.value("example", schema, example) || resolve::reference(schema) == Some("Failure") {
            return;
        }
        for (name, span) in self.validator.missing_properties(schema, example) {
            let help = "an example has all properties";
            self.diagnostics.error(Rule::ExampleIncomplete, &span, format!("the example lacks `{name}`")).help(help);
        }
    }

    /// Validates a value, and returns whether it is valid.
    fn value(&mut self, key: &'static str, schema: &'a Node, value: &'a Node) -> bool {
        self.count += 1;
        let violations = self.validator.violations(schema, value);
        let is_valid = violations.is_empty();
        for found in violations {
            let part = (found.schema_span.start, found.schema_span.end);
            self.violations.entry(part).or_default().push((key, found));
        }
        is_valid
    }

    /// Reports each violation, but a part of a schema that several values violate once: it is likely wrong itself.
    fn report(&mut self) {
        for found in std::mem::take(&mut self.violations).into_values() {
            let places: BTreeSet<_> = found.iter().map(|(_, found)| (found.span.start, found.span.end)).collect();
            let is_one = places.len() >= MANY;
            for (at, (key, violation)) in found.iter().enumerate().take(if is_one { 1 } else { found.len() }) {
                let message = format!("the {key} does not match its schema: {}", violation.message);
                let error = self.diagnostics.error(Rule::Example, &violation.span, message);
                error.related(&violation.schema_span, "the schema").help.clone_from(&violation.help);
                if error.help.as_deref() == Some(QUOTE) {
                    error.fix(quoted(&self.text[violation.span.clone()]));
                }
                for (_, other) in found.iter().skip(at + 1).filter(|_| is_one) {
                    error.related(&other.span, "another value that does not match");
                }
            }
        }
    }
}
