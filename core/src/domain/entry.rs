//! A journal entry: what a patient writes between visits.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Content, DocumentId, Invalid, Kind, Moment, Step, set, text};

/// Most characters of a title.
pub const TITLE_LIMIT: usize = 200;
/// Most bytes of an entry's or a reply's text.
pub const BODY_LIMIT: usize = 100_000;
/// Most characters of one tag.
pub const TAG_LIMIT: usize = 40;
/// Most tags of one entry.
pub const TAGS_LIMIT: usize = 32;

/// Who is meant to see something. Which space it lives in enforces it; this says what was chosen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Stays on the patient's own devices.
    #[default]
    OnlyMe,
    /// The care team may read it when they get to it.
    CareTeam,
    /// The care team may read it, and the patient wants to talk about it in a session.
    TalkInSession,
}

impl Visibility {
    /// All choices, most private first.
    pub const ALL: [Visibility; 3] = [
        Visibility::OnlyMe,
        Visibility::CareTeam,
        Visibility::TalkInSession,
    ];

    /// Whether the clinic may see it.
    pub const fn is_shared(self) -> bool {
        !matches!(self, Visibility::OnlyMe)
    }

    /// The choice in words.
    pub const fn label(self) -> &'static str {
        match self {
            Visibility::OnlyMe => "only me",
            Visibility::CareTeam => "my care team",
            Visibility::TalkInSession => "talk about it in session",
        }
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

/// A journal entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// One line; may be empty.
    #[serde(default)]
    pub title: String,
    /// The text. Edits of it merge inside the text.
    #[serde(default)]
    pub body: String,
    /// What it is about.
    #[serde(default)]
    pub kind: EntryKind,
    /// Valence at the time of writing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<Step>,
    /// The dosing session that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<DocumentId>,
    /// The person's own words to find it by.
    #[serde(default, with = "set")]
    pub tags: BTreeSet<String>,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was written.
    pub at: Moment,
    /// When it was last changed, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Moment>,
    /// When the patient took it back from the clinic, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Moment>,
    /// On a private entry: the document in the care space that shares it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_as: Option<DocumentId>,
    /// On a private entry that was shared: a digest of the words that went along. Words that another
    /// phone wrote into the private entry meanwhile were not shared, and must not get lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_words: Option<String>,
    /// Fields from a newer version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
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
            visibility: Visibility::default(),
            at,
            edited_at: None,
            withdrawn_at: None,
            shared_as: None,
            shared_words: None,
            extra: Map::new(),
        }
    }

    /// A digest of what the person wrote.
    pub fn words_digest(&self) -> String {
        let mut digest = Sha256::new();
        for words in [&self.title, &self.body].into_iter().chain(&self.tags) {
            digest.update(u64::try_from(words.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(words);
        }
        HEXLOWER.encode(&digest.finalize())
    }

    /// Whether this is a copy that another one stands for: taken back, or shared with all its words.
    pub fn is_closed(&self) -> bool {
        let shared_whole = || match &self.shared_words {
            Some(digest) => *digest == self.words_digest(),
            None => true,
        };
        self.withdrawn_at.is_some() || (self.shared_as.is_some() && shared_whole())
    }
}

impl Content for Entry {
    const KIND: Kind = Kind::ENTRY;

    fn checked(self) -> Result<Self, Invalid> {
        let title = text::line(&self.title, "the title", TITLE_LIMIT)?;
        let body = text::paragraphs(&self.body, "the text", BODY_LIMIT)?;
        if title.is_empty() && body.is_empty() {
            return Err(Invalid::Empty { what: "the entry" });
        }
        let kind = text::needed_line(self.kind.as_str(), "the kind of entry", TAG_LIMIT)?.into();
        let tags = text::lines(&self.tags, ("a tag", "tags"), (TAG_LIMIT, TAGS_LIMIT))?;
        text::moment(self.at, "the time of the entry")?;
        for at in [self.edited_at, self.withdrawn_at].into_iter().flatten() {
            text::moment(at, "the time of the change")?;
        }
        Ok(Self {
            title,
            body,
            kind,
            tags,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        Entry {
            title: "The lake".into(),
            body: "Calmer than I thought.\n\nStill tired.".into(),
            kind: EntryKind::AfterSession,
            mood: Some(Step::new(5).unwrap()),
            session: Some(DocumentId::new([7; 16])),
            tags: ["water".to_owned(), "sleep".to_owned()].into(),
            visibility: Visibility::TalkInSession,
            edited_at: Some(Moment::utc(1_795_465_999_000)),
            ..Entry::new(Moment {
                unix_ms: 1_795_465_113_123,
                offset_minutes: 60,
            })
        }
    }

    #[test]
    fn the_json_of_an_entry_stays_as_it_is() {
        insta::assert_json_snapshot!("entry", entry().to_projection().unwrap());
        insta::assert_json_snapshot!(
            "empty_entry",
            Entry::new(Moment::utc(0)).to_projection().unwrap()
        );
    }

    #[test]
    fn fields_and_kinds_from_a_newer_version_are_written_back() {
        let mut fields = entry().to_projection().unwrap();
        fields.insert("weather".into(), json!({"rain": [1, 2.5, null]}));
        fields.insert("kind".into(), json!("letter_to_myself"));
        let read = Entry::from_projection(&fields).unwrap();
        assert_eq!(read.kind, EntryKind::Other("letter_to_myself".into()));
        assert_eq!(read.to_projection().unwrap(), fields);
    }

    #[test]
    fn an_entry_needs_a_title_or_a_text() {
        let empty = Entry {
            title: " ".into(),
            body: "\n".into(),
            ..entry()
        };
        assert_eq!(
            empty.checked().unwrap_err().to_string(),
            "the entry is empty"
        );
        let untidy = Entry {
            title: " The  lake\n".into(),
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
}
