//! The page of an entry and that of a check-in.

use companion_core::domain::{CheckIn, ReadReceipt, Reply, Visibility};
use companion_core::records::{Apart, DeliveryState};

use super::super::shared::{Beside, SharedContent, SharedPage, Shown};
use super::super::shelf::{Shelf, on_its_shelf};
use super::{ada, check_ins, id, moment, review_by_mira, river, sessions, shared, view};

pub(crate) fn shown() -> Shown {
    let mut shared = on_its_shelf(shared(0xe1, river(), false));
    shared.is_to_talk_about = true;
    shared.view.edited_at = Some(moment("2026-11-22T21:55:00+01:00"));
    let mut reply = view(
        0xa2,
        Reply {
            about: id(0xe1),
            body: "Thank you for bringing this. We will take our time with it.".to_owned(),
            by: "Dr Mira Haddad".to_owned(),
            at: moment("2026-11-23T12:00:00+01:00"),
        },
    );
    reply.delivery = DeliveryState::OnThisDevice;
    Shown {
        beside: Beside::Nothing,
        written: Vec::new(),
        session: Some(sessions().remove(1)),
        replies: vec![reply],
        receipts: vec![ReadReceipt {
            words: String::new(),
            about: id(0xe1),
            revision: shared.view.revision.clone(),
            by: "Dr Mira Haddad".to_owned(),
            at: moment("2026-11-23T11:50:00+01:00"),
        }],
        newer: None,
        older: Some(id(0xe2)),
        shared,
    }
}

/// A check-in that was reviewed, talked about, rewritten on two phones, and whose phone was ahead.
pub(crate) fn shown_check_in() -> Shown {
    let check_in = CheckIn {
        visibility: Visibility::TalkInSession,
        ..check_ins().pop().unwrap()
    };
    let mut shared = on_its_shelf(shared(0x77, check_in, false));
    shared.changed_since_review = Some(review_by_mira(&shared));
    shared.is_to_talk_about = true;
    shared.view.clock_ahead = true;
    shared.view.apart = vec![Apart {
        field: "note".to_owned(),
        wordings: ["Slept through.", "Slept badly."]
            .map(str::to_owned)
            .to_vec(),
    }];
    Shown {
        beside: Beside::Nothing,
        written: Vec::new(),
        shared,
        session: None,
        replies: Vec::new(),
        receipts: Vec::new(),
        newer: None,
        older: Some(id(0x76)),
    }
}

pub(crate) fn check_in(shown: Shown) -> SharedPage {
    SharedPage {
        id: id(0x77),
        shelf: Shelf::CheckIns,
        ..entry(shown)
    }
}

pub(crate) fn entry(shown: Shown) -> SharedPage {
    SharedPage {
        patient: ada(),
        id: id(0xe1),
        shelf: Shelf::Entries,
        content: SharedContent::Shown(Box::new(shown)),
    }
}
