//! Search finds what a person means, and bears whatever a person types.

use proptest::prelude::*;

use super::*;

fn library() -> (Folder, Store) {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            let id = |n| DocumentId::new([n; 16]);
            w.put_search(
                id(1),
                "The café by the sea",
                "I don't know why it felt warm.",
                "Dream",
            )?;
            w.put_search(
                id(2),
                "Morning",
                "The sea again, and a letter to my sister.",
                "letter",
            )?;
            w.put_search(id(3), "Über Schlaf", "Träume, kaum Angst.", "sleep")
        })
        .unwrap();
    (folder, store)
}

fn found(store: &Store, query: &str) -> Vec<u8> {
    let found = store.read(|r| r.search(query, 50)).unwrap();
    found
        .iter()
        .map(|document| document.as_bytes()[0])
        .collect()
}

#[test]
fn words_are_found_in_any_case_without_accents_and_unfinished_at_the_end() {
    let (_folder, store) = library();
    for (query, expected) in [
        ("CAFE", vec![1]),
        ("café", vec![1]),
        ("sea", vec![1, 2]),
        ("sea sist", vec![2]),
        ("sist sea", vec![]),
        ("traume", vec![3]),
        ("uber sch", vec![3]),
        ("don't", vec![1]),
        ("dream", vec![1]),
        ("letter", vec![2]),
        ("sea, !", vec![1, 2]),
        ("sea 🌊", vec![]),
        ("", vec![]),
        ("  ", vec![]),
        ("🌊", vec![]),
        ("nowhere", vec![]),
    ] {
        assert_eq!(found(&store, query), expected, "{query}");
    }
}

#[test]
fn operators_are_only_words() {
    let (_folder, store) = library();
    for query in [
        "sea OR morning",
        "NOT sea",
        "title:sea",
        "sea NEAR letter",
        "{title}: sea",
        "^sea -x",
    ] {
        let _ = found(&store, query);
    }
    assert_eq!(found(&store, "morning OR nowhere"), [0_u8; 0]);
    assert_eq!(found(&store, "title:sea"), [0_u8; 0]);
}

#[test]
fn a_changed_or_removed_document_is_not_found_by_its_old_words() {
    let (_folder, store) = library();
    let first = DocumentId::new([1; 16]);
    store
        .write(|w| w.put_search(first, "Harbor", "", ""))
        .unwrap();
    assert_eq!(found(&store, "cafe"), [0_u8; 0]);
    assert_eq!(found(&store, "harb"), [1]);
    store.write(|w| w.remove_search(first)).unwrap();
    assert_eq!(found(&store, "harb"), [0_u8; 0]);
    store.integrity_check().unwrap();
}

#[test]
fn among_very_many_a_word_in_the_title_counts_most_then_tags_then_the_latest() {
    let folder = Folder::new();
    let store = folder.store();
    store
        .write(|w| {
            for n in 0..=250 {
                let (title, tags) = match n {
                    7 | 9 => ("A sea", ""),
                    8 => ("", "sea"),
                    _ => ("", ""),
                };
                w.put_search(DocumentId::new([n; 16]), title, "By the sea", tags)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    for query in ["sea", "the sea", "sea by"] {
        let all = found(&store, query);
        assert_eq!(all[..6], [9, 7, 8, 250, 249, 248], "{query}");
        assert_eq!(all.len(), 50);
    }
    let few = store.read(|r| r.search("sea", 1)).unwrap();
    assert_eq!(few, [DocumentId::new([9; 16])]);
    let every = store.read(|r| r.search("sea", 1_000)).unwrap();
    assert_eq!(every.len(), 251);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_fair_query(query in prop_oneof![
        any::<String>(),
        "[\"'*^:(){}+\\-\\\\ a-z\0]{0,40}",
        proptest::collection::vec(any::<char>(), 0..2_000).prop_map(|chars| chars.into_iter().collect()),
        proptest::collection::vec("[a-z]{1,8}\"?", 0..300).prop_map(|words| words.join(" ")),
    ]) {
        thread_local!(static LIBRARY: (Folder, Store) = library());
        LIBRARY.with(|(_, store)| { found(store, &query); });
    }

    #[test]
    fn a_document_is_found_by_any_word_that_stands_in_it(
        body in proptest::collection::vec("\\PC{1,12}", 1..20), pick in any::<prop::sample::Index>()
    ) {
        thread_local!(static LIBRARY: (Folder, Store) = library());
        LIBRARY.with(|(_, store)| {
            let id = DocumentId::new([5; 16]);
            store.write(|w| w.put_search(id, "", &body.join(" "), "")).unwrap();
            let word = pick.get(&body);
            if word.chars().all(|c| c.is_ascii_alphanumeric()) {
                assert!(found(store, word).contains(&5), "{word:?} in {body:?}");
            }
        });
    }
}
