//! The safety plan. Private until it is shared; looking at it tells nobody anything.

use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::unlocked::UnlockedChoice;
use companion_core::domain::{DocumentId, ItemId, Moment, SafetyPlan, Side, Visibility};
use companion_core::records::{Apart, View, Written};
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Done, Phone, own, support};
use crate::args::care::{OnOff, Safety, SafetyAction};
use crate::error::PhoneError;
use crate::format;

pub(super) fn safety(phone: &mut Phone<'_, '_>, asked: Safety) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => {
            let plan = phone.patient.safety_plan()?;
            show(phone, plan.as_ref(), as_json)
        }
        Some(SafetyAction::Add { step, number, text }) => {
            let line = PlanLine {
                number: number.unwrap_or_default(),
                ..PlanLine::new(text.join(" "))
            };
            let plan = phone
                .patient
                .change_safety_plan(|plan, id| plan.lines_mut(step).push(id, line))?;
            show(phone, Some(&plan), as_json)
        }
        Some(SafetyAction::Edit {
            step,
            line,
            number,
            text,
        }) => change(phone, step, line, as_json, |plan, id| {
            plan.lines_mut(step).update(id, |line| {
                if !text.is_empty() {
                    line.text = text.join(" ");
                }
                if let Some(number) = number {
                    line.number = number;
                }
            });
        }),
        Some(SafetyAction::Remove { step, line }) => {
            change(phone, step, line, as_json, |plan, id| {
                plan.lines_mut(step).remove(id);
            })
        }
        Some(SafetyAction::Move { step, line, to }) => {
            change(phone, step, line, as_json, |plan, id| {
                plan.lines_mut(step).move_to(id, to.saturating_sub(1));
            })
        }
        Some(SafetyAction::Share) => {
            there(phone)?;
            let shared = phone.patient.share_safety_plan(Visibility::CareTeam)?;
            show(phone, Some(&shared), as_json)
        }
        Some(SafetyAction::Unlocked {
            people,
            clinic_name,
        }) => unlocked(phone, people, clinic_name, as_json),
        Some(SafetyAction::Withdraw(sure)) => {
            let asked = Asked::of(sure, as_json)?;
            let plan = there(phone)?;
            if !plan.shared {
                if as_json {
                    return show(phone, Some(&plan), true);
                }
                return phone.say("The plan is not shared; there is nothing to take back.");
            }
            let before = phone.patient.what_remains::<SafetyPlan>(plan.id)?;
            if !own::may_take_back(phone, asked, &[before])? {
                return Ok(());
            }
            let after = phone.between_exchanges(|patient| {
                let remains = patient.what_remains::<SafetyPlan>(plan.id)?;
                patient.withdraw_safety_plan().map(|_| remains)
            })?;
            if as_json {
                let plan = phone.patient.safety_plan()?;
                return show(phone, plan.as_ref(), true);
            }
            own::say_taken_back(phone, asked, &[before], &[after])
        }
    }
}

