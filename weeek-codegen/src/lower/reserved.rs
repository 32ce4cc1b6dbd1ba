//! Names that the generated files or the runtime need for themselves.

/// Why no type may be called `name`, where none may.
pub(super) fn type_name(name: &str) -> Option<&'static str> {
    if STANDARD.contains(&name) {
        return Some("it would hide the one of Rust's standard prelude");
    }
    RUNTIME.contains(&name).then_some("the runtime of the client has one")
}

/// Why no resource may have a module and a function of the client called `name`, where none may.
pub(super) fn module_name(name: &str) -> Option<&'static str> {
    if CRATES.contains(&name) {
        return Some("it would hide a crate or a module that the client needs");
    }
    if name == "common" {
        return Some("what several resources share is kept there");
    }
    METHODS.contains(&name).then_some("the client has a function of that name")
}

/// The types, traits and variants of the standard prelude. `use weeek_generated::models::*` is how programs begin.
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

/// What `weeek-generated/src/prelude.rs` brings into every generated file.
const RUNTIME: &[&str] = &[
    "Borrow",
    "Call",
    "Client",
    "Deserialize",
    "Deserializer",
    "Dotted",
    "Evidence",
    "Method",
    "Nullable",
    "Operation",
    "Page",
    "Pages",
    "Pairs",
    "Query",
    "Request",
    "Rows",
    "Serialize",
    "Serializer",
    "Upload",
];

/// What generated code and the macros of the runtime name by a path.
const CRATES: &[&str] = &["alloc", "core", "jiff", "serde", "serde_json", "std", "wire"];

/// What `Client` has of its own.
const METHODS: &[&str] = &[
    "attempt", "attempts", "builder", "clone", "download", "execute", "from_env", "inner", "new", "prepare", "request",
];
