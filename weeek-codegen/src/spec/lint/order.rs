//! The order of paths and components, and the banners between them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::LintContext;
use super::usage::Usage;
use crate::diagnostic::Diagnostics;
use crate::naming;
use crate::rules::Rule;
use crate::spec::node::{Key, Node};
use crate::spec::resolve;
use crate::spec::suggest::did_you_mean;

/// The banner of components that resources share.
const SHARED: &str = "shared";

pub(super) fn lint(LintContext { text, root }: LintContext, usage: &Usage, diagnostics: &mut Diagnostics) {
    let is_wrong =
        |tag: &Node| tag.get("x-weeek-resource").is_some_and(|resource| diagnostics.is_tainted(&resource.span));
    let tags: Vec<Tag> = root.items_at("tags").iter().filter_map(|node| tag(node, is_wrong(node))).collect();
    let owners = naming::Owners::new(tags.iter().map(|tag| tag.resource));
    let (banners, missing) = (BTreeSet::new(), BTreeSet::new());
    // The first tag of a name counts.
    let places = tags.iter().enumerate().rev().map(|(at, tag)| (tag.banner.as_str(), at)).collect();
    let mut order = Order { root, text, tags: &tags, places, owners, usage, diagnostics, banners, missing };
    let entry = |name: &str, node: Option<&Node>| {
        node.is_some_and(|node| node.entries().iter().any(|(key, _)| key.name == name))
    };
    if entry("paths", Some(root)) {
        order.paths(root.entries_at("paths"), section(root, "paths"));
    }
    let components = root.get("components");
    for name in ["parameters", "schemas", "responses"] {
        if let Some(components) = components.filter(|components| entry(name, Some(components))) {
            order.components(name, resolve::components(root, name), section(components, name));
        }
    }
}

fn section(node: &Node, name: &str) -> usize {
    node.entries().iter().find(|(key, _)| key.name == name).map_or(0, |(key, _)| key.span.end)
}

struct Tag<'a> {
    name: &'a str,
    banner: String,
    resource: &'a str,
    /// Whether the resource is an error of its own.
    is_wrong: bool,
}

fn tag(node: &Node, is_wrong: bool) -> Option<Tag<'_>> {
    let name = node.text_at("name")?;
    Some(Tag { name, banner: name.to_lowercase(), resource: node.text_at("x-weeek-resource")?, is_wrong })
}

/// A comment such as `# ---- tasks`.
struct Banner<'a> {
    name: &'a str,
    span: Range<usize>,
}

struct Order<'a, 'r> {
    root: &'a Node,
    text: &'a str,
    tags: &'r [Tag<'a>],
    /// The index of each tag by its banner.
    places: BTreeMap<&'r str, usize>,
    owners: naming::Owners,
    usage: &'r Usage<'a>,
    diagnostics: &'r mut Diagnostics,
    /// The banners of the section.
    banners: BTreeSet<&'a str>,
    /// The banners that the section lacks, as far as reported.
    missing: BTreeSet<&'r str>,
}

impl<'a, 'r> Order<'a, 'r> {
    fn paths(&mut self, entries: &'a [(Key, Node)], start: usize) {
        self.each(entries, start, |order, key, item, banner| {
            let mut names = item.entries().iter().filter_map(|(_, operation)| operation.texts("tags").next());
            let Some(name) = names.next() else { return };
            let Some(tag) = order.tag(&name.to_lowercase()).filter(|tag| tag.name == name) else { return };
            if order.lacks_banner(tag, key, banner) {
                return;
            }
            if tag.banner != banner.name && order.is_banner(banner.name) {
                let message = format!("`{}` is under the wrong banner, `{}`", key.name, banner.name);
                let error = order.diagnostics.error(Rule::Order, &key.span, message);
                error.help(format!("move it under `{}`", tag.banner)).related(&banner.span, "the banner");
            }
        });
    }

    fn components(&mut self, section: &'static str, entries: &'a [(Key, Node)], start: usize) {
        self.each(entries, start, |order, key, node, banner| {
            // A path parameter has the name and the owner of its schema.
            let schema = node.get("schema").filter(|_| node.text_at("in") == Some("path"));
            let name = schema.and_then(resolve::schema_name).unwrap_or(&key.name);
            let tags = order.tags;
            let owner = order.owners.of(name).map(|at| &tags[at]);
            if owner.is_some_and(|owner| banner.name != SHARED && order.lacks_banner(owner, key, banner)) {
                return;
            }
            if banner.name == SHARED {
                order.shared(section, key, banner);
            } else if let Some(tag) = order.tag(banner.name)
                && !tag.is_wrong
                && !naming::belongs(name, tag.resource)
            {
                let message = format!("`{}` does not start with `{}`", key.name, tag.resource);
                let help = "rename it, or move it under the banner of its resource, or under `shared`";
                order
                    .diagnostics
                    .error(Rule::SchemaOwner, &key.span, message)
                    .help(help)
                    .related(&banner.span, "the banner");
            }
        });
    }

