//! What a removal takes back of what is here.

use super::*;

#[test]
fn a_removal_that_takes_back_what_was_here_says_so_and_by_whom_also_after_a_restart() {
    let [mut first, mut second, third] = three();
    first.introduce("Ada's phone", &[&second, &third]);
    for body in ["one", "two", "three"] {
        second.write_entry(body, &[&first, &third]);
    }
    assert_eq!(third.entries(), ["one", "three", "two"]);
    // Its second change is the first entry.
    first.remove(second.id(), second.last(2), &[&third]);
    let check = |phone: &Phone| {
        assert_eq!(phone.entries(), ["one"]);
        assert_eq!(
            phone.warnings(WarningCode::Retracted),
            [
                "2 changes of \u{201c}Ada's tablet\u{201d} do not count any more: \u{201c}Ada's phone\u{201d} \
              removed it"
            ]
        );
    };
    check(&third);
    let third = third.restarted();
    check(&third);

    let Phone {
        folder, replica, ..
    } = third;
    drop(replica);
    let path = folder.path().join("record.db");
    let phone = Patient::open(&path, &KEY, ports(1_001)).unwrap();
    let retracted = phone.retracted().unwrap();
    let words: Vec<_> = retracted
        .iter()
        .map(|change| change.words.as_str())
        .collect();
    assert_eq!(words, ["two", "three"]);
    for change in retracted {
        assert_eq!(change.kind, Entry::KIND);
        assert_eq!(change.written_by, "\u{201c}Ada's tablet\u{201d}");
        assert_eq!(change.removed_by, "\u{201c}Ada's phone\u{201d}");
        assert_eq!(change.removed_at.unix_ms, phone.now().unix_ms);
    }
}

#[test]
fn a_removal_of_all_that_counts_retracts_nothing_and_warns_of_nothing() {
    let [first, mut second, third] = three();
    second.write_entry("one", &[&first, &third]);
    first.remove(second.id(), second.last(2), &[&third]);
    assert_eq!(third.entries(), ["one"]);
    assert!(third.warnings(WarningCode::Retracted).is_empty());
    assert!(
        third
            .replica
            .store
            .read(|r| r.log_retracted(third.space))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn another_change_of_the_count_that_a_removal_names_does_not_count_on_any_device() {
    let [first, mut second, third] = three();
    second.write_entry("one", &[&first, &third]);
    // The author and the server showed the remover another second change than this device.
    let other = LastChange {
        counter: Counter(2),
        hash: companion_protocol::id::HistoryHash::new([3; 32]),
    };
    first.remove(second.id(), other, &[&third]);
    assert!(third.entries().is_empty());
    assert_eq!(third.warnings(WarningCode::Retracted).len(), 1);
}

#[test]
fn what_each_of_several_removals_takes_back_is_said() {
    let [first, mut second, mut third] = three();
    let fourth = first.let_in(4, &[&second, &third]);
    for phone in [&mut second, &mut third] {
        for change in phone.sent.clone() {
            fourth.take(&change);
        }
    }
    second.write_entry("one", &[&first, &fourth]);
    third.write_entry("two", &[&first, &fourth]);
    let of = |phone: &Phone| Removal {
        member: phone.id(),
        last: phone.last(1),
    };
    let change = Change {
        remove: vec![of(&second), of(&third)],
        ..Change::default()
    };
    first.rotate(change, &[&fourth]);
    let said = fourth.warnings(WarningCode::Retracted).join("\n");
    for name in ["Ada's tablet", "Ada's old phone"] {
        assert!(
            said.contains(&format!("1 change of \u{201c}{name}\u{201d}")),
            "{said}"
        );
    }
}
