//! Where an answer departs from the document, and whether the generated client reads it all the same.
//!
//! What the client forgives is decided in its `tolerant.rs` and `answer.rs`; the reading here follows them, and the tests of
//! both put the same answers before the real client.

mod reading;
mod scalar;

use std::fmt;

use crate::document::{Document, Operation, Route};
use crate::recording::Recording;
use reading::Reading;

/// A place where an answer is not what the document says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// Whether the client fails on it. What it forgives sorts last.
    pub weight: Weight,
    /// Where in the answer: `tasks[].dueDate`. Empty for the whole of it.
    pub place: String,
    /// What is wrong.
    pub fault: Fault,
    /// The line of the document that says otherwise.
    pub line: usize,
}

/// What a departure does to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The call ends in a decode error.
    Breaks,
    /// The answer is read, with what does not fit as `None`, as empty, or as it came.
    Read,
}

/// How an answer can depart from the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No operation has this method and path.
    UnknownOperation,
    /// The operation does not declare this status.
    UndeclaredStatus(u16),
    /// The body is text where JSON is declared.
    NotJson,
    /// There is no body where one is declared.
    NoBody,
    /// There is a body where none is declared.
    Body,
    /// A 2xx answer says `success: false`.
    Refusal,
    /// The item came without the envelope around it.
    NoEnvelope,
    /// A property that the document does not have.
    UnknownField,
    /// A required property is not there.
    MissingField,
    /// Null where the document declares none.
    Null,
    /// A value of another type: the declared one, and the one that came.
    WrongType(&'static str, &'static str),
    /// A text that is not of the declared format.
    WrongForm(&'static str),
    /// A value outside of a declared limit, which is written as the document does.
    OutOfLimits(String),
    /// A value that the enumeration does not list; shown where it can only be a keyword.
    UnknownValue(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation => f.write_str("the document has no such operation"),
            Self::UndeclaredStatus(status) => write!(f, "status {status} is not declared"),
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::NoBody => f.write_str("the body is empty"),
            Self::Body => f.write_str("a body where none is declared"),
            Self::Refusal => f.write_str("`success: false` under a 2xx status"),
            Self::NoEnvelope => f.write_str("the answer came without its envelope"),
            Self::UnknownField => f.write_str("unknown field"),
            Self::MissingField => f.write_str("required, and missing"),
            Self::Null => f.write_str("null, and not nullable"),
            Self::WrongType(expected, got) => write!(f, "expected {expected}, got {got}"),
            Self::WrongForm(format) => write!(f, "not of the form {format}"),
            Self::OutOfLimits(limit) => write!(f, "outside of `{limit}`"),
            Self::UnknownValue(value) if value.is_empty() => f.write_str("unknown enumeration value"),
            Self::UnknownValue(value) => write!(f, "unknown enumeration value `{value}`"),
        }
    }
}

impl Fault {
    /// A keyword for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownOperation => "unknownOperation",
            Self::UndeclaredStatus(_) => "undeclaredStatus",
            Self::NotJson => "notJson",
            Self::NoBody => "noBody",
            Self::Body => "body",
            Self::Refusal => "refusal",
            Self::NoEnvelope => "noEnvelope",
            Self::UnknownField => "unknownField",
            Self::MissingField => "missingField",
            Self::Null => "null",
            Self::WrongType(..) => "wrongType",
            Self::WrongForm(_) => "wrongForm",
            Self::OutOfLimits(_) => "outOfLimits",
            Self::UnknownValue(_) => "unknownValue",
        }
    }
}

/// The operation that a recording answers, and where it departs from the document.
pub fn compare<'d>(document: &'d Document, recording: &Recording) -> (Option<&'d Operation>, Vec<Departure>) {
    let Route::Operation(operation, _) = document.route(&recording.method, &recording.path) else {
        let line = document.line("/paths");
        let (place, fault) = (String::new(), Fault::UnknownOperation);
        return (None, vec![Departure { weight: Weight::Read, place, fault, line }]);
    };
    (Some(operation), Reading::of(document, operation, recording))
}
