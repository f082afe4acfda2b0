//! Which guides are due, when.

use chrono::NaiveDate;

use crate::domain::guide::{
    Assigned, Clinic, Desk, Edition, Facts, GuideVersion, Language, Notice, Pack, SessionFact,
    Stage, Standing, When, desk,
};
use crate::domain::{
    Content as _, DocumentId, DosingSession, GuideAssignment, GuideProgress, GuideText, ItemId,
    Moment, Phase,
};

const S1: DocumentId = DocumentId::new([1; 16]);
const S2: DocumentId = DocumentId::new([2; 16]);

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

fn session(id: DocumentId, on: u32) -> SessionFact {
    SessionFact { id, day: day(on) }
}

/// A programme that runs, in preparation, with sessions on the 10th and the 24th.
struct Case {
    standing: Standing,
    phase: Phase,
    today: u32,
    sessions: Vec<SessionFact>,
    progress: Vec<GuideProgress>,
    texts: Vec<GuideText>,
    assignments: Vec<GuideAssignment>,
}

impl Case {
    fn on(today: u32) -> Case {
        Case {
            standing: Standing::Running,
            phase: Phase::Preparation,
            today,
            sessions: vec![session(S2, 24), session(S1, 10)],
            progress: Vec::new(),
            texts: Vec::new(),
            assignments: Vec::new(),
        }
    }

    fn desk(&self) -> Desk {
        let facts = Facts {
            standing: self.standing,
            phase: self.phase,
            today: day(self.today),
            sessions: &self.sessions,
            progress: &self.progress,
            language: &Language::english(),
        };
        let clinic = Clinic {
            texts: &self.texts,
            slots: &[],
        };
        desk(
            &Pack::ketamine().unwrap(),
            clinic,
            &self.assignments,
            &facts,
        )
    }

    fn now(&self) -> Vec<String> {
        names(&self.desk().now)
    }

    fn finish(&mut self, guide: &str, session: Option<DocumentId>, edition: Edition) {
        let mut progress = GuideProgress::new(guide.parse().unwrap(), session, edition, at());
        progress.finished.insert(edition.to_string());
        self.progress.push(progress);
    }

    fn assign(&mut self, guide: &str, due: &str, hour: i64) {
        self.assignments.push(GuideAssignment {
            guide: guide.parse().unwrap(),
            due: due.parse().unwrap(),
            by: "Dr. Vega".into(),
            at: Moment::utc(hour * 3_600_000),
        });
    }
}

fn at() -> Moment {
    Moment::utc(1_795_392_000_000)
}

fn names(guides: &[Assigned]) -> Vec<String> {
    let names = guides.iter().map(|it| it.shown.guide.id.to_string());
    names.collect()
}

const FIRST: Edition = Edition::Bundled(GuideVersion(1));

#[test]
fn guides_come_by_phase_and_by_days_before_and_after_a_session() {
    let phase = ["about-ketamine", "misuse-and-bladder"].map(str::to_owned);
    let with = |more: &[&str]| -> Vec<String> {
        phase
            .iter()
            .cloned()
            .chain(more.iter().map(|it| (*it).to_owned()))
            .collect()
    };
    assert_eq!(Case::on(2).now(), with(&[]));
    assert_eq!(Case::on(3).now(), with(&["getting-ready"]));
    assert_eq!(Case::on(8).now(), with(&["getting-ready"]));
    assert_eq!(Case::on(9).now(), with(&["getting-ready", "session-day"]));
    assert_eq!(Case::on(10).now(), with(&["getting-ready", "session-day"]));
    assert_eq!(Case::on(11).now(), with(&["first-days"]));
    // A week after the first session a week before the second begins.
    assert_eq!(
        Case::on(17).now(),
        with(&["getting-ready", "first-days", "weeks-after"])
    );
    // On the day of the second nobody is asked about the first.
    assert_eq!(Case::on(24).now(), with(&["getting-ready", "session-day"]));
}

#[test]
fn what_comes_next_is_in_order_with_its_day() {
    let desk = Case::on(2).desk();
    let next: Vec<_> = desk.next.iter().map(|it| (it.when, it.session)).collect();
    assert_eq!(
        names(&desk.next),
        ["getting-ready", "session-day", "first-days", "weeks-after"]
    );
    assert_eq!(
        next,
        [
            (When::From(day(3)), Some(S1)),
            (When::From(day(9)), Some(S1)),
            (When::From(day(11)), Some(S1)),
            (When::From(day(17)), Some(S1)),
        ]
    );
    assert_eq!(names(&desk.shelf), ["four-phases", "what-this-app-is-not"]);
}

#[test]
fn a_guide_for_each_session_comes_again_with_empty_boxes_and_one_for_the_programme_does_not() {
    let mut case = Case::on(9);
    case.finish("session-day", Some(S1), FIRST);
    case.finish("about-ketamine", None, FIRST);
    case.progress[0].ticked.insert("ride-check".into());
    assert_eq!(case.now(), ["misuse-and-bladder", "getting-ready"]);
    case.today = 23;
    let now = case.desk().now;
    let again = now
        .iter()
        .find(|it| it.shown.guide.id.as_str() == "session-day");
    let again = again.unwrap();
    assert_eq!(again.session, Some(S2));
    assert!(again.done.ticked.is_empty());
    assert!(!names(&now).contains(&"about-ketamine".to_owned()));
}

