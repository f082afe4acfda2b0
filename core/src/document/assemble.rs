//! Builds a document from a set of changes that may be hostile.
//!
//! The outcome is a function of the set: changes are taken in one canonical order (what they build
//! upon first, then by hash), whatever the order in which they arrived. The usual case applies them
//! all at once; if anything at all goes wrong, they are tried one by one, each on a copy, and only
//! those that break something are left out.

use std::collections::BTreeMap;

use automerge::{Automerge, Change};
use serde_json::{Map, Value};

use super::apart;
use super::chunk::{ChunkInfo, inspect};
use super::graph::{Candidate, Graph, Sorted, sort};
use super::guard::contain;
use super::project::project;
use super::{ChangeHash, MadeBy, Refusal, Revision};

/// A document in memory that has passed every check.
#[derive(Clone, Default)]
pub(super) struct Checked {
    pub(super) document: Automerge,
    pub(super) projection: Map<String, Value>,
    /// The document as Automerge saves it, where the check needed that.
    pub(super) saved: Option<Vec<u8>>,
}

/// What an assembly begins with: nothing, or a snapshot.
#[derive(Clone, Default)]
pub(super) struct Start {
    pub(super) checked: Checked,
    pub(super) graph: Graph,
}

/// A document, and what became of each of the changes that were given.
pub(super) struct Assembly<'a> {
    pub(super) checked: Checked,
    pub(super) graph: Graph,
    /// What was added to the start, in canonical order.
    pub(super) taken: Vec<Candidate<'a>>,
    pub(super) refused: Vec<(usize, Refusal)>,
    pub(super) waiting: Vec<usize>,
}

impl Assembly<'_> {
    pub(super) fn revision(&self) -> Revision {
        self.graph.revision()
    }
}

