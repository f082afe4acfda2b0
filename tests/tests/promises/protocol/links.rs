//! Links and grants in the hands of others.

use companion_core::protocol::api::ErrorCode;
use companion_core::testing::space::invitation::PairingLink;
use companion_core::{CoreError, NotNow};
use companion_tests::{Insider, World, code};

#[test]
fn a_link_never_leads_a_paired_phone_to_another_server() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let home = ada.status().unwrap().server;
    let again = clinic.reinvite(ada.record.unwrap()).unwrap();
    let mut link = PairingLink::parse(&again.link).unwrap();
    // One that answers nobody, and one that would answer everything.
    let answering = home.as_deref().unwrap().replace("127.0.0.1", "localhost");
    assert_ne!(Some(&answering), home.as_ref());
    for elsewhere in ["https://elsewhere.example".to_owned(), answering] {
        link.server = elsewhere;
        let _ = ada.pair(&link.to_text());
        assert_eq!(ada.status().unwrap().server, home);
    }
    ada.write("Still at home.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Still at home."]);
}

#[test]
fn whoever_finds_a_link_and_comes_by_it_ends_nobody_and_reads_nothing() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.make_recovery_code().unwrap();
    ada.write("Ours.");
    ada.sync_cleanly();
    let link = ada.invite_phone().unwrap().link;
    let finder = world.phone("finder");
    finder.pair(&link).unwrap();
    finder.write("Let me in.");
    finder.sync().unwrap();
    assert_eq!(finder.texts(), ["Let me in."]);
    for purpose in ["care", "private"] {
        let finder = Insider::of(&finder, purpose);
        let before = Insider::of(&ada, purpose).chain.length();
        for query in ["after=0&limit=10", ""] {
            let path = companion_core::protocol::api::path::changes(finder.space);
            let answer = finder.send(companion_core::ports::Method::Get, &path, query, Vec::new());
            assert_eq!(code(&answer), Some(ErrorCode::Forbidden));
        }
        let everybody: Vec<_> = finder.chain.present_members().map(|m| m.id).collect();
        for target in everybody {
            let change = companion_core::testing::space::rotation::Change {
                remove: vec![companion_core::protocol::statement::Removal {
                    member: target,
                    last: companion_core::protocol::statement::LastChange::NONE,
                }],
                ..Default::default()
            };
            let (statement, _) = finder.rotation(change);
            let answer = finder.offer(&statement);
            assert!((400..500).contains(&answer.status), "{}", answer.status);
        }
        ada.sync().unwrap();
        let grown = Insider::of(&ada, purpose).chain.length();
        assert!(
            grown <= before + 2,
            "a join and its answer, and nothing else"
        );
    }
    let newcomer = ada.newcomers().unwrap().pop().unwrap();
    ada.refuse_phone(newcomer.member).unwrap();
    finder.sync().unwrap();
    assert!(ada.newcomers().unwrap().is_empty());
    assert_eq!(
        ada.devices().unwrap().len(),
        3,
        "the clinic, the phone, the words"
    );
    ada.write("And on we go.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["And on we go.", "Ours."]);
    assert_eq!(finder.texts(), ["Let me in."], "its own words are not lost");
}

#[test]
fn a_grant_is_worth_nothing_to_whoever_steals_it() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let backup = world.server().backup();
    let ada = clinic.with_patient("Ada");
    let grant = ada.store().read(|r| r.setting("grant")).unwrap().unwrap();
    let thief = world.phone("thief");
    let own = Insider::of(&thief, "private");
    let create = own.statements[0].bytes().to_vec();
    let answer = own.found(&grant, create);
    assert_eq!(code(&answer), Some(ErrorCode::GrantUnusable));
    // Not even after a restore that forgot that it was used.
    world.server().restore(&backup);
    let create = own.statements[0].bytes().to_vec();
    let answer = own.found(&grant, create);
    assert_eq!(code(&answer), Some(ErrorCode::GrantUnusable));
}

#[test]
fn a_link_that_was_used_or_ran_out_is_worth_nothing_after_a_restore_either() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let invitation = clinic.invite("Ada");
    let unused = clinic.invite("Ben");
    let backup = world.server().backup();
    let mut ada = world.phone("Ada");
    ada.record = Some(invitation.patient);
    ada.pair(&invitation.link).unwrap();
    clinic.let_in(&ada);
    world.server().restore(&backup);
    // The server has forgotten that Ada came. Whoever kept the used link tries it first.
    let thief = world.phone("thief");
    assert!(thief.pair(&invitation.link).is_err());
    for _ in 0..2 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    let used = thief.pair(&invitation.link);
    assert!(
        matches!(used, Err(CoreError::NotNow(NotNow::InvitationUsedUp))),
        "{used:?}"
    );
    world.minutes_pass(24 * 60 + 1);
    assert!(world.phone("late").pair(&unused.link).is_err());
    ada.write("Unharmed.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Unharmed."]);
}