#[test]
fn two_phones_that_ticked_apart_say_as_much_as_one() {
    let mut case = Case::on(9);
    for task in ["ride-check", "pack"] {
        let id = "session-day".parse().unwrap();
        let mut progress = GuideProgress::new(id, Some(S1), FIRST, at());
        progress.ticked.insert(task.into());
        case.progress.push(progress);
    }
    let now = case.desk().now;
    assert_eq!(now[3].done.ticked.len(), 2);
}

#[test]
fn what_changed_since_it_was_finished_says_so_and_does_not_come_again() {
    let mut case = Case::on(9);
    case.finish("session-day", Some(S1), Edition::Bundled(GuideVersion(9)));
    let desk = case.desk();
    let shelved = desk
        .shelf
        .iter()
        .find(|it| it.shown.guide.id.as_str() == "session-day");
    assert!(
        shelved
            .unwrap()
            .shown
            .notices
            .contains(&Notice::ChangedSinceFinished)
    );
}

#[test]
fn nobody_is_prepared_before_the_outcome_is_ready_nor_after_not_yet_and_not_a_fit() {
    let about = ["four-phases", "what-this-app-is-not", "misuse-and-bladder"];
    for standing in [Standing::Assessing, Standing::NotYet, Standing::NotAFit] {
        let mut case = Case::on(9);
        case.standing = standing;
        case.phase = Phase::Assessment;
        let desk = case.desk();
        let due = match standing {
            Standing::Assessing => vec!["four-phases", "what-this-app-is-not"],
            _ => vec![],
        };
        assert_eq!(names(&desk.now), due, "{standing:?}");
        assert_eq!(names(&desk.next), [""; 0], "{standing:?}");
        assert_eq!(desk.shelf.len() + due.len(), about.len(), "{standing:?}");
    }
}

#[test]
fn nothing_is_due_when_the_programme_is_paused_or_ended_and_all_can_be_looked_up() {
    for standing in [Standing::Paused, Standing::Ended] {
        let mut case = Case::on(9);
        case.standing = standing;
        let desk = case.desk();
        assert_eq!(
            (desk.now.len(), desk.next.len(), desk.shelf.len()),
            (0, 0, 8)
        );
    }
}

#[test]
fn a_clinic_assigns_by_rule_the_newest_counts_and_never_takes_off() {
    let mut case = Case::on(7);
    case.assign("session-day", "S-3", 2);
    case.assign("session-day", "S-1", 1);
    assert!(case.now().contains(&"session-day".to_owned()));
    case.assign("about-ketamine", "never", 1);
    assert!(!case.now().contains(&"about-ketamine".to_owned()));
    case.assign("about-ketamine", "phase session", 2);
    let desk = case.desk();
    let last = desk.next.last().unwrap();
    assert_eq!(last.shown.guide.id.as_str(), "about-ketamine");
    assert_eq!(last.when, When::InPhase(Phase::Session));
}

#[test]
fn a_guide_of_the_clinics_own_lies_on_the_shelf_until_it_is_assigned() {
    let mut case = Case::on(9);
    case.texts.push(GuideText {
        guide: "our-garden".parse().unwrap(),
        base_version: None,
        retired_at: None,
        stage: Stage::Preparation,
        ..GuideText::examples().remove(0)
    });
    assert_eq!(names(&case.desk().shelf).last().unwrap(), "our-garden");
    case.assign("our-garden", "S-3", 1);
    assert_eq!(case.now().last().unwrap(), "our-garden");
    // By the days to a session: for each anew.
    case.finish("our-garden", Some(S1), Edition::Clinic(GuideVersion(1)));
    assert!(!case.now().contains(&"our-garden".to_owned()));
    case.today = 22;
    assert_eq!(case.now().last().unwrap(), "our-garden");
    // By phase: once.
    case.assign("our-garden", "phase preparation", 2);
    assert!(!case.now().contains(&"our-garden".to_owned()));
}

#[test]
fn without_a_session_nothing_is_due_by_its_day() {
    let mut case = Case::on(9);
    case.sessions.clear();
    assert_eq!(case.now(), ["about-ketamine", "misuse-and-bladder"]);
    assert_eq!(case.desk().next, []);
    // One that was called off is none.
    let mut off = DosingSession::new(1, at());
    assert!(SessionFact::of(S1, &off).is_some());
    off.call_off(ItemId::new([1; 16]), "", "Maya", at());
    assert_eq!(SessionFact::of(S1, &off), None);
}

#[test]
fn the_ends_of_the_calendar_are_survived() {
    for today in [NaiveDate::MIN, NaiveDate::MAX] {
        let sessions = [SessionFact { id: S1, day: today }];
        let facts = Facts {
            standing: Standing::Running,
            phase: Phase::Session,
            today,
            sessions: &sessions,
            progress: &[],
            language: &Language::english(),
        };
        let desk = desk(&Pack::ketamine().unwrap(), Clinic::default(), &[], &facts);
        assert_eq!(desk.now.len() + desk.next.len() + desk.shelf.len(), 8);
    }
}
