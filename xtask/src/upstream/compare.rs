//! Compares three documents place by place: the pin, the newer document, and our spec. All three are walked at the same time, so a
//! schema that has a name in one and is inline in another, or has another name, is still the same place.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{ASPECTS, Api, Facts, Node, OF_REFERENCE, Operation, Resolved, describe_facts};
use super::normal::without_lines;

/// The side of the last reviewed document.
pub const PIN: usize = 0;
/// The side of the newer one.
pub const NEW: usize = 1;
/// Our side.
pub const OURS: usize = 2;

/// What a side has at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// Something around the place is missing, and is reported itself.
    Unknown,
    /// The place is not there, and what is around it is.
    Absent,
    /// Its facts.
    Facts(Facts),
}

/// What a place is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// A place that has all its facts itself.
    #[default]
    Inline,
    /// A place that refers to a named schema.
    Reference,
    /// The same, where our spec has another type of value.
    OtherType,
    /// A named schema.
    Schema,
}

/// A place, and what the sides have there wherever it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Pin, new, ours, and the operations where this holds. A schema of theirs may stand for several of ours.
    pub seen: Vec<([Side; 3], BTreeSet<String>)>,
    kind: Kind,
    /// What is there and below, where only one of pin and new has it: a renamed property is known by it.
    pub shape: String,
    /// Our line.
    pub line: usize,
    /// Our named schema, such as `TaskId`.
    pub our_schema: Option<String>,
    /// Whether values of the place are sent.
    pub request: bool,
    /// Whether they are received.
    pub response: bool,
    /// The place around it.
    pub parent: String,
}

/// All places.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// By place.
    pub rows: BTreeMap<String, Row>,
    /// Operations and schemas that have another name now: the one of the pin, and the new one.
    pub renames: BTreeMap<String, String>,
    /// Our names for their schemas.
    pub ours: BTreeMap<String, String>,
}

/// One aspect of a place that differs between two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `there` where one side lacks the place.
    pub aspect: &'static str,
    /// None where the side has no such fact.
    pub left: Option<String>,
    /// None where the side has no such fact.
    pub right: Option<String>,
}

impl Row {
    /// What differs between two of the sides, by aspect.
    pub fn differences(&self, left: usize, right: usize) -> Vec<Difference> {
        if self.seen.iter().all(|(seen, _)| seen[left] == seen[right]) {
            return Vec::new();
        }
        let aspects = ["there"].into_iter().chain(ASPECTS).filter(|aspect| self.differs(left, right, aspect));
        let difference = |aspect| {
            let (left, right): (BTreeSet<_>, BTreeSet<_>) = self.pairs(left, right, aspect).unzip();
            Difference { aspect, left: join(left), right: join(right) }
        };
        aspects.map(difference).collect()
    }

    fn differs(&self, left: usize, right: usize, aspect: &str) -> bool {
        self.has(aspect)
            && self.seen.iter().any(|(seen, _)| match (&seen[left], &seen[right]) {
                (Side::Facts(left), Side::Facts(right)) => aspect != "there" && left.get(aspect) != right.get(aspect),
                (Side::Facts(_), Side::Absent) | (Side::Absent, Side::Facts(_)) => aspect == "there",
                _ => false,
            })
    }

    /// Whether they have added the place since the pin, and we lack it.
    pub fn is_new(&self) -> bool {
        self.seen.iter().any(|(seen, _)| matches!(seen, [Side::Absent, Side::Facts(_), Side::Absent]))
    }

    /// The operations in which two sides differ, or all where they don't.
    pub fn operations(&self, sides: [usize; 2]) -> BTreeSet<&str> {
        let names = |differ: bool| {
            let seen = self.seen.iter().filter(move |(seen, _)| (seen[sides[0]] != seen[sides[1]]) == differ);
            seen.flat_map(|(_, names)| names.iter().map(String::as_str)).collect::<BTreeSet<_>>()
        };
        let differing = names(true);
        if differing.is_empty() { names(false) } else { differing }
    }

