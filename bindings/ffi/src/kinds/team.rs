//! Who may see what: the clinic's people, releases to somebody outside, and who looked.

use companion_core::domain::release::{AtProgrammeEnd, Narrowing, ReleaseTerms, TakenBack};
use companion_core::domain::{
    Disclosure, DocumentId, Moment, People, Person, RecordSection, RecordSections, Release,
    ReleaseDeclined, ReleaseRequest, ReleaseRules, Revision,
};

use super::macros::kind;
use crate::cross::{Back, Cross, choice, item_view, view};
use crate::error::Result;
use crate::values::LocalMoment;

choice! {
    /// A part of a record that a release or a role opens.
    RecordPart of RecordSection {
        /// What the patient wrote, said or drew, what they would like to hold in mind, and what they noted for their
        /// next session.
        Journal,
        /// How the patient said that they were.
        CheckIns,
        /// Answers to questionnaires, and their scores.
        Measures,
        /// The safety plan, and requests for contact.
        Safety,
        /// Medicines and supplements, the screening, and the questions on use.
        Medicines,
        /// What was written for the assessment, and its outcome.
        Assessment,
        /// The programme, its sessions and visits, how they are prepared, and guides.
        Programme,
        /// Of the medicine in a session: route, dose and readings.
        MedicineGiven,
        /// Structure and costs, and who stands by them.
        Costs,
        /// Goals, and what the patient means to do.
        Goals,
    }
}

impl Cross<RecordSections> for Vec<RecordPart> {
    fn out(core: RecordSections) -> Self {
        core.iter().map(Cross::out).collect()
    }
}

impl Back<RecordSections> for Vec<RecordPart> {
    fn back(self) -> Result<RecordSections> {
        self.into_iter().map(Back::back).collect()
    }
}

item_view! {
    /// One of the clinic's people.
    PersonView of Person {
        /// The name that patients see.
        name: String,
        /// What they are at the clinic, in words.
        role: String,
        /// What of a record the clinic's console opens to them.
        sections: Vec<RecordPart>,
    }
}

kind! {
    /// The clinic's people, as the clinic says; the newest counts. `care_team` of the record puts them beside those of
    /// the programme.
    ClinicPeople of People as ClinicPeopleView in ClinicPeoplePage {
        /// All of them.
        people: Vec<PersonView>,
        /// Since when it is so.
        at: LocalMoment,
    }
}

choice! {
    /// What becomes of a release when the programme ends.
    AfterProgramme of AtProgrammeEnd {
        /// It ends with the programme, if not earlier.
        Ends,
        /// It goes on until its own end.
        GoesOn,
    }
}

view! {
    /// Whom something may be told, what, and what for.
    ReleaseTermsView of ReleaseTerms {
        /// The outside provider's name.
        provider: String,
        /// What they are, such as "psychiatrist".
        what: String,
        /// How to reach them; may be empty.
        contact: String,
        /// The parts of the record that may be told.
        sections: Vec<RecordPart>,
        /// What for.
        purpose: String,
        /// From this moment on nothing is told any more.
        until: LocalMoment,
        /// What becomes of it when the programme ends.
        at_programme_end: AfterProgramme,
    }
}

view! {
    /// One step that left less to be told.
    NarrowingView of Narrowing {
        /// Parts that are told no more.
        without: Vec<RecordPart>,
        /// An earlier end.
        until: Option<LocalMoment>,
        /// When the patient said so.
        at: LocalMoment,
    }
}

view! {
    /// That a release was taken back.
    ReleaseTakenBackView of TakenBack {
        /// Why, for the clinic; may be empty.
        words: String,
        /// When.
        at: LocalMoment,
    }
}

kind! {
    /// Releases as they were given, with all that narrowed them. `releases` of the record says how each stands now.
    ReleasesGiven of Release as ReleaseGivenView in ReleaseGivenPage {
        /// What it began with.
        terms: ReleaseTermsView,
        /// From when on something may be told.
        from: LocalMoment,
        /// The programme that it ends with.
        programme: Option<DocumentId>,
        /// The request of the clinic's that it answers, if it was asked for.
        request: Option<DocumentId>,
        /// How it was narrowed since, the first step first. All count.
        narrowed: Vec<NarrowingView>,
        /// That it was taken back. The first step ended it for good.
        taken_back: Vec<ReleaseTakenBackView>,
        /// When it was given.
        at: LocalMoment,
        /// Whether what it began with stands in two wordings: nothing is told by it until the patient chose one.
        in_two_wordings: bool,
    }
    reads {
        /// The parts that it opens, after all that narrowed it.
        sections_now: Vec<RecordPart> = |release| release.sections(),
        /// Its end, after all that narrowed it.
        until_now: LocalMoment = |release| release.until(),
    }
}

kind! {
    /// What the clinic asked the patient to allow. `release_requests` of the record says what became of each.
    ReleaseRequests of ReleaseRequest as ReleaseRequestView in ReleaseRequestPage {
        /// Whom, what, and what for.
        terms: ReleaseTermsView,
        /// Who asks.
        by: String,
        /// When the clinic took it back, if it did.
        taken_back_at: Option<LocalMoment>,
        /// When it was asked.
        at: LocalMoment,
    }
}

kind! {
    /// Requests for a release that the patient declined.
    ReleasesDeclined of ReleaseDeclined as ReleaseDeclinedView in ReleaseDeclinedPage {
        /// The request.
        about: DocumentId,
        /// Why, for the clinic; may be empty.
        reason: String,
        /// When.
        at: LocalMoment,
    }
}

kind! {
    /// The clinic's rules for releases; the newest count.
    ReleaseLimits of ReleaseRules as ReleaseLimitsView in ReleaseLimitsPage {
        /// How many days a release may run at most.
        longest_days: u32,
        /// Whether the clinic says that it is a program under 42 CFR Part 2: what it hands over then carries that
        /// rule's notice.
        part_2: bool,
        /// Who set it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

/// A document that was told somebody outside, at the version that it had.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ToldDocumentView {
    /// The document.
    pub id: DocumentId,
    /// The version.
    pub revision: Revision,
}

impl Cross<(DocumentId, Revision)> for ToldDocumentView {
    fn out((id, revision): (DocumentId, Revision)) -> Self {
        Self { id, revision }
    }
}

kind! {
    /// What was told somebody outside. One telling may come in parts: `told_outside` of the record puts them together.
    Disclosures of Disclosure as DisclosureView in DisclosurePage {
        /// The release that allowed it.
        about: DocumentId,
        /// Whom it was told.
        provider: String,
        /// The parts of the record that the release opened then.
        sections: Vec<RecordPart>,
        /// Each document that was told.
        documents: Vec<ToldDocumentView>,
        /// Which part of one telling this is, from 1.
        part: u32,
        /// How many parts that has.
        parts: u32,
        /// Who of the clinic told it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

/// When somebody looked at a part of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct LookView {
    /// The part.
    pub part: RecordPart,
    /// When.
    pub at: LocalMoment,
}

impl Cross<(RecordSection, Moment)> for LookView {
    fn out((part, at): (RecordSection, Moment)) -> Self {
        Self {
            part: Cross::out(part),
            at: Cross::out(at),
        }
    }
}
