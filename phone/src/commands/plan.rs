//! The programme as the patient sees it: where they are, with whom, how many sessions, what the assessment
//! came to, and what it costs; and that they acknowledge the costs.

mod as_json;

use companion_core::domain::cost_sheet::CostLine;
use companion_core::domain::programme::{Gate, PatientProgramme, Standing};
use companion_core::domain::{Content as _, CostSheet, Kind, Moment, Phase, Programme, Readiness};
use companion_core::patient::{Costs, Plan};

use super::{Done, Phone, visits};
use crate::args::upkeep::CostsAsked;
use crate::error::PhoneError;
use crate::format;
use crate::save::{Existing, save};

const NO_COSTS: &str = "the clinic has not sent structure and costs to this phone yet";

/// Everything, in words or as JSON.
pub(super) fn show(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let plan = phone.patient.plan()?;
    if as_json {
        let text = as_json::of(&plan)?;
        return phone.say(&text);
    }
    let now = phone.now;
    let mut lines = match plan.shown() {
        Some(shown) => programme(&shown, plan.closed, now),
        None if plan.unreadable.contains(&Programme::KIND) => Vec::new(),
        None => vec!["The clinic has not begun a programme on this phone yet.".to_owned()],
    };
    lines.extend(not_readable(&plan.unreadable));
    let ahead = plan.visits.iter();
    let ahead = ahead.filter(|visit| visit.takes_place() && visit.at.unix_ms >= now.unix_ms);
    lines.extend(ahead.map(|visit| visits::line(visit, now)));
    if let Some(readiness) = &plan.readiness {
        lines.extend(assessment(readiness, now));
    }
    if let Some(costs) = &plan.costs {
        lines.extend(money(costs, now));
    }
    for line in &lines {
        phone.say(line)?;
    }
    phone.say(
        "\nThis is what the clinic had sent by the last exchange. Ask the clinic if something seems wrong.",
    )
}

/// Structure and costs alone, and as a file to hand in.
pub(super) fn costs(phone: &mut Phone<'_, '_>, asked: &CostsAsked) -> Done {
    let plan = phone.patient.plan()?;
    let Some(costs) = &plan.costs else {
        return Err(no_costs(&plan));
    };
    if let Some(path) = &asked.summary {
        let clinic = phone.patient.status()?.clinic.unwrap_or_default();
        let existing = match asked.force {
            true => Existing::Replace,
            false => Existing::Keep,
        };
        save(path, &costs.summary(&clinic, phone.now), existing)?;
    }
    if asked.shape.json {
        let text = as_json::of_costs(&plan)?;
        return phone.say(&text);
    }
    for line in money(costs, phone.now) {
        phone.say(line.trim_start_matches('\n'))?;
    }
    match &asked.summary {
        Some(path) => phone.say(&format!(
            "\nA summary to hand in is in {}. It is no receipt: your clinic gives those.",
            path.display()
        )),
        None => phone.say("\n`plan costs --summary FILE` keeps a summary to hand in."),
    }
}

/// Acknowledges structure and costs in the version that was shown.
pub(super) fn acknowledge(
    phone: &mut Phone<'_, '_>,
    version: u32,
    sessions: Option<u32>,
    name: &str,
) -> Done {
    let plan = phone.patient.plan()?;
    let Some(costs) = plan.costs else {
        return Err(no_costs(&plan));
    };
    let present = costs.sheet.content.version;
    if version != present {
        return Err(PhoneError::NotDone(format!(
            "structure and costs are version {present} now; look at them with `plan` first"
        )));
    }
    if sessions != costs.planned {
        return Err(PhoneError::NotDone(match costs.planned {
            Some(_) => "the number of sessions belongs to it: give the one that `plan` shows now, with `--sessions`",
            None => "no number of sessions is planned now; look at it with `plan` first",
        }
        .to_owned()));
    }
    let said = phone.patient.acknowledge_costs(&costs, name)?;
    let at = format::time(said.at, phone.now);
    phone.say(&format!(
        "Version {present} of structure and costs is acknowledged by {}, {at}. The clinic sees it once this phone \
         has synced. If they change, you are asked again.",
        said.by
    ))
}

