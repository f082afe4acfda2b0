//! The read model: what is listed, in which order, and how it is made anew.

use super::*;
use crate::document::Revision;

fn item(document: u8, sort_ms: i64) -> ItemRow {
    ItemRow {
        document: DocumentId::new([document; 16]),
        space: SPACE,
        kind: Kind::ENTRY,
        about: None,
        sort_ms,
        revision: Revision::new([ChangeHash::new([document; 32])]),
        projection: "{}".to_owned(),
        author: MemberId::new([9; 32]),
        counter: Counter(0),
        received_ms: 0,
    }
}

fn documents(rows: &[ItemRow]) -> Vec<u8> {
    rows.iter().map(|row| row.document.as_bytes()[0]).collect()
}

#[test]
fn items_are_listed_by_space_kind_subject_and_time() {
    let folder = Folder::new();
    let store = folder.store();
    let other = SpaceId::new([2; 32]);
    store
        .write(|w| {
            w.put_space(&space_row(other))?;
            for (document, sort_ms) in [(1, 30), (2, 10), (3, 20)] {
                w.put_item(&item(document, sort_ms))?;
            }
            w.put_item(&ItemRow {
                kind: Kind::REPLY,
                about: Some(DocumentId::new([1; 16])),
                ..item(4, 40)
            })?;
            w.put_item(&ItemRow {
                space: other,
                ..item(5, 15)
            })
        })
        .unwrap();
    let list = |filter: ItemFilter| documents(&store.read(|r| r.items(&filter)).unwrap());
    let all = ItemFilter {
        spaces: vec![SPACE, other],
        ..ItemFilter::default()
    };
    assert_eq!(list(all.clone()), [2, 5, 3, 1, 4]);
    assert_eq!(
        list(ItemFilter {
            newest_first: true,
            ..all.clone()
        }),
        [4, 1, 3, 5, 2]
    );
    assert_eq!(
        list(ItemFilter {
            kind: Some(Kind::ENTRY),
            ..all.clone()
        }),
        [2, 5, 3, 1]
    );
    assert_eq!(
        list(ItemFilter {
            about: Some(DocumentId::new([1; 16])),
            ..all.clone()
        }),
        [4]
    );
    assert_eq!(
        list(ItemFilter {
            before_sort_ms: Some(30),
            limit: Some(2),
            newest_first: true,
            ..all.clone()
        }),
        [3, 5]
    );
    assert_eq!(
        list(ItemFilter {
            spaces: vec![other],
            ..all.clone()
        }),
        [5]
    );
    assert_eq!(list(ItemFilter::default()), [0_u8; 0]);
    store.write(|w| w.clear_items(SPACE)).unwrap();
    assert_eq!(list(all), [5]);
}

#[test]
fn an_item_keeps_its_first_author_and_its_space() {
    let folder = Folder::new();
    let store = folder.store();
    let first = item(1, 10);
    let second = ItemRow {
        author: MemberId::new([8; 32]),
        counter: Counter(3),
        projection: "{\"a\":1}".to_owned(),
        ..first.clone()
    };
    store.write(|w| w.put_item(&first)).unwrap();
    store.write(|w| w.put_item(&second)).unwrap();
    let kept = ItemRow {
        author: first.author,
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
fn a_rebuild_that_fails_leaves_the_old_rows() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            w.put_item(&item(1, 10))?;
            w.put_search(DocumentId::new([1; 16]), "old", "", "")
        })
        .unwrap();
    let failed: Result<(), _> = store.rebuild_read_model(|_| Err(StoreError::Missing("reason")));
    assert!(failed.is_err());
    assert_eq!(store.read(|r| r.search("old", 9)).unwrap().len(), 1);
    store
        .rebuild_read_model(|w| w.put_item(&item(2, 10)))
        .unwrap();
    store
        .read(|r| {
            assert_eq!(r.item(DocumentId::new([1; 16]))?, None);
            assert!(r.item(DocumentId::new([2; 16]))?.is_some());
            assert_eq!(r.search("old", 9)?, []);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store.integrity_check().unwrap();
}
