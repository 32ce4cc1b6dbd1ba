//! The named rules: what differs in many places for one reason.

use super::compare::{Difference, Row};

/// A difference, and where it is. The left side is theirs, the right one is ours.
pub struct Case<'a> {
    /// The place.
    pub place: &'a str,
    /// What the sides have there.
    pub row: &'a Row,
    /// What differs.
    pub difference: &'a Difference,
    /// The id of our operation, where the place is in one.
    pub operation: &'a str,
}

/// A rule, and whether it explains a difference.
pub struct Rule {
    /// As `spec/departures.yaml` writes it.
    pub name: &'static str,
    /// Whether it explains a difference.
    pub explains: fn(&Case) -> bool,
}

/// Every rule that `spec/departures.yaml` can name.
pub const RULES: &[Rule] = &[
    Rule { name: "error-responses", explains: |case| case.is_absent_there() && case.status().starts_with('4') },
    Rule {
        name: "response-envelope-required",
        explains: |case| case.gains("required") && case.status().starts_with('2') && case.below_status() == 1,
    },
    Rule {
        name: "response-properties-required",
        explains: |case| {
            let is_envelope = !case.status().is_empty() && case.below_status() == 1;
            case.gains("required") && case.row.response && !case.row.request && !is_envelope
        },
    },
    Rule {
        name: "response-defaults",
        explains: |case| case.row.response && !case.row.request && case.loses("default"),
    },
    Rule { name: "integers-are-int64", explains: |case| case.becomes("format", None, "int64") },
    Rule {
        name: "ids-have-types",
        explains: |case| {
            case.row.our_schema.as_deref().is_some_and(|name| name.ends_with("Id"))
                && (case.is_in_address() && case.difference.aspect == "type"
                    || case.becomes("format", None, "uuid")
                    || case.becomes("minimum", None, "1")
                    || case.becomes("pattern", None, "^[A-Za-z0-9]{16}$"))
        },
    },
    Rule { name: "bodies-required", explains: |case| case.gains("required") && case.place.ends_with(" body") },
    Rule { name: "lists-with-brackets", explains: |case| case.gains("brackets") },
    Rule {
        name: "query-booleans-are-numbers",
        explains: |case| {
            let name = case.difference.aspect;
            let numbers = case.becomes("type", Some("boolean"), "integer") || case.becomes("enum", None, "0, 1");
            case.place.contains(" query.") && numbers && ["type", "enum"].contains(&name)
        },
    },
    Rule {
        name: "paging-from-zero",
        explains: |case| {
            let (limit, offset) = (case.place.ends_with(" query.limit"), case.place.ends_with(" query.offset"));
            limit && case.difference.aspect == "minimum" && case.difference.right.as_deref() == Some("1")
                || offset && (case.becomes("minimum", None, "0") || case.becomes("default", None, "0"))
        },
    },
    Rule {
        name: "sorted-both-ways",
        explains: |case| {
            let (theirs, ours) = (case.values(false), case.values(true));
            let is_sort = case.place.ends_with(" query.sort") || case.place.ends_with(" query.sortBy");
            let both: Vec<String> = theirs.iter().flat_map(|key| [key.clone(), format!("-{key}")]).collect();
            is_sort && !theirs.is_empty() && both.len() == ours.len() && both.iter().all(|key| ours.contains(key))
        },
    },
    Rule {
        name: "custom-field-filters-are-pairs",
        explains: |case| {
            let of_list = ["\"customFields[*][id]\"", "\"customFields[*][value]\"", "customFields"];
            let name = case.place.split_once(" query.").map_or("", |(_, name)| name);
            case.difference.aspect == "there" && of_list.contains(&name)
        },
    },
    Rule {
        name: "custom-fields-move-to-one-neighbor",
        explains: |case| {
            let body = case.row.our_schema.as_deref().unwrap_or_default();
            ["CustomFieldPosition", "CustomFieldOptionPosition"].contains(&body)
                && case.place.ends_with("/move body")
                && ["type", "forms"].contains(&case.difference.aspect)
        },
    },
    Rule {
        name: "option-colors-joined",
        explains: |case| {
            let ours = case.values(true);
            let theirs = case.values(false);
            case.place.contains("/options")
                && case.place.ends_with(" body.color")
                && theirs.iter().all(|color| ours.contains(color))
        },
    },
    Rule {
        name: "no-null-in-what-creates",
        explains: |case| {
            let verb = case.operation.split_once('.').map_or("", |(_, verb)| verb);
            verb.starts_with("create") && case.place.contains(" body.") && case.loses("nullable")
        },
    },
    Rule {
        name: "several-files",
        explains: |case| {
            let body = case.place.ends_with("/attachments body.\"files[]\"")
                && (case.becomes("type", Some("string"), "array") || case.loses("format"));
            let response =
                case.place.ends_with("/attachments 200.data") && case.becomes("type", Some("object"), "array");
            body || response
        },
    },
];

impl Case<'_> {
    /// Whether our spec adds the fact.
    fn gains(&self, aspect: &str) -> bool {
        self.becomes(aspect, None, "true")
    }

    /// Whether our spec drops the fact.
    fn loses(&self, aspect: &str) -> bool {
        self.difference.aspect == aspect && self.difference.left.is_some() && self.difference.right.is_none()
    }

    fn becomes(&self, aspect: &str, left: Option<&str>, right: &str) -> bool {
        let difference = self.difference;
        difference.aspect == aspect && difference.left.as_deref() == left && difference.right.as_deref() == Some(right)
    }

    /// Whether the place is in a path or a query, where every value is written as a string.
    fn is_in_address(&self) -> bool {
        [" path.", " query."].iter().any(|part| self.place.contains(part))
    }

    /// Whether the place is ours alone.
    fn is_absent_there(&self) -> bool {
        self.difference.aspect == "there" && self.difference.left.is_none()
    }

    /// The status of the response that the place is in, where it starts with an operation.
    fn status(&self) -> &str {
        let status = self.place.splitn(3, ' ').nth(2).unwrap_or_default();
        if status.starts_with(|first: char| first.is_ascii_digit()) { status } else { "" }
    }

    /// How many properties below the response the place is.
    fn below_status(&self) -> usize {
        super::model::parts(self.status()).len().saturating_sub(1)
    }

    /// The values of an enumeration.
    fn values(&self, ours: bool) -> Vec<String> {
        let side = if ours { &self.difference.right } else { &self.difference.left };
        let side = side.as_deref().filter(|_| self.difference.aspect == "enum").unwrap_or_default();
        side.split(", ").filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }
}
