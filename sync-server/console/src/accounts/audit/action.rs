//! What the audit record can say that somebody did.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Somebody set up a clinician at the clinic's computer.
    AddedClinician,
    /// Somebody set a passphrase at the clinic's computer.
    SetPassphrase,
    /// The program was stopped while it did what somebody sent: it may be done, or not.
    WasInterrupted,
    /// A clinician signed in.
    SignedIn,
    /// A wrong passphrase.
    FailedSignIn,
    /// A clinician signed out.
    SignedOut,
    /// Looked at the caseload.
    SawCaseload,
    /// Opened a patient's page.
    SawPatient,
    /// Opened an entry.
    OpenedEntry,
    /// Opened a check-in.
    OpenedCheckIn,
    /// Opened an answer to a measure.
    OpenedMeasure,
    /// Opened answers to questions on use.
    OpenedUseCheck,
    /// Opened a commitment.
    OpenedCommitment,
    /// Opened a line for the next session.
    OpenedNextSessionLine,
    /// Opened an answer about what is new.
    OpenedNews,
    /// Opened a request to be contacted.
    OpenedContactRequest,
    /// Opened a safety plan.
    OpenedSafetyPlan,
    /// Opened a list of medicines.
    OpenedMedicines,
    /// Opened a section of the assessment.
    OpenedAssessment,
    /// Opened a goal.
    OpenedGoal,
    /// Opened a preparation for a session.
    OpenedPreparation,
    /// Opened an intention for a session.
    OpenedIntention,
    /// Opened a recording or a picture.
    OpenedAttachment,
    /// Read a patient's digest.
    SawGlance,
    /// Went through a list of medicines.
    ReviewedMedicines,
    /// Added, changed or removed a line of a safety plan.
    ChangedSafetyPlan,
    /// Replied.
    Replied,
    /// Marked an entry reviewed.
    MarkedReviewed,
    /// Took that mark away.
    UnmarkedReviewed,
    /// Noted that something was talked about.
    MarkedTalkedAbout,
    /// Took that note away.
    UnmarkedTalkedAbout,
    /// Invited a patient.
    Invited,
    /// Looked at an invitation.
    SawInvitation,
    /// Said that the words match.
    ConfirmedWords,
    /// Said that they don't.
    RefusedWords,
    /// Planned a session.
    AddedSession,
    /// Said anew who is there, where a session is, or how long it takes.
    ChangedSession,
    /// Moved a session.
    MovedSession,
    /// Corrected the time of a session.
    CorrectedSession,
    /// Called a session off.
    CalledOffSession,
    /// Put a session back that was called off.
    PutBackSession,
    /// Planned a visit without a dose.
    PlannedVisit,
    /// Moved one.
    MovedVisit,
    /// Called one off.
    CalledOffVisit,
    /// Put one back that was called off.
    PutBackVisit,
    /// Set the phase.
    SetPhase,
    /// Recorded what an assessment came to.
    RecordedOutcome,
    /// Wrote down a finding of the screening.
    NotedFinding,
    /// Added an item of the screening, or took one back.
    ChangedScreening,
    /// Looked at the medicine of a session.
    SawMedicine,
    /// Wrote down route and dose.
    WroteMedicine,
    /// Chose between the wordings of a record of medicine.
    ChoseMedicine,
    /// Added a reading.
    AddedReading,
    /// Took one back.
    TookBackReading,
    /// Showed the patient route and dose.
    ShowedMedicine,
    /// Took back what the patient was shown.
    HidMedicine,
    /// Looked at what stands in two wordings.
    SawWordings,
    /// Chose one of the wordings of something.
    ChoseWording,
    /// Began a programme.
    BeganProgramme,
    /// Planned how many sessions it has.
    PlannedSessions,
    /// Paused it.
    PausedProgramme,
    /// Let it go on.
    WentOnWithProgramme,
    /// Ended it.
    EndedProgramme,
    /// They wrote what stays of a programme that has ended.
    WroteClosingSummary,
    /// Added somebody to the care team, or removed somebody from it.
    ChangedTeam,
    /// Looked at what a patient released.
    SawReleases,
    /// Asked a patient for a release.
    AskedForRelease,
    /// Took such a request back.
    TookBackReleaseRequest,
    /// Looked at what would be handed over.
    SawHandOver,
    /// Handed a summary over to somebody outside.
    HandedOver,
    /// Made an address at which their calendar fetches appointments.
    MadeCalendarFeed,
    /// Took it back.
    RevokedCalendarFeed,
    /// Took a record out of the console as a file.
    TookOut,
    /// Set what holds for releases.
    SetReleaseRules,
    /// Set for how long the server keeps what a patient shared after they ended their account.
    SetRetention,
    /// Changed what phones remind of.
    ChangedReminders,
    /// Changed the prompts for integration.
    ChangedPrompts,
    /// Wrote or took back a guide or a rule.
    ChangedGuides,
    /// Changed the questions on use.
    ChangedQuestions,
    /// Wrote, changed or removed a line of structure and costs.
    ChangedCosts,
    /// Walked through structure and costs with the patient.
    WalkedThroughCosts,
    /// Corrected who a patient is.
    CorrectedPatient,
    /// Put an entry of the register away.
    ArchivedPatient,
    /// Brought one back.
    BroughtBackPatient,
    /// Merged an entry that was made twice.
    MergedPatient,
    /// Removed a phone.
    RemovedDevice,
    /// Dismissed what the node had noticed about its history.
    DismissedWarning,
    /// Raised a flag.
    RaisedFlag,
    /// Acknowledged one.
    AcknowledgedFlag,
    /// Closed one.
    ClosedFlag,
    /// Added what they did to a flag that somebody else closed.
    AddedToFlag,
    /// Opened a closed one again.
    ReopenedFlag,
    /// Set who reads what arrives, and when.
    SetMonitoring,
    /// Wrote the support card.
    WroteSupportCard,
    /// Added a rule for what is flagged.
    AddedFlagRule,
    /// Ended one.
    EndedFlagRule,
    /// Gave somebody a role.
    SetRole,
    /// Set what a role may do.
    SetRights,
    /// Ended somebody's access.
    EndedAccess,
    /// Let somebody sign in again.
    GaveAccessAgain,
    /// Opened the record of a patient that their role does not show, in an emergency.
    OpenedInEmergency,
    /// Ended the emergency in which somebody read a record, before its time was up.
    EndedEmergency,
}

