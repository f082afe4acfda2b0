//! One thing of every kind that a patient shares, besides entries and check-ins; and a digest of some.

use companion_core::clinic::{Measured, Medicines, Prepared, Shared};
use companion_core::domain::anything_new::News;
use companion_core::domain::assessment_section::Section;
use companion_core::domain::commitment::Became;
use companion_core::domain::digest::{Material, Noted as _, digest};
use companion_core::domain::disclosed::Disclosed;
use companion_core::domain::goal::{self, LifeDomain};
use companion_core::domain::measure::{
    Change, Given, Instrument, ItemNumber, MeasureId, Points, Score, Taken,
};
use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::session_preparation::{EscortMode, ReadinessItem};
use companion_core::domain::use_check::UseAnswer;
use companion_core::domain::use_questions::UseQuestion;
use companion_core::domain::{
    AnythingNew, AssessmentSection, Commitment, ContactRequest, Content, DosingSession, Goal,
    Intention, ItemId, MedicationList, MedicationReview, NextSessionItem, Response, SafetyPlan,
    SessionPreparation, Side, UseCheck, Visibility, Writers,
};
use companion_core::records::{View, Written};

use super::super::documents::Documents;
use super::super::glance::{Glance, Since};
use super::super::shared::{Beside, SharedContent, SharedPage, Shown};
use super::super::shelf::{OnShelf, Shelf, Thing, on_its_shelf};
use super::{ada, check_ins, id, moment, now, river, shared};

const AT: &str = "2026-11-22T18:00:00+01:00";

fn page<T: OnShelf>(name: u8, content: T, beside: Beside) -> SharedPage {
    SharedPage {
        patient: ada(),
        id: id(name),
        shelf: T::SHELF,
        content: SharedContent::Shown(Box::new(Shown {
            beside,
            written: match T::WRITERS {
                Writers::Both => written(),
                Writers::Patient | Writers::Clinic => Vec::new(),
            },
            session: None,
            replies: Vec::new(),
            receipts: Vec::new(),
            newer: None,
            older: None,
            shared: on_its_shelf(shared(name, content, true)),
        })),
    }
}

fn written() -> Vec<Written> {
    let one = |side, by: &str, at: &str, is_first| Written {
        side,
        by: by.to_owned(),
        is_first,
        at: moment(at),
    };
    vec![
        one(
            Side::Clinic,
            "Dr Mira Haddad",
            "2026-11-22T09:00:00+01:00",
            false,
        ),
        one(Side::Patient, "", "2026-11-20T20:00:00+01:00", false),
        one(Side::Clinic, "", "2026-11-19T20:00:00+01:00", true),
    ]
}

/// A page of each kind, with the word of its shelf.
pub(crate) fn every_page() -> Vec<SharedPage> {
    vec![
        page(0xb1, phq_9(true), measured()),
        page(0xbb, use_check(), Beside::Nothing),
        page(0xb2, commitment(), Beside::Nothing),
        page(0xb3, line(), Beside::Nothing),
        page(0xbc, intention(), Beside::Nothing),
        page(0xb4, news(), Beside::Nothing),
        page(0xb5, contact(), Beside::Nothing),
        page(0xb6, plan(), Beside::Nothing),
        page(0xb7, medicines(), reviewed()),
        page(0xb8, section(), Beside::Nothing),
        page(0xb9, goal(), Beside::Nothing),
        page(0xba, preparation(), Beside::Nothing),
    ]
}

/// A page of each kind in which a patient says just that, wherever they can.
pub(crate) fn pages_saying(words: &str) -> Vec<SharedPage> {
    let mut pages = every_page();
    for page in &mut pages {
        if let SharedContent::Shown(shown) = &mut page.content {
            say(&mut shown.shared.view.content, words);
        }
    }
    pages
}

fn say(thing: &mut Thing, words: &str) {
    let words = || words.to_owned();
    match thing {
        Thing::Entry(one) => one.body = words(),
        Thing::CheckIn(one) => one.note = words(),
        // A measure of a newer version, whose answers are shown as they were kept.
        Thing::Response(one) => one.measure = MeasureId::from_stored(words()),
        Thing::UseCheck(one) => {
            one.give(UseQuestion::Craving, &words(), UseAnswer::Other(words()));
            one.words = words();
        }
        Thing::Commitment(one) => {
            (one.text, one.became_words) = (words(), words());
            one.became = Some(Became::Other(words()));
        }
        Thing::NextSessionItem(one) => one.text = words(),
        Thing::Intention(one) => {
            one.text = words();
            one.values = [words()].into();
        }
        Thing::AnythingNew(one) => one.words = words(),
        Thing::ContactRequest(one) => one.words = words(),
        Thing::SafetyPlan(plan) => {
            let lines = plan.lines_mut(PlanStep::PeopleToAsk);
            let line = PlanLine {
                text: words(),
                number: words(),
            };
            lines.push(ItemId::new([9; 16]), line);
        }
        Thing::MedicationList(list) => {
            let one = Medication {
                name: words(),
                what_for: words(),
                sort: MedicationSort::Medicine,
                stopped_at: None,
            };
            list.items.push(ItemId::new([9; 16]), one);
        }
        Thing::AssessmentSection(one) => one.text = words(),
        Thing::Goal(one) => {
            (one.text, one.became_words) = (words(), words());
            one.domain = LifeDomain::from(words());
        }
        Thing::SessionPreparation(one) => {
            (one.music_note, one.music_link) = (words(), words());
            (one.escort_name, one.escort_phone) = (words(), words());
            one.escort_mode = Some(EscortMode::Other(words()));
            one.done = [words()].into();
        }
    }
}

