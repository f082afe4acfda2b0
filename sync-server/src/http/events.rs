//! The stream of hints. On opening and after falling behind, a listener is told where each of its
//! spaces stands; then what changes. The stream ends when the server stops, or shutting down would
//! wait for it forever.

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::extract::{RawQuery, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use companion_protocol::api::Hint;
use companion_protocol::id::MemberId;
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use super::App;
use super::authenticated::{Caller, full_of};
use super::query::no_query;
use crate::hints::{Addressed, hint};
use crate::limits::Share;
use crate::refusal::Refusal;

struct Listener {
    app: App,
    member: MemberId,
    waiting: VecDeque<Hint>,
    hints: broadcast::Receiver<Addressed>,
    stopping: watch::Receiver<bool>,
    _share: Share,
}

pub(super) async fn listen(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let holder = caller.holder();
    let member = caller.nothing(&app).await?;
    let share = app
        .streams
        .take(holder, 1)
        .map_err(|full| full_of(full, "too many event streams are open").retry_after(30))?;
    let mut listener = Listener {
        // Listening before looking, so that nothing falls in between.
        hints: app.relay.hints.listen(),
        stopping: app.stopping.clone(),
        member,
        waiting: VecDeque::new(),
        _share: share,
        app: app.clone(),
    };
    listener.look().await?;
    let events = stream::unfold(listener, |mut listener| async move {
        let hint = listener.next().await?;
        let data = serde_json::to_string(&hint).unwrap_or_default();
        Some((
            Ok::<_, Infallible>(Event::default().event("hint").data(data)),
            listener,
        ))
    });
    let alive = KeepAlive::new().interval(app.config.limits.heartbeat);
    Ok(Sse::new(events).keep_alive(alive).into_response())
}

impl Listener {
    async fn look(&mut self) -> Result<(), Refusal> {
        let member = self.member;
        let heads = self.app.work(move |relay| relay.spaces(member)).await?;
        self.waiting = heads.spaces.iter().map(hint).collect();
        Ok(())
    }

    async fn next(&mut self) -> Option<Hint> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some(hint) = self.waiting.pop_front() {
                return Some(hint);
            }
            tokio::select! {
                _ = self.stopping.changed() => return None,
                heard = self.hints.recv() => match heard {
                    Ok(heard) if heard.is_for(&self.member) => return Some(heard.hint),
                    Ok(_) => {}
                    Err(RecvError::Closed) => return None,
                    // A client whose stream ends reconnects and asks.
                    Err(RecvError::Lagged(_)) => self.look().await.ok()?,
                },
            }
        }
    }
}
