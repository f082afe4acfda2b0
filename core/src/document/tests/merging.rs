//! What people see after they edited apart.

use serde_json::json;

use super::super::{DocumentError, inspect};
use super::*;

#[test]
fn a_new_document_shows_what_was_put_in() {
    let made = create(&ENTRY, &entry("Calm."), actor(1)).unwrap();
    assert_eq!(made.projection, entry("Calm."));
    assert_eq!(made.deps, []);
    assert_eq!(made.revision, Revision::new([made.hash]));
    let seen = materialize(&[&made.raw]);
    assert_eq!(
        (seen.projection, seen.revision),
        (made.projection, made.revision)
    );
    assert_eq!((seen.refused, seen.waiting), (vec![], vec![]));
}

#[test]
fn two_phones_that_write_the_same_words_make_two_changes() {
    let one = create(&ENTRY, &entry("Calm."), actor(1)).unwrap();
    let two = create(&ENTRY, &entry("Calm."), actor(2)).unwrap();
    assert_ne!(one.hash, two.hash);
    assert_ne!(
        inspect(&one.raw).unwrap().actor,
        inspect(&two.raw).unwrap().actor
    );
}

#[test]
fn the_author_of_an_edit_sees_what_everybody_will_see() {
    let mut phone = Replica::with_entry("Calm.");
    let made = phone.edit(set("title", json!("The sea"))).unwrap();
    let seen = phone.shows();
    assert_eq!(
        (seen.projection, seen.revision),
        (made.projection.clone(), made.revision.clone())
    );
    assert_eq!(made.projection["title"], "The sea");
    assert_eq!(made.deps.len(), 1);
}

#[test]
fn concurrent_edits_of_one_text_both_survive() {
    let mut one = Replica::with_entry("I slept badly. The water was cold.");
    let mut two = one.copy(200);
    one.edit(set(
        "body",
        json!("I slept quite well. The water was cold."),
    ))
    .unwrap();
    two.edit(set(
        "body",
        json!("I slept badly. The water was cold. I went in."),
    ))
    .unwrap();
    one.receive(&two);
    two.receive(&one);
    assert_eq!(
        one.field("body"),
        "I slept quite well. The water was cold. I went in."
    );
    assert_eq!(one.shows(), two.shows());
    assert_eq!(one.revision().heads().len(), 2);
}

#[test]
fn concurrent_tags_both_survive_and_a_removed_tag_goes() {
    let mut one = Replica::with_entry("Calm.");
    let mut two = one.copy(200);
    one.edit(set("tags", json!({"water": true, "sleep": true})))
        .unwrap();
    two.edit(set("tags", json!({"work": true}))).unwrap();
    one.receive(&two);
    assert_eq!(one.field("tags"), json!({"sleep": true, "work": true}));
}

#[test]
fn tags_added_apart_to_an_entry_without_tags_both_survive() {
    let mut bare = entry("Calm.");
    bare.remove("tags");
    bare.remove("body");
    let made = create(&ENTRY, &bare, actor(1)).unwrap();
    assert_eq!(made.projection["tags"], json!({}));
    assert_eq!(made.projection["body"], "");
    let mut one = Replica {
        changes: vec![made.raw],
        next_actor: 100,
    };
    let mut two = one.copy(200);
    one.edit(set("tags", json!({"sleep": true}))).unwrap();
    two.edit(set("tags", json!({"work": true}))).unwrap();
    one.edit(set("body", json!("First."))).unwrap();
    two.edit(set("body", json!("Second."))).unwrap();
    one.receive(&two);
    assert_eq!(one.field("tags"), json!({"sleep": true, "work": true}));
    let body = one.field("body").to_string();
    assert!(
        body.contains("First.") && body.contains("Second."),
        "{body}"
    );
}

#[test]
fn an_edit_of_an_old_screen_merges_instead_of_overwriting() {
    let mut phone = Replica::with_entry("One. Two.");
    let old_screen = phone.shows();
    phone.edit(set("body", json!("One. Two. Three."))).unwrap();
    phone.edit(set("title", json!("The sea"))).unwrap();
    let made = phone
        .edit_at(&old_screen, set("body", json!("Zero. One. Two.")))
        .unwrap();
    assert_eq!(made.projection["body"], "Zero. One. Two. Three.");
    assert_eq!(made.projection["title"], "The sea");
    assert_eq!(made.deps, old_screen.revision.heads());
}

#[test]
fn saving_without_a_change_makes_no_change() {
    let mut phone = Replica::with_entry("Calm.");
    assert_eq!(phone.edit(|_| {}), None);
    assert_eq!(phone.changes.len(), 1);
}

#[test]
fn a_field_that_is_taken_away_is_gone_but_a_standing_text_only_empties() {
    let mut phone = Replica::with_entry("Calm.");
    phone.edit(|fields| {
        fields.remove("mood");
        fields.remove("body");
    });
    let seen = phone.shows().projection;
    assert_eq!((seen.get("mood"), &seen["body"]), (None, &json!("")));
}

