//! Lists, pages and searches: everything once, nothing of another list, and damage hides only itself.

use std::collections::BTreeSet;

use companion_core::CoreError;
use companion_core::domain::{CheckIn, DocumentId, Entry, Invalid, Problem, Reply, Visibility};
use companion_core::records::{Cursor, PageSize, Query, View};
use companion_tests::{Phone, World, checked_in, note, private_note};

fn size(rows: i64) -> PageSize {
    PageSize::new(rows).unwrap()
}

/// Walks all pages by cursors that went through text, as in an address.
fn walk(
    mut page: impl FnMut(Option<Cursor>) -> (Vec<DocumentId>, Option<Cursor>),
) -> Vec<DocumentId> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let (ids, cursor) = page(next);
        all.extend(ids);
        assert!(all.len() <= 500, "it goes round in circles");
        match cursor {
            Some(cursor) => next = Some(cursor.to_string().parse().unwrap()),
            None => return all,
        }
    }
}

fn ids<T>(views: &[View<T>]) -> Vec<DocumentId> {
    views.iter().map(|view| view.id).collect()
}

#[test]
fn paging_neither_loses_nor_repeats_one_of_500_entries_of_the_same_instant() {
    let world = World::in_memory(31);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let patient = ada.record.unwrap();
    let mut written = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for n in 0..500 {
        // In two spaces, which a list has to merge.
        if n % 2 == 0 {
            shared.insert(ada.create(note("Same.")).unwrap().id);
        } else {
            written.insert(ada.create(private_note("Same.")).unwrap().id);
        }
    }
    written.extend(&shared);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    for rows in [1, 7, 500] {
        for oldest_first in [false, true] {
            let query = |after: Option<Cursor>| {
                let query = Query::<Entry>::all().size(size(rows));
                let query = match after {
                    Some(cursor) => query.after(cursor),
                    None => query,
                };
                if oldest_first {
                    query.oldest_first()
                } else {
                    query
                }
            };
            let on_phone = walk(|after| {
                let page = ada.page(&query(after)).unwrap();
                assert!(page.items.len() <= rows as usize);
                (ids(&page.items), page.next)
            });
            let at_clinic = walk(|after| {
                let page = clinic.shared(patient, &query(after)).unwrap();
                let ids = page.items.iter().map(|shared| shared.view.id);
                (ids.collect(), page.next)
            });
            assert_eq!(on_phone.len(), 500, "by {rows}");
            assert_eq!(at_clinic.len(), 250, "by {rows}");
            assert_eq!(BTreeSet::from_iter(on_phone), written, "by {rows}");
            assert_eq!(BTreeSet::from_iter(at_clinic), shared, "by {rows}");
        }
    }
    assert_eq!(ada.count(&Query::<Entry>::all()).unwrap(), 500);
    let of_clinic = clinic.count(patient, &Query::<Entry>::all());
    assert_eq!(of_clinic.unwrap(), 250);
}

#[test]
fn what_is_written_or_goes_between_two_pages_shifts_nothing() {
    let world = World::in_memory(32);
    let ada = world.phone("Ada");
    for n in 0..9 {
        world.minutes_pass(1);
        ada.write_privately(&format!("entry {n}"));
    }
    let query = Query::<Entry>::all().size(size(3));
    let first = ada.page(&query).unwrap();
    let seen = ids(&first.items);
    // Newer than all, and the very one where the page ended goes.
    ada.write_privately("newer");
    ada.delete::<Entry>(*seen.last().unwrap()).unwrap();
    let second = ada.page(&query.after(first.next.unwrap())).unwrap();
    let texts: Vec<&str> = second.items.iter().map(|v| &*v.content.body).collect();
    assert_eq!(texts, ["entry 5", "entry 4", "entry 3"]);
}

fn foreign<T: std::fmt::Debug>(result: &Result<T, CoreError>, what: &str) {
    assert!(
        matches!(
            result,
            Err(CoreError::Invalid(Invalid {
                problem: Problem::ForeignCursor,
                ..
            }))
        ),
        "{what}: {result:?}"
    );
}

