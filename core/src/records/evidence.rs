//! Finding out who told two different things. Where another member says that it was given another change
//! than this device, this device lays down what it was given, signed by its author. Whoever then holds two
//! signatures of one author under one count, for two histories, has proof, and lays down the other.
//!
//! Pieces are read as they were written, change by change: what somebody wrote over another's piece takes
//! nothing back. Each is judged once while the process runs. Only what is genuine counts, and every member's
//! word has room of its own, so that nobody can crowd out what another one shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, HistoryHash, MemberId, SpaceId};

use super::{Edit, open_payload};
use crate::domain::{Content, DocumentId, Evidence};
use crate::error::{CoreError, Result};
use crate::replica::{Replica, SpaceState};
use crate::report::{SyncReport, WarningCode};
use crate::space::payload::Payload;
use crate::store::{LogRow, Reader};

/// Pieces about one author that one member's word is good for, and proofs of one author's lies: two are
/// enough for anybody.
const MOST_OF_ONE: usize = 8;
/// Pieces that one member's word is good for in all.
const MOST: usize = 64;

/// A change by what others call it: author and count.
type Place = (MemberId, Counter);

/// Where another member was given something else than this device, or says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contradiction {
    /// Who says so.
    pub(crate) by: MemberId,
    /// Whose change it is.
    pub(crate) author: MemberId,
    /// Its author's count of it.
    pub(crate) counter: Counter,
}

/// What this process made of the evidence in one space.
#[derive(Default)]
pub(crate) struct Weighed {
    /// Up to this place in the log all of it was judged.
    through: i64,
    /// Genuine pieces about changes that are not here yet, by who laid them down.
    early: BTreeMap<MemberId, BTreeMap<Place, HistoryHash>>,
    /// Of which changes there are two signatures.
    proven: BTreeSet<Place>,
    /// What this device laid down.
    mine: BTreeSet<Place>,
    /// On whose word this device laid down what about others.
    asked: BTreeMap<MemberId, BTreeSet<Place>>,
}

impl Weighed {
    /// Judges what was laid down since, and what came too early before.
    fn read_on(&mut self, r: &Reader<'_>, state: &SpaceState) -> Result<()> {
        let space = state.row.space;
        for places in self.early.values_mut() {
            let mut open = BTreeMap::new();
            for (place, theirs) in std::mem::take(places) {
                match r.log_history(space, place.0, place.1)? {
                    None => drop(open.insert(place, theirs)),
                    Some(ours) if ours == theirs => {}
                    Some(_) => drop(self.proven.insert(place)),
                }
            }
            *places = open;
        }
        for (position, row) in r.log_of_kind(space, Evidence::KIND.as_str(), self.through)? {
            self.judge(r, state, &row)?;
            self.through = position;
        }
        Ok(())
    }

    /// Junk costs at most one look at its signature, and takes no room.
    fn judge(&mut self, r: &Reader<'_>, state: &SpaceState, row: &LogRow) -> Result<()> {
        let Some(theirs) = piece_in(state, row) else {
            return Ok(());
        };
        let (place, history) = (place_of(&theirs), theirs.history());
        if row.author == state.my_id() {
            self.mine.insert(place);
            return Ok(());
        }
        let ours = r.log_history(state.row.space, place.0, place.1)?;
        let mut known = self.early.values().filter_map(|of| of.get(&place));
        let is_known = ours == Some(history) || known.clone().any(|early| *early == history);
        if is_known || self.proven.contains(&place) {
            return Ok(());
        }
        let is_proof = ours.is_some() || known.next().is_some();
        if is_proof {
            if of_author(&self.proven, place.0) < MOST_OF_ONE && theirs.verify_signature().is_ok() {
                self.proven.insert(place);
            }
            return Ok(());
        }
        let early = self.early.entry(row.author).or_default();
        let has_room = early.len() < MOST && of_author(early.keys(), place.0) < MOST_OF_ONE;
        if has_room && theirs.verify_signature().is_ok() {
            early.insert(place, history);
        }
        Ok(())
    }

    /// Whether to lay something down because of that member's word.
    fn listens_to(&mut self, said: &Contradiction) -> bool {
        let asked = self.asked.entry(said.by).or_default();
        let place = (said.author, said.counter);
        let has_room = asked.len() < MOST && of_author(asked.iter(), said.author) < MOST_OF_ONE;
        asked.contains(&place) || (has_room && asked.insert(place))
    }
}

fn of_author<'a>(places: impl IntoIterator<Item = &'a Place>, author: MemberId) -> usize {
    let of_it = places.into_iter().filter(|(of, _)| *of == author);
    of_it.count()
}

