//! Which sync server the record goes through, and going to another one. Never without being told to.

use super::{Done, Phone};
use crate::args::devices::ServerAction;

pub(super) fn server(phone: &mut Phone<'_, '_>, action: Option<ServerAction>) -> Done {
    match action {
        None => show(phone),
        Some(ServerAction::Follow) => {
            let address = phone.exchange(|patient| patient.follow_clinic())?;
            arrived(phone, &address)
        }
        Some(ServerAction::Use { address }) => {
            phone.exchange(|patient| patient.use_server(&address))?;
            arrived(phone, &address)
        }
    }
}

fn show(phone: &mut Phone<'_, '_>) -> Done {
    match phone.patient.status()?.server {
        Some(server) => phone.say(&format!("Server: {server}"))?,
        None => phone.say("This phone uses no server yet.")?,
    }
    ask(phone)
}

/// Says that the clinic moved, and asks.
pub(super) fn ask(phone: &mut Phone<'_, '_>) -> Done {
    let status = phone.patient.status()?;
    let Some(address) = status.moved_to else {
        return Ok(());
    };
    let clinic = status.clinic.unwrap_or_else(|| "Your clinic".to_owned());
    phone.say(&format!(
        "{clinic} moved to another server, {address}. Until you follow, this phone stays with the old one."
    ))?;
    phone.say("`server follow` goes there. Nothing that is on this phone is lost by it.")
}

fn arrived(phone: &mut Phone<'_, '_>, address: &str) -> Done {
    phone.say(&format!(
        "This phone uses {address} from now on. `sync` gives that server what it lacks."
    ))
}
