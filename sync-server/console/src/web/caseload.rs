//! The caseload.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;

use super::app::{App, drawn};
use super::guard::SignedIn;
use crate::accounts::audit::Action;
use crate::view::caseload::{self, Filter, Question};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let mut rows = app.record.caseload()?;
        caseload::sort(&mut rows);
        let question = Question {
            words: query
                .get("q")
                .map(|words| words.chars().take(100).collect())
                .unwrap_or_default(),
            filter: Filter::from_value(query.get("show").map_or("", String::as_str)),
        };
        if !who.by_page && question.words.is_empty() {
            app.accounts.record(&who.name, Action::SawCaseload, None)?;
        }
        let warnings = app.record.warnings()?;
        let path = format!(
            "/?show={}&q={}",
            question.filter.value(),
            super::address::encode(&question.words)
        );
        Ok(drawn(&caseload::page(
            &app.frame(Some(who), None),
            &rows,
            &warnings,
            &question,
            path,
        )))
    })
    .await
}
