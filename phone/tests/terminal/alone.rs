//! A phone by itself: everything but pairing and syncing works, and what does not says so.

use std::process::ExitCode;

use companion_phone::{PhoneError, Terminal, run};

use crate::care::json;
use crate::person::{POINTER, Phone};

#[test]
fn what_is_written_without_a_network_is_there_again_and_says_where_it_is() {
    let phone = Phone::alone();
    let id = phone.write(&[
        "--title", "The lake", "--mood", "5", "--tag", "water", "Calm", "here.",
    ]);
    assert_eq!(id.len(), 8);
    let shown = phone.run(&["show", &id[..4]]).done();
    for words in [
        "The lake",
        "Calm here.",
        "slightly pleasant",
        "tags: water",
        "23 Nov 2026, 15:18",
    ] {
        assert!(shown.contains(words), "{words} is missing in {shown}");
    }
    assert!(shown.contains("only on your devices"), "{shown}");
    let status = phone.run(&["status"]).done();
    assert!(status.contains("Not paired with a clinic"), "{status}");
}

#[test]
fn a_text_may_be_piped_in_and_an_edit_changes_only_what_is_given() {
    let phone = Phone::alone();
    let said = phone
        .type_in(&["write", "--title", "Dream"], "A door.\n\nIt was open.\n")
        .done();
    let id = said.split_whitespace().next().unwrap();
    phone
        .run(&["edit", id, "--kind", "dream", "--tag", "doors"])
        .done();
    let shown = phone.run(&["show", id]).done();
    assert!(
        shown.contains("A door.\n\nIt was open.") && shown.contains("tags: doors"),
        "{shown}"
    );
    phone.type_in(&["edit", id, "-"], "A window.").done();
    let shown = phone.run(&["show", id]).done();
    assert!(
        shown.contains("A window.") && !shown.contains("A door"),
        "{shown}"
    );
    assert!(
        shown.contains("Dream") && shown.contains("tags: doors"),
        "{shown}"
    );
}

#[test]
fn ones_own_words_are_found_again() {
    let phone = Phone::alone();
    phone.write(&["The", "heron", "stood", "still."]);
    let other = phone.write(&["Slept", "badly."]);
    let found = phone.run(&["search", "hero"]).done();
    assert!(
        found.contains("heron") && !found.contains(&other),
        "{found}"
    );
    let none = phone.run(&["search", "albatross"]).done();
    assert_eq!(none, "Nothing here has these words.\n");
}

#[test]
fn a_check_in_is_said_back_in_words() {
    let phone = Phone::alone();
    let check_in = [
        "check-in",
        "--valence",
        "3",
        "--anxiety",
        "5",
        "--feeling",
        "tired",
        "--note",
        "Rain.",
    ];
    let said = phone.run(&check_in).done();
    let id = said.split_whitespace().next().unwrap();
    let shown = phone.run(&["show", id]).done();
    for words in [
        "slightly unpleasant (3 of 7)",
        "quite anxious",
        "Feelings: tired",
        "Rain.",
    ] {
        assert!(shown.contains(words), "{words} is missing in {shown}");
    }
    let list = phone.run(&["list"]).done();
    assert!(
        list.contains("Slightly unpleasant") && list.contains("check-in"),
        "{list}"
    );
    assert_eq!(
        phone.run(&["list", "--entries"]).done(),
        "Nothing is written here yet.\n"
    );
}

#[test]
fn a_check_in_can_be_changed_found_and_deleted() {
    let phone = Phone::alone();
    let note = [
        "check-in",
        "--valence",
        "3",
        "--note",
        "Rain.",
        "--feeling",
        "tired",
    ];
    let said = phone.run(&note).done();
    let id = said.split_whitespace().next().unwrap();
    phone
        .run(&["edit", id, "--valence", "6", "--sleep", "2"])
        .done();
    let shown = phone.run(&["show", id]).done();
    for words in [
        "Mood: pleasant (6 of 7)",
        "Sleep: badly",
        "Feelings: tired",
        "Rain.",
        "edited",
    ] {
        assert!(shown.contains(words), "{words} is missing in {shown}");
    }
    assert!(phone.run(&["search", "rain"]).done().contains(id));
    let entry = phone.write(&["Something."]);
    for words in [&["edit", id, "Snow."][..], &["edit", id, "--title", "Snow"]] {
        let refused = phone.run(words).refused(2);
        assert!(refused.starts_with("That is a check-in"), "{refused}");
    }
    let refused = phone.run(&["edit", &entry, "--note", "Snow."]).refused(2);
    assert!(refused.starts_with("That is an entry"), "{refused}");

    let said = phone.run(&["delete", id, "--yes"]).done();
    assert!(
        said.starts_with("Deleted: Pleasant.\nIts words go from this phone at once"),
        "{said}"
    );
    assert_eq!(
        phone.run(&["list", "--check-ins"]).done(),
        "Nothing is written here yet.\n"
    );
    let said = json(&phone, &["delete", &entry, "--yes"]);
    assert!(
        said["deleted"].as_str().unwrap().starts_with(&*entry),
        "{said}"
    );
    assert!(
        said["what_remains"].as_str().unwrap().contains("backups"),
        "{said}"
    );
    assert_eq!(
        phone.run(&["list"]).done(),
        "Nothing is written here yet.\n"
    );
}

