//! Writing: something new, and a change of what is there.

use super::commit::{Begins, Edit};
use super::delivery::Ledger;
use super::envelope::{self, Envelope};
use super::remains::may_have_left;
use super::{DeliveryState, Map, Records, View, apart, fields_of, history, provenance};
use companion_protocol::id::SpaceId;
use serde_json::Value;

use crate::domain::text::Problem;
use crate::domain::{Content, Declared, DocumentId, Revision};
use crate::error::{CoreError, NotNow, Result};
use crate::store::{ItemRow, Writer};

/// What choosing between wordings made of something.
pub(crate) struct Chosen {
    /// The version that it is now.
    pub(crate) revision: Revision,
    /// How far that got.
    pub(crate) delivery: DeliveryState,
}

impl Records {
    /// Writes something new. Where it goes follows from its kind and, where that is the patient's to
    /// choose, from who may see it.
    ///
    /// # Errors
    ///
    /// [`Invalid`] names the field; [`CoreError::NotYours`] when the other side writes that kind;
    /// [`CoreError::NotPaired`] when it is to be shared and there is nobody to share it with.
    pub(crate) fn create<T: Content>(&self, content: T) -> Result<View<T>> {
        let content = content.checked()?;
        let space = self.space_for(&content)?;
        let edit = self.edit_of_new(space, content)?;
        let id = edit.document;
        self.replica.commit_and(&[edit], |w| self.view_of(w, id))
    }

    /// Changes something. `seen` is the version that the person had before them: `change` is given
    /// what it said, and what came in meanwhile is merged and not overwritten. Who may see it is
    /// changed by sharing and withdrawing alone. What changes nothing makes no new version.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a field that was changed; [`NotNow`] when it is not shown any more.
    pub(crate) fn edit<T: Content>(
        &self,
        id: DocumentId,
        seen: &Revision,
        change: impl FnOnce(&mut T),
    ) -> Result<View<T>> {
        let edit = self.edit_to_commit(id, seen, change)?;
        self.replica.commit_and(&[edit], |w| self.view_of(w, id))
    }

    /// The same, to be committed together with other edits.
    pub(crate) fn edit_to_commit<T: Content>(
        &self,
        id: DocumentId,
        seen: &Revision,
        change: impl FnOnce(&mut T),
    ) -> Result<Edit> {
        let kind = Declared::by::<T>();
        provenance::must_be_own(kind, self.replica.side)?;
        let (row, before) = self.fields_seen(kind, id, seen)?;
        let mut content = T::from_projection(&before)?;
        let visibility = content.visibility();
        change(&mut content);
        if let Some(visibility) = visibility {
            content.set_visibility(visibility);
        }
        let written = content.to_projection()?;
        let written = self.written_over(kind, before, written)?;
        Ok(Edit {
            seen: Some(seen.clone()),
            ..edit_of(kind, &row, written)
        })
    }

    /// What a document says once somebody wrote that over what they saw.
    fn written_over(&self, kind: &Declared, before: Map, written: Map) -> Result<Map> {
        let written = checked_where_changed(kind, &before, written)?;
        let mut target = overlay(kind, &before, written);
        apart::add_where_changed(&before, &mut target);
        if envelope::words_digest(&target) == envelope::words_digest(&before) {
            // A version that says the same would only make every mark and receipt fall open.
            return Ok(before);
        }
        let mut envelope = Envelope::read(&target);
        envelope.write_into(self.replica.now());
        envelope.write(&mut target);
        Ok(target)
    }

