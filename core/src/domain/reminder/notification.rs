//! One notification as a phone schedules it.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{LockScreenChoice, RuleId, Topic};
use crate::domain::hex::hex_type;
use crate::domain::{DocumentId, Moment};

/// What a lock screen says of any reminder, unless the patient wants more: nothing about what the app
/// is for. No clinic can change it.
pub const NEUTRAL: &str = "You have a reminder.";

/// A text or slice that is no id of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of a notification: 32 hex digits")]
pub struct NotificationIdError;

hex_type!(
    /// Names one notification: the same for the same rule, the same session and the same day, whenever
    /// it is planned and at whatever time of that day. Tells nothing to whoever reads it on a phone.
    NotificationId,
    16,
    NotificationIdError
);

hex_type!(
    /// What a notification says and when, in short: a phone keeps it beside the id of what it scheduled.
    Fingerprint,
    16,
    NotificationIdError
);

/// What a notification is about, and so what a tap opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A dosing session.
    Session(DocumentId),
    /// Another visit.
    Visit(DocumentId),
    /// The programme as a whole.
    Programme,
}

/// What stands on the lock screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LockScreen {
    /// [`NEUTRAL`], in the language of the phone.
    Neutral,
    /// The words of the reminder: the patient wanted so.
    Words(String),
}

impl LockScreen {
    /// What it says in English.
    pub fn text(&self) -> &str {
        match self {
            LockScreen::Neutral => NEUTRAL,
            LockScreen::Words(words) => words,
        }
    }
}

/// One notification as a phone schedules it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Notification {
    /// Its name.
    pub id: NotificationId,
    /// When it is shown, with the offset of the phone's clock at that time. To be scheduled by its
    /// instant, not by what the wall shows: so a change of clocks can't repeat it.
    pub at: Moment,
    /// The local time that was asked for. `at` is another where that time is skipped or quiet.
    pub wanted: NaiveDateTime,
    /// The local day that it asks about: an answer after midnight is still for this day.
    pub day: NaiveDate,
    /// What it is about.
    pub topic: Topic,
    /// Which rule it is from.
    pub rule: RuleId,
    /// What a tap opens.
    pub about: About,
    /// Whether some minutes matter, so that a phone which may ask for an exact alarm should.
    pub exact: bool,
    /// What it says inside the app.
    pub words: String,
    /// What it says on the lock screen.
    pub lock_screen: LockScreen,
    /// What it says and when, in short.
    pub fingerprint: Fingerprint,
}

/// What tells apart two notifications of one rule about one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The local day that was asked for: a session that moves gives another id, and one that moves by
    /// an hour doesn't.
    Day(NaiveDate),
    /// The start of the session, in milliseconds: whatever zone the phone is in.
    Before(i64),
}

pub(super) fn id_of(name: &str, about: About, part: Part) -> NotificationId {
    use chrono::Datelike as _;
    let mut hash = Sha256::new();
    hash.update(name);
    // No name holds this byte, so nothing runs into what follows.
    hash.update([0]);
    match about {
        About::Session(id) => hash.update([&[1], id.as_bytes().as_slice()].concat()),
        About::Visit(id) => hash.update([&[2], id.as_bytes().as_slice()].concat()),
        About::Programme => hash.update([3]),
    }
    match part {
        Part::Day(day) => {
            let day = day.num_days_from_ce().to_be_bytes();
            hash.update([&[1], day.as_slice()].concat());
        }
        Part::Before(ms) => {
            hash.update([&[2], ms.to_be_bytes().as_slice()].concat());
        }
    }
    NotificationId::new(sixteen(hash))
}

pub(super) fn fingerprint(
    id: NotificationId,
    at: Moment,
    words: &str,
    shown: LockScreenChoice,
) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(id.as_bytes());
    hash.update(at.unix_ms.to_be_bytes());
    hash.update([u8::from(shown == LockScreenChoice::Words)]);
    hash.update(words);
    Fingerprint::new(sixteen(hash))
}

fn sixteen(hash: Sha256) -> [u8; 16] {
    let whole: [u8; 32] = hash.finalize().into();
    let (half, _) = whole.split_first_chunk().unwrap_or((&[0; 16], &[]));
    *half
}
