//! Somebody outside is told only what the patient released, only while the release is live, and never without a line
//! in the log; and the patient reads who looked.

use std::collections::BTreeSet;

use companion_core::clinic::RequestAnswer;
use companion_core::domain::disclosure::ToldAs;
use companion_core::domain::programme::Standing;
use companion_core::domain::release::{
    AtProgrammeEnd, ReleaseError, ReleaseStanding, ReleaseTerms,
};
use companion_core::domain::{
    Belongs, Content, DocumentId, KindVisitor, MedicineShown, Moment, Person, Placement,
    RecordSection, RecordSections, Release, visit_kinds,
};
use companion_core::patient::Accepted;
use companion_core::records::Seen;
use companion_core::{CoreError, NotNow, PART_2_NOTICE, REDISCLOSURE};
use companion_tests::{Canary, Insider, Node, Phone, new_payload};

use crate::clinic_and_ada;
use crate::provenance::{fresh, named, plant};
use crate::session_day::with_session;

const DAY: i64 = 24 * 3_600_000;

fn later(now: Moment, ms: i64) -> Moment {
    Moment {
        unix_ms: now.unix_ms + ms,
        ..now
    }
}

/// Everything, for ten days, whatever becomes of the programme.
fn terms(now: Moment, sections: impl Into<RecordSections>) -> ReleaseTerms {
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

fn refusal<T: std::fmt::Debug>(refused: companion_core::Result<T>) -> ReleaseError {
    match refused {
        Err(CoreError::Release(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn both(ada: &Phone, clinic: &Node) {
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
}

/// Writes an example of every kind of a care space, with whoever may write it.
struct Examples<'a> {
    clinic: &'a Node,
    ada: &'a Phone,
    kinds: BTreeSet<String>,
}

impl KindVisitor for Examples<'_> {
    fn visit<T: Content>(&mut self) {
        if T::PLACEMENT == Placement::Clinic || T::PLACEMENT == Placement::Private {
            return;
        }
        let example = || {
            let mut examples = T::examples().into_iter();
            let shared = |one: &T| one.visibility().is_none_or(|who| who.is_shared());
            examples.find(shared)
        };
        let record = self.ada.record.unwrap();
        let is_there = example().is_some_and(|one| self.ada.create(one).is_ok())
            || example().is_some_and(|one| self.clinic.create(record, one).is_ok());
        if is_there {
            self.kinds.insert(T::KIND.to_string());
        }
    }
}

#[test]
fn a_summary_holds_the_released_sections_and_nothing_else_whatever_the_kind() {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    // Nothing to hold back: examples lie around a session of years ago.
    let mut examples = Examples {
        clinic: &clinic,
        ada: &ada,
        kinds: BTreeSet::new(),
    };
    visit_kinds(&mut examples);
    assert!(examples.kinds.len() > 20, "{:?}", examples.kinds);
    both(&ada, &clinic);
    let mut told = BTreeSet::new();
    for section in RecordSection::ALL {
        let release = ada.give_release(terms(ada.now(), [section])).unwrap();
        both(&ada, &clinic);
        let leaving = clinic.preview_hand_over(record, release.id).unwrap();
        assert!(leaving.text.contains(REDISCLOSURE));
        for document in leaving.documents.keys() {
            let kind = clinic.kind_of(record, *document).unwrap().unwrap();
            told.insert(kind.to_string());
            match Belongs::of(&kind).unwrap() {
                Belongs::To(of) => assert_eq!(of, section, "{kind}"),
                Belongs::WithItsSubject => assert_eq!(kind.as_str(), "reply"),
                Belongs::ToNone => panic!("{kind} is of no section"),
            }
        }
        for other in RecordSection::ALL {
            let heading = format!("\n## {}\n", other.label());
            assert_eq!(leaving.text.contains(&heading), other == section);
        }
    }
    // Each kind that belongs somewhere and could be written is told by the release of its section.
    struct Owed<'a>(&'a BTreeSet<String>, Vec<String>);
    impl KindVisitor for Owed<'_> {
        fn visit<T: Content>(&mut self) {
            let is_owed = matches!(T::BELONGS, Belongs::To(_)) && self.0.contains(T::KIND.as_str());
            if is_owed {
                self.1.push(T::KIND.to_string());
            }
        }
    }
    let mut owed = Owed(&examples.kinds, Vec::new());
    visit_kinds(&mut owed);
    assert!(owed.1.len() > 12);
    for kind in owed.1 {
        assert!(told.contains(&kind), "{kind} is told by no release");
    }
    drop(world);
}

#[test]
fn neither_a_dose_nor_private_words_nor_keys_leave_unless_they_were_released() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let (private, shared) = (
        Canary::new("The lake is only mine tonight."),
        Canary::new("The rain is for the whole team."),
    );
    ada.write_privately(private.words());
    ada.write(shared.words());
    let shown = MedicineShown::examples().remove(0);
    let dose = shown.to_projection().unwrap()["dose"].clone();
    let dose = dose.as_str().unwrap().to_owned();
    clinic.create(record, shown).unwrap();
    both(&ada, &clinic);
    let sections: RecordSections = RecordSection::ALL
        .into_iter()
        .filter(|section| *section != RecordSection::MedicineGiven)
        .collect();
    let without = ada.give_release(terms(ada.now(), sections)).unwrap();
    let with = terms(ada.now(), [RecordSection::MedicineGiven]);
    let with = ada.give_release(with).unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, without.id).unwrap();
    assert!(leaving.text.contains(shared.words()));
    assert!(!leaving.text.contains(private.words()));
    assert!(!leaving.text.contains(&dose), "{}", leaving.text);
    let leaving = clinic.preview_hand_over(record, with.id).unwrap();
    assert!(leaving.text.contains(&dose) && !leaving.text.contains(shared.words()));
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
        (
            &*told[0].by,
            &*told[0].provider,
            told[0].form,
            told[0].documents.len()
        ),
        ("Maya", "Dr. Iris Okafor", ToldAs::File, 1)
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

