//! What a programme waits for, and what counts for it alone.

use super::*;
use crate::domain::Visit;
use crate::domain::visit::VisitPurpose;

const SHEET: DocumentId = DocumentId::new([7; 16]);

fn version(n: u8) -> Revision {
    Revision::new([ChangeHash::new([n; 32])])
}

fn walked(n: u8) -> CostWalkthrough {
    CostWalkthrough {
        about: SHEET,
        revision: version(n),
        planned: Some(6),
        by: "Maya".to_owned(),
        at: day(2),
    }
}

/// The sheet in that version, and six sessions.
fn of(n: u8) -> Agreement {
    Agreement {
        sheet: SHEET,
        revision: version(n),
        planned: Some(6),
    }
}

fn acknowledged(n: u8) -> CostAcknowledgement {
    CostAcknowledgement {
        about: SHEET,
        revision: version(n),
        planned: Some(6),
        by: "Ada".to_owned(),
        at: day(3),
    }
}

#[test]
fn sessions_begin_only_when_all_is_said_and_the_first_thing_missing_is_named() {
    let both = |n| CostReview::of(of(n), Since::default(), [walked(1)], [acknowledged(1)]);
    let gate = may_begin_sessions;
    assert_eq!(gate(None, Some(&both(1))), Err(Gate::NoOutcome));
    let later = Gate::NotYet { revisit_on: None };
    assert_eq!(gate(Some(&not_yet()), Some(&both(1))), Err(later));
    let not_a_fit = Readiness {
        appropriate: Appropriate::No,
        ..ready()
    };
    assert_eq!(gate(Some(&not_a_fit), Some(&both(1))), Err(Gate::NotAFit));
    let ready = ready();
    assert_eq!(gate(Some(&ready), None), Err(Gate::NoCostSheet));
    let costs = CostReview::of(of(1), Since::default(), [], [acknowledged(1)]);
    assert_eq!(
        gate(Some(&ready), Some(&costs)),
        Err(Gate::NotWalkedThrough)
    );
    let costs = CostReview::of(of(1), Since::default(), [walked(1)], []);
    assert_eq!(gate(Some(&ready), Some(&costs)), Err(Gate::NotAcknowledged));
    assert_eq!(gate(Some(&ready), Some(&both(1))), Ok(()));
}

#[test]
fn a_change_of_the_costs_asks_both_again() {
    let ready = ready();
    let asked = |walks: &[u8], acks: &[u8]| {
        let walks = walks.iter().map(|n| walked(*n));
        let acks = acks.iter().map(|n| acknowledged(*n));
        let costs = CostReview::of(of(2), Since::default(), walks, acks);
        may_begin_sessions(Some(&ready), Some(&costs))
    };
    assert_eq!(asked(&[1], &[1]), Err(Gate::NotWalkedThrough));
    assert_eq!(asked(&[1, 2], &[1]), Err(Gate::ChangedSince));
    assert_eq!(asked(&[1, 2], &[1, 2]), Ok(()));
    // A word about another sheet is none about this one.
    let other = CostAcknowledgement {
        about: DocumentId::new([8; 16]),
        ..acknowledged(2)
    };
    let costs = CostReview::of(of(2), Since::default(), [walked(2)], [other]);
    assert_eq!(
        may_begin_sessions(Some(&ready), Some(&costs)),
        Err(Gate::NotAcknowledged)
    );
}

#[test]
fn another_number_of_sessions_asks_both_again() {
    let asked = |planned| {
        let costs = CostReview::of(
            Agreement { planned, ..of(1) },
            Since::default(),
            [walked(1)],
            [acknowledged(1)],
        );
        (
            costs.walked_through.is_some(),
            costs.acknowledged.is_some(),
            costs.acknowledged_another,
        )
    };
    assert_eq!(asked(Some(6)), (true, true, false));
    for other in [Some(7), None] {
        assert_eq!(asked(other), (false, false, true), "{other:?}");
    }
}

