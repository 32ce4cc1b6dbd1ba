//! Types: fields, setters, variants.

use std::collections::{BTreeMap, BTreeSet};

use super::operations::encoded;
use super::pairs::{self, Pairs};
use super::words::Words;
use super::{Action, Changes, Subject, Weight};
use crate::emit::spelling;
use crate::ir::{Api, Field, Group, Parameter, Struct, TypeDef, TypeKind};
use crate::naming;

/// Adds what differs between the types.
pub(super) fn compare(paired: &Pairs, new: &Api, changes: &mut Changes) {
    let now: BTreeMap<&str, &TypeDef> =
        pairs::used(new).map(|definition| (definition.name.as_str(), definition)).collect();
    let mut met = BTreeSet::new();
    for was in pairs::used(&paired.old) {
        let name = paired.types.get(&was.name).unwrap_or(&was.name);
        let Some(definition) = now.get(name.as_str()) else {
            let text = format!("{} that no call takes or answers any more", form(&was.kind));
            changes.add(Subject::Type, Action::Removed, &was.name, Weight::Breaking, text);
            continue;
        };
        met.insert(name.as_str());
        names(was, definition, &now, changes);
        features(was, definition, &paired.old, new, changes);
        let add = |weight, text| changes.add(Subject::Type, Action::Changed, name, weight, text);
        let words = Compare { was, now: definition, add }.run();
        for fact in words.facts() {
            changes.add(Subject::Type, Action::Changed, name, Weight::Wording, fact);
        }
        if let Some(parts) = words.reworded() {
            changes.add(Subject::Type, Action::Reworded, name, Weight::Wording, parts);
        }
    }
    for definition in pairs::used(new).filter(|definition| !met.contains(definition.name.as_str())) {
        let text = first_sentence(&definition.docs);
        let text = if text.is_empty() { form(&definition.kind).to_owned() } else { text };
        changes.add(Subject::Type, Action::Added, &definition.name, Weight::Additive, text);
    }
}

fn names(was: &TypeDef, now: &TypeDef, types: &BTreeMap<&str, &TypeDef>, changes: &mut Changes) {
    let stays = |name: &String| {
        types.contains_key(name.as_str()) || types.values().any(|definition| definition.was.contains(name))
    };
    if was.name != now.name {
        let (weight, text) = if now.was.contains(&was.name) {
            (Weight::Additive, "the old name stays as a deprecated alias")
        } else {
            (Weight::Breaking, "the old name is gone")
        };
        changes.add(Subject::Type, Action::Renamed, format!("{} -> {}", was.name, now.name), weight, text);
    }
    for new in now.was.iter().filter(|new| !was.was.contains(new) && **new != was.name) {
        let text = format!("has the deprecated alias `{new}` too");
        changes.add(Subject::Type, Action::Changed, &now.name, Weight::Additive, text);
    }
    for former in was.was.iter().filter(|former| !stays(former)) {
        let text = format!("its deprecated alias `{former}` is gone");
        changes.add(Subject::Type, Action::Changed, &now.name, Weight::Breaking, text);
    }
}

/// A type is there under the features of all that needs it.
fn features(was: &TypeDef, now: &TypeDef, old: &Api, new: &Api, changes: &mut Changes) {
    let of = |api: &Api, definition: &TypeDef| {
        let module = api.modules.iter().find(|module| module.types.contains(&definition.name));
        module.map(|module| module.model_features.clone()).unwrap_or_default()
    };
    let (before, after) = (of(old, was), of(new, now));
    let lost: Vec<_> = before.difference(&after).map(|feature| format!("`{feature}`")).collect();
    if !after.is_empty() && !lost.is_empty() {
        let text = format!("is no longer there with the feature {} alone", lost.join(", "));
        changes.add(Subject::Type, Action::Changed, &now.name, Weight::Breaking, text);
    }
}

fn form(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::IntegerId => "an id that is a number",
        TypeKind::TextId => "an id that is a text",
        TypeKind::TextEnum(_) => "an enumeration of texts",
        TypeKind::IntegerEnum(_) => "an enumeration of numbers",
        TypeKind::Struct(_) => "an object",
        TypeKind::Tagged { .. } => "one of several objects",
        TypeKind::Content { .. } => "one of several values",
        TypeKind::OneOf(_) | TypeKind::Groups(_) => "a choice between properties",
        TypeKind::Map { .. } => "a map",
        TypeKind::Query(_) => "the filters of a list",
    }
}

