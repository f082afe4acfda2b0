//! Why something is not possible now, and would be at another time or after another step.

use crate::domain::Moment;
use crate::domain::day_word::DayMark;
use crate::domain::flag::FlagError;
use crate::domain::session_step::SessionNow;

/// Why something is not possible in the present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It was shared: the shared copy is the one to edit.
    #[error("this copy is closed, since it was shared; use the shared one")]
    MovedOn,
    /// It was withdrawn from the clinic.
    #[error("this was withdrawn")]
    Withdrawn {
        /// When.
        at: Moment,
    },
    /// It was deleted.
    #[error("this was deleted")]
    Deleted,
    /// This version can't understand it.
    #[error("this was written by a newer version of the app; update to use it")]
    Newer,
    /// It is shared: withdraw it before deleting it.
    #[error("this is shared with the clinic; withdraw it first")]
    Shared,
    /// Only what its writer may share can be shared.
    #[error("this is not something to share or withdraw")]
    NotShareable,
    /// The document has grown to the largest that can be sent.
    #[error("this has grown too large to be kept; write a new one")]
    TooLarge,
    /// Nothing is answered yet.
    #[error("nothing is answered yet: answer something first, or delete it")]
    NothingAnswered,
    /// Answers were begun longer ago than their questions ask about, so none can be added.
    #[error(
        "these answers were begun longer ago than the questions ask about: what is answered now would be of another \
         time. Begin anew, and finish or delete these"
    )]
    PastItsTime {
        /// When they were begun.
        begun: Moment,
    },
    /// There is only one wording, or none such.
    #[error("there is no such wording to choose any more")]
    NothingToChoose,
    /// Route and dose of a session are shown to nobody as long as two people wrote down different ones.
    #[error(
        "this record was written differently in two places, so the patient can't be shown it yet: choose what \
         holds first"
    )]
    MedicineInTwoWordings,
    /// Others keep changing the same thing.
    #[error("others keep changing this; try again in a moment")]
    Contended,
    /// The server and this device do not agree on what this device sent.
    #[error("the server and this device do not come to terms; later")]
    NoTerms,
    /// An invitation was used, withdrawn, or has run out.
    #[error("this invitation was used, withdrawn, or is over: ask for a new one")]
    InvitationUsedUp,
    /// An invitation could not be made.
    #[error("the invitation could not be made; try again")]
    InvitationFailed,
    /// The link would let the clinic into what is private.
    #[error("the clinic would read what is private by this link: it was not used")]
    ClinicInPrivateSpace,
    /// This phone was removed from the record.
    #[error("this phone was removed from this record and can't come back to it; set it up anew")]
    Removed,
    /// This phone was asked to remove itself.
    #[error("this phone can't remove itself; use another one")]
    OwnDevice,
    /// The clinic's node was asked to remove itself.
    #[error("this is the clinic's own node")]
    OwnNode,
    /// The clinic's node was asked to end recovery words.
    #[error("recovery words are ended by the patient, who makes new ones on their first phone")]
    WordsAreThePatients,
    /// The device that is to go was there before this one.
    #[error(
        "this device came after that one and can't remove it; use a device that was there before, or your \
         recovery words"
    )]
    NotSenior,
    /// Recovery words are made on the patient's first device.
    #[error("recovery words are made on your first device, or with the words that you have")]
    NotFirstDevice,
    /// No recovery words wait to be confirmed.
    #[error("no recovery words wait to be confirmed: make them first")]
    NoWordsToConfirm,
    /// Another word was given back than the one that is asked for.
    #[error(
        "word {place} is another one: look at the sheet again. If it is lost, make new words; those before \
         them are still good"
    )]
    AnotherWord {
        /// Which word is asked for, counted from 1.
        place: usize,
    },
    /// "I'm here" and "it is over" are said of a session on its day.
    #[error("this is said on the day of a session only: {session}")]
    NotTheSessionsDay {
        /// The session.
        session: SessionNow,
    },
    /// A session can't be said to begin once its planned time is over, nor to end long after it.
    #[error(
        "the planned time of this session has been over since {}, so this is not said of it any more; if it is at \
         another time, tell your clinic, which can correct it: {session}",
        .since.on_the_calendar()
    )]
    SessionTimeOver {
        /// The session.
        session: SessionNow,
        /// When its planned time was over.
        since: Moment,
    },
    /// A session is over only after it has begun: from its time on, or from "I'm here" on.
    #[error(
        "it can't be over before it has begun; if you are there already, say that first: {session}"
    )]
    SessionNotBegun {
        /// The session.
        session: SessionNow,
    },
    /// Only what stands can be taken back.
    #[error("you have not said {}, so there is nothing to take back: {session}", .mark.in_words())]
    NothingToTakeBack {
        /// What was to be taken back.
        mark: DayMark,
        /// The session.
        session: SessionNow,
    },
    /// A ride home is agreed with somebody.
    #[error("nobody is named yet who takes you home: say who it is first")]
    NobodyTakesHome,
    /// In the quiet hours of a session nothing is shared that can wait for the next day.
    #[error(
        "these are the quiet hours of a session, until {}; what you write stays yours alone until they are over, and \
         can be shared then",
        .until.on_the_calendar()
    )]
    QuietHours {
        /// When they are over.
        until: Moment,
    },
    /// What was written in quiet hours was looked at already.
    #[error("this was kept already, for you alone; it can be shared like any other")]
    KeptAlready,
    /// The clinic reads it, and in the quiet hours of a session it gets nothing new that can wait.
    #[error(
        "these are the quiet hours of a session, and your clinic reads this at once; write it as an entry, which \
         stays yours alone, and come back to this when they are over"
    )]
    SharedInQuietHours {
        /// When they are over.
        until: Moment,
    },
    /// A step with a flag that does not follow from the one before.
    #[error(transparent)]
    Flag(#[from] FlagError),
    /// A questionnaire is not offered now.
    #[error(transparent)]
    MeasureOff(crate::patient::NotOffered),
    /// This phone waits to be let in.
    #[error("this phone is not let in yet: the other side has to compare the words first")]
    NotLetIn,
    /// The clinic has not given this phone the grant for what it keeps to itself.
    #[error(
        "the clinic has not made room for what is private yet; it comes with a sync after the clinic's next \
         one"
    )]
    NoPlaceYet,
    /// A device that the patient removed still is in the private space.
    #[error(
        "a device that you removed still gets what you keep private, so that waits on this phone; remove the \
         device again, with the recovery words if it was there first"
    )]
    HalfRemoved,
    /// The server's history of who is in is not this device's.
    #[error(
        "the server has another history of who the members are; whoever runs it has to put that right"
    )]
    Forked,
    /// The recovery words are no member of two spaces on that server.
    #[error(
        "these words open no record on this server: newer words replaced them, or they belong to another \
         server"
    )]
    WordsOpenNothing,
    /// The recovery words open only one of the two parts of the record.
    #[error(
        "these words open only a part of the record on this server: it was restored or is not complete yet; \
         try again later, and tell your clinic"
    )]
    WordsOpenHalf,
    /// This phone holds an import, or what it had with other devices, and nothing says that the record that it was to
    /// come into is the same person's.
    #[error(
        "this phone holds a record already, and nothing says that it is the same as the one that this would open; two \
         records are not mixed, and nothing was changed. If both are yours: export the record from this phone, open \
         the other one on a phone or an app that is still empty, and import the export there"
    )]
    AnotherRecordHere,
    /// No phone waits for its words to be compared.
    #[error("no phone waits to be confirmed")]
    NobodyToConfirm,
    /// The words that were answered are not those of whoever waits now.
    #[error("somebody else came meanwhile: compare the new words")]
    SomebodyElseCame,
    /// The clinic did not say that it moved, or this phone followed it already.
    #[error("the clinic has not moved to another server")]
    NotMoved,
    /// The phone followed its clinic to a server that does not hold their record yet.
    #[error(
        "the server does not know this device as a member: the clinic has not brought the record there yet, and \
         it comes with a later sync. If it stays so, ask the clinic"
    )]
    NotThereYet,
    /// An entry of the register can't be merged into itself, nor into or from one that takes part in a
    /// merge already.
    #[error("this entry can't be merged: it is the same one, or is part of a merge already")]
    MergedAlready,
    /// No programme was begun with the patient.
    #[error("this patient has no programme yet: begin one, with the therapist who leads it")]
    NoProgramme,
    /// A programme is going on.
    #[error("this patient has a programme already; end it before another one begins")]
    ProgrammeIsOn,
    /// The closing summary is written once the programme has ended.
    #[error("this programme has not ended: its closing summary is written when it ends")]
    NotEnded,
    /// The programme has ended: nothing of it is still to come, and nothing is decided in it.
    #[error("the programme has ended: begin another one, or go on with this one, first")]
    ProgrammeEnded,
    /// The entry of the register was archived, or merged into another one: nobody looks at what is planned in it.
    #[error(
        "this entry of the register is put away: bring it back first, or write in the one that it was merged into"
    )]
    PutAway,
    /// A session that has begun does not become one that is still to come.
    #[error(
        "this session has begun, and it counts as held: if it did not take place, say so with the reason, and \
         move it then; if its time was mistyped, correct it"
    )]
    SessionBegan,
    /// A session that is still to come is not moved to a time that is past.
    #[error(
        "that time is past, and the session would count as held: choose a time that is still to come; if it was held \
         then, correct its time with the reason"
    )]
    MovedIntoThePast,
    /// A visit is not moved to a time that is past.
    #[error(
        "that time is past: choose one that is still to come; a visit that was held then is written down as a new one, \
         and this one called off"
    )]
    VisitMovedIntoThePast,
    /// Another version of structure and costs than the one that somebody had before them.
    #[error("structure and costs changed meanwhile: look at them as they are now first")]
    CostsChanged,
    /// Structure and costs without a line.
    #[error("structure and costs have no line yet: write down what there is first")]
    NoCostLines,
    /// Another version of a list of medicines than the one that somebody had before them.
    #[error("the list of medicines changed meanwhile: look at it as it is now first")]
    MedicinesChanged,
    /// The patient ended their account: what is here can be read, and nothing is written any more.
    #[error(
        "this account was ended: what is here can still be read, and nothing new is written or sent"
    )]
    AccountEnded {
        /// When, by the clock of the phone that ended it.
        at: Moment,
    },
    /// The server says that a patient's shared record was ended and that it forgot it; the clinic's node never read
    /// of the end.
    #[error(
        "the server says that this patient's shared record was ended, and no longer has it: what was read here can \
         still be read, and nothing new is written or sent"
    )]
    RecordForgotten,
    /// The clinic's node is no member of a patient's shared record any more.
    #[error(
        "the clinic's system was removed from this patient's shared record: what was read here can still be read, \
         and nothing new is written or sent"
    )]
    OutOfRecord,
    /// The end of the account has gone out without taking back what is shared.
    #[error(
        "what you shared can't be taken back any more: the end of your account has reached the server"
    )]
    SharedStays,
    /// This phone is ending its account.
    #[error(
        "this account is being ended on this phone, so nothing new is written; sync to go on with it"
    )]
    AccountEnding,
    /// An account is not ended on the day of a session, nor in its quiet hours.
    #[error(
        "this is the day of a session, or the quiet hours after one: an account is not ended then. Wait until they \
         are over"
    )]
    NotOnASessionsDay {
        /// When they are over.
        until: Moment,
    },
    /// An account is ended on the patient's first phone.
    #[error(
        "an account is ended on your first phone: end it there. If that one is lost, remove it with your recovery \
         words on this one first"
    )]
    NotTheFirstPhone,
    /// The folder holds a clinic already.
    #[error("this folder holds a clinic already")]
    ClinicExists,
}
