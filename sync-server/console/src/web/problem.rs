//! What goes wrong, as a proper page. What the core refuses becomes words in this one place.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use companion_core::CoreError;
use companion_core::domain::DocumentId;

use super::answer::drawn;
use super::body::Unread;
use crate::accounts::{AccountsError, Area, Rights, Role};
use crate::view::emergency;
use crate::view::frame::{Frame, Refusal};
use crate::view::gate;
use crate::view::message::{self, Way};
use crate::view::sentence::sentence;

/// Why there is no page of the usual kind.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// The clinic's node.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// Accounts or audit: what can't be written down is not done.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// Something typed is wrong, and the form says what.
    #[error("a field of the form is wrong")]
    Fields,
    /// Something else has to be done first, on another page.
    #[error("{why}")]
    First {
        /// What, in words of the core.
        why: String,
        /// Where.
        way: Way,
    },
    /// Something that the role of whoever asks does not show.
    #[error("not shown to that role")]
    NotShown {
        /// What.
        area: Area,
        /// The role.
        role: Role,
        /// Whose record it is about, if it is about one.
        patient: Option<DocumentId>,
    },
    /// Something that their role may read and not change.
    #[error("not changed by that role")]
    NotChanged {
        /// What.
        area: Area,
        /// The role.
        role: Role,
    },
    /// A form that was begun when the program was stopped: what it did can't be told.
    #[error("a form that was begun and not finished")]
    Unfinished,
    /// A form that no page of ours sends.
    #[error("a form that no page sends")]
    Form,
    /// A form for which there was no room, or that took too long.
    #[error("a form that did not arrive")]
    NotArrived(StatusCode),
    /// A form that a page of another site sent.
    #[error("a form sent from another site")]
    Foreign,
    /// A fault of ours: named in the log where it happened.
    #[error("a fault inside the console")]
    Fault,
    /// No such address.
    #[error("no such page")]
    NoPage,
    /// The address exists, the method does not.
    #[error("no such method")]
    NoMethod,
}

impl From<Unread> for Problem {
    fn from(why: Unread) -> Self {
        match why {
            Unread::NoForm => Self::Form,
            Unread::NoRoom => Self::NotArrived(StatusCode::SERVICE_UNAVAILABLE),
            Unread::TooSlow => Self::NotArrived(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

/// The page for one.
struct Words {
    status: StatusCode,
    heading: &'static str,
    text: String,
}

impl Words {
    fn new(status: StatusCode, heading: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            status,
            heading,
            text,
        }
    }
}

impl Problem {
    pub(crate) fn page(&self, frame: &Frame) -> Response {
        let words = self.words(&frame.sight.rights);
        self.log(&words);
        let ways = match self {
            Self::First { way, .. } => vec![way.clone()],
            Self::NotShown {
                area: Area::Section(_),
                patient: Some(patient),
                ..
            } => vec![emergency::way(*patient)],
            _ => Vec::new(),
        };
        let page = message::page_with(frame, words.heading, &words.text, &ways);
        (words.status, drawn(&page)).into_response()
    }

    /// The same in words above a form that is shown again, with its status; `None` where no page of ours sent one,
    /// or there is none to show.
    pub(super) fn refusal(&self, rights: &Rights) -> Option<(StatusCode, Refusal)> {
        match self {
            Self::Core(CoreError::NotFound(_))
            | Self::Fields
            | Self::Form
            | Self::NotArrived(_)
            | Self::Foreign
            | Self::Fault
            | Self::Accounts(_)
            | Self::NotShown { .. }
            | Self::NotChanged { .. }
            | Self::NoPage
            | Self::NoMethod => None,
            Self::Core(_) | Self::First { .. } | Self::Unfinished => {
                let words = self.words(rights);
                self.log(&words);
                let way = match self {
                    Self::First { way, .. } => Some(way.clone()),
                    _ => None,
                };
                let refusal = Refusal {
                    heading: words.heading,
                    text: words.text,
                    way,
                };
                Some((words.status, refusal))
            }
        }
    }

    fn log(&self, words: &Words) {
        if words.status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = %self, "a request failed");
        }
    }

    fn words(&self, rights: &Rights) -> Words {
        match self {
            Self::Core(error) => of_the_core(error, rights),
            Self::NoPage => no_page(),
            Self::First { why, .. } => not_now(why),
            Self::Unfinished => Words::new(
                StatusCode::CONFLICT,
                "It can’t be told whether this was done",
                "This program was stopped while it did it. Look whether it is there; if it is not, send this again.",
            ),
            Self::NoMethod => Words::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "This address can’t be opened",
                "It belongs to a form. Go back to the page with the form and send it again.",
            ),
            Self::Form | Self::Fields => Words::new(
                StatusCode::BAD_REQUEST,
                "This form could not be read",
                "Nothing was changed. Go back, reload the page and try again.",
            ),
            Self::NotArrived(status) => Words::new(
                *status,
                "This form did not arrive",
                "Nothing was changed. Go back, and send it again in a moment.",
            ),
            Self::Foreign => Words::new(
                StatusCode::FORBIDDEN,
                "This form came from another site",
                "Nothing was changed. If you sent it from a page of this console, reload that page and try again; \
                 a proxy in between must pass Host and Origin on unchanged.",
            ),
            Self::NotShown { area, role, .. } => Words::new(
                StatusCode::FORBIDDEN,
                "Your role does not show this",
                format!(
                    "“{}” is not shown to a {} at this clinic. A clinic lead can change that.",
                    area.label(),
                    role.label()
                ),
            ),
            Self::NotChanged { area, role } => Words::new(
                StatusCode::FORBIDDEN,
                "Your role may read this and not change it",
                format!(
                    "Nothing was changed, and what you typed is kept as a draft. A {} may read “{}” at this clinic. \
                     A clinic lead can change that.",
                    role.label(),
                    area.label()
                ),
            ),
            Self::Accounts(_) | Self::Fault => fault(),
        }
    }
}

