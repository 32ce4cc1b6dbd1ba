//! Names of parameters.

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    for (key, parameter) in resolve::components(root, "parameters") {
        let Some(name) = parameter.get("name").filter(|name| !diagnostics.is_tainted(&name.span)) else { continue };
        let expected = naming::pascal_name(&naming::snake_name(name.text().unwrap_or_default()));
        if key.name != expected {
            let message = format!("parameter `{}` is declared under another name", name.text().unwrap_or_default());
            let error = diagnostics.error(Rule::ComponentName, &key.span, message);
            error.help(format!("rename it to `{expected}`")).related(&name.span, "its name");
        }
        parameter_name(parameter, name, diagnostics);
    }
    for entry in resolve::operations(root).flat_map(|operation| operation.node.items_at("parameters")) {
        let Some(name) = entry.get("name") else { continue };
        if entry.text_at("in") == Some("path") {
            let help = "move it there and refer to it with `$ref`";
            let message = "a path parameter must be declared under `components.parameters`";
            diagnostics.error(Rule::PathParameterName, &name.span, message).help(help);
        }
        parameter_name(entry, name, diagnostics);
    }
}

fn parameter_name(parameter: &Node, name: &Node, diagnostics: &mut Diagnostics) {
    let text = name.text().unwrap_or_default();
    let schema = parameter.get("schema");
    if parameter.text_at("in") == Some("path") {
        return path_parameter(schema, name, text, diagnostics);
    }
    let is_array = schema.and_then(|schema| schema.text_at("type")) == Some("array");
    let is_list = is_array && parameter.text_at("style") == Some("form");
    // `lower` reports an array without a style.
    let is_without_style = is_array && parameter.get("style").is_none();
    let (bare, has_brackets) = text.strip_suffix("[]").map_or((text, false), |bare| (bare, true));
    let camel_case = naming::operation_prefix(bare);
    if camel_case != bare {
        let message = format!("`{text}` is not in camelCase");
        diagnostics.error(Rule::ParameterName, &name.span, message).help(format!("write `{camel_case}`"));
    } else if has_brackets != is_list && !is_without_style {
        let (message, help) = if is_list {
            ("the name of a list must end in brackets", format!("write `{bare}[]`"))
        } else {
            ("only the name of a list can have brackets", format!("write `{bare}`"))
        };
        diagnostics.error(Rule::ParameterName, &name.span, message).help(help);
    }
}

/// A path parameter has the name of its schema: `{taskId}` for `TaskId`.
fn path_parameter(schema: Option<&Node>, name: &Node, text: &str, diagnostics: &mut Diagnostics) {
    let Some(schema) = schema else { return };
    let Some(target) = resolve::schema_name(schema) else {
        let help = "use a named scalar, such as `TaskId`";
        let message = "the schema of a path parameter has no name";
        diagnostics.error(Rule::PathParameterName, &schema.first_token(), message).help(help);
        return;
    };
    let expected = naming::operation_prefix(target);
    if text != expected || !text.ends_with("Id") || text == "id" {
        let message = format!("path parameter `{text}` does not have the name of its schema");
        let error = diagnostics.error(Rule::PathParameterName, &name.span, message);
        error.help(format!("rename it to `{expected}`")).related(&schema.first_token(), "its schema");
    }
}
