//! Bringing an export in: all its documents in one transaction, after what hangs on them. Killed at any point, either
//! nothing or all of it is here, and the same again makes the same of it.

use std::collections::BTreeSet;

use companion_protocol::id::{BlobId, SpaceId};
use serde_json::Value;

use super::attach::{key_of, to_send};
use super::commit::{Begins, Edit};
use super::envelope::{self, Envelope};
use super::fill_in::{attachment_in, edit_of, set_blob};
use super::record_ids::goes_by;
use super::{Map, Records, fields_of, provenance};
use crate::document::APART;
use crate::domain::{
    Content as _, DocumentId, FormerDocument, ImportedRecord, ItemId, MediaKey, Purpose, Side,
    declared,
};
use crate::error::{NotNow, Result};
use crate::export::ListedFile;
use crate::import::{
    ImportError, ImportPlan, ImportReport, OpenFile, Own, Source, each_attachment, former_id, pass,
};
use crate::replica::Replica;
use crate::settings;
use crate::space::blob::BlobKey;
use crate::store::{BlobRow, BlobTurn, ItemRow, Reader, SpaceRow, SpaceStanding, Standing};

/// The documents of which a folder outside holds a copy, and that no server has. Where one of them is not here any
/// more, it was deleted without a trace, and an import must not bring it back.
const IN_FOLDERS: &str = "in_folders";

const KEY: &[u8] = b"kap/blob-imported/1";

/// How a document of an export stands here.
enum Here {
    Not,
    There(Box<ItemRow>),
    Deleted,
}

/// What is to be written.
struct ToWrite<'a> {
    own: Vec<&'a Own>,
    /// What is here already, and lacks bytes that the export has.
    to_fill: Vec<(&'a Own, Box<ItemRow>)>,
    former: Vec<&'a FormerDocument>,
    report: ImportReport,
}

/// Blobs that were sealed for documents that are not written yet. What is not kept goes.
struct Sealed<'a> {
    records: &'a Records,
    rows: Vec<BlobRow>,
    turn: Option<BlobTurn>,
    is_kept: bool,
}

impl Sealed<'_> {
    fn throw_away(&mut self, blob: BlobId) {
        self.rows.retain(|row| row.blob != blob);
        // What is left all the same is sealed, and goes when the store is opened again.
        let _ = self.records.replica.store.blob_files().remove(blob);
    }
}

impl Drop for Sealed<'_> {
    fn drop(&mut self) {
        let files = self.records.replica.store.blob_files();
        for row in self.rows.iter().filter(|_| !self.is_kept) {
            // What is left all the same is sealed, and goes when the store is opened again.
            let _ = files.remove(row.blob);
        }
    }
}

impl Records {
    /// What importing an export would do here.
    ///
    /// # Errors
    ///
    /// [`ImportError::AnotherRecord`] where there is a record here that it is no export of.
    pub(crate) fn would_bring_in(&self, plan: &ImportPlan) -> Result<ImportReport> {
        Ok(self.to_write(plan)?.report)
    }

