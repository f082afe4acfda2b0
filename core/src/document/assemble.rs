//! Builds a document from a set of changes that may be hostile.
//!
//! The outcome is a function of the set: changes are taken in one canonical order (what they build
//! upon first, then by hash), whatever the order in which they arrived. The usual case applies them
//! all at once; if anything at all goes wrong, they are tried one by one, each on a copy, and only
//! those that break something are left out.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, Change};
use serde_json::{Map, Value};

use super::chunk::{ChunkInfo, inspect};
use super::guard::contain;
use super::project::project;
use super::{ActorId, ChangeHash, Refusal, Revision};

/// A document in memory, and what became of each of the changes that were given.
pub(super) struct Assembly<'a> {
    pub(super) document: Automerge,
    pub(super) projection: Map<String, Value>,
    /// What the document is made of, in canonical order.
    pub(super) taken: Vec<Candidate<'a>>,
    pub(super) refused: Vec<(usize, Refusal)>,
    pub(super) waiting: Vec<usize>,
}

/// A change whose outside is in order.
#[derive(Clone)]
pub(super) struct Candidate<'a> {
    pub(super) position: usize,
    pub(super) raw: &'a [u8],
    pub(super) info: ChunkInfo,
}

impl Assembly<'_> {
    pub(super) fn revision(&self) -> Revision {
        heads(&self.taken)
    }
}

/// Takes what can be taken of these changes.
pub(super) fn assemble<C: AsRef<[u8]>>(changes: &[C]) -> Assembly<'_> {
    let mut refused = Vec::new();
    let mut candidates = BTreeMap::new();
    for (position, raw) in changes.iter().enumerate() {
        let raw = raw.as_ref();
        match inspect(raw) {
            // The same change twice is one change.
            Ok(info) => {
                candidates.entry(info.hash).or_insert(Candidate {
                    position,
                    raw,
                    info,
                });
            }
            Err(refusal) => refused.push((position, refusal)),
        }
    }
    let mut order = Order::default();
    order.sort(candidates);
    let built = at_once(&order.ready).or_else(|| {
        let built = one_by_one(std::mem::take(&mut order.ready));
        refused.extend(built.2);
        order.ready = built.1;
        built.0
    });
    let (document, projection) = built.unwrap_or_default();
    refused.extend(order.refused);
    refused.sort_unstable();
    Assembly {
        document,
        projection,
        taken: order.ready,
        refused,
        waiting: order.waiting,
    }
}

/// The heads of a set of changes that contains all that they build upon.
fn heads(taken: &[Candidate<'_>]) -> Revision {
    let built_upon: BTreeSet<_> = taken
        .iter()
        .flat_map(|c| c.info.deps.iter().copied())
        .collect();
    taken
        .iter()
        .map(|c| c.info.hash)
        .filter(|hash| !built_upon.contains(hash))
        .collect()
}

/// Sorts candidates into those that can be applied, in canonical order, and the rest.
#[derive(Default)]
struct Order<'a> {
    ready: Vec<Candidate<'a>>,
    refused: Vec<(usize, Refusal)>,
    waiting: Vec<usize>,
    last_ops: BTreeMap<ChangeHash, u64>,
    actors: BTreeSet<ActorId>,
}

impl<'a> Order<'a> {
    fn sort(&mut self, mut candidates: BTreeMap<ChangeHash, Candidate<'a>>) {
        let mut missing = BTreeMap::new();
        let mut dependents = BTreeMap::<ChangeHash, Vec<ChangeHash>>::new();
        let mut next = BTreeSet::new();
        for (hash, candidate) in &candidates {
            missing.insert(*hash, candidate.info.deps.len());
            if candidate.info.deps.is_empty() {
                next.insert(*hash);
            }
            for dep in &candidate.info.deps {
                dependents.entry(*dep).or_default().push(*hash);
            }
        }
        let mut bad = BTreeSet::new();
        while let Some(hash) = next.pop_first() {
            let Some(candidate) = candidates.remove(&hash) else {
                continue;
            };
            for dependent in dependents.remove(&hash).unwrap_or_default() {
                if let Some(count) = missing.get_mut(&dependent) {
                    *count -= 1;
                    if *count == 0 {
                        next.insert(dependent);
                    }
                }
            }
            if let Err(refusal) = self.check(&candidate.info, &bad) {
                bad.insert(hash);
                self.refused.push((candidate.position, refusal));
                continue;
            }
            self.last_ops.insert(hash, candidate.info.last_op());
            self.actors.insert(candidate.info.actor);
            self.ready.push(candidate);
        }
        self.waiting = candidates
            .into_values()
            .map(|candidate| candidate.position)
            .collect();
        self.waiting.sort_unstable();
    }

