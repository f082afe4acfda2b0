//! What hangs on an entry and is too large for a change: a recording, a photo, a drawing. The entry says what it
//! is and holds the key to it; the bytes are a sealed blob (`WIRE.md` §6.4) and may come later, or never.

use companion_protocol::id::BlobId;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::text::{Named, Problem, named};
use super::{Field, Invalid, Ordered, limits, text};

/// The field of an entry that holds its attachments.
pub(crate) const ATTACHMENTS: Named = named("attachments", "attachments");
const CAPTION: Named = named("attachments", "the caption");
const MEDIA: Named = named("attachments", "the type of an attachment");
const PREVIEW: Named = named("attachments", "the preview of an attachment");

/// How the items of a list of attachments merge: what was put in stays as it is, and only the caption is edited.
pub(super) const ATTACHMENT: &[Field] = &[
    Field::value("media"),
    Field::text("caption"),
    Field::value("length"),
    Field::value("milliseconds"),
    Field::value("width"),
    Field::value("height"),
    Field::value("thumbnail"),
    Field::value("waveform"),
    Field::value("key"),
    Field::value("blob"),
    Field::value("lost"),
];

/// Fields of an item that are of use to devices alone.
pub(crate) const OF_DEVICES: [&str; 2] = ["key", "blob"];

/// Fields of an item that devices give it, and nobody says: what was said of an attachment is the same in every copy,
/// and before and after its sealed bytes got their name.
pub(crate) const NOT_SAID: [&str; 3] = ["key", "blob", "lost"];

/// Whether a path such as `attachments.4f….key` leads to one of these. Nobody is asked to choose between two of them.
pub(crate) fn is_of_devices(path: &str) -> bool {
    let inside = path.strip_prefix(ATTACHMENTS.field);
    let inside = inside.and_then(|inside| inside.strip_prefix('.')?.split_once('.'));
    inside.is_some_and(|(_, name)| NOT_SAID.contains(&name))
}

/// A list of attachments as far as people say something in it.
pub(crate) fn as_said(all: &Value) -> Value {
    let mut said = all.clone();
    let items = said.as_object_mut().into_iter().flat_map(Map::values_mut);
    for item in items.filter_map(Value::as_object_mut) {
        item.retain(|name, _| !NOT_SAID.contains(&name.as_str()));
    }
    said
}

/// A recording or a picture that belongs to an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is, as its bytes show.
    pub media: MediaType,
    /// What it shows or says, in the person's words: also for whoever can't see or hear it. At most 1,000 bytes of
    /// UTF-8; may be empty. Edits of it merge inside the text.
    #[serde(default)]
    pub caption: String,
    /// Bytes of the content.
    pub length: u64,
    /// How long it plays, in milliseconds; `None` of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// A small JPEG of a picture, at most 8 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<SmallBytes>,
    /// How loud a recording is from its beginning to its end, at most 64 values of 0 to 255; `None` where that was
    /// not worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waveform: Option<SmallBytes>,
    /// What opens it, in the space of this document alone.
    pub key: MediaKey,
    /// The name of its sealed bytes in the space of this document. `None` where it was shared or taken back on a
    /// phone that did not hold the bytes: one that does fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<BlobId>,
    /// Whether a device found that it was there alone, and is damaged: as far as anybody knows it comes from nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lost: bool,
}

impl Attachment {
    /// The same with a tidied caption, if a person may save it so.
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        let caption = text::paragraphs(&self.caption, CAPTION, limits::CAPTION)?;
        let too_large = |bytes: &Option<SmallBytes>, limit| {
            bytes.as_ref().is_some_and(|bytes| bytes.0.len() > limit)
        };
        let preview = [
            (&self.thumbnail, limits::THUMBNAIL),
            (&self.waveform, limits::WAVEFORM),
        ];
        for (bytes, limit) in preview {
            if too_large(bytes, limit) {
                return Err(PREVIEW.wrong(Problem::TooManyBytes { limit }));
            }
        }
        let media = text::needed_line(self.media.as_str(), MEDIA, limits::WORD)?.into();
        Ok(Self {
            media,
            caption,
            ..self
        })
    }

    /// What it is in a word or two: `recording`, `picture`.
    pub fn label(&self) -> &'static str {
        match (self.media.is_sound(), self.media.is_picture()) {
            (true, _) => "recording",
            (_, true) => "picture",
            _ => "attachment",
        }
    }
}

/// Whether one more attachment with that caption may be put in.
///
/// # Errors
///
/// There are as many as there may be; the caption is too long.
pub(crate) fn may_be_added(all: &Ordered<Attachment>, caption: &str) -> Result<(), Invalid> {
    if all.len() >= limits::ATTACHMENTS {
        return Err(ATTACHMENTS.wrong(Problem::TooMany {
            limit: limits::ATTACHMENTS,
        }));
    }
    caption_checked(caption).map(drop)
}

/// A caption as it is kept, or what is wrong with it.
pub(crate) fn caption_checked(caption: &str) -> Result<String, Invalid> {
    text::paragraphs(caption, CAPTION, limits::CAPTION)
}

/// What an attachment is: the formats that phones record and draw in. One from a newer version is kept as
/// [`MediaType::Other`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum MediaType {
    /// A photo.
    Jpeg,
    /// A drawing, or a picture of a screen.
    Png,
    /// Sound in an MPEG-4 file.
    M4a,
    /// Sound of Opus in an Ogg file.
    Opus,
    /// Sound as it was sampled.
    Wav,
    /// A type that this version has no words for.
    Other(String),
}

