//! What was just done, in a sentence on top of the page that a form leads to.

/// The sentence for `?done=…`, shown once after a form was sent.
pub(crate) fn notice(done: Option<&str>) -> Option<&'static str> {
    match done? {
        "replied" => Some(
            "Reply saved. It goes to the patient’s phone as soon as the sync server can be reached.",
        ),
        "reviewed" => Some("Marked reviewed."),
        "changed" => Some(
            "What you read is marked reviewed. The patient changed it meanwhile: the new words are not.",
        ),
        "unreviewed" => Some("No longer marked reviewed."),
        "registered" => Some(
            "The patient is registered. There is no invitation yet, because the sync server did not take part: make it from here later.",
        ),
        "phase" => Some("Phase set."),
        "session" => Some(
            "Session added. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "moved" => Some(
            "Session moved. The patient’s phone shows it once it has exchanged with the server; until then it shows the earlier time.",
        ),
        "called-off" => Some(
            "Session called off. The patient’s phone shows it once it has exchanged with the server; until then it shows the session as planned.",
        ),
        "put-back" => Some(
            "Session put back. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "removed" => Some("Phone removed. It receives nothing that is written from now on."),
        "paired" => Some("Paired."),
        "refused" => Some("That phone was removed. Make a new invitation when you are ready."),
        "dismissed" => Some("Dismissed. It is shown again if it is noticed with other words."),
        _ => None,
    }
}
