//! One of each kind that a patient writes, on a phone of their own that is paired with nobody: written, found, changed,
//! kept for later, deleted. What goes to a clinic is tried with a clinic, in `tests/`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod shared;

use std::sync::Arc;

use companion_ffi::{
    AssessmentTextRequest, AssessmentTopic, CheckInRequest, CommitmentBecame, CommitmentRequest,
    CompanionError, ContactRequestRequest, Delivery, EntryKind, EntryRequest, GoalBecame,
    GoalRequest, HowFar, IntentionRequest, MissingThing, NextSessionLineRequest, OpenRequest,
    PageRequest, PhoneRecord, WhoReads, open_record,
};
use tempfile::TempDir;

use shared::{Vault, wait};

/// A record in a folder that goes with it.
fn phone() -> (TempDir, Arc<PhoneRecord>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.db").to_str().unwrap().to_owned();
    let request = OpenRequest {
        path,
        trusted_root: None,
    };
    let phone = wait(open_record(request, Arc::new(Vault::default()), None, None)).unwrap();
    (folder, phone)
}

fn all() -> PageRequest {
    PageRequest {
        rows: 30,
        ..PageRequest::default()
    }
}

/// Goes through all that can be done with one kind on a phone that is paired with nobody. `request` is given who is to
/// read it and what it says; `said` reads that from a view.
macro_rules! goes_through {
    ($list:expr, |$readers:ident, $words:ident| $request:expr, |$view:ident| $said:expr) => {{
        let list = $list.unwrap();
        let request = |$readers: WhoReads, $words: &str| $request;
        let written = wait(list.create(request(WhoReads::OnlyMe, "The lake was calm."))).unwrap();
        assert_eq!(
            (written.head.is_shared, &written.head.delivery),
            (false, &Delivery::OnlyYours)
        );
        let (id, seen) = (written.head.id, written.head.revision.clone());

        let later = request(WhoReads::OnlyMe, "The lake was still.");
        let edited = wait(list.edit(id, seen.clone(), later)).unwrap();
        assert_ne!(edited.head.revision, seen);
        let $view = wait(list.get(id)).unwrap();
        assert_eq!($said, "The lake was still.");
        assert_eq!(
            wait(list.page(all())).unwrap().items,
            std::slice::from_ref(&$view)
        );
        assert_eq!(wait(list.count(all())).unwrap(), 1);
        assert_eq!(
            wait(list.search("lake stil".to_owned(), 5)).unwrap(),
            [$view]
        );
        assert_eq!(wait(list.search("calm".to_owned(), 5)).unwrap(), []);

        assert_eq!(
            wait(list.share(id, WhoReads::CareTeam)),
            Err(CompanionError::NotPaired)
        );
        assert_eq!(wait(list.readers(id)), Ok(None));
        assert!(!wait(list.withdraw(id)).unwrap().head.is_shared);
        let to_share = request(WhoReads::CareTeam, "For the clinic.");
        assert_eq!(
            wait(list.create(to_share.clone())),
            Err(CompanionError::NotPaired)
        );
        let kept = wait(list.create_for_later(to_share)).unwrap();
        assert_eq!(
            (kept.visibility, kept.head.is_shared),
            (WhoReads::OnlyMe, false)
        );

        let remains = wait(list.what_remains(id)).unwrap();
        assert_eq!(
            (remains.reached, remains.at_the_clinic),
            (HowFar::Nobody, None)
        );
        for one in [id, kept.head.id] {
            wait(list.delete(one)).unwrap();
            match wait(list.get(one)).unwrap_err() {
                CompanionError::NotFound { what, .. } => assert_eq!(what, MissingThing::Document),
                other => panic!("it is gone otherwise: {other:?}"),
            }
        }
        assert_eq!(wait(list.count(all())).unwrap(), 0);
    }};
}

#[test]
fn entries_and_check_ins() {
    let (_folder, phone) = phone();
    let at = phone.now().unwrap();
    goes_through!(
        phone.journal(),
        |visibility, words| EntryRequest {
            title: String::new(),
            body: words.to_owned(),
            kind: EntryKind::Other {
                word: "letter".to_owned()
            },
            mood: Some(5),
            session: None,
            tags: vec!["lake".to_owned()],
            visibility,
            at,
        },
        |entry| entry.body
    );
    goes_through!(
        phone.check_ins(),
        |visibility, words| CheckInRequest {
            valence: 4,
            energy: None,
            anxiety: Some(2),
            sleep: None,
            feelings: vec!["calm2".to_owned()],
            note: words.to_owned(),
            visibility,
            at,
        },
        |check_in| check_in.note
    );
}

#[test]
fn what_is_written_for_the_assessment() {
    let (_folder, phone) = phone();
    let at = phone.now().unwrap();
    goes_through!(
        phone.assessment_texts(),
        |visibility, words| AssessmentTextRequest {
            section: AssessmentTopic::Hopes,
            text: words.to_owned(),
            visibility,
            at,
        },
        |text| text.text
    );
}

#[test]
fn commitments_lines_and_intentions() {
    let (_folder, phone) = phone();
    let at = phone.now().unwrap();
    goes_through!(
        phone.commitments(),
        |visibility, words| CommitmentRequest {
            text: words.to_owned(),
            about: None,
            review_on: None,
            became: Some(CommitmentBecame::Partly),
            became_words: "Twice.".to_owned(),
            visibility,
            at,
        },
        |commitment| commitment.text
    );
    goes_through!(
        phone.next_session_lines(),
        |visibility, words| NextSessionLineRequest {
            text: words.to_owned(),
            visibility,
            at,
        },
        |line| line.text
    );
    // Any document stands for the session here: which one it is for is not looked up.
    let session = companion_core::domain::DocumentId::new([1; 16]);
    goes_through!(
        phone.all_intentions(),
        |visibility, words| IntentionRequest {
            about: session,
            text: words.to_owned(),
            values: vec!["patience".to_owned()],
            visibility,
            at,
        },
        |intention| intention.text
    );
}

#[test]
fn what_a_clinic_always_reads_waits_for_a_clinic() {
    let (_folder, phone) = phone();
    let at = phone.now().unwrap();
    let goal = GoalRequest {
        domain: "sleep".to_owned(),
        text: "To sleep through.".to_owned(),
        became: GoalBecame::Open,
        became_words: String::new(),
        at,
    };
    let goals = phone.goals().unwrap();
    assert_eq!(wait(goals.create(goal)), Err(CompanionError::NotPaired));
    let ask = ContactRequestRequest {
        words: String::new(),
        at,
    };
    let requests = phone.contact_requests().unwrap();
    assert_eq!(wait(requests.create(ask)), Err(CompanionError::NotPaired));
}

#[test]
fn what_cannot_be_saved_names_its_field() {
    let (_folder, phone) = phone();
    let line = NextSessionLineRequest {
        text: "  ".to_owned(),
        visibility: WhoReads::OnlyMe,
        at: phone.now().unwrap(),
    };
    let lines = phone.next_session_lines().unwrap();
    match wait(lines.create(line)).unwrap_err() {
        CompanionError::Invalid { field, .. } => assert_eq!(field, "text"),
        other => panic!("{other:?}"),
    }
    assert_eq!(wait(lines.count(all())).unwrap(), 0);
}
