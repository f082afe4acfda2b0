//! About how long a guide takes.

/// Words that somebody reads in a minute: 184, the mean over 17 languages, read aloud by adults
/// (Trauzettel-Klosinski and Dietz 2012, Invest Ophthalmol Vis Sci 53:5452, doi 10.1167/iovs.11-8284).
/// Reading silently is faster; a guide on a hard day is not read fast.
pub const READ_WORDS: usize = 184;

/// Words that a voice reads out in a minute: 150, the slower end of what narrators of audio books aim
/// at (150 to 160: <https://digitalwriting101.net/content/how-to-estimate-script-length-for-audio-voiceover>).
pub const LISTEN_WORDS: usize = 150;

/// Whole minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(pub usize);

/// About how long a guide takes, the clinic's rules in it included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// To read it.
    pub read: Minutes,
    /// To have it read out.
    pub listen: Minutes,
}

impl Estimate {
    /// Of so many words. Parts of a minute count as one, so nothing takes none.
    pub fn of_words(words: usize) -> Self {
        let minutes = |pace: usize| Minutes(words.div_ceil(pace).max(1));
        Self {
            read: minutes(READ_WORDS),
            listen: minutes(LISTEN_WORDS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_minute_count_as_one() {
        let of = |words| {
            let estimate = Estimate::of_words(words);
            (estimate.read.0, estimate.listen.0)
        };
        assert_eq!(of(0), (1, 1));
        assert_eq!(of(150), (1, 1));
        assert_eq!(of(151), (1, 2));
        assert_eq!(of(184), (1, 2));
        assert_eq!(of(185), (2, 2));
        assert_eq!(of(usize::MAX).0, usize::MAX.div_ceil(184));
    }
}
