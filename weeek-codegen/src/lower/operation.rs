//! Lowers operations, their bodies and their responses.

use std::collections::BTreeMap;

use super::parameter::Parameters;
use super::schema::ENVELOPE;
use super::{Lower, aliases, limits};
use crate::ir::{
    Alias, Body, FunctionAlias, Operation, Paging, Parameter, Resource, Response, TypeDef, TypeKind, TypeRef,
};
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::suggest::did_you_mean;

/// The indexes of resources by the names of their tags.
type ResourceOfTag<'a> = BTreeMap<&'a str, Option<usize>>;

impl<'a> Lower<'a> {
    /// Lowers every operation into the resource of its tag.
    pub(super) fn operations(&mut self, resources: &mut [Resource]) {
        let mut functions: BTreeMap<(usize, String), &Node> = BTreeMap::new();
        let resource_of_tag = self.resource_of_tag(resources);
        for (path, item) in self.root.entries_at("paths") {
            for (method, node) in item.entries() {
                let Some((at, function)) = self.resource_of(node, &resource_of_tag) else {
                    // Which schemas become arguments or uploads is known all the same.
                    self.body(node);
                    continue;
                };
                let Some(operation) = self.operation(path, method, node, &resources[at], &function) else { continue };
                let Some(id) = node.get("operationId") else { continue };
                // `openapi` reports two equal ids.
                if let Some(first) = functions.insert((at, operation.function.clone()), id)
                    && first.text() != id.text()
                {
                    let message = format!("another operation has the function `{}`", operation.function);
                    let error = self.diagnostics.error(Rule::NameCollision, &id.span, message);
                    error.related(&first.span, "the other operation");
                }
                resources[at].operations.push(operation);
            }
        }
    }

    fn operation(
        &mut self,
        path: &Key,
        method: &Key,
        node: &'a Node,
        resource: &Resource,
        function: &str,
    ) -> Option<Operation> {
        let (handle, singular) = (&resource.handle, &resource.singular);
        let id = format!("{}.{function}", naming::operation_prefix(handle));
        let Parameters { path: path_parameters, required_query, optional_query } = self.parameters(path, node);
        let aliases = aliases::of(node, |id| id.rsplit('.').next().unwrap_or_default().to_owned());
        let query = (!optional_query.is_empty()).then(|| {
            let named = |function: &str| naming::query(handle, singular, function);
            let aliases = aliases.iter().map(|alias| Alias { name: named(&alias.name), ..alias.clone() }).collect();
            self.query_type(method, named(function), aliases, &id, optional_query)
        });
        let mut body = self.body(node);
        let (response, paging) = self.response(node, function)?;
        if let Body::Arguments(fields) = &mut body {
            // An operation that links two projects names both `project_id`; the one in the body is the target.
            let is_taken = |name: &str| path_parameters.iter().any(|parameter| parameter.name == name);
            fields.iter_mut().filter(|field| is_taken(&field.name)).for_each(|field| field.name.insert_str(0, "to_"));
        }
        let idempotent = node.get("x-weeek-idempotent").and_then(Node::boolean);
        let text = |key| node.text_at(key).unwrap_or_default().to_owned();
        Some(Operation {
            id,
            function: naming::snake_name(function),
            method: method.name.clone(),
            path: path.name.clone(),
            aliases: aliases.iter().map(|alias| function_alias(alias, paging.is_some())).collect(),
            summary: text("summary"),
            docs: text("description").trim().to_owned(),
            evidence: text("x-weeek-evidence"),
            deprecated: node.is_true("deprecated"),
            idempotent: idempotent.unwrap_or(matches!(method.name.as_str(), "get" | "put" | "delete")),
            path_parameters,
            required_query,
            query,
            body,
            example: None,
            response,
            success: (200, None),
            has_success: self.has_success(node),
            paging,
        })
    }

