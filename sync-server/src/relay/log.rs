//! Storing and reading sealed changes.

use std::num::NonZero;
use std::sync::LazyLock;

use companion_protocol::api::{
    ErrorCode, MAX_PULL_BYTES, PullPage, PushAccepted, PushBatch, PushResult, PushStatus,
};
use companion_protocol::chain::{Chain, ChangeRefusal};
use companion_protocol::change::{ChangeError, SealedChange};
use companion_protocol::id::{LogNumber, MemberId, SpaceId};
use companion_protocol::wire::WireError;

use super::{ATTEMPTS, Relay};
use crate::refusal::Refusal;
use crate::storage::{Admission, Append, AppendRefusal, Appended, NewChange};

impl Relay {
    /// A page of the log: at most `limit` changes.
    pub(crate) fn pull(
        &self,
        member: MemberId,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
    ) -> Result<PullPage, Refusal> {
        self.as_member(member, space)?;
        let page = self
            .storage
            .pull(space, after, limit, MAX_PULL_BYTES)?
            .ok_or_else(Refusal::forbidden)?;
        let incarnation = self.life.incarnation;
        Ok(PullPage {
            incarnation,
            head: page.head,
            changes: page.changes,
        })
    }

    /// Whether a push of this signer is worth reading.
    pub(crate) fn may_push(&self, member: MemberId, space: SpaceId) -> Result<(), Refusal> {
        self.as_member(member, space).map(|_| ())
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
        let changes = parsed(&batch)?;
        let known = self.known(space, &changes)?;
        if let Some(all) = known.iter().copied().collect::<Option<Vec<_>>>() {
            // Nothing is new: nothing to check, and nothing to write.
            self.as_member(member, space)?;
            return self.all_known(space, all);
        }
        self.verify(&changes, &known)?;
        for _ in 0..ATTEMPTS {
            let (append, refusals) = self.judged(space, &chain, &changes, &known);
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

    /// What is stored already under the ids of these changes. Their signatures were checked when it
    /// was stored, so that whoever sends them again costs a look and no more.
    fn known(
        &self,
        space: SpaceId,
        changes: &[SealedChange],
    ) -> Result<Vec<Option<PushResult>>, Refusal> {
        let ids = changes.iter().map(|change| change.header().id).collect();
        let stored = self.storage.known(space, ids)?;
        let pairs = changes.iter().zip(stored).enumerate();
        pairs
            .map(|(index, (change, stored))| match stored {
                Some(stored) if stored.author != change.header().author => {
                    Err(refused(AppendRefusal::IdTaken, None).with("index", index))
                }
                stored => Ok(stored.map(|stored| PushResult {
                    id: change.header().id,
                    number: stored.number,
                    hash: stored.hash,
                    status: PushStatus::Known,
                })),
            })
            .collect()
    }

    fn all_known(&self, space: SpaceId, results: Vec<PushResult>) -> Result<PushAccepted, Refusal> {
        let head = self.storage.head(space)?.ok_or_else(Refusal::forbidden)?;
        Ok(PushAccepted {
            incarnation: self.life.incarnation,
            head: head.number,
            results,
        })
    }

    /// Checks the signatures of all that are not known, on all processors.
    fn verify(
        &self,
        changes: &[SealedChange],
        known: &[Option<PushResult>],
    ) -> Result<(), Refusal> {
        let new: Vec<(usize, &SealedChange)> = changes
            .iter()
            .enumerate()
            .zip(known)
            .filter(|(_, known)| known.is_none())
            .map(|(new, _)| new)
            .collect();
        self.counter.signatures(new.len());
        verified(&new)
    }

    /// What the chain says of each change. One that may not be stored now is still handed on, for
    /// it may have been stored before and only the answer got lost.
    fn judged(
        &self,
        space: SpaceId,
        chain: &Chain,
        changes: &[SealedChange],
        known: &[Option<PushResult>],
    ) -> (Append, Vec<Option<Refusal>>) {
        let catching_up = self.catching_up();
        let refusals: Vec<Option<Refusal>> = changes
            .iter()
            .map(|change| judge(chain, change, catching_up).err())
            .collect();
        let changes = changes
            .iter()
            .zip(refusals.iter().zip(known))
            .map(|(change, (refusal, known))| NewChange {
                id: change.header().id,
                author: change.header().author,
                counter: change.header().counter,
                previous_own: change.header().previous_own,
                hash: change.hash(),
                bytes: change.bytes().to_vec(),
                // The signature of one that is known was not checked.
                admission: match (refusal, known) {
                    (None, None) => Admission::Store,
                    _ => Admission::OnlyIfKnown,
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

/// The changes of a batch, their signatures not looked at yet; or what is wrong with the first that
/// has not the form.
fn parsed(batch: &PushBatch) -> Result<Vec<SealedChange>, Refusal> {
    let changes = batch.changes.iter().enumerate();
    changes
        .map(|(index, bytes)| {
            SealedChange::parse(bytes).map_err(|why| not_genuine(&why).with("index", index))
        })
        .collect()
}

fn not_genuine(why: &ChangeError) -> Refusal {
    let code = match why {
        ChangeError::Malformed(WireError::TooLarge(_)) => ErrorCode::TooLarge,
        _ => ErrorCode::InvalidChange,
    };
    Refusal::new(code, why.to_string())
}

/// Checks signatures on all processors; says what is wrong with the first that is not good.
fn verified(changes: &[(usize, &SealedChange)]) -> Result<(), Refusal> {
    let each = changes.len().div_ceil(*PROCESSORS).max(WORTH_A_THREAD);
    let mut parts = changes.chunks(each);
    let Some(first) = parts.next() else {
        return Ok(());
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = parts
            .map(|part| scope.spawn(move || verified_part(part)))
            .collect();
        let mut result = verified_part(first);
        for other in others {
            let part = other.join().map_err(|_| Refusal::internal())?;
            result = result.and(part);
        }
        result
    })
}

fn verified_part(changes: &[(usize, &SealedChange)]) -> Result<(), Refusal> {
    for (index, change) in changes {
        change
            .verify_signature()
            .map_err(|why| not_genuine(&why).with("index", *index))?;
    }
    Ok(())
}

fn judge(chain: &Chain, change: &SealedChange, catching_up: bool) -> Result<(), Refusal> {
    let header = change.header();
    let invalid = |why: ChangeRefusal| {
        let reason = why.name();
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
    chain.check_change(header, &change.hash()).map_err(invalid)
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
