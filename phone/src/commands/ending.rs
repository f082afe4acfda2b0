//! Ending the account: what remains where, the word to type, and how far it got.

use companion_core::CoreError;
use companion_core::domain::Moment;
use companion_core::patient::{AccountState, SharedThen};
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Done, Phone};
use crate::Terminal;
use crate::args::upkeep::End;
use crate::error::PhoneError;
use crate::format::{count, sentence, time};

/// What is typed to end an account.
const WORD: &str = "END";

pub(super) fn end(phone: &mut Phone<'_, '_>, asked: &End) -> Done {
    let is_said = match asked.yes.as_deref() {
        Some(WORD) => true,
        Some(_) => {
            let how = format!("the word is {WORD}: nothing was ended");
            return Err(PhoneError::Usage(how));
        }
        None => false,
    };
    Asked::by(is_said, asked.shape.json, &format!("--yes {WORD}"))?;
    let shared = match asked.take_back {
        true => SharedThen::IsTakenBack,
        false => SharedThen::Stays,
    };
    phone.patient.may_end_account()?;
    let before = phone.patient.before_ending()?;
    let is_decided = phone.patient.account_state()?.is_some();
    if !asked.shape.json && !is_decided {
        for sentence in before.sentences() {
            phone.say(&sentence)?;
        }
        if before.clinic.is_some() {
            phone.say(match shared {
                SharedThen::IsTakenBack => {
                    "What you chose to share is taken back, also what another phone of yours has sent."
                }
                SharedThen::Stays => {
                    "What you share stays with your clinic, as you shared it. `--take-back` takes it back."
                }
            })?;
        }
    }
    if !is_said {
        phone.ask(&match before.is_on_server {
            true => format!("To end your account, type {WORD}."),
            false => format!("To take your record away from this phone, type {WORD}."),
        })?;
        if phone.read_line()? != WORD {
            return phone.say("Nothing was ended.");
        }
    }
    let mut state = phone.patient.end_account(shared)?;
    let mut hindered = None;
    if let AccountState::Ending { at, .. } = state {
        match phone.exchange(|patient| patient.sync()) {
            Ok(_) => {}
            // Another command, such as `watch`, came to the end of it first.
            Err(PhoneError::NoPhone { .. }) => phone.gone_since = Some(at),
            // It is decided all the same, and goes on with the next exchange.
            Err(PhoneError::Core(error)) => hindered = Some(error),
            Err(error) => return Err(error),
        }
        state = match phone.gone_since {
            Some(at) => AccountState::Ended { at },
            None => phone.patient.account_state()?.unwrap_or(state),
        };
    }
    if asked.shape.json {
        let remains = before.sentences();
        let shared = match phone.gone_since {
            Some(_) => shared,
            None => phone.patient.shared_after_the_end()?.unwrap_or(shared),
        };
        return phone.json(&as_value(state, shared, hindered.as_ref(), &remains));
    }
    for line in lines(state, phone.now) {
        phone.say(&line)?;
    }
    match hindered {
        Some(error) => phone.say(&sentence(&error.to_string())),
        None => Ok(()),
    }
}

/// How it stands with the end of an account; nothing where what is here goes at once.
pub(super) fn lines(state: AccountState, now: Moment) -> Vec<String> {
    match state {
        AccountState::Ended { .. } => Vec::new(),
        AccountState::Ending { at, waiting } => {
            let mut lines = vec![format!(
                "Your account is being ended since {}. Nothing new is written on this phone. The end goes to the server \
                 with the next `sync` that gets through; until then all of it is still here.",
                time(at, now)
            )];
            if waiting > 0 {
                let changes = count(waiting, "change is", "changes are");
                lines.push(format!("{changes} sent before."));
            }
            lines
        }
        AccountState::EndedElsewhere {
            at,
            never_sent,
            still_shown,
            until,
        } => {
            let mut lines = vec![format!(
                "Your account was ended on your first phone, {}. Nothing new is written or sent here.",
                time(at, now)
            )];
            if never_sent > 0 {
                let things = count(never_sent, "change", "changes");
                lines.push(format!(
                    "This phone holds {things} of yours that never left it. `export` takes all of it along; `end` takes \
                     it away."
                ));
            }
            if still_shown > 0 {
                let (things, are, them) = match still_shown {
                    1 => ("1 thing".to_owned(), "is", "it"),
                    more => (format!("{more} things"), "are", "them"),
                };
                lines.push(format!(
                    "{things} that you took back or deleted here {are} still shown at your clinic: the account was ended \
                     before this phone had sent that. Ask them not to show {them} any more. `list` says it of what is \
                     still here, `deleted` of the rest."
                ));
            }
            if let Some(until) = until {
                lines.push(format!(
                    "It is the day of a session, so what is here stays here until {}.",
                    time(until, now)
                ));
            }
            lines
        }
    }
}

/// When the account was ended, where what is here can go.
pub(super) fn over_since(phone: &Phone<'_, '_>) -> Option<Moment> {
    match phone.patient.account_state() {
        Ok(Some(AccountState::Ended { at })) => Some(at),
        _ => None,
    }
}

/// Says that what was on this phone is gone, also where another command took it away.
pub(super) fn say_gone(at: Moment, now: Moment, terminal: &mut Terminal<'_>) -> Done {
    writeln!(
        terminal.output,
        "Your account was ended, {}. What was on this phone is gone from it. `phone crisis` still says whom to call.",
        time(at, now)
    )?;
    Ok(())
}

/// How it stands with the end of an account, in a word for programs.
pub(super) const fn word(state: AccountState) -> &'static str {
    match state {
        AccountState::Ending { .. } => "ending",
        AccountState::Ended { .. } => "ended",
        AccountState::EndedElsewhere { .. } => "ended_elsewhere",
    }
}

fn as_value(
    state: AccountState,
    shared: SharedThen,
    hindered: Option<&CoreError>,
    remains: &[String],
) -> Value {
    let (at, waiting, never_sent, still_shown) = match state {
        AccountState::Ending { at, waiting } => (at, waiting, 0, 0),
        AccountState::Ended { at } => (at, 0, 0, 0),
        AccountState::EndedElsewhere {
            at,
            never_sent,
            still_shown,
            ..
        } => (at, 0, never_sent, still_shown),
    };
    json!({
        "state": word(state),
        "at": at.to_string(),
        "shared_taken_back": shared == SharedThen::IsTakenBack,
        "waiting": waiting,
        "never_sent": never_sent,
        "still_shown": still_shown,
        "not_yet_because": hindered.map(ToString::to_string),
        "remains": remains,
    })
}
