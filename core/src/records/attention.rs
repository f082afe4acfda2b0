//! What a clinic still has to look at, and on both sides what stands in two wordings. Kept with each row, so
//! that a caseload only counts: a receipt and a mark belong to one version, and something is new again once its
//! words change.

use companion_protocol::id::SpaceId;

use super::{Map, apart, envelope, fields_of, provenance, read_row};
use crate::domain::{
    Content as _, DocumentId, Kind, Mark, Purpose, ReadReceipt, Review, Side, TalkedAbout,
    Visibility,
};
use crate::error::Result;
use crate::replica::SpaceState;
use crate::store::{Attention, ItemQuery, ItemRow, Order, Reader, Seen, Standing, Writer};

/// More receipts or marks of one thing than anybody makes.
const MOST: usize = 100;

/// The kinds that say something about whether a row still needs attention.
const TELLING: [Kind; 3] = [ReadReceipt::KIND, Review::KIND, TalkedAbout::KIND];

/// What stands about a row in its present version, whose fields these are.
pub(super) fn of_row(
    r: &Reader<'_>,
    side: Side,
    state: &SpaceState,
    clinic_spaces: &[SpaceId],
    (row, fields): (&ItemRow, &Map),
) -> Result<Attention> {
    if row.standing != Standing::Living {
        return Ok(Attention::default());
    }
    let in_two_wordings = !apart::read(fields).is_empty();
    let is_to_be_seen =
        side == Side::Clinic && state.is(Purpose::Care) && provenance::is_to_be_seen(&row.kind);
    if !is_to_be_seen {
        return Ok(Attention {
            in_two_wordings,
            ..Attention::default()
        });
    }
    let wants_to_talk = row.state == Visibility::TalkInSession.as_str();
    let reviews = marks::<Review>(r, clinic_spaces, row.document)?;
    let words = envelope::said_digest(fields);
    let is_reviewed = reviews
        .iter()
        .any(|mark| mark.stands_for(&row.revision, &words));
    Ok(Attention {
        seen: if is_reviewed {
            Seen::DealtWith
        } else if is_opened(r, row, &words)? {
            Seen::Opened
        } else {
            Seen::New
        },
        to_talk_about: wants_to_talk
            && standing_mark::<TalkedAbout>(r, clinic_spaces, row)?.is_none(),
        in_two_wordings,
        changed_since_review: !is_reviewed && reviews.iter().any(|mark| !mark.is_taken_back()),
    })
}

fn is_opened(r: &Reader<'_>, row: &ItemRow, words: &str) -> Result<bool> {
    let receipts = about(r, &[row.space], &ReadReceipt::KIND, row.document)?;
    let mut receipts = receipts
        .iter()
        .filter_map(|row| read_row::<ReadReceipt>(row).ok());
    Ok(receipts.any(|receipt| receipt.is_of(&row.revision, words)))
}

/// The mark of a kind that stands for the present version of a row.
pub(crate) fn standing_mark<M: Mark>(
    r: &Reader<'_>,
    clinic_spaces: &[SpaceId],
    row: &ItemRow,
) -> Result<Option<M>> {
    let words = envelope::said_digest(&fields_of(row));
    let marks = marks::<M>(r, clinic_spaces, row.document)?;
    Ok(marks
        .into_iter()
        .find(|mark| mark.stands_for(&row.revision, &words)))
}

/// The newest mark of a kind that nobody took back, and that stands no longer because the words
/// changed.
pub(crate) fn outdated_mark<M: Mark>(
    r: &Reader<'_>,
    clinic_spaces: &[SpaceId],
    row: &ItemRow,
) -> Result<Option<M>> {
    let marks = marks::<M>(r, clinic_spaces, row.document)?;
    let words = envelope::said_digest(&fields_of(row));
    if marks
        .iter()
        .any(|mark| mark.stands_for(&row.revision, &words))
    {
        return Ok(None);
    }
    Ok(marks.into_iter().find(|mark| !mark.is_taken_back()))
}

/// The marks of a kind about a document, newest first.
fn marks<M: Mark>(
    r: &Reader<'_>,
    clinic_spaces: &[SpaceId],
    document: DocumentId,
) -> Result<Vec<M>> {
    let rows = about(r, clinic_spaces, &M::KIND, document)?;
    Ok(rows.iter().filter_map(|row| read_row(row).ok()).collect())
}

fn about(
    r: &Reader<'_>,
    spaces: &[SpaceId],
    kind: &Kind,
    document: DocumentId,
) -> Result<Vec<ItemRow>> {
    Ok(r.items(&ItemQuery {
        spaces: spaces.to_vec(),
        kind: kind.clone(),
        standing: Standing::Living,
        about: vec![document],
        state: None,
        order: Order::NewestFirst,
        after: None,
        limit: MOST,
    })?)
}

/// Looks again at what a receipt or a mark is about, once it has been written.
pub(super) fn look_again(
    w: &mut Writer<'_>,
    side: Side,
    state_of: impl FnOnce(SpaceId) -> Result<SpaceState>,
    clinic_spaces: &[SpaceId],
    written: &ItemRow,
) -> Result<()> {
    let tells = TELLING.contains(&written.kind);
    let Some(about) = written.about.filter(|_| tells && side == Side::Clinic) else {
        return Ok(());
    };
    let Some(row) = w.item(about)? else {
        return Ok(());
    };
    let state = state_of(row.space)?;
    let fields = fields_of(&row);
    let attention = of_row(w, side, &state, clinic_spaces, (&row, &fields))?;
    if attention != row.attention {
        w.put_attention(&row, attention)?;
    }
    Ok(())
}
