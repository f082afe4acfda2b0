//! What all parts say: names, times, how far something got, who reads it, which part of a list.

use std::time::SystemTime;

use chrono::{Datelike as _, NaiveDate};
use companion_core::domain::day::Day;
use companion_core::domain::text::{Named, Problem};
use companion_core::domain::{Content, DocumentId, ItemId, Moment, Rating, Revision, Visibility};
use companion_core::protocol::id::MemberId;
use companion_core::records::{
    Apart, Cursor, DeliveryState, PageSize, Query, Reached, Remains, View,
};
use companion_core::{CoreError, domain::Scale};

use crate::cross::{Back, Cross, choice, instant, unix_ms, view};
use crate::error::{CompanionError, Result};

uniffi::custom_type!(DocumentId, String, {
    remote,
    lower: |id| hyphened(&id.to_string()),
    try_lift: |text| Ok(text.replace('-', "").parse().map_err(|_| CompanionError::not_offered("id"))?),
});

uniffi::custom_type!(ItemId, String, {
    remote,
    lower: |id| hyphened(&id.to_string()),
    try_lift: |text| Ok(text.replace('-', "").parse().map_err(|_| CompanionError::not_offered("item"))?),
});

uniffi::custom_type!(Revision, String, {
    remote,
    lower: |revision| revision.to_string(),
    try_lift: |text| Ok(text.parse().map_err(|_| CompanionError::not_offered("revision"))?),
});

uniffi::custom_type!(MemberId, String, {
    remote,
    lower: |member| member.to_string(),
    try_lift: |text| Ok(text.parse().map_err(|_| CompanionError::not_offered("member"))?),
});

/// 32 hex digits in the form of a UUID.
fn hyphened(digits: &str) -> String {
    let mut text = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// An instant, with the offset from UTC that the clock of whoever wrote it showed: what was evening there stays
/// evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct LocalMoment {
    /// The instant, to the millisecond.
    pub instant: SystemTime,
    /// Minutes east of UTC, -1,439 to 1,439.
    pub offset_minutes: i32,
}

impl Cross<Moment> for LocalMoment {
    fn out(core: Moment) -> Self {
        Self {
            instant: instant(core.unix_ms),
            offset_minutes: core.offset_minutes,
        }
    }
}

impl Back<Moment> for LocalMoment {
    fn back(self) -> Result<Moment> {
        Ok(Moment {
            unix_ms: unix_ms(self.instant),
            offset_minutes: self.offset_minutes,
        })
    }
}

/// A day of the calendar, in no time zone: it is that day wherever the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct CalendarDay {
    /// 0 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Cross<NaiveDate> for CalendarDay {
    fn out(core: NaiveDate) -> Self {
        let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        Self {
            year: core.year(),
            month: small(core.month()),
            day: small(core.day()),
        }
    }
}

impl Cross<Day> for CalendarDay {
    fn out(core: Day) -> Self {
        Self::out(core.to_chrono())
    }
}

impl Back<Day> for CalendarDay {
    fn back(self) -> Result<Day> {
        let day = Day::new(self.year, self.month.into(), self.day.into());
        day.ok_or_else(|| CompanionError::Invalid {
            field: "day".to_owned(),
            problem: crate::error::FieldProblem::Other,
            words: "the calendar has no such day".to_owned(),
        })
    }
}

impl Back<NaiveDate> for CalendarDay {
    fn back(self) -> Result<NaiveDate> {
        Ok(Back::<Day>::back(self)?.to_chrono())
    }
}

/// A rating on a scale of 1 to 7.
impl Cross<Rating> for u8 {
    fn out(core: Rating) -> Self {
        core.number()
    }
}

impl Back<Rating> for u8 {
    fn back(self) -> Result<Rating> {
        let rating = Rating::new(self).map_err(|_| {
            let range = Problem::OutOfRange {
                least: Rating::LOWEST.number().into(),
                most: Rating::HIGHEST.number().into(),
            };
            CoreError::from(RATING.wrong(range))
        });
        Ok(rating?)
    }
}

const RATING: Named = Named {
    field: "rating",
    label: "a rating",
};

choice! {
    /// Who is meant to see something.
    WhoReads of Visibility {
        /// Stays on the patient's own devices.
        OnlyMe,
        /// The care team may read it when they get to it.
        CareTeam,
        /// The care team may read it, and the patient wants to talk about it in a session.
        TalkInSession,
    }
}

choice! {
    /// A scale of seven steps on which a check-in asks.
    MoodScale of Scale {
        /// How pleasant it felt.
        Valence,
        /// How much energy there was.
        Energy,
        /// How much anxiety there was.
        Anxiety,
        /// How good the last night was.
        Sleep,
    }
}

/// How far the newest version of something got. Said wherever a person can write something urgent.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// Private: on the patient's own devices only, by choice.
    OnlyYours,
    /// Private again: it was shared before.
    TakenBack {
        /// How far it had got, as far as is known now: what was opened before the clinic heard of it is heard of later.
        reached: HowFar,
    },
    /// On this device; it has not left it.
    OnThisDevice,
    /// It never left, and never will: nothing is exchanged with the clinic any more.
    NeverSent,
    /// The server holds it, sealed; the clinic has not fetched it, as far as is known.
    Sent,
    /// The clinic's own system has it. Nobody need have looked.
    Delivered {
        /// The clinic's name.
        clinic: String,
        /// When the clinic received this version, by its clock.
        at: LocalMoment,
    },
    /// Somebody opened it.
    Opened {
        /// Who.
        by: String,
        /// When, by the clinic's clock.
        at: LocalMoment,
    },
}

