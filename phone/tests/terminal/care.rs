//! Guides, sessions, commitments and "contact me" in the terminal.

use companion_core::domain::{Commitment, ContactRequest};
use companion_core::records::Query;
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;
use crate::reminders::{exchange, ready, with_session};

const HOUR_MS: i64 = 60 * 60 * 1000;

pub(crate) fn json(phone: &Phone, words: &[&str]) -> Value {
    serde_json::from_str(&phone.run(&[words, &["--json"]].concat()).done()).unwrap()
}

fn names(guides: &Value) -> Vec<&str> {
    let all = guides.as_array().unwrap().iter();
    all.map(|it| it["guide"].as_str().unwrap()).collect()
}

#[test]
fn guides_come_with_the_outcome_and_leave_the_desk_when_they_are_done() {
    let world = World::new();
    let phone = world.paired_phone();
    let before = json(&phone, &["guide"]);
    let all = |desk: &Value| {
        ["now", "next", "shelf"]
            .map(|part| names(&desk[part]).join(" "))
            .join(" ")
    };
    assert!(!all(&before).contains("getting-ready"), "{before}");
    ready(&world);
    with_session(&world, &phone);
    let desk = json(&phone, &["guide"]);
    assert!(
        all(&desk).contains("getting-ready") && all(&desk).contains("session-day"),
        "{desk}"
    );

    let read = phone.run(&["guide", "show", "getting-ready"]).done();
    assert!(
        read.contains("Version 1") || read.contains("version 1"),
        "{read}"
    );
    assert!(read.contains("guide tick getting-ready TASK"), "{read}");
    phone
        .run(&["guide", "tick", "getting-ready", "support"])
        .done();
    let shown = json(&phone, &["guide", "show", "getting-ready"]);
    assert_eq!(shown["ticked"], serde_json::json!(["support"]));
    phone
        .run(&["guide", "untick", "getting-ready", "support"])
        .done();
    assert_eq!(
        json(&phone, &["guide", "show", "getting-ready"])["ticked"],
        serde_json::json!([])
    );
    phone.run(&["guide", "finish", "getting-ready"]).done();
    assert!(names(&json(&phone, &["guide"])["shelf"]).contains(&"getting-ready"));

    let wrong = phone
        .run(&["guide", "tick", "getting-ready", "fly"])
        .refused(2);
    assert!(wrong.contains("has no task \"fly\"; it has"), "{wrong}");
    let wrong = phone.run(&["guide", "show", "nothing"]).refused(2);
    assert!(
        wrong.contains("there is about-ketamine") || wrong.contains("about-ketamine"),
        "{wrong}"
    );
}

#[test]
fn a_guide_is_read_in_another_language_and_one_can_be_read_unseen() {
    let phone = Phone::alone();
    phone.write(&["Hello."]);
    let shown = json(
        &phone,
        &["guide", "show", "four-phases", "--language", "es-MX"],
    );
    assert_eq!(shown["language"], "es");
    let english = json(
        &phone,
        &["guide", "show", "four-phases", "--language", "fr"],
    );
    assert_eq!(english["language"], "en");
    // It is kept, and nothing more need be typed.
    phone.run(&["guide", "--language", "es"]).done();
    assert_eq!(
        json(&phone, &["guide", "show", "four-phases"])["language"],
        "es"
    );
    let unseen = phone.run(&["guide", "finish", "misuse-and-bladder"]).done();
    assert!(unseen.contains("look it up unseen"), "{unseen}");
    let wrong = phone.run(&["guide", "--language", "\u{2013}"]).refused(2);
    assert!(wrong.contains("give a language like"), "{wrong}");
}

#[test]
fn that_the_clinic_is_told_of_reading_is_said_where_guides_are_and_once_when_one_is_opened() {
    let alone = Phone::alone();
    alone.write(&["Hello."]);
    assert!(!alone.run(&["guide"]).done().contains("is told"));
    let read = alone.run(&["guide", "show", "four-phases"]).done();
    assert!(!read.contains("is told"), "{read}");

    let world = World::new();
    let phone = world.paired_phone();
    let list = phone.run(&["guide"]).done();
    assert!(
        list.contains(
            "Told to Harbor Clinic: which guides you open and finish, and what you tick in them."
        ),
        "{list}"
    );
    let told = "Your clinic is told that you opened this guide.";
    let first = phone.run(&["guide", "show", "four-phases"]).done();
    assert!(first.contains(told), "{first}");
    let again = phone.run(&["guide", "show", "four-phases"]).done();
    assert!(!again.contains(told), "{again}");
    let unseen = phone.run(&["guide", "show", "misuse-and-bladder"]).done();
    assert!(!unseen.contains(told), "{unseen}");
}

