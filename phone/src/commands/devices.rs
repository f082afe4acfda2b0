//! Who can read what is shared, and who waits to: a second phone comes in, a lost one goes.

use companion_core::domain::Moment;
use companion_core::patient::{DeviceKind, DeviceView, PairingState, Patient};
use companion_core::protocol::id::MemberId;
use companion_core::{CoreError, NotNow};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::find::by_prefix;
use super::{Done, Phone, words};
use crate::error::PhoneError;
use crate::format;

pub(super) fn list(phone: &mut Phone<'_, '_>) -> Done {
    let devices = phone.patient.devices()?;
    let is_this_out = devices
        .iter()
        .any(|device| device.kind == DeviceKind::ThisPhone && !device.reads_shared);
    phone.say(if is_this_out {
        "This phone is out of what you share. When it last was in, these could read it:"
    } else {
        "Who can read what you share:"
    })?;
    let is_out = |device: &&DeviceView| device.removed.is_some() || !device.reads_shared;
    let (out, present): (Vec<_>, Vec<_>) = devices.iter().partition(is_out);
    for device in present {
        let line = line(device, phone.now);
        phone.say(&line)?;
    }
    let (still, gone): (Vec<_>, Vec<_>) = out.into_iter().partition(|device| device.reads_private);
    if !still.is_empty() {
        phone.say("\nWho can't, and still gets what you keep private:")?;
        for device in &still {
            let line = line(device, phone.now);
            phone.say(&line)?;
        }
        phone.say(
            "`devices remove ID` ends that on a phone that was there before it; `devices remove ID --with-words` \
             does by your recovery words. Until then, keep private only what that device may have.",
        )?;
    }
    if !gone.is_empty() {
        phone.say("\nWho could, and gets nothing new any more:")?;
        let (sheets, devices): (Vec<_>, Vec<_>) = gone
            .into_iter()
            .partition(|device| device.kind == DeviceKind::RecoveryWords);
        for device in devices {
            let line = line(device, phone.now);
            phone.say(&line)?;
        }
        if !sheets.is_empty() {
            let sheets = format::count(
                sheets.len().try_into().unwrap_or(u64::MAX),
                "earlier sheet",
                "earlier sheets",
            );
            phone.say(&format!("{sheets} of recovery words"))?;
        }
    }
    waiting(phone)
}

/// A device in words: what it is called, what it is, and since when; when it was last heard of, and how it
/// went.
fn line(device: &DeviceView, now: Moment) -> String {
    let what = match device.kind {
        DeviceKind::ThisPhone => "this phone",
        DeviceKind::Phone => "another phone of yours",
        DeviceKind::RecoveryWords => "no phone: twelve words on paper",
        DeviceKind::Clinic => "your clinic",
        DeviceKind::Unnamed => "it has not said what it is",
    };
    let mut line = format!(
        "{}  {} ({what}), since {}",
        device.member.short(),
        device.name,
        // In the private space the day alone is said, so that the two can't be told to belong together.
        match device.reads_shared || device.removed.is_some() {
            true => format::time(device.joined_at, now),
            false => format::day_of(device.joined_at),
        }
    );
    if device.kind != DeviceKind::ThisPhone
        && let Some(at) = device.last_received_at
    {
        line.push_str(&format!(", last heard of {}", format::day_of(at)));
    }
    if let Some(removed) = &device.removed {
        let at = format::time(removed.at, now);
        line.push_str(&match &removed.by {
            Some(by) => format!("; removed by {by} on {at}"),
            None => format!("; left on {at}"),
        });
    }
    line
}

/// Phones that came by this one's links, with what to do.
fn waiting(phone: &mut Phone<'_, '_>) -> Done {
    for newcomer in phone.patient.newcomers()? {
        let short = newcomer.member.short();
        let at = format::time(newcomer.came_at, phone.now);
        if newcomer.is_confirmed {
            phone.say(&format!(
                "\n{short}  You let in a phone that came by your link on {at}, and that broke off: `sync` finishes \
                 it. If it is not to come after all: devices turn-away {short}"
            ))?;
            continue;
        }
        phone.say(&format!(
            "\nA phone came by your link on {at}, and waits to be let in. It can read nothing yet."
        ))?;
        match &newcomer.compare_words {
            Some(words) => {
                phone.say(&format!("{short}  {}", words.join("  ")))?;
                phone.say(&format!(
                    "Does your other phone show the same words? Then let it in: devices let-in {short}\n\
                     Does it show others, or say that the link was used? Then somebody else came by the link: \
                     devices turn-away {short}"
                ))?;
            }
            None => phone.say(&format!(
                "{short}  The words to compare are not here yet: `sync`, then look again."
            ))?,
        }
    }
    Ok(())
}

pub(super) fn let_in(phone: &mut Phone<'_, '_>, member: &str) -> Done {
    let member = newcomer(phone, member)?;
    phone.exchange(|patient| patient.confirm_phone(member))?;
    phone.say(
        "That phone is let in: after its next `sync` it shows all that is in your record, the private \
         entries too.",
    )
}