#[test]
fn what_was_said_and_held_before_an_earlier_programme_ended_counts_no_more() {
    let mut earlier = programme();
    assert_eq!(
        Since::the_end_of([&earlier]),
        Since::default(),
        "it goes on"
    );
    earlier.set_standing(id(2), Standing::Ended, "As agreed.", "Maya", day(2));
    let since = Since::the_end_of([&earlier]);
    let costs = CostReview::of(of(1), since, [walked(1)], [acknowledged(1)]);
    assert_eq!(costs.walked_through, None, "that was on the day of the end");
    assert!(costs.acknowledged.is_some(), "that was a day later");
    let held = |on| since.counts_session(&DosingSession::new(1, day(on)));
    assert!(!held(1) && !held(2) && held(3));
    // One that lay ahead and was called off by then was one of the earlier programme.
    let mut off = DosingSession::new(1, day(9));
    off.call_off(id(3), "", "Maya", day(1));
    assert!(!since.counts_session(&off));
    off.put_back(id(4), "Maya", day(5));
    assert!(since.counts_session(&off));
    // A clinician sees the count of the present programme alone.
    let mut present = programme();
    present.planned = Some(3);
    let sessions = [DosingSession::new(1, day(1)), DosingSession::new(1, day(9))];
    let view = ProgrammeView {
        programme: &present,
        readiness: None,
        sessions: &sessions,
        since,
        integrations: &[],
        now: day(4),
    };
    let seen = view.for_clinician();
    assert_eq!(
        (seen.patient.sessions.held, seen.patient.sessions.ahead),
        (0, 1)
    );
    assert!(seen.plan_check.before_integration.is_empty());
}

#[test]
fn a_programme_ends_only_when_no_session_is_still_to_come() {
    let mut off = DosingSession::new(4, day(9));
    off.call_off(id(3), "", "Maya", day(1));
    let mut sessions = vec![DosingSession::new(1, day(1)), off];
    assert_eq!(StillAhead::none_of(&sessions, [], day(4)), Ok(()));
    sessions.push(DosingSession::new(2, day(9)));
    assert_eq!(
        StillAhead::none_of(&sessions, [], day(4))
            .unwrap_err()
            .to_string(),
        "session 2 is still to come: call it off first"
    );
    sessions.push(DosingSession::new(3, day(16)));
    assert_eq!(
        StillAhead::none_of(&sessions, [], day(4))
            .unwrap_err()
            .to_string(),
        "session 2, session 3 are still to come: call them off first"
    );
    let visit = |purpose, at| Visit::new(purpose, at);
    let kept = [
        visit(VisitPurpose::FollowUp, day(9)),
        visit(VisitPurpose::Integration, day(1)),
    ];
    assert_eq!(StillAhead::none_of([], &kept, day(4)), Ok(()));
    let ahead = visit(VisitPurpose::Integration, Moment::utc(1_796_119_200_000));
    assert_eq!(
        StillAhead::none_of(&sessions[2..3], [&ahead], day(4))
            .unwrap_err()
            .to_string(),
        "session 2, the visit on 2026-12-01 at 10:00 are still to come: call them off first; a follow-up visit may stay"
    );
}

#[test]
fn no_phase_but_assessment_and_the_end_is_reached_without_an_outcome() {
    for phase in Phase::ALL {
        let is_open = matches!(phase, Phase::Assessment | Phase::Closed);
        assert_eq!(may_move_to(phase, None, None).is_ok(), is_open, "{phase:?}");
        let refused = may_move_to(phase, Some(&not_yet()), None);
        assert_eq!(refused.is_ok(), is_open, "{phase:?}");
        let needs_costs = phase == Phase::Session;
        let ready = may_move_to(phase, Some(&ready()), None);
        assert_eq!(ready.is_ok(), !needs_costs, "{phase:?}");
    }
}