    /// Chooses one of the wordings of a field that was rewritten in two places apart: it is what the field
    /// says from now on, and the others are gone. `path` and `wording` are those of an
    /// [`Apart`](super::Apart) of the view that has the revision `seen`. Where the kind names who stands behind it,
    /// that is `by` from now on: of two wordings nobody but who chose stands behind what is left.
    ///
    /// # Errors
    ///
    /// [`NotNow::NothingToChoose`] when that field has no such wording; else as [`Records::edit`].
    pub(crate) fn choose<T: Content>(
        &self,
        id: DocumentId,
        seen: &Revision,
        chosen: (&str, &str),
        by: Option<&str>,
    ) -> Result<View<T>> {
        let edit = self.choice(Declared::by::<T>(), id, seen, chosen, by)?;
        self.replica.commit_and(&[edit], |w| self.view_of(w, id))
    }

    /// The same of a kind whose type is not at hand.
    pub(crate) fn choose_of(
        &self,
        kind: &Declared,
        id: DocumentId,
        seen: &Revision,
        chosen: (&str, &str),
        by: Option<&str>,
    ) -> Result<Chosen> {
        let edit = self.choice(kind, id, seen, chosen, by)?;
        self.replica.commit_and(&[edit], |w| {
            let row = self.any_row(kind, w, id)?;
            Ok(Chosen {
                delivery: Ledger::new(&self.replica).state_of(w, &row)?,
                revision: row.revision,
            })
        })
    }

    /// The edit that chooses.
    fn choice(
        &self,
        kind: &Declared,
        id: DocumentId,
        seen: &Revision,
        (path, wording): (&str, &str),
        by: Option<&str>,
    ) -> Result<Edit> {
        provenance::must_be_own(kind, self.replica.side)?;
        let (row, before) = self.fields_seen(kind, id, seen)?;
        let mut target = before.clone();
        if !apart::choose(&mut target, path, wording) {
            return Err(NotNow::NothingToChoose.into());
        }
        if let Some(by) = by.filter(|_| kind.shape.has(apart::BY)) {
            apart::sign(&mut target, by);
        }
        checked_where_changed(kind, &before, target.clone())?;
        let mut envelope = Envelope::read(&target);
        envelope.write_into(self.replica.now());
        envelope.write(&mut target);
        Ok(Edit {
            seen: Some(seen.clone()),
            ..edit_of(kind, &row, target)
        })
    }

    /// What something said at a version that a person had before them.
    ///
    /// # Errors
    ///
    /// As [`Records::edit`].
    pub(crate) fn as_seen<T: Content>(&self, id: DocumentId, seen: &Revision) -> Result<T> {
        let (_, fields) = self.fields_seen(Declared::by::<T>(), id, seen)?;
        Ok(T::from_projection(&fields)?)
    }

