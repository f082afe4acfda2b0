//! Finding out who told two different things. Where another member says that it was given another change
//! than this device, this device lays down what it was given, signed by its author. Whoever then holds two
//! signatures of one author under one count has proof, and lays down the other.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::change::SealedChange;
use companion_protocol::id::{Counter, MemberId, SealedHash, SpaceId};

use super::Edit;
use crate::domain::{DocumentId, Evidence};
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use crate::report::{SyncReport, WarningCode};

/// Pieces of evidence about one author that are looked at or laid down: two are proof.
const MOST: usize = 8;

impl Replica {
    /// Lays down what this device was given of a member's change, unless somebody did.
    pub(crate) fn lay_down(
        &self,
        state: &SpaceState,
        contradicted: &BTreeSet<(MemberId, Counter)>,
    ) -> Result<()> {
        if contradicted.is_empty() {
            return Ok(());
        }
        let space = state.row.space;
        let said = self.said::<Evidence>(space)?;
        let known: BTreeSet<SealedHash> = said.iter().filter_map(hash_of).collect();
        let mut edits = Vec::new();
        for (member, counter) in contradicted.iter().take(MOST) {
            let row = self.store.read(|r| r.log_of(space, *member, *counter))?;
            let Some(row) = row.filter(|row| !known.contains(&row.hash)) else {
                continue;
            };
            let Ok(change) = SealedChange::parse(&row.sealed) else {
                continue;
            };
            let evidence = Evidence::new(*member, *counter, change.bare().bytes());
            let document = DocumentId::random(&*self.ports.rng);
            edits.push(Edit::new(space, document, &evidence)?);
        }
        self.commit(&edits)
    }

    /// Compares what others were given with what this device was: names whoever signed both, and lays down
    /// the other half of the proof.
    pub(crate) fn weigh_evidence(&self, space: SpaceId, report: &mut SyncReport) -> Result<()> {
        let said = self.said::<Evidence>(space)?;
        if said.is_empty() {
            return Ok(());
        }
        let state = self.space(space)?;
        let mut proven = BTreeSet::new();
        let mut looked_at: BTreeMap<MemberId, usize> = BTreeMap::new();
        for evidence in &said {
            let bytes = evidence.bytes().unwrap_or_default();
            let Ok(theirs) = SealedChange::parse(&bytes) else {
                continue;
            };
            let header = theirs.header();
            let (author, counter) = (header.author, header.counter);
            if header.space != space || state.chain.member(&author).is_none() {
                continue;
            }
            let ours = self.store.read(|r| r.log_hash(space, author, counter))?;
            if ours.is_none_or(|ours| ours == theirs.hash()) {
                continue;
            }
            // Whoever lays down nonsense by the thousand costs nobody more than a few signatures.
            let count = looked_at.entry(author).or_default();
            *count += 1;
            if *count <= MOST && theirs.verify_signature().is_ok() {
                proven.insert((author, counter));
                let detail = format!(
                    "{} signed two different changes {counter}: both signatures are here",
                    self.name_in(&state, &author)?
                );
                report.warn(WarningCode::Equivocated, space, detail);
            }
        }
        self.lay_down(&state, &proven)
    }
}

fn hash_of(evidence: &Evidence) -> Option<SealedHash> {
    let bytes = evidence.bytes()?;
    SealedChange::parse(&bytes).ok().map(|change| change.hash())
}
