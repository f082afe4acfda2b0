//! Which documents of an export are the patient's own again, and which are a former clinic's; each held to what its
//! kind may say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{ImportError, OpenFile, media};
use crate::document::APART;
use crate::domain::attachment::ATTACHMENTS;
use crate::domain::text::{self, Named, named};
use crate::domain::{
    Attachment, Content, DocumentId, FormerDocument, ImportedRecord, Invalid, ItemId, Kind, Moment,
    Ordered, Placement, Problem, Projection, Shape, Visibility, Writers, declared,
};
use crate::error::{CoreError, Result};
use crate::export::{ListedFile, RecordDocument};
use crate::records::envelope;
use crate::space::payload::MAX_PAYLOAD;

/// So many times its limit may something be that a merge made: no more people than that write apart
/// (`document::apart`).
const APART_AT_MOST: usize = 8;
const TEXTS: Named = named("fields", "one of its texts");
/// What a change has beside the fields that it writes.
const BESIDE_FIELDS: usize = 8 * 1024;

/// Where the bytes of an attachment come from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) item: ItemId,
    pub(crate) file: ListedFile,
}

/// A document that is the patient's own again.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    pub(crate) document: RecordDocument,
    /// What it says, without the keys that attachments have here.
    pub(crate) content: Projection,
    pub(crate) files: Vec<Source>,
    /// Shown attachments without a file.
    pub(crate) without_file: usize,
}

/// All documents of an export, checked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sorted {
    pub(crate) own: Vec<Own>,
    pub(crate) former: Vec<FormerDocument>,
}

/// Sorts and checks them. `clinic` is the one that the record was shared with.
pub(crate) fn sorted(
    documents: Vec<RecordDocument>,
    clinic: &str,
    files: &[ListedFile],
    folder: OpenFile<'_>,
) -> Result<Sorted> {
    let by_name: BTreeMap<&str, &ListedFile> =
        files.iter().map(|file| (&*file.name, file)).collect();
    let (mut sorted, mut ids) = (Sorted::default(), BTreeSet::new());
    for document in documents {
        let kind = document.kind.clone();
        if !ids.insert(document.id) {
            return Err(ImportError::Twice { kind }.into());
        }
        must_fit(&document)?;
        if !is_own(&document)? {
            sorted.former.push(former(&document, clinic)?);
            continue;
        }
        let is_by_both = declared(&kind).is_some_and(|known| known.writers == Writers::Both);
        match own(document.clone(), &by_name, folder) {
            // A clinic wrote it so, and must not keep the rest from its patient by that.
            Err(CoreError::Import(ImportError::Field { .. })) if is_by_both => {
                sorted.former.push(former(&document, clinic)?);
            }
            own => sorted.own.push(own?),
        }
    }
    Ok(sorted)
}

/// Whether a document can live on the patient's own devices alone and its kind is theirs to write. All else is kept
/// as it was: nobody here may write it.
fn is_own(document: &RecordDocument) -> Result<bool, ImportError> {
    let kind = &document.kind;
    let Some(known) = declared(kind) else {
        return Ok(false);
    };
    if !known.in_export || [FormerDocument::KIND, ImportedRecord::KIND].contains(kind) {
        return Err(ImportError::NotForExports { kind: kind.clone() });
    }
    let lives_here = matches!(
        known.placement,
        Placement::Private | Placement::ByVisibility
    );
    Ok(lives_here
        && known.writers != Writers::Clinic
        && document.readable
        && document.former_clinic.is_none())
}

fn must_fit(document: &RecordDocument) -> Result<(), ImportError> {
    let said = (&document.fields, &document.wordings);
    let fields = serde_json::to_vec(&said).map_or(0, |bytes| bytes.len());
    // A change holds what it says twice: as a row, and as it is merged.
    match fields.saturating_mul(2).saturating_add(BESIDE_FIELDS) > MAX_PAYLOAD {
        true => Err(ImportError::DocumentTooLarge {
            kind: document.kind.clone(),
        }),
        false => Ok(()),
    }
}

/// What it says stays as it was written: a clinic that wrote what can't be shown must not keep the rest from its patient
/// by that, so whatever shows it takes that out ([`text::printable`]).
fn former(document: &RecordDocument, clinic: &str) -> Result<FormerDocument, ImportError> {
    let was_former = document.former_clinic.clone();
    let former = FormerDocument {
        document: document.id,
        kind: document.kind.clone(),
        at: document.when,
        clinic: was_former.unwrap_or_else(|| clinic.to_owned()),
        // It was read from JSON.
        written: serde_json::to_string(document).unwrap_or_default(),
    };
    former.checked().map_err(|why| ImportError::Field {
        kind: FormerDocument::KIND,
        why,
    })
}

