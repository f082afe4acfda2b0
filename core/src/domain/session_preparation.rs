//! What a patient settles before a dosing session: how they want it to be, who takes them home, what is
//! done. On the day itself also that they are there, and that it is over.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::day::Day;
use super::day_word::{self, DayAct, DayMark, DayWord, Marks};
use super::open_word::open_word;
use super::text::{Named, named};
use super::trail::Trail;
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, ItemId, Kind, Moment, Placement,
    RecordSection, Shape, Writers, limits, reach, set, text,
};

const MUSIC_NOTE: Named = named("music_note", "the note about music");
const MUSIC_LINK: Named = named("music_link", "the link to music");
const ESCORT_NAME: Named = named("escort_name", "the name of who takes you home");
const ESCORT_PHONE: Named = named("escort_phone", "the phone number of who takes you home");
const ESCORT_MODE: Named = named("escort_mode", "the way home");
const ESCORT_WORDS: Named = named("escort_words", "the digest of the way home");
const ITEM: Named = named("done", "a thing that is done");
const ITEMS: Named = named("done", "things that are done");
const TIMES: [Named; 2] = [
    named("escort_confirmed_at", "the time of the confirmation"),
    named("at", "the time of the preparation"),
];

open_word! {
    /// How somebody gets home. Nobody drives themselves.
    EscortMode {
        /// Somebody drives them.
        Car = "car", "by car, somebody else drives";
        /// A taxi or a ride service, with somebody along.
        Ride = "ride", "by taxi, with somebody along";
        /// Bus or train, with somebody along.
        Transit = "transit", "by bus or train, with somebody along";
        /// On foot, with somebody along.
        OnFoot = "on_foot", "on foot, with somebody along";
    }
}

open_word! {
    /// Something to have done before a session. The ride home is no item: it has fields of its own.
    ReadinessItem {
        /// Nothing else is planned for the rest of the day.
        ClearTheDay = "clear_the_day", "the rest of the day is clear";
        /// Route and dose were walked through with the clinician.
        RouteAndDose = "route_and_dose", "route and dose were walked through with my clinician";
        /// The clinic's own rule on eating and drinking was read.
        EatingAndDrinking = "eating_and_drinking", "I know my clinic's rule on eating and drinking";
        /// The clinic was told what changed: medicines, health, pregnancy, illness.
        WhatChanged = "what_changed", "I told my clinic what has changed";
        /// An intention, or none on purpose.
        Intention = "intention", "I know what I would like to hold in mind";
        /// Clothes, layers, what gives comfort.
        WhatToBring = "what_to_bring", "what I bring is ready";
    }
}

impl ReadinessItem {
    /// Whether it is about the day of a session, so that it is asked again when the session is moved to another day.
    pub const fn is_about_the_day(&self) -> bool {
        matches!(
            self,
            ReadinessItem::ClearTheDay | ReadinessItem::WhatChanged
        )
    }

    /// Under which word it is done for a session that begins then: `intention`, `clear_the_day:2026-12-05`.
    fn word_for(&self, begins: Moment) -> String {
        match Day::of_moment(begins) {
            Some(day) if self.is_about_the_day() => format!("{}:{day}", self.as_str()),
            _ => self.as_str().to_owned(),
        }
    }

    /// The item that a word is about, for whatever day.
    fn of_word(word: &str) -> Option<&'static ReadinessItem> {
        let item = word.split_once(':').map_or(word, |(item, _)| item);
        ReadinessItem::ALL.iter().find(|one| one.as_str() == item)
    }
}