/// PHQ-9: item 2 skipped unless it is whole, and something in item 9.
pub(crate) fn phq_9(is_whole: bool) -> Response {
    let Some(phq) = Instrument::offered().find(|one| one.id == MeasureId::from_stored("phq-9"))
    else {
        unreachable!("PHQ-9 is offered")
    };
    let mut response = Response::new(phq, moment(AT));
    for item in phq.items {
        response.give(item.number, Given::Points(Points(1)));
    }
    if !is_whole {
        response.give(ItemNumber::new(2).unwrap(), Given::Skipped);
    }
    response.finished_at = Some(moment(AT));
    response.visibility = Visibility::CareTeam;
    response
}

/// ONS4, which has no total: the second question skipped.
pub(crate) fn ons_4() -> Response {
    let Some(ons) = Instrument::offered().find(|one| one.id == MeasureId::from_stored("ons-4"))
    else {
        unreachable!("ONS4 is offered")
    };
    let mut response = Response::new(ons, moment(AT));
    let given = [Some(7), None, Some(6), Some(3)].map(|points| match points {
        Some(points) => Given::Points(Points(points)),
        None => Given::Skipped,
    });
    for (item, given) in ons.items.iter().zip(given) {
        response.give(item.number, given);
    }
    response.finished_at = Some(moment(AT));
    response.visibility = Visibility::CareTeam;
    response
}

fn score(points: u8) -> Score {
    let mut response = phq_9(true);
    let items = response.instrument().unwrap().items;
    for item in items {
        response.give(item.number, Given::Points(Points(points)));
    }
    response.score().unwrap()
}

fn measured() -> Beside {
    let taken = |score, at: &str, name| Taken {
        score,
        at: moment(at),
        response: id(name),
    };
    let (before, after) = (score(2), score(1));
    Beside::Measured(Box::new(Measured {
        taken: Some(taken(after, AT, 0xb1)),
        baseline: Some(taken(before, "2026-11-01T18:00:00+01:00", 0xc1)),
        change: Some(Change::new(before, after).unwrap()),
    }))
}

/// One question answered, one left open, one that the patient would rather not answer.
fn use_check() -> UseCheck {
    let mut check = UseCheck::new(moment(AT));
    check.give(
        UseQuestion::Craving,
        "Do you long for it?",
        UseAnswer::RatherNotSay,
    );
    check.give(
        UseQuestion::Bladder,
        UseQuestion::Bladder.ours(),
        UseAnswer::No,
    );
    check.words = "I wondered about it.".to_owned();
    check.visibility = Visibility::CareTeam;
    check
}

fn commitment() -> Commitment {
    Commitment {
        became: Some(Became::Partly),
        became_words: "Twice, not three times.".to_owned(),
        review_on: moment(AT).local_date(),
        visibility: Visibility::CareTeam,
        ..Commitment::new("Walk to the river three times.", moment(AT))
    }
}

fn line() -> NextSessionItem {
    NextSessionItem {
        visibility: Visibility::TalkInSession,
        ..NextSessionItem::new("Ask what the warmth was.", moment(AT))
    }
}

fn intention() -> Intention {
    Intention {
        values: ["honesty".to_owned(), "my sister".to_owned()].into(),
        visibility: Visibility::CareTeam,
        ..Intention::new(id(0x52), "To listen.", moment(AT))
    }
}

fn news() -> AnythingNew {
    AnythingNew {
        about: id(0x52),
        answer: News::Something,
        words: "A cold since Monday.".to_owned(),
        on: "2026-11-26".parse().ok(),
        at: moment(AT),
    }
}

fn contact() -> ContactRequest {
    ContactRequest {
        words: "After five, please.".to_owned(),
        ..ContactRequest::new(moment(AT))
    }
}

fn plan() -> SafetyPlan {
    let mut plan = SafetyPlan {
        visibility: Visibility::CareTeam,
        ..SafetyPlan::new(moment(AT))
    };
    let lines = plan.lines_mut(PlanStep::Coping);
    lines.push(
        ItemId::new([1; 16]),
        PlanLine::new("The long way round the lake."),
    );
    let call = PlanLine {
        text: "My sister".to_owned(),
        number: "+1 307 555 0107".to_owned(),
    };
    plan.lines_mut(PlanStep::PeopleToAsk)
        .push(ItemId::new([2; 16]), call);
    plan
}

