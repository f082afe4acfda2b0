#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod checks;

use std::collections::BTreeSet;

use companion_core::domain::measure::{Given, Instrument};
use companion_core::domain::session_block::Minutes;
use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{Content, ItemId, Kind, Rating, Revision};
use companion_core::records::DeliveryState;

use super::*;
use checks::{all_of, check, words_of};

const NOW: i64 = 1_795_465_113_123;
const DAY: i64 = 24 * 60 * 60 * 1000;

fn at(days: i64) -> Moment {
    Moment {
        unix_ms: NOW + days * DAY,
        offset_minutes: 60,
    }
}

fn view<T>(n: u8, content: T) -> View<T> {
    View {
        id: DocumentId::new([n; 16]),
        revision: Revision::default(),
        content,
        when: Some(at(0)),
        clock_ahead: false,
        apart: Vec::new(),
        shared: true,
        edited_at: None,
        received_ms: NOW,
        delivery: DeliveryState::Sent,
        writers: Vec::new(),
    }
}

/// Every question answered with its second answer.
fn answered(n: u8, measure: &str) -> View<Response> {
    let mut offered = Instrument::offered();
    let instrument = offered.find(|one| one.id.as_str() == measure).unwrap();
    let mut response = Response::new(instrument, at(-3));
    for item in instrument.items {
        response.give(item.number, Given::Points(item.choices[1].points));
    }
    response.finished_at = Some(at(-3));
    view(n, response)
}

fn session(n: u8, number: u32, days: i64) -> View<DosingSession> {
    let mut session = DosingSession::new(number, at(days));
    session.therapist = "Maya Lindqvist".to_owned();
    session.place = "The blue room".to_owned();
    view(n, session)
}

/// A record with something of everything.
fn record() -> Record {
    let mut programme = Programme::new("Maya Lindqvist", ItemId::new([1; 16]), at(-30));
    let phase = companion_core::domain::Phase::Preparation;
    programme.move_to(ItemId::new([2; 16]), phase, "Maya Lindqvist", at(-20));
    let mut called_off = session(33, 3, 20);
    let step = ItemId::new([3; 16]);
    called_off
        .content
        .call_off(step, "A cold.", "Maya Lindqvist", at(-1));
    let mut entry = Entry::new(at(-2));
    entry.title = "The lake".to_owned();
    entry.body = "Calmer than I thought.\n\nStill <tired> & “awake”.".to_owned();
    entry.session = Some(DocumentId::new([31; 16]));
    entry.mood = Rating::new(5).ok();
    let mut check_in = CheckIn::new(Rating::new(2).unwrap(), at(-1));
    check_in.sleep = Rating::new(6).ok();
    check_in.feelings = ["calm".to_owned()].into();
    check_in.note = "Slept.".to_owned();
    let mut goal = view(50, Goal::examples().remove(0));
    goal.content.at = at(-25);
    let visit = Visit {
        minutes: Minutes(50),
        with: "Maya Lindqvist".to_owned(),
        ..Visit::new(VisitPurpose::Integration, at(4))
    };
    Record {
        clinic: "Harbor Street Clinic".to_owned(),
        patient: DocumentId::new([9; 16]),
        name: "Ada Okafor".to_owned(),
        now: at(0),
        programme: Some(view(30, programme)),
        sessions: vec![session(31, 1, -10), session(32, 2, 7), called_off],
        visits: vec![view(40, visit)],
        goals: vec![goal],
        entries: vec![view(1, entry)],
        check_ins: vec![view(10, check_in)],
        responses: vec![
            answered(20, "phq-9"),
            answered(21, "gad-7"),
            answered(22, "pcl-5"),
            answered(23, "audit-c"),
            answered(24, "ons-4"),
            answered(25, "phq-2"),
        ],
        taken_back: vec![
            gone(60, Entry::KIND),
            gone(61, CheckIn::KIND),
            gone(62, Response::KIND),
        ],
    }
}

fn gone(n: u8, kind: Kind) -> Withdrawn {
    Withdrawn {
        id: DocumentId::new([n; 16]),
        kind,
        at: at(-1),
    }
}