fn of_the_core(error: &CoreError, rights: &Rights) -> Words {
    match error {
        CoreError::Gate(gate) => not_now(&gate::why(*gate, rights)),
        CoreError::NotFound(_) => no_page(),
        CoreError::Invalid(why) => Words::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Nothing was changed",
            sentence(&why.to_string()),
        ),
        CoreError::NotNow(_)
        | CoreError::Refused { .. }
        | CoreError::NotRegistered { .. }
        | CoreError::SessionExists { .. }
        | CoreError::SessionsOverlap { .. }
        | CoreError::VisitAtThatTime { .. }
        | CoreError::SessionChanged { .. }
        | CoreError::ChangedMeanwhile
        | CoreError::OutcomeChanged { .. }
        | CoreError::PhaseChanged { .. }
        | CoreError::NamesMissing(_)
        | CoreError::MedicineChanged { .. }
        | CoreError::BeyondPlan(_)
        | CoreError::StillAhead(_)
        | CoreError::StandsOtherwise(_)
        | CoreError::Rule(_)
        | CoreError::Reminders(_)
        | CoreError::Media(_)
        | CoreError::Release(_)
        | CoreError::SameName { .. } => not_now(&error.to_string()),
        CoreError::Offline(_) | CoreError::Paused | CoreError::Canceled => Words::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The sync server can’t be reached",
            "This step needs it. Nothing is lost: try again when the connection is back.",
        ),
        CoreError::Untrusted | CoreError::BadAddress { .. } | CoreError::BadAnswer(_) => {
            Words::new(
                StatusCode::BAD_GATEWAY,
                "The sync server can’t be used",
                format!(
                    "{} Tell whoever looks after the clinic’s computer: trying again does not help.",
                    sentence(&error.to_string())
                ),
            )
        }
        CoreError::Store(_)
        | CoreError::Space(_)
        | CoreError::Document(_)
        | CoreError::Content(_)
        | CoreError::NotPaired
        | CoreError::AlreadyPaired { .. }
        | CoreError::HasOwnVerbs { .. }
        | CoreError::Import(_)
        | CoreError::NotYours { .. } => fault(),
    }
}

fn not_now(why: &str) -> Words {
    Words::new(
        StatusCode::CONFLICT,
        "This can’t be done now",
        sentence(why),
    )
}

fn no_page() -> Words {
    Words::new(
        StatusCode::NOT_FOUND,
        "There is no such page",
        "It may have been withdrawn or removed, or the address is mistyped.",
    )
}

fn fault() -> Words {
    Words::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong here",
        "The console could not do this. If it happens again, tell whoever looks after the clinic’s computer: the log says more.",
    )
}
