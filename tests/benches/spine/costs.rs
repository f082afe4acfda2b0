//! What taking in a change costs, step by step and each alone, over the same changes: where a first
//! sync spends its time, and below what it can't go.

use std::time::Duration;

use companion_core::StoreKey;
use companion_core::domain::{
    ChangeHash, Content, DocumentId, Entry, Moment, Projection, Purpose, Revision,
};
use companion_core::ports::{OsRng, random};
use companion_core::protocol::change::{Header, SealedChange, Seen};
use companion_core::protocol::id::{
    ChangeId, Counter, Epoch, HistoryHash, LogNumber, SpaceId, StatementHash,
};
use companion_core::testing::document::{self, ActorId};
use companion_core::testing::space::identity::{Handle, Identity};
use companion_core::testing::space::keys::EpochKey;
use companion_core::testing::space::payload::{self, Payload, pack, unpack};
use companion_core::testing::space::seal;
use companion_core::testing::store::{
    Attention, ItemRow, LogRow, SpaceRow, SpaceStanding, Standing, Store, StoreError, Writer,
    WrittenBy,
};

use crate::meter::processor;
use crate::words::Words;

/// Steps by name, in the order in which a change goes through them.
pub(crate) struct Costs {
    pub(crate) steps: Vec<(&'static str, Duration)>,
    /// Bytes of one entry on its way to the wire, on average, by name.
    pub(crate) lengths: Vec<(&'static str, f64)>,
}

impl Costs {
    /// The least that a design like ours can do: the first three.
    pub(crate) fn verify_open_unpack(&self) -> Duration {
        self.steps.iter().take(3).map(|(_, time)| *time).sum()
    }
}

const SPACE: SpaceId = SpaceId::new([1; 32]);

pub(crate) fn measure(entries: usize) -> Costs {
    let key = EpochKey::generate(&OsRng);
    let me = Identity::from_seeds(&random(&OsRng), &random(&OsRng));
    let wire = sealed_entries(entries, &key, &me);
    let mut steps = Vec::new();
    let parsed: Vec<SealedChange> = timed(&mut steps, "read and verify the signature", || {
        let parsed = wire.iter().map(|bytes| SealedChange::parse(bytes).unwrap());
        parsed.inspect(|c| c.verify_signature().unwrap()).collect()
    });
    let opened: Vec<_> = timed(&mut steps, "open the seal", || {
        let open = |change| seal::open(&key, change).unwrap();
        parsed.iter().map(open).collect()
    });
    let unpacked: Vec<_> = timed(&mut steps, "unpack", || {
        opened
            .iter()
            .map(|packed| unpack(packed).unwrap())
            .collect()
    });
    let payloads: Vec<Payload> = timed(&mut steps, "read the payload", || {
        unpacked
            .iter()
            .map(|bytes| Payload::decode(bytes).unwrap())
            .collect()
    });
    let hashes: Vec<ChangeHash> = timed(&mut steps, "inspect the change", || {
        let inspect = |payload: &Payload| document::inspect(&payload.change).unwrap().hash;
        payloads.iter().map(inspect).collect()
    });
    let fields: Vec<Projection> = timed(&mut steps, "read the plain row", || {
        let read = |payload: &Payload| serde_json::from_str(&payload.projection).unwrap();
        payloads.iter().map(read).collect()
    });
    let rows: Vec<ItemRow> = timed(&mut steps, "make the row to show", || {
        let all = payloads.iter().zip(&hashes).zip(&fields).zip(&parsed);
        all.map(|(((payload, hash), fields), change)| item(payload, *hash, fields, change))
            .collect()
    });
    store(&mut steps, &parsed, &payloads, &hashes, &fields, &rows);
    let mean = |lengths: &mut dyn Iterator<Item = usize>| {
        let (count, sum) = lengths.fold((0, 0), |(count, sum), length| (count + 1, sum + length));
        f64::from(u32::try_from(sum).unwrap()) / f64::from(count)
    };
    let lengths = vec![
        (
            "the plain row, as JSON",
            mean(&mut payloads.iter().map(|p| p.projection.len())),
        ),
        (
            "the change, as Automerge has it",
            mean(&mut payloads.iter().map(|p| p.change.len())),
        ),
        (
            "both compressed together",
            mean(&mut opened.iter().map(|packed| compressed(packed))),
        ),
        (
            "… and padded",
            mean(&mut opened.iter().map(|packed| packed.len())),
        ),
    ];
    Costs { steps, lengths }
}

/// How much of a padded text is text.
fn compressed(packed: &[u8]) -> usize {
    let length = packed.first_chunk().map(|four| u32::from_be_bytes(*four));
    usize::try_from(length.unwrap()).unwrap()
}

fn timed<T>(
    steps: &mut Vec<(&'static str, Duration)>,
    name: &'static str,
    work: impl FnOnce() -> T,
) -> T {
    // Of the processor, since neighbors on the machine take from the time on the wall.
    let began = processor("self");
    let done = work();
    steps.push((name, processor("self").saturating_sub(began)));
    done
}

fn sealed_entries(entries: usize, key: &EpochKey, me: &Identity) -> Vec<Vec<u8>> {
    let mut words = Words::new(7);
    let mut last = (Counter(0), HistoryHash::ZERO);
    let mut wire = Vec::new();
    for number in 0..entries {
        let mut entry = Entry::new(Moment {
            unix_ms: 1_790_000_000_000 + i64::try_from(number).unwrap(),
            offset_minutes: 120,
        });
        entry.title = format!("Day {number}");
        let length = 1_500 + usize::try_from(words.number() % 1_000).unwrap();
        entry.body = words.text(length);
        let content = entry.to_projection().unwrap();
        let change = document::create(&Entry::SHAPE, &content, ActorId::random(&OsRng)).unwrap();
        let payload = Payload {
            blind: random(&OsRng),
            document: DocumentId::random(&OsRng),
            kind: Entry::KIND,
            projection: serde_json::Value::Object(change.projection).to_string(),
            change: change.raw,
        };
        let encoded = payload.encode();
        let header = Header {
            space: SPACE,
            epoch: Epoch(0),
            id: ChangeId::new(random(&OsRng)),
            author: me.member(),
            counter: last.0.next(),
            previous_own: last.1,
            chain_head: StatementHash::new([2; 32]),
            content: payload::content(&encoded),
            // As a phone does it: the first of what is sent together says what was read.
            frontier: if number % 128 == 0 {
                vec![Seen {
                    index: 0,
                    counter: Counter(9),
                    hash: HistoryHash::new([3; 32]),
                }]
            } else {
                Vec::new()
            },
            drops: Vec::new(),
        };
        let plain = pack(&encoded).unwrap();
        let sealed = seal::seal(me, key, header, &plain, &OsRng).unwrap();
        last = (sealed.header().counter, sealed.history());
        wire.push(sealed.bytes().to_vec());
    }
    wire
}

fn item(payload: &Payload, hash: ChangeHash, fields: &Projection, from: &SealedChange) -> ItemRow {
    let indexed = Entry::from_projection(fields).unwrap().index();
    ItemRow {
        document: payload.document,
        space: SPACE,
        kind: payload.kind.clone(),
        about: indexed.about,
        sort_ms: indexed.at.unwrap().unix_ms,
        standing: Standing::Living,
        state: indexed.state.to_owned(),
        attention: Attention::default(),
        changed: 0,
        received_ms: 0,
        writers: vec![WrittenBy {
            member: from.header().author,
            counter: from.header().counter,
        }],
        revision: Revision::new([hash]),
        projection: serde_json::to_string(fields).unwrap(),
        waiting: false,
    }
}

/// Each table in a transaction of its own, into an encrypted file as a phone has it.
fn store(
    steps: &mut Vec<(&'static str, Duration)>,
    parsed: &[SealedChange],
    payloads: &[Payload],
    hashes: &[ChangeHash],
    fields: &[Projection],
    rows: &[ItemRow],
) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("costs.db"), &StoreKey::random(&OsRng)).unwrap();
    let space = SpaceRow {
        on_server: true,
        standing: SpaceStanding::Member,
        ..SpaceRow::new(SPACE, Purpose::Care, Handle::SHARED)
    };
    store.write(|w| w.put_space(&space)).unwrap();
    let numbers = (1..).map(LogNumber);
    let log: Vec<LogRow> = parsed
        .iter()
        .zip(payloads)
        .zip(hashes)
        .zip(numbers)
        .map(|(((change, payload), hash), number)| LogRow {
            space: SPACE,
            number: Some(number),
            id: change.header().id,
            author: change.header().author,
            counter: change.header().counter,
            hash: change.hash(),
            history: change.history(),
            document: Some(payload.document),
            change: Some(*hash),
            sealed: change.bytes().to_vec(),
            received_ms: 0,
            refusal: None,
        })
        .collect();
    timed(steps, "store the sealed changes", || {
        write(&store, &log, |w, row| w.append_log(row).map(drop));
    });
    timed(steps, "store the rows to show", || {
        write(&store, rows, |w, row| w.put_item(row));
    });
    let words: Vec<_> = payloads.iter().zip(fields).collect();
    timed(steps, "store the words to search", || {
        write(&store, &words, |w, (payload, fields)| {
            let words = Entry::from_projection(fields)
                .unwrap()
                .index()
                .search
                .unwrap();
            w.put_search(payload.document, &words.title, &words.body, &words.tags)
        });
    });
}

/// All in one transaction.
fn write<T>(
    store: &Store,
    all: &[T],
    mut each: impl FnMut(&mut Writer<'_>, &T) -> Result<(), StoreError>,
) {
    store
        .write(|w| all.iter().try_for_each(|one| each(w, one)))
        .unwrap();
}