#[test]
fn a_place_in_one_list_is_no_place_in_another() {
    let world = World::in_memory(33);
    let clinic = world.clinic("Riverbank");
    let (ada, ben) = (clinic.with_patient("Ada"), clinic.with_patient("Ben"));
    for phone in [&ada, &ben] {
        for n in 0..3 {
            phone.write(&format!("entry {n}"));
            phone.check_in(4, &format!("note {n}"));
        }
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let about = ada.entries()[0].id;
    let one = size(1);
    let all = || Query::<Entry>::all().size(one);
    let cursor = ada.page(&all()).unwrap().next.unwrap();
    // Its own list, at another size, is the one where it is good.
    let rest = ada.page(&all().size(size(9)).after(cursor)).unwrap();
    assert_eq!(rest.items.len(), 2);

    foreign(
        &ada.page(&all().oldest_first().after(cursor)),
        "another order",
    );
    let state = Visibility::CareTeam.as_str();
    foreign(
        &ada.page(&all().in_state(state).after(cursor)),
        "another state",
    );
    let query = Query::<Entry>::about(about).after(cursor);
    foreign(&ada.page(&query), "about something");
    foreign(
        &ada.page(&Query::<CheckIn>::all().after(cursor)),
        "another kind",
    );
    let replies = Query::<Reply>::about(about).after(cursor);
    foreign(&ada.page(&replies), "replies");
    foreign(
        &ada.count(&Query::<CheckIn>::all().after(cursor)),
        "a count",
    );
    let watching = ada.observe(Query::<CheckIn>::all().after(cursor), |_| {});
    foreign(&watching, "an observer");
    foreign(&ben.page(&all().after(cursor)), "another phone");

    let (hers, his) = (ada.record.unwrap(), ben.record.unwrap());
    let at_clinic = clinic.page(hers, &all()).unwrap().next.unwrap();
    assert!(clinic.page(hers, &all().after(at_clinic)).is_ok());
    foreign(
        &clinic.page(his, &all().after(at_clinic)),
        "another patient",
    );
    foreign(
        &clinic.shared(his, &all().after(at_clinic)),
        "another patient, with marks",
    );
    foreign(
        &clinic.count(his, &all().after(at_clinic)),
        "another patient, counted",
    );
    for text in ["", ".", "1.2", "x", "1.2.3.4", &format!("{cursor}."), "𝟙"] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

#[test]
fn no_page_is_empty_negative_or_without_an_end() {
    for rows in [-1, 0, 501, 1_000_000, i64::MAX, i64::MIN] {
        let refused = PageSize::new(rows).unwrap_err();
        let problem = Problem::OutOfRange {
            least: 1,
            most: 500,
        };
        assert_eq!(refused.problem, problem, "{rows}");
        assert!(!refused.to_string().is_empty());
    }
}

#[test]
fn a_search_for_more_than_anybody_types_is_refused_in_words() {
    let world = World::in_memory(34);
    let ada = world.phone("Ada");
    ada.write_privately("words words words");
    for text in [
        "x".repeat(10_000),
        "words ".repeat(2_000),
        "é".repeat(1_001),
    ] {
        let refused = ada.search::<Entry>(&text, PageSize::SCREEN);
        assert!(
            matches!(
                &refused,
                Err(CoreError::Invalid(Invalid {
                    problem: Problem::TooManyCharacters { limit: 1_000 },
                    ..
                }))
            ),
            "{refused:?}"
        );
    }
    let longest = "words ".repeat(166);
    let found = ada.search::<Entry>(&longest, PageSize::SCREEN).unwrap();
    assert_eq!(found.len(), 1);
}

/// What each list of a phone shows, by text.
fn shown(phone: &Phone) -> [Vec<String>; 3] {
    let bodies = |views: Vec<View<Entry>>| {
        let mut texts: Vec<String> = views.into_iter().map(|v| v.content.body).collect();
        texts.sort();
        texts
    };
    let found = phone.search::<Entry>("entry", PageSize::LARGEST).unwrap();
    let notes = phone.check_ins().into_iter();
    [
        bodies(phone.entries()),
        bodies(found),
        notes.map(|view| view.content.note).collect(),
    ]
}

#[test]
fn a_row_damaged_on_the_disk_hides_only_itself_until_the_rows_are_made_anew() {
    for damage in [
        "projection = '{\"body\": '",
        "projection = ''",
        "projection = '[1, 2]'",
        "projection = '{}'",
        "projection = '{\"at\": \"someday\", \"body\": 7}'",
        "standing = 77",
        "standing = -1",
        "kind = 'entyr'",
    ] {
        let world = World::in_memory(35);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        ada.create(checked_in(4, "a note")).unwrap();
        for n in 0..3 {
            world.minutes_pass(1);
            ada.write(&format!("entry {n}"));
        }
        ada.sync_cleanly();
        let whole = shown(&ada);
        let hit = ada.entries()[1].id;
        ada.damage(
            &format!("UPDATE item SET {damage} WHERE document = ?1"),
            [hit.as_bytes()],
        );
        for _ in 0..2 {
            let others = ["entry 0".to_owned(), "entry 2".to_owned()];
            let [entries, found, notes] = shown(&ada);
            assert_eq!((&*entries, &*found), (&others[..], &others[..]), "{damage}");
            assert_eq!(notes, ["a note"], "{damage}");
            assert!(ada.get::<Entry>(hit).is_err(), "{damage}");
            // Nor does it keep anybody from writing.
            let another = ada.write("entry 9");
            let another = ada.withdraw::<Entry>(another.id).unwrap();
            ada.delete::<Entry>(another.id).unwrap();
            ada.reopen();
        }
        ada.rebuild().unwrap();
        assert_eq!(shown(&ada), whole, "{damage}");
        assert_eq!(ada.get::<Entry>(hit).unwrap().content.body, "entry 1");
        let check = ada.check_record().unwrap();
        assert!(check.differing.is_empty(), "{damage}: {check:?}");
        ada.sync_cleanly();
    }
}

#[test]
fn a_row_damaged_at_the_clinic_hides_neither_another_nor_a_patient() {
    let world = World::in_memory(36);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    for n in 0..3 {
        ada.write(&format!("entry {n}"));
    }
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let whole = (clinic.entries_of(&ada), clinic.caseload().unwrap());
    let hit = whole.0[1].view.id;
    clinic.damage(
        "UPDATE item SET projection = '{' WHERE document = ?1",
        [hit.as_bytes()],
    );
    assert_eq!(clinic.entries_of(&ada).len(), 2);
    assert_eq!(clinic.caseload().unwrap().len(), 1);
    assert!(
        clinic
            .get_shared::<Entry>(ada.record.unwrap(), hit)
            .is_err()
    );
    clinic.rebuild().unwrap();
    assert_eq!((clinic.entries_of(&ada), clinic.caseload().unwrap()), whole);
}