/// Why there is no sheet to show.
fn no_costs(plan: &Plan) -> PhoneError {
    let why = match plan.unreadable.contains(&CostSheet::KIND) {
        true => "structure and costs were written by a newer version; update this app to see them",
        false => NO_COSTS,
    };
    PhoneError::NotDone(why.to_owned())
}

/// What counts and can't be read here, each in a sentence.
pub(super) fn not_readable(kinds: &[Kind]) -> impl Iterator<Item = String> {
    kinds.iter().map(|kind| {
        let what = match kind.as_str() {
            "programme" => "Your programme was",
            "readiness" => "What the assessment came to was",
            "cost_sheet" => "Structure and costs were",
            "monitoring" => "Who at the clinic reads what arrives was",
            "support_card" => "A newer list of whom to call was",
            "reminder_rules" => "Your clinic's rules for reminders were",
            "use_questions" => "Your clinic's questions on use were",
            "prompt_rules" => "Your clinic's prompts were",
            "medication_list" => "Your list of medicines was",
            "screening" => "The checklist of your assessment was",
            "clinic_profile" => "What your clinic says of itself was",
            "people" => "The list of who works at your clinic was",
            "release_rules" => "Your clinic's rules for releases were",
            _ => "Something of your clinic's was",
        };
        format!("{what} written by a newer version. Update this app to see it.")
    })
}

/// What a glance shows: that the clinic waits for a word on the costs.
pub(super) fn glance(phone: &mut Phone<'_, '_>) -> Done {
    let plan = phone.patient.plan()?;
    for line in not_readable(&plan.unreadable) {
        phone.say(&line)?;
    }
    if plan
        .costs
        .is_some_and(|costs| costs.waits_for_the_patient())
    {
        phone.say("The clinic asks you to look at structure and costs: see `plan`.")?;
    }
    Ok(())
}

/// What a session that is booked waits for, in the patient's words.
pub(super) const fn before_it(closed: Gate) -> &'static str {
    match closed {
        Gate::NoOutcome => "your clinic says what the assessment came to",
        Gate::NotYet { .. } | Gate::NotAFit => {
            "the assessment is looked at again: it did not come to “ready”"
        }
        Gate::UnreadableOutcome => {
            "this app is updated: what the assessment came to was written by a newer version"
        }
        Gate::UnreadableCosts => {
            "this app is updated: structure and costs were written by a newer version"
        }
        Gate::NoCostSheet => "your clinic writes down structure and costs",
        Gate::NotWalkedThrough => "your clinic goes through structure and costs with you",
        Gate::NotAcknowledged => "you look at structure and costs, and acknowledge them",
        Gate::ChangedSince => {
            "you look at structure and costs again: they changed since you acknowledged them"
        }
    }
}

fn programme(shown: &PatientProgramme<'_>, closed: Option<Gate>, now: Moment) -> Vec<String> {
    let mut lines = vec![format!("Programme with {}: {}.", shown.medicine, at(shown))];
    if !shown.reason.is_empty() {
        lines.push(format!("Why: {}", shown.reason));
    }
    let team = shown.team.iter();
    lines.extend(team.map(|one| format!("With {}, {}", one.name, words(one.role.as_str()))));
    let count = shown.sessions;
    let held = match count.planned {
        Some(planned) => format!("{} of {planned} planned held", count.held),
        None => format!("{} held", count.held),
    };
    lines.push(format!("Dosing sessions: {held}, {} to come", count.ahead));
    if let Some(next) = shown.next_session {
        let at = format::time(next.at, now);
        lines.push(format!("The next one: number {}, {at}", next.number));
        lines.extend(closed.map(|closed| format!("Before it, {}", before_it(closed))));
    }
    if let Some(summary) = shown.closing_summary {
        lines.push(format!("Closing summary:\n{summary}"));
    }
    lines
}

