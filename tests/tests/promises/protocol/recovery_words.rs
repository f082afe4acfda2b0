//! Recovery words that nobody has end none that somebody has; what words still open something is shown, and
//! so is whoever came back by them.

use companion_core::WarningCode;
use companion_core::domain::{Content, MemberKeys};
use companion_core::ports::Method;
use companion_core::protocol::api::path;
use companion_core::protocol::statement::Role;
use companion_tests::{Fault, Insider, World, edit_payload, stranger};

#[test]
fn half_made_words_of_a_lost_phone_end_no_others() {
    let world = World::in_memory(5);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let old = ada.written_words();
    let chain = path::chain(Insider::of(&ada, "private").space);
    ada.faults().script(move |_, request| {
        match request.method == Method::Post && request.path == chain {
            true => Fault::DropRequest,
            false => Fault::None,
        }
    });
    assert!(ada.make_recovery_code().is_err());
    // The phone is lost here; it never syncs again.
    let url = world.server().url();
    let second = world.phone("second");
    second.recover(&url, &old).unwrap();
    second.remove_device_with_words(ada.member(), &old).unwrap();
    second.sync_cleanly();
    let status = second.status().unwrap().recovery_words;
    assert!(
        status.standing.is_some(),
        "those on paper are known to be whole"
    );
    assert_eq!(status.others.len(), 1, "and the others are shown");
    second.end_other_words().unwrap();
    assert_eq!(second.status().unwrap().recovery_words.others, []);
    world.phone("third").recover(&url, &old).unwrap();
}

#[test]
fn words_that_nobody_wrote_down_end_no_others() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut ada = clinic.with_patient("Ada");
    let old = ada.written_words();
    ada.make_recovery_code().unwrap();
    // The process ends before a person saw them.
    ada.kill();
    ada.sync_cleanly();
    let status = ada.status().unwrap().recovery_words;
    assert!(
        status.to_confirm.is_some() && status.standing.is_some(),
        "{status:?}"
    );
    assert_eq!(status.others, [], "those on paper are the ones that stand");
    let tablet = world.phone("again");
    tablet.recover(&world.server().url(), &old).unwrap();
    // Making words again ends none either, and ending the others ends all that nobody has.
    let unseen = ada.make_recovery_code().unwrap().words().join(" ");
    ada.end_other_words().unwrap();
    let url = world.server().url();
    assert!(world.phone("finder").recover(&url, &unseen).is_err());
    world.phone("once more").recover(&url, &old).unwrap();
    ada.written_words();
    let words = Insider::of(&ada, "care").chain;
    let words = words
        .present_members()
        .filter(|member| member.role == Role::Words);
    assert_eq!(words.count(), 1);
}

#[test]
fn a_return_by_the_words_is_said_on_the_other_phones() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = ada.written_words();
    ada.sync_cleanly();
    let finder = world.phone("finder");
    finder.rename_phone("Finder's phone").unwrap();
    finder.recover(&world.server().url(), &words).unwrap();
    ada.sync().unwrap();
    let said = ada.warned(WarningCode::CameByWords).unwrap();
    assert!(said.contains("Finder's phone"), "{said}");
    assert_eq!(finder.warned(WarningCode::CameByWords), None, "it knows");
    let warnings = ada.status().unwrap().warnings;
    ada.dismiss_warning(warnings[0].id).unwrap();
    ada.sync_cleanly();
    assert_eq!(ada.warned(WarningCode::CameByWords), None, "said once");
}

#[test]
fn the_words_of_a_phone_that_the_clinic_replaced_are_shown_and_can_be_ended() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.rename_phone("Ada's phone").unwrap();
    let words = ada.written_words();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let again = clinic.reinvite(ada.record.unwrap()).unwrap();
    let new = world.phone("new");
    new.pair(&again.link).unwrap();
    clinic.sync().unwrap();
    new.sync().unwrap();
    clinic.confirm(ada.record.unwrap()).unwrap();
    new.sync().unwrap();
    let status = new.status().unwrap().recovery_words;
    assert_eq!(status.standing, None);
    let [earlier] = &status.others[..] else {
        panic!("{status:?}")
    };
    assert!(earlier.made_on == "Ada's phone" && earlier.maker_removed && earlier.open);
    new.end_other_words().unwrap();
    assert_eq!(new.status().unwrap().recovery_words.others, []);
    let refused = world.phone("finder").recover(&world.server().url(), &words);
    assert!(refused.is_err());
}

#[test]
fn words_that_were_shown_can_still_be_confirmed_after_making_others_broke_off() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let shown = ada.make_recovery_code().unwrap();
    let chain = path::chain(Insider::of(&ada, "private").space);
    ada.faults().script(move |_, request| {
        match request.method == Method::Post && request.path == chain {
            true => Fault::DropRequest,
            false => Fault::None,
        }
    });
    assert!(ada.make_recovery_code().is_err());
    ada.faults().heal();
    ada.sync_cleanly();
    let status = ada.status().unwrap().recovery_words;
    assert!(
        status.to_confirm.is_some() && status.standing.is_none(),
        "nobody said that they are on paper: {status:?}"
    );
    let word = shown.words()[shown.asks_for - 1].to_owned();
    ada.confirm_recovery_code(&word).unwrap();
    let status = ada.status().unwrap().recovery_words;
    assert!(status.standing.is_some() && status.others.is_empty());
}

#[test]
fn words_on_paper_stand_whatever_a_thief_on_the_second_phone_writes_over_what_says_so() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let words = ada.written_words();
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    let standing = ada.status().unwrap().recovery_words.standing;
    assert!(standing.is_some());
    let mut thief = Insider::of(&tablet, "private");
    let known = thief.readable(&world.server().stored_changes());
    let paper = {
        let mut present = thief.chain.present_members();
        let paper = present.find(|m| m.role == Role::Words).unwrap();
        paper.id.to_string()
    };
    let about_it = known
        .iter()
        .filter(|p| p.kind == MemberKeys::KIND && p.projection.contains(&paper));
    let documents: Vec<_> = about_it.map(|payload| payload.document).collect();
    assert!(!documents.is_empty());
    let other = stranger(&world).member().to_string();
    for document in documents {
        let payload = edit_payload(&world, &known, document, &MemberKeys::SHAPE, |row| {
            row.insert("private".to_owned(), other.clone().into());
        });
        let change = thief.seal(&payload);
        thief.push_ok(&[change]);
    }
    ada.sync().unwrap();
    let status = ada.status().unwrap().recovery_words;
    assert!(status.standing == standing && status.others.is_empty());
    // So they end nothing that they mean to keep.
    ada.end_other_words().unwrap();
    let back = world.phone("new");
    back.recover(&world.server().url(), &words).unwrap();
}
