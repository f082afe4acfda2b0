//! What the care team answers.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, Shape, Writers,
    limits, text,
};

const BODY: Named = named("body", "the reply");
const BY: Named = named("by", "the name");
const AT: Named = named("at", "the time of the reply");

/// A clinician's answer to something shared. It lives in the care space: the patient reads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The entry or check-in that it answers.
    pub about: DocumentId,
    /// The answer, at most 100,000 bytes of UTF-8. Written once, so it is a plain field.
    pub body: String,
    /// The clinician's name as the patient sees it.
    pub by: String,
    /// When it was written.
    pub at: Moment,
}

impl Content for Reply {
    const KIND: Kind = Kind::named("reply");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("body"),
        Field::value("by"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::WithItsSubject;

    fn checked(self) -> Result<Self, Invalid> {
        let body = text::paragraphs(&self.body, BODY, limits::BODY)?;
        if body.is_empty() {
            return Err(BODY.wrong(Problem::Empty));
        }
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, AT)?;
        Ok(Self { body, by, ..self })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            about: Some(self.about),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| Reply {
            about: DocumentId::new([n; 16]),
            body: format!("Thank you for telling me {n}."),
            by: format!("Dr. Vega {n}"),
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nobody_replies_with_nothing_or_without_a_name() {
        let reply = || Reply::examples().remove(0);
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
    }
}
