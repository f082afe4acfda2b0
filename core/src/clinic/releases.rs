//! What patients released to somebody outside, and handing it over: nothing leaves without its line in the log of
//! what was sent, which is written first.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::id::SpaceId;
use serde::Serialize;

use super::Clinic;
use crate::domain::release::{ReleaseError, ReleaseTerms};
use crate::domain::{
    ClinicReleaseRules, ClinicWide as _, Content as _, Disclosure, DocumentId, ReleaseRequest,
    ReleaseRules, Revision, limits,
};
use crate::error::{CoreError, Result};
use crate::export::{HandOverHead, released, summary};
use crate::records::{Edit, Seen};
use crate::releases::{self, ReleaseView, RequestAnswer, RequestView, Told};

/// A summary for somebody outside: what leaves when it is handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct HandOver {
    /// The release that opens it.
    pub release: ReleaseView,
    /// All of it, as Markdown.
    pub text: String,
    /// What a file of it is called: letters, digits, `-` and `.` alone.
    pub file_name: String,
    /// Each document in it, at its present version.
    pub documents: BTreeMap<DocumentId, Revision>,
    /// Names what would leave, for whoever looked at it before they hand it over.
    pub seen: Seen,
}

impl Clinic {
    /// What a patient released, newest first, with how each stands by this node's clock.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn releases(&self, patient: DocumentId) -> Result<Vec<ReleaseView>> {
        releases::all(&self.records_of(patient)?, self.now())
    }

    /// What a patient was asked to release, newest first, with what became of each.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn release_requests(&self, patient: DocumentId) -> Result<Vec<RequestView>> {
        releases::requests(&self.records_of(patient)?)
    }

    /// What was told to anybody outside of a patient's record, newest first.
    ///
    /// # Errors
    ///
    /// [`Missing::Patient`](crate::Missing::Patient).
    pub fn told_outside(&self, patient: DocumentId) -> Result<Vec<Told>> {
        releases::told(&self.records_of(patient)?)
    }

    /// Asks a patient for a release. Nothing is opened by it: only the patient's own release does that.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`] names the field; [`ReleaseError::OverAlready`] and [`ReleaseError::TooLong`] for an end
    /// that the patient could not give; [`Missing::Patient`](crate::Missing::Patient).
    pub fn ask_for_release(
        &self,
        patient: DocumentId,
        terms: ReleaseTerms,
        by: &str,
    ) -> Result<DocumentId> {
        let now = self.now();
        let days = self
            .release_rules()?
            .map_or(limits::RELEASE_DAYS, |rules| rules.longest_days);
        terms.must_end_within(now, days)?;
        let asked = self.records_of(patient)?.create(ReleaseRequest {
            terms,
            by: by.to_owned(),
            taken_back_at: None,
            at: now,
        })?;
        Ok(asked.id)
    }

    /// Takes a request back that nobody answered. `seen` is the version that the person had before them.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::NotAskedAnyMore`] for one that was answered; [`CoreError::ChangedMeanwhile`];
    /// [`Missing::Patient`](crate::Missing::Patient), [`Missing::Document`](crate::Missing::Document).
    pub fn take_back_release_request(
        &self,
        patient: DocumentId,
        request: DocumentId,
        seen: &Revision,
    ) -> Result<()> {
        let records = self.records_of(patient)?;
        let all = releases::requests(&records)?.into_iter();
        let mut its = all.filter(|one| one.id == request);
        let present = releases::must_be_there(its.next())?;
        match present.answer {
            RequestAnswer::TakenBack(_) => return Ok(()),
            RequestAnswer::Open => {}
            _ => return Err(ReleaseError::NotAskedAnyMore.into()),
        }
        if present.revision != *seen {
            return Err(CoreError::ChangedMeanwhile);
        }
        let at = self.now();
        records
            .edit::<ReleaseRequest>(request, seen, |request| request.taken_back_at = Some(at))?;
        Ok(())
    }

    /// What the clinic said of releases; `None` as long as it said nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    pub fn release_rules(&self) -> Result<Option<ReleaseRules>> {
        let set = self.own.newest::<ClinicReleaseRules>()?.or_nothing();
        Ok(set.map(|view| view.content.copy().clone()))
    }

    /// Says how many days a release may run at most, and whether 42 CFR Part 2 binds this clinic. Patients' phones are
    /// told with the next exchange. `seen` is what the person had before them ([`Clinic::release_rules`]).
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where something else stands; [`CoreError::Invalid`] for a number of days that can't be set, or a name;
    /// [`NotNow::Newer`](crate::NotNow::Newer).
    pub fn set_release_rules(
        &self,
        seen: Seen,
        longest_days: u32,
        part_2: bool,
        by: &str,
    ) -> Result<()> {
        let turn = self.take_register_turn();
        let present = self.own.newest::<ClinicReleaseRules>()?.or_refuse()?;
        seen.must_be(&present.as_ref().map(|view| view.content.copy()))?;
        let set = ClinicReleaseRules::of(ReleaseRules {
            longest_days,
            part_2,
            by: by.to_owned(),
            at: self.now(),
        });
        match present {
            Some(present) => {
                let edit = |it: &mut ClinicReleaseRules| *it = set;
                self.own.edit(present.id, &present.revision, edit)?;
            }
            None => drop(self.own.create(set)?),
        }
        drop(turn);
        // What fails here is said by the next exchange, which tries it again.
        self.raise_what_arrived();
        Ok(())
    }

    /// Shows what would leave by a release if it were handed over now. Nothing leaves yet, and nothing is written.
    ///
    /// # Errors
    ///
    /// [`CoreError::Release`] says why nothing may be told by it; [`NotNow::AccountEnded`](crate::NotNow::AccountEnded),
    /// [`NotNow::RecordForgotten`](crate::NotNow::RecordForgotten) or [`NotNow::OutOfRecord`](crate::NotNow::OutOfRecord)
    /// where the shared record goes on no more; [`Missing::Patient`](crate::Missing::Patient),
    /// [`Missing::Document`](crate::Missing::Document).
    pub fn preview_hand_over(&self, patient: DocumentId, release: DocumentId) -> Result<HandOver> {
        let record = self.record(patient)?;
        let care = record.content.care_space;
        // Its line in the log of what was sent could not be written.
        self.must_go_on(care)?;
        let now = self.now();
        let view = releases::one(&self.records_in(care), release, now)?;
        view.standing.must_be_live()?;
        let taken = self
            .replica
            .taken_of_space(care, &self.clinic_members(care)?)?;
        let open = released(&taken, &view.sections);
        if open.is_empty() {
            return Err(ReleaseError::Nothing.into());
        }
        let documents: BTreeMap<DocumentId, Revision> = open
            .iter()
            .map(|(_, one)| (one.id, one.revision.clone()))
            .collect();
        let part_2 = self.release_rules()?.is_some_and(|rules| rules.part_2);
        let head = HandOverHead {
            clinic: &self.name()?,
            patient: &record.content.name,
            part_2,
            now,
        };
        let text = summary(&head, &view.release, &view.sections, view.until, &open);
        let seen = Seen::of(&Leaving {
            revision: &view.revision,
            documents: &documents,
            patient: &record.content.name,
            part_2,
        });
        let day = now
            .local_date()
            .map_or_else(String::new, |day| format!("{day}-"));
        Ok(HandOver {
            file_name: format!("{day}summary.md"),
            release: view,
            text,
            documents,
            seen,
        })
    }

    /// Hands a summary over: writes its line in the log of what was sent, and only then gives it out. `seen` is what the
    /// person had before them.
    ///
    /// # Errors
    ///
    /// [`CoreError::ChangedMeanwhile`] where something else would leave than they saw, or the release was changed at
    /// the same moment; else as [`Clinic::preview_hand_over`].
    pub fn hand_over(
        &self,
        patient: DocumentId,
        release: DocumentId,
        seen: Seen,
        by: &str,
    ) -> Result<HandOver> {
        let leaving = self.preview_hand_over(patient, release)?;
        if leaving.seen != seen {
            return Err(CoreError::ChangedMeanwhile);
        }
        let care = self.record(patient)?.content.care_space;
        self.write_down(care, &leaving, by)?;
        Ok(leaving)
    }

    /// All lines of one telling in one transaction, and only while the release is what it was.
    fn write_down(&self, care: SpaceId, leaving: &HandOver, by: &str) -> Result<()> {
        let all: Vec<_> = leaving.documents.iter().collect();
        let parts: Vec<_> = all.chunks(limits::DISCLOSED).collect();
        let mut edits = Vec::new();
        for (number, part) in (1..).zip(&parts) {
            let line = Disclosure {
                about: leaving.release.id,
                provider: leaving.release.release.terms.provider.clone(),
                sections: leaving.release.sections.clone(),
                documents: part
                    .iter()
                    .map(|(id, revision)| (**id, (*revision).clone()))
                    .collect(),
                part: number,
                parts: u32::try_from(parts.len()).unwrap_or(u32::MAX),
                by: by.to_owned(),
                at: self.now(),
            };
            let id = DocumentId::random(&*self.replica.ports.rng);
            edits.push(Edit::new(care, id, &line.checked()?)?);
        }
        self.replica.commit_and(&edits, |w| {
            let present = w.item(leaving.release.id)?.map(|row| row.revision);
            if present.as_ref() == Some(&leaving.release.revision) {
                Ok(())
            } else {
                Err(CoreError::ChangedMeanwhile)
            }
        })
    }

    /// The clinic's own members of a care space.
    fn clinic_members(&self, care: SpaceId) -> Result<BTreeSet<companion_protocol::id::MemberId>> {
        let state = self.replica.space(care)?;
        let members = state.chain.members();
        let clinics = members.filter(|member| !crate::members::is_patients(member));
        Ok(clinics.map(|member| member.id).collect())
    }
}

/// What a person looks at before they hand something over.
#[derive(Serialize)]
struct Leaving<'a> {
    revision: &'a Revision,
    documents: &'a BTreeMap<DocumentId, Revision>,
    patient: &'a str,
    part_2: bool,
}
