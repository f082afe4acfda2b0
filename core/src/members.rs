//! Who the members of a care space are, by what devices say of themselves; and which of the patient's
//! recovery words stand. The same answer on every device, since it follows from what all of them read.

use std::collections::BTreeMap;
use std::sync::Arc;

use companion_protocol::chain::{Chain, Member};
use companion_protocol::id::{MemberId, SpaceId};
use companion_protocol::statement::{Statement, StatementBody};

use crate::domain::{Device, DeviceSort, DocumentId, Moment};
use crate::error::Result;
use crate::records::{PageSize, Query, Records, Scope};
use crate::replica::{Replica, SpaceState};
use crate::space::words::compare_words;

/// How long after its invite ran out a newcomer's words are shown for comparing.
const COMPARED_WITHIN_MS: u64 = 24 * 60 * 60 * 1000;
/// The name of a device that gave itself none.
pub(crate) const UNNAMED: &str = "A device without a name";

/// What a member of the patient's spaces is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    /// This phone.
    ThisPhone,
    /// Another phone or tablet of the patient.
    Phone,
    /// Recovery words: no device, and a member like one.
    RecoveryWords,
    /// The clinic.
    Clinic,
    /// Something that joined and has not said what it is: a phone before its first exchange, or one that
    /// is not the patient's.
    Unnamed,
}

/// A member of a care space, as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownMember {
    pub(crate) member: MemberId,
    pub(crate) kind: DeviceKind,
    pub(crate) name: String,
    pub(crate) joined_at: Moment,
    pub(crate) last_received_ms: Option<i64>,
    pub(crate) removed: bool,
    /// For the words of a newcomer, as long as comparing them is of use.
    pub(crate) compare_words: Option<Vec<String>>,
}

/// What the devices of one care space said of themselves.
pub(crate) struct Devices {
    by_member: BTreeMap<MemberId, (DocumentId, Device)>,
}

impl Devices {
    /// Reads them.
    pub(crate) fn read(replica: &Arc<Replica>, care: SpaceId) -> Result<Self> {
        let query = Query::<Device>::all()
            .oldest_first()
            .size(PageSize::LARGEST);
        let mut by_member: BTreeMap<MemberId, (DocumentId, Device)> = BTreeMap::new();
        for (id, said) in Records::new(replica, Scope::Care(care)).contents(&query)? {
            let known = by_member.entry(said.member);
            let kept = known.or_insert_with(|| (id, said.clone()));
            // Whoever was ever called a device is never removed as words.
            if kept.1.sort == DeviceSort::RecoveryWords && said.sort != DeviceSort::RecoveryWords {
                *kept = (id, said);
            }
        }
        Ok(Self { by_member })
    }

    /// What a member said of itself, or the phone that made it.
    pub(crate) fn of(&self, member: &MemberId) -> Option<&Device> {
        self.by_member.get(member).map(|(_, device)| device)
    }

    /// The document in which it said so.
    pub(crate) fn document_of(&self, member: &MemberId) -> Option<DocumentId> {
        self.by_member.get(member).map(|(id, _)| *id)
    }

