//! Differences of types.

use std::collections::{BTreeMap, BTreeSet};

use super::doc_changes::DocChanges;
use super::pairs::{self, Pairs};
use super::{Action, Changes, Impact, Subject, requests};
use crate::emit::types;
use crate::ir::{Alias, Api, Field, Group, Operation, Parameter, TypeDef, TypeKind};

/// Adds the differences of all types.
pub(super) fn compare(paired: &Pairs, new: &Api, changes: &mut Changes) {
    let now: BTreeMap<&str, &TypeDef> = pairs::used(new).map(|ty| (ty.name.as_str(), ty)).collect();
    let mut seen = BTreeSet::new();
    for was in pairs::used(&paired.old) {
        let name = paired.types.get(&was.name).unwrap_or(&was.name);
        let Some(ty) = now.get(name.as_str()) else {
            let text = match replacements(&was.name, paired, new) {
                replacements if replacements.is_empty() => format!("{} that no call uses any more", shape(&was.kind)),
                replacements => format!("{}: {}", shape(&was.kind), replacements.join(", ")),
            };
            changes.add(Subject::Type, Action::Removed, &was.name, Impact::Breaking, text);
            continue;
        };
        seen.insert(name.as_str());
        names(was, ty, &now, changes);
        features(was, ty, &paired.old, new, changes);
        if let Some(text) = id_kind(was, ty, new) {
            changes.add(Subject::Type, Action::Changed, name, Impact::Breaking, text);
            continue;
        }
        let add = |impact, text| changes.add(Subject::Type, Action::Changed, name, impact, text);
        let doc_changes = Compare { was, now: ty, add }.run();
        for fact in doc_changes.facts() {
            changes.add(Subject::Type, Action::Changed, name, Impact::Docs, fact);
        }
        if let Some(parts) = doc_changes.reworded() {
            changes.add(Subject::Type, Action::Reworded, name, Impact::Docs, parts);
        }
    }
    for ty in pairs::used(new).filter(|ty| !seen.contains(ty.name.as_str())) {
        let text = first_sentence(&ty.docs);
        let text = if text.is_empty() { shape(&ty.kind).to_owned() } else { text };
        changes.add(Subject::Type, Action::Added, &ty.name, Impact::Additive, text);
    }
}

/// What operations use instead of a type that is removed: `tasks().create` takes `CreateTask`.
fn replacements(name: &str, paired: &Pairs, new: &Api) -> Vec<String> {
    let mut found = Vec::new();
    for (_, was) in pairs::all(&paired.old) {
        let id = paired.operations.get(&was.id);
        let Some((resource, now)) = pairs::all(new).find(|(_, now)| Some(&now.id) == id) else { continue };
        let function = format!("{}().{}", resource.name, now.function);
        for (verb, before, after) in [
            ("takes", was.body_type(), now.body_type()),
            ("takes", was.query.as_deref(), now.query.as_deref()),
            ("returns", was.response_type(), now.response_type()),
        ] {
            if let (true, Some(after)) = (before == Some(name), after) {
                found.push(format!("`{function}` {verb} `{after}`"));
            }
        }
    }
    found
}

/// An id that becomes a string or a number: the functions that take it, and what callers write now.
fn id_kind(was: &TypeDef, now: &TypeDef, new: &Api) -> Option<String> {
    let write = match (&was.kind, &now.kind) {
        (TypeKind::IntegerId, TypeKind::StringId) => "write `\"17\"` instead of `17`",
        (TypeKind::StringId, TypeKind::IntegerId) => "write `17` instead of `\"17\"`",
        _ => return None,
    };
    let takes = |operation: &Operation| operation.request_types().contains(&now.name.as_str());
    let functions = pairs::all(new).filter(|(_, operation)| takes(operation));
    let functions: Vec<_> = functions.map(|(resource, it)| format!("`{}().{}`", resource.name, it.function)).collect();
    let text = format!("is {} (was {}): {write}", shape(&now.kind), shape(&was.kind));
    Some(if functions.is_empty() { text } else { format!("{text} for {}", functions.join(", ")) })
}