/// The id under which a former document is kept: on two phones the same, and never that of the living one, which a
/// phone may come to hold by another way.
pub(crate) fn former_id(of: DocumentId) -> DocumentId {
    let mut digest = Sha256::new();
    digest.update(b"kap former document\0");
    digest.update(of.as_bytes());
    let digest: [u8; 32] = digest.finalize().into();
    digest
        .first_chunk()
        .map_or_else(|| of, |first| DocumentId::new(*first))
}

fn own(
    document: RecordDocument,
    by_name: &BTreeMap<&str, &ListedFile>,
    folder: OpenFile<'_>,
) -> Result<Own> {
    let kind = &document.kind;
    if !can_be_shown(&document) {
        let (kind, why) = (kind.clone(), TEXTS.wrong(Problem::ControlCharacter));
        return Err(ImportError::Field { kind, why }.into());
    }
    let mut content = envelope::content_of(&document.fields);
    content.remove(APART);
    // Nothing is shared by itself, whatever clinic is there now.
    if content.contains_key(envelope::VISIBILITY) {
        let alone = Visibility::OnlyMe.as_str();
        content.insert(envelope::VISIBILITY.to_owned(), alone.into());
    }
    let (mut files, mut without_file) = (Vec::new(), 0);
    let was_edited = document.edited_at.is_some();
    for (item, attachment) in checked(kind, &with_some_keys(&content), was_edited)? {
        let Some(Some(name)) = document.files.get(&item) else {
            without_file += 1;
            continue;
        };
        let listed = by_name.get(&**name);
        let file = listed.ok_or_else(|| match super::files::is_name(name) {
            true => ImportError::Missing { name: name.clone() },
            false => ImportError::BadName { name: name.clone() },
        })?;
        media::check(folder, file, &attachment)?;
        let file = (*file).clone();
        files.push(Source { item, file });
    }
    Ok(Own {
        document,
        content,
        files,
        without_file,
    })
}

/// Whether all that it says can be shown, each wording of what was written apart as well. Nobody could have saved anything
/// else, and no merge makes it.
fn can_be_shown(document: &RecordDocument) -> bool {
    let mut wordings = document.wordings.iter();
    let fields = document.fields.iter();
    wordings.all(|(path, all)| is_shown(path) && all.iter().all(|one| is_shown(one))) && { fields }
        .all(|(name, value)| is_shown(name) && each_is_shown(value))
}

