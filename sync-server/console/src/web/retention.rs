//! For how long the server keeps what a patient shared after they ended their account.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;

use super::answer::drawn;
use super::app::App;
use super::drafts;
use super::meanwhile::settle;
use super::notice::notice;
use super::problem::Problem;
use super::sent::{Done, EachField, Sent, fill_in};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::retention::{self, ADDRESS, KEEP_DAYS};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let days = app.clinic.keep_days()?;
        let typed = drafts::typed(app, who, ADDRESS)?;
        let form = typed.unwrap_or_else(|| retention::present(days));
        let frame = app.frame(Some(who), notice(query.get("done").map(String::as_str)));
        Ok(drawn(&retention::page(&frame, &form)))
    })
    .await
}

pub(super) async fn set(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    sent: Sent,
) -> Response {
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: EachField| {
        let Ok(typed) = form.value("keep_days").trim().parse::<u16>() else {
            form.wrong("keep_days", "Write a whole number of days.");
            return Err(Problem::Fields);
        };
        form.set("keep_days", typed.to_string());
        app.clinic.change_keep_days(|present| {
            settle(form, &retention::present(present), &KEEP_DAYS);
            let days = form.value("keep_days").parse().ok();
            days.filter(|_| !form.is_wrong())
        })?;
        if form.is_wrong() {
            return Err(Problem::Fields);
        }
        Ok(Done {
            action: Some(Action::SetRetention),
            patient: None,
            to: format!("{ADDRESS}?done=retention"),
        })
    };
    let again = move |app: &App, who: &SignedIn, form: &Form| {
        Ok(retention::page(&app.frame(Some(who), None), form))
    };
    fill_in(app, who, sent, work, again).await
}
