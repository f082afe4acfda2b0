//! The stream that tells an open page what arrived. It ends with the session and the console.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::sse;
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior};

use super::app::App;
use super::signed_in::SignedIn;
use crate::accounts::Left;
use crate::live;

/// So long before a session ends its pages say so (WCAG 2.2.1 asks for twenty seconds).
const WARNED_MS: i64 = 2 * 60_000;

struct Listener {
    app: Arc<App>,
    who: SignedIn,
    events: broadcast::Receiver<live::Event>,
    closing: watch::Receiver<bool>,
    beat: Interval,
    was_ending: bool,
    over: bool,
}

pub(super) async fn stream(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
) -> Response {
    let mut beat = tokio::time::interval(app.beat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let listener = Listener {
        events: app.live.subscribe(),
        closing: app.live.closing(),
        app,
        who,
        beat,
        was_ending: false,
        over: false,
    };
    Sse::new(stream::unfold(listener, next)).into_response()
}

async fn next(mut listener: Listener) -> Option<(Result<sse::Event, Infallible>, Listener)> {
    if listener.over || *listener.closing.borrow() {
        return None;
    }
    let event = loop {
        tokio::select! {
            _ = listener.closing.changed() => return None,
            event = listener.events.recv() => match event {
                Ok(event) if event.origin.as_deref() == Some(listener.who.origin().as_str()) => {}
                Ok(event) => break arrived(&event),
                // Too many to name: the page shows them all after one refresh.
                Err(RecvError::Lagged(_)) => break arrived(&live::Event {
                    about: None,
                    words: String::new(),
                    origin: None,
                }),
                Err(RecvError::Closed) => return None,
            },
            _ = listener.beat.tick() => {
                match listener.left().await {
                    Some(left) => break listener.ending(left),
                    None => {
                        listener.over = true;
                        break sse::Event::default().event("over").data("{}");
                    }
                }
            }
        }
    };
    Some((Ok(event), listener))
}

impl Listener {
    /// How long the session still goes on.
    async fn left(&self) -> Option<Left> {
        let (accounts, token) = (Arc::clone(&self.app.accounts), self.who.token.clone());
        let found = tokio::task::spawn_blocking(move || accounts.left(&token)).await;
        found.ok()?.ok()?
    }

    /// Says that the session is about to end, once, and that it goes on after all; otherwise nothing.
    fn ending(&mut self, left: Left) -> sse::Event {
        let is_ending = left.ms <= WARNED_MS;
        let word = match (self.was_ending, is_ending) {
            (false, true) => "ending",
            (true, false) => "going-on",
            (true, true) | (false, false) => return sse::Event::default().comment(""),
        };
        self.was_ending = is_ending;
        let data = serde_json::json!({ "canStay": left.can_grow });
        sse::Event::default().event(word).data(data.to_string())
    }
}

fn arrived(event: &live::Event) -> sse::Event {
    let about = event.about.map(|patient| patient.to_string());
    let data = serde_json::json!({ "about": about, "words": event.words });
    sse::Event::default()
        .event("arrived")
        .data(data.to_string())
}
