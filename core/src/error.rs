//! What can go wrong, as the facades say it: one enum that a shell can branch on, each variant with
//! a sentence for a person.

mod not_now;

use companion_protocol::api::{ErrorCode, UNKNOWN_CLINIC};
use companion_protocol::id::MemberId;

use crate::document::DocumentError;
use crate::domain::near_session::NamesMissing;
use crate::domain::programme::{BeyondPlan, Gate, StandsOtherwise, StillAhead};
use crate::domain::readiness::OutcomeNow;
use crate::domain::release::ReleaseError;
use crate::domain::reminder::RulesError;
use crate::domain::risk::RuleError;
use crate::domain::route_and_dose::RouteAndDose;
use crate::domain::session_step::SessionNow;
use crate::domain::visit::VisitNow;
use crate::domain::{ContentError, DocumentId, Invalid, Kind, Phase};
use crate::import::ImportError;
use crate::media::MediaError;
use crate::ports::TransportError;
use crate::space::SpaceError;
use crate::store::StoreError;

pub use not_now::NotNow;

/// Why a verb of a facade did not do what it was asked. Nothing is half done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CoreError {
    /// The encrypted store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys, seals, links, membership.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// What hangs on an entry can't be attached or opened.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// An export can't be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A document could not be read or edited.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// What was typed is not allowed: names the field and its limit.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A document is not in a form that this version understands.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// No answer from the server. Nothing is lost; trying again later can help.
    #[error(transparent)]
    Offline(#[from] Offline),
    /// The server's certificate is not one that this device trusts. Trying again does not help.
    #[error("the server's certificate is not trusted")]
    Untrusted,
    /// The server's address is not one that can be used. Trying again does not help.
    #[error("the server's address can't be used: {reason}")]
    BadAddress {
        /// What is wrong with it.
        reason: String,
    },
    /// The server answered with a refusal.
    #[error("the server refused: {message}")]
    Refused {
        /// For a program.
        code: ErrorCode,
        /// For a person.
        message: String,
        /// What the code's documentation names.
        detail: Box<serde_json::Map<String, serde_json::Value>>,
    },
    /// The server does not know the key that signs this clinic's grants: its operator has to register it.
    #[error(
        "the sync server does not know this clinic: ask whoever runs the server to run `sync-server clinic add \
         {key}`"
    )]
    NotRegistered {
        /// The clinic's public key.
        key: MemberId,
    },
    /// The server (or something between) answered what no honest server answers.
    #[error("the server's answer makes no sense: {0}")]
    BadAnswer(String),
    /// The caller gave up waiting. What had been acknowledged stays so.
    #[error("it was canceled")]
    Canceled,
    /// The app sleeps: nothing goes to the network until it is resumed.
    #[error("the app is paused")]
    Paused,
    /// This needs a clinic, and the phone is paired with none.
    #[error("this phone is not paired with a clinic yet")]
    NotPaired,
    /// Pairing twice.
    #[error("this phone is already paired with {clinic}")]
    AlreadyPaired {
        /// With whom.
        clinic: String,
    },
    /// This side of the record may not write this kind of thing.
    #[error("this is not for this side to write ({})", .kind.in_words())]
    NotYours {
        /// Which kind.
        kind: Kind,
    },
    /// This kind of thing is written by verbs of its own, which ask what it has to fit to.
    #[error("this is planned and changed by verbs of its own ({})", .kind.in_words())]
    HasOwnVerbs {
        /// Which kind.
        kind: Kind,
    },
    /// A patient of that name, however it is spelled, is in the register.
    #[error("a patient of this name is registered already")]
    SameName {
        /// That patient.
        patient: DocumentId,
    },
    /// The patient has a session of that number: it is to be moved, not planned a second time.
    #[error("session {number} exists already: move it instead of planning it again")]
    SessionExists {
        /// The number.
        number: u32,
        /// The session that has it.
        session: DocumentId,
    },
    /// Another session of the patient's takes place at the same time.
    #[error("it would overlap another session: {other}")]
    SessionsOverlap {
        /// The other one.
        other: SessionNow,
    },
    /// A visit of the patient's takes place at the time of a session.
    #[error("the patient has a visit then: {visit}. Move it, or call it off, first")]
    VisitAtThatTime {
        /// The visit.
        visit: VisitNow,
    },
    /// Another version of a session than the one that somebody had before them.
    #[error("this session was changed meanwhile: {now}")]
    SessionChanged {
        /// What it is now.
        now: SessionNow,
    },
    /// Something else than somebody had before them.
    #[error("somebody changed this meanwhile, so nothing was done: look at it as it is now first")]
    ChangedMeanwhile,
    /// Another outcome of an assessment counts than the one that somebody had before them.
    #[error("{}", outcome_changed(.now.as_ref()))]
    OutcomeChanged {
        /// What counts now; `None` where none does any more.
        now: Option<OutcomeNow>,
    },
    /// A programme is in another phase than the one that somebody had before them.
    #[error("{}", phase_changed(*.now, .by.as_deref()))]
    PhaseChanged {
        /// The phase that it is in.
        now: Phase,
        /// Who set it; `None` where it began with that phase.
        by: Option<String>,
    },
    /// A session doesn't name both who is there for it.
    #[error(transparent)]
    NamesMissing(#[from] NamesMissing),
    /// Another route and dose than somebody had before them.
    #[error("route and dose were changed meanwhile: {by} wrote down “{now}”")]
    MedicineChanged {
        /// What is written down now.
        now: RouteAndDose,
        /// Who keeps the record.
        by: String,
    },
    /// One session more than planned, without a reason for it.
    #[error(transparent)]
    BeyondPlan(#[from] BeyondPlan),
    /// A programme does not end while sessions are still to come.
    #[error(transparent)]
    StillAhead(#[from] StillAhead),
    /// A programme does not stand as whoever changes it had it before them.
    #[error(transparent)]
    StandsOtherwise(#[from] StandsOtherwise),
    /// A programme does not go on yet: something has to be done first.
    #[error(transparent)]
    Gate(#[from] Gate),
    /// A rule that would watch nothing here.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Rules for reminders that can't be kept to.
    #[error(transparent)]
    Reminders(#[from] RulesError),
    /// Nothing may be told by a release, or one can't be given.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Nothing by that name.
    #[error("there is no such {0} in this record")]
    NotFound(Missing),
    /// Not in this state.
    #[error(transparent)]
    NotNow(#[from] NotNow),
}

fn phase_changed(now: Phase, by: Option<&str>) -> String {
    let now = now.label();
    match by {
        Some(by) => format!("the phase was set to “{now}” meanwhile, by {by}"),
        None => format!("the phase is “{now}” by now"),
    }
}

fn outcome_changed(now: Option<&OutcomeNow>) -> String {
    match now {
        Some(OutcomeNow { outcome, by }) => {
            let outcome = outcome.label();
            format!("the outcome “{outcome}” was recorded meanwhile, by {by}")
        }
        None => "the outcome that was there does not count any more".to_owned(),
    }
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Offline {
    /// No connection: offline, or the server is stopped.
    #[error("the server cannot be reached")]
    Unreachable,
    /// No answer in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection broke before the answer was whole.
    #[error("the connection broke before the answer was complete")]
    Interrupted,
}

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// A document of that kind: an entry, a check-in, a reply …
    #[error("thing")]
    Document,
    /// A patient in the register.
    #[error("patient")]
    Patient,
    /// A device.
    #[error("device")]
    Device,
    /// A line of a cost sheet: it was removed.
    #[error("line")]
    CostLine,
    /// A line of a safety plan: it was removed.
    #[error("line")]
    PlanLine,
    /// An item of a checklist: it was removed.
    #[error("item")]
    ScreeningItem,
    /// A recording or picture of an entry: it was removed.
    #[error("attachment")]
    Attachment,
    /// A warning.
    #[error("warning")]
    Warning,
    /// A space: the record is damaged.
    #[error("space")]
    Space,
    /// A clinic in this folder.
    #[error("clinic")]
    Clinic,
    /// An identity that can be read: the record is damaged.
    #[error("identity that can be read")]
    Identity,
    /// A record that the recovery words open.
    #[error("record that these words open")]
    Recoverable,
}

impl CoreError {
    /// The server's code, where it refused.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            CoreError::Refused { code, .. } => Some(*code),
            CoreError::NotRegistered { .. } => Some(ErrorCode::GrantUnusable),
            _ => None,
        }
    }

    /// What the founding of a space by this clinic's own grant was refused for, where that is that the
    /// server does not know the clinic.
    pub(crate) fn of_own_grant(self, key: MemberId) -> Self {
        if self.code() == Some(ErrorCode::GrantUnusable) && self.reason() == Some(UNKNOWN_CLINIC) {
            CoreError::NotRegistered { key }
        } else {
            self
        }
    }

    /// Which rule the server names, where it refused for one.
    pub(crate) fn reason(&self) -> Option<&str> {
        match self {
            CoreError::Refused { detail, .. } => detail.get("reason")?.as_str(),
            _ => None,
        }
    }

    /// A number that the server gives with its refusal.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        match self {
            CoreError::Refused { detail, .. } => detail.get(name)?.as_u64(),
            _ => None,
        }
    }

    /// Whether waiting and trying again can help.
    pub fn is_passing(&self) -> bool {
        match self {
            CoreError::Offline(_) | CoreError::Paused => true,
            CoreError::NotNow(NotNow::Contended | NotNow::NoTerms | NotNow::NotThereYet) => true,
            CoreError::Refused { code, .. } => {
                matches!(code, ErrorCode::Unavailable | ErrorCode::RateLimited)
            }
            _ => false,
        }
    }
}

/// The facades' result.
pub type Result<T, E = CoreError> = std::result::Result<T, E>;

impl From<TransportError> for CoreError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Unreachable => Offline::Unreachable.into(),
            TransportError::TimedOut => Offline::TimedOut.into(),
            TransportError::Interrupted => Offline::Interrupted.into(),
            TransportError::Untrusted => CoreError::Untrusted,
            TransportError::Canceled => CoreError::Canceled,
            TransportError::BadRequest { reason } => CoreError::BadAddress { reason },
            TransportError::AnswerTooLarge => CoreError::BadAnswer(error.to_string()),
        }
    }
}

impl From<companion_protocol::chain::ChainError> for CoreError {
    fn from(error: companion_protocol::chain::ChainError) -> Self {
        CoreError::Space(error.into())
    }
}

impl From<companion_protocol::statement::StatementError> for CoreError {
    fn from(error: companion_protocol::statement::StatementError) -> Self {
        CoreError::Space(error.into())
    }
}

impl From<companion_protocol::wire::WireError> for CoreError {
    fn from(error: companion_protocol::wire::WireError) -> Self {
        CoreError::BadAnswer(error.to_string())
    }
}
