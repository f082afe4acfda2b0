//! Editing one document again and again.

use super::*;
use crate::domain::Entry;

#[test]
fn a_document_that_is_edited_again_and_again_is_what_all_its_changes_say() {
    let here = Installation::of(Side::Patient);
    let first = Entry {
        title: "A day".to_owned(),
        body: "It began. ".repeat(20),
        ..Entry::new(here.replica.now())
    };
    let mut view = here.records.create(first).unwrap();
    let mut seen = vec![view.revision.clone()];
    for n in 0..40_u32 {
        // Now and then from what somebody saw long before: that is merged.
        let from = match n % 11 {
            10 => seen[seen.len() / 2].clone(),
            _ => view.revision.clone(),
        };
        view = here
            .records
            .edit::<Entry>(view.id, &from, |entry| {
                entry.body.push_str(&format!("\nLine {n}."));
            })
            .unwrap();
        assert!(view.content.body.contains(&format!("Line {n}.")));
        seen.push(view.revision.clone());
        match n {
            20 => here.replica.rebuild().unwrap(),
            30 => here.replica.pause(),
            31 => here.replica.gate.resume(),
            _ => {}
        }
        if n % 8 == 0 {
            let check = here.replica.check_record().unwrap();
            assert_eq!(
                (check.differing, check.quarantined),
                (vec![], vec![]),
                "{n}"
            );
        }
    }
    let snapshot = here.replica.store.read(|r| r.snapshot(view.id)).unwrap();
    assert!(
        snapshot.is_some(),
        "so that the next edit does not begin at the first"
    );
    assert!(view.content.title == "A day" && view.content.body.starts_with("It began. "));
    assert_eq!(here.records.get::<Entry>(view.id).unwrap(), view);
}