impl Cross<DeliveryState> for Delivery {
    fn out(core: DeliveryState) -> Self {
        match core {
            DeliveryState::OnlyYours => Delivery::OnlyYours,
            DeliveryState::TakenBack { reached } => Delivery::TakenBack {
                reached: Cross::out(reached),
            },
            DeliveryState::OnThisDevice => Delivery::OnThisDevice,
            DeliveryState::NeverSent => Delivery::NeverSent,
            DeliveryState::Sent => Delivery::Sent,
            DeliveryState::Delivered { clinic, at } => Delivery::Delivered {
                clinic,
                at: Cross::out(at),
            },
            DeliveryState::Opened { by, at } => Delivery::Opened {
                by,
                at: Cross::out(at),
            },
        }
    }
}

view! {
    /// Words of one field that were written in two places apart, in place of the same words. Both stay readable until
    /// somebody chooses.
    TwoWordingsView of Apart {
        /// The field: `body`.
        field: String,
        /// What it says in each place, whole: two or more.
        wordings: Vec<String>,
    }
}

/// What every document says beside its content.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct DocumentHead {
    /// Its name.
    pub id: DocumentId,
    /// The version that this is: an edit hands it back.
    pub revision: Revision,
    /// When it happened, as far as that can be known. Lists are in this order.
    pub happened: Option<LocalMoment>,
    /// Whether its writer's clock was ahead: what it says of its time is then not to be believed.
    pub clock_ahead: bool,
    /// Whether both sides can read it.
    pub is_shared: bool,
    /// When it was last changed, if it was.
    pub edited: Option<LocalMoment>,
    /// When its newest version came to this device, by its own clock.
    pub received: SystemTime,
    /// How far it got.
    pub delivery: Delivery,
    /// What was written in two places apart, until somebody chooses.
    pub two_wordings: Vec<TwoWordingsView>,
}

impl DocumentHead {
    /// The head, and what stands below it.
    pub(crate) fn of<T>(core: View<T>) -> (Self, T) {
        let View {
            id,
            revision,
            content,
            when,
            clock_ahead,
            apart,
            shared,
            edited_at,
            received_ms,
            delivery,
            writers: _,
        } = core;
        let head = Self {
            id,
            revision,
            happened: Cross::out(when),
            clock_ahead,
            is_shared: shared,
            edited: Cross::out(edited_at),
            received: instant(received_ms),
            delivery: Cross::out(delivery),
            two_wordings: Cross::out(apart),
        };
        (head, content)
    }
}

/// Which part of a list to show.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PageRequest {
    /// Only what is about that document.
    #[uniffi(default = None)]
    pub about: Option<DocumentId>,
    /// Only what these may read.
    #[uniffi(default = None)]
    pub readers: Option<WhoReads>,
    /// The oldest first.
    #[uniffi(default = false)]
    pub oldest_first: bool,
    /// How many rows, 1 to 500.
    #[uniffi(default = 30)]
    pub rows: u32,
    /// Where the page before ended: its `next`.
    #[uniffi(default = None)]
    pub after: Option<String>,
}

/// A screen of all that are shown, the newest first.
impl Default for PageRequest {
    fn default() -> Self {
        Self {
            about: None,
            readers: None,
            oldest_first: false,
            rows: PageSize::SCREEN.rows().try_into().unwrap_or(u32::MAX),
            after: None,
        }
    }
}

impl PageRequest {
    pub(crate) fn query<T: Content>(self) -> Result<Query<T>> {
        let size = PageSize::new(self.rows.into()).map_err(CoreError::from)?;
        let mut query = match self.about {
            None => Query::all(),
            Some(about) => Query::about(about),
        };
        query = query.size(size);
        if let Some(readers) = self.readers {
            let readers: Visibility = readers.back()?;
            query = query.in_state(readers.as_str());
        }
        if self.oldest_first {
            query = query.oldest_first();
        }
        if let Some(after) = self.after {
            let after: Cursor = after
                .parse()
                .map_err(|_| CompanionError::not_offered("after"))?;
            query = query.after(after);
        }
        Ok(query)
    }
}

choice! {
    /// How far something ever got, in any of its versions.
    HowFar of Reached {
        /// Nothing of it left for the clinic.
        Nobody,
        /// Something of it left, and nobody at the clinic is known to have opened it.
        Clinic,
        /// Somebody at the clinic opened an earlier version, or opened it when it was shared before.
        OpenedBefore,
        /// Somebody at the clinic opened it as it is shared now.
        Opened,
        /// The clinic shows it still: that it was taken back never left this phone, and what is shared was ended.
        StillShown,
    }
}

/// What of something stays where once it is taken back or deleted. Show it before either is done.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RemainsView {
    /// How far it ever got.
    pub reached: HowFar,
    /// Whether it is shared at present.
    pub is_shared: bool,
    /// What the clinic may keep of it, in words; nothing where it was always private.
    pub at_the_clinic: Option<String>,
    /// What is said once it was taken back.
    pub once_taken_back: String,
    /// What is said once it was deleted.
    pub once_deleted: String,
}

impl Cross<Remains> for RemainsView {
    fn out(core: Remains) -> Self {
        Self {
            reached: Cross::out(core.reached),
            is_shared: core.is_shared,
            at_the_clinic: core.at_the_clinic().map(str::to_owned),
            once_taken_back: core.once_taken_back(),
            once_deleted: core.once_deleted(),
        }
    }
}
