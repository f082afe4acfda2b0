//! What happens to a record's files from outside of the app: another process writes into it, or a newer version of the
//! app has.

use std::path::Path;

use companion_core::domain::Entry;
use companion_core::patient::Patient;
use companion_core::ports::testing::NoNetwork;
use companion_core::ports::{OsRng, Ports, SystemClock};
use companion_core::{CoreError, StoreKey};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::text;

/// A schema that no version will have.
const NEWER: u32 = 9_999;

/// Whoever holds a record so that nobody else can write.
#[derive(Default)]
pub(crate) struct Held(Option<Connection>);

impl Held {
    /// The answer, where the line is about files.
    pub(crate) fn answer(&mut self, asked: &Value) -> Option<Result<Value, String>> {
        Some(match text(asked, "do") {
            "write_beside" => write_beside(asked).map_err(|error| error.to_string()),
            "make_newer" => {
                let of_a_newer = format!("PRAGMA user_version = {NEWER}");
                open(asked).execute_batch(&of_a_newer).unwrap();
                Ok(json!({ "schema": NEWER }))
            }
            "hold_record" => {
                let connection = open(asked);
                connection.execute_batch("BEGIN IMMEDIATE").unwrap();
                self.0 = Some(connection);
                Ok(json!({}))
            }
            "let_go_of_record" => {
                self.0 = None;
                Ok(json!({}))
            }
            _ => return None,
        })
    }
}

/// Another process of the same app writes an entry: an extension.
fn write_beside(asked: &Value) -> Result<Value, CoreError> {
    let ports = Ports {
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
        network: Arc::new(NoNetwork),
    };
    let phone = Patient::open(Path::new(text(asked, "path")), &key(asked), ports)?;
    let written = phone.create(Entry {
        body: text(asked, "body").to_owned(),
        ..Entry::new(phone.now())
    })?;
    Ok(json!({ "id": written.id.to_string() }))
}

fn key(asked: &Value) -> StoreKey {
    let bytes = data_encoding::HEXLOWER.decode(text(asked, "key").as_bytes());
    StoreKey::new(bytes.unwrap().try_into().unwrap())
}

fn open(asked: &Value) -> Connection {
    let connection = Connection::open(text(asked, "path")).unwrap();
    let key = format!("PRAGMA key = \"x'{}'\"", text(asked, "key"));
    connection.execute_batch(&key).unwrap();
    connection
}
