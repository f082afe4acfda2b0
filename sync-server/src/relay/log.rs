//! Storing and reading sealed changes.

use std::num::NonZero;
use std::sync::LazyLock;

use companion_protocol::api::{
    ErrorCode, MAX_PULL_BYTES, PullPageWriter, PushAccepted, PushBatch, PushResult, PushStatus,
};
use companion_protocol::chain::{Chain, ChangeRefusal};
use companion_protocol::change::{ChangeError, MAX_DROPS, SealedChange};
use companion_protocol::id::{LogNumber, MemberId, SpaceId};
use companion_protocol::wire::WireError;

use super::{ATTEMPTS, Relay};
use crate::refusal::Refusal;
use crate::storage::{Append, AppendRefusal, Appended, Named, NewChange};

/// Bytes that a change usually takes in a page.
const USUAL: usize = 1800;

impl Relay {
    /// A page of the log, encoded: at most `limit` changes.
    pub(crate) fn pull(
        &self,
        member: MemberId,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
    ) -> Result<Vec<u8>, Refusal> {
        let head = match self.stands(space)? {
            Some((head, chain)) if chain.present(&member).is_some() => head,
            Some(_) => return Err(Refusal::forbidden()),
            None => return Err(self.no_space(space)?),
        };
        let left = usize::try_from(head.number.0.saturating_sub(after.0)).unwrap_or(limit);
        let room = left.min(limit).saturating_mul(USUAL).min(MAX_PULL_BYTES);
        let mut page = PullPageWriter::new(self.life.incarnation, room);
        let mut take = |number, bytes: &[u8]| page.change(number, bytes);
        let head = self
            .storage
            .pull_each(space, after, limit, MAX_PULL_BYTES, &mut take)?
            .ok_or_else(Refusal::forbidden)?;
        Ok(page.finish(head))
    }

    /// Whether a push of this signer is worth reading.
    pub(crate) fn may_push(&self, member: MemberId, space: SpaceId) -> Result<(), Refusal> {
        self.as_writer(member, space).map(|_| ())
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
        let mut chain = self.as_writer_lately(member, space)?;
        let batch = PushBatch::decode(body).map_err(|why| Refusal::bad(why.to_string()))?;
        if batch.changes.is_empty() {
            return Err(Refusal::bad("the push holds no change"));
        }
        let changes = parsed(&batch)?;
        few_drops(&changes)?;
        let headers = || changes.iter().map(SealedChange::header);
        let mut known = vec![None; changes.len()];
        let mut new = not_known(&changes, &known);
        // What goes on from what was just stored need not be looked for: storing it does so as well. What
        // is not signed is, for it may be known all the same.
        let is_next = self.chains.go_on(space, headers());
        let unsigned = is_next.then(|| self.signed(&new).err()).flatten();
        if !is_next || unsigned.is_some() {
            known = self.known(&chain, &changes)?;
            new = not_known(&changes, &known);
            if new.is_empty() {
                // Nothing is new: nothing to check, and nothing to write.
                self.as_member(member, space)?;
                return self.all_known(space, known.into_iter().flatten().collect());
            }
            match unsigned {
                Some(refusal) if new.len() == changes.len() => return Err(refusal),
                _ => self.signed(&new)?,
            }
        }
        for _ in 0..ATTEMPTS {
            let append = self.judged(&chain, &new)?;
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
                    // In order: of each author the newest one stays.
                    let all_stored = results.iter().all(|r| r.status == PushStatus::Stored);
                    if all_stored {
                        let stored = new.iter().map(|(_, change)| change.header());
                        self.chains.stored(space, stored);
                    }
                    let mut results = results.into_iter();
                    return Ok(PushAccepted {
                        incarnation: self.life.incarnation,
                        head: head.number,
                        results: known
                            .into_iter()
                            .filter_map(|known| known.or_else(|| results.next()))
                            .collect(),
                    });
                }
                // Perhaps the signer was removed meanwhile, perhaps the key was rotated.
                Appended::ChainMoved => chain = self.as_writer(member, space)?,
                Appended::Refused { index, why } => {
                    let index = new.get(index).map_or(index, |(index, _)| *index);
                    return Err(refused(why).with("index", index));
                }
                Appended::NoSuchSpace => return Err(self.no_space(space)?),
            }
        }
        Err(Refusal::unavailable(
            "the chain is moving too fast; try again",
        ))
    }

    fn signed(&self, new: &[(usize, &SealedChange)]) -> Result<(), Refusal> {
        self.counter.signatures(new.len());
        verified(new)
    }

    /// What is stored already under the ids of these changes. Their signatures were checked when it
    /// was stored, so that whoever sends them again costs a look and no more.
    fn known(
        &self,
        chain: &Chain,
        changes: &[SealedChange],
    ) -> Result<Vec<Option<PushResult>>, Refusal> {
        let mut known = vec![None; changes.len()];
        let (mut names, mut places) = (Vec::new(), Vec::new());
        for (change, place) in changes.iter().zip(&mut known) {
            // Of somebody who never was a member nothing is stored.
            if let Some(author) = chain.member(&change.header().author) {
                names.push((author.index, change.header().id));
                places.push((change.header().id, place));
            }
        }
        let stored = self.storage.known(chain.space(), names)?;
        for ((id, place), stored) in places.into_iter().zip(stored) {
            *place = stored.map(|stored| PushResult {
                id,
                number: stored.number,
                hash: stored.hash,
                status: PushStatus::Known,
            });
        }
        Ok(known)
    }

    fn all_known(&self, space: SpaceId, results: Vec<PushResult>) -> Result<PushAccepted, Refusal> {
        let head = self.storage.head(space)?.ok_or_else(Refusal::forbidden)?;
        Ok(PushAccepted {
            incarnation: self.life.incarnation,
            head: head.number,
            results,
        })
    }

    /// What is to be stored, or what the chain says against the first that may not be.
    fn judged(&self, chain: &Chain, new: &[(usize, &SealedChange)]) -> Result<Append, Refusal> {
        let filling = self.catching_up();
        let changes = new
            .iter()
            .map(|(index, change)| {
                judge(chain, change, filling).map_err(|refusal| refusal.with("index", *index))
            })
            .collect::<Result<_, _>>()?;
        Ok(Append {
            space: chain.space(),
            chain_head: chain.head(),
            filling,
            changes,
        })
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

/// The changes, by their places in the push, of which nothing is stored.
fn not_known<'a>(
    changes: &'a [SealedChange],
    known: &[Option<PushResult>],
) -> Vec<(usize, &'a SealedChange)> {
    changes
        .iter()
        .enumerate()
        .zip(known)
        .filter(|(_, known)| known.is_none())
        .map(|(new, _)| new)
        .collect()
}