fn medicines() -> MedicationList {
    let mut list = MedicationList::new(moment("2026-10-28T18:00:00+01:00"));
    let one = |name: &str, sort, stopped_at| Medication {
        name: name.to_owned(),
        what_for: "sleep".to_owned(),
        sort,
        stopped_at,
    };
    let taken = one("Sertraline 50 mg", MedicationSort::Medicine, None);
    let stopped = one("Valerian", MedicationSort::Supplement, Some(moment(AT)));
    list.items.push(ItemId::new([1; 16]), taken);
    list.items.push(ItemId::new([2; 16]), stopped);
    list
}

fn reviewed() -> Beside {
    Beside::Medicines(Box::new(Medicines {
        reviewed: None,
        reviewed_before: Some(MedicationReview {
            about: id(0xb7),
            revision: companion_core::domain::Revision::default(),
            by: "Dr Mira Haddad".to_owned(),
            at: moment("2026-10-29T09:00:00+01:00"),
        }),
    }))
}

fn section() -> AssessmentSection {
    AssessmentSection {
        visibility: Visibility::CareTeam,
        section: Section::Tried,
        text: "Therapy twice, years ago.".to_owned(),
        at: moment(AT),
    }
}

fn goal() -> Goal {
    Goal {
        domain: LifeDomain::default(),
        text: "Sleep through the night.".to_owned(),
        became: goal::Became::Partly,
        became_words: "Most nights.".to_owned(),
        at: moment(AT),
    }
}

/// A ride that is named and was not agreed.
pub(crate) fn preparation() -> SessionPreparation {
    let mut said = SessionPreparation {
        eyeshades: Some(true),
        music: Some(false),
        music_note: "Only if I ask.".to_owned(),
        escort_name: "Ida Okafor".to_owned(),
        escort_mode: Some(EscortMode::Car),
        ..SessionPreparation::new(id(0x54), moment(AT))
    };
    said.tick(&ReadinessItem::ClearTheDay, coming().at);
    said
}

/// The same as it stands beside its session.
pub(crate) fn prepared() -> Prepared {
    Prepared {
        id: id(0xba),
        content: preparation(),
    }
}

/// The fourth session, three days ahead.
pub(crate) fn coming() -> DosingSession {
    DosingSession {
        therapist: "Maya Lindqvist".to_owned(),
        ..DosingSession::new(4, moment("2026-11-26T10:00:00+01:00"))
    }
}

/// A safety plan and a list of medicines.
pub(crate) fn documents() -> Vec<Documents> {
    let of = |shelf, items: Vec<Shared<Thing>>| Documents {
        shelf,
        all: items.len() as u64,
        items,
    };
    vec![
        of(
            Shelf::SafetyPlans,
            vec![on_its_shelf(shared(0xb6, plan(), false))],
        ),
        of(
            Shelf::Medicines,
            vec![on_its_shelf(shared(0xb7, medicines(), true))],
        ),
        of(Shelf::Goals, Vec::new()),
    ]
}

/// Lines of the timeline of all kinds but entries and check-ins.
pub(crate) fn lines() -> Vec<Shared<Thing>> {
    let pages = every_page().into_iter();
    let shown = pages.filter_map(|page| match page.content {
        SharedContent::Shown(shown) => Some(shown.shared),
        SharedContent::Withdrawn { .. } => None,
    });
    shown.collect()
}

pub(crate) fn glance() -> Glance {
    fn told<T: Content>(name: u8, content: T) -> Disclosed<T> {
        let at = content.index().at.unwrap();
        Disclosed::new(id(name), at, None, at, content).unwrap()
    }
    let last_session = moment("2026-11-18T10:00:00+01:00");
    let material = Material {
        entries: vec![told(0xe1, river())],
        check_ins: check_ins()
            .into_iter()
            .zip(0x70..)
            .map(|(one, name)| told(name, one))
            .collect(),
        commitments: vec![told(0xb2, commitment())],
        lines: vec![told(0xb3, line())],
        others: vec![
            told(0xb6, plan()).map(|one| one.other()),
            told(0xb1, phq_9(true)).map(|one| one.other()),
        ],
        sessions: vec![told(0x54, coming())],
        preparations: vec![told(0xba, preparation())],
        ..Material::default()
    };
    Glance {
        since: Since::Session,
        last_session: Some(last_session),
        last_look: Some(moment("2026-11-22T09:00:00+01:00")),
        digest: digest(&material, last_session, now()),
    }
}

/// Words of the view of a plan, for its forms.
pub(crate) fn plan_view() -> View<SafetyPlan> {
    super::view(0xb6, plan())
}
