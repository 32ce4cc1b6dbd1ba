//! The five lists: what is new, settled, moved, unexplained and stale.

use std::collections::{BTreeMap, BTreeSet};

use weeek_codegen::diff::Weight;

use super::compare::{self, Difference, NEW, OURS, PIN, Row, Table};
use super::departures::{Departures, Entry};
use super::model::{Api, absence, word};
use super::pin::Pin;
use super::rules::{Case, RULES};
use super::weight;

/// The disposition of a change that our spec has made before them.
const FOLLOWS: &str = "ours says so already";

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
    /// What is to be said of it.
    pub text: String,
    /// What following the change would mean for users of the client; none where there is nothing to follow.
    pub weight: Option<Weight>,
    /// What our spec makes of it: it says so already, an entry explains it, or nothing where somebody has to decide.
    pub disposition: Option<String>,
    /// The line of our spec that it concerns.
    pub line: Option<usize>,
    /// The functions of the client that it concerns.
    pub functions: Vec<String>,
    /// The line of the entry in `spec/departures.yaml`.
    pub entry: Option<usize>,
    /// Every place that is told of here.
    places: BTreeSet<String>,
}

/// The result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// What they changed since the pin.
    pub new: Vec<Item>,
    /// Entries where they say now what we say.
    pub settled: Vec<Item>,
    /// Entries where a side says something else than the entry has.
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
    /// Lines of entries, and what we say there now.
    pub said: Vec<(usize, String)>,
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
            ("settled", "Settled: they say what we say, so drop the entry", &self.settled),
            ("moved", "Moved: an entry no longer says what the sides say", &self.moved),
            ("unexplained", "Unexplained: ours differs and no entry says why", &self.unexplained),
            ("stale", "Stale: an entry or rule that matches nothing", &self.stale),
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

    fn operation_id(&self, place: &str) -> &'a str {
        let root = root(place);
        self.sides.ours.operations.get(root).and_then(|operation| operation.id.as_deref()).unwrap_or_default()
    }

    fn item(&self, at: &str, text: String, row: Option<&Row>) -> Item {
        let mut item = Item { at: at.to_owned(), text, places: BTreeSet::from([at.to_owned()]), ..Item::default() };
        if let Some(row) = row {
            item.line = self.line(at, row);
            let operations: BTreeSet<&str> =
                row.seen.iter().flat_map(|(_, operations)| operations.iter().map(String::as_str)).collect();
            let function = |operation: &str| {
                self.sides
                    .functions
                    .get(operation)
                    .or_else(|| self.sides.functions.get(self.table.renames.get(operation)?))
                    .cloned()
            };
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

    fn new_items(&mut self) {
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
            let mut item = self.item(to, format!("renamed, was `{from}`"), Some(row));
            item.places.insert((*from).to_owned());
            let weight = if row.response { Weight::Breaking } else { Weight::Wire };
            self.decide(&mut item, weight, &["there"]);
            items.insert((*to).to_owned(), item);
        }
        let told: BTreeSet<&str> = renamed.iter().flat_map(|(from, to)| [*from, *to]).collect();
        for (place, (row, differences)) in &changed {
            if told.contains(place) {
                continue;
            }
            let mut item = self.item(place, describe(differences), Some(row));
            let weight = differences.iter().map(|difference| weight_of(place, row, difference)).max();
            let aspects: Vec<&str> = differences.iter().map(|difference| difference.aspect).collect();
            self.decide(&mut item, weight.unwrap_or(Weight::Wording), &aspects);
            items.insert((*place).to_owned(), item);
        }
        self.review.new.extend(items.into_values());
    }

    /// What has another name, and the named schemas that come and go.
    fn names(&mut self) {
        let (pin, new) = (&self.sides.pin.api, self.sides.new);
        let mut items = Vec::new();
        if pin.server != new.server {
            let text =
                format!("{}, was {}", new.server.as_deref().unwrap_or("none"), pin.server.as_deref().unwrap_or("none"));
            items.push(Item { weight: Some(Weight::Wire), ..self.item("server", text, None) });
        }
        for (from, to) in &self.table.renames {
            if new.operations.contains_key(to) {
                let mut item = self.item(to, format!("moved, was `{from}`"), self.table.rows.get(from));
                item.disposition = self.sides.ours.operations.contains_key(to).then(|| FOLLOWS.to_owned());
                item.weight = item.disposition.is_none().then_some(Weight::Wire);
                item.places.insert(from.clone());
                items.push(item);
            }
        }
        let (gone, come) = names(pin, new, &self.table.renames);
        for (to, from) in come {
            let text = match &from[..] {
                [] => "new schema".to_owned(),
                [one] => format!("schema renamed, was `{one}`"),
                several => format!("schemas merged, were `{}`", several.join("`, `")),
            };
            items.push(Item {
                weight: Some(Weight::Wording),
                disposition: Some("a name only".to_owned()),
                ..self.item(&to, text, None)
            });
        }
        for name in gone {
            items.push(Item {
                weight: Some(Weight::Wording),
                disposition: Some("a name only".to_owned()),
                ..self.item(&name, "schema dropped".to_owned(), None)
            });
        }
        self.review.new.extend(items);
        for (name, operation) in &new.operations {
            if pin.operations.get(name).is_some_and(|was| was.path != operation.path) {
                self.review.renamed_parameters.push(name.clone());
            }
        }
    }

    /// What our spec says already weighs nothing.
    fn decide(&self, item: &mut Item, weight: Weight, aspects: &[&str]) {
        item.disposition = self.disposition(&item.places, aspects);
        item.weight = (item.disposition.as_deref() != Some(FOLLOWS)).then_some(weight);
    }

    /// An entry that has the new name of what is renamed already.
    fn with_old_names(&self, entry: &Entry) -> Entry {
        let root = root(&entry.at);
        let renames =
            self.table.renames.iter().filter(|(from, to)| *to == root && !self.sides.pin.api.has(to) && *from != root);
        let mut places = renames.map(|(from, _)| entry.at.replacen(root, from, 1));
        let at = places.find(|place| self.table.rows.contains_key(place)).unwrap_or_else(|| entry.at.clone());
        Entry { at, ..entry.clone() }
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

    fn matches(&self, entry: &Entry) -> bool {
        let open = self.open.get(entry.at.as_str()).map(|differences| spell_both(differences));
        open.is_some_and(|(theirs, ours)| theirs == entry.upstream && ours == entry.ours) && !entry.why.is_empty()
    }

    fn entries(&mut self) {
        let departures = self.sides.departures;
        for named in &departures.rules {
            let text = match RULES.iter().any(|rule| rule.name == named.rule) {
                false => "no such rule",
                true if named.why.is_empty() => "the rule has no reason yet",
                true if self.ruled.values().flatten().any(|(_, rule)| *rule == named.rule) => continue,
                true => "the rule explains nothing",
            };
            let item = Item { entry: Some(named.line), ..self.item(&named.rule, text.to_owned(), None) };
            self.review.stale.push(item);
        }
        for entry in &std::mem::take(&mut self.entries) {
            let row = self.table.rows.get(&entry.at);
            let item = |work: &Self, text: String| Item { entry: Some(entry.line), ..work.item(&entry.at, text, row) };
            if let Some(name) = self.table.renames.get(root(&entry.at)) {
                self.review.renamed.push((entry.line, entry.at.replacen(root(&entry.at), name, 1)));
            }
            let told = self.review.new.iter().position(|item| item.places.contains(&entry.at));
            let was_told = told.is_some_and(|at| self.review.new[at].text.starts_with("renamed"));
            if let Some(differences) = self.open.get(entry.at.as_str()).filter(|_| !was_told) {
                let (theirs, ours) = spell_both(differences);
                if ours != entry.ours && theirs == entry.upstream {
                    self.review.said.push((entry.line, ours.clone()));
                }
                let text = match (theirs == entry.upstream, ours == entry.ours) {
                    (true, true) if entry.why.is_empty() => "the entry has no reason yet".to_owned(),
                    (true, true) => continue,
                    (false, _) => format!("they say {theirs}, the entry has {}", entry.upstream),
                    (true, false) => format!("we say {ours}, the entry has {}", entry.ours),
                };
                let is_draft = entry.why.is_empty() && theirs == entry.upstream && ours == entry.ours;
                let item = item(self, text);
                let list = if is_draft { &mut self.review.unexplained } else { &mut self.review.moved };
                list.push(item);
            } else if was_told || self.is_removed_around(&entry.at) {
                continue;
            } else if row.is_some_and(|row| !row.differences(PIN, OURS).is_empty()) {
                let item = item(self, format!("they say {} now", entry.ours));
                self.review.settled.push(item);
            } else {
                let known = row.is_some_and(|row| row.is_on(NEW) || row.is_on(OURS));
                let text = if known { "nothing differs here" } else { "there is no such place" };
                let item = item(self, text.to_owned());
                self.review.stale.push(item);
                continue;
            }
            if told.is_some() {
                self.review.new.retain(|item| item.at != entry.at || item.text.starts_with("renamed"));
            }
        }
    }

    /// Whether the new document lacks what the place is in, which is told as new.
    fn is_removed_around(&self, place: &str) -> bool {
        self.review
            .new
            .iter()
            .any(|item| item.text.starts_with("removed") && place.starts_with(item.at.as_str()) && place != item.at)
    }

    fn unexplained(&mut self, entries: &BTreeSet<String>) {
        let told: BTreeSet<&str> =
            self.review.new.iter().flat_map(|item| item.places.iter().map(String::as_str)).collect();
        let mut items = Vec::new();
        for (place, differences) in &self.open {
            if entries.contains(*place) {
                continue;
            }
            let (upstream, ours) = spell_both(differences);
            let row = &self.table.rows[*place];
            if !told.contains(place) {
                items.push(self.item(place, format!("they say {upstream}, we say {ours}"), Some(row)));
            }
            let evidence = "inferred".to_owned();
            // An operation that we lack is adopted rather than explained.
            if !self.sides.new.operations.contains_key(*place) || row.is_on(OURS) {
                self.review.drafts.push(Entry {
                    at: (*place).to_owned(),
                    upstream,
                    ours,
                    evidence,
                    ..Entry::default()
                });
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

/// Properties and parameters that go where one alike comes.
fn renamed<'a>(changed: &BTreeMap<&'a str, (&'a Row, Vec<Difference>)>) -> Vec<(&'a str, &'a str)> {
    let mut by_parent: BTreeMap<(&str, &str), [Vec<&'a str>; 2]> = BTreeMap::new();
    for (place, (row, differences)) in changed {
        let [Difference { aspect: "there", left, right }] = &differences[..] else { continue };
        if row.parent.is_empty() || left.is_some() == right.is_some() {
            continue;
        }
        // An operation has one success, whatever it holds.
        let shape = if row.parent.ends_with(" success") { "" } else { &row.shape };
        let pair = by_parent.entry((&row.parent, shape)).or_default();
        pair[usize::from(left.is_none())].push(place);
    }
    let pairs = by_parent.into_values().filter_map(|[gone, come]| match (&gone[..], &come[..]) {
        ([from], [to]) => Some((*from, *to)),
        _ => None,
    });
    pairs.collect()
}

/// Schemas that are gone, and those that come, with those that they were.
fn names(pin: &Api, new: &Api, renames: &BTreeMap<String, String>) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let plain = |name: &str| name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    let mut come: BTreeMap<String, Vec<String>> = new
        .schemas
        .keys()
        .filter(|name| !pin.schemas.contains_key(*name))
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    let mut gone = Vec::new();
    for name in pin.schemas.keys().filter(|name| !new.schemas.contains_key(*name)) {
        let properties = |api: &Api, name: &str| api.schemas[name].children.keys().cloned().collect::<BTreeSet<_>>();
        let own = properties(pin, name);
        let alike = || {
            let same = |to: &&String| {
                let other = properties(new, to);
                plain(to) == plain(name)
                    || own.len() > 2 && own.intersection(&other).count() * 10 >= own.union(&other).count() * 7
            };
            come.keys().find(same).cloned()
        };
        let to = renames.get(name).cloned().or_else(alike);
        match to {
            Some(to) => come.entry(to).or_default().push(name.clone()),
            None => gone.push(name.clone()),
        }
    }
    (gone, come)
}

/// `optional, was required; string, was integer`
fn describe(differences: &[Difference]) -> String {
    let say = |difference: &Difference| {
        let Difference { aspect, left, right } = difference;
        let facts = |side: &Option<String>| {
            side.as_deref().filter(|facts| !facts.is_empty()).map(|facts| format!(": {facts}")).unwrap_or_default()
        };
        match (*aspect, left, right) {
            ("there", None, _) => format!("added{}", facts(right)),
            ("there", _, None) => format!("removed{}", facts(left)),
            _ => {
                let (theirs, ours) = spell_one(difference);
                format!("{ours}, was {theirs}")
            }
        }
    };
    differences.iter().map(say).collect::<Vec<_>>().join("; ")
}

fn spell_one(difference: &Difference) -> (String, String) {
    let say = |side: &Option<String>| match (difference.aspect, side.as_deref()) {
        ("there", None) => "absent".to_owned(),
        ("there", Some("")) => "there".to_owned(),
        ("there", Some(facts)) => facts.to_owned(),
        (aspect, Some(value)) => word(aspect, value),
        (aspect, None) => absence(aspect),
    };
    (say(&difference.left), say(&difference.right))
}

/// What the sides say of a place, as far as it differs.
fn spell_both(differences: &[Difference]) -> (String, String) {
    let (left, right): (Vec<_>, Vec<_>) = differences.iter().map(spell_one).unzip();
    (left.join(", "), right.join(", "))
}

/// A whole operation weighs what a function weighs.
fn weight_of(place: &str, row: &Row, difference: &Difference) -> Weight {
    match (root(place) == place && place.contains(" /"), &difference.left) {
        (true, None) if difference.aspect == "there" => Weight::Additive,
        (true, Some(_)) if difference.aspect == "there" => Weight::Breaking,
        _ => weight::of(row, difference),
    }
}
