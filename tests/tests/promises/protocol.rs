//! What an attacker of the protocol tries, each refused, named or healed: who may decide about members,
//! rotations and removals that are false, histories that differ, links and grants, restored servers.

mod after_a_restore;
mod authority;
mod both_spaces;
mod budgets;
mod chains;
mod dropping;
mod equivocation;
mod histories;
mod links;
mod names;
mod recovery_words;
mod removals;
mod restored;
mod room;
mod rotations;
mod sealed_twice;
mod second_phones;
mod strangers;
mod unlinkable;

use companion_core::ports::Method;
use companion_core::protocol::api::{PullPage, path};
use companion_core::protocol::change::SealedChange;
use companion_core::protocol::id::SpaceId;
use companion_tests::Faults;

/// A server that lies to one member: it gives another change in the place of one.
fn shown_instead(faults: &Faults, space: SpaceId, of: &SealedChange, shown: &SealedChange) {
    let (of, shown) = (of.bytes().to_vec(), shown.bytes().to_vec());
    faults.rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            for (_, bytes) in &mut page.changes {
                if *bytes == of {
                    bytes.clone_from(&shown);
                }
            }
            answer.body = page.encode();
        }
        answer
    });
}
