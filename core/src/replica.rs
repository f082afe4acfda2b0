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

use companion_protocol::chain::Chain;
use companion_protocol::id::{Epoch, MemberId, SpaceId};
use companion_protocol::statement::{Role, Statement};

use crate::document::OpenDocument;
use crate::domain::{DocumentId, Purpose, Side};
use crate::error::{CoreError, Missing, Result};
use crate::gate::Gate;
use crate::ports::{Moment, Ports};
use crate::report::SyncReport;
use crate::space::SpaceError;
use crate::space::identity::Identity;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::membership;
use crate::store::{Reader, SpaceRow, Store, StoreKey, Writer};

/// Who is in a space, and the keys that this installation has of it.
pub(crate) struct Membership {
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
    pub(crate) keys: Keyring,
}

/// A space as it was when it was asked for.
#[derive(Clone)]
pub(crate) struct SpaceState {
    pub(crate) row: SpaceRow,
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
            .is_some_and(|member| member.role == Role::Admin)
    }
}

/// What is kept in memory of a space. The chain is read and verified when it is first needed: a
/// clinic has hundreds of spaces, and an exchange touches a few.
struct Kept {
    row: SpaceRow,
    membership: Option<Arc<Membership>>,
}

/// One installation.
pub(crate) struct Replica {
    pub(crate) store: Store,
    pub(crate) me: Identity,
    pub(crate) ports: Ports,
    /// Whose installation it is.
    pub(crate) side: Side,
    spaces: RwLock<BTreeMap<SpaceId, Kept>>,
    /// One exchange with the server at a time.
    pub(crate) gate: Gate<SyncReport>,
    /// The document that was edited last, kept for its next edit.
    pub(crate) last_edited: Mutex<Option<(DocumentId, OpenDocument)>>,
    /// Held by whoever changes what is kept of a space, from reading it to having written it.
    turn: Mutex<()>,
    /// What to add to this device's clock to get the server's, for signatures.
    clock_skew_ms: AtomicI64,
    /// When a sync that ended well was noted last; `i64::MIN` before this process noted one.
    pub(crate) sync_noted_ms: AtomicI64,
}

const IDENTITY: &str = "identity";

impl Replica {
    /// Opens the store at `path`, making it and a new identity on first use.
    pub(crate) fn open(path: &Path, key: &StoreKey, ports: Ports, side: Side) -> Result<Self> {
        let store = Store::open(path, key)?;
        let (saved, rows) =
            store.read(|r| Ok::<_, CoreError>((r.setting(IDENTITY)?, r.spaces()?)))?;
        let me = match saved {
            Some(bytes) => {
                Identity::from_bytes(&bytes).ok_or(CoreError::NotFound(Missing::Identity))?
            }
            None => {
                let me = Identity::generate(&*ports.rng);
                store.write(|w| w.set_setting(IDENTITY, &me.to_bytes()))?;
                me
            }
        };
        let kept = |row: SpaceRow| {
            let membership = None;
            (row.space, Kept { row, membership })
        };
        let replica = Self {
            store,
            me,
            ports,
            side,
            spaces: RwLock::new(rows.into_iter().map(kept).collect()),
            gate: Gate::new(),
            last_edited: Mutex::new(None),
            turn: Mutex::new(()),
            clock_skew_ms: AtomicI64::new(0),
            sync_noted_ms: AtomicI64::new(i64::MIN),
        };
        match replica.index_again_if_outdated() {
            // Rows as an earlier version read them are better than none.
            Err(CoreError::Store(error)) if error.forbids_writing_alone() => {}
            done => done?,
        }
        Ok(replica)
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
        let (row, membership) = {
            let kept = self.kept();
            let kept = kept
                .get(&space)
                .ok_or(CoreError::NotFound(Missing::Space))?;
            (kept.row.clone(), kept.membership.clone())
        };
        let membership = match membership {
            Some(membership) => membership,
            None => {
                let read = Arc::new(self.store.read(|r| read_membership(r, space))?);
                let mut spaces = self.kept_mut();
                let kept = spaces
                    .get_mut(&space)
                    .ok_or(CoreError::NotFound(Missing::Space))?;
                // Whoever changed it meanwhile put what is newer than what was just read.
                Arc::clone(kept.membership.get_or_insert(read))
            }
        };
        Ok(SpaceState { row, membership })
    }

    /// The one space for a purpose, on a phone.
    pub(crate) fn row_for(&self, purpose: Purpose) -> Option<SpaceRow> {
        let kept = self.kept();
        let all = || kept.values().filter(|kept| kept.row.purpose == purpose);
        all()
            .find(|kept| kept.row.joined)
            .or_else(|| all().next())
            .map(|kept| kept.row.clone())
    }

