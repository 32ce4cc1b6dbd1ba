//! What is planted is wrong in the eyes of a validator, too, that knows nothing of the comparison.

use serde_json::{Map, Value, json};
use xtask::document::Document;
use xtask::recording::Body;
use xtask::schema::json_schema;

use super::{plants, samples};

/// A schema that allows no property that it does not name.
pub(super) fn closed(schema: &Value) -> Value {
    json_schema(schema, &|keys: &Map<String, Value>, out: &mut Map<String, Value>| {
        if keys.contains_key("properties") {
            out.insert("additionalProperties".to_owned(), false.into());
        }
    })
}

#[test]
fn every_plant_is_refused_and_every_example_accepted() {
    let document = Document::load(None).unwrap();
    let components = document.at("/components/schemas").as_object().unwrap();
    let components: Map<_, _> = components.iter().map(|(name, schema)| (name.clone(), closed(schema))).collect();
    let mut seen = std::collections::BTreeSet::new();
    for sample in samples(&document).into_iter().filter(|sample| seen.insert(sample.schema.clone())) {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let schema = json!({"components": {"schemas": components}, "allOf": [closed(document.at(&sample.schema))]});
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        assert!(validator.is_valid(example), "{}", sample.operation.id);
        for plant in plants(&document, &sample.schema, example) {
            // The schema allows each form of a custom field's value, whatever the type of the field.
            let is_told_by_a_sibling = plant.place.contains("customFields[].value");
            assert!(
                !validator.is_valid(&plant.body(example)) || is_told_by_a_sibling,
                "{} {plant:?}",
                sample.operation.id
            );
        }
    }
}