    /// Whether a side has the place anywhere.
    pub fn is_on(&self, side: usize) -> bool {
        self.seen.iter().any(|(seen, _)| matches!(seen[side], Side::Facts(_)))
    }

    fn has(&self, aspect: &str) -> bool {
        aspect == "there"
            || match self.kind {
                Kind::Inline => true,
                Kind::Reference => OF_REFERENCE.contains(&aspect),
                Kind::OtherType => OF_REFERENCE.contains(&aspect) || aspect == "type",
                Kind::Schema => !OF_REFERENCE.contains(&aspect),
            }
    }

    fn pairs(&self, left: usize, right: usize, aspect: &str) -> impl Iterator<Item = (Option<String>, Option<String>)> {
        let value = move |side: &Side| match side {
            Side::Facts(facts) if aspect == "there" => Some(describe_facts(facts)),
            Side::Facts(facts) => facts.get(aspect).cloned(),
            Side::Absent | Side::Unknown => None,
        };
        self.seen.iter().map(move |(seen, _)| (&seen[left], &seen[right])).filter_map(move |(left, right)| {
            let known = *left != Side::Unknown && *right != Side::Unknown;
            let both = *left != Side::Absent && *right != Side::Absent;
            (known && both != (aspect == "there")).then(|| (value(left), value(right)))
        })
    }
}

/// One value, or all of them where a place has several.
fn join(values: BTreeSet<Option<String>>) -> Option<String> {
    let several = values.len() > 1;
    let values = values.into_iter().map(|value| value.or_else(|| several.then(|| "—".to_owned())));
    values.collect::<Option<Vec<_>>>().map(|values| values.join(" / "))
}

/// Walks the three documents.
pub fn compare(pin: &Api, new: &Api, ours: &Api) -> Table {
    let moved = moved(pin, new);
    let mut walk = Walk { apis: [pin, new, ours], table: Table::default(), visited: BTreeSet::new() };
    let names = [pin, new, ours].into_iter().flat_map(|api| api.operations.keys());
    let names: BTreeSet<&String> = names.filter(|name| !moved.values().any(|to| to == *name)).collect();
    for name in names {
        let to = moved.get(name).unwrap_or(name);
        let our = ours.operations.get(name).or_else(|| ours.operations.get(to));
        let operations = [pin.operations.get(name), new.operations.get(to), our];
        let steps = operations.map(|operation| operation.map_or(Step::Absent, |operation| Step::Node(&operation.node)));
        let at = At { operation: name, place: name.clone(), parent: String::new(), request: true };
        walk.visited.clear();
        let sides = walk.resolve(steps);
        walk.add(&at, Kind::Inline, steps, &sides);
        walk.children(&at, steps);
    }
    walk.table.renames.extend(moved);
    walk.unreached();
    walk.table
}

/// Operations of the pin that have another path now.
fn moved(pin: &Api, new: &Api) -> BTreeMap<String, String> {
    let gone = pin.operations.iter().filter(|(name, _)| !new.operations.contains_key(*name));
    let added: Vec<_> = new.operations.iter().filter(|(name, _)| !pin.operations.contains_key(*name)).collect();
    let mut pairs = Vec::new();
    for (name, operation) in gone {
        for (to, other) in &added {
            pairs.push((similarity(pin, (name, operation), new, (to, other)), name.clone(), (*to).clone()));
        }
    }
    pairs.retain(|(similarity, ..)| *similarity >= 60);
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.1, &a.2).cmp(&(&b.1, &b.2))));
    let mut moved = BTreeMap::new();
    for (_, name, to) in pairs {
        if !moved.contains_key(&name) && !moved.values().any(|known| *known == to) {
            moved.insert(name, to);
        }
    }
    moved
}

