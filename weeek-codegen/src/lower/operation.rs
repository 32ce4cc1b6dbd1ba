//! Paths to operations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::schema::evidence_note;
use super::{Lower, former};
use crate::ir::{Answer, Body, Encoding, Former, Module, Operation, Paging, Parameter, TypeDef, TypeKind, TypeRef};
use crate::naming;
use crate::spec::audit::closest;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;

impl<'a> Lower<'a> {
    /// Lowers every operation into the module of its tag.
    pub(super) fn operations(&mut self, modules: &mut [Module]) {
        let mut ids = BTreeSet::new();
        let mut templates: BTreeMap<String, &str> = BTreeMap::new();
        for (path, item) in self.root.get("paths").map_or(&[][..], Node::entries) {
            let unnamed = |segment| if str::starts_with(segment, '{') { "{}" } else { segment };
            let shape = path.name.split('/').map(unnamed).collect::<Vec<_>>().join("/");
            if let Some(other) = templates.insert(shape, &path.name) {
                self.report.fault(
                    &path.span,
                    format!("`{}` differs from `{other}` only in the names of its parameters", path.name),
                );
            }
            for (method, node) in item.entries() {
                let Some((module, operation)) = self.operation(path, method, node, modules) else { continue };
                if let Some(id) = node.get("operationId")
                    && !ids.insert(id.text())
                {
                    self.report.fault(&id.span, format!("operationId `{}` is taken", operation.id));
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
        modules: &[Module],
    ) -> Option<(usize, Operation)> {
        let (module, function) = self.home(node, modules)?;
        let (handle, resource) = (modules[module].handle.clone(), modules[module].resource.clone());
        let id = format!("{}.{function}", naming::handle(&handle));
        let (path_parameters, required_query, optional) = self.parameters(path, node);
        let was = former::names(node, |id| id.rsplit('.').next().unwrap_or_default().to_owned());
        let query = (!optional.is_empty()).then(|| {
            let named = |function: &str| naming::query(&handle, &resource, function);
            let was = was.iter().map(|function| named(function)).collect();
            self.query_type(method, named(&function), was, &id, optional)
        });
        let (answer, paging) = self.answer(node, &function)?;
        let docs = node.text_at("description").unwrap_or_default().trim().to_owned();
        let mut body = self.body(node);
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
                method: method.name.clone(),
                path: path.name.clone(),
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
                paging,
            },
        ))
    }

    /// The module of the operation's tag, and the function that its id names there.
    fn home(&mut self, node: &Node, modules: &[Module]) -> Option<(usize, String)> {
        let tags = node.get("tags")?;
        let [tag] = tags.items() else {
            self.report.fault(&tags.head(), "an operation has exactly one tag");
            return None;
        };
        let name = tag.text()?;
        let Some(module) = modules.iter().position(|module| module.name == naming::value(name)) else {
            self.report.fault(&tag.span, format!("no tag is called `{name}`"));
            return None;
        };
        let id = node.get("operationId")?;
        let text = id.text()?;
        let prefix = naming::handle(name);
        match text.split_once('.') {
            Some((tag, function)) if tag == prefix && naming::is_identifier(&naming::value(function)) => {
                let taken = modules[module]
                    .operations
                    .iter()
                    .any(|other| other.function == naming::value(function) && other.id != text);
                if taken {
                    self.report.fault(
                        &id.span,
                        format!("`{}` is taken by another operation of this tag", naming::value(function)),
                    );
                }
                Some((module, function.to_owned()))
            }
            _ => {
                let help = format!("an operation of `{name}` is called `{prefix}.verb`");
                self.report.fault_with_help(&id.span, format!("operationId `{text}` breaks the rule"), help);
                None
            }
        }
    }

