//! A journal entry: what a patient writes between visits.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::attachment::{ATTACHMENT, ATTACHMENTS};
use super::text::{Named, Problem, named};
use super::{
    AttachedBlob, Attachment, Belongs, Content, DocumentId, Field, Index, Invalid, Kind, Moment,
    Ordered, Placement, Rating, RecordSection, SearchText, Shape, Visibility, Writers, limits, set,
    text,
};

const TITLE: Named = named("title", "the title");
const BODY: Named = named("body", "the text");
const KIND_OF_ENTRY: Named = named("kind", "the kind of entry");
const TAG: Named = named("tags", "a tag");
const TAGS: Named = named("tags", "tags");
const AT: Named = named("at", "the time of the entry");

/// A journal entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// One line; may be empty. At most 200 characters.
    #[serde(default)]
    pub title: String,
    /// The text, at most 100,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub body: String,
    /// What it is about.
    #[serde(default)]
    pub kind: EntryKind,
    /// Valence at the time of writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<Rating>,
    /// The dosing session that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<DocumentId>,
    /// The person's own words to find it by: at most 32 of 40 characters.
    #[serde(default, with = "set")]
    pub tags: BTreeSet<String>,
    /// Recordings and pictures, at most 12: put in by [`Patient::attach`](crate::patient::Patient::attach).
    #[serde(default)]
    pub attachments: Ordered<Attachment>,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was written.
    pub at: Moment,
}

impl Entry {
    /// An empty entry of that moment, for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(at: Moment) -> Self {
        Self {
            title: String::new(),
            body: String::new(),
            kind: EntryKind::default(),
            mood: None,
            session: None,
            tags: BTreeSet::new(),
            attachments: Ordered::default(),
            visibility: Visibility::default(),
            at,
        }
    }

    /// The text, and what was said of what hangs on it.
    fn body_and_captions(&self) -> String {
        let captions = self.attachments.iter().map(|(_, one)| &*one.caption);
        let captions = captions.filter(|caption| !caption.is_empty());
        let all: Vec<&str> = [&*self.body].into_iter().chain(captions).collect();
        all.join("\n")
    }

    fn blobs(&self) -> Vec<AttachedBlob> {
        let items = self.attachments.iter_with_removed();
        let blobs = items.map(|(item, one, removed)| AttachedBlob {
            item,
            blob: one.blob,
            key: one.key.clone(),
            removed,
        });
        blobs.collect()
    }
}

impl Content for Entry {
    const KIND: Kind = Kind::named("entry");
    const SHAPE: Shape = Shape::new(&[
        Field::value("title"),
        Field::text("body"),
        Field::value("kind"),
        Field::value("mood"),
        Field::value("session"),
        Field::set("tags"),
        Field::ordered("attachments", ATTACHMENT),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Journal);

    fn checked(self) -> Result<Self, Invalid> {
        let title = text::line(&self.title, TITLE, limits::TITLE)?;
        let body = text::paragraphs(&self.body, BODY, limits::BODY)?;
        let attachments =
            self.attachments
                .each_checked(ATTACHMENTS, limits::ATTACHMENTS, Attachment::checked)?;
        if title.is_empty() && body.is_empty() && attachments.is_empty() {
            return Err(named("body", "the entry").wrong(Problem::Empty));
        }
        let kind = text::needed_line(self.kind.as_str(), KIND_OF_ENTRY, limits::WORD)?.into();
        let tags = text::lines(&self.tags, (TAG, TAGS), (limits::WORD, limits::WORDS))?;
        text::moment(self.at, AT)?;
        Ok(Self {
            title,
            body,
            kind,
            tags,
            attachments,
            ..self
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
            search: Some(SearchText {
                title: self.title.clone(),
                body: self.body_and_captions(),
                tags: self.tags.iter().cloned().collect::<Vec<_>>().join("\n"),
            }),
            blobs: self.blobs(),
            ..Index::default()
        }
    }

    fn attachments(&self) -> Option<&Ordered<Attachment>> {
        Some(&self.attachments)
    }

    fn attachments_mut(&mut self) -> Option<&mut Ordered<Attachment>> {
        Some(&mut self.attachments)
    }

    fn visibility(&self) -> Option<Visibility> {
        Some(self.visibility)
    }

    fn set_visibility(&mut self, visibility: Visibility) {
        self.visibility = visibility;
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let attached = |n: u8| {
            let mut attachments = Ordered::default();
            for at in 0..2 {
                attachments.push(
                    super::ItemId::new([2 * n + at; 16]),
                    Attachment::example(2 * n + at),
                );
            }
            attachments
        };
        let example = |n: u8, kind, visibility| Entry {
            title: format!("The lake {n}"),
            body: format!("Calmer than I thought {n}.\n\nStill tired."),
            kind,
            mood: Rating::new(n).ok(),
            session: Some(DocumentId::new([n; 16])),
            tags: [format!("water{n}")].into(),
            attachments: attached(n),
            visibility,
            at: Moment::utc(1_795_465_113_123 + i64::from(n)),
        };
        vec![
            example(1, EntryKind::Reflection, Visibility::TalkInSession),
            example(2, EntryKind::AfterSession, Visibility::CareTeam),
            example(3, EntryKind::Dream, Visibility::OnlyMe),
        ]
    }
}

/// What an entry is about. A word from a newer version is kept as [`EntryKind::Other`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum EntryKind {
    /// Thoughts of the day; the ordinary case.
    #[default]
    Reflection,
    /// Intentions and questions before a session.
    Preparation,
    /// What came up, written soon after a session.
    AfterSession,
    /// Working it into daily life.
    Integration,
    /// A dream.
    Dream,
    /// A kind that this version has no words for.
    Other(String),
}

impl EntryKind {
    /// The kinds to choose from.
    pub const ALL: [EntryKind; 5] = [
        EntryKind::Reflection,
        EntryKind::Preparation,
        EntryKind::AfterSession,
        EntryKind::Integration,
        EntryKind::Dream,
    ];

