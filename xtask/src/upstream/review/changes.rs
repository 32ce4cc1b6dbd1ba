//! What they changed since the pin.

use std::collections::{BTreeMap, BTreeSet};

use weeek_codegen::diff::Impact;

use super::words::describe;
use super::{FOLLOWS, Item, Work, root};
use crate::upstream::compare::{Difference, NEW, PIN, Row};
use crate::upstream::model::Api;
use crate::upstream::weight;

impl Work<'_> {
    pub(super) fn new_items(&mut self) {
        self.names();
        let mut items: BTreeMap<String, Item> = BTreeMap::new();
        let mut changed: BTreeMap<&str, (&Row, Vec<Difference>)> = BTreeMap::new();
        for (place, row) in &self.table.rows {
            let differences = row.differences(PIN, NEW);
            if !differences.is_empty() {
                changed.insert(place, (row, differences));
            }
        }
        let renamed = renamed(&changed);
        for (from, to) in &renamed {
            let (row, _) = &changed[from];
            let mut item = self.item(to, format!("renamed, was `{from}`"), Some(row), [PIN, NEW]);
            item.places.insert((*from).to_owned());
            let weight = if row.response { Impact::Breaking } else { Impact::Behavior };
            self.decide(&mut item, weight, &["there"]);
            items.insert((*to).to_owned(), item);
        }
        let reported: BTreeSet<&str> = renamed.iter().flat_map(|(from, to)| [*from, *to]).collect();
        for (place, (row, differences)) in &changed {
            if reported.contains(place) {
                continue;
            }
            let mut item = self.item(place, describe(differences), Some(row), [PIN, NEW]);
            let weight = differences.iter().map(|difference| weight_of(place, row, difference)).max();
            let aspects: Vec<&str> = differences.iter().map(|difference| difference.aspect).collect();
            self.decide(&mut item, weight.unwrap_or(Impact::Docs), &aspects);
            items.insert((*place).to_owned(), item);
        }
        self.review.new.extend(items.into_values());
    }

    /// What has another name, and the named schemas that are new or removed.
    fn names(&mut self) {
        let (pin, new) = (&self.sides.pin.api, self.sides.new);
        let mut items = Vec::new();
        if pin.server != new.server {
            let text =
                format!("{}, was {}", new.server.as_deref().unwrap_or("none"), pin.server.as_deref().unwrap_or("none"));
            items.push(Item { weight: Some(Impact::Behavior), ..self.item("server", text, None, [PIN, NEW]) });
        }
        for (from, to) in &self.table.renames {
            if new.operations.contains_key(to) {
                let mut item = self.item(to, format!("moved, was `{from}`"), self.table.rows.get(from), [PIN, NEW]);
                item.disposition = self.sides.ours.operations.contains_key(to).then(|| FOLLOWS.to_owned());
                item.weight = item.disposition.is_none().then_some(Impact::Behavior);
                item.places.insert(from.clone());
                items.push(item);
            }
        }
        let (removed, added) = names(pin, new, &self.table.renames);
        let added = added.into_iter().map(|(to, from)| match &from[..] {
            [] => (to, "new schema".to_owned()),
            [one] => (to, format!("schema renamed, was `{one}`")),
            several => (to, format!("schemas merged, were `{}`", several.join("`, `"))),
        });
        for (name, text) in added.chain(removed.into_iter().map(|name| (name, "schema dropped".to_owned()))) {
            let mut item = self.item(&name, text, None, [PIN, NEW]);
            (item.weight, item.disposition) = (Some(Impact::Docs), Some("a name only".to_owned()));
            items.push(item);
        }
        self.review.new.extend(items);
        for (name, operation) in &new.operations {
            if pin.operations.get(name).is_some_and(|was| was.path != operation.path) {
                self.review.renamed_parameters.push(name.clone());
            }
        }
    }

    /// A change that our spec has already has no weight.
    fn decide(&self, item: &mut Item, weight: Impact, aspects: &[&str]) {
        item.disposition = self.disposition(&item.places, aspects);
        item.weight = (item.disposition.as_deref() != Some(FOLLOWS)).then_some(weight);
    }

    /// What our spec makes of a change of these aspects of a place.
    fn disposition(&self, places: &BTreeSet<String>, aspects: &[&str]) -> Option<String> {
        let mut reasons = BTreeSet::new();
        let matters = |aspect: &str| aspects.contains(&aspect) || aspects.contains(&"there");
        for place in places {
            let is_open =
                self.open.get(place.as_str()).is_some_and(|open| open.iter().any(|open| matters(open.aspect)));
            let entry = self.entries.iter().find(|entry| entry.at == *place && self.matches(entry));
            match entry.filter(|_| is_open) {
                Some(entry) => drop(reasons.insert(format!("explained by line {} of the departures", entry.line))),
                None if is_open => return None,
                None => {}
            }
            let rules = self.ruled.get(place.as_str()).into_iter().flatten();
            let rules = rules.filter(|(aspect, _)| aspects.contains(aspect));
            reasons.extend(rules.map(|(_, rule)| format!("explained by the rule {rule}")));
        }
        let reasons: Vec<String> = reasons.into_iter().collect();
        Some(if reasons.is_empty() { FOLLOWS.to_owned() } else { reasons.join(", ") })
    }
}

