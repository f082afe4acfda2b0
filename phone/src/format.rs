//! Plain words for what is shown.

use chrono::NaiveDate;
use companion_core::domain::day::Day;
pub(crate) use companion_core::domain::text::capital;
use companion_core::domain::{CheckIn, DocumentId, Entry, ItemId, Moment, Scale};
use companion_core::patient::{CompareWith, PairingState};
use companion_core::records::{Apart, AttachmentView, DeliveryState, Reached, View};
use companion_core::{StandingWarning, WarningCode};

/// How many digits of an id are shown.
const SHORT: usize = 8;

/// An id as it is shown and may be typed.
pub(crate) fn short(id: impl std::fmt::Display) -> String {
    id.to_string().chars().take(SHORT).collect()
}

/// A sentence: its first letter large, a full stop at its end.
pub(crate) fn sentence(words: &str) -> String {
    let end = if words.is_empty() || words.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{}{end}", capital(words))
}

/// A time; the offset is named where it is not the one that this phone's wall shows now.
pub(crate) fn time(at: Moment, now: Moment) -> String {
    let Some(shown) = at.to_chrono() else {
        return at.to_string();
    };
    let text = shown.format("%-d %b %Y, %H:%M");
    if at.offset_minutes == now.offset_minutes {
        text.to_string()
    } else {
        format!("{text} (UTC{})", shown.format("%:z"))
    }
}

/// A day without its time.
pub(crate) fn day_of(at: Moment) -> String {
    at.local_date().map_or_else(|| at.to_string(), day)
}

/// A day as people read it. What is typed, and what a script reads, is 2026-11-23.
pub(crate) fn day(day: NaiveDate) -> String {
    Day::of(day).map_or_else(|| day.to_string(), Day::in_words)
}

/// What the words about delivery depend on besides the record.
#[derive(Clone, Copy)]
pub(crate) struct Here {
    /// The time.
    pub(crate) now: Moment,
    /// Why nothing leaves this phone, if nothing does.
    pub(crate) held: Option<Held>,
}

/// Why nothing that is shared leaves a phone, however often it syncs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// The clinic has not let it in yet.
    UntilClinic,
    /// The patient's other phone has not let it in yet.
    UntilOwnPhone,
    /// It was not let in.
    NotLetIn,
    /// It was removed, or left.
    Removed,
    /// The record was ended, at that time.
    Ended(Moment),
    /// The server says that the record was ended, and has forgotten it.
    Forgotten,
}

impl Held {
    /// Whether a phone that got so far with its pairing holds back what is shared.
    pub(crate) fn of(pairing: &PairingState) -> Option<Self> {
        match pairing {
            PairingState::Alone | PairingState::Paired { .. } => None,
            PairingState::Waiting { compare_with, .. } => Some(match compare_with {
                CompareWith::OwnPhone => Held::UntilOwnPhone,
                CompareWith::Clinic | CompareWith::Nobody => Held::UntilClinic,
            }),
            PairingState::NotLetIn => Some(Held::NotLetIn),
            PairingState::Removed => Some(Held::Removed),
            PairingState::Ended { at } => Some(Held::Ended(*at)),
            PairingState::Forgotten => Some(Held::Forgotten),
        }
    }
}

