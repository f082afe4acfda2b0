//! Asking for a page of a list, and for the page after it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::marker::PhantomData;

use companion_protocol::id::SpaceId;

use super::View;
use crate::domain::text::{Named, Problem, named};
use crate::domain::{Content, DocumentId, Invalid};
use crate::store::{ItemQuery, Order, Standing};

const LIMIT: Named = named("limit", "the number of rows asked for");
const CURSOR: Named = named("cursor", "the place to go on from");

/// Most rows of one page.
pub const MAX_PAGE: u16 = 500;

/// How many rows a page has at most: 1 to [`MAX_PAGE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageSize(u16);

impl PageSize {
    /// A page as a phone shows it: 30 rows.
    pub const SCREEN: PageSize = PageSize(30);
    /// One row.
    pub const ONE: PageSize = PageSize(1);
    /// The largest page.
    pub const LARGEST: PageSize = PageSize(MAX_PAGE);

    /// A page of that many rows.
    ///
    /// # Errors
    ///
    /// [`Problem::OutOfRange`] for anything but 1 to [`MAX_PAGE`].
    ///
    /// ```
    /// use companion_core::records::PageSize;
    ///
    /// assert!(PageSize::new(50).is_ok());
    /// assert!(PageSize::new(-1).is_err() && PageSize::new(1_000_000).is_err());
    /// ```
    pub fn new(rows: i64) -> Result<PageSize, Invalid> {
        match u16::try_from(rows) {
            Ok(rows @ 1..=MAX_PAGE) => Ok(PageSize(rows)),
            _ => Err(LIMIT.wrong(Problem::OutOfRange {
                least: 1,
                most: MAX_PAGE.into(),
            })),
        }
    }

    /// How many rows.
    pub const fn rows(self) -> usize {
        self.0 as usize
    }
}

/// Where a page ended, to ask for the next one of the same list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    sort_ms: i64,
    document: DocumentId,
    /// Which list it belongs to.
    list: u64,
}

/// A text that is not a place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct CursorError;

impl std::fmt::Display for Cursor {
    /// Fit for an address: `1795465113123.0a0b….9f3c`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{:x}", self.sort_ms, self.document, self.list)
    }
}

impl std::str::FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(CursorError);
        let (sort_ms, document, list) = (part()?, part()?, part()?);
        let cursor = Cursor {
            sort_ms: sort_ms.parse().map_err(|_| CursorError)?,
            document: document.parse().map_err(|_| CursorError)?,
            list: u64::from_str_radix(list, 16).map_err(|_| CursorError)?,
        };
        match parts.next() {
            None => Ok(cursor),
            Some(_) => Err(CursorError),
        }
    }
}

/// Which documents of one kind to list: all that are shown, newest first, a screen at a time, unless
/// told otherwise.
///
/// ```
/// use companion_core::domain::{Entry, Visibility};
/// use companion_core::records::{PageSize, Query};
///
/// let shared = Query::<Entry>::all()
///     .in_state(Visibility::CareTeam.as_str())
///     .size(PageSize::new(10)?);
/// # let _ = shared;
/// # Ok::<(), companion_core::domain::Invalid>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Query<T> {
    about: Option<DocumentId>,
    state: Option<&'static str>,
    order: Order,
    after: Option<Cursor>,
    size: PageSize,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Query<T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T: Content> Default for Query<T> {
    fn default() -> Self {
        Self::all()
    }
}

impl<T: Content> Query<T> {
    /// All of the kind.
    pub fn all() -> Self {
        Self {
            about: None,
            state: None,
            order: Order::NewestFirst,
            after: None,
            size: PageSize::SCREEN,
            kind: PhantomData,
        }
    }

    /// Those about one document.
    pub fn about(document: DocumentId) -> Self {
        Self {
            about: Some(document),
            ..Self::all()
        }
    }

    /// Only those in that state, a word of the kind's own: of entries and check-ins, who may see it.
    #[must_use]
    pub fn in_state(mut self, state: &'static str) -> Self {
        self.state = Some(state);
        self
    }

    /// Oldest first.
    #[must_use]
    pub fn oldest_first(mut self) -> Self {
        self.order = Order::OldestFirst;
        self
    }

    /// So many at a time.
    #[must_use]
    pub fn size(mut self, size: PageSize) -> Self {
        self.size = size;
        self
    }

    /// Goes on where a page of the same list ended.
    #[must_use]
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.after = Some(cursor);
        self
    }

    /// How many rows of a page at most.
    pub(super) fn rows(&self) -> usize {
        self.size.rows()
    }

    /// The place of a row in this list.
    pub(super) fn cursor_at(
        &self,
        spaces: &[SpaceId],
        sort_ms: i64,
        document: DocumentId,
    ) -> Cursor {
        Cursor {
            sort_ms,
            document,
            list: self.list(spaces),
        }
    }

    /// A number for the list itself, whatever its page: a cursor of one list says nothing in another.
    fn list(&self, spaces: &[SpaceId]) -> u64 {
        let mut spaces = spaces.to_vec();
        spaces.sort_unstable();
        let mut hasher = DefaultHasher::new();
        (T::KIND, self.about, self.state, self.order, spaces).hash(&mut hasher);
        hasher.finish()
    }

    /// The document that they are about.
    pub(super) const fn subject(&self) -> Option<DocumentId> {
        self.about
    }

    /// As the store takes it; one row more than a page has, to know whether there is a next one. `about`
    /// are all the names of what they are about.
    pub(super) fn for_store(
        &self,
        spaces: Vec<SpaceId>,
        standing: Standing,
        about: Vec<DocumentId>,
    ) -> Result<ItemQuery, Invalid> {
        if self
            .after
            .is_some_and(|cursor| cursor.list != self.list(&spaces))
        {
            return Err(CURSOR.wrong(Problem::ForeignCursor));
        }
        Ok(ItemQuery {
            spaces,
            kind: T::KIND,
            standing,
            about,
            state: self.state,
            order: self.order,
            after: self.after.map(|cursor| (cursor.sort_ms, cursor.document)),
            limit: self.size.rows() + 1,
        })
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<View<T>>,
    /// Where the next page goes on; `None` at the end of the list.
    pub next: Option<Cursor>,
}
