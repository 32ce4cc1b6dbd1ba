//! Differences of structs: fields, setters and arguments of `new`.

use super::Impact;
use super::doc_changes::DocChanges;
use super::types::Compare;
use crate::emit::types;
use crate::ir::{Alias, Field, Struct};

impl<F: FnMut(Impact, String)> Compare<'_, F> {
    pub(super) fn structs(&mut self, old: &Struct, new: &Struct, doc_changes: &mut DocChanges) {
        self.direction();
        let (was, now) = (self.was, self.now);
        let optional = |body: &Struct| body.fields.iter().all(|field| !field.required);
        if was.in_request && now.in_request && !was.in_response && now.in_response && optional(old) {
            self.report(Impact::Breaking, "has no `Default` any more: responses contain it too");
        }
        let paired = pair_fields(&old.fields, &new.fields);
        for (was, now) in old.fields.iter().zip(&paired) {
            match now {
                Some(now) => {
                    self.field(was, now, doc_changes);
                    self.keys(was, now);
                    let name = format!("`{}`", now.name);
                    if self.was.in_request && self.now.in_request {
                        self.aliases((&was.name, &was.aliases), (&now.name, &now.aliases));
                        self.limits(&name, &was.limits, &now.limits);
                    }
                    doc_changes.compare_without(&name, (&was.docs, &was.limits), (&now.docs, &now.limits));
                }
                None => self.removed(was),
            }
        }
        for field in &new.fields {
            if !paired.iter().flatten().any(|seen| seen.name == field.name) {
                self.added(field);
            }
        }
        self.order(old, &paired, new);
        self.choices(old, new);
    }

    fn removed(&mut self, field: &Field) {
        let name = &field.name;
        let text = match (self.was.in_response, field.required) {
            (true, _) => format!("field `{name}` is removed"),
            (false, true) => format!("`new` no longer takes `{name}`"),
            (false, false) => format!("setter `{name}` is removed"),
        };
        self.report(Impact::Breaking, text);
    }

    fn added(&mut self, field: &Field) {
        let (was, now) = (self.was, self.now);
        let name = &field.name;
        let argument = format!("`new` also takes `{name}: {}`", types::new_argument(field, now.in_response));
        let text = match (now.in_response, field.required) {
            (true, _) => format!("field `{name}` (`{}`) is new", types::in_response(field)),
            (false, true) => argument.clone(),
            (false, false) => format!("setter `{name}` (`{}`) is new", types::setter_argument(field, false)),
        };
        match (was.in_request && now.in_request && field.required, now.in_response) {
            (true, true) => self.report(Impact::Breaking, format!("{text}, and {argument}")),
            (true, false) => self.report(Impact::Breaking, text),
            (false, _) => self.report(Impact::Additive, text),
        }
    }

    fn field(&mut self, was: &Field, now: &Field, doc_changes: &mut DocChanges) {
        let name = format!("`{}`", now.name);
        let stays = self.now.in_request && !self.now.in_response && Alias::is_among(&was.name, &now.aliases);
        let (causes, effects) = (self.causes(was, now), self.effects(was, now, stays));
        let cause = causes.join(" and ");
        match (was.name == now.name, effects.is_empty()) {
            (_, false) if cause.is_empty() => self.report(Impact::Breaking, format!("{name}: {}", effects.join("; "))),
            (_, false) => self.report(Impact::Breaking, format!("{name} {cause}: {}", effects.join("; "))),
            (false, true) if stays => {
                self.report(Impact::Additive, format!("{name} {cause}: the old name stays as a deprecated alias"));
                if was.wire_name != now.wire_name {
                    self.report(Impact::Behavior, sent_as(was, now));
                }
            }
            _ if was.wire_name != now.wire_name && !self.is_read() || was.dotted != now.dotted => {
                self.report(Impact::Behavior, format!("{name} {cause}: only the request differs"));
            }
            _ if causes.is_empty() => {}
            _ => doc_changes.fact(&name, format!("{}; nothing differs in Rust", cause.trim_start_matches("is "))),
        }
    }

    fn is_read(&self) -> bool {
        self.was.in_response && self.now.in_response
    }

    /// The keys of the field in JSON.
    fn keys(&mut self, was: &Field, now: &Field) {
        if !self.is_read() {
            return;
        }
        let keys = |field: &Field| {
            let former = field.aliases.iter().map(|alias| alias.wire_name.clone());
            std::iter::once(field.wire_name.clone()).chain(former).collect::<Vec<_>>()
        };
        let (before, after) = (keys(was), keys(now));
        if before != after {
            let is_lost = before.iter().any(|key| !after.contains(key));
            let impact = if is_lost { Impact::Behavior } else { Impact::Additive };
            let (before, after) = (before.join("` or `"), after.join("` or `"));
            self.report(impact, format!("`{}` is read from `{after}` (was `{before}`)", now.name));
        }
        if was.wire_name != now.wire_name && self.was.in_request && self.now.in_request {
            self.report(Impact::Behavior, sent_as(was, now));
        }
    }

    /// How the field changes in the spec.
    fn causes(&self, was: &Field, now: &Field) -> Vec<String> {
        let mut causes = Vec::new();
        if was.wire_name != now.wire_name && !(self.is_read() && was.name == now.name) {
            causes.push(format!("was `{}`", if was.name == now.name { &was.wire_name } else { &was.name }));
        }
        if was.ty != now.ty {
            let (before, after) = (types::plain(&was.ty), types::plain(&now.ty));
            causes.push(format!("is of type `{after}` (was `{before}`)"));
        }
        if was.dotted != now.dotted {
            causes.push(format!("is written as {}", if now.dotted { "dd.mm.yyyy" } else { "yyyy-mm-dd" }));
        }
        if was.nullable != now.nullable {
            causes.push(if now.nullable { "can be null" } else { "is never null" }.to_owned());
        }
        let (always, sometimes) =
            if self.now.in_request { ("is required", "is optional") } else { ("is always present", "can be missing") };
        if was.required != now.required {
            causes.push(if now.required { always } else { sometimes }.to_owned());
        }
        causes
    }

    /// How the change affects a program that uses the field.
    fn effects(&self, was: &Field, now: &Field, stays: bool) -> Vec<String> {
        let (old_too, new_too) = (self.was.in_response, self.now.in_response);
        let mut effects = Vec::new();
        let mut differs = |what: &str, before: String, after: String| {
            if before != after {
                effects.push(format!("{what} `{after}` (was `{before}`)"));
            }
        };
        if old_too && new_too {
            differs("the field is", types::in_response(was), types::in_response(now));
        }
        let both_sent = self.was.in_request && self.now.in_request;
        match (was.required, now.required) {
            _ if !both_sent => {}
            (true, true) => {
                let new = types::new_argument;
                differs("`new` takes", new(was, old_too), new(now, new_too));
            }
            (false, false) => {
                let setter = types::setter_argument;
                differs("the setter takes", setter(was, old_too), setter(now, new_too));
            }
            (true, false) => effects.push("a setter instead of an argument of `new`".to_owned()),
            (false, true) => effects.push("an argument of `new` instead of a setter".to_owned()),
        }
        let is_named = old_too && new_too || both_sent && !was.required && !now.required;
        if was.name != now.name && is_named && !stays {
            effects.push("the old name is removed".to_owned());
        }
        effects
    }

    /// The order of the arguments of `new`.
    fn order(&mut self, old: &Struct, paired: &[Option<&Field>], new: &Struct) {
        if !(self.was.in_request && self.now.in_request) {
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
            let text = format!("`new` takes its arguments in another order: ({}), was ({})", names(new), names(old));
            self.report(Impact::Breaking, text);
        }
    }

    fn choices(&mut self, old: &Struct, new: &Struct) {
        for was in &old.choices {
            match new.choices.iter().find(|now| now.name == was.name) {
                Some(now) if now.ty == was.ty => {}
                Some(now) => {
                    self.report(
                        Impact::Breaking,
                        format!("setter `{}` takes `{}` (was `{}`)", now.name, now.ty, was.ty),
                    );
                }
                None => self.report(Impact::Breaking, format!("setter `{}` is removed", was.name)),
            }
        }
        for now in new.choices.iter().filter(|now| old.choices.iter().all(|was| was.name != now.name)) {
            self.report(Impact::Additive, format!("setter `{}` (`{}`) is new", now.name, now.ty));
        }
    }
}

fn sent_as(was: &Field, now: &Field) -> String {
    format!("`{}` is sent as `{}` (was `{}`)", now.name, now.wire_name, was.wire_name)
}

/// The new field for each old one: of the same name, with the old name as an alias, or equal except for the name.
fn pair_fields<'n>(old: &[Field], new: &'n [Field]) -> Vec<Option<&'n Field>> {
    let alike = |a: &Field, b: &Field| {
        a.ty == b.ty && a.required == b.required && a.nullable == b.nullable && a.docs == b.docs && !a.docs.is_empty()
    };
    let has_alias = |now: &Field, was: &Field| {
        now.aliases.iter().any(|alias| alias.name == was.name || alias.wire_name == was.wire_name)
    };
    let is_gone = |was: &Field| new.iter().all(|now| now.wire_name != was.wire_name && !has_alias(now, was));
    let is_new = |now: &Field| old.iter().all(|was| was.wire_name != now.wire_name && !has_alias(now, was));
    let find = |was: &Field| {
        let same = new
            .iter()
            .find(|now| now.wire_name == was.wire_name)
            .or_else(|| new.iter().find(|now| now.name == was.name));
        same.or_else(|| new.iter().find(|now| has_alias(now, was))).or_else(|| {
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