/// Properties and parameters that are removed where one of the same shape is added.
fn renamed<'a>(changed: &BTreeMap<&'a str, (&'a Row, Vec<Difference>)>) -> Vec<(&'a str, &'a str)> {
    let mut by_parent: BTreeMap<(&str, &str), [Vec<&'a str>; 2]> = BTreeMap::new();
    for (place, (row, differences)) in changed {
        let [Difference { aspect: "there", left, right }] = &differences[..] else { continue };
        if row.parent.is_empty() || left.is_some() == right.is_some() {
            continue;
        }
        // An operation has one success, with any content.
        let shape = if row.parent.ends_with(" success") { "" } else { &row.shape };
        let pair = by_parent.entry((&row.parent, shape)).or_default();
        pair[usize::from(left.is_none())].push(place);
    }
    let pairs = by_parent.into_values().filter_map(|[removed, added]| match (&removed[..], &added[..]) {
        ([from], [to]) => Some((*from, *to)),
        _ => None,
    });
    pairs.collect()
}

/// The schemas that are removed, and those that are new, each with those that it replaces.
fn names(pin: &Api, new: &Api, renames: &BTreeMap<String, String>) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let plain = |name: &str| name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    let mut added: BTreeMap<String, Vec<String>> = new
        .schemas
        .keys()
        .filter(|name| !pin.schemas.contains_key(*name))
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    let mut removed = Vec::new();
    for name in pin.schemas.keys().filter(|name| !new.schemas.contains_key(*name)) {
        let properties = |api: &Api, name: &str| api.schemas[name].children.keys().cloned().collect::<BTreeSet<_>>();
        let own = properties(pin, name);
        let similar = || {
            let same = |to: &&String| {
                let other = properties(new, to);
                plain(to) == plain(name)
                    || own.len() > 2 && own.intersection(&other).count() * 10 >= own.union(&other).count() * 7
            };
            added.keys().find(same).cloned()
        };
        let to = renames.get(name).cloned().or_else(similar);
        match to {
            Some(to) => added.entry(to).or_default().push(name.clone()),
            None => removed.push(name.clone()),
        }
    }
    (removed, added)
}

/// A new or removed operation has the weight of a new or removed function.
fn weight_of(place: &str, row: &Row, difference: &Difference) -> Impact {
    match (root(place) == place && place.contains(" /"), &difference.left) {
        (true, None) if difference.aspect == "there" => Impact::Additive,
        (true, Some(_)) if difference.aspect == "there" => Impact::Breaking,
        _ => weight::of(row, difference),
    }
}