impl Action {
    /// The word in the record. Never change one: old lines are hashed with it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddedClinician => "added clinician",
            Self::SetPassphrase => "set passphrase",
            Self::SignedIn => "signed in",
            Self::FailedSignIn => "failed sign-in",
            Self::SignedOut => "signed out",
            Self::SawCaseload => "saw caseload",
            Self::SawPatient => "saw patient",
            Self::OpenedEntry => "opened entry",
            Self::OpenedCheckIn => "opened check-in",
            Self::OpenedMeasure => "opened answer to a measure",
            Self::OpenedUseCheck => "opened answers on use",
            Self::OpenedCommitment => "opened commitment",
            Self::OpenedNextSessionLine => "opened line for next session",
            Self::OpenedNews => "opened answer about what is new",
            Self::OpenedContactRequest => "opened contact request",
            Self::OpenedSafetyPlan => "opened safety plan",
            Self::OpenedMedicines => "opened medicines",
            Self::OpenedAssessment => "opened assessment section",
            Self::OpenedGoal => "opened goal",
            Self::OpenedPreparation => "opened session preparation",
            Self::OpenedIntention => "opened intention",
            Self::OpenedAttachment => "opened attachment",
            Self::SawGlance => "saw digest",
            Self::ReviewedMedicines => "reviewed medicines",
            Self::ChangedSafetyPlan => "changed safety plan",
            Self::Replied => "replied",
            Self::MarkedReviewed => "marked reviewed",
            Self::UnmarkedReviewed => "unmarked reviewed",
            Self::MarkedTalkedAbout => "marked talked about",
            Self::UnmarkedTalkedAbout => "unmarked talked about",
            Self::Invited => "invited",
            Self::WasInterrupted => "was interrupted while doing",
            Self::SawInvitation => "saw invitation",
            Self::ConfirmedWords => "confirmed words",
            Self::RefusedWords => "refused words",
            Self::AddedSession => "added session",
            Self::ChangedSession => "changed session",
            Self::MovedSession => "moved session",
            Self::CorrectedSession => "corrected session",
            Self::CalledOffSession => "called off session",
            Self::PutBackSession => "put back session",
            Self::PlannedVisit => "planned visit",
            Self::MovedVisit => "moved visit",
            Self::CalledOffVisit => "called off visit",
            Self::PutBackVisit => "put back visit",
            Self::SetPhase => "set phase",
            Self::RecordedOutcome => "recorded outcome",
            Self::NotedFinding => "noted finding",
            Self::ChangedScreening => "changed screening",
            Self::SawMedicine => "saw medicine",
            Self::WroteMedicine => "wrote medicine",
            Self::ChoseMedicine => "chose wording of medicine",
            Self::AddedReading => "added reading",
            Self::TookBackReading => "took back reading",
            Self::ShowedMedicine => "showed medicine",
            Self::HidMedicine => "took back shown medicine",
            Self::SawWordings => "saw what is in two wordings",
            Self::ChoseWording => "chose wording",
            Self::BeganProgramme => "began programme",
            Self::PlannedSessions => "planned sessions",
            Self::PausedProgramme => "paused programme",
            Self::WentOnWithProgramme => "went on with programme",
            Self::EndedProgramme => "ended programme",
            Self::WroteClosingSummary => "wrote closing summary",
            Self::ChangedTeam => "changed care team",
            Self::ChangedReminders => "changed reminders",
            Self::ChangedPrompts => "changed prompts",
            Self::ChangedGuides => "changed guides",
            Self::ChangedQuestions => "changed questions on use",
            Self::ChangedCosts => "changed costs",
            Self::WalkedThroughCosts => "walked through costs",
            Self::CorrectedPatient => "corrected patient",
            Self::ArchivedPatient => "archived patient",
            Self::BroughtBackPatient => "brought back patient",
            Self::MergedPatient => "merged patient",
            Self::RemovedDevice => "removed device",
            Self::DismissedWarning => "dismissed warning",
            Self::RaisedFlag => "raised flag",
            Self::AcknowledgedFlag => "acknowledged flag",
            Self::ClosedFlag => "closed flag",
            Self::AddedToFlag => "added to closed flag",
            Self::ReopenedFlag => "reopened flag",
            Self::SetMonitoring => "set monitoring",
            Self::WroteSupportCard => "wrote support card",
            Self::AddedFlagRule => "added flag rule",
            Self::EndedFlagRule => "ended flag rule",
            Self::SetRole => "set role",
            Self::SetRights => "set rights",
            Self::SawReleases => "saw releases",
            Self::AskedForRelease => "asked for a release",
            Self::TookBackReleaseRequest => "took back a request for a release",
            Self::SawHandOver => "saw what would be handed over",
            Self::HandedOver => "handed over a summary",
            Self::MadeCalendarFeed => "made calendar feed",
            Self::RevokedCalendarFeed => "revoked calendar feed",
            Self::TookOut => "took out",
            Self::SetReleaseRules => "set rules for releases",
            Self::SetRetention => "set retention",
            Self::EndedAccess => "ended access",
            Self::GaveAccessAgain => "gave access again",
            Self::OpenedInEmergency => "opened in an emergency",
            Self::EndedEmergency => "ended an emergency",
        }
    }
}