#[test]
fn a_language_is_chosen_on_a_phone_and_kept() {
    let phone = Phone::alone();
    phone.run(&["language"]).refused(1);
    phone.write(&["Hello."]);
    let said = phone.run(&["language"]).done();
    assert!(
        said.starts_with("No language is chosen on this phone; guides are shown in en."),
        "{said}"
    );
    assert!(said.contains("Guides are there in en, es."), "{said}");
    assert!(
        phone
            .run(&["language", "es-MX"])
            .done()
            .contains("so they are shown in es.")
    );
    let list = phone.run(&["guide"]).done();
    let spanish = json(&phone, &["guide", "show", "four-phases"]);
    assert_eq!(spanish["language"], "es", "{list}");
    let said = phone.run(&["guide", "--language", "en"]).done();
    assert!(
        said.ends_with("This phone keeps en as your language; `language es-MX` changes it back.\n"),
        "{said}"
    );
    let again = phone.run(&["guide", "--language", "en"]).done();
    assert!(!again.contains("keeps"), "{again}");
    assert_eq!(json(&phone, &["language", "fr"])["guides_in"], "en");
    assert_eq!(
        json(&phone, &["language", "--forget"])["chosen"],
        Value::Null
    );
    let wrong = phone.run(&["language", "Spanish"]).refused(2);
    assert!(wrong.contains("give a language like"), "{wrong}");
    phone.run(&["language", "es", "--forget"]).refused(2);
}

#[test]
fn a_session_is_settled_item_by_item_and_a_changed_ride_is_to_be_agreed_again() {
    let world = World::new();
    let phone = world.paired_phone();
    assert_eq!(json(&phone, &["session"]), Value::Null);
    with_session(&world, &phone);
    phone.run(&["session", "eyeshades", "yes"]).done();
    phone
        .run(&[
            "session",
            "music",
            "yes",
            "--note",
            "Quiet piano",
            "--link",
            "https://music.example.org/1",
        ])
        .done();
    let said = phone
        .run(&["session", "escort", "Ida", "Berg", "--mode", "on-foot"])
        .done();
    assert!(
        said.contains("Ida Berg; on foot, with somebody along (not confirmed yet"),
        "{said}"
    );
    let said = phone.run(&["session", "confirm-escort"]).done();
    assert!(said.contains("(confirmed 23 Nov 2026, 15:18)"), "{said}");
    let said = phone.run(&["session", "done", "clear-the-day"]).done();
    assert!(
        said.contains("[x] clear-the-day")
            && said.contains("Quiet piano; https://music.example.org/1"),
        "{said}"
    );
    assert!(said.contains("Harbor House"), "{said}");
    let settled = json(&phone, &["session"]);
    assert!(
        !settled["still_open"]
            .as_array()
            .unwrap()
            .contains(&"clear_the_day".into()),
        "{settled}"
    );
    phone.run(&["session", "undo", "clear-the-day"]).done();
    let settled = json(&phone, &["session", "escort", "Jo"]);
    assert!(
        settled["still_open"]
            .as_array()
            .unwrap()
            .contains(&"clear_the_day".into()),
        "{settled}"
    );
    assert_eq!(settled["escort"]["confirmed_at"], Value::Null);

    for empty in [&[""][..], &[" ", ""]] {
        let words = [&["session", "escort"], empty].concat();
        let refused = phone.run(&words).refused(2);
        assert!(refused.contains("`session no-escort`"), "{refused}");
        assert_eq!(json(&phone, &["session"])["escort"]["name"], "Jo");
    }
    phone
        .run(&[
            "session", "escort", "Jo", "--phone", "555-0100", "--mode", "car",
        ])
        .done();
    phone.run(&["session", "confirm-escort"]).done();
    let nobody = json(&phone, &["session", "no-escort"]);
    assert!(
        nobody["still_open"]
            .as_array()
            .unwrap()
            .contains(&"escort".into()),
        "{nobody}"
    );
    assert_eq!(
        (
            &nobody["escort"]["name"],
            &nobody["escort"]["phone"],
            &nobody["escort"]["mode"]
        ),
        (&"".into(), &"".into(), &Value::Null)
    );

    let wrong = phone.run(&["session", "done", "dose"]).refused(2);
    assert!(wrong.contains("Give one of clear-the-day"), "{wrong}");
    let wrong = phone
        .run(&["session", "music", "yes", "--link", "javascript:1"])
        .refused(1);
    assert!(
        wrong.contains("the link to music") || wrong.contains("The link to music"),
        "{wrong}"
    );
    let none = phone.run(&["session", "--number", "7"]).refused(1);
    assert_eq!(none, "There is no dosing session 7 on this phone.\n");
}

