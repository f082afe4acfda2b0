//! Pairing, a second phone, a lost one, and recovery words.

use std::process::ExitCode;

use companion_core::clinic::InviteState;

use crate::paired::World;
use crate::person::{Phone, asked_for};

#[test]
fn a_phone_waits_until_the_clinic_saw_the_same_words_and_shares_nothing_before() {
    let world = World::new();
    let phone = world.phone(10);
    // From standard input, so that no shell remembers the link.
    let said = phone
        .type_in(&["pair", "--wait", "0"], &format!("{}\n", world.link))
        .done();
    assert!(
        said.contains("This phone waits until Harbor Clinic has let it in.")
            && said.contains("The words to compare are not here yet"),
        "{said}"
    );
    let said = phone
        .run(&["write", "--share", "care-team", "At the lake."])
        .done();
    assert!(
        said.contains("saved; waits on this phone until your clinic has let it in.")
            && said.contains("Help right now: 988")
            && !said.contains("sent"),
        "{said}"
    );
    world.clinic.sync().unwrap();
    let said = phone.run(&["sync"]).done();
    let InviteState::Joined {
        compare_words,
        replaces,
        ..
    } = world.clinic.invite_state(world.patient).unwrap()
    else {
        unreachable!("nobody came")
    };
    assert!(replaces.is_empty(), "there is no phone to replace");
    let words = format!(
        "Words to compare with the clinic: {}",
        compare_words.join("  ")
    );
    let status = phone.run(&["status"]).done();
    assert!(
        said.contains(&words) && status.contains(&words),
        "{said}{status}"
    );
    assert!(
        status.contains("on this phone until it is let in.") && !status.contains("Paired"),
        "{status}"
    );
    for words in [&["devices"][..], &["invite-phone"], &["recovery-code"]] {
        let refused = phone.run(words).refused(1);
        assert!(
            refused.starts_with("This phone is not let in yet"),
            "{refused}"
        );
    }
    assert_eq!(world.shared_entries(), 0);

    world.let_in(&phone);
    let status = phone.run(&["status"]).done();
    assert!(
        status.contains("Paired with Harbor Clinic since 23 Nov 2026, 15:18.")
            && !status.contains("Words to compare"),
        "{status}"
    );
    assert_eq!(world.shared_entries(), 1, "what waited has arrived");
    let again = world
        .phone(11)
        .run(&["pair", &world.link, "--wait", "0"])
        .refused(1);
    assert!(
        again.lines().count() == 1 && !again.contains("panicked"),
        "{again}"
    );
}

