//! What names a thing in a record.

use super::hex::hex_type;

/// A text or slice that is not a document id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a document id of 32 hex digits")]
pub struct DocumentIdError;

hex_type!(
    /// Names one document of a space: sixteen random bytes, chosen when the document is created.
    ///
    /// Written as 32 lowercase hex digits. It stands only inside sealed content, so the server never
    /// learns which changes belong together.
    DocumentId,
    16,
    DocumentIdError
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_bytes_and_json() {
        let id = DocumentId::new(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233343536373839616263646566");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(DocumentId::from_slice(id.as_bytes()), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<DocumentId>(&json).unwrap(), id);
    }

    #[test]
    fn other_lengths_and_other_letters_are_refused() {
        for text in [
            "",
            "30",
            "30313233343536373839616263646566ff",
            "zz313233343536373839616263646566",
        ] {
            assert_eq!(text.parse::<DocumentId>(), Err(DocumentIdError), "{text}");
        }
        assert_eq!(DocumentId::from_slice(&[0; 15]), Err(DocumentIdError));
    }
}
