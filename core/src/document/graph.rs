//! Which changes build upon which, and what must hold of one before Automerge may see it.
//!
//! Whether a change may enter follows from its own bytes and from what it builds upon, never from
//! what else has arrived: a replica that begins with a snapshot decides as one that has every change.

use std::collections::{BTreeMap, BTreeSet};

use super::chunk::ChunkInfo;
use super::nesting::Parent;
use super::project::DEPTH_LIMIT;
use super::{ActorId, ChangeHash, Refusal, Revision};

/// A change that is part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) hash: ChangeHash,
    pub(super) actor: ActorId,
    pub(super) last_op: u64,
    /// Positions of the nodes that it builds upon, all before its own.
    pub(super) deps: Vec<usize>,
    /// The objects that it made, in order: the operation's number, and how deep it is nested.
    pub(super) objects: Vec<(u64, usize)>,
}

impl Node {
    fn depth_of(objects: &[(u64, usize)], counter: u64) -> Result<usize, Refusal> {
        let at = objects.binary_search_by_key(&counter, |(made_by, _)| *made_by);
        let found = at.ok().and_then(|at| objects.get(at));
        found.map(|(_, depth)| *depth).ok_or(Refusal::Invalid)
    }
}

/// The changes of a document, each after what it builds upon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    positions: BTreeMap<ChangeHash, usize>,
    actors: BTreeMap<ActorId, usize>,
    heads: BTreeSet<usize>,
}

impl Graph {
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn contains(&self, hash: &ChangeHash) -> bool {
        self.positions.contains_key(hash)
    }

    /// The heads of all that is in it.
    pub(super) fn revision(&self) -> Revision {
        let nodes = self.heads.iter().filter_map(|head| self.nodes.get(*head));
        nodes.map(|node| node.hash).collect()
    }

    /// Which of these each change is known to: a bit for each of the first 64.
    pub(super) fn known_to(&self, heads: &[ChangeHash]) -> Vec<u64> {
        let mut known_to = vec![0_u64; self.nodes.len()];
        for (bit, head) in (0_u32..u64::BITS).zip(heads) {
            if let Some(known) = self
                .positions
                .get(head)
                .and_then(|at| known_to.get_mut(*at))
            {
                *known |= 1 << bit;
            }
        }
        // Nodes stand after what they build upon.
        for (position, node) in self.nodes.iter().enumerate().rev() {
            let known = known_to.get(position).copied().unwrap_or_default();
            for dep in &node.deps {
                if let Some(known_to) = known_to.get_mut(*dep) {
                    *known_to |= known;
                }
            }
        }
        known_to
    }

    /// The newest changes that are known to one of `some` and to one of `others`.
    pub(super) fn known_to_both(&self, known_to: &[u64], some: u64, others: u64) -> Revision {
        self.newest_of(|position| {
            let known = known_to.get(position).copied().unwrap_or_default();
            known & some != 0 && known & others != 0
        })
    }

    /// Of those changes, which hold with each all that it builds upon, the newest.
    fn newest_of(&self, is_among: impl Fn(usize) -> bool) -> Revision {
        let mut is_behind = vec![false; self.nodes.len()];
        for (position, node) in self.nodes.iter().enumerate() {
            for dep in node.deps.iter().filter(|_| is_among(position)) {
                if let Some(is_behind) = is_behind.get_mut(*dep) {
                    *is_behind = true;
                }
            }
        }
        let nodes = self.nodes.iter().zip(is_behind).enumerate();
        let newest = nodes.filter(|(position, (_, is_behind))| is_among(*position) && !is_behind);
        newest.map(|(_, (node, _))| node.hash).collect()
    }

    /// Where the change with that actor stands.
    pub(super) fn position_of(&self, actor: &ActorId) -> Option<usize> {
        self.actors.get(actor).copied()
    }

    /// Adds a change, if Automerge may see it.
    pub(super) fn add(&mut self, info: &ChunkInfo) -> Result<(), Refusal> {
        let node = self.check(info)?;
        self.push(node);
        Ok(())
    }

    /// Adds a node that was in a graph before.
    pub(super) fn push(&mut self, node: Node) {
        let position = self.nodes.len();
        for dep in &node.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(position);
        self.positions.insert(node.hash, position);
        self.actors.insert(node.actor, position);
        self.nodes.push(node);
    }

