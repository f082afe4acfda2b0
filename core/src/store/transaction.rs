//! What a closure of [`Store::read`](super::Store::read) or [`Store::write`](super::Store::write)
//! holds: the one gate through which every statement goes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;

use companion_protocol::id::SpaceId;
use rusqlite::{Connection, Params, Row, params};

use super::StoreError;

/// Reads one consistent state of the store.
#[derive(Debug)]
pub struct Reader<'a> {
    connection: &'a Connection,
    /// The first error after which the connection can't be trusted, even if the caller went on.
    fault: RefCell<Option<StoreError>>,
}

/// Reads and changes the store, all or nothing.
#[derive(Debug)]
pub struct Writer<'a> {
    reader: Reader<'a>,
    /// The last number given to a changed row; `None` while none was given.
    last_change: Option<i64>,
    /// The spaces with changed rows.
    touched: BTreeMap<SpaceId, i64>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self {
            connection,
            fault: RefCell::new(None),
        }
    }

    pub(super) fn into_fault(self) -> Option<StoreError> {
        self.fault.into_inner()
    }

    /// All rows that the statement gives.
    pub(super) fn rows<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.watched(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(read(row)?);
            }
            Ok(all)
        })
    }

    /// The first row that the statement gives.
    pub(super) fn row<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.watched(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let mut rows = statement.query(params)?;
            rows.next()?.map(read).transpose()
        })
    }

    /// The one number that a counting statement gives.
    pub(super) fn count(
        &self,
        sql: &'static str,
        params: impl Params,
    ) -> Result<usize, StoreError> {
        let count = self.row(sql, params, |row| Ok(row.get::<_, i64>(0)?))?;
        Ok(count
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or_default())
    }

    fn watched<T>(
        &self,
        f: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        f(self.connection).inspect_err(|error| {
            if error.spoils_connection() {
                self.fault.borrow_mut().get_or_insert_with(|| error.clone());
            }
        })
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self {
            reader: Reader::new(connection),
            last_change: None,
            touched: BTreeMap::new(),
        }
    }

    /// Writes down what the transaction as a whole changed, before it is committed: the last number
    /// given, and which spaces have it. Gives that number, if any row changed.
    pub(super) fn conclude(&mut self) -> Result<Option<i64>, StoreError> {
        let Some(last) = self.last_change else {
            return Ok(None);
        };
        self.run("UPDATE latest SET number = ?1", [last])?;
        for (space, number) in std::mem::take(&mut self.touched) {
            self.run(
                "UPDATE space SET changed = ?2 WHERE space = ?1",
                params![space.as_bytes(), number],
            )?;
        }
        Ok(Some(last))
    }

    /// The number for a row of that space that is being changed.
    pub(super) fn next_change(&mut self, space: SpaceId) -> Result<i64, StoreError> {
        let last = match self.last_change {
            Some(last) => last,
            None => self.latest_change()?,
        };
        let next = last.saturating_add(1);
        self.last_change = Some(next);
        self.touched.insert(space, next);
        Ok(next)
    }

    pub(super) fn into_fault(self) -> Option<StoreError> {
        self.reader.into_fault()
    }

    /// Runs a statement that gives no rows; says how many it changed.
    pub(super) fn run(
        &mut self,
        sql: &'static str,
        params: impl Params,
    ) -> Result<usize, StoreError> {
        self.reader
            .watched(|connection| Ok(connection.prepare_cached(sql)?.execute(params)?))
    }

    /// The row id that the last insertion got.
    pub(super) fn inserted(&self) -> i64 {
        self.reader.connection.last_insert_rowid()
    }
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}
