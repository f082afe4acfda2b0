//! Phones on their way in, and what was noticed of a space, to draw in tests.

use companion_core::clinic::{Comparison, Fork, InviteState};
use companion_core::domain::Phase;
use companion_core::protocol::id::{SpaceId, StatementHash};
use companion_core::{StandingWarning, WarningCode, WarningId};

use super::{ada, moment, now};
use crate::view::invitation::InvitationPage;

pub(crate) fn paired() -> InviteState {
    InviteState::Paired {
        at: moment("2026-10-27T11:00:00+01:00"),
    }
}

pub(crate) fn joined() -> InviteState {
    InviteState::Joined {
        comparison: Comparison::new(StatementHash::new([0xa5; 32])),
        compare_words: ["harbor", "violin", "maple", "door"]
            .map(str::to_owned)
            .to_vec(),
        replaces: Vec::new(),
    }
}

/// The patient has a phone already.
pub(crate) fn joined_again() -> InviteState {
    InviteState::Joined {
        comparison: Comparison::new(StatementHash::new([0xa6; 32])),
        compare_words: ["lake", "anchor", "cotton", "river"]
            .map(str::to_owned)
            .to_vec(),
        replaces: vec!["Jonas’s phone".to_owned()],
    }
}

/// What the record noticed about Ada's space.
pub(crate) fn noticed(code: WarningCode) -> StandingWarning {
    let detail = match code {
        WarningCode::ChainForked => fork().detail,
        _ => "change 7 of <someone>".to_owned(),
    };
    StandingWarning {
        id: WarningId(1),
        code: Some(code),
        space: Some(SpaceId::new([0x0b; 32])),
        detail,
        at_ms: now().unix_ms,
    }
}

pub(crate) fn fork() -> Fork {
    let space = SpaceId::new([0x0b; 32]);
    Fork {
        space,
        statements: 7,
        detail: format!(
            "the server's membership history of space {space} parts from this device's at statement 7, which \
             the clinic signed; whoever runs the server can cut it back to 7"
        ),
        at_ms: now().unix_ms,
    }
}

pub(crate) fn waiting() -> InviteState {
    InviteState::Waiting {
        expires_at: moment("2026-11-24T20:30:00+01:00"),
    }
}

pub(crate) fn invitation(invite: InviteState, link: Option<&str>) -> InvitationPage {
    let mut patient = ada();
    patient.record.name = "Jonas Weber".to_owned();
    patient.record.pronouns = "he/him".to_owned();
    patient.phase = Phase::Assessment;
    patient.last_received_ms = None;
    patient.invite = invite;
    InvitationPage {
        patient,
        link: link.map(str::to_owned),
        link_until: link.map(|_| moment("2026-11-24T20:30:00+01:00")),
        warnings: Vec::new(),
        not_answered: None,
    }
}
