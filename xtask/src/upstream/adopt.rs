//! House-style YAML for operations that our spec lacks: everything that the published document says, in the place and the form
//! that the house gives it. What only a person can say, such as descriptions, is left out, and `cargo xtask lint` asks for it.

use std::collections::BTreeMap;

use super::compare;
use super::insert::Draft;
use super::model::{Api, Node, Operation};
use super::names::{Named, lower_first, plural, singular, upper_first, words};
use super::normal;
use super::read::Part;
use super::sample::Samples;
use super::yaml::Yaml;

/// Our spec with drafts of the operations that the published document has and it lacks.
pub fn adopt(spec: &str, pin: &Api, new: &Api) -> Result<String, String> {
    let ours = normal::read(spec)?;
    let table = compare::compare(pin, new, &ours);
    let missing = |name: &&String| {
        let was = table.renames.iter().find(|(_, to)| to == name).map(|(from, _)| from);
        !ours.operations.contains_key(*name) && !was.is_some_and(|was| ours.operations.contains_key(was))
    };
    let names: Vec<&String> = new.operations.keys().filter(missing).collect();
    if names.is_empty() {
        return Ok(spec.to_owned());
    }
    let root = Part::read(spec)?;
    let mut drafter = Drafter::new(&root, &ours, new, table.ours);
    for name in names {
        drafter.operation(name, None)?;
    }
    Ok(drafter.draft.insert(spec))
}

/// Our spec with a draft of one operation, such as `POST /tm/sprints` as `sprints.create`.
pub fn add(spec: &str, published: &Api, name: &str, id: &str) -> Result<String, String> {
    let ours = normal::read(spec)?;
    let table = compare::compare(published, published, &ours);
    let root = Part::read(spec)?;
    let mut drafter = Drafter::new(&root, &ours, published, table.ours);
    drafter.operation(name, Some(id))?;
    Ok(drafter.draft.insert(spec))
}

