//! One installation's replica: its store, its identity, and the spaces it is a member of, with
//! their chains verified and their keys at hand.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use companion_protocol::chain::Chain;
use companion_protocol::id::{Epoch, MemberId, SpaceId};
use companion_protocol::statement::{Role, Statement};

use crate::error::{CoreError, Result};
use crate::ports::{Clock, Moment, Rng};
use crate::space::SpaceError;
use crate::space::identity::Identity;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::membership;
use crate::store::{SpaceRow, Store, StoreKey, Writer};
use crate::sync::Network;

/// What a space is for. Who is in it decides who reads what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The patient's devices and the clinic's nodes: everything shared.
    Care,
    /// The patient's devices and recovery code only.
    Private,
    /// The clinic's nodes only.
    Clinic,
}

impl Purpose {
    /// As it is stored and written into links.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Care => "care",
            Purpose::Private => "private",
            Purpose::Clinic => "clinic",
        }
    }
}

/// The world outside, injected.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// The way to a server.
    pub network: Arc<dyn Network>,
}

/// A space this installation knows.
pub(crate) struct SpaceState {
    pub(crate) row: SpaceRow,
    pub(crate) chain: Chain,
    pub(crate) statements: Vec<Statement>,
    pub(crate) keys: Keyring,
}

impl SpaceState {
    pub(crate) fn key(&self, epoch: Epoch) -> Result<&EpochKey, SpaceError> {
        self.keys.get(&epoch).ok_or(SpaceError::NoKey)
    }

    pub(crate) fn is(&self, purpose: Purpose) -> bool {
        self.row.purpose == purpose.as_str()
    }

    pub(crate) fn is_admin(&self, member: &MemberId) -> bool {
        self.chain
            .present(member)
            .is_some_and(|member| member.role == Role::Admin)
    }
}

/// One installation.
pub(crate) struct Replica {
    pub(crate) store: Store,
    pub(crate) me: Identity,
    pub(crate) ports: Ports,
    pub(crate) spaces: BTreeMap<SpaceId, SpaceState>,
    /// Whether entries are put into the search index: on the phone that wrote them.
    pub(crate) searchable: bool,
    /// What to add to this device's clock to get the server's, for signatures.
    pub(crate) clock_skew_ms: i64,
}

const IDENTITY: &str = "identity";

impl Replica {
    /// Opens the store at `path`, making it and a new identity on first use.
    pub(crate) fn open(
        path: &Path,
        key: &StoreKey,
        ports: Ports,
        searchable: bool,
    ) -> Result<Self> {
        let store = Store::open(path, key)?;
        let saved = store.read(|r| r.setting(IDENTITY))?;
        let me = match saved {
            Some(bytes) => Identity::from_bytes(&bytes)
                .ok_or(CoreError::NotFound("identity that can be read"))?,
            None => {
                let me = Identity::generate(&*ports.rng);
                store.write(|w| w.set_setting(IDENTITY, &me.to_bytes()))?;
                me
            }
        };
        let mut replica = Self {
            store,
            me,
            ports,
            spaces: BTreeMap::new(),
            searchable,
            clock_skew_ms: 0,
        };
        replica.load_spaces()?;
        Ok(replica)
    }

