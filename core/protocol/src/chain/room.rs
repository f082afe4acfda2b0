//! How long a chain may be, and how much of that each admin leaves to those before it: whoever comes later
//! can't fill a chain, and can still be removed by whoever was there before.

use std::collections::BTreeSet;

use super::authority::{Roll, Standing};
use super::{Chain, ChainError};
use crate::id::MemberId;
use crate::statement::{Role, Statement, StatementBody};

/// Most statements of a chain. A space has a handful of members, each of whom takes a handful.
pub const MAX_STATEMENTS: u64 = 16_384;
/// Most bytes of a chain: everybody holds all of it in memory.
pub const MAX_CHAIN_BYTES: u64 = MAX_STATEMENTS * BYTES_EACH;

/// Bytes of a chain for each of its statements. Few need so many; a rotation for many members needs more.
const BYTES_EACH: u64 = 2_048;
/// What is left to each class of admins before one's own.
const LEFT_BY_EACH: u64 = 1_024;
/// Most that anybody leaves to others, and what whoever decides nothing leaves.
const MOST_LEFT: u64 = MAX_STATEMENTS / 2;

/// How many statements somebody leaves to those before it. Before all others comes the first admin, where
/// that is a host; then all recovery words together; then every other admin by rank.
pub fn statements_left<Id: Copy + Eq>(roll: &Roll<Id>, who: Id) -> u64 {
    let admins = || roll.present.iter().filter(|member| member.role.is_admin());
    let first = admins().min_by_key(|member| member.rank);
    let class = |member: &Standing<Id>| match member.role {
        Role::Host if first.is_some_and(|first| first.id == member.id) => (0, 0),
        Role::Words => (1, 0),
        _ => (2, member.rank),
    };
    let Some(mine) = admins().find(|member| member.id == who).map(class) else {
        return MOST_LEFT;
    };
    let before: BTreeSet<(u8, u16)> = admins().map(class).filter(|other| *other < mine).collect();
    let left = before.into_iter().map(|_| LEFT_BY_EACH).sum::<u64>();
    left.min(MOST_LEFT)
}

impl Chain {
    /// Whether there is room for one more statement, as long as it is.
    pub(super) fn check_room(&self, statement: &Statement) -> Result<(), ChainError> {
        let most = MAX_STATEMENTS.saturating_sub(self.left_by(statement));
        let bytes = self.bytes.saturating_add(statement.length());
        if self.length < most && bytes <= most.saturating_mul(BYTES_EACH) {
            Ok(())
        } else {
            Err(ChainError::NoRoom)
        }
    }

    fn left_by(&self, statement: &Statement) -> u64 {
        let counts_as: MemberId = match statement.body() {
            // Who leaves makes room. A long leave would take it from whoever comes before.
            StatementBody::Leave(_) if statement.length() <= BYTES_EACH => return 0,
            // By the hand of whoever opened the door.
            StatementBody::Join(join) => match self.invites.get(&join.invite_key) {
                Some(open) => open.by,
                None => return MOST_LEFT,
            },
            _ => statement.author(),
        };
        statements_left(&self.roll(), counts_as)
    }
}
