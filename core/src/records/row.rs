//! Bringing a document's row up to date: the one place that writes rows of the read model.

use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::envelope::Envelope;
use super::{Map, apart, attention, fields_of, history, search, shared_at_the_end};
use crate::document::{self, ChunkInfo};
use crate::domain::{
    DocumentId, Index, Kind, Purpose, Revision, SearchText, Side, declared, index_unknown,
};
use crate::error::Result;
use crate::replica::{Replica, SpaceState};
use crate::store::{Attention, ItemRow, LogRow, Reader, Standing, Writer, WrittenBy};

/// Whose change it was, and when it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) author: MemberId,
    /// 0 for one's own that waits in the outbox.
    pub(crate) counter: Counter,
    pub(crate) received_ms: i64,
}

impl Origin {
    pub(crate) fn of(row: &LogRow) -> Self {
        Self {
            author: row.author,
            counter: row.counter,
            received_ms: row.received_ms,
        }
    }
}

/// What every row of this installation is written with.
pub(crate) struct Rows<'a> {
    pub(crate) replica: &'a Replica,
    /// The clinic's own spaces, where marks of review are.
    clinic_spaces: Vec<SpaceId>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(replica: &'a Replica) -> Self {
        let clinic_spaces = match replica.side {
            Side::Patient => Vec::new(),
            Side::Clinic => replica.spaces_for(Purpose::Clinic),
        };
        Self {
            replica,
            clinic_spaces,
        }
    }

    /// Writes a document's row as a change left it: with who wrote it so far.
    pub(crate) fn put(
        &self,
        w: &mut Writer<'_>,
        state: &SpaceState,
        (document, kind): (DocumentId, &Kind),
        origin: Origin,
        (revision, shown): (Revision, &Map),
    ) -> Result<ItemRow> {
        let before = w.item(document)?;
        // One's own change may be logged after what came in while it waited.
        let received_ms = newer(origin.received_ms, before.as_ref());
        let mut writers = before.map(|row| row.writers).unwrap_or_default();
        note_writer(&mut writers, origin.author, origin.counter);
        let row = bare_row(state, document, kind, received_ms, writers);
        self.put_described(w, state, row, revision, shown)
    }

    /// Notes what one version of a document calls the bytes that hang on it. Of versions that were made apart one stands,
    /// and the bytes that are anywhere at all may be those of the other one.
    pub(crate) fn note_names(
        &self,
        w: &mut Writer<'_>,
        state: &SpaceState,
        (document, kind): (DocumentId, &Kind),
        said: &Map,
    ) -> Result<()> {
        let Some(reading) = declared(kind).and_then(|declared| declared.read(said)) else {
            return Ok(());
        };
        let place = (state.row.space, document);
        Ok(w.note_attachments(place, &reading.index.blobs)?)
    }

    /// Writes a document's row from all its changes, or takes it away when none is left.
    pub(crate) fn rematerialize(
        &self,
        w: &mut Writer<'_>,
        state: &SpaceState,
        (document, kind): (DocumentId, &Kind),
        received_ms: i64,
    ) -> Result<()> {
        let history = history::read(w, state, document)?;
        if history.is_empty() {
            let gone = w.item(document)?;
            w.remove_item(document)?;
            return gone.map_or(Ok(()), |gone| self.look_again(w, &gone));
        }
        let whole = history.materialize()?;
        let authors = w.authors_of(state.row.space, document)?;
        let mut writers = Vec::new();
        for (author, counter) in authors {
            note_writer(&mut writers, author, counter);
        }
        if !w.outbox_of_document(document)?.is_empty() {
            note_writer(&mut writers, state.my_id(), Counter(0));
        }
        if let Some(snapshot) = &whole.snapshot {
            w.put_snapshot(document, snapshot)?;
        }
        let received_ms = newer(received_ms, w.item(document)?.as_ref());
        let row = bare_row(state, document, kind, received_ms, writers);
        self.put_described(w, state, row, whole.revision, &whole.projection)
            .map(drop)
    }

    /// Describes a row by its fields, writes it, and what follows from it.
    fn put_described(
        &self,
        w: &mut Writer<'_>,
        state: &SpaceState,
        mut row: ItemRow,
        revision: Revision,
        shown: &Map,
    ) -> Result<ItemRow> {
        let heads = marked_apart(w, state, (row.document, &revision), shown)?;
        let index = describe(&mut row, shown, &heads);
        if let Some(copy) = shared_at_the_end::shared_as(w, state, &row, shown)? {
            (row.standing, row.about) = (Standing::MovedOn, Some(copy));
        }
        row.sort_ms = judged_ms(w, &row, &index)?;
        row.revision = revision;
        // A map of JSON values can always be written.
        row.projection = serde_json::to_string(shown).unwrap_or_default();
        let side = self.replica.side;
        row.attention = attention::of_row(w, side, state, &self.clinic_spaces, (&row, shown))?;
        w.put_item(&row)?;
        // What can't be read names what it named before.
        if row.standing != Standing::Unreadable {
            let is_shown = row.standing == Standing::Living;
            w.put_attachments((row.space, row.document), &index.blobs, is_shown)?;
        }
        if let Some(concerned) = index.concerns {
            w.touch_space(concerned)?;
        }
        self.look_again(w, &row)?;
        if self.replica.is_searchable() {
            search::put(w, &row, searched(index, shown).as_ref())?;
        }
        Ok(row)
    }

    /// Looks again at what a receipt or a mark is about, once it was written or is gone.
    fn look_again(&self, w: &mut Writer<'_>, row: &ItemRow) -> Result<()> {
        let state_of = |space| self.replica.space(space);
        attention::look_again(w, self.replica.side, state_of, &self.clinic_spaces, row)
    }

    /// Describes a row again that was described by an older version of this app.
    pub(crate) fn index_again(
        &self,
        w: &mut Writer<'_>,
        state: &SpaceState,
        row: ItemRow,
    ) -> Result<()> {
        let shown: Map = serde_json::from_str(&row.projection).unwrap_or_default();
        if apart::has_wordings_of_devices(&shown) {
            let named = (row.document, &row.kind);
            return self.rematerialize(w, state, named, row.received_ms);
        }
        let revision = row.revision.clone();
        self.put_described(w, state, row, revision, &shown)
            .map(drop)
    }
}

