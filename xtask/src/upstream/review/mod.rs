//! The five lists: what is new, settled, moved, unexplained and stale.

mod changes;
mod entries;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use weeek_codegen::diff::Impact;

use self::words::both_sides;
use super::compare::{self, Difference, NEW, OURS, Row, Table};
use super::departures::{Departures, Entry};
use super::model::Api;
use super::pin::Pin;
use super::rules::{Case, RULES};

/// The disposition of a change that our spec has made before them.
const FOLLOWS: &str = "the spec has it already";

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// The last reviewed document.
    pub pin: &'a Pin,
    /// The newer one.
    pub new: &'a Api,
    /// Our spec.
    pub ours: &'a Api,
    /// What differs on purpose.
    pub departures: &'a Departures,
    /// The functions of the client by operation: `GET /ws/tags` is `tags().list`.
    pub functions: &'a BTreeMap<String, String>,
}

/// Something to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The place, in terms of the published document.
    pub at: String,
    /// The change or difference in words.
    pub text: String,
    /// What following the change would mean for users of the client; none where there is nothing to follow.
    pub weight: Option<Impact>,
    /// Why there is nothing to decide: the spec has it already, an entry explains it, or none.
    pub disposition: Option<String>,
    /// The line of our spec that it concerns.
    pub line: Option<usize>,
    /// The functions of the client that it concerns.
    pub functions: Vec<String>,
    /// The line of the entry in `spec/departures.yaml`.
    pub entry: Option<usize>,
    /// Every place that this item reports.
    places: BTreeSet<String>,
}

/// The result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// What they changed since the pin.
    pub new: Vec<Item>,
    /// Entries where the published document agrees with the spec now.
    pub settled: Vec<Item>,
    /// Entries where a side has something else than the entry.
    pub moved: Vec<Item>,
    /// Differences without an entry, and entries without a reason.
    pub unexplained: Vec<Item>,
    /// Entries and rules that match nothing.
    pub stale: Vec<Item>,
    /// Operations whose path parameters alone have other names.
    pub renamed_parameters: Vec<String>,
    /// What is wrong with the new document itself.
    pub defects: Vec<String>,
    /// Entries for what has none yet; the reason is for a person to give.
    pub drafts: Vec<Entry>,
    /// Lines of entries, and what the spec has there now.
    pub refreshed: Vec<(usize, String)>,
    /// Lines of entries, and where their places are now.
    pub renamed: Vec<(usize, String)>,
    /// How many differences there are between the new document and ours.
    pub differences: usize,
    /// How many of them no rule explains.
    pub remaining: usize,
}

impl Review {
    /// Compares the sides.
    pub fn of(sides: Sides<'_>) -> Self {
        let table = compare::compare(&sides.pin.api, sides.new, sides.ours);
        let mut work = Work {
            sides,
            table: &table,
            review: Self::default(),
            entries: Vec::new(),
            ruled: BTreeMap::new(),
            open: BTreeMap::new(),
        };
        work.entries = sides.departures.entries.iter().map(|entry| work.with_old_names(entry)).collect();
        work.explain();
        let places = work.entries.iter().map(|entry| entry.at.clone()).collect();
        work.new_items();
        work.entries();
        work.unexplained(&places);
        work.finish()
    }

    /// The lists under their titles.
    pub fn lists(&self) -> [(&'static str, &'static str, &[Item]); 5] {
        [
            ("new", "New since the pin", &self.new),
            ("settled", "Settled: the published document agrees, drop the entry", &self.settled),
            ("moved", "Moved: a side changed what the entry has", &self.moved),
            ("unexplained", "Unexplained: the spec differs without a reason", &self.unexplained),
            ("stale", "Stale: the entry or rule matches nothing", &self.stale),
        ]
    }

    /// Whether there is nothing to look at.
    pub fn is_clean(&self) -> bool {
        self.lists().iter().all(|(.., items)| items.is_empty())
    }
}

struct Work<'a> {
    sides: Sides<'a>,
    table: &'a Table,
    review: Review,
    /// The entries, with the names that the pin has for their places.
    entries: Vec<Entry>,
    /// By place: the aspects that rules explain there, and which.
    ruled: BTreeMap<&'a str, Vec<(&'static str, &'static str)>>,
    /// By place: how the new document and ours differ, rules aside.
    open: BTreeMap<&'a str, Vec<Difference>>,
}

