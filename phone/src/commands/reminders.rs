//! What a phone would remind of, and what the patient chose about it. A terminal schedules nothing: it says
//! what a phone would.

use companion_core::domain::reminder::{
    Fingerprint, LockScreenChoice, Notification, NotificationId, Pause, Plan, Preferences,
    Readiness, Scheduled, Standing, TimeOfDay, Topic, When,
};
use companion_core::domain::{Content as _, Moment, ReminderPreferences, ReminderRules, Zone};
use serde_json::{Value, json};

use super::choose::of_kind;
use super::plan::not_readable;
use super::{Done, Phone};
use crate::args::care::{LockScreen, ReminderAction, Reminders};
use crate::error::PhoneError;
use crate::format;

pub(super) fn reminders(phone: &mut Phone<'_, '_>, asked: &Reminders) -> Done {
    match &asked.action {
        Some(ReminderAction::Rules) => rules(phone, asked.shape.json),
        Some(action) => choose(phone, action.clone(), asked.shape.json),
        None => list(phone, asked),
    }
}

fn list(phone: &mut Phone<'_, '_>, asked: &Reminders) -> Done {
    let zone = match &asked.zone {
        Some(name) => Zone::named(name).map_err(|error| PhoneError::Usage(error.to_string()))?,
        None => Zone::fixed(phone.now.offset_minutes),
    };
    let from = match asked.from {
        None => zone.moment(phone.now.unix_ms),
        Some(local) => zone.place(local).map(|(moment, _)| moment),
    };
    let from = from.ok_or_else(|| PhoneError::Usage("that time is in no calendar".to_owned()))?;
    let plan = phone.patient.reminders(&zone, from, &[])?;
    if let Some(file) = &asked.against {
        let before = scheduled(phone, file)?;
        return difference(phone, &plan, &before, asked.shape.json);
    }
    if asked.shape.json {
        return phone.json(&json!({
            "zone": zone.name(),
            "from": from,
            "notifications": plan.notifications,
            "more": plan.more,
        }));
    }
    let mut unreadable = phone.patient.plan()?.unreadable;
    unreadable.retain(|kind| *kind == ReminderRules::KIND);
    for line in not_readable(&unreadable) {
        phone.say(&line)?;
    }
    if plan.notifications.is_empty() {
        let why = why_nothing(phone, &zone)?;
        return phone.say(why);
    }
    phone.say(&format!("By the clock of {}:", zone.name()))?;
    for notification in &plan.notifications {
        phone.say(&line(notification))?;
    }
    if plan.more {
        phone.say("More follow; they are planned once these were shown.")?;
    }
    of_kind::<ReminderPreferences>(phone)?;
    phone.say(
        "\nA locked screen shows only what stands after the arrow. `reminders pause` is silence.",
    )
}

fn line(notification: &Notification) -> String {
    // With the zone's own offset, so that a change of the clock can be seen.
    let at = format::time(notification.at, notification.at);
    format!(
        "{at}  {}\n    \u{2192} {}",
        notification.words,
        notification.lock_screen.text()
    )
}

/// Why a plan is empty, as far as one thing is the reason.
fn why_nothing(phone: &Phone<'_, '_>, zone: &Zone) -> Result<&'static str, PhoneError> {
    let facts = phone.patient.reminder_facts(zone)?;
    let chosen = phone.patient.reminder_preferences()?;
    let pauses_all = chosen.is_some_and(|view| !view.content.all.is_empty());
    Ok(match (facts.standing, facts.readiness) {
        (Standing::Paused, _) => "Nothing is planned: the programme is paused.",
        (Standing::NotYet, _) => {
            "Nothing is planned: the assessment came to \u{201c}not yet\u{201d}."
        }
        (Standing::NotAFit, _) => {
            "Nothing is planned: the assessment came to \u{201c}not a fit\u{201d}."
        }
        (Standing::Ended, _) => "Nothing is planned: the programme has ended.",
        (Standing::NotAMember, _) => {
            "Nothing is planned: this phone is not a member of the record with your clinic, and hears of no change."
        }
        (Standing::NotReadable, _) => {
            "Nothing is planned: your programme was written by a newer version. Update this app to see it."
        }
        (Standing::Running, _) if pauses_all => {
            "Nothing is planned: you chose a break from all reminders."
        }
        (Standing::Running, Readiness::Undecided) => {
            "Nothing is planned: reminders begin once the assessment came to \u{201c}ready\u{201d}."
        }
        (Standing::Running, Readiness::Ready) => "Nothing is planned.",
    })
}

