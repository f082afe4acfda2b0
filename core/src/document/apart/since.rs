//! What each of the newest changes did with a field since what it has in common with another one: nothing, or a
//! change, or a choice between wordings. One that did nothing is overruled by one that did something, whatever other
//! fields it changed.
//!
//! What two have in common may be several changes that nobody merged yet; a choice is made from what people read
//! there, and an edit of another field writes that down without touching it. So it is read there as they read it.

use std::collections::BTreeMap;
use std::rc::Rc;

use automerge::{Automerge, ObjId};
use serde_json::{Map, Value};

use super::{
    HEADS_LIMIT, Holding, Reading, Wordings, at_path, automerge_heads, read_within, wordings_in,
};
use crate::document::merge::Letter;
use crate::document::project::project;
use crate::document::{Refusal, Revision};

/// How many earlier states of a document may be read for one reading of it: what people make apart needs one or two,
/// and what somebody crafts must not keep a device busy. Beyond, only what is written down counts.
const EARLIER_LIMIT: usize = 16;

/// How many earlier states may still be read.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(EARLIER_LIMIT)
    }

    fn spend(&mut self) -> bool {
        let is_left = self.0 > 0;
        self.0 = self.0.saturating_sub(1);
        is_left
    }
}

/// What an earlier state said, as far as it was read.
#[derive(Default)]
pub(super) struct Earlier {
    /// Its fields as people read them; `None` where they are as the document holds them there.
    fields: Option<Map<String, Value>>,
    /// What stood in several wordings.
    pub(super) apart: Wordings,
}

impl Earlier {
    /// The text at a path, where people read another one than the document holds.
    fn text(&self, path: &str) -> Option<&str> {
        at_path(self.fields.as_ref()?, path)?.as_str()
    }
}

/// What was read of earlier states.
pub(super) type Read = BTreeMap<Revision, Rc<Earlier>>;

impl Reading<'_> {
    /// The newest changes that some of the heads and others both know, a bit for each head.
    pub(super) fn shared_by(&self, some: u64, others: u64) -> Revision {
        self.graph.known_to_both(&self.known_to, some, others)
    }

    /// What people read where some of the heads and others part.
    pub(super) fn where_they_part(
        &mut self,
        some: u64,
        others: u64,
    ) -> Result<Rc<Earlier>, Refusal> {
        let origin = self.shared_by(some, others);
        if let Some(known) = self.read.get(&origin) {
            return Ok(Rc::clone(known));
        }
        let at = automerge_heads(origin.heads());
        let is_merged = (2..=HEADS_LIMIT).contains(&at.len());
        let earlier = Rc::new(if is_merged && self.budget.spend() {
            self.as_people_read(&origin, &at)?
        } else {
            Earlier {
                fields: None,
                apart: self.wordings_at(&at)?,
            }
        });
        self.read.insert(origin, Rc::clone(&earlier));
        Ok(earlier)
    }

    fn as_people_read(
        &mut self,
        origin: &Revision,
        at: &[automerge::ChangeHash],
    ) -> Result<Earlier, Refusal> {
        let document: Automerge = self.document.fork_at(at).map_err(|_| Refusal::Invalid)?;
        let held = project(&document)?;
        let fields = read_within(&document, self.graph, origin, held, self.budget)?;
        Ok(Earlier {
            apart: wordings_in(&fields),
            fields: Some(fields),
        })
    }

    /// Whether one of the heads chose from the wordings that a field had where it parts from another one.
    fn chose(&self, head: usize, path: &str, earlier: &Earlier) -> bool {
        let carried = self.carried.get(head);
        earlier.apart.contains_key(path)
            && carried.is_some_and(|carried| !carried.contains_key(path))
    }

    /// Paths of fields that some of the heads carry along in several wordings and another one chose from.
    pub(super) fn chosen(&mut self) -> Result<Vec<String>, Refusal> {
        let mut chosen = Vec::new();
        let carried: Vec<_> = self.carried.iter().enumerate().collect();
        let pairs: Vec<(usize, usize, String)> = carried
            .iter()
            .flat_map(|(head, paths)| paths.keys().map(move |path| (*head, path)))
            .flat_map(|(head, path)| {
                let without = carried
                    .iter()
                    .filter(|(_, paths)| !paths.contains_key(path));
                without.map(move |(other, _)| (*other, head, path.clone()))
            })
            .collect();
        for (without, with, path) in pairs {
            if !chosen.contains(&path)
                && self
                    .where_they_part(1 << without, 1 << with)?
                    .apart
                    .contains_key(&path)
            {
                chosen.push(path);
            }
        }
        Ok(chosen)
    }

    /// Which of the heads count for a field: all but those that did nothing with it since they parted from one that
    /// did. `did_nothing` says so of a head and the place where it and another one part.
    pub(super) fn that_count(
        &mut self,
        path: &str,
        did_nothing: impl Fn(&Self, usize, &Revision, &Earlier) -> Result<Option<bool>, Refusal>,
    ) -> Result<Vec<usize>, Refusal> {
        let mut overruled = Vec::new();
        for one in 0..self.heads.len() {
            for other in 0..self.heads.len() {
                if one == other || overruled.contains(&one) {
                    continue;
                }
                let earlier = self.where_they_part(1 << one, 1 << other)?;
                let origin = self.shared_by(1 << one, 1 << other);
                let idle = |this: &Self, head: usize| {
                    let nothing = did_nothing(this, head, &origin, &earlier)?;
                    Ok::<_, Refusal>(
                        nothing.map(|nothing| nothing && !this.chose(head, path, &earlier)),
                    )
                };
                if idle(self, one)? == Some(true) && idle(self, other)? == Some(false) {
                    overruled.push(one);
                }
            }
        }
        Ok((0..self.heads.len())
            .filter(|head| !overruled.contains(head))
            .collect())
    }

    /// Which of the heads count for a value.
    pub(super) fn that_gave(
        &mut self,
        object: &ObjId,
        name: &str,
        path: &str,
    ) -> Result<Vec<usize>, Refusal> {
        self.that_count(path, |this, head, origin, _| {
            let origin = automerge_heads(origin.heads());
            let before = match origin.is_empty() {
                true => Holding::Nothing,
                false => this.holding(object, name, &origin)?,
            };
            let Some(at) = this.heads.get(head) else {
                return Ok(None);
            };
            Ok(Some(this.holding(object, name, at)? == before))
        })
    }

    /// Which of the heads count for a text, of which each head has these letters. Where two part at one change and the
    /// text stood in one wording, merging the letters finds out by itself.
    pub(super) fn that_wrote(
        &mut self,
        object: &ObjId,
        name: &str,
        path: &str,
        letters: &[Option<Vec<Letter>>],
    ) -> Result<Vec<usize>, Refusal> {
        let text = |letters: &[Letter]| letters.iter().map(|one| one.letter).collect::<String>();
        let texts: Vec<Option<String>> = letters
            .iter()
            .map(|letters| letters.as_deref().map(text))
            .collect();
        self.that_count(path, |this, head, origin, earlier| {
            let before = match earlier.text(path) {
                Some(read) => Some(read.to_owned()),
                None if earlier.apart.contains_key(path) => this
                    .letters(object, name, &automerge_heads(origin.heads()))?
                    .as_deref()
                    .map(text),
                None => None,
            };
            let now = texts.get(head).cloned().flatten();
            Ok(before.zip(now).map(|(before, now)| before == now))
        })
    }
}
