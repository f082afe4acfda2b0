//! Somebody outside is told nothing but while a release of the patient's is live, and no release comes back that ended.

use companion_core::clinic::RequestAnswer;
use companion_core::domain::programme::Standing;
use companion_core::domain::release::{
    AtProgrammeEnd, ReleaseError, ReleaseStanding, ReleaseTerms,
};
use companion_core::domain::{DocumentId, Moment, RecordSection, RecordSections, Release};
use companion_core::patient::Accepted;
use companion_core::{CoreError, NotNow};
use companion_tests::{Insider, Node, Phone, new_payload};

use crate::clinic_and_ada;
use crate::provenance::{fresh, named, plant};
use crate::session_day::with_session;

pub(crate) const DAY: i64 = 24 * 3_600_000;

pub(crate) fn later(now: Moment, ms: i64) -> Moment {
    Moment {
        unix_ms: now.unix_ms + ms,
        ..now
    }
}

/// Everything, for ten days, whatever becomes of the programme.
pub(crate) fn terms(now: Moment, sections: impl Into<RecordSections>) -> ReleaseTerms {
    ReleaseTerms {
        provider: "Dr. Iris Okafor".into(),
        what: "psychiatrist".into(),
        contact: "+1 307 555 0101".into(),
        sections: sections.into(),
        purpose: "To agree on the medicines.".into(),
        until: later(now, 10 * DAY),
        at_programme_end: AtProgrammeEnd::GoesOn,
    }
}

pub(crate) fn refusal<T: std::fmt::Debug>(refused: companion_core::Result<T>) -> ReleaseError {
    match refused {
        Err(CoreError::Release(error)) => error,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn both(ada: &Phone, clinic: &Node) {
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
}

#[test]
fn nothing_leaves_at_the_minute_of_the_end_or_after_it_was_taken_back() {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    let given = |minutes: i64| {
        let until = later(ada.now(), minutes * 60_000);
        let terms = terms(ada.now(), [RecordSection::Journal]);
        ada.give_release(ReleaseTerms { until, ..terms }).unwrap()
    };
    let (short, long) = (given(60), given(120));
    both(&ada, &clinic);
    world.minutes_pass(59);
    let leaving = clinic.preview_hand_over(record, short.id).unwrap();
    let handed = clinic.hand_over(record, short.id, leaving.seen, "Maya");
    assert_eq!(handed.unwrap().text.matches("The lake.").count(), 1);
    world.minutes_pass(1);
    let expired = ReleaseError::Expired { until: short.until };
    assert_eq!(refusal(clinic.preview_hand_over(record, short.id)), expired);
    let again = clinic.hand_over(record, short.id, leaving.seen, "Maya");
    assert_eq!(refusal(again), expired);
    // One that was open on a page when it was taken back.
    let leaving = clinic.preview_hand_over(record, long.id).unwrap();
    ada.take_back_release(long.id, "We stopped.").unwrap();
    both(&ada, &clinic);
    let again = clinic.hand_over(record, long.id, leaving.seen, "Maya");
    assert!(matches!(refusal(again), ReleaseError::TakenBack { .. }));
    let told = ada.told_outside().unwrap();
    assert_eq!(
        told.len(),
        1,
        "one line for what left, and none for what did not"
    );
    assert_eq!(
        (&*told[0].by, &*told[0].provider, told[0].documents.len()),
        ("Maya", "Dr. Iris Okafor", 1)
    );
}

#[test]
fn a_release_that_expires_while_everybody_is_offline_lets_nothing_out_and_none_comes_back_with_an_old_phone()
 {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let second = ada.second_phone();
    ada.write("The lake.");
    let release = ada.give_release(terms(ada.now(), [RecordSection::Journal]));
    let release = release.unwrap();
    both(&ada, &clinic);
    second.sync_cleanly();
    // A phone that was away narrows what was taken back meanwhile.
    ada.take_back_release(release.id, "").unwrap();
    let sooner = later(second.now(), DAY);
    let none = RecordSections::default;
    second
        .narrow_release(release.id, none(), Some(sooner))
        .unwrap();
    both(&ada, &clinic);
    second.sync_cleanly();
    both(&ada, &clinic);
    for standing in [
        clinic.releases(record).unwrap()[0].standing,
        ada.releases().unwrap()[0].standing,
        second.releases().unwrap()[0].standing,
    ] {
        assert!(
            matches!(standing, ReleaseStanding::TakenBack { .. }),
            "{standing:?}"
        );
    }
    // Nobody hears of anything any more, and the clinic's own clock ends it.
    let other = ada.give_release(terms(ada.now(), [RecordSection::Journal]));
    let other = other.unwrap();
    both(&ada, &clinic);
    world.days_pass(10);
    let refused = refusal(clinic.preview_hand_over(record, other.id));
    assert_eq!(refused, ReleaseError::Expired { until: other.until });
    let narrowed = second.narrow_release(release.id, none(), Some(sooner));
    assert!(matches!(refusal(narrowed), ReleaseError::TakenBack { .. }));
}

#[test]
fn phones_that_narrow_a_release_apart_leave_what_both_allow() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let second = ada.second_phone();
    let all = ada
        .give_release(terms(ada.now(), RecordSection::ALL))
        .unwrap();
    both(&ada, &clinic);
    second.sync_cleanly();
    let soon = later(ada.now(), DAY);
    ada.narrow_release(all.id, [RecordSection::Journal].into(), None)
        .unwrap();
    second
        .narrow_release(all.id, [RecordSection::Costs].into(), Some(soon))
        .unwrap();
    ada.sync_cleanly();
    second.sync_cleanly();
    both(&ada, &clinic);
    for view in [
        clinic.releases(record).unwrap().remove(0),
        ada.releases().unwrap().remove(0),
    ] {
        assert_eq!(view.standing, ReleaseStanding::Live);
        assert_eq!(view.until, soon);
        assert!(!view.sections.contains(RecordSection::Journal));
        assert!(!view.sections.contains(RecordSection::Costs));
        assert_eq!(view.sections.iter().count(), RecordSection::ALL.len() - 2);
    }
}

#[test]
fn phones_that_narrow_a_release_apart_to_nothing_leave_nothing_to_be_told() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    let second = ada.second_phone();
    let two = [RecordSection::Journal, RecordSection::Costs];
    let given = ada.give_release(terms(ada.now(), two)).unwrap();
    both(&ada, &clinic);
    second.sync_cleanly();
    let without = |phone: &Phone, section| phone.narrow_release(given.id, [section].into(), None);
    without(&ada, RecordSection::Journal).unwrap();
    without(&second, RecordSection::Costs).unwrap();
    ada.sync_cleanly();
    second.sync_cleanly();
    both(&ada, &clinic);
    for view in [
        clinic.releases(record).unwrap().remove(0),
        ada.releases().unwrap().remove(0),
        second.releases().unwrap().remove(0),
    ] {
        assert_eq!(view.standing, ReleaseStanding::NothingLeft);
    }
    let refused = refusal(clinic.preview_hand_over(record, given.id));
    assert_eq!(refused, ReleaseError::NothingLeft);
    let more = without(&ada, RecordSection::Costs);
    assert_eq!(refusal(more), ReleaseError::NothingLeft);
    assert!(matches!(
        ada.take_back_release(given.id, "").unwrap().standing,
        ReleaseStanding::TakenBack { .. }
    ));
}

