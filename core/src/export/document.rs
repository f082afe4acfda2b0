//! One document as `record.json` holds it. An export is written by this, and an import read, so that the two can't
//! mean different things by a field.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::ExportMedia;
use crate::domain::attachment::{ATTACHMENTS, OF_DEVICES, is_of_devices};
use crate::domain::{
    DocumentId, ItemId, Kind, Moment, Projection, Response, Revision, Side, declared,
};
use crate::records::{Apart, Taken, say_lost};

/// A document. `docs/export.md` says what each field is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordDocument {
    pub(crate) id: DocumentId,
    pub(crate) kind: Kind,
    pub(crate) formerly: Vec<DocumentId>,
    pub(crate) about: Option<DocumentId>,
    pub(crate) space: Place,
    pub(crate) when: Option<Moment>,
    pub(crate) edited_at: Option<Moment>,
    pub(crate) written_by: Vec<Side>,
    pub(crate) not_sent_yet: bool,
    pub(crate) former_clinic: Option<String>,
    pub(crate) readable: bool,
    #[serde(deserialize_with = "said")]
    pub(crate) wordings: BTreeMap<String, Vec<String>>,
    pub(crate) total: Option<u16>,
    pub(crate) files: BTreeMap<ItemId, Option<String>>,
    pub(crate) fields: Projection,
}

/// Who could read a document where it was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    Private,
    Care,
}

impl RecordDocument {
    pub(crate) fn of(one: &Taken, media: &[ExportMedia]) -> Self {
        let apart = one.apart.iter();
        let score = one
            .read::<Response>()
            .and_then(|response| response.score().ok());
        Self {
            id: one.id,
            kind: one.kind.clone(),
            formerly: one.formerly.clone(),
            about: one.about,
            space: if one.is_private {
                Place::Private
            } else {
                Place::Care
            },
            when: one.when,
            edited_at: one.edited_at,
            written_by: one.by.clone(),
            not_sent_yet: one.waits,
            former_clinic: one.former_clinic.clone(),
            readable: one.is_readable,
            wordings: apart
                .map(|apart| (apart.field.clone(), apart.wordings.clone()))
                .collect(),
            total: score.map(|score| score.total()),
            files: files(one, media),
            fields: with_losses(without_keys(&one.fields), one, media),
        }
    }

    /// The same as it is taken along again, with the clinic that it came from.
    pub(crate) fn into_taken(self, former_clinic: String) -> Taken {
        let reading = declared(&self.kind).and_then(|known| known.read(&self.fields));
        let wordings = self.wordings.into_iter();
        Taken {
            id: self.id,
            // A former clinic's part has no history here.
            revision: Revision::default(),
            kind: self.kind,
            formerly: self.formerly,
            about: self.about,
            is_private: self.space == Place::Private,
            when: self.when,
            edited_at: self.edited_at,
            by: self.written_by,
            waits: self.not_sent_yet,
            former_clinic: Some(former_clinic),
            is_readable: self.readable && reading.is_some(),
            apart: wordings
                .map(|(field, wordings)| Apart { field, wordings })
                .collect(),
            fields: self.fields,
        }
    }
}

/// Wordings without those of what is nobody's word, which exports of earlier versions hold.
fn said<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Vec<String>>, D::Error> {
    let mut wordings = BTreeMap::<String, Vec<String>>::deserialize(from)?;
    wordings.retain(|path, _| !is_of_devices(path));
    Ok(wordings)
}

/// What opens an attachment, and what its sealed bytes are called, is of use to devices alone: whoever takes a record
/// along has the bytes themselves. Also of one that was taken off.
fn without_keys(fields: &Projection) -> Projection {
    let mut fields = fields.clone();
    if let Some(Value::Object(all)) = fields.get_mut(ATTACHMENTS.field) {
        for one in all.values_mut().filter_map(Value::as_object_mut) {
            one.retain(|name, _| !OF_DEVICES.contains(&name.as_str()));
        }
    }
    fields
}

/// Says of what is lost that it is: a phone that exchanges with nobody has not written it down.
fn with_losses(mut fields: Projection, one: &Taken, media: &[ExportMedia]) -> Projection {
    let lost = media.iter().filter(|of| of.entry == one.id && of.is_lost);
    for lost in lost {
        say_lost(&mut fields, lost.item);
    }
    fields
}

/// Which file of the folder is which attachment; `None` for one whose bytes were not on the phone.
fn files(one: &Taken, media: &[ExportMedia]) -> BTreeMap<ItemId, Option<String>> {
    let of_it = media.iter().filter(|media| media.entry == one.id);
    let file = |media: &ExportMedia| media.is_here.then(|| media.name.clone());
    of_it.map(|media| (media.item, file(media))).collect()
}
