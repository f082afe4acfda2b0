//! Pages of a programme, as they stood when somebody last looked at them: its course, its dates and sessions, its
//! outcome and what it costs.

use companion_core::clinic::{Costs, PatientView, PlannedSession};
use companion_core::domain::programme::{Gate, Standing};
use companion_core::domain::{ItemId, Phase};

use super::form::{Form, REVISION};
use super::patient::Forms;
use super::snapshots::readable;
use super::{costs, dates, examples, outcome, patient, programme, session_page};

#[test]
fn a_session() {
    let frame = examples::frame();
    let patient = examples::ada();
    let [first, second, third] = &examples::planned()[..] else {
        unreachable!("three are planned")
    };
    let drawn = |planned: &PlannedSession, forms: &session_page::Forms| {
        readable(&session_page::page(&frame, &patient, planned, forms))
    };
    let forms = |planned: &PlannedSession| session_page::Forms::of(&planned.view.content);
    insta::assert_snapshot!("session_held", drawn(first, &forms(first)));
    let mut ahead = second.clone();
    ahead.view.content.at = examples::coming().at;
    ahead.closed = Some(Gate::NotAcknowledged);
    let mut stale = forms(&ahead);
    stale.details = stale.details.with(REVISION, "0a".repeat(32));
    insta::assert_snapshot!("session_changed_meanwhile", drawn(&ahead, &stale));
    insta::assert_snapshot!("session_called_off", drawn(third, &forms(third)));
}

#[test]
fn all_dates_of_a_patient() {
    let dates = examples::dates();
    let page =
        |dates: &dates::Dates, form: &Form| readable(&dates::page(&examples::frame(), dates, form));
    insta::assert_snapshot!("dates", page(&dates, &dates::new_visit()));
    let nothing = dates::Dates {
        line: Vec::new(),
        visits: Vec::new(),
        ..dates
    };
    let mut form = dates::new_visit().with("at", "soon");
    form.wrong(
        "at",
        "Write a day and a time, for example 2026-12-01T10:00.",
    );
    insta::assert_snapshot!("dates_of_nothing", page(&nothing, &form));
}

#[test]
fn an_outcome_with_what_is_missing() {
    let mut form = Form::default().with("timing", "later");
    form.wrong("explanation", "The explanation is empty.");
    let ada = examples::ada();
    let stands = ada.readiness.clone().map(|said| examples::view(0x0e, said));
    let page = |ada: &PatientView, form: &Form| {
        readable(&outcome::page(
            &examples::frame(),
            ada,
            (stands.as_ref(), None),
            None,
            form,
        ))
    };
    insta::assert_snapshot!("outcome", page(&ada, &form));
    // After the end there is a way on, and no form.
    let mut ended = examples::ada();
    if let Some(programme) = &mut ended.programme {
        let (id, at) = (ItemId::new([9; 16]), examples::now());
        programme.set_standing(id, Standing::Ended, "As agreed.", "Dr Mira Haddad", at);
    }
    insta::assert_snapshot!("outcome_after_the_end", page(&ended, &Form::default()));
}

#[test]
fn structure_and_costs_line_by_line() {
    let (frame, ada, costs) = (examples::frame(), examples::ada(), examples::costs());
    let page = |costs: Option<&Costs>, form: &Form| costs::page(&frame, &ada, costs, form);
    let mut form = Form::default()
        .with("amount", "1,200")
        .with("hsa_fsa", "yes");
    form.wrong("amount", "Write the sum as a number.");
    insta::assert_snapshot!("costs", readable(&page(Some(&costs), &form)));
    insta::assert_snapshot!(
        "costs_of_nobody_yet",
        readable(&page(None, &costs::new_line(None)))
    );
    for (item, line) in costs.sheet.content.lines.iter().take(1) {
        let form = costs::present_line(&costs, line).kept();
        let page = costs::line_page(&frame, &ada, item, &form);
        insta::assert_snapshot!("cost_line", readable(&page));
    }
}

#[test]
fn a_programme_that_rests_or_is_over_says_since_when_and_why() {
    let mut page = examples::patient();
    let at = examples::moment("2026-11-21T09:00:00+01:00");
    let forms = Forms {
        begin: Form::default().with("therapist", "Dr Mira Haddad"),
        ..Forms::default()
    };
    let part = |page: &patient::PatientPage| {
        readable(&programme::course(&examples::frame(), page, &forms))
    };
    if let Some(programme) = &mut page.patient.programme {
        let id = ItemId::new([7; 16]);
        programme.set_standing(id, Standing::Paused, "Away <in> June.", "Mira", at);
    }
    insta::assert_snapshot!("programme_paused", part(&page));
    if let Some(programme) = &mut page.patient.programme {
        let id = ItemId::new([8; 16]);
        programme.set_standing(id, Standing::Ended, "As agreed.", "Mira", at);
        programme.closing_summary = "What stays: the lake.".to_owned();
    }
    page.patient.phase = Phase::Closed;
    insta::assert_snapshot!("programme_ended", part(&page));
}
