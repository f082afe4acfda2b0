//! What the same rows cost without us: plain SQLite over the same encrypted file, in tables of this
//! program's own, so that no change of the core's schema moves a floor.

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rusqlite::{Connection, params};

use crate::sample::{Effort, Figure, each};
use crate::subject::{KEY, PAGE, Plain};

/// As the core sets its own connections.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cell_size_check = ON;
    PRAGMA cache_size = -8192;
";

const TABLES: &str = "
    CREATE TABLE bare (
        position INTEGER PRIMARY KEY,
        document BLOB    NOT NULL UNIQUE,
        space    INTEGER NOT NULL,
        kind     TEXT    NOT NULL,
        sort_ms  INTEGER NOT NULL,
        fields   TEXT    NOT NULL
    ) STRICT;
    CREATE INDEX bare_kind ON bare (space, kind, sort_ms);
    CREATE INDEX bare_time ON bare (space, sort_ms);
    CREATE VIRTUAL TABLE bare_words USING fts5 (
        title, body, content = '', tokenize = 'unicode61 remove_diacritics 2'
    );
    CREATE TABLE bare_name (space INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
";

/// A record's file with the record once more in plain tables.
pub(crate) struct Bare {
    connection: Connection,
    file: PathBuf,
}

impl Bare {
    /// Adds the tables to a file that nobody else has open.
    pub(crate) fn into(file: &Path) -> Self {
        let connection = connect(file);
        connection.execute_batch(TABLES).unwrap();
        Self {
            connection,
            file: file.to_owned(),
        }
    }

    /// Puts one patient's things in. `searched`: as a phone does, which has its words indexed.
    pub(crate) fn fill(&mut self, space: usize, name: &str, all: &[Plain], searched: bool) {
        let space = i64::try_from(space).unwrap();
        let transaction = self.connection.transaction().unwrap();
        transaction
            .execute(
                "INSERT INTO bare_name VALUES (?1, ?2)",
                params![space, name],
            )
            .unwrap();
        for one in all {
            insert(&transaction, space, one);
            if searched && one.kind == "entry" {
                transaction
                    .prepare_cached(
                        "INSERT INTO bare_words (rowid, title, body) VALUES (?1, ?2, ?3)",
                    )
                    .unwrap()
                    .execute(params![
                        transaction.last_insert_rowid(),
                        spaced(&one.title),
                        spaced(&one.body)
                    ])
                    .unwrap();
            }
        }
        transaction.commit().unwrap();
    }

    /// The newest entries of one space, by an index.
    pub(crate) fn newest_entries(&self, space: usize) -> usize {
        newest_entries(&self.connection, space)
    }

    /// The newest things of one space, by an index.
    pub(crate) fn newest(&self, space: usize) -> usize {
        let sql = "SELECT document, sort_ms, fields FROM bare WHERE space = ?1
                   ORDER BY sort_ms DESC LIMIT ?2";
        let space = i64::try_from(space).unwrap();
        read(&self.connection, sql, params![space, limit(PAGE)])
    }

    pub(crate) fn by_key(&self, document: &[u8]) -> usize {
        let sql = "SELECT document, sort_ms, fields FROM bare WHERE document = ?1";
        read(&self.connection, sql, [document])
    }

    /// The best matches of a word or of its beginning, with their rows.
    pub(crate) fn search(&self, word: &str, most: usize) -> usize {
        let sql = "SELECT document, sort_ms, fields FROM bare_words
                   JOIN bare ON bare.position = bare_words.rowid
                   WHERE bare_words MATCH ?1 ORDER BY bm25(bare_words, 8.0, 1.0) LIMIT ?2";
        let expression = format!("\"{}\" *", spaced(word));
        read(&self.connection, sql, params![expression, limit(most)])
    }

    /// One row of an entry's length, durable when it is over.
    pub(crate) fn commits(&mut self, effort: Effort) -> Figure {
        let mut rows = (0_u32..).map(|number| Plain {
            id: number.to_be_bytes().to_vec(),
            kind: "entry",
            at_ms: i64::from(number),
            title: String::new(),
            body: String::new(),
            fields: "x".repeat(2_200),
        });
        let commit = |row| {
            let transaction = self.connection.transaction().unwrap();
            insert(&transaction, 0, &row);
            transaction.commit().unwrap();
        };
        each(effort, None, || rows.next().unwrap(), commit)
    }

    /// A line for each patient and kind, by an index that holds all of it.
    pub(crate) fn group(&self) -> usize {
        let sql = "SELECT space, kind, count(*), max(sort_ms) FROM bare GROUP BY space, kind";
        let mut ask = self.connection.prepare_cached(sql).unwrap();
        let rows = ask.query_map([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, i64>(3)?,
            ))
        });
        rows.unwrap().map(Result::unwrap).count()
    }

    /// The names with these letters in them.
    pub(crate) fn names(&self, letters: &str) -> usize {
        let sql = "SELECT space, name FROM bare_name WHERE name LIKE '%' || ?1 || '%'";
        let mut ask = self.connection.prepare_cached(sql).unwrap();
        let rows = ask.query_map([letters], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        });
        rows.unwrap().map(Result::unwrap).count()
    }

    /// One more connection, with all that it asks to show the newest entries.
    pub(crate) fn open_and_read(&self) -> (Connection, usize) {
        open_and_read(&self.file)
    }

    /// One more connection, with the names read.
    pub(crate) fn open_and_read_names(&self) -> (Connection, usize) {
        let connection = connect(&self.file);
        let count = connection
            .prepare("SELECT space, name FROM bare_name")
            .unwrap()
            .query_map([], |row| row.get::<_, String>(1))
            .unwrap()
            .map(Result::unwrap)
            .count();
        (connection, count)
    }
}

/// Opens a file that has the tables, and reads the newest entries.
pub(crate) fn open_and_read(file: &Path) -> (Connection, usize) {
    let connection = connect(file);
    let count = newest_entries(&connection, 0);
    (connection, count)
}

fn newest_entries(connection: &Connection, space: usize) -> usize {
    let sql = "SELECT document, sort_ms, fields FROM bare WHERE space = ?1 AND kind = 'entry'
               ORDER BY sort_ms DESC LIMIT ?2";
    let space = i64::try_from(space).unwrap();
    read(connection, sql, params![space, limit(PAGE)])
}

fn connect(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    let key = HEXLOWER.encode(&KEY);
    let give_key = format!("PRAGMA key = \"x'{key}'\"");
    connection.execute_batch(&give_key).unwrap();
    connection.execute_batch(SETTINGS).unwrap();
    connection
}

fn insert(connection: &Connection, space: i64, one: &Plain) {
    connection
        .prepare_cached(
            "INSERT INTO bare (document, space, kind, sort_ms, fields) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .unwrap()
        .execute(params![one.id, space, one.kind, one.at_ms, one.fields])
        .unwrap();
}

/// How many rows came; each was read.
fn read(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> usize {
    let mut ask = connection.prepare_cached(sql).unwrap();
    let rows = ask.query_map(params, |row| {
        Ok((
            row.get::<_, Vec<u8>>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, String>(2)?,
        ))
    });
    let rows: Vec<_> = rows.unwrap().map(Result::unwrap).collect();
    rows.len()
}

fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap()
}

/// Each letter of a script without spaces as a word of its own: so that plain SQLite finds what is
/// in the middle of a sentence.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for letter in text.chars() {
        let alone = matches!(letter, '\u{e00}'..='\u{e7f}' | '\u{2e80}'..);
        if alone {
            spaced.push(' ');
        }
        spaced.push(letter);
        if alone {
            spaced.push(' ');
        }
    }
    spaced
}
