//! The answer to compare-words at the clinic: about whom it is, and what becomes of one that breaks off.

use std::sync::Mutex;

use companion_core::clinic::{Clinic, Comparison, InviteState};
use companion_core::domain::DocumentId;
use companion_core::testing::space::membership;
use companion_core::{CoreError, NotNow};
use companion_tests::{Fault, Insider, World, shown};

/// Confirms or refuses.
type Answer = fn(&Clinic, DocumentId, Comparison) -> companion_core::Result<()>;

const ANSWERS: [(Answer, &str); 2] = [
    (Clinic::confirm_words, "the same"),
    (Clinic::refuse_words, "not the same"),
];

#[test]
fn an_answer_is_about_the_words_that_were_shown_and_about_nobody_who_came_meanwhile() {
    // Heard of before the answer is given, and only in the exchange that carries it.
    for in_between in [false, true] {
        for (answer, said) in ANSWERS {
            let world = World::in_memory(4);
            let clinic = world.clinic("Riverbank");
            let invitation = clinic.invite("Ada");
            let patient = invitation.patient;
            let (ada, other) = (world.phone("Ada"), world.phone("other"));
            ada.pair(&invitation.link).unwrap();
            clinic.sync_cleanly();
            let seen = shown(&clinic, patient);
            // A colleague makes another link while the page with Ada's words is open.
            let link = clinic.reinvite(patient).unwrap().link;
            assert_eq!(shown(&clinic, patient), seen);
            other.pair(&link).unwrap();
            if in_between {
                let came = Insider::of(&other, "care");
                let node = Insider::in_clinic(&clinic, came.space, &world);
                let (at, rng) = (world.now(), world.rng());
                let newcomer = came.me.member();
                let words = membership::answer(&node.me, &came.chain, newcomer, at, &*rng);
                let once = Mutex::new(Some(node));
                clinic.faults().before_each(move |_| {
                    if let Some(node) = once.lock().unwrap().take() {
                        assert_eq!(node.offer(&words).status, 201);
                    }
                });
            } else {
                clinic.sync_cleanly();
            }
            let outcome = answer(&clinic, patient, seen);
            assert!(
                matches!(outcome, Err(CoreError::NotNow(NotNow::SomebodyElseCame))),
                "{said}, {in_between}: {outcome:?}"
            );
            let now = shown(&clinic, patient);
            assert_ne!(now, seen);
            other.sync().unwrap();
            assert_eq!(clinic.words_of(patient), other.words_to_compare());
            assert!(!other.is_paired() && !ada.is_paired());
            // The words that are shown now can be answered, and only once.
            answer(&clinic, patient, now).unwrap();
            assert!(answer(&clinic, patient, now).is_err(), "{said}");
        }
    }
}

#[test]
fn an_answer_to_words_that_breaks_off_at_any_request_can_be_given_again() {
    for (answer, said) in ANSWERS {
        for fault in [Fault::DropRequest, Fault::DropAnswer] {
            for at in 0..20 {
                let world = World::in_memory(at as u64);
                let clinic = world.clinic("Riverbank");
                let invitation = clinic.invite("Ada");
                world.phone("Ada").pair(&invitation.link).unwrap();
                clinic.sync_cleanly();
                let seen = shown(&clinic, invitation.patient);
                clinic.faults().at(at, fault.clone());
                let first = answer(&clinic, invitation.patient, seen);
                let reached = clinic.faults().sent() > at;
                clinic.faults().heal();
                if first.is_err() {
                    answer(&clinic, invitation.patient, seen).unwrap();
                }
                let state = clinic.invite_state(invitation.patient).unwrap();
                let is_so = match said {
                    "the same" => matches!(state, InviteState::Paired { .. }),
                    _ => matches!(state, InviteState::Refused { .. }),
                };
                assert!(is_so, "{said}, {fault:?} at {at}: {state:?}");
                if !reached {
                    break;
                }
            }
        }
    }
}
