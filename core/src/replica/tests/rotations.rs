//! What a false rotation does to those who read it.

use super::*;

fn lock_out(member: MemberId) -> impl FnOnce(&mut Rotate) {
    move |rotate: &mut Rotate| {
        for (id, wrapped) in &mut rotate.wrapped {
            if *id == member {
                **wrapped = [5; WRAPPED_KEY_LENGTH];
            }
        }
    }
}

#[test]
fn a_false_rotation_is_named_with_its_author_and_due_to_be_mended_also_after_a_restart() {
    let [first, second, third] = three();
    assert!(!first.is_due() && first.warnings(WarningCode::FalseRotation).is_empty());
    second.rotate_falsely(&[&first, &third], lock_out(third.id()));
    let says = |phone: &Phone, what: &str| {
        assert!(phone.is_due());
        let said = phone.warnings(WarningCode::FalseRotation);
        assert_eq!(
            said,
            [format!(
                "\u{201c}Ada's tablet\u{201d} changed the key falsely, which locks {what} out"
            )]
        );
    };
    says(&first, "\u{201c}Ada's old phone\u{201d}");
    says(&third, "this device");
    let (first, third) = (first.restarted(), third.restarted());
    says(&first, "\u{201c}Ada's old phone\u{201d}");
    says(&third, "this device");
    assert_eq!(first.state().faults.len(), 1);
    assert_eq!(first.state().faults[0].by, second.id());

    // Whoever comes first mends it, and nobody has to any more; what was done stays said.
    first.rotate(Change::default(), &[&second, &third]);
    for phone in [&first, &second, &third] {
        assert!(!phone.is_due());
        let (chain, keys) = (&phone.state().chain, &phone.state().keys);
        assert!(keys.contains_key(&chain.epoch()));
        assert!(keys.contains_key(&Epoch(chain.epoch().0 - 1)));
    }
    assert_eq!(first.warnings(WarningCode::FalseRotation).len(), 1);
}

#[test]
fn hidden_history_is_named_and_mended_by_whoever_is_next() {
    let [first, second, third] = three();
    second.rotate_falsely(&[&first, &third], |rotate| rotate.previous_keys.clear());
    let hides = "\u{201c}Ada's tablet\u{201d} changed the key falsely, which hides what was written \
                 before from later devices";
    assert_eq!(first.warnings(WarningCode::FalseRotation), [hides]);
    // Somebody else's honest rotation without it would not do.
    assert!(first.is_due() && third.is_due());
    third.rotate(Change::default(), &[&first, &second]);
    assert!(!first.is_due() && !third.is_due());
    let fourth = first.let_in(4, &[&second, &third]);
    let known: Vec<_> = fourth.state().keys.keys().copied().collect();
    let all = 0..=fourth.state().chain.epoch().0;
    assert_eq!(known, all.map(Epoch).collect::<Vec<_>>());
    assert!(
        fourth.warnings(WarningCode::FalseRotation).is_empty(),
        "it missed nothing"
    );
    assert_eq!(
        fourth.state().faults[0].by,
        second.id(),
        "and knows it all the same"
    );
}

#[test]
fn each_of_several_authors_of_false_rotations_is_named() {
    let [first, second, third] = three();
    second.rotate_falsely(&[&first, &third], |rotate| rotate.previous_keys.clear());
    third.rotate_falsely(&[&first, &second], lock_out(second.id()));
    let said = first.warnings(WarningCode::FalseRotation).join("\n");
    for name in ["Ada's tablet", "Ada's old phone"] {
        let by = format!("\u{201c}{name}\u{201d} changed the key falsely");
        assert!(said.contains(&by), "{said}");
    }
}

#[test]
fn what_the_locked_out_could_not_pass_on_is_due_from_whoever_has_it() {
    let [first, second, third] = three();
    second.rotate_falsely(&[&first, &third], lock_out(third.id()));
    let hidden = first.state().chain.epoch();
    third.rotate(Change::default(), &[&first, &second]);
    assert!(first.is_due() && !third.is_due());
    first.rotate(Change::default(), &[&second, &third]);
    assert!(!first.is_due() && !second.is_due() && !third.is_due());
    assert!(third.state().keys.contains_key(&hidden));
    assert_eq!(first.state().faults.len(), 1);
}

#[test]
fn a_device_that_finds_itself_locked_out_when_it_comes_says_so() {
    let [first, second, third] = three();
    third.rotate_falsely(&[&first], lock_out(second.id()));
    let row = second.replica.row(second.space).unwrap();
    let statements = first.state().statements.clone();
    let came = second.replica.adopt_space(row, statements, Keyring::new());
    assert_eq!(came.unwrap(), second.space);
    let said =
        "\u{201c}Ada's old phone\u{201d} changed the key falsely, which locks this device out";
    assert_eq!(second.warnings(WarningCode::FalseRotation), [said]);
}
