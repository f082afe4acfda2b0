//! A list that is only added to: what was said, by whom and when, of something that changes.
//!
//! Several things of one programme (its phase, whether it is paused, how many sessions are planned) are
//! the last word of such a list instead of a field. The reason, the name and the moment of a change then
//! can't be mixed with those of another one that was made apart, and no change is lost in a merge.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::text::Named;
use super::{Invalid, ItemId, Ordered, limits};

/// Steps in the order in which they were taken. Two that were taken apart both stand, in an order that
/// is the same everywhere; the order is that of the list and not of clocks, so that a clock that was put
/// right does not undo what came before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[serde(bound = "T: Serialize + DeserializeOwned + Clone + PartialEq + Debug")]
pub struct Trail<T>(Ordered<T>);

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Debug> Default for Trail<T> {
    fn default() -> Self {
        Self(Ordered::default())
    }
}

impl<T: Serialize + DeserializeOwned + Clone + PartialEq + Debug> Trail<T> {
    /// All steps, the first one first; also one that another program marked as removed.
    pub fn iter(&self) -> impl Iterator<Item = (ItemId, &T)> {
        self.0.iter_all().into_iter()
    }

    /// The last step: what stands now.
    pub fn last(&self) -> Option<&T> {
        self.iter().last().map(|(_, step)| step)
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a step. The id must be new, as [`ItemId::random`] gives it.
    pub fn add(&mut self, id: ItemId, step: T) {
        self.0.push(id, step);
    }

    /// Adds the steps of another trail that this one does not have: what one person began in two places is read as
    /// one.
    pub(super) fn join(&mut self, other: &Self) {
        self.0.join(&other.0);
    }

    /// The same with each step tidied, if a person may save it so.
    ///
    /// # Errors
    ///
    /// What `check` says of a step, and too many of them.
    pub(super) fn checked(
        self,
        name: Named,
        check: impl Fn(T) -> Result<T, Invalid>,
    ) -> Result<Self, Invalid> {
        self.0.each_checked(name, limits::STEPS, check).map(Self)
    }
}
