//! Whoever has the server's file can't tell which private space belongs to which shared one. The server's
//! own tests try it with made-up members; here are real phones, with second phones, words and removals.

use std::collections::{BTreeMap, BTreeSet};

use companion_core::protocol::change::SealedChange;
use companion_core::protocol::id::SpaceId;
use companion_core::protocol::statement::{Statement, StatementBody};
use companion_tests::{Insider, Phone, World};
use rusqlite::types::Value;

/// Two patients who did everything that there is to do.
fn lived() -> (World, Vec<[SpaceId; 2]>) {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mut spaces = Vec::new();
    for name in ["Ada", "Ben"] {
        let phone = clinic.with_patient(name);
        let second = phone.second_phone();
        phone.make_recovery_code().unwrap();
        for day in 0..3 {
            world.days_pass(1);
            phone.write(&format!("Shared on day {day}."));
            phone.write_privately(&format!("Private on day {day}."));
            phone.sync_cleanly();
            clinic.sync_cleanly();
            second.sync_cleanly();
        }
        phone.remove_device(second.member()).unwrap();
        phone.sync().unwrap();
        let of = |phone: &Phone, purpose| Insider::of(phone, purpose).space;
        spaces.push([of(&phone, "care"), of(&phone, "private")]);
    }
    (world, spaces)
}

/// Everything that the file says of each space in its columns, and in the statements and headers inside,
/// long enough to be no accident.
fn said_of_each(world: &World) -> BTreeMap<SpaceId, BTreeSet<Vec<u8>>> {
    let file = sync_server::config::database(&world.server().data());
    let open = rusqlite::Connection::open(file).unwrap();
    let mut rows: BTreeMap<i64, SpaceId> = BTreeMap::new();
    let mut ask = open.prepare("SELECT row, id FROM spaces").unwrap();
    let mut found = ask.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        rows.insert(row.get(0).unwrap(), SpaceId::new(row.get(1).unwrap()));
    }
    let mut said: BTreeMap<SpaceId, BTreeSet<Vec<u8>>> = BTreeMap::new();
    let tables = [
        ("spaces", "row"),
        ("statements", "row >> 24"),
        ("changes", "row >> 24"),
        ("members", "space"),
        ("authors", "space"),
        ("grants", "space"),
    ];
    for (table, space) in tables {
        let sql = format!("SELECT {space}, * FROM {table}");
        let mut ask = open.prepare(&sql).unwrap();
        let columns = ask.column_count();
        let mut found = ask.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let of = said
                .entry(rows[&row.get::<_, i64>(0).unwrap()])
                .or_default();
            for column in 1..columns {
                match row.get::<_, Value>(column).unwrap() {
                    Value::Blob(bytes) => inside(&bytes, of),
                    Value::Text(text) => drop(of.insert(text.into_bytes())),
                    // A number of more than 40 bits is no count.
                    Value::Integer(number) if number >> 40 != 0 => {
                        of.insert(number.to_be_bytes().to_vec());
                    }
                    Value::Integer(_) | Value::Real(_) | Value::Null => {}
                }
            }
        }
    }
    said
}

fn inside(bytes: &[u8], of: &mut BTreeSet<Vec<u8>>) {
    if let Ok(statement) = Statement::parse(bytes) {
        of.insert(statement.author().as_bytes().to_vec());
        of.insert(statement.made_at_ms().to_be_bytes().to_vec());
        match statement.body() {
            StatementBody::Create(create) => {
                of.insert(create.hpke_key.to_vec());
                of.insert(create.nonce.to_vec());
            }
            StatementBody::Invite(invite) => {
                of.insert(invite.invite_key.as_bytes().to_vec());
                of.insert(invite.expires_at_ms.to_be_bytes().to_vec());
            }
            StatementBody::Join(join) => {
                of.insert(join.invite_key.as_bytes().to_vec());
                of.insert(join.hpke_key.to_vec());
            }
            StatementBody::Answer(answer) => {
                of.insert(answer.nonce.to_vec());
            }
            StatementBody::Rotate(rotate) => {
                let members = rotate.wrapped.iter().map(|(id, _)| id.as_bytes().to_vec());
                of.extend(members);
                of.extend(rotate.wrapped.iter().map(|(_, wrapped)| wrapped.to_vec()));
                of.extend(rotate.enrolled.iter().map(|new| new.hpke_key.to_vec()));
                of.insert(rotate.commitment.to_vec());
            }
            StatementBody::Leave(_) | StatementBody::End(_) => {}
        }
    } else if let Ok(change) = SealedChange::parse(bytes) {
        of.insert(change.header().author.as_bytes().to_vec());
        of.insert(change.header().id.as_bytes().to_vec());
    } else {
        of.insert(bytes.to_vec());
    }
}

#[test]
fn nothing_in_the_servers_file_is_the_same_in_a_patients_private_and_shared_space() {
    let (world, patients) = lived();
    let said = said_of_each(&world);
    for [care, private] in &patients {
        assert!(said[care].len() > 20 && said[private].len() > 20);
        let both: Vec<String> = said[care]
            .intersection(&said[private])
            .map(|bytes| data_encoding::HEXLOWER.encode(bytes))
            .collect();
        assert_eq!(both, Vec::<String>::new());
    }
    // The search finds what is there: the clinic's node is the same in both shared spaces.
    let [[first, _], [second, _]] = [patients[0], patients[1]];
    assert!(said[&first].intersection(&said[&second]).next().is_some());
}

#[test]
fn no_connection_of_a_phone_carries_requests_of_two_of_its_keys() {
    let world = World::in_memory(5);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.faults().record();
    ada.write("Shared.");
    ada.write_privately("Private.");
    ada.sync_cleanly();
    let mut keys_of_lane: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for (lane, request) in ada.faults().lanes() {
        let signed = |name: &str| name.eq_ignore_ascii_case("signature-input");
        let (_, input) = request
            .headers
            .iter()
            .find(|(name, _)| signed(name))
            .unwrap();
        let key = input.split("keyid=\"").nth(1).unwrap()[..64].to_owned();
        keys_of_lane.entry(lane).or_default().insert(key);
    }
    assert_eq!(keys_of_lane.len(), 2, "one for each space");
    assert!(
        keys_of_lane.values().all(|keys| keys.len() == 1),
        "{keys_of_lane:?}"
    );
}