/// Adds what can be added of these changes.
pub(super) fn assemble<C: AsRef<[u8]>>(
    start: Start,
    changes: &[C],
    made_by: MadeBy,
) -> Assembly<'_> {
    let mut refused = Vec::new();
    let mut candidates = BTreeMap::new();
    for (position, raw) in changes.iter().enumerate() {
        let raw = raw.as_ref();
        match inspect(raw) {
            // The same change twice is one change.
            Ok(info) if start.graph.contains(&info.hash) => {}
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
    let sorted = sort(start.graph.clone(), candidates);
    refused.extend(sorted.refused.iter().copied());
    let waiting = sorted.waiting.clone();
    let (checked, graph, taken) = match at_once(&start.checked, &sorted, made_by) {
        Some(checked) => (checked, sorted.graph, sorted.ready),
        None => {
            let careful = one_by_one(start, sorted.ready);
            refused.extend(careful.refused);
            (careful.checked, careful.graph, careful.taken)
        }
    };
    refused.sort_unstable();
    Assembly {
        checked,
        graph,
        taken,
        refused,
        waiting,
    }
}

fn at_once(start: &Checked, sorted: &Sorted<'_>, made_by: MadeBy) -> Option<Checked> {
    if sorted.ready.is_empty() {
        return Some(start.clone());
    }
    contain(|| {
        let mut document = start.document.clone();
        let changes = sorted.ready.iter().map(|candidate| parse(candidate.raw));
        let changes = changes.collect::<Result<Vec<_>, _>>().ok()?;
        document.apply_changes(changes).ok()?;
        match made_by {
            MadeBy::Anybody => check(document, &sorted.graph).ok(),
            MadeBy::Us => read(document, &sorted.graph).ok(),
        }
    })
    .flatten()
}

fn one_by_one(start: Start, ready: Vec<Candidate<'_>>) -> Assembly<'_> {
    let mut assembly = Assembly {
        checked: start.checked,
        graph: start.graph,
        taken: Vec::new(),
        refused: Vec::new(),
        waiting: Vec::new(),
    };
    for candidate in ready {
        match extended(
            &assembly.checked,
            &assembly.graph,
            &candidate.info,
            candidate.raw,
        ) {
            Ok((checked, graph)) => {
                (assembly.checked, assembly.graph) = (checked, graph);
                assembly.taken.push(candidate);
            }
            Err(refusal) => assembly.refused.push((candidate.position, refusal)),
        }
    }
    assembly
}

/// A copy of the document with one more change.
pub(super) fn extended(
    before: &Checked,
    graph: &Graph,
    info: &ChunkInfo,
    raw: &[u8],
) -> Result<(Checked, Graph), Refusal> {
    let mut graph = graph.clone();
    graph.add(info)?;
    let checked = contain(|| {
        let mut document = before.document.clone();
        document
            .apply_changes([parse(raw)?])
            .map_err(|_| Refusal::Invalid)?;
        check(document, &graph)
    })
    .unwrap_or(Err(Refusal::Breaks))?;
    Ok((checked, graph))
}

/// A copy of the document with a change of our own, which was checked when it was made.
pub(super) fn apply(before: &Checked, raw: &[u8], graph: &Graph) -> Option<Checked> {
    contain(|| {
        let mut document = before.document.clone();
        document.apply_changes([parse(raw).ok()?]).ok()?;
        read(document, graph).ok()
    })
    .flatten()
}

fn parse(raw: &[u8]) -> Result<Change, Refusal> {
    let change = Change::from_bytes(raw.to_vec()).map_err(|_| Refusal::Malformed)?;
    if change.raw_bytes() == raw {
        Ok(change)
    } else {
        Err(Refusal::Malformed)
    }
}

/// The document with its fields, once it is sure that it is what it should be.
fn read(document: Automerge, graph: &Graph) -> Result<Checked, Refusal> {
    let held = project(&document)?;
    read_over(document, graph, held)
}

fn read_over(
    document: Automerge,
    graph: &Graph,
    held: Map<String, Value>,
) -> Result<Checked, Refusal> {
    let heads = graph.revision();
    if revision(&document) != heads {
        return Err(Refusal::Invalid);
    }
    Ok(Checked {
        projection: apart::read_over(&document, graph, &heads, held)?,
        document,
        saved: None,
    })
}

/// The same, once it is also sure that it survives saving.
fn check(document: Automerge, graph: &Graph) -> Result<Checked, Refusal> {
    let held = project(&document)?;
    let saved = document.save_nocompress();
    let loaded = Automerge::load(&saved).map_err(|_| Refusal::Unstable)?;
    if revision(&loaded) != graph.revision() || project(&loaded)? != held {
        return Err(Refusal::Unstable);
    }
    let checked = read_over(document, graph, held)?;
    Ok(Checked {
        saved: Some(saved),
        ..checked
    })
}

/// The heads as Automerge has them.
pub(super) fn revision(document: &Automerge) -> Revision {
    let heads = document.get_heads();
    heads.iter().map(|head| ChangeHash::new(head.0)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::super::{ActorId, History, create, edit};
    use super::*;
    use crate::domain::{Content as _, Entry};

    #[test]
    fn the_careful_way_gives_what_the_quick_way_gives() {
        let fields = |body: &str| {
            json!({"body": body, "mood": body.len()})
                .as_object()
                .unwrap()
                .clone()
        };
        let actor = |n| ActorId::new([n; 16]);
        let first = create(&Entry::SHAPE, &fields("One."), actor(1)).unwrap();
        let mut changes = vec![first.raw];
        for (n, body) in (2..).zip(["One. Two.", "Zero. One.", "One!"]) {
            let made = edit(
                &Entry::SHAPE,
                History::of(&changes),
                &first.revision,
                &fields(body),
                actor(n),
            );
            changes.push(made.unwrap().unwrap().raw);
        }
        let quick = assemble(Start::default(), &changes, MadeBy::Anybody);
        let careful = one_by_one(Start::default(), quick.taken.clone());
        assert_eq!(careful.checked.projection, quick.checked.projection);
        assert_eq!((careful.taken.len(), careful.refused), (4, vec![]));
        assert_eq!(
            careful.checked.document.save(),
            quick.checked.document.save()
        );
        assert_eq!(careful.graph, quick.graph);
        assert_eq!(revision(&careful.checked.document), quick.revision());
    }
}