/// How far something got. Truthful and whole: a person decides by it whether to wait or to call.
pub(crate) fn delivery(state: &DeliveryState, here: Here) -> String {
    let now = here.now;
    match state {
        DeliveryState::OnlyYours => "only on your devices".to_owned(),
        DeliveryState::TakenBack { reached } => match reached {
            Reached::Nobody | Reached::Clinic => {
                "only on your devices; shared before, and not opened then as far as this phone knows".to_owned()
            }
            Reached::OpenedBefore | Reached::Opened => {
                "only on your devices; shared before, and somebody at your clinic opened it then".to_owned()
            }
            Reached::StillShown => {
                "taken back on this phone only: your account was ended before that was sent, so your clinic still shows \
                 it; ask them not to".to_owned()
            }
        },
        DeliveryState::OnThisDevice | DeliveryState::NeverSent => match here.held {
            None => "on this phone, not sent yet".to_owned(),
            Some(Held::UntilClinic) => {
                "waits on this phone until your clinic has let it in".to_owned()
            }
            Some(Held::UntilOwnPhone) => {
                "waits on this phone until your other phone has let it in".to_owned()
            }
            Some(Held::NotLetIn) => {
                "on this phone alone: it was not let in, so nobody gets this until it is, by a new link"
                    .to_owned()
            }
            Some(Held::Removed) => {
                "on this phone alone: it is out of the record, so nobody gets this".to_owned()
            }
            Some(Held::Ended(at)) => format!(
                "on this phone alone: the record was ended, {}, so nobody gets this",
                time(at, now)
            ),
            Some(Held::Forgotten) => {
                "on this phone alone: the server says that the record was ended, so nobody gets this"
                    .to_owned()
            }
        },
        // No clinic says any more that it received something, once it has read of the end.
        DeliveryState::Sent => match here.held {
            Some(Held::Ended(at)) => format!(
                "sent; the record was ended, {}, before this phone heard that the clinic had received this",
                time(at, now)
            ),
            Some(Held::Forgotten) => {
                "sent; the server says that the record was ended, and this phone never heard that the clinic had \
                 received this"
                    .to_owned()
            }
            Some(Held::Removed) => {
                "sent; this phone was out of the record before it heard that the clinic had received this".to_owned()
            }
            _ => "sent, not yet received by the clinic".to_owned(),
        },
        DeliveryState::Delivered { clinic, at } => {
            // The phone may have been away since: it can't know that nobody looked.
            format!(
                "delivered to {clinic} at {}, not opened as far as this phone knows",
                time(*at, now)
            )
        }
        DeliveryState::Opened { by, at } => format!("opened by {by} at {}", time(*at, now)),
    }
}

/// `1 change`, `2 changes`.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// An entry as one line with its state under it.
pub(crate) fn entry_line(view: &View<Entry>, here: Here) -> String {
    let entry = &view.content;
    format!(
        "{}  {}  {}\n          {}; {}{}",
        short(view.id),
        time(when(view, entry.at), here.now),
        name(entry),
        about(entry),
        delivery(&view.delivery, here),
        in_two_wordings(view)
    )
}

/// A check-in as one line with its state under it.
pub(crate) fn check_in_line(view: &View<CheckIn>, here: Here) -> String {
    format!(
        "{}  {}  {}\n          check-in; {}{}",
        short(view.id),
        time(when(view, view.content.at), here.now),
        valence(&view.content),
        delivery(&view.delivery, here),
        in_two_wordings(view)
    )
}

/// What an entry is called: its title, or the beginning of its text.
pub(crate) fn name(entry: &Entry) -> String {
    if !entry.title.is_empty() {
        return entry.title.clone();
    }
    if entry.body.is_empty()
        && let Some((_, one)) = entry.attachments.iter().next()
    {
        return capital(one.label());
    }
    let line = entry.body.lines().next().unwrap_or_default();
    let mut start: String = line.chars().take(60).collect();
    if start.len() < entry.body.len() {
        start.push('…');
    }
    start
}

/// What a check-in is called: how it felt.
pub(crate) fn valence(check_in: &CheckIn) -> String {
    let words = sentence(Scale::Valence.label(check_in.valence));
    words.trim_end_matches('.').to_owned()
}

fn about(entry: &Entry) -> String {
    let mut words = vec![
        entry.kind.label().to_owned(),
        entry.visibility.label().to_owned(),
    ];
    if let Some(mood) = entry.mood {
        words.push(Scale::Valence.label(mood).to_owned());
    }
    if !entry.tags.is_empty() {
        let tags: Vec<_> = entry.tags.iter().map(String::as_str).collect();
        words.push(format!("tags: {}", tags.join(", ")));
    }
    match entry.attachments.len() {
        0 => {}
        1 => words.push("1 attachment".to_owned()),
        number => words.push(format!("{number} attachments")),
    }
    words.join("; ")
}