fn each_is_shown(value: &Value) -> bool {
    match value {
        Value::String(text) => is_shown(text),
        Value::Array(values) => values.iter().all(each_is_shown),
        Value::Object(map) => map
            .iter()
            .all(|(name, value)| is_shown(name) && each_is_shown(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn is_shown(text: &str) -> bool {
    !text.chars().any(text::moves_a_terminal)
}

/// What hangs on it has keys only once it is here.
fn with_some_keys(content: &Projection) -> Projection {
    let mut content = content.clone();
    each_attachment(&mut content, |_, one| {
        one.insert("key".to_owned(), "A".repeat(43).into());
    });
    content
}

/// Changes each attachment in the fields of a document, also those that were taken off.
pub(crate) fn each_attachment(
    content: &mut Projection,
    mut change: impl FnMut(ItemId, &mut Map<String, Value>),
) {
    let all = content
        .get_mut(ATTACHMENTS.field)
        .and_then(Value::as_object_mut);
    for (id, one) in all.into_iter().flatten() {
        if let (Ok(id), Some(one)) = (id.parse(), one.as_object_mut()) {
            change(id, one);
        }
    }
}

/// Holds fields to what their kind may say, and gives what hangs on it.
fn checked(
    kind: &Kind,
    fields: &Projection,
    was_edited: bool,
) -> std::result::Result<Vec<(ItemId, Attachment)>, ImportError> {
    let not_readable = |_| ImportError::NotReadable { kind: kind.clone() };
    let known = declared(kind).ok_or_else(|| not_readable(()))?;
    // Each field that may be held as it is gives way to one that a person could save, so that the rest is looked at.
    let mut rest = fields.clone();
    let mut given_way = BTreeSet::new();
    while let Err(why) = known.checked(&rest).map_err(|_| not_readable(()))? {
        let name = why.name.field;
        let value = rest.get(name);
        if !may_be_held(known.shape, &why, value, was_edited) || !given_way.insert(name) {
            let kind = kind.clone();
            return Err(ImportError::Field { kind, why });
        }
        match value {
            Some(Value::Object(_)) => rest.remove(name),
            _ => rest.insert(name.to_owned(), "x".into()),
        };
    }
    let all = known.attachments(fields).map_err(|_| not_readable(()))?;
    let attachments = all.iter().flat_map(Ordered::iter);
    Ok(attachments.map(|(item, one)| (item, one.clone())).collect())
}

/// Whether a record can really hold what nobody could save now. Limits bind what a person writes: edits that phones
/// made apart may leave more than that together, or nothing, where each took away another half. And another phone of
/// the patient's may have a newer version, which offers more.
fn may_be_held(shape: Shape, why: &Invalid, value: Option<&Value>, was_edited: bool) -> bool {
    let size = match (why.problem, value) {
        (Problem::TooManyBytes { .. }, Some(Value::String(text))) => text.len(),
        (_, Some(Value::String(text))) => text.chars().count(),
        (_, Some(Value::Object(items))) => items.len(),
        _ => 0,
    };
    match why.problem {
        Problem::TooMany { limit }
        | Problem::TooManyBytes { limit }
        | Problem::TooManyCharacters { limit } => size <= limit.saturating_mul(APART_AT_MOST),
        // Of what has one winner, the winner was written by a person.
        Problem::Empty => {
            let field = shape.field(why.name.field);
            was_edited && field.is_some_and(|field| field.merge.is_inside())
        }
        // A questionnaire, a question, a pause that a newer version has.
        Problem::NotOffered | Problem::NotOfForm { .. } => true,
        // No kind of the patient's own says so of what phones wrote apart.
        Problem::Twice
        | Problem::Contradicts { .. }
        | Problem::OutOfRange { .. }
        | Problem::ControlCharacter
        | Problem::Time
        | Problem::ForeignCursor
        // What only a clinic writes.
        | Problem::Guide(_)
        | Problem::Prompt(_) => false,
    }
}

/// The times of documents, for whoever is asked whether to import them.
pub(super) fn times(documents: &[RecordDocument]) -> Option<(Moment, Moment)> {
    let times = || documents.iter().filter_map(|one| one.when);
    Some((times().min()?, times().max()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::domain::{Entry, KindVisitor, Merge, visit_kinds};

    /// Of each kind that can be the patient's own again.
    struct GivingWay(usize);

    impl KindVisitor for GivingWay {
        fn visit<T: Content>(&mut self) {
            let lives_here = matches!(T::PLACEMENT, Placement::Private | Placement::ByVisibility);
            if !lives_here || T::WRITERS == Writers::Clinic || !T::IN_EXPORT {
                return;
            }
            for example in T::examples() {
                let fields = example.to_projection().unwrap();
                assert_eq!(checked(&T::KIND, &fields, false).map(drop), Ok(()));
                for field in T::SHAPE.fields {
                    let mut without = fields.clone();
                    match field.merge {
                        Merge::Value => continue,
                        Merge::Text => without.insert(field.name.to_owned(), "x".into()),
                        Merge::Set | Merge::Map | Merge::Ordered(_) => without.remove(field.name),
                    };
                    let is_read = T::from_projection(&without).is_ok();
                    assert!(is_read, "{}.{}", T::KIND, field.name);
                    self.0 += 1;
                }
            }
        }
    }

    #[test]
    fn what_gives_way_to_look_at_the_rest_leaves_something_that_can_be_read() {
        let mut giving_way = GivingWay(0);
        visit_kinds(&mut giving_way);
        assert!(giving_way.0 > 20, "{}", giving_way.0);
    }

    #[test]
    fn each_thing_that_may_be_wrong_is_held_or_refused_on_purpose() {
        let held = |field, problem, was_edited| {
            let why = named(field, "it").wrong(problem);
            may_be_held(Entry::SHAPE, &why, Some(&"a few words".into()), was_edited)
        };
        let contradicts = Problem::Contradicts {
            how: "begins and ends at once",
        };
        let not_of_form = Problem::NotOfForm { form: "a time" };
        for was_edited in [false, true] {
            assert_eq!(held("body", Problem::Empty, was_edited), was_edited);
            assert!(
                !held("title", Problem::Empty, was_edited),
                "it has one winner"
            );
            assert!(!held("elsewhere", Problem::Empty, was_edited));
            for refused in [
                Problem::Twice,
                contradicts,
                Problem::Time,
                Problem::ControlCharacter,
            ] {
                assert!(!held("body", refused, was_edited), "{refused:?}");
            }
            for of_newer in [Problem::NotOffered, not_of_form] {
                assert!(held("body", of_newer, was_edited), "{of_newer:?}");
            }
            assert!(held(
                "body",
                Problem::TooManyCharacters { limit: 2 },
                was_edited
            ));
            assert!(!held(
                "body",
                Problem::TooManyCharacters { limit: 1 },
                was_edited
            ));
        }
    }
}
