//! Whoever has the server's file can't tell which spaces belong to one person. Two patients found,
//! join and write in turns, each in a space shared with the clinic and in one of their own, under keys
//! of their own for each; then every stored column is tried as a link: equal values, order, and what
//! stands beside what.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::api::{BlobName, BlobState, path};
use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;
use ed25519_dalek::SigningKey;
use rusqlite::types::Value;

use crate::support::Relay;
use crate::support::client::Request;
use crate::support::people::{Space, grant, key, member};
use crate::support::program::Server;

const PATIENTS: u8 = 6;

/// Spaces of each patient: the shared one and the private one.
type Spaces = Vec<[SpaceId; 2]>;

/// Patients act one after the other, as phones do: what one does in both of its spaces follows
/// directly.
fn written() -> (Relay, Spaces) {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 1000, 1 << 30);
    let mut patients: Vec<[Space; 2]> = Vec::new();
    for patient in 0..PATIENTS {
        let (shared_key, own_key) = (key(10 + patient), key(100 + patient));
        let found = |founder, number: u8| {
            let mut space = Space::imagined(&clinic, founder, number);
            // The clinic's node draws serials at random.
            space.grant = grant(&clinic, founder, number.wrapping_mul(167).wrapping_add(91));
            assert_eq!(space.found(&relay, founder).status, 201);
            space
        };
        let mut shared = found(&clinic, 2 * patient);
        shared.admit(&relay, &clinic, &shared_key, Role::Device);
        let own = found(&own_key, 2 * patient + 1);
        patients.push([shared, own]);
    }
    for round in 0..10 {
        for patient in 0..PATIENTS {
            let keys = [key(10 + patient), key(100 + patient)];
            for (space, key) in patients[usize::from(patient)].iter_mut().zip(keys) {
                let change = space.write(&key, &format!("{round}"));
                space.pushed(&relay, &key, &[change]);
                if round < 2 {
                    gives(&relay, space, &key, round);
                }
            }
        }
    }
    let ids = patients.iter().map(|both| [both[0].id(), both[1].id()]);
    (relay, ids.collect())
}

/// Gives a blob, all of it or its beginning. Recordings of about one length are padded to one size.
fn gives(relay: &Relay, space: &Space, by: &SigningKey, round: usize) {
    let whole = [space.id().as_bytes(), &[7; 4064][..]].concat();
    let whole = [whole, vec![u8::try_from(round).unwrap(); 100]].concat();
    let mut name = BlobName::default();
    name.update(&whole);
    let blob = path::blob(space.id(), name.finish());
    let given = if round == 0 {
        &whole[..]
    } else {
        &whole[..1000]
    };
    let answer = Request::new(
        "POST",
        &format!("{blob}?from=0&size={}", whole.len()),
        given.to_vec(),
    )
    .signed(by)
    .send(relay);
    let state: BlobState = answer.json();
    assert_eq!(state.is_whole(), round == 0);
}

struct File {
    database: rusqlite::Connection,
    /// Each space's row.
    rows: BTreeMap<i64, SpaceId>,
}

impl File {
    fn of(relay: &mut Relay) -> Self {
        relay.stop();
        let database = rusqlite::Connection::open(relay.config.data.join("sync.db")).unwrap();
        let rows = database
            .prepare("SELECT row, id FROM spaces")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, SpaceId::new(row.get(1)?))))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        Self { database, rows }
    }

    fn names(&self, sql: &str) -> Vec<String> {
        self.database
            .prepare(sql)
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    /// How a row of a table says which space it belongs to.
    fn space_of(table: &str) -> Option<&'static str> {
        match table {
            "spaces" => Some("row"),
            "statements" | "changes" => Some("row >> 24"),
            "members" | "authors" | "names" | "grants" | "drops" | "blobs" => Some("space"),
            _ => None,
        }
    }

    /// The spaces of a table's rows, in this order.
    fn in_order(&self, table: &str, order: &str) -> Vec<SpaceId> {
        let space = Self::space_of(table).unwrap();
        let sql = format!("SELECT {space} FROM {table} ORDER BY {order}");
        self.database
            .prepare(&sql)
            .unwrap()
            .query_map([], |row| row.get::<_, i64>(0))
            .unwrap()
            .map(|row| self.rows[&row.unwrap()])
            .collect()
    }
}