#[test]
fn a_record_with_something_of_everything_is_a_bundle_without_a_fault() {
    let bundle = bundle(&record());
    check(&bundle);
    let kinds: BTreeSet<String> = all_of(&bundle, |_| true)
        .iter()
        .map(|one| one["resourceType"].as_str().unwrap().to_owned())
        .collect();
    let all = [
        "CarePlan",
        "DocumentReference",
        "Goal",
        "Observation",
        "Organization",
        "Patient",
        "Procedure",
        "Provenance",
        "Questionnaire",
        "QuestionnaireResponse",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn nothing_at_all_is_a_bundle_too() {
    let empty = Record {
        programme: None,
        sessions: Vec::new(),
        visits: Vec::new(),
        goals: Vec::new(),
        entries: Vec::new(),
        check_ins: Vec::new(),
        responses: Vec::new(),
        taken_back: Vec::new(),
        ..record()
    };
    let bundle = bundle(&empty);
    check(&bundle);
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 2);
}

#[test]
fn the_same_record_is_the_same_bytes() {
    let written = |record: &Record| serde_json::to_string(&bundle(record)).unwrap();
    assert_eq!(written(&record()), written(&record()));
}

#[test]
fn each_measure_is_a_panel_with_its_members_and_their_total() {
    let bundle = bundle(&record());
    let panels = all_of(&bundle, |one| one["hasMember"].is_array());
    assert_eq!(panels.len(), 6);
    let phq = all_of(&bundle, |one| {
        one["code"]["coding"][0]["code"] == "44249-1" && one["resourceType"] == "Observation"
    });
    let [phq] = phq.as_slice() else {
        panic!("{phq:?}")
    };
    // Nine questions, the one on difficulty, and the total.
    assert_eq!(phq["hasMember"].as_array().unwrap().len(), 11);
    assert!(phq.get("note").is_none(), "{phq}");
    let totals = all_of(&bundle, |one| one["code"]["coding"][0]["code"] == "44261-6");
    assert_eq!(totals[0]["valueQuantity"]["value"], 9);
}

#[test]
fn what_is_not_answered_is_not_made_up_and_the_panel_says_why_there_is_no_total() {
    let mut record = record();
    let mut half = answered(20, "gad-7");
    half.content.finished_at = None;
    for item in half.content.instrument().unwrap().items.iter().skip(2) {
        half.content.answers.clear(item.number);
    }
    record.responses = vec![half];
    let bundle = bundle(&record);
    check(&bundle);
    let response = &all_of(&bundle, |one| {
        one["resourceType"] == "QuestionnaireResponse"
    })[0];
    assert_eq!(response["status"], "in-progress");
    assert_eq!(response["item"].as_array().unwrap().len(), 2);
    let panel = &all_of(&bundle, |one| one["hasMember"].is_array())[0];
    assert_eq!(
        (
            &panel["status"],
            panel["hasMember"].as_array().unwrap().len()
        ),
        (&json!("preliminary"), 2)
    );
    assert_eq!(
        panel["note"][0]["text"],
        "No total: incomplete: no answer to items 3, 4, 5, 6, 7."
    );
}

#[test]
fn what_was_changed_is_amended() {
    let mut record = record();
    record.entries[0].edited_at = Some(at(-1));
    record.check_ins[0].edited_at = Some(at(-1));
    // Each answer is an edit; only what comes after the end amends.
    record.responses[0].edited_at = record.responses[0].content.finished_at;
    record.responses[1].edited_at = Some(at(-1));
    let bundle = bundle(&record);
    check(&bundle);
    let entry = &all_of(&bundle, |one| one["docStatus"].is_string())[0];
    assert_eq!(
        (&entry["status"], &entry["docStatus"]),
        (&json!("current"), &json!("amended"))
    );
    let states: Vec<Value> = all_of(&bundle, |one| {
        one["resourceType"] == "QuestionnaireResponse" && one["authored"].is_string()
    })
    .iter()
    .map(|one| one["status"].clone())
    .collect();
    assert_eq!(states[..3], ["completed", "amended", "completed"]);
    let check_in = &all_of(&bundle, |one| one["component"].is_array())[0];
    assert_eq!(check_in["status"], "amended");
    let revised = all_of(&bundle, |one| {
        one["activity"]["coding"][0]["code"] == "UPDATE"
    });
    assert_eq!(revised.len(), 4);
}

#[test]
fn what_was_taken_back_is_told_and_has_the_name_that_it_had() {
    let before = bundle(&record());
    let named = |bundle: &Value, kind: &str| {
        let all = all_of(bundle, |one| one["resourceType"] == kind);
        all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    let mut record = record();
    let entry = record.entries.remove(0);
    record.taken_back = vec![Withdrawn {
        id: entry.id,
        kind: Entry::KIND,
        at: at(-1),
    }];
    let after = bundle(&record);
    check(&after);
    let gone = &all_of(&after, |one| one["resourceType"] == "DocumentReference")[0];
    assert_eq!(gone["status"], "entered-in-error");
    assert!(named(&before, "DocumentReference").contains(&gone["id"]));
    assert!(!words_of(&after).contains("lake"));
    let nullified = all_of(&after, |one| {
        one["activity"]["coding"][0]["code"] == "NULLIFY"
    });
    assert_eq!(nullified.len(), 1);
}

#[test]
fn a_session_is_a_procedure_once_it_has_begun() {
    let bundle = bundle(&record());
    let done = all_of(&bundle, |one| one["resourceType"] == "Procedure");
    let [done] = done.as_slice() else {
        panic!("{done:?}")
    };
    assert_eq!(
        (&done["status"], &done["text"]["div"]),
        (
            &json!("completed"),
            &json!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Session 1</p></div>")
        )
    );
    let plan = &all_of(&bundle, |one| one["resourceType"] == "CarePlan")[0];
    let states: Vec<&Value> = plan["activity"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["detail"]["status"])
        .collect();
    let none = Value::Null;
    assert_eq!(
        states,
        [
            &json!("in-progress"),
            &none,
            &json!("scheduled"),
            &json!("cancelled"),
            &json!("scheduled")
        ]
    );
}

#[test]
fn a_session_that_was_not_held_says_why() {
    let mut record = record();
    let first = &mut record.sessions[0].content;
    first.call_off(
        ItemId::new([8; 16]),
        "The ride did not come.",
        "Maya Lindqvist",
        at(-9),
    );
    let bundle = bundle(&record);
    check(&bundle);
    let procedure = &all_of(&bundle, |one| one["resourceType"] == "Procedure")[0];
    assert_eq!(
        (&procedure["status"], &procedure["statusReason"]["text"]),
        (&json!("not-done"), &json!("The ride did not come."))
    );
}

#[test]
fn words_that_mean_something_to_a_machine_stay_words() {
    let mut record = record();
    let hostile = "</div><script>x</script> &amp;\u{0}\u{b}\u{a0}\u{2028}\"{}\u{feff}";
    record.entries[0].content.title = hostile.to_owned();
    record.check_ins[0].content.note = hostile.to_owned();
    record.goals[0].content.text = hostile.to_owned();
    record.name = hostile.to_owned();
    record.sessions[0].content.place = " \u{a0}\u{2003} ".to_owned();
    let bundle = bundle(&record);
    check(&bundle);
    let goal = &all_of(&bundle, |one| one["resourceType"] == "Goal")[0];
    assert_eq!(
        goal["description"]["text"],
        "</div><script>x</script> &amp;  \"{}"
    );
    let div = goal["text"]["div"].as_str().unwrap();
    assert!(
        div.contains("&lt;script&gt;x&lt;/script&gt; &amp;amp;"),
        "{div}"
    );
    assert!(!div.contains("<script"), "{div}");
}

#[test]
fn a_clock_that_was_ahead_is_not_believed() {
    let mut record = record();
    record.check_ins[0].content.at = at(400);
    record.check_ins[0].clock_ahead = true;
    let bundle = bundle(&record);
    let check_in = &all_of(&bundle, |one| one["component"].is_array())[0];
    assert_eq!(check_in["effectiveDateTime"], instant(at(0)).unwrap());
}

#[test]
fn every_code_of_loinc_has_its_name_or_is_known_to_have_none_confirmed() {
    let mut nameless = BTreeSet::new();
    for instrument in Instrument::offered() {
        let panel = instrument
            .loinc
            .iter()
            .flat_map(|codes| [codes.panel, codes.total]);
        let items = instrument.items.iter().filter_map(|item| item.loinc);
        for code in panel.chain(items) {
            if loinc::display(code.0).is_none() {
                nameless.insert(code.0);
            }
        }
    }
    assert_eq!(nameless, BTreeSet::from(["101697-1"]));
}
