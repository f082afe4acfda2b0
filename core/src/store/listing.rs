//! Choosing rows of the read model: lists by page, and counts.

use companion_protocol::id::SpaceId;
use rusqlite::{Row, ToSql, params};

use super::items::{ItemRow, Needing, Standing};
use super::rows::{id, limit};
use super::{Reader, StoreError};
use crate::domain::{DocumentId, Kind};

/// Which items to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemQuery {
    /// Of these spaces; with none named, nothing is found.
    pub spaces: Vec<SpaceId>,
    /// Of this kind.
    pub kind: Kind,
    /// In this standing.
    pub standing: Standing,
    /// About one of these documents only; with none named, about whatever.
    pub about: Vec<DocumentId>,
    /// In this state only.
    pub state: Option<&'static str>,
    /// In which order.
    pub order: Order,
    /// After this place in the order: an item's time in milliseconds since 1970, and its id.
    pub after: Option<(i64, DocumentId)>,
    /// No more than so many.
    pub limit: usize,
}

/// The order of a list, by time and then by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Newest first.
    #[default]
    NewestFirst,
    /// Oldest first.
    OldestFirst,
}

/// The index alone says which rows to show, in which order; only those are read. One space and kind
/// at a time, as equalities: or the planner walks all of the space.
macro_rules! listed {
    ($from:literal, $beyond:literal, $order:literal) => {
        concat!(
            "SELECT rowid, sort_ms, document FROM item ",
            $from,
            " AND (sort_ms, document) ",
            $beyond,
            " (?4, ?5) AND (?6 IS NULL OR state = ?6) ORDER BY sort_ms ",
            $order,
            ", document ",
            $order,
            " LIMIT ?7"
        )
    };
}

const OF_KIND_NEWEST: &str = listed!(
    "WHERE space = ?1 AND kind = ?2 AND standing = ?3",
    "<",
    "DESC"
);
const OF_KIND_OLDEST: &str = listed!("WHERE space = ?1 AND kind = ?2 AND standing = ?3", ">", "");
const ABOUT_NEWEST: &str = listed!(
    "WHERE about = ?8 AND space = ?1 AND kind = ?2 AND standing = ?3",
    "<",
    "DESC"
);
const ABOUT_OLDEST: &str = listed!(
    "WHERE about = ?8 AND space = ?1 AND kind = ?2 AND standing = ?3",
    ">",
    ""
);

impl Reader<'_> {
    /// Documents of one kind by space, standing, subject and time.
    pub fn items(&self, query: &ItemQuery) -> Result<Vec<ItemRow>, StoreError> {
        let mut chosen = Vec::new();
        for space in &query.spaces {
            if query.about.is_empty() {
                chosen.extend(self.listed(*space, None, query)?);
            }
            for about in &query.about {
                chosen.extend(self.listed(*space, Some(*about), query)?);
            }
        }
        chosen.sort_unstable_by_key(|(_, sort_ms, document)| (*sort_ms, *document));
        if query.order == Order::NewestFirst {
            chosen.reverse();
        }
        chosen.truncate(query.limit);
        let mut items = Vec::with_capacity(chosen.len());
        for (position, ..) in chosen {
            items.extend(self.item_at(position)?);
        }
        Ok(items)
    }

    fn listed(
        &self,
        space: SpaceId,
        about: Option<DocumentId>,
        query: &ItemQuery,
    ) -> Result<Vec<(i64, i64, DocumentId)>, StoreError> {
        let (least, most) = (DocumentId::new([0; 16]), DocumentId::new([0xff; 16]));
        let (sql, beginning) = match (about.is_some(), query.order) {
            (false, Order::NewestFirst) => (OF_KIND_NEWEST, (i64::MAX, most)),
            (false, Order::OldestFirst) => (OF_KIND_OLDEST, (i64::MIN, least)),
            (true, Order::NewestFirst) => (ABOUT_NEWEST, (i64::MAX, most)),
            (true, Order::OldestFirst) => (ABOUT_OLDEST, (i64::MIN, least)),
        };
        let (sort_ms, document) = query.after.unwrap_or(beginning);
        let read = |row: &Row<'_>| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                id(row, 2, DocumentId::from_slice)?,
            ))
        };
        let (kind, standing) = (query.kind.as_str(), query.standing.number());
        let rows = limit(query.limit);
        let mut values: Vec<&dyn ToSql> = vec![
            space.as_bytes(),
            &kind,
            &standing,
            &sort_ms,
            document.as_bytes(),
            &query.state,
            &rows,
        ];
        if let Some(about) = &about {
            values.push(about.as_bytes());
        }
        self.rows(sql, &*values, read)
    }

    /// How many documents the query finds, whatever its limit and where it goes on. Reads an index.
    pub fn count_items(&self, query: &ItemQuery) -> Result<usize, StoreError> {
        let mut count = 0_usize;
        for space in &query.spaces {
            let (kind, standing) = (query.kind.as_str(), query.standing.number());
            if query.about.is_empty() {
                count += self.count(
                    "SELECT count(*) FROM item WHERE space = ?1 AND kind = ?2 AND standing = ?3
                         AND (?4 IS NULL OR state = ?4)",
                    params![space.as_bytes(), kind, standing, query.state],
                )?;
            }
            for about in &query.about {
                count += self.count(
                    "SELECT count(*) FROM item WHERE about = ?5 AND kind = ?2 AND space = ?1
                         AND standing = ?3 AND (?4 IS NULL OR state = ?4)",
                    params![
                        space.as_bytes(),
                        kind,
                        standing,
                        query.state,
                        about.as_bytes()
                    ],
                )?;
            }
        }
        Ok(count)
    }

    /// How many documents of a kind still need somebody at the clinic in their present version, in
    /// that state of their kind's.
    pub fn count_needing(
        &self,
        space: SpaceId,
        kind: &Kind,
        needing: Needing,
        state: Option<&'static str>,
    ) -> Result<usize, StoreError> {
        let (bits, least) = needing.bits_and_least();
        self.count(
            "SELECT count(*) FROM item INDEXED BY item_attention
             WHERE space = ?1 AND kind = ?2 AND attention > 0 AND attention & ?5 >= ?3
                 AND (?4 IS NULL OR state = ?4)",
            params![space.as_bytes(), kind.as_str(), least, state, bits],
        )
    }
}
