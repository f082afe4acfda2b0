//! A patient's digest.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::answer::drawn;
use super::app::App;
use super::sent::document;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::pages;
use crate::view::glance::{self, Since};

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path(id): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    app.run(who, move |app, who| {
        let patient = app.clinic.patient(document(&id)?)?;
        let since = Since::named(query.get("since").map_or("", String::as_str));
        let sessions = app.clinic.sessions(patient.id)?;
        let now = app.clock.now();
        let told = pages::glance::glance(
            &app.clinic,
            patient.id,
            &sessions,
            since,
            &who.sight.rights,
            now,
        )?;
        if !who.by_page {
            let about = patient.id.to_string();
            app.accounts
                .record(&who.name, Action::SawGlance, Some(&about))?;
        }
        let frame = app.frame(Some(who), None);
        Ok(drawn(&glance::page(&frame, &patient, &told)))
    })
    .await
}