/// How often two that stand beside each other are different spaces of one patient, against what chance
/// would make of it.
fn is_link(order: &[SpaceId], spaces: &Spaces) -> bool {
    let owner: BTreeMap<SpaceId, usize> = spaces
        .iter()
        .enumerate()
        .flat_map(|(patient, both)| both.map(|space| (space, patient)))
        .collect();
    let pairs = order.windows(2).filter(|two| two[0] != two[1]);
    let (mut all, mut same) = (0, 0);
    for two in pairs {
        all += 1;
        same += usize::from(owner[&two[0]] == owner[&two[1]]);
    }
    // One in eleven by chance. Half of all is what an order of arrival shows.
    all >= 4 && 2 * same >= all
}

#[test]
fn no_stored_column_ties_a_patients_private_space_to_the_shared_one() {
    let (mut relay, spaces) = written();
    let file = File::of(&mut relay);
    let tables = file.names("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let mut tried = BTreeSet::new();
    for table in &tables {
        let columns = file.names(&format!("SELECT name FROM pragma_table_info('{table}')"));
        let Some(space) = File::space_of(table) else {
            // What belongs to no space can't tie two together; it must be nothing else. Of a space that was forgotten
            // nothing but its random id stays, and the rows lie in the order of that.
            let is_forgotten = table == "forgotten" && columns == ["id"];
            assert!(
                is_forgotten || ["life", "clinics"].contains(&table.as_str()),
                "{table}"
            );
            continue;
        };
        for column in &columns {
            tried.insert(format!("{table}.{column}"));
            // Equal values in two spaces of one patient, and in no space of anybody else.
            let mut holders: BTreeMap<String, BTreeSet<SpaceId>> = BTreeMap::new();
            let sql = format!("SELECT {space}, {column} FROM {table}");
            let mut ask = file.database.prepare(&sql).unwrap();
            let mut rows = ask.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let holder = file.rows[&row.get::<_, i64>(0).unwrap()];
                let value = format!("{:?}", row.get::<_, Value>(1).unwrap());
                holders.entry(value).or_default().insert(holder);
            }
            for both in &spaces {
                let both = BTreeSet::from(*both);
                let tied = holders.values().filter(|of| **of == both).count();
                assert_eq!(tied, 0, "{table}.{column} has the same value in both");
            }
            // Neighbors, when the table is put in the order of this column.
            for direction in ["ASC", "DESC"] {
                let order = file.in_order(table, &format!("{column} {direction}"));
                assert!(!is_link(&order, &spaces), "{table} by {column}");
            }
        }
        // And as the table lies in the file.
        let order = file.in_order(table, "(SELECT NULL)");
        assert!(!is_link(&order, &spaces), "{table} as it lies");
    }
    assert!(tried.len() > 25, "{tried:?}");
}

#[test]
fn an_order_of_arrival_would_be_found() {
    let spaces: Spaces = (0..PATIENTS)
        .map(|n| [SpaceId::new([n; 32]), SpaceId::new([100 + n; 32])])
        .collect();
    let arrival: Vec<SpaceId> = (0..10)
        .flat_map(|_| spaces.iter().flatten().copied())
        .collect();
    assert!(is_link(&arrival, &spaces));
    let founded: Vec<SpaceId> = spaces.iter().flatten().copied().collect();
    assert!(is_link(&founded, &spaces));
}

#[test]
fn logs_name_nobody_and_no_space() {
    use std::io::{Read, Write};

    let mut relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    relay.stop();
    let server = Server::start(&relay.config.data, &[]);
    let address = server.address.clone();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let change = space.write(&clinic, "x");
    for signer in [&clinic, &key(9)] {
        let request = space
            .push_request(std::slice::from_ref(&change))
            .signed_at(signer, now);
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        stream.write_all(&request.head(request.body.len())).unwrap();
        let _ = stream.write_all(&request.body);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let logs = server.stop();
    assert!(logs.contains(r#""status":200"#) && logs.contains(r#""status":403"#));
    for name in [
        space.id().to_string(),
        member(&clinic).to_string(),
        member(&key(9)).to_string(),
        change.header().id.to_string(),
        "127.0.0.1:".to_owned() + address.rsplit(':').next().unwrap(),
    ] {
        let short = name.get(..16).unwrap_or(&name);
        let requests = logs.lines().filter(|line| line.contains("\"request\""));
        for line in requests {
            assert!(!line.contains(short), "{line}");
        }
    }
}
