//! Paths to operations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::schema::{ENVELOPE, evidence_note};
use super::{Lower, former};
use crate::ir::{Answer, Body, Encoding, Former, Module, Operation, Paging, Parameter, TypeDef, TypeKind, TypeRef};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::words::{closest, did_you_mean};

/// Modules by the names of their tags.
type Homes<'a> = BTreeMap<&'a str, Option<usize>>;

impl<'a> Lower<'a> {
    /// Lowers every operation into the module of its tag.
    pub(super) fn operations(&mut self, modules: &mut [Module]) {
        let mut ids: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
        let mut functions: BTreeMap<(usize, String), &Range<usize>> = BTreeMap::new();
        let mut templates: BTreeMap<String, &Key> = BTreeMap::new();
        let homes = self.homes(modules);
        for (path, item) in self.root.get("paths").map_or(&[][..], Node::entries) {
            let unnamed = |segment| if str::starts_with(segment, '{') { "{}" } else { segment };
            let shape = path.name.split('/').map(unnamed).collect::<Vec<_>>().join("/");
            if let Some(other) = templates.insert(shape, path) {
                let message =
                    format!("`{}` differs from `{}` only in the names of its parameters", path.name, other.name);
                self.report.fault(Rule::SamePath, &path.span, message).related(&other.span, "the other one");
            }
            for (method, node) in item.entries() {
                let Some((module, operation)) = self.operation(path, method, node, (&homes, modules)) else { continue };
                let Some((id, text)) = node.get("operationId").and_then(|id| Some((id, id.text()?))) else { continue };
                let function = (module, operation.function.clone());
                if let Some(first) = ids.insert(text, &id.span) {
                    let message = format!("operationId `{text}` is taken");
                    self.report
                        .fault(Rule::DuplicateOperationId, &id.span, message)
                        .related(first, "by this operation");
                } else if let Some(first) = functions.insert(function, &id.span) {
                    let message = format!("`{}` is the function of another operation already", operation.function);
                    self.report.fault(Rule::NameCollision, &id.span, message).related(first, "this one");
                }
                modules[module].operations.push(operation);
            }
        }
    }

    fn operation(
        &mut self,
        path: &Key,
        method: &Key,
        node: &'a Node,
        (homes, modules): (&Homes, &[Module]),
    ) -> Option<(usize, Operation)> {
        let (module, function) = self.home(node, homes)?;
        let (handle, resource) = (modules[module].handle.clone(), modules[module].resource.clone());
        let id = format!("{}.{function}", naming::handle(&handle));
        let (path_parameters, required_query, optional) = self.parameters(path, node);
        let was = former::names(node, |id| id.rsplit('.').next().unwrap_or_default().to_owned());
        let query = (!optional.is_empty()).then(|| {
            let named = |function: &str| naming::query(&handle, &resource, function);
            let was = was.iter().map(|function| named(function)).collect();
            self.query_type(method, named(&function), was, &id, optional)
        });
        let docs = node.text_at("description").unwrap_or_default().trim().to_owned();
        let mut body = self.body(node);
        let (answer, paging) = self.answer(node, &function)?;
        if let Body::Arguments(fields) = &mut body {
            // A link from one project to another names both alike; the one in the body is the target.
            let taken = |name: &str| path_parameters.iter().any(|parameter| parameter.name == name);
            fields.iter_mut().filter(|field| taken(&field.name)).for_each(|field| field.name.insert_str(0, "to_"));
        }
        let idempotent = node.get("x-weeek-idempotent").and_then(Node::boolean);
        Some((
            module,
            Operation {
                id,
                constant: naming::constant(&function),
                function: naming::value(&function),
                method: method.name.to_string(),
                path: path.name.to_string(),
                was: was.iter().map(|function| former_function(function, paging.is_some())).collect(),
                summary: node.text_at("summary").unwrap_or_default().to_owned(),
                docs,
                evidence: node.text_at("x-weeek-evidence").unwrap_or_default().to_owned(),
                deprecated: node.is_true("deprecated"),
                idempotent: idempotent.unwrap_or(matches!(method.name.as_str(), "get" | "put" | "delete")),
                path_parameters,
                required_query,
                query,
                body,
                answer,
                has_success: self.has_success(node),
                paging,
            },
        ))
    }

