//! Differences in words.

use crate::upstream::compare::Difference;
use crate::upstream::model::{describe_absence, describe_fact};

/// `optional, was required; string, was integer`
pub(super) fn describe(differences: &[Difference]) -> String {
    let text = |difference: &Difference| {
        let Difference { aspect, left, right } = difference;
        let facts = |side: &Option<String>| {
            side.as_deref().filter(|facts| !facts.is_empty()).map(|facts| format!(": {facts}")).unwrap_or_default()
        };
        match (*aspect, left, right) {
            ("there", None, _) => format!("added{}", facts(right)),
            ("there", _, None) => format!("removed{}", facts(left)),
            _ => {
                let (theirs, ours) = both_sides_of(difference);
                format!("{ours}, was {theirs}")
            }
        }
    };
    differences.iter().map(text).collect::<Vec<_>>().join("; ")
}

fn both_sides_of(difference: &Difference) -> (String, String) {
    let text = |side: &Option<String>| match (difference.aspect, side.as_deref()) {
        ("there", None) => "absent".to_owned(),
        ("there", Some("")) => "there".to_owned(),
        ("there", Some(facts)) => facts.to_owned(),
        (aspect, Some(value)) => describe_fact(aspect, value),
        (aspect, None) => describe_absence(aspect),
    };
    (text(&difference.left), text(&difference.right))
}

/// What each side has at a place, as far as it differs.
pub(super) fn both_sides(differences: &[Difference]) -> (String, String) {
    let (left, right): (Vec<_>, Vec<_>) = differences.iter().map(both_sides_of).unzip();
    (left.join(", "), right.join(", "))
}