fn names(was: &TypeDef, now: &TypeDef, types: &BTreeMap<&str, &TypeDef>, changes: &mut Changes) {
    let stays = |name: &str| types.contains_key(name) || types.values().any(|ty| Alias::is_among(name, &ty.aliases));
    let had = |name: &str| was.name == name || Alias::is_among(name, &was.aliases);
    if was.name != now.name {
        let (impact, text) = if Alias::is_among(&was.name, &now.aliases) {
            (Impact::Additive, "the old name stays as a deprecated alias")
        } else {
            (Impact::Breaking, "the old name is removed")
        };
        changes.add(Subject::Type, Action::Renamed, format!("{} -> {}", was.name, now.name), impact, text);
    }
    for Alias { name: new, .. } in now.aliases.iter().filter(|new| !had(&new.name)) {
        let text = format!("has a new deprecated alias `{new}`");
        changes.add(Subject::Type, Action::Changed, &now.name, Impact::Additive, text);
    }
    for former in was.aliases.iter().filter(|former| !stays(&former.name)) {
        let text = format!("its deprecated alias `{}`{} is removed", former.name, since(former.since.as_ref()));
        changes.add(Subject::Type, Action::Changed, &now.name, Impact::Breaking, text);
    }
}

/// A type needs one of the features of everything that uses it.
fn features(was: &TypeDef, now: &TypeDef, old: &Api, new: &Api, changes: &mut Changes) {
    let of = |api: &Api, ty: &TypeDef| {
        let resource = api.resources.iter().find(|resource| resource.types.contains(&ty.name));
        resource.map(|resource| resource.model_features.clone()).unwrap_or_default()
    };
    let (before, after) = (of(old, was), of(new, now));
    let lost: Vec<_> = before.difference(&after).map(|feature| format!("`{feature}`")).collect();
    if !after.is_empty() && !lost.is_empty() {
        let text = format!("is no longer available with only the feature {}", lost.join(", "));
        changes.add(Subject::Type, Action::Changed, &now.name, Impact::Breaking, text);
    }
}

fn shape(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::IntegerId => "an integer id",
        TypeKind::StringId => "a string id",
        TypeKind::StringEnum(_) => "an enumeration of strings",
        TypeKind::IntegerEnum(_) => "an enumeration of integers",
        TypeKind::Struct(_) => "an object",
        TypeKind::Tagged { .. } => "one of several objects",
        TypeKind::TaggedBySibling { .. } => "one of several values",
        TypeKind::OneOf(_) | TypeKind::ExclusiveGroups(_) => "a choice between properties",
        TypeKind::Map { .. } => "a map",
        TypeKind::Query(_) => "the optional parameters of a list",
    }
}

fn first_sentence(docs: &str) -> String {
    let paragraph = docs.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    paragraph.split_once(". ").map_or(paragraph.clone(), |(first, _)| format!("{first}."))
}

pub(super) struct Compare<'a, F> {
    pub(super) was: &'a TypeDef,
    pub(super) now: &'a TypeDef,
    add: F,
}

/// A variant of an enum: its name, its value in JSON, and its content.
struct Variant {
    name: String,
    wire: String,
    content: String,
    docs: String,
}

