//! How far a patient is with a guide.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::guide::{Edition, GuideId, TaskId};
use super::text::{Named, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment, Placement, RecordSection,
    Shape, Writers, limits, set, text,
};

const OPENED: (Named, Named) = both("opened", "an opened edition", "opened editions");
const TICKED: (Named, Named) = both("ticked", "a ticked task", "ticked tasks");
const FINISHED: (Named, Named) = both("finished", "a finished edition", "finished editions");
const AT: Named = named("at", "the time of reading");

/// What one of a set and what all of them are called.
const fn both(field: &'static str, one: &'static str, all: &'static str) -> (Named, Named) {
    (named(field, one), named(field, all))
}

/// What a patient opened, ticked and finished of one guide, around one session where it comes for each.
///
/// It lives in the care space, always: the clinic gave the guide to read, its tasks are what both sides
/// look at before a session (a ride, a list of medicines), and progress that is shared by halves would
/// be read as *not done*. It holds ticks and no words. Guides that somebody may want to look up
/// unseen, like the one on misuse, keep none: [`guide::model::Progress`](super::guide::model::Progress).
///
/// All that grows is a set: two phones that tick or finish apart say the same, and nobody is asked to
/// choose between them. Two that begin a guide apart make two documents, which are read as one
/// ([`guide::Facts`](super::guide::Facts)); whoever takes a tick away takes it from each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideProgress {
    /// Which guide.
    pub guide: GuideId,
    /// The session that it is about, for a guide that comes for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<DocumentId>,
    /// The editions that were opened, at most 64, written as an [`Edition`] is. Words, so that one which
    /// only a newer version can read stays in the set when this version edits it.
    #[serde(default, with = "set")]
    pub opened: BTreeSet<String>,
    /// The tasks that are ticked, at most 256, by their [`TaskId`]s.
    #[serde(default, with = "set")]
    pub ticked: BTreeSet<String>,
    /// The editions that the patient said they are done with, at most 64.
    #[serde(default, with = "set")]
    pub finished: BTreeSet<String>,
    /// When the patient last did something with it.
    pub at: Moment,
}

impl GuideProgress {
    /// Of a guide that was just opened.
    pub fn new(guide: GuideId, session: Option<DocumentId>, edition: Edition, at: Moment) -> Self {
        Self {
            guide,
            session,
            opened: [edition.to_string()].into(),
            ticked: BTreeSet::new(),
            finished: BTreeSet::new(),
            at,
        }
    }

    /// The editions that were opened, as far as this version can read them.
    pub fn opened_editions(&self) -> impl Iterator<Item = Edition> {
        self.opened.iter().filter_map(|word| word.parse().ok())
    }

    /// The tasks that are ticked, as far as this version can read them.
    pub fn ticked_tasks(&self) -> impl Iterator<Item = TaskId> {
        self.ticked.iter().filter_map(|word| word.parse().ok())
    }

    /// The editions that are finished, as far as this version can read them.
    pub fn finished_editions(&self) -> impl Iterator<Item = Edition> {
        self.finished.iter().filter_map(|word| word.parse().ok())
    }
}

impl Content for GuideProgress {
    const KIND: Kind = Kind::named("guide_progress");
    const SHAPE: Shape = Shape::new(&[
        Field::value("guide"),
        Field::value("session"),
        Field::set("opened"),
        Field::set("ticked"),
        Field::set("finished"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Programme);
    /// Ticks are no words that somebody has to have read; what lacks before a session is shown there.
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let editions = (limits::WORD, limits::GUIDE_EDITIONS);
        let tasks = (limits::WORD, limits::GUIDE_TASKS);
        let opened = text::lines(&self.opened, OPENED, editions)?;
        let ticked = text::lines(&self.ticked, TICKED, tasks)?;
        let finished = text::lines(&self.finished, FINISHED, editions)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            opened,
            ticked,
            finished,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            renewed: true,
            about: self.session,
            state: match (self.finished.is_empty(), self.opened.is_empty()) {
                (false, _) => "finished",
                (true, false) => "opened",
                (true, true) => "",
            },
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    #[allow(
        clippy::unwrap_used,
        reason = "names that are written here, in tests only"
    )]
    fn examples() -> Vec<Self> {
        let example = |n: u8| GuideProgress {
            guide: format!("session-day-{n}").parse().unwrap(),
            session: Some(DocumentId::new([n; 16])),
            opened: [format!("b{n}")].into(),
            ticked: [format!("ride-{n}")].into(),
            finished: [format!("c{n}")].into(),
            at: Moment::utc(1_795_465_113_000 + i64::from(n)),
        };
        (1..=3).map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_this_version_cannot_name_is_kept_and_hides_nothing_else() {
        let fields = json!({
            "guide": "session-day",
            "at": "2026-11-23T20:18:33Z",
            "opened": {"b1": true, "z9": true, "b2": false},
            "ticked": {"ride": true, "Not a name": true},
        });
        let read = GuideProgress::from_projection(fields.as_object().unwrap()).unwrap();
        let opened: Vec<_> = read.opened_editions().map(|it| it.to_string()).collect();
        assert_eq!(opened, ["b1"]);
        assert_eq!(read.ticked_tasks().count(), 1);
        let written = read.checked().unwrap().to_projection().unwrap();
        assert_eq!(written["opened"], json!({"b1": true, "z9": true}));
        assert_eq!(written["ticked"], fields["ticked"]);
    }
}
