//! Names of components.

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::resolve;

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    for section in ["schemas", "responses"] {
        for (key, _) in resolve::components(root, section) {
            let expected = naming::pascal_name(&key.name);
            if key.name != expected {
                let message = format!("`{}` is not in PascalCase", key.name);
                let error = diagnostics.error(Rule::ComponentName, &key.span, message);
                if !expected.is_empty() {
                    error.help(format!("rename it to `{expected}`"));
                }
            }
        }
    }
}