impl<F: FnMut(Impact, String)> Compare<'_, F> {
    fn run(mut self) -> DocChanges {
        let mut doc_changes = DocChanges::default();
        let (was, now) = (self.was, self.now);
        // The docs of a query type are generated.
        if !matches!(now.kind, TypeKind::Query(_)) {
            doc_changes.compare("the type", &was.docs, &now.docs);
        }
        match (&was.kind, &now.kind) {
            (TypeKind::Struct(old), TypeKind::Struct(new)) => self.structs(old, new, &mut doc_changes),
            (TypeKind::Query(old), TypeKind::Query(new)) => self.queries(old, new, &mut doc_changes),
            (
                TypeKind::Map { key: old_key, value: old_value, nullable: old_nullable },
                TypeKind::Map { key, value, nullable },
            ) => {
                for (what, old, new) in [("key", old_key, key), ("value", old_value, value)] {
                    if old != new {
                        let (old, new) = (types::plain(old), types::plain(new));
                        self.report(Impact::Breaking, format!("its {what} is `{new}` (was `{old}`)"));
                    }
                }
                match (old_nullable, nullable) {
                    (false, true) => self.report(Impact::Additive, "a value can be null: `clear` is new"),
                    (true, false) => self.report(Impact::Breaking, "a value is never null: `clear` is removed"),
                    _ => {}
                }
                self.direction();
            }
            (old, new) => match (variants(old), variants(new)) {
                (Some(before), Some(after)) if std::mem::discriminant(old) == std::mem::discriminant(new) => {
                    self.variants(&before, &after, &mut doc_changes);
                    self.selector(old, new);
                    self.direction();
                }
                _ if shape(old) != shape(new) || variants(old).is_some() => {
                    self.report(Impact::Breaking, format!("is {} (was {})", shape(new), shape(old)));
                }
                _ => {}
            },
        }
        doc_changes
    }

    pub(super) fn report(&mut self, impact: Impact, text: impl Into<String>) {
        (self.add)(impact, text.into());
    }

    /// Requests require `Serialize` and constructors, responses require `Deserialize` and public fields.
    pub(super) fn direction(&mut self) {
        let (was, now) = (self.was, self.now);
        let (written, read) = match now.kind {
            TypeKind::Struct(_) => ("`new`, its setters and `Serialize`", "its public fields and `Deserialize`"),
            TypeKind::Tagged { .. } => ("`Serialize` and `From` of its variants", "`Deserialize`"),
            TypeKind::TaggedBySibling { .. } => ("`Serialize`", ""),
            TypeKind::Map { .. } => ("", "`Deserialize`"),
            _ => return,
        };
        for (before, after, what, user) in
            [(was.in_request, now.in_request, written, "request"), (was.in_response, now.in_response, read, "response")]
        {
            match (before, after) {
                _ if what.is_empty() => {}
                (false, true) => self.report(Impact::Additive, format!("a {user} contains it too: {what} are new")),
                (true, false) => {
                    self.report(Impact::Breaking, format!("no {user} contains it any more: {what} are removed"));
                }
                _ => {}
            }
        }
    }

    /// The property that selects the variant.
    fn selector(&mut self, old: &TypeKind, new: &TypeKind) {
        let selector = |kind: &TypeKind| match kind {
            TypeKind::Tagged { tag, .. } | TypeKind::TaggedBySibling { tag, .. } => Some(tag.clone()),
            _ => None,
        };
        if let (Some(old), Some(new)) = (selector(old), selector(new))
            && old != new
        {
            self.report(Impact::Behavior, format!("`{new}` selects the variant (was `{old}`)"));
        }
    }

    fn variants(&mut self, old: &[Variant], new: &[Variant], doc_changes: &mut DocChanges) {
        let name = self.now.name.clone();
        for was in old {
            let Some(now) = new.iter().find(|now| now.name == was.name) else {
                let text = match new.iter().find(|now| now.wire == was.wire && !is_in(old, &now.name)) {
                    Some(now) => format!("variant `{name}::{}` is renamed to `{}`", was.name, now.name),
                    None => format!("variant `{name}::{}` ({}) is removed", was.name, was.wire),
                };
                self.report(Impact::Breaking, text);
                continue;
            };
            if was.content != now.content {
                let text = format!("variant `{name}::{}` contains {} (was {})", was.name, now.content, was.content);
                self.report(Impact::Breaking, text);
            }
            if was.wire != now.wire {
                let text = format!("variant `{name}::{}` is {} in JSON (was {})", was.name, now.wire, was.wire);
                self.report(Impact::Behavior, text);
            }
            doc_changes.compare(&format!("`{}`", was.name), &was.docs, &now.docs);
        }
        for now in new.iter().filter(|now| !is_in(old, &now.name)) {
            if old.iter().all(|was| was.wire != now.wire || is_in(new, &was.name)) {
                self.report(Impact::Additive, format!("variant `{name}::{}` ({}) is new", now.name, now.wire));
            }
        }
        let kept = |of: &[Variant], other: &[Variant]| {
            let kept: Vec<_> = of.iter().map(|it| it.name.as_str()).filter(|name| is_in(other, name)).collect();
            kept.join(", ")
        };
        let (before, after) = (kept(old, new), kept(new, old));
        // Values sort in the order of an enumeration. What has content does not sort.
        if before != after && new.iter().all(|now| now.content.is_empty()) {
            self.report(Impact::Behavior, format!("the order of its values is {after} (was {before})"));
        }
    }

    fn queries(&mut self, old: &[Parameter], new: &[Parameter], doc_changes: &mut DocChanges) {
        let now_of = |was: &Parameter| {
            let renamed = || new.iter().find(|now| Alias::is_among(&was.name, &now.aliases));
            new.iter().find(|now| now.name == was.name).or_else(renamed)
        };
        for was in old {
            let Some(now) = now_of(was) else {
                self.report(Impact::Breaking, format!("setter `{}` is removed", was.name));
                continue;
            };
            if was.name != now.name {
                let text = format!(
                    "setter `{}` is renamed to `{}`; the old name stays as a deprecated alias",
                    was.name, now.name
                );
                self.report(Impact::Additive, text);
            }
            let (before, after) = (types::filter(&was.ty), types::filter(&now.ty));
            if before != after {
                self.report(Impact::Breaking, format!("setter `{}` takes `{after}` (was `{before}`)", now.name));
            }
            if was.encoding != now.encoding || was.wire_name != now.wire_name {
                self.report(Impact::Behavior, requests::encoded(was, now));
            }
            self.aliases((&was.name, &was.aliases), (&now.name, &now.aliases));
            let name = format!("`{}`", now.name);
            self.limits(&name, &was.limits, &now.limits);
            doc_changes.compare_without(&name, (&was.docs, &was.limits), (&now.docs, &now.limits));
        }
        let seen: BTreeSet<&str> = old.iter().filter_map(|was| now_of(was).map(|now| now.name.as_str())).collect();
        for now in new.iter().filter(|now| !seen.contains(now.name.as_str())) {
            let text = format!("setter `{}` (`{}`) is new", now.name, types::filter(&now.ty));
            self.report(Impact::Additive, text);
        }
    }

    /// What the API accepts.
    pub(super) fn limits(&mut self, name: &str, old: &str, new: &str) {
        if old != new {
            self.report(Impact::Behavior, requests::limits(name, old, new));
        }
    }

    /// New and removed aliases.
    pub(super) fn aliases(&mut self, (was, former): (&str, &[Alias]), (now, kept): (&str, &[Alias])) {
        for Alias { name, since: version, .. } in former {
            if name != now && !Alias::is_among(name, kept) {
                let text = format!("the deprecated alias `{name}`{} of `{now}` is removed", since(version.as_ref()));
                self.report(Impact::Breaking, text);
            }
        }
        for Alias { name, .. } in kept {
            if name != was && !Alias::is_among(name, former) {
                self.report(Impact::Additive, format!("`{now}` has the deprecated alias `{name}` too"));
            }
        }
    }
}

