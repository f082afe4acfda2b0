//! What goes where the quota is used up: whatever makes a space smaller. A removal must never wait for a
//! payment, nor for what somebody else used up: there is no room that members share, and so none that a
//! hostile one can take from the others. Of what goes there is an end without counting, since nobody new
//! comes into a full space: each such statement ends a membership, a wait or the space, or turns the key after a
//! leave.

use companion_protocol::chain::Chain;
use companion_protocol::statement::{MOST_PREVIOUS_KEYS, Rotate, Statement, StatementBody};

/// Whether a statement that is to extend this chain goes beyond the quota.
pub(super) fn goes(chain: &Chain, statement: &Statement) -> bool {
    !is_padded(statement)
        && match statement.body() {
            StatementBody::Leave(_) | StatementBody::End(_) => true,
            StatementBody::Rotate(rotate) => only_ends(chain, rotate),
            _ => false,
        }
}

/// Whether a rotation lets nobody in, and ends something: a membership, a wait, or that somebody who left
/// has the key.
fn only_ends(chain: &Chain, rotate: &Rotate) -> bool {
    let mut removed = rotate.removals.iter();
    let ends = removed.any(|removal| chain.present(&removal.member).is_some())
        || !rotate.refused.is_empty()
        || chain.left_since_rotation();
    ends && rotate.admitted.is_empty() && rotate.enrolled.is_empty()
}

/// Whether a statement is longer than what it says needs.
fn is_padded(statement: &Statement) -> bool {
    let previous_keys = match statement.body() {
        StatementBody::Rotate(rotate) => rotate.previous_keys.len(),
        _ => 0,
    };
    statement.is_extended() || previous_keys > MOST_PREVIOUS_KEYS
}