/// Where the programme is.
fn at(shown: &PatientProgramme<'_>) -> String {
    let phase = shown.phase.label().to_lowercase();
    match (shown.phase, shown.standing) {
        (Phase::Closed, _) | (_, Standing::Ended) => "it has ended".to_owned(),
        (_, Standing::Paused) => format!("paused in the {phase} phase"),
        (_, Standing::Running) => format!("in the {phase} phase"),
    }
}

fn assessment(readiness: &Readiness, now: Moment) -> Vec<String> {
    let outcome = readiness.outcome().label().to_lowercase();
    let at = format::time(readiness.at, now);
    let mut lines = vec![format!(
        "\nOutcome of the assessment: {outcome}, said by {} on {at}",
        readiness.by
    )];
    if !readiness.explanation.is_empty() {
        lines.push(readiness.explanation.clone());
    }
    for (_, one) in readiness.orientation.iter() {
        let where_to = match &*one.where_to {
            "" => String::new(),
            place => format!(": {place}"),
        };
        lines.push(format!("What would be useful now: {}{where_to}", one.what));
    }
    if let Some(day) = readiness.revisit_on {
        lines.push(format!("It is looked at again on {}", day.in_words()));
    }
    lines
}

fn money(costs: &Costs, now: Moment) -> Vec<String> {
    let Costs {
        sheet,
        planned,
        review,
        is_asked,
    } = costs;
    let version = sheet.content.version;
    let sessions = match planned {
        Some(1) => ", with 1 session".to_owned(),
        Some(planned) => format!(", with {planned} sessions"),
        None => String::new(),
    };
    let mut lines = vec![format!(
        "\nStructure and costs, version {version}{sessions}"
    )];
    let each = sheet.content.lines.iter();
    lines.extend(each.map(|(_, line)| one_line(line)));
    lines.push(match &review.walked_through {
        Some(one) => {
            let at = format::time(one.at, now);
            format!("{} went through this version with you on {at}", one.by)
        }
        None => "The clinic has not gone through this version with you yet".to_owned(),
    });
    let number = planned.map_or_else(String::new, |planned| format!(" --sessions {planned}"));
    let ask = format!("To acknowledge it: plan acknowledge {version}{number} --as NAME");
    match &review.acknowledged {
        Some(one) => {
            let at = format::time(one.at, now);
            lines.push(format!("Acknowledged by {} on {at}", one.by));
        }
        None if !is_asked => {}
        None if review.acknowledged_another => lines.push(format!(
            "You acknowledged another version or another number of sessions, so you are asked again. {ask}"
        )),
        None => lines.push(format!("You have not acknowledged it. {ask}")),
    }
    lines
}

fn one_line(line: &CostLine) -> String {
    let mut parts = vec![line.label.clone()];
    parts.push(match line.amount {
        Some(amount) => amount.label(),
        None => "sum not known yet".to_owned(),
    });
    if !line.provider.is_empty() {
        parts.push(format!("by {}", line.provider));
    }
    parts.push(format!("paid by {}", line.payer.label().to_lowercase()));
    if line.is_medicine {
        parts.push("the medicine itself".to_owned());
    }
    if line.hsa_fsa {
        parts.push("HSA/FSA accepted".to_owned());
    }
    format!("  {}", parts.join("; "))
}

fn words(word: &str) -> String {
    word.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use companion_core::domain::{LatestVisitor, Placement, visit_latest};

    use super::*;

    struct Words(Vec<String>);

    impl LatestVisitor for Words {
        fn visit<T: companion_core::domain::Latest>(&mut self) {
            if T::PLACEMENT == Placement::Care {
                self.0.extend(not_readable(&[T::KIND]));
            }
        }
    }

    #[test]
    fn what_a_newer_version_wrote_is_said_by_name_with_what_helps() {
        let mut words = Words(Vec::new());
        visit_latest(&mut words);
        for said in &words.0 {
            assert!(said.ends_with("Update this app to see it."), "{said}");
        }
        let unnamed = words.0.iter().filter(|said| said.starts_with("Something"));
        assert_eq!(unnamed.count(), 0, "{:?}", words.0);
    }
}
