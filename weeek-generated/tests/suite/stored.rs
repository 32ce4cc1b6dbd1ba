//! A model that is stored and read again is the same value.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_str, from_value, json, to_string, to_value};
use weeek_generated::jiff::Timestamp;
use weeek_generated::models::*;

use crate::variations::variations;

fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = to_string(value).unwrap();
    assert_eq!(from_str::<T>(&text).unwrap(), *value, "{text}");
    assert_eq!(from_value::<T>(to_value(value).unwrap()).unwrap(), *value, "{text}");
}

/// Reads copies of the example with odd values, and checks those that are valid. Returns their number.
fn check_model<T: Serialize + DeserializeOwned + PartialEq + Debug>(example: &T) -> usize {
    check(example);
    let odd = [
        json!(null),
        json!("x"),
        json!(""),
        json!(true),
        json!(7),
        json!(0.1),
        json!([]),
        json!({}),
        json!({"x": [1]}),
    ];
    let others = |part: &Value| {
        let time = part.as_str().and_then(|text| text.parse::<Timestamp>().ok()).map(|_| "2026-11-24T09:30:00.000012Z");
        odd.iter()
            .cloned()
            .chain([json!([part]), json!({"0": part})])
            .chain(time.map(Value::from))
            .map(Some)
            .chain([None])
            .collect()
    };
    let read = |json| from_value::<T>(json).ok();
    let values = variations(&to_value(example).unwrap(), &mut BTreeSet::new(), &others);
    values.into_iter().filter_map(read).map(|value| check(&value)).count()
}

#[test]
fn a_stored_response_is_the_same_value() {
    let (mut names, mut checked) = (BTreeSet::new(), 0);
    macro_rules! check_models {
        ($($model:ident)+) => {$(
            names.insert(stringify!($model));
            checked += check_model(&$model::example());
        )+};
    }
    check_models! {
        Attachment Board BoardColumn Contact Currency CustomField CustomFieldBooleanConfig CustomFieldConfig
        CustomFieldCurrencyConfig CustomFieldNumberConfig CustomFieldOption CustomFieldWithValue Deal Email Funnel FunnelStatus
        Organization OrganizationAddress Phone Portfolio Project Tag Task TaskComment TaskCompletion TaskLocation TaskMoveResult
        TaskOccurrence TaskTimeEntry TaskWorkload UserProfile Workspace WorkspaceMember
    }
    let examples = xtask::workspace::root().unwrap().join("weeek-generated/src/generated/examples.rs");
    let text = fs::read_to_string(examples).unwrap();
    let types = text.split_once("static TYPES").unwrap().1.lines().filter_map(|line| line.split('"').nth(1));
    assert_eq!(names, types.collect(), "each model with an example is checked");
    assert!(checked > 2_000, "{checked}");
}

#[test]
fn a_stored_field_keeps_every_kind_of_value() {
    let time: Timestamp = "2026-11-24T09:30:00Z".parse().unwrap();
    let (option, user) = (CustomFieldOptionId::from("o"), UserId::from("u"));
    let on_its_own = [
        CustomFieldValue::Text("24.11.2026".to_owned()),
        CustomFieldValue::Text("2026-11-24".to_owned()),
        CustomFieldValue::Text("2026-11-24T10:30:00+01:00".to_owned()),
        CustomFieldValue::Text("2026-11-24T09:30:00.5Z".to_owned()),
        CustomFieldValue::DateTime(time),
        CustomFieldValue::Boolean(false),
        CustomFieldValue::Number(1.5),
        CustomFieldValue::Number(12.0),
        CustomFieldValue::MultiSelect(vec![option.clone()]),
        CustomFieldValue::Unknown(json!({"a": null})),
    ];
    on_its_own.iter().for_each(check);
    let request = |value: &CustomFieldValue| {
        CreateTask::new().custom_fields(CustomFieldValues::new().set("f", value.clone()).clear("g"))
    };
    on_its_own.iter().map(request).for_each(|request| check(&request));
    // Of these, only the field tells the kind.
    let of_a_field = [
        CustomFieldValue::Select(option),
        CustomFieldValue::Member(vec![user.clone()]),
        CustomFieldValue::Approval(vec![user]),
        CustomFieldValue::Contact("c".into()),
        CustomFieldValue::Link("https://example.com".to_owned()),
        CustomFieldValue::DateTime("2026-11-24T09:30:00.5Z".parse().unwrap()),
    ];
    for value in on_its_own.into_iter().chain(of_a_field) {
        let kind = match &value {
            CustomFieldValue::Text(_) => CustomFieldKind::Text,
            CustomFieldValue::Boolean(_) => CustomFieldKind::Boolean,
            CustomFieldValue::DateTime(_) => CustomFieldKind::DateTime,
            CustomFieldValue::Select(_) => CustomFieldKind::Select,
            CustomFieldValue::MultiSelect(_) => CustomFieldKind::MultiSelect,
            CustomFieldValue::Member(_) => CustomFieldKind::Member,
            CustomFieldValue::Contact(_) => CustomFieldKind::Contact,
            CustomFieldValue::Link(_) => CustomFieldKind::Link,
            CustomFieldValue::Approval(_) => CustomFieldKind::Approval,
            CustomFieldValue::Number(_) => CustomFieldKind::Number,
            _ => CustomFieldKind::Unknown("hologram".to_owned()),
        };
        let mut field = CustomFieldWithValue::example();
        (field.kind, field.value) = (kind.into(), Some(value));
        check(&field);
    }
}
