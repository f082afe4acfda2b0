//! Getting a replica and a server to hold the same: what to ask, what to send, what to make of the
//! answers. Straight procedures over an injected [`Transport`](crate::ports::Transport), so a whole
//! clinic with its phones runs inside one deterministic test; [`http`] is the one place with sockets.
//!
//! No lock is held while a request is under way: a person goes on writing during a slow sync.

mod backfill;
mod blobs;
mod connection;
mod founding;
pub(crate) mod http;
mod members;
mod membership;
mod pull;
mod push;
mod round;
pub(crate) mod trust;
mod watch;

pub(crate) use backfill::tidy_address;
pub(crate) use blobs::{BLOB_ROUNDS, BlobsDone, LARGE_BLOB, exchange_blobs};
pub(crate) use connection::{ServerConnection, Signer};
pub(crate) use members::{
    OtherNewcomers, admit, create_invite, end_space, join, leave, named, refuse, removal,
    remove_member,
};
pub(crate) use membership::{ReadChain, decide, read_chain, rotate_key_if, whole_chain};

pub(crate) use founding::{GRANT, offer_space};
pub(crate) use round::{BeforeSending, ensure_on_server, run, sync_one};
pub(crate) use watch::watch;
