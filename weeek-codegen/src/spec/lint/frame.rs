//! The head of the document: the server, the token, the tags.

use super::Subject;
use crate::diagnostic::Report;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

pub(super) fn lint(Subject { root, .. }: Subject, report: &mut Report) {
    server(root, report);
    security(root, report);
    tags(root, report);
}

fn server(root: &Node, report: &mut Report) {
    let Some(servers) = root.get("servers") else { return };
    let [server] = servers.items() else {
        report.fault(Rule::Servers, &servers.head(), "a document names exactly one server");
        return;
    };
    let Some(url) = server.get("url") else { return };
    let text = url.text().unwrap_or_default();
    if !text.starts_with("https://") || text.ends_with('/') || text.contains(['{', '?', '#', ' ']) {
        let fault = report.fault(Rule::Servers, &url.span, format!("`{text}` can't be the address of the server"));
        fault.help("write `https://`, a host and a path without a slash at the end");
    }
}

fn security(root: &Node, report: &mut Report) {
    let schemes = resolve::components(root, "securitySchemes");
    let Some(required) = root.get("security") else {
        let span = root.entries().first().map_or(0..0, |(key, _)| key.span.clone());
        let fault = report.fault(Rule::Security, &span, "the document does not say that calls carry a token");
        fault.help("add `security: [{token: []}]`, and `token` under `components.securitySchemes`");
        return;
    };
    let names: Vec<_> = required.items().iter().flat_map(Node::entries).collect();
    if names.len() != 1 || required.items().len() != 1 {
        report.fault(Rule::Security, &required.head(), "calls carry exactly one token");
    }
    for (key, scopes) in &names {
        if !schemes.iter().any(|(scheme, _)| scheme.name == key.name) {
            let message = format!("nothing is called `{}` under `components.securitySchemes`", key.name);
            report.fault(Rule::Security, &key.span, message);
        } else if let Some(scope) = scopes.items().first() {
            report.fault(Rule::Security, &scope.head(), "a bearer token has no scopes here");
        }
    }
    for (scheme, _) in schemes.iter().filter(|(scheme, _)| !names.iter().any(|(key, _)| key.name == scheme.name)) {
        report.fault(Rule::Unused, &scheme.span, format!("nothing uses security scheme `{}`", scheme.name));
    }
}

fn tags(root: &Node, report: &mut Report) {
    let tags = root.items_at("tags");
    for (at, tag) in tags.iter().enumerate() {
        let (Some(name), Some(resource)) = (tag.get("name"), tag.get("x-weeek-resource")) else { continue };
        let (tag_name, singular) = (name.text().unwrap_or_default(), resource.text().unwrap_or_default());
        if naming::sentence(tag_name) != tag_name {
            let help = format!("write `{}`", naming::sentence(tag_name));
            report.fault(Rule::TagName, &name.span, "a tag is written as a person says it").help(help);
        }
        let plurals = naming::plurals(singular);
        if naming::kind(singular) != singular {
            let help = format!("write `{}`", naming::kind(singular));
            report.fault(Rule::TagName, &resource.span, "a resource is written in PascalCase").help(help);
        } else if !plurals.contains(&naming::kind(tag_name)) {
            let fault = report.fault(
                Rule::TagName,
                &resource.span,
                format!("`{singular}` is not the singular of `{tag_name}`"),
            );
            fault.related(&name.span, "the tag");
        }
        let same = |other: &&Node| {
            other.text_at("x-weeek-resource") == Some(singular) && other.text_at("name") != Some(tag_name)
        };
        if let Some(first) = tags[..at].iter().find(same).and_then(|other| other.get("x-weeek-resource")) {
            let fault = report.fault(Rule::DuplicateTag, &resource.span, format!("`{singular}` has a tag already"));
            fault.related(&first.span, "here");
        }
    }
}
