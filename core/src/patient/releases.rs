//! What a patient allows the clinic to tell somebody outside: given, narrowed, taken back, and asked for by the clinic.
//! All of it works offline.

use super::Patient;
use crate::domain::programme::Standing;
use crate::domain::release::{AtProgrammeEnd, Narrowing, ReleaseError, ReleaseTerms, TakenBack};
use crate::domain::{
    Content as _, Declared, DocumentId, ItemId, Moment, Programme, Purpose, RecordSections,
    Release, ReleaseDeclined, ReleaseRules, limits,
};
use crate::error::Result;
use crate::records::{Begins, Edit};
use crate::releases::{self, ReleaseView, RequestView, Told};

/// What of a request is accepted: all of it, or less.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accepted {
    /// These sections alone; `None` for all that were asked for.
    pub sections: Option<RecordSections>,
    /// An earlier end.
    pub until: Option<Moment>,
    /// Whether it ends with the programme where the clinic asked for one that goes on.
    pub ends_with_programme: bool,
}

impl Patient {
    /// All releases, newest first, with how each stands.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.releases()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn releases(&self) -> Result<Vec<ReleaseView>> {
        releases::all(&self.records, self.now())
    }

    /// What was told to anybody outside by a release, newest first.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn told_outside(&self) -> Result<Vec<Told>> {
        releases::told(&self.records)
    }

    /// How many days the clinic lets a release run at most.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn longest_release_days(&self) -> Result<u32> {
        let rules = self.records.newest::<ReleaseRules>()?.or_older();
        Ok(rules.map_or(limits::RELEASE_DAYS, |view| view.content.longest_days))
    }

    /// Gives a release, from now on.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the field;
    /// [`CoreError::Release`](crate::CoreError::Release) for one that runs too long, is over already, or is to end
    /// with a programme where none goes on; [`CoreError::NotPaired`](crate::CoreError::NotPaired);
    /// [`NotNow::SharedInQuietHours`](crate::NotNow::SharedInQuietHours).
    pub fn give_release(&self, terms: ReleaseTerms) -> Result<ReleaseView> {
        let now = self.now();
        let release = self.may_be_given(Release::new(terms, now, now))?;
        let given = self.records.create(release)?;
        releases::one(&self.records, given.id, now)
    }

    /// Leaves less to be told by a release: without some sections, or until an earlier end. More is told only by
    /// another release.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::NotNarrower`], [`ReleaseError::EndHasPassed`], or why nothing is told by it as it is; as
    /// [`Patient::get`].
    pub fn narrow_release(
        &self,
        id: DocumentId,
        without: RecordSections,
        until: Option<Moment>,
    ) -> Result<ReleaseView> {
        let (present, now) = (releases::one(&self.records, id, self.now())?, self.now());
        if !present.standing.is_to_come_or_live() {
            present.standing.must_be_live()?;
        }
        if until.is_some_and(|until| until.unix_ms <= now.unix_ms) {
            return Err(ReleaseError::EndHasPassed.into());
        }
        let (item, at) = (self.new_step(), now);
        let step = Narrowing { without, until, at };
        let mut narrowed = present.release;
        narrowed.narrow(item, step.clone())?;
        self.records
            .edit::<Release>(id, &present.revision, |release| {
                release.narrowed.add(item, step);
            })?;
        releases::one(&self.records, id, now)
    }

    /// Takes a release back, at any hour and for good. What was handed over before stays with whoever has it. Taking
    /// it back again changes nothing.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) for words that are too long; as [`Patient::get`].
    pub fn take_back_release(&self, id: DocumentId, words: &str) -> Result<ReleaseView> {
        let present = releases::one(&self.records, id, self.now())?;
        if present.release.taken_back.is_empty() {
            let (words, at) = (words.to_owned(), self.now());
            let item = self.new_step();
            self.records
                .edit::<Release>(id, &present.revision, |release| {
                    release.taken_back.add(item, TakenBack { words, at });
                })?;
        }
        releases::one(&self.records, id, self.now())
    }

    /// What the clinic asks to be allowed, newest first, with what became of each.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn release_requests(&self) -> Result<Vec<RequestView>> {
        releases::requests(&self.records)
    }

    /// Gives the release that the clinic asked for, or less. It begins when it was asked for, and nothing was told by
    /// it before it was given.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::NotAskedAnyMore`], [`ReleaseError::MoreThanAsked`]; else as [`Patient::give_release`].
    pub fn accept_release(&self, request: DocumentId, accepted: Accepted) -> Result<ReleaseView> {
        let asked = releases::open_request(&self.records, request)?.request;
        let mut terms = asked.terms;
        if let Some(sections) = accepted.sections {
            if !sections.are_among(&terms.sections) {
                return Err(ReleaseError::MoreThanAsked.into());
            }
            terms.sections = sections;
        }
        if let Some(until) = accepted.until {
            if until.unix_ms > terms.until.unix_ms {
                return Err(ReleaseError::MoreThanAsked.into());
            }
            terms.until = until;
        }
        if accepted.ends_with_programme {
            terms.at_programme_end = AtProgrammeEnd::Ends;
        }
        let now = self.now();
        // Two phones that accept the same apart say the same.
        let mut release = Release::new(terms, asked.at, now);
        release.request = Some(request);
        let release = self.may_be_given(release)?.checked()?;
        let id = releases::answer_id(request);
        let care = self.records.writable_space(Purpose::Care)?;
        let edit = Edit {
            begins: Begins::Framed,
            ..Edit::new(care, id, &release)?
        };
        self.replica.commit(&[edit])?;
        releases::one(&self.records, id, now)
    }

    /// Declines what the clinic asked for, with or without a reason.
    ///
    /// # Errors
    ///
    /// [`ReleaseError::NotAskedAnyMore`]; [`CoreError::Invalid`](crate::CoreError::Invalid) for a reason that is too
    /// long.
    pub fn decline_release(&self, request: DocumentId, reason: &str) -> Result<()> {
        releases::open_request(&self.records, request)?;
        self.records.create(ReleaseDeclined {
            about: request,
            reason: reason.to_owned(),
            at: self.now(),
        })?;
        Ok(())
    }

    /// The release, with the programme that it ends with, if it may be given now.
    fn may_be_given(&self, mut release: Release) -> Result<Release> {
        self.must_not_be_quiet(Declared::by::<Release>())?;
        let days = self.longest_release_days()?;
        release.terms.must_end_within(self.now(), days)?;
        release.programme = match release.terms.at_programme_end {
            AtProgrammeEnd::GoesOn => None,
            AtProgrammeEnd::Ends => {
                let present = self.records.newest::<Programme>()?.or_nothing();
                let present = present.filter(|view| view.content.standing() != Standing::Ended);
                Some(present.ok_or(ReleaseError::NoProgramme)?.id)
            }
        };
        Ok(release)
    }

    fn new_step(&self) -> ItemId {
        ItemId::random(&*self.replica.ports.rng)
    }
}