fn first_sentence(docs: &str) -> String {
    let paragraph = docs.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    paragraph.split_once(". ").map_or(paragraph.clone(), |(first, _)| format!("{first}."))
}

struct Compare<'a, F> {
    was: &'a TypeDef,
    now: &'a TypeDef,
    add: F,
}

/// What an enum's variant is called, what it is on the wire, and what it holds.
struct Variant {
    name: String,
    wire: String,
    holds: String,
    docs: String,
}

impl<F: FnMut(Weight, String)> Compare<'_, F> {
    fn run(mut self) -> Words {
        let mut words = Words::default();
        let (was, now) = (self.was, self.now);
        // The description of a query type is made from the name of its operation.
        if !matches!(now.kind, TypeKind::Query(_)) {
            words.compare("the type", &was.docs, &now.docs);
        }
        match (&was.kind, &now.kind) {
            (TypeKind::Struct(old), TypeKind::Struct(new)) => self.structs(old, new, &mut words),
            (TypeKind::Query(old), TypeKind::Query(new)) => self.queries(old, new, &mut words),
            (
                TypeKind::Map { key: old_key, value: old_value, nullable: old_nullable },
                TypeKind::Map { key, value, nullable },
            ) => {
                for (what, old, new) in [("key", old_key, key), ("value", old_value, value)] {
                    if old != new {
                        let (old, new) = (spelling::plain(old), spelling::plain(new));
                        self.tell(Weight::Breaking, format!("its {what} is `{new}`, before `{old}`"));
                    }
                }
                match (old_nullable, nullable) {
                    (false, true) => self.tell(Weight::Additive, "a value may be null: `clear` is new"),
                    (true, false) => self.tell(Weight::Breaking, "a value is never null: `clear` is gone"),
                    _ => {}
                }
                self.direction();
            }
            (old, new) => match (variants(old), variants(new)) {
                (Some(before), Some(after)) if std::mem::discriminant(old) == std::mem::discriminant(new) => {
                    self.variants(&before, &after, &mut words);
                    self.selector(old, new);
                    self.direction();
                }
                _ if form(old) != form(new) || variants(old).is_some() => {
                    self.tell(Weight::Breaking, format!("is {}, before {}", form(new), form(old)));
                }
                _ => {}
            },
        }
        words
    }

    fn tell(&mut self, weight: Weight, text: impl Into<String>) {
        (self.add)(weight, text.into());
    }

    /// Requests need `Serialize` and what builds a value, answers need `Deserialize` and public fields.
    fn direction(&mut self) {
        let (was, now) = (self.was, self.now);
        let (written, read) = match now.kind {
            TypeKind::Struct(_) => ("`new`, its setters and `Serialize`", "its public fields and `Deserialize`"),
            TypeKind::Tagged { .. } => ("`Serialize` and `From` of its forms", "`Deserialize`"),
            TypeKind::Content { .. } => ("`Serialize`", ""),
            TypeKind::Map { .. } => ("", "`Deserialize`"),
            _ => return,
        };
        for (before, after, what, user) in
            [(was.sent, now.sent, written, "request"), (was.received, now.received, read, "answer")]
        {
            match (before, after) {
                _ if what.is_empty() => {}
                (false, true) => self.tell(
                    Weight::Additive,
                    format!("is used by a {user} too: {what} are new").replace("a answer", "an answer"),
                ),
                (true, false) => self.tell(Weight::Breaking, format!("is used by no {user} any more: {what} are gone")),
                _ => {}
            }
        }
    }

    /// What tells the variants of a tagged value apart.
    fn selector(&mut self, old: &TypeKind, new: &TypeKind) {
        let selector = |kind: &TypeKind| match kind {
            TypeKind::Tagged { tag: by, .. } | TypeKind::Content { by, .. } => Some(by.clone()),
            _ => None,
        };
        if let (Some(old), Some(new)) = (selector(old), selector(new))
            && old != new
        {
            self.tell(Weight::Wire, format!("is told apart by `{new}`, before by `{old}`"));
        }
    }

    fn variants(&mut self, old: &[Variant], new: &[Variant], words: &mut Words) {
        let name = self.now.name.clone();
        for was in old {
            let Some(now) = new.iter().find(|now| now.name == was.name) else {
                let text = match new.iter().find(|now| now.wire == was.wire && !is_in(old, &now.name)) {
                    Some(now) => format!("variant `{name}::{}` is called `{}` now", was.name, now.name),
                    None => format!("variant `{name}::{}` ({}) is gone", was.name, was.wire),
                };
                self.tell(Weight::Breaking, text);
                continue;
            };
            if was.holds != now.holds {
                let text = format!("variant `{name}::{}` holds {}, before {}", was.name, now.holds, was.holds);
                self.tell(Weight::Breaking, text);
            }
            if was.wire != now.wire {
                let text = format!("variant `{name}::{}` is {} on the wire, before {}", was.name, now.wire, was.wire);
                self.tell(Weight::Wire, text);
            }
            words.compare(&format!("`{}`", was.name), &was.docs, &now.docs);
        }
        for now in new.iter().filter(|now| !is_in(old, &now.name)) {
            if old.iter().all(|was| was.wire != now.wire || is_in(new, &was.name)) {
                self.tell(Weight::Additive, format!("variant `{name}::{}` ({}) is new", now.name, now.wire));
            }
        }
    }

    fn queries(&mut self, old: &[Parameter], new: &[Parameter], words: &mut Words) {
        let now_of = |was: &Parameter| {
            let renamed = || new.iter().find(|now| now.was.contains(&was.name));
            new.iter().find(|now| now.name == was.name).or_else(renamed)
        };
        for was in old {
            let Some(now) = now_of(was) else {
                self.tell(Weight::Breaking, format!("setter `{}` is gone", was.name));
                continue;
            };
            if was.name != now.name {
                let text =
                    format!("setter `{}` is called `{}`; the old name stays as a deprecated alias", was.name, now.name);
                self.tell(Weight::Additive, text);
            }
            let (before, after) = (spelling::argument(&was.ty), spelling::argument(&now.ty));
            if before != after {
                self.tell(Weight::Breaking, format!("setter `{}` takes `{after}`, before `{before}`", now.name));
            }
            let is_renamed = was.name != now.name;
            if was.encoding != now.encoding || was.wire != now.wire && !is_renamed {
                self.tell(Weight::Wire, encoded(was, now));
            }
            self.former((&was.name, &was.was), (&now.name, &now.was));
            words.compare(&format!("`{}`", now.name), &was.docs, &now.docs);
        }
        let met: BTreeSet<&str> = old.iter().filter_map(|was| now_of(was).map(|now| now.name.as_str())).collect();
        for now in new.iter().filter(|now| !met.contains(now.name.as_str())) {
            let text = format!("setter `{}` (`{}`) is new", now.name, spelling::argument(&now.ty));
            self.tell(Weight::Additive, text);
        }
    }

    /// Former names that came and went.
    fn former(&mut self, (was, former): (&str, &[String]), (now, kept): (&str, &[String])) {
        for gone in former.iter().filter(|former| !kept.contains(former) && *former != now) {
            self.tell(Weight::Breaking, format!("the deprecated alias `{gone}` of `{now}` is gone"));
        }
        for new in kept.iter().filter(|kept| !former.contains(kept) && *kept != was) {
            self.tell(Weight::Additive, format!("`{now}` has the deprecated alias `{new}` too"));
        }
    }

    fn structs(&mut self, old: &Struct, new: &Struct, words: &mut Words) {
        self.direction();
        let (was, now) = (self.was, self.now);
        let optional = |body: &Struct| body.fields.iter().all(|field| !field.required);
        if was.sent && now.sent && !was.received && now.received && optional(old) {
            self.tell(Weight::Breaking, "has no `Default` any more: answers hold it too");
        }
        let paired = pair_fields(&old.fields, &new.fields);
        for (was, now) in old.fields.iter().zip(&paired) {
            match now {
                Some(now) => {
                    self.field(was, now, words);
                    self.former((&was.name, &was.was), (&now.name, &now.was));
                    words.compare(&format!("`{}`", now.name), &was.docs, &now.docs);
                }
                None => self.removed(was),
            }
        }
        for field in &new.fields {
            if !paired.iter().flatten().any(|met| met.name == field.name) {
                self.added(field);
            }
        }
        self.order(old, &paired, new);
        self.choices(old, new);
    }

    fn removed(&mut self, field: &Field) {
        let name = &field.name;
        let text = match (self.was.received, field.required) {
            (true, _) => format!("field `{name}` is gone"),
            (false, true) => format!("`new` no longer takes `{name}`"),
            (false, false) => format!("setter `{name}` is gone"),
        };
        self.tell(Weight::Breaking, text);
    }

    fn added(&mut self, field: &Field) {
        let (was, now) = (self.was, self.now);
        let name = &field.name;
        let argument = format!("`new` takes `{name}: {}` too", spelling::new_argument(field, now.received));
        let text = match (now.received, field.required) {
            (true, _) => format!("field `{name}` (`{}`) is new", spelling::received(field)),
            (false, true) => argument.clone(),
            (false, false) => format!("setter `{name}` (`{}`) is new", spelling::setter_argument(field, false)),
        };
        match (was.sent && now.sent && field.required, now.received) {
            (true, true) => self.tell(Weight::Breaking, format!("{text}, and {argument}")),
            (true, false) => self.tell(Weight::Breaking, text),
            (false, _) => self.tell(Weight::Additive, text),
        }
    }

    fn field(&mut self, was: &Field, now: &Field, words: &mut Words) {
        let name = format!("`{}`", now.name);
        let stays = self.now.sent && !self.now.received && now.was.contains(&was.name);
        let (causes, effects) = (self.causes(was, now), self.effects(was, now, stays));
        let cause = causes.join(" and ");
        match (was.name == now.name, effects.is_empty()) {
            (_, false) if cause.is_empty() => self.tell(Weight::Breaking, format!("{name}: {}", effects.join("; "))),
            (_, false) => self.tell(Weight::Breaking, format!("{name} {cause}: {}", effects.join("; "))),
            (false, true) if stays => {
                self.tell(Weight::Additive, format!("{name} {cause}: the old name stays as a deprecated alias"));
            }
            _ if was.wire != now.wire || was.dotted != now.dotted => {
                self.tell(Weight::Wire, format!("{name} {cause}: only what is sent differs"));
            }
            _ if causes.is_empty() => {}
            _ => words.fact(&name, format!("{}; nothing differs in Rust", cause.trim_start_matches("is "))),
        }
    }

    /// What the document says of the field now.
    fn causes(&self, was: &Field, now: &Field) -> Vec<String> {
        let mut causes = Vec::new();
        if was.wire != now.wire {
            causes.push(format!("was `{}`", if was.name == now.name { &was.wire } else { &was.name }));
        }
        if was.ty != now.ty {
            let (before, after) = (spelling::plain(&was.ty), spelling::plain(&now.ty));
            causes.push(format!("is of another type (`{after}`, before `{before}`)"));
        }
        if was.dotted != now.dotted {
            causes.push(format!("is written as {}", if now.dotted { "dd.mm.yyyy" } else { "yyyy-mm-dd" }));
        }
        if was.nullable != now.nullable {
            causes.push(if now.nullable { "may be null" } else { "is never null" }.to_owned());
        }
        let (always, sometimes) =
            if self.now.sent { ("is required", "is optional") } else { ("is always there", "may be missing") };
        if was.required != now.required {
            causes.push(if now.required { always } else { sometimes }.to_owned());
        }
        causes
    }

    /// What a program that uses the field trips over.
    fn effects(&self, was: &Field, now: &Field, stays: bool) -> Vec<String> {
        let (old_too, new_too) = (self.was.received, self.now.received);
        let mut effects = Vec::new();
        let mut differs = |what: &str, before: String, after: String| {
            if before != after {
                effects.push(format!("{what} `{after}`, before `{before}`"));
            }
        };
        if old_too && new_too {
            differs("the field is", spelling::received(was), spelling::received(now));
        }
        let both_sent = self.was.sent && self.now.sent;
        match (was.required, now.required) {
            _ if !both_sent => {}
            (true, true) => {
                let new = spelling::new_argument;
                differs("`new` takes", new(was, old_too), new(now, new_too));
            }
            (false, false) => {
                let setter = spelling::setter_argument;
                differs("the setter takes", setter(was, old_too), setter(now, new_too));
            }
            (true, false) => effects.push("a setter instead of an argument of `new`".to_owned()),
            (false, true) => effects.push("an argument of `new` instead of a setter".to_owned()),
        }
        let is_named = old_too && new_too || both_sent && !was.required && !now.required;
        if was.name != now.name && is_named && !stays {
            effects.push("the old name is gone".to_owned());
        }
        effects
    }

    /// The arguments of `new` that were there before, in their order.
    fn order(&mut self, old: &Struct, paired: &[Option<&Field>], new: &Struct) {
        if !(self.was.sent && self.now.sent) {
            return;
        }
        let place = |now: &Field| new.fields.iter().position(|field| field.name == now.name);
        let kept =
            old.fields.iter().zip(paired).filter_map(|(was, now)| now.filter(|now| was.required && now.required));
        let places: Vec<_> = kept.filter_map(place).collect();
        if !places.is_sorted() {
            let names = |body: &Struct| {
                let required = body.fields.iter().filter(|field| field.required);
                required.map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
            };
            let text = format!("`new` takes its arguments in another order: ({}), before ({})", names(new), names(old));
            self.tell(Weight::Breaking, text);
        }
    }

    fn choices(&mut self, old: &Struct, new: &Struct) {
        for was in &old.choices {
            match new.choices.iter().find(|now| now.name == was.name) {
                Some(now) if now.ty == was.ty => {}
                Some(now) => {
                    self.tell(
                        Weight::Breaking,
                        format!("setter `{}` takes `{}`, before `{}`", now.name, now.ty, was.ty),
                    );
                }
                None => self.tell(Weight::Breaking, format!("setter `{}` is gone", was.name)),
            }
        }
        for now in new.choices.iter().filter(|now| old.choices.iter().all(|was| was.name != now.name)) {
            self.tell(Weight::Additive, format!("setter `{}` (`{}`) is new", now.name, now.ty));
        }
    }
}

