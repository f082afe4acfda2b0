//! The server's hints, so that one state of a space is fetched once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use companion_core::protocol::api::Hint;
use companion_core::protocol::id::{LogNumber, SpaceId};

/// The newest state of each space that a hint told of.
#[derive(Default)]
pub(super) struct Hints(Mutex<BTreeMap<SpaceId, (LogNumber, u64)>>);

impl Hints {
    fn newest(&self) -> MutexGuard<'_, BTreeMap<SpaceId, (LogNumber, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a hint tells of more than the ones before it: several members' hints of one state, or
    /// the same one again after the stream broke, cost one exchange.
    pub(super) fn is_news(&self, hint: Hint) -> bool {
        let mut newest = self.newest();
        let (number, length) = newest
            .get(&hint.space)
            .copied()
            .unwrap_or((LogNumber(0), 0));
        let is_news = hint.number > number || hint.chain_length > length;
        newest.insert(
            hint.space,
            (number.max(hint.number), length.max(hint.chain_length)),
        );
        is_news
    }

    /// After an exchange that did not fetch everything: whatever is told again is news.
    pub(super) fn forget(&self) {
        self.newest().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_news_once_and_again_after_an_exchange_that_failed() {
        let hints = Hints::default();
        let hint = |number, chain_length| Hint {
            space: SpaceId::new([1; 32]),
            number: LogNumber(number),
            chain_length,
        };
        assert!(hints.is_news(hint(3, 2)));
        assert!(!hints.is_news(hint(3, 2)) && !hints.is_news(hint(2, 1)));
        assert!(hints.is_news(hint(3, 3)), "somebody joined");
        assert!(hints.is_news(hint(4, 3)), "somebody wrote");
        hints.forget();
        assert!(hints.is_news(hint(4, 3)));
    }
}
