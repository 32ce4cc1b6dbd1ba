//! Differences of functions and handles.

use std::collections::BTreeMap;

use super::pairs::{self, Pairs, Placed};
use super::types::since;
use super::{Action, Changes, Impact, Subject, requests};
use crate::emit::types;
use crate::ir::{Api, Body, FunctionAlias, Operation, Resource, Response};
use crate::naming;

/// Adds the differences of all operations.
pub(super) fn compare(paired: &Pairs, new: &Api, changes: &mut Changes) {
    handles(&paired.old, new, changes);
    let by_id: BTreeMap<&str, Placed<'_>> =
        pairs::all(new).map(|(resource, operation)| (operation.id.as_str(), (resource, operation))).collect();
    for was in pairs::all(&paired.old) {
        match paired.operations.get(&was.1.id).and_then(|id| by_id.get(id.as_str())) {
            Some(now) => pair(was, *now, changes),
            None => changes.add(Subject::Operation, Action::Removed, name(was), Impact::Breaking, call(was.1)),
        }
    }
    let known: Vec<&String> = paired.operations.values().collect();
    for now in pairs::all(new).filter(|(_, operation)| !known.contains(&&operation.id)) {
        let text = format!("{} returns `{}`", call(now.1), types::value(&now.1.response));
        let text = if now.1.summary.is_empty() { text } else { format!("{text}. {}", now.1.summary) };
        changes.add(Subject::Operation, Action::Added, signature(now), Impact::Additive, text);
    }
}

/// `tasks().list_comments`
fn name((resource, operation): Placed<'_>) -> String {
    format!("{}().{}", resource.name, operation.function)
}

/// `tasks().list_comments(task_id, query)`
fn signature((resource, operation): Placed<'_>) -> String {
    let arguments = types::arguments(operation);
    let names: Vec<_> = arguments.iter().map(|(name, _)| *name).collect();
    format!("{}({})", name((resource, operation)), names.join(", "))
}

fn call(operation: &Operation) -> String {
    format!("`{} {}`", operation.method.to_uppercase(), operation.path)
}

fn handles(old: &Api, new: &Api, changes: &mut Changes) {
    let with_calls = |resource: &&Resource| !resource.operations.is_empty();
    for was in old.resources.iter().filter(with_calls) {
        let Some(now) = new.resources.iter().filter(with_calls).find(|now| now.name == was.name) else { continue };
        let handle = format!("{}()", was.name);
        if let (Some(before), Some(feature)) = (&was.feature, &now.feature)
            && before != feature
        {
            let text = format!("requires the feature `{feature}` (was `{before}`)");
            changes.add(Subject::Operation, Action::Changed, &handle, Impact::Breaking, text);
        }
        if was.docs != now.docs {
            changes.add(Subject::Operation, Action::Reworded, &handle, Impact::Docs, "the docs of the handle");
        }
    }
}

fn pair(was: Placed<'_>, now: Placed<'_>, changes: &mut Changes) {
    renamed(was, now, changes);
    let (was, operation) = (was.1, now.1);
    let name = name(now);
    let mut add = |impact, text: String| changes.add(Subject::Operation, Action::Changed, &name, impact, text);
    arguments(was, operation, &mut add);
    response(was, operation, &mut add);
    paging(was, operation, &mut add);
    request(was, operation, &mut add);
    match (was.deprecated, operation.deprecated) {
        (false, true) => add(Impact::Additive, "is deprecated: callers get a warning".to_owned()),
        (true, false) => add(Impact::Docs, "is no longer deprecated".to_owned()),
        _ => {}
    }
    if was.evidence != operation.evidence {
        add(Impact::Docs, format!("its evidence is {} (was {})", operation.evidence, was.evidence));
    }
    if (&was.summary, &was.docs) != (&operation.summary, &operation.docs) {
        changes.add(Subject::Operation, Action::Reworded, &name, Impact::Docs, "the docs of the function");
    }
}

