//! Blobs, as members give, read and delete them.

mod given;
mod hostile;
mod kept;

use companion_protocol::api::{BlobName, BlobState, Blobs, MAX_PART, path};
use companion_protocol::id::BlobId;
use companion_protocol::statement::Role;
use ed25519_dalek::SigningKey;

use crate::support::Relay;
use crate::support::client::{Answer, Request};
use crate::support::people::{Space, key, member};

/// Bytes that look sealed: no two parts of them are the same.
fn sealed(length: usize) -> Vec<u8> {
    (0..length)
        .map(|n| (n ^ (n >> 8) ^ (n >> 16)).to_le_bytes()[0])
        .collect()
}

fn named(bytes: &[u8]) -> BlobId {
    let mut name = BlobName::default();
    name.update(bytes);
    name.finish()
}

/// The request that gives a part.
fn part(space: &Space, blob: BlobId, from: usize, size: usize, part: &[u8]) -> Request {
    let target = format!("{}?from={from}&size={size}", path::blob(space.id(), blob));
    Request::new("POST", &target, part.to_vec())
}

fn give(relay: &Relay, space: &Space, by: &SigningKey, whole: &[u8], from: usize) -> Answer {
    let to = whole.len().min(from + MAX_PART);
    part(space, named(whole), from, whole.len(), &whole[from..to])
        .signed(by)
        .send(relay)
}

/// Gives all of a blob that the server does not have yet.
fn given(relay: &Relay, space: &Space, by: &SigningKey, whole: &[u8]) {
    let mut from = 0;
    while from < whole.len() {
        let state: BlobState = give(relay, space, by, whole, from).json();
        assert!(usize::try_from(state.received).unwrap() > from);
        from = usize::try_from(state.received).unwrap();
    }
}

fn get(relay: &Relay, space: &Space, by: &SigningKey, blob: BlobId, query: &str) -> Answer {
    let target = format!("{}{query}", path::blob(space.id(), blob));
    Request::new("GET", &target, Vec::new())
        .signed(by)
        .send(relay)
}

/// The whole of a blob, read part by part.
fn read(relay: &Relay, space: &Space, by: &SigningKey, blob: BlobId) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let answer = get(relay, space, by, blob, &format!("?from={}", whole.len()));
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(answer.body.len() <= MAX_PART);
        if answer.body.is_empty() {
            return whole;
        }
        whole.extend(answer.body);
    }
}

fn list(relay: &Relay, space: &Space, by: &SigningKey) -> Answer {
    Request::new("GET", &path::blobs(space.id()), Vec::new())
        .signed(by)
        .send(relay)
}

fn delete(relay: &Relay, space: &Space, by: &SigningKey, blob: BlobId) -> Answer {
    Request::new("DELETE", &path::blob(space.id(), blob), Vec::new())
        .signed(by)
        .send(relay)
}

fn left(answer: &Answer) -> Vec<BlobId> {
    let Blobs { blobs } = answer.json();
    blobs.into_iter().map(|state| state.blob).collect()
}

fn charged(relay: &Relay, space: &Space) -> u64 {
    let storage = relay.running.as_ref().unwrap().storage();
    storage.usage(space.id()).unwrap().unwrap().bytes
}

/// A care space: a clinic's node (1), the patient's phone (2), their second phone (3).
fn care() -> (Relay, Space) {
    let relay = Relay::start();
    let space = care_on(&relay);
    (relay, space)
}

fn care_on(relay: &Relay) -> Space {
    relay.register(member(&key(1)), 10, 1 << 30);
    let mut space = Space::founded(relay, &key(1), &key(1), 1);
    space.admit(relay, &key(1), &key(2), Role::Device);
    space.admit(relay, &key(2), &key(3), Role::Device);
    space
}
