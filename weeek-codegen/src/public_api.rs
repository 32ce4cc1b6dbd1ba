//! The public API of Rust sources: every item that is `pub`, by name, with its signature.
//!
//! What is `pub` can be reached: the lint `unreachable_pub` makes sure of it. Bodies, docs and names of arguments do not count.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Fields, FnArg, Generics, ImplItem, Item, ItemTrait, Pat, Signature, TraitItem, Type, UseTree, Visibility,
};

/// The signatures by name: `Page::items`, `impl Clone for Page`.
pub(crate) type PublicApi = BTreeMap<String, BTreeSet<String>>;

/// Reads the public API of files. An error names the file that is not Rust.
pub(crate) fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<PublicApi, String> {
    let parse = |(path, text): (&str, &str)| syn::parse_file(text).map_err(|error| format!("{path}: {error}"));
    let files = files.into_iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    let mut reader = Reader::default();
    files.iter().for_each(|file| reader.names(&file.items));
    files.iter().for_each(|file| reader.items(&file.items));
    Ok(reader.api)
}

#[derive(Default)]
struct Reader {
    api: PublicApi,
    types: BTreeSet<String>,
    /// Traits that only the crate sees: nobody can call what they add to a type.
    private_traits: BTreeSet<String>,
}

impl Reader {
    fn names(&mut self, items: &[Item]) {
        for item in items {
            let (vis, name) = match item {
                Item::Struct(it) => (&it.vis, &it.ident),
                Item::Enum(it) => (&it.vis, &it.ident),
                Item::Type(it) => (&it.vis, &it.ident),
                Item::Trait(it) => {
                    if !is_public(&it.vis) {
                        self.private_traits.insert(it.ident.to_string());
                    }
                    (&it.vis, &it.ident)
                }
                _ => continue,
            };
            if is_public(vis) {
                self.types.insert(name.to_string());
            }
        }
    }

    fn add(&mut self, name: &impl ToString, signature: impl Into<String>) {
        self.api.entry(name.to_string()).or_default().insert(signature.into());
    }

    fn items(&mut self, items: &[Item]) {
        let module = |item: &Item| if let Item::Mod(it) = item { Some(it.ident.to_string()) } else { None };
        let modules: BTreeSet<String> = items.iter().filter_map(module).collect();
        for item in items {
            match item {
                Item::Fn(it) if is_public(&it.vis) => self.add(&it.sig.ident, signed(&it.attrs, &it.sig)),
                Item::Const(it) if is_public(&it.vis) => self.add(&it.ident, text(&it.ty)),
                Item::Type(it) if is_public(&it.vis) => self.add(&it.ident, format!("type {}", text(&it.ty))),
                Item::Mod(it) if is_public(&it.vis) => self.add(&it.ident, marked(&it.attrs, "mod")),
                Item::Struct(it) if is_public(&it.vis) => {
                    self.define("struct", &it.ident, &it.generics, &it.attrs);
                    self.fields(&it.ident, &it.fields);
                }
                Item::Enum(it) if is_public(&it.vis) => {
                    self.define("enum", &it.ident, &it.generics, &it.attrs);
                    for variant in &it.variants {
                        self.add(&format!("{}::{}", it.ident, variant.ident), text(&variant.fields));
                    }
                }
                Item::Trait(it) if is_public(&it.vis) => self.definition(it),
                Item::Impl(it) => self.implementation(it),
                Item::Use(it) if is_public(&it.vis) => self.exports(&it.tree, "", &modules),
                Item::Macro(it) => match &it.ident {
                    Some(name) => self.scan(&format!("{name}!"), it.mac.tokens.clone()),
                    None => self.variants(&it.mac),
                },
                _ => {}
            }
        }
    }