pub(super) fn turn_away(phone: &mut Phone<'_, '_>, member: &str) -> Done {
    let member = newcomer(phone, member)?;
    let newcomers = phone.patient.newcomers()?;
    let was_confirmed = newcomers
        .iter()
        .any(|n| n.member == member && n.is_confirmed);
    phone.exchange(|patient| patient.refuse_phone(member))?;
    phone.say(if was_confirmed {
        "That phone is turned away: it gets nothing that is written from now on. You had let it in before, so it \
         may have read what is in your record, and keeps that."
    } else {
        "That phone is turned away. It could read nothing, and nobody can come by that link any more; \
         `invite-phone` makes a new one."
    })
}

fn newcomer(phone: &Phone<'_, '_>, prefix: &str) -> Result<MemberId, PhoneError> {
    let newcomers = phone.patient.newcomers()?;
    if newcomers.is_empty() {
        return Err(CoreError::from(NotNow::NobodyToConfirm).into());
    }
    by_prefix(prefix, newcomers.iter().map(|newcomer| newcomer.member))
}

pub(super) fn rename(phone: &mut Phone<'_, '_>, name: &[String]) -> Done {
    phone.patient.rename_phone(&name.join(" "))?;
    let status = phone.patient.status()?;
    let seen = match status.pairing {
        PairingState::Paired { .. } => {
            " Your other devices and your clinic see it so after the next `sync`."
        }
        PairingState::Alone | PairingState::Waiting { .. } => {
            " Your other devices and your clinic see it so once it is let in."
        }
        PairingState::NotLetIn
        | PairingState::Removed
        | PairingState::Ended { .. }
        | PairingState::Forgotten => "",
    };
    phone.say(&format!("This phone is called {}.{seen}", status.name))
}

pub(super) fn remove(phone: &mut Phone<'_, '_>, member: &str, with_words: bool) -> Done {
    let devices = phone.patient.devices()?;
    let member = by_prefix(member, devices.iter().map(|device| device.member))?;
    let device = devices.iter().find(|device| device.member == member);
    if device.is_some_and(|device| device.kind == DeviceKind::Clinic) {
        return Err(PhoneError::NotDone(
            "that is your clinic; to stop sharing with it, talk to it, or take entries back"
                .to_owned(),
        ));
    }
    let name = device.map_or_else(|| member.short().to_string(), |device| device.name.clone());
    if with_words {
        let words = words::ask(phone)?;
        let removed = phone.exchange(|patient| patient.remove_device_with_words(member, &words));
        if removed.is_err() && is_half_removed(phone, member)? {
            phone.say(&format!(
                "{name} is removed from what you share, and NOT yet from what you keep private: that broke off. \
                 Repeat this command; until then what you keep private waits on this phone."
            ))?;
        }
        removed?;
    } else {
        phone.exchange(|patient| patient.remove_device(member))?;
    }
    phone.say(&format!(
        "{name} is removed: it gets nothing that is written from now on. What it had read it keeps.",
    ))?;
    let words = phone.patient.status()?.recovery_words.standing;
    if words.is_some_and(|words| words.maker_removed && words.made_on == name) {
        phone.say(
            "Your recovery words were made on it. Whoever has it may have seen them: make new ones with \
             `recovery-code`.",
        )?;
    }
    Ok(())
}

/// Whether a device is out of what is shared, and still gets what is private.
fn is_half_removed(phone: &Phone<'_, '_>, member: MemberId) -> Result<bool, PhoneError> {
    let devices = phone.patient.devices()?;
    let mut same = devices.iter().filter(|device| device.member == member);
    Ok(same.any(|device| device.removed.is_some() && device.reads_private))
}

pub(super) fn leave(phone: &mut Phone<'_, '_>) -> Done {
    let was_waiting = matches!(
        phone.patient.status()?.pairing,
        PairingState::Waiting { .. }
    );
    phone.exchange(Patient::leave)?;
    phone.say(if was_waiting {
        "This phone does not wait to be let in any more. What is on it stays on it."
    } else {
        "This phone left the record: it gets nothing that is written from now on, and what is written on it \
         is shared with nobody. What is on it stays on it."
    })
}

pub(super) fn invite_phone(phone: &mut Phone<'_, '_>) -> Done {
    let invitation = phone.exchange(|patient| patient.invite_phone())?;
    if let Ok(code) = QrCode::with_error_correction_level(&invitation.link, EcLevel::L) {
        // What a code calls light is drawn, and its dark left out: right on a dark terminal, where
        // many cameras would not read the other way round.
        let drawn = code
            .render::<Dense1x2>()
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark)
            .build();
        phone.say(&drawn)?;
    }
    phone.say(&invitation.link)?;
    phone.say(&format!(
        "\nScan this with your second phone, or `pair` it with the link, until {}.\n\
         It opens everything, the private entries too: give it to nobody else.\n\
         Once it has come, `sync` here and look at `devices`: if both phones show the same words, you let it in \
         there. Until then it can read nothing.",
        format::time(invitation.expires_at, phone.now)
    ))?;
    if invitation.earlier_is_good {
        phone.say(
            "The link that you made before can still be used, too: until its own time is up, or a phone is let in.",
        )?;
    }
    Ok(())
}
