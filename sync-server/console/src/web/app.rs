//! What every handler shares, and how a handler's work is run.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use companion_core::clinic::Clinic;
use companion_core::ports::Clock;

use super::cookie::Channel;
use super::once::Once;
use super::problem::Problem;
use super::signed_in::SignedIn;
use crate::accounts::Accounts;
use crate::door::Door;
use crate::live::Live;
use crate::view::frame::{Frame, Notice, Sight};

/// The console's parts.
pub struct App {
    /// Patients and what they shared.
    pub clinic: Arc<Clinic>,
    /// The clinic's name. Read once: it stands on every page, and never changes.
    pub clinic_name: String,
    /// Clinicians.
    pub accounts: Arc<Accounts>,
    /// What arrives while pages are open.
    pub live: Arc<Live>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Forms that are being sent.
    pub once: Once,
    /// How browsers reach the console.
    pub channel: Channel,
    /// Who is let in, and what they may hold.
    pub door: Door,
    /// How often a silent event stream shows that it lives, and looks whether its session does.
    pub beat: Duration,
}

impl App {
    /// What stands around a page for this reader.
    pub(crate) fn frame(&self, who: Option<&SignedIn>, notice: Option<&'static str>) -> Frame {
        Frame {
            clinic: self.clinic_name.clone(),
            viewer: who.map(|who| who.name.clone()),
            now: self.clock.now(),
            exchange: self.live.exchange(),
            notice: match who.and_then(|who| who.refused.clone()) {
                Some(refusal) => Some(Notice::Refused(refusal)),
                None => notice.map(Into::into),
            },
            once: self.accounts.page_key(),
            sight: who.map_or_else(Sight::of_nobody, |who| who.sight.clone()),
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