/// A patient's preparation for one session. It lives in the care space: both sides see it, and the
/// patient writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionPreparation {
    /// The session that it is for.
    pub about: DocumentId,
    /// Whether they want eyeshades; `None` as long as they have not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eyeshades: Option<bool>,
    /// Whether they want music; `None` as long as they have not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub music: Option<bool>,
    /// Which music, or what to know about it: at most 4,000 bytes of UTF-8. Edits merge inside the text.
    #[serde(default)]
    pub music_note: String,
    /// A playlist, by its https address; may be empty.
    #[serde(default)]
    pub music_link: String,
    /// Who takes them home, at most 120 characters; empty as long as nobody does.
    #[serde(default)]
    pub escort_name: String,
    /// That person's number, at most 40 characters; may be empty.
    #[serde(default)]
    pub escort_phone: String,
    /// How they get home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escort_mode: Option<EscortMode>,
    /// When the patient said that this ride home is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escort_confirmed_at: Option<Moment>,
    /// A digest of the ride that was agreed and of when the session begins: another person, another way or
    /// another time, from whichever phone, is to be agreed again.
    #[serde(default)]
    pub escort_words: String,
    /// What is done, by the words of [`ReadinessItem`] or of the clinic: at most 32 of 40 characters. A word about
    /// the day has that day behind it (`clear_the_day:2026-12-05`): [`SessionPreparation::is_done`] reads them.
    #[serde(default, with = "set")]
    pub done: BTreeSet<String>,
    /// All that they said on the day: that they are there, that it is over, and that either was a mistake.
    /// [`SessionPreparation::marks`] reads what stands.
    #[serde(default)]
    pub day_words: Trail<DayWord>,
    /// When they last did something with it.
    pub at: Moment,
}

/// What is open before a session, in the order to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StillOpen {
    /// Nobody is named who takes them home.
    NoRide,
    /// Somebody is named, and the ride as it is now was not agreed.
    RideNotConfirmed,
    /// Something of the list.
    Item(ReadinessItem),
}

impl SessionPreparation {
    /// A preparation in which nothing is said yet.
    pub fn new(about: DocumentId, at: Moment) -> Self {
        Self {
            about,
            eyeshades: None,
            music: None,
            music_note: String::new(),
            music_link: String::new(),
            escort_name: String::new(),
            escort_phone: String::new(),
            escort_mode: None,
            escort_confirmed_at: None,
            escort_words: String::new(),
            done: BTreeSet::new(),
            day_words: Trail::default(),
            at,
        }
    }

    /// Names who takes them home. What is not said of somebody else is open: a number and a way home were
    /// the former one's.
    pub fn name_escort(&mut self, name: &str, phone: Option<String>, mode: Option<EscortMode>) {
        let is_same = self
            .escort_name
            .split_whitespace()
            .eq(name.split_whitespace());
        if !is_same {
            self.forget_ride();
            name.clone_into(&mut self.escort_name);
        }
        self.escort_phone = phone.unwrap_or_else(|| std::mem::take(&mut self.escort_phone));
        self.escort_mode = mode.or_else(|| self.escort_mode.take());
    }

    /// Takes back who takes them home, with the number and the way home.
    pub fn name_nobody(&mut self) {
        self.forget_ride();
        self.escort_name.clear();
        self.escort_phone.clear();
        self.escort_mode = None;
    }

    /// Notes that the ride home is agreed, as it is written now, from the session that begins then.
    pub fn confirm_ride(&mut self, at: Moment, begins: Moment) {
        self.escort_confirmed_at = Some(at);
        self.escort_words = self.ride_digest(begins);
    }

    /// When the ride was agreed that is written now, from the session that begins then; `None` when it was
    /// not, or it or the session's beginning has changed since.
    pub fn ride_confirmed_at(&self, begins: Moment) -> Option<Moment> {
        let is_named = !self.escort_name.is_empty();
        self.escort_confirmed_at
            .filter(|_| is_named && self.escort_words == self.ride_digest(begins))
    }

    /// Notes that something of the list is done for the session that begins then.
    pub fn tick(&mut self, item: &ReadinessItem, begins: Moment) {
        self.untick(item);
        self.done.insert(item.word_for(begins));
    }

    /// Takes that back, for whatever day it was said.
    pub fn untick(&mut self, item: &ReadinessItem) {
        self.done
            .retain(|word| ReadinessItem::of_word(word) != Some(item));
    }

    /// Whether something of the list is done for the session that begins then. What is about the day was said for
    /// one day, and is open where the session is moved to another.
    pub fn is_done(&self, item: &ReadinessItem, begins: Moment) -> bool {
        self.done.contains(&item.word_for(begins))
    }