/// For each old field the new one: of the same name, of a name that says so, or alike in all but the name.
fn pair_fields<'n>(old: &[Field], new: &'n [Field]) -> Vec<Option<&'n Field>> {
    let alike = |a: &Field, b: &Field| {
        a.ty == b.ty && a.required == b.required && a.nullable == b.nullable && a.docs == b.docs && !a.docs.is_empty()
    };
    let is_gone = |was: &Field| new.iter().all(|now| now.wire != was.wire && !now.was.contains(&was.name));
    let is_new = |now: &Field| old.iter().all(|was| was.wire != now.wire && !now.was.contains(&was.name));
    let find = |was: &Field| {
        let same = new.iter().find(|now| now.wire == was.wire).or_else(|| new.iter().find(|now| now.name == was.name));
        same.or_else(|| new.iter().find(|now| now.was.contains(&was.name))).or_else(|| {
            let candidates: Vec<_> = new.iter().filter(|now| is_new(now) && alike(was, now)).collect();
            let rivals = old.iter().filter(|rival| is_gone(rival) && alike(rival, was)).count();
            match candidates[..] {
                [only] if rivals == 1 => Some(only),
                _ => None,
            }
        })
    };
    old.iter().map(find).collect()
}

fn is_in(variants: &[Variant], name: &str) -> bool {
    variants.iter().any(|variant| variant.name == name)
}

