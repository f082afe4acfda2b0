//! Why nothing is told by a release, and why one can't be given or narrowed.

use crate::domain::Moment;

/// Why nothing may leave, or a release is not written. Nothing left, and nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ReleaseError {
    /// It begins later.
    #[error("this release has not begun yet, so nothing may be told by it")]
    NotBegun {
        /// When.
        from: Moment,
    },
    /// Its time is over.
    #[error("this release has expired, so nothing may be told by it any more")]
    Expired {
        /// Since when.
        until: Moment,
    },
    /// The patient took it back.
    #[error("this release was taken back, so nothing may be told by it any more")]
    TakenBack {
        /// When.
        at: Moment,
    },
    /// It ended with the programme.
    #[error("this release ended with the programme, so nothing may be told by it any more")]
    EndedWithProgramme,
    /// It ended with the patient's account.
    #[error("this release ended with the patient's account, so nothing may be told by it any more")]
    EndedWithAccount,
    /// Whether the programme goes on can't be read.
    #[error(
        "this release ends with a programme that can't be read here, so nothing is told by it until it can be"
    )]
    ProgrammeUnknown,
    /// Nobody knows which of two wordings holds.
    #[error(
        "this release says different things in two places, so nothing is told by it until one of them is chosen"
    )]
    InTwoWordings,
    /// Together, steps that were said in several places left nothing of it.
    #[error(
        "this release was narrowed in several places until nothing of it was left, so nothing may be told by it any more"
    )]
    NothingLeft,
    /// A newer version wrote it.
    #[error("this release was written by a newer version, so nothing is told by it here")]
    Unreadable,
    /// The clinic gives no release for so long.
    #[error("a release may be given for at most {days} days here: choose an earlier end")]
    TooLong {
        /// The longest, in days.
        days: u32,
    },
    /// There is no programme that it could end with.
    #[error("no programme goes on that this release could end with: say that it goes on")]
    NoProgramme,
    /// A step that would leave as much to be told as before, or nothing at all.
    #[error(
        "this would not narrow the release: leave out a section that is in it, or name an earlier end. To end it, \
         take it back; to have more told, give another one"
    )]
    NotNarrower,
    /// A step that would end it in the past: what was told since then was told by it.
    #[error(
        "this end has passed already: name a later one, or take the release back to end it now"
    )]
    EndHasPassed,
    /// What the clinic asked for was answered or taken back.
    #[error("this request was answered or taken back already")]
    NotAskedAnyMore,
    /// The clinic asked for less than somebody accepts.
    #[error(
        "this is more than the clinic asked for: narrow what it asks for, or give a release of your own"
    )]
    MoreThanAsked,
    /// Nothing of the released sections is in the record.
    #[error(
        "there is nothing in the sections that this release opens, so there is nothing to hand over"
    )]
    Nothing,
    /// It begins in the past, or was over before it began.
    #[error("the end of this release has passed already: choose a later one")]
    OverAlready,
}