fn set_rules(clinic: &Node, days: u32, part_2: bool) {
    let seen = Seen::of(&clinic.release_rules().unwrap());
    clinic
        .set_release_rules(seen, days, part_2, "Maya")
        .unwrap();
}

#[test]
fn the_longest_time_and_the_notice_are_the_clinics_to_set() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    set_rules(&clinic, 9, true);
    clinic.sync_cleanly();
    both(&ada, &clinic);
    assert_eq!(ada.longest_release_days().unwrap(), 9);
    let long = ReleaseTerms {
        until: later(ada.now(), 10 * DAY + 1),
        ..terms(ada.now(), [RecordSection::Journal])
    };
    assert_eq!(
        refusal(ada.give_release(long.clone())),
        ReleaseError::TooLong { days: 9 }
    );
    let asked = clinic.ask_for_release(record, long, "Maya");
    assert_eq!(refusal(asked), ReleaseError::TooLong { days: 9 });
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, given.id).unwrap();
    assert!(leaving.text.contains(PART_2_NOTICE) && leaving.text.contains("2.32"));
    set_rules(&clinic, 30, false);
    let unseen = clinic.set_release_rules(Seen::of("x"), 1, false, "Maya");
    assert!(matches!(unseen, Err(CoreError::ChangedMeanwhile)));
    let other = clinic.preview_hand_over(record, given.id).unwrap();
    assert!(!other.text.contains(PART_2_NOTICE));
    let stale = clinic.hand_over(record, given.id, leaving.seen, "Maya");
    assert!(matches!(stale, Err(CoreError::ChangedMeanwhile)));
    assert!(clinic.told_outside(record).unwrap().is_empty());
}

#[test]
fn what_would_leave_is_looked_at_again_when_the_record_changed_meanwhile() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let entry = ada.write("The lake.");
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, given.id).unwrap();
    ada.rewrite(&entry, "The lake, and what he said.");
    both(&ada, &clinic);
    let stale = clinic.hand_over(record, given.id, leaving.seen, "Maya");
    assert!(matches!(stale, Err(CoreError::ChangedMeanwhile)));
    ada.withdraw::<companion_core::domain::Entry>(entry.id)
        .unwrap();
    both(&ada, &clinic);
    let refused = refusal(clinic.preview_hand_over(record, given.id));
    assert_eq!(refused, ReleaseError::Nothing);
    let nonsense = clinic.hand_over(record, given.id, Seen::of("x"), "Maya");
    assert_eq!(refusal(nonsense), ReleaseError::Nothing);
}