    fn tag(&self, banner: &str) -> Option<&'r Tag<'a>> {
        self.places.get(banner).map(|at| &self.tags[*at])
    }

    /// Whether a banner is that of a tag or of the shared parts; another one is an error of its own.
    fn is_banner(&self, name: &str) -> bool {
        name == SHARED || self.places.contains_key(name)
    }

    /// Whether the section has no banner of the tag, which is reported at its first entry.
    fn lacks_banner(&mut self, tag: &'r Tag, key: &Key, banner: &Banner) -> bool {
        if !self.is_banner(banner.name) || self.banners.contains(tag.banner.as_str()) {
            return false;
        }
        if self.missing.insert(&tag.banner) {
            let message = format!("no banner above `{}`", key.name);
            let help = format!("add a comment above it: `# ---- {}`", tag.banner);
            self.diagnostics.error(Rule::Banner, &key.span, message).help(help);
        }
        true
    }

    /// A component under `shared` is used by several resources, or has the name of none.
    fn shared(&mut self, section: &'static str, key: &Key, banner: &Banner) {
        let Some(owner) = self.owners.of(&key.name).map(|at| &self.tags[at]) else { return };
        let mut users = self.usage.tags(section, &key.name);
        if users.all(|user| user == owner.name) {
            let message = format!("only `{}` uses `{}`", owner.name, key.name);
            let error = self.diagnostics.error(Rule::Order, &key.span, message);
            error.help(format!("move it under `{}`", owner.banner)).related(&banner.span, "the banner");
        }
    }

    /// Visits each entry of a section with its banner, and reports banners that are missing, unknown or out of order.
    fn each(
        &mut self,
        entries: &'a [(Key, Node)],
        start: usize,
        mut visit: impl FnMut(&mut Self, &'a Key, &'a Node, &Banner<'a>),
    ) {
        let end = entries.last().map_or(start, |(key, _)| key.span.start);
        self.banners = banners(self.text, start..end).map(|banner| banner.name).collect();
        self.missing.clear();
        let mut current: Option<Banner> = None;
        let mut reached = 0;
        let mut before = start;
        for (at, (key, node)) in entries.iter().enumerate() {
            for banner in banners(self.text, before..key.span.start) {
                reached = self.banner(&banner, current.as_ref(), reached);
                current = Some(banner);
            }
            before = node.span.end.max(key.span.end);
            match &current {
                Some(banner) => visit(self, key, node, banner),
                None if at == 0 => {
                    let help = "add a comment above it: `# ---- ` and the tag in lower case, or `shared`";
                    self.diagnostics
                        .error(Rule::Banner, &key.span, format!("no banner above `{}`", key.name))
                        .help(help);
                }
                None => {}
            }
        }
    }

    /// Checks a banner, and returns the position that the section has reached.
    fn banner(&mut self, banner: &Banner, previous: Option<&Banner>, reached: usize) -> usize {
        let place = if banner.name == SHARED { Some(0) } else { self.places.get(banner.name).map(|at| at + 1) };
        let Some(place) = place else {
            let mut used = resolve::operations(self.root).flat_map(|operation| operation.node.texts("tags"));
            if used.any(|tag| tag.to_lowercase() == banner.name) {
                // That the tag is not declared is an error of its own.
                return reached;
            }
            let names = std::iter::once(SHARED).chain(self.tags.iter().map(|tag| tag.banner.as_str()));
            let help = did_you_mean(banner.name, names);
            self.diagnostics.error(Rule::Banner, &banner.span, format!("banner `{}` is not a tag", banner.name)).help =
                help;
            return reached;
        };
        match previous {
            Some(previous) if place < reached || previous.name == banner.name => {
                let problem = if previous.name == banner.name { "is repeated" } else { "is too late" };
                let error =
                    self.diagnostics.error(Rule::Order, &banner.span, format!("banner `{}` {problem}", banner.name));
                error.help("follow the order of the tags").related(&previous.span, "the banner before it");
                reached
            }
            _ => place,
        }
    }
}

fn banners(text: &str, gap: Range<usize>) -> impl Iterator<Item = Banner<'_>> {
    let (start, gap) = (gap.start, text.get(gap).unwrap_or_default());
    gap.split_inclusive('\n')
        .scan(start, |at, line| {
            let place = *at;
            *at += line.len();
            Some((place, line))
        })
        .filter_map(|(place, line)| {
            let name = line.trim().strip_prefix("# --")?.trim_start_matches('-').trim();
            let from = place + line.rfind(name)?;
            Some(Banner { name, span: from..from + name.len() })
        })
}