/// How similar two operations are, out of 100, by the words of their paths and by their facts. The method and the last word of the
/// path have to be the same.
fn similarity(pin: &Api, (name, old): (&str, &Operation), new: &Api, (to, other): (&str, &Operation)) -> usize {
    let words = |name: &str| {
        let words = name.split([' ', '/', '{', '}']).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let facts = |api: &Api, operation: &Operation| {
        let below = operation.node.children.iter().flat_map(|(key, child)| {
            let all = api.resolve(child).node.flat().into_iter();
            let all = all.flat_map(|(place, node)| {
                let below = api.resolve(node).node.flat().into_iter();
                below.map(|(rest, _)| format!("{key}{place}{rest}")).collect::<Vec<_>>()
            });
            all.collect::<Vec<_>>()
        });
        below.collect::<BTreeSet<_>>()
    };
    let (from, to) = (words(name), words(to));
    if from.first() != to.first() || from.last() != to.last() {
        return 0;
    }
    let in_common = |a: &BTreeSet<String>, b: &BTreeSet<String>| match a.union(b).count() {
        0 => 100,
        all => a.intersection(b).count() * 100 / all,
    };
    // A group of paths can move below another word.
    let is_below = from[1..].ends_with(&to[1..]) || to[1..].ends_with(&from[1..]);
    let paths = if is_below { 100 } else { in_common(&from.into_iter().collect(), &to.into_iter().collect()) };
    usize::midpoint(paths, in_common(&facts(pin, old), &facts(new, other)))
}

/// The kind of a value by what can be below it: places below values of two kinds can't be compared.
fn container(facts: &Facts) -> &str {
    let ty = facts.get("type").map_or("any", String::as_str);
    if matches!(ty, "object" | "array") { ty } else { "scalar" }
}

struct Walk<'a> {
    apis: [&'a Api; 3],
    table: Table,
    /// The schemas that were walked within the operation, because a schema can contain itself.
    visited: BTreeSet<(String, bool, [usize; 3])>,
}

#[derive(Clone)]
struct At<'p> {
    operation: &'p str,
    place: String,
    parent: String,
    request: bool,
}

/// One side of the comparison: a node, or the reason why it has no node.
#[derive(Clone, Copy)]
enum Step<'a> {
    Unknown,
    Absent,
    Node(&'a Node),
}

impl<'a> Step<'a> {
    fn child(self, key: &str) -> Self {
        match self {
            Step::Node(node) => node.children.get(key).map_or(Step::Absent, Step::Node),
            Step::Absent | Step::Unknown => Step::Unknown,
        }
    }

    fn node(self) -> Option<&'a Node> {
        if let Step::Node(node) = self { Some(node) } else { None }
    }
}

impl<'a> Walk<'a> {
    fn resolve(&self, steps: [Step<'a>; 3]) -> [Option<Resolved<'a>>; 3] {
        [PIN, NEW, OURS].map(|side| Some(self.apis[side].resolve(steps[side].node()?)))
    }

    fn add(&mut self, at: &At<'_>, kind: Kind, steps: [Step<'a>; 3], resolved: &[Option<Resolved<'a>>; 3]) {
        let row = self.table.rows.entry(at.place.clone()).or_default();
        row.kind = kind;
        row.parent.clone_from(&at.parent);
        row.request |= at.request;
        row.response |= !at.request;
        if let Some(node) = steps[OURS].node().filter(|_| row.line == 0) {
            row.line = node.line;
        }
        if let Some(name) = resolved[OURS].as_ref().and_then(|resolved| resolved.name) {
            row.our_schema = Some(name.to_owned());
        }
        if let (Some(only), None) | (None, Some(only)) = (&resolved[PIN], &resolved[NEW]) {
            row.shape = format!("{:?} {}", only.facts, without_lines(only.node));
        }
        let sides = [PIN, NEW, OURS].map(|side| match (&resolved[side], steps[side]) {
            (Some(resolved), _) => Side::Facts(resolved.facts.clone()),
            (None, Step::Absent) => Side::Absent,
            (None, _) => Side::Unknown,
        });
        match row.seen.iter_mut().find(|(seen, _)| *seen == sides) {
            Some((_, operations)) => drop(operations.insert(at.operation.to_owned())),
            None => row.seen.push((sides, BTreeSet::from([at.operation.to_owned()]))),
        }
    }

    fn node(&mut self, at: &At<'_>, steps: [Step<'a>; 3]) {
        let resolved = self.resolve(steps);
        // A place that only one side has is one difference, and so is one that is no longer published.
        if resolved[NEW].is_none() || resolved.iter().flatten().count() < 2 {
            return self.add(at, Kind::Inline, steps, &resolved);
        }
        let form = |side: usize| resolved[side].as_ref().map(|resolved| container(&resolved.facts));
        let below = [PIN, NEW, OURS].map(|side| match &resolved[side] {
            Some(resolved) if form(side) == form(NEW) => Step::Node(resolved.node),
            // A side that lacks the place, or has another kind of value, is not compared below it.
            _ => Step::Unknown,
        });
        let is_alike = |side: usize| resolved[side].is_none() || form(side) == form(NEW);
        let Some(name) = self.name(&resolved).filter(|_| is_alike(PIN)) else {
            self.add(at, Kind::Inline, steps, &resolved);
            return self.children(at, below);
        };
        if let Some(ours) = resolved[OURS].as_ref().and_then(|resolved| resolved.name).filter(|_| is_alike(OURS)) {
            self.table.ours.entry(name.clone()).or_insert_with(|| ours.to_owned());
        }
        self.add(at, if is_alike(OURS) { Kind::Reference } else { Kind::OtherType }, steps, &resolved);
        let pointers = below.map(|step| step.node().map_or(0, |node| std::ptr::from_ref(node) as usize));
        if self.visited.insert((name.clone(), at.request, pointers)) {
            let at = At { place: name, parent: String::new(), ..at.clone() };
            let resolved = self.resolve(below);
            self.add(&at, Kind::Schema, below, &resolved);
            self.children(&at, below);
        }
    }

