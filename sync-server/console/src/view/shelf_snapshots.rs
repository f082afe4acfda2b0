//! Whole pages and lines of what patients share, and of the digest, as they stood when somebody last looked
//! at them.

#![allow(clippy::unwrap_used)]

use companion_core::clinic::PlannedSession;
use companion_core::domain::digest::{Material, digest};
use companion_core::domain::{DocumentId, ItemId};
use maud::PreEscaped;

use super::documents::Documents;
use super::form::{Field, Form};
use super::patient::Forms;
use super::shared::SharedContent;
use super::snapshots::readable;
use super::{examples, glance, patient, preparation, response, safety_plan, shared, timeline};

#[test]
fn each_thing_that_a_patient_shares_has_a_page() {
    for page in examples::every_page() {
        let name = format!("shared_{}", page.shelf.as_str().replace('-', "_"));
        let drawn = shared::page(&examples::frame(), &page, &Field::default());
        // What stands around it is the same on every page.
        let text = readable(&drawn);
        let (_, article) = text.split_once("<article").unwrap_or_default();
        let (article, _) = article.split_once("</article>").unwrap_or_default();
        insta::assert_snapshot!(name, article);
    }
}

#[test]
fn a_measure_without_a_total_shows_each_answer_by_itself() {
    let one = examples::ons_4();
    let page = readable(&response::draw(&examples::frame(), &one, None));
    assert!(page.contains("No total is made of this measure: each question stands for itself."));
    assert!(page.contains("Open Government Licence"));
    assert!(
        !page.contains("Total 2") && !page.contains("not answered") && !page.contains("counts")
    );
    let line = readable(&response::in_a_line(&one));
    assert!(line.contains("Answers by question"), "{line}");
    assert!(line.contains("1: 7 · 2: – · 3: 6 · 4: 3"), "{line}");
}

#[test]
fn a_measure_that_was_skipped_in_part_has_no_total_and_no_zero() {
    let one = examples::phq_9(false);
    let page = readable(&response::draw(&examples::frame(), &one, None));
    assert!(page.contains("No total: incomplete: no answer to item 2."));
    assert!(page.contains("Skipped: the patient chose not to answer"));
    assert!(!page.contains("Total 8") && !page.contains("counts 0"));
    let line = readable(&response::in_a_line(&one));
    assert!(line.contains("about thoughts of death or of hurting oneself: Several days"));
    assert!(line.contains("No total") && !line.contains(" of 27"));
}

#[test]
fn each_thing_that_a_patient_shares_has_a_line() {
    let patient = examples::ada().id;
    let lines = examples::lines();
    let drawn = lines
        .iter()
        .map(|line| timeline::shared_line(&examples::frame(), patient, line).0);
    let page = PreEscaped(drawn.collect::<Vec<_>>().join("\n"));
    insta::assert_snapshot!("shared_lines", readable(&page));
}

#[test]
fn a_patient_at_a_glance() {
    let page = glance::page(&examples::frame(), &examples::ada(), &examples::glance());
    insta::assert_snapshot!("glance", readable(&page));
    let nothing = glance::Glance {
        since: glance::Since::Beginning,
        last_session: None,
        last_look: None,
        digest: digest(&Material::default(), examples::now(), examples::now()),
    };
    let page = glance::page(&examples::frame(), &examples::ada(), &nothing);
    insta::assert_snapshot!("glance_of_nothing", readable(&page));
}

#[test]
fn a_session_says_who_is_there_what_is_wanted_and_whether_the_ride_is_open() {
    let mut planned = PlannedSession {
        view: examples::view(0x54, examples::coming()),
        is_of_earlier: false,
        number_is_double: false,
        skipped: None,
        overlaps: None,
        closed: None,
        preparation: Some(examples::prepared()),
        intention: Some(DocumentId::new([0xbc; 16])),
    };
    let beside = |planned: &PlannedSession| {
        readable(&preparation::beside(
            &examples::frame(),
            examples::ada().id,
            planned,
        ))
    };
    insta::assert_snapshot!("session_with_a_ride_not_confirmed", beside(&planned));
    let one = planned
        .preparation
        .as_mut()
        .map(|prepared| &mut prepared.content);
    if let Some(one) = one {
        one.confirm_ride(examples::now(), examples::coming().at);
    }
    insta::assert_snapshot!("session_with_a_ride", beside(&planned));
    planned.preparation = None;
    planned.intention = None;
    insta::assert_snapshot!("session_without_a_word", beside(&planned));
    let off = ItemId::new([1; 16]);
    let now = examples::now();
    planned
        .view
        .content
        .call_off(off, "", "Maya Lindqvist", now);
    assert!(!beside(&planned).contains("ride"), "it does not take place");
}

#[test]
fn the_forms_of_a_safety_plan() {
    let (frame, patient) = (examples::frame(), examples::ada());
    let plan = examples::plan_view();
    let mut form = Form::default().with("step", "coping").with("text", " ");
    form.wrong("text", "A line of the plan is empty.");
    let page = safety_plan::add_page(&frame, &patient, plan.id, &form);
    insta::assert_snapshot!("safety_plan_add", readable(&page));
    let (item, line) = plan.content.people_to_ask.iter().next().unwrap();
    let form = safety_plan::present_line(&plan, line);
    let page = safety_plan::line_page(&frame, &patient, plan.id, item, &form);
    insta::assert_snapshot!("safety_plan_line", readable(&page));
}

#[test]
fn what_patients_share_of_any_kind_is_never_markup() {
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onload=\"x";
    let typed = Field::default();
    let mut pages = Vec::new();
    for page in examples::pages_saying(hostile) {
        let drawn = shared::page(&examples::frame(), &page, &typed);
        assert!(
            drawn.0.contains("&lt;script&gt;alert(1)"),
            "{:?}",
            page.shelf
        );
        pages.push(drawn.0);
        if let SharedContent::Shown(shown) = &page.content {
            let mut patient = examples::patient();
            patient.documents = vec![Documents {
                shelf: page.shelf,
                items: vec![shown.shared.clone()],
                all: 1,
            }];
            let drawn = patient::page(&examples::frame(), &patient, &Forms::default());
            pages.push(drawn.0);
        }
    }
    let mut glance = examples::glance();
    let told = &mut glance.digest;
    for line in told.to_talk_about.iter_mut().chain(&mut told.changed) {
        line.words = hostile.to_owned();
    }
    if let Some(next) = &mut told.next_session {
        next.therapist = hostile.to_owned();
    }
    pages.push(glance::page(&examples::frame(), &examples::ada(), &glance).0);
    for html in pages {
        assert!(
            !html.contains("<script>alert") && !html.contains("<img src=x"),
            "{html}"
        );
        assert!(!html.contains("\" onload"), "{html}");
    }
}
