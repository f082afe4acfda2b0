//! Records: documents, spaces and the store put together, for every kind of document alike. Edits go
//! in here and come out as changes to send; changes of others come in here and end up as rows to show.
//!
//! The verbs of `Records` serve both facades. Whose word something is, is decided in `provenance`
//! and nowhere else. Knows nothing of HTTP. The log is the truth; rows, snapshots, summaries and the
//! search index are caches of it.

mod apart;
mod attach;
mod attention;
mod bring_in;
mod came_back;
mod commit;
mod deletion;
mod delivery;
pub(crate) mod envelope;
mod evidence;
mod fill_in;
mod genuine;
mod history;
mod in_two_spaces;
mod in_two_wordings;
mod intake;
mod newest;
mod observe;
mod open_attachment;
mod page;
mod provenance;
mod read;
mod rebuild;
mod record_ids;
mod remains;
mod reseal;
mod row;
mod scope;
mod search;
mod seen;
mod share;
mod shared_at_the_end;
mod taken;
#[cfg(test)]
mod tests;
mod unreadable;
mod view;
mod write;
mod written;

pub use attach::{AttachmentView, NewAttachment};
pub(crate) use attach::{key_of, of_blob};
pub(crate) use attention::{outdated_mark, standing_mark};
pub(crate) use commit::{Begins, Edit};
pub(crate) use evidence::{Contradiction, Weighed};
pub(crate) use fill_in::{attachment_in, attachment_of_name, say_lost};
pub(crate) use genuine::genuine;
pub(crate) use history::versions_of;
pub use in_two_wordings::InTwoWordings;
pub(crate) use intake::NO_KEY;
pub(crate) use intake::{Intake, IntakeOutcome, acknowledge};
pub(crate) use newest::Newest;
pub use observe::{Diff, Observation, Observer, RecordChanged};
pub use open_attachment::AttachmentReader;
pub use page::{Cursor, CursorError, MAX_PAGE, Page, PageSize, Query};
pub use read::{Change, Changes, Sequence};
pub(crate) use rebuild::INDEXED;
pub use rebuild::RecordCheck;
pub(crate) use record_ids::record_id;
pub use remains::{DeletedView, Reached, Remains};
pub(crate) use row::Rows;
pub(crate) use scope::{Records, Scope};
pub use seen::{Seen, SeenError};
pub(crate) use taken::{Taken, TakenAlong};
pub(crate) use unreadable::Unreadable;
pub use view::{Apart, DeliveryState, View, Withdrawn};
pub use written::Written;

use companion_protocol::change::SealedChange;

use crate::domain::Content;
use crate::error::Result;
use crate::replica::SpaceState;
use crate::space::payload::Payload;
use crate::space::seal;
use crate::store::ItemRow;

/// The plain fields of a document.
pub(crate) type Map = crate::domain::Projection;

/// Opens a sealed change with the space's keys, and holds it to what its header says of it.
pub(crate) fn open_payload(state: &SpaceState, change: &SealedChange) -> Result<Payload> {
    let key = state.key(change.header().epoch)?;
    let packed = seal::open(key, change)?;
    Ok(Payload::unpack(&packed, &change.header().content)?)
}

/// The fields of a row. A row of ours that can't be read is damage, and gives none: it is rebuilt
/// from the log.
pub(crate) fn fields_of(row: &ItemRow) -> Map {
    serde_json::from_str(&row.projection).unwrap_or_default()
}

/// The typed content of a row.
pub(crate) fn read_row<T: Content>(row: &ItemRow) -> Result<T> {
    let fields = fields_of(row);
    Ok(apart::content(&fields, &apart::read(&fields))?)
}
