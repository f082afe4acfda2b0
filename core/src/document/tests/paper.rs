//! A change written from `core/KINDS.md` alone, byte by byte, without the writer of this program and
//! without Automerge: whoever has only the paper can write what every reader takes.

mod vectors;

use sha2::{Digest as _, Sha256};

/// A value of an operation, with the type that the paper gives it.
#[derive(Clone)]
enum Held {
    Nothing,
    Truth,
    Number(i64),
    Text(String),
}

/// Where an operation writes: under a name of a map, or after an element of a text.
#[derive(Clone)]
enum Key {
    Name(&'static str),
    First,
    After(u64, u64),
}

/// One operation. Pairs are an actor (0 is the change's own, 1 its first other actor) and the number of
/// an operation of that actor's.
#[derive(Clone)]
struct Op {
    object: Option<(u64, u64)>,
    key: Key,
    insert: bool,
    action: u64,
    held: Held,
    replaces: Vec<(u64, u64)>,
}

const MAKE_MAP: u64 = 0;
const SET: u64 = 1;
const DELETE: u64 = 3;
const MAKE_TEXT: u64 = 4;

fn set(name: &'static str, held: Held) -> Op {
    make(name, SET, held)
}

fn make(name: &'static str, action: u64, held: Held) -> Op {
    Op {
        object: None,
        key: Key::Name(name),
        insert: false,
        action,
        held,
        replaces: Vec::new(),
    }
}

/// Letters of the text that operation `text` of `actor` made, the first of them after `key`; their own
/// operations are numbered from `number`.
fn letters((actor, text): (u64, u64), key: Key, number: u64, letters: &str) -> Vec<Op> {
    let mut key = Some(key);
    let op = |(at, letter): (usize, char)| {
        let before = number + at as u64;
        Op {
            object: Some((actor, text)),
            key: key.take().unwrap_or(Key::After(0, before - 1)),
            insert: true,
            action: SET,
            held: Held::Text(letter.to_string()),
            replaces: Vec::new(),
        }
    };
    letters.chars().enumerate().map(op).collect()
}

/// A change before it is bytes: all that stands in its body but the actor.
#[derive(Clone, Default)]
struct Draft {
    deps: Vec<[u8; 32]>,
    seq: u64,
    start: u64,
    salt: i64,
    others: Vec<[u8; 16]>,
    ops: Vec<Op>,
}

fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

fn signed(mut value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

fn text(value: &str) -> Vec<u8> {
    [unsigned(value.len() as u64), value.into()].concat()
}

/// Runs of two and more of the same, everything between them one by one, runs of nothing.
fn runs(values: &[Option<Vec<u8>>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut single: Vec<Vec<u8>> = Vec::new();
    let flush = |single: &mut Vec<Vec<u8>>, out: &mut Vec<u8>| {
        if !single.is_empty() {
            out.extend(signed(-(single.len() as i64)));
            out.extend(single.drain(..).flatten());
        }
    };
    if values.iter().all(Option::is_none) {
        return out;
    }
    for run in values.chunk_by(|a, b| a == b) {
        match &run[0] {
            None => {
                flush(&mut single, &mut out);
                out.push(0);
                out.extend(unsigned(run.len() as u64));
            }
            Some(value) if run.len() == 1 => single.push(value.clone()),
            Some(value) => {
                flush(&mut single, &mut out);
                out.extend(signed(run.len() as i64));
                out.extend(value);
            }
        }
    }
    flush(&mut single, &mut out);
    out
}

fn numbers(values: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    runs(&values.map(|value| value.map(unsigned)).collect::<Vec<_>>())
}

/// Each number as the difference to the one before it, the first to zero.
fn differences(values: impl Iterator<Item = Option<u64>>) -> Vec<u8> {
    let mut before = 0;
    let mut difference =
        |value: u64| signed(value as i64 - std::mem::replace(&mut before, value as i64));
    runs(
        &values
            .map(|value| value.map(&mut difference))
            .collect::<Vec<_>>(),
    )
}

/// Counts of false, true, false, … in turn.
fn truths(values: impl Iterator<Item = bool>) -> Vec<u8> {
    let values: Vec<_> = values.collect();
    let mut out = Vec::new();
    if values.first() == Some(&true) {
        out.push(0);
    }
    for run in values.chunk_by(|a, b| a == b) {
        out.extend(unsigned(run.len() as u64));
    }
    out
}

fn columns(ops: &[Op]) -> Vec<(u8, Vec<u8>)> {
    let key = |op: &Op| match op.key {
        Key::Name(_) => (None, None),
        Key::First => (None, Some(0)),
        Key::After(actor, number) => (Some(actor), Some(number)),
    };
    let name = |op: &Op| match op.key {
        Key::Name(name) => Some(text(name)),
        _ => None,
    };
    let held = |op: &Op| match &op.held {
        Held::Nothing => (0, Vec::new()),
        Held::Truth => (2, Vec::new()),
        Held::Number(number) => (4, signed(*number)),
        Held::Text(text) => (6, text.as_bytes().to_vec()),
    };
    let meta = |op: &Op| Some(((held(op).1.len() as u64) << 4) | held(op).0);
    let replaced = || ops.iter().flat_map(|op| op.replaces.iter());
    let all = [
        (
            0x01,
            numbers(ops.iter().map(|op| op.object.map(|object| object.0))),
        ),
        (
            0x02,
            numbers(ops.iter().map(|op| op.object.map(|object| object.1))),
        ),
        (0x11, numbers(ops.iter().map(|op| key(op).0))),
        (0x13, differences(ops.iter().map(|op| key(op).1))),
        (0x15, runs(&ops.iter().map(name).collect::<Vec<_>>())),
        (0x34, truths(ops.iter().map(|op| op.insert))),
        (0x42, numbers(ops.iter().map(|op| Some(op.action)))),
        (0x56, numbers(ops.iter().map(meta))),
        (0x57, ops.iter().flat_map(|op| held(op).1).collect()),
        (
            0x70,
            numbers(ops.iter().map(|op| Some(op.replaces.len() as u64))),
        ),
        (0x71, numbers(replaced().map(|pair| Some(pair.0)))),
        (0x73, differences(replaced().map(|pair| Some(pair.1)))),
    ];
    all.into_iter()
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect()
}

impl Draft {
    /// The body up to its actor, and from behind its actor to the end.
    fn around_the_actor(&self) -> (Vec<u8>, Vec<u8>) {
        self.around_with(columns(&self.ops))
    }

    /// The same with columns that are not those of its operations.
    fn around_with(&self, columns: Vec<(u8, Vec<u8>)>) -> (Vec<u8>, Vec<u8>) {
        let before = [
            unsigned(self.deps.len() as u64),
            self.deps.concat(),
            unsigned(16),
        ]
        .concat();
        let others = self
            .others
            .iter()
            .flat_map(|actor| [&[16], &actor[..]].concat());
        let mut after = [
            unsigned(self.seq),
            unsigned(self.start),
            signed(self.salt),
            vec![0],
        ]
        .concat();
        after.extend(unsigned(self.others.len() as u64));
        after.extend(others);
        after.extend(unsigned(columns.len() as u64));
        for (name, bytes) in &columns {
            after.push(*name);
            after.extend(unsigned(bytes.len() as u64));
        }
        after.extend(columns.into_iter().flat_map(|(_, bytes)| bytes));
        (before, after)
    }

    fn actor(&self) -> [u8; 16] {
        let (before, after) = self.around_the_actor();
        actor_of(&before, &after)
    }

    fn body(&self) -> Vec<u8> {
        let (before, after) = self.around_the_actor();
        [before, self.actor().to_vec(), after].concat()
    }

    fn chunk(&self) -> Vec<u8> {
        chunk(1, &self.body())
    }

    fn hash(&self) -> [u8; 32] {
        hash(1, &self.body())
    }
}

fn actor_of(before: &[u8], after: &[u8]) -> [u8; 16] {
    let said = [b"kap companion: actor of a change, v1", before, after].concat();
    *Sha256::digest(said).first_chunk().unwrap()
}

fn hash(sort: u8, body: &[u8]) -> [u8; 32] {
    Sha256::digest([&[sort], &*unsigned(body.len() as u64), body].concat()).into()
}

fn chunk(sort: u8, body: &[u8]) -> Vec<u8> {
    let magic = [0x85, 0x6f, 0x4a, 0x83];
    [
        &magic,
        &hash(sort, body)[..4],
        &[sort],
        &unsigned(body.len() as u64),
        body,
    ]
    .concat()
}

/// A body whose actor is put where it belongs, after whatever was done to it.
fn claimed(before: &[u8], after: &[u8]) -> Vec<u8> {
    chunk(1, &[before, &actor_of(before, after), after].concat())
}
