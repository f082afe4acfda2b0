//! What a clinician does with what patients shared, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use companion_core::clinic::Shared;
use companion_core::domain::{CheckIn, Content, DocumentId, Entry, Revision, Visibility};
use companion_core::records::{DeliveryState, Query, View};

use crate::life::Life;

/// What was done, noted as it was done.
#[derive(Default)]
pub(crate) struct Done {
    /// The versions that were opened.
    pub(crate) opened: BTreeSet<(DocumentId, Revision)>,
    /// The version of each thing that was marked as reviewed last.
    pub(crate) reviewed: BTreeMap<DocumentId, Revision>,
    /// The version of each thing that was talked about last.
    pub(crate) talked: BTreeMap<DocumentId, Revision>,
    /// When each phone said that a version was delivered.
    pub(crate) delivered: BTreeMap<(usize, DocumentId, Revision), i64>,
}

/// What a clinic must say of something.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) struct Expected {
    pub(crate) is_new: bool,
    pub(crate) is_reviewed: bool,
    pub(crate) changed_since_review: bool,
    pub(crate) to_talk_about: bool,
}

impl Done {
    /// What follows for one version of something: from what was done about that version, and no other.
    pub(crate) fn expected<T: Content>(&self, view: &View<T>) -> Expected {
        let of_this = |marks: &BTreeMap<DocumentId, Revision>| {
            marks
                .get(&view.id)
                .map(|revision| *revision == view.revision)
        };
        let reviewed = of_this(&self.reviewed);
        let is_opened = self.opened.contains(&(view.id, view.revision.clone()));
        let wants_to_talk = view.content.visibility() == Some(Visibility::TalkInSession);
        Expected {
            is_new: reviewed != Some(true) && !is_opened,
            is_reviewed: reviewed == Some(true),
            changed_since_review: reviewed == Some(false),
            to_talk_about: wants_to_talk && of_this(&self.talked) != Some(true),
        }
    }
}

/// What the clinic says of something.
pub(crate) fn said<T>(shared: &Shared<T>) -> Expected {
    Expected {
        is_new: shared.is_new,
        is_reviewed: shared.review.is_some(),
        changed_since_review: shared.changed_since_review.is_some(),
        to_talk_about: shared.is_to_talk_about,
    }
}

impl Life {
    /// Looks at a few entries and check-ins of somebody's.
    pub(crate) fn clinician(&self) {
        for _ in 0..4 {
            if self.chance.percent(60) {
                self.look_at::<Entry>();
            } else {
                self.look_at::<CheckIn>();
            }
        }
    }

    fn look_at<T: Content>(&self) {
        let clinic = self.clinic.lock().unwrap();
        let rows = clinic.caseload().unwrap();
        let patient = rows[self.chance.below(rows.len())].patient;
        let all = clinic.page(patient, &Query::<T>::all()).unwrap().items;
        let Some(view) = all.get(self.chance.below(all.len())) else {
            return;
        };
        let (id, revision) = (view.id, view.revision.clone());
        let mut done = self.done.lock().unwrap();
        match self.chance.below(4) {
            0 => drop(clinic.reply(patient, id, "Read.", "Dr Moss").unwrap()),
            1 => {
                clinic.open_shared::<T>(patient, id, "Dr Moss").unwrap();
                done.opened.insert((id, revision));
            }
            2 => {
                clinic
                    .mark_reviewed(patient, id, &revision, "Dr Moss")
                    .unwrap();
                done.reviewed.insert(id, revision);
            }
            _ => {
                clinic
                    .mark_talked_about(patient, id, &revision, "Dr Moss")
                    .unwrap();
                done.talked.insert(id, revision);
            }
        }
        self.tell(format!("the clinician looks at {id}"));
    }

    /// Says what a phone says of when something was delivered, and that it says so for good.
    pub(crate) fn delivered_once<T: Content>(&self, which: usize, view: &View<T>) {
        let DeliveryState::Delivered { at, .. } = &view.delivery else {
            return;
        };
        let version = (which, view.id, view.revision.clone());
        let mut done = self.done.lock().unwrap();
        let first = *done.delivered.entry(version).or_insert(at.unix_ms);
        assert_eq!(
            first, at.unix_ms,
            "{which} says another time of {}",
            view.id
        );
    }
}
