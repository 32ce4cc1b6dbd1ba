//! Compares a recorded response with the spec.

use std::collections::BTreeSet;

use super::drift::{Drift, DriftKind, Severity};
use super::lenient::LenientModel;
use super::recording::{Body, Recording};
use super::route::Route;
use super::spec::{Operation, Spec};

/// The result of comparing a response with the spec.
#[derive(Debug)]
pub struct Comparison<'s> {
    /// The operation of the response.
    pub operation: Option<&'s Operation>,
    /// The drift, sorted.
    pub drift: Vec<Drift>,
    /// The pointers of documented facts that the response confirms.
    pub confirmed: BTreeSet<String>,
    /// The pointers of documented facts that it contradicts.
    pub contradicted: BTreeSet<String>,
}

/// The operation that a recording belongs to, and its drift.
pub fn compare<'s>(spec: &'s Spec, recording: &Recording) -> (Option<&'s Operation>, Vec<Drift>) {
    let Comparison { operation, drift, .. } = compare_with_facts(spec, recording);
    (operation, drift)
}

/// Compares a recording with the spec, and finds the documented facts that it confirms.
pub fn compare_with_facts<'s>(spec: &'s Spec, recording: &Recording) -> Comparison<'s> {
    let mut comparison =
        Comparison { operation: None, drift: Vec::new(), confirmed: BTreeSet::new(), contradicted: BTreeSet::new() };
    let Route::Operation(operation, _) = spec.route(&recording.method, &recording.path) else {
        let (json_path, kind, line) = (String::new(), DriftKind::UnknownOperation, spec.line("/paths"));
        comparison.drift.push(Drift { severity: Severity::Tolerated, json_path, kind, line });
        return comparison;
    };
    let mut model = LenientModel::new(spec);
    model.response(operation, recording);
    let mut drift = model.found;
    drift.sort();
    drift.dedup();
    let is_success =
        (200..300).contains(&recording.status) && !drift.iter().any(|found| found.kind == DriftKind::FailureWith2xx);
    if is_success {
        // What the operation sends is not recorded: only a request without a body is known to be as documented.
        let is_bare = spec.at(&operation.pointer).get("requestBody").is_none();
        if is_bare && spec.is_documented(&operation.pointer) && shows_its_item(spec, operation, recording) {
            model.seen.insert((operation.pointer.clone(), String::new()));
        }
        let is_decodable = drift.iter().all(|found| found.severity == Severity::Tolerated);
        for (pointer, json_path) in model.seen {
            if drift.iter().any(|found| is_within(&found.json_path, &json_path)) {
                comparison.contradicted.insert(pointer);
            } else if is_decodable {
                comparison.confirmed.insert(pointer);
            }
        }
    }
    Comparison { operation: Some(operation), drift, ..comparison }
}

/// Whether the response has an item that is not empty, or none is declared.
fn shows_its_item(spec: &Spec, operation: &Operation, recording: &Recording) -> bool {
    let item = spec.success(operation).and_then(|response| response.item);
    match (&recording.body, item) {
        (Body::Json(body), Some(item)) => {
            body[item].as_array().map_or(!body[item].is_null(), |items| !items.is_empty())
        }
        (_, item) => item.is_none(),
    }
}

fn is_within(json_path: &str, parent: &str) -> bool {
    let rest = json_path.strip_prefix(parent);
    rest.is_some_and(|rest| parent.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}
