//! That somebody of the clinic went through what a patient takes.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use companion_core::CoreError;
use companion_core::domain::Revision;

use super::app::App;
use super::problem::Problem;
use super::sent::{Done, Sent, press_once};
use super::shared::ids;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::message::Way;
use crate::view::shelf::Shelf;

pub(super) async fn reviewed(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(path): Path<(String, String)>,
    sent: Sent,
) -> Response {
    press_once(app, who, sent, move |app, who, _, seen: Revision| {
        let (patient, id) = ids(&path)?;
        let address = Shelf::Medicines.address(patient, id);
        let reviewed = app.clinic.review_medicines(patient, id, &seen, &who.name);
        reviewed.map_err(|error| match error {
            CoreError::NotNow(why @ companion_core::NotNow::MedicinesChanged) => Problem::First {
                why: why.to_string(),
                way: Way {
                    to: address.clone(),
                    words: "Open the list of medicines",
                },
            },
            other => other.into(),
        })?;
        let to = format!("{address}?done=medicines-reviewed");
        Ok(Done::about(patient, Action::ReviewedMedicines, to))
    })
    .await
}