/// What search reads of a row: also the wordings that the row does not show.
fn searched(index: Index, shown: &Map) -> Option<SearchText> {
    let mut searched = index.search?;
    for wording in apart::read(shown)
        .into_iter()
        .flat_map(|apart| apart.wordings)
    {
        searched.body.push('\n');
        searched.body.push_str(&wording);
    }
    Some(searched)
}

/// Whether a change builds upon exactly what is here.
pub(crate) fn follows(present: Option<&ItemRow>, info: &ChunkInfo) -> bool {
    let deps = Revision::new(info.deps.iter().copied());
    present.map_or(deps.is_empty(), |item| item.revision == deps)
}

/// When the newest of a document's changes came.
fn newer(received_ms: i64, before: Option<&ItemRow>) -> i64 {
    before.map_or(received_ms, |row| row.received_ms.max(received_ms))
}

fn note_writer(writers: &mut Vec<WrittenBy>, member: MemberId, counter: Counter) {
    match writers.iter_mut().find(|writer| writer.member == member) {
        Some(writer) => writer.counter = writer.counter.max(counter),
        None => {
            writers.push(WrittenBy { member, counter });
            // Whoever's change was logged first need not have written first.
            writers.sort_unstable_by_key(|writer| writer.member);
        }
    }
}

/// More newest changes than people make apart.
const HEADS_LIMIT: usize = 8;

/// What each of a document's newest changes says, where there are several and the document is marked as
/// shared, withdrawn or deleted.
fn marked_apart(
    r: &Reader<'_>,
    state: &SpaceState,
    (document, revision): (DocumentId, &Revision),
    shown: &Map,
) -> Result<Vec<Map>> {
    let heads = revision.heads();
    let is_apart = (2..=HEADS_LIMIT).contains(&heads.len());
    if !is_apart || !Envelope::read(shown).is_marked() {
        return Ok(Vec::new());
    }
    let history = history::read(r, state, document)?;
    let each = heads
        .iter()
        .map(|head| history.fields_at(&Revision::new([*head])));
    // What can't be read hides nothing.
    Ok(each
        .collect::<std::result::Result<_, _>>()
        .unwrap_or_default())
}

/// Whether a document is shown. A mark is about what its author saw, and two that were made apart are each
/// about other words: together they are about all of them.
fn standing_of(envelope: &Envelope, shown: &Map, heads: &[Map]) -> Standing {
    match (envelope.standing(shown), agreed(heads)) {
        (Standing::Living, Some(Standing::MovedOn)) => {
            let shared_as = |head| Envelope::read(head).shared_as;
            match heads
                .iter()
                .all(|head| shared_as(head) == envelope.shared_as)
            {
                true => Standing::MovedOn,
                false => Standing::Living,
            }
        }
        (Standing::Living, Some(agreed)) => agreed,
        (standing, _) => standing,
    }
}

