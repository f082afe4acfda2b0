//! A restored server, and whoever goes on from an old end of a chain.

use companion_core::testing::space::membership;
use companion_core::{CoreError, WarningCode};
use companion_tests::{Insider, World};

/// Extends the server's chain from the end that a member knows.
fn goes_on(world: &World, member: &Insider) {
    let (invite, _) = membership::invite(
        &member.me,
        &member.chain,
        companion_core::protocol::statement::Role::Device,
        world.now(),
        u64::MAX,
        &*world.rng(),
    );
    assert_eq!(member.offer(&invite).status, 201);
}

#[test]
fn a_fork_after_a_restore_is_named_and_healed_by_cutting_it_off() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.rename_phone("Ada's tablet").unwrap();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let backup = world.server().backup();
    let thief = Insider::of(&tablet, "care");
    ada.remove_device(tablet.member()).unwrap();
    ada.write("After the tablet was lost.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let parted = thief.chain.length();
    world.server().restore(&backup);
    // By the restored chain the tablet is still in. It goes on from there before anybody else is back.
    goes_on(&world, &thief);
    for _ in 0..2 {
        let report = ada.sync().unwrap();
        assert!(!report.problems.is_empty(), "{report:?}");
    }
    let warnings = ada.status().unwrap().warnings;
    let forked = warnings
        .iter()
        .find(|w| w.code == Some(WarningCode::ChainForked));
    let forked = forked.expect("it is said");
    assert!(
        forked.detail.contains("Ada's tablet")
            && forked.detail.contains(&format!("statement {parted}"))
            && forked.detail.contains(&thief.space.to_string()),
        "{forked:?}"
    );
    clinic.sync().unwrap();
    let at_clinic = clinic.warnings().unwrap();
    assert!(
        at_clinic
            .iter()
            .any(|w| w.code == Some(WarningCode::ChainForked))
    );
    let fork = clinic
        .fork(ada.record.unwrap())
        .unwrap()
        .expect("it stands");
    assert_eq!((fork.space, fork.statements), (thief.space, parted));
    // Nothing was given up meanwhile, and what is private goes on.
    ada.write("Written during the fork.");
    ada.write_privately("Mine.");
    let _ = ada.sync();
    // The operator cuts the server's chain back to where the two part.
    world.server().rewind(fork.space, fork.statements);
    for _ in 0..3 {
        ada.sync().unwrap();
        clinic.sync().unwrap();
    }
    let report = ada.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    assert_eq!(
        clinic.texts_of(&ada),
        ["After the tablet was lost.", "Written during the fork."]
    );
    assert_eq!(clinic.fork(ada.record.unwrap()).unwrap(), None);
    tablet.sync().unwrap();
    assert!(tablet.warned(WarningCode::Removed).is_some());
    assert!(!tablet.texts().concat().contains("During the fork"));
    assert!(!tablet.texts().concat().contains("After the tablet"));
}

#[test]
fn a_fork_is_named_where_the_false_chain_is_the_shorter_one_too() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.sync_cleanly();
    let backup = world.server().backup();
    let thief = Insider::of(&tablet, "care");
    ada.remove_device(tablet.member()).unwrap();
    ada.invite_phone().unwrap();
    ada.sync_cleanly();
    assert!(Insider::of(&ada, "care").chain.length() > thief.chain.length() + 1);
    world.server().restore(&backup);
    goes_on(&world, &thief);
    ada.sync().unwrap();
    let warnings = ada.status().unwrap().warnings;
    let named = format!("statement {}", thief.chain.length());
    let is_named = |w: &companion_core::StandingWarning| {
        w.code == Some(WarningCode::ChainForked) && w.detail.contains(&named)
    };
    assert!(warnings.iter().any(is_named), "{warnings:?}");
}

#[test]
fn nobody_comes_into_a_restored_space_before_somebody_who_decides_about_it_is_back() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let backup = world.server().backup();
    world.server().restore(&backup);
    let mut ada = world.phone("Ada");
    ada.record = Some(invitation.patient);
    let early = ada.pair(&invitation.link);
    assert!(
        early.as_ref().is_err_and(CoreError::is_passing),
        "{early:?}"
    );
    clinic.sync().unwrap();
    ada.pair(&invitation.link).unwrap();
    clinic.let_in(&ada);
    ada.write("Here I am.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Here I am."]);
}
