//! How many statements one signer adds to one chain. Whoever adds one makes everybody else who is about to
//! decide again; without a bound, a stolen phone could go on until nobody ever removes it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use companion_protocol::id::{MemberId, SpaceId};

use crate::config::Budget;

/// Budgets remembered that are not whole: a few megabytes. Beyond this the one that lacks least is forgotten.
const MOST: usize = 50_000;

type Signer = (SpaceId, MemberId);

/// A budget for each signer in each space.
pub(crate) struct Statements {
    budget: Budget,
    /// When each is whole again, in milliseconds; whoever is not here has a whole one.
    whole_at: Mutex<BTreeMap<Signer, u64>>,
}

/// What was taken from a budget. Goes back unless it is said to be spent.
pub(crate) struct Taken<'a> {
    from: &'a Statements,
    signer: Signer,
    cost_ms: u64,
}

impl Statements {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            whole_at: Mutex::default(),
        }
    }

    fn every_ms(&self) -> u64 {
        u64::try_from(self.budget.every.as_millis()).unwrap_or(u64::MAX)
    }

    /// What so many statements take until it is there again. A run that is longer than a budget takes a
    /// whole one, or it would never go.
    fn cost_ms(&self, statements: usize) -> u64 {
        let statements = u64::try_from(statements).unwrap_or(u64::MAX);
        let most = u64::from(self.budget.at_once.max(1));
        statements.min(most).saturating_mul(self.every_ms())
    }

    /// Takes so many statements from a budget; `Err` holds the milliseconds to wait.
    pub(crate) fn take(
        &self,
        signer: Signer,
        statements: usize,
        now_ms: u64,
    ) -> Result<Taken<'_>, u64> {
        let cost_ms = self.cost_ms(statements);
        let mut whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        // Not beyond what an empty budget takes: a clock may have been set back.
        let last = now_ms.saturating_add(self.cost_ms(usize::MAX));
        let before = whole_at.get(&signer).copied().unwrap_or(now_ms);
        let after = before.clamp(now_ms, last).saturating_add(cost_ms);
        if after > last {
            return Err(after.saturating_sub(last));
        }
        if cost_ms > 0 {
            whole_at.insert(signer, after);
            make_room(&mut whole_at, now_ms);
        }
        Ok(Taken {
            from: self,
            signer,
            cost_ms,
        })
    }

    /// Forgets budgets that are whole again.
    pub(crate) fn sweep(&self, now_ms: u64) {
        self.whole_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, at| *at > now_ms);
    }
}

fn make_room(whole_at: &mut BTreeMap<Signer, u64>, now_ms: u64) {
    if whole_at.len() <= MOST {
        return;
    }
    whole_at.retain(|_, at| *at > now_ms);
    if whole_at.len() <= MOST {
        return;
    }
    let least = whole_at.iter().min_by_key(|(_, at)| **at);
    if let Some(signer) = least.map(|(signer, _)| *signer) {
        whole_at.remove(&signer);
    }
}

impl Taken<'_> {
    /// The statements are in the chain.
    pub(crate) fn spent(mut self) {
        self.cost_ms = 0;
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let whole_at = &self.from.whole_at;
        let mut whole_at = whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = whole_at.get_mut(&self.signer) {
            *at = at.saturating_sub(self.cost_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;

    const NOW: u64 = 1_000_000;

    fn three() -> Statements {
        Statements::new(Budget {
            at_once: 3,
            every: Duration::from_secs(10),
        })
    }

    fn signer(space: u8, member: u8) -> Signer {
        (SpaceId::new([space; 32]), MemberId::new([member; 32]))
    }

    /// Takes and spends; the milliseconds to wait where there is not enough.
    fn spend(from: &Statements, by: Signer, count: usize, now: u64) -> Option<u64> {
        from.take(by, count, now).map(Taken::spent).err()
    }

    #[test]
    fn what_is_spent_comes_back_one_by_one() {
        let from = three();
        assert_eq!(spend(&from, signer(1, 1), 2, NOW), None);
        assert_eq!(spend(&from, signer(1, 1), 2, NOW), Some(10_000));
        assert_eq!(spend(&from, signer(1, 1), 1, NOW), None);
        assert_eq!(spend(&from, signer(1, 1), 1, NOW + 9_999), Some(1));
        assert_eq!(spend(&from, signer(1, 1), 1, NOW + 10_000), None);
    }

    #[test]
    fn each_signer_has_a_budget_in_each_space() {
        let from = three();
        for other in [signer(1, 1), signer(1, 2), signer(2, 1)] {
            assert_eq!(spend(&from, other, 3, NOW), None);
        }
    }

    #[test]
    fn what_did_not_get_into_the_chain_costs_nothing() {
        let from = three();
        for _ in 0..10 {
            drop(from.take(signer(1, 1), 3, NOW).unwrap());
        }
        assert_eq!(spend(&from, signer(1, 1), 3, NOW), None);
    }

    #[test]
    fn a_run_longer_than_a_budget_takes_a_whole_one() {
        let from = three();
        assert_eq!(spend(&from, signer(1, 1), 64, NOW), None);
        assert_eq!(spend(&from, signer(1, 1), 64, NOW + 1), Some(29_999));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let from = three();
        assert_eq!(spend(&from, signer(1, 1), 3, NOW), None);
        assert_eq!(spend(&from, signer(1, 1), 1, NOW - 500_000), Some(10_000));
    }

    #[test]
    fn those_that_lack_least_are_forgotten_first() {
        let from = three();
        assert_eq!(spend(&from, signer(1, 1), 3, NOW), None);
        for n in 0..u32::try_from(MOST + 10).unwrap() {
            let mut member = [0; 32];
            member[..4].copy_from_slice(&n.to_be_bytes());
            let other = (SpaceId::new([2; 32]), MemberId::new(member));
            assert_eq!(spend(&from, other, 1, NOW), None);
        }
        assert_eq!(from.whole_at.lock().unwrap().len(), MOST);
        assert_eq!(spend(&from, signer(1, 1), 1, NOW), Some(10_000));
        from.sweep(NOW + 30_000);
        assert!(from.whole_at.lock().unwrap().is_empty());
    }
}