/// A whole entry.
pub(crate) fn entry(view: &View<Entry>, attached: &[AttachmentView], here: Here) -> String {
    let entry = &view.content;
    let mut lines = Vec::new();
    if !entry.title.is_empty() {
        lines.push(entry.title.clone());
    }
    lines.push(format!(
        "{}{}",
        time(entry.at, here.now),
        edited(view, here.now)
    ));
    lines.push(about(entry));
    lines.push(format!("Where it is: {}.", delivery(&view.delivery, here)));
    if !entry.body.is_empty() {
        lines.push(format!("\n{}", entry.body));
    }
    if !attached.is_empty() {
        lines.push("\nAttached:".to_owned());
        lines.extend(attachments(attached, here));
    }
    lines.extend(clock(view, here.now));
    lines.extend(wordings(view.id, &view.apart));
    lines.join("\n")
}

/// What hangs on an entry, a line for each, numbered as they can be named.
pub(crate) fn attachments(all: &[AttachmentView], here: Here) -> Vec<String> {
    let lines = (1..).zip(all);
    lines
        .map(|(number, one)| attachment(number, one, here))
        .collect()
}

/// One of them.
pub(crate) fn attachment(number: usize, one: &AttachmentView, here: Here) -> String {
    let content = &one.content;
    let mut words = vec![content.label().to_owned()];
    if let Some(milliseconds) = content.milliseconds {
        let seconds = milliseconds.div_ceil(1000);
        words.push(format!("{}:{:02}", seconds / 60, seconds % 60));
    }
    if let (Some(width), Some(height)) = (content.width, content.height) {
        words.push(format!("{width} × {height}"));
    }
    words.push(size(content.length));
    let caption = match content.caption.as_str() {
        "" => String::new(),
        caption => format!(": {}", caption.replace('\n', "\n     ")),
    };
    let state = attachment_state(one, here);
    format!("  {number}  {}{caption}\n     {state}", words.join(", "))
}

/// So many bytes, rounded up.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

/// How far an attachment got. Its words may have gone further than its bytes.
fn attachment_state(one: &AttachmentView, here: Here) -> String {
    let state = match one.delivery {
        // Which of the patient's phones holds it is not known here.
        DeliveryState::OnThisDevice if !one.is_here => String::new(),
        ref state => format!("; {}", delivery(state, here)),
    };
    if one.is_lost {
        return "lost: it was on one phone alone, and is damaged there".to_owned();
    }
    match one.is_here {
        true => state.trim_start_matches("; ").to_owned(),
        false => format!("not here yet: only its words have arrived{state}"),
    }
}

/// A whole check-in.
pub(crate) fn check_in(view: &View<CheckIn>, here: Here) -> String {
    let CheckIn {
        at,
        visibility,
        feelings,
        note,
        ..
    } = &view.content;
    let mut lines = vec![format!(
        "Check-in of {}{}",
        time(*at, here.now),
        edited(view, here.now)
    )];
    for scale in Scale::ALL {
        if let Some(rating) = view.content.rating(scale) {
            lines.push(format!(
                "{}: {} ({} of 7)",
                scale.name(),
                scale.label(rating),
                rating.number()
            ));
        }
    }
    if !feelings.is_empty() {
        let words: Vec<_> = feelings.iter().map(String::as_str).collect();
        lines.push(format!("Feelings: {}", words.join(", ")));
    }
    lines.push(format!("Who may see it: {}.", visibility.label()));
    lines.push(format!("Where it is: {}.", delivery(&view.delivery, here)));
    if !note.is_empty() {
        lines.push(format!("\n{note}"));
    }
    lines.extend(clock(view, here.now));
    lines.extend(wordings(view.id, &view.apart));
    lines.join("\n")
}

/// When something happened, as far as that can be known.
fn when<T>(view: &View<T>, at: Moment) -> Moment {
    view.when.unwrap_or(at)
}

/// What is wrong with the time of something, if anything is.
fn clock<T>(view: &View<T>, now: Moment) -> Option<String> {
    let when = view.when.filter(|_| view.clock_ahead)?;
    Some(format!(
        "\nThe clock of the phone that wrote this was ahead. It was written by {} at the latest.",
        time(when, now)
    ))
}

/// What stands at the end of a line of a list about something that says different things in two places.
pub(crate) fn in_two_wordings<T>(view: &View<T>) -> String {
    match view.apart.is_empty() {
        true => String::new(),
        false => format!("; in two wordings: `choose {}` shows them", short(view.id)),
    }
}