impl MediaType {
    /// The types that can be attached as they are. A WebP picture is drawn anew as one of the first two.
    pub const ALL: [MediaType; 5] = [
        MediaType::Jpeg,
        MediaType::Png,
        MediaType::M4a,
        MediaType::Opus,
        MediaType::Wav,
    ];

    /// The word that is kept, and what a browser is told (RFC 6838).
    pub fn as_str(&self) -> &str {
        match self {
            MediaType::Jpeg => "image/jpeg",
            MediaType::Png => "image/png",
            MediaType::M4a => "audio/mp4",
            MediaType::Opus => "audio/ogg",
            MediaType::Wav => "audio/wav",
            MediaType::Other(word) => word,
        }
    }

    /// The ending of a file of that type, without its dot.
    pub fn ending(&self) -> &'static str {
        match self {
            MediaType::Jpeg => "jpg",
            MediaType::Png => "png",
            MediaType::M4a => "m4a",
            MediaType::Opus => "ogg",
            MediaType::Wav => "wav",
            MediaType::Other(_) => "bin",
        }
    }

    /// What people call it.
    pub fn label(&self) -> &str {
        match self {
            MediaType::Jpeg => "a JPEG picture",
            MediaType::Png => "a PNG picture",
            MediaType::M4a => "an M4A recording",
            MediaType::Opus => "an Ogg Opus recording",
            MediaType::Wav => "a WAV recording",
            MediaType::Other(_) => "something that this version does not know",
        }
    }

    /// Whether it is looked at.
    pub const fn is_picture(&self) -> bool {
        matches!(self, MediaType::Jpeg | MediaType::Png)
    }

    /// Whether it is listened to.
    pub const fn is_sound(&self) -> bool {
        matches!(self, MediaType::M4a | MediaType::Opus | MediaType::Wav)
    }
}

impl From<String> for MediaType {
    fn from(word: String) -> Self {
        let known = MediaType::ALL
            .into_iter()
            .find(|media| media.as_str() == word);
        known.unwrap_or(MediaType::Other(word))
    }
}

impl From<MediaType> for String {
    fn from(media: MediaType) -> String {
        media.as_str().to_owned()
    }
}

/// A few bytes, written as base64url without padding (RFC 4648).
#[derive(Clone, PartialEq, Eq)]
pub struct SmallBytes(pub Vec<u8>);

impl std::fmt::Debug for SmallBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmallBytes({} bytes)", self.0.len())
    }
}

impl Serialize for SmallBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for SmallBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
        bytes
            .map(Self)
            .map_err(|_| de::Error::invalid_value(de::Unexpected::Other("a text"), &"base64url"))
    }
}

/// What opens an attachment: 32 bytes, written as base64url. Printed by nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaKey([u8; 32]);

impl MediaKey {
    /// Takes the bytes as they are.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for MediaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MediaKey(..)")
    }
}

impl Drop for MediaKey {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl Serialize for MediaKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for MediaKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok();
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| {
            de::Error::invalid_value(de::Unexpected::Other("a text"), &"a key of 32 bytes")
        })
    }
}

#[cfg(any(test, feature = "testing"))]
impl Attachment {
    /// One that a person could save, different for each number.
    pub(super) fn example(n: u8) -> Self {
        let [media, ..] = match n % 2 {
            0 => [MediaType::Opus, MediaType::Wav],
            _ => [MediaType::Jpeg, MediaType::Png],
        };
        let is_sound = media.is_sound();
        Self {
            media,
            caption: format!("The lake in the morning {n}"),
            length: 100_000 + u64::from(n),
            milliseconds: is_sound.then_some(62_000 + u64::from(n)),
            width: (!is_sound).then_some(1_600 + u32::from(n)),
            height: (!is_sound).then_some(1_200 + u32::from(n)),
            thumbnail: (!is_sound).then(|| SmallBytes(vec![n; 5])),
            waveform: is_sound.then(|| SmallBytes(vec![n + 100; 64])),
            key: MediaKey::new([n; 32]),
            blob: Some(BlobId::new([n; 32])),
            lost: false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_type_from_a_newer_version_is_written_back() {
        let word = "image/jxl".to_owned();
        let media = MediaType::from(word.clone());
        assert_eq!(media, MediaType::Other(word.clone()));
        assert_eq!(String::from(media), word);
        for known in MediaType::ALL {
            assert_eq!(MediaType::from(String::from(known.clone())), known);
        }
    }

    #[test]
    fn a_key_is_printed_by_nothing_and_read_back() {
        let one = Attachment::example(7);
        let text = format!("{one:?}");
        assert!(
            text.contains("MediaKey(..)") && !text.contains("7, 7"),
            "{text}"
        );
        let written = serde_json::to_value(&one).unwrap();
        assert_eq!(serde_json::from_value::<Attachment>(written).unwrap(), one);
    }

    #[test]
    fn a_preview_is_small() {
        let large = Attachment {
            thumbnail: Some(SmallBytes(vec![0; limits::THUMBNAIL + 1])),
            ..Attachment::example(1)
        };
        assert_eq!(large.checked().unwrap_err().name, PREVIEW);
    }
}
