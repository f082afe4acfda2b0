//! Open connections: how many, and for how long. One too many is closed at once; if it waited, the waiting
//! ones would use up what the process may have open.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::{Activity, Asked, Limits, Peer, Share, Shares};

/// Lets a limited number of connections through.
#[derive(Clone)]
pub(crate) struct Limited {
    shares: Shares<Peer>,
    /// Behind a proxy all connections come from the proxy, which tells nobody apart.
    by_address: bool,
    idle: Duration,
    answer: Duration,
}

impl Limited {
    pub(crate) fn new(limits: &Limits, by_address: bool) -> Self {
        Self {
            shares: Shares::new(limits.connections, limits.connections_per_address),
            by_address,
            idle: limits.idle_timeout,
            answer: limits.answer_timeout,
        }
    }

    fn admit<S>(&self, stream: TcpStream, service: S) -> io::Result<(Counted, Asked<S>)> {
        let address: IpAddr = stream.peer_addr()?.ip();
        let peer = self.by_address.then(|| Peer::from(address));
        let share = self
            .shares
            .take(peer, 1)
            .map_err(|_| io::Error::other("there is no room for another connection"))?;
        let activity = Activity::begin();
        let counted = Counted {
            stream,
            activity: activity.clone(),
            idle: self.idle,
            answer: self.answer,
            alarm: Box::pin(tokio::time::sleep(self.idle)),
            _share: share,
        };
        Ok((counted, Asked::new(service, activity, peer)))
    }
}

impl<S> Accept<TcpStream, S> for Limited {
    type Stream = Counted;
    type Service = Asked<S>;
    type Future = std::future::Ready<io::Result<(Counted, Asked<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        std::future::ready(self.admit(stream, service))
    }
}

/// A connection that counts until it is dropped, and ends when it had its time.
pub(crate) struct Counted {
    stream: TcpStream,
    activity: Activity,
    idle: Duration,
    answer: Duration,
    alarm: Pin<Box<Sleep>>,
    _share: Share<Peer>,
}

impl Counted {
    /// An error once it had its time. Looked at in reading and in writing: whoever takes no answer is not
    /// read from.
    fn watch(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while self.alarm.as_mut().poll(context).is_ready() {
            let now = Instant::now();
            let ends = self.activity.ends(self.idle, self.answer);
            if ends.is_some_and(|ends| ends <= now) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            // Looked at again that soon at the latest, since what is open may end before.
            let next = now + self.idle;
            self.alarm
                .as_mut()
                .reset(ends.map_or(next, |ends| ends.min(next)));
        }
        Ok(())
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.watch(context)?;
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.watch(context)?;
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
        self.watch(context)?;
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
