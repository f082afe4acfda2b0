//! The read model: what is listed, in which order, what is counted, and what has changed.

use super::*;

fn documents(rows: &[ItemRow]) -> Vec<u8> {
    rows.iter().map(|row| row.document.as_bytes()[0]).collect()
}

/// Everything of a list, page by page.
fn walk(store: &Store, query: &ItemQuery) -> Vec<u8> {
    let mut all = Vec::new();
    let mut query = query.clone();
    loop {
        let page = store.read(|r| r.items(&query)).unwrap();
        assert!(page.len() <= query.limit);
        let Some(last) = page.last() else { return all };
        query.after = Some((last.sort_ms, last.document));
        all.extend(documents(&page));
    }
}

#[test]
fn items_are_listed_by_space_kind_standing_subject_state_and_time() {
    let folder = Folder::new();
    let store = folder.store();
    let other = SpaceId::new([2; 32]);
    store
        .write(|w| {
            w.put_space(&space_row(other))?;
            for (document, sort_ms) in [(1, 30), (2, 10), (3, 20)] {
                w.put_item(&item(document, sort_ms))?;
            }
            for (document, sort_ms) in [(4, 40), (6, 41)] {
                w.put_item(&ItemRow {
                    kind: Reply::KIND,
                    about: Some(DocumentId::new([1; 16])),
                    ..item(document, sort_ms)
                })?;
            }
            w.put_item(&ItemRow {
                space: other,
                state: "calm".to_owned(),
                ..item(5, 15)
            })?;
            w.put_item(&ItemRow {
                standing: Standing::Withdrawn,
                ..item(7, 70)
            })
        })
        .unwrap();
    let list = |query: &ItemQuery| documents(&store.read(|r| r.items(query)).unwrap());
    let count = |query: &ItemQuery| store.read(|r| r.count_items(query)).unwrap();
    let both = ItemQuery {
        spaces: vec![SPACE, other],
        ..newest(Entry::KIND)
    };
    let cases = [
        (newest(Entry::KIND), vec![1, 3, 2]),
        (both.clone(), vec![1, 3, 5, 2]),
        (
            ItemQuery {
                order: Order::OldestFirst,
                ..both.clone()
            },
            vec![2, 5, 3, 1],
        ),
        (
            ItemQuery {
                about: vec![DocumentId::new([1; 16])],
                ..newest(Reply::KIND)
            },
            vec![6, 4],
        ),
        (
            ItemQuery {
                // Others as well: nothing is about the second.
                about: vec![DocumentId::new([1; 16]), DocumentId::new([9; 16])],
                order: Order::OldestFirst,
                ..newest(Reply::KIND)
            },
            vec![4, 6],
        ),
        (
            ItemQuery {
                state: Some("calm"),
                ..both.clone()
            },
            vec![5],
        ),
        (
            ItemQuery {
                standing: Standing::Withdrawn,
                ..both.clone()
            },
            vec![7],
        ),
        (
            ItemQuery {
                spaces: Vec::new(),
                ..both
            },
            vec![],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(list(&query), expected, "{query:?}");
        assert_eq!(count(&query), expected.len(), "{query:?}");
        let one_by_one = ItemQuery { limit: 1, ..query };
        assert_eq!(walk(&store, &one_by_one), expected, "{one_by_one:?}");
    }
    store.write(|w| w.clear_items(SPACE)).unwrap();
    assert_eq!(list(&newest(Entry::KIND)), [0_u8; 0]);
}

#[test]
fn a_page_ends_within_a_tie_and_the_next_goes_on_there() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| (1..=60).try_for_each(|document| w.put_item(&item(document, 5))))
        .unwrap();
    for (order, expected) in [
        (Order::OldestFirst, (1..=60).collect::<Vec<u8>>()),
        (Order::NewestFirst, (1..=60).rev().collect()),
    ] {
        for limit in [1, 7, 60, 100] {
            let query = ItemQuery {
                order,
                limit,
                ..newest(Entry::KIND)
            };
            assert_eq!(walk(&store, &query), expected);
        }
    }
}