    /// Everything that was ever made known as recovery words.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Device> {
        let said = self.by_member.values().map(|(_, device)| device);
        said.filter(|device| device.sort == DeviceSort::RecoveryWords)
    }

    /// The words that stand: of those present in both of the patient's spaces, the ones that joined the
    /// care space last. Its chain is one line for everybody, so words made apart on two phones have one
    /// outcome; and nobody gets into the private space whom the patient did not let in, so the clinic's
    /// side can't put others in the place of the patient's.
    pub(crate) fn standing_words(&self, care: &Chain, private: &Chain) -> Option<&Device> {
        let present = self.words().filter_map(|words| {
            private.present(&words.member)?;
            Some((care.present(&words.member)?.index, words))
        });
        present
            .max_by_key(|(index, _)| *index)
            .map(|(_, words)| words)
    }

    /// The words that those replaced: whatever joined the care space before them, wherever it is still a
    /// member.
    pub(crate) fn replaced_words<'a>(
        &'a self,
        care: &'a Chain,
        standing: &Device,
    ) -> impl Iterator<Item = &'a Device> {
        let since = care.member(&standing.member).map(|member| member.index);
        self.words().filter(move |words| {
            let joined = care.member(&words.member).map(|member| member.index);
            joined.is_some() && joined < since
        })
    }

    /// The members of the care space in the order of joining.
    pub(crate) fn members(&self, replica: &Replica, care: &SpaceState) -> Result<Vec<KnownMember>> {
        let heard = replica.store.read(|r| r.last_heard(care.row.space))?;
        let mut members: Vec<_> = care.chain.members().collect();
        members.sort_by_key(|member| member.index);
        let now_ms = replica.server_now().unix_ms;
        let known = members.into_iter().map(|member| {
            let said = self.of(&member.id);
            let (kind, name) = match said {
                _ if member.index == 0 => (DeviceKind::Clinic, None),
                Some(said) if said.sort == DeviceSort::RecoveryWords => {
                    (DeviceKind::RecoveryWords, Some(said))
                }
                said if member.id == replica.me.member() => (DeviceKind::ThisPhone, said),
                Some(said) => (DeviceKind::Phone, Some(said)),
                None => (DeviceKind::Unnamed, None),
            };
            let name = match (name, kind) {
                (Some(said), _) => said.name.clone(),
                (None, DeviceKind::Clinic) => "The clinic".to_owned(),
                (None, DeviceKind::ThisPhone) => "This phone".to_owned(),
                (None, _) => UNNAMED.to_owned(),
            };
            KnownMember {
                member: member.id,
                kind,
                name,
                joined_at: Moment::utc(i64::try_from(member.joined_at_ms).unwrap_or(0)),
                last_received_ms: heard.get(&member.id).copied(),
                removed: member.removed.is_some(),
                compare_words: match kind {
                    DeviceKind::Phone | DeviceKind::Unnamed => {
                        words_to_compare(care, member, now_ms)
                    }
                    _ => None,
                },
            }
        });
        Ok(known.collect())
    }
}

/// The words of a newcomer that a phone invited, until a day after the invite ran out. By the invite and
/// not by when the newcomer says that it joined: a stranger would say long ago.
fn words_to_compare(care: &SpaceState, member: &Member, now_ms: i64) -> Option<Vec<String>> {
    if member.removed.is_some() {
        return None;
    }
    let (invited_by, until_ms) = invite_of(&care.statements, member)?;
    let by_clinic = care
        .chain
        .member_by_index(0)
        .is_none_or(|founder| founder.id == invited_by);
    let until = i64::try_from(until_ms.saturating_add(COMPARED_WITHIN_MS)).ok()?;
    (!by_clinic && now_ms <= until).then(|| compare_words(care.row.space, member.joined_by))
}

/// The member that the clinic invited and that let this one in, by as many links and recovery words as it
/// took; itself where the clinic invited it.
pub(crate) fn invited_by_clinic(care: &SpaceState, member: MemberId) -> Option<MemberId> {
    let clinic = care.chain.member_by_index(0)?.id;
    let mut member = care.chain.member(&member)?;
    loop {
        let (by, _) = invite_of(&care.statements, member)?;
        if by == clinic {
            return Some(member.id);
        }
        // Whoever invites was there before: this ends.
        member = care.chain.member(&by)?;
    }
}

/// Who invited a member, and until when the invite was good.
fn invite_of(statements: &[Statement], member: &Member) -> Option<(MemberId, u64)> {
    let joined = statements
        .iter()
        .find(|statement| statement.hash() == member.joined_by)?;
    let StatementBody::Join(join) = joined.body() else {
        return None;
    };
    statements
        .iter()
        .find_map(|statement| match statement.body() {
            StatementBody::Invite(invite) if invite.invite_key == join.invite_key => {
                Some((statement.author(), invite.expires_at_ms))
            }
            _ => None,
        })
}
