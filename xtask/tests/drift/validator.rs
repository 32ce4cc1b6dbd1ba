//! An independent validator also rejects the planted drift.

use std::collections::BTreeSet;
use std::sync::Arc;

use xtask::contract::Spec;
use xtask::contract::recording::Body;
use xtask::contract::schema::{Schemas, Violations};

use super::{plants, samples};

#[test]
fn every_plant_is_invalid_and_every_example_is_valid() {
    let spec = Arc::new(Spec::load(None).unwrap());
    let (schemas, mut seen) = (Schemas::closed(spec.clone()), BTreeSet::new());
    for sample in samples(&spec).into_iter().filter(|sample| seen.insert(sample.schema.clone())) {
        let Body::Json(example) = &sample.recording.body else { unreachable!() };
        let id = &sample.operation.id;
        assert_eq!(schemas.check(&sample.schema, example), Violations::new(), "{id}");
        for plant in plants(&spec, &sample.schema, example) {
            // The schema allows each variant of a custom field's value, for any type of the field.
            let is_tagged_by_sibling = plant.json_path.contains("customFields[].value");
            assert!(is_tagged_by_sibling || !schemas.fits(&sample.schema, &plant.body(example)), "{id} {plant:?}");
        }
    }
}
