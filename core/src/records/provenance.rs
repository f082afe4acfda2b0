//! Whose word something is. Decided here, change by change and nowhere else: a change by a side that
//! may not write its kind, or in a space where its kind does not live, takes part in no document. So
//! no list, count or search need ask again.

use companion_protocol::id::MemberId;
use companion_protocol::statement::Role;

use super::envelope::{DECISIONS, VISIBILITY};
use super::{Map, fields_of};
use crate::document::{self, ChunkInfo};
use crate::domain::{Declared, Kind, Placement, Purpose, Side, Writers, declared};
use crate::error::{CoreError, Result};
use crate::replica::SpaceState;
use crate::store::ItemRow;

/// Why a change takes part in no document, though it is genuine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misplaced {
    /// Its author's side may not write that kind.
    WrongWriter,
    /// That kind does not live in that space.
    WrongSpace,
    /// It decides who sees a document, or how long, and its author's side may not.
    NotTheirDecision,
}

/// As a quarantined change is marked.
pub(crate) const WRONG_WRITER: &str = "it is not for its author to write this kind of thing";
/// As a quarantined change is marked.
pub(crate) const WRONG_SPACE: &str = "this kind of thing does not live in this space";

/// As a quarantined change is marked.
pub(crate) const NOT_THEIR_DECISION: &str = "only the patient decides who sees this, and how long";

impl Misplaced {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Misplaced::WrongWriter => WRONG_WRITER,
            Misplaced::WrongSpace => WRONG_SPACE,
            Misplaced::NotTheirDecision => NOT_THEIR_DECISION,
        }
    }
}

/// Whether a member is one of the patient's own devices.
pub(crate) fn is_the_patients(state: &SpaceState, author: &MemberId) -> bool {
    side_of(state, author) == Side::Patient
}

/// Which side a member of a space is on. The chain says so by its role: only a host lets hosts in, and a host
/// lets a device in only where the patient has no other.
pub(crate) fn side_of(state: &SpaceState, member: &MemberId) -> Side {
    match state.row.purpose {
        Purpose::Private => Side::Patient,
        Purpose::Clinic => Side::Clinic,
        Purpose::Care => match state.chain.member(member) {
            Some(member) if member.role == Role::Host => Side::Clinic,
            _ => Side::Patient,
        },
    }
}

/// Whether somebody of that side wrote something of a document.
pub(crate) fn has_a_word_in(state: &SpaceState, row: &ItemRow, side: Side) -> bool {
    let mut writers = row.writers.iter();
    writers.any(|one| side_of(state, &one.member) == side)
}

/// Whether a change of that kind may stand in that space. Of a kind that this version does not know
/// nothing can be said yet: it is kept, and judged when the kind is known.
pub(crate) fn judge(state: &SpaceState, author: &MemberId, kind: &Kind) -> Result<(), Misplaced> {
    let Some(declared) = declared(kind) else {
        return Ok(());
    };
    let at_home = match (declared.placement, state.row.purpose) {
        (Placement::Care, purpose) => purpose == Purpose::Care,
        (Placement::Private, purpose) => purpose == Purpose::Private,
        (Placement::Clinic, purpose) => purpose == Purpose::Clinic,
        (Placement::ByVisibility | Placement::CareOrPrivate, purpose) => purpose != Purpose::Clinic,
    };
    if !at_home {
        return Err(Misplaced::WrongSpace);
    }
    if declared.writers.include(side_of(state, author)) {
        Ok(())
    } else {
        Err(Misplaced::WrongWriter)
    }
}

/// Whether its author may write the fields that it writes: the clinic edits what a safety plan says, and does
/// not withdraw it, share it anew or make it private.
pub(crate) fn judge_fields(
    state: &SpaceState,
    author: &MemberId,
    (change, info): (&[u8], &ChunkInfo),
) -> Result<(), Misplaced> {
    if side_of(state, author) == Side::Patient {
        return Ok(());
    }
    // Whoever makes a document says who sees it.
    let visibility = (!info.deps.is_empty()).then_some(VISIBILITY);
    let decisions: Vec<&str> = DECISIONS.into_iter().chain(visibility).collect();
    match document::touches(change, &decisions) {
        Ok(false) => Ok(()),
        Ok(true) | Err(_) => Err(Misplaced::NotTheirDecision),
    }
}

/// Whether the plain row that came with a change may be shown: of who sees the document and how long, the
/// clinic's row of what both sides write must say what stands here already. If not, the document is asked.
pub(crate) fn row_may_serve(
    state: &SpaceState,
    author: &MemberId,
    kind: &Kind,
    (present, row): (Option<&ItemRow>, &Map),
) -> bool {
    let by_both = declared(kind).is_some_and(|declared| declared.writers == Writers::Both);
    if !by_both || side_of(state, author) == Side::Patient {
        return true;
    }
    let before = present.map(fields_of);
    let shown = |field: &str| before.as_ref().and_then(|before| before.get(field));
    DECISIONS
        .iter()
        .all(|field| shown(field) == row.get(*field))
        && (before.is_none() || shown(VISIBILITY) == row.get(VISIBILITY))
}

/// That this side may write a kind, before it does.
///
/// # Errors
///
/// [`CoreError::NotYours`].
pub(crate) fn must_be_own(kind: &Declared, side: Side) -> Result<()> {
    if kind.writers.include(side) {
        Ok(())
    } else {
        let kind = kind.kind.clone();
        Err(CoreError::NotYours { kind })
    }
}

/// The same of a kind of which only the word is at hand.
pub(crate) fn is_own(kind: &Kind, side: Side) -> bool {
    declared(kind).is_some_and(|declared| declared.writers.include(side))
}

/// Whether something of that kind is a patient's word that a clinic has to see.
pub(crate) fn is_to_be_seen(kind: &Kind) -> bool {
    declared(kind).is_some_and(|declared| declared.to_be_seen)
}