impl<'a> Work<'a> {
    fn explain(&mut self) {
        let named: BTreeSet<&str> = self.sides.departures.rules.iter().map(|named| named.rule.as_str()).collect();
        for (place, row) in &self.table.rows {
            let mut differences = row.differences(NEW, OURS);
            self.review.differences += differences.len();
            if self.is_only_ours(place) {
                continue;
            }
            let operation = self.operation_id(place);
            differences.retain(|difference| {
                let case = Case { place, row, difference, operation };
                let rule = RULES.iter().find(|rule| named.contains(rule.name) && (rule.explains)(&case));
                if let Some(rule) = rule {
                    self.ruled.entry(place).or_default().push((difference.aspect, rule.name));
                }
                rule.is_none()
            });
            self.review.remaining += differences.len();
            if !differences.is_empty() {
                self.open.insert(place, differences);
            }
        }
    }

    /// Whether the place is an operation that Weeek never published. It needs no entry: the spec describes it with its evidence.
    fn is_only_ours(&self, place: &str) -> bool {
        let Sides { pin, new, ours, .. } = &self.sides;
        let is_published = pin.api.operations.contains_key(place) || new.operations.contains_key(place);
        ours.operations.contains_key(place) && !is_published
    }

    fn operation_id(&self, place: &str) -> &'a str {
        let root = root(place);
        self.sides.ours.operations.get(root).and_then(|operation| operation.id.as_deref()).unwrap_or_default()
    }

    /// An item for a difference between two sides.
    fn item(&self, at: &str, text: String, row: Option<&Row>, sides: [usize; 2]) -> Item {
        let mut item = Item { at: at.to_owned(), text, places: BTreeSet::from([at.to_owned()]), ..Item::default() };
        if let Some(row) = row {
            item.line = self.line(at, row);
            let operations = row.operations(sides);
            let (functions, renames) = (self.sides.functions, &self.table.renames);
            let function = |name: &str| functions.get(name).or_else(|| functions.get(renames.get(name)?)).cloned();
            item.functions = operations.into_iter().filter_map(function).collect();
        }
        item
    }

    /// Our line of a place, or of what is around it.
    fn line(&self, at: &str, row: &Row) -> Option<usize> {
        let mut row = row;
        for _ in 0..8 {
            if row.line > 0 {
                return Some(row.line);
            }
            row = self.table.rows.get(&row.parent).or_else(|| self.table.rows.get(root(at)))?;
        }
        None
    }

    fn unexplained(&mut self, entries: &BTreeSet<String>) {
        let reported: BTreeSet<&str> =
            self.review.new.iter().flat_map(|item| item.places.iter().map(String::as_str)).collect();
        let mut items = Vec::new();
        for (place, differences) in self.open.iter().filter(|(place, _)| !entries.contains(**place)) {
            let ((upstream, ours), row) = (both_sides(differences), &self.table.rows[*place]);
            if !reported.contains(place) {
                let text = format!("published: {upstream}; in the spec: {ours}");
                items.push(self.item(place, text, Some(row), [NEW, OURS]));
            }
            // An operation that we lack is adopted rather than explained.
            if !self.sides.new.operations.contains_key(*place) || row.is_on(OURS) {
                let (at, evidence) = ((*place).to_owned(), "inferred".to_owned());
                self.review.drafts.push(Entry { at, upstream, ours, evidence, ..Entry::default() });
            }
        }
        self.review.unexplained.extend(items);
    }

    fn finish(mut self) -> Review {
        self.review.defects = self.sides.new.defects.iter().cloned().collect();
        let rank = |item: &Item| (std::cmp::Reverse(item.weight), item.at.clone());
        self.review.new.sort_by_key(rank);
        self.review
    }
}

/// The operation or schema that a place starts with.
pub fn root(place: &str) -> &str {
    let method = place.split(' ').next().unwrap_or_default();
    if !method.is_empty() && method.chars().all(|letter| letter.is_ascii_uppercase()) && place.contains(" /") {
        let end = place.match_indices(' ').nth(1).map_or(place.len(), |(at, _)| at);
        return &place[..end];
    }
    place.split(['.', '[', '{', '|']).next().unwrap_or(place)
}