/// What an earlier plan had, as it was said as JSON.
fn scheduled(phone: &mut Phone<'_, '_>, file: &str) -> Result<Vec<Scheduled>, PhoneError> {
    let text = match file {
        "-" => phone.read_all()?,
        file => std::fs::read_to_string(file).map_err(|error| PhoneError::Folder {
            path: file.into(),
            error,
        })?,
    };
    let odd =
        || PhoneError::Usage("--against takes what `reminders --json` said, whole".to_owned());
    let before: Value = serde_json::from_str(&text).map_err(|_| odd())?;
    let all = before.get("notifications").and_then(Value::as_array);
    let one = |it: &Value| {
        let id: NotificationId = it.get("id")?.as_str()?.parse().ok()?;
        let fingerprint: Option<Fingerprint> = it
            .get("fingerprint")
            .and_then(Value::as_str)
            .and_then(|it| it.parse().ok());
        Some(Scheduled { id, fingerprint })
    };
    all.ok_or_else(odd)?
        .iter()
        .map(|it| one(it).ok_or_else(odd))
        .collect()
}

fn difference(phone: &mut Phone<'_, '_>, plan: &Plan, before: &[Scheduled], as_json: bool) -> Done {
    let difference = plan.difference(before);
    if as_json {
        return phone.json(&json!({
            "to_cancel": difference.to_cancel,
            "to_schedule": difference.to_schedule,
        }));
    }
    if difference.to_cancel.is_empty() && difference.to_schedule.is_empty() {
        return phone.say("Nothing changes.");
    }
    for id in &difference.to_cancel {
        phone.say(&format!("cancel    {}", format::short(id)))?;
    }
    for notification in &difference.to_schedule {
        phone.say(&format!(
            "schedule  {}  {}",
            format::short(notification.id),
            line(notification)
        ))?;
    }
    Ok(())
}

/// All rules: the clinic's, and the default ones that it left as they are.
fn rules(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let set = phone.patient.clinic_reminder_rules()?;
    let rules = phone.patient.reminder_rules()?;
    let moved = phone.patient.reminder_preferences()?;
    let moved = moved.map(|view| view.content.moved).unwrap_or_default();
    let of_clinic = |name: &str| {
        set.as_ref()
            .is_some_and(|set| set.change_of(name).is_some())
    };
    if as_json {
        let all: Vec<Value> = rules
            .pack()
            .rules
            .iter()
            .map(|rule| {
                json!({
                    "rule": rule.id,
                    "topic": rule.topic,
                    "when": rule.when,
                    "words": rule.words,
                    "set_by_clinic": of_clinic(rule.id.as_str()),
                    "moved_to": moved.get(rule.id.as_str()),
                })
            })
            .collect();
        return phone.json(&json!({ "by": set.as_ref().map(|set| &set.by), "rules": all }));
    }
    match &set {
        Some(set) => phone.say(&format!(
            "Set by {}. What is not marked is the default:",
            set.by
        ))?,
        None => phone.say("The clinic set none of its own; these are the default ones:")?,
    }
    for rule in &rules.pack().rules {
        let name = rule.id.as_str();
        let mut marks = Vec::new();
        if of_clinic(name) {
            marks.push("set by the clinic".to_owned());
        }
        if let Some(time) = moved.get(name) {
            marks.push(format!("you moved it to {time}"));
        }
        let marks = match marks.is_empty() {
            true => String::new(),
            false => format!("  ({})", marks.join("; ")),
        };
        phone.say(&format!("{name}{marks}\n    {}", rule.words))?;
    }
    Ok(())
}

