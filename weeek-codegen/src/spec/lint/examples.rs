//! Examples and defaults: present, complete and valid.

use super::LintContext;
use crate::diagnostic::{Diagnostics, quoted};
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::validate::{QUOTE, Validator};

/// Reports invalid and incomplete examples, and returns how many were validated.
pub(super) fn lint(LintContext { text, root }: LintContext, diagnostics: &mut Diagnostics) -> usize {
    let tainted = diagnostics.tainted_spans().clone();
    let is_tainted = |span: &std::ops::Range<usize>| tainted.overlaps(span);
    let mut check = Check { text, validator: Validator::new(root, &is_tainted), diagnostics, count: 0 };
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
    check.count
}

struct Check<'a, 'd> {
    text: &'a str,
    validator: Validator<'a>,
    diagnostics: &'d mut Diagnostics,
    count: usize,
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
            if media.name == "application/json" {
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
    fn value(&mut self, key: &str, schema: &'a Node, value: &'a Node) -> bool {
        self.count += 1;
        let violations = self.validator.violations(schema, value);
        let is_valid = violations.is_empty();
        for found in violations {
            let message = format!("the {key} does not match its schema: {}", found.message);
            let error = self.diagnostics.error(Rule::Example, &found.span, message);
            error.related(&found.schema_span, "the schema").help = found.help;
            if error.help.as_deref() == Some(QUOTE) {
                error.fix(quoted(&self.text[found.span]));
            }
        }
        is_valid
    }
}
