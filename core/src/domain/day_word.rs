//! What a patient says on the day of a session: that they are there, that it is over, and that either was said by
//! mistake. Every word is kept: what one of them held back stays to be looked at when another takes it back, on
//! whichever phone, and however late the phones hear of each other.

use serde::{Deserialize, Serialize};

use super::text::{Named, named};
use super::trail::Trail;
use super::{Invalid, ItemId, Moment, text};

pub(super) const DAY_WORDS: Named = named("day_words", "what was said on the day");
const AT: Named = named("day_words", "the time of what was said on the day");
const TURN: Named = named("day_words", "the turn of what was said on the day");

/// Something that is said of a session's day, and can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayMark {
    /// "I'm here".
    Here,
    /// "It is over".
    Ended,
}

impl DayMark {
    /// What is said by it, behind "you said".
    pub const fn in_words(self) -> &'static str {
        match self {
            DayMark::Here => "that you are there",
            DayMark::Ended => "that it is over",
        }
    }
}

/// What was done with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayAct {
    /// It was said.
    Said,
    /// It was taken back.
    TakenBack,
}

/// One word on the day of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayWord {
    /// What it is about.
    pub mark: DayMark,
    /// Whether that was said or taken back.
    pub act: DayAct,
    /// When.
    pub at: Moment,
    /// Its place among the words: when it was said, but after every word that its phone knew by then, so that a clock
    /// that was put right does not undo what came before. Of words that were said apart the later one counts last.
    pub turn: Moment,
}

impl DayWord {
    pub(super) fn checked(self) -> Result<Self, Invalid> {
        text::moment(self.at, AT)?;
        text::moment(self.turn, TURN)?;
        Ok(self)
    }
}

/// What stands of a session's day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// When they pressed "I'm here".
    pub here: Option<Moment>,
    /// When they said that it is over.
    pub ended: Option<Moment>,
}

impl Marks {
    /// What stands after one more word. Of two arrivals the first one stands, since what was written after it is held
    /// back; of two ends the later one, since the quiet hours must not end too early.
    const fn after(self, word: &DayWord) -> Marks {
        match (word.mark, word.act) {
            (DayMark::Here, DayAct::Said) => Marks {
                here: match self.here {
                    Some(here) if here.unix_ms <= word.at.unix_ms => Some(here),
                    _ => Some(word.at),
                },
                ..self
            },
            (DayMark::Ended, DayAct::Said) => Marks {
                ended: match self.ended {
                    Some(ended) if ended.unix_ms >= word.at.unix_ms => Some(ended),
                    _ => Some(word.at),
                },
                ..self
            },
            (DayMark::Here, DayAct::TakenBack) => Marks { here: None, ..self },
            (DayMark::Ended, DayAct::TakenBack) => Marks {
                ended: None,
                ..self
            },
        }
    }

    /// When that was said, if it stands.
    pub const fn of(self, mark: DayMark) -> Option<Moment> {
        match mark {
            DayMark::Here => self.here,
            DayMark::Ended => self.ended,
        }
    }
}

/// Adds a word at that moment.
pub(super) fn say(
    words: &mut Trail<DayWord>,
    id: ItemId,
    (mark, act): (DayMark, DayAct),
    at: Moment,
) {
    let last = words.iter().map(|(_, word)| word.turn.unix_ms).max();
    let turn = Moment {
        unix_ms: last.map_or(at.unix_ms, |last| at.unix_ms.max(last.saturating_add(1))),
        ..at
    };
    let word = DayWord {
        mark,
        act,
        at,
        turn,
    };
    words.add(id, word);
}

/// What stood after each word that counts, from before the first one on, and with it until when it stood; the last
/// one stands now.
pub(super) fn standing(
    words: &Trail<DayWord>,
    counts: impl Fn(&DayWord) -> bool,
) -> Vec<(Marks, Option<Moment>)> {
    let mut words: Vec<_> = words.iter().filter(|(_, word)| counts(word)).collect();
    words.sort_by_key(|(id, word)| (word.turn.unix_ms, *id));
    let mut marks = Marks::default();
    let mut all = Vec::new();
    for (_, word) in words {
        let next = marks.after(word);
        if next != marks {
            all.push((marks, Some(word.at)));
            marks = next;
        }
    }
    all.push((marks, None));
    all
}