    /// What else is done, in the clinic's own words.
    pub fn done_besides(&self) -> impl Iterator<Item = &str> {
        let words = self.done.iter().map(String::as_str);
        words.filter(|word| ReadinessItem::of_word(word).is_none())
    }

    /// What is still open before the session that begins then, the ride home first.
    pub fn still_open(&self, begins: Moment) -> Vec<StillOpen> {
        let ride = self.ride_open(begins);
        let items = ReadinessItem::ALL
            .iter()
            .filter(|item| !self.is_done(item, begins));
        ride.into_iter()
            .chain(items.cloned().map(StillOpen::Item))
            .collect()
    }

    /// What is open of the ride home from the session that begins then; `None` where it is agreed.
    pub fn ride_open(&self, begins: Moment) -> Option<StillOpen> {
        match self.ride_confirmed_at(begins) {
            Some(_) => None,
            None if self.escort_name.is_empty() => Some(StillOpen::NoRide),
            None => Some(StillOpen::RideNotConfirmed),
        }
    }

    /// What stands of what was said on the day, whichever day that was: an app asks [`SessionDay`] for the marks of
    /// the day that a session has now.
    ///
    /// [`SessionDay`]: super::session_day::SessionDay
    pub fn marks(&self) -> Marks {
        let standing = day_word::standing(&self.day_words, |_| true);
        standing
            .last()
            .map_or(Marks::default(), |(marks, _)| *marks)
    }

    /// Adds a word on the day.
    pub(crate) fn say(&mut self, id: ItemId, word: (DayMark, DayAct), at: Moment) {
        day_word::say(&mut self.day_words, id, word, at);
    }

    /// What several preparations for one session say together: two phones that began one apart made two.
    /// The newest says how it is to be; what is done in one is done, and what was said on the day in one was
    /// said. A ride comes from the newest that has one.
    pub fn together<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        // Of two of one time, what they say decides which is read first, so that each side reads the same.
        let says = |one: &Self| serde_json::to_string(one).unwrap_or_default();
        let by_time: BTreeMap<_, _> = all
            .into_iter()
            .map(|one| ((one.at, one.escort_confirmed_at, says(one)), one))
            .collect();
        let mut newest_first = by_time.into_values().rev();
        let mut read = newest_first.next()?.clone();
        for older in newest_first {
            read.done.extend(older.done.iter().cloned());
            if read.escort_name.is_empty() && !older.escort_name.is_empty() {
                read.escort_name.clone_from(&older.escort_name);
                read.escort_phone.clone_from(&older.escort_phone);
                read.escort_mode.clone_from(&older.escort_mode);
                read.escort_confirmed_at = older.escort_confirmed_at;
                read.escort_words.clone_from(&older.escort_words);
            }
            if read.music_note.is_empty() && read.music_link.is_empty() {
                read.music_note.clone_from(&older.music_note);
                read.music_link.clone_from(&older.music_link);
            }
            read.eyeshades = read.eyeshades.or(older.eyeshades);
            read.music = read.music.or(older.music);
            read.day_words.join(&older.day_words);
        }
        Some(read)
    }

    /// Forgets what the patient took back: read together with what they say now, it would bring it back.
    pub(crate) fn forget_what_is_not_in(&mut self, said: &Self) {
        self.done.retain(|word| said.done.contains(word));
        if said.escort_name.trim().is_empty() {
            self.forget_ride();
        }
        if said.music_note.trim().is_empty() && said.music_link.trim().is_empty() {
            self.music_note.clear();
            self.music_link.clear();
        }
        self.eyeshades = self.eyeshades.filter(|_| said.eyeshades.is_some());
        self.music = self.music.filter(|_| said.music.is_some());
    }

    /// Takes the ride home back: nobody is named.
    pub(crate) fn forget_ride(&mut self) {
        self.escort_name.clear();
        self.escort_phone.clear();
        self.escort_mode = None;
        self.escort_confirmed_at = None;
        self.escort_words.clear();
    }

    /// SHA-256, in hex, of who takes them home, how, and from when the session begins. Of the words as they
    /// are saved, so that a ride which was agreed as it was typed stays agreed when it is tidied.
    fn ride_digest(&self, begins: Moment) -> String {
        let name = text::line(&self.escort_name, ESCORT_NAME, limits::NAME);
        let name = name.unwrap_or_else(|_| self.escort_name.clone());
        let phone = reach::number(&self.escort_phone, ESCORT_PHONE);
        let phone = phone.unwrap_or_else(|_| self.escort_phone.clone());
        let mode = self.escort_mode.as_ref().map_or("", EscortMode::as_str);
        let begins = begins.unix_ms.to_string();
        let mut sha = Sha256::new();
        for part in [&*name, &*phone, mode, &*begins] {
            sha.update((part.len() as u64).to_be_bytes());
            sha.update(part);
        }
        HEXLOWER.encode(&sha.finalize())
    }
}

