#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod late;
mod safety;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::measure::{Given, Instrument, InstrumentVersion, MeasureId, Points};
use crate::domain::session_preparation::StillOpen;
use crate::domain::{ItemId, Rating, Response, SafetyPlan, Scale};

const NOW: Moment = Moment::utc(1_795_465_113_123);

fn days_ago(days: i64) -> Moment {
    Moment::utc(NOW.unix_ms - days * DAY_MS)
}

fn since() -> Moment {
    days_ago(5)
}

fn id(n: u8) -> DocumentId {
    DocumentId::new([n; 16])
}

fn shared<T: Content>(n: u8, days: i64, mut content: T) -> Disclosed<T> {
    if !content.visibility().is_some_and(Visibility::is_shared) {
        content.set_visibility(Visibility::CareTeam);
    }
    Disclosed::new(id(n), days_ago(days), None, days_ago(days), content).unwrap()
}

fn entry(n: u8, days: i64, title: &str, visibility: Visibility) -> Disclosed<Entry> {
    let entry = Entry {
        title: title.into(),
        visibility,
        ..Entry::new(days_ago(days))
    };
    shared(n, days, entry)
}

fn ids(lines: &[Line]) -> Vec<DocumentId> {
    lines.iter().map(|line| line.id).collect()
}

#[test]
fn what_is_to_be_talked_about_stands_first_until_somebody_did_and_is_not_repeated() {
    let material = Material {
        entries: vec![
            entry(1, 40, "The lake", Visibility::TalkInSession),
            entry(2, 1, "The kitchen", Visibility::TalkInSession),
            entry(3, 1, "Rain", Visibility::CareTeam),
            entry(4, 9, "Long ago", Visibility::CareTeam),
            entry(5, 2, "Talked about", Visibility::TalkInSession),
        ],
        lines: vec![shared(
            6,
            0,
            NextSessionItem {
                visibility: Visibility::TalkInSession,
                ..NextSessionItem::new("Ask about sleep.\nAnd more.", NOW)
            },
        )],
        talked_about: [id(5)].into(),
        ..Material::default()
    };
    let digest = digest(&material, since(), NOW);
    assert_eq!(ids(&digest.to_talk_about), [id(1), id(2), id(6)]);
    assert_eq!(digest.to_talk_about[2].words, "Ask about sleep. …");
    // What was talked about is still new, and said as that.
    assert_eq!(ids(&digest.changed), [id(5), id(3)]);
    assert_eq!(digest.silence, None);
}

#[test]
fn what_was_changed_since_is_told_from_what_is_new() {
    let edited = Disclosed::new(
        id(1),
        days_ago(30),
        Some(days_ago(2)),
        days_ago(2),
        entry(1, 30, "Old", Visibility::CareTeam).content().clone(),
    );
    let material = Material {
        entries: vec![edited.unwrap(), entry(2, 3, "New", Visibility::CareTeam)],
        ..Material::default()
    };
    let changed = digest(&material, since(), NOW).changed;
    assert_eq!(changed[0].why, Why::Edited { at: days_ago(2) });
    assert_eq!(changed[1].why, Why::New);
}

#[test]
fn commitments_are_told_when_their_day_came_or_they_were_left() {
    let on = |n: u8, day: Option<&str>, became| {
        let commitment = Commitment {
            review_on: day.map(|day| day.parse::<NaiveDate>().unwrap()),
            became,
            ..Commitment::new(format!("Walk {n}."), days_ago(3))
        };
        shared(n, 3, commitment)
    };
    let today = NOW.local_date().unwrap().to_string();
    let material = Material {
        commitments: vec![
            on(1, Some(&today), None),
            on(2, Some("2199-01-01"), None),
            on(3, None, Some(Became::Not)),
            on(4, Some(&today), Some(Became::Kept)),
            on(5, None, Some(Became::Changed)),
            on(6, None, Some(Became::Partly)),
        ],
        ..Material::default()
    };
    let left = digest(&material, since(), NOW).left_undone;
    assert_eq!(ids(&left), [id(1), id(3), id(6)]);
    assert_eq!(left[0].why, Why::NothingSaid);
    assert_eq!(left[1].why, Why::Became(Became::Not));
    assert_eq!(ids(&digest(&material, NOW, NOW).left_undone), [id(1)]);
}