/// The release that deprecated an alias, in parentheses.
pub(super) fn since(version: Option<&String>) -> String {
    version.map(|version| format!(" (since {version})")).unwrap_or_default()
}

fn is_in(variants: &[Variant], name: &str) -> bool {
    variants.iter().any(|variant| variant.name == name)
}

fn variants(kind: &TypeKind) -> Option<Vec<Variant>> {
    let plain = |name: &str, wire: String| Variant {
        name: name.to_owned(),
        wire: format!("`{wire}`"),
        content: String::new(),
        docs: String::new(),
    };
    let one = |field: &Field| Variant {
        name: field.name.clone(),
        wire: format!("`{}`", field.wire_name),
        content: format!("`{}`", types::plain(&field.ty)),
        docs: field.docs.clone(),
    };
    Some(match kind {
        TypeKind::StringEnum(variants) => variants.iter().map(|it| plain(&it.name, it.value.clone())).collect(),
        TypeKind::IntegerEnum(variants) => variants.iter().map(|it| plain(&it.name, it.value.to_string())).collect(),
        TypeKind::Tagged { variants, .. } => variants
            .iter()
            .map(|it| Variant { content: format!("`{}`", it.ty), ..plain(&it.name, it.values.join("`, `")) })
            .collect(),
        TypeKind::TaggedBySibling { variants, .. } => variants
            .iter()
            .map(|it| Variant {
                content: format!("`{}`", types::plain(&it.ty)),
                docs: it.docs.clone(),
                ..plain(&it.name, it.value.clone())
            })
            .collect(),
        TypeKind::OneOf(fields) => fields.iter().map(one).collect(),
        TypeKind::ExclusiveGroups(groups) => groups.iter().map(group).collect(),
        _ => return None,
    })
}

/// A group of properties. Its fields are public, so callers see every difference.
fn group(group: &Group) -> Variant {
    let wires: Vec<_> = group.fields.iter().map(|field| format!("`{}`", field.wire_name)).collect();
    let mut fields: Vec<_> = group
        .fields
        .iter()
        .map(|field| {
            let ty = types::plain(&field.ty);
            let ty = if field.nullable { format!("Option<{ty}>") } else { ty };
            format!("{}: {ty}", field.name)
        })
        .collect();
    fields.sort();
    Variant {
        name: group.name.clone(),
        wire: wires.join(", "),
        content: format!("`{{ {} }}`", fields.join(", ")),
        docs: group.fields.iter().map(|field| field.docs.as_str()).collect::<Vec<_>>().join("\n"),
    }
}
