//! Who can read what is shared; a second phone; the recovery words.

use companion_core::domain::Moment;
use companion_core::patient::{DeviceKind, DeviceView, EarlierWords, Patient};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

use super::find::by_prefix;
use super::{Done, Phone};
use crate::error::PhoneError;
use crate::format;

pub(super) fn list(phone: &mut Phone<'_, '_>) -> Done {
    let devices = phone.patient.devices()?;
    phone.say("Who can read what you share:")?;
    for device in &devices {
        for line in lines(device, phone.now) {
            phone.say(&line)?;
        }
    }
    Ok(())
}

/// A device in words: what it is called, what it is, and since when; when it was last heard of.
fn lines(device: &DeviceView, now: Moment) -> Vec<String> {
    let what = match device.kind {
        DeviceKind::ThisPhone => "this phone",
        DeviceKind::Phone => "another phone of yours",
        DeviceKind::RecoveryWords => "no phone: twelve words on paper",
        DeviceKind::Clinic => "your clinic",
        DeviceKind::Unnamed => "it has not said what it is",
    };
    let joined = format::time(device.joined_at, now);
    let mut line = format!(
        "{}  {} ({what}), since {joined}",
        device.member.short(),
        device.name
    );
    if device.kind != DeviceKind::ThisPhone
        && let Some(at) = device.last_received_at
    {
        line.push_str(&format!(", last heard of {}", format::day(at)));
    }
    if device.removed {
        line.push_str("; removed, gets nothing new");
    }
    let mut lines = vec![line];
    if let Some(words) = &device.compare_words {
        lines.push(format!("          {}", words.join("  ")));
        lines.push(
            "          Does it show these words? If it shows others, it is somebody else's: remove it."
                .to_owned(),
        );
    }
    lines
}

pub(super) fn rename(phone: &mut Phone<'_, '_>, name: &[String]) -> Done {
    phone.patient.rename_phone(&name.join(" "))?;
    let name = phone.patient.status()?.name;
    phone.say(&format!(
        "This phone is called {name}. Your other devices and your clinic see it so after the next `sync`."
    ))
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
    let name = devices.iter().find(|device| device.member == member);
    let name = name.map_or_else(|| member.short().to_string(), |device| device.name.clone());
    phone.exchange(|patient| patient.remove_device(member))?;
    phone.say(&format!(
        "{name} is removed: it gets nothing that is written from now on. What it had read it keeps.",
    ))?;
    let words = phone.patient.status()?.recovery_words.standing;
    if words.is_some_and(|words| words.maker_removed) {
        phone.say(
            "Your recovery words were made on it. Whoever has it may have seen them: make new ones with \
             `recovery-code`.",
        )?;
    }
    Ok(())
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
         Once it has joined, `sync` here and look at `devices`: both phones must show the same words.",
        format::time(invitation.expires_at, phone.now)
    ))
}

pub(super) fn recovery_code(phone: &mut Phone<'_, '_>) -> Done {
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
        EarlierWords::Retired => {
            phone.say("The words that were made before them open nothing any more.")
        }
        EarlierWords::NotYet => phone.say(
            "The words that were made before them still open everything. `sync` ends them when the server \
             can be reached, and `status` says when it is done.",
        ),
    }
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
