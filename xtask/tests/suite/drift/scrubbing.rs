//! The scrubber removes everything private, and keeps all drift.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};
use xtask::contract::recording::{Body, Recording};
use xtask::contract::{Severity, compare};
use xtask::pointer::escape;
use xtask::probe::Scrubber;

use super::{SCHEMAS, Sample, samples};

static SAMPLES: LazyLock<Vec<Sample<'static>>> = LazyLock::new(|| samples(SCHEMAS.spec()));

/// Every secret contains one of these.
const MARKS: [&str; 3] = ["zq", "жы", "8642"];

/// Private values in the formats that responses have.
fn secret() -> impl Strategy<Value = Value> {
    let name = "Zq[a-z]{2,9}";
    let digits = "8642[0-9]{1,9}";
    prop_oneof![
        name.prop_map(Value::String),
        (name, name).prop_map(|(first, last)| json!(format!("{first} {last}, жык"))),
        (name, name).prop_map(|(name, host)| json!(format!("{name}@{host}.example").to_lowercase())),
        (name, digits).prop_map(|(host, id)| json!(format!("https://{host}.example/files/{id}?signature={id}#{host}"))),
        (name, digits).prop_map(|(name, id)| json!(format!("see https://x.example/{id} of {name}"))),
        name.prop_map(|name| json!(format!("<p>{name}</p>\n<b onclick=\"{name}()\">жы</b>"))),
        digits.prop_map(Value::String),
        digits.prop_map(|digits| json!(format!("+{digits}"))),
        digits.prop_map(|digits| json!(format!("+7 (495) {digits}"))),
        digits.prop_map(|digits| json!(format!("2026-11-24T09:30:00.{digits}+{digits}"))),
        digits.prop_map(|digits| json!(format!("2026-11-24 {digits}"))),
        digits.prop_map(|digits| json!(format!("#{digits}"))),
        digits.prop_map(|digits| json!(digits.parse::<i64>().unwrap())),
        digits.prop_map(|digits| json!(-digits.parse::<i64>().unwrap())),
        digits.prop_map(|digits| json!(digits.parse::<f64>().unwrap() + 0.5)),
        digits.prop_map(|digits| json!(format!("8642{digits:0>4}-8642-4642-8642-{digits:0>12}"))),
        (name, digits).prop_map(|(name, digits)| json!(format!("{name}{digits}"))),
        name.prop_map(|name| json!(name.repeat(60))),
        (name, digits)
            .prop_map(|(name, digits)| json!({name.clone(): digits.clone(), digits: [name, {"ownerId": 8642}]})),
    ]
}

/// The pointers of all values that are not objects or arrays.
fn leaves(value: &Value, pointer: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, value)| leaves(value, &format!("{pointer}/{}", escape(key)), into));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{pointer}/{at}"), into));
        }
        _ => into.push(pointer.to_owned()),
    }
}

/// The drift without JSON paths, which contain private keys.
fn drift(recording: &Recording) -> BTreeSet<(String, usize, bool)> {
    let found = compare(&SCHEMAS, recording).drift.into_iter();
    found.map(|found| (found.kind.to_string(), found.line, found.severity == Severity::Undecodable)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn private_data_is_removed_and_drift_stays(
        sample in any::<Index>(),
        odd in proptest::option::of((any::<Index>(), any::<Index>())),
        secrets in vec((any::<Index>(), secret()), 1..10),
        key in secret(),
    ) {
        let sample = sample.get(&SAMPLES[..]);
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let (mut body, mut places) = (example.clone(), Vec::new());
        leaves(&body, "", &mut places);
        if let Some((place, value)) = odd.filter(|_| !places.is_empty()) {
            let odd = [json!(null), json!(""), json!(1.5), json!(-1), json!({}), json!([]), json!("other"), json!(true)];
            *body.pointer_mut(place.get::<String>(&places)).unwrap() = value.get(&odd).clone();
        }
        // The code of an error response is not private.
        places.retain(|place| place != "/code");
        for (place, secret) in secrets.iter().filter(|_| !places.is_empty()) {
            if let Some(leaf) = body.pointer_mut(place.get::<String>(&places)) {
                *leaf = secret.clone();
            }
        }
        if let (Value::Object(body), Some(key)) = (&mut body, key.as_str()) {
            body.insert(key.to_owned(), secrets[0].1.clone());
        }
        let recording = Recording { body: Body::Json(body), ..sample.recording.clone() };
        let mut scrubber = Scrubber::new(SCHEMAS.spec());
        let scrubbed = scrubber.scrub(sample.operation, &recording);
        let text = scrubbed.to_json().to_string().to_lowercase();
        for mark in MARKS {
            prop_assert!(!text.contains(mark), "{mark} in {text}");
        }
        prop_assert_eq!(drift(&scrubbed), drift(&recording), "{}", text);
        prop_assert_eq!(scrubber.scrub(sample.operation, &recording), scrubbed, "equal values get equal replacements");
    }
}
