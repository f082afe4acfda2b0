//! What a document says about itself beside its content: edited, shared as another one, withdrawn. The same fields for every kind, so that every kind can be shared and withdrawn.

use data_encoding::HEXLOWER;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Map;
use crate::domain::{DocumentId, Moment, attachment};
use crate::store::Standing;

/// The names of the envelope's fields: no kind may declare one of them.
pub(crate) const FIELDS: [&str; 7] = [
    "edited_at",
    "withdrawn_at",
    "withdrawn_words",
    "shared_as",
    "shared_words",
    "formerly",
    "brought_in",
];

/// The fields by which the patient decides how long others see a document: theirs alone, also in what both
/// sides edit. An edit of the clinic's writes `edited_at` and nothing else beside the content.
pub(crate) const DECISIONS: [&str; 5] = [
    "withdrawn_at",
    "withdrawn_words",
    "shared_as",
    "shared_words",
    "formerly",
];

/// Who may see something is no part of what it says.
pub(crate) const VISIBILITY: &str = "visibility";

/// The fields beside the content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// When it was last changed, if it was.
    pub(crate) edited_at: Option<Moment>,
    /// On a shared document: when the patient withdrew it, if they did.
    pub(crate) withdrawn_at: Option<Moment>,
    /// A digest of what was taken along when it was withdrawn. What another phone wrote into it
    /// meanwhile is still to be brought back.
    pub(crate) withdrawn_words: Option<String>,
    /// On a private document: the one in the care space that shares it.
    pub(crate) shared_as: Option<DocumentId>,
    /// A digest of what went along when it was shared. What another phone wrote into the private
    /// document meanwhile was not shared, and must not get lost.
    pub(crate) shared_words: Option<String>,
    /// The shared documents that this one was before, oldest first: what was said about them is about
    /// this one.
    pub(crate) formerly: Vec<DocumentId>,
    /// Whether an import made it, and nobody wrote into it since: whoever deleted it had read what it says.
    pub(crate) brought_in: bool,
}

impl Envelope {
    /// Reads the fields. Odd ones count as missing: they hide nothing.
    pub(crate) fn read(fields: &Map) -> Self {
        Self {
            edited_at: field(fields, "edited_at"),
            withdrawn_at: field(fields, "withdrawn_at"),
            withdrawn_words: field(fields, "withdrawn_words"),
            shared_as: field(fields, "shared_as"),
            shared_words: field(fields, "shared_words"),
            formerly: field(fields, "formerly").unwrap_or_default(),
            brought_in: field(fields, "brought_in").unwrap_or_default(),
        }
    }

    /// Writes the fields, and takes away those that do not hold any more.
    pub(crate) fn write(&self, fields: &mut Map) {
        let moment = |at: &Option<Moment>| at.map(|at| Value::from(at.to_string()));
        let words = |digest: &Option<String>| digest.clone().map(Value::from);
        let formerly = self.formerly.iter().map(|id| Value::from(id.to_string()));
        let values = [
            moment(&self.edited_at),
            moment(&self.withdrawn_at),
            words(&self.withdrawn_words),
            self.shared_as.map(|id| Value::from(id.to_string())),
            words(&self.shared_words),
            (!self.formerly.is_empty()).then(|| formerly.collect()),
            self.brought_in.then_some(Value::Bool(true)),
        ];
        for (name, value) in FIELDS.into_iter().zip(values) {
            match value {
                Some(value) => fields.insert(name.to_owned(), value),
                None => fields.remove(name),
            };
        }
    }

    /// Somebody writes into a document that is shown: what hid it as long as it said something else hides it
    /// no more, whatever it says from now on.
    pub(crate) fn write_into(&mut self, now: Moment) {
        self.edited_at = Some(now);
        self.shared_words = None;
        self.brought_in = false;
        // What was said about the shared one is said about this one as well.
        if let Some(shared) = self.shared_as.take()
            && !self.formerly.contains(&shared)
        {
            self.formerly.push(shared);
        }
    }

    /// Whether somebody shared or withdrew the document that it is on.
    pub(crate) fn is_marked(&self) -> bool {
        self.shared_as.is_some() || self.withdrawn_at.is_some()
    }

    /// Whether a withdrawn document says something that was not taken along.
    pub(crate) fn has_words_left_behind(&self, fields: &Map) -> bool {
        let withdrawn = self.withdrawn_at.and(self.withdrawn_words.as_ref());
        withdrawn.is_some_and(|digest| *digest != words_digest(fields))
    }

