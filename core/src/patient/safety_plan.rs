//! The safety plan. A record has one; where two phones began it apart it has several documents, which are read,
//! changed, shared and taken back as one.

use std::collections::BTreeSet;

use super::Patient;
use crate::domain::safety_plan::{PlanLine, PlanStep};
use crate::domain::{ItemId, SafetyPlan, Visibility};
use crate::error::{CoreError, Missing, Result};
use crate::records::{DeliveryState, Query, View};

impl Patient {
    /// The patient's safety plan: all that their phones wrote of it, also where two began one apart. It is
    /// shared when any part of it is; then its name, its delivery and who sees it are those of what is shared.
    /// [`Patient::safety_plans`] tells which lines only the patient's phones have.
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
    /// assert!(phone.safety_plan()?.is_none());
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn safety_plan(&self) -> Result<Option<View<SafetyPlan>>> {
        Ok(as_one(self.safety_plans()?))
    }

    /// The documents that the safety plan is made of: one, or more where phones began it apart. What is shared
    /// comes first, and then the oldest.
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
    /// phone.change_safety_plan(|_, _| ())?;
    /// assert_eq!(phone.safety_plans()?.len(), 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn safety_plans(&self) -> Result<Vec<View<SafetyPlan>>> {
        let mut all = self.every(&Query::<SafetyPlan>::all())?;
        // The same on every phone, so that all of them add new lines to one document.
        all.sort_by_key(|view| (!view.shared, view.content.at, view.id));
        Ok(all)
    }

    /// Changes the safety plan, or begins one that is private. `change` is given the whole plan, and a new id
    /// for a line. A line is changed in the document that has it, so that none is shown to more people than
    /// before; a new line goes where the plan is shared.
    ///
    /// # Errors
    ///
    /// [`CoreError::Invalid`](crate::CoreError::Invalid) names the step and its limit.
    ///
    /// ```
    /// use companion_core::domain::safety_plan::{PlanLine, PlanStep};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let plan = phone.change_safety_plan(|plan, id| {
    ///     plan.lines_mut(PlanStep::Coping).push(id, PlanLine::new("A walk."));
    /// })?;
    /// assert!(!plan.shared && plan.content.lines(PlanStep::Coping).len() == 1);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn change_safety_plan(
        &self,
        change: impl FnOnce(&mut SafetyPlan, ItemId),
    ) -> Result<View<SafetyPlan>> {
        let id = ItemId::random(&*self.replica.ports.rng);
        let all = self.safety_plans()?;
        let Some(before) = joined(&all) else {
            let mut plan = SafetyPlan::new(self.now());
            change(&mut plan, id);
            return self.create(plan);
        };
        let mut after = before.clone();
        change(&mut after, id);
        for (place, view) in all.iter().enumerate() {
            let mut follows = view.content.clone();
            follows.follow(view.id, (&before, &after), place == 0);
            if follows != view.content {
                self.edit::<SafetyPlan>(view.id, &view.revision, |it| *it = follows)?;
            }
        }
        self.the_plan()
    }

    /// Lets the care team see the whole safety plan, as [`Patient::share`] does with each part of it.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`](crate::Missing::Document) when there is no plan; else as [`Patient::share`].
    ///
    /// ```
    /// use companion_core::CoreError;
    /// use companion_core::domain::Visibility;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.change_safety_plan(|_, _| ())?;
    /// // Nobody is there to share with until the phone is paired.
    /// let shared = phone.share_safety_plan(Visibility::CareTeam);
    /// assert!(matches!(shared, Err(CoreError::NotPaired)));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn share_safety_plan(&self, visibility: Visibility) -> Result<View<SafetyPlan>> {
        for (place, view) in self.safety_plans()?.iter().enumerate() {
            // One without a line would be an empty page at the clinic.
            if place == 0 || view.shared || !view.content.is_empty() {
                self.share::<SafetyPlan>(view.id, visibility)?;
            }
        }
        self.the_plan()
    }

    /// Takes the safety plan back: whatever of it is shared is private again, as [`Patient::withdraw`] says.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`](crate::Missing::Document) when there is no plan; else as [`Patient::withdraw`].
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.change_safety_plan(|_, _| ())?;
    /// assert!(!phone.withdraw_safety_plan()?.shared);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn withdraw_safety_plan(&self) -> Result<View<SafetyPlan>> {
        for view in self.safety_plans()?.iter().filter(|view| view.shared) {
            self.withdraw::<SafetyPlan>(view.id)?;
        }
        self.the_plan()
    }

    /// The lines of [the plan](Patient::safety_plan) that the clinic does not have, although the plan is shared: they
    /// were written or changed on a phone that did not know of that yet.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    pub fn safety_lines_only_here(&self) -> Result<BTreeSet<ItemId>> {
        let all = self.safety_plans()?;
        let (shared, private): (Vec<_>, Vec<_>) = all.iter().partition(|view| view.shared);
        let Some(plan) = joined(&all).filter(|_| !shared.is_empty()) else {
            return Ok(BTreeSet::new());
        };
        let names = |views: &[&View<SafetyPlan>]| -> BTreeSet<ItemId> {
            let lines = views
                .iter()
                .flat_map(|view| view.content.lines_in(view.id, &plan));
            lines.map(|(_, _, name)| name).collect()
        };
        let read_there = names(&shared);
        Ok(&names(&private) - &read_there)
    }

    /// Takes out of a private plan what a shared one says as well: it was changed on a phone that did not know that
    /// the plan was shared, and holds a copy of all that was in it. So a line that is changed in the shared plan later
    /// on does not come back from that copy in its old words. Says whether there was any.
    pub(super) fn let_go_of_copied_lines(&self) -> Result<bool> {
        let all = self.safety_plans()?;
        let shared: Vec<&SafetyPlan> = all
            .iter()
            .filter(|view| view.shared)
            .map(|view| &view.content)
            .collect();
        let mut any = false;
        for view in all.iter().filter(|view| !view.shared) {
            let mut own = view.content.clone();
            for step in PlanStep::ALL {
                let is_copied = |(id, line): &(ItemId, &PlanLine)| {
                    let mut shared = shared.iter();
                    shared.any(|plan| plan.lines(step).get(*id) == Some(*line))
                };
                let copied = view.content.lines(step).iter().filter(is_copied);
                for (id, _) in copied {
                    own.lines_mut(step).remove(id);
                }
            }
            if own != view.content {
                self.edit::<SafetyPlan>(view.id, &view.revision, |it| *it = own)?;
                any = true;
            }
        }
        Ok(any)
    }

    fn the_plan(&self) -> Result<View<SafetyPlan>> {
        self.safety_plan()?.ok_or(NO_PLAN)
    }
}