fn renamed(was: Placed<'_>, now: Placed<'_>, changes: &mut Changes) {
    let ((old_resource, old), (new_resource, new)) = (was, now);
    let stays = |function: &str| {
        let current = new.function == function || new.paging.as_ref().is_some_and(|paging| paging.function == function);
        let former =
            new.aliases.iter().any(|was| was.function == function || was.all_pages.as_deref() == Some(function));
        old_resource.name == new_resource.name && (current || former)
    };
    if name(was) != name(now) {
        let (impact, text) = if stays(&old.function) {
            (Impact::Additive, "the old name stays as a deprecated alias")
        } else {
            (Impact::Breaking, "the old name is removed")
        };
        let names = format!("{} -> {}", name(was), name(now));
        changes.add(Subject::Operation, Action::Renamed, names, impact, text);
    }
    let had = |function: &str| old.function == function || old.aliases.iter().any(|was| was.function == function);
    let is_new = |former: &&FunctionAlias| !had(&former.function);
    for former in new.aliases.iter().filter(is_new) {
        let text = format!("has a new deprecated alias `{}`", former.function);
        changes.add(Subject::Operation, Action::Changed, name(now), Impact::Additive, text);
    }
    for former in old.aliases.iter().filter(|former| !stays(&former.function)) {
        let text = format!("its deprecated alias `{}`{} is removed", former.function, since(former.since.as_ref()));
        changes.add(Subject::Operation, Action::Changed, name(now), Impact::Breaking, text);
    }
}

struct Argument<'a> {
    wire: &'a str,
    in_path: bool,
    name: &'a str,
    ty: String,
}

fn list(operation: &Operation) -> Vec<Argument<'_>> {
    let parameters = operation.path_parameters.iter().chain(&operation.required_query);
    let body: Vec<&str> = match &operation.body {
        Body::None => Vec::new(),
        Body::Json(_) => vec![" body"],
        Body::Files(_) => vec![" files"],
        Body::Arguments(fields) => fields.iter().map(|field| field.wire_name.as_str()).collect(),
    };
    let query = operation.query.iter().map(|_| " query");
    let wires = parameters.map(|parameter| parameter.wire_name.as_str()).chain(query).chain(body);
    let in_path = |at| at < operation.path_parameters.len();
    let spelled = wires.zip(types::arguments(operation)).enumerate();
    spelled.map(|(at, (wire, (name, ty)))| Argument { wire, in_path: in_path(at), name, ty }).collect()
}

fn arguments(was: &Operation, now: &Operation, add: &mut impl FnMut(Impact, String)) {
    let (old, new) = (list(was), list(now));
    // Arguments are paired by JSON name, or else by position.
    let partner = |at: usize, argument: &Argument| {
        let key = (argument.wire, argument.in_path);
        new.iter().position(|new| (new.wire, new.in_path) == key).or_else(|| {
            let here = new.get(at).filter(|here| here.ty == argument.ty)?;
            let is_new = old.iter().all(|old| (old.wire, old.in_path) != (here.wire, here.in_path));
            is_new.then_some(at)
        })
    };
    let partners: Vec<Option<usize>> = old.iter().enumerate().map(|(at, argument)| partner(at, argument)).collect();
    for (was, partner) in old.iter().zip(&partners) {
        let Some(now) = partner.map(|at| &new[at]) else {
            add(Impact::Breaking, format!("no longer takes `{}`", was.name));
            continue;
        };
        if was.ty != now.ty {
            add(Impact::Breaking, format!("takes `{}: {}` (was `{}`)", now.name, now.ty, was.ty));
        }
        // The name of a path parameter is only in the template.
        if was.wire != now.wire && !(was.in_path && now.in_path) {
            add(Impact::Behavior, format!("sends `{}` (was `{}`)", now.wire, was.wire));
        }
    }
    for (_, argument) in new.iter().enumerate().filter(|(at, _)| !partners.contains(&Some(*at))) {
        add(Impact::Breaking, format!("also takes `{}: {}`", argument.name, argument.ty));
    }
    let order: Vec<usize> = partners.iter().flatten().copied().collect();
    if !order.is_sorted() {
        let names = |list: &[Argument]| list.iter().map(|argument| argument.name).collect::<Vec<_>>().join(", ");
        let text = format!("takes its arguments in another order: ({}), was ({})", names(&new), names(&old));
        add(Impact::Breaking, text);
    }
}

