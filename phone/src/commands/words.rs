//! The recovery words: making them, and acting with them.

use companion_core::patient::{EarlierWords, Patient};

use super::{Done, Phone};
use crate::error::PhoneError;

pub(super) fn make(phone: &mut Phone<'_, '_>) -> Done {
    let sheet = phone.exchange(Patient::make_recovery_code)?;
    for (index, word) in sheet.words().into_iter().enumerate() {
        phone.say(&format!("{:>2}  {word}", index + 1))?;
    }
    phone.say(&format!(
        "\nTo come back on a new phone, type:\n    phone --data DIR recover --server {}\n\n\
         Write the words and this address on paper now: the words are shown once and kept nowhere. \
         Whoever has them can read everything.",
        sheet.server
    ))?;
    match sheet.earlier {
        EarlierWords::None => Ok(()),
        EarlierWords::Retired => phone.say(
            "They replace the words that were made before them, which open nothing any more.",
        ),
        EarlierWords::NotYet => phone.say(
            "The words that were made before them still open everything. `sync` ends them when the server \
             can be reached, and `status` says when it is done.",
        ),
    }
}

pub(super) fn recover(phone: &mut Phone<'_, '_>, server: &str) -> Done {
    let words = ask(phone)?;
    let pairing = phone.exchange(|patient| patient.recover(server, &words))?;
    phone.say(&format!(
        "This phone is yours again, with {}. What was never synced from the old one is not here.\n\
         If the old phone was lost, remove it: `devices` lists it, and `devices remove ID --with-words` \
         removes it by the same words.",
        pairing.clinic
    ))
}

/// The twelve words, typed on one line or piped in as twelve.
pub(super) fn ask(phone: &mut Phone<'_, '_>) -> Result<String, PhoneError> {
    phone.ask("Type your twelve recovery words, then Enter.")?;
    if phone.terminal.asks {
        phone.read_line()
    } else {
        phone.read_all()
    }
}