#[test]
fn pairing_waits_for_the_words_of_a_clinic_that_answers() {
    let world = World::new();
    let phone = world.phone(10);
    let said = std::thread::scope(|scope| {
        let coming = scope.spawn(|| phone.run(&["pair", &world.link, "--wait", "60"]).done());
        // The clinic's node hears of it, as it does within a moment by itself.
        while !coming.is_finished() {
            world.clinic.sync().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        coming.join().unwrap()
    });
    assert!(
        said.contains("Words to compare with the clinic: ")
            && said.contains("If theirs are the same, they let this phone in"),
        "{said}"
    );
}

#[test]
fn a_phone_that_was_turned_away_keeps_what_was_written_and_brings_it_by_a_new_link() {
    let world = World::new();
    let phone = world.phone(10);
    phone.pair(&world.link);
    let entry = phone.write(&["--share", "care-team", "At the lake."]);
    world.clinic.sync().unwrap();
    world.refuse_words();
    let said = phone.run(&["sync"]);
    assert_eq!(said.code, ExitCode::FAILURE);
    assert!(
        said.errors
            .starts_with("This phone was not let in, so nothing was exchanged"),
        "{}",
        said.errors
    );
    let shown = phone.run(&["show", &entry]).done();
    assert!(
        shown.contains("At the lake.") && shown.contains("on this phone alone: it was not let in"),
        "{shown}"
    );
    let status = phone.run(&["status"]).done();
    assert!(
        status.contains("This phone was not let in to the record with Harbor Clinic"),
        "{status}"
    );
    let refused = phone.run(&["devices"]).refused(1);
    assert!(refused.contains("`pair` by a new link first"), "{refused}");

    let again = world.clinic.reinvite(world.patient).unwrap();
    phone.pair(&again.link);
    world.let_in(&phone);
    assert_eq!(world.shared_entries(), 1, "what waited has arrived");
}

#[test]
fn a_second_phone_comes_in_by_link_and_a_lost_one_is_removed() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Mine alone."]);
    phone.run(&["sync"]).done();
    let invitation = phone.run(&["invite-phone"]).done();
    let link = invitation
        .lines()
        .find(|line| line.starts_with("kap://pair/"))
        .unwrap();
    assert!(invitation.contains('█'), "no code to scan");
    let second = world.phone(20);
    let said = second
        .run(&["pair", link, "--name", "Ada's tablet", "--wait", "0"])
        .done();
    assert!(
        said.contains("This phone waits until your other phone has let it in."),
        "{said}"
    );
    let said = phone.run(&["sync"]).done();
    assert!(
        said.contains("A phone that came by your link waits to be let in: see `devices`."),
        "{said}"
    );
    // Both phones show the same words; until somebody saw that, the newcomer reads nothing.
    second.run(&["sync"]).done();
    let status = second.run(&["status"]).done();
    let words = status
        .lines()
        .find_map(|line| line.strip_prefix("Words to compare with your other phone: "))
        .unwrap();
    let devices = phone.run(&["devices"]).done();
    assert!(
        devices.contains(words) && devices.contains("It can read nothing yet."),
        "{words} are not in {devices}"
    );
    assert!(!second.run(&["list"]).done().contains("Mine alone."));
    phone.let_in();
    second.run(&["sync"]).done();
    phone.run(&["sync"]).done();
    second.run(&["sync"]).done();
    assert!(second.run(&["list"]).done().contains("Mine alone."));
    let devices = phone.run(&["devices"]).done();
    assert!(
        devices.contains("Ada's tablet (another phone of yours)")
            && !devices.contains("waits to be let in"),
        "{devices}"
    );

    let name = devices
        .lines()
        .find(|line| line.contains("Ada's tablet"))
        .map(|line| &line[..8])
        .unwrap();
    let clinic = devices
        .lines()
        .find(|line| line.contains("your clinic"))
        .unwrap();
    let refused = phone.run(&["devices", "remove", &clinic[..8]]).refused(1);
    assert!(refused.starts_with("That is your clinic"), "{refused}");
    phone.run(&["devices", "remove", name]).done();
    let devices = phone.run(&["devices"]).done();
    assert!(
        devices.contains("Who could, and gets nothing new any more:")
            && devices.contains("; removed by Phone on 23 Nov 2026, 15:18"),
        "{devices}"
    );
    phone.write(&["After the loss."]);
    phone.run(&["sync"]).done();
    let last_exchange = |said: &str| {
        let line = said.lines().find(|line| line.starts_with("Last exchange"));
        line.unwrap().to_owned()
    };
    let before = last_exchange(&second.run(&["status"]).done());
    world.clock.advance_ms(3_600_000);
    let said = second.run(&["sync"]);
    assert_eq!(said.code, ExitCode::FAILURE);
    assert_eq!(
        said.errors,
        "This phone is not a member of the record any more, so nothing was exchanged with the clinic; \
         what is here stays here.\n"
    );
    assert_eq!(said.output, "This device was removed from the record.\n");
    let status = second.run(&["status"]).done();
    assert_eq!(
        last_exchange(&status),
        before,
        "nothing was exchanged since"
    );
    assert!(
        status.contains("To know: This device was removed from the record."),
        "{status}"
    );
    let warnings = second.run(&["warnings"]).done();
    assert!(warnings.contains("23 Nov 2026"), "{warnings}");
    for line in warnings.lines().filter(|line| line.contains("23 Nov 2026")) {
        let number = line.split_whitespace().next().unwrap();
        second.run(&["warnings", "dismiss", number]).done();
    }
    assert!(!second.run(&["status"]).done().contains("To know"));
    // What is written to be shared is saved all the same, and nobody says that it was shared.
    let said = second
        .run(&["write", "--share", "care-team", "From the lost one."])
        .done();
    assert!(
        said.contains("so nothing was shared. What you wrote is kept as private.")
            && said.contains("saved; only on your devices"),
        "{said}"
    );
    // Nor does it watch for a clinic that gives it nothing.
    let said = second.run(&["watch"]);
    assert_eq!(said.code, ExitCode::FAILURE);
    assert_eq!(said.output, "Watching; Ctrl-C ends it.\n");
    let kept = second.run(&["list"]).done();
    assert!(
        kept.contains("Mine alone.") && !kept.contains("After the loss."),
        "{kept}"
    );
}