fn place_of(change: &SealedChange) -> Place {
    (change.header().author, change.header().counter)
}

/// The signed header that a member laid down in a change of its own; `None` for what is none of this space.
fn piece_in(state: &SpaceState, row: &LogRow) -> Option<SealedChange> {
    let change = SealedChange::parse(&row.sealed).ok()?;
    let payload = open_payload(state, &change).ok()?;
    let evidence = serde_json::from_str::<Evidence>(&payload.projection).ok()?;
    let theirs = SealedChange::parse(&evidence.bytes()?).ok()?;
    let is_ours = theirs.header().space == state.row.space
        && state.chain.member(&theirs.header().author).is_some();
    is_ours.then_some(theirs)
}

impl Replica {
    /// Lays down what this device was given where others say that they were given something else.
    pub(crate) fn lay_down_contradicted(
        &self,
        state: &SpaceState,
        said: &BTreeSet<Contradiction>,
    ) -> Result<()> {
        if said.is_empty() {
            return Ok(());
        }
        let heard = self.with_weighed(state.row.space, |weighed| {
            let heard = said.iter().filter(|said| weighed.listens_to(said));
            heard.map(|said| (said.author, said.counter)).collect()
        });
        self.lay_down(state, &heard)
    }

    /// Compares what others were given with what this device was: names whoever signed both, and lays down
    /// the other half of the proof.
    pub(crate) fn weigh_evidence(&self, space: SpaceId, report: &mut SyncReport) -> Result<()> {
        let state = self.space(space)?;
        let (proven, is_new) = self.with_weighed(space, |weighed| {
            let before = weighed.proven.len();
            self.store.read(|r| weighed.read_on(r, &state))?;
            let is_new = weighed.proven.len() > before;
            Ok::<_, CoreError>((weighed.proven.clone(), is_new))
        })?;
        if is_new {
            let detail = self.accusation(&state, &proven)?;
            report.warn(WarningCode::Equivocated, space, detail);
        }
        self.lay_down(&state, &proven)
    }

    /// All that is proven, each author once: one warning stands for a space.
    fn accusation(&self, state: &SpaceState, proven: &BTreeSet<Place>) -> Result<String> {
        let mut first: BTreeMap<MemberId, Counter> = BTreeMap::new();
        for (author, counter) in proven {
            first.entry(*author).or_insert(*counter);
        }
        let mut said = Vec::new();
        for (author, counter) in first {
            said.push(format!(
                "{} signed two different changes {counter}: both signatures are here",
                self.name_in(state, &author)?
            ));
        }
        Ok(said.join("; "))
    }

    /// What became readable since may be evidence.
    pub(crate) fn weigh_anew(&self, space: SpaceId) {
        self.with_weighed(space, |weighed| weighed.through = 0);
    }

    /// Lays down what this device was given, unless it did already. That another member did is not enough:
    /// whoever wrote a piece can let go of it.
    fn lay_down(&self, state: &SpaceState, places: &BTreeSet<Place>) -> Result<()> {
        let space = state.row.space;
        let mut missing = self.with_weighed(space, |weighed| places - &weighed.mine);
        if missing.is_empty() {
            return Ok(());
        }
        let waiting = self.store.read(|r| r.outbox(space, usize::MAX))?;
        let waiting = waiting.iter().filter(|row| row.kind == Evidence::KIND);
        let waiting = waiting.filter_map(|row| {
            let payload = Payload::decode(&row.payload).ok()?;
            let said = serde_json::from_str::<Evidence>(&payload.projection).ok()?;
            Some((said.member, said.counter))
        });
        let waiting: BTreeSet<Place> = waiting.collect();
        missing = &missing - &waiting;
        let mut edits = Vec::new();
        for (author, counter) in &missing {
            let row = self.store.read(|r| r.log_of(space, *author, *counter))?;
            let change = row.and_then(|row| SealedChange::parse(&row.sealed).ok());
            let Some(change) = change else { continue };
            let evidence = Evidence::new(*author, *counter, change.bare().bytes());
            let document = DocumentId::random(&*self.ports.rng);
            edits.push(Edit::new(space, document, &evidence)?);
        }
        self.commit(&edits)?;
        self.with_weighed(space, |weighed| weighed.mine.append(&mut missing));
        Ok(())
    }

    fn with_weighed<T>(&self, space: SpaceId, then: impl FnOnce(&mut Weighed) -> T) -> T {
        let mut weighed = self.weighed.lock().unwrap_or_else(PoisonError::into_inner);
        then(weighed.entry(space).or_default())
    }
}
