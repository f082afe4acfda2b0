//! What was written in the quiet hours of a session, of every kind that a patient shares as they choose: once they
//! are over, it is to be kept or shared.

use std::collections::{BTreeMap, BTreeSet};

use super::Patient;
use crate::domain::session_day::{self, HeldBack};
use crate::domain::{
    Content, Declared, DocumentId, KeptPrivate, Kind, Moment, REGISTRY, SearchText, SharingWish,
    Visibility, declared,
};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::records::{PageSize, Query, View};

/// Something that a session's quiet hours held back and that is not shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToReview {
    /// Its name.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// When it was written.
    pub at: Moment,
    /// Its title, or else how it begins; empty where it has no words.
    pub words: String,
    /// How it was to be shared when it was held back; `None` where nobody asked for that.
    pub wished: Option<Visibility>,
    /// What there is to do about it.
    pub standing: ReviewStanding,
}

/// What there is to do about something that was held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewStanding {
    /// Nothing yet: it is quiet.
    Quiet {
        /// Until when.
        until: Moment,
    },
    /// It waits to be kept or shared.
    Waits,
    /// Nothing: its writer kept it. It can be shared like anything else.
    Kept,
}

impl Patient {
    /// What was written in the quiet hours of a session and waits to be kept or shared, oldest first: all kinds
    /// that are held back then and shared by choice. What its writer was told would be offered is among it also where
    /// the hours turn out to have been none: the session had been moved or called off, and the phone had not heard
    /// of it. It is shared by [`Patient::share_reviewed`] and kept by [`Patient::keep_private`].
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.to_review()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn to_review(&self) -> Result<Vec<ToReview>> {
        let mut held = self.held_back_here()?;
        held.retain(|one| one.standing == ReviewStanding::Waits);
        Ok(held)
    }

