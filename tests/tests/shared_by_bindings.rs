//! What a patient shares through the objects that Kotlin and Swift are given: one of each kind, with a real server and a
//! real clinic.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../bindings/ffi/tests/shared/mod.rs"]
mod shared;

use std::sync::Arc;

use companion_core::domain::DocumentId;
use companion_core::ports::{Clock as _, SystemClock};
use companion_ffi::{
    AssessmentTextRequest, AssessmentTopic, CheckInRequest, CommitmentRequest,
    ContactRequestRequest, Delivery, EntryKind, EntryRequest, GoalBecame, GoalRequest, HowFar,
    IntentionRequest, LocalMoment, NextSessionLineRequest, OpenRequest, PairingStanding,
    PhoneRecord, WhoReads, open_record,
};
use companion_tests::{Node, World};

use shared::{Vault, wait};

/// A phone of the bindings' that is in the record with a clinic.
struct Paired {
    clinic: Node,
    phone: Arc<PhoneRecord>,
    at: LocalMoment,
    _world: World,
}

impl Paired {
    fn new() -> Self {
        let world = World::over_http();
        // The phone of a shell reads the system's clock: the others stand where it stands.
        world.clock().set(SystemClock.now());
        let clinic = world.clinic("Harbor Clinic");
        let invitation = clinic.invite("Ada");
        let path = world.new_folder("phone").join("record.db");
        let request = OpenRequest {
            path: path.to_str().unwrap().to_owned(),
            trusted_root: None,
        };
        let phone = wait(open_record(request, Arc::new(Vault::default()), None, None)).unwrap();
        wait(phone.pair(invitation.link)).unwrap();
        clinic.sync_cleanly();
        wait(phone.sync()).unwrap();
        clinic.confirm(invitation.patient).unwrap();
        let at = phone.now().unwrap();
        let paired = Self {
            clinic,
            phone,
            at,
            _world: world,
        };
        for _ in 0..3 {
            paired.exchange();
        }
        let standing = wait(paired.phone.status()).unwrap().pairing;
        assert!(
            matches!(standing, PairingStanding::Paired { .. }),
            "{standing:?}"
        );
        paired
    }

    /// What waits goes to the clinic, and the phone hears that it came.
    fn exchange(&self) {
        wait(self.phone.sync()).unwrap();
        self.clinic.sync().unwrap();
        wait(self.phone.sync()).unwrap();
    }
}

/// Shares one, changes it, says that it is to be talked about, takes it back and deletes it; then deletes one that is
/// shared.
macro_rules! is_shared_and_taken_back {
    ($paired:expr, $list:expr, |$readers:ident, $words:ident| $request:expr, |$view:ident| $said:expr) => {{
        let list = $list.unwrap();
        let request = |$readers: WhoReads, $words: &str| $request;
        let private = wait(list.create(request(WhoReads::OnlyMe, "Only mine."))).unwrap();
        let shared = wait(list.share(private.head.id, WhoReads::CareTeam)).unwrap();
        assert_eq!((shared.head.is_shared, shared.visibility), (true, WhoReads::CareTeam));
        assert_ne!(shared.head.id, private.head.id, "what is shared is another document");
        let id = shared.head.id;

        let other = request(WhoReads::OnlyMe, "For both.");
        let edited = wait(list.edit(id, shared.head.revision, other)).unwrap();
        assert_eq!(edited.visibility, WhoReads::CareTeam, "an edit takes nothing back");
        let talk = wait(list.share(id, WhoReads::TalkInSession)).unwrap();
        assert_eq!(talk.head.delivery, Delivery::OnThisDevice);
        assert_eq!(wait(list.readers(private.head.id)), Ok(Some(WhoReads::TalkInSession)));
        $paired.exchange();
        let $view = wait(list.get(id)).unwrap();
        assert!(matches!(&$view.head.delivery, Delivery::Delivered { clinic, .. } if clinic == "Harbor Clinic"));
        assert_eq!($said, "For both.");

        let remains = wait(list.what_remains(id)).unwrap();
        assert_eq!((remains.reached, remains.is_shared), (HowFar::Clinic, true));
        let back = wait(list.withdraw(id)).unwrap();
        assert_eq!((back.head.is_shared, back.visibility), (false, WhoReads::OnlyMe));
        wait(list.delete(back.head.id)).unwrap();
        assert!(wait(list.get(back.head.id)).is_err());

        let at_once = wait(list.create(request(WhoReads::CareTeam, "At once."))).unwrap();
        assert!(at_once.head.is_shared);
        wait(list.delete(at_once.head.id)).unwrap();
        assert!(wait(list.get(at_once.head.id)).is_err());
    }};
}