#[test]
fn no_end_is_set_that_has_passed_already() {
    let (_world, _clinic, ada) = clinic_and_ada();
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    let until = |until| ada.narrow_release(given.id, RecordSections::default(), Some(until));
    for past in [later(ada.now(), -DAY), ada.now()] {
        assert_eq!(refusal(until(past)), ReleaseError::EndHasPassed);
    }
    assert_eq!(ada.releases().unwrap()[0].standing, ReleaseStanding::Live);
    let soon = later(ada.now(), 1_000);
    assert_eq!(until(soon).unwrap().until, soon);
}

#[test]
fn a_request_is_accepted_narrower_or_declined_and_a_no_wins_over_a_yes_of_another_phone() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let second = ada.second_phone();
    let ask = || {
        let sections = [RecordSection::Journal, RecordSection::Costs];
        let asked = clinic.ask_for_release(record, terms(clinic.now(), sections), "Maya");
        both(&ada, &clinic);
        second.sync_cleanly();
        asked.unwrap()
    };
    let meet = || {
        ada.sync_cleanly();
        second.sync_cleanly();
        both(&ada, &clinic);
        second.sync_cleanly();
    };
    let answer = |id: DocumentId| {
        let requests = clinic.release_requests(record).unwrap().into_iter();
        requests
            .filter(|one| one.id == id)
            .map(|one| one.answer)
            .next()
            .unwrap()
    };
    let costs = |sections: &[RecordSection]| Accepted {
        sections: Some(sections.iter().copied().collect()),
        ..Accepted::default()
    };
    // Both phones say the same apart: one release.
    let first = ask();
    let more = ada.accept_release(first, costs(&[RecordSection::Safety]));
    assert_eq!(refusal(more), ReleaseError::MoreThanAsked);
    let given = ada
        .accept_release(first, costs(&[RecordSection::Costs]))
        .unwrap();
    second
        .accept_release(first, costs(&[RecordSection::Costs]))
        .unwrap();
    meet();
    assert_eq!(answer(first), RequestAnswer::Given(given.id));
    let releases = clinic.releases(record).unwrap();
    assert_eq!(releases.len(), 1);
    assert_eq!(
        releases[0].standing,
        ReleaseStanding::Live,
        "{:?}",
        releases[0].apart
    );
    assert_eq!(releases[0].sections, [RecordSection::Costs].into());
    assert_eq!(
        refusal(ada.accept_release(first, Accepted::default())),
        ReleaseError::NotAskedAnyMore
    );
    // They say different things: nothing is told until the patient chose.
    let second_request = ask();
    ada.accept_release(second_request, costs(&[RecordSection::Costs]))
        .unwrap();
    second
        .accept_release(second_request, Accepted::default())
        .unwrap();
    meet();
    let standing = |phone: &Phone| {
        let releases = phone.releases().unwrap().into_iter();
        let mut its = releases.filter(|one| one.release.request == Some(second_request));
        its.next().unwrap()
    };
    for view in [standing(&ada), standing(&second)] {
        assert_eq!(view.standing, ReleaseStanding::InTwoWordings);
        assert_eq!(view.apart.len(), 1);
    }
    let refused = refusal(clinic.preview_hand_over(record, standing(&ada).id));
    assert_eq!(refused, ReleaseError::InTwoWordings);
    // One says yes, the other no.
    let third = ask();
    ada.accept_release(third, Accepted::default()).unwrap();
    second.decline_release(third, "I tell her myself.").unwrap();
    meet();
    assert!(matches!(answer(third), RequestAnswer::Declined(_)));
    let releases = clinic.releases(record).unwrap();
    let its = releases
        .iter()
        .find(|one| one.release.request == Some(third));
    assert!(matches!(
        its.unwrap().standing,
        ReleaseStanding::TakenBack { .. }
    ));
    // The clinic takes one back.
    let fourth = ask();
    let requests = clinic.release_requests(record).unwrap();
    let seen = requests.iter().find(|one| one.id == fourth).unwrap();
    clinic
        .take_back_release_request(record, fourth, &seen.revision)
        .unwrap();
    both(&ada, &clinic);
    assert_eq!(
        refusal(ada.accept_release(fourth, Accepted::default())),
        ReleaseError::NotAskedAnyMore
    );
}

