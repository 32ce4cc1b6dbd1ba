//! What components are called.

use super::Subject;
use crate::diagnostic::Report;
use crate::naming;
use crate::rules::Rule;
use crate::spec::resolve;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    for section in ["schemas", "responses"] {
        for (key, _) in resolve::components(root, section) {
            let expected = naming::kind(&key.name);
            if key.name != expected {
                let fault =
                    report.fault(Rule::ComponentName, &key.span, format!("`{}` is not in PascalCase", key.name));
                if !expected.is_empty() {
                    fault.help(format!("call it `{expected}`"));
                }
            }
        }
    }
}
