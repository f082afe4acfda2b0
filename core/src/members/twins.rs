//! Which members of the private space are which of the shared one, as far as it is signed. See
//! [`MemberKeys`]: any device of the patient's can write such a document, and a stolen one writes what it likes.

use std::collections::BTreeSet;

use companion_protocol::id::MemberId;

use crate::domain::MemberKeys;
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use crate::space::same_member::Pair;

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
        let said = replica.said::<MemberKeys>(private.row.space)?;
        let pair = |keys: &MemberKeys| Pair {
            care: (care.row.space, keys.care),
            private: (private.row.space, keys.private),
        };
        let members = said.iter().filter_map(|keys| {
            let in_care = care.chain.member(&keys.care)?;
            let in_private = private.chain.member(&keys.private)?;
            (in_care.role == in_private.role).then_some((keys, in_private))
        });
        let members: Vec<_> = members.collect();
        let proven = members
            .iter()
            .filter(|(keys, _)| pair(keys).is_said_by_both(keys));
        let mut twins: BTreeSet<_> = proven.map(|(keys, _)| (keys.care, keys.private)).collect();
        twins.insert((care.my_id(), private.my_id()));
        // What both keys signed stands against what anybody else says of one of them.
        let signed: Vec<_> = twins.iter().copied().collect();
        let has_care = |id: &MemberId| signed.iter().any(|(in_care, _)| in_care == id);
        let has_private = |id: &MemberId| signed.iter().any(|(_, in_private)| in_private == id);
        let told = members.iter().filter(|(keys, in_private)| {
            pair(keys).is_said_by_admitter(keys, &in_private.admitted_by)
                && !has_care(&keys.care)
                && !has_private(&keys.private)
        });
        twins.extend(told.map(|(keys, _)| (keys.care, keys.private)));
        let known = known
            .iter()
            .filter(|(_, in_private)| !has_private(in_private));
        twins.extend(known);
        Ok(Self(twins))
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
