//! What counts for the present programme and what belonged to an earlier one: told from when things were.

use super::{Programme, Standing};
use crate::domain::{DosingSession, Moment};

/// From when on what was said and held counts for the present programme: where an earlier one ended, what came
/// after that. Without an earlier one, all counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since(Option<Moment>);

impl Since {
    /// Without an earlier programme that ended: all counts.
    pub const ALL: Self = Self(None);

    /// Since the newest end of the earlier programmes: of all but the present one.
    pub fn the_end_of<'a>(earlier: impl IntoIterator<Item = &'a Programme>) -> Self {
        let ended = earlier.into_iter().filter_map(|programme| {
            let is_over = programme.standing() == Standing::Ended;
            let last = programme.standings.last().map(|step| step.at);
            last.filter(|_| is_over)
        });
        Self(ended.max())
    }

    /// Whether what was said then counts.
    pub fn counts(self, at: Moment) -> bool {
        self.0.is_none_or(|ended| at > ended)
    }

    /// Whether a session is one of the present programme: it begins after the end of the earlier one, and was
    /// not called off by then.
    pub fn counts_session(self, session: &DosingSession) -> bool {
        // Another reason that somebody adds later on calls it off no later.
        let called_off = session.call_offs();
        let called_off = called_off.first();
        self.counts(session.at) && called_off.is_none_or(|step| self.counts(step.at))
    }
}