/// Every wording of what was edited in two places apart, with how to choose one.
pub(crate) fn wordings(id: DocumentId, apart: &[Apart]) -> Vec<String> {
    let mut lines = Vec::new();
    for apart in apart {
        let field = field(&apart.field);
        lines.push(String::new());
        lines.extend(each_wording(apart));
        lines.push(format!(
            "Until you choose, your clinic sees all of them if it sees this. To choose: choose {} {field} NUMBER",
            short(id),
        ));
    }
    lines
}

/// That a field is in two wordings, and the wordings, numbered as they can be chosen.
pub(crate) fn each_wording(apart: &Apart) -> Vec<String> {
    let said = format!(
        "In two wordings. Each of these was written in one place ({}):",
        field(&apart.field)
    );
    let wordings = (1..).zip(&apart.wordings).map(|(number, wording)| {
        let wording = if wording.is_empty() {
            "(nothing)"
        } else {
            wording
        };
        format!("  {number}. {}", wording.replace('\n', "\n     "))
    });
    std::iter::once(said).chain(wordings).collect()
}

/// The name of a field as it is shown and may be typed: what names an item of a list is as short as other ids.
pub(crate) fn field(path: &str) -> String {
    let names = path.split('.').map(|name| match name.parse::<ItemId>() {
        Ok(item) => short(item),
        Err(_) => name.to_owned(),
    });
    names.collect::<Vec<_>>().join(".")
}

fn edited<T>(view: &View<T>, now: Moment) -> String {
    view.edited_at
        .map(|at| format!(", edited {}", time(at, now)))
        .unwrap_or_default()
}

/// What a person should know, whole.
pub(crate) fn warning(warning: &StandingWarning, now: Moment) -> String {
    let mut at = now;
    at.unix_ms = warning.at_ms;
    let mut lines = vec![
        format!(
            "{}  {}  {}",
            warning.id.0,
            time(at, now),
            warning_sentence(warning)
        ),
        sentence(&warning.detail),
    ];
    lines.extend(warning.code.and_then(to_do).map(str::to_owned));
    lines.join("\n    ")
}

/// What the patient can do, where the sentence does not say it.
const fn to_do(code: WarningCode) -> Option<&'static str> {
    Some(match code {
        WarningCode::Forged => "It was not taken. If it comes again, tell your clinic.",
        WarningCode::Forked | WarningCode::ChainForked => {
            "Nothing was deleted. Tell your clinic: whoever runs the server can heal it."
        }
        WarningCode::Withheld => "It may still come. If this stands for a day, tell your clinic.",
        WarningCode::RolledBack => "This phone gives the server what it lacks. Tell your clinic.",
        WarningCode::ServerRestored => {
            "This phone gives the server what it lacks; there is nothing for you to do."
        }
        WarningCode::Removed => "If that was neither you nor your clinic, tell your clinic.",
        WarningCode::Quarantined => {
            "It is kept and not shown. A newer version of this app may be able to show it."
        }
        WarningCode::WrongWriter => "If you don't know that device, remove it: see `devices`.",
        WarningCode::NameTaken => {
            "If you don't know that device, remove it: see `devices`. If it is your clinic's, tell your clinic."
        }
        WarningCode::FalseRotation => "If nobody can say why, remove that device: see `devices`.",
        WarningCode::Retracted => "`retracted` shows them.",
        WarningCode::Dropped => "If you don't know why, remove that device: see `devices`.",
        WarningCode::Contradicted => {
            "`sync` on all your phones. If it comes again, tell your clinic."
        }
        WarningCode::Equivocated => "`devices` lists who it can be. Tell your clinic as well.",
        WarningCode::HelpChanged => {
            "Whoever has this phone can do that without unlocking it. `crisis` shows what stands there now."
        }
        WarningCode::OnlyPrivate => "`devices` lists it.",
        WarningCode::CameByWords => "`devices` lists it; `recovery-code` makes new words.",
        WarningCode::CameBack => "`show ID` shows it, and `delete ID` deletes it.",
        WarningCode::SpaceForgotten => {
            "If you did not end your account, tell your clinic. `export` takes everything along."
        }
        WarningCode::CloneSuspected | WarningCode::NotLetIn => return None,
    })
}