/// Says or changes what can be read without unlocking.
fn unlocked(
    phone: &mut Phone<'_, '_>,
    people: Option<OnOff>,
    clinic_name: Option<OnOff>,
    as_json: bool,
) -> Done {
    let before = phone.patient.unlocked_choice()?;
    let or = |word: Option<OnOff>, before| word.map_or(before, |word| word == OnOff::On);
    let choice = UnlockedChoice {
        people: or(people, before.people),
        clinic_name: or(clinic_name, before.clinic_name),
    };
    if people.is_some() || clinic_name.is_some() {
        let chosen = phone.patient.choose_unlocked(choice);
        chosen.map_err(|error| not_chosen(phone, choice, error.into()))?;
    }
    // What is really there, and not only what was chosen.
    let there = phone.folder.help_here();
    let has_card = there.card_at.is_some();
    if as_json {
        return phone.json(&json!({
            "people": choice.people,
            "clinic_name": choice.clinic_name,
            "readable": {"people": there.people.len(), "clinic_card": has_card},
        }));
    }
    phone.say(&match (choice.people, there.people.len()) {
        (true, 0) => {
            "On, and nothing of your safety plan is there: steps 4 and 5 are empty, or the copy could not be written."
                .to_owned()
        }
        (true, lines) => format!(
            "On: anybody who has this phone can read the people and professionals of your safety plan (steps 4 and \
             5), {}, without unlocking it, by `phone crisis`. `safety unlocked off` takes them away.",
            counted(lines)
        ),
        (false, 0) => {
            "Off: nothing of your safety plan can be read without unlocking this phone. `safety unlocked on` lets \
             anybody who has it read the people and professionals (steps 4 and 5)."
                .to_owned()
        }
        (false, lines) => format!(
            "Off, and {} of your safety plan can still be read without unlocking this phone: `safety unlocked off` \
             tries again to take that away.",
            counted(lines)
        ),
    })?;
    phone.say(match (has_card, choice.clinic_name) {
        (false, _) => "Nothing of your clinic is there.",
        (true, true) => {
            "Your clinic's number is there, if it gave one, with its name. `safety unlocked --clinic-name off` takes \
             the name away."
        }
        (true, false) => "Your clinic's number is there, if it gave one, without its name.",
    })
}

fn counted(lines: usize) -> String {
    match lines {
        1 => "1 line".to_owned(),
        many => format!("{many} lines"),
    }
}

/// Why a choice was not taken whole, and what can be read without unlocking all the same.
fn not_chosen(phone: &Phone<'_, '_>, choice: UnlockedChoice, error: PhoneError) -> PhoneError {
    let there = phone.folder.help_here();
    let lines = there.people.len();
    let file = phone.folder.help_file();
    let file = file.display();
    let still = match (choice.people, lines) {
        (true, 0) => "nothing of your safety plan can be read without unlocking".to_owned(),
        (true, _) => return error,
        (false, 0) => "nothing of your safety plan can be read without unlocking now; choose this again once that \
                       is mended, so that it stays so"
            .to_owned(),
        (false, _) => format!(
            "{} of your safety plan can still be read without unlocking, in {file}; remove that file to end it",
            counted(lines)
        ),
    };
    PhoneError::NotDone(format!("{error}; {still}"))
}

fn there(phone: &Phone<'_, '_>) -> Result<View<SafetyPlan>, PhoneError> {
    let plan = phone.patient.safety_plan()?;
    plan.ok_or_else(|| {
        PhoneError::NotDone("there is no safety plan yet; `safety add` begins one".to_owned())
    })
}

/// Changes one line, counted as it is shown.
fn change(
    phone: &mut Phone<'_, '_>,
    step: PlanStep,
    line: usize,
    as_json: bool,
    change: impl FnOnce(&mut SafetyPlan, ItemId),
) -> Done {
    let plan = there(phone)?;
    let id = line_of(&plan.content, step, line)?;
    // By the line that was seen, whatever came in since.
    let plan = phone
        .patient
        .change_safety_plan(|plan, _| change(plan, id))?;
    show(phone, Some(&plan), as_json)
}

/// The id of a line, counted as it is shown.
fn line_of(plan: &SafetyPlan, step: PlanStep, line: usize) -> Result<ItemId, PhoneError> {
    let wanted = line
        .checked_sub(1)
        .and_then(|line| plan.lines(step).iter().nth(line));
    wanted.map(|(id, _)| id).ok_or_else(|| {
        PhoneError::Usage(format!("that step has no line {line}; `safety` shows them"))
    })
}

/// What two places made of the same line apart.
fn apart(plan: &View<SafetyPlan>, line: ItemId) -> impl Iterator<Item = &Apart> {
    let of_line = format!(".{line}.");
    let apart = plan.apart.iter();
    apart.filter(move |apart| apart.field.contains(&of_line))
}

/// The document that has the wordings of a field: a plan that two phones began apart is two.
fn holder(phone: &Phone<'_, '_>, field: &str) -> Result<Option<DocumentId>, PhoneError> {
    let parts = phone.patient.safety_plans()?.into_iter();
    let mut holding = parts.filter(|part| part.apart.iter().any(|apart| apart.field == field));
    Ok(holding.next().map(|part| part.id))
}

