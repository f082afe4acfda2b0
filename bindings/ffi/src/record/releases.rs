//! What a person allows the clinic to tell somebody outside.

use companion_core::domain::release::{ReleaseStanding as CoreStanding, ReleaseTerms};
use companion_core::domain::{
    DocumentId, Moment, RecordSections, ReleaseDeclined, ReleaseRequest, Revision,
};
use companion_core::patient::{
    Accepted, ReleaseView as CoreRelease, RequestAnswer, RequestView, Told,
};

use super::PhoneRecord;
use crate::cross::{Back, Cross, view};
use crate::error::Result;
use crate::kinds::{AfterProgramme, RecordPart, ReleaseTermsView, ToldDocumentView};
use crate::values::{Delivery, LocalMoment, TwoWordingsView};

/// How a release stands now.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum ReleaseStanding {
    /// Something may be told.
    Live,
    /// Nothing may be told yet.
    NotBegun {
        /// From when on it may be.
        from: LocalMoment,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        until: LocalMoment,
    },
    /// The person took it back.
    TakenBack {
        /// When first.
        at: LocalMoment,
    },
    /// The programme ended, and it with it.
    EndedWithProgramme,
    /// The person ended their account, and with it all that they allowed.
    EndedWithAccount,
    /// It ends with a programme that can't be read here, so nobody knows whether that goes on.
    ProgrammeUnknown,
    /// What it says stands in two wordings, and nobody has chosen.
    InTwoWordings,
    /// It was narrowed in several places that did not know of each other, and together they left nothing of it.
    NothingLeft,
}

impl Cross<CoreStanding> for ReleaseStanding {
    fn out(core: CoreStanding) -> Self {
        match core {
            CoreStanding::Live => ReleaseStanding::Live,
            CoreStanding::NotBegun { from } => ReleaseStanding::NotBegun {
                from: Cross::out(from),
            },
            CoreStanding::Expired { until } => ReleaseStanding::Expired {
                until: Cross::out(until),
            },
            CoreStanding::TakenBack { at } => ReleaseStanding::TakenBack { at: Cross::out(at) },
            CoreStanding::EndedWithProgramme => ReleaseStanding::EndedWithProgramme,
            CoreStanding::EndedWithAccount => ReleaseStanding::EndedWithAccount,
            CoreStanding::ProgrammeUnknown => ReleaseStanding::ProgrammeUnknown,
            CoreStanding::InTwoWordings => ReleaseStanding::InTwoWordings,
            CoreStanding::NothingLeft => ReleaseStanding::NothingLeft,
        }
    }
}

/// A release as it stands now.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReleaseNowView {
    /// Its name.
    pub id: DocumentId,
    /// The version that this is.
    pub revision: Revision,
    /// Whom something may be told, what, and what for, as it began.
    pub terms: ReleaseTermsView,
    /// How it stands.
    pub standing: ReleaseStanding,
    /// The parts that it opens, after all that narrowed it.
    pub sections: Vec<RecordPart>,
    /// Its end, after all that narrowed it.
    pub until: LocalMoment,
    /// When it was given.
    pub given: LocalMoment,
    /// The request of the clinic's that it answers, if it was asked for.
    pub request: Option<DocumentId>,
    /// What was written in two places apart, until somebody chooses.
    pub two_wordings: Vec<TwoWordingsView>,
    /// How far it got.
    pub delivery: Delivery,
}

impl Cross<CoreRelease> for ReleaseNowView {
    fn out(core: CoreRelease) -> Self {
        let CoreRelease {
            id,
            revision,
            release,
            standing,
            sections,
            until,
            apart,
            delivery,
        } = core;
        Self {
            id,
            revision,
            standing: Cross::out(standing),
            sections: Cross::out(sections),
            until: Cross::out(until),
            given: Cross::out(release.at),
            request: release.request,
            terms: Cross::out(release.terms),
            two_wordings: Cross::out(apart),
            delivery: Cross::out(delivery),
        }
    }
}

view! {
    /// What was told somebody outside.
    ToldView of Told {
        /// The release that allowed it.
        release: DocumentId,
        /// Whom it was told.
        provider: String,
        /// The parts of the record that the release opened then.
        sections: Vec<RecordPart>,
        /// Each document that was told.
        documents: Vec<ToldDocumentView>,
        /// Who of the clinic told it.
        by: String,
        /// When.
        at: LocalMoment,
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum RequestOutcome {
    /// Nobody answered it.
    Open,
    /// A release was given.
    Given {
        /// Which.
        release: DocumentId,
    },
    /// It was declined.
    Declined {
        /// Why, for the clinic; may be empty.
        reason: String,
        /// When.
        at: LocalMoment,
    },
    /// The clinic took it back.
    TakenBack {
        /// When.
        at: LocalMoment,
    },
}

impl Cross<RequestAnswer> for RequestOutcome {
    fn out(core: RequestAnswer) -> Self {
        match core {
            RequestAnswer::Open => RequestOutcome::Open,
            RequestAnswer::Given(release) => RequestOutcome::Given { release },
            RequestAnswer::Declined(ReleaseDeclined {
                about: _,
                reason,
                at,
            }) => RequestOutcome::Declined {
                reason,
                at: Cross::out(at),
            },
            RequestAnswer::TakenBack(at) => RequestOutcome::TakenBack { at: Cross::out(at) },
        }
    }
}

/// What the clinic asks the person to allow.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RequestNowView {
    /// Its name.
    pub id: DocumentId,
    /// The version that this is.
    pub revision: Revision,
    /// Whom, what, and what for.
    pub terms: ReleaseTermsView,
    /// Who asks.
    pub by: String,
    /// When it was asked.
    pub at: LocalMoment,
    /// What became of it.
    pub outcome: RequestOutcome,
}

impl Cross<RequestView> for RequestNowView {
    fn out(core: RequestView) -> Self {
        let RequestView {
            id,
            revision,
            request,
            answer,
        } = core;
        let ReleaseRequest {
            terms,
            by,
            taken_back_at: _,
            at,
        } = request;
        Self {
            id,
            revision,
            terms: Cross::out(terms),
            by,
            at: Cross::out(at),
            outcome: Cross::out(answer),
        }
    }
}

/// Whom something may be told, what, and what for.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ReleaseTermsRequest {
    /// The outside provider's name.
    pub provider: String,
    /// What they are, such as "psychiatrist".
    pub what: String,
    /// How to reach them; may be empty.
    #[uniffi(default = "")]
    pub contact: String,
    /// The parts of the record that may be told.
    pub sections: Vec<RecordPart>,
    /// What for.
    pub purpose: String,
    /// From this moment on nothing is told any more.
    pub until: LocalMoment,
    /// What becomes of it when the programme ends.
    pub at_programme_end: AfterProgramme,
}