    fn parameters(&mut self, path: &Key, node: &'a Node) -> (Vec<Parameter>, Vec<Parameter>, Vec<Parameter>) {
        let mut in_path = BTreeMap::new();
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        for entry in node.get("parameters").map_or(&[][..], Node::items) {
            let declared = resolve::follow(self.root, "parameters", entry);
            let Some(parameter) = self.parameter(declared) else { continue };
            let everywhere =
                in_path.values().map(|(parameter, _): &(Parameter, _)| parameter).chain(&required).chain(&optional);
            if everywhere.clone().any(|other| other.name == parameter.name) {
                self.report.fault(&entry.head(), format!("parameter `{}` is declared twice", parameter.wire));
                continue;
            }
            match declared.text_at("in") {
                Some("path") => {
                    if !declared.is_true("required") {
                        self.report.fault(&declared.head(), "a path parameter has to say `required: true`");
                    }
                    in_path.insert(parameter.wire.clone(), (parameter, entry.head()));
                }
                _ if declared.is_true("required") => required.push(parameter),
                _ => optional.push(parameter),
            }
        }
        (self.path_parameters(path, in_path), required, optional)
    }

    fn path_parameters(
        &mut self,
        path: &Key,
        mut declared: BTreeMap<String, (Parameter, Range<usize>)>,
    ) -> Vec<Parameter> {
        let mut ordered = Vec::new();
        for segment in path.name.split('/') {
            let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
                if segment.contains(['{', '}']) {
                    self.report.fault(&path.span, format!("`{segment}` is not a whole segment in braces"));
                }
                continue;
            };
            match declared.remove(name) {
                Some((parameter, _)) => ordered.push(parameter),
                None => {
                    let near = closest(name, declared.keys().map(String::as_str))
                        .map(|near| format!("did you mean `{near}`?"));
                    let help = near.unwrap_or_else(|| "declare it under `parameters`".to_owned());
                    self.report.fault_with_help(&path.span, format!("nothing declares `{{{name}}}`"), help);
                }
            }
        }
        for (name, (_, place)) in declared {
            self.report.fault(&place, format!("the path has no `{{{name}}}`"));
        }
        ordered
    }

    fn parameter(&mut self, node: &Node) -> Option<Parameter> {
        let wire = node.text_at("name")?.to_owned();
        let schema = node.get("schema")?;
        let ty = self.type_ref(schema)?;
        let dotted = schema.text_at("x-weeek-as") == Some("date");
        let encoding = match (&ty, node.text_at("style")) {
            (TypeRef::List(_), Some("deepObject")) => Encoding::Objects,
            (TypeRef::List(_), Some("form")) => Encoding::List,
            (TypeRef::List(_), _) => {
                self.report.fault(&node.head(), "a list parameter needs `style: form` or `style: deepObject`");
                return None;
            }
            (_, Some(style @ ("form" | "deepObject"))) => {
                self.report.fault(&node.head(), format!("`style: {style}` is for lists"));
                return None;
            }
            (TypeRef::Date, _) if dotted => Encoding::DottedDate,
            _ => Encoding::Plain,
        };
        let mut docs = node.text_at("description").unwrap_or_default().trim().to_owned();
        evidence_note(node, &mut docs);
        let was = former::names(node, naming::value);
        Some(Parameter { name: naming::value(&wire), wire, docs, ty, encoding, was })
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
        let kind = TypeKind::Query(parameters);
        self.define(&method.span, TypeDef { name: name.clone(), docs, kind, was, sent: false, received: false });
        name
    }

    fn body(&mut self, node: &'a Node) -> Body {
        let Some(body) = node.get("requestBody") else { return Body::None };
        let Some([(media, content)]) = body.get("content").map(Node::entries) else {
            self.report.fault(&body.head(), "a request body has exactly one media type");
            return Body::None;
        };
        let Some(schema) = content.get("schema") else { return Body::None };
        let Some(name) = resolve::reference(schema) else {
            self.report.fault(&schema.head(), "the schema of a request body has to be a reference");
            return Body::None;
        };
        if media.name == "multipart/form-data" {
            self.spread.insert(name.to_owned());
            return self.files(schema, name);
        }
        if content.get("example").is_none() {
            self.report.fault(&media.span, "a request body needs an `example`");
        }
        if !body.is_true("x-weeek-arguments") {
            return Body::Json(name.to_owned());
        }
        self.spread.insert(name.to_owned());
        let target = resolve::follow(self.root, "schemas", schema);
        let fields = self.object(target).fields;
        if fields.iter().any(|field| !field.required) || fields.is_empty() {
            self.report
                .fault(&body.head(), format!("`x-weeek-arguments` needs every property of `{name}` to be required"));
        }
        Body::Arguments(fields)
    }

    fn files(&mut self, schema: &'a Node, name: &str) -> Body {
        let target = resolve::follow(self.root, "schemas", schema);
        let part = match target.get("properties").map(Node::entries) {
            Some([(part, list)]) => Some((part, list))
                .filter(|(_, list)| list.get("items").and_then(|items| items.text_at("format")) == Some("binary")),
            _ => None,
        };
        match part {
            Some((part, _)) => Body::Files(part.name.clone()),
            None => {
                self.report
                    .fault(&schema.head(), format!("`{name}` has to have one property: a list of binary strings"));
                Body::None
            }
        }
    }

    fn answer(&mut self, node: &'a Node, function: &str) -> Option<(Answer, Option<Paging>)> {
        let responses = node.get("responses")?;
        let successes: Vec<_> = responses.entries().iter().filter(|(status, _)| status.name.starts_with('2')).collect();
        let [(status, response)] = successes[..] else {
            self.report.fault(&responses.head(), "an operation has exactly one success answer");
            return None;
        };
        if !responses.entries().iter().any(|(status, _)| status.name == "401") {
            self.report.fault(&responses.head(), "an operation declares its `401` answer");
        }
        for (status, _) in responses.entries().iter().filter(|(status, _)| status.name.parse::<u16>().is_err()) {
            self.report.fault(&status.span, format!("`{}` is not a status", status.name));
        }
        let response = resolve::follow(self.root, "responses", response);
        let answer = self.success(status, response)?;
        let Some(paging) = node.get("x-weeek-paging") else { return Some((answer, None)) };
        let Answer::Item { key, ty: TypeRef::List(item), .. } = answer else {
            self.report.fault(&paging.head(), "only a list can page");
            return None;
        };
        let paging = Paging {
            function: naming::all_pages(function),
            limit: paging.text_at("limit")?.to_owned(),
            offset: paging.text_at("offset")?.to_owned(),
            more: paging.text_at("more").map(str::to_owned),
            size: paging.get("size").and_then(Node::integer)?,
        };
        Some((Answer::Page { key, item: *item }, Some(paging)))
    }

    fn success(&mut self, status: &Key, response: &'a Node) -> Option<Answer> {
        let media = response.get("content").and_then(|content| content.get("application/json"));
        let Some(media) = media else { return Some(Answer::Nothing) };
        if media.get("example").is_none() {
            self.report.fault(&media.head(), "an answer needs an `example`");
        }
        let schema = media.get("schema")?;
        if resolve::reference(schema) == Some("Success") {
            self.spread.insert("Success".to_owned());
            return Some(Answer::Nothing);
        }
        let Some(key) = response.get("x-weeek-item") else {
            let Some(name) = resolve::reference(schema) else {
                let help = "name it, or say with `x-weeek-item` which property holds the answer";
                self.report.fault_with_help(&schema.head(), "an answer without a name", help);
                return None;
            };
            return Some(Answer::Whole(TypeRef::Named(name.to_owned())));
        };
        let name = key.text()?;
        let target = resolve::follow(self.root, "schemas", schema);
        let Some(item) = target.get("properties").and_then(|properties| properties.get(name)) else {
            self.report.fault(&key.span, format!("the answer of `{}` has no property `{name}`", status.name));
            return None;
        };
        let required =
            target.get("required").map_or(&[][..], Node::items).iter().any(|entry| entry.text() == Some(name));
        Some(Answer::Item { key: name.to_owned(), ty: self.type_ref(item)?, required })
    }
}

fn former_function(function: &str, pages: bool) -> Former {
    Former { function: naming::value(function), all_pages: pages.then(|| naming::all_pages(function)) }
}
