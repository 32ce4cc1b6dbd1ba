//! House-style YAML for operations that our spec lacks: everything that the published document states, in the place and the form
//! that the house gives it. What only a person knows, such as descriptions, is left out, and `cargo xtask lint` asks for it.

mod bodies;
mod insert;
mod names;
mod samples;
mod schemas;
mod skeleton;
mod yaml;

use std::collections::BTreeMap;

use self::insert::Draft;
use self::names::{Named, lower_first, plural, singular, upper_first, words};
use self::samples::Samples;
use self::yaml::Yaml;
use super::compare::{self, Row, Table};
use super::departures::Departures;
use super::model::{self, Api, Node, Operation};
use super::{normal, review};
use crate::yaml::Part;

/// Our spec with drafts of what the published document adds: operations that it lacks, and properties and parameters that are new
/// since the pin. What it lacks on purpose has an entry, and is left out.
pub fn adopt(spec: &str, pin: &Api, new: &Api, departures: &Departures) -> Result<String, String> {
    let has_entry = |place: &str| departures.entries.iter().any(|entry| entry.at == place);
    let ours = normal::read(spec)?;
    let table = compare::compare(pin, new, &ours);
    let missing = |name: &&String| {
        let was = table.renames.iter().find(|(_, to)| to == name).map(|(from, _)| from);
        !has_entry(name)
            && !ours.operations.contains_key(*name)
            && !was.is_some_and(|was| ours.operations.contains_key(was))
    };
    let mut names: Vec<&String> = new.operations.keys().filter(missing).collect();
    names.sort_by_key(|name| name.split_once(' ').map(|(_, path)| path));
    let root = Part::read(spec)?;
    let mut drafter = Drafter::new(&root, &ours, new, table.ours.clone());
    for name in names {
        drafter.operation(name, None)?;
    }
    for (place, row) in table.rows.iter().filter(|(place, row)| row.is_new() && !has_entry(place)) {
        drafter.part(&table, place, row);
    }
    Ok(drafter.draft.insert(spec))
}

/// Our spec with a draft of one published operation, such as `POST /tm/sprints` as `sprints.create`.
pub fn add(spec: &str, published: &Api, name: &str, id: &str) -> Result<String, String> {
    add_with(spec, published, name, id, Some("documented"))
}

fn add_with(
    spec: &str,
    published: &Api,
    name: &str,
    id: &str,
    evidence: Option<&'static str>,
) -> Result<String, String> {
    let (ours, name) = (normal::read(spec)?, model::shape(name));
    if ours.operations.contains_key(&name) {
        return Err(format!("the spec has `{name}` already"));
    }
    let table = compare::compare(published, published, &ours);
    let root = Part::read(spec)?;
    let mut drafter = Drafter { evidence, ..Drafter::new(&root, &ours, published, table.ours) };
    drafter.operation(&name, Some(id))?;
    Ok(drafter.draft.insert(spec))
}

/// Our spec with a draft of an operation that no document describes. A person adds what is known, and the evidence.
pub fn draft(spec: &str, method: &str, path: &str, id: &str) -> Result<String, String> {
    add_with(spec, &skeleton::of(method, path, id)?, &format!("{method} {path}"), id, None)
}

struct Drafter<'a> {
    root: &'a Part,
    ours: &'a Api,
    new: &'a Api,
    /// Our names for their schemas.
    names: BTreeMap<String, String>,
    /// Our named scalars by property, type and values: `projectId`, `integer` is `ProjectId`.
    references: BTreeMap<(String, String, Option<String>), String>,
    samples: Samples,
    draft: Draft,
    /// The evidence of what is drafted; `None` leaves it to a person.
    evidence: Option<&'static str>,
}

type Entries = Vec<(String, Yaml)>;

fn entry(key: &str, value: Yaml) -> (String, Yaml) {
    (key.to_owned(), value)
}

impl<'a> Drafter<'a> {
    fn new(root: &'a Part, ours: &'a Api, new: &'a Api, names: BTreeMap<String, String>) -> Self {
        let mut references = BTreeMap::new();
        for (place, node) in ours.schemas.values().flat_map(Node::flat) {
            let resolved = ours.resolve(node);
            let property = place.rsplit('.').next().unwrap_or_default().to_owned();
            let values = resolved.facts.get("enum").cloned();
            if let (Some(name), Some(ty)) = (resolved.name, resolved.facts.get("type")) {
                references.entry((property, ty.clone(), values)).or_insert_with(|| name.to_owned());
            }
        }
        Self {
            root,
            ours,
            new,
            names,
            references,
            samples: Samples::of(root),
            draft: Draft::of(root),
            evidence: Some("documented"),
        }
    }

