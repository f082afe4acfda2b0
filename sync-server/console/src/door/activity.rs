//! What is asked over one connection just now, so that one over which nothing is asked can be told from one
//! that waits for what arrives.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response, header};
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;
use tower::Service;

use super::{Caller, Peer};

struct Asking {
    next: u64,
    /// When each request began whose answer was not wholly taken yet; numbers ascend with time.
    open: BTreeMap<u64, Instant>,
    /// Live pages.
    live: usize,
    /// Since when nothing is asked, if nothing is.
    idle_since: Instant,
}

/// What is asked over one connection.
#[derive(Clone)]
pub(crate) struct Activity(Arc<Mutex<Asking>>);

impl Activity {
    /// Of a connection that has just begun.
    pub(crate) fn begin() -> Self {
        Self(Arc::new(Mutex::new(Asking {
            next: 0,
            open: BTreeMap::new(),
            live: 0,
            idle_since: Instant::now(),
        })))
    }

    fn asking(&self) -> MutexGuard<'_, Asking> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the connection is to be closed, as things stand. `None` while only live pages are open.
    pub(crate) fn ends(&self, idle: Duration, answer: Duration) -> Option<Instant> {
        let asking = self.asking();
        if let Some(oldest) = asking.open.values().next() {
            return oldest.checked_add(answer);
        }
        if asking.live > 0 {
            return None;
        }
        asking.idle_since.checked_add(idle)
    }

    fn ask(&self) -> Question {
        let mut asking = self.asking();
        let number = asking.next;
        asking.next = number.saturating_add(1);
        asking.open.insert(number, Instant::now());
        drop(asking);
        Question {
            of: self.clone(),
            number: Some(number),
        }
    }
}

/// A request until its answer was taken.
struct Question {
    of: Activity,
    /// `None` for a live page.
    number: Option<u64>,
}

impl Question {
    /// It is a live page, and goes on for as long as somebody has it open.
    fn goes_on(&mut self) {
        if let Some(number) = self.number.take() {
            let mut asking = self.of.asking();
            asking.open.remove(&number);
            asking.live = asking.live.saturating_add(1);
        }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut asking = self.of.asking();
        match self.number {
            Some(number) => {
                asking.open.remove(&number);
            }
            None => asking.live = asking.live.saturating_sub(1),
        }
        asking.idle_since = Instant::now();
    }
}

/// The service of one connection: it notes what is asked, and says where it comes from.
#[derive(Clone)]
pub(crate) struct Asked<S> {
    service: S,
    activity: Activity,
    peer: Option<Peer>,
}

impl<S> Asked<S> {
    pub(crate) fn new(service: S, activity: Activity, peer: Option<Peer>) -> Self {
        Self {
            service,
            activity,
            peer,
        }
    }
}

impl<S, B> Service<Request<B>> for Asked<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let mut question = self.activity.ask();
        request.extensions_mut().insert(Caller(self.peer));
        let answering = self.service.call(request);
        Box::pin(async move {
            let answer = answering.await?;
            let kind = answer.headers().get(header::CONTENT_TYPE);
            if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
                question.goes_on();
            }
            Ok(answer.map(|body| {
                Body::new(Followed {
                    body,
                    _question: question,
                })
            }))
        })
    }
}

/// The body of an answer, which ends its question when it was taken or thrown away.
struct Followed {
    body: Body,
    _question: Question,
}

impl hyper::body::Body for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Duration = Duration::from_secs(90);
    const ANSWER: Duration = Duration::from_secs(300);

    #[tokio::test(start_paused = true)]
    async fn a_connection_ends_when_nothing_was_asked_for_a_while() {
        let activity = Activity::begin();
        let began = Instant::now();
        assert_eq!(activity.ends(IDLE, ANSWER), Some(began + IDLE));
        tokio::time::advance(Duration::from_secs(10)).await;
        let question = activity.ask();
        let asked = Instant::now();
        assert_eq!(activity.ends(IDLE, ANSWER), Some(asked + ANSWER));
        tokio::time::advance(Duration::from_secs(10)).await;
        drop(question);
        assert_eq!(activity.ends(IDLE, ANSWER), Some(Instant::now() + IDLE));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_takes_ends_it_also_when_more_is_asked() {
        let activity = Activity::begin();
        let _stuck = activity.ask();
        let asked = Instant::now();
        for _ in 0..10 {
            tokio::time::advance(Duration::from_secs(20)).await;
            drop(activity.ask());
        }
        assert_eq!(activity.ends(IDLE, ANSWER), Some(asked + ANSWER));
    }

    #[tokio::test(start_paused = true)]
    async fn a_live_page_keeps_it_and_excuses_nothing_else() {
        let activity = Activity::begin();
        let mut page = activity.ask();
        page.goes_on();
        tokio::time::advance(Duration::from_secs(3_600)).await;
        assert_eq!(activity.ends(IDLE, ANSWER), None);
        let _stuck = activity.ask();
        assert_eq!(activity.ends(IDLE, ANSWER), Some(Instant::now() + ANSWER));
        drop(_stuck);
        drop(page);
        assert_eq!(activity.ends(IDLE, ANSWER), Some(Instant::now() + IDLE));
    }
}
