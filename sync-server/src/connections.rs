//! Open connections: how many for all and for one address, and how long one may stay without asking
//! anything. One too many is closed at once; if it waited, the waiting ones would use up what a
//! process may have open.

use std::future::{Future, Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Response;
use axum_server::accept::Accept;
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};
use tower::Service;

use crate::counts::Counter;
use crate::limits::{Holder, Share, Shares};

/// Lets a limited number of connections through.
#[derive(Clone)]
pub(crate) struct Limited {
    shares: Shares,
    idle: Duration,
    /// Behind a proxy all connections come from the proxy's address, which tells nobody apart.
    by_address: bool,
    counter: Counter,
}

impl Limited {
    pub(crate) fn new(shares: Shares, idle: Duration, by_address: bool, counter: Counter) -> Self {
        Self {
            shares,
            idle,
            by_address,
            counter,
        }
    }

    fn admit<S>(&self, stream: TcpStream, service: S) -> io::Result<(Counted, Asked<S>)> {
        let address = stream.peer_addr()?.ip();
        let holder = Holder {
            peer: self.by_address.then(|| address.into()),
            member: None,
        };
        let share = self.shares.take(holder, 1).map_err(|_| {
            self.counter.refused_connection();
            io::Error::other("there is no room for another connection")
        })?;
        let activity = Activity::new();
        let counted = Counted {
            stream,
            activity: activity.clone(),
            idle: self.idle,
            alarm: Box::pin(tokio::time::sleep(self.idle)),
            counter: self.counter.clone(),
            _share: share,
        };
        Ok((counted, Asked { service, activity }))
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Limited {
    type Stream = Counted;
    type Service = Asked<S>;
    type Future = Ready<io::Result<(Counted, Asked<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(self.admit(stream, service))
    }
}

/// What is asked over one connection just now, and since when nothing is.
#[derive(Debug, Clone)]
struct Activity(Arc<Mutex<Asking>>);

#[derive(Debug)]
struct Asking {
    open: usize,
    idle_since: Instant,
}

impl Activity {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Asking {
            open: 0,
            idle_since: Instant::now(),
        })))
    }

    fn begin(&self) -> Question {
        let mut asking = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asking.open = asking.open.saturating_add(1);
        Question(self.clone())
    }

    /// Since when nothing is asked; `None` while something is.
    fn idle_since(&self) -> Option<Instant> {
        let asking = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (asking.open == 0).then_some(asking.idle_since)
    }
}

/// A request until the last byte of its answer was handed over.
struct Question(Activity);

impl Drop for Question {
    fn drop(&mut self) {
        let mut asking = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        asking.open = asking.open.saturating_sub(1);
        asking.idle_since = Instant::now();
    }
}

/// The service of one connection, which notes when something is asked.
#[derive(Clone)]
pub(crate) struct Asked<S> {
    service: S,
    activity: Activity,
}

impl<S, R> Service<R> for Asked<S>
where
    S: Service<R, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let question = self.activity.begin();
        let answer = self.service.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            Ok(answer.map(|body| {
                Body::new(Followed {
                    body,
                    _question: question,
                })
            }))
        })
    }
}

/// The body of an answer; its question is open until it is dropped.
struct Followed {
    body: Body,
    _question: Question,
}

impl HttpBody for Followed {
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
        HttpBody::size_hint(&self.body)
    }
}

/// A connection that counts until it is dropped, and that ends where nothing was asked for long.
pub(crate) struct Counted {
    stream: TcpStream,
    activity: Activity,
    idle: Duration,
    alarm: Pin<Box<Sleep>>,
    counter: Counter,
    _share: Share,
}

impl Counted {
    /// Whether nothing was asked for as long as that may be. HTTP/2 answers pings by itself, so bytes
    /// alone are no sign of somebody who asks.
    fn is_idle(&mut self, context: &mut Context<'_>) -> bool {
        while self.alarm.as_mut().poll(context).is_ready() {
            let now = Instant::now();
            let end = self.activity.idle_since().unwrap_or(now) + self.idle;
            if end <= now {
                return true;
            }
            self.alarm.as_mut().reset(end);
        }
        false
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        if read.is_pending() && self.is_idle(context) {
            // Read as "the other side has finished".
            self.counter.idle_connection();
            return Poll::Ready(Ok(()));
        }
        read
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
