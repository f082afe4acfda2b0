//! The console's front door: how many may connect and for how long, under which name it is called, and how
//! much of what is still arriving is held. Everything here is decided before anybody has signed in.
//!
//! Whoever finds no room is refused at once: what waits is what fills the memory.

mod activity;
mod address;
mod connections;
mod names;
mod shares;

use std::time::Duration;

pub(crate) use activity::{Activity, Asked};
pub(crate) use address::Peer;
pub(crate) use connections::Limited;
pub(crate) use names::{Called, Names};
pub use names::{Name, NameError};
pub(crate) use shares::{Share, Shares};

/// How much one caller may take, and all together. The defaults serve a clinic of some dozen computers;
/// one address never gets more than half.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once; one more is closed.
    pub connections: usize,
    /// Connections from one address.
    pub connections_per_address: usize,
    /// Live pages at once; one more looks once a minute instead.
    pub live_pages: usize,
    /// Live pages from one address.
    pub live_pages_per_address: usize,
    /// Live pages of one session: tabs of one browser.
    pub live_pages_per_session: usize,
    /// Bytes of forms that are still arriving.
    pub form_bytes: usize,
    /// Bytes of forms that are still arriving from one address.
    pub form_bytes_per_address: usize,
    /// Passphrases from one address that are being checked.
    pub sign_ins_per_address: usize,
    /// To send the head of a request, and to begin the next one over HTTP/1.1.
    pub header_timeout: Duration,
    /// To send a form.
    pub body_timeout: Duration,
    /// Without a request over it a connection is closed after this long. Live pages are requests.
    pub idle_timeout: Duration,
    /// From the head of a request until its answer was taken. Live pages have no such end.
    pub answer_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            connections_per_address: 256,
            live_pages: 512,
            live_pages_per_address: 256,
            live_pages_per_session: 16,
            form_bytes: 16 << 20,
            form_bytes_per_address: 8 << 20,
            sign_ins_per_address: 4,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(90),
            answer_timeout: Duration::from_secs(300),
        }
    }
}

impl Limits {
    /// Leaves half of the files that the process may open to the record itself.
    #[must_use]
    pub fn within(mut self, open_files: u64) -> Self {
        let half = usize::try_from(open_files / 2).unwrap_or(usize::MAX);
        self.connections = self.connections.min(half).max(1);
        self.connections_per_address = self
            .connections_per_address
            .min(self.connections.div_ceil(2));
        self
    }
}

/// The door as handlers know it.
pub struct Door {
    pub(crate) names: Names,
    pub(crate) forms: Shares<Peer>,
    pub(crate) sign_ins: Shares<Peer>,
    pub(crate) live_pages: Shares<Peer>,
    pub(crate) live_pages_of_session: Shares<String>,
    pub(crate) body_timeout: Duration,
}

impl Door {
    /// A door that answers to these names.
    pub(crate) fn new(names: Names, limits: &Limits) -> Self {
        Self {
            names,
            forms: Shares::new(limits.form_bytes, limits.form_bytes_per_address),
            // Of all together the accounts take care.
            sign_ins: Shares::new(usize::MAX, limits.sign_ins_per_address),
            live_pages: Shares::new(limits.live_pages, limits.live_pages_per_address),
            live_pages_of_session: Shares::new(usize::MAX, limits.live_pages_per_session),
            body_timeout: limits.body_timeout,
        }
    }
}

/// Where a request comes from; in the extensions of each that came over a socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller(pub(crate) Option<Peer>);

impl Caller {
    /// The caller's address where it tells callers apart.
    pub(crate) fn of(extensions: &axum::http::Extensions) -> Option<Peer> {
        extensions.get::<Self>().and_then(|caller| caller.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_may_open_few_files_takes_fewer_connections() {
        let few = Limits::default().within(256);
        assert_eq!((few.connections, few.connections_per_address), (128, 64));
        let many = Limits::default().within(1 << 20);
        assert_eq!((many.connections, many.connections_per_address), (512, 256));
    }
}
