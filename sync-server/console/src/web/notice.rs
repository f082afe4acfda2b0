//! What was just done, in a sentence on top of the page that a form leads to.

/// The sentence for `?done=…`, shown once after a form was sent.
pub(crate) fn notice(done: Option<&str>) -> Option<&'static str> {
    match done? {
        "replied" => Some(
            "Reply saved. It goes to the sync server as soon as that can be reached, and from there to the patient’s phone when that syncs next.",
        ),
        "reviewed" => Some("Marked reviewed."),
        "changed" => Some(
            "What you read is marked reviewed. The patient changed it meanwhile: the new words are not.",
        ),
        "unreviewed" => Some("No longer marked reviewed."),
        "talked" => Some("Noted as talked about."),
        "talked-changed" => Some(
            "What you read is noted as talked about. The patient changed it meanwhile: the new words are not.",
        ),
        "untalked" => Some("It is to be talked about again."),
        "medicines-reviewed" => Some(
            "Noted as reviewed. The patient’s phone shows your name and the time once it has exchanged with the server.",
        ),
        "plan-changed" => Some(
            "The safety plan is changed. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "registered" => Some(
            "The patient is registered. There is no invitation yet, because the sync server did not take part: make it from here later.",
        ),
        "phase" => Some("Phase set."),
        "outcome" => Some("The outcome is recorded. The patient sees it with the next exchange."),
        "finding" => Some(
            "The finding is written down. The patient’s phone has it once it has exchanged with the server.",
        ),
        "screening-item" => Some("The item is added."),
        "screening-item-gone" => {
            Some("The item is taken back. What was found of it stays in the history.")
        }
        "medicine" => Some(
            "Written down. The patient sees nothing of it unless you show it; a copy that they have stays as it was.",
        ),
        "wording" => {
            Some("Chosen. It says that from now on, and the other wordings are in the history.")
        }
        "reading" => Some("The reading is written down. Clinicians alone see it."),
        "release-asked" => Some(
            "Asked. The patient reads it on their phone once it has exchanged with the server. Nothing may be told before they allow it.",
        ),
        "request-gone" => Some("The request is taken back."),
        "retention" => Some(
            "Saved. Patients’ phones say so before an end once they have exchanged with the server.",
        ),
        "release-rules" => {
            Some("Saved. Patients’ phones keep to it once they have exchanged with the server.")
        }
        "reading-gone" => Some("The reading is taken back."),
        "medicine-shown" => {
            Some("The patient’s phone shows route and dose once it has exchanged with the server.")
        }
        "medicine-hidden" => Some(
            "Taken back. The patient’s phone shows nothing of it once it has exchanged with the server.",
        ),
        "costs" => Some(
            "Structure and costs are written down. The patient’s phone shows them, and asks again, once it has exchanged with the server.",
        ),
        "costs-removed" => Some(
            "The line is removed. The patient’s phone shows it, and asks again, once it has exchanged with the server.",
        ),
        "walked-through" => Some("Noted as walked through with the patient."),
        "planned" => Some("The number of sessions is planned."),
        "paused" => {
            Some("Paused. The patient’s phone shows it once it has exchanged with the server.")
        }
        "going-on" => Some(
            "The programme goes on. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "ended" => Some(
            "The programme has ended. The patient’s phone shows it, with the closing summary, once it has exchanged with the server.",
        ),
        "summary" => Some(
            "The closing summary is kept. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "reminders" => {
            Some("Saved. Patients’ phones remind by it once they have exchanged with the server.")
        }
        "prompts" => {
            Some("Saved. Patients’ phones offer them so once they have exchanged with the server.")
        }
        "questions" => {
            Some("Saved. Patients’ phones ask so once they have exchanged with the server.")
        }
        "guides" => Some(
            "Saved for all patients. Each phone shows it once it has exchanged with the server.",
        ),
        "guides-unchanged" => Some("Nothing was saved, since no word was changed."),
        "guides-ours" => Some(
            "These are our words, so the clinic’s own are taken back: ours count again for all patients. Each phone shows them once it has exchanged with the server.",
        ),
        "team" => Some(
            "The care team is changed. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "programme" => Some("The programme has begun, with its assessment."),
        "session" => Some(
            "Session added. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "session-told" => Some(
            "The details of the session are changed. The patient’s phone shows them once it has exchanged with the server.",
        ),
        "moved" => Some(
            "Session moved. The patient’s phone shows it once it has exchanged with the server; until then it shows the earlier time.",
        ),
        "time-corrected" => Some(
            "The time of the session is corrected. The patient’s phone shows it once it has exchanged with the server; until then it shows the earlier time.",
        ),
        "called-off" => Some(
            "Session called off. The patient’s phone shows it once it has exchanged with the server; until then it shows the session as planned.",
        ),
        "put-back" => Some(
            "Session put back. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "visit" => Some(
            "Visit planned. The patient’s phone shows it once it has exchanged with the server. It reminds of visits, but not in a pause or after the end of the programme.",
        ),
        "visit-moved" => Some(
            "Visit moved. The patient’s phone shows it once it has exchanged with the server; until then it shows the earlier time.",
        ),
        "visit-called-off" => Some(
            "Visit called off. The patient’s phone shows it once it has exchanged with the server; until then it shows the visit as planned.",
        ),
        "visit-put-back" => Some(
            "Visit put back. The patient’s phone shows it once it has exchanged with the server.",
        ),
        "removed" => Some(
            "Removed: it gets nothing that is shared from now on. What the patient keeps private still reaches it until they remove it too.",
        ),
        "paired" => Some("The words were the same: the phone is let in."),
        "refused" => Some(
            "The words were not the same: the phone is turned away, and nobody can come by its link any more.",
        ),
        "corrected" => Some("Corrected."),
        "archived" => Some(
            "Archived. What the patient writes from now on brings the entry back until somebody opened it.",
        ),
        "brought-back" => Some(
            "Brought back to the caseload. A programme that ended stays ended: take it up again, or begin another one.",
        ),
        "merged" => Some("Merged: this is the entry that was kept."),
        "flag-raised" => {
            Some("The flag is raised. It stands first on the caseload until it is closed.")
        }
        "flag-acknowledged" => Some(
            "Acknowledged: the flag says that you take care of it. It stays open until it is closed.",
        ),
        "flag-reopened" => {
            Some("The flag is open again, with what you wrote. Nobody has acknowledged it since.")
        }
        "flag-added" => Some("Added to the flag, which stays closed."),
        "flag-closed" => Some("The flag is closed, with what you wrote."),
        "monitoring" => {
            Some("Set for all patients. Each phone says it once it has exchanged with the server.")
        }
        "card" => Some(
            "The support card is written for all patients. Each phone shows it once it has exchanged with the server.",
        ),
        "rule" => Some(
            "The rule holds from now on. It has looked at each patient’s newest answers to that measure.",
        ),
        "rule-ended" => Some("The rule holds no more. The flags that it raised stay."),
        "role-set" => Some("The role is set. It holds with the next page that the person opens."),
        "rights-set" => {
            Some("Set. It holds for everybody of that role with the next page that they open.")
        }
        "access-ended" => Some("The access is ended, and every session of that person with it."),
        "access-again" => Some("The person can sign in again, with the passphrase that they had."),
        "emergency" => {
            Some("The whole record is shown to you for one hour. Your reason is written down.")
        }
        "emergency-ended" => Some(
            "The emergency is ended: you are shown what your role shows. The patient reads when it ended.",
        ),
        "anothers-emergency-ended" => Some(
            "The emergency is ended: that person is shown what their role shows. The patient reads when it ended.",
        ),
        "dismissed" => Some("Dismissed. It is shown again if it is noticed with other words."),
        _ => None,
    }
}
