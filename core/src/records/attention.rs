//! What a clinic still has to look at. Kept with each row, so that a caseload only counts: a receipt
//! and a mark belong to one version, and something is new again once its words change.

use companion_protocol::id::SpaceId;

use super::{provenance, read_row};
use crate::domain::{Content as _, DocumentId, Kind, Purpose, ReadReceipt, Review, Side};
use crate::error::Result;
use crate::replica::SpaceState;
use crate::store::{Attention, ItemQuery, ItemRow, Order, Reader, Standing, Writer};

/// More receipts or marks of one thing than anybody makes.
const MOST: usize = 100;

/// What stands about a row in its present version.
pub(super) fn of_row(
    r: &Reader<'_>,
    side: Side,
    state: &SpaceState,
    clinic_spaces: &[SpaceId],
    row: &ItemRow,
) -> Result<Attention> {
    let is_to_be_read = side == Side::Clinic
        && row.standing == Standing::Living
        && state.is(Purpose::Care)
        && provenance::is_for_clinic_to_read(&row.kind);
    if !is_to_be_read {
        return Ok(Attention::DealtWith);
    }
    if standing_review(r, clinic_spaces, row)?.is_some() {
        return Ok(Attention::DealtWith);
    }
    let opened = about(r, &[row.space], &ReadReceipt::KIND, row.document)?
        .iter()
        .filter_map(|row| read_row::<ReadReceipt>(row).ok())
        .any(|receipt| receipt.revision == row.revision);
    Ok(if opened {
        Attention::Opened
    } else {
        Attention::New
    })
}

/// The mark that stands for the present version of a row.
pub(crate) fn standing_review(
    r: &Reader<'_>,
    clinic_spaces: &[SpaceId],
    row: &ItemRow,
) -> Result<Option<Review>> {
    let reviews = about(r, clinic_spaces, &Review::KIND, row.document)?;
    let mut reviews = reviews
        .iter()
        .filter_map(|row| read_row::<Review>(row).ok());
    Ok(reviews.find(|review| review.undone_at.is_none() && review.revision == row.revision))
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
        about: Some(document),
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
    let tells = written.kind == ReadReceipt::KIND || written.kind == Review::KIND;
    let Some(about) = written.about.filter(|_| tells && side == Side::Clinic) else {
        return Ok(());
    };
    let Some(row) = w.item(about)? else {
        return Ok(());
    };
    let state = state_of(row.space)?;
    let attention = of_row(w, side, &state, clinic_spaces, &row)?;
    if attention != row.attention {
        w.put_attention(&row, attention)?;
    }
    Ok(())
}