    /// The same with what can't be looked at yet and what was kept already.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.held_back_here()?.is_empty());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn held_back_here(&self) -> Result<Vec<ToReview>> {
        let (days, wished) = (self.days(None)?, self.sharing_wishes()?);
        if days.is_empty() && wished.is_empty() {
            return Ok(Vec::new());
        }
        let kept = self.every(&Query::<KeptPrivate>::all())?;
        let kept: BTreeSet<_> = kept.into_iter().map(|view| view.content.about).collect();
        let (now, mut found) = (self.now(), Vec::new());
        for kind in REGISTRY.iter().filter(|kind| is_reviewed(kind)) {
            for (id, reading, is_shared) in self.records.readings(kind)? {
                let Some(at) = reading.index.at.filter(|_| !is_shared) else {
                    continue;
                };
                let wished = wished.get(&id).copied();
                let Some(held) = session_day::held_back(&days, at, wished, now) else {
                    continue;
                };
                let search = reading.index.search.unwrap_or_default();
                found.push(ToReview {
                    id,
                    kind: kind.kind.clone(),
                    at,
                    words: beginning(&search),
                    wished,
                    standing: match held {
                        _ if kept.contains(&id) => ReviewStanding::Kept,
                        HeldBack::Quiet { until } => ReviewStanding::Quiet { until },
                        HeldBack::ToReview => ReviewStanding::Waits,
                    },
                });
            }
        }
        found.sort_unstable_by_key(|one| (one.at, one.id));
        Ok(found)
    }

    /// One of them, by its name.
    fn one_held_back(&self, id: DocumentId) -> Result<ToReview> {
        let mut held = self.held_back_here()?.into_iter();
        held.find(|one| one.id == id)
            .ok_or(CoreError::NotFound(Missing::Document))
    }

    /// Saves something new that can't be shared now: for the patient alone. In quiet hours it is noted how it was to be
    /// shared, so that it is offered like that once they are over.
    ///
    /// # Errors
    ///
    /// As [`Patient::create`].
    ///
    /// ```
    /// use companion_core::domain::{Entry, Visibility};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let entry = Entry { visibility: Visibility::CareTeam, ..Entry::new(phone.now()) };
    /// let kept = phone.create_for_later(Entry { body: "Rain.".into(), ..entry })?;
    /// assert!(!kept.shared);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn create_for_later<T: Content>(&self, content: T) -> Result<View<T>> {
        self.kept_for_later(content, |content| self.create(content))
    }

    /// Has something made for the patient alone, and notes how it was to be shared.
    pub(super) fn kept_for_later<T: Content>(
        &self,
        mut content: T,
        create: impl FnOnce(T) -> Result<View<T>>,
    ) -> Result<View<T>> {
        let wished = content.visibility().filter(|how| how.is_shared());
        let is_held = match self.must_not_be_held(&content) {
            Err(CoreError::NotNow(NotNow::QuietHours { .. })) => true,
            free => free.map(|()| false)?,
        };
        content.set_visibility(Visibility::OnlyMe);
        let view = create(content)?;
        if let Some(how) = wished.filter(|_| is_held) {
            self.note_wish(view.id, how)?;
        }
        Ok(view)
    }

    /// Notes how something that is held back was to be shared.
    pub(super) fn note_wish(&self, about: DocumentId, how: Visibility) -> Result<()> {
        let at = self.now();
        self.records.create(SharingWish { about, how, at })?;
        Ok(())
    }

    /// Something was shared, and its writer took it back: that answers what they were to be asked. Without this a wish
    /// would be offered again.
    pub(super) fn answer_wish(&self, about: DocumentId) -> Result<()> {
        let wishes = Query::<SharingWish>::about(about).size(PageSize::ONE);
        match self.records.contents(&wishes)?.is_empty() {
            true => Ok(()),
            false => self.note_kept(about),
        }
    }

    fn note_kept(&self, about: DocumentId) -> Result<()> {
        let known = Query::<KeptPrivate>::about(about).size(PageSize::ONE);
        if self.records.contents(&known)?.is_empty() {
            let at = self.now();
            self.records.create(KeptPrivate { about, at })?;
        }
        Ok(())
    }

    /// How each thing was to be shared; what was asked for last counts.
    fn sharing_wishes(&self) -> Result<BTreeMap<DocumentId, Visibility>> {
        let mut all = self.every(&Query::<SharingWish>::all())?;
        all.sort_by_key(|view| (view.content.at, view.id));
        let wishes = all.into_iter().map(|view| view.content);
        Ok(wishes.map(|wish| (wish.about, wish.how)).collect())
    }

    /// Lets the care team see something of the quiet hours, of whatever kind.
    ///
    /// # Errors
    ///
    /// [`NotNow::QuietHours`] for what can't be shared yet; [`NotNow::KeptAlready`]; [`Missing::Document`] for what was
    /// never held back; else as [`Patient::share`].
    ///
    /// ```
    /// use companion_core::domain::{DocumentId, Visibility};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let unknown = phone.share_reviewed(DocumentId::new([1; 16]), Visibility::CareTeam);
    /// assert!(unknown.is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn share_reviewed(&self, id: DocumentId, visibility: Visibility) -> Result<()> {
        let one = self.one_held_back(id)?;
        match one.standing {
            ReviewStanding::Quiet { until } => return Err(NotNow::QuietHours { until }.into()),
            ReviewStanding::Kept => return Err(NotNow::KeptAlready.into()),
            ReviewStanding::Waits => {}
        }
        let kind = declared(&one.kind).ok_or(CoreError::NotFound(Missing::Document))?;
        self.must_be_free_to_share(kind, id, visibility)?;
        self.records.share_of(kind, id, visibility)
    }

    /// Keeps something of the quiet hours private, so that it is asked about no more. It can be shared later
    /// like any other. What is kept already stays so.
    ///
    /// # Errors
    ///
    /// [`NotNow::QuietHours`] for what nothing is asked about yet; [`Missing::Document`] for what was never held back.
    ///
    /// ```
    /// use companion_core::domain::DocumentId;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert!(phone.keep_private(DocumentId::new([1; 16])).is_err());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn keep_private(&self, id: DocumentId) -> Result<()> {
        match self.one_held_back(id)?.standing {
            ReviewStanding::Quiet { until } => Err(NotNow::QuietHours { until }.into()),
            ReviewStanding::Waits | ReviewStanding::Kept => self.note_kept(id),
        }
    }
}

/// The first line of its title, or else of its text.
fn beginning(text: &SearchText) -> String {
    let lines = [&text.title, &text.body].map(|text| text.trim().lines().next());
    let mut lines = lines.into_iter().flatten();
    lines.next().unwrap_or_default().to_owned()
}

/// Whether a kind is held back in the quiet hours and shared by choice once they are over.
pub(super) fn is_reviewed(kind: &Declared) -> bool {
    kind.held_in_quiet && kind.is_shared_by_choice()
}