#[test]
fn one_of_each_kind_is_shared_and_taken_back() {
    let paired = Paired::new();
    let (phone, at) = (&paired.phone, paired.at);
    is_shared_and_taken_back!(
        paired,
        phone.journal(),
        |visibility, words| EntryRequest {
            title: String::new(),
            body: words.to_owned(),
            kind: EntryKind::Dream,
            mood: None,
            session: None,
            tags: Vec::new(),
            visibility,
            at,
        },
        |entry| entry.body
    );
    is_shared_and_taken_back!(
        paired,
        phone.check_ins(),
        |visibility, words| CheckInRequest {
            valence: 4,
            energy: None,
            anxiety: None,
            sleep: None,
            feelings: Vec::new(),
            note: words.to_owned(),
            visibility,
            at,
        },
        |check_in| check_in.note
    );
    is_shared_and_taken_back!(
        paired,
        phone.assessment_texts(),
        |visibility, words| AssessmentTextRequest {
            section: AssessmentTopic::LifeNow,
            text: words.to_owned(),
            visibility,
            at,
        },
        |text| text.text
    );
    is_shared_and_taken_back!(
        paired,
        phone.commitments(),
        |visibility, words| CommitmentRequest {
            text: words.to_owned(),
            about: None,
            review_on: None,
            became: None,
            became_words: String::new(),
            visibility,
            at,
        },
        |commitment| commitment.text
    );
    is_shared_and_taken_back!(
        paired,
        phone.next_session_lines(),
        |visibility, words| NextSessionLineRequest {
            text: words.to_owned(),
            visibility,
            at,
        },
        |line| line.text
    );
    is_shared_and_taken_back!(
        paired,
        phone.all_intentions(),
        |visibility, words| IntentionRequest {
            about: DocumentId::new([1; 16]),
            text: words.to_owned(),
            values: Vec::new(),
            visibility,
            at,
        },
        |intention| intention.text
    );
}

#[test]
fn what_a_clinic_always_reads_is_written_and_changed() {
    let paired = Paired::new();
    let (phone, at) = (&paired.phone, paired.at);
    let goals = phone.goals().unwrap();
    let goal = |text: &str, became| GoalRequest {
        domain: "sleep".to_owned(),
        text: text.to_owned(),
        became,
        became_words: String::new(),
        at,
    };
    let written = wait(goals.create(goal("To sleep.", GoalBecame::Open))).unwrap();
    assert!(written.head.is_shared);
    let later = goal("To sleep through.", GoalBecame::Partly);
    let edited = wait(goals.edit(written.head.id, written.head.revision, later)).unwrap();
    assert_eq!(
        (&*edited.text, edited.became),
        ("To sleep through.", GoalBecame::Partly)
    );

    let requests = phone.contact_requests().unwrap();
    let ask = ContactRequestRequest {
        words: "After five.".to_owned(),
        at,
    };
    let asked = wait(requests.create(ask)).unwrap();
    assert_eq!(asked.taken_back_at, None);
    let back = wait(requests.take_back(asked.head.id, asked.head.revision)).unwrap();
    let taken_back_at = back.taken_back_at.unwrap();
    let again = wait(requests.take_back(back.head.id, back.head.revision)).unwrap();
    assert_eq!(
        again.taken_back_at,
        Some(taken_back_at),
        "it was taken back already"
    );
    assert_eq!(again.words, "After five.");
}