/// Ids at the beginnings of lines, and what stands after `--after`.
fn page(said: &str) -> (Vec<String>, Option<String>) {
    let (list, older) = match said.split_once("\nOlder ones: list") {
        Some((list, older)) => (list, Some(older)),
        None => (said, None),
    };
    let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    let ids = list
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(first);
    let place = older.map(|older| older.split_once("--after ").unwrap().1.trim().to_owned());
    (ids.collect(), place)
}

#[test]
fn a_long_list_is_shown_by_the_page_and_nothing_is_left_out_or_shown_twice() {
    let phone = Phone::alone();
    let mut written = Vec::new();
    for number in 0..11 {
        phone.clock.advance_ms(60_000);
        // Three check-ins, then one entry: pages end in the middle of either list.
        if number % 4 == 3 {
            written.push(phone.write(&["Something."]));
        } else {
            let said = phone.run(&["check-in", "--valence", "4"]).done();
            written.push(said.split_whitespace().next().unwrap().to_owned());
        }
    }
    written.reverse();
    for limit in ["1", "2", "4", "5", "11", "12"] {
        let (mut listed, mut place) = page(&phone.run(&["list", "--limit", limit]).done());
        while let Some(after) = place {
            let said = phone.run(&["list", "--limit", limit, "--after", &after]);
            let (ids, next) = page(&said.done());
            assert!(!ids.is_empty() && ids.len() <= limit.parse().unwrap());
            listed.extend(ids);
            place = next;
        }
        assert_eq!(listed, written, "{limit} at a time");
    }
    let (entries, place) = page(&phone.run(&["list", "--entries", "--limit", "1"]).done());
    let after = place.unwrap();
    let (more, place) = page(&phone.run(&["list", "--after", &after]).done());
    assert_eq!(([entries, more].concat().len(), place), (2, None));
    for nonsense in ["x", "start", "1.2.3,end"] {
        let refused = phone.run(&["list", "--after", nonsense]).refused(2);
        assert!(
            refused.starts_with("--after takes what stands"),
            "{refused}"
        );
    }
}

#[test]
fn there_is_nothing_to_know_about_a_phone_by_itself() {
    let phone = Phone::alone();
    phone.write(&["Something."]);
    assert_eq!(
        phone.run(&["warnings"]).done(),
        "There is nothing that you should know.\n"
    );
    let refused = phone.run(&["warnings", "dismiss", "1"]).refused(1);
    assert_eq!(refused, "There is no such warning in this record.\n");
}

#[test]
fn whatever_is_written_says_that_nobody_watches_and_where_help_is() {
    let phone = Phone::alone();
    for words in [&["write", "help me"][..], &["check-in", "--valence", "1"]] {
        let said = phone.run(words).done();
        assert!(
            said.contains("Nobody watches this") && said.contains("988"),
            "{said}"
        );
    }
}

#[test]
fn help_is_found_without_a_folder_a_network_or_a_readable_record() {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut terminal = Terminal {
        input: &mut std::io::empty(),
        output: &mut output,
        errors: &mut errors,
        asks: false,
    };
    let no_ports = || Err(PhoneError::NotDone("nothing may be opened".to_owned()));
    assert_eq!(
        run(["phone", "crisis"], &mut terminal, &no_ports),
        ExitCode::SUCCESS
    );
    let said = String::from_utf8(output).unwrap();
    for words in ["988", "911", "988lifeline.org", "Checked 23 Nov 2026"] {
        assert!(said.contains(words), "{words} is missing in {said}");
    }
    assert!(errors.is_empty());
}

#[test]
fn sharing_without_a_clinic_is_refused_and_nothing_is_lost() {
    let phone = Phone::alone();
    let id = phone.write(&["Mine."]);
    let refused = phone.run(&["share", &id]).refused(1);
    assert!(
        refused.starts_with("This phone is not paired with a clinic yet"),
        "{refused}"
    );
    let kept = phone
        .run(&["write", "--share", "care-team", "Ours."])
        .done();
    assert!(kept.contains("kept as private"), "{kept}");
    let felt = phone
        .run(&["check-in", "--valence", "4", "--share", "care-team"])
        .done();
    assert!(felt.contains("kept as private"), "{felt}");
    let kept = phone.run(&["list"]).done();
    assert!(kept.contains("Ours."), "{kept}");
    assert!(
        phone
            .run(&["show", &id])
            .done()
            .contains("only on your devices")
    );
    let nothing = phone.run(&["withdraw", &id, "--yes"]).done();
    assert!(nothing.contains("nothing to take back"), "{nothing}");
}

