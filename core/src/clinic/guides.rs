//! Guides in the clinic's words, and the rules that only it writes: for all its patients, with a version, an author
//! and a date. What it takes back stays, as taken back, so that phones hear of it.

use super::Clinic;
use crate::domain::guide::model::Guide;
use crate::domain::guide::overtaken::InALanguage;
use crate::domain::guide::{GuideVersion, Language, Pack, Slot};
use crate::domain::{ClinicGuideSlot, ClinicGuideText, ClinicWide, GuideSlot, GuideText, Moment};
use crate::error::Result;
use crate::records::{Seen, View};

/// What a clinic says in guides to all its patients: of each guide and each rule, in each language, the newest
/// words, also where they were taken back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GuideWords {
    /// Guides in its own words.
    pub texts: Vec<GuideText>,
    /// Its rules.
    pub rules: Vec<GuideSlot>,
}

/// A guide as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedGuide {
    /// The title that the patient sees.
    pub title: String,
    /// The words, Markdown as a guide may have it.
    pub text: String,
}

impl TypedGuide {
    /// Whether these are the words of the bundled guide as they stand.
    fn is(&self, bundled: &Guide) -> bool {
        let text = self.text.replace("\r\n", "\n");
        let ours = Pack::text(bundled).map(str::trim);
        self.title.trim() == bundled.title && ours == Some(text.trim())
    }
}

/// What became of words that somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// They are the next version.
    Written,
    /// Nothing was written: they say what stands already, or nothing was to be written.
    Nothing,
    /// They are ours, word for word: the clinic's own were taken back.
    TakenBack,
}

