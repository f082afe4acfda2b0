//! The head of a bundled guide: lines of `field: value` between two lines of `---`.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::model::Progress;
use super::{Again, Due, GuideError, GuideId, GuideVersion, Language, Reason, Stage};

const FIELDS: [&str; 8] = [
    "guide", "version", "language", "title", "stage", "due", "again", "progress",
];

/// What the head says.
pub(super) struct Head {
    pub(super) id: GuideId,
    pub(super) version: GuideVersion,
    pub(super) language: Language,
    pub(super) title: String,
    pub(super) stage: Stage,
    pub(super) due: Due,
    pub(super) again: Again,
    pub(super) progress: Progress,
}

/// The head, what follows it, and the line on which that begins.
pub(super) fn split(text: &str) -> Result<(Head, &str, u32), GuideError> {
    let mut rest = text.strip_prefix("---\n").ok_or(Reason::NoHead.on(1))?;
    let mut fields = BTreeMap::new();
    for line in 2.. {
        let (field, after) = rest.split_once('\n').ok_or(Reason::NoHead.on(line))?;
        rest = after;
        if field == "---" {
            return Ok((Fields(fields, line).head()?, rest, line + 1));
        }
        let (name, value) = field.split_once(':').ok_or(Reason::HeadLine.on(line))?;
        let known = FIELDS.into_iter().find(|known| *known == name);
        let known = known.ok_or(Reason::HeadLine.on(line))?;
        if fields.insert(known, (value.trim(), line)).is_some() {
            return Err(Reason::HeadLine.on(line));
        }
    }
    Err(Reason::NoHead.on(1))
}

/// Fields by name with their lines, and the last line of the head.
struct Fields<'a>(BTreeMap<&'static str, (&'a str, u32)>, u32);

impl Fields<'_> {
    fn head(&self) -> Result<Head, GuideError> {
        let one_of = |name, words: &[&str]| {
            self.read(name, |value| words.iter().position(|word| *word == value))
        };
        let stages = Stage::ALL.map(Stage::as_str);
        let stage = one_of("stage", &stages)?;
        Ok(Head {
            id: self.parsed("guide")?,
            version: self.read("version", |value| {
                let version = value.parse().ok().filter(|number| *number > 0);
                version.map(GuideVersion)
            })?,
            language: self.parsed("language")?,
            title: self.read("title", |value| {
                let fits = !value.is_empty() && !value.contains(['{', '}', '<']);
                fits.then(|| value.to_owned())
            })?,
            stage: Stage::ALL.get(stage).copied().unwrap_or(Stage::About),
            due: self.parsed("due")?,
            again: match one_of("again", &["once", "each session"])? {
                0 => Again::Once,
                _ => Again::EachSession,
            },
            progress: match one_of("progress", &["kept", "not kept"])? {
                0 => Progress::Kept,
                _ => Progress::NotKept,
            },
        })
    }

    fn parsed<T: FromStr>(&self, name: &'static str) -> Result<T, GuideError> {
        self.read(name, |value| value.parse().ok())
    }

    fn read<T>(
        &self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, GuideError> {
        let Some((value, line)) = self.0.get(name) else {
            return Err(Reason::HeadLacks(name).on(self.1));
        };
        read(value).ok_or(Reason::HeadValue(name).on(*line))
    }
}
