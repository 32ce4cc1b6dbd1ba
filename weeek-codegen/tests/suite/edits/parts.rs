//! The items of a client, and those that an edit of its spec changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ImplItem, Item};
use weeek_codegen::FileSet;

use crate::tokens::without_docs;

/// What is generated for a type, for a function, or for a handle: its items as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Part {
    pub(crate) text: String,
    /// The text without docs.
    code: String,
    /// The identifiers of the code.
    names: BTreeSet<String>,
}

impl Part {
    fn add(&mut self, item: &impl ToTokens) {
        let tokens = item.to_token_stream();
        let _ = writeln!(self.text, "{tokens}");
        let code = without_docs(tokens);
        let _ = writeln!(self.code, "{code}");
        collect_names(code, &mut self.names);
    }
}

/// The items of one file.
#[derive(Debug, Default)]
struct File {
    text: String,
    /// The items of each type, or of each function of a handle.
    parts: BTreeMap<String, Part>,
    /// The handle's type, and the table of its operations.
    handle: Part,
    handle_name: String,
}

/// A client by files.
#[derive(Debug, Default)]
pub(crate) struct Client {
    files: BTreeMap<String, Arc<File>>,
}

impl Client {
    pub(crate) fn of(files: &FileSet) -> Self {
        Self::default().edited(files)
    }

    /// The client after an edit: only files that differ are parsed.
    fn edited(&self, files: &FileSet) -> Self {
        let parsed = |(path, text): (&str, &str)| {
            let same = self.files.get(path).filter(|file| file.text == text);
            (path.to_owned(), same.map_or_else(|| Arc::new(File::parse(path, text)), Arc::clone))
        };
        Self { files: files.iter().map(parsed).collect() }
    }

    fn models(&self) -> impl Iterator<Item = (&String, &Arc<File>)> {
        self.files.iter().filter(|(path, _)| path.starts_with("models/"))
    }

    fn part(&self, path: &str, name: &str) -> Option<&Part> {
        self.files.get(path)?.parts.get(name)
    }

    /// A module with the items that an edit changes, and those that use them; everything else is that of `base`. `None` if nothing
    /// differs.
    pub(crate) fn module(&self, edited: &FileSet, base: &str) -> Option<String> {
        let edited = self.edited(edited);
        let types = |client: &Self| -> BTreeSet<String> {
            client.models().flat_map(|(_, file)| file.parts.keys().cloned()).collect()
        };
        let (old_types, new_types) = (types(self), types(&edited));
        let gone: BTreeSet<&String> = old_types.difference(&new_types).collect();
        // The types whose code differs: what uses them is checked too.
        let mut changed: BTreeSet<&str> = BTreeSet::new();
        for (path, file) in edited.models() {
            let differs = |(name, new): &(&String, &Part)| self.part(path, name).is_none_or(|old| old.code != new.code);
            changed.extend(file.parts.iter().filter(differs).map(|(name, _)| name.as_str()));
        }
        let mut modules = Vec::new();
        let mut models = String::new();
        for (path, file) in &edited.files {
            let mut chosen: BTreeSet<&str> = BTreeSet::new();
            for (name, new) in &file.parts {
                if let Some(name) = new.names.iter().find(|name| gone.contains(name)) {
                    return Some(format!("compile_error!(\"{path} refers to {name}, which is not generated\");\n"));
                }
                let uses = new.names.iter().any(|name| changed.contains(name.as_str()));
                if uses || self.part(path, name).is_none_or(|old| old != new) {
                    chosen.insert(name);
                }
            }
            let Some(module) = path.strip_prefix("endpoints/") else {
                chosen.iter().for_each(|name| models.push_str(&file.parts[*name].text));
                continue;
            };
            let is_same = self.files.get(path).is_some_and(|old| old.handle == file.handle);
            if chosen.is_empty() && is_same {
                continue;
            }
            if chosen.is_empty() {
                // A handle without functions would be unused.
                chosen.extend(file.parts.keys().next().map(String::as_str));
            }
            // A function can call others of its handle.
            while let Some((name, _)) = file.parts.iter().find(|(name, _)| {
                let calls = |chosen: &&str| file.parts[*chosen].names.contains(*name);
                !chosen.contains(name.as_str()) && chosen.iter().any(calls)
            }) {
                chosen.insert(name);
            }
            let functions: String = chosen.iter().map(|name| file.parts[*name].text.as_str()).collect();
            let File { handle, handle_name, .. } = &**file;
            let body = format!("{}impl {handle_name}<'_> {{\n{functions}}}\n", handle.text);
            let name = module.trim_end_matches(".rs");
            modules.push(format!("pub mod r#{name} {{\nuse super::models::*;\nuse crate::prelude::*;\n{body}}}\n"));
        }
        if models.is_empty() && modules.is_empty() {
            return None;
        }
        let models = format!("pub mod models {{\npub use {base}::*;\nuse crate::prelude::*;\n{models}}}\n");
        Some([vec![models], modules].concat().concat())
    }
}

impl File {
    fn parse(path: &str, text: &str) -> Self {
        let is_part = (path.starts_with("models/") || path.starts_with("endpoints/")) && !path.ends_with("/mod.rs");
        let mut file = Self { text: text.to_owned(), ..Self::default() };
        for item in syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}")).items {
            if !is_part {
                continue;
            }
            match (path.starts_with("endpoints/"), item) {
                (_, Item::Use(_)) => {}
                (true, Item::Impl(item)) => {
                    let owner = item.self_ty.to_token_stream().to_string();
                    // The function of the client that returns the handle has no types of the spec.
                    for function in item.items.iter().filter(|_| owner != "Client") {
                        if let ImplItem::Fn(method) = function {
                            file.parts.entry(method.sig.ident.to_string()).or_default().add(function);
                        }
                    }
                }
                (true, item) => {
                    if let Item::Struct(handle) = &item {
                        file.handle_name = handle.ident.to_string();
                    }
                    file.handle.add(&item);
                }
                (false, item) => file.parts.entry(owner(&item)).or_default().add(&item),
            }
        }
        file
    }
}

/// The type that an item of models belongs to.
fn owner(item: &Item) -> String {
    match item {
        Item::Type(item) => item.ident.to_string(),
        // The name in `pub struct Name` of a table, or the only token.
        Item::Macro(item) => {
            let tokens: Vec<_> = item.mac.tokens.clone().into_iter().map(|token| token.to_string()).collect();
            let keyword = tokens.iter().position(|token| token == "struct" || token == "enum");
            tokens[keyword.map_or(0, |at| at + 1)].clone()
        }
        Item::Impl(item) => match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().unwrap().ident.to_string(),
            other => panic!("{}", other.to_token_stream()),
        },
        other => panic!("{}", other.to_token_stream()),
    }
}

fn collect_names(tokens: TokenStream, names: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_names(group.stream(), names),
            TokenTree::Ident(ident) => drop(names.insert(ident.to_string())),
            _ => {}
        }
    }
}
