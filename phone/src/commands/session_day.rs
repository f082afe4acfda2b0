//! The day of a session on the phone: where the patient stands, and what they may need there without asking.

use companion_core::domain::session_day::SessionStage;
use companion_core::domain::session_preparation::EscortMode;
use companion_core::domain::{DosingSession, SessionPreparation};
use companion_core::patient::Today;

use super::{Done, Phone, session};
use crate::crisis;
use crate::format;

/// Where the patient stands, as the first line.
pub(super) fn stage(today: &Today, phone: &Phone<'_, '_>) -> String {
    let at = |moment| format::time(moment, phone.now);
    match today.stage {
        SessionStage::Before => format!(
            "Your session is today at {}. `session here` says that you are there.",
            at(today.session.at)
        ),
        SessionStage::During => {
            "You are in your session. There is nothing that you have to do here.".to_owned()
        }
        SessionStage::After => format!(
            "It is quiet until {}: no prompts, no questionnaires. Entries, check-ins, commitments, lines for your \
             next session and answers on use that you write stay yours alone until then. What care may need at once \
             reaches your clinic as always: a request for contact, your medicines and what is new, a shared safety \
             plan, what you settle or tick for a session, and answers to questionnaires that your clinic asked for or \
             that you share. If your other phone does not know yet that you are here, what you share from it can \
             still reach your clinic.",
            at(today.day.quiet_until)
        ),
        SessionStage::NextDay => {
            "The quiet hours are over. `session review` shows what you wrote in them.".to_owned()
        }
    }
}

/// What somebody may need during a session and in its quiet hours: who takes them home, where it is, whom to call.
/// It asks for nothing.
pub(super) fn at_hand(
    phone: &mut Phone<'_, '_>,
    it: &DosingSession,
    settled: &SessionPreparation,
    stage: SessionStage,
) -> Done {
    if !settled.escort_name.is_empty() {
        let mode = settled.escort_mode.as_ref().map_or("", EscortMode::label);
        let more = session::after(&[&settled.escort_phone, mode]);
        phone.say(&format!(
            "Who takes you home: {};{more}.",
            settled.escort_name
        ))?;
    }
    for words in [&it.place, &it.address, &it.contact] {
        if !words.is_empty() {
            phone.say(&format!("   {words}"))?;
        }
    }
    let card = phone.patient.support_card()?;
    if let Some(number) = card.map(|card| card.clinic_number)
        && !number.is_empty()
    {
        phone.say(&format!("Your clinic: {number}"))?;
    }
    if stage == SessionStage::After && settled.marks().ended.is_some() {
        phone.say("If it is not over yet: `session undo ended`.")?;
    }
    phone.say(crisis::POINTER)
}