    fn resource_of_tag(&self, resources: &[Resource]) -> ResourceOfTag<'a> {
        let indexes: BTreeMap<&str, usize> =
            resources.iter().enumerate().map(|(at, resource)| (resource.name.as_str(), at)).collect();
        let names = self.root.items_at("tags").iter().filter_map(|tag| tag.text_at("name"));
        names.map(|name| (name, indexes.get(naming::snake_name(name).as_str()).copied())).collect()
    }

    /// The resource of the operation's tag, and the function that its operation id names.
    fn resource_of(&mut self, node: &Node, resource_of_tag: &ResourceOfTag) -> Option<(usize, String)> {
        let tags = node.get("tags")?;
        let [tag] = tags.items() else {
            self.diagnostics.error(Rule::OneTag, &tags.first_token(), "an operation requires exactly one tag");
            return None;
        };
        let name = tag.text()?;
        let Some(resource) = resource_of_tag.get(name) else {
            // Without any tag, or with one that has no name, that is the error.
            if self.root.get("tags")?.items().iter().any(|tag| tag.text_at("name").is_none()) {
                return None;
            }
            let help = did_you_mean(name, resource_of_tag.keys().copied());
            let message = format!("tag `{name}` is not declared");
            self.diagnostics.error(Rule::UndeclaredTag, &tag.span, message).help = help;
            return None;
        };
        let resource = (*resource)?;
        let id = node.get("operationId")?;
        let text = id.text()?;
        let function = text.rsplit('.').next().filter(|function| naming::is_identifier(&naming::snake_name(function)));
        if function.is_none() {
            let message = format!("operation id `{text}` does not name a function");
            let help = format!("the id of an operation of `{name}` is `{}.verb`", naming::operation_prefix(name));
            self.diagnostics.error(Rule::OperationId, &id.span, message).help(help);
        }
        Some((resource, function?.to_owned()))
    }

    fn query_type(
        &mut self,
        method: &Key,
        name: String,
        aliases: Vec<Alias>,
        id: &str,
        parameters: Vec<Parameter>,
    ) -> String {
        let docs = format!("Optional parameters of `{id}`.");
        let ty = TypeDef { aliases, ..TypeDef::new(name.clone(), docs, TypeKind::Query(parameters)) };
        self.define(&method.span, ty);
        name
    }

    fn body(&mut self, node: &'a Node) -> Body {
        let Some(body) = node.get("requestBody") else { return Body::None };
        let contents = resolve::media(body);
        // Files are no type, even if the body has another error.
        let others = contents.iter().filter(|(media, _)| media.name != "application/json");
        let schemas = others.filter_map(|(_, content)| resolve::reference(content.get("schema")?));
        self.inlined.extend(schemas.map(str::to_owned));
        let [(media, content)] = contents else {
            let span = body.get("content").map_or(body.first_token(), Node::first_token);
            self.diagnostics.error(Rule::MediaType, &span, "a request body requires exactly one media type");
            return Body::None;
        };
        let Some(schema) = content.get("schema") else { return Body::None };
        let Some(name) = resolve::reference(schema) else {
            let help = "name it under `components.schemas` and refer to it with `$ref`";
            let message = "the schema of a request body has no name";
            self.diagnostics.error(Rule::RequestBody, &schema.first_token(), message).help(help);
            return Body::None;
        };
        if media.name == "multipart/form-data" {
            return self.files(schema, name);
        }
        if media.name != "application/json" {
            return Body::None;
        }
        if !body.is_true("x-weeek-arguments") {
            return Body::Json(name.to_owned());
        }
        let is_first = self.inlined.insert(name.to_owned());
        let target = resolve::resolve_ref(self.root, "schemas", schema);
        let mut fields = self.object(target).fields;
        for field in &mut fields {
            if let Some(property) = target.get("properties").and_then(|properties| properties.get(&field.wire_name)) {
                field.limits = limits::append(&mut field.docs, property);
            }
        }
        if (fields.iter().any(|field| !field.required) || fields.is_empty())
            && is_first
            && !resolve::requires_unknown(target)
            && !self.diagnostics.is_tainted(&target.span)
        {
            let message = format!("`x-weeek-arguments` requires that every property of `{name}` is required");
            let span = body.key_span("x-weeek-arguments");
            let error = self.diagnostics.error(Rule::Arguments, &span, message);
            error.related(&target.first_token(), "its schema");
        }
        Body::Arguments(fields)
    }

    fn files(&mut self, schema: &'a Node, name: &str) -> Body {
        let target = resolve::resolve_ref(self.root, "schemas", schema);
        let is_file = |item: &Node| item.text_at("type") == Some("string") && item.text_at("format") == Some("binary");
        match target.entries_at("properties") {
            [(part, list)] if list.get("items").is_some_and(is_file) => Body::Files(part.name.clone()),
            _ => {
                if !self.diagnostics.is_tainted(&target.span) {
                    let message = format!("`{name}` requires exactly one property: an array of binary strings");
                    let error = self.diagnostics.error(Rule::Upload, &schema.first_token(), message);
                    error.related(&target.first_token(), "its schema");
                }
                Body::None
            }
        }
    }

    fn response(&mut self, node: &'a Node, function: &str) -> Option<(Response, Option<Paging>)> {
        let responses = node.get("responses")?;
        let mut successes = responses.entries().iter().filter(|(status, _)| status.name.starts_with('2'));
        // `openapi` reports none and two.
        let (status, response) = successes.next()?;
        let resolved = resolve::resolve_ref(self.root, "responses", response);
        let response = self.success(status, resolved)?;
        let Some(paging) = node.get("x-weeek-paging") else { return Some((response, None)) };
        let Response::Item { key, ty: TypeRef::List(item), .. } = response else {
            if !self.diagnostics.is_tainted(&resolved.span) {
                let message = "`x-weeek-paging` requires a response whose item is an array";
                self.diagnostics.error(Rule::Paging, &node.key_span("x-weeek-paging"), message);
            }
            return None;
        };
        let paging = Paging {
            function: naming::all_pages(function),
            limit: paging.text_at("limit")?.to_owned(),
            offset: paging.text_at("offset")?.to_owned(),
            has_more: paging.text_at("hasMore").map(str::to_owned),
            page_size: paging.get("pageSize").and_then(Node::integer)?,
        };
        Some((Response::Page { key, item: *item }, Some(paging)))
    }

    /// Whether the success response requires the flag of the envelope.
    fn has_success(&self, node: &'a Node) -> bool {
        let responses = node.entries_at("responses").iter();
        let mut schemas = responses.filter(|(status, _)| status.name.starts_with('2')).filter_map(|(_, response)| {
            let response = resolve::resolve_ref(self.root, "responses", response);
            response.get("content")?.get("application/json")?.get("schema")
        });
        schemas.any(|schema| {
            resolve::resolve_ref(self.root, "schemas", schema).texts("required").any(|name| name == ENVELOPE)
        })
    }

    fn success(&mut self, status: &Key, response: &'a Node) -> Option<Response> {
        let media = response.get("content").and_then(|content| content.get("application/json"));
        let Some(media) = media else { return Some(Response::Unit) };
        let schema = media.get("schema")?;
        let target = resolve::resolve_ref(self.root, "schemas", schema);
        let item = response.get("x-weeek-item");
        if item.is_none() && matches!(target.entries_at("properties"), [(key, _)] if key.name == ENVELOPE) {
            self.inlined.extend(resolve::reference(schema).map(str::to_owned));
            return Some(Response::Unit);
        }
        let Some(item_key) = item else {
            let Some(name) = resolve::reference(schema) else {
                let help = "name it under `components.schemas`, or name the property to return with `x-weeek-item`";
                let message = "the schema of the response has no name";
                self.diagnostics.error(Rule::ResponseItem, &schema.first_token(), message).help(help);
                return None;
            };
            self.envelopes.insert(name.to_owned());
            return Some(Response::Body(TypeRef::Named(name.to_owned())));
        };
        let name = item_key.text()?;
        let properties = target.entries_at("properties");
        let Some((_, item)) = properties.iter().find(|(key, _)| key.name == name) else {
            if !self.diagnostics.is_tainted(&target.span) && !resolve::requires_unknown(target) {
                let help = did_you_mean(name, properties.iter().map(|(key, _)| key.name.as_str()));
                let message = format!("the response of `{}` has no property `{name}`", status.name);
                self.diagnostics.error(Rule::ResponseItem, &item_key.span, message).help = help;
            }
            return None;
        };
        let required = target.texts("required").any(|required| required == name) && !resolve::is_nullable(item);
        Some(Response::Item { key: name.to_owned(), ty: self.type_ref(item)?, required })
    }
}

fn function_alias(alias: &Alias, is_paginated: bool) -> FunctionAlias {
    FunctionAlias {
        function: naming::snake_name(&alias.name),
        all_pages: is_paginated.then(|| naming::all_pages(&alias.name)),
        since: alias.since.clone(),
    }
}