    /// A struct or an enum, and its derives.
    fn define(&mut self, keyword: &str, name: &Ident, generics: &Generics, attrs: &[Attribute]) {
        self.add(name, marked(attrs, &format!("{keyword}{}", text(generics))));
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
            let _ = attr.parse_nested_meta(|derive| {
                self.add(&format!("impl {} for {name}", text(&derive.path)), "");
                Ok(())
            });
        }
    }

    fn definition(&mut self, ItemTrait { attrs, ident, generics, supertraits, items, .. }: &ItemTrait) {
        self.add(ident, marked(attrs, &format!("trait{}: {}", text(generics), text(supertraits))));
        for item in items {
            match item {
                TraitItem::Fn(it) => {
                    let body = if it.default.is_some() { " { … }" } else { "" };
                    self.add(&format!("{ident}::{}", it.sig.ident), signed(&it.attrs, &it.sig) + body);
                }
                TraitItem::Const(it) => self.add(&format!("{ident}::{}", it.ident), text(&it.ty)),
                TraitItem::Type(it) => self.add(&format!("{ident}::{}", it.ident), text(&it.bounds)),
                _ => {}
            }
        }
    }

    fn fields(&mut self, name: &Ident, fields: &Fields) {
        for (at, field) in fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
            let field_name = field.ident.as_ref().map_or(at.to_string(), ToString::to_string);
            self.add(&format!("{name}::{field_name}"), text(&field.ty));
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        let Type::Path(ty) = &*item.self_ty else { return };
        let Some(name) = ty.path.segments.last().map(|segment| segment.ident.to_string()) else { return };
        if !self.types.contains(&name) {
            return;
        }
        if let Some((path, _)) = &item.trait_ {
            let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            if !self.private_traits.contains(&name) {
                self.add(&format!("impl {} for {}", text(path), text(&item.self_ty)), text(&item.generics));
            }
            return;
        }
        for item in &item.items {
            match item {
                ImplItem::Fn(it) if is_public(&it.vis) => {
                    self.add(&format!("{name}::{}", it.sig.ident), signed(&it.attrs, &it.sig));
                }
                ImplItem::Const(it) if is_public(&it.vis) => self.add(&format!("{name}::{}", it.ident), text(&it.ty)),
                _ => {}
            }
        }
    }

    /// A name of another crate that is exported. What is in this crate is listed where it is defined.
    fn exports(&mut self, tree: &UseTree, path: &str, modules: &BTreeSet<String>) {
        match tree {
            UseTree::Path(it) if path.is_empty() && modules.contains(&it.ident.to_string()) => {}
            UseTree::Path(it) => self.exports(&it.tree, &format!("{path}{}::", it.ident), modules),
            UseTree::Name(it) => self.add(&format!("use {}", it.ident), format!("{path}{}", it.ident)),
            UseTree::Rename(it) => self.add(&format!("use {}", it.rename), format!("{path}{}", it.ident)),
            UseTree::Glob(_) => self.add(&format!("use {path}*"), ""),
            UseTree::Group(it) => it.items.iter().for_each(|tree| self.exports(tree, path, modules)),
        }
    }

    /// What a macro adds to every type: the signatures in its body.
    fn scan(&mut self, name: &str, tokens: TokenStream) {
        let mut head: Option<TokenStream> = None;
        for token in tokens {
            let starts = matches!(&token, TokenTree::Ident(word) if *word == "pub" || *word == "impl");
            if starts && head.is_none() {
                head = Some(TokenStream::new());
            }
            let ends = match &token {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Punct(punct) => punct.as_char() == ';',
                _ => false,
            };
            if let Some(signature) = head.take_if(|_| ends).map(|head| text(&head)) {
                // An `impl` without a trait is what is `pub` inside it.
                if !signature.starts_with("impl") || signature.contains(" for ") {
                    self.add(&format!("{name} {signature}"), "");
                }
            }
            if let Some(head) = &mut head {
                head.extend([token.clone()]);
            }
            if let TokenTree::Group(group) = token {
                self.scan(name, group.stream());
            }
        }
    }

    /// The variants of an enum that a macro defines: `string_enum!(Kind { Call = "call" })`.
    fn variants(&mut self, invocation: &syn::Macro) {
        let is_enum = invocation.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("_enum"));
        let mut tokens = invocation.tokens.clone().into_iter();
        let (true, Some(TokenTree::Ident(name))) = (is_enum, tokens.next()) else { return };
        for token in tokens {
            let TokenTree::Group(group) = token else { continue };
            let mut is_first = true;
            for token in group.stream() {
                if let (TokenTree::Ident(variant), true) = (&token, is_first) {
                    self.add(&format!("{name}::{variant}"), "");
                }
                is_first = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
            }
        }
    }
}

fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// A signature without the names of its arguments.
fn signed(attrs: &[Attribute], signature: &Signature) -> String {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        match argument {
            FnArg::Typed(argument) => *argument.pat = Pat::Verbatim(quote::quote!(_)),
            // `mut self` matters to the body alone; that of `&mut self` is elsewhere.
            FnArg::Receiver(receiver) => receiver.mutability = None,
        }
    }
    marked(attrs, &text(&signature))
}

/// The signature with the attributes that callers notice.
fn marked(attrs: &[Attribute], signature: &str) -> String {
    let counts = |attr: &&Attribute| ["cfg", "non_exhaustive"].iter().any(|name| attr.path().is_ident(name));
    let marks: Vec<_> = attrs.iter().filter(counts).map(|attr| text(attr) + " ").collect();
    marks.concat() + signature
}

/// Tokens without the spaces that a person would not write.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, close) in [
        (" :: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" > ", "> "),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("_ : ", ""),
        (" : ", ": "),
        ("# [", "#["),
        ("' ", "'"),
        (" ;", ";"),
        (" ?", "?"),
        ("$ ", "$"),
        (" [", "["),
        // rustfmt writes a comma behind the last of several lines.
        (",)", ")"),
        (",>", ">"),
    ] {
        text = text.replace(spaced, close);
    }
    text.trim().trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signatures as lines.
    fn lines(source: &str) -> Vec<String> {
        let api = read([("lib.rs", source)]).unwrap();
        let lines = api.iter().flat_map(|(name, signatures)| signatures.iter().map(move |it| format!("{name} = {it}")));
        lines.collect()
    }

    #[test]
    fn signatures() {
        for (source, expected) in [
            (
                "pub fn a<T: Into<B>>(mut b: &T, c: &'static str) -> Vec<u8> { b }",
                &["a = fn a<T: Into<B>>(&T, &'static str) -> Vec<u8>"][..],
            ),
            ("pub fn a<T,>(\n b: Result<T, u8,>,\n) where\n T: B,\n{}", &["a = fn a<T>(Result<T, u8>) where T: B"]),
            ("fn a() {} pub(crate) fn b() {} mod c { }", &[]),
            ("#[cfg(feature = \"x\")] pub const A: u8 = 1;", &["A = u8"]),
            (
                "#[derive(Clone, Debug)] #[non_exhaustive] pub struct A<'c> { pub b: Option<B>, c: C }",
                &["A = #[non_exhaustive] struct<'c>", "A::b = Option<B>", "impl Clone for A = ", "impl Debug for A = "],
            ),
            ("pub enum A { B(u8), C }", &["A = enum", "A::B = (u8)", "A::C = "]),
            (
                "pub struct A(pub u8); struct P; impl A { pub fn a(&self) {} pub fn c(mut self) {} fn b() {} } impl P { pub fn c() {} }",
                &["A = struct", "A::0 = u8", "A::a = fn a(&self)", "A::c = fn c(self)"],
            ),
            (
                "pub struct A; trait T {} pub trait U { fn f(&self, x: u8); } impl T for A {} impl U for A {} impl<B> From<B> for A {}",
                &["A = struct", "U = trait: ", "U::f = fn f(&self, u8)", "impl From<B> for A = <B>", "impl U for A = "],
            ),
            ("mod a; pub mod b; pub use a::c::{D, E as F}; pub use x::Y;", &["b = mod", "use Y = x::Y"]),
            (
                "macro_rules! m { ($n:ident) => { impl $n { pub fn f(self) -> u8 { 1 } fn g() {} } impl Copy for $n {} }; }",
                &["m! impl Copy for $n = ", "m! pub fn f(self) -> u8 = "],
            ),
            ("string_enum!(A { B = \"b\", C = \"c\" });", &["A::B = ", "A::C = "]),
        ] {
            assert_eq!(lines(source), expected, "{source}");
        }
        assert!(read([("a.rs", "pub fn")]).unwrap_err().starts_with("a.rs: "));
    }
}
