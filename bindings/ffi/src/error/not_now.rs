//! Why a verb is not possible in the present state, for a shell to branch on.

use companion_core::NotNow;
use companion_core::patient::NotOffered;

use crate::cross::Cross as _;
use crate::values::LocalMoment;

/// Why something is not possible in the present state. The sentence for a person stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum NotNowReason {
    /// It was shared: the shared copy is the one to edit.
    MovedOn,
    /// It was withdrawn from the clinic.
    Withdrawn {
        /// The time that it says.
        at: LocalMoment,
    },
    /// It was deleted.
    Deleted,
    /// This version can't understand it.
    Newer,
    /// It is shared: withdraw it before deleting it.
    Shared,
    /// Only what its writer may share can be shared.
    NotShareable,
    /// The document has grown to the largest that can be sent.
    TooLarge,
    /// Nothing is answered yet.
    NothingAnswered,
    /// Answers were begun longer ago than their questions ask about, so none can be added.
    PastItsTime {
        /// The time that it says.
        begun: LocalMoment,
    },
    /// There is only one wording, or none such.
    NothingToChoose,
    /// Others keep changing the same thing.
    Contended,
    /// The server and this device do not agree on what this device sent.
    NoTerms,
    /// An invitation was used, withdrawn, or has run out.
    InvitationUsedUp,
    /// An invitation could not be made.
    InvitationFailed,
    /// The link would let the clinic into what is private.
    ClinicInPrivateSpace,
    /// This phone was removed from the record.
    Removed,
    /// This phone was asked to remove itself.
    OwnDevice,
    /// The device that is to go was there before this one.
    NotSenior,
    /// Recovery words are made on the patient's first device.
    NotFirstDevice,
    /// No recovery words wait to be confirmed.
    NoWordsToConfirm,
    /// Another word was given back than the one that is asked for.
    AnotherWord {
        /// Which word is asked for, counted from 1.
        place: u32,
    },
    /// "I'm here" and "it is over" are said of a session on its day.
    NotTheSessionsDay,
    /// A session can't be said to begin once its planned time is over, nor to end long after it.
    SessionTimeOver {
        /// The time that it says.
        since: LocalMoment,
    },
    /// A session is over only after it has begun: from its time on, or from "I'm here" on.
    SessionNotBegun,
    /// Only what stands can be taken back.
    NothingToTakeBack,
    /// A ride home is agreed with somebody.
    NobodyTakesHome,
    /// In the quiet hours of a session nothing is shared that can wait for the next day.
    QuietHours {
        /// The time that it says.
        until: LocalMoment,
    },
    /// What was written in quiet hours was looked at already.
    KeptAlready,
    /// The clinic reads it, and in the quiet hours of a session it gets nothing new that can wait.
    SharedInQuietHours {
        /// The time that it says.
        until: LocalMoment,
    },
    /// This phone waits to be let in.
    NotLetIn,
    /// The clinic has not given this phone the grant for what it keeps to itself.
    NoPlaceYet,
    /// A device that the patient removed still is in the private space.
    HalfRemoved,
    /// The server's history of who is in is not this device's.
    Forked,
    /// The recovery words are no member of two spaces on that server.
    WordsOpenNothing,
    /// The recovery words open only one of the two parts of the record.
    WordsOpenHalf,
    /// This phone holds another record than the one that it was to come into, as far as anything says.
    AnotherRecordHere,
    /// No phone waits for its words to be compared.
    NobodyToConfirm,
    /// The words that were answered are not those of whoever waits now.
    SomebodyElseCame,
    /// The clinic did not say that it moved, or this phone followed it already.
    NotMoved,
    /// The phone followed its clinic to a server that does not hold their record yet.
    NotThereYet,
    /// Another version of structure and costs than the one that somebody had before them.
    CostsChanged,
    /// Another version of a list of medicines than the one that somebody had before them.
    MedicinesChanged,
    /// The patient ended their account: what is here can be read, and nothing is written any more.
    AccountEnded {
        /// The time that it says.
        at: LocalMoment,
    },
    /// The end of the account has gone out without taking back what is shared.
    SharedStays,
    /// This phone is ending its account.
    AccountEnding,
    /// An account is not ended on the day of a session, nor in its quiet hours.
    NotOnASessionsDay {
        /// The time that it says.
        until: LocalMoment,
    },
    /// An account is ended on the patient's first phone.
    NotTheFirstPhone,
    /// A questionnaire is not offered here.
    MeasureUnknown,
    /// A questionnaire asks about thoughts of death, and the clinic has not said who reads the answers and when.
    MeasureNeedsMonitoring,
    /// A questionnaire asks about thoughts of death, and this phone is no member of the record with the clinic.
    MeasureNeedsClinic,
    /// Who reads the answers was written by a newer version of the app.
    MeasureNeedsUpdate,
    /// Questionnaires rest on the day of a session.
    MeasureRestsToday,
    /// Something that only a clinic meets.
    Other,
}

