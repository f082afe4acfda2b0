//! Storing and reading sealed changes.

use std::num::NonZero;
use std::sync::LazyLock;

use companion_protocol::api::{
    ErrorCode, MAX_PULL, MAX_PULL_BYTES, PullPage, PushAccepted, PushBatch, PushStatus,
};
use companion_protocol::chain::{Chain, ChangeRefusal};
use companion_protocol::change::{ChangeError, SealedChange};
use companion_protocol::id::{LogNumber, MemberId, SpaceId};
use companion_protocol::wire::WireError;

use super::{ATTEMPTS, Relay};
use crate::refusal::Refusal;
use crate::storage::{Admission, Append, AppendRefusal, Appended, NewChange};

impl Relay {
    /// A page of the log: at most `limit` changes, and [`MAX_PULL`] where none is given.
    pub(crate) fn pull(
        &self,
        member: MemberId,
        space: SpaceId,
        after: LogNumber,
        limit: Option<u64>,
    ) -> Result<PullPage, Refusal> {
        self.as_member(member, space)?;
        let limit = limit
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(MAX_PULL);
        let page = self
            .storage
            .pull(space, after, limit.clamp(1, MAX_PULL), MAX_PULL_BYTES)?
            .ok_or_else(Refusal::forbidden)?;
        let incarnation = self.life.incarnation;
        Ok(PullPage {
            incarnation,
            head: page.head,
            changes: page.changes,
        })
    }

    /// Stores all changes of a batch, or none. Any member may bring changes of any author: that is
    /// how a restored server is filled again.
    pub(crate) fn push(
        &self,
        member: MemberId,
        space: SpaceId,
        body: &[u8],
    ) -> Result<PushAccepted, Refusal> {
        // Storing asks whether the chain still ends here.
        let mut chain = self.as_member_lately(member, space)?;
        let batch = PushBatch::decode(body).map_err(|why| Refusal::bad(why.to_string()))?;
        if batch.changes.is_empty() {
            return Err(Refusal::bad("the push holds no change"));
        }
        let changes = verified(&batch)?;
        for _ in 0..ATTEMPTS {
            let (append, refusals) = self.judged(space, &chain, &changes);
            match self.storage.append(append)? {
                Appended::Done { head, results } => {
                    let stored = results
                        .iter()
                        .filter(|r| r.status == PushStatus::Stored)
                        .count();
                    if stored > 0 {
                        metrics::counter!("kap_changes_stored_total")
                            .increment(u64::try_from(stored).unwrap_or(u64::MAX));
                        self.hints.publish(head, &chain);
                    }
                    let incarnation = self.life.incarnation;
                    return Ok(PushAccepted {
                        incarnation,
                        head: head.number,
                        results,
                    });
                }
                // Perhaps the signer was removed meanwhile, perhaps the key was rotated.
                Appended::ChainMoved => chain = self.as_member(member, space)?,
                Appended::Refused { index, why } => {
                    let judged = refusals.into_iter().nth(index).flatten();
                    return Err(refused(why, judged).with("index", index));
                }
                Appended::NoSuchSpace => return Err(Refusal::forbidden()),
            }
        }
        Err(Refusal::unavailable(
            "the chain is moving too fast; try again",
        ))
    }

    /// What the chain says of each change. One that may not be stored now is still handed on, for
    /// it may have been stored before and only the answer got lost.
    fn judged(
        &self,
        space: SpaceId,
        chain: &Chain,
        changes: &[SealedChange],
    ) -> (Append, Vec<Option<Refusal>>) {
        let catching_up = self.catching_up();
        let refusals: Vec<Option<Refusal>> = changes
            .iter()
            .map(|change| judge(chain, change, catching_up).err())
            .collect();
        let changes = changes
            .iter()
            .zip(&refusals)
            .map(|(change, refusal)| NewChange {
                id: change.header().id,
                author: change.header().author,
                counter: change.header().counter,
                previous_own: change.header().previous_own,
                hash: change.hash(),
                bytes: change.bytes().to_vec(),
                admission: match refusal {
                    None => Admission::Store,
                    Some(_) => Admission::OnlyIfKnown,
                },
            })
            .collect();
        (
            Append {
                space,
                chain_head: chain.head(),
                changes,
            },
            refusals,
        )
    }
}

