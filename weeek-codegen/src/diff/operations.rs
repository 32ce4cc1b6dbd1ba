//! Functions and handles.

use std::collections::BTreeMap;

use super::pairs::{self, Pairs, Placed};
use super::{Action, Changes, Subject, Weight};
use crate::emit::spelling;
use crate::ir::{Answer, Api, Body, Former, Module, Operation};

/// Adds what differs between the operations.
pub(super) fn compare(paired: &Pairs, new: &Api, changes: &mut Changes) {
    handles(&paired.old, new, changes);
    let by_id: BTreeMap<&str, Placed<'_>> =
        pairs::all(new).map(|(module, operation)| (operation.id.as_str(), (module, operation))).collect();
    for was in pairs::all(&paired.old) {
        match paired.operations.get(&was.1.id).and_then(|id| by_id.get(id.as_str())) {
            Some(now) => pair(was, *now, changes),
            None => changes.add(Subject::Operation, Action::Removed, name(was), Weight::Breaking, call(was.1)),
        }
    }
    let known: Vec<&String> = paired.operations.values().collect();
    for now in pairs::all(new).filter(|(_, operation)| !known.contains(&&operation.id)) {
        let text = format!("{} answers `{}`", call(now.1), spelling::answer(&now.1.answer));
        let text = if now.1.summary.is_empty() { text } else { format!("{text}. {}", now.1.summary) };
        changes.add(Subject::Operation, Action::Added, signature(now), Weight::Additive, text);
    }
}

/// `tasks().list_comments`
fn name((module, operation): Placed<'_>) -> String {
    format!("{}().{}", module.name, operation.function)
}

/// `tasks().list_comments(task_id, query)`
fn signature((module, operation): Placed<'_>) -> String {
    let arguments = spelling::arguments(operation);
    let names: Vec<_> = arguments.iter().map(|(name, _)| *name).collect();
    format!("{}({})", name((module, operation)), names.join(", "))
}

fn call(operation: &Operation) -> String {
    format!("`{} {}`", operation.method.to_uppercase(), operation.path)
}

fn handles(old: &Api, new: &Api, changes: &mut Changes) {
    let with_calls = |module: &&Module| !module.operations.is_empty();
    for was in old.modules.iter().filter(with_calls) {
        let Some(now) = new.modules.iter().filter(with_calls).find(|now| now.name == was.name) else { continue };
        let handle = format!("{}()", was.name);
        if let (Some(before), Some(feature)) = (&was.feature, &now.feature)
            && before != feature
        {
            let text = format!("needs the feature `{feature}`, before `{before}`");
            changes.add(Subject::Operation, Action::Changed, &handle, Weight::Breaking, text);
        }
        if was.docs != now.docs {
            changes.add(Subject::Operation, Action::Reworded, &handle, Weight::Wording, "what the handle is for");
        }
    }
}

fn pair(was: Placed<'_>, now: Placed<'_>, changes: &mut Changes) {
    renamed(was, now, changes);
    let (was, operation) = (was.1, now.1);
    let name = name(now);
    let mut add = |weight, text: String| changes.add(Subject::Operation, Action::Changed, &name, weight, text);
    arguments(was, operation, &mut add);
    answer(was, operation, &mut add);
    paging(was, operation, &mut add);
    wire(was, operation, &mut add);
    match (was.deprecated, operation.deprecated) {
        (false, true) => add(Weight::Additive, "is deprecated: callers get a warning".to_owned()),
        (true, false) => add(Weight::Wording, "is no longer deprecated".to_owned()),
        _ => {}
    }
    if was.evidence != operation.evidence {
        add(Weight::Wording, format!("its evidence is {}, before {}", operation.evidence, was.evidence));
    }
    if (&was.summary, &was.docs) != (&operation.summary, &operation.docs) {
        changes.add(Subject::Operation, Action::Reworded, &name, Weight::Wording, "what the function does");
    }
}

fn renamed(was: Placed<'_>, now: Placed<'_>, changes: &mut Changes) {
    let ((old_home, old), (home, new)) = (was, now);
    let stays = |function: &str| {
        let current = new.function == function || new.paging.as_ref().is_some_and(|paging| paging.function == function);
        let former = new.was.iter().any(|was| was.function == function || was.all_pages.as_deref() == Some(function));
        old_home.name == home.name && (current || former)
    };
    if name(was) != name(now) {
        let (weight, text) = if stays(&old.function) {
            (Weight::Additive, "the old name stays as a deprecated alias")
        } else {
            (Weight::Breaking, "the old name is gone")
        };
        let names = format!("{} -> {}", name(was), name(now));
        changes.add(Subject::Operation, Action::Renamed, names, weight, text);
    }
    let is_new = |former: &&Former| former.function != old.function && !old.was.contains(former);
    for former in new.was.iter().filter(is_new) {
        let text = format!("has the deprecated alias `{}` too", former.function);
        changes.add(Subject::Operation, Action::Changed, name(now), Weight::Additive, text);
    }
    for former in old.was.iter().filter(|former| !stays(&former.function)) {
        let text = format!("its deprecated alias `{}` is gone", former.function);
        changes.add(Subject::Operation, Action::Changed, name(now), Weight::Breaking, text);
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
        Body::Arguments(fields) => fields.iter().map(|field| field.wire.as_str()).collect(),
    };
    let query = operation.query.iter().map(|_| " query");
    let wires = parameters.map(|parameter| parameter.wire.as_str()).chain(query).chain(body);
    let in_path = |at| at < operation.path_parameters.len();
    let spelled = wires.zip(spelling::arguments(operation)).enumerate();
    spelled.map(|(at, (wire, (name, ty)))| Argument { wire, in_path: in_path(at), name, ty }).collect()
}

