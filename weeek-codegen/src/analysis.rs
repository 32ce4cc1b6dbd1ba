//! The analysis of a spec: every stage before code is generated.

use crate::completeness::{self, Counts};
use crate::diagnostic::Diagnostics;
use crate::ir::Api;
use crate::lower;
use crate::spec::cross_check::CrossCheck;
use crate::spec::{context, lint, load, openapi, structure};

/// Whether a spec has to follow the house rules. An older spec does not: the rules can be younger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HouseRules {
    Apply,
    Skip,
}

/// The stages, in order.
pub(crate) fn analyze(text: &str, rules: HouseRules) -> Result<(Api, Counts), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let Some(root) = load::tree(text, &mut diagnostics) else { return Err(diagnostics.finish(text, |_| None)) };
    let context = |at| context::of(&root, at);
    let has_sections = structure::check(&root, &mut diagnostics);
    openapi::check(&root, &mut diagnostics);
    if !has_sections {
        return Err(diagnostics.finish(text, context));
    }
    let examples = match rules {
        HouseRules::Apply => lint::lint(text, &root, &mut diagnostics),
        HouseRules::Skip => 0,
    };
    // Before lowering, because both results take much memory. Only of a spec without other errors is it reported.
    let is_checked = diagnostics.is_empty() && rules == HouseRules::Apply;
    let cross_check = is_checked.then(|| CrossCheck::read(text, &root));
    let api = lower::lower(&root, &mut diagnostics);
    if let Some(cross_check) = cross_check.filter(|_| diagnostics.is_empty()) {
        match cross_check {
            Ok(cross_check) => completeness::check(&root, &api, &cross_check, &mut diagnostics),
            Err(error) => diagnostics.merge(error),
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics.finish(text, context));
    }
    let counts = completeness::count(&root, &api, examples);
    Ok((api, counts))
}