    /// What must hold before Automerge may see the change; it panics over some of these. Returns the
    /// node that the change will be.
    pub(super) fn check(&self, info: &ChunkInfo) -> Result<Node, Refusal> {
        let position = |dep| self.positions.get(dep).copied();
        let deps: Option<Vec<usize>> = info.deps.iter().map(position).collect();
        let deps = deps.ok_or(Refusal::BuildsOnRefused)?;
        let before = deps.iter().filter_map(|dep| self.nodes.get(*dep));
        let last_op = before.map(|node| node.last_op).max().unwrap_or(0);
        if info.start_op != last_op.saturating_add(1) {
            return Err(Refusal::WrongStart);
        }
        let wanted = info.other_actors.iter();
        let wanted: Option<BTreeSet<usize>> = wanted
            .map(|actor| self.actors.get(actor).copied())
            .collect();
        if !self.are_behind(&wanted.ok_or(Refusal::UnknownActor)?, &deps) {
            return Err(Refusal::UnknownActor);
        }
        Ok(Node {
            hash: info.hash,
            actor: info.actor,
            last_op: info.last_op(),
            deps,
            objects: self.objects(info)?,
        })
    }

    /// How deep the objects are nested that the change makes.
    fn objects(&self, info: &ChunkInfo) -> Result<Vec<(u64, usize)>, Refusal> {
        let mut objects = Vec::new();
        for made in &info.made {
            let above = match made.parent {
                None => 0,
                Some(Parent { actor: 0, counter }) => Node::depth_of(&objects, counter)?,
                Some(Parent { actor, counter }) => {
                    let actor = usize::try_from(actor - 1).ok();
                    let actor = actor.and_then(|at| info.other_actors.get(at));
                    let position = actor.and_then(|actor| self.actors.get(actor));
                    let node = position.and_then(|position| self.nodes.get(*position));
                    Node::depth_of(&node.ok_or(Refusal::Invalid)?.objects, counter)?
                }
            };
            // A text is a leaf, and may be one deeper.
            if above >= DEPTH_LIMIT + usize::from(made.is_text) {
                return Err(Refusal::TooDeep);
            }
            objects.push((info.start_op.saturating_add(made.operation), above + 1));
        }
        Ok(objects)
    }

    /// Whether a change with these dependencies builds upon all that is wanted.
    fn are_behind(&self, wanted: &BTreeSet<usize>, deps: &[usize]) -> bool {
        let Some(first) = wanted.first() else {
            return true;
        };
        // The usual case, a change upon everything, needs no search.
        if self.heads.iter().all(|head| deps.contains(head)) {
            return true;
        }
        let mut seen = BTreeSet::new();
        let mut next = deps.to_vec();
        while let Some(position) = next.pop() {
            // What stands before the first of them cannot build upon any.
            if position >= *first && seen.insert(position) {
                next.extend(self.nodes.get(position).into_iter().flat_map(|n| &n.deps));
            }
        }
        wanted.is_subset(&seen)
    }
}

/// A change whose outside is in order.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    /// Where it stood among the changes that were given.
    pub(super) position: usize,
    pub(super) raw: &'a [u8],
    pub(super) info: ChunkInfo,
}

/// Candidates by whether they can be applied.
#[derive(Debug, Default)]
pub(super) struct Sorted<'a> {
    /// Those that can, in canonical order: after what they build upon, then by hash.
    pub(super) ready: Vec<Candidate<'a>>,
    /// The graph with all that are ready.
    pub(super) graph: Graph,
    pub(super) refused: Vec<(usize, Refusal)>,
    pub(super) waiting: Vec<usize>,
}

/// Sorts what is to be added to a graph.
pub(super) fn sort<'a>(
    graph: Graph,
    mut candidates: BTreeMap<ChangeHash, Candidate<'a>>,
) -> Sorted<'a> {
    let mut sorted = Sorted {
        graph,
        ..Sorted::default()
    };
    let mut missing = BTreeMap::new();
    let mut dependents = BTreeMap::<ChangeHash, Vec<ChangeHash>>::new();
    let mut next = BTreeSet::new();
    for (hash, candidate) in &candidates {
        let mut count = 0_usize;
        for dep in &candidate.info.deps {
            if !sorted.graph.contains(dep) {
                dependents.entry(*dep).or_default().push(*hash);
                count += 1;
            }
        }
        missing.insert(*hash, count);
        if count == 0 {
            next.insert(*hash);
        }
    }
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
        match sorted.graph.add(&candidate.info) {
            Ok(()) => sorted.ready.push(candidate),
            Err(refusal) => sorted.refused.push((candidate.position, refusal)),
        }
    }
    sorted.waiting = candidates.into_values().map(|c| c.position).collect();
    sorted.waiting.sort_unstable();
    sorted
}
