//! How this phone stands to the record with the clinic: who has to let it in, and why nothing of it is
//! exchanged.

use companion_core::CoreError;
use companion_core::domain::Moment;
use companion_core::patient::{CompareWith, PairingState, PhoneStatus};

use super::{Done, Phone};
use crate::error::PhoneError;
use crate::format;

/// Whether this phone is in the record, and what is left to do for it.
pub(super) fn say(phone: &mut Phone<'_, '_>, status: &PhoneStatus) -> Done {
    for line in lines(status, phone.now) {
        phone.say(&line)?;
    }
    Ok(())
}

fn lines(status: &PhoneStatus, now: Moment) -> Vec<String> {
    let clinic = clinic(status);
    match &status.pairing {
        PairingState::Alone => {
            vec!["Not paired with a clinic; what you write stays here.".to_owned()]
        }
        PairingState::Waiting {
            compare_words,
            compare_with,
        } => {
            let is_own = *compare_with == CompareWith::OwnPhone;
            let mut lines = vec![if is_own {
                "This phone waits until your other phone has let it in. What you share waits on this phone, \
                 and nobody else can read it."
                    .to_owned()
            } else {
                format!(
                    "This phone waits until {clinic} has let it in. What you share waits on this phone, and \
                     nobody else can read it."
                )
            }];
            lines.push(match compare_words {
                Some(words) if is_own => {
                    format!("Words to compare with your other phone: {}", words.join("  "))
                }
                Some(words) => format!("Words to compare with the clinic: {}", words.join("  ")),
                None if is_own => "The words to compare are not here yet: `sync` on your other phone, then \
                                   on this one."
                    .to_owned(),
                None => "The words to compare are not here yet: they come with a `sync` once the clinic has \
                         answered."
                    .to_owned(),
            });
            lines
        }
        PairingState::Paired { at } => {
            vec![format!(
                "Paired with {clinic} since {}.",
                format::time(*at, now)
            )]
        }
        PairingState::NotLetIn => vec![format!(
            "This phone was not let in to the record with {clinic}, and does not wait for it any more. What \
             is here stays here. To share, `pair` by a new link."
        )],
        PairingState::Ended { at } => vec![format!(
            "The record with {clinic} was ended, {}. What is here stays here, and nothing goes there any more.",
            format::time(*at, now)
        )],
        PairingState::Forgotten => vec![format!(
            "The server says that the record with {clinic} was ended, and no longer has it. What is here stays here, \
             and nothing goes there any more."
        )],
        PairingState::Removed => vec![format!(
            "Not a member of the record with {clinic} any more. What is here stays here. What you keep private may \
             still reach other phones of yours that have it; `devices leave` ends that. To share again, ask for \
             a new link and begin in another folder: phone --data FOLDER pair LINK"
        )],
    }
}

/// What the clinic is called.
pub(super) fn clinic(status: &PhoneStatus) -> String {
    let named = status.clinic.clone().filter(|name| !name.is_empty());
    named.unwrap_or_else(|| "your clinic".to_owned())
}

/// Why nothing was exchanged with the clinic; `None` where it was, or will be once this phone is let in.
pub(super) fn refusal(pairing: &PairingState) -> Option<PhoneError> {
    let why = match pairing {
        PairingState::Alone | PairingState::Waiting { .. } | PairingState::Paired { .. } => {
            return None;
        }
        PairingState::NotLetIn => {
            "this phone was not let in, so nothing was exchanged with the clinic; what is here stays here, \
             and a new link starts over"
        }
        PairingState::Ended { .. } => {
            "the record with the clinic was ended, so nothing was exchanged with it; what is here stays here"
        }
        PairingState::Forgotten => {
            "the server says that the record with the clinic was ended, and no longer has it, so nothing was exchanged \
             with it; what is here stays here"
        }
        PairingState::Removed => {
            "this phone is not a member of the record any more, so nothing was exchanged with the clinic; \
             what is here stays here"
        }
    };
    Some(PhoneError::NotDone(why.to_owned()))
}

/// What needs a record that this phone is not in says why it is not.
pub(super) fn explain(phone: &Phone<'_, '_>, error: PhoneError) -> PhoneError {
    let PhoneError::Core(CoreError::NotPaired) = &error else {
        return error;
    };
    let Ok(status) = phone.patient.status() else {
        return error;
    };
    let why = match status.pairing {
        PairingState::Alone | PairingState::Paired { .. } => return error,
        PairingState::Waiting { .. } => {
            "this phone is not let in yet: the other side has to compare the words first; `status` shows them"
        }
        PairingState::NotLetIn => {
            "this phone was not let in to the record; `pair` by a new link first"
        }
        PairingState::Ended { .. } => {
            "the record with the clinic was ended; what is here stays here"
        }
        PairingState::Forgotten => {
            "the server says that the record with the clinic was ended, and no longer has it; what is here stays here"
        }
        PairingState::Removed => {
            "this phone is not a member of the record any more; what is here stays here"
        }
    };
    PhoneError::NotDone(why.to_owned())
}
