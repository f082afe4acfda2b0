//! Every sentence about delivery, pairing, devices and recovery words, with the states in which it is
//! true. In each other state of the same story it must not stand.

use companion_core::domain::Entry;

use crate::paired::World;
use crate::person::{Phone, asked_for};

/// Where the story stands: in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// The phone knows no clinic; an entry was to be shared.
    Alone,
    /// It came by the link; nobody has answered.
    Came,
    /// The clinic has answered: both show words. The entry was shared, and waits.
    Waiting,
    /// The clinic compared them and said no.
    TurnedAway,
    /// It came by a new link and was let in. The server has the entry.
    Sent,
    /// The clinic has it.
    Delivered,
    /// A clinician opened it.
    Opened,
    /// It was edited since.
    Edited,
    /// That was delivered too.
    DeliveredAgain,
    /// It was withdrawn. There are recovery words now.
    Withdrawn,
    /// A second phone came by this one's link, and waits.
    SecondPhoneWaits,
    /// It was let in.
    SecondPhone,
    /// The second phone removed this one, by the recovery words.
    Removed,
}

use State::*;

/// The states in which this phone is in the record.
const PAIRED: &[State] = &[
    Sent,
    Delivered,
    Opened,
    Edited,
    DeliveredAgain,
    Withdrawn,
    SecondPhoneWaits,
    SecondPhone,
];
const KNOWS_THE_MEMBERS: &[State] = &[
    Sent,
    Delivered,
    Opened,
    Edited,
    DeliveredAgain,
    Withdrawn,
    SecondPhoneWaits,
    SecondPhone,
    Removed,
];

/// A sentence, and the states in which it stands.
const TABLE: &[(&str, &[State])] = &[
    // Pairing.
    (
        "Not paired with a clinic; what you write stays here.",
        &[Alone],
    ),
    (
        "This phone waits until Harbor Clinic has let it in. What you share waits on this phone, and nobody \
         else can read it.",
        &[Came, Waiting],
    ),
    ("The words to compare are not here yet", &[Came]),
    ("Words to compare with the clinic: ", &[Waiting]),
    (
        "This phone was not let in to the record with Harbor Clinic, and does not wait for it any more.",
        &[TurnedAway],
    ),
    ("The other side did not let this device in.", &[TurnedAway]),
    ("Paired with Harbor Clinic since ", PAIRED),
    (
        "Not a member of the record with Harbor Clinic any more. What is here stays here.",
        &[Removed],
    ),
    // Delivery.
    ("Where it is: only on your devices.", &[Alone, Came]),
    (
        "Where it is: only on your devices; shared before, and somebody at your clinic opened it then.",
        &[Withdrawn, SecondPhoneWaits, SecondPhone, Removed],
    ),
    (
        "Where it is: waits on this phone until your clinic has let it in.",
        &[Waiting],
    ),
    (
        "Where it is: on this phone alone: it was not let in, so nobody gets this until it is, by a new link.",
        &[TurnedAway],
    ),
    ("Where it is: on this phone, not sent yet.", &[Edited]),
    (
        "Where it is: sent, not yet received by the clinic.",
        &[Sent],
    ),
    (
        "Where it is: delivered to Harbor Clinic at ",
        &[Delivered, DeliveredAgain],
    ),
    (
        "not opened as far as this phone knows",
        &[Delivered, DeliveredAgain],
    ),
    ("Where it is: opened by Maya at ", &[Opened]),
    (" on this phone until it is let in.", &[Came, Waiting]),
    // Devices.
    ("(this phone)", KNOWS_THE_MEMBERS),
    ("(your clinic)", KNOWS_THE_MEMBERS),
    ("(another phone of yours)", &[SecondPhone, Removed]),
    ("Who can read what you share:", PAIRED),
    (
        "This phone is out of what you share. When it last was in, these could read it:",
        &[Removed],
    ),
    (
        "A phone that came by your link waits to be let in: see `devices`.",
        &[SecondPhoneWaits],
    ),
    ("It can read nothing yet.", &[SecondPhoneWaits]),
    ("devices let-in ", &[SecondPhoneWaits]),
    // Recovery words.
    (
        "There are no recovery words: without another phone of yours, losing this one loses what is private.",
        &[Sent, Delivered, Opened, Edited, DeliveredAgain],
    ),
    (
        "Recovery words: those made on this phone on ",
        &[Withdrawn, SecondPhoneWaits, SecondPhone],
    ),
];

