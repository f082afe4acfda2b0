//! What an attacker of the protocol tries, each refused, named or healed: who may decide about members,
//! rotations and removals that are false, histories that differ, links and grants, restored servers.

mod authority;
mod chains;
mod histories;
mod links;
mod restored;
mod rotations;
mod second_phones;
mod unlinkable;