#[test]
fn what_a_newer_version_wrote_survives_an_edit_by_this_one() {
    let mut newer = entry("Calm.");
    newer.insert(
        "weather".into(),
        json!({"rain": [1, 2.5, null, {"deep": true}], "wind": -3}),
    );
    newer.insert("kind".into(), json!("letter"));
    newer.insert("big".into(), json!(u64::MAX));
    let made = create(&Shape::UNKNOWN, &newer, actor(1)).unwrap();
    assert_eq!(made.projection, newer);
    let mut phone = Replica {
        changes: vec![made.raw],
        next_actor: 100,
    };

    let seen = phone.shows();
    let typed = Entry {
        title: "Ours".into(),
        ..Entry::from_projection(&seen.projection).unwrap()
    };
    let mut target = seen.projection.clone();
    target.retain(|name, _| !ENTRY.has(name));
    target.extend(typed.to_projection().unwrap());
    target.retain(|name, _| ENTRY.has(name) || seen.projection.contains_key(name));
    let made = edit(
        &ENTRY,
        History::of(&phone.changes),
        &seen.revision,
        &target,
        actor(9),
    )
    .unwrap();
    phone.changes.push(made.unwrap().raw);
    newer.insert("title".into(), json!("Ours"));
    assert_eq!(phone.shows().projection, newer);
}

#[test]
fn an_edit_at_a_revision_that_is_not_there_is_refused() {
    let mut phone = Replica::with_entry("Calm.");
    let ahead = phone
        .copy(200)
        .edit(set("title", json!("Elsewhere")))
        .unwrap();
    for base in [ahead.revision, Revision::default()] {
        let made = edit(
            &ENTRY,
            History::of(&phone.changes),
            &base,
            &entry("x"),
            actor(3),
        );
        assert_eq!(made, Err(DocumentError::UnknownRevision));
    }
    assert!(phone.edit(set("title", json!("Here"))).is_some());
}

#[test]
fn an_edit_names_only_what_it_builds_upon() {
    let mut one = Replica::with_entry("Calm.");
    let mut two = one.copy(200);
    let apart = one.edit(set("title", json!("A"))).unwrap();
    let other = two.edit(set("mood", json!(7))).unwrap();
    one.receive(&two);
    let merged = one.edit(set("title", json!("B"))).unwrap();
    assert_eq!(
        Revision::new(merged.deps),
        Revision::new([apart.hash, other.hash])
    );
    assert_eq!(merged.revision, Revision::new([merged.hash]));
}

#[test]
fn a_change_waits_for_what_it_builds_upon() {
    let mut phone = Replica::with_entry("Calm.");
    phone.edit(set("title", json!("B"))).unwrap();
    phone.edit(set("title", json!("C"))).unwrap();
    let seen = materialize(&[&phone.changes[2], &phone.changes[0]]);
    assert_eq!((seen.waiting, seen.refused), (vec![0], vec![]));
    assert_eq!(seen.projection["title"], "The lake");
    assert_eq!(materialize(&[&phone.changes[2]]).projection, Map::new());
}

#[test]
fn what_cannot_be_kept_is_refused_before_it_is_written() {
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!({ "in": deep });
    }
    let made = create(&ENTRY, &fields(json!({"deep": deep})), actor(1));
    assert_eq!(made, Err(DocumentError::TooDeep));
    let made = create(&ENTRY, &fields(json!({"": 1})), actor(1));
    assert_eq!(made, Err(DocumentError::NamelessField));
    let long = "words ".repeat(100_000);
    let made = create(&ENTRY, &fields(json!({"body": long})), actor(1));
    assert_eq!(made, Err(DocumentError::TooLarge));
}

#[test]
fn the_longest_text_can_be_written_and_replaced() {
    let long: String = (0..).map(|n| format!("{n} ")).take(15_000).collect();
    let other: String = (0..).map(|n| format!("{n}, ")).take(14_000).collect();
    assert!(long.len() < 100_000 && other.len() < 100_000);
    let mut phone = Replica::with_entry(&long);
    let made = phone.edit(set("body", json!(other))).unwrap();
    assert_eq!(made.projection["body"], other.as_str());
}

#[test]
fn any_random_actor_can_edit_what_any_other_made() {
    use crate::ports::testing::SeededRng;
    let rng = SeededRng::new(61);
    for _ in 0..100 {
        let first = create(&ENTRY, &entry("One."), ActorId::random(&rng)).unwrap();
        let second = edit(
            &ENTRY,
            History::of(&[&first.raw]),
            &first.revision,
            &entry("One. Two."),
            ActorId::random(&rng),
        );
        assert_eq!(second.unwrap().unwrap().projection["body"], "One. Two.");
    }
}