    /// What was never sent need not be sent: forgets a document as if it had never been, together
    /// with edits that belong to that. Says whether it could: not if it may have left, may just be
    /// leaving, or says something else by now.
    pub(super) fn forget_unsent(
        &self,
        row: &ItemRow,
        edits: &[Edit],
        also: impl Fn(&mut Writer<'_>) -> Result<()>,
    ) -> Result<bool> {
        // In the transaction that forgets it: another thread or process may just be sending it, or
        // have saved something more into it.
        let forgotten = self.replica.commit_and(edits, |w| {
            let present = w.item(row.document)?;
            let says_the_same = present.is_some_and(|present| present.revision == row.revision);
            if may_have_left(w, row)? || !says_the_same {
                // Takes back what was written for it, too.
                return Err(NotNow::Shared.into());
            }
            w.drop_outbox_of(row.document)?;
            w.owe_wiping()?;
            also(w)?;
            let blobs = w.blobs_of(row.document)?;
            w.remove_item(row.document)?;
            let mut gone = Vec::new();
            for blob in blobs.iter().filter_map(|named| named.blob) {
                if !w.is_named(blob)? {
                    w.remove_blob(blob)?;
                    gone.push(blob);
                }
            }
            Ok(gone)
        });
        match forgotten {
            Ok(gone) => {
                for blob in gone {
                    self.replica.store.blob_files().remove(blob)?;
                }
                Ok(true)
            }
            Err(CoreError::NotNow(NotNow::Shared)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// An edit that makes a new document of what a person wrote.
    pub(super) fn edit_of_new<T: Content>(&self, space: SpaceId, content: T) -> Result<Edit> {
        let content = content.checked()?.to_projection()?;
        Ok(self.new_edit(Declared::by::<T>(), space, content))
    }

    /// An edit that makes a new document.
    pub(super) fn new_edit(&self, kind: &Declared, space: SpaceId, content: Map) -> Edit {
        Edit {
            space,
            kind: kind.kind.clone(),
            shape: kind.shape,
            document: DocumentId::random(&*self.replica.ports.rng),
            seen: None,
            must_follow: false,
            content,
            begins: Begins::Fresh,
        }
    }

    /// The row of something that is shown, and what it said at the version that the person saw.
    fn fields_seen(
        &self,
        kind: &Declared,
        id: DocumentId,
        seen: &Revision,
    ) -> Result<(ItemRow, Map)> {
        let row = self.replica.store.read(|r| self.living_row(kind, r, id))?;
        if row.revision == *seen {
            let fields = fields_of(&row);
            return Ok((row, fields));
        }
        let state = self.replica.space(row.space)?;
        let history = self.replica.store.read(|r| history::read(r, &state, id))?;
        let fields = history.fields_at(seen)?;
        Ok((row, fields))
    }

    /// What was just written, from the same transaction.
    pub(super) fn view_of<T: Content>(&self, w: &Writer<'_>, id: DocumentId) -> Result<View<T>> {
        let row = self.any_row(Declared::by::<T>(), w, id)?;
        self.view(w, &mut Ledger::new(&self.replica), &row)
    }
}

/// An edit of a document as its row shows it.
pub(super) fn edit_of(kind: &Declared, row: &ItemRow, content: Map) -> Edit {
    Edit {
        space: row.space,
        kind: kind.kind.clone(),
        shape: kind.shape,
        document: row.document,
        seen: Some(row.revision.clone()),
        must_follow: false,
        content,
        begins: Begins::Fresh,
    }
}

/// What the person wrote over what was there: fields that this version does not know stay.
fn overlay(kind: &Declared, before: &Map, written: Map) -> Map {
    let mut fields = before.clone();
    fields.retain(|name, _| !kind.shape.has(name));
    fields.extend(written);
    fields
}

/// The fields to write, tidied and checked, but for those that the person left as they were: limits
/// bind what one writes, never what a merge made of it.
fn checked_where_changed(kind: &Declared, before: &Map, written: Map) -> Result<Map> {
    let mut fields = written;
    let mut left_alone = Map::new();
    loop {
        let invalid = match kind.checked(&fields)? {
            Ok(mut fields) => {
                fields.extend(left_alone);
                return Ok(fields);
            }
            Err(invalid) => invalid,
        };
        let name = invalid.name.field;
        let kept = fields.get(name).filter(|value| {
            before.get(name) == Some(*value) || is_repair(invalid.problem, before.get(name), value)
        });
        let Some(value) = kept.cloned() else {
            return Err(invalid.into());
        };
        fields.remove(name);
        left_alone.insert(name.to_owned(), value);
        if kind.checked(&fields).is_err() {
            return Err(invalid.into());
        }
    }
}

/// Whether somebody makes what a merge left beyond its limit no larger.
fn is_repair(problem: Problem, before: Option<&Value>, now: &Value) -> bool {
    let size = |value: &Value| match value {
        Value::String(text) if matches!(problem, Problem::TooManyBytes { .. }) => Some(text.len()),
        Value::String(text) => Some(text.chars().count()),
        Value::Object(items) => Some(items.len()),
        Value::Array(items) => Some(items.len()),
        _ => None,
    };
    let is_limit = matches!(
        problem,
        Problem::TooMany { .. } | Problem::TooManyBytes { .. } | Problem::TooManyCharacters { .. }
    );
    is_limit
        && before
            .and_then(size)
            .zip(size(now))
            .is_some_and(|(before, now)| now <= before)
}