impl Content for SessionPreparation {
    const KIND: Kind = Kind::named("session_preparation");
    const SHAPE: Shape = Shape::new(&[
        Field::value("about"),
        Field::value("eyeshades"),
        Field::value("music"),
        Field::text("music_note"),
        Field::value("music_link"),
        Field::value("escort_name"),
        Field::value("escort_phone"),
        Field::value("escort_mode"),
        Field::value("escort_confirmed_at"),
        Field::value("escort_words"),
        Field::set("done"),
        Field::ordered(
            "day_words",
            &[
                Field::value("mark"),
                Field::value("act"),
                Field::value("at"),
                Field::value("turn"),
            ],
        ),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Patient;
    const BELONGS: Belongs = Belongs::To(RecordSection::Programme);
    /// What lacks before a session is shown with the session; nobody has to have read each tick.
    const TO_BE_SEEN: bool = false;

    fn checked(self) -> Result<Self, Invalid> {
        let times = [self.escort_confirmed_at, Some(self.at)];
        for (time, name) in times.into_iter().zip(TIMES) {
            time.map(|time| text::moment(time, name)).transpose()?;
        }
        let mode = self.escort_mode.as_ref();
        Ok(Self {
            music_note: text::paragraphs(&self.music_note, MUSIC_NOTE, limits::NOTE)?,
            music_link: reach::link(&self.music_link, MUSIC_LINK)?,
            escort_name: text::line(&self.escort_name, ESCORT_NAME, limits::NAME)?,
            escort_phone: reach::number(&self.escort_phone, ESCORT_PHONE)?,
            escort_mode: mode.map(|mode| mode.checked(ESCORT_MODE)).transpose()?,
            escort_words: text::line(&self.escort_words, ESCORT_WORDS, limits::DIGEST)?,
            done: text::lines(&self.done, (ITEM, ITEMS), (limits::WORD, limits::WORDS))?,
            day_words: (self.day_words.clone()).checked(day_word::DAY_WORDS, DayWord::checked)?,
            ..self.clone()
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            renewed: true,
            about: Some(self.about),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, mode, first| {
            let time = |plus| Moment::utc(1_795_465_113_123 + i64::from(n) + plus);
            let mut preparation = SessionPreparation {
                eyeshades: Some(first),
                music: Some(!first),
                music_note: format!("Quiet piano {n}."),
                music_link: format!("https://music.example.org/list/{n}"),
                escort_name: format!("Ida {n}"),
                escort_phone: format!("+1 307 555 010{n}"),
                escort_mode: Some(mode),
                done: [format!("own_item_{n}")].into(),
                ..SessionPreparation::new(DocumentId::new([n; 16]), time(0))
            };
            preparation.confirm_ride(time(5), time(30));
            let word = (DayMark::Here, DayAct::Said);
            preparation.say(ItemId::new([n; 16]), word, time(10));
            preparation
        };
        vec![
            example(1, EscortMode::Car, true),
            example(2, EscortMode::Ride, false),
            example(3, EscortMode::OnFoot, false),
        ]
    }
}

#[cfg(test)]
mod tests;