#[test]
fn nonsense_is_refused_in_one_plain_sentence() {
    let phone = Phone::alone();
    phone.write(&["Something."]);
    let cases: [(&[&str], &str); 8] = [
        (
            &["pair", "hello"],
            "There is no pairing link in this; it begins with kap://pair/.\n",
        ),
        (
            &["pair", "kap://pair/AAAA"],
            "This is not a complete pairing link: something of it is missing or was altered.\n",
        ),
        (
            &["show", "zzzz"],
            "Nothing here has an id that begins with zzzz.\n",
        ),
        (&["write", "  "], "The entry is empty.\n"),
        (
            &["write", "--title", "a\u{1b}[2J"],
            "The title holds a character that cannot be shown.\n",
        ),
        (
            &["write", "--session", "2", "x"],
            "The clinic has not planned a dosing session on this phone yet.\n",
        ),
        (
            &["sync"],
            "This phone is not paired with a clinic yet; `pair` with the clinic's link first.\n",
        ),
        (
            &["recover", "--server", "https://example.org"],
            "These are not twelve recovery words as they were shown: there are 0.\n",
        ),
    ];
    for (words, sentence) in cases {
        let help = match words.first() {
            Some(&"write") => POINTER,
            _ => "",
        };
        let refused = phone.run(words).refused(1);
        assert_eq!(refused, format!("{sentence}{help}"), "{words:?}");
    }
}

#[test]
fn what_cannot_be_understood_ends_with_code_two() {
    let phone = Phone::alone();
    for words in [
        &["check-in", "--valence", "9"][..],
        &["write", "--kind", "trip"],
        &["list", "--limit", "501"],
        &["write", "--share", "everybody", "x"],
        &["dance"],
        &["search"],
        &[],
    ] {
        phone.run(words).refused(2);
    }
    phone.write(&["Something."]);
    let empty = phone.run(&["show", ""]).refused(2);
    assert_eq!(empty, "Give an id, or the beginning of one.\n");
}

#[test]
fn a_text_that_is_not_text_is_refused() {
    let phone = Phone::alone();
    let data = phone.path().join("phone");
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut terminal = Terminal {
        input: &mut &[0xff, 0xfe, 0x00][..],
        output: &mut output,
        errors: &mut errors,
        asks: false,
    };
    let args = ["phone", "--data", data.to_str().unwrap(), "write"];
    let code = run(args, &mut terminal, &|| Ok(phone.ports.clone()));
    assert_eq!(code, ExitCode::from(1));
    assert_eq!(
        String::from_utf8(errors).unwrap(),
        format!("The text is not written in UTF-8.\n{POINTER}")
    );
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let phone = Phone::alone();
    phone.write(&["Mine alone."]);
    let (key, store) = (
        phone.path().join("phone/phone.key"),
        phone.path().join("phone/phone.db"),
    );
    let (right, before) = (std::fs::read(&key).unwrap(), std::fs::read(&store).unwrap());
    std::fs::write(&key, [9; 32]).unwrap();
    let refused = phone.run(&["list"]).refused(1);
    assert!(refused.contains("key is another one"), "{refused}");
    assert_eq!(std::fs::read(&store).unwrap(), before);
    std::fs::write(&key, right).unwrap();
    assert!(phone.run(&["list"]).done().contains("Mine alone."));
}

#[test]
fn nothing_that_was_written_stands_readable_in_the_folder() {
    let phone = Phone::alone();
    phone.write(&["--title", "kingfisher-canary", "osprey-canary"]);
    for file in std::fs::read_dir(phone.path().join("phone")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for canary in [&b"kingfisher-canary"[..], b"osprey-canary"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary));
        }
    }
}

#[test]
fn the_record_can_be_checked_and_made_anew() {
    let phone = Phone::alone();
    let id = phone.write(&["Before."]);
    phone.run(&["edit", &id, "After."]).done();
    phone.run(&["rebuild"]).done();
    assert!(phone.run(&["check"]).done().contains("All of it fits."));
    assert!(phone.run(&["show", &id]).done().contains("After."));
    assert!(phone.run(&["search", "after"]).done().contains(&id));
}

#[test]
fn an_edit_that_changes_nothing_is_not_called_saved() {
    let phone = Phone::alone();
    let entry = phone.write(&["--title", "The lake", "Calm."]);
    let said = phone.run(&["check-in", "--valence", "4"]).done();
    let check_in = &said[..8];
    for words in [
        &["edit", &entry][..],
        &["edit", &entry, "Calm."],
        &["edit", &entry, "--title", "The lake"],
        &["edit", check_in],
        &["edit", check_in, "--valence", "4"],
    ] {
        let before = phone.run(&["show", words[1]]).done();
        let said = phone.run(words).done();
        assert!(said.starts_with("Nothing was changed"), "{words:?}: {said}");
        assert_eq!(phone.run(&["show", words[1]]).done(), before, "{words:?}");
    }
    let said = phone.run(&["edit", &entry, "Calm, and then not."]).done();
    assert!(said.contains("saved"), "{said}");
}