/// How a document stands at each of its newest changes, where it is the same at all and leaves no words behind.
fn agreed(heads: &[Map]) -> Option<Standing> {
    let mut agreed = None;
    for fields in heads {
        let envelope = Envelope::read(fields);
        let standing = envelope.standing(fields);
        if envelope.has_words_left_behind(fields) || agreed.is_some_and(|other| other != standing) {
            return None;
        }
        agreed = Some(standing);
    }
    agreed
}

/// Fills in what lists choose and order by.
fn describe(row: &mut ItemRow, shown: &Map, heads: &[Map]) -> Index {
    let reading = declared(&row.kind).and_then(|declared| declared.read(shown));
    let envelope = Envelope::read(shown);
    let (standing, index) = match reading {
        // What it says is still on its way: there is nothing to show, and nothing that can't be read. Unless
        // somebody else took away what it said.
        _ if row.writers.len() < 2 && document::is_frame(shown) => {
            (Standing::NothingSaid, index_unknown(shown))
        }
        Some(reading) => (standing_of(&envelope, shown, heads), reading.index),
        None => (Standing::Unreadable, index_unknown(shown)),
    };
    row.sort_ms = index.at.map_or(0, |at| at.unix_ms);
    row.standing = standing;
    row.state = match standing {
        Standing::Withdrawn
            if envelope.has_words_left_behind(shown)
                && agreed(heads) != Some(Standing::Withdrawn) =>
        {
            LEFT_BEHIND.to_owned()
        }
        _ => index.state.to_owned(),
    };
    row.about = match standing {
        // So that whoever withdraws the shared one finds the private one.
        Standing::MovedOn => envelope.shared_as,
        _ => index.about.or(envelope.formerly.last().copied()),
    };
    index
}

/// The state of something withdrawn that says what was not taken along.
pub(super) const LEFT_BEHIND: &str = "left_behind";

/// How far a clock may be ahead before what it says is not believed, in milliseconds.
pub(super) const CLOCKS_DIFFER_MS: i64 = 15 * 60 * 1000;

/// When something happened, for lists: when it says that it did, but not later than it was first
/// received, or last received where each change says it anew. A clock that is three years ahead must not hide for
/// three years what comes after.
fn judged_ms(r: &Reader<'_>, row: &ItemRow, index: &Index) -> Result<i64> {
    if index.at.is_none() || index.planned {
        return Ok(row.sort_ms);
    }
    let received_ms = if index.renewed {
        row.received_ms
    } else {
        let first = r.first_received(row.space, row.document)?;
        first.unwrap_or(row.received_ms)
    };
    if row.sort_ms > received_ms.saturating_add(CLOCKS_DIFFER_MS) {
        Ok(received_ms)
    } else {
        Ok(row.sort_ms)
    }
}

/// A row that nothing is described in yet.
fn bare_row(
    state: &SpaceState,
    document: DocumentId,
    kind: &Kind,
    received_ms: i64,
    writers: Vec<WrittenBy>,
) -> ItemRow {
    ItemRow {
        document,
        space: state.row.space,
        kind: kind.clone(),
        about: None,
        sort_ms: 0,
        standing: Standing::Unreadable,
        state: String::new(),
        attention: Attention::default(),
        changed: 0,
        received_ms,
        writers,
        revision: Revision::default(),
        projection: String::new(),
        waiting: false,
    }
}

/// Tells a row the count that a server acknowledged for one's own newest change in it. Where this
/// device's clock was ahead when that was written, as the server's has shown since, its times are put right.
pub(crate) fn acknowledge_row(
    w: &mut Writer<'_>,
    row: &LogRow,
    clock_was_ahead: bool,
) -> Result<()> {
    let Some(document) = row.document else {
        return Ok(());
    };
    if let Some(mut item) = w.item(document)? {
        // Whoever this device was when it wrote what had not left it: it may have come by another link since.
        item.writers.retain(|writer| writer.counter > Counter(0));
        note_writer(&mut item.writers, row.author, row.counter);
        if clock_was_ahead {
            let last = w.last_received(row.space, document)?;
            item.received_ms = last.unwrap_or(item.received_ms);
            let reading = declared(&item.kind).and_then(|kind| kind.read(&fields_of(&item)));
            let index = reading.map(|reading| reading.index).unwrap_or_default();
            item.sort_ms = judged_ms(w, &item, &index)?;
            w.put_item(&item)?;
        } else {
            w.put_writers(&item)?;
        }
    }
    Ok(())
}
