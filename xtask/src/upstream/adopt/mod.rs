//! Drafts of operations that our spec lacks: everything that the published document states, at the place and in the style of our
//! spec. What only a person knows, such as descriptions, is left out, and `cargo xtask lint` reports that it is missing.

mod bodies;
mod insert;
mod names;
mod samples;
mod schemas;
mod skeleton;
mod yaml;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use self::insert::Draft;
use self::names::{Named, lower_first, plural, singular, upper_first, words};
use self::samples::Samples;
use self::yaml::{Entries, Yaml, entry};
use super::compare::{self, Row, Table};
use super::departures::Departures;
use super::model::{self, Api, Node, Operation};
use super::{normal, review};
use crate::yaml::Part;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Our spec with drafts of what the published document adds: operations that it lacks, and properties and parameters that are new
/// since the pin. What it lacks on purpose has an entry, and is left out.
pub fn adopt(spec: &str, pin: &Api, new: &Api, departures: &Departures) -> Result<String, String> {
    let has_entry = |place: &str| departures.entries.iter().any(|entry| entry.at == place);
    let ours = normal::read(spec)?;
    let table = compare::compare(pin, new, &ours);
    let missing = |name: &&String| {
        let was = table.renames.iter().find(|(_, to)| to == name).map(|(from, _)| from);
        !has_entry(name) && ![Some(*name), was].iter().flatten().any(|name| ours.operations.contains_key(*name))
    };
    let has_names = |name: &&String| is_path(&new.operations[*name].path);
    let mut names: Vec<&String> = new.operations.keys().filter(missing).filter(has_names).collect();
    names.sort_by_key(|name| {
        let (method, path) = name.split_once(' ').unwrap_or_default();
        (path, METHODS.iter().position(|known| *known == method))
    });
    let root = Part::read(spec)?;
    let mut drafter = Drafter::new(spec, &root, &ours, new, table.ours.clone());
    for name in names {
        drafter.operation(name, None)?;
    }
    for (place, row) in table.rows.iter().filter(|(place, row)| row.is_new() && !has_entry(place)) {
        drafter.part(&table, place, row);
    }
    Ok(drafter.draft.into_text())
}

/// Whether each segment of a path is a word or a whole parameter. Names are made of these.
pub fn is_path(path: &str) -> bool {
    let is_word = |word: &str| {
        word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
            && word.contains(|letter: char| letter.is_ascii_alphanumeric())
    };
    let is_segment = |segment: &str| match segment.strip_prefix('{') {
        Some(parameter) => parameter.strip_suffix('}').is_some_and(is_word),
        None => is_word(segment),
    };
    path.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment))
}

/// Our spec with a draft of one published operation, such as `POST /tm/sprints` as `sprints.create`.
pub fn add(spec: &str, published: &Api, name: &str, id: &str) -> Result<String, String> {
    add_with(spec, published, name, id, Some("documented"))
}