    /// Imports what was read.
    ///
    /// # Errors
    ///
    /// [`ImportError`] where the folder changed since it was read; [`CoreError::Store`](crate::CoreError::Store)
    /// where the disk is full. Nothing is imported then.
    pub(crate) fn bring_in(&self, plan: &ImportPlan, folder: OpenFile<'_>) -> Result<ImportReport> {
        let to_write = self.to_write(plan)?;
        let space = self.writable_space(Purpose::Private)?;
        let mut sealed = Sealed {
            records: self,
            rows: Vec::new(),
            turn: None,
            is_kept: false,
        };
        let mut edits = Vec::new();
        for one in &to_write.own {
            edits.push(self.own_edit(space, one, &mut sealed, folder)?);
        }
        for (one, row) in &to_write.to_fill {
            edits.extend(self.filled(one, row, &mut sealed, folder)?);
        }
        for one in &to_write.former {
            edits.push(Edit::new(space, former_id(one.document), *one)?);
        }
        let known = self.replica.record_ids()?;
        for record in plan.record.iter().filter(|record| !known.contains(record)) {
            edits.push(goes_by(space, *record)?);
        }
        let written: Vec<DocumentId> = edits.iter().map(|edit| edit.document).collect();
        self.replica.commit_and(&edits, |w| {
            // Another process may have come by a link while the files were read.
            let is_waiting = |row: &SpaceRow| row.standing == SpaceStanding::Waiting;
            if w.spaces()?.iter().any(is_waiting) {
                return Err(NotNow::NotLetIn.into());
            }
            for row in &sealed.rows {
                w.put_blob(row)?;
            }
            let mut in_folders = in_folders(w)?;
            in_folders.extend(&written);
            settings::note(w, IN_FOLDERS, &in_folders)
        })?;
        sealed.is_kept = true;
        Ok(to_write.report)
    }

