//! An independent validator also rejects the planted drift.

use serde_json::{Map, Value, json};
use xtask::contract::Spec;
use xtask::contract::recording::Body;
use xtask::contract::schema::json_schema;

use super::{plants, samples};

/// A schema that rejects undeclared properties.
pub(super) fn closed(schema: &Value) -> Value {
    json_schema(schema, &|keys: &Map<String, Value>, out: &mut Map<String, Value>| {
        if keys.contains_key("properties") {
            out.insert("additionalProperties".to_owned(), false.into());
        }
    })
}

#[test]
fn every_plant_is_invalid_and_every_example_is_valid() {
    let spec = Spec::load(None).unwrap();
    let components = spec.at("/components/schemas").as_object().unwrap();
    let components: Map<_, _> = components.iter().map(|(name, schema)| (name.clone(), closed(schema))).collect();
    let mut seen = std::collections::BTreeSet::new();
    for sample in samples(&spec).into_iter().filter(|sample| seen.insert(sample.schema.clone())) {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let schema = json!({"components": {"schemas": components}, "allOf": [closed(spec.at(&sample.schema))]});
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        assert!(validator.is_valid(example), "{}", sample.operation.id);
        for plant in plants(&spec, &sample.schema, example) {
            // The schema allows each variant of a custom field's value, for any type of the field.
            let is_tagged_by_sibling = plant.json_path.contains("customFields[].value");
            assert!(
                !validator.is_valid(&plant.body(example)) || is_tagged_by_sibling,
                "{} {plant:?}",
                sample.operation.id
            );
        }
    }
}