impl From<&NotNow> for NotNowReason {
    fn from(why: &NotNow) -> Self {
        match why {
            NotNow::MovedOn => NotNowReason::MovedOn,
            NotNow::Withdrawn { at } => NotNowReason::Withdrawn {
                at: LocalMoment::out(*at),
            },
            NotNow::Deleted => NotNowReason::Deleted,
            NotNow::Newer => NotNowReason::Newer,
            NotNow::Shared => NotNowReason::Shared,
            NotNow::NotShareable => NotNowReason::NotShareable,
            NotNow::TooLarge => NotNowReason::TooLarge,
            NotNow::NothingAnswered => NotNowReason::NothingAnswered,
            NotNow::PastItsTime { begun } => NotNowReason::PastItsTime {
                begun: LocalMoment::out(*begun),
            },
            NotNow::NothingToChoose => NotNowReason::NothingToChoose,
            NotNow::Contended => NotNowReason::Contended,
            NotNow::NoTerms => NotNowReason::NoTerms,
            NotNow::InvitationUsedUp => NotNowReason::InvitationUsedUp,
            NotNow::InvitationFailed => NotNowReason::InvitationFailed,
            NotNow::ClinicInPrivateSpace => NotNowReason::ClinicInPrivateSpace,
            NotNow::Removed => NotNowReason::Removed,
            NotNow::OwnDevice => NotNowReason::OwnDevice,
            NotNow::NotSenior => NotNowReason::NotSenior,
            NotNow::NotFirstDevice => NotNowReason::NotFirstDevice,
            NotNow::NoWordsToConfirm => NotNowReason::NoWordsToConfirm,
            NotNow::AnotherWord { place } => NotNowReason::AnotherWord {
                place: u32::try_from(*place).unwrap_or(u32::MAX),
            },
            NotNow::NotTheSessionsDay { .. } => NotNowReason::NotTheSessionsDay,
            NotNow::SessionTimeOver { since, .. } => NotNowReason::SessionTimeOver {
                since: LocalMoment::out(*since),
            },
            NotNow::SessionNotBegun { .. } => NotNowReason::SessionNotBegun,
            NotNow::NothingToTakeBack { .. } => NotNowReason::NothingToTakeBack,
            NotNow::NobodyTakesHome => NotNowReason::NobodyTakesHome,
            NotNow::QuietHours { until } => NotNowReason::QuietHours {
                until: LocalMoment::out(*until),
            },
            NotNow::KeptAlready => NotNowReason::KeptAlready,
            NotNow::SharedInQuietHours { until } => NotNowReason::SharedInQuietHours {
                until: LocalMoment::out(*until),
            },
            NotNow::NotLetIn => NotNowReason::NotLetIn,
            NotNow::NoPlaceYet => NotNowReason::NoPlaceYet,
            NotNow::HalfRemoved => NotNowReason::HalfRemoved,
            NotNow::Forked => NotNowReason::Forked,
            NotNow::WordsOpenNothing => NotNowReason::WordsOpenNothing,
            NotNow::WordsOpenHalf => NotNowReason::WordsOpenHalf,
            NotNow::AnotherRecordHere => NotNowReason::AnotherRecordHere,
            NotNow::NobodyToConfirm => NotNowReason::NobodyToConfirm,
            NotNow::SomebodyElseCame => NotNowReason::SomebodyElseCame,
            NotNow::NotMoved => NotNowReason::NotMoved,
            NotNow::NotThereYet => NotNowReason::NotThereYet,
            NotNow::CostsChanged => NotNowReason::CostsChanged,
            NotNow::MedicinesChanged => NotNowReason::MedicinesChanged,
            NotNow::AccountEnded { at } => NotNowReason::AccountEnded {
                at: LocalMoment::out(*at),
            },
            NotNow::SharedStays => NotNowReason::SharedStays,
            NotNow::AccountEnding => NotNowReason::AccountEnding,
            NotNow::NotOnASessionsDay { until } => NotNowReason::NotOnASessionsDay {
                until: LocalMoment::out(*until),
            },
            NotNow::NotTheFirstPhone => NotNowReason::NotTheFirstPhone,
            NotNow::MeasureOff(NotOffered::Unknown) => NotNowReason::MeasureUnknown,
            NotNow::MeasureOff(NotOffered::Monitoring) => NotNowReason::MeasureNeedsMonitoring,
            NotNow::MeasureOff(NotOffered::NotAMember) => NotNowReason::MeasureNeedsClinic,
            NotNow::MeasureOff(NotOffered::NotReadable) => NotNowReason::MeasureNeedsUpdate,
            NotNow::MeasureOff(NotOffered::SessionDay) => NotNowReason::MeasureRestsToday,
            NotNow::MedicineInTwoWordings
            | NotNow::OwnNode
            | NotNow::WordsAreThePatients
            | NotNow::Flag(_)
            | NotNow::MergedAlready
            | NotNow::NoProgramme
            | NotNow::ProgrammeIsOn
            | NotNow::NotEnded
            | NotNow::ProgrammeEnded
            | NotNow::PutAway
            | NotNow::SessionBegan
            | NotNow::MovedIntoThePast
            | NotNow::VisitMovedIntoThePast
            | NotNow::NoCostLines
            | NotNow::RecordForgotten
            | NotNow::OutOfRecord
            | NotNow::ClinicExists => NotNowReason::Other,
        }
    }
}