impl Back<ReleaseTerms> for ReleaseTermsRequest {
    fn back(self) -> Result<ReleaseTerms> {
        let ReleaseTermsRequest {
            provider,
            what,
            contact,
            sections,
            purpose,
            until,
            at_programme_end,
        } = self;
        Ok(ReleaseTerms {
            provider,
            what,
            contact,
            sections: sections.back()?,
            purpose,
            until: until.back()?,
            at_programme_end: at_programme_end.back()?,
        })
    }
}

/// How a request is accepted: as it was asked, or with less.
#[derive(Debug, Clone, Default, PartialEq, uniffi::Record)]
pub struct AcceptRequest {
    /// Only these parts; nothing for all that were asked for.
    #[uniffi(default = None)]
    pub sections: Option<Vec<RecordPart>>,
    /// An earlier end.
    #[uniffi(default = None)]
    pub until: Option<LocalMoment>,
    /// Whether it ends with the programme in any case.
    #[uniffi(default = false)]
    pub ends_with_programme: bool,
}

impl Back<Accepted> for AcceptRequest {
    fn back(self) -> Result<Accepted> {
        let AcceptRequest {
            sections,
            until,
            ends_with_programme,
        } = self;
        Ok(Accepted {
            sections: sections.back()?,
            until: until.back()?,
            ends_with_programme,
        })
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The releases, the newest first, each as it stands now.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn releases(&self) -> Result<Vec<ReleaseNowView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.releases()?)))
            .await
    }

    /// What was told somebody outside.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn told_outside(&self) -> Result<Vec<ToldView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.told_outside()?)))
            .await
    }

    /// How many days a release may run at most.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn longest_release_days(&self) -> Result<u32> {
        self.inner
            .ask(|patient| Ok(patient.longest_release_days()?))
            .await
    }

    /// Allows the clinic to tell somebody outside.
    ///
    /// # Errors
    ///
    /// `NotPaired`; `Invalid` names the field; `Other` for an end that has passed or lies too far ahead, and for no part.
    pub async fn give_release(&self, terms: ReleaseTermsRequest) -> Result<ReleaseNowView> {
        self.inner
            .ask(move |patient| {
                let terms = terms.back()?;
                Ok(Cross::out(patient.give_release(terms)?))
            })
            .await
    }

    /// Leaves less to be told: without some parts, or with an earlier end. It can't be widened again: give a new one.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Other` where it is over, or nothing would be left: take it back then.
    pub async fn narrow_release(
        &self,
        id: DocumentId,
        without: Vec<RecordPart>,
        until: Option<LocalMoment>,
    ) -> Result<ReleaseNowView> {
        self.inner
            .ask(move |patient| {
                let without: RecordSections = without.back()?;
                let until: Option<Moment> = until.back()?;
                Ok(Cross::out(patient.narrow_release(id, without, until)?))
            })
            .await
    }

    /// Takes a release back, for good. What was told before stays with whoever has it.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Invalid` for words that are too long.
    pub async fn take_back_release(&self, id: DocumentId, words: String) -> Result<ReleaseNowView> {
        self.inner
            .ask(move |patient| Ok(Cross::out(patient.take_back_release(id, &words)?)))
            .await
    }

    /// What the clinic asks the person to allow, and what became of it.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn release_requests(&self) -> Result<Vec<RequestNowView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.release_requests()?)))
            .await
    }

    /// Allows what the clinic asked for, or less of it.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Other` where it was answered or taken back.
    pub async fn accept_release(
        &self,
        request: DocumentId,
        accepted: AcceptRequest,
    ) -> Result<ReleaseNowView> {
        self.inner
            .ask(move |patient| {
                let accepted = accepted.back()?;
                Ok(Cross::out(patient.accept_release(request, accepted)?))
            })
            .await
    }

    /// Declines what the clinic asked for.
    ///
    /// # Errors
    ///
    /// As of `accept_release`.
    pub async fn decline_release(&self, request: DocumentId, reason: String) -> Result<()> {
        self.inner
            .ask(move |patient| Ok(patient.decline_release(request, &reason)?))
            .await
    }
}