/// Each body that is dropped is looked for in the middle of storing: there are only so many in a push.
fn few_drops(changes: &[SealedChange]) -> Result<(), Refusal> {
    let mut drops = 0_usize;
    for (index, change) in changes.iter().enumerate() {
        drops = drops.saturating_add(change.header().drops.len());
        if drops > MAX_DROPS {
            let message = "the push drops too many bodies at once";
            return Err(invalid(message, "too_many_drops").with("index", index));
        }
    }
    Ok(())
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

fn judge(chain: &Chain, change: &SealedChange, filling: bool) -> Result<NewChange, Refusal> {
    let header = change.header();
    if header.space != chain.space() {
        return Err(refuse(ChangeRefusal::OtherSpace));
    }
    let author = chain
        .member(&header.author)
        .ok_or_else(|| refuse(ChangeRefusal::NotAWriter))?;
    if !filling {
        if author.removed.is_some() {
            return Err(refuse(ChangeRefusal::AfterRemoval));
        }
        if header.epoch < chain.epoch() {
            let message = "the change is sealed under an older epoch; seal it again";
            return Err(Refusal::new(ErrorCode::StaleEpoch, message).with("epoch", chain.epoch().0));
        }
        if change.is_bare() {
            return Err(invalid("a new change comes with its body", "bare"));
        }
    }
    chain.check_change(header).map_err(refuse)?;
    Ok(NewChange {
        id: header.id,
        author: author.index,
        counter: header.counter,
        previous_own: header.previous_own,
        history: change.history(),
        hash: change.hash(),
        seen: header
            .frontier
            .iter()
            .map(|seen| Named {
                author: seen.index,
                counter: seen.counter,
                hash: seen.hash,
            })
            .collect(),
        drops: header
            .drops
            .iter()
            .map(|drop| Named {
                author: drop.index,
                counter: drop.counter,
                hash: drop.hash,
            })
            .collect(),
        bare: change.is_bare(),
        bytes: change.bytes().to_vec(),
    })
}

fn refuse(why: ChangeRefusal) -> Refusal {
    invalid(&why.to_string(), why.name())
}

fn invalid(message: &str, reason: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidChange, message).with("reason", reason)
}

fn refused(why: AppendRefusal) -> Refusal {
    match why {
        AppendRefusal::Counter { expected } => Refusal::new(
            ErrorCode::CounterMismatch,
            "the author's counter is not the next one",
        )
        .with("expected", expected.0),
        AppendRefusal::OwnHistory { expected } => Refusal::new(
            ErrorCode::OwnHistoryMismatch,
            "the change does not follow the author's history as it is stored here",
        )
        .with("expected", expected.to_string()),
        AppendRefusal::UnknownFrontier => refuse(ChangeRefusal::UnknownFrontier),
        AppendRefusal::UnknownDrop => invalid(
            "the change drops the body of one that is not stored here",
            "unknown_drop",
        ),
        AppendRefusal::QuotaExceeded => Refusal::new(
            ErrorCode::QuotaExceeded,
            "the room for this space is used up",
        ),
    }
}
