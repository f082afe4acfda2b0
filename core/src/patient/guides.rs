//! The guides that lie before a patient, and how far they are with each.

use super::Patient;
use crate::domain::guide::model::Progress;
use crate::domain::guide::{
    Assigned, Clinic, Desk, Facts, Language, Pack, SessionFact, Standing, TaskId, desk,
};
use crate::domain::readiness::Outcome;
use crate::domain::{
    DosingSession, GuideAssignment, GuideProgress, GuideSlot, GuideText, Phase, Programme,
    programme,
};
use crate::error::Result;
use crate::outcome::outcome;
use crate::records::{PageSize, Query};

/// What a patient did with a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuideMark {
    /// They opened it.
    Opened,
    /// They ticked a task.
    Ticked(TaskId),
    /// They took a tick away.
    Unticked(TaskId),
    /// They are done with it.
    Finished,
}

impl Patient {
    /// The guides that are due now, that come next, and that can be looked up, in the words that count for
    /// whoever asks for that language.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// use companion_core::domain::guide::{Language, Pack};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let desk = phone.guides(&Pack::ketamine().unwrap(), &Language::english())?;
    /// assert!(!desk.shelf.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn guides(&self, pack: &Pack, language: &Language) -> Result<Desk> {
        let outcome = outcome(&self.records)?.map(|view| view.content.outcome());
        let programme = self
            .records
            .newest::<Programme>()?
            .or_nothing()
            .map(|view| view.content);
        let sessions = Query::<DosingSession>::all().size(PageSize::LARGEST);
        let sessions: Vec<SessionFact> = self
            .records
            .contents(&sessions)?
            .iter()
            .filter_map(|(id, session)| SessionFact::of(*id, session))
            .collect();
        let (texts, slots) = (
            self.contents_of::<GuideText>()?,
            self.contents_of::<GuideSlot>()?,
        );
        let progress = self.contents_of::<GuideProgress>()?;
        let facts = Facts {
            standing: stands(programme.as_ref().map(Programme::standing), outcome),
            phase: programme
                .as_ref()
                .map_or(Phase::Assessment, Programme::phase),
            today: self.now().local_date().unwrap_or_default(),
            sessions: &sessions,
            progress: &progress,
            language,
        };
        let clinic = Clinic {
            texts: &texts,
            slots: &slots,
        };
        Ok(desk(
            pack,
            clinic,
            &self.contents_of::<GuideAssignment>()?,
            &facts,
        ))
    }

    /// Writes down what the patient did with a guide. Returns whether that is kept: of guides that somebody
    /// may want to look up unseen, nothing is, and of what is opened in the quiet hours of a session neither.
    ///
    /// # Errors
    ///
    /// [`CoreError::NotPaired`](crate::CoreError::NotPaired) when there is no clinic that assigned it.
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::domain::guide::{Language, Pack};
    /// use companion_core::patient::GuideMark;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let desk = phone.guides(&Pack::ketamine().unwrap(), &Language::english())?;
    /// let about = desk.shelf.iter().find(|it| it.shown.guide.id.as_str() == "misuse-and-bladder");
    /// assert!(!phone.mark_guide(about.unwrap(), &GuideMark::Opened)?);
    /// # Ok::<(), CoreError>(())
    /// ```
    pub fn mark_guide(&self, guide: &Assigned, mark: &GuideMark) -> Result<bool> {
        let shown = &guide.shown;
        if shown.guide.progress == Progress::NotKept {
            return Ok(false);
        }
        // Nobody is told what somebody looked up in the night after a session. A tick is a word of theirs.
        if *mark == GuideMark::Opened && self.is_quiet()? {
            return Ok(false);
        }
        let mut theirs = self.every(&Query::<GuideProgress>::all())?;
        theirs
            .retain(|it| it.content.guide == shown.guide.id && it.content.session == guide.session);
        let (now, edition) = (self.now(), shown.edition.to_string());
        if let GuideMark::Unticked(task) = mark {
            // Two phones that began apart made two: a tick is taken away from each.
            for view in theirs
                .iter()
                .filter(|it| it.content.ticked.contains(task.as_str()))
            {
                self.edit::<GuideProgress>(view.id, &view.revision, |it| {
                    it.ticked.remove(task.as_str());
                    it.at = now;
                })?;
            }
            return Ok(true);
        }
        let add = |it: &mut GuideProgress| match mark {
            GuideMark::Opened => it.opened.insert(edition.clone()),
            GuideMark::Ticked(task) => it.ticked.insert(task.as_str().to_owned()),
            GuideMark::Finished => it.finished.insert(edition.clone()),
            GuideMark::Unticked(_) => false,
        };
        match theirs.first() {
            Some(view) => {
                if add(&mut view.content.clone()) {
                    self.edit::<GuideProgress>(view.id, &view.revision, |it| {
                        add(it);
                        it.at = now;
                    })?;
                }
            }
            None => {
                let (id, session) = (shown.guide.id.clone(), guide.session);
                let mut begun = GuideProgress::new(id, session, shown.edition, now);
                add(&mut begun);
                self.create(begun)?;
            }
        }
        Ok(true)
    }
}

fn stands(standing: Option<programme::Standing>, outcome: Option<Outcome>) -> Standing {
    match (standing, outcome) {
        (Some(programme::Standing::Ended), _) => Standing::Ended,
        (_, Some(Outcome::NotAFit)) => Standing::NotAFit,
        (_, Some(Outcome::NotYet)) => Standing::NotYet,
        (_, None) => Standing::Assessing,
        (Some(programme::Standing::Paused), Some(Outcome::Ready)) => Standing::Paused,
        (Some(programme::Standing::Running) | None, Some(Outcome::Ready)) => Standing::Running,
    }
}