#[test]
fn twelve_words_bring_a_new_phone_back() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Not lost."]);
    phone.run(&["sync"]).done();
    let said = phone.run(&["recovery-code"]).done();
    let words: Vec<&str> = said
        .lines()
        .take(12)
        .map(|line| line.split_whitespace().nth(1).unwrap())
        .collect();
    assert_eq!(words.len(), 12);
    // All that coming back takes stands on the sheet; nothing is said of words that never were.
    let server = format!("http://{}", world.config.listen);
    assert!(
        said.contains(&format!("recover --server {server}")),
        "{said}"
    );
    assert!(!said.contains("open nothing"), "{said}");
    let devices = phone.run(&["devices"]).done();
    assert!(
        devices.contains("Recovery words (no phone: twelve words on paper)"),
        "{devices}"
    );
    let new = world.phone(30);
    let mut wrong = words.clone();
    wrong.swap(0, 1);
    let refused = new.type_in(&["recover", "--server", &server], &wrong.join(" "));
    assert_eq!(refused.output, "");
    let said = new
        .type_in(&["recover", "--server", &server], &words.join("\n"))
        .done();
    assert!(said.contains("yours again, with Harbor Clinic"), "{said}");
    assert!(new.run(&["list"]).done().contains("Not lost."));
}

#[test]
fn words_made_again_say_what_became_of_the_earlier_ones_on_both_phones() {
    let world = World::new();
    let phone = world.paired_phone();
    phone
        .run(&["devices", "name", "Ada's", "old", "phone"])
        .done();
    let sheet = phone.run(&["recovery-code"]).done();
    let numbered: Vec<&str> = sheet.lines().take(12).collect();
    phone
        .run(&["recovery-code", "confirm", &asked_for(&sheet)])
        .done();
    let second = world.second_phone(&phone, "Ada's tablet");
    let status = second.run(&["status"]).done();
    assert!(
        status.contains("Recovery words: those made on Ada's old phone on 23 Nov 2026, 15:18."),
        "{status}"
    );
    // A second phone, which may be a thief's, makes none.
    let refused = second.run(&["recovery-code"]).refused(1);
    assert!(
        refused.starts_with("Recovery words are made on your first phone"),
        "{refused}"
    );
    let refused = second.run(&["recovery-code", "end-others"]).refused(1);
    assert!(refused.contains("your first phone"), "{refused}");
    let said = phone.run(&["recovery-code"]).done();
    assert!(
        said.contains("The words that were made before them stay good until these are on paper."),
        "{said}"
    );
    let status = phone.run(&["status"]).done();
    assert!(
        status.contains("New recovery words were shown on")
            && status.contains("Recovery words: those"),
        "{status}"
    );
    let refused = phone
        .run(&["recovery-code", "confirm", "elephant"])
        .refused(1);
    assert!(
        refused.contains("is another one: look at the sheet again"),
        "{refused}"
    );
    let word = asked_for(&said);
    let said = phone
        .run(&["recovery-code", "confirm", &word.to_uppercase()])
        .done();
    assert!(
        said.contains("open nothing any more: tear that sheet up"),
        "{said}"
    );
    let refused = phone.run(&["recovery-code", "confirm", &word]).refused(1);
    assert!(
        refused.contains("no recovery words wait to be confirmed")
            || refused.contains("No recovery words wait"),
        "{refused}"
    );
    // Pasted with their numbers, just as the sheet shows them.
    let server = format!("http://{}", world.config.listen);
    let refused = world
        .phone(30)
        .type_in(&["recover", "--server", &server], &numbered.join("\n"))
        .refused(1);
    assert_eq!(
        refused,
        "These words open no record on this server: newer words replaced them, or they belong to another \
         server; compare both with your sheet.\n"
    );
}

#[test]
fn a_lost_first_phone_is_removed_by_the_words_and_by_nothing_less() {
    let world = World::new();
    let lost = world.paired_phone();
    lost.run(&["devices", "name", "Ada's", "old", "phone"])
        .done();
    let sheet = lost.run(&["recovery-code"]).done();
    let numbered: Vec<&str> = sheet.lines().take(12).collect();
    let tablet = world.second_phone(&lost, "Ada's tablet");
    let devices = tablet.run(&["devices"]).done();
    let line = devices.lines().find(|line| line.contains("old phone"));
    let old = &line.unwrap()[..8];
    let refused = tablet.run(&["devices", "remove", old]).refused(1);
    assert!(
        refused.starts_with("That device was there before this phone")
            && refused.contains("--with-words"),
        "{refused}"
    );
    let others =
        "abandon ability able about above absent absorb abstract absurd abuse access accident";
    let words = ["devices", "remove", old, "--with-words"];
    tablet.type_in(&words, others).refused(1);
    let said = tablet.type_in(&words, &numbered.join("\n")).done();
    assert!(
        said.contains("Ada's old phone is removed") && said.contains("make new ones"),
        "{said}"
    );
    let devices = tablet.run(&["devices"]).done();
    assert!(
        devices.contains("; removed by Recovery words on 23 Nov 2026, 15:18"),
        "{devices}"
    );
    // It is the first one now.
    tablet.run(&["recovery-code"]).done();
    assert_eq!(lost.run(&["sync"]).code, ExitCode::FAILURE);
}

