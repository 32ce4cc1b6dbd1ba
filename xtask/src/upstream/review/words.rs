//! Differences in words.

use crate::upstream::compare::Difference;
use crate::upstream::model::{absence, word};

/// `optional, was required; string, was integer`
pub(super) fn describe(differences: &[Difference]) -> String {
    let say = |difference: &Difference| {
        let Difference { aspect, left, right } = difference;
        let facts = |side: &Option<String>| {
            side.as_deref().filter(|facts| !facts.is_empty()).map(|facts| format!(": {facts}")).unwrap_or_default()
        };
        match (*aspect, left, right) {
            ("there", None, _) => format!("added{}", facts(right)),
            ("there", _, None) => format!("removed{}", facts(left)),
            _ => {
                let (theirs, ours) = spell_one(difference);
                format!("{ours}, was {theirs}")
            }
        }
    };
    differences.iter().map(say).collect::<Vec<_>>().join("; ")
}

fn spell_one(difference: &Difference) -> (String, String) {
    let say = |side: &Option<String>| match (difference.aspect, side.as_deref()) {
        ("there", None) => "absent".to_owned(),
        ("there", Some("")) => "there".to_owned(),
        ("there", Some(facts)) => facts.to_owned(),
        (aspect, Some(value)) => word(aspect, value),
        (aspect, None) => absence(aspect),
    };
    (say(&difference.left), say(&difference.right))
}

/// What the sides have at a place, as far as it differs.
pub(super) fn spell_both(differences: &[Difference]) -> (String, String) {
    let (left, right): (Vec<_>, Vec<_>) = differences.iter().map(spell_one).unzip();
    (left.join(", "), right.join(", "))
}
