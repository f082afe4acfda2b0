//! Files: what OpenSSL wrote opens, and what is written here has SQLCipher's own format.

#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::path::Path;

use openssl_sys as _;
use rusqlite::{Connection, Error, ErrorCode};

const PASSPHRASE: &str = "correct horse battery staple";

/// Forty rows, written by SQLCipher 4.20 with OpenSSL 3, and the passphrase above. It is never to be made anew.
const WRITTEN_WITH_OPENSSL: &[u8] = include_bytes!("fixtures/written-with-openssl.sqlcipher");

fn open(file: &Path, passphrase: &str) -> Connection {
    let connection = Connection::open(file).expect("a file");
    connection
        .pragma_update(None, "key", passphrase)
        .expect("a key is taken");
    connection
}

fn rows(connection: &Connection) -> Result<u32, Error> {
    connection.query_row(
        "SELECT count(*) FROM words WHERE length(body) > 300",
        (),
        |row| row.get(0),
    )
}

#[test]
fn what_openssl_wrote_is_read_and_written_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("old.db");
    std::fs::write(&file, WRITTEN_WITH_OPENSSL).expect("a copy");
    let connection = open(&file, PASSPHRASE);
    assert_eq!(rows(&connection).expect("rows"), 40);
    connection
        .execute("INSERT INTO words (body) SELECT body FROM words", ())
        .expect("more rows");
    drop(connection);
    assert_eq!(rows(&open(&file, PASSPHRASE)).expect("rows"), 80);
    let bytes = std::fs::read(&file).expect("a file");
    let words = b"what came up after the session";
    assert!(!bytes.windows(words.len()).any(|window| window == words));
}

#[test]
fn another_passphrase_and_a_page_with_one_changed_bit_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("old.db");
    std::fs::write(&file, WRITTEN_WITH_OPENSSL).expect("a copy");
    let wrong = rows(&open(&file, "correct horse battery stapler")).expect_err("another key");
    assert_eq!(wrong.sqlite_error_code(), Some(ErrorCode::NotADatabase));

    let mut bytes = WRITTEN_WITH_OPENSSL.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("a changed file");
    assert!(rows(&open(&file, PASSPHRASE)).is_err());
}

#[test]
fn sqlcipher_says_with_whom_it_was_built() {
    let connection = Connection::open_in_memory().expect("memory");
    connection
        .pragma_update(None, "key", PASSPHRASE)
        .expect("a key is taken");
    let provider: String = connection
        .query_row("PRAGMA cipher_provider", (), |row| row.get(0))
        .expect("a name");
    assert_eq!(provider, "rustcrypto");
}
