//! Examples and defaults: there, whole, and true.

use super::Subject;
use crate::diagnostic::Report;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::validate::Validator;

/// Reports what is wrong with examples, and returns how many there were.
pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) -> usize {
    let unsound = report.unsound_parts().clone();
    let is_unsound = |span: &std::ops::Range<usize>| unsound.touch(span);
    let mut check = Check { validator: Validator::new(root, &is_unsound), report, count: 0 };
    let bodies = resolve::operations(root).filter_map(|place| place.node.get("requestBody"));
    let inline =
        resolve::operations(root).flat_map(|place| place.node.entries_at("responses").iter().map(|(_, node)| node));
    let answers = resolve::components(root, "responses").iter().map(|(_, node)| node);
    bodies.for_each(|body| check.bodies("a request body", body));
    answers.chain(inline).for_each(|answer| check.bodies("an answer", answer));
    let inline = resolve::operations(root).flat_map(|place| place.node.items_at("parameters"));
    for parameter in resolve::components(root, "parameters").iter().map(|(_, node)| node).chain(inline) {
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

struct Check<'a, 'r> {
    validator: Validator<'a>,
    report: &'r mut Report,
    count: usize,
}

impl<'a> Check<'a, '_> {
    fn bodies(&mut self, what: &str, node: &'a Node) {
        for (media, content) in resolve::media(node) {
            self.body(what, media, content);
        }
    }

    fn body(&mut self, what: &str, media: &Key, content: &'a Node) {
        let Some(schema) = content.get("schema") else { return };
        let Some(example) = content.get("example") else {
            if media.name == "application/json" {
                self.report.fault(Rule::ExampleMissing, &media.span, format!("{what} needs an `example`"));
            }
            return;
        };
        if !self.value("example", schema, example) {
            return;
        }
        // A refusal names what is wrong with one call, so that no example of it could show everything.
        if resolve::reference(schema) == Some("Failure") {
            return;
        }
        for (name, place) in self.validator.absent(schema, example) {
            let help = "an example shows all properties";
            self.report.fault(Rule::ExampleIncomplete, &place, format!("the example lacks `{name}`")).help(help);
        }
    }

    fn value(&mut self, key: &str, schema: &'a Node, value: &'a Node) -> bool {
        self.count += 1;
        let mismatches = self.validator.mismatches(schema, value);
        let is_true = mismatches.is_empty();
        for found in mismatches {
            let fault = self.report.fault(
                Rule::Example,
                &found.span,
                format!("the {key} breaks its schema: {}", found.message),
            );
            fault.related(&found.asked, "the schema").help = found.help;
        }
        is_true
    }
}
