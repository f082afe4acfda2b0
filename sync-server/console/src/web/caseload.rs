//! The caseload, and what its node noticed.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use companion_core::WarningId;
use companion_core::clinic::CaseRow;
use companion_core::domain::{RecordSection, limits};

use super::answer::drawn;
use super::app::App;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, Sent, WhateverStands, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::accounts::{Area, Rights};
use crate::view::caseload::{self, Besides, Filter, Question};
use crate::view::newer;

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let asked = |name: &str| query.get(name).map(String::as_str);
        let question = Question {
            words: asked("q")
                .map(|words| words.chars().take(limits::NAME).collect())
                .unwrap_or_default(),
            filter: Filter::named(asked("show").unwrap_or_default()),
        };
        if !who.by_page && question.words.is_empty() {
            app.accounts.record(&who.name, Action::SawCaseload, None)?;
        }
        // One look at what is kept in memory: the words are found in it, not in the store.
        let mut rows = app.clinic.caseload()?;
        for row in &mut rows {
            only_shown(row, &who.sight.rights);
        }
        caseload::sort(&mut rows);
        let rights = &who.sight.rights;
        let warnings = match rights.may_read(Area::Register) {
            true => app.clinic.warnings()?,
            false => Vec::new(),
        };
        let own_in_two_wordings = match rights.may_read(Area::Settings) {
            true => app.clinic.own_in_two_wordings()?.len(),
            false => 0,
        };
        let path = format!(
            "/?show={}&q={}",
            question.filter.as_str(),
            super::address::encode(&question.words)
        );
        let frame = app.frame(Some(who), notice(asked("done")));
        let besides = Besides {
            warnings: &warnings,
            in_two_wordings: own_in_two_wordings,
        };
        Ok(drawn(&caseload::page(
            &frame, &rows, besides, &question, path,
        )))
    })
    .await
}

/// Takes away what somebody is not shown. Counts go over all sections together, so they are for whoever is shown all.
fn only_shown(row: &mut CaseRow, rights: &Rights) {
    if !rights.shows(RecordSection::Safety) {
        row.flags.clear();
    }
    if !rights.shows(RecordSection::CheckIns) {
        row.last_check_in = None;
        row.sparkline.clear();
    }
    if !rights.shows(RecordSection::Programme) {
        (row.next_session, row.soon) = (None, None);
        row.has_no_programme = false;
    }
    // That one of the two is open would tell of both.
    let sees_gates = rights.shows(RecordSection::Assessment) && rights.shows(RecordSection::Costs);
    if let Some(soon) = row.soon.as_mut().filter(|_| !sees_gates) {
        soon.is_closed = false;
    }
    row.unreadable = newer::told(&row.unreadable, rights);
    if !rights.shows_all_sections() {
        row.unread = 0;
        row.new_check_ins = 0;
        row.new = 0;
        row.to_talk_about = 0;
        row.changed_since_review = 0;
        row.in_two_wordings = 0;
        row.unreviewed = 0;
        // When something last came tells of every section.
        row.last_received_ms = None;
    }
}

pub(super) async fn dismiss(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(warning): Path<String>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, _: WhateverStands| {
        // Those that say the same of several records go together.
        let ids: Result<Vec<i64>, _> = warning.split('-').map(str::parse).collect();
        for id in ids.map_err(|_| Problem::NoPage)? {
            app.clinic.dismiss_warning(WarningId(id))?;
        }
        Ok(Done {
            action: Some(Action::DismissedWarning),
            patient: None,
            to: "/?done=dismissed".to_owned(),
        })
    })
    .await
}