/// All that the phone says at a glance, of the entry and of devices.
fn said(phone: &Phone, entry: &str) -> String {
    let mut said = phone.run(&["status"]).done();
    said.push_str(&phone.run(&["show", entry]).done());
    said.push_str(&phone.run(&["devices"]).output);
    said
}

fn newest(phone: &Phone) -> String {
    let list = phone.run(&["list"]).done();
    list.lines().next().unwrap()[..8].to_owned()
}

#[test]
fn each_sentence_stands_in_the_states_in_which_it_is_true_and_in_no_other() {
    let world = World::new();
    let phone = world.phone(10);
    let mut told: Vec<(State, String)> = Vec::new();
    phone
        .run(&["write", "--share", "care-team", "At the lake."])
        .done();
    let mut entry = newest(&phone);
    told.push((Alone, said(&phone, &entry)));

    let both_sync = || {
        phone.run(&["sync"]).done();
        world.clinic.sync().unwrap();
        phone.run(&["sync"]).done();
    };
    phone.pair(&world.link);
    told.push((Came, said(&phone, &entry)));

    both_sync();
    phone.run(&["share", &entry]).done();
    entry = newest(&phone);
    told.push((Waiting, said(&phone, &entry)));

    world.refuse_words();
    let _ = phone.run(&["sync"]);
    told.push((TurnedAway, said(&phone, &entry)));

    phone.pair(&world.clinic.reinvite(world.patient).unwrap().link);
    both_sync();
    world.confirm_words();
    phone.run(&["sync"]).done();
    told.push((Sent, said(&phone, &entry)));
    world.clinic.sync().unwrap();
    assert_eq!(
        said(&phone, &entry),
        told.last().unwrap().1,
        "the phone can't know yet"
    );
    phone.run(&["sync"]).done();
    told.push((Delivered, said(&phone, &entry)));

    let shared = world.clinic.shared(
        world.patient,
        &companion_core::records::Query::<Entry>::all(),
    );
    let id = shared.unwrap().items[0].view.id;
    world
        .clinic
        .open_shared::<Entry>(world.patient, id, "Maya")
        .unwrap();
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    told.push((Opened, said(&phone, &entry)));

    phone.run(&["edit", &entry, "--title", "Tuesday"]).done();
    told.push((Edited, said(&phone, &entry)));
    both_sync();
    told.push((DeliveredAgain, said(&phone, &entry)));

    phone.run(&["withdraw", &entry, "--yes"]).done();
    let sheet = phone.run(&["recovery-code"]).done();
    phone
        .run(&["recovery-code", "confirm", &asked_for(&sheet)])
        .done();
    both_sync();
    entry = newest(&phone);
    told.push((Withdrawn, said(&phone, &entry)));

    let invitation = phone.run(&["invite-phone"]).done();
    let link = invitation
        .lines()
        .find(|line| line.starts_with("kap://pair/"));
    let tablet = world.phone(20);
    tablet
        .run(&[
            "pair",
            link.unwrap(),
            "--name",
            "Ada's tablet",
            "--wait",
            "0",
        ])
        .done();
    phone.run(&["sync"]).done();
    told.push((SecondPhoneWaits, said(&phone, &entry)));

    phone.let_in();
    for _ in 0..2 {
        tablet.run(&["sync"]).done();
        both_sync();
    }
    told.push((SecondPhone, said(&phone, &entry)));

    let devices = tablet.run(&["devices"]).done();
    let first = devices
        .lines()
        .find(|line| line.contains("Phone (another phone of yours)"));
    let name = &first.unwrap()[..8];
    let words: Vec<&str> = sheet.lines().take(12).collect();
    tablet
        .type_in(
            &["devices", "remove", name, "--with-words"],
            &words.join("\n"),
        )
        .done();
    let _ = phone.run(&["sync"]);
    told.push((Removed, said(&phone, &entry)));

    assert!(told.is_sorted_by_key(|(state, _)| *state) && told.len() == 13);
    let mut wrong = Vec::new();
    for (sentence, states) in TABLE {
        for (state, said) in &told {
            let stands = said.contains(sentence);
            if stands != states.contains(state) {
                let how = if stands { "stands" } else { "is missing" };
                wrong.push(format!("{sentence:?} {how} in {state:?}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "\n{:#?}", told);
}

#[test]
fn what_was_edited_on_two_phones_shows_both_wordings_until_one_is_chosen() {
    let world = World::new();
    let phone = world.paired_phone();
    phone
        .run(&["write", "--share", "care-team", "Took 10 mg."])
        .done();
    phone.run(&["sync"]).done();
    let tablet = world.second_phone(&phone, "Tablet");
    phone.run(&["sync"]).done();
    let entry = newest(&phone);
    phone.run(&["edit", &entry, "Took 15 mg."]).done();
    tablet.run(&["edit", &entry, "Took 5 mg."]).done();
    for phone in [&phone, &tablet, &phone] {
        phone.run(&["sync"]).done();
    }
    for phone in [&phone, &tablet] {
        let shown = phone.run(&["show", &entry]).done();
        assert!(
            shown.contains("  1. Took 15 mg.\n  2. Took 5 mg."),
            "{shown}"
        );
        let list = phone.run(&["list"]).done();
        assert!(
            list.contains(&format!(
                "in two wordings: `choose {}` shows them",
                &entry[..8]
            )),
            "{list}"
        );
    }
    let refused = phone.run(&["choose", &entry, "body", "3"]).refused(2);
    assert!(
        refused.contains("There is no wording 3 of \"body\" to choose"),
        "{refused}"
    );
    phone.run(&["choose", &entry, "body", "2"]).done();
    let shown = phone.run(&["show", &entry]).done();
    assert!(
        shown.contains("Took 5 mg.") && !shown.contains("Took 15 mg."),
        "{shown}"
    );
    let again = phone.run(&["choose", &entry, "body", "1"]).refused(2);
    assert!(again.contains("There is no wording 1"), "{again}");
}

#[test]
fn whatever_a_list_shows_in_two_wordings_is_chosen_by_one_command() {
    let world = World::new();
    let phone = world.paired_phone();
    phone
        .run(&["goals", "add", "--in", "sleep", "To sleep."])
        .done();
    phone.run(&["commit", "add", "Walk to the lake."]).done();
    phone
        .run(&["assessment", "write", "hopes", "To be kind."])
        .done();
    phone.run(&["sync"]).done();
    let tablet = world.second_phone(&phone, "Tablet");
    phone.run(&["sync"]).done();
    let id_of = |list: &[&str]| {
        let all: serde_json::Value =
            serde_json::from_str(&phone.run(&[list, &["--json"][..]].concat()).done()).unwrap();
        let first = if all.is_array() {
            &all[0]
        } else {
            &all["written"][0]
        };
        first["id"].as_str().unwrap().to_owned()
    };
    let lists: [&[&str]; 3] = [&["goals"], &["commit"], &["assessment"]];
    let [goal, commitment, section] = lists.map(id_of);
    for (device, text, became) in [
        (&phone, "To sleep all night.", "kept"),
        (&tablet, "To sleep early.", "partly"),
    ] {
        device.run(&["goals", "edit", &goal, text]).done();
        device
            .run(&["commit", "became", &commitment, became])
            .done();
        device.run(&["assessment", "write", "hopes", text]).done();
    }
    for device in [&phone, &tablet, &phone] {
        device.run(&["sync"]).done();
    }
    let status = phone.run(&["status"]).done();
    assert!(
        status.contains("3 things stand in two wordings"),
        "{status}"
    );
    let chosen = [
        (lists[0], goal, "text", "To sleep early."),
        (lists[1], commitment, "became", "partly"),
        (lists[2], section, "text", "To sleep early."),
    ];
    for (list, id, field, wanted) in chosen {
        let short = &id[..8];
        let shown = phone.run(list).done();
        let line = format!("; in two wordings: `choose {short}` shows them");
        assert!(shown.contains(&line), "{shown}");
        let all = phone.run(&["choose", short]).done();
        assert!(
            all.contains(&format!("choose {short} {field} NUMBER")),
            "{all}"
        );
        let number = (1..=2).find(|number| all.contains(&format!("  {number}. {wanted}\n")));
        let number = number.unwrap_or_else(|| panic!("{all}")).to_string();
        let wrong = phone.run(&["choose", short, "odd", &number]).refused(2);
        assert!(wrong.contains("to choose; `choose` lists"), "{wrong}");
        phone.run(&["choose", short, field, &number]).done();
        let shown = phone.run(list).done();
        assert!(!shown.contains(&line), "{shown}");
        let nothing = phone.run(&["choose", short]).refused(1);
        assert!(
            nothing.contains("othing that stands in two wordings"),
            "{nothing}"
        );
    }
    for device in [&phone, &tablet] {
        device.run(&["sync"]).done();
        let all = device.run(&["choose"]).done();
        assert_eq!(all.trim(), "Nothing stands in two wordings.");
    }
    assert!(tablet.run(&["goals"]).done().contains("To sleep early."));
}
