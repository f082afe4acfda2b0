//! What the server has done since it started, as counts: a limit that holds is a count that stays
//! small, on a fast machine and on a slow one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Work done since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Signatures checked: of requests, grants, statements and changes.
    pub signatures_checked: u64,
    /// Bytes of bodies that were kept to be looked at.
    pub body_bytes_read: u64,
    /// Bytes of refused bodies that were read and thrown away at once.
    pub body_bytes_discarded: u64,
    /// The most bytes of bodies that were held in memory at one time.
    pub most_body_bytes_held: u64,
    /// The most bytes of pages that were held in memory at one time, waiting to be sent.
    pub most_page_bytes_held: u64,
    /// Connections closed because there was no room for them.
    pub connections_refused: u64,
    /// Connections closed because nothing was asked over them.
    pub connections_idle: u64,
}

#[derive(Debug, Default)]
struct Numbers {
    signatures: AtomicU64,
    read: AtomicU64,
    discarded: AtomicU64,
    refused: AtomicU64,
    idle: AtomicU64,
}

/// Where it is counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counter(Arc<Numbers>);

fn add(to: &AtomicU64, more: usize) {
    to.fetch_add(u64::try_from(more).unwrap_or(u64::MAX), Ordering::Relaxed);
}

impl Counter {
    pub(crate) fn signatures(&self, checked: usize) {
        add(&self.0.signatures, checked);
        metrics::counter!("kap_signatures_checked_total")
            .increment(u64::try_from(checked).unwrap_or(u64::MAX));
    }

    pub(crate) fn read(&self, bytes: usize) {
        add(&self.0.read, bytes);
    }

    pub(crate) fn discarded(&self, bytes: usize) {
        add(&self.0.discarded, bytes);
    }

    pub(crate) fn refused_connection(&self) {
        add(&self.0.refused, 1);
        metrics::counter!("kap_connections_refused_total").increment(1);
    }

    pub(crate) fn idle_connection(&self) {
        add(&self.0.idle, 1);
    }

    pub(crate) fn now(&self, most_body_bytes_held: u64, most_page_bytes_held: u64) -> Counts {
        let of = |number: &AtomicU64| number.load(Ordering::Relaxed);
        Counts {
            signatures_checked: of(&self.0.signatures),
            body_bytes_read: of(&self.0.read),
            body_bytes_discarded: of(&self.0.discarded),
            most_body_bytes_held,
            most_page_bytes_held,
            connections_refused: of(&self.0.refused),
            connections_idle: of(&self.0.idle),
        }
    }
}