#[test]
fn whoever_came_by_a_found_link_shows_other_words_and_is_turned_away_with_nothing() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Mine alone."]);
    phone.run(&["sync"]).done();
    let invitation = phone.run(&["invite-phone"]).done();
    let link = invitation.lines().find(|line| line.starts_with("kap://"));
    let thief = world.phone(20);
    thief.pair(link.unwrap());
    let late = world
        .phone(21)
        .run(&["pair", link.unwrap(), "--wait", "0"])
        .refused(1);
    assert!(late.contains("ask for a new one"), "{late}");
    phone.run(&["sync"]).done();
    thief.run(&["sync"]).done();
    thief.write(&["--share", "care-team", "From the thief."]);
    let newcomer = phone.newcomer();
    let said = phone.run(&["devices", "turn-away", &newcomer]).done();
    assert!(said.contains("It could read nothing"), "{said}");
    assert_eq!(thief.run(&["sync"]).code, ExitCode::FAILURE);
    let list = thief.run(&["list"]).done();
    assert!(!list.contains("Mine alone."), "{list}");
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shared_entries(), 0);
    let refused = phone.run(&["devices", "let-in", &newcomer]).refused(1);
    assert_eq!(
        refused,
        "No phone waits to be confirmed; one that is in already is listed in `devices`, and `devices remove ID` \
         removes it.\n"
    );
}

#[test]
fn a_phone_that_leaves_keeps_what_it_has_and_says_so_on_the_other() {
    let world = World::new();
    let phone = world.paired_phone();
    let tablet = world.second_phone(&phone, "Ada's tablet");
    let said = tablet.run(&["devices", "leave"]).done();
    assert!(said.starts_with("This phone left the record"), "{said}");
    let status = tablet.run(&["status"]).done();
    assert!(
        status.contains("Not a member of the record with Harbor Clinic any more."),
        "{status}"
    );
    phone.run(&["sync"]).done();
    let devices = phone.run(&["devices"]).done();
    assert!(
        devices.contains("; left on 23 Nov 2026, 15:18"),
        "{devices}"
    );
}

#[test]
fn where_nothing_was_taken_back_everything_counts() {
    let world = World::new();
    let phone = world.paired_phone();
    let said = phone.run(&["retracted"]).done();
    assert_eq!(said, "Everything that came to this phone counts.\n");
}

#[test]
fn a_second_link_made_after_somebody_came_by_the_first_ends_neither() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["For the tablet."]);
    phone.run(&["sync"]).done();
    let tablet = world.phone(20);
    let link = link_from(&phone);
    tablet.pair(&link);
    // In doubt whether the first one worked, they make another, and try that as well.
    let again = link_from(&phone);
    tablet.pair(&again);
    phone.run(&["sync"]).done();
    tablet.run(&["sync"]).done();
    let said = phone.run(&["devices"]).done();
    assert_eq!(said.matches("waits to be let in").count(), 1, "{said}");
    phone.let_in();
    tablet.run(&["sync"]).done();
    assert!(tablet.run(&["list"]).done().contains("For the tablet."));
}

#[test]
fn a_second_link_that_nobody_comes_by_leaves_the_first_as_it_was() {
    let world = World::new();
    let phone = world.paired_phone();
    let tablet = world.phone(20);
    let link = link_from(&phone);
    tablet.pair(&link);
    link_from(&phone);
    phone.run(&["sync"]).done();
    tablet.run(&["sync"]).done();
    let said = phone.run(&["devices"]).done();
    assert!(said.contains("devices let-in"), "{said}");
    phone.let_in();
    tablet.run(&["sync"]).done();
    phone.run(&["sync"]).done();
    assert!(
        phone
            .run(&["devices"])
            .done()
            .contains("another phone of yours")
    );
}

fn link_from(phone: &Phone) -> String {
    let said = phone.run(&["invite-phone"]).done();
    let mut lines = said.lines();
    let link = lines.find(|line| line.starts_with("kap://pair/"));
    link.unwrap().to_owned()
}
