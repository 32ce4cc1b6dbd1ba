//! The entries of `spec/departures.yaml`, each compared with what the sides have now.

use super::words::both_sides;
use super::{Item, Work, root};
use crate::upstream::compare::{NEW, OURS, PIN};
use crate::upstream::departures::Entry;
use crate::upstream::rules::RULES;

impl Work<'_> {
    /// An entry that has the new name of what is renamed already.
    pub(super) fn with_old_names(&self, entry: &Entry) -> Entry {
        let root = root(&entry.at);
        let renames = self
            .table
            .renames
            .iter()
            .filter(|(from, to)| *to == root && self.sides.pin.api.root(to).is_none() && *from != root);
        let mut places = renames.map(|(from, _)| entry.at.replacen(root, from, 1));
        let at = places.find(|place| self.table.rows.contains_key(place)).unwrap_or_else(|| entry.at.clone());
        Entry { at, ..entry.clone() }
    }

    pub(super) fn matches(&self, entry: &Entry) -> bool {
        let open = self.open.get(entry.at.as_str()).map(|differences| both_sides(differences));
        open.is_some_and(|(theirs, ours)| theirs == entry.upstream && ours == entry.ours) && !entry.why.is_empty()
    }

    pub(super) fn entries(&mut self) {
        let departures = self.sides.departures;
        for named in &departures.rules {
            let text = match RULES.iter().any(|rule| rule.name == named.rule) {
                false => "no such rule",
                true if named.why.is_empty() => "the rule has no reason yet",
                true if self.ruled.values().flatten().any(|(_, rule)| *rule == named.rule) => continue,
                true => "the rule explains nothing",
            };
            let item = Item { entry: Some(named.line), ..self.item(&named.rule, text.to_owned(), None, [NEW, OURS]) };
            self.review.stale.push(item);
        }
        for entry in &std::mem::take(&mut self.entries) {
            let row = self.table.rows.get(&entry.at);
            let item = |work: &Self, text: String| Item {
                entry: Some(entry.line),
                ..work.item(&entry.at, text, row, [NEW, OURS])
            };
            if let Some(name) = self.table.renames.get(root(&entry.at)) {
                self.review.renamed.push((entry.line, entry.at.replacen(root(&entry.at), name, 1)));
            }
            let reported = self.review.new.iter().position(|item| item.places.contains(&entry.at));
            let was_reported = reported.is_some_and(|at| self.review.new[at].text.starts_with("renamed"));
            if let Some(differences) = self.open.get(entry.at.as_str()).filter(|_| !was_reported) {
                let (theirs, ours) = both_sides(differences);
                if ours != entry.ours && theirs == entry.upstream {
                    self.review.refreshed.push((entry.line, ours.clone()));
                }
                let text = match (theirs == entry.upstream, ours == entry.ours) {
                    (true, true) if entry.why.is_empty() => "the entry has no reason yet".to_owned(),
                    (true, true) => continue,
                    (false, _) => format!("published: {theirs}; the entry has {}", entry.upstream),
                    (true, false) => format!("the spec has {ours}; the entry has {}", entry.ours),
                };
                let is_draft = entry.why.is_empty() && theirs == entry.upstream && ours == entry.ours;
                let item = item(self, text);
                let list = if is_draft { &mut self.review.unexplained } else { &mut self.review.moved };
                list.push(item);
            } else if was_reported || self.is_removed_around(&entry.at) {
                continue;
            } else if row.is_some_and(|row| !row.differences(PIN, OURS).is_empty()) {
                let item = item(self, format!("published now: {}", entry.ours));
                self.review.settled.push(item);
            } else {
                let known = row.is_some_and(|row| row.is_on(NEW) || row.is_on(OURS));
                let text = if known { "nothing differs here" } else { "there is no such place" };
                let item = item(self, text.to_owned());
                self.review.stale.push(item);
                continue;
            }
            if reported.is_some() {
                self.review.new.retain(|item| item.at != entry.at || item.text.starts_with("renamed"));
            }
        }
    }

    /// Whether the new document lacks what the place is in, which is reported as new.
    fn is_removed_around(&self, place: &str) -> bool {
        self.review.new.iter().any(|item| item.text.starts_with("removed") && is_within(place, &item.at))
    }
}

/// Whether a place is below another one.
fn is_within(place: &str, around: &str) -> bool {
    place.strip_prefix(around).is_some_and(|rest| rest.starts_with([' ', '.', '[', '{', '|']))
}
