//! The care team: people are added to it and removed from it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::domain::ItemId;
use companion_core::domain::programme::TeamRole;
use companion_core::records::Seen;

use super::app::App;
use super::problem::Problem;
use super::programme::shown_again;
use super::sent::{Done, Sent, WhateverStands, beside, document, else_look, fill_in, press};
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;

pub(super) async fn add(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let shown = id.clone();
    let work = move |app: &App, _: &SignedIn, form: &mut Form, _: WhateverStands| {
        let patient = document(&id)?;
        let role = form.value("team_role");
        if !TeamRole::KNOWN.contains(&role) {
            return Err(Problem::Form);
        }
        let role = TeamRole::from(role.to_owned());
        let added = app
            .clinic
            .add_to_team(patient, form.value("team_name"), role);
        added.map_err(|error| beside("team_name", error, form))?;
        Ok(Done::on_their_page(patient, Action::ChangedTeam, "team"))
    };
    let again = shown_again(shown, |forms, typed| forms.team = typed);
    fill_in(app, who, sent, work, again).await
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((id, member)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press(app, who, sent, move |app, _, _, seen: Seen| {
        let patient = document(&id)?;
        let member: ItemId = member.parse().map_err(|_| Problem::NoPage)?;
        let removed = app.clinic.remove_from_team(patient, member, seen);
        removed.map_err(else_look(format!("/patients/{patient}")))?;
        Ok(Done::on_their_page(patient, Action::ChangedTeam, "team"))
    })
    .await
}
