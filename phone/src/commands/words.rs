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
    let place = sheet.asks_for;
    let earlier = phone.patient.status()?.recovery_words;
    if earlier.standing.is_none() && earlier.others.iter().any(|other| other.maker_removed) {
        phone.say(
            "\nThe earlier words are of a phone that was removed. If what you kept private on it is not here, that \
             sheet is the only way to it: `recover` with it on an empty phone BEFORE you confirm the new words.",
        )?;
    }
    phone.say(&match sheet.replaces {
        true => format!(
            "\nThe words that were made before them stay good until these are on paper. Then give back word \
             {place}, and the earlier ones end: recovery-code confirm WORD"
        ),
        false => format!(
            "\nOnce they are on paper, give back word {place}: recovery-code confirm WORD\n\
             Until then this phone asks you for it."
        ),
    })
}

pub(super) fn confirm(phone: &mut Phone<'_, '_>, word: &str) -> Done {
    let earlier = phone.exchange(|patient| patient.confirm_recovery_code(word))?;
    phone.say(match earlier {
        EarlierWords::None => "That is the word. Keep the sheet where you find it without your phone.",
        EarlierWords::Retired => {
            "That is the word. The words that were made before them open nothing any more: tear that sheet up."
        }
        EarlierWords::NotYet => {
            "That is the word. The words that were made before them still open everything: `sync` ends them when \
             the server can be reached, and `status` says when it is done."
        }
    })
}

pub(super) fn end_others(phone: &mut Phone<'_, '_>) -> Done {
    phone.exchange(Patient::end_other_words)?;
    let left = phone.patient.status()?.recovery_words;
    phone.say(match left.standing {
        Some(_) => "All other recovery words open nothing any more; `status` shows the ones that are good.",
        None => {
            "All recovery words open nothing any more. There are none now: `recovery-code` makes new ones."
        }
    })
}

pub(super) fn recover(phone: &mut Phone<'_, '_>, name: Option<String>, server: &str) -> Done {
    let words = ask(phone)?;
    if let Some(name) = name {
        phone.patient.rename_phone(&name)?;
    }
    let pairing = phone.exchange(|patient| patient.recover(server, &words))?;
    phone.say(&format!(
        "This phone is yours again, with {}. What was never synced from the old one is not here.\n\
         If the old phone was lost, remove it: `devices` lists it, and `devices remove ID --with-words` \
         removes it by the same words. Whoever found the sheet can do all this, too: if it was in other hands, \
         make new words with `recovery-code`.",
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
