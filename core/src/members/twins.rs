//! Which members of the private space are which of the shared one, as far as it is signed. See
//! [`MemberKeys`]: any device of the patient's can write such a document, and a stolen one writes what it
//! likes, also over what others wrote. So it is read change by change: what was signed stays said.

use std::collections::BTreeSet;

use companion_protocol::id::MemberId;

use super::said::{Said, Word, words};
use crate::domain::MemberKeys;
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use crate::space::same_member::Pair;

/// What one change says of two members, and by whose signatures.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    keys: MemberKeys,
    /// Both keys signed it.
    by_both: bool,
    /// The author of the change signed that it let both in as one.
    by_author: bool,
}

impl Claim {
    fn read(
        replica: &Replica,
        care: &SpaceState,
        private: &SpaceState,
    ) -> Result<Vec<Word<Claim>>> {
        let spaces = [care.row.space, private.row.space];
        let judged = |author: &MemberId, said: Said<MemberKeys>| {
            let keys = said.content;
            let pair = Pair {
                care: (care.row.space, keys.care),
                private: (private.row.space, keys.private),
            };
            Claim {
                by_both: pair.is_said_by_both(&keys),
                by_author: pair.is_said_by_admitter(&keys, author),
                keys,
            }
        };
        let twins = &replica.spoken.twins;
        twins.with(spaces, |read| words(replica, private, read, judged))
    }
}

/// Members of both spaces that are one, care before private.
pub(crate) struct Twins(BTreeSet<(MemberId, MemberId)>);

impl Twins {
    /// Reads them. `known` are those that this device let in itself and remembers, whatever anybody wrote.
    pub(crate) fn read(
        replica: &Replica,
        care: &SpaceState,
        private: &SpaceState,
        known: &[(MemberId, MemberId)],
    ) -> Result<Self> {
        let claims = Claim::read(replica, care, private)?;
        let members = claims.iter().filter_map(|word| {
            let in_care = care.chain.member(&word.said.keys.care)?;
            let in_private = private.chain.member(&word.said.keys.private)?;
            (in_care.role == in_private.role).then_some((word, in_private))
        });
        let members: Vec<_> = members.collect();
        let pair = |claim: &Claim| (claim.keys.care, claim.keys.private);
        let proven = members.iter().filter(|(word, _)| word.said.by_both);
        let mut twins: BTreeSet<_> = proven.map(|(word, _)| pair(&word.said)).collect();
        twins.insert((care.my_id(), private.my_id()));
        // What both keys signed stands against what anybody else says of one of them.
        let signed: Vec<_> = twins.iter().copied().collect();
        let has_care = |id: &MemberId| signed.iter().any(|(in_care, _)| in_care == id);
        let has_private = |id: &MemberId| signed.iter().any(|(_, in_private)| in_private == id);
        let told = members.iter().filter(|(word, in_private)| {
            let (in_care, of_private) = pair(&word.said);
            word.said.by_author
                && word.author == in_private.admitted_by
                && !has_care(&in_care)
                && !has_private(&of_private)
        });
        twins.extend(told.map(|(word, _)| pair(&word.said)));
        let known = known
            .iter()
            .filter(|(_, in_private)| !has_private(in_private));
        twins.extend(known);
        Ok(Self(twins))
    }

    /// Whether it was noted that two members are one, with these signatures.
    pub(crate) fn is_noted(
        replica: &Replica,
        care: &SpaceState,
        private: &SpaceState,
        keys: &MemberKeys,
    ) -> Result<bool> {
        let claims = Claim::read(replica, care, private)?;
        Ok(claims.iter().any(|word| word.said.keys == *keys))
    }

    /// Who a member of the care space is in the private one; a stolen device that has the keys of several may
    /// be several.
    pub(crate) fn in_private(&self, care: MemberId) -> impl Iterator<Item = MemberId> {
        let same = self.0.iter().filter(move |(in_care, _)| *in_care == care);
        same.map(|(_, in_private)| *in_private)
    }

    /// Who a member of the private space is in the care space.
    pub(crate) fn in_care(&self, private: &MemberId) -> Option<MemberId> {
        let mut all = self.0.iter();
        let same = all.find(|(_, in_private)| in_private == private);
        same.map(|(in_care, _)| *in_care)
    }

    /// All of them, care before private.
    pub(crate) fn all(&self) -> impl Iterator<Item = (MemberId, MemberId)> {
        self.0.iter().copied()
    }
}