    fn load_spaces(&mut self) -> Result<()> {
        for row in self.store.read(|r| r.spaces())? {
            let (bytes, stored) = self.store.read(|r| {
                Ok::<_, CoreError>((r.statements(row.space)?, r.epoch_keys(row.space)?))
            })?;
            let statements = bytes
                .iter()
                .map(|bytes| Statement::parse(bytes))
                .collect::<Result<Vec<_>, _>>()?;
            let chain = Chain::from_statements(&statements)?;
            let keys = stored
                .into_iter()
                .map(|(epoch, key)| (epoch, EpochKey::new(key)))
                .collect();
            self.spaces.insert(
                row.space,
                SpaceState {
                    row,
                    chain,
                    statements,
                    keys,
                },
            );
        }
        // Where an interruption fell between learning of a removal and heeding it.
        let known: Vec<SpaceId> = self.spaces.keys().copied().collect();
        known
            .into_iter()
            .try_for_each(|space| self.heed_removals(space))
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Moment {
        self.ports.clock.now()
    }

    /// The present moment by the server's clock, as far as it is known: for what the server judges.
    pub(crate) fn server_now(&self) -> Moment {
        let mut now = self.now();
        now.unix_ms = now.unix_ms.saturating_add(self.clock_skew_ms);
        now
    }

    /// A space that must be known.
    pub(crate) fn space(&self, space: SpaceId) -> Result<&SpaceState> {
        self.spaces.get(&space).ok_or(CoreError::NotFound("space"))
    }

    /// The one space for a purpose, on a phone.
    pub(crate) fn space_for(&self, purpose: Purpose) -> Option<&SpaceState> {
        let all = || self.spaces.values().filter(|state| state.is(purpose));
        all()
            .find(|state| state.row.joined)
            .or_else(|| all().next())
    }

    /// Founds a space on this device; the server hears of it at the next sync.
    pub(crate) fn found_space(
        &mut self,
        purpose: Purpose,
        label: Option<crate::domain::DocumentId>,
    ) -> Result<SpaceId> {
        let (statement, key) = membership::found(&self.me, self.now(), &*self.ports.rng)?;
        let keys = Keyring::from([(Epoch(0), key)]);
        self.adopt_space(purpose, label, false, vec![statement], keys)
    }

    /// Starts to keep a space whose chain was verified by the caller's joining it.
    pub(crate) fn adopt_space(
        &mut self,
        purpose: Purpose,
        label: Option<crate::domain::DocumentId>,
        on_server: bool,
        statements: Vec<Statement>,
        mut keys: Keyring,
    ) -> Result<SpaceId> {
        let chain = Chain::from_statements(&statements)?;
        let space = chain.space();
        membership::learn_keys(&self.me, &chain, &statements, &mut keys);
        let row = SpaceRow {
            space,
            purpose: purpose.as_str().to_owned(),
            label,
            on_server,
            incarnation: None,
            cursor: companion_protocol::id::LogNumber(0),
            joined: true,
        };
        self.store.write(|w| {
            w.put_space(&row)?;
            keep(w, space, &statements, &keys)
        })?;
        self.spaces.insert(
            space,
            SpaceState {
                row,
                chain,
                statements,
                keys,
            },
        );
        Ok(space)
    }

    /// Takes in new statements of a chain: all or none. `known` are keys that came another way.
    pub(crate) fn extend_chain(
        &mut self,
        space: SpaceId,
        new: Vec<Statement>,
        known: &Keyring,
    ) -> Result<()> {
        let me = &self.me;
        let state = self
            .spaces
            .get_mut(&space)
            .ok_or(CoreError::NotFound("space"))?;
        let mut chain = state.chain.clone();
        for statement in &new {
            chain.extend(statement)?;
        }
        let mut keys = state.keys.clone();
        keys.extend(known.iter().map(|(epoch, key)| (*epoch, key.clone())));
        let first = state.statements.len();
        state.statements.extend(new);
        membership::learn_keys(me, &chain, &state.statements, &mut keys);
        let fresh = state.statements.iter().skip(first);
        let written = self.store.write(|w| keep(w, space, fresh, &keys));
        if written.is_err() {
            state.statements.truncate(first);
        }
        written?;
        state.chain = chain;
        state.keys = keys;
        self.heed_removals(space)
    }

    /// Changes what is remembered of a space.
    pub(crate) fn update_row(
        &mut self,
        space: SpaceId,
        change: impl FnOnce(&mut SpaceRow),
    ) -> Result<()> {
        let state = self
            .spaces
            .get_mut(&space)
            .ok_or(CoreError::NotFound("space"))?;
        let mut row = state.row.clone();
        change(&mut row);
        self.store.write(|w| w.put_space(&row))?;
        state.row = row;
        Ok(())
    }
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
