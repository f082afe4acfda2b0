//! What a person settles before a session.

use companion_core::domain::session_preparation::{ReadinessItem, StillOpen};
use companion_core::domain::{DocumentId, Moment, SessionPreparation};

use crate::cross::{Back, Cross, choice};
use crate::error::Result;
use crate::kinds::macros::open_choice;
use crate::kinds::{DayMarksView, DayWordView, WayHome};
use crate::values::LocalMoment;

open_choice! {
    /// A thing of the list before a session.
    PreparationItem of ReadinessItem {
        /// The rest of the day is clear.
        ClearTheDay,
        /// Route and dose were walked through with the clinician.
        RouteAndDose,
        /// The clinic's rule on eating and drinking is known.
        EatingAndDrinking,
        /// The clinic was told what has changed.
        WhatChanged,
        /// What to hold in mind is known.
        Intention,
        /// What to bring is ready.
        WhatToBring,
    }
}

/// A thing of the list, and whether it is done for the day that the session is planned for now.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PreparationItemView {
    /// Which.
    pub item: PreparationItem,
    /// In plain English.
    pub words: String,
    /// Whether it is done.
    pub is_done: bool,
}

choice! {
    /// How it stands with the ride home.
    RideStanding of Ride {
        /// Nobody is named.
        NobodyNamed,
        /// Somebody is named, and it is not confirmed as it is written now.
        NotConfirmed,
        /// It is confirmed.
        Confirmed,
    }
}

/// What the core says of the ride in two parts.
enum Ride {
    NobodyNamed,
    NotConfirmed,
    Confirmed,
}

impl Ride {
    fn of(said: &SessionPreparation, begins: Moment) -> Self {
        match said.ride_open(begins) {
            None => Ride::Confirmed,
            Some(StillOpen::NoRide) => Ride::NobodyNamed,
            Some(StillOpen::RideNotConfirmed | StillOpen::Item(_)) => Ride::NotConfirmed,
        }
    }
}

/// What the person settled for a session, all their phones taken together.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PreparationView {
    /// The session.
    pub session: DocumentId,
    /// Whether they want eyeshades; nothing as long as they have not said.
    pub eyeshades: Option<bool>,
    /// Whether they want music; nothing as long as they have not said.
    pub music: Option<bool>,
    /// Which music, or what to know about it; may be empty.
    pub music_note: String,
    /// A playlist, by its https address; may be empty.
    pub music_link: String,
    /// Who takes them home; empty as long as nobody does.
    pub escort_name: String,
    /// That person's number; may be empty.
    pub escort_phone: String,
    /// How they get home.
    pub escort_mode: Option<WayHome>,
    /// How it stands with the ride home.
    pub ride: RideStanding,
    /// When they said that the ride home is agreed, where that is the ride and the time that are written now.
    pub ride_confirmed_at: Option<LocalMoment>,
    /// The list, in its order.
    pub items: Vec<PreparationItemView>,
    /// Words of the clinic's own list that are done.
    pub done_besides: Vec<String>,
    /// What stands of what they said on the day.
    pub marks: DayMarksView,
    /// All that they said on the day, the oldest first.
    pub day_words: Vec<DayWordView>,
    /// When they last did something with it.
    pub at: LocalMoment,
}

impl PreparationView {
    pub(super) fn of(core: &SessionPreparation, begins: Moment) -> Self {
        let items = ReadinessItem::ALL.iter().map(|item| PreparationItemView {
            item: Cross::out(item.clone()),
            words: item.label().to_owned(),
            is_done: core.is_done(item, begins),
        });
        Self {
            session: core.about,
            eyeshades: core.eyeshades,
            music: core.music,
            music_note: core.music_note.clone(),
            music_link: core.music_link.clone(),
            escort_name: core.escort_name.clone(),
            escort_phone: core.escort_phone.clone(),
            escort_mode: Cross::out(core.escort_mode.clone()),
            ride: Cross::out(Ride::of(core, begins)),
            ride_confirmed_at: Cross::out(core.ride_confirmed_at(begins)),
            items: items.collect(),
            done_besides: core.done_besides().map(str::to_owned).collect(),
            marks: Cross::out(core.marks()),
            day_words: Cross::out(core.day_words.clone()),
            at: Cross::out(core.at),
        }
    }
}

/// One change of what is settled for a session. What is not named stays as it is.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum PreparationChange {
    /// Whether they want eyeshades.
    Eyeshades {
        /// Nothing for not said.
        wanted: Option<bool>,
    },
    /// Whether they want music.
    Music {
        /// Nothing for not said.
        wanted: Option<bool>,
    },
    /// Which music.
    WhichMusic {
        /// What to know about it; may be empty.
        note: String,
        /// A playlist, by its https address; may be empty.
        link: String,
    },
    /// Who takes them home. Another name than before has to be confirmed anew.
    Escort {
        /// The name.
        name: String,
        /// The number; nothing leaves what is there.
        phone: Option<String>,
        /// How; nothing leaves what is there.
        mode: Option<WayHome>,
    },
    /// Nobody takes them home any more.
    NoEscort,
    /// A thing of the list is done, for the day that the session is planned for now.
    Done {
        /// Which.
        item: PreparationItem,
    },
    /// It is not done after all.
    NotDone {
        /// Which.
        item: PreparationItem,
    },
}

pub(super) type Change = Box<dyn FnOnce(&mut SessionPreparation, Moment) + Send>;

impl Back<Change> for PreparationChange {
    fn back(self) -> Result<Change> {
        Ok(match self {
            PreparationChange::Eyeshades { wanted } => Box::new(move |it, _| it.eyeshades = wanted),
            PreparationChange::Music { wanted } => Box::new(move |it, _| it.music = wanted),
            PreparationChange::WhichMusic { note, link } => Box::new(move |it, _| {
                it.music_note = note;
                it.music_link = link;
            }),
            PreparationChange::Escort { name, phone, mode } => {
                let mode = mode.back()?;
                Box::new(move |it, _| it.name_escort(&name, phone, mode))
            }
            PreparationChange::NoEscort => Box::new(|it, _| it.name_nobody()),
            PreparationChange::Done { item } => {
                let item = item.back()?;
                Box::new(move |it, begins| it.tick(&item, begins))
            }
            PreparationChange::NotDone { item } => {
                let item = item.back()?;
                Box::new(move |it, _| it.untick(&item))
            }
        })
    }
}

/// The list before a session with nothing of it done: for a session of which the person said nothing yet. Touches no
/// disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn preparation_items() -> Result<Vec<PreparationItemView>> {
    let item = |item: &ReadinessItem| PreparationItemView {
        item: Cross::out(item.clone()),
        words: item.label().to_owned(),
        is_done: false,
    };
    Ok(ReadinessItem::ALL.iter().map(item).collect())
}
