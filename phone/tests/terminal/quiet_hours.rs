//! The day of a session and its quiet hours on a patient's phone: what is too late, what is too early, and what is
//! offered afterwards.

use crate::care::json;
use crate::paired::World;
use crate::reminders::with_session;

const HOUR_MS: i64 = 60 * 60 * 1000;

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
