//! What every kind must keep. It runs over the registry, so a new kind is tested by being declared.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::domain::{
    Content, Declared, Field, KindVisitor, Merge, Placement, Projection, REGISTRY, visit_kinds,
};

/// Runs one test over all kinds, and says which kind a failure is of.
macro_rules! for_every_kind {
    ($(#[$meta:meta])* $name:ident<$kind:ident>($($arg:ident: $type:ty),*) $body:block) => {
        #[test]
        fn $name() {
            struct Visit;
            impl KindVisitor for Visit {
                fn visit<$kind: Content>(&mut self) {
                    println!("of {}", $kind::KIND);
                    $body
                }
            }
            visit_kinds(&mut Visit);
        }
    };
}

fn examples<T: Content>() -> Vec<Projection> {
    let examples = T::examples();
    assert!(examples.len() >= 3, "three examples at least");
    examples
        .iter()
        .map(|example| example.to_projection().unwrap())
        .collect()
}

for_every_kind! {
    a_kind_declares_just_the_fields_that_it_has<T>() {
        let mut found = BTreeSet::new();
        for fields in examples::<T>() {
            found.extend(fields.keys().cloned());
        }
        let declared = T::SHAPE.fields.iter().map(|field| field.name.to_owned());
        assert_eq!(declared.collect::<BTreeSet<_>>(), found);
        for field in envelope::FIELDS {
            assert!(!T::SHAPE.has(field), "{field} belongs to the envelope");
        }
    }
}

for_every_kind! {
    the_examples_of_a_kind_can_be_saved_and_the_first_differs_from_the_others_in_every_field<T>() {
        let fields = examples::<T>();
        for example in T::examples() {
            assert_eq!(example.clone().checked().as_ref(), Ok(&example));
        }
        for field in T::SHAPE.fields {
            for other in fields[1..].iter().take(2) {
                let (first, other) = (fields[0].get(field.name), other.get(field.name));
                assert_ne!(first, other, "{} repeats itself", field.name);
            }
        }
    }
}

for_every_kind! {
    content_comes_back_from_its_fields_and_odd_fields_are_survived<T>() {
        for example in T::examples() {
            let fields = example.to_projection().unwrap();
            assert_eq!(T::from_projection(&fields).unwrap(), example);
            for field in T::SHAPE.fields {
                for odd in [Value::Null, json!(-1), json!("?"), json!([1]), json!({"a": [null]})] {
                    let mut fields = fields.clone();
                    fields.insert(field.name.to_owned(), odd);
                    if let Err(error) = T::from_projection(&fields) {
                        assert!(!error.to_string().contains('?'), "{error}");
                    }
                }
                let mut without = fields.clone();
                without.remove(field.name);
                let _ = T::from_projection(&without);
            }
        }
    }
}

for_every_kind! {
    only_what_lives_by_its_visibility_has_one<T>() {
        for mut example in T::examples() {
            let chooses = T::PLACEMENT == Placement::ByVisibility;
            assert_eq!(example.visibility().is_some(), chooses);
            if chooses {
                assert_ne!(T::WRITERS, Writers::Clinic, "only a patient shares");
                for visibility in crate::domain::Visibility::ALL {
                    example.set_visibility(visibility);
                    assert_eq!(example.visibility(), Some(visibility));
                }
            }
        }
    }
}

for_every_kind! {
    no_text_of_a_kind_can_grow_without_a_limit<T>() {
        let fields = examples::<T>().remove(0);
        for field in T::SHAPE.fields {
            let Some(Value::String(_)) = fields.get(field.name) else { continue };
            let mut long = fields.clone();
            long.insert(field.name.to_owned(), json!("word ".repeat(60_000)));
            // What is no free text refuses it by its form.
            if let Ok(content) = T::from_projection(&long) {
                let invalid = content.checked().expect_err(field.name);
                assert_eq!(invalid.name.field, field.name);
            }
        }
    }
}

for_every_kind! {
    what_is_created_is_read_paged_counted_edited_and_kept_whole<T>() {
        let here = Installation::for_writers(T::WRITERS);
        let mut made = Vec::new();
        for example in T::examples() {
            let view = here.records.create(example.clone()).unwrap();
            assert_eq!(view.content, example);
            assert_eq!(here.records.get::<T>(view.id).unwrap(), view);
            made.push(view);
        }
        let page = here.records.page(&Query::<T>::all()).unwrap();
        assert_eq!(page.items.len(), made.len());
        assert_eq!(page.next, None);
        assert_eq!(here.records.count(&Query::<T>::all()).unwrap(), made.len() as u64);
        let (first, other) = (&made[0], T::examples().remove(1));
        let written = other.clone();
        let edited = here.records.edit::<T>(first.id, &first.revision, |content| {
            *content = written;
        });
        let edited = edited.unwrap();
        let mut expected = other;
        if let Some(visibility) = first.content.visibility() {
            expected.set_visibility(visibility);
        }
        assert_eq!(edited.content, expected);
        assert!(edited.edited_at.is_some());
        assert_ne!(edited.revision, first.revision);
        let check = here.replica.check_record().unwrap();
        assert_eq!((check.differing, check.quarantined), (vec![], vec![]));
        here.replica.rebuild().unwrap();
        assert_eq!(here.records.get::<T>(first.id).unwrap(), edited);
    }
}

for_every_kind! {
    fields_of_a_newer_version_survive_an_edit<T>() {
        let here = Installation::for_writers(T::WRITERS);
        let view = here.records.create(T::examples().remove(0)).unwrap();
        let row = here.row(view.id);
        let mut newer = fields_of(&row);
        newer.insert("weather".to_owned(), json!({"rain": [1, 2.5, null], "wind": "from the sea"}));
        here.replica.commit(&[Edit {
            space: row.space,
            kind: T::KIND,
            shape: T::SHAPE,
            document: view.id,
            seen: Some(view.revision),
            must_follow: false,
            begins: Begins::Fresh,
            content: newer.clone(),
        }]).unwrap();
        let seen = here.records.get::<T>(view.id).unwrap();
        let other = T::examples().remove(2);
        here.records.edit::<T>(view.id, &seen.revision, |content| *content = other).unwrap();
        assert_eq!(here.fields(view.id).get("weather"), newer.get("weather"));
    }
}

for_every_kind! {
    the_other_side_cannot_write_a_kind_that_is_not_its_own<T>() {
        let other = match T::WRITERS {
            Writers::Patient => Side::Clinic,
            Writers::Clinic => Side::Patient,
            Writers::Both => return,
        };
        let here = Installation::of(other);
        for example in T::examples() {
            let refused = here.records.create(example).unwrap_err();
            assert!(matches!(refused, crate::CoreError::NotYours { .. }), "{refused}");
        }
    }
}

for_every_kind! {
    what_can_be_shared_is_shared_withdrawn_and_deleted_with_all_it_says<T>() {
        if T::PLACEMENT != Placement::ByVisibility {
            return;
        }
        let here = Installation::of(Side::Patient);
        let mut private = T::examples().remove(0);
        private.set_visibility(crate::domain::Visibility::OnlyMe);
        let written = here.records.create(private.clone()).unwrap();
        let shared = here.records
            .share::<T>(written.id, crate::domain::Visibility::CareTeam)
            .unwrap();
        assert!(shared.shared && shared.id != written.id);
        assert_eq!(here.records.count(&Query::<T>::all()).unwrap(), 1);
        let back = here.records.withdraw::<T>(shared.id).unwrap();
        assert_eq!((back.id, &back.content), (written.id, &private));
        assert_eq!(here.records.count(&Query::<T>::all()).unwrap(), 1);
        here.records.delete(Declared::by::<T>(), back.id).unwrap();
        assert_eq!(here.records.count(&Query::<T>::all()).unwrap(), 0);
        assert_eq!(here.replica.store.read(|r| r.count_outbox()).unwrap(), 0);
    }
}

#[test]
fn no_two_kinds_have_one_name() {
    let names: BTreeSet<_> = REGISTRY.iter().map(|declared| &declared.kind).collect();
    assert_eq!(names.len(), REGISTRY.len());
}

#[test]
fn no_field_of_a_list_is_declared_twice_or_clashes_with_what_the_list_keeps() {
    fn names(fields: &[Field]) {
        let mut seen = BTreeSet::new();
        for field in fields {
            assert!(seen.insert(field.name), "{} is there twice", field.name);
            if let Merge::Ordered(item) = field.merge {
                for kept in ["order", "removed"] {
                    assert!(item.iter().all(|field| field.name != kept), "{kept}");
                }
                names(item);
            }
        }
    }
    for declared in REGISTRY {
        names(declared.shape.fields);
    }
}