impl Clinic {
    /// What the clinic says in guides to all its patients.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// assert!(clinic.guide_words()?.rules.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn guide_words(&self) -> Result<GuideWords> {
        Ok(GuideWords {
            texts: self.newest_of_each::<ClinicGuideText>()?,
            rules: self.newest_of_each::<ClinicGuideSlot>()?,
        })
    }

    /// Writes a guide in the clinic's own words, in the language of `bundled`, as the next version: it stands in
    /// the place of those words for all patients. `change` is given what stands now, and nobody else changes it
    /// meanwhile; it gives `None` where nothing is to be written. What says the same again changes nothing. Our words
    /// as they are become nobody else's: they would lose their sources, and stand still while ours go on.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the field, and the line that can't be shown.
    ///
    /// ```
    /// use companion_core::clinic::TypedGuide;
    /// use companion_core::domain::GuideText;
    /// use companion_core::domain::guide::{Language, Pack};
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let pack = Pack::ketamine().unwrap();
    /// let bundled = pack.guide(&"session-day".parse().unwrap(), &[Language::english()]).unwrap();
    /// let typed = TypedGuide { title: "Your day with us".into(), text: "Ring the bell.".into() };
    /// clinic.write_guide(bundled, "Dr. Vega", |_| Some(typed))?;
    /// let text: GuideText = clinic.page(ada, &companion_core::records::Query::all())?.items.remove(0).content;
    /// assert_eq!((&*text.title, text.version.0), ("Your day with us", 1));
    /// clinic.take_guide_back(bundled, Seen::of(&text))?;
    /// assert!(clinic.guide_words()?.texts[0].retired_at.is_some());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn write_guide(
        &self,
        bundled: &Guide,
        by: &str,
        change: impl FnOnce(Option<&GuideText>) -> Option<TypedGuide>,
    ) -> Result<Saved> {
        let about =
            |text: &GuideText| text.guide == bundled.id && text.language == bundled.language;
        let written = self.write_words::<ClinicGuideText>(about, |present, version| {
            let present = present.filter(|text| text.stands());
            let typed = change(present)?;
            if typed.is(bundled) {
                return present.map(|present| GuideText {
                    retired_at: Some(self.now()),
                    ..present.clone()
                });
            }
            Some(GuideText {
                guide: bundled.id.clone(),
                base_version: Some(bundled.version),
                language: bundled.language.clone(),
                version,
                title: typed.title,
                stage: bundled.stage,
                text: typed.text,
                by: by.to_owned(),
                at: self.now(),
                retired_at: None,
            })
        })?;
        Ok(match written {
            None => Saved::Nothing,
            Some(text) if text.stands() => Saved::Written,
            Some(_) => Saved::TakenBack,
        })
    }

    /// Takes the clinic's own words of a guide back: for all patients ours count again. `seen` are the words that the
    /// person had before them; taking them back a second time changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`](crate::CoreError::ChangedMeanwhile) where they say something else by now;
    /// [`CoreError::Store`](crate::CoreError::Store) when it can't be kept.
    pub fn take_guide_back(&self, bundled: &Guide, seen: Seen) -> Result<()> {
        let about =
            |text: &GuideText| text.guide == bundled.id && text.language == bundled.language;
        let now = self.now();
        self.take_words_back::<ClinicGuideText>(about, seen, |set| {
            set.retired_at.get_or_insert(now);
        })
    }

    /// Writes a rule in one language, as the next version, for all patients. `change` is as in
    /// [`Clinic::write_guide`].
    ///
    /// # Errors
    ///
    /// As [`Clinic::write_guide`].
    ///
    /// ```
    /// use companion_core::domain::GuideSlot;
    /// use companion_core::domain::guide::{Language, Slot};
    /// use companion_core::records::Seen;
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// let (slot, english) = (Slot::GettingHome, Language::english());
    /// clinic.write_rule(slot, &english, "Dr. Vega", |_| Some("Come with somebody.".into()))?;
    /// clinic.write_rule(slot, &english, "Dr. Vega", |_| Some("Come with a friend.".into()))?;
    /// assert_eq!(clinic.guide_words()?.rules[0].version.0, 2);
    /// let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// let hers = clinic.page(ada, &companion_core::records::Query::<GuideSlot>::all())?.items;
    /// assert_eq!((hers.len(), &*hers[0].content.text), (1, "Come with a friend."));
    /// let seen = Seen::of(&clinic.guide_words()?.rules[0]);
    /// clinic.take_rule_back(slot, &english, seen)?;
    /// assert!(clinic.guide_words()?.rules[0].retired_at.is_some());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn write_rule(
        &self,
        slot: Slot,
        language: &Language,
        by: &str,
        change: impl FnOnce(Option<&GuideSlot>) -> Option<String>,
    ) -> Result<Saved> {
        let about = |rule: &GuideSlot| rule.known() == Some(slot) && rule.language == *language;
        let written = self.write_words::<ClinicGuideSlot>(about, |present, version| {
            let text = change(present.filter(|rule| rule.stands()))?;
            Some(GuideSlot {
                slot: slot.as_str().to_owned(),
                language: language.clone(),
                version,
                text,
                by: by.to_owned(),
                at: self.now(),
                retired_at: None,
            })
        })?;
        Ok(match written {
            None => Saved::Nothing,
            Some(_) => Saved::Written,
        })
    }

    /// Takes a rule back in one language: for all patients the guide says to ask again, or shows the rule in
    /// another language. `seen` is as in [`Clinic::take_guide_back`].
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`](crate::CoreError::ChangedMeanwhile) where it says something else by now;
    /// [`CoreError::Store`](crate::CoreError::Store) when it can't be kept.
    pub fn take_rule_back(&self, slot: Slot, language: &Language, seen: Seen) -> Result<()> {
        let about = |rule: &GuideSlot| rule.known() == Some(slot) && rule.language == *language;
        let now = self.now();
        self.take_words_back::<ClinicGuideSlot>(about, seen, |set| {
            set.retired_at.get_or_insert(now);
        })
    }

    /// Gives what was written; `None` where it says what stands already.
    fn write_words<T: Words>(
        &self,
        about: impl Fn(&T::Copy) -> bool,
        write: impl FnOnce(Option<&T::Copy>, GuideVersion) -> Option<T::Copy>,
    ) -> Result<Option<T::Copy>> {
        let turn = self.take_register_turn();
        let present = self.newest_about::<T>(about)?;
        let before = present.as_ref().map(|view| view.content.copy());
        let version = before.map_or(0, |before| before.version().0);
        let Some(written) = write(before, GuideVersion(version.saturating_add(1))) else {
            return Ok(None);
        };
        let written = T::of(written).checked()?;
        let copy = written.copy().clone();
        match present {
            Some(present) if T::say_the_same(present.content.copy(), &copy) => {
                return Ok(None);
            }
            Some(present) => {
                let edit = |it: &mut T| *it = written;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(written)?),
        }
        drop(turn);
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(Some(copy))
    }

    fn take_words_back<T: Words>(
        &self,
        about: impl Fn(&T::Copy) -> bool,
        seen: Seen,
        retire: impl FnOnce(&mut T::Copy),
    ) -> Result<()> {
        let turn = self.take_register_turn();
        let Some(present) = self.newest_about::<T>(about)? else {
            return Ok(());
        };
        let mut retired = present.content.copy().clone();
        if !retired.stands() {
            return Ok(());
        }
        seen.must_be(&retired)?;
        retire(&mut retired);
        let retired = T::of(retired);
        self.own
            .edit(present.id, &present.revision, |it: &mut T| *it = retired)?;
        drop(turn);
        self.raise_what_arrived();
        Ok(())
    }

    /// Of what is about one thing, the newest words: two nodes that wrote apart made two documents.
    fn newest_about<T: Words>(&self, about: impl Fn(&T::Copy) -> bool) -> Result<Option<View<T>>> {
        let all = self.own.all::<T>()?.into_iter();
        let about = all.filter(|view| about(view.content.copy()));
        Ok(about.max_by_key(|view| {
            let words = view.content.copy();
            (words.version(), words.written(), view.id)
        }))
    }

    /// The newest words of each guide or rule in each language.
    pub(super) fn newest_of_each<T: Words>(&self) -> Result<Vec<T::Copy>> {
        let mut newest: Vec<T::Copy> = Vec::new();
        let mut all = self.own.all::<T>()?;
        all.sort_by_key(|view| {
            let words = view.content.copy();
            (words.version(), words.written(), view.id)
        });
        for view in all.iter().rev() {
            let words = view.content.copy();
            if !newest.iter().any(|known| are_of_one_place(known, words)) {
                newest.push(words.clone());
            }
        }
        newest.reverse();
        Ok(newest)
    }
}

/// Whether both are about one guide or rule in one language.
pub(super) fn are_of_one_place<T: InALanguage>(one: &T, other: &T) -> bool {
    one.language() == other.language() && one.is_about_the_same(other)
}

/// Words of which the clinic has one document for each thing and language.
pub(super) trait Words: ClinicWide<Copy: InALanguage> {
    /// Whether both say the same, whoever wrote it and when.
    fn say_the_same(one: &Self::Copy, other: &Self::Copy) -> bool;
}

const UNSIGNED: (GuideVersion, Moment) = (GuideVersion(1), Moment::utc(0));

impl Words for ClinicGuideText {
    fn say_the_same(one: &GuideText, other: &GuideText) -> bool {
        let of = |text: &GuideText| {
            let (version, at) = UNSIGNED;
            GuideText {
                version,
                at,
                by: String::new(),
                ..text.clone()
            }
        };
        of(one) == of(other)
    }
}

impl Words for ClinicGuideSlot {
    fn say_the_same(one: &GuideSlot, other: &GuideSlot) -> bool {
        let of = |rule: &GuideSlot| {
            let (version, at) = UNSIGNED;
            GuideSlot {
                version,
                at,
                by: String::new(),
                ..rule.clone()
            }
        };
        of(one) == of(other)
    }
}