#[test]
fn a_release_ends_with_the_programme_or_goes_on_as_the_patient_chose() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    let ends = |ada: &Phone| ReleaseTerms {
        at_programme_end: AtProgrammeEnd::Ends,
        ..terms(ada.now(), [RecordSection::Journal])
    };
    assert_eq!(
        refusal(ada.give_release(ends(&ada))),
        ReleaseError::NoProgramme
    );
    clinic.begin_programme(record, "Maya").unwrap();
    both(&ada, &clinic);
    let with = ada.give_release(ends(&ada)).unwrap();
    let goes_on = ada.give_release(terms(ada.now(), [RecordSection::Journal]));
    let goes_on = goes_on.unwrap();
    both(&ada, &clinic);
    assert!(clinic.preview_hand_over(record, with.id).is_ok());
    let seen = clinic.standing_seen(record).unwrap();
    clinic
        .set_standing(record, seen, Standing::Ended, "Done.", "Maya")
        .unwrap();
    let refused = refusal(clinic.preview_hand_over(record, with.id));
    assert_eq!(refused, ReleaseError::EndedWithProgramme);
    assert!(clinic.preview_hand_over(record, goes_on.id).is_ok());
}

#[test]
fn in_the_quiet_hours_no_release_is_given_and_one_can_be_taken_back() {
    let (world, clinic, ada) = clinic_and_ada();
    with_session(&world, &clinic, &ada);
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    world.minutes_pass(60 + 150 + 30);
    let quiet = ada.give_release(terms(ada.now(), [RecordSection::Journal]));
    assert!(matches!(
        quiet,
        Err(CoreError::NotNow(NotNow::SharedInQuietHours { .. }))
    ));
    let taken_back = ada.take_back_release(given.id, "").unwrap();
    assert!(matches!(
        taken_back.standing,
        ReleaseStanding::TakenBack { .. }
    ));
}

#[test]
fn a_release_that_the_clinics_node_writes_counts_nowhere() {
    let (world, clinic, ada) = crate::provenance::clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    both(&ada, &clinic);
    let forged = Release::new(
        terms(world.now(), RecordSection::ALL),
        world.now(),
        world.now(),
    );
    assert!(clinic.create(record, forged.clone()).is_err());
    let mut node = Insider::of_clinic(&clinic, &ada);
    let id = fresh(&world);
    let payload = new_payload(&world, id, &forged);
    plant(&mut node, &[payload]);
    named(&ada.sync().unwrap(), node.me.member());
    assert!(ada.releases().unwrap().is_empty());
    assert!(ada.care_team().unwrap().outside.is_empty());
    assert!(clinic.preview_hand_over(record, id).is_err());
}
