//! Names that the generated files or the runtime use themselves.

/// Why a type can't have this name.
pub(super) fn type_name(name: &str) -> Option<&'static str> {
    if STANDARD.contains(&name) {
        return Some("it would shadow a name of Rust's prelude");
    }
    RUNTIME.contains(&name).then_some("the client's runtime has a type of this name")
}

/// Why a resource can't have this name, which is that of a module and of a function of the client.
pub(super) fn module_name(name: &str) -> Option<&'static str> {
    if CRATES.contains(&name) {
        return Some("it would shadow a crate or module that the client uses");
    }
    if name == "common" {
        return Some("it is the module of shared types");
    }
    METHODS.contains(&name).then_some("`Client` has a function of this name")
}

/// The types, traits and variants of the prelude, because programs have `use weeek_generated::models::*`.
const STANDARD: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// The names that `weeek-generated/src/prelude.rs` imports into every generated file, and the type parameter of filters.
const RUNTIME: &[&str] = &[
    "Atom",
    "Borrow",
    "Call",
    "Client",
    "Dotted",
    "Encode",
    "Evidence",
    "Extra",
    "Filter",
    "Items",
    "Lenient",
    "M",
    "Method",
    "Nullable",
    "Operation",
    "Page",
    "Query",
    "QueryPairs",
    "Read",
    "Request",
    "Transport",
    "Upload",
];

/// The first segments of paths in generated code and in the macros of the runtime.
const CRATES: &[&str] = &["alloc", "core", "jiff", "serde", "serde_json", "std"];

/// The functions of `Client`.
const METHODS: &[&str] = &["builder", "clone", "from_env", "new", "request", "transport"];