#[test]
fn a_list_reads_an_index_and_then_only_the_rows_that_it_shows() {
    let folder = Folder::new();
    let store = folder.store();
    let plan = store.explain(
        "SELECT rowid FROM item WHERE space = x'01' AND kind = 'entry' AND standing = 0
             AND (sort_ms, document) < (5, x'02') AND (NULL IS NULL OR state = NULL)
             ORDER BY sort_ms DESC, document DESC LIMIT 5",
    );
    assert!(plan.contains("COVERING INDEX item_list"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    let plan = store.explain(
        "SELECT counter FROM log WHERE space = x'01' AND author = x'02' AND counter > 3
             ORDER BY counter",
    );
    assert!(plan.contains("COVERING INDEX log_author"), "{plan}");
}

#[test]
fn an_item_keeps_its_space() {
    let folder = Folder::new();
    let store = folder.store();
    let first = item(1, 10);
    let second = ItemRow {
        projection: "{\"a\":1}".to_owned(),
        ..first.clone()
    };
    store.write(|w| w.put_item(&first)).unwrap();
    store.write(|w| w.put_item(&second)).unwrap();
    let kept = ItemRow {
        changed: 2,
        ..second
    };
    assert_eq!(
        store.read(|r| r.item(first.document)).unwrap(),
        Some(kept.clone())
    );
    let other = SpaceId::new([2; 32]);
    let moved = store.write(|w| {
        w.put_space(&space_row(other))?;
        w.put_item(&ItemRow {
            space: other,
            ..first.clone()
        })
    });
    assert_eq!(moved, Err(StoreError::OtherSpace(first.document)));
    assert_eq!(store.read(|r| r.item(first.document)).unwrap(), Some(kept));
}

#[test]
fn what_changed_is_told_once_in_order_whoever_wrote_it() {
    let folder = Folder::new();
    let store = folder.store();
    // Another process: another handle on the same file.
    let other = Store::open(&folder.file(), &KEY).unwrap();
    store
        .write(|w| {
            w.put_item(&item(1, 10))?;
            w.put_item(&item(2, 20))
        })
        .unwrap();
    other.write(|w| w.put_item(&item(1, 11))).unwrap();
    store
        .write(|w| w.remove_item(DocumentId::new([2; 16])))
        .unwrap();
    let told = |since| {
        let rows = store.read(|r| r.changed_since(since, 10)).unwrap();
        rows.iter()
            .map(|row| {
                let shown = row.standing == Some(Standing::Living);
                (row.document.as_bytes()[0], row.changed, shown)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(told(0), [(1, 3, true), (2, 4, false)]);
    assert_eq!(told(3), [(2, 4, false)]);
    assert_eq!(told(4), []);
    assert_eq!(store.read(|r| r.latest_change()).unwrap(), 4);
    let by_space = store.read(|r| r.changed_by_space()).unwrap();
    assert_eq!(by_space, [(SPACE, 4)]);
}

#[test]
fn what_went_is_told_until_it_comes_back() {
    let folder = Folder::new();
    let store = folder.store();
    let told = || {
        let rows = store.read(|r| r.changed_since(0, 10)).unwrap();
        rows.iter()
            .map(|row| (row.document.as_bytes()[0], row.standing.is_some()))
            .collect::<Vec<_>>()
    };
    store.write(|w| w.put_item(&item(1, 10))).unwrap();
    store.write(|w| w.put_item(&item(2, 20))).unwrap();
    store
        .write(|w| w.remove_item(DocumentId::new([1; 16])))
        .unwrap();
    assert_eq!(told(), [(2, true), (1, false)]);
    store.write(|w| w.put_item(&item(1, 10))).unwrap();
    assert_eq!(told(), [(2, true), (1, true)]);
    store
        .write(|w| {
            w.clear_items(SPACE)?;
            w.put_item(&item(2, 20))
        })
        .unwrap();
    assert_eq!(told(), [(1, false), (2, true)]);
}

#[test]
fn a_failed_write_uses_up_no_number_of_changes() {
    let folder = Folder::new();
    let store = folder.store();
    let failed: Result<(), StoreError> = store.write(|w| {
        w.put_item(&item(1, 10))?;
        Err(StoreError::Missing("reason"))
    });
    assert!(failed.is_err());
    assert_eq!(store.read(|r| r.latest_change()).unwrap(), 0);
    store.write(|w| w.put_item(&item(1, 10))).unwrap();
    assert_eq!(store.read(|r| r.latest_change()).unwrap(), 1);
}

#[test]
fn a_rebuild_that_fails_leaves_the_old_rows() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            w.put_item(&item(1, 10))?;
            w.put_snapshot(DocumentId::new([1; 16]), b"saved")?;
            w.put_search(DocumentId::new([1; 16]), "old", "", "")
        })
        .unwrap();
    let failed: Result<(), _> = store.write(|w| {
        w.clear_items(SPACE)?;
        Err(StoreError::Missing("reason"))
    });
    assert!(failed.is_err());
    assert_eq!(store.read(|r| r.search("old", 9)).unwrap().len(), 1);
    store
        .write(|w| {
            w.clear_items(SPACE)?;
            w.put_item(&item(2, 10))
        })
        .unwrap();
    store
        .read(|r| {
            assert_eq!(r.item(DocumentId::new([1; 16]))?, None);
            assert_eq!(r.snapshot(DocumentId::new([1; 16]))?, None);
            assert!(r.item(DocumentId::new([2; 16]))?.is_some());
            assert_eq!(r.search("old", 9)?, []);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store.integrity_check().unwrap();
}

#[test]
fn what_a_clinic_has_to_look_at_is_counted_by_kind_and_state() {
    let folder = Folder::new();
    let store = folder.store();
    let row = |document, attention, state: &str| ItemRow {
        attention,
        state: state.to_owned(),
        ..item(document, 10)
    };
    let seen = |seen| Attention {
        seen,
        ..Attention::default()
    };
    let to_talk = Attention {
        to_talk_about: true,
        ..seen(Seen::New)
    };
    let changed = Attention {
        changed_since_review: true,
        ..seen(Seen::Opened)
    };
    let talked_later = Attention {
        to_talk_about: true,
        ..Attention::default()
    };
    store
        .write(|w| {
            w.put_item(&row(1, seen(Seen::New), "care_team"))?;
            w.put_item(&row(2, to_talk, "talk_in_session"))?;
            w.put_item(&row(3, changed, "care_team"))?;
            w.put_item(&row(4, Attention::default(), "care_team"))?;
            w.put_item(&row(5, talked_later, "talk_in_session"))
        })
        .unwrap();
    let count = |needing, state| {
        store
            .read(|r| r.count_needing(SPACE, &Entry::KIND, needing, state))
            .unwrap()
    };
    assert_eq!(count(Needing::Opening, None), 2);
    assert_eq!(count(Needing::Opening, Some("talk_in_session")), 1);
    assert_eq!(count(Needing::Review, None), 3);
    assert_eq!(count(Needing::Talk, None), 2);
    assert_eq!(count(Needing::ReviewAgain, None), 1);
    let first = store.read(|r| r.item(DocumentId::new([1; 16]))).unwrap();
    store
        .write(|w| w.put_attention(&first.unwrap(), Attention::default()))
        .unwrap();
    assert_eq!(count(Needing::Opening, None), 1);
    let third = store.read(|r| r.item(DocumentId::new([3; 16]))).unwrap();
    assert_eq!(third.unwrap().attention, changed);
}

#[test]
fn a_row_with_damaged_cells_can_be_read_and_counts_as_one_that_is_not_understood() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            w.put_item(&item(1, 10))?;
            w.put_item(&item(2, 20))?;
            w.run("UPDATE item SET revision = x'0102' WHERE sort_ms = 10", ())?;
            w.run("UPDATE item SET writers = x'03' WHERE sort_ms = 20", ())
        })
        .unwrap();
    let rows = store.read(|r| r.items(&newest(Entry::KIND))).unwrap();
    let standings: Vec<_> = rows.iter().map(|row| row.standing).collect();
    assert_eq!(standings, [Standing::Unreadable, Standing::Unreadable]);
    store.read(|r| r.setting("still works")).unwrap();
}
