//! What every kind of content can do: turn into the plain fields of a document, and back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Invalid, Kind};

/// The plain fields of a document as anybody may read them without knowing its kind.
pub type Projection = Map<String, Value>;

/// Fields that are not what this version understands under that kind.
#[derive(Debug, thiserror::Error)]
#[error("this {kind} is not in a form that this version understands: {reason}")]
pub struct ContentError {
    /// The kind that it claims to be.
    pub kind: Kind,
    /// Which field is missing or of another type. Never holds what a person wrote.
    pub reason: String,
}

/// A typed thing of the domain that lives in a document of its own.
///
/// Fields that this version does not know stay in `extra` and are written back as they were.
pub trait Content: Serialize + DeserializeOwned {
    /// The kind of document that holds it.
    const KIND: Kind;

    /// The same, trimmed, if a person may save it so. Reading does not ask this: a newer version may
    /// allow more, and what is in a record is shown.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, worded for the person who typed it.
    fn checked(self) -> Result<Self, Invalid>;

    /// The fields as a document holds them.
    ///
    /// # Errors
    ///
    /// Only for a moment that cannot be written down, which [`Content::checked`] refuses.
    fn to_projection(&self) -> Result<Projection, ContentError> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err(unreadable(Self::KIND, &"not a set of fields")),
            Err(error) => Err(unreadable(Self::KIND, &error)),
        }
    }

    /// Reads the fields of a document.
    ///
    /// # Errors
    ///
    /// A needed field is missing, or one is of a type that this version does not know.
    fn from_projection(fields: &Projection) -> Result<Self, ContentError> {
        Self::deserialize(Value::Object(fields.clone())).map_err(|error| {
            // What serde says may quote a value. Name only what kind of trouble it is.
            let text = error.to_string();
            let reason = [
                "missing field",
                "unknown variant",
                "invalid type",
                "invalid value",
            ]
            .into_iter()
            .find(|known| text.starts_with(known))
            .unwrap_or("a field has a value that is not allowed");
            unreadable(Self::KIND, &reason)
        })
    }
}

fn unreadable(kind: Kind, reason: &impl ToString) -> ContentError {
    ContentError {
        kind,
        reason: reason.to_string(),
    }
}