    /// The word that is kept.
    pub fn as_str(&self) -> &str {
        match self {
            EntryKind::Reflection => "reflection",
            EntryKind::Preparation => "preparation",
            EntryKind::AfterSession => "after_session",
            EntryKind::Integration => "integration",
            EntryKind::Dream => "dream",
            EntryKind::Other(word) => word,
        }
    }

    /// The kind in words.
    pub fn label(&self) -> &str {
        match self {
            EntryKind::Reflection => "reflection",
            EntryKind::Preparation => "preparation",
            EntryKind::AfterSession => "after a session",
            EntryKind::Integration => "integration",
            EntryKind::Dream => "dream",
            EntryKind::Other(word) => word,
        }
    }
}

impl From<String> for EntryKind {
    fn from(word: String) -> Self {
        let known = EntryKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word);
        known.unwrap_or(EntryKind::Other(word))
    }
}

impl From<EntryKind> for String {
    fn from(kind: EntryKind) -> String {
        kind.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        Entry::examples().remove(0)
    }

    #[test]
    fn a_kind_of_entry_from_a_newer_version_is_written_back() {
        let mut fields = entry().to_projection().unwrap();
        fields.insert("kind".into(), json!("letter_to_myself"));
        let read = Entry::from_projection(&fields).unwrap();
        assert_eq!(read.kind, EntryKind::Other("letter_to_myself".into()));
        assert_eq!(read.to_projection().unwrap(), fields);
    }

    #[test]
    fn an_entry_needs_a_title_or_a_text_or_an_attachment() {
        let spoken = Entry {
            title: " ".into(),
            body: "\n".into(),
            ..entry()
        };
        assert!(spoken.clone().checked().is_ok());
        let empty = Entry {
            attachments: Ordered::default(),
            ..spoken
        };
        assert_eq!(
            empty.checked().unwrap_err().to_string(),
            "the entry is empty"
        );
        let untidy = Entry {
            title: " The  lake 1\n".into(),
            ..entry()
        };
        assert_eq!(untidy.checked().unwrap(), entry());
    }

    #[test]
    fn a_visibility_that_this_version_does_not_know_is_not_guessed() {
        let mut fields = entry().to_projection().unwrap();
        fields.insert("visibility".into(), json!("my secret friend"));
        let error = Entry::from_projection(&fields).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn what_is_missing_reads_as_private() {
        let fields = json!({"at": "2026-11-23T20:18:33.123+01:00"});
        let read = Entry::from_projection(fields.as_object().unwrap()).unwrap();
        assert_eq!(read.visibility, Visibility::OnlyMe);
        assert!(!read.visibility.is_shared());
    }

    #[test]
    fn every_visibility_is_kept_under_its_own_word() {
        for visibility in Visibility::ALL {
            assert_eq!(
                serde_json::to_value(visibility).unwrap(),
                visibility.as_str()
            );
        }
    }

    #[test]
    fn an_entry_is_found_by_its_words_and_its_instant() {
        let index = entry().index();
        let search = index.search.unwrap();
        assert_eq!((&*search.title, &*search.tags), ("The lake 1", "water1"));
        assert_eq!(index.at, Some(entry().at));
    }
}
