//! What does not count any more.

use super::{Done, Phone};
use crate::format;

/// Each change that was taken back with the device that wrote it, whole: it stands nowhere else.
pub(super) fn list(phone: &mut Phone<'_, '_>) -> Done {
    let retracted = phone.patient.retracted()?;
    if retracted.is_empty() {
        return phone.say("Everything that came to this phone counts.");
    }
    phone.say(
        "This does not count any more: the device that wrote it was removed, and whoever removed it had not \
         read this. It is kept on this phone only.",
    )?;
    for change in &retracted {
        let at = format::time(change.removed_at, phone.now);
        phone.say(&format!(
            "\n{} by {}, which {} removed on {at}",
            format::sentence(change.kind.as_str()).trim_end_matches('.'),
            change.written_by,
            change.removed_by
        ))?;
        for line in change.words.lines() {
            phone.say(&format!("    {line}"))?;
        }
    }
    phone.say("\nWhat of it is yours you can write again.")
}