    /// The tags that are declared, each with its module.
    fn homes(&self, modules: &[Module]) -> Homes<'a> {
        let places: BTreeMap<&str, usize> =
            modules.iter().enumerate().map(|(at, module)| (module.name.as_str(), at)).collect();
        let names = self.root.items_at("tags").iter().filter_map(|tag| tag.text_at("name"));
        names.map(|name| (name, places.get(naming::value(name).as_str()).copied())).collect()
    }

    /// The module of the operation's tag, and the function that its id names there.
    fn home(&mut self, node: &Node, homes: &Homes) -> Option<(usize, String)> {
        let tags = node.get("tags")?;
        let [tag] = tags.items() else {
            self.report.fault(Rule::OneTag, &tags.head(), "an operation has exactly one tag");
            return None;
        };
        let name = tag.text()?;
        let Some(module) = homes.get(name) else {
            let help = did_you_mean(name, homes.keys().copied());
            self.report.fault(Rule::UndeclaredTag, &tag.span, format!("no tag is called `{name}`")).help = help;
            return None;
        };
        let module = (*module)?;
        let id = node.get("operationId")?;
        let text = id.text()?;
        let function = text.rsplit('.').next().filter(|function| naming::is_identifier(&naming::value(function)));
        if function.is_none() {
            let message = format!("operationId `{text}` names no function");
            let help = format!("an operation of `{name}` is called `{}.verb`", naming::handle(name));
            self.report.fault(Rule::OperationId, &id.span, message).help(help);
        }
        Some((module, function?.to_owned()))
    }

    fn parameters(&mut self, path: &Key, node: &'a Node) -> (Vec<Parameter>, Vec<Parameter>, Vec<Parameter>) {
        let (mut in_path, mut places) = (BTreeMap::new(), BTreeMap::new());
        let mut is_whole = true;
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        for entry in node.get("parameters").map_or(&[][..], Node::items) {
            let declared = resolve::follow(self.root, "parameters", entry);
            let Some(parameter) = self.parameter(declared) else {
                is_whole = false;
                continue;
            };
            if let Some((wire, first)) = places.insert(parameter.name.clone(), (parameter.wire.clone(), entry.head())) {
                let (rule, message) = if wire == parameter.wire {
                    (Rule::DuplicateParameter, format!("parameter `{wire}` is declared twice"))
                } else {
                    let message =
                        format!("`{wire}` and `{}` are both called `{}` in Rust", parameter.wire, parameter.name);
                    (Rule::NameCollision, message)
                };
                self.report.fault(rule, &entry.head(), message).related(&first, "the other one");
                continue;
            }
            match declared.text_at("in") {
                Some("path") => {
                    if !declared.is_true("required") {
                        let message = "a path parameter has to say `required: true`";
                        self.report.fault(Rule::PathParameter, &declared.head(), message);
                    }
                    in_path.insert(parameter.wire.clone(), (parameter, entry.head()));
                }
                _ if declared.is_true("required") => {
                    if let (Encoding::List | Encoding::Objects, Some(place)) =
                        (parameter.encoding, declared.get("required"))
                    {
                        let fault =
                            self.report.fault(Rule::ParameterStyle, &place.span, "a list can't be required in a query");
                        fault.help("leave `required` out, and say in words what happens without it");
                    }
                    required.push(parameter);
                }
                _ => optional.push(parameter),
            }
        }
        // Where a parameter was lost to a fault, the template looks as if nothing declared it.
        let is_known =
            !self.report.is_unsound(&(path.span.start..node.span.end)) && !self.lost_a_parameter(node) && is_whole;
        (self.path_parameters(path, in_path, is_known), required, optional)
    }

    fn lost_a_parameter(&self, node: &Node) -> bool {
        resolve::parameters(self.root, node).any(|(_, declared)| self.report.is_unsound(&declared.span))
    }

    fn path_parameters(
        &mut self,
        path: &Key,
        mut declared: BTreeMap<String, (Parameter, Range<usize>)>,
        is_known: bool,
    ) -> Vec<Parameter> {
        let mut ordered = Vec::new();
        self.template(path);
        for segment in path.name.split('/') {
            let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                continue;
            };
            match declared.remove(name) {
                Some((parameter, _)) => ordered.push(parameter),
                // What is declared once stands in the template once, which has a fault of its own.
                None if !is_known || ordered.iter().any(|parameter: &Parameter| parameter.wire == name) => {}
                None => {
                    // A parameter of another name, one misspelling away, is the same fault.
                    let near = closest(name, declared.keys().map(String::as_str)).map(str::to_owned);
                    let message = format!("nothing declares `{{{name}}}`");
                    let fault = self.report.fault(Rule::PathParameter, &path.span, message);
                    match near.and_then(|near| Some((declared.remove(&near)?, near))) {
                        Some(((_, place), near)) => {
                            fault.help(format!("did you mean `{near}`?")).related(&place, format!("`{near}`"));
                        }
                        None => {
                            fault.help("declare it under `parameters`");
                        }
                    }
                }
            }
        }
        for (name, (_, place)) in declared {
            let message = format!("the path has no `{{{name}}}`");
            self.report.fault(Rule::PathParameter, &place, message).related(&path.span, "the path");
        }
        ordered
    }

    fn template(&mut self, path: &Key) {
        let mut fault = |message: String| {
            self.report.fault(Rule::PathTemplate, &path.span, message);
        };
        let Some(rest) = path.name.strip_prefix('/') else {
            return fault(format!("`{}` does not begin with a slash", path.name));
        };
        let mut names = BTreeSet::new();
        for segment in rest.split('/') {
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                _ if segment.is_empty() && !rest.is_empty() => fault(format!("`{}` has an empty segment", path.name)),
                Some("") => fault("`{}` names no parameter".to_owned()),
                Some(name) if name.contains(['{', '}']) => fault(format!("`{segment}` is not one parameter in braces")),
                Some(name) if !names.insert(name) => fault(format!("`{{{name}}}` is in the path twice")),
                None if segment.contains(['{', '}']) => fault(format!("`{segment}` is not a whole segment in braces")),
                None if !is_literal(segment) => {
                    fault(format!("`{segment}` can't stand in a path"));
                }
                _ => {}
            }
        }
    }

    fn parameter(&mut self, node: &Node) -> Option<Parameter> {
        let wire = node.text_at("name")?.to_owned();
        let schema = node.get("schema")?;
        let ty = self.type_ref(schema)?;
        let dotted = schema.text_at("x-weeek-rust-type") == Some("date");
        let is_exploded = node.get("explode").and_then(Node::boolean) != Some(false);
        let style = node.get("style");
        let encoding = match (&ty, style.and_then(Node::text)) {
            (_, Some(style @ ("form" | "deepObject"))) if node.text_at("in") == Some("path") => {
                let message = format!("`style: {style}` does not go into a path");
                self.report.fault(Rule::ParameterStyle, &node.get("style")?.span, message);
                return None;
            }
            (TypeRef::List(_), _) if !is_exploded => {
                let message = "a list is written with its name before each item";
                let fault = self.report.fault(Rule::ParameterStyle, &node.get("explode")?.span, message);
                fault.help("say `explode: true`");
                return None;
            }
            (TypeRef::List(_), Some("deepObject")) => Encoding::Objects,
            (TypeRef::List(_), Some("form")) => {
                if let Some(taken) = schema.get("items").and_then(|items| items.get("x-weeek-rust-type"))
                    && taken.text() == Some("date")
                {
                    let help = "say `format: date`, where the API takes days as 2026-11-24";
                    self.report.fault(Rule::As, &taken.span, "a list can't hold days as dd.mm.yyyy").help(help);
                }
                Encoding::List
            }
            (TypeRef::List(_), _) => {
                let place = style.map_or(node.head(), Node::head);
                let message = "a list parameter needs `style: form` or `style: deepObject`";
                self.report.fault(Rule::ParameterStyle, &place, message);
                return None;
            }
            (_, Some(style @ ("form" | "deepObject"))) => {
                let message = format!("`style: {style}` is for lists");
                self.report.fault(Rule::ParameterStyle, &node.get("style")?.span, message);
                return None;
            }
            (TypeRef::Date, _) if dotted => Encoding::DottedDate,
            _ => Encoding::Plain,
        };
        let mut docs = node.text_at("description").unwrap_or_default().trim().to_owned();
        evidence_note(node, &mut docs);
        let was = former::names(node, naming::value);
        let name = self.rust_name(node, &wire, &node.get("name")?.span)?;
        Some(Parameter { name, wire, docs, ty, encoding, was })
    }

    fn query_type(
        &mut self,
        method: &Key,
        name: String,
        was: Vec<String>,
        id: &str,
        parameters: Vec<Parameter>,
    ) -> String {
        let docs = format!("What `{id}` may be asked for; nothing is by default.");
        let (kind, program) = (TypeKind::Query(parameters), String::new());
        let definition = TypeDef { name: name.clone(), docs, program, kind, was, sent: false, received: false };
        self.define(&method.span, definition);
        name
    }

    fn body(&mut self, node: &'a Node) -> Body {
        let Some(body) = node.get("requestBody") else { return Body::None };
        let contents = resolve::media(body);
        // Files are no type, whatever else is wrong with the body.
        let others = contents.iter().filter(|(media, _)| media.name != "application/json");
        let schemas = others.filter_map(|(_, content)| resolve::reference(content.get("schema")?));
        self.spread.extend(schemas.map(str::to_owned));
        let [(media, content)] = contents else {
            let place = body.get("content").map_or(body.head(), Node::head);
            self.report.fault(Rule::MediaType, &place, "a request body has exactly one media type");
            return Body::None;
        };
        let Some(schema) = content.get("schema") else { return Body::None };
        let Some(name) = resolve::reference(schema) else {
            let help = "name it under `components.schemas` and refer to it with `$ref`";
            let message = "the schema of a request body has to be a reference";
            self.report.fault(Rule::RequestBody, &schema.head(), message).help(help);
            return Body::None;
        };
        if media.name == "multipart/form-data" {
            return self.files(schema, name);
        }
        if !body.is_true("x-weeek-arguments") {
            return Body::Json(name.to_owned());
        }
        self.spread.insert(name.to_owned());
        let target = resolve::follow(self.root, "schemas", schema);
        let fields = self.object(target).fields;
        if (fields.iter().any(|field| !field.required) || fields.is_empty()) && !self.report.is_unsound(&target.span) {
            let message = format!("`x-weeek-arguments` needs every property of `{name}` to be required");
            let place = body.entries().iter().find(|(key, _)| key.name == "x-weeek-arguments");
            let place = place.map_or(body.head(), |(key, _)| key.span.clone());
            self.report.fault(Rule::Arguments, &place, message).related(&target.head(), "its schema");
        }
        Body::Arguments(fields)
    }

    fn files(&mut self, schema: &'a Node, name: &str) -> Body {
        let target = resolve::follow(self.root, "schemas", schema);
        let is_file = |item: &Node| item.text_at("type") == Some("string") && item.text_at("format") == Some("binary");
        let part = match target.get("properties").map(Node::entries) {
            Some([(part, list)]) => Some((part, list)).filter(|(_, list)| list.get("items").is_some_and(is_file)),
            _ => None,
        };
        match part {
            Some((part, _)) => Body::Files(part.name.to_string()),
            None => {
                if !self.report.is_unsound(&target.span) {
                    let message = format!("`{name}` has to have one property: a list of binary strings");
                    let fault = self.report.fault(Rule::Upload, &schema.head(), message);
                    fault.related(&target.head(), "its schema");
                }
                Body::None
            }
        }
    }

    fn answer(&mut self, node: &'a Node, function: &str) -> Option<(Answer, Option<Paging>)> {
        let responses = node.get("responses")?;
        let successes: Vec<_> = responses.entries().iter().filter(|(status, _)| status.name.starts_with('2')).collect();
        let (status, response) = match successes[..] {
            [one] => (&one.0, &one.1),
            [] => {
                let message = "an operation has exactly one success answer";
                self.report.fault(Rule::SuccessAnswer, &responses.head(), message).help("this one has none");
                return None;
            }
            [first, second, ..] => {
                let message = "an operation has exactly one success answer";
                let fault = self.report.fault(Rule::SuccessAnswer, &second.0.span, message);
                fault.related(&first.0.span, "here is one already");
                return None;
            }
        };
        let response = resolve::follow(self.root, "responses", response);
        let answer = self.success(status, response)?;
        let Some(paging) = node.get("x-weeek-paging") else { return Some((answer, None)) };
        let Answer::Item { key, ty: TypeRef::List(item), .. } = answer else {
            if !self.report.is_unsound(&response.span) {
                self.report.fault(Rule::Paging, &paging.head(), "only a list can page");
            }
            return None;
        };
        let paging = Paging {
            function: naming::all_pages(function),
            limit: paging.text_at("limit")?.to_owned(),
            offset: paging.text_at("offset")?.to_owned(),
            more: paging.text_at("hasMore").map(str::to_owned),
            size: paging.get("pageSize").and_then(Node::integer)?,
        };
        Some((Answer::Page { key, item: *item }, Some(paging)))
    }

    /// Whether the success response requires the flag of the envelope.
    fn has_success(&self, node: &'a Node) -> bool {
        let responses = node.entries_at("responses").iter();
        let mut schemas = responses.filter(|(status, _)| status.name.starts_with('2')).filter_map(|(_, response)| {
            let response = resolve::follow(self.root, "responses", response);
            response.get("content")?.get("application/json")?.get("schema")
        });
        schemas.any(|schema| {
            let target = resolve::follow(self.root, "schemas", schema);
            target.get("required").map_or(&[][..], Node::items).iter().any(|name| name.text() == Some(ENVELOPE))
        })
    }

    fn success(&mut self, status: &Key, response: &'a Node) -> Option<Answer> {
        let media = response.get("content").and_then(|content| content.get("application/json"));
        let Some(media) = media else { return Some(Answer::Nothing) };
        let schema = media.get("schema")?;
        let target = resolve::follow(self.root, "schemas", schema);
        if matches!(target.entries_at("properties"), [(key, _)] if key.name == ENVELOPE) {
            self.spread.extend(resolve::reference(schema).map(str::to_owned));
            return Some(Answer::Nothing);
        }
        let Some(key) = response.get("x-weeek-item") else {
            let Some(name) = resolve::reference(schema) else {
                let help = "name it, or say with `x-weeek-item` which property holds the answer";
                self.report.fault(Rule::AnswerItem, &schema.head(), "an answer without a name").help(help);
                return None;
            };
            self.envelopes.insert(name.to_owned());
            return Some(Answer::Whole(TypeRef::Named(name.to_owned())));
        };
        let name = key.text()?;
        let properties = target.entries_at("properties");
        let Some((_, item)) = properties.iter().find(|(key, _)| key.name == name) else {
            if !self.report.is_unsound(&target.span) {
                let help = did_you_mean(name, properties.iter().map(|(key, _)| key.name.as_str()));
                let message = format!("the answer of `{}` has no property `{name}`", status.name);
                self.report.fault(Rule::AnswerItem, &key.span, message).help = help;
            }
            return None;
        };
        let required =
            target.get("required").map_or(&[][..], Node::items).iter().any(|entry| entry.text() == Some(name));
        let required = required && !resolve::is_nullable(item);
        Some(Answer::Item { key: name.to_owned(), ty: self.type_ref(item)?, required })
    }
}

fn former_function(function: &str, pages: bool) -> Former {
    Former { function: naming::value(function), all_pages: pages.then(|| naming::all_pages(function)) }
}

/// Whether a segment is sent as it stands, and no server or URL parser resolves it.
fn is_literal(segment: &str) -> bool {
    let is_plain = segment.bytes().all(|byte| byte.is_ascii_graphic() && !br"?#\%".contains(&byte));
    is_plain && !matches!(segment, "." | "..")
}
