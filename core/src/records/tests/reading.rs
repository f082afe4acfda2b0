//! What a search and a caseload count on.

use super::*;
use crate::domain::{CheckIn, DocumentId, Entry, Rating, Review, Visibility};

#[test]
fn a_search_of_one_kind_is_not_drowned_by_matches_of_another() {
    let here = Installation::of(Side::Patient);
    let check_in = CheckIn {
        note: "By the harbor.".to_owned(),
        ..CheckIn::new(Rating::MIDDLE, here.replica.now())
    };
    let made = here.records.create(check_in).unwrap();
    for _ in 0..210 {
        let entry = Entry {
            body: "At the harbor.".to_owned(),
            ..Entry::new(here.replica.now())
        };
        here.records.create(entry).unwrap();
    }
    let found = here.records.search::<CheckIn>("harbor", PageSize::SCREEN);
    assert_eq!(found.unwrap(), [made]);
}

#[test]
fn a_mark_that_counts_no_longer_leaves_what_it_was_about_to_be_read_again() {
    let here = Installation::of(Side::Clinic);
    let now = here.replica.now();
    let care = here.records.writable_space(Purpose::Care).unwrap();
    let id = DocumentId::new([3; 16]);
    let shared = Entry {
        visibility: Visibility::CareTeam,
        body: "one".to_owned(),
        ..Entry::new(now)
    };
    let edit = Edit::new(care, id, &shared).unwrap();
    here.replica.commit(&[edit]).unwrap();
    let mark = Review {
        about: id,
        care_space: care,
        revision: here.row(id).revision,
        words: String::new(),
        by: "Dr Moss".to_owned(),
        at: now,
        undone_at: None,
    };
    let mark = here.records.create(mark).unwrap();
    assert!(!here.records.attention(id).unwrap().is_new);
    let row = here.row(mark.id);
    let state = here.replica.space(row.space).unwrap();
    // As when its author turns out to have been removed before it was written.
    here.replica
        .store
        .write(|w| {
            w.drop_outbox_of(mark.id)?;
            Rows::new(&here.replica).rematerialize(w, &state, (mark.id, &row.kind), 0)
        })
        .unwrap();
    assert!(here.records.attention(id).unwrap().is_new);
}