    /// The spaces of a purpose, the one to write into first.
    pub(crate) fn spaces_for(&self, purpose: Purpose) -> Vec<SpaceId> {
        let kept = self.kept();
        let of_purpose = kept.values().filter(|kept| kept.row.purpose == purpose);
        let mut spaces: Vec<_> = of_purpose
            .map(|kept| (!kept.row.joined, kept.row.space))
            .collect();
        spaces.sort_by_key(|(is_left, _)| *is_left);
        spaces.into_iter().map(|(_, space)| space).collect()
    }

    /// Founds a space on this device; the server hears of it at the next sync.
    pub(crate) fn found_space(
        &self,
        purpose: Purpose,
        label: Option<DocumentId>,
    ) -> Result<SpaceId> {
        let (statement, key) = membership::found(&self.me, self.now(), &*self.ports.rng)?;
        let mut row = SpaceRow::new(statement.space(), purpose);
        row.label = label;
        self.adopt_space(row, vec![statement], Keyring::from([(Epoch(0), key)]))
    }

    /// Starts to keep a space whose chain was verified by the caller's joining it.
    pub(crate) fn adopt_space(
        &self,
        mut row: SpaceRow,
        statements: Vec<Statement>,
        mut keys: Keyring,
    ) -> Result<SpaceId> {
        let chain = Chain::from_statements(&statements)?;
        let space = chain.space();
        membership::learn_keys(&self.me, &chain, &statements, &mut keys);
        row.joined = true;
        let membership = Membership {
            chain,
            statements,
            keys,
        };
        describe(&mut row, &membership, self.me.member());
        let _turn = self.take_turn();
        self.store.write(|w| {
            w.put_space(&row)?;
            keep(w, space, &membership.statements, &membership.keys)
        })?;
        let membership = Some(Arc::new(membership));
        self.kept_mut().insert(space, Kept { row, membership });
        Ok(space)
    }

    /// Takes in new statements of a chain: all or none, together with what they mean for changes that
    /// are here already. `known` are keys that came another way.
    pub(crate) fn extend_chain(
        &self,
        space: SpaceId,
        new: Vec<Statement>,
        known: &Keyring,
    ) -> Result<()> {
        let _turn = self.take_turn();
        let before = self.space(space)?;
        let mut chain = before.chain.clone();
        for statement in &new {
            chain.extend(statement)?;
        }
        let mut keys = before.keys.clone();
        keys.extend(known.iter().map(|(epoch, key)| (*epoch, key.clone())));
        let mut statements = before.statements.clone();
        let first = statements.len();
        statements.extend(new);
        membership::learn_keys(&self.me, &chain, &statements, &mut keys);
        let membership = Arc::new(Membership {
            chain,
            statements,
            keys,
        });
        let row = self.store.write(|w| {
            let mut row = stored_row(w, space)?;
            describe(&mut row, &membership, self.me.member());
            w.put_space(&row)?;
            let fresh = membership.statements.iter().skip(first);
            keep(w, space, fresh, &membership.keys)?;
            let after = SpaceState {
                row,
                membership: Arc::clone(&membership),
            };
            self.apply_removals(w, &after)?;
            Ok::<_, CoreError>(after.row)
        })?;
        let membership = Some(membership);
        self.kept_mut().insert(space, Kept { row, membership });
        Ok(())
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

/// Notes in a row what an exchange asks of a chain.
fn describe(row: &mut SpaceRow, membership: &Membership, me: MemberId) {
    row.chain_length = membership.chain.length();
    row.chain_head = membership.chain.head();
    row.rotate_at_ms = membership::rotation_due(&membership.chain, &membership.statements, me);
}

fn read_membership(r: &Reader<'_>, space: SpaceId) -> Result<Membership> {
    let statements = r
        .statements(space)?
        .iter()
        .map(|bytes| Statement::parse(bytes))
        .collect::<Result<Vec<_>, _>>()?;
    let chain = Chain::from_statements(&statements)?;
    let keys = r
        .epoch_keys(space)?
        .into_iter()
        .map(|(epoch, key)| (epoch, EpochKey::new(key)))
        .collect();
    Ok(Membership {
        chain,
        statements,
        keys,
    })
}

/// Writes statements that are new to this store, and all keys that are known by then.
fn keep<'a>(
    w: &mut Writer<'_>,
    space: SpaceId,
    statements: impl IntoIterator<Item = &'a Statement>,
    keys: &Keyring,
) -> Result<()> {
    for statement in statements {
        w.append_statement(
            space,
            statement.sequence(),
            statement.hash(),
            statement.bytes(),
        )?;
    }
    for (epoch, key) in keys {
        w.put_epoch_key(space, *epoch, key.as_bytes())?;
    }
    Ok(())
}
