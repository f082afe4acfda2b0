//! Whether large recordings and pictures go over a network that the person pays by the amount.

use serde_json::json;

use super::{Done, Phone};
use crate::args::upkeep::{OnMetered, YesNo};

pub(super) fn choose(phone: &mut Phone<'_, '_>, asked: &OnMetered) -> Done {
    if let Some(choice) = asked.choice {
        phone
            .patient
            .send_attachments_on_metered(choice == YesNo::Yes)?;
    }
    let are_sent = phone.patient.attachments_on_metered()?;
    if asked.shape.json {
        return phone.json(&json!({ "attachments_on_metered": are_sent }));
    }
    phone.say(match are_sent {
        true => "Recordings and pictures go over any network.",
        false => {
            "Recordings and pictures beyond 1 MB wait for a network that is not metered, and so do those that come. \
             What you write goes over any."
        }
    })
}
