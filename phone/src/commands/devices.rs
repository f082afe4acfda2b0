//! Who can read what is shared; a second phone; the recovery words.

use companion_core::patient::DeviceKind;
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::find::by_prefix;
use super::{Done, Phone};
use crate::error::PhoneError;
use crate::format;

pub(super) fn list(phone: &mut Phone<'_, '_>) -> Done {
    let devices = phone.patient.devices()?;
    phone.say("Who can read what you share:")?;
    for device in devices {
        let what = match device.kind {
            DeviceKind::ThisPhone => "this phone",
            DeviceKind::Yours => "yours: another phone, or your recovery words",
            DeviceKind::Clinic => "your clinic",
        };
        let gone = if device.removed {
            "; removed, gets nothing new"
        } else {
            ""
        };
        let joined = format::time(device.joined_at, phone.now);
        phone.say(&format!(
            "{}  {what}, since {joined}{gone}",
            device.member.short()
        ))?;
    }
    Ok(())
}

pub(super) fn remove(phone: &mut Phone<'_, '_>, member: &str) -> Done {
    let devices = phone.patient.devices()?;
    let member = by_prefix(member, devices.iter().map(|device| device.member))?;
    let clinic = devices
        .iter()
        .any(|d| d.member == member && d.kind == DeviceKind::Clinic);
    if clinic {
        return Err(PhoneError::NotDone(
            "that is your clinic; to stop sharing with it, talk to it, or take entries back"
                .to_owned(),
        ));
    }
    phone.exchange(|patient| patient.remove_device(member))?;
    phone.say(&format!(
        "{} is removed: it gets nothing that is written from now on. What it had read it keeps.",
        member.short()
    ))
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
         It opens everything, the private entries too: give it to nobody else.",
        format::time(invitation.expires_at, phone.now)
    ))
}

pub(super) fn recovery_code(phone: &mut Phone<'_, '_>) -> Done {
    let code = phone.exchange(|patient| {
        let code = patient.make_recovery_code()?;
        // The words can open the record only once its keys were turned for them: before they are
        // shown.
        patient.sync()?;
        Ok(code)
    })?;
    for (index, word) in code.words().into_iter().enumerate() {
        phone.say(&format!("{:>2}  {word}", index + 1))?;
    }
    phone.say(
        "\nWrite these on paper now: they are shown once and kept nowhere. Whoever has them can \
         read everything.\nWords that were made before are worth nothing from now on.",
    )
}

pub(super) fn recover(phone: &mut Phone<'_, '_>, server: &str) -> Done {
    phone.ask("Type your twelve recovery words, then Enter.")?;
    // Typed on one line, or piped in as twelve.
    let words = if phone.terminal.asks {
        phone.read_line()?
    } else {
        phone.read_all()?
    };
    let pairing = phone.exchange(|patient| patient.recover(server, &words))?;
    phone.say(&format!(
        "This phone is yours again, with {}. What was never synced from the old one is not here.\n\
         If the old phone was lost, remove it: see `devices`.",
        pairing.clinic
    ))
}