#[test]
fn the_day_of_a_session_is_quiet_and_what_was_written_is_kept_or_shared_the_next_day() {
    let world = World::new();
    let phone = world.paired_phone();
    for early in [["session", "here"], ["session", "ended"]] {
        let none = phone.run(&early).refused(1);
        assert!(none.contains("has not planned a session"), "{none}");
    }
    with_session(&world, &phone);
    let nobody = phone.run(&["session", "confirm-escort"]).refused(1);
    assert!(
        nobody.contains("nobody is named yet") || nobody.contains("Nobody is named yet"),
        "{nobody}"
    );
    for early in [["session", "here"], ["session", "ended"]] {
        let elsewhen = phone.run(&early).refused(1);
        assert!(
            elsewhen.contains("session 1 is planned for 3 Dec 2026 at 10:00"),
            "{elsewhen}"
        );
    }
    phone
        .run(&["session", "escort", "Ida", "--phone", "+1 307 555 0101"])
        .done();
    let page = phone.run(&["session"]).done();
    assert!(
        page.contains("guide show session-day") && page.contains("has written nothing here"),
        "{page}"
    );
    world.clock.advance_ms((9 * 24 + 17) * HOUR_MS);
    let before = phone.run(&["session"]).done();
    assert!(
        before.starts_with("Your session is today at 3 Dec 2026, 10:00."),
        "{before}"
    );
    let not_yet = phone.run(&["session", "ended"]).refused(1);
    assert!(
        not_yet.starts_with("It can't be over before it has begun")
            && not_yet.contains("`session here`"),
        "{not_yet}"
    );
    for (mark, unsaid) in [("here", "that you are there"), ("ended", "that it is over")] {
        let nothing = phone.run(&["session", "undo", mark]).refused(1);
        assert!(
            nothing.starts_with(&format!(
                "You have not said {unsaid}, so there is nothing to take back"
            )),
            "{nothing}"
        );
    }
    world.clock.advance_ms(2 * HOUR_MS);
    let here = phone.run(&["session", "here"]).done();
    assert!(
        here.starts_with("You are in your session.") && here.contains("988"),
        "{here}"
    );
    assert!(!here.contains("[ ]"), "{here}");
    // What somebody needs to get home is at hand, and nothing is asked.
    for at_hand in ["Who takes you home: Ida; +1 307 555 0101.", "Harbor House"] {
        assert!(here.contains(at_hand), "{at_hand}: {here}");
    }
    world.clock.advance_ms(HOUR_MS);
    assert_eq!(json(&phone, &["session", "ended"])["stage"], "after");
    let after = phone.run(&["session"]).done();
    assert!(
        after.starts_with("It is quiet until 4 Dec 2026, 12:48")
            && after.contains("`session undo ended`")
            && after.contains("answers to questionnaires"),
        "{after}"
    );
    let back = json(&phone, &["session", "undo", "ended"]);
    assert_eq!(back["stage"], "during", "it was said too early");
    phone.run(&["session", "ended"]).done();
    phone.write(&["--title", "Blue", "The", "rain."]);
    // The wish to share is said not to be done, and the words are kept for the next day.
    world.clock.advance_ms(60_000);
    let line = phone.run(&["next", "add", "--share", "talk", "The", "rain."]);
    assert!(
        line.done().starts_with("These are the quiet hours"),
        "next add"
    );
    world.clock.advance_ms(60_000);
    let walk = json(&phone, &["commit", "add", "--share", "care-team", "Walk."]);
    assert_eq!(walk["visibility"], "only_me");
    let goal = phone.run(&["goals", "add", "--in", "sleep", "Rest."]);
    let goal = goal.refused(1);
    assert!(
        goal.contains("come back to this when they are over"),
        "{goal}"
    );
    assert_eq!(json(&phone, &["session", "review"]), serde_json::json!([]));
    world.clock.advance_ms(26 * HOUR_MS);
    let waiting = json(&phone, &["session", "review"]);
    let waiting: Vec<_> = waiting.as_array().unwrap().iter().collect();
    let names: Vec<_> = waiting
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Blue", "The rain.", "Walk."]);
    let id = |place: usize| waiting[place]["id"].as_str().unwrap();
    phone.run(&["session", "keep", id(0)]).done();
    let wished: Vec<_> = waiting.iter().map(|one| &one["wished"]).collect();
    assert_eq!(
        wished,
        [&Value::Null, &"talk_in_session".into(), &"care_team".into()]
    );
    let listed = phone.run(&["session", "review"]).done();
    assert!(
        listed.contains("you wanted to talk about it in session"),
        "{listed}"
    );
    // It is shared as it was asked for then.
    phone.run(&["session", "share", id(1)]).done();
    phone.run(&["session", "share", id(2)]).done();
    let on_the_list = phone.run(&["next"]).done();
    assert!(
        on_the_list.starts_with("To talk about in session"),
        "{on_the_list}"
    );
    assert_eq!(
        phone.run(&["session", "review"]).done(),
        "Nothing waits to be looked at again.\n"
    );
}

