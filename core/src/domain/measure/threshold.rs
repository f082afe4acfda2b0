//! Cuts in a range of points, as they were published: one number, or several that differ.

use super::Fact;

/// Why more than one number is published for one cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// One number.
    None,
    /// Sources differ, or one source gives a range.
    SourcesDiffer,
    /// The lower number is for women and the higher one for men.
    BySex,
}

/// A cut in a range of points, reached from below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The lowest number that was published.
    pub least: u16,
    /// The highest number that was published; the same where there is only one.
    pub most: u16,
    /// Why the two differ.
    pub spread: Spread,
}

/// How something stands to a [`Threshold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Below every published number.
    Below,
    /// At or above the lowest published number and below the highest: the threshold's
    /// [`Spread`] says what they are.
    Between,
    /// At or above every published number.
    Reached,
}

/// What was published of a measure's totals and of changes in them. `None` where nothing was found
/// for this measure: nobody guesses from another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// From which total on a screen counts as positive.
    pub caseness: Option<Fact<Threshold>>,
    /// How many points two totals must differ by to differ by more than the measure's error.
    pub reliable_change: Option<Fact<Threshold>>,
    /// How many points of difference people notice (minimal clinically important difference).
    pub meaningful_change: Option<Fact<Threshold>>,
    /// By how many hundredths of the baseline a total must have fallen to be called a response.
    pub response_percent: Option<Fact<u16>>,
    /// The highest total that is called remission.
    pub remission: Option<Fact<u16>>,
}

impl Threshold {
    pub(super) const fn one(points: u16) -> Threshold {
        Threshold {
            least: points,
            most: points,
            spread: Spread::None,
        }
    }

    pub(super) const fn of_several(least: u16, most: u16, spread: Spread) -> Threshold {
        Threshold {
            least,
            most,
            spread,
        }
    }

    /// How so many points stand to it.
    pub const fn standing(&self, points: u16) -> Standing {
        if points >= self.most {
            Standing::Reached
        } else if points >= self.least {
            Standing::Between
        } else {
            Standing::Below
        }
    }
}

impl Thresholds {
    /// Nothing was published.
    pub(super) const NONE: Thresholds = Thresholds {
        caseness: None,
        reliable_change: None,
        meaningful_change: None,
        response_percent: None,
        remission: None,
    };
}