/// Threads worth starting. Asking opens files of the operating system, so it is asked once.
static PROCESSORS: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, NonZero::get));
/// Fewer signatures are not worth a thread.
const WORTH_A_THREAD: usize = 32;

/// The changes of a batch, their signatures checked on all processors; or what is wrong with the
/// first that is not good.
fn verified(batch: &PushBatch) -> Result<Vec<SealedChange>, Refusal> {
    if batch.changes.len() <= WORTH_A_THREAD {
        return verified_from(0, &batch.changes);
    }
    let each = batch.changes.len().div_ceil(*PROCESSORS);
    let each = each.max(WORTH_A_THREAD);
    let mut parts = batch.changes.chunks(each).enumerate();
    let Some((_, first)) = parts.next() else {
        return Ok(Vec::new());
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = parts
            .map(|(part, changes)| scope.spawn(move || verified_from(part * each, changes)))
            .collect();
        let mut changes = verified_from(0, first)?;
        for other in others {
            changes.extend(other.join().map_err(|_| Refusal::internal())??);
        }
        Ok(changes)
    })
}

fn verified_from(start: usize, batch: &[Vec<u8>]) -> Result<Vec<SealedChange>, Refusal> {
    let mut changes = Vec::with_capacity(batch.len());
    for (index, bytes) in (start..).zip(batch) {
        let change = SealedChange::parse(bytes)
            .and_then(|change| change.verify_signature().map(|()| change))
            .map_err(|why| {
                let code = match why {
                    ChangeError::Malformed(WireError::TooLarge(_)) => ErrorCode::TooLarge,
                    _ => ErrorCode::InvalidChange,
                };
                Refusal::new(code, why.to_string()).with("index", index)
            })?;
        changes.push(change);
    }
    Ok(changes)
}

fn judge(chain: &Chain, change: &SealedChange, catching_up: bool) -> Result<(), Refusal> {
    let header = change.header();
    let invalid = |why: ChangeRefusal| {
        let reason = match why {
            ChangeRefusal::OtherSpace => "other_space",
            ChangeRefusal::UnknownHead => "unknown_head",
            ChangeRefusal::NotAWriter => "not_a_writer",
            ChangeRefusal::WrongEpoch => "wrong_epoch",
            ChangeRefusal::AfterRemoval => "after_removal",
            ChangeRefusal::UnknownFrontier => "unknown_frontier",
        };
        Refusal::new(ErrorCode::InvalidChange, why.to_string()).with("reason", reason)
    };
    if header.space != chain.space() {
        return Err(invalid(ChangeRefusal::OtherSpace));
    }
    if !catching_up {
        if chain
            .member(&header.author)
            .is_some_and(|author| author.removed.is_some())
        {
            return Err(invalid(ChangeRefusal::AfterRemoval));
        }
        if header.epoch < chain.epoch() {
            let message = "the change is sealed under an older epoch; seal it again";
            return Err(Refusal::new(ErrorCode::StaleEpoch, message).with("epoch", chain.epoch().0));
        }
    }
    chain.check_change(header).map_err(invalid)
}

fn refused(why: AppendRefusal, judged: Option<Refusal>) -> Refusal {
    match why {
        AppendRefusal::NotKnown => judged.unwrap_or_else(Refusal::internal),
        AppendRefusal::Counter { expected } => Refusal::new(
            ErrorCode::CounterMismatch,
            "the author's counter is not the next one",
        )
        .with("expected", expected.0),
        AppendRefusal::OwnHistory { expected } => Refusal::new(
            ErrorCode::OwnHistoryMismatch,
            "the change does not name the author's last change as it is stored here",
        )
        .with("expected", expected.to_string()),
        AppendRefusal::IdTaken => Refusal::new(
            ErrorCode::InvalidChange,
            "another author has a change of this name",
        )
        .with("reason", "id_taken"),
        AppendRefusal::QuotaExceeded => Refusal::new(
            ErrorCode::QuotaExceeded,
            "the room for this space is used up",
        ),
    }
}