fn choose(phone: &mut Phone<'_, '_>, action: ReminderAction, as_json: bool) -> Done {
    let now = phone.now;
    match &action {
        ReminderAction::Move { rule, time } => can_move(phone, rule, *time)?,
        ReminderAction::Pause {
            until: Some(until), ..
        } => {
            let today = now.local_date();
            if today.is_some_and(|today| *until <= today) {
                return Err(PhoneError::Usage(
                    "that day is not to come, so nothing would be silent; give a later one"
                        .to_owned(),
                ));
            }
        }
        _ => {}
    }
    let moved_to = match &action {
        // A fast is told when it begins, also in quiet hours.
        ReminderAction::Move { rule, .. } if is_a_fast(phone, rule)? => None,
        ReminderAction::Move { time, .. } | ReminderAction::CheckInAt { time } => *time,
        _ => None,
    };
    let said = match &action {
        ReminderAction::Pause { topic: None, .. } => {
            "You are reminded of nothing. Take the time that you need."
        }
        ReminderAction::Pause { .. } => "You are not reminded of that.",
        ReminderAction::Resume { .. } => "",
        ReminderAction::Rules => "",
        ReminderAction::Quiet { .. }
        | ReminderAction::CheckInAt { .. }
        | ReminderAction::Move { .. } => "It is planned by that from now on.",
        ReminderAction::LockScreen {
            what: LockScreen::Neutral,
        } => "A locked screen tells only that there is a reminder.",
        ReminderAction::LockScreen {
            what: LockScreen::Words,
        } => {
            "A locked screen tells the words of a reminder. Whoever sees your phone can read that you have a session. \
             `reminders lock-screen neutral` takes that back."
        }
    };
    let is_resumed = matches!(action, ReminderAction::Resume { .. });
    let chosen = phone.patient.choose_reminders(|choices| match action {
        ReminderAction::Pause { topic, until } => {
            let pause = Some(until.map_or(Pause::Open, Pause::Until));
            match topic {
                Some(topic) => choices.pause(topic, pause),
                None => choices.pause_all(pause),
            }
        }
        ReminderAction::Resume { topic: Some(topic) } => choices.pause(topic, None),
        ReminderAction::Resume { topic: None } => choices.pause_all(None),
        ReminderAction::Quiet { hours } => choices.keep_quiet(hours),
        ReminderAction::CheckInAt { time } => choices.check_in_at = time,
        ReminderAction::Move { rule, time } => choices.move_rule(&rule, time),
        ReminderAction::Rules => {}
        ReminderAction::LockScreen { what } => {
            let what = match what {
                LockScreen::Words => LockScreenChoice::Words,
                LockScreen::Neutral => LockScreenChoice::Neutral,
            };
            choices.tell_on_lock_screen(what, now);
        }
    })?;
    let read = chosen.content.read();
    let quiet = match read.quiet {
        Some(quiet) => quiet,
        None => phone.patient.reminder_rules()?.pack().caps.quiet,
    };
    let in_quiet = moved_to.is_some_and(|time| quiet.include(time));
    if as_json {
        let it = &chosen.content;
        return phone.json(&json!({
            "paused": it.paused,
            "all": it.all,
            "quiet": it.quiet,
            "check_in_at": read.check_in_at,
            "moved": it.moved,
            "lock_screen": match it.lock_screen() {
                LockScreenChoice::Words => "words",
                LockScreenChoice::Neutral => "neutral",
            },
            "in_quiet_hours": in_quiet,
        }));
    }
    match is_resumed {
        true => phone.say(&resumed(&read, now))?,
        false => phone.say(said)?,
    }
    if in_quiet {
        phone.say(&format!(
            "That time is in the quiet hours, {} to {}, in which nothing is shown: it is shown before or after them.",
            quiet.from(),
            quiet.until()
        ))?;
    }
    Ok(())
}

/// What is said after a break: that it is over, and what still rests because it was chosen apart from it.
fn resumed(choices: &Preferences, now: Moment) -> String {
    let rests = |pause: Pause| match pause {
        Pause::Open => true,
        Pause::Until(day) => now.local_date().is_none_or(|today| today < day),
    };
    if let Some(pause) = choices.all.filter(|pause| rests(*pause)) {
        return format!(
            "You are still reminded of nothing{}: you chose a break from all reminders. `reminders resume` ends it.",
            until(pause)
        );
    }
    let paused = choices.paused.iter();
    let resting: Vec<String> = paused
        .filter(|(_, pause)| rests(**pause))
        .map(|(topic, pause)| format!("{}{}", topic.as_str().replace('_', "-"), until(*pause)))
        .collect();
    if resting.is_empty() {
        return "You are reminded again.".to_owned();
    }
    format!(
        "You are reminded again, but for what you paused by itself: {}. `reminders resume NAME` ends that too.",
        resting.join(", ")
    )
}

fn until(pause: Pause) -> String {
    match pause {
        Pause::Open => String::new(),
        Pause::Until(day) => format!(" until {}", format::day(day)),
    }
}

fn is_a_fast(phone: &Phone<'_, '_>, rule: &str) -> Result<bool, PhoneError> {
    let known = phone.patient.reminder_rules()?;
    let mut all = known.pack().rules.iter();
    Ok(all.any(|known| known.id.as_str() == rule && known.topic == Topic::Fasting))
}

/// Whether there is a reminder of that name, and it has a time of its day to move.
fn can_move(phone: &Phone<'_, '_>, rule: &str, time: Option<TimeOfDay>) -> Done {
    let known = phone.patient.reminder_rules()?;
    let mut all = known.pack().rules.iter();
    let Some(found) = all.find(|known| known.id.as_str() == rule) else {
        return Err(PhoneError::Usage(
            "there is no such reminder; `reminders rules` lists their names".to_owned(),
        ));
    };
    match (&found.when, time) {
        (When::BeforeSession { minutes }, Some(_)) => Err(PhoneError::Usage(format!(
            "this one comes {minutes} minutes before a session begins, whenever that is, and has no time of its \
             day to move"
        ))),
        _ => Ok(()),
    }
}
