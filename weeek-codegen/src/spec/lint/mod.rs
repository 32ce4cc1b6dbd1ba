//! The house rules, and what OpenAPI requires beyond its grammar. Each group of rules has a file.

mod bodies;
mod components;
mod docs;
mod examples;
mod operations;
mod order;
mod paging;
mod parameters;
mod responses;
mod root;
mod schemas;
mod shapes;
mod usage;

use super::node::Node;
use crate::diagnostic::Diagnostics;

/// The input of every group of rules.
#[derive(Clone, Copy, Debug)]
struct LintContext<'a> {
    text: &'a str,
    root: &'a Node,
}

/// Reports every violated rule, and returns how many examples were validated.
pub(crate) fn lint(text: &str, root: &Node, diagnostics: &mut Diagnostics) -> usize {
    let context = LintContext { text, root };
    let mut found = diagnostics.fork();
    root::lint(context, &mut found);
    operations::lint(context, &mut found);
    responses::lint(context, &mut found);
    bodies::lint(context, &mut found);
    paging::lint(context, &mut found);
    parameters::lint(context, &mut found);
    components::lint(context, &mut found);
    docs::lint(context, &mut found);
    schemas::lint(context, &mut found);
    shapes::lint(context, &mut found);
    let examples = examples::lint(context, &mut found);
    let usage = usage::Usage::of(root);
    order::lint(context, &usage, &mut found);
    // A misspelled reference makes its target look unused, and so does a property that is gone.
    if diagnostics.is_empty() && found.is_empty() {
        usage::lint(context, &usage, &mut found);
    }
    // What violates these rules can still be lowered, so nothing is tainted.
    diagnostics.merge(found);
    examples
}
