//! The quiet hours of a session: what waits for the next day and what does not, and what is said of the day itself.

use std::collections::BTreeSet;

use companion_core::domain::guide::model::Progress;
use companion_core::domain::guide::{Language, Pack};
use companion_core::domain::measure::MeasureId;
use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::session_day::SessionStage;
use companion_core::domain::{
    AssessmentSection, CheckIn, Commitment, Content, DocumentId, DosingSession, Goal,
    GuideProgress, Intention, Kind, KindVisitor, NextSessionItem, Placement, Rating, UseCheck,
    Visibility, visit_kinds,
};
use companion_core::patient::{DayMark, GuideMark, NotOffered};
use companion_core::records::Query;
use companion_core::{CoreError, NotNow};
use companion_tests::Phone;

use crate::clinic_and_ada;
use crate::session_day::with_session;

/// The kinds that are held back in the quiet hours and shared by choice.
#[derive(Default)]
struct HeldByChoice(BTreeSet<Kind>);

impl KindVisitor for HeldByChoice {
    fn visit<T: Content>(&mut self) {
        if T::HELD_IN_QUIET && T::PLACEMENT == Placement::ByVisibility {
            self.0.insert(T::KIND);
        }
    }
}

#[test]
fn whatever_was_kept_in_the_quiet_hours_is_offered_the_next_day_in_every_kind() {
    let (world, clinic, ada) = clinic_and_ada();
    with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 150 + 30);
    let at = ada.now();
    let only_me = Visibility::OnlyMe;
    ada.write_privately("Everything is one.");
    ada.create(CheckIn::new(Rating::MIDDLE, at)).unwrap();
    let line = ada.create(NextSessionItem::new("The rain.", at)).unwrap();
    let kept = ada.create(Commitment::new("Walk.", at)).unwrap();
    let about = DocumentId::new([3; 16]);
    ada.create(Intention::new(about, "To rest.", at)).unwrap();
    let section = AssessmentSection {
        visibility: only_me,
        at,
        ..AssessmentSection::examples().remove(0)
    };
    ada.create(section).unwrap();
    let uses = UseCheck {
        visibility: only_me,
        at,
        ..UseCheck::examples().remove(0)
    };
    ada.create(uses).unwrap();
    assert!(
        ada.to_review().unwrap().is_empty(),
        "not before the next day"
    );
    assert!(ada.share_reviewed(line.id, Visibility::CareTeam).is_err());

    world.days_pass(1);
    let waiting = ada.to_review().unwrap();
    let kinds: BTreeSet<_> = waiting.iter().map(|one| one.kind.clone()).collect();
    let mut all = HeldByChoice::default();
    visit_kinds(&mut all);
    assert_eq!((kinds, waiting.len()), (all.0, 7));
    let words = waiting.iter().find(|one| one.id == line.id);
    assert_eq!(words.unwrap().words, "The rain.");
    ada.keep_private(kept.id).unwrap();
    ada.share_reviewed(line.id, Visibility::TalkInSession)
        .unwrap();
    let left = ada.to_review().unwrap();
    assert!(
        left.len() == 5
            && left
                .iter()
                .all(|one| one.id != kept.id && one.id != line.id)
    );
    clinic.sync_cleanly();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    let list = clinic
        .page(patient, &Query::<NextSessionItem>::all())
        .unwrap();
    assert_eq!(list.items[0].content.visibility, Visibility::TalkInSession);
}

