//! What was shared once and deleted since.

use serde_json::json;

use super::{Done, Phone};
use crate::args::care::Shape;
use crate::format;

/// Each with what the clinic may keep of it, as far as this phone knows now: it hears later that somebody had opened
/// something before the clinic heard of the deletion.
pub(super) fn list(phone: &mut Phone<'_, '_>, shape: Shape) -> Done {
    let deleted = phone.patient.deleted()?;
    if shape.json {
        let all = deleted.iter().map(|one| {
            json!({
                "kind": one.kind.as_str(),
                "at": one.at,
                "what_remains": one.remains.at_the_clinic(),
            })
        });
        return phone.json(&all.collect::<Vec<_>>().into());
    }
    if deleted.is_empty() {
        return phone.say("Nothing that was shared was deleted since.");
    }
    for one in &deleted {
        let kind = format::capital(&one.kind.in_words());
        let remains = one.remains.at_the_clinic();
        // Nothing of it left the phone, as far as this phone knows now.
        let remains =
            remains.unwrap_or("As far as this phone knows your clinic never received it.");
        phone.say(&format!(
            "{kind}, taken back on {}\n   {remains}",
            format::time(one.at, phone.now)
        ))?;
    }
    Ok(())
}
