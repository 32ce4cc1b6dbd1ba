//! Rules for the server, the token and the tags.

use super::LintContext;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::Node;
use crate::spec::resolve;

pub(super) fn lint(LintContext { root, .. }: LintContext, diagnostics: &mut Diagnostics) {
    server(root, diagnostics);
    security(root, diagnostics);
    tags(root, diagnostics);
}

fn server(root: &Node, diagnostics: &mut Diagnostics) {
    let Some(servers) = root.get("servers") else { return };
    let [server] = servers.items() else {
        diagnostics.error(Rule::Servers, &servers.first_token(), "the spec must have exactly one server");
        return;
    };
    let Some(url) = server.get("url") else { return };
    let text = url.text().unwrap_or_default();
    if !is_server_url(text) {
        let message = format!("`{text}` is not a valid server URL");
        let help = "write `https://`, a host and a path without a slash at the end";
        let error = diagnostics.error(Rule::Servers, &url.span, message).help(help);
        if let Some(url) = text.strip_suffix('/').filter(|url| is_server_url(url)) {
            error.fix(url);
        }
    }
}

fn is_server_url(text: &str) -> bool {
    text.starts_with("https://") && !text.ends_with('/') && !text.contains(['{', '?', '#', ' '])
}

fn security(root: &Node, diagnostics: &mut Diagnostics) {
    let schemes = resolve::components(root, "securitySchemes");
    let Some(required) = root.get("security") else {
        if resolve::is_misspelled(root, "security") {
            return;
        }
        let span = root.entries().first().map_or(0..0, |(key, _)| key.span.clone());
        let error = diagnostics.error(Rule::Security, &span, "the spec does not require a token");
        error.help("add `security: [{token: []}]`, and `token` under `components.securitySchemes`");
        return;
    };
    let names: Vec<_> = required.items().iter().flat_map(Node::entries).collect();
    if names.len() != 1 || required.items().len() != 1 {
        diagnostics.error(Rule::Security, &required.first_token(), "the spec must require exactly one token");
    }
    let unused: Vec<_> =
        schemes.iter().filter(|(scheme, _)| !names.iter().any(|(key, _)| key.name == scheme.name)).collect();
    if let ([(key, _)], [(scheme, _)], [_]) = (&names[..], &unused[..], schemes) {
        let message = format!("nothing refers to `{}`, and `{}` is not defined", scheme.name, key.name);
        diagnostics.error(Rule::Security, &scheme.span, message).related(&key.span, "the token of every call");
        return;
    }
    let is_known = schemes.is_empty()
        && root.get("components").is_some_and(|node| resolve::is_misspelled(node, "securitySchemes"));
    for (key, scopes) in names.iter().filter(|_| !is_known) {
        if !schemes.iter().any(|(scheme, _)| scheme.name == key.name) {
            let message = format!("`{}` is not defined in `components.securitySchemes`", key.name);
            diagnostics.error(Rule::Security, &key.span, message);
        } else if let Some(scope) = scopes.items().first() {
            diagnostics.error(Rule::Security, &scope.first_token(), "a bearer token can't have scopes");
        }
    }
    for (scheme, _) in unused {
        diagnostics.error(Rule::Unused, &scheme.span, format!("security scheme `{}` is not used", scheme.name));
    }
}

fn tags(root: &Node, diagnostics: &mut Diagnostics) {
    let tags = root.items_at("tags");
    for (at, tag) in tags.iter().enumerate() {
        let (Some(name), Some(resource)) = (tag.get("name"), tag.get("x-weeek-resource")) else { continue };
        let (tag_name, singular) = (name.text().unwrap_or_default(), resource.text().unwrap_or_default());
        if naming::sentence(tag_name) != tag_name {
            let error = diagnostics.error(Rule::TagName, &name.span, "a tag must be in sentence case");
            error.help(format!("write `{}`", naming::sentence(tag_name)));
        }
        let pascal_case = naming::pascal_name(singular);
        if pascal_case != singular {
            let error = diagnostics.error(Rule::TagName, &resource.span, "a resource must be in PascalCase");
            error.help(format!("write `{pascal_case}`"));
            // No name of the resource's types is right.
            diagnostics.taint(&resource.span);
        } else if !naming::plurals(singular).contains(&naming::pascal_name(tag_name)) {
            let message = format!("`{singular}` is not the singular of `{tag_name}`");
            diagnostics.error(Rule::TagName, &resource.span, message).related(&name.span, "the tag");
            diagnostics.taint(&resource.span);
        }
        let is_same = |other: &&Node| {
            other.text_at("x-weeek-resource") == Some(singular) && other.text_at("name") != Some(tag_name)
        };
        if let Some(first) = tags[..at].iter().find(is_same).and_then(|other| other.get("x-weeek-resource")) {
            let message = format!("another tag has the resource `{singular}`");
            diagnostics.error(Rule::DuplicateTag, &resource.span, message).related(&first.span, "the other tag");
        }
    }
}
