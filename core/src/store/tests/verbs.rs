//! Each verb keeps its promise.

use companion_protocol::id::{Epoch, Incarnation, InviteKey, StatementHash};

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
    assert_eq!(store.read(|r| r.count_log(SPACE)).unwrap(), 0);
    store.write(|w| w.append_log(&log_row(9, 1, 1))).unwrap();
    assert_eq!(store.read(|r| r.count_log(SPACE)).unwrap(), 1);
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
    assert_eq!(store.read(|r| r.count_log(SPACE)).unwrap(), 0);
    store.write(|w| w.append_log(&log_row(9, 1, 1))).unwrap();
}

#[test]
fn a_reader_sees_one_state_while_others_write() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .read(|r| {
            assert_eq!(r.count_log(SPACE)?, 0);
            store.write(|w| w.append_log(&log_row(9, 1, 1)))?;
            assert_eq!(r.count_log(SPACE)?, 0);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(store.read(|r| r.count_log(SPACE)).unwrap(), 1);
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
            assert_eq!(r.space(SPACE)?, Some(changed.clone()));
            assert_eq!(r.space(SpaceId::new([2; 32]))?, None);
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
fn epoch_keys_and_invites_are_kept_and_forgotten() {
    let folder = Folder::new();
    let store = folder.store();
    let invite = InviteKey::new([6; 32]);
    store
        .write(|w| {
            w.put_epoch_key(SPACE, Epoch(1), &[1; 32])?;
            w.put_epoch_key(SPACE, Epoch(0), &[9; 32])?;
            w.put_epoch_key(SPACE, Epoch(0), &[2; 32])?;
            w.put_invite(SPACE, invite, &[3; 32], 2, 77)
        })
        .unwrap();
    store
        .read(|r| {
            assert_eq!(
                r.epoch_keys(SPACE)?,
                [(Epoch(0), [2; 32]), (Epoch(1), [1; 32])]
            );
            assert_eq!(r.epoch_key(SPACE, Epoch(1))?, Some([1; 32]));
            assert_eq!(r.epoch_key(SPACE, Epoch(2))?, None);
            assert_eq!(r.invite_secret(SPACE, invite)?, Some([3; 32]));
            let all = r.invites(SPACE)?;
            assert_eq!((all.len(), all[0].role, all[0].expires_ms), (1, 2, 77));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store.write(|w| w.remove_invite(SPACE, invite)).unwrap();
    assert_eq!(
        store.read(|r| r.invite_secret(SPACE, invite)).unwrap(),
        None
    );
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
    let second = log_row(9, 2, 2).id;
    assert_eq!(
        store.write(|w| w.log_numbered(SPACE, second, LogNumber(1))),
        Err(taken)
    );
    store.write(|w| w.clear_numbers(SPACE)).unwrap();
    assert_eq!(store.read(|r| r.log_unnumbered(SPACE, 9)).unwrap().len(), 2);
    store
        .write(|w| w.log_numbered(SPACE, second, LogNumber(1)))
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
    let unknown = ChangeId::new([0; 16]);
    assert_eq!(
        store.write(|w| w.log_numbered(SPACE, unknown, LogNumber(5))),
        Err(StoreError::Missing("change"))
    );
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
    assert_eq!(store.read(|r| r.log_of_document(document)).unwrap(), []);
    let change = Some(ChangeHash::new([2; 32]));
    store
        .write(|w| w.readmit(SPACE, row.id, document, change))
        .unwrap();
    assert_eq!(store.read(|r| r.refused(SPACE)).unwrap(), []);
    let now = LogRow {
        refusal: None,
        document: Some(document),
        change,
        ..row
    };
    assert_eq!(store.read(|r| r.log_of_document(document)).unwrap(), [now]);
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
fn a_settled_change_leaves_the_outbox_with_its_attempts() {
    let folder = Folder::new();
    let store = folder.store();
    let hash = SealedHash::new([1; 32]);
    let waiting = outbox_row(4);
    let row = LogRow {
        id: waiting.id,
        ..log_row(9, 1, 1)
    };
    let position = store.write(|w| w.push_outbox(&waiting)).unwrap();
    store
        .write(|w| w.set_sealed(position, Some((&hash, b"sealed"))))
        .unwrap();
    store.write(|w| w.set_sealed(position, None)).unwrap();
    assert!(store.read(|r| r.attempt_known(waiting.id, &hash)).unwrap());
    assert!(
        !store
            .read(|r| r.attempt_known(waiting.id, &SealedHash::ZERO))
            .unwrap()
    );
    let wrong = LogRow {
        id: ChangeId::new([5; 16]),
        ..row.clone()
    };
    let missing = Err(StoreError::Missing("waiting change"));
    assert_eq!(store.write(|w| w.settle_outbox(position, &wrong)), missing);
    assert_eq!(
        store.write(|w| w.settle_outbox(position, &row)),
        Ok(Appended::New)
    );
    assert_eq!(store.write(|w| w.settle_outbox(position, &row)), missing);
    store
        .read(|r| {
            assert_eq!(r.count_outbox()?, 0);
            assert!(!r.attempt_known(waiting.id, &hash)?);
            assert_eq!(r.log_in_order(SPACE)?, std::slice::from_ref(&row));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let next = store.write(|w| w.push_outbox(&outbox_row(5))).unwrap();
    assert!(next > position, "a position is never given twice");
}

#[test]
fn warnings_and_marks_are_kept_once_each() {
    let folder = Folder::new();
    let store = folder.store();
    let document = DocumentId::new([1; 16]);
    store
        .write(|w| {
            w.put_warning("forged", None, "a", 1)?;
            w.put_warning("forged", None, "b", 3)?;
            w.put_warning("forged", Some(SPACE), "c", 2)?;
            w.mark_seen(document, "ada", 20)?;
            w.mark_seen(document, "ada", 10)
        })
        .unwrap();
    let warnings = store.read(|r| r.warnings()).unwrap();
    let details: Vec<_> = warnings
        .iter()
        .map(|warning| warning.detail.as_str())
        .collect();
    assert_eq!(details, ["c", "b"]);
    store.write(|w| w.clear_warning("forged", None)).unwrap();
    assert_eq!(store.read(|r| r.warnings()).unwrap(), warnings[..1]);
    assert_eq!(store.read(|r| r.seen(document, "ada")).unwrap(), Some(20));
    assert_eq!(store.read(|r| r.seen(document, "bob")).unwrap(), None);
}
