//! Pairing, a second phone, a lost one, and recovery words.

use std::process::ExitCode;

use companion_core::clinic::InviteState;

use crate::paired::World;

#[test]
fn pairing_shows_the_words_that_the_clinic_sees() {
    let world = World::new();
    let phone = world.phone(10);
    // From standard input, so that no shell remembers the link.
    let said = phone
        .type_in(&["pair"], &format!("{}\n", world.link))
        .done();
    world.clinic.sync().unwrap();
    let InviteState::Joined { compare_words } = world.clinic.invite_state(world.patient).unwrap()
    else {
        unreachable!("nobody joined")
    };
    let words = compare_words.join("  ");
    assert!(
        said.contains("Joined the record with Harbor Clinic."),
        "{said}"
    );
    assert!(said.contains(&words), "{compare_words:?} are not in {said}");
    assert!(
        said.contains("Compare these words with the clinic."),
        "{said}"
    );
    // Nobody says "paired" before the words were compared: somebody else may have come in.
    phone.run(&["sync"]).done();
    let status = phone.run(&["status"]).done();
    assert!(
        !said.contains("Paired") && !status.contains("Paired"),
        "{status}"
    );
    assert!(
        status.contains(&format!("to compare with the clinic: {words}")),
        "{status}"
    );
    world.clinic.confirm_words(world.patient).unwrap();
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    let status = phone.run(&["status"]).done();
    let paired = "Paired with Harbor Clinic, which compared the words on 23 Nov 2026, 15:18.";
    assert!(
        status.contains(paired) && !status.contains(&words),
        "{status}"
    );
    let again = world.phone(11).run(&["pair", &world.link]).refused(1);
    assert!(
        again.lines().count() == 1 && !again.contains("panicked"),
        "{again}"
    );
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
    let said = second.run(&["pair", link, "--name", "Ada's tablet"]).done();
    let words = said.lines().nth(2).unwrap().trim().to_owned();
    assert!(
        said.contains("Compare these words with the phone that made the link"),
        "{said}"
    );
    phone.run(&["sync"]).done();
    // Both phones show the same words, and the newcomer by its name.
    let devices = phone.run(&["devices"]).done();
    assert!(devices.contains(&words), "{words} are not in {devices}");
    assert!(
        devices.contains("Ada's tablet (another phone of yours)"),
        "{devices}"
    );
    second.run(&["sync"]).done();
    assert!(second.run(&["list"]).done().contains("Mine alone."));

    let name = devices
        .lines()
        .find(|line| line.contains("Ada's tablet"))
        .map(|line| &line[..8])
        .unwrap();
    let devices = phone.run(&["devices"]).done();
    let clinic = devices
        .lines()
        .find(|line| line.contains("your clinic"))
        .unwrap();
    let refused = phone.run(&["devices", "remove", &clinic[..8]]).refused(1);
    assert!(refused.starts_with("That is your clinic"), "{refused}");
    phone.run(&["devices", "remove", name]).done();
    assert!(
        phone
            .run(&["devices"])
            .done()
            .contains("removed, gets nothing new")
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
    let invitation = phone.run(&["invite-phone"]).done();
    let link = invitation.lines().find(|line| line.starts_with("kap://"));
    let second = world.phone(20);
    second
        .run(&["pair", link.unwrap(), "--name", "Ada's tablet"])
        .done();
    phone.run(&["sync"]).done();
    second.run(&["sync"]).done();
    let status = second.run(&["status"]).done();
    assert!(
        status.contains("Recovery words: those made on Ada's old phone on 23 Nov 2026, 15:18."),
        "{status}"
    );
    let said = second.run(&["recovery-code"]).done();
    assert!(
        said.contains("The words that were made before them open nothing any more."),
        "{said}"
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
         server.\n"
    );
    phone.run(&["sync"]).done();
    let status = phone.run(&["status"]).done();
    assert!(
        status.contains("Recovery words: those made on Ada's tablet on")
            && status.contains(
                "Those made here on 23 Nov 2026, 15:18 were replaced on Ada's tablet, and open nothing \
                 any more."
            ),
        "{status}"
    );
}
