//! What the care team answers, and what it marks as dealt with.

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::entry::BODY_LIMIT;
use super::patient::NAME_LIMIT;
use super::{Content, DocumentId, Invalid, Kind, Moment, text};

/// A clinician's answer to something shared. It lives in the care space: the patient reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The entry or check-in that it answers.
    pub about: DocumentId,
    /// The answer. Written once, so it is a plain field.
    pub body: String,
    /// The clinician's name as the patient sees it.
    pub by: String,
    /// When it was written.
    pub at: Moment,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Content for Reply {
    const KIND: Kind = Kind::REPLY;

    fn checked(self) -> Result<Self, Invalid> {
        let body = text::paragraphs(&self.body, "the reply", BODY_LIMIT)?;
        if body.is_empty() {
            return Err(Invalid::Empty { what: "the reply" });
        }
        let by = text::needed_line(&self.by, "the name", NAME_LIMIT)?;
        text::moment(self.at, "the time of the reply")?;
        Ok(Self { body, by, ..self })
    }
}

/// A clinician's mark that something needs no more attention. It lives in the clinic space: the
/// patient does not see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The entry or check-in that is dealt with.
    pub about: DocumentId,
    /// The care space that it is in.
    pub care_space: SpaceId,
    /// The clinician's name.
    pub by: String,
    /// When it was marked.
    pub at: Moment,
    /// When the mark was taken back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Moment>,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Content for Review {
    const KIND: Kind = Kind::REVIEW;

    fn checked(self) -> Result<Self, Invalid> {
        let by = text::needed_line(&self.by, "the name", NAME_LIMIT)?;
        text::moment(self.at, "the time of the review")?;
        Ok(Self { by, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn reply() -> Reply {
        Reply {
            about: DocumentId::new([1; 16]),
            body: "Thank you for telling me.".into(),
            by: "Dr. Vega".into(),
            at: Moment::utc(1_795_465_113_123),
            extra: Map::new(),
        }
    }

    fn review() -> Review {
        Review {
            about: DocumentId::new([1; 16]),
            care_space: SpaceId::new([2; 32]),
            by: "Dr. Vega".into(),
            at: Moment::utc(1_795_465_113_123),
            undone_at: None,
            extra: Map::new(),
        }
    }

    #[test]
    fn the_json_of_a_reply_and_a_review_stays_as_it_is() {
        insta::assert_json_snapshot!("reply", reply().to_projection().unwrap());
        insta::assert_json_snapshot!("review", review().to_projection().unwrap());
        assert_eq!(
            Reply::from_projection(&reply().to_projection().unwrap()).unwrap(),
            reply()
        );
        assert_eq!(
            Review::from_projection(&review().to_projection().unwrap()).unwrap(),
            review()
        );
    }

    #[test]
    fn nobody_replies_with_nothing_or_without_a_name() {
        let silent = Reply {
            body: " \n".into(),
            ..reply()
        };
        assert_eq!(
            silent.checked().unwrap_err().to_string(),
            "the reply is empty"
        );
        let nameless = Reply {
            by: String::new(),
            ..reply()
        };
        assert_eq!(
            nameless.checked().unwrap_err().to_string(),
            "the name is empty"
        );
        assert!(
            Review {
                by: "\u{0}".into(),
                ..review()
            }
            .checked()
            .is_err()
        );
    }
}
