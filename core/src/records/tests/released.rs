//! Released shapes are wire format: other phones hold documents that were made by them. The fixture
//! says what was released, and a present shape may only add to it.

use std::path::Path;

use serde_json::{Value, json};

use crate::domain::{Content, Field, KindVisitor, Merge, visit_kinds};

fn fixture() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kinds-v1.json")
}

/// The registry as JSON: of each kind its fields, where it lives, who writes it, and its examples.
fn registry() -> Value {
    struct Visit(serde_json::Map<String, Value>);
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            let examples: Vec<_> = T::examples()
                .iter()
                .map(|example| example.to_projection().unwrap())
                .collect();
            self.0.insert(
                T::KIND.as_str().to_owned(),
                json!({
                    "fields": described(T::SHAPE.fields),
                    "placement": format!("{:?}", T::PLACEMENT),
                    "writers": format!("{:?}", T::WRITERS),
                    "examples": examples,
                }),
            );
        }
    }
    let mut visit = Visit(serde_json::Map::new());
    visit_kinds(&mut visit);
    Value::Object(visit.0)
}

fn described(fields: &[Field]) -> Value {
    let described = fields.iter().map(|field| {
        let merge = match field.merge {
            Merge::Value => json!("value"),
            Merge::Text => json!("text"),
            Merge::Set => json!("set"),
            Merge::Map => json!("map"),
            Merge::Ordered(item) => json!({ "ordered": described(item) }),
        };
        (field.name.to_owned(), merge)
    });
    Value::Object(described.collect())
}

/// What of a released registry the present one breaks.
fn broken(released: &Value, present: &Value) -> Vec<String> {
    let mut broken = Vec::new();
    for (kind, was) in released.as_object().unwrap() {
        let Some(is) = present.get(kind) else {
            broken.push(format!("{kind} is gone"));
            continue;
        };
        for what in ["placement", "writers"] {
            if was[what] != is[what] {
                broken.push(format!("{kind}: {what} was {}, is {}", was[what], is[what]));
            }
        }
        for (field, merge) in was["fields"].as_object().unwrap() {
            if is["fields"].get(field) != Some(merge) {
                broken.push(format!("{kind}.{field} does not merge as {merge} any more"));
            }
        }
    }
    broken
}

#[test]
fn no_released_kind_or_field_has_changed_its_shape() {
    let released: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture()).unwrap()).unwrap();
    assert_eq!(
        broken(&released, &registry()),
        [""; 0],
        "a released shape is wire format: give a changed field another name"
    );
    assert!(released.as_object().unwrap().len() >= 9);
}

#[test]
fn a_changed_shape_is_noticed_and_an_added_one_is_not() {
    let released = json!({
        "entry": {"fields": {"body": "text", "tags": "set"}, "placement": "Care", "writers": "Both"},
        "gone": {"fields": {}, "placement": "Care", "writers": "Both"},
    });
    let present = json!({
        "entry": {"fields": {"body": "value", "more": "text"}, "placement": "Care", "writers": "Clinic"},
        "new": {"fields": {}, "placement": "Care", "writers": "Both"},
    });
    assert_eq!(
        broken(&released, &present),
        [
            "entry: writers was \"Both\", is \"Clinic\"",
            "entry.body does not merge as \"text\" any more",
            "entry.tags does not merge as \"set\" any more",
            "gone is gone",
        ]
    );
}

#[test]
fn what_was_written_by_a_released_version_still_reads() {
    struct Visit(Value);
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            let Some(released) = self.0.get(T::KIND.as_str()) else {
                return;
            };
            let examples = released["examples"].as_array().unwrap();
            assert!(!examples.is_empty());
            for example in examples {
                let fields = example.as_object().unwrap();
                let content = T::from_projection(fields).expect("a released document reads");
                let written = content.to_projection().unwrap();
                for (name, value) in fields {
                    assert_eq!(written.get(name), Some(value), "{name} of {}", T::KIND);
                }
            }
        }
    }
    let released = std::fs::read_to_string(fixture()).unwrap();
    visit_kinds(&mut Visit(serde_json::from_str(&released).unwrap()));
}

/// Writes the fixture when kinds are released: `cargo test -p companion-core --lib
/// write_the_released_kinds -- --ignored`. Look at what changed before you keep it.
#[test]
// `cargo test -p companion-core --lib write_the_released_kinds -- --ignored`
#[ignore = "writes a file into the source tree, once for each release"]
fn write_the_released_kinds() {
    let text = serde_json::to_string_pretty(&registry()).unwrap();
    std::fs::write(fixture(), text + "\n").unwrap();
}