struct Drafter<'a> {
    root: &'a Part,
    ours: &'a Api,
    new: &'a Api,
    /// Our names for their schemas.
    names: BTreeMap<String, String>,
    /// References of our properties by name and type: `projectId`, `integer` is `ProjectId`.
    references: BTreeMap<(String, String), String>,
    samples: Samples,
    draft: Draft,
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
            if let (Some(name), Some(ty)) = (resolved.name, resolved.facts.get("type")) {
                references.entry((property, ty.clone())).or_insert_with(|| name.to_owned());
            }
        }
        Self { root, ours, new, names, references, samples: Samples::of(root), draft: Draft::of(root) }
    }

    fn operation(&mut self, name: &str, id: Option<&str>) -> Result<(), String> {
        let published = self.new.operations.get(name).ok_or_else(|| format!("`{name}` is not published"))?;
        let (method, shape) = name.split_once(' ').unwrap_or_default();
        let named = self.named(method, shape, id);
        let path = self.path(published, &named);
        let mut entries = vec![entry("tags", Yaml::List(vec![Yaml::text(&named.tag)]))];
        entries.push(entry("operationId", Yaml::text(&named.id())));
        entries.extend(named.summary().map(|summary| entry("summary", Yaml::text(&summary))));
        if published.node.facts.contains_key("deprecated") {
            entries.push(entry("deprecated", Yaml::plain(true)));
        }
        entries.push(entry("x-weeek-evidence", Yaml::text("documented")));
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
            if holds {
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
            let ours = super::model::shape(&operation.path);
            ours.split('/').zip(shape.split('/')).take_while(|(a, b)| a == b).count()
        };
        let nearest = known.max_by_key(|(_, operation)| (common(operation), std::cmp::Reverse(operation.path.len())));
        let owner = nearest.and_then(|(_, operation)| operation.id.as_deref()?.split_once('.')).map(|(owner, _)| owner);
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
            path = format!("{path}/{{{name}}}");
        }
        path
    }

    fn id(&mut self, tag: &str, name: &str, what: &str, schema: Option<&Node>) {
        let ty = upper_first(name);
        let noun = what.replace(['-', '_'], " ");
        let facts = schema.map(|schema| self.new.resolve(schema).facts).unwrap_or_default();
        let mut schema =
            vec![entry("description", Yaml::text(&format!("Identifies {}.", super::names::article(&noun))))];
        if facts.get("type").is_some_and(|ty| ty == "string") {
            schema.push(entry("type", Yaml::text("string")));
            schema.extend(facts.get("format").map(|format| entry("format", Yaml::text(format))));
        } else {
            let integer = [("type", "integer"), ("format", "int64"), ("minimum", "1")];
            schema.extend(integer.map(|(key, value)| entry(key, Yaml::plain(value))));
        }
        self.draft.component("schemas", tag, &ty, Yaml::Block(schema));
        let parameter = vec![
            entry("name", Yaml::text(name)),
            entry("in", Yaml::text("path")),
            entry("required", Yaml::plain(true)),
            entry("description", Yaml::text(&format!("The {noun}."))),
            entry("schema", Yaml::reference("schemas", &ty)),
        ];
        self.draft.component("parameters", tag, &ty, Yaml::Block(parameter));
    }

    fn paging(&self, queries: &[(&str, &Node)], children: &BTreeMap<String, Node>) -> Option<(String, Yaml)> {
        let has = |name: &str| queries.iter().any(|(query, _)| *query == name);
        let limit = ["limit", "perPage"].into_iter().find(|name| has(name)).filter(|_| has("offset"))?;
        let mut paging = vec![entry("limit", Yaml::text(limit)), entry("offset", Yaml::text("offset"))];
        let envelope = self.new.resolve(children.get(" 200")?).node;
        let more =
            envelope.children.keys().find_map(|key| key.strip_prefix('.').filter(|key| key.starts_with("hasMore")));
        // The keys of those that page already, whatever they are called.
        let (flag, size) = self.samples.paging_keys();
        paging.extend(more.map(|more| entry(&flag, Yaml::text(more))));
        paging.push(entry(&size, Yaml::plain(100)));
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
            parameter.push(entry("required", Yaml::plain(true)));
        }
        if is_list {
            parameter.extend([entry("style", Yaml::text("form")), entry("explode", Yaml::plain(true))]);
        }
        parameter.push(entry("schema", self.schema(name.trim_end_matches("[]"), node, None)));
        Yaml::Block(parameter)
    }

    fn body(&mut self, body: &Node, named: &Named) -> Yaml {
        let resolved = self.new.resolve(body).node;
        let name = named.body();
        self.object(&name, resolved, named, false);
        let mut entries = vec![entry("required", Yaml::plain(true))];
        if let [(_, only)] = resolved.children.iter().collect::<Vec<_>>()[..]
            && only.facts.contains_key("required")
        {
            entries.push(entry("x-weeek-arguments", Yaml::plain(true)));
        }
        let media = body.facts.get("media").map_or("application/json", String::as_str);
        let mut content = vec![entry("schema", Yaml::reference("schemas", &name))];
        if media == "application/json" {
            content.push(entry("example", self.samples.example(self.new, body, 0)));
        }
        entries.push(entry("content", Yaml::Block(vec![entry(media, Yaml::Block(content))])));
        Yaml::Block(entries)
    }

    /// The name of the response: one that we have, or a draft.
    fn response(&mut self, node: &Node, named: &Named) -> String {
        let envelope = self.new.resolve(node).node;
        let keys: Vec<&str> = envelope.children.keys().filter_map(|key| key.strip_prefix('.')).collect();
        let data: Vec<&str> =
            keys.iter().copied().filter(|key| *key != "success" && !key.starts_with("hasMore")).collect();
        if keys.is_empty() {
            return "Done".to_owned();
        }
        let [item] = data[..] else {
            if data.is_empty() {
                return "Success".to_owned();
            }
            return self.whole(node, named);
        };
        let child = &envelope.children[&format!(".{item}")];
        let is_list = self.new.resolve(child).node.children.contains_key("[]");
        let name = named.response(is_list);
        if self.root.at(&format!("#/components/responses/{name}")).is_some() {
            return name;
        }
        let noun = named.noun();
        let about = if is_list { format!("The {}.", plural(&noun)) } else { format!("The {noun}.") };
        let mut properties = Entries::new();
        let mut order: Vec<&str> = keys.iter().copied().filter(|key| *key == "success").collect();
        order.push(item);
        order.extend(keys.iter().copied().filter(|key| key.starts_with("hasMore")));
        for key in &order {
            let node = &envelope.children[&format!(".{key}")];
            let mut schema = self.schema(key, node, Some(named));
            let text = match *key {
                "success" => self.samples.success().to_owned(),
                key if key == item => about.clone(),
                _ => format!("Whether there are {} after this page.", plural(&noun)),
            };
            let is_reference = matches!(&schema, Yaml::Flow(entries) if entries[0].0 == "$ref");
            if let Yaml::Flow(entries) = &mut schema
                && !is_reference
            {
                entries.insert(1, entry("description", Yaml::text(&text)));
            }
            properties.push(entry(key, schema));
        }
        let schema = vec![
            entry("type", Yaml::text("object")),
            entry("required", Yaml::List(order.iter().map(|key| Yaml::text(key)).collect())),
            entry("properties", Yaml::Block(properties)),
        ];
        let content =
            vec![entry("schema", Yaml::Block(schema)), entry("example", self.samples.example(self.new, node, 0))];
        let response = vec![
            entry("description", Yaml::text(&about)),
            entry("x-weeek-item", Yaml::text(item)),
            entry("content", Yaml::Block(vec![entry("application/json", Yaml::Block(content))])),
        ];
        self.draft.component("responses", &named.tag, &name, Yaml::Block(response));
        name
    }

    /// A response that is no envelope of one item.
    fn whole(&mut self, node: &Node, named: &Named) -> String {
        let name = format!("{}Result", named.body());
        self.object(&name, self.new.resolve(node).node, named, true);
        let content = vec![
            entry("schema", Yaml::reference("schemas", &name)),
            entry("example", self.samples.example(self.new, node, 0)),
        ];
        let response = vec![entry("content", Yaml::Block(vec![entry("application/json", Yaml::Block(content))]))];
        self.draft.component("responses", &named.tag, &name, Yaml::Block(response));
        name
    }

    /// A named object, unless there is one of that name.
    fn object(&mut self, name: &str, node: &Node, named: &Named, is_response: bool) {
        if self.root.at(&format!("#/components/schemas/{name}")).is_some() || !self.draft.claim(name) {
            return;
        }
        let mut properties = Entries::new();
        let mut required = Vec::new();
        for (key, child) in &node.children {
            let Some(key) = key.strip_prefix('.') else { continue };
            let key = key.trim_matches('"');
            // The documented object is taken to be whole.
            if is_response || child.facts.contains_key("required") {
                required.push(Yaml::text(key));
            }
            let key_schema = if key == "id" && is_response { self.own_id(name, child, named) } else { None };
            let schema = key_schema.unwrap_or_else(|| self.schema(key, child, Some(named)));
            properties.push(entry(key, schema));
        }
        let mut schema = Entries::new();
        schema.extend(named.about(name).map(|about| entry("description", Yaml::text(&about))));
        schema.extend([entry("type", Yaml::text("object")), entry("x-weeek-evidence", Yaml::text("documented"))]);
        if !required.is_empty() {
            schema.push(entry("required", Yaml::List(required)));
        }
        schema.push(entry("properties", Yaml::Block(properties)));
        self.draft.component("schemas", &named.tag, name, Yaml::Block(schema));
    }

    /// The id of an object is a type of its own.
    fn own_id(&mut self, name: &str, node: &Node, named: &Named) -> Option<Yaml> {
        let ty = format!("{name}Id");
        let is_known = self.root.at(&format!("#/components/schemas/{ty}")).is_some() || self.draft.has("schemas", &ty);
        if !is_known {
            let facts = self.new.resolve(node).facts;
            (facts.get("type")? == "integer" || facts.get("format")? == "uuid").then_some(())?;
            self.id(&named.tag, &lower_first(&ty), &named.noun(), Some(node));
            self.draft.remove("parameters", &ty);
        }
        Some(Yaml::reference("schemas", &ty))
    }

    /// The schema of a property, parameter or item.
    fn schema(&mut self, key: &str, node: &Node, named: Option<&Named>) -> Yaml {
        let resolved = self.new.resolve(node);
        let facts = &resolved.facts;
        let ty = facts.get("type").map_or("any", String::as_str);
        let wrap = |reference: Yaml| match facts.contains_key("nullable") {
            true => Yaml::Flow(vec![entry("nullable", Yaml::plain(true)), entry("allOf", Yaml::List(vec![reference]))]),
            false => reference,
        };
        if let Some(name) = resolved.name.and_then(|name| self.names.get(name)) {
            return wrap(Yaml::reference("schemas", name));
        }
        let reference = self.references.get(&(key.to_owned(), ty.to_owned())).cloned();
        let own = || Some(format!("{}Id", upper_first(key.strip_suffix("Id")?)));
        let own = own().filter(|name| self.draft.has("schemas", name));
        if let Some(name) = own.or_else(|| reference.filter(|_| !matches!(ty, "object" | "any"))) {
            return wrap(Yaml::reference("schemas", &name));
        }
        if let Some(named) = named
            && (facts.contains_key("enum") || !resolved.node.children.is_empty() && ty == "object")
        {
            let base =
                resolved.name.map_or_else(|| upper_first(&words(&singular(key))), |name| upper_first(&words(name)));
            let name = if base.starts_with(&named.resource) { base } else { format!("{}{base}", named.resource) };
            if ty == "object" {
                self.object(&name, resolved.node, named, true);
            } else if self.root.at(&format!("#/components/schemas/{name}")).is_none() && self.draft.claim(&name) {
                let values = facts["enum"]
                    .split(", ")
                    .map(|value| if ty == "string" { Yaml::text(value) } else { Yaml::plain(value) });
                let schema = vec![entry("type", Yaml::text(ty)), entry("enum", Yaml::List(values.collect()))];
                self.draft.component("schemas", &named.tag, &name, Yaml::Block(schema));
            }
            return wrap(Yaml::reference("schemas", &name));
        }
        let mut schema = Entries::new();
        if ty != "any" {
            schema.push(entry("type", Yaml::text(ty)));
        }
        if ty == "integer" {
            schema.push(entry("format", Yaml::text("int64")));
        }
        for (aspect, value) in facts {
            match *aspect {
                "format" | "pattern" => schema.push(entry(aspect, Yaml::text(value))),
                "exclusiveMinimum" | "exclusiveMaximum" => {
                    let bound = aspect.replace("exclusive", "").to_lowercase();
                    schema.extend([entry(&bound, Yaml::plain(value)), entry(aspect, Yaml::plain(true))]);
                }
                "type" | "enum" | "required" | "deprecated" | "media" | "style" | "brackets" | "forms" | "closed"
                | "default" => {}
                _ => schema.push(entry(aspect, Yaml::plain(value))),
            }
        }
        if let Some(items) = resolved.node.children.get("[]") {
            let items = self.schema(&singular(key), items, named);
            schema.push(entry("items", items));
        }
        Yaml::Flow(schema)
    }
}
