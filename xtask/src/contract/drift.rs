//! Drift: a response that does not match the spec.

use std::borrow::Cow;
use std::fmt;

/// A mismatch between a response and the spec.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// The effect on the client. Tolerated drift sorts last.
    pub severity: Severity,
    /// The location in the response, such as `tasks[].dueDate`. Empty for the response as a whole.
    pub json_path: String,
    /// The kind of mismatch.
    pub kind: DriftKind,
    /// The line of the spec that the response contradicts.
    pub line: usize,
}

/// The effect of drift on the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The client cannot return a value although the response is not an error of the API.
    Undecodable,
    /// The client decodes the response: a mismatch becomes `None`, empty, or stays as received.
    Tolerated,
}

impl Severity {
    /// A keyword for reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Undecodable => "undecodable",
            Self::Tolerated => "tolerated",
        }
    }
}

/// The kinds of drift.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftKind {
    /// No operation has this method and path.
    UnknownOperation,
    /// The operation does not declare this status.
    UndeclaredStatus(u16),
    /// The body is not JSON although JSON is declared.
    NotJson,
    /// The body is empty although one is declared.
    EmptyBody,
    /// There is a body although none is declared.
    UnexpectedBody,
    /// A 2xx response has `success: false`.
    FailureWith2xx,
    /// The item came without its envelope.
    NoEnvelope,
    /// A property that the spec does not declare.
    UnknownField,
    /// A required property is missing.
    MissingField,
    /// Null where the spec does not allow it.
    Null,
    /// A value of another type: the declared type, and the received one.
    WrongType(Cow<'static, str>, Cow<'static, str>),
    /// A string that does not have the declared format.
    WrongFormat(String),
    /// A value that violates a bound, which is written as in the spec.
    OutOfBounds(String),
    /// A value that the enumeration does not list; shown only if it is a keyword.
    UnknownValue(String),
    /// The client cannot decode the value, for another reason than those above.
    Undecodable(String),
}

impl fmt::Display for DriftKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation => f.write_str("unknown operation"),
            Self::UndeclaredStatus(status) => write!(f, "undeclared status {status}"),
            Self::NotJson => f.write_str("the body is not JSON"),
            Self::EmptyBody => f.write_str("the body is empty"),
            Self::UnexpectedBody => f.write_str("unexpected body"),
            Self::FailureWith2xx => f.write_str("`success: false` with a 2xx status"),
            Self::NoEnvelope => f.write_str("missing envelope"),
            Self::UnknownField => f.write_str("unknown property"),
            Self::MissingField => f.write_str("missing required property"),
            Self::Null => f.write_str("null but not nullable"),
            Self::WrongType(expected, found) => write!(f, "expected {expected}, found {found}"),
            Self::WrongFormat(format) => write!(f, "invalid format, expected {format}"),
            Self::OutOfBounds(bound) => write!(f, "violates `{bound}`"),
            Self::UnknownValue(value) if value.is_empty() => f.write_str("unknown enum value"),
            Self::UnknownValue(value) => write!(f, "unknown enum value `{value}`"),
            Self::Undecodable(reason) => f.write_str(reason),
        }
    }
}

impl DriftKind {
    /// A keyword for programs, such as `missingField`: the name of the variant.
    pub fn name(&self) -> String {
        let variant = format!("{self:?}");
        let name = variant.split('(').next().unwrap_or_default();
        name[..1].to_lowercase() + &name[1..]
    }
}