    /// The name of the schema at a place: that of the pin, unless the new document has another schema of that name.
    fn name(&mut self, resolved: &[Option<Resolved<'a>>; 3]) -> Option<String> {
        let name = |side: usize| resolved[side].as_ref().and_then(|resolved| resolved.name);
        match (name(PIN), name(NEW)) {
            (Some(was), Some(now)) if was != now => {
                if self.apis[NEW].schemas.contains_key(was) {
                    return None;
                }
                self.table.renames.insert(was.to_owned(), now.to_owned());
                Some(was.to_owned())
            }
            (was, now) => was.or(now).map(str::to_owned),
        }
    }

    fn children(&mut self, at: &At<'_>, steps: [Step<'a>; 3]) {
        if steps[NEW].node().is_none() || steps.iter().filter_map(|step| step.node()).count() < 2 {
            return;
        }
        let nodes = steps.iter().filter_map(|step| step.node());
        let keys: BTreeSet<&str> = nodes.flat_map(|node| node.children.keys().map(String::as_str)).collect();
        for key in keys {
            let is_status = key.starts_with(' ') && !key.contains('.') && key != " body";
            let parent = match key.split_once('.') {
                Some((kind, _)) if kind.starts_with(' ') => format!("{}{kind}", at.place),
                None if key.starts_with(" 2") => format!("{} success", at.place),
                _ => at.place.clone(),
            };
            let place = format!("{}{key}", at.place);
            let at = At { place, parent, request: at.request && !is_status, ..at.clone() };
            // A form has no name, only a position: with another number of forms, they can't be compared.
            let forms = |step: Step<'a>| step.node().and_then(|node| node.facts.get("forms"));
            let has_form = |step: Step<'a>| !key.starts_with('|') || forms(step) == forms(steps[NEW]);
            self.node(&at, steps.map(|step| if has_form(step) { step.child(key) } else { Step::Unknown }));
        }
    }

    /// Schemas that no operation reaches are compared too.
    fn unreached(&mut self) {
        let [pin, new, _] = self.apis;
        for (name, was) in &pin.schemas {
            let Some(now) = new.schemas.get(self.table.renames.get(name).unwrap_or(name)) else { continue };
            if !self.table.rows.contains_key(name) {
                let steps = [Step::Node(was), Step::Node(now), Step::Unknown];
                let at = At { operation: "", place: name.clone(), parent: String::new(), request: true };
                let resolved = self.resolve(steps);
                self.add(&at, Kind::Schema, steps, &resolved);
                self.children(&at, steps);
            }
        }
    }
}