#[test]
fn what_became_of_a_commitment_is_said_in_the_persons_own_words() {
    let world = World::new();
    let phone = world.paired_phone();
    let made = json(
        &phone,
        &[
            "commit",
            "add",
            "Walk",
            "to",
            "the",
            "lake.",
            "--review-on",
            "2026-11-24",
        ],
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        (&made["to_review"], &made["visibility"]),
        (&false.into(), &"only_me".into())
    );
    world.clock.advance_ms(24 * HOUR_MS);
    let list = phone.run(&["commit"]).done();
    assert!(list.contains("what became of it? `commit became"), "{list}");
    let said = phone
        .run(&["commit", "became", &id[..8], "partly", "Twice", "around."])
        .done();
    assert!(
        said.contains("partly: Twice around.; only on your devices"),
        "{said}"
    );
    assert_eq!(json(&phone, &["commit"])[0]["to_review"], false);
    let wrong = phone.run(&["commit", "became", id, "failed"]).refused(2);
    assert!(wrong.contains("kept, partly, not, changed"), "{wrong}");

    phone.run(&["commit", "share", id, "--talk"]).done();
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let shared = world
        .clinic
        .shared(world.patient, &Query::<Commitment>::all())
        .unwrap();
    assert_eq!(shared.items.len(), 1);
}

#[test]
fn a_request_to_be_contacted_promises_nothing_and_says_how_far_it_got() {
    let world = World::new();
    let phone = world.paired_phone();
    let asked = phone
        .run(&["contact", "ask", "After", "four,", "please."])
        .done();
    assert!(asked.contains("On this phone, not sent yet."), "{asked}");
    assert!(
        asked.contains("has not said who reads what arrives, or when: do not wait"),
        "{asked}"
    );
    assert!(asked.contains("988"), "{asked}");
    exchange(&world, &phone);
    exchange(&world, &phone);
    let request = world
        .clinic
        .shared(world.patient, &Query::<ContactRequest>::all())
        .unwrap();
    let id = request.items.first().unwrap().view.id;
    world
        .clinic
        .open_shared::<ContactRequest>(world.patient, id, "Dr Ruiz")
        .unwrap();
    exchange(&world, &phone);
    let said = phone.run(&["contact"]).done();
    assert!(said.contains("Opened by Dr Ruiz at"), "{said}");
    let short = &id.to_string()[..8];
    let back = phone.run(&["contact", "take-back", short]).done();
    assert!(back.contains("Somebody may call all the same"), "{back}");
    let alone = Phone::alone();
    alone.write(&["Hello."]);
    alone.run(&["contact", "ask"]).refused(1);
}

#[test]
fn a_tick_of_two_phones_that_began_apart_is_taken_away_from_both() {
    let world = World::new();
    let first = world.paired_phone();
    let second = world.second_phone(&first, "Tablet");
    with_session(&world, &first);
    second.run(&["sync"]).done();
    let both = [&first, &second];
    for phone in both {
        phone.run(&["session", "done", "clear-the-day"]).done();
    }
    for phone in [&first, &second, &first] {
        phone.run(&["sync"]).done();
    }
    first.run(&["session", "undo", "clear-the-day"]).done();
    let is_open = |phone: &Phone| {
        json(phone, &["session"])["still_open"]
            .as_array()
            .unwrap()
            .contains(&"clear_the_day".into())
    };
    assert!(is_open(&first));
    first.run(&["sync"]).done();
    second.run(&["sync"]).done();
    assert!(is_open(&second));
}
