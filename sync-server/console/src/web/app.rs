//! What every handler shares, and how a handler's work is run.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{Html, IntoResponse as _, Response};
use companion_core::ports::Clock;

use super::cookie::Channel;
use super::guard::SignedIn;
use super::problem::Problem;
use crate::accounts::Accounts;
use crate::live::Live;
use crate::record::Record;
use crate::view::model::Frame;

/// The console's parts.
pub struct App {
    /// Patients and what they shared.
    pub record: Arc<dyn Record>,
    /// Clinicians.
    pub accounts: Arc<Accounts>,
    /// What arrives while pages are open.
    pub live: Arc<Live>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// How browsers reach the console.
    pub channel: Channel,
    /// How often a silent event stream shows that it lives, and looks whether its session does.
    pub beat: Duration,
}

impl App {
    /// What stands around a page for this reader.
    pub(crate) fn frame(&self, who: Option<&SignedIn>, notice: Option<&'static str>) -> Frame {
        Frame {
            clinic: self.record.clinic_name(),
            viewer: who.map(|who| who.name.clone()),
            now: self.clock.now(),
            exchange: self.live.exchange(),
            notice,
        }
    }

    /// Runs a handler's work on a blocking thread, and draws a page for what goes wrong.
    pub(crate) async fn run<F>(self: Arc<Self>, who: SignedIn, work: F) -> Response
    where
        F: FnOnce(&App, &SignedIn) -> Result<Response, Problem> + Send + 'static,
    {
        let app = Arc::clone(&self);
        let task = tokio::task::spawn_blocking(move || {
            let result = work(&app, &who);
            result.unwrap_or_else(|problem| problem.page(&app.frame(Some(&who), None)))
        });
        task.await
            .unwrap_or_else(|_| Problem::Fault.page(&self.frame(None, None)))
    }
}

/// A page as an answer.
pub(crate) fn drawn(page: &maud::Markup) -> Response {
    Html(page.0.clone()).into_response()
}

/// The sentence for `?done=…`, shown once after a form was sent.
pub(crate) fn notice(done: Option<&str>) -> Option<&'static str> {
    match done? {
        "replied" => Some(
            "Reply saved. It goes to the patient’s phone as soon as the sync server can be reached.",
        ),
        "reviewed" => Some("Marked reviewed."),
        "unreviewed" => Some("No longer marked reviewed."),
        "phase" => Some("Phase set."),
        "session" => Some("Session added."),
        "removed" => Some("Phone removed. It receives nothing that is written from now on."),
        "paired" => Some("Paired."),
        "refused" => Some("That phone was removed. Make a new invitation when you are ready."),
        _ => None,
    }
}