/// What a person should know, in one sentence.
pub(crate) fn warning_sentence(warning: &StandingWarning) -> String {
    match warning.code {
        Some(code) => code.sentence().to_owned(),
        // From a newer version: it says what it can.
        None => sentence(&warning.detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Moment = Moment {
        unix_ms: 1_795_465_113_123,
        offset_minutes: -300,
    };

    #[test]
    fn a_newer_version_is_advised_only_where_one_could_show_what_came() {
        let advise = |code: &&WarningCode| to_do(**code).is_some_and(|it| it.contains("newer"));
        let advising: Vec<_> = WarningCode::ALL.iter().filter(advise).collect();
        assert_eq!(advising, [&WarningCode::Quarantined]);
        let what_to_do = to_do(WarningCode::NameTaken);
        assert!(
            what_to_do.is_some_and(|it| it.contains("`devices`")),
            "{what_to_do:?}"
        );
    }

    #[test]
    fn each_state_is_said_truthfully_and_in_its_own_words() {
        let clinic = "Harbor Clinic".to_owned();
        let by = "Dr Ruiz".to_owned();
        let said = [
            DeliveryState::OnlyYours,
            DeliveryState::OnThisDevice,
            DeliveryState::Sent,
            DeliveryState::Delivered { clinic, at: AT },
            DeliveryState::Opened { by, at: AT },
        ]
        .map(|state| {
            delivery(
                &state,
                Here {
                    now: AT,
                    held: None,
                },
            )
        });
        assert_eq!(
            said,
            [
                "only on your devices",
                "on this phone, not sent yet",
                "sent, not yet received by the clinic",
                "delivered to Harbor Clinic at 23 Nov 2026, 15:18, not opened as far as this phone knows",
                "opened by Dr Ruiz at 23 Nov 2026, 15:18",
            ]
        );
    }

    #[test]
    fn what_waits_on_a_phone_that_is_not_in_is_never_called_sent_or_about_to_be() {
        let words = ["water", "door", "maple", "harbor"].map(str::to_owned);
        let waiting = |compare_with| PairingState::Waiting {
            compare_words: Some(words.to_vec()),
            compare_with,
        };
        let said = [
            waiting(CompareWith::Clinic),
            waiting(CompareWith::OwnPhone),
            PairingState::NotLetIn,
            PairingState::Removed,
            PairingState::Ended { at: AT },
            PairingState::Forgotten,
        ]
        .map(|pairing| {
            let held = Held::of(&pairing);
            delivery(&DeliveryState::OnThisDevice, Here { now: AT, held })
        });
        assert_eq!(
            said,
            [
                "waits on this phone until your clinic has let it in",
                "waits on this phone until your other phone has let it in",
                "on this phone alone: it was not let in, so nobody gets this until it is, by a new link",
                "on this phone alone: it is out of the record, so nobody gets this",
                "on this phone alone: the record was ended, 23 Nov 2026, 15:18, so nobody gets this",
                "on this phone alone: the server says that the record was ended, so nobody gets this",
            ]
        );
        let held = |held| delivery(&DeliveryState::Sent, Here { now: AT, held });
        for (state, words) in [
            (
                Some(Held::Ended(AT)),
                "the record was ended, 23 Nov 2026, 15:18",
            ),
            (
                Some(Held::Forgotten),
                "the server says that the record was ended",
            ),
            (Some(Held::Removed), "out of the record"),
        ] {
            let said = held(state);
            assert!(said.starts_with("sent;") && said.contains(words), "{said}");
            assert!(!said.contains("not yet"), "{said}");
        }
        assert_eq!(held(None), "sent, not yet received by the clinic");
        assert_eq!(Held::of(&PairingState::Alone), None);
        assert_eq!(Held::of(&PairingState::Paired { at: AT }), None);
    }

    #[test]
    fn another_zones_time_says_which_zone() {
        assert_eq!(time(AT, AT), "23 Nov 2026, 15:18");
        assert_eq!(time(AT, Moment::utc(0)), "23 Nov 2026, 15:18 (UTC-05:00)");
    }

    #[test]
    fn a_sentence_begins_large_and_ends_once() {
        assert_eq!(sentence("the server is away"), "The server is away.");
        assert_eq!(sentence("Why?"), "Why?");
        assert_eq!(sentence(""), "");
    }
}
