//! The stream that tells an open page what arrived. It ends with the session and the console. One too many
//! ends at once, and is asked for again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse;
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior};

use super::app::App;
use super::guard;
use super::signed_in::SignedIn;
use crate::accounts::{Left, Touch};
use crate::door::{Caller, Peer, Share};
use crate::live::{self, TellsOf};

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
    _rooms: (Share<String>, Share<Peer>),
}

/// A page for which there is no stream asks again after this long.
const LATER: Duration = Duration::from_secs(60);

pub(super) async fn stream(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    caller: Option<Extension<Caller>>,
) -> Response {
    let caller = caller.and_then(|Extension(caller)| caller.0);
    let of_session = app.door.live_pages_of_session.take(Some(who.origin()), 1);
    let of_address = app.door.live_pages.take(caller, 1);
    let (Ok(of_session), Ok(of_address)) = (of_session, of_address) else {
        return only_now(&app, &who).await;
    };
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
        _rooms: (of_session, of_address),
    };
    Sse::new(stream::unfold(listener, next)).into_response()
}

/// How the session stands, for a page that gets no stream: it refreshes itself each minute anyway.
async fn only_now(app: &App, who: &SignedIn) -> Response {
    let event = match left(app, who).await {
        Some(left) => told(left, left.ms <= WARNED_MS),
        None => over(),
    };
    let once = stream::iter([Ok::<_, Infallible>(event.retry(LATER))]);
    Sse::new(once).into_response()
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
                Ok(event) => break arrived(&heard(&listener.app, &listener.who, event).await),
                // Too many to name: the page shows them all after one refresh.
                Err(RecvError::Lagged(_)) => break arrived(&live::Event::silent(None)),
                Err(RecvError::Closed) => return None,
            },
            _ = listener.beat.tick() => {
                match left(&listener.app, &listener.who).await {
                    Some(left) => break listener.ending(left),
                    None => {
                        listener.over = true;
                        break over();
                    }
                }
            }
        }
    };
    Some((Ok(event), listener))
}

/// What somebody hears of an event: that there is something to look at again, and the words about it only where they
/// are shown what these tell of, as their role is now.
async fn heard(app: &Arc<App>, who: &SignedIn, event: live::Event) -> live::Event {
    if event.tells_of == TellsOf::Nothing {
        return event;
    }
    let (accounts, token, about) = (Arc::clone(&app.accounts), who.token.clone(), event.about);
    let shown = tokio::task::spawn_blocking(move || {
        let session = accounts.session(&token, Touch::Page).ok()??;
        guard::sight(&accounts, &session, about).ok()
    });
    match shown.await {
        Ok(Some(sight)) if event.tells_of.is_shown(&sight.rights) => event,
        _ => live::Event::silent(event.about),
    }
}

/// How long a session still goes on.
async fn left(app: &App, who: &SignedIn) -> Option<Left> {
    let (accounts, token) = (Arc::clone(&app.accounts), who.token.clone());
    let found = tokio::task::spawn_blocking(move || accounts.left(&token)).await;
    found.ok()?.ok()?
}

impl Listener {
    /// Says that the session is about to end, once, and that it goes on after all; otherwise nothing.
    fn ending(&mut self, left: Left) -> sse::Event {
        let is_ending = left.ms <= WARNED_MS;
        if self.was_ending == is_ending {
            return sse::Event::default().comment("");
        }
        self.was_ending = is_ending;
        told(left, is_ending)
    }
}

fn told(left: Left, is_ending: bool) -> sse::Event {
    let word = if is_ending { "ending" } else { "going-on" };
    let data = serde_json::json!({ "canStay": left.can_grow });
    sse::Event::default().event(word).data(data.to_string())
}

fn over() -> sse::Event {
    sse::Event::default().event("over").data("{}")
}

fn arrived(event: &live::Event) -> sse::Event {
    let about = event.about.map(|patient| patient.to_string());
    let data = serde_json::json!({ "about": about, "words": event.words });
    sse::Event::default()
        .event("arrived")
        .data(data.to_string())
}
