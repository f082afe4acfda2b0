//! A published fact and who published it, kept beside each other.

/// Who published something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Authors, year and place, as one would cite it.
    pub cited: &'static str,
    /// Where it is found.
    pub link: &'static str,
}

/// Something that was published, with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact<T> {
    /// What was published.
    pub is: T,
    /// Who says so.
    pub source: Source,
}

impl<T> Fact<T> {
    pub(super) const fn new(is: T, source: Source) -> Fact<T> {
        Fact { is, source }
    }
}

impl Source {
    pub(in crate::domain) const fn new(cited: &'static str, link: &'static str) -> Source {
        Source { cited, link }
    }
}