    /// What must hold before Automerge may see the change; it panics over some of these.
    fn check(&self, info: &ChunkInfo, bad: &BTreeSet<ChangeHash>) -> Result<(), Refusal> {
        if info.deps.iter().any(|dep| bad.contains(dep)) {
            return Err(Refusal::BuildsOnRefused);
        }
        let before = info
            .deps
            .iter()
            .filter_map(|dep| self.last_ops.get(dep))
            .max();
        if info.start_op != before.copied().unwrap_or(0).saturating_add(1) {
            return Err(Refusal::WrongStart);
        }
        if !info
            .other_actors
            .iter()
            .all(|actor| self.actors.contains(actor))
        {
            return Err(Refusal::UnknownActor);
        }
        Ok(())
    }
}

type Built = (Automerge, Map<String, Value>);

fn at_once(ready: &[Candidate<'_>]) -> Option<Built> {
    contain(|| {
        let mut document = Automerge::new();
        let changes = ready.iter().map(|candidate| parse(candidate.raw));
        let changes = changes.collect::<Result<Vec<_>, _>>().ok()?;
        document.apply_changes(changes).ok()?;
        let projection = settled(&document, &heads(ready)).ok()?;
        Some((document, projection))
    })
    .flatten()
}

type Sifted<'a> = (Option<Built>, Vec<Candidate<'a>>, Vec<(usize, Refusal)>);

fn one_by_one(ready: Vec<Candidate<'_>>) -> Sifted<'_> {
    let mut built: Option<Built> = None;
    let mut taken: Vec<Candidate<'_>> = Vec::new();
    let mut good = BTreeSet::new();
    let mut refused = Vec::new();
    for candidate in ready {
        if !candidate.info.deps.iter().all(|dep| good.contains(dep)) {
            refused.push((candidate.position, Refusal::BuildsOnRefused));
            continue;
        }
        let before = built.as_ref().map(|(document, _)| document);
        let position = candidate.position;
        let hash = candidate.info.hash;
        taken.push(candidate);
        match extended(before, &taken) {
            Ok(next) => {
                good.insert(hash);
                built = Some(next);
            }
            Err(refusal) => {
                taken.pop();
                refused.push((position, refusal));
            }
        }
    }
    (built, taken, refused)
}

/// A copy of the document with the last of `taken` added.
fn extended(before: Option<&Automerge>, taken: &[Candidate<'_>]) -> Result<Built, Refusal> {
    contain(|| {
        let mut document = before.cloned().unwrap_or_default();
        let newest = taken.last().ok_or(Refusal::Malformed)?;
        document
            .apply_changes([parse(newest.raw)?])
            .map_err(|_| Refusal::Invalid)?;
        let projection = settled(&document, &heads(taken))?;
        Ok((document, projection))
    })
    .unwrap_or(Err(Refusal::Breaks))
}

fn parse(raw: &[u8]) -> Result<Change, Refusal> {
    let change = Change::from_bytes(raw.to_vec()).map_err(|_| Refusal::Malformed)?;
    if change.raw_bytes() == raw {
        Ok(change)
    } else {
        Err(Refusal::Malformed)
    }
}

/// The fields of a document, once it is sure that it is what it should be and survives saving.
fn settled(document: &Automerge, heads: &Revision) -> Result<Map<String, Value>, Refusal> {
    if revision(document) != *heads {
        return Err(Refusal::Invalid);
    }
    let projection = project(document)?;
    let loaded = Automerge::load(&document.save_nocompress()).map_err(|_| Refusal::Unstable)?;
    if revision(&loaded) != *heads || project(&loaded)? != projection {
        return Err(Refusal::Unstable);
    }
    Ok(projection)
}

fn revision(document: &Automerge) -> Revision {
    document
        .get_heads()
        .iter()
        .map(|head| ChangeHash::new(head.0))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::super::{create, edit};
    use super::*;
    use crate::domain::Kind;

    #[test]
    fn the_careful_way_gives_what_the_quick_way_gives() {
        let fields = |body: &str| {
            json!({"body": body, "mood": body.len()})
                .as_object()
                .unwrap()
                .clone()
        };
        let actor = |n| ActorId::new([n; 16]);
        let first = create(&Kind::ENTRY, &fields("One."), actor(1)).unwrap();
        let mut changes = vec![first.raw];
        for (n, body) in (2..).zip(["One. Two.", "Zero. One.", "One!"]) {
            let made = edit(
                &Kind::ENTRY,
                &changes,
                &first.revision,
                &fields(body),
                actor(n),
            );
            changes.push(made.unwrap().unwrap().raw);
        }
        let quick = assemble(&changes);
        let (careful, taken, refused) = one_by_one(quick.taken.clone());
        let (document, projection) = careful.unwrap();
        assert_eq!(projection, quick.projection);
        assert_eq!((taken.len(), refused), (4, vec![]));
        assert_eq!(document.save(), quick.document.save());
        assert_eq!(revision(&document), quick.revision());
    }
}