#[test]
fn in_the_quiet_hours_a_goal_waits_a_medicine_does_not_and_nobody_hears_what_was_read() {
    let (world, clinic, ada) = clinic_and_ada();
    let goal = || Goal {
        at: ada.now(),
        ..Goal::examples().remove(0)
    };
    let before = ada.create(goal()).unwrap();
    with_session(&world, &clinic, &ada);
    world.minutes_pass(60 + 150 + 30);
    let waits = |refused: companion_core::Result<_>| {
        matches!(
            refused,
            Err(CoreError::NotNow(NotNow::SharedInQuietHours { .. }))
        )
    };
    assert!(waits(ada.create(goal())));
    let revision = &before.revision;
    assert!(waits(
        ada.edit::<Goal>(before.id, revision, |it| it.text = "Leave.".into())
    ));
    let zinc = Medication {
        name: "Zinc".into(),
        what_for: String::new(),
        sort: MedicationSort::Supplement,
        stopped_at: None,
    };
    assert!(ada.add_medicine(zinc).is_ok(), "care may depend on it");
    let (pack, english) = (Pack::ketamine().unwrap(), Language::english());
    let desk = ada.guides(&pack, &english).unwrap();
    let all = || desk.now.iter().chain(&desk.next).chain(&desk.shelf);
    let mut kept = all().filter(|it| it.shown.guide.progress != Progress::NotKept);
    let guide = kept.next().unwrap();
    let opened = |ada: &Phone| ada.mark_guide(guide, &GuideMark::Opened).unwrap();
    assert!(!opened(&ada));
    assert!(ada.all(Query::<GuideProgress>::all()).is_empty());
    world.days_pass(1);
    assert!(opened(&ada));
    ada.create(goal()).unwrap();
}

#[test]
fn what_is_said_of_a_day_counts_for_its_session_or_is_refused_and_can_be_taken_back() {
    let (world, clinic, ada) = clinic_and_ada();
    let session = with_session(&world, &clinic, &ada);
    let refused = |mark| match ada.mark_day(session, mark) {
        Err(CoreError::NotNow(NotNow::NotTheSessionsDay { session })) => session.number,
        other => panic!("{other:?}"),
    };
    let begins_later = ada.mark_day(session, DayMark::Ended);
    assert!(matches!(
        begins_later,
        Err(CoreError::NotNow(NotNow::SessionNotBegun { .. }))
    ));
    for mark in [DayMark::Here, DayMark::Ended] {
        match ada.unmark_day(session, mark) {
            Err(CoreError::NotNow(NotNow::NothingToTakeBack { mark: which, .. })) => {
                assert_eq!(which, mark);
            }
            other => panic!("{other:?}"),
        }
    }
    let nobody = ada.confirm_ride(session);
    assert!(matches!(
        nobody,
        Err(CoreError::NotNow(NotNow::NobodyTakesHome))
    ));
    ada.prepare(session, |it| it.name_escort("Ida", None, None))
        .unwrap();
    let begins = ada.get::<DosingSession>(session).unwrap().content.at;
    let said = ada.confirm_ride(session).unwrap();
    assert!(said.ride_confirmed_at(begins).is_some());

    world.minutes_pass(60);
    let here = || {
        let said = ada.mark_day(session, DayMark::Here).unwrap();
        said.marks().here
    };
    let first = here();
    world.minutes_pass(30);
    let again = here();
    assert_eq!(first, again, "the first arrival stands");
    let day = || ada.session_day().unwrap().unwrap();
    let quiet_until = day().day.quiet_until;
    ada.mark_day(session, DayMark::Ended).unwrap();
    assert_eq!(day().stage, SessionStage::After);
    assert_eq!(day().day.quiet_until, quiet_until, "nothing is shortened");
    ada.unmark_day(session, DayMark::Ended).unwrap();
    assert_eq!(day().stage, SessionStage::During);
    world.minutes_pass(180);
    ada.mark_day(session, DayMark::Ended).unwrap();
    assert!(
        day().day.quiet_until > quiet_until,
        "a later end is quiet for longer"
    );
    world.days_pass(3);
    assert_eq!(refused(DayMark::Here), 1);
}

#[test]
fn a_measure_that_was_begun_rests_on_the_day_of_a_session() {
    let (world, clinic, ada) = clinic_and_ada();
    let begun = ada.begin_measure(&MeasureId::from_stored("gad-7")).unwrap();
    with_session(&world, &clinic, &ada);
    let rests = ada.resume_measure(begun.id);
    assert!(matches!(
        rests,
        Err(CoreError::NotNow(NotNow::MeasureOff(
            NotOffered::SessionDay
        )))
    ));
    world.days_pass(3);
    assert_eq!(ada.resume_measure(begun.id).unwrap(), begun);
}
