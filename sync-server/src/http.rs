//! The relay over HTTP: routes, the layers around them, and what all handlers share.

mod answer;
mod authenticated;
mod blobs;
mod events;
mod guard;
mod health;
mod information;
mod observe;
mod outgoing;
mod query;
mod spaces;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};
use companion_protocol::api::{ErrorCode, path};
use companion_protocol::id::MemberId;
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;

use crate::config::Config;
use crate::counts::{Counter, Counts};
use crate::limits::{Most, Nonces, Peer, Rates, Shares};
use crate::refusal::Refusal;
use crate::relay::Relay;

/// A route: path template, methods, handlers. The router and the check of the interface's
/// description both read this table.
struct Route {
    path: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the check of the description")
    )]
    methods: &'static [&'static str],
    handlers: fn() -> MethodRouter<App>,
}

const LIVEZ: &str = "/livez";
const READYZ: &str = "/readyz";

/// Every route of the main port.
const ROUTES: &[Route] = &[
    Route {
        path: path::INFO,
        methods: &["get"],
        handlers: || get(information::info),
    },
    Route {
        path: path::OPENAPI,
        methods: &["get"],
        handlers: || get(information::openapi),
    },
    Route {
        path: path::SPACES,
        methods: &["get", "post"],
        handlers: || get(spaces::list).post(spaces::found),
    },
    Route {
        path: "/v1/spaces/{space}/chain",
        methods: &["get", "post"],
        handlers: || get(spaces::chain).post(spaces::extend),
    },
    Route {
        path: "/v1/spaces/{space}/vouch",
        methods: &["post"],
        handlers: || post(spaces::vouch),
    },
    Route {
        path: "/v1/spaces/{space}/changes",
        methods: &["get", "post"],
        handlers: || get(spaces::pull).post(spaces::push),
    },
    Route {
        path: "/v1/spaces/{space}/blobs",
        methods: &["get"],
        handlers: || get(blobs::list),
    },
    Route {
        path: "/v1/spaces/{space}/blobs/{blob}",
        methods: &["get", "post", "delete"],
        handlers: || get(blobs::read).post(blobs::give).delete(blobs::delete),
    },
    Route {
        path: path::EVENTS,
        methods: &["get"],
        handlers: || get(events::listen),
    },
    Route {
        path: LIVEZ,
        methods: &["get"],
        handlers: || get(health::livez),
    },
    Route {
        path: READYZ,
        methods: &["get"],
        handlers: || get(health::readyz),
    },
];

/// Refused bodies that are read to their end at once: beyond these the connection is closed instead.
const DRAINS: Most = Most {
    all: 64,
    each_peer: 8,
    each_member: 2,
};

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

impl std::ops::Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

pub(crate) struct Shared {
    relay: Arc<Relay>,
    config: Config,
    counter: Counter,
    health: Rates<Peer>,
    peers: Rates<Peer>,
    members: Rates<MemberId>,
    nonces: Nonces,
    /// Bytes of bodies in memory.
    bodies: Shares,
    /// Bytes of pages that are not sent yet.
    pages: Shares,
    /// Refused bodies that are still read, to be thrown away.
    drains: Shares,
    streams: Shares,
    work: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(
        relay: Relay,
        nonces: Nonces,
        config: Config,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let limits = &config.limits;
        let bodies = Most {
            all: limits.body_bytes,
            each_peer: limits.body_bytes_per_address,
            each_member: limits.body_bytes_per_member,
        };
        let pages = Most {
            all: limits.page_bytes,
            each_peer: limits.page_bytes_per_address,
            each_member: limits.page_bytes_per_member,
        };
        let streams = Most {
            all: limits.streams,
            each_peer: limits.streams_per_address,
            each_member: limits.streams_per_member,
        };
        Self(Arc::new(Shared {
            counter: relay.counter.clone(),
            relay: Arc::new(relay),
            health: Rates::new(limits.health),
            peers: Rates::new(limits.peer),
            members: Rates::new(limits.member),
            nonces,
            bodies: Shares::new(bodies, "kap_body_bytes"),
            pages: Shares::new(pages, "kap_page_bytes"),
            drains: Shares::new(DRAINS, "kap_refused_bodies"),
            streams: Shares::new(streams, "kap_event_streams"),
            work: Arc::new(Semaphore::new(limits.concurrent)),
            stopping,
            config,
        }))
    }

    /// Forgets callers that have not called for a while.
    pub(crate) fn sweep(&self) {
        self.health.sweep();
        self.peers.sweep();
        self.members.sweep();
        self.relay.sweep();
    }

    /// Forgets blobs whose giver does not come back, and measures those that are there. Blocks.
    pub(crate) fn tend_blobs(&self) {
        self.relay.tend_blobs();
    }

    /// Forgets the spaces that were ended long enough ago. Blocks.
    pub(crate) fn tend_ended(&self) {
        self.relay.tend_ended();
    }

    /// What was done since the start.
    pub(crate) fn counts(&self) -> Counts {
        self.counter
            .now(self.bodies.most_ever(), self.pages.most_ever())
    }

    pub(crate) fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Runs blocking work on its own thread, if not too much is running already.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Relay) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let permit = Arc::clone(&self.work)
            .try_acquire_owned()
            .map_err(|_| Refusal::unavailable("the server is busy; try again"))?;
        let relay = Arc::clone(&self.relay);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work(&relay)
        })
        .await
        .unwrap_or_else(|_| Err(Refusal::internal()))
    }
}

/// The whole service.
pub(crate) fn router(app: &App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handlers)());
    }
    router
        .fallback(async || Refusal::new(ErrorCode::NotFound, "there is no such route"))
        .method_not_allowed_fallback(async || {
            Refusal::new(
                ErrorCode::MethodNotAllowed,
                "this route does not know this method",
            )
        })
        .layer(middleware::from_fn_with_state(
            app.clone(),
            guard::limit_peer,
        ))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            observe::observe,
        ))
        .with_state(app.clone())
}
