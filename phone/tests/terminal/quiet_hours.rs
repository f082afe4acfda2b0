//! The day of a session and its quiet hours on a patient's phone: what is too late, what is too early, and what is
//! offered afterwards.

use crate::care::json;
use crate::paired::World;
use crate::reminders::with_session;

const HOUR_MS: i64 = 60 * 60 * 1000;

#[test]
fn who_says_it_after_the_planned_time_reads_since_when_it_is_over_and_what_to_do() {
    let world = World::new();
    let phone = world.paired_phone();
    with_session(&world, &phone);
    let over = "The planned time of this session has been over since 3 Dec 2026 at 12:30, so this is not said of it any \
                more; if it is at another time, tell your clinic, which can correct it: session 1 is planned for 3 Dec \
                2026 at 10:00 and takes place.\n";
    world.clock.advance_ms((9 * 24 + 22) * HOUR_MS);
    let late = phone.run(&["session", "here"]).refused(1);
    assert_eq!(late, over);
    // An end is said much later as well, and at some time it is too late for it.
    world.clock.advance_ms(12 * HOUR_MS);
    assert_eq!(phone.run(&["session", "ended"]).refused(1), over);
    // On another day it is true that it is not the day.
    world.clock.advance_ms(14 * HOUR_MS);
    let elsewhen = phone.run(&["session", "--number", "1", "here"]).refused(1);
    assert!(
        elsewhen.starts_with("This is said on the day of a session only"),
        "{elsewhen}"
    );
}

#[test]
fn what_is_shared_or_kept_too_early_or_again_says_so() {
    let world = World::new();
    let phone = world.paired_phone();
    with_session(&world, &phone);
    let before = &*phone.write(&["Nervous."]);
    // An hour after the planned beginning.
    world.clock.advance_ms((9 * 24 + 20) * HOUR_MS);
    let id = &*phone.write(&["Everything is one."]);
    for words in [["session", "share", id], ["session", "keep", id]] {
        let early = phone.run(&words).refused(1);
        assert!(
            early.starts_with(
                "These are the quiet hours of a session, until 4 Dec 2026 at 12:30; what you write stays yours alone"
            ),
            "{words:?}: {early}"
        );
    }
    world.clock.advance_ms(30 * HOUR_MS);
    phone.run(&["session", "keep", id]).done();
    assert_eq!(
        phone.run(&["session", "keep", id]).done(),
        "Kept already, for you alone; `share ID` shares it.\n"
    );
    assert_eq!(
        phone.run(&["session", "share", id]).refused(1),
        "This was kept already, for you alone; `share ID` shares it.\n"
    );
    let never = phone.run(&["session", "share", before]).refused(1);
    assert!(
        never.starts_with("This does not wait to be looked at again")
            && never.contains("`share ID` shares it"),
        "{never}"
    );
    let nothing = phone.run(&["session", "keep", "ffffffffffff"]).refused(1);
    assert!(nothing.starts_with("Nothing here has an id"), "{nothing}");
    assert_eq!(json(&phone, &["session", "review"]), serde_json::json!([]));
    phone.run(&["share", id]).done();
}
