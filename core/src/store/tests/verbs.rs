//! Each verb keeps its promise.

use std::collections::BTreeMap;

use companion_protocol::id::{Epoch, Incarnation, StatementHash};

use super::*;

#[test]
fn a_failed_write_leaves_nothing_and_the_next_one_works() {
    let folder = Folder::new();
    let store = folder.store();
    let failed: Result<(), StoreError> = store.write(|w| {
        w.append_log(&log_row(9, 1, 1))?;
        Err(StoreError::Missing("reason"))
    });
    assert_eq!(failed, Err(StoreError::Missing("reason")));
    assert_eq!(count_log(&store), 0);
    store.write(|w| w.append_log(&log_row(9, 1, 1))).unwrap();
    assert_eq!(count_log(&store), 1);
}

#[test]
fn a_panic_within_a_write_leaves_nothing_and_the_next_one_works() {
    let folder = Folder::new();
    let store = folder.store();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write(|w| -> Result<(), StoreError> {
            w.append_log(&log_row(9, 1, 1))?;
            panic!("on purpose");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(count_log(&store), 0);
    store.write(|w| w.append_log(&log_row(9, 1, 1))).unwrap();
}

#[test]
fn a_reader_sees_one_state_while_others_write() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .read(|r| {
            assert_eq!(r.log_in_order(SPACE)?.len(), 0);
            store.write(|w| w.append_log(&log_row(9, 1, 1)))?;
            assert_eq!(r.log_in_order(SPACE)?.len(), 0);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(count_log(&store), 1);
}

#[test]
fn spaces_and_settings_are_put_and_changed() {
    let folder = Folder::new();
    let store = folder.store();
    let changed = SpaceRow {
        label: Some(DocumentId::new([3; 16])),
        on_server: true,
        incarnation: Some(Incarnation::new([4; 16])),
        cursor: LogNumber(12),
        chain_length: 4,
        chain_head: StatementHash::new([6; 32]),
        backfilling: true,
        gaps: true,
        bodies_missed: 3,
        blobs_compared: LogNumber(4),
        blobs_lost: 5,
        unacknowledged: true,
        rotation_due: true,
        answer_due: true,
        sent_through: 8,
        received_ms: Some(99),
        ..space_row(SPACE)
    };
    store
        .write(|w| {
            w.put_space(&changed)?;
            w.set_setting("a", b"1")?;
            w.set_setting("a", b"2")?;
            w.set_setting("b", b"3")?;
            w.remove_setting("b")
        })
        .unwrap();
    store
        .read(|r| {
            assert_eq!(r.spaces()?, std::slice::from_ref(&changed));
            assert_eq!(r.setting("a")?.as_deref(), Some(&b"2"[..]));
            assert_eq!(r.setting("b")?, None);
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn a_row_of_an_unknown_space_is_refused() {
    let folder = Folder::new();
    let store = folder.store();
    let stray = LogRow {
        space: SpaceId::new([2; 32]),
        ..log_row(9, 1, 1)
    };
    assert_eq!(
        store.write(|w| w.append_log(&stray)),
        Err(StoreError::UnknownSpace)
    );
    let later = store.write(|w| {
        w.append_log(&stray)?;
        w.put_space(&space_row(stray.space))
    });
    assert_eq!(later, Ok(()), "the order within one write is free");
}

#[test]
fn statements_come_in_order_without_holes() {
    let folder = Folder::new();
    let store = folder.store();
    let hash = StatementHash::new([5; 32]);
    let append =
        |sequence| store.write(|w| w.append_statement(SPACE, sequence, hash, &[sequence as u8]));
    assert_eq!(
        append(1),
        Err(StoreError::OutOfOrder {
            given: 1,
            expected: 0
        })
    );
    append(0).unwrap();
    append(1).unwrap();
    for sequence in [0, 1, 3, u64::MAX] {
        assert_eq!(
            append(sequence),
            Err(StoreError::OutOfOrder {
                given: sequence,
                expected: 2
            })
        );
    }
    assert_eq!(store.read(|r| r.statements(SPACE)).unwrap(), [[0], [1]]);
}

#[test]
fn epoch_keys_are_kept() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            w.put_epoch_key(SPACE, Epoch(1), &[1; 32])?;
            w.put_epoch_key(SPACE, Epoch(0), &[9; 32])?;
            w.put_epoch_key(SPACE, Epoch(0), &[2; 32])
        })
        .unwrap();
    assert_eq!(
        store.read(|r| r.epoch_keys(SPACE)).unwrap(),
        [(Epoch(0), [2; 32]), (Epoch(1), [1; 32])]
    );
}

#[test]
fn what_is_received_without_a_hole_is_told_alike_from_the_start_and_from_before() {
    let folder = Folder::new();
    let store = folder.store();
    let refused = LogRow {
        refusal: Some("reason".to_owned()),
        ..log_row(8, 3, 3)
    };
    store
        .write(|w| {
            for counter in [1, 2, 3, 5] {
                w.append_log(&log_row(9, counter, counter as u8))?;
            }
            for counter in [1, 2, 4] {
                w.append_log(&log_row(8, counter, counter as u8))?;
            }
            w.append_log(&refused)?;
            w.append_log(&log_row(7, 2, 2))
        })
        .unwrap();
    let member = |author| MemberId::new([author; 32]);
    let expected = BTreeMap::from([(member(9), Counter(3)), (member(8), Counter(2))]);
    for known in [0, 1, 2, 3, 9] {
        let known = BTreeMap::from([(member(9), Counter(known)), (member(8), Counter(known))]);
        let through = store.read(|r| r.log_through(SPACE, &known)).unwrap();
        // What was said to have arrived is not taken back but for what can't be used.
        let mut expected = expected.clone();
        if known.values().any(|known| *known > Counter(3)) {
            expected.insert(member(9), Counter(5));
        }
        assert_eq!(through, expected, "{known:?}");
    }
}

#[test]
fn numbers_are_given_once_cleared_and_given_anew() {
    let folder = Folder::new();
    let store = folder.store();
    let numbered = |counter, number| LogRow {
        number: Some(LogNumber(number)),
        ..log_row(9, counter, counter as u8)
    };
    store.write(|w| w.append_log(&numbered(1, 1))).unwrap();
    let taken = StoreError::NumberTaken {
        space: SPACE,
        number: LogNumber(1),
    };
    assert_eq!(
        store.write(|w| w.append_log(&numbered(2, 1))),
        Err(taken.clone())
    );
    store.write(|w| w.append_log(&log_row(9, 2, 2))).unwrap();
    let second = log_row(9, 2, 2);
    assert_eq!(
        store.write(|w| w.log_numbered(&second, LogNumber(1))),
        Err(taken)
    );
    store.write(|w| w.clear_numbers(SPACE)).unwrap();
    let author = log_row(9, 1, 1).author;
    let authors = store.read(|r| r.unnumbered_authors(SPACE)).unwrap();
    assert_eq!(authors, [author]);
    let unnumbered = store.read(|r| r.log_unnumbered(SPACE, author, 9)).unwrap();
    assert_eq!(unnumbered.len(), 2);
    store
        .write(|w| w.log_numbered(&second, LogNumber(1)))
        .unwrap();
    // A known change takes the number that it lacked.
    let known = store.write(|w| w.append_log(&numbered(1, 2))).unwrap();
    assert_eq!(
        known,
        Appended::Known {
            hash: numbered(1, 2).hash
        }
    );
    let rows = store.read(|r| r.log_in_order(SPACE)).unwrap();
    let numbers: Vec<_> = rows.iter().map(|row| row.number.unwrap().0).collect();
    assert_eq!(numbers, [2, 1]);
    let unknown = LogRow {
        id: ChangeId::new([0; 16]),
        ..second
    };
    assert_eq!(
        store.write(|w| w.log_numbered(&unknown, LogNumber(5))),
        Err(StoreError::Missing("change"))
    );
}

/// Whoever takes the name of somebody else's change is in nobody's way.
#[test]
fn an_id_names_a_change_of_its_author_and_of_nobody_else() {
    let folder = Folder::new();
    let store = folder.store();
    let (mine, theirs) = (
        log_row(9, 1, 1),
        LogRow {
            id: log_row(9, 1, 1).id,
            ..log_row(8, 1, 2)
        },
    );
    store
        .write(|w| {
            w.append_log(&theirs)?;
            w.append_log(&mine)?;
            w.log_numbered(&mine, LogNumber(7))?;
            w.refuse(&theirs, "no use")?;
            w.drop_body(&theirs, &[1])
        })
        .unwrap();
    let of = |row: &LogRow| {
        store
            .read(|r| r.log_row(SPACE, row.author, row.id))
            .unwrap()
    };
    let numbered = LogRow {
        number: Some(LogNumber(7)),
        ..mine.clone()
    };
    assert_eq!(of(&mine), Some(numbered));
    let stays = of(&theirs).unwrap();
    assert!(stays.is_bare() && stays.number.is_none());
    store.write(|w| w.forget_log(&theirs)).unwrap();
    assert!(of(&theirs).is_none() && of(&mine).is_some());
}

#[test]
fn a_refused_change_takes_part_only_after_it_is_readmitted() {
    let folder = Folder::new();
    let store = folder.store();
    let row = LogRow {
        refusal: Some("no key yet".to_owned()),
        document: None,
        change: None,
        ..log_row(9, 1, 1)
    };
    let document = DocumentId::new([3; 16]);
    store.write(|w| w.append_log(&row)).unwrap();
    assert_eq!(
        store.read(|r| r.refused(SPACE)).unwrap(),
        std::slice::from_ref(&row)
    );
    assert_eq!(store.read(|r| r.changes_of(SPACE, document)).unwrap(), []);
    let change = Some(ChangeHash::new([2; 32]));
    store.write(|w| w.readmit(&row, document, change)).unwrap();
    assert_eq!(store.read(|r| r.refused(SPACE)).unwrap(), []);
    let now = LogRow {
        refusal: None,
        document: Some(document),
        change,
        ..row
    };
    let changes = store.read(|r| r.changes_of(SPACE, document)).unwrap();
    let [(position, hash)] = changes[..] else {
        panic!("{changes:?}");
    };
    assert_eq!(hash, change);
    assert_eq!(store.read(|r| r.log_at(position)).unwrap(), Some(now));
    let elsewhere = SpaceId::new([2; 32]);
    assert_eq!(
        store.read(|r| r.changes_of(elsewhere, document)).unwrap(),
        []
    );
}

#[test]
fn a_hostile_count_is_refused_by_name() {
    let folder = Folder::new();
    let store = folder.store();
    let row = LogRow {
        counter: Counter(u64::MAX),
        ..log_row(9, 1, 1)
    };
    assert_eq!(
        store.write(|w| w.append_log(&row)),
        Err(StoreError::TooLarge("counter"))
    );
}

#[test]
fn an_acknowledged_change_leaves_the_outbox() {
    let folder = Folder::new();
    let store = folder.store();
    let waiting = outbox_row(4);
    let row = LogRow {
        id: waiting.id,
        ..log_row(9, 1, 1)
    };
    let position = store.write(|w| w.push_outbox(&waiting)).unwrap();
    let wrong = LogRow {
        id: ChangeId::new([5; 16]),
        ..row.clone()
    };
    let missing = Err(StoreError::Missing("waiting change"));
    assert_eq!(
        store.write(|w| w.acknowledge_outbox(position, &wrong)),
        missing
    );
    assert_eq!(
        store.write(|w| w.acknowledge_outbox(position, &row)),
        Ok(Appended::New)
    );
    assert_eq!(
        store.write(|w| w.acknowledge_outbox(position, &row)),
        missing
    );
    store
        .read(|r| {
            assert_eq!(r.count_outbox()?, 0);
            assert_eq!(r.log_in_order(SPACE)?, std::slice::from_ref(&row));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let next = store.write(|w| w.push_outbox(&outbox_row(5))).unwrap();
    assert!(next > position, "a position is never given twice");
}

#[test]
fn a_warning_is_kept_once_and_stays_dismissed_while_it_says_the_same() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            w.put_warning("forged", None, "a", 1)?;
            w.put_warning("forged", None, "b", 3)?;
            w.put_warning("forged", Some(SPACE), "c", 2)
        })
        .unwrap();
    let details = || {
        let warnings = store.read(|r| r.warnings()).unwrap();
        let details = warnings.into_iter().map(|warning| warning.detail);
        details.collect::<Vec<_>>()
    };
    assert_eq!(details(), ["c", "b"]);
    let id = store.read(|r| r.warnings()).unwrap()[1].id;
    assert!(store.write(|w| w.dismiss_warning(id)).unwrap());
    assert!(!store.write(|w| w.dismiss_warning(999)).unwrap());
    assert_eq!(details(), ["c"]);
    store
        .write(|w| w.put_warning("forged", None, "b", 4))
        .unwrap();
    assert_eq!(details(), ["c"]);
    store
        .write(|w| w.put_warning("forged", None, "d", 5))
        .unwrap();
    assert_eq!(details(), ["c", "d"]);
}

#[test]
fn a_released_store_holds_no_file_and_opens_it_again_when_it_is_used() {
    let folder = Folder::new();
    let store = folder.store();
    store.write(|w| w.set_setting("a", b"1")).unwrap();
    store.read(|r| r.setting("a")).unwrap();
    store.release();
    assert!(
        !folder.0.path().join("record.db-wal").exists(),
        "the last connection to close folds the log in"
    );
    assert_eq!(
        store.read(|r| r.setting("a")).unwrap().as_deref(),
        Some(&b"1"[..])
    );
    store.write(|w| w.set_setting("a", b"2")).unwrap();
}
