//! One installation's replica: its store, its identity, and the spaces it is a member of, with
//! their chains verified and their keys at hand.
//!
//! Nothing here holds a lock while somebody reads: a space is handed out as a value of its own.
//! Changes of membership take turns among themselves, and nobody else waits for them.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread::ThreadId;

use companion_protocol::chain::{Chain, Pending};
use companion_protocol::id::{Epoch, MemberId, SpaceId};
use companion_protocol::statement::{Role, Statement};

use crate::document::OpenDocument;
use crate::domain::{DocumentId, Purpose, Side};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::gate::Gate;
use crate::members::Spoken;
use crate::ports::{Moment, Ports};
use crate::records::Weighed;
use crate::report::SyncReport;
use crate::settings::ENDING;
use crate::space::SpaceError;
use crate::space::identity::{Handle, Identity, Installation};
use crate::space::keys::{EpochKey, Keyring};
use crate::space::rotation::FalseRotation;
use crate::store::{Reader, SpaceRow, SpaceStanding, Store, StoreKey, Writer};

mod membership;
#[cfg(test)]
mod tests;

/// Who is in a space, and the keys that this installation has of it.
pub(crate) struct Membership {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
    pub(crate) keys: Keyring,
    /// Rotations that were not what an honest member makes.
    pub(crate) faults: Vec<FalseRotation>,
}

/// A space as it was when it was asked for.
#[derive(Clone)]
pub(crate) struct SpaceState {
    pub(crate) row: SpaceRow,
    /// Who this installation is in it.
    pub(crate) me: Arc<Identity>,
    membership: Arc<Membership>,
}

impl Deref for SpaceState {
    type Target = Membership;

    fn deref(&self) -> &Membership {
        &self.membership
    }
}

impl SpaceState {
    pub(crate) fn key(&self, epoch: Epoch) -> Result<&EpochKey, SpaceError> {
        self.keys.get(&epoch).ok_or(SpaceError::NoKey)
    }

    pub(crate) fn is(&self, purpose: Purpose) -> bool {
        self.row.purpose == purpose
    }

    pub(crate) fn is_admin(&self, member: &MemberId) -> bool {
        self.chain
            .present(member)
            .is_some_and(|member| member.role.is_admin())
    }

    /// This installation's name in it.
    pub(crate) fn my_id(&self) -> MemberId {
        self.me.member()
    }

    /// Those who came by this installation's own invites and wait.
    pub(crate) fn my_newcomers(&self) -> impl Iterator<Item = &Pending> {
        self.chain.newcomers_of(self.my_id())
    }
}

/// What is kept in memory of a space. The chain is read and verified when it is first needed: a
/// clinic has hundreds of spaces, and an exchange touches a few.
struct Kept {
    row: SpaceRow,
    me: Arc<Identity>,
    membership: Option<Arc<Membership>>,
}

impl From<SpaceState> for Kept {
    fn from(state: SpaceState) -> Self {
        Self {
            row: state.row,
            me: state.me,
            membership: Some(state.membership),
        }
    }
}

/// One installation.
pub(crate) struct Replica {
    pub(crate) store: Store,
    installation: Installation,
    /// Who it is under each handle that is in use.
    identities: Mutex<BTreeMap<Handle, Arc<Identity>>>,
    pub(crate) ports: Ports,
    /// Whose installation it is.
    pub(crate) side: Side,
    spaces: RwLock<BTreeMap<SpaceId, Kept>>,
    /// One exchange with the server at a time.
    pub(crate) gate: Gate<SyncReport>,
    /// The document that was edited last, kept for its next edit.
    pub(crate) last_edited: Mutex<Option<(DocumentId, OpenDocument)>>,
    /// What was made of evidence, in each space.
    pub(crate) weighed: Mutex<BTreeMap<SpaceId, Weighed>>,
    /// What was read of what members say of themselves and of each other.
    pub(crate) spoken: Spoken,
    /// Held by whoever changes what is kept of a space, from reading it to having written it.
    turn: Mutex<()>,
    /// What to add to this device's clock to get the server's, for signatures.
    clock_skew_ms: AtomicI64,
    /// Who writes for the end of the account, which nobody else writes beside.
    writes_the_end: Mutex<Option<ThreadId>>,
    /// When a sync that ended well was noted last; `i64::MIN` before this process noted one.
    pub(crate) sync_noted_ms: AtomicI64,
}

