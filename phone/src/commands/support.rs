//! Help right now and who at the clinic reads what arrives: said wherever somebody may need it at once.

use chrono::Weekday;
use companion_core::domain::Monitoring;
use companion_core::domain::support_card::lines_to_show;
use companion_core::records::DeliveryState;

use serde_json::{Value, json};

use super::{Done, Phone};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Mon, "Monday"),
    (Weekday::Tue, "Tuesday"),
    (Weekday::Wed, "Wednesday"),
    (Weekday::Thu, "Thursday"),
    (Weekday::Fri, "Friday"),
    (Weekday::Sat, "Saturday"),
    (Weekday::Sun, "Sunday"),
];

/// The card with the lines to call, the clinic's among them.
pub(super) fn card(phone: &mut Phone<'_, '_>) -> Done {
    let card = phone.patient.support_card()?;
    for line in lines_to_show(card.as_ref()) {
        phone.say(&crisis::line(&line))?;
    }
    Ok(())
}

/// The same for a program.
pub(super) fn as_value(phone: &Phone<'_, '_>) -> Result<Value, PhoneError> {
    let card = phone.patient.support_card()?;
    let lines = lines_to_show(card.as_ref())
        .into_iter()
        .map(|line| json!({"label": line.label, "number": line.number, "how": line.how.as_str()}));
    Ok(lines.collect())
}

/// How to be called by the clinic, where this phone can ask for that at all.
pub(super) fn to_be_called(phone: &Phone<'_, '_>, words: &str) -> Result<String, PhoneError> {
    Ok(match phone.is_out()? {
        true => {
            "Your clinic hears nothing from this phone: to be called, call it yourself.".to_owned()
        }
        false => format!("To be called: `{words}`."),
    })
}

/// Whether anybody at the clinic will see something, and when. Never more than is known.
pub(super) fn who_sees(
    phone: &Phone<'_, '_>,
    delivery: &DeliveryState,
) -> Result<String, PhoneError> {
    let state = format::sentence(&format::delivery(delivery, phone.here()?));
    if phone.is_out()? {
        let nobody = "Nobody at your clinic hears from this phone: do not wait for an answer.";
        return Ok(match delivery {
            DeliveryState::OnlyYours | DeliveryState::TakenBack { .. } => nobody.to_owned(),
            _ => format!("{state} {nobody}"),
        });
    }
    if matches!(
        delivery,
        DeliveryState::OnlyYours | DeliveryState::TakenBack { .. }
    ) {
        return Ok("Nobody at your clinic sees this unless you share it.".to_owned());
    }
    let monitoring = phone.patient.monitoring()?;
    let hours = monitoring.filter(|it| it.gaps().is_empty());
    Ok(match hours {
        Some(monitoring) => format!("{state} {}", reads(&monitoring)),
        None => format!(
            "{state} Your clinic has not said who reads what arrives, or when: do not wait for an answer."
        ),
    })
}

/// Who reads what arrives, and when.
fn reads(monitoring: &Monitoring) -> String {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let days = WEEK.iter().filter_map(|(day, name)| {
        let spans = monitoring.spans(*day);
        let spans: Vec<_> = spans
            .iter()
            .map(|span| format!("{}\u{2013}{}", time(span.from), time(span.until)))
            .collect();
        (!spans.is_empty()).then(|| format!("{name} {}", spans.join(", ")))
    });
    let days: Vec<_> = days.collect();
    format!(
        "{} is responsible for reading what arrives: {} ({}). Outside these hours nobody looks.",
        monitoring.responsible,
        days.join("; "),
        monitoring.zone
    )
}