fn show(phone: &mut Phone<'_, '_>, plan: Option<&View<SafetyPlan>>, as_json: bool) -> Done {
    if as_json {
        let written = written(phone, plan)?;
        return phone.json(&as_value(plan, &written));
    }
    let only_here = phone.patient.safety_lines_only_here()?;
    for step in PlanStep::ALL {
        let number = step
            .number()
            .map(|number| format!("{number}. "))
            .unwrap_or_default();
        phone.say(&format!("{number}{}", step.heading()))?;
        let Some(plan) = plan else { continue };
        for (count, (id, line)) in (1..).zip(plan.content.lines(step).iter()) {
            let call = if line.number.is_empty() {
                String::new()
            } else {
                format!("  Call {}", line.number)
            };
            let only_yours = match only_here.contains(&id) {
                true => "  (only yours)",
                false => "",
            };
            phone.say(&format!("   {count}) {}{call}{only_yours}", line.text))?;
            for apart in apart(plan, id) {
                let field = format::field(&apart.field);
                for line in format::each_wording(apart) {
                    phone.say(&format!("      {line}"))?;
                }
                if let Some(holder) = holder(phone, &apart.field)? {
                    phone.say(&format!(
                        "      To choose: choose {} {field} NUMBER",
                        format::short(holder)
                    ))?;
                }
            }
        }
    }
    phone.say("\nHelp right now:")?;
    support::card(phone)?;
    let here = phone.here()?;
    match plan {
        Some(plan) => phone.say(&format!("Where the plan is: {}.", format::delivery(&plan.delivery, here))),
        None => phone.say("Nothing is written yet: `safety add 1 \u{2026}` begins. It is private until you share it."),
    }?;
    if let Some(last) = written(phone, plan)?.first() {
        let line = last_change(last, phone.now);
        phone.say(&line)?;
    }
    if only_here.is_empty() {
        return Ok(());
    }
    phone.say(
        "Lines marked \u{201c}only yours\u{201d} were written or changed on another of your phones before it knew that the plan is shared. \
         Your clinic does not have them; `safety share` shares them too.",
    )
}

/// Who wrote what of the plan is shared, the newest change first: of what is private nobody but its writer did.
fn written(
    phone: &Phone<'_, '_>,
    plan: Option<&View<SafetyPlan>>,
) -> Result<Vec<Written>, PhoneError> {
    if !plan.is_some_and(|plan| plan.shared) {
        return Ok(Vec::new());
    }
    let parts = phone.patient.safety_plans()?.into_iter();
    let mut all = Vec::new();
    for part in parts.filter(|part| part.shared) {
        all.extend(phone.patient.written(part.id)?);
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.at.unix_ms));
    Ok(all)
}

fn last_change(last: &Written, now: Moment) -> String {
    let who = match last.side {
        Side::Patient => "you".to_owned(),
        Side::Clinic if last.by.is_empty() => "your clinic".to_owned(),
        Side::Clinic => format!("{} at your clinic", last.by),
    };
    format!("Last written by {who}, {}.", format::time(last.at, now))
}

fn as_value(plan: Option<&View<SafetyPlan>>, written: &[Written]) -> Value {
    let steps: Vec<Value> = PlanStep::ALL
        .into_iter()
        .map(|step| {
            let lines = plan.map(|plan| plan.content.lines(step).iter().map(|(id, line)| {
                json!({
                    "id": id.to_string(),
                    "text": line.text,
                    "number": line.number,
                    "wordings": apart(plan, id).flat_map(|apart| &apart.wordings).collect::<Vec<_>>(),
                })
            }).collect::<Vec<_>>());
            json!({"step": step.number(), "heading": step.heading(), "lines": lines.unwrap_or_default()})
        })
        .collect();
    json!({
        "steps": steps,
        "visibility": plan.map(|plan| plan.content.visibility.as_str()),
        "written": written.iter().map(|one| json!({
            "side": one.side.as_str(),
            "by": one.by,
            "at": one.at,
        })).collect::<Vec<_>>(),
    })
}
