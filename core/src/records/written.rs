//! Who wrote a document that both sides may write, change by change, and what of it is therefore the
//! patient's word. A change that takes part in no document is none of it.

use companion_protocol::change::SealedChange;
use companion_protocol::id::MemberId;

use super::envelope::Envelope;
use super::row::CLOCKS_DIFFER_MS;
use super::{Map, Records, View, open_payload, provenance};
use crate::document;
use crate::domain::disclosed::{Disclosed, Doubts, PatientsWord};
use crate::domain::{
    ChangeHash, Content, DocumentId, EditedBy, Moment, Revision, Side, Writers, index_unknown,
};
use crate::error::{CoreError, Missing, Result};
use crate::replica::SpaceState;
use crate::space::payload::Payload;
use crate::store::{ItemRow, Reader};

/// One change of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The side of its author.
    pub(crate) side: Side,
    /// Its author.
    pub(crate) author: MemberId,
    /// The change itself.
    pub(crate) change: ChangeHash,
    /// Whether it began the document.
    pub(crate) is_first: bool,
    /// When it was written, as far as that can be known: not later than it came.
    pub(crate) at: Moment,
    /// When it came to this device, or was written on it, milliseconds since 1970 UTC.
    pub(crate) received_ms: i64,
}

/// A change of a document that both sides write, for people: who made it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Whose change it is.
    pub side: Side,
    /// Who of the clinic's people, as the clinic calls them; empty where nobody is named, and of the patient's.
    pub by: String,
    /// Whether it began the document.
    pub is_first: bool,
    /// When it was written, but not later than it came.
    pub at: Moment,
}

impl Records {
    /// Who wrote a document, the newest change first.
    pub(crate) fn written(&self, id: DocumentId) -> Result<Vec<Written>> {
        let names = self.about::<EditedBy>(id)?;
        let written = self.words_of(id)?.into_iter().rev().map(|word| {
            let is_it = |name: &&EditedBy| name.revision.heads().contains(&word.change);
            let name = names
                .iter()
                .find(is_it)
                .filter(|_| word.side == Side::Clinic);
            Written {
                side: word.side,
                by: name.map(|name| name.by.clone()).unwrap_or_default(),
                is_first: word.is_first,
                at: word.at,
            }
        });
        Ok(written.collect())
    }

    /// Says who of the clinic's people wrote a version. Where an edit changed nothing there is nothing to say.
    pub(crate) fn name_writer(
        &self,
        seen: Option<&Revision>,
        (about, revision): (DocumentId, &Revision),
        by: &str,
    ) -> Result<()> {
        if seen == Some(revision) {
            return Ok(());
        }
        let named = self.create(EditedBy {
            about,
            revision: revision.clone(),
            by: by.to_owned(),
            at: self.replica.now(),
        });
        named.map(drop)
    }

    /// The changes of a document in an order in which none stands before one that its author had seen.
    pub(crate) fn words_of(&self, id: DocumentId) -> Result<Vec<Word>> {
        self.replica.store.read(|r| {
            let row = r.item(id)?.ok_or(CoreError::NotFound(Missing::Document))?;
            words(r, &self.replica.space(row.space)?, &row)
        })
    }

    /// Something as what was disclosed; `None` where it is private, or has no time. Of what both sides write,
    /// its times are those of what the patient wrote last.
    pub(crate) fn disclosed<T: Content>(&self, view: View<T>) -> Result<Option<Disclosed<T>>> {
        let doubts = Doubts {
            in_two_wordings: !view.apart.is_empty(),
            clock_ahead: view.clock_ahead,
        };
        let Some(when) = view.when.or(view.content.index().at) else {
            return Ok(None);
        };
        let received = |ms| Moment {
            unix_ms: ms,
            ..when
        };
        let (id, mut edited_at, mut came) = (view.id, view.edited_at, received(view.received_ms));
        let mut word = PatientsWord::Began;
        if T::WRITERS == Writers::Both {
            let words = self.words_of(id)?;
            let last = words.iter().rev().find(|word| word.side == Side::Patient);
            if let Some(last) = last {
                edited_at = (!last.is_first).then_some(last.at);
                came = received(last.received_ms);
            }
            let is_begun_by = |side| words.iter().any(|word| word.is_first && word.side == side);
            word = match last {
                None => PatientsWord::Nothing,
                Some(_) if is_begun_by(Side::Clinic) => PatientsWord::Changed,
                Some(_) => PatientsWord::Began,
            };
        }
        let disclosed = Disclosed::new(id, when, edited_at, came, view.content);
        Ok(disclosed.map(|one| one.with_word(word).doubted(doubts)))
    }
}

fn words(r: &Reader<'_>, state: &SpaceState, row: &ItemRow) -> Result<Vec<Word>> {
    let mut places = r.changes_of(row.space, row.document)?;
    places.sort_unstable();
    let mut words = Vec::new();
    for (position, change) in places {
        let Some((logged, change)) = r.log_at(position)?.zip(change) else {
            continue;
        };
        let sealed = SealedChange::parse(&logged.sealed)
            .map_err(|error| CoreError::BadAnswer(error.to_string()))?;
        let payload = open_payload(state, &sealed)?;
        if is_frame(&payload) {
            continue;
        }
        words.push(Word {
            side: provenance::side_of(state, &logged.author),
            author: logged.author,
            change,
            is_first: words.is_empty(),
            at: said_at(&payload, logged.received_ms),
            received_ms: logged.received_ms,
        });
    }
    for waiting in r.outbox_of_document(row.document)? {
        let payload = Payload::decode(&waiting.payload)?;
        if waiting.space != row.space || is_frame(&payload) {
            continue;
        }
        words.push(Word {
            side: provenance::side_of(state, &state.my_id()),
            author: state.my_id(),
            change: waiting.change,
            is_first: words.is_empty(),
            at: said_at(&payload, waiting.committed_ms),
            received_ms: waiting.committed_ms,
        });
    }
    Ok(words)
}

/// Whether a change only makes room for what the next one says.
fn is_frame(payload: &Payload) -> bool {
    let fields = serde_json::from_str::<Map>(&payload.projection);
    fields.is_ok_and(|fields| document::is_frame(&fields))
}

/// When a change was written, by what its author's row says, but not later than it came.
fn said_at(payload: &Payload, received_ms: i64) -> Moment {
    let fields: Map = serde_json::from_str(&payload.projection).unwrap_or_default();
    let edited = Envelope::read(&fields).edited_at;
    let said = edited.or(index_unknown(&fields).at);
    let received = Moment::utc(received_ms);
    match said {
        Some(at) if at.unix_ms <= received_ms.saturating_add(CLOCKS_DIFFER_MS) => at,
        Some(at) => Moment {
            unix_ms: received_ms,
            ..at
        },
        None => received,
    }
}