    /// Whether the document that it is on is shown.
    pub(crate) fn standing(&self, fields: &Map) -> Standing {
        let same = |digest: &Option<String>| {
            digest
                .as_ref()
                .is_none_or(|digest| *digest == words_digest(fields))
        };
        if self.withdrawn_at.is_some() {
            Standing::Withdrawn
        } else if self.shared_as.is_some() && same(&self.shared_words) {
            Standing::MovedOn
        } else {
            Standing::Living
        }
    }
}

fn field<T: DeserializeOwned>(fields: &Map, name: &str) -> Option<T> {
    T::deserialize(fields.get(name)?).ok()
}

/// The fields without the envelope: what a copy takes along.
pub(crate) fn content_of(fields: &Map) -> Map {
    let mut content = fields.clone();
    for name in FIELDS {
        content.remove(name);
    }
    content
}

/// A digest of what a document says and to whom: what a mark or a receipt is about.
pub(crate) fn said_digest(fields: &Map) -> String {
    let visibility = fields.get(VISIBILITY).and_then(Value::as_str);
    format!(
        "{}.{}",
        words_digest(fields),
        visibility.unwrap_or_default()
    )
}

/// A digest of what a document says. Empty texts, sets and lists count as missing, for a document has
/// some of them only so that edits of them can merge.
pub(crate) fn words_digest(fields: &Map) -> String {
    let mut digest = Sha256::new();
    let mut names: Vec<&String> = fields.keys().collect();
    names.sort_unstable();
    for name in names {
        let beside = name == VISIBILITY || FIELDS.contains(&name.as_str());
        if let Some(value) = fields.get(name).filter(|value| !beside && !is_empty(value)) {
            add_text(&mut digest, name);
            match name == attachment::ATTACHMENTS.field {
                true => add(&mut digest, &attachment::as_said(value)),
                false => add(&mut digest, value),
            }
        }
    }
    HEXLOWER.encode(&digest.finalize())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Each value with its sort and length before it, so that no two values look alike.
fn add(digest: &mut Sha256, value: &Value) {
    match value {
        Value::Object(fields) => {
            let mut names: Vec<&String> = fields.keys().collect();
            names.sort_unstable();
            digest.update([b'm']);
            digest.update((names.len() as u64).to_be_bytes());
            for name in names {
                add_text(digest, name);
                add(digest, fields.get(name).unwrap_or(&Value::Null));
            }
        }
        Value::Array(items) => {
            digest.update([b'l']);
            digest.update((items.len() as u64).to_be_bytes());
            for item in items {
                add(digest, item);
            }
        }
        Value::String(text) => add_text(digest, text),
        other => {
            digest.update([b'v']);
            add_text(digest, &other.to_string());
        }
    }
}

fn add_text(digest: &mut Sha256, text: &str) {
    digest.update([b't']);
    digest.update((text.len() as u64).to_be_bytes());
    digest.update(text);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    // Taken by value, as `json!` gives it.
    #[allow(clippy::needless_pass_by_value)]
    fn map(value: Value) -> Map {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_document_is_hidden_only_as_long_as_it_says_what_was_shared() {
        let mut fields = map(json!({"body": "one", "visibility": "only_me"}));
        let shared = Envelope {
            shared_as: Some(DocumentId::new([1; 16])),
            shared_words: Some(words_digest(&fields)),
            ..Envelope::default()
        };
        shared.write(&mut fields);
        assert_eq!(Envelope::read(&fields), shared);
        assert_eq!(shared.standing(&fields), Standing::MovedOn);
        fields.insert("tags".into(), json!({}));
        assert_eq!(shared.standing(&fields), Standing::MovedOn);
        fields.insert("body".into(), json!("one, and more"));
        assert_eq!(shared.standing(&fields), Standing::Living);
    }

    #[test]
    fn what_is_written_differently_has_another_digest() {
        let digests: std::collections::BTreeSet<String> = [
            json!({"a": "b"}),
            json!({"ab": ""}),
            json!({"a": ["b"]}),
            json!({"a": {"b": true}}),
            json!({"a": {"b": false}}),
            json!({"a": "true"}),
            json!({"a": true}),
            json!({"a": 1}),
            json!({"b": "b"}),
        ]
        .into_iter()
        .map(|value| words_digest(&map(value)))
        .collect();
        assert_eq!(digests.len(), 9);
    }

    #[test]
    fn odd_fields_hide_nothing() {
        let fields = map(json!({"withdrawn_at": 3, "shared_as": "x"}));
        assert_eq!(Envelope::read(&fields), Envelope::default());
        assert_eq!(Envelope::default().standing(&fields), Standing::Living);
    }
}
