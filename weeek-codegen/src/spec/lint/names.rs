//! What parameters are called.

use super::Subject;
use crate::diagnostic::Report;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    for (key, parameter) in resolve::components(root, "parameters") {
        let Some(name) = parameter.get("name") else { continue };
        let expected = naming::kind(&naming::value(name.text().unwrap_or_default()));
        if key.name != expected {
            let message = format!("parameter `{}` is declared under another name", name.text().unwrap_or_default());
            let fault = report.fault(Rule::ComponentName, &key.span, message);
            fault.help(format!("call it `{expected}`")).related(&name.span, "its name");
        }
        parameter_name(parameter, name, report);
    }
    for entry in resolve::operations(root).flat_map(|place| place.node.items_at("parameters")) {
        let Some(name) = entry.get("name") else { continue };
        if entry.text_at("in") == Some("path") {
            let help = "write it there once, and refer to it with `$ref`";
            let message = "a path parameter is declared under `components.parameters`";
            report.fault(Rule::PathParameterName, &name.span, message).help(help);
        }
        parameter_name(entry, name, report);
    }
}

fn parameter_name(parameter: &Node, name: &Node, report: &mut Report) {
    let text = name.text().unwrap_or_default();
    let schema = parameter.get("schema");
    if parameter.text_at("in") == Some("path") {
        return path_parameter(schema, name, text, report);
    }
    let is_list =
        schema.and_then(|schema| schema.text_at("type")) == Some("array") && parameter.text_at("style") == Some("form");
    let (bare, brackets) = text.strip_suffix("[]").map_or((text, false), |bare| (bare, true));
    if naming::handle(bare) != bare {
        let help = format!("write `{}`", naming::handle(bare));
        report.fault(Rule::ParameterName, &name.span, format!("`{text}` is not in camelCase")).help(help);
    } else if brackets != is_list {
        let help = if is_list { format!("write `{bare}[]`") } else { format!("write `{bare}`") };
        report.fault(Rule::ParameterName, &name.span, "brackets mark a list, and nothing else").help(help);
    }
}

/// `{taskId}` goes with the schema `TaskId`: a path parameter is called after what it identifies.
fn path_parameter(schema: Option<&Node>, name: &Node, text: &str, report: &mut Report) {
    let Some(schema) = schema else { return };
    let Some(target) = resolve::schema_name(schema) else {
        let help = "give it a named scalar, such as `TaskId`";
        report.fault(Rule::PathParameterName, &schema.head(), "a path parameter has a type of its own").help(help);
        return;
    };
    let expected = naming::handle(target);
    if text != expected || !text.ends_with("Id") || text == "id" {
        let fault =
            report.fault(Rule::PathParameterName, &name.span, format!("`{text}` does not say what it identifies"));
        fault.help(format!("call it `{expected}`, after its schema")).related(&schema.head(), "its schema");
    }
}