const IDENTITY: &str = "identity";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Replica {
    /// Opens the store at `path`, making it and a new identity on first use. Where other files of a store are there
    /// and its own is not, nothing is made ([`StoreError::Lost`](crate::StoreError::Lost)).
    pub(crate) fn open(path: &Path, key: &StoreKey, ports: Ports, side: Side) -> Result<Self> {
        let store = Store::open(path, key)?;
        let (saved, rows) =
            store.read(|r| Ok::<_, CoreError>((r.setting(IDENTITY)?, r.spaces()?)))?;
        let installation = match saved {
            Some(bytes) => {
                Installation::from_bytes(&bytes).ok_or(CoreError::NotFound(Missing::Identity))?
            }
            None => {
                // A store that begins now knows none of the files beside it, and would tidy them away.
                store.must_be_alone()?;
                let new = Installation::generate(&*ports.rng);
                store.write(|w| w.set_setting(IDENTITY, new.as_bytes()))?;
                new
            }
        };
        let replica = Self {
            store,
            installation,
            identities: Mutex::default(),
            ports,
            side,
            spaces: RwLock::default(),
            gate: Gate::new(),
            last_edited: Mutex::new(None),
            weighed: Mutex::default(),
            spoken: Spoken::default(),
            turn: Mutex::new(()),
            writes_the_end: Mutex::default(),
            clock_skew_ms: AtomicI64::new(0),
            sync_noted_ms: AtomicI64::new(i64::MIN),
        };
        for row in rows {
            let me = replica.identity(&row.handle);
            let membership = None;
            let kept = Kept {
                row,
                me,
                membership,
            };
            replica.kept_mut().insert(kept.row.space, kept);
        }
        match replica.index_again_if_outdated() {
            // Rows as an earlier version read them are better than none.
            Err(CoreError::Store(error)) if error.forbids_writing_alone() => {}
            done => {
                done?;
                match replica.store.reconcile_blobs() {
                    // Nothing is wrong with what is read; the next opening tries again.
                    Err(error) if error.forbids_writing_alone() => {}
                    reconciled => reconciled?,
                }
            }
        }
        Ok(replica)
    }

    /// Runs what is still written once the account is being ended on this phone; nobody else writes then.
    pub(crate) fn writing_the_end<T>(&self, write: impl FnOnce() -> Result<T>) -> Result<T> {
        let note = |who| {
            let mut writes = self
                .writes_the_end
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *writes = who;
        };
        note(Some(std::thread::current().id()));
        let written = write();
        note(None);
        written
    }

    /// That nothing is written beside the end of the account.
    pub(crate) fn must_not_be_ending(&self, r: &Reader<'_>) -> Result<()> {
        if r.setting(ENDING)?.is_none() {
            return Ok(());
        }
        let writes = self.writes_the_end.lock();
        let writes = *writes.unwrap_or_else(PoisonError::into_inner);
        match writes == Some(std::thread::current().id()) {
            true => Ok(()),
            false => Err(NotNow::AccountEnding.into()),
        }
    }

    /// Ends what is under way, and lets go of the file and of what was kept of documents in memory.
    pub(crate) fn pause(&self) {
        self.gate.pause();
        self.store.release();
        drop(
            self.last_edited
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }

    /// Who this installation is under a handle.
    pub(crate) fn identity(&self, handle: &Handle) -> Arc<Identity> {
        let mut known = self
            .identities
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let made = known.entry(*handle);
        Arc::clone(made.or_insert_with(|| Arc::new(self.installation.identity(handle))))
    }

    /// A handle for a space that this installation is about to found or to join: on a patient's device
    /// somebody else in each, on a clinic's node the same in all.
    pub(crate) fn new_handle(&self) -> Handle {
        match self.side {
            Side::Patient => Handle::random(&*self.ports.rng),
            Side::Clinic => Handle::SHARED,
        }
    }

    /// The handle that a setting keeps of somebody whom this installation began to become, or a new one.
    pub(crate) fn kept_handle(&self, setting: &str) -> Result<Handle> {
        let kept = self.store.read(|r| r.setting(setting))?;
        let kept = kept.and_then(|kept| kept.try_into().ok());
        Ok(kept.map_or_else(|| self.new_handle(), Handle::new))
    }

    /// What this installation is as a founder.
    fn founding_role(&self) -> Role {
        match self.side {
            Side::Patient => Role::Device,
            Side::Clinic => Role::Host,
        }
    }

    /// When a statement was made, as it is shown to whoever is here now.
    pub(crate) fn shown(&self, made_at_ms: u64) -> Moment {
        Moment {
            unix_ms: i64::try_from(made_at_ms).unwrap_or(0),
            ..self.now()
        }
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Moment {
        self.ports.clock.now()
    }

    /// The present moment by the server's clock, as far as it is known: for what the server judges.
    pub(crate) fn server_now(&self) -> Moment {
        let mut now = self.now();
        now.unix_ms = now.unix_ms.saturating_add(self.clock_skew_ms());
        now
    }

    /// The time that a statement of a space of this purpose carries. In what a patient keeps private it is
    /// rounded down to the day: whoever has the server's file must not put a statement of that space beside
    /// one of the shared space that was made in the same minute. The shared one has the time that people
    /// are shown.
    pub(crate) fn statement_time(&self, purpose: Purpose) -> Moment {
        let mut at = self.server_now();
        if purpose == Purpose::Private {
            at.unix_ms = at.unix_ms.saturating_sub(at.unix_ms.rem_euclid(DAY_MS));
        }
        at
    }

    pub(crate) fn clock_skew_ms(&self) -> i64 {
        self.clock_skew_ms.load(Ordering::Relaxed)
    }

    /// Remembers what the server's clock shows.
    pub(crate) fn correct_clock(&self, server_ms: i64) {
        let skew = server_ms.saturating_sub(self.now().unix_ms);
        self.clock_skew_ms.store(skew, Ordering::Relaxed);
    }

    /// Whether the words of documents are put into a search index: on the phone that they belong to.
    pub(crate) fn is_searchable(&self) -> bool {
        self.side == Side::Patient
    }

    /// What is kept of every space.
    pub(crate) fn rows(&self) -> Vec<SpaceRow> {
        self.kept().values().map(|kept| kept.row.clone()).collect()
    }

    /// What is kept of one space.
    pub(crate) fn row(&self, space: SpaceId) -> Result<SpaceRow> {
        let kept = self.kept();
        let kept = kept.get(&space).ok_or(CoreError::NotFound(Missing::Space));
        kept.map(|kept| kept.row.clone())
    }

    /// Whether this installation knows that space.
    pub(crate) fn knows(&self, space: SpaceId) -> bool {
        self.kept().contains_key(&space)
    }

    /// A space that must be known, with its chain and keys.
    pub(crate) fn space(&self, space: SpaceId) -> Result<SpaceState> {
        let (row, me, membership) = {
            let kept = self.kept();
            let kept = kept
                .get(&space)
                .ok_or(CoreError::NotFound(Missing::Space))?;
            let me = Arc::clone(&kept.me);
            (kept.row.clone(), me, kept.membership.clone())
        };
        let membership = match membership {
            Some(membership) => membership,
            None => {
                let read = Arc::new(self.store.read(|r| membership::read_membership(r, space))?);
                let mut spaces = self.kept_mut();
                let kept = spaces
                    .get_mut(&space)
                    .ok_or(CoreError::NotFound(Missing::Space))?;
                // Whoever changed it meanwhile put what is newer than what was just read.
                Arc::clone(kept.membership.get_or_insert(read))
            }
        };
        Ok(SpaceState {
            row,
            me,
            membership,
        })
    }

    /// The one space for a purpose, on a phone: one that it is a member of, or waits for, before any other.
    pub(crate) fn row_for(&self, purpose: Purpose) -> Option<SpaceRow> {
        let first = self.spaces_for(purpose).into_iter().next()?;
        self.row(first).ok()
    }

    /// The spaces of a purpose, the one to write into first.
    pub(crate) fn spaces_for(&self, purpose: Purpose) -> Vec<SpaceId> {
        let kept = self.kept();
        let of_purpose = kept.values().filter(|kept| kept.row.purpose == purpose);
        let place = |row: &SpaceRow| match row.standing {
            SpaceStanding::Member => 0,
            SpaceStanding::Waiting => 1,
            SpaceStanding::Ended => 2,
            SpaceStanding::Gone | SpaceStanding::Forgotten => 3,
        };
        let mut spaces: Vec<_> = of_purpose
            .map(|kept| (place(&kept.row), kept.row.space))
            .collect();
        spaces.sort_by_key(|(place, _)| *place);
        spaces.into_iter().map(|(_, space)| space).collect()
    }

    /// Writes something together with what is kept of a space: all or none.
    pub(crate) fn write_with_row<T>(
        &self,
        space: SpaceId,
        write: impl FnOnce(&mut Writer<'_>, &mut SpaceRow) -> Result<T>,
    ) -> Result<T> {
        let _turn = self.take_turn();
        let (value, row) = self.store.write(|w| {
            let before = stored_row(w, space)?;
            let mut row = before.clone();
            let value = write(w, &mut row)?;
            if row != before {
                w.put_space(&row)?;
            }
            Ok::<_, CoreError>((value, row))
        })?;
        if let Some(kept) = self.kept_mut().get_mut(&space) {
            kept.row = row;
        }
        Ok(value)
    }

    /// Changes what is kept of a space.
    pub(crate) fn update_row(
        &self,
        space: SpaceId,
        change: impl FnOnce(&mut SpaceRow),
    ) -> Result<()> {
        self.write_with_row(space, |_, row| {
            change(row);
            Ok(())
        })
    }

    /// Forgets a space, together with what else is to be written then.
    pub(crate) fn forget_space(
        &self,
        space: SpaceId,
        before: impl FnOnce(&mut Writer<'_>) -> Result<()>,
    ) -> Result<()> {
        let _turn = self.take_turn();
        self.store.write(|w| {
            before(w)?;
            Ok::<_, CoreError>(w.forget_space(space)?)
        })?;
        self.kept_mut().remove(&space);
        Ok(())
    }

    fn take_turn(&self) -> impl Drop + '_ {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> RwLockReadGuard<'_, BTreeMap<SpaceId, Kept>> {
        self.spaces.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_mut(&self) -> RwLockWriteGuard<'_, BTreeMap<SpaceId, Kept>> {
        self.spaces.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is kept of a space as the disk has it: another process may have changed it.
fn stored_row(r: &Reader<'_>, space: SpaceId) -> Result<SpaceRow> {
    r.space(space)?.ok_or(CoreError::NotFound(Missing::Space))
}
