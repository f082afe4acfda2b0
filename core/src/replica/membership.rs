//! Founding and joining spaces, and taking in what their chains say: the keys that come with it, and what
//! is false in it.

use std::sync::Arc;

use companion_protocol::chain::Chain;
use companion_protocol::id::{Epoch, MemberId, SpaceId};
use companion_protocol::statement::Statement;

use super::{Membership, Replica, SpaceState, stored_row};
use crate::domain::{DocumentId, Purpose};
use crate::error::{CoreError, Result};
use crate::report::WarningCode;
use crate::space::identity::Identity;
use crate::space::keys::{EpochKey, Keyring};
use crate::space::rotation::Falsehood;
use crate::space::{membership, rotation};
use crate::store::{Reader, SpaceRow, SpaceStanding, Writer};

impl Replica {
    /// Founds a space on this device; the server hears of it at the next sync.
    pub(crate) fn found_space(
        &self,
        purpose: Purpose,
        label: Option<DocumentId>,
    ) -> Result<SpaceId> {
        let handle = self.new_handle();
        let me = self.identity(&handle);
        let (role, rng) = (self.founding_role(), &*self.ports.rng);
        let (statement, key) = membership::found(&me, role, self.statement_time(purpose), rng)?;
        let mut row = SpaceRow::new(statement.space(), purpose, handle);
        row.label = label;
        self.adopt_space(row, vec![statement], Keyring::from([(Epoch(0), key)]))
    }

    /// Starts to keep a space whose chain was verified by the caller's joining it.
    pub(crate) fn adopt_space(
        &self,
        mut row: SpaceRow,
        statements: Vec<Statement>,
        keys: Keyring,
    ) -> Result<SpaceId> {
        let chain = Chain::from_statements(&statements)?;
        let space = chain.space();
        let me = self.identity(&row.handle);
        let empty = Membership {
            chain,
            statements: Vec::new(),
            keys,
            faults: Vec::new(),
        };
        let membership = Arc::new(grown(&me, empty, statements));
        describe(&mut row, &membership, me.member());
        let state = SpaceState {
            row,
            me,
            membership,
        };
        // What was done to others before it came is theirs to hear.
        let mut faults = state.faults.iter();
        let is_locked_out = faults.any(|fault| fault.what == Falsehood::LockedOut);
        let _turn = self.take_turn();
        self.store.write(|w| {
            // It may be known already, from when this device came by another link and was not let in.
            w.clear_chain(space)?;
            w.put_space(&state.row)?;
            keep(w, space, &state, 0)?;
            match is_locked_out {
                true => self.warn_of_faults(w, &state),
                false => Ok(()),
            }
        })?;
        self.kept_mut().insert(space, state.into());
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
        let first = before.statements.len();
        let grown = grown(
            &before.me,
            Membership {
                chain,
                statements: before.statements.clone(),
                keys,
                faults: before.faults.clone(),
            },
            new,
        );
        let membership = Arc::new(grown);
        let after = self.store.write(|w| {
            let mut row = stored_row(w, space)?;
            describe(&mut row, &membership, before.my_id());
            w.put_space(&row)?;
            keep(w, space, &membership, first)?;
            let after = SpaceState {
                row,
                me: Arc::clone(&before.me),
                membership,
            };
            self.apply_removals(w, &after)?;
            if after.faults.len() > before.faults.len() {
                self.warn_of_faults(w, &after)?;
            }
            Ok::<_, CoreError>(after)
        })?;
        self.kept_mut().insert(space, after.into());
        Ok(())
    }

    /// Says who rotated the key falsely, and what that does. All of them: one warning stands for a space.
    fn warn_of_faults(&self, w: &mut Writer<'_>, state: &SpaceState) -> Result<()> {
        let mut said = Vec::new();
        for fault in &state.faults {
            let by = self.name_in(state, &fault.by)?;
            let what = match &fault.what {
                Falsehood::LockedOut => "which locks this device out".to_owned(),
                Falsehood::LocksOut(member) => {
                    format!("which locks {} out", self.name_in(state, member)?)
                }
                Falsehood::HidesHistory(_) => {
                    "which hides what was written before from later devices".to_owned()
                }
            };
            let detail = format!("{by} changed the key falsely, {what}");
            if !said.contains(&detail) {
                said.push(detail);
            }
        }
        Ok(w.put_warning(
            WarningCode::FalseRotation.as_str(),
            Some(state.row.space),
            &said.join("; "),
            self.now().unix_ms,
        )?)
    }
}

/// Notes in a row what an exchange asks of a chain, and what this device is to it.
fn describe(row: &mut SpaceRow, membership: &Membership, me: MemberId) {
    let chain = &membership.chain;
    row.chain_length = chain.length();
    row.chain_head = chain.head();
    let is_admin = chain.present(&me).is_some_and(|me| me.role.is_admin());
    let goes_on = chain.ended().is_none();
    row.rotation_due = goes_on && is_admin && is_rotation_due(membership);
    // Noted, since the exchange that reads of a newcomer is not always the one that answers: a chain is read
    // wherever something is decided, and then looks as if there were nothing new.
    let mut mine = chain.newcomers_of(me);
    row.answer_due = goes_on && is_admin && mine.any(|newcomer| newcomer.answer.is_none());
    row.standing = if !goes_on {
        SpaceStanding::Ended
    } else if chain.present(&me).is_some() {
        SpaceStanding::Member
    } else if chain.pending(&me).is_some() {
        SpaceStanding::Waiting
    } else {
        SpaceStanding::Gone
    };
}

/// Whether somebody left since the key was rotated, the last rotation is false, or an earlier key that is
/// here is passed on by none: the next admin mends it.
fn is_rotation_due(membership: &Membership) -> bool {
    let Membership {
        chain,
        statements,
        keys,
        faults,
    } = membership;
    let last = faults.last();
    last.is_some_and(|fault| fault.epoch == chain.epoch())
        || chain.left_since_rotation()
        || !rotation::not_passed_on(chain, statements, keys).is_empty()
}

/// Adds statements that the chain was extended by: the keys that they give, and what is false in them.
fn grown(me: &Identity, mut membership: Membership, new: Vec<Statement>) -> Membership {
    let first = membership.statements.len();
    membership.statements.extend(new);
    let Membership {
        chain,
        statements,
        keys,
        faults,
    } = &mut membership;
    rotation::learn_keys(me, chain, statements, keys);
    for statement in statements.iter().skip(first) {
        // One's own needs no second look, and costs as much as making it.
        if statement.author() != me.member()
            && let Some(fault) = rotation::falsehood(me, chain, statement, statements, keys)
        {
            faults.push(fault);
        }
    }
    membership
}

pub(super) fn read_membership(r: &Reader<'_>, space: SpaceId) -> Result<Membership> {
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
        faults: r.false_rotations(space)?,
    })
}

/// Writes statements from number `first` on, which are new to this store, all keys that are known by then,
/// and what is false.
fn keep(w: &mut Writer<'_>, space: SpaceId, membership: &Membership, first: usize) -> Result<()> {
    for statement in membership.statements.iter().skip(first) {
        w.append_statement(
            space,
            statement.sequence(),
            statement.hash(),
            statement.bytes(),
        )?;
    }
    for (epoch, key) in &membership.keys {
        w.put_epoch_key(space, *epoch, key.as_bytes())?;
    }
    for fault in &membership.faults {
        w.put_false_rotation(space, fault)?;
    }
    Ok(())
}