    fn to_write<'a>(&self, plan: &'a ImportPlan) -> Result<ToWrite<'a>> {
        let known = self.replica.record_ids()?;
        let is_same = plan.record.iter().any(|record| known.contains(record));
        if !is_same && !self.is_empty()? {
            return Err(ImportError::AnotherRecord.into());
        }
        let mut to_write = ToWrite {
            own: Vec::new(),
            to_fill: Vec::new(),
            former: Vec::new(),
            report: ImportReport::default(),
        };
        let report = &mut to_write.report;
        self.replica.store.read(|r| {
            let in_folders = in_folders(r)?;
            for one in &plan.own {
                let names = [one.document.id]
                    .into_iter()
                    .chain(one.document.formerly.iter().copied());
                match here(r, &in_folders, names)? {
                    Here::Not => {
                        *report.own.entry(one.document.kind.clone()).or_default() += 1;
                        report.files += one.files.len();
                        let bytes = one.files.iter().map(|source| source.file.bytes);
                        report.bytes = report.bytes.saturating_add(bytes.sum());
                        report.without_file += one.without_file;
                        to_write.own.push(one);
                    }
                    Here::Deleted => report.deleted_here += 1,
                    Here::There(row) => {
                        report.here_already += 1;
                        let words = envelope::words_digest(&content(one));
                        let is_other = words != envelope::words_digest(&fields_of(&row));
                        report.in_other_words += usize::from(is_other);
                        let row = shown_copy(r, one, row)?;
                        let missing = missing_files(r, one, &row)?;
                        report.files += missing.len();
                        let bytes = missing.iter().map(|source| source.file.bytes);
                        report.bytes = report.bytes.saturating_add(bytes.sum());
                        if !missing.is_empty() {
                            to_write.to_fill.push((one, row));
                        }
                    }
                }
            }
            for one in &plan.former {
                let names = [former_id(one.document), one.document];
                match here(r, &in_folders, names)? {
                    Here::Not => {
                        *report.former.entry(one.kind.clone()).or_default() += 1;
                        to_write.former.push(one);
                    }
                    Here::Deleted => report.deleted_here += 1,
                    Here::There(_) => report.here_already += 1,
                }
            }
            Ok::<_, crate::CoreError>(())
        })?;
        Ok(to_write)
    }

    /// Whether the patient's side wrote nothing here yet that an export would hold. What a clinic wrote for them is
    /// there as soon as a phone is paired.
    fn is_empty(&self) -> Result<bool> {
        for row in self.replica.rows() {
            let state = self.replica.space(row.space)?;
            for item in self.replica.store.read(|r| r.items_of_space(row.space))? {
                let is_of_record = match declared(&item.kind) {
                    Some(known) => {
                        let imported = [FormerDocument::KIND, ImportedRecord::KIND];
                        known.in_export || imported.contains(&item.kind)
                    }
                    None => true,
                };
                if is_of_record && provenance::has_a_word_in(&state, &item, Side::Patient) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// The edit that makes a document the patient's own again, with what hangs on it sealed. On two phones it merges.
    fn own_edit(
        &self,
        space: SpaceId,
        one: &Own,
        sealed: &mut Sealed<'_>,
        folder: OpenFile<'_>,
    ) -> Result<Edit> {
        let mut content = content(one);
        let known = declared(&one.document.kind);
        let known = known.ok_or_else(|| ImportError::NotReadable {
            kind: one.document.kind.clone(),
        })?;
        let mut failed = None;
        each_attachment(&mut content, |item, fields| {
            match self.attachment(space, (one, item), sealed, folder) {
                Ok((key, blob)) => {
                    // 32 bytes can always be written.
                    let key = serde_json::to_value(key).unwrap_or_default();
                    fields.insert("key".to_owned(), key);
                    if let Some(blob) = blob {
                        fields.insert("blob".to_owned(), Value::from(blob.to_string()));
                        fields.remove("lost");
                    }
                }
                Err(error) => failed = failed.take().or(Some(error)),
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        Ok(Edit {
            space,
            kind: one.document.kind.clone(),
            shape: known.shape,
            document: one.document.id,
            seen: None,
            must_follow: false,
            content,
            begins: Begins::Framed,
        })
    }

    /// The key of an attachment, and the name of its sealed bytes where there are any.
    fn attachment(
        &self,
        space: SpaceId,
        (own, item): (&Own, ItemId),
        sealed: &mut Sealed<'_>,
        folder: OpenFile<'_>,
    ) -> Result<(MediaKey, Option<BlobId>)> {
        let source = own.files.iter().find(|source| source.item == item);
        let sha256 = source.map_or("", |source| &*source.file.sha256);
        let info: [&[u8]; 4] = [KEY, space.as_bytes(), item.as_bytes(), sha256.as_bytes()];
        let key = self.replica.derived_in_private(&info)?;
        let Some(source) = source else {
            return Ok((MediaKey::new(*key), None));
        };
        let blob = self.sealed_file(&BlobKey::new(*key), space, &source.file, sealed, folder)?;
        Ok((MediaKey::new(*key), Some(blob)))
    }

    /// Seals what a document here names and this device lacks, and an export has. Gives the edit that names it, where
    /// nothing did.
    fn filled(
        &self,
        own: &Own,
        row: &ItemRow,
        sealed: &mut Sealed<'_>,
        folder: OpenFile<'_>,
    ) -> Result<Option<Edit>> {
        let mut fields = fields_of(row);
        let mut is_named_anew = false;
        for source in self.replica.store.read(|r| missing_files(r, own, row))? {
            let Some(one) = attachment_in(&fields, source.item) else {
                continue;
            };
            let blob = self.sealed_file(&key_of(&one), row.space, &source.file, sealed, folder)?;
            match one.blob {
                None => {
                    set_blob(&mut fields, source.item, blob.to_string());
                    is_named_anew = true;
                }
                // Other bytes than the ones that it names: those may still come.
                Some(named) if named != blob => sealed.throw_away(blob),
                Some(_) if one.lost => {
                    set_blob(&mut fields, source.item, blob.to_string());
                    is_named_anew = true;
                }
                Some(_) => {}
            }
        }
        match is_named_anew {
            true => Ok(Some(edit_of(row, fields).ok_or(NotNow::Newer)?)),
            false => Ok(None),
        }
    }

    fn sealed_file(
        &self,
        key: &BlobKey,
        space: SpaceId,
        file: &ListedFile,
        sealed: &mut Sealed<'_>,
        folder: OpenFile<'_>,
    ) -> Result<BlobId> {
        let turn = match sealed.turn.take() {
            Some(turn) => turn,
            None => self.replica.store.blob_files().turn()?,
        };
        let ((), blob) = self.seal(&turn, key, |to| pass(folder, file, to))?;
        sealed.turn = Some(turn);
        sealed.rows.push(to_send(space, blob));
        Ok(blob.id)
    }
}

impl Replica {
    /// Whether a folder outside may hold a copy of a document that no server has.
    pub(super) fn is_in_folder(&self, document: DocumentId) -> Result<bool> {
        Ok(self.store.read(in_folders)?.contains(&document))
    }

    /// Notes that a folder outside holds a copy of these documents, which no server has.
    pub(crate) fn note_in_folders(&self, waiting: &BTreeSet<DocumentId>) -> Result<()> {
        let before = self.store.read(in_folders)?;
        let gone = self.store.read(|r| {
            let mut gone = BTreeSet::new();
            for id in before.iter().copied() {
                if r.item(id)?.is_none() {
                    gone.insert(id);
                }
            }
            Ok::<_, crate::CoreError>(gone)
        })?;
        let noted: BTreeSet<DocumentId> = waiting.union(&gone).copied().collect();
        if noted == before {
            return Ok(());
        }
        self.store.write(|w| settings::note(w, IN_FOLDERS, &noted))
    }
}

/// Whether a folder outside may hold a copy of something that no server has.
pub(super) fn has_in_folders(r: &Reader<'_>) -> Result<bool> {
    Ok(!in_folders(r)?.is_empty())
}

fn in_folders(r: &Reader<'_>) -> Result<BTreeSet<DocumentId>> {
    Ok(settings::noted(r, IN_FOLDERS)?.unwrap_or_default())
}

/// How a document stands here that goes by any of these names.
fn here(
    r: &Reader<'_>,
    in_folders: &BTreeSet<DocumentId>,
    names: impl IntoIterator<Item = DocumentId>,
) -> Result<Here> {
    let mut was_deleted = false;
    for name in names {
        match r.item(name)? {
            Some(row) if row.standing != Standing::NothingSaid => {
                return Ok(Here::There(Box::new(row)));
            }
            Some(_) => was_deleted = true,
            None => was_deleted |= in_folders.contains(&name) || !r.deletions_of(name)?.is_empty(),
        }
    }
    Ok(match was_deleted {
        true => Here::Deleted,
        false => Here::Not,
    })
}

/// The copy of a document that is shown, where another one than was found is: what hangs on it goes by one name in all.
fn shown_copy(r: &Reader<'_>, own: &Own, row: Box<ItemRow>) -> Result<Box<ItemRow>> {
    if row.standing == Standing::Living {
        return Ok(row);
    }
    for source in &own.files {
        for shown in r.shown_of_item(source.item)? {
            if let Some(copy) = r.item(shown.document)? {
                return Ok(Box::new(copy));
            }
        }
    }
    Ok(row)
}

/// The files of an export that hang on a document here, and whose bytes are not here.
fn missing_files<'a>(r: &Reader<'_>, own: &'a Own, row: &ItemRow) -> Result<Vec<&'a Source>> {
    let fields = fields_of(row);
    let mut missing = Vec::new();
    for source in own
        .files
        .iter()
        .filter(|_| row.standing == Standing::Living)
    {
        let Some(one) = attachment_in(&fields, source.item) else {
            continue;
        };
        let here = one.blob.map(|blob| r.blob(blob)).transpose()?.flatten();
        let is_here = here.is_some_and(|here| here.is_here());
        if !is_here && one.length == source.file.bytes {
            missing.push(source);
        }
    }
    Ok(missing)
}

/// The fields of a document as it is written here, but for the keys of what hangs on it.
fn content(one: &Own) -> Map {
    let mut content = one.content.clone();
    let wordings = &one.document.wordings;
    if !wordings.is_empty() {
        let wordings = wordings.iter();
        let apart = wordings.map(|(path, all)| (path.clone(), Value::from(all.clone())));
        content.insert(APART.to_owned(), Value::Object(apart.collect()));
    }
    Envelope {
        edited_at: one.document.edited_at,
        formerly: one.document.formerly.clone(),
        brought_in: true,
        ..Envelope::default()
    }
    .write(&mut content);
    content
}