fn joined(all: &[View<SafetyPlan>]) -> Option<SafetyPlan> {
    SafetyPlan::together(all.iter().map(|view| (view.id, &view.content)))
}

const NO_PLAN: CoreError = CoreError::NotFound(Missing::Document);

/// All documents of the plan as one, which goes by the name of the first.
fn as_one(all: Vec<View<SafetyPlan>>) -> Option<View<SafetyPlan>> {
    let content = joined(&all)?;
    let mut all = all.into_iter();
    let mut one = View {
        content,
        ..all.next()?
    };
    for other in all {
        one.apart.extend(other.apart);
        one.edited_at = one.edited_at.max(other.edited_at);
        one.received_ms = one.received_ms.max(other.received_ms);
        one.writers.extend(other.writers);
        // Never said to be further than the part of it that got least far.
        if other.shared && how_far(&other.delivery) < how_far(&one.delivery) {
            one.delivery = other.delivery;
        }
    }
    one.writers.sort_unstable();
    one.writers.dedup();
    Some(one)
}

const fn how_far(delivery: &DeliveryState) -> u8 {
    match delivery {
        DeliveryState::OnlyYours | DeliveryState::TakenBack { .. } => 0,
        DeliveryState::OnThisDevice | DeliveryState::NeverSent => 1,
        DeliveryState::Sent => 2,
        DeliveryState::Delivered { .. } => 3,
        DeliveryState::Opened { .. } => 4,
    }
}