#[test]
fn a_log_line_is_durable_before_anything_is_given_out_and_a_kill_after_it_is_harmless() {
    let (_world, mut clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, given.id).unwrap();
    let handed = clinic
        .hand_over(record, given.id, leaving.seen, "Maya")
        .unwrap();
    clinic.kill();
    let told = clinic.told_outside(record).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].documents, handed.documents);
    both(&ada, &clinic);
    assert_eq!(ada.told_outside().unwrap(), told);
    assert!(
        clinic
            .hand_over(record, given.id, leaving.seen, "Maya")
            .is_ok()
    );
    assert_eq!(clinic.told_outside(record).unwrap().len(), 2);
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

fn maya(sections: impl Into<RecordSections>) -> Person {
    Person {
        name: "Maya Lindqvist".into(),
        role: "therapist".into(),
        sections: sections.into(),
    }
}

#[test]
fn a_patient_reads_offline_who_is_in_the_team_what_each_may_open_and_who_looked_when() {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    clinic.set_people([maya(RecordSection::ALL)]).unwrap();
    clinic.begin_programme(record, "Maya Lindqvist").unwrap();
    let journal = [RecordSection::Journal];
    assert!(
        clinic
            .note_look(record, "Maya Lindqvist", "therapist", &journal)
            .unwrap()
    );
    let first = clinic.now();
    world.minutes_pass(29);
    assert!(
        !clinic
            .note_look(record, "Maya Lindqvist", "therapist", &journal)
            .unwrap()
    );
    world.minutes_pass(1);
    assert!(
        clinic
            .note_look(record, "maya lindqvist", "therapist", &journal)
            .unwrap()
    );
    assert!(
        clinic
            .note_look(record, "Sam Ortiz", "clinic lead", &journal)
            .unwrap()
    );
    ada.give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let team = ada.care_team().unwrap();
    let [maya, sam] = &*team.people else {
        panic!("{team:#?}");
    };
    assert_eq!(maya.part.as_deref(), Some("therapist"));
    assert_eq!(maya.sections, Some(RecordSections::all()));
    assert_eq!(
        maya.last_looked.unwrap().unix_ms,
        first.unix_ms + 30 * 60_000
    );
    assert!(maya.is_listed && !sam.is_listed && sam.sections.is_none());
    assert_eq!(team.outside[0].releases.len(), 1);
    let log = ada.access_log().unwrap();
    assert_eq!(log.len(), 2, "one line a person and day: {log:#?}");
    assert_eq!(log[0].first[&RecordSection::Journal].unix_ms, first.unix_ms);
    // Whoever goes is not in the list any more, and stays in the log.
    clinic.set_people([]).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let team = ada.care_team().unwrap();
    assert!(!team.people[0].is_listed && team.people[0].last_looked.is_some());
    assert_eq!(ada.access_log().unwrap(), log);
    world.days_pass(1);
    assert!(
        clinic
            .note_look(record, "Maya Lindqvist", "therapist", &journal)
            .unwrap()
    );
    assert_eq!(clinic.access_log(record).unwrap().len(), 3);
}

#[test]
fn only_the_clinics_node_says_who_looked_and_what_was_told() {
    let (world, clinic, ada) = crate::provenance::clinic_and_ada();
    both(&ada, &clinic);
    let mut phone = Insider::of(&ada, "care");
    let access = companion_core::domain::Access::examples().remove(0);
    let told = companion_core::domain::Disclosure::examples().remove(0);
    let people = companion_core::domain::People::examples().remove(0);
    let payloads = [
        new_payload(&world, fresh(&world), &access),
        new_payload(&world, fresh(&world), &told),
        new_payload(&world, fresh(&world), &people),
    ];
    plant(&mut phone, &payloads);
    named(&clinic.sync().unwrap(), phone.me.member());
    let record = ada.record.unwrap();
    assert!(clinic.access_log(record).unwrap().is_empty());
    assert!(clinic.told_outside(record).unwrap().is_empty());
}
