//! The house rules, and what OpenAPI asks for beyond its grammar. One file for each group of rules.

mod answers;
mod bodies;
mod components;
mod docs;
mod examples;
mod frame;
mod names;
mod operations;
mod order;
mod paging;
mod schemas;
mod shapes;
mod usage;

use super::node::Node;
use crate::diagnostic::Report;

/// What every group of rules reads.
#[derive(Clone, Copy, Debug)]
struct Subject<'a> {
    text: &'a str,
    root: &'a Node,
}

/// Reports every broken rule, and returns how many examples were checked.
pub(crate) fn lint(text: &str, root: &Node, report: &mut Report) -> usize {
    let subject = Subject { text, root };
    let is_sound = report.is_clean();
    let mut found = report.next_stage();
    frame::lint(subject, &mut found);
    operations::lint(subject, &mut found);
    answers::lint(subject, &mut found);
    bodies::lint(subject, &mut found);
    paging::lint(subject, &mut found);
    names::lint(subject, &mut found);
    components::lint(subject, &mut found);
    docs::lint(subject, &mut found);
    schemas::lint(subject, &mut found);
    shapes::lint(subject, &mut found);
    let examples = examples::lint(subject, &mut found);
    let usage = usage::Usage::of(root);
    order::lint(subject, &usage, &mut found);
    // Where a reference is misspelt, what it meant looks unused.
    if is_sound {
        usage::lint(subject, &usage, &mut found);
    }
    // What a rule is broken by is still whole enough to be lowered.
    report.absorb(found);
    examples
}