/// Our spec with a draft of an operation that no document describes. A person adds what is known, and the evidence.
pub fn draft(spec: &str, method: &str, path: &str, id: &str) -> Result<String, String> {
    add_with(spec, &skeleton::of(method, path, id)?, &format!("{method} {path}"), id, None)
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
    if let Some((other, _)) = ours.operations.iter().find(|(_, operation)| operation.id.as_deref() == Some(id)) {
        return Err(format!("the operation id `{id}` is that of `{other}`\nhelp: choose another one"));
    }
    let table = compare::compare(published, published, &ours);
    let root = Part::read(spec)?;
    let mut drafter = Drafter { evidence, ..Drafter::new(spec, &root, &ours, published, table.ours) };
    drafter.operation(&name, Some(id))?;
    Ok(drafter.draft.into_text())
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

impl<'a> Drafter<'a> {
    fn new(spec: &str, root: &'a Part, ours: &'a Api, new: &'a Api, names: BTreeMap<String, String>) -> Self {
        let mut references = BTreeMap::new();
        for (place, node) in ours.schemas.values().flat_map(Node::flat) {
            let resolved = ours.resolve(node);
            let property = place.rsplit('.').next().unwrap_or_default().to_owned();
            let values = resolved.facts.get("enum").cloned();
            if let (Some(name), Some(ty)) = (resolved.name, resolved.facts.get("type")) {
                references.entry((property, ty.clone(), values)).or_insert_with(|| name.to_owned());
            }
        }
        let (samples, draft, evidence) = (Samples::of(root), Draft::of(spec, root), Some("documented"));
        Self { root, ours, new, names, references, samples, draft, evidence }
    }

    /// Whether a schema is a draft.
    fn is_drafted(&self, schema: &str) -> bool {
        self.draft.has("schemas", schema) && self.root.at(&format!("#/components/schemas/{schema}")).is_none()
    }

    fn operation(&mut self, name: &str, id: Option<&str>) -> Result<(), String> {
        let published =
            self.new.operations.get(name).ok_or_else(|| format!("`{name}` is not in the published document"))?;
        let (method, shape) = name.split_once(' ').unwrap_or_default();
        let named = self.named(method, shape, id);
        let path = self.path(published, &named);
        let children = &published.node.children;
        let queries: Vec<_> =
            children.iter().filter_map(|(key, node)| Some((model::name(key.strip_prefix(" query")?)?, node))).collect();
        let mut entries =
            vec![entry("tags", Yaml::List(vec![named.tag.as_str().into()])), entry("operationId", named.id())];
        entries.extend(named.summary().map(|summary| entry("summary", summary)));
        entries.extend(published.node.facts.contains_key("deprecated").then(|| entry("deprecated", true)));
        entries.extend(self.evidence.map(|evidence| entry("x-weeek-evidence", evidence)));
        entries.extend(self.paging(&queries, children));
        let in_path = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
        let mut parameters: Vec<_> = in_path.map(|name| Yaml::reference("parameters", &upper_first(name))).collect();
        parameters.extend(queries.iter().map(|(name, node)| self.query(name, node)));
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
        let (has_ids, has_input) = (path.contains('{'), !queries.is_empty() || children.contains_key(" body"));
        for (status, response, holds) in [
            ("400", "ModelNotFound", has_ids),
            ("401", "Unauthenticated", true),
            ("403", "Forbidden", true),
            ("404", "RecordNotFound", has_ids),
            ("422", "Invalid", has_input),
        ] {
            if holds && self.draft.has("responses", response) {
                responses.push(entry(status, Yaml::reference("responses", response)));
            }
        }
        entries.push(entry("responses", Yaml::Block(responses)));
        self.draft.operation(&named.tag, &path, &method.to_lowercase(), &Yaml::Block(entries));
        Ok(())
    }

    /// The tag, resource and verb of an operation: those of a family that we have, or a new family's.
    fn named(&mut self, method: &str, shape: &str, id: Option<&str>) -> Named {
        let segments: Vec<&str> = shape.split('/').filter(|segment| !segment.is_empty()).collect();
        let family = format!("/{}", segments[..segments.len().min(2)].join("/"));
        let is_known =
            |path: &str| path.strip_prefix(&family).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let known = self.ours.operations.values().filter(|operation| is_known(&operation.path));
        let common = |operation: &Operation| {
            let ours = model::shape(&operation.path);
            ours.split('/').zip(shape.split('/')).take_while(|(a, b)| a == b).count()
        };
        let nearest = known.max_by_key(|operation| (common(operation), Reverse(operation.path.len())));
        let owner = id.or_else(|| nearest?.id.as_deref()).and_then(|id| id.split_once('.')).map(|(owner, _)| owner);
        let tags = self.root.items_at("tags");
        let owns = |tag: &&Part| tag.text_at("name").is_some_and(|name| owner == Some(&lower_first(&words(name))));
        let tag = tags.iter().find(owns).and_then(|tag| Some((tag.text_at("name")?, tag.text_at("x-weeek-resource")?)));
        let (tag, resource) = match tag {
            Some((tag, resource)) => (tag.to_owned(), resource.to_owned()),
            None => {
                let last = singular(segments.get(1).or(segments.first()).copied().unwrap_or("things"));
                let area = match segments.first() {
                    Some(&"tm") => "task-manager",
                    Some(&"crm") => "crm",
                    _ => "workspace",
                };
                let tag = upper_first(&plural(&last).replace(['-', '_'], " "));
                let resource = upper_first(&words(&last));
                self.draft.tag(&tag, &resource, area);
                (tag, resource)
            }
        };
        Named::new(tag, resource, method, segments.get(2..).unwrap_or_default(), id)
    }

    /// The path with our names for its parameters; what identifies something new becomes a parameter and a type.
    fn path(&mut self, published: &Operation, named: &Named) -> String {
        let (mut path, mut position) = (String::new(), 0);
        for segment in published.path.split('/').skip(1) {
            if !segment.starts_with('{') {
                path = format!("{path}/{segment}");
                continue;
            }
            position += 1;
            let prefix = format!("{path}/{{");
            let paths = self.ours.operations.values().map(|operation| operation.path.as_str());
            let known = paths.into_iter().find_map(|path| path.strip_prefix(&prefix)?.split('}').next());
            let before = singular(path.rsplit('/').find(|segment| !segment.starts_with('{')).unwrap_or_default());
            let ty = format!("{}Id", named.owned(&upper_first(&words(&before))));
            let name = known.map_or_else(|| lower_first(&ty), str::to_owned);
            if known.is_none() {
                self.id(&named.tag, &ty, &before, published.node.children.get(&format!(" path.{position}")));
                let parameter = vec![
                    entry("name", name.as_str()),
                    entry("in", "path"),
                    entry("required", true),
                    entry("description", format!("The {}.", before.replace(['-', '_'], " "))),
                    entry("schema", Yaml::reference("schemas", &ty)),
                ];
                self.draft.component("parameters", &named.tag, &ty, &Yaml::Block(parameter));
            }
            path = format!("{path}/{{{name}}}");
        }
        path
    }

    fn paging(&self, queries: &[(String, &Node)], children: &BTreeMap<String, Node>) -> Option<(String, Yaml)> {
        let has = |name: &&str| queries.iter().any(|(query, _)| query == name);
        let limit = ["limit", "perPage"].into_iter().find(has).filter(|_| has(&"offset"))?;
        let envelope = self.new.resolve(children.get(" 200")?).node;
        let more = envelope.children.keys().filter_map(|key| key.strip_prefix('.'));
        // The keys of the operations that already have pages.
        let (flag, size) = &self.samples.paging;
        let mut paging = vec![entry("limit", limit), entry("offset", "offset")];
        paging.extend(more.into_iter().find(|key| key.starts_with("hasMore")).map(|more| entry(flag, more)));
        paging.push(entry(size, Yaml::plain("100")));
        Some(entry("x-weeek-paging", Yaml::Flow(paging)))
    }

    fn query(&mut self, name: &str, node: &Node) -> Yaml {
        let shared = self.root.at(&format!("#/components/parameters/{}", upper_first(name)));
        if shared.is_some_and(|shared| shared.text_at("name") == Some(name) && shared.text_at("in") == Some("query")) {
            return Yaml::reference("parameters", &upper_first(name));
        }
        let facts = self.new.resolve(node).facts;
        let is_list = facts.get("type").is_some_and(|ty| ty == "array");
        let brackets = if is_list { "[]" } else { "" };
        let mut parameter = vec![entry("name", format!("{name}{brackets}")), entry("in", "query")];
        parameter.extend(facts.contains_key("required").then(|| entry("required", true)));
        if is_list {
            parameter.extend([entry("style", "form"), entry("explode", true)]);
        }
        parameter.push(entry("schema", self.schema(name, node, None)));
        Yaml::Block(parameter)
    }

    /// A property of an object, or a parameter of an operation, that we have.
    fn part(&mut self, table: &Table, place: &str, row: &Row) -> Option<()> {
        let name = model::name(place.strip_prefix(row.parent.as_str())?)?;
        let name = name.as_str();
        let root = review::root(place);
        let start = self.new.root(table.renames.get(root).map_or(root, String::as_str))?;
        let keys = model::keys(&place[root.len()..]);
        let node = keys.iter().try_fold(start, |node, key| self.new.resolve(node).node.children.get(key))?;
        // The evidence of the rest does not hold for this one.
        let evidence = entry("x-weeek-evidence", "documented");
        if let Some(owner) = row.parent.strip_suffix(" query") {
            let operation = self.ours.operations.get(owner)?;
            let mut parameter = self.query(name, node);
            if let Yaml::Block(entries) = &mut parameter {
                entries.push(evidence);
            }
            let method = owner.split(' ').next()?.to_lowercase();
            self.draft.parameter(&operation.path, &method, &parameter);
            return Some(());
        }
        let parent = table.rows.get(&row.parent).and_then(|parent| parent.our_schema.clone());
        let owner = table.ours.get(&row.parent).cloned().or(parent)?;
        let mut schema = match self.schema(name, node, None) {
            Yaml::Flow(entries) if entries.iter().all(|(key, _)| key != "$ref") => entries,
            reference => vec![entry("allOf", Yaml::List(vec![reference]))],
        };
        schema.push(evidence);
        let is_required = self.new.resolve(node).facts.contains_key("required");
        self.draft.property(&owner, name, &Yaml::Flow(schema), is_required);
        Some(())
    }
}
