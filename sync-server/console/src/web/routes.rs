//! The addresses of the console, with what answers each, and what somebody must be allowed to see to be answered.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::MatchedPath;
use axum::http::Method;
use axum::routing::MethodRouter;

use super::app::App;
use crate::accounts::{Area, Rights};
use companion_core::domain::RecordSection;

/// What an address is about: whoever asks for it needs a right to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// One area: to read it for its pages, to change it for what is sent to it.
    One(Area),
    /// Several: whoever is signed in is answered, and each part asks for itself.
    Parts,
    /// The same for a page of a patient's record that shows something of every section that its reader may read.
    Record,
}

impl From<Area> for About {
    fn from(area: Area) -> Self {
        Self::One(area)
    }
}

/// What each address is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Addresses(HashMap<String, About>);

/// Whether a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// It is, on a page about that area.
    Yes(Option<Area>),
    /// It is not, since the person may not read the area.
    NotShown(Area),
    /// It is not, since the person may read the area and not change it.
    NotChanged(Area),
}

impl Addresses {
    /// Whether somebody with these rights is answered. An address that nobody said anything of is one of ours that
    /// leads nowhere, and is answered with that.
    pub(super) fn answered(
        &self,
        matched: Option<&MatchedPath>,
        method: &Method,
        rights: &Rights,
    ) -> Answered {
        let about = matched.and_then(|path| self.0.get(path.as_str()));
        let Some(About::One(area)) = about.copied() else {
            return Answered::Yes(None);
        };
        let reads = *method == Method::GET || *method == Method::HEAD;
        if !rights.may_read(area) {
            Answered::NotShown(area)
        } else if reads || rights.may_change(area) {
            Answered::Yes(Some(area))
        } else {
            Answered::NotChanged(area)
        }
    }
}

impl Addresses {
    /// The sections of a patient's record that an address shows to somebody with these rights: what is written down
    /// as looked at.
    pub(super) fn shown(
        &self,
        matched: Option<&MatchedPath>,
        rights: &Rights,
    ) -> Vec<RecordSection> {
        match matched.and_then(|path| self.0.get(path.as_str())) {
            Some(About::One(Area::Section(section))) => vec![*section],
            Some(About::Record) => rights.sections().collect(),
            Some(About::One(_) | About::Parts) | None => Vec::new(),
        }
    }
}

/// Routes as they are put together.
#[derive(Default)]
pub(super) struct Routes {
    router: Router<Arc<App>>,
    about: Addresses,
}

impl Routes {
    /// One more.
    pub(super) fn route(
        mut self,
        address: &str,
        about: impl Into<About>,
        answer: MethodRouter<Arc<App>>,
    ) -> Self {
        self.about.0.insert(address.to_owned(), about.into());
        self.router = self.router.route(address, answer);
        self
    }

    /// And all of those.
    pub(super) fn merge(mut self, others: Self) -> Self {
        self.about.0.extend(others.about.0);
        self.router = self.router.merge(others.router);
        self
    }

    /// The router of them, and what each is about.
    pub(super) fn done(self) -> (Router<Arc<App>>, Addresses) {
        (self.router, self.about)
    }

    /// Each address, for tests that ask all of them.
    #[cfg(test)]
    pub(super) fn addresses(&self) -> impl Iterator<Item = (&str, About)> {
        self.about
            .0
            .iter()
            .map(|(address, about)| (&**address, *about))
    }
}