#[test]
fn check_ins_are_told_as_numbers_that_were_given() {
    let check_in = |n: u8, days, valence: u8| {
        shared(
            n,
            days,
            CheckIn::new(Rating::new(valence).unwrap(), days_ago(days)),
        )
    };
    let material = Material {
        check_ins: vec![
            check_in(1, 1, 5),
            check_in(2, 9, 2),
            check_in(3, 4, 3),
            check_in(4, 3, 6),
            check_in(5, 20, 7),
        ],
        ..Material::default()
    };
    let moods = digest(&material, since(), NOW).moods;
    assert_eq!(moods.len(), 1, "scales that nobody answered are not told");
    let mood = &moods[0];
    assert_eq!((mood.scale, mood.answers), (Scale::Valence, 3));
    let numbers = [
        mood.before.unwrap(),
        mood.first,
        mood.last,
        mood.lowest,
        mood.highest,
    ];
    assert_eq!(numbers.map(Rating::number), [2, 3, 5, 3, 6]);
}

#[test]
fn where_no_total_is_made_each_question_is_told_by_itself() {
    let answers = |n: u8, days, points: [Option<u8>; 4]| {
        entry(n, days, "x", Visibility::CareTeam).map(|_| {
            let ons = Instrument::of(&MeasureId::from_stored("ons-4"), InstrumentVersion(1));
            let mut response = Response::new(ons.unwrap(), days_ago(days));
            for (item, points) in ons.unwrap().items.iter().zip(points) {
                let given = points.map_or(Given::Skipped, |it| Given::Points(Points(it)));
                response.give(item.number, given);
            }
            response
        })
    };
    let before = answers(1, 20, [Some(4), Some(5), None, Some(8)]);
    let since_then = answers(2, 2, [Some(7), None, Some(6), Some(3)]);
    let all = [before, since_then];
    let facts = all.iter().flat_map(|one| {
        let facts = TotalFact::all_of(one.content()).into_iter();
        facts.map(|fact| one.clone().map(|_| fact))
    });
    let material = Material {
        totals: facts.collect(),
        ..Material::default()
    };
    let totals = digest(&material, since(), NOW).totals;
    let told: Vec<_> = totals
        .iter()
        .map(|one| (one.item, one.latest, one.difference))
        .collect();
    let expected = [
        (Some(1), 7, Some(3)),
        (Some(3), 6, None),
        (Some(4), 3, Some(-5)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn totals_are_compared_within_one_version_and_none_is_made_of_half_an_answer() {
    let total = |n: u8, days, version, total| {
        entry(n, days, "x", Visibility::CareTeam).map(|_| TotalFact {
            measure: "phq-9".into(),
            version,
            item: None,
            answered_at: days_ago(days),
            total,
        })
    };
    let material = Material {
        totals: vec![
            total(1, 20, 1, Some(15)),
            total(2, 10, 1, Some(12)),
            total(3, 2, 1, Some(9)),
            total(4, 1, 1, None),
            total(5, 1, 2, Some(3)),
            total(6, 30, 3, Some(3)),
        ],
        ..Material::default()
    };
    let totals = digest(&material, since(), NOW).totals;
    assert_eq!(totals.len(), 2);
    assert_eq!(
        (totals[0].latest, totals[0].difference, totals[0].incomplete),
        (9, Some(-3), 1)
    );
    assert_eq!(totals[0].before, Some((12, days_ago(10))));
    assert_eq!(
        (totals[1].version, totals[1].before, totals[1].difference),
        (2, None, None)
    );
}

#[test]
fn silence_is_said_from_the_seventh_day_on_and_is_not_called_well() {
    let of = |days| {
        let material = Material {
            entries: vec![entry(1, days, "x", Visibility::CareTeam)],
            ..Material::default()
        };
        digest(&material, since(), NOW).silence
    };
    assert_eq!(of(6), None);
    let nine = Silence {
        last: Some(days_ago(9)),
        days: Some(9),
    };
    assert_eq!(of(9), Some(nine));
    let never = Silence {
        last: None,
        days: None,
    };
    assert_eq!(
        digest(&Material::default(), since(), NOW).silence,
        Some(never)
    );
    assert!(
        Section::Silence
            .rule()
            .contains(&format!("{SILENT_DAYS} days"))
    );
}

proptest! {
    #[test]
    fn the_same_material_in_any_order_gives_the_same_digest(
        made in prop::collection::vec((0..60_i64, 0..2_usize, 1..=7_u8), 0..12),
        turn in 0..12_usize,
    ) {
        let mut material = Material::default();
        for (n, (days, who, valence)) in (0_u8..).step_by(3).zip(made) {
            let who = [Visibility::CareTeam, Visibility::TalkInSession][who];
            material.entries.push(entry(n, days, "words", who));
            let check_in = CheckIn::new(Rating::new(valence).unwrap(), days_ago(days));
            material.check_ins.push(shared(n + 1, days, check_in));
            let line = NextSessionItem::new("line", days_ago(days));
            material.lines.push(shared(n + 2, days, line));
        }
        let mut turned = material.clone();
        turned.entries.reverse();
        let by = turn.min(turned.check_ins.len());
        turned.check_ins.rotate_left(by);
        turned.lines.reverse();
        prop_assert_eq!(digest(&material, since(), NOW), digest(&turned, since(), NOW));
    }
}

#[test]
fn whatever_kind_a_patient_marked_stands_first_and_whatever_else_is_new_is_told() {
    let other = |n: u8, days, content: SafetyPlan| shared(n, days, content).map(|one| one.other());
    let plan = |visibility| SafetyPlan {
        visibility,
        ..SafetyPlan::new(days_ago(1))
    };
    let material = Material {
        others: vec![
            other(1, 40, plan(Visibility::TalkInSession)),
            other(2, 1, plan(Visibility::CareTeam)),
            other(3, 40, plan(Visibility::CareTeam)),
            other(4, 2, plan(Visibility::TalkInSession)),
        ],
        talked_about: [id(4)].into(),
        ..Material::default()
    };
    let digest = digest(&material, since(), NOW);
    assert_eq!(ids(&digest.to_talk_about), [id(1)]);
    assert_eq!(digest.to_talk_about[0].kind, SafetyPlan::KIND);
    assert_eq!(ids(&digest.changed), [id(4), id(2)]);
    assert_eq!(digest.silence, None, "a plan is something new as well");
}

#[test]
fn of_the_next_session_it_is_told_who_is_there_and_what_is_open() {
    let session = |n: u8, days: i64, number, called_off: bool| {
        let mut session = DosingSession {
            therapist: "Maya".into(),
            ..DosingSession::new(number, days_ago(-days))
        };
        if called_off {
            session.call_off(ItemId::new([n; 16]), "She was ill.", "Maya", NOW);
        }
        Disclosed::new(id(n), days_ago(-days), None, NOW, session).unwrap()
    };
    let said = |n: u8, about: u8, is_agreed: bool| {
        let mut said = SessionPreparation::new(id(about), days_ago(1));
        said.eyeshades = Some(false);
        said.escort_name = "Ida".into();
        if is_agreed {
            let in_days = if about == 3 { 2 } else { 9 };
            said.confirm_ride(days_ago(1), days_ago(-in_days));
        }
        Disclosed::new(id(n), days_ago(1), None, days_ago(1), said).unwrap()
    };
    let mut material = Material {
        sessions: vec![
            session(1, -3, 1, false),
            session(2, 1, 2, true),
            session(3, 2, 3, false),
            session(4, 9, 4, false),
        ],
        preparations: vec![said(8, 4, true)],
        ..Material::default()
    };
    let next = |material: &Material| digest(material, since(), NOW).next_session.unwrap();
    let coming = next(&material);
    assert_eq!((coming.session, coming.number), (id(3), 3));
    assert_eq!(
        (&*coming.therapist, &*coming.medical_provider),
        ("Maya", "")
    );
    assert_eq!((coming.eyeshades, coming.music), (None, None));
    assert_eq!(coming.open[0], StillOpen::NoRide);
    material.preparations.push(said(9, 3, false));
    let coming = next(&material);
    assert_eq!((coming.eyeshades, coming.music), (Some(false), None));
    assert_eq!(coming.open[0], StillOpen::RideNotConfirmed);
    material.preparations.push(said(10, 3, true));
    assert!(!next(&material).open.contains(&StillOpen::RideNotConfirmed));
    material.sessions.truncate(2);
    assert_eq!(digest(&material, since(), NOW).next_session, None);
}