fn variants(kind: &TypeKind) -> Option<Vec<Variant>> {
    let plain = |name: &str, wire: String| Variant {
        name: name.to_owned(),
        wire: format!("`{wire}`"),
        holds: String::new(),
        docs: String::new(),
    };
    let one = |field: &Field| Variant {
        name: naming::kind(&field.wire),
        wire: format!("`{}`", field.wire),
        holds: format!("`{}`", spelling::plain(&field.ty)),
        docs: field.docs.clone(),
    };
    Some(match kind {
        TypeKind::TextEnum(variants) => variants.iter().map(|it| plain(&it.name, it.value.clone())).collect(),
        TypeKind::IntegerEnum(variants) => variants.iter().map(|it| plain(&it.name, it.value.to_string())).collect(),
        TypeKind::Tagged { variants, .. } => variants
            .iter()
            .map(|it| Variant { holds: format!("`{}`", it.ty), ..plain(&it.name, it.values.join("`, `")) })
            .collect(),
        TypeKind::Content { variants, .. } => variants
            .iter()
            .map(|it| Variant {
                holds: format!("`{}`", spelling::plain(&it.ty)),
                docs: it.docs.clone(),
                ..plain(&it.name, it.tag.clone())
            })
            .collect(),
        TypeKind::OneOf(fields) => fields.iter().map(one).collect(),
        TypeKind::Groups(groups) => groups.iter().map(group).collect(),
        _ => return None,
    })
}

/// A group of properties; its fields are public, so that any difference of theirs is seen.
fn group(group: &Group) -> Variant {
    let wires: Vec<_> = group.fields.iter().map(|field| format!("`{}`", field.wire)).collect();
    let mut fields: Vec<_> = group
        .fields
        .iter()
        .map(|field| {
            let ty = spelling::plain(&field.ty);
            let ty = if field.nullable { format!("Option<{ty}>") } else { ty };
            format!("{}: {ty}", field.name)
        })
        .collect();
    fields.sort();
    Variant {
        name: group.name.clone(),
        wire: wires.join(", "),
        holds: format!("`{{ {} }}`", fields.join(", ")),
        docs: group.fields.iter().map(|field| field.docs.as_str()).collect::<Vec<_>>().join("\n"),
    }
}