fn response(was: &Operation, now: &Operation, add: &mut impl FnMut(Impact, String)) {
    let (old, new) = (types::value(&was.response), types::value(&now.response));
    let key = |response: &Response| match response {
        Response::Item { key, .. } | Response::Page { key, .. } => format!("`{key}` of the response"),
        Response::Body(_) | Response::Unit => "the whole response".to_owned(),
    };
    if old != new {
        add(Impact::Breaking, format!("returns `{new}` (was `{old}`)"));
    } else if key(&was.response) != key(&now.response) {
        add(Impact::Behavior, format!("reads {} (was {})", key(&now.response), key(&was.response)));
    }
}

fn paging(was: &Operation, now: &Operation, add: &mut impl FnMut(Impact, String)) {
    match (&was.paging, &now.paging) {
        (None, Some(paging)) => add(Impact::Additive, format!("`{}` is new: a stream over all pages", paging.function)),
        (Some(paging), None) => {
            add(Impact::Breaking, format!("`{}` is removed: the list is not paginated", paging.function));
        }
        (Some(old), Some(new)) => {
            let rules = |paging: &crate::ir::Paging| {
                let more = paging.has_more.as_deref().map_or("no flag".to_owned(), |more| format!("flag `{more}`"));
                format!("`{}` and `{}`, {more}, {} items", paging.limit, paging.offset, paging.page_size)
            };
            if rules(old) != rules(new) {
                add(Impact::Behavior, format!("is paginated by {} (was {})", rules(new), rules(old)));
            }
        }
        (None, None) => {}
    }
}

fn request(was: &Operation, now: &Operation, add: &mut impl FnMut(Impact, String)) {
    let same_path = naming::path_shape(&was.path) == naming::path_shape(&now.path);
    if was.method != now.method || !same_path {
        add(Impact::Behavior, format!("sends {} (was {})", call(now), call(was)));
    } else if was.path != now.path {
        add(Impact::Docs, format!("its path template is `{}` (was `{}`)", now.path, was.path));
    }
    if was.idempotent != now.idempotent {
        let text = if now.idempotent { "is retried after a failure" } else { "is no longer retried after a failure" };
        add(Impact::Behavior, text.to_owned());
    }
    let limited = |operation: &Operation| -> Vec<(String, String)> {
        let parameters = operation.path_parameters.iter().chain(&operation.required_query);
        let parameters = parameters.map(|it| (it.name.clone(), it.limits.clone()));
        parameters.chain(operation.body_arguments().iter().map(|it| (it.name.clone(), it.limits.clone()))).collect()
    };
    for (name, limits) in limited(now) {
        match limited(was).into_iter().find(|(before, _)| *before == name) {
            Some((_, before)) if before != limits => {
                add(Impact::Behavior, requests::limits(&format!("`{name}`"), &before, &limits));
            }
            _ => {}
        }
    }
    for parameter in &now.required_query {
        let Some(before) = was.required_query.iter().find(|before| before.name == parameter.name) else { continue };
        if before.encoding != parameter.encoding || before.wire_name != parameter.wire_name {
            add(Impact::Behavior, requests::encoded(before, parameter));
        }
    }
    match (&was.body, &now.body) {
        (Body::Files(old), Body::Files(new)) if old != new => {
            add(Impact::Behavior, format!("sends its files as `{new}` (was `{old}`)"));
        }
        _ => {}
    }
}
