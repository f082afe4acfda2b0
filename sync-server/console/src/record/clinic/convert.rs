//! The core's types as what pages show, one by one.

use companion_core::CoreError;
use companion_core::clinic::{ClinicDevice, EntryItem, InviteState, ReplyItem};
use companion_core::domain::{self, CheckIn, DocumentId, DosingSession, Step, Visibility};

use crate::record::RecordError;
use crate::view::model::{
    CheckInLine, DeviceLine, EntryLine, Pairing, Phase, ReplyLine, Scope, SessionLine, TimelineItem,
};

impl From<CoreError> for RecordError {
    fn from(error: CoreError) -> Self {
        match error {
            CoreError::NotFound(_) => Self::NotFound,
            CoreError::Invalid(why) => Self::Invalid(why.to_string()),
            CoreError::NotNow(why) => Self::NotNow(why.to_owned()),
            CoreError::Offline(_) => Self::Offline,
            CoreError::Refused { message, .. } => {
                Self::NotNow(format!("the sync server refused: {message}"))
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

pub(super) fn document(text: &str) -> Result<DocumentId, RecordError> {
    text.parse().map_err(|_| RecordError::NotFound)
}

pub(super) fn phase(phase: domain::Phase) -> Phase {
    match phase {
        domain::Phase::Assessment => Phase::Assessment,
        domain::Phase::Preparation => Phase::Preparation,
        domain::Phase::Session => Phase::Session,
        domain::Phase::Integration => Phase::Integration,
        domain::Phase::Closed => Phase::Closed,
    }
}

pub(super) fn core_phase(phase: Phase) -> domain::Phase {
    match phase {
        Phase::Assessment => domain::Phase::Assessment,
        Phase::Preparation => domain::Phase::Preparation,
        Phase::Session => domain::Phase::Session,
        Phase::Integration => domain::Phase::Integration,
        Phase::Closed => domain::Phase::Closed,
    }
}

pub(super) fn pairing(state: &InviteState) -> Pairing {
    match state {
        InviteState::NotInvited => Pairing::None,
        InviteState::Waiting { .. } => Pairing::Waiting,
        InviteState::Joined { .. } => Pairing::CompareWords,
        InviteState::Paired { .. } => Pairing::Paired,
    }
}

pub(super) fn session(session: DosingSession) -> SessionLine {
    SessionLine {
        number: session.number,
        at: session.at,
        note: session.note,
    }
}

pub(super) fn check_in(check_in: CheckIn) -> CheckInLine {
    CheckInLine {
        at: check_in.at,
        valence: check_in.valence.number(),
        energy: check_in.energy.map(Step::number),
        anxiety: check_in.anxiety.map(Step::number),
        sleep: check_in.sleep.map(Step::number),
        feelings: check_in.feelings.into_iter().collect(),
        note: check_in.note,
    }
}

/// A visibility that should never have come here counts as the ordinary one: it was sealed to the
/// clinic, so hiding it would only hide the fault.
pub(super) fn scope(visibility: Visibility) -> Scope {
    match visibility {
        Visibility::TalkInSession => Scope::TalkInSession,
        Visibility::CareTeam | Visibility::OnlyMe => Scope::CareTeam,
    }
}

/// So many letters of an entry stand in a timeline.
const EXCERPT: usize = 220;

pub(super) fn entry_item(item: EntryItem) -> TimelineItem {
    let entry = item.entry;
    if let Some(at) = entry.withdrawn_at {
        return TimelineItem::Withdrawn { at };
    }
    TimelineItem::Entry(EntryLine {
        id: item.id.to_string(),
        kind: capital(entry.kind.label()),
        excerpt: excerpt(&entry.body),
        title: entry.title,
        at: entry.at,
        mood: entry.mood.map(Step::number),
        scope: scope(entry.visibility),
        unread: !item.opened,
        reviewed: item.review.is_some(),
        replies: item.replies,
    })
}

/// The beginning of a text, ended at a word.
fn excerpt(body: &str) -> String {
    let words: Vec<&str> = body.split_whitespace().collect();
    let mut short = String::new();
    for word in &words {
        if !short.is_empty() && short.chars().count() + word.chars().count() > EXCERPT {
            short.push('…');
            return short;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.extend(word.chars().take(EXCERPT));
    }
    short
}

/// `about_title` is `None` where the entry is gone or stands right above.
pub(super) fn reply(item: ReplyItem, about_title: Option<String>) -> ReplyLine {
    ReplyLine {
        about: about_title.is_some().then(|| item.reply.about.to_string()),
        about_title: about_title.unwrap_or_default(),
        by: item.reply.by,
        at: item.reply.at,
        body: item.reply.body,
        sent: item.sent,
    }
}

/// Phones in the order in which they joined; the clinic's own node is none of them.
pub(super) fn devices(mut devices: Vec<ClinicDevice>) -> Vec<DeviceLine> {
    devices.retain(|device| !device.is_this_node);
    devices.sort_by_key(|device| (device.joined_at, device.member));
    devices
        .into_iter()
        .enumerate()
        .map(|(index, device)| DeviceLine {
            id: device.member.to_string(),
            name: format!("Phone {}", index + 1),
            since: Some(device.joined_at),
            removed: device.removed,
        })
        .collect()
}

pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_at_a_word_and_a_text_without_spaces_is_cut() {
        assert_eq!(excerpt("  two\n\nwords "), "two words");
        let long = excerpt(&"word ".repeat(100));
        assert!(long.ends_with("word…") && long.chars().count() <= EXCERPT + 1);
        assert_eq!(excerpt(&"ü".repeat(1000)).chars().count(), EXCERPT);
    }

    #[test]
    fn a_label_begins_with_a_capital() {
        assert_eq!(capital("after a session"), "After a session");
        assert_eq!(capital("ångest"), "Ångest");
        assert_eq!(capital(""), "");
    }
}