fn arguments(was: &Operation, now: &Operation, add: &mut impl FnMut(Weight, String)) {
    let (old, new) = (list(was), list(now));
    // An argument is known by its name on the wire, or else by its place.
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
            add(Weight::Breaking, format!("no longer takes `{}`", was.name));
            continue;
        };
        if was.ty != now.ty {
            add(Weight::Breaking, format!("takes `{}: {}`, before `{}`", now.name, now.ty, was.ty));
        }
        // The name of a path parameter is written nowhere but in the template.
        if was.wire != now.wire && !(was.in_path && now.in_path) {
            add(Weight::Wire, format!("sends `{}`, before `{}`", now.wire, was.wire));
        }
    }
    for (_, argument) in new.iter().enumerate().filter(|(at, _)| !partners.contains(&Some(*at))) {
        add(Weight::Breaking, format!("takes `{}: {}` too", argument.name, argument.ty));
    }
    let order: Vec<usize> = partners.iter().flatten().copied().collect();
    if !order.is_sorted() {
        let names = |list: &[Argument]| list.iter().map(|argument| argument.name).collect::<Vec<_>>().join(", ");
        let text = format!("takes its arguments in another order: ({}), before ({})", names(&new), names(&old));
        add(Weight::Breaking, text);
    }
}

fn answer(was: &Operation, now: &Operation, add: &mut impl FnMut(Weight, String)) {
    let (old, new) = (spelling::answer(&was.answer), spelling::answer(&now.answer));
    let key = |answer: &Answer| match answer {
        Answer::Item { key, .. } | Answer::Page { key, .. } => format!("`{key}` of the answer"),
        Answer::Whole(_) | Answer::Nothing => "the answer as a whole".to_owned(),
    };
    if old != new {
        add(Weight::Breaking, format!("answers `{new}`, before `{old}`"));
    } else if key(&was.answer) != key(&now.answer) {
        add(Weight::Wire, format!("reads {}, before {}", key(&now.answer), key(&was.answer)));
    }
}

fn paging(was: &Operation, now: &Operation, add: &mut impl FnMut(Weight, String)) {
    match (&was.paging, &now.paging) {
        (None, Some(paging)) => add(Weight::Additive, format!("`{}` is new: a stream over all pages", paging.function)),
        (Some(paging), None) => add(Weight::Breaking, format!("`{}` is gone: it does not page", paging.function)),
        (Some(old), Some(new)) => {
            let rules = |paging: &crate::ir::Paging| {
                let more = paging.more.as_deref().map_or("no flag".to_owned(), |more| format!("flag `{more}`"));
                format!("`{}` and `{}`, {more}, {} rows", paging.limit, paging.offset, paging.size)
            };
            if rules(old) != rules(new) {
                add(Weight::Wire, format!("pages by {}, before by {}", rules(new), rules(old)));
            }
        }
        (None, None) => {}
    }
}

fn wire(was: &Operation, now: &Operation, add: &mut impl FnMut(Weight, String)) {
    let same_path = pairs::shape(&was.path) == pairs::shape(&now.path);
    if was.method != now.method || !same_path {
        add(Weight::Wire, format!("is sent as {}, before {}", call(now), call(was)));
    } else if was.path != now.path {
        add(Weight::Wording, format!("its path is written `{}`, before `{}`", now.path, was.path));
    }
    if was.idempotent != now.idempotent {
        let text = if now.idempotent { "is repeated after a failure" } else { "is no longer repeated after a failure" };
        add(Weight::Wire, text.to_owned());
    }
    for parameter in &now.required_query {
        let Some(before) = was.required_query.iter().find(|before| before.name == parameter.name) else { continue };
        if before.encoding != parameter.encoding || before.wire != parameter.wire {
            add(Weight::Wire, encoded(before, parameter));
        }
    }
    match (&was.body, &now.body) {
        (Body::Files(old), Body::Files(new)) if old != new => {
            add(Weight::Wire, format!("sends its files as `{new}`, before `{old}`"));
        }
        _ => {}
    }
}

/// How a parameter is written now, and how before.
pub(super) fn encoded(was: &crate::ir::Parameter, now: &crate::ir::Parameter) -> String {
    let written = |parameter: &crate::ir::Parameter| {
        let wire = &parameter.wire;
        match parameter.encoding {
            crate::ir::Encoding::Plain => format!("`{wire}=…`"),
            crate::ir::Encoding::DottedDate => format!("`{wire}=dd.mm.yyyy`"),
            crate::ir::Encoding::List => format!("`{wire}=1&{wire}=2`"),
            crate::ir::Encoding::Objects => format!("`{wire}[0][…]=…`"),
        }
    };
    format!("`{}` is written {}, before {}", now.name, written(now), written(was))
}
