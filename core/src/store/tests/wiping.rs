//! What was deleted is in no page of the file, nor in its log: read as the disk has it, without encryption.

use super::*;

/// Words of which every piece is in the index as it is here.
fn words(number: u32) -> String {
    format!("zebrawood{number:05} quince{number:05}")
}

fn raw(folder: &Folder) -> Vec<u8> {
    let mut all = Vec::new();
    for suffix in ["", "-wal"] {
        let file = format!("{}{suffix}", folder.file().display());
        all.extend(std::fs::read(file).unwrap_or_default());
    }
    all
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|some| some == words.as_bytes())
}

fn document(number: u32) -> DocumentId {
    let mut id = [0; 16];
    // Spread, so that rows land between others and pages are split.
    id[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    id[4..8].copy_from_slice(&number.to_be_bytes());
    DocumentId::new(id)
}

/// A store with many documents, each written, written again longer, and half of them deleted.
fn with_deleted(folder: &Folder) -> Store {
    let store = Store::open(&folder.file(), &StoreKey::NONE).unwrap();
    store.write(|w| w.put_space(&space_row(SPACE))).unwrap();
    for number in 0..120_u32 {
        let size = 20 + (number as usize * 37) % 300;
        for times in [1, 3] {
            let row = ItemRow {
                document: document(number),
                projection: format!(
                    "{{\"body\":\"{}\"}}",
                    words(number).repeat(times * size / 20)
                ),
                ..item(0, i64::from(number))
            };
            store
                .write(|w| {
                    w.put_item(&row)?;
                    w.put_snapshot(row.document, row.projection.as_bytes())?;
                    w.put_search(row.document, "", &words(number), "")
                })
                .unwrap();
        }
    }
    for number in (0..120).filter(|number| number % 2 == 0) {
        let gone = store.write(|w| {
            w.remove_item(document(number))?;
            w.owe_wiping()
        });
        gone.unwrap();
    }
    store
}

#[test]
fn nothing_of_what_was_deleted_stays_in_any_page_and_the_rest_is_whole() {
    let folder = Folder::new();
    let store = with_deleted(&folder);
    let before = raw(&folder);
    assert!(
        holds(&before, "zebrawood00001"),
        "the file is not encrypted"
    );
    let mut gone = (0..120).filter(|number| number % 2 == 0);
    assert!(
        gone.any(|number| holds(&before, &words(number))),
        "SQLite alone leaves some of it"
    );
    assert!(store.wipe_if_due().unwrap());
    let after = raw(&folder);
    for number in (0..120).filter(|number| number % 2 == 0) {
        for piece in words(number).split(' ') {
            assert!(!holds(&after, piece), "{piece} is left");
            // The index leaves out what a word has in common with the one before it.
            let tail = piece.get(piece.len() - 6..).unwrap();
            assert!(!holds(&after, tail), "{tail} is left");
        }
        let found = store.read(|r| r.search(&words(number), 10)).unwrap();
        assert_eq!(found, []);
    }
    for number in (0..120).filter(|number| number % 2 == 1) {
        let found = store.read(|r| r.search(&words(number), 10)).unwrap();
        assert_eq!(found, [document(number)]);
        assert!(store.read(|r| r.item(document(number))).unwrap().is_some());
    }
    store.integrity_check().unwrap();
    assert!(!store.read(|r| r.is_wiping_due()).unwrap());
}

#[test]
fn wiping_waits_for_whoever_reads_and_stays_owed() {
    let folder = Folder::new();
    let store = with_deleted(&folder);
    let other = Store::open(&folder.file(), &StoreKey::NONE).unwrap();
    let wiped = other.read(|r| {
        r.item(document(1))?;
        Ok::<_, StoreError>(store.wipe_if_due())
    });
    // The reader's pages can't be cut off under it.
    assert!(!wiped.unwrap().unwrap());
    assert!(store.read(|r| r.is_wiping_due()).unwrap());
    drop(store);
    let again = Store::open(&folder.file(), &StoreKey::NONE).unwrap();
    assert!(again.wipe_if_due().unwrap());
    assert!(!holds(&raw(&folder), "zebrawood00000"));
}