    fn operation(&mut self, name: &str, id: Option<&str>) -> Result<(), String> {
        let published =
            self.new.operations.get(name).ok_or_else(|| format!("`{name}` is not in the published document"))?;
        let (method, shape) = name.split_once(' ').unwrap_or_default();
        let named = self.named(method, shape, id);
        let path = self.path(published, &named);
        let mut entries = vec![entry("tags", Yaml::List(vec![Yaml::text(&named.tag)]))];
        entries.push(entry("operationId", Yaml::text(&named.id())));
        entries.extend(named.summary().map(|summary| entry("summary", Yaml::text(&summary))));
        if published.node.facts.contains_key("deprecated") {
            entries.push(entry("deprecated", Yaml::plain(&true)));
        }
        entries.extend(self.evidence.map(|evidence| entry("x-weeek-evidence", Yaml::text(evidence))));
        let children = &published.node.children;
        let queries: Vec<_> =
            children.iter().filter_map(|(key, node)| Some((key.strip_prefix(" query.")?, node))).collect();
        entries.extend(self.paging(&queries, children));
        let mut parameters: Vec<Yaml> = Vec::new();
        for parameter in path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)) {
            parameters.push(Yaml::reference("parameters", &upper_first(parameter)));
        }
        for (name, node) in &queries {
            parameters.push(self.query(name, node));
        }
        let has_input = !queries.is_empty() || children.contains_key(" body");
        let has_ids = path.contains('{');
        if !parameters.is_empty() {
            entries.push(entry("parameters", Yaml::Items(parameters)));
        }
        if let Some(body) = children.get(" body").filter(|body| body.facts.get("type").is_none_or(|ty| ty != "nothing"))
        {
            entries.push(entry("requestBody", self.body(body, &named)));
        }
        let mut responses = Entries::new();
        for (key, node) in children.iter().filter(|(key, _)| key.starts_with(" 2")) {
            let response = self.response(node, &named);
            responses.push(entry(key.trim(), Yaml::reference("responses", &response)));
        }
        for (status, response, holds) in [
            ("400", "ModelNotFound", has_ids),
            ("401", "Unauthenticated", true),
            ("403", "Forbidden", true),
            ("404", "RecordNotFound", has_ids),
            ("422", "Invalid", has_input),
        ] {
            if holds && self.root.at(&format!("#/components/responses/{response}")).is_some() {
                responses.push(entry(status, Yaml::reference("responses", response)));
            }
        }
        entries.push(entry("responses", Yaml::Block(responses)));
        self.draft.operation(&named.tag, &path, &method.to_lowercase(), Yaml::Block(entries));
        Ok(())
    }

    /// The tag, resource and verb of an operation: those of a family that we have, or a new family's.
    fn named(&mut self, method: &str, shape: &str, id: Option<&str>) -> Named {
        let segments: Vec<&str> = shape.split('/').filter(|segment| !segment.is_empty()).collect();
        let family = format!("/{}", segments[..segments.len().min(2)].join("/"));
        let known = self
            .ours
            .operations
            .iter()
            .filter(|(_, operation)| operation.path == family || operation.path.starts_with(&format!("{family}/")));
        let tags = self.root.get("tags").map(Part::items).unwrap_or_default();
        let common = |operation: &Operation| {
            let ours = model::shape(&operation.path);
            ours.split('/').zip(shape.split('/')).take_while(|(a, b)| a == b).count()
        };
        let nearest = known.max_by_key(|(_, operation)| (common(operation), std::cmp::Reverse(operation.path.len())));
        let id_of = |operation: &'a Operation| operation.id.as_deref();
        let owner = id.or_else(|| nearest.and_then(|(_, operation)| id_of(operation)));
        let owner = owner.and_then(|id| id.split_once('.')).map(|(owner, _)| owner);
        let owns = |tag: &&Part| tag.text_at("name").is_some_and(|name| owner == Some(&lower_first(&words(name))));
        let (tag, resource) = match tags.iter().find(owns) {
            Some(tag) => (tag.text_at("name").unwrap_or_default(), tag.text_at("x-weeek-resource").unwrap_or_default()),
            None => ("", ""),
        };
        let (tag, resource) = if tag.is_empty() {
            let last = segments.get(1).or(segments.first()).copied().unwrap_or("things");
            let resource = upper_first(&words(&singular(last)));
            let area = match segments.first() {
                Some(&"tm") => "task-manager",
                Some(&"crm") => "crm",
                _ => "workspace",
            };
            let tag = upper_first(&plural(&singular(last)).replace(['-', '_'], " "));
            self.draft.tag(&tag, &resource, area);
            (tag, resource)
        } else {
            (tag.to_owned(), resource.to_owned())
        };
        Named::new(tag, resource, method, segments.get(2..).unwrap_or_default(), id)
    }

    /// The path with our names for its parameters; what identifies something new becomes a parameter and a type.
    fn path(&mut self, published: &Operation, named: &Named) -> String {
        let mut path = String::new();
        let mut position = 0;
        for segment in published.path.split('/').skip(1) {
            if !segment.starts_with('{') {
                path = format!("{path}/{segment}");
                continue;
            }
            position += 1;
            let prefix = format!("{path}/{{");
            let known = self
                .ours
                .operations
                .values()
                .find_map(|operation| operation.path.strip_prefix(&prefix)?.split('}').next());
            let before = singular(path.rsplit('/').find(|segment| !segment.starts_with('{')).unwrap_or_default());
            let own = upper_first(&words(&before));
            let own = if own.starts_with(&named.resource) { own } else { format!("{}{own}", named.resource) };
            let name = known.map_or_else(|| format!("{}Id", lower_first(&own)), str::to_owned);
            if known.is_none() {
                let schema = published.node.children.get(&format!(" path.{position}"));
                self.id(&named.tag, &name, &before, schema);
            }
            if known.is_none() && self.root.at(&format!("#/components/parameters/{}", upper_first(&name))).is_none() {
                let parameter = vec![
                    entry("name", Yaml::text(&name)),
                    entry("in", Yaml::text("path")),
                    entry("required", Yaml::plain(&true)),
                    entry("description", Yaml::text(&format!("The {}.", before.replace(['-', '_'], " ")))),
                    entry("schema", Yaml::reference("schemas", &upper_first(&name))),
                ];
                self.draft.component("parameters", &named.tag, &upper_first(&name), Yaml::Block(parameter));
            }
            path = format!("{path}/{{{name}}}");
        }
        path
    }

    fn paging(&self, queries: &[(&str, &Node)], children: &BTreeMap<String, Node>) -> Option<(String, Yaml)> {
        let has = |name: &str| queries.iter().any(|(query, _)| *query == name);
        let limit = ["limit", "perPage"].into_iter().find(|name| has(name)).filter(|_| has("offset"))?;
        let mut paging = vec![entry("limit", Yaml::text(limit)), entry("offset", Yaml::text("offset"))];
        let envelope = self.new.resolve(children.get(" 200")?).node;
        let more =
            envelope.children.keys().find_map(|key| key.strip_prefix('.').filter(|key| key.starts_with("hasMore")));
        // The keys of the operations that already have pages.
        let (flag, size) = self.samples.paging_keys();
        paging.extend(more.map(|more| entry(&flag, Yaml::text(more))));
        paging.push(entry(&size, Yaml::plain(&100)));
        Some(entry("x-weeek-paging", Yaml::Flow(paging)))
    }

    fn query(&mut self, name: &str, node: &Node) -> Yaml {
        let shared = self.root.at(&format!("#/components/parameters/{}", upper_first(name)));
        if shared.is_some_and(|shared| shared.text_at("name") == Some(name) && shared.text_at("in") == Some("query")) {
            return Yaml::reference("parameters", &upper_first(name));
        }
        let facts = self.new.resolve(node).facts;
        let is_list = facts.get("type").is_some_and(|ty| ty == "array");
        let name = if is_list { format!("{name}[]") } else { name.to_owned() };
        let mut parameter = vec![entry("name", Yaml::text(&name)), entry("in", Yaml::text("query"))];
        if facts.contains_key("required") {
            parameter.push(entry("required", Yaml::plain(&true)));
        }
        if is_list {
            parameter.extend([entry("style", Yaml::text("form")), entry("explode", Yaml::plain(&true))]);
        }
        parameter.push(entry("schema", self.schema(name.trim_end_matches("[]"), node, None)));
        Yaml::Block(parameter)
    }

    /// A property of an object, or a parameter of an operation, that we have.
    fn part(&mut self, table: &Table, place: &str, row: &Row) {
        let Some(name) = place.strip_prefix(row.parent.as_str()).and_then(|rest| rest.strip_prefix('.')) else {
            return;
        };
        let root = review::root(place);
        let keys = model::keys(&place[root.len()..]);
        let Some(node) = self.new.root(table.renames.get(root).map_or(root, String::as_str)) else { return };
        let found = keys.iter().try_fold(node, |node, key| self.new.resolve(node).node.children.get(key));
        let Some(node) = found else { return };
        if let Some(owner) = row.parent.strip_suffix(" query") {
            let Some(operation) = self.ours.operations.get(owner) else { return };
            let mut parameter = self.query(name, node);
            if let Yaml::Block(entries) = &mut parameter {
                entries.push(entry("x-weeek-evidence", Yaml::text("documented")));
            }
            let method = owner.split(' ').next().unwrap_or_default().to_lowercase();
            return self.draft.parameter(&operation.path, &method, parameter);
        }
        let parent = table.rows.get(&row.parent).and_then(|parent| parent.our_schema.clone());
        let Some(owner) = table.ours.get(&row.parent).cloned().or(parent) else { return };
        // The evidence of the rest does not hold for this one.
        let mut schema = match self.schema(name.trim_matches('"'), node, None) {
            Yaml::Flow(entries) if entries[..].iter().all(|(key, _)| key != "$ref") => entries,
            reference => vec![entry("allOf", Yaml::List(vec![reference]))],
        };
        schema.push(entry("x-weeek-evidence", Yaml::text("documented")));
        let schema = Yaml::Flow(schema);
        let is_required = self.new.resolve(node).facts.contains_key("required");
        self.draft.property(&owner, name.trim_matches('"'), schema, is_required);
    }
}
