//! What differs between two looks at the caseload, in words.

use std::collections::BTreeMap;

use companion_core::clinic::{CaseRow, InviteState, OpenFlag};
use companion_core::domain::{DocumentId, RecordSection};

use super::Event;

/// One event for each patient of whom a page shows something else now.
pub(super) fn between(before: &[CaseRow], after: &[CaseRow]) -> Vec<Event> {
    let before: BTreeMap<DocumentId, &CaseRow> =
        before.iter().map(|row| (row.patient, row)).collect();
    after
        .iter()
        .filter_map(|row| {
            let (words, section) = match before.get(&row.patient) {
                Some(old) => change(old, row)?,
                None => (String::new(), None),
            };
            Some(Event {
                words,
                section,
                ..Event::silent(Some(row.patient))
            })
        })
        .collect()
}

/// The words, and the section of the record that they tell of; `None` when nothing that a page shows differs.
fn change(old: &CaseRow, new: &CaseRow) -> Option<(String, Option<RecordSection>)> {
    if old == new {
        return None;
    }
    let name = &new.record.name;
    let known = |flag: &&OpenFlag| old.flags.iter().any(|before| before.id == flag.id);
    if let Some(flag) = new.flags.iter().find(|flag| !known(flag)) {
        let words = format!("New flag for {name}: {}.", flag.source.label());
        return Some((words, Some(RecordSection::Safety)));
    }
    if old.invite != new.invite {
        let words = match new.invite {
            InviteState::Joined { .. } => format!("A phone came for {name}: compare the words."),
            InviteState::Paired { .. } => format!("{name}’s phone is let in."),
            InviteState::Unreadable => format!("The record of {name} can’t be read here."),
            InviteState::Waiting { .. }
            | InviteState::Registered
            | InviteState::NotInvited
            | InviteState::Refused { .. } => String::new(),
        };
        return Some((words, None));
    }
    if new.unread > old.unread {
        let words = format!("New entry from {name}.");
        return Some((words, Some(RecordSection::Journal)));
    }
    let check_in = |row: &CaseRow| row.last_check_in.as_ref().map(|last| last.when);
    if check_in(new) > check_in(old) || new.new_check_ins > old.new_check_ins {
        let words = format!("New check-in from {name}.");
        return Some((words, Some(RecordSection::CheckIns)));
    }
    if new.last_received_ms > old.last_received_ms {
        return Some((format!("Something new from {name}."), None));
    }
    Some((String::new(), None))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;
    use crate::view::examples;

    #[test]
    fn what_arrived_is_said_and_what_stayed_is_not() {
        let before = examples::caseload();
        assert_eq!(between(&before, &before), []);
        let mut after = before.clone();
        after[0].unread += 1;
        after[1].last_check_in = None;
        after[2].new_check_ins += 1;
        let told = between(&before, &after);
        let words: Vec<&str> = told.iter().map(|event| event.words.as_str()).collect();
        let names = [0, 2].map(|row: usize| after[row].record.name.clone());
        assert_eq!(
            words,
            [
                &format!("New entry from {}.", names[0]),
                "",
                &format!("New check-in from {}.", names[1])
            ]
        );
        assert_eq!(told[0].about, Some(after[0].patient));
        let sections: Vec<_> = told.iter().map(|event| event.section).collect();
        let (journal, check_ins) = (RecordSection::Journal, RecordSection::CheckIns);
        assert_eq!(sections, [Some(journal), None, Some(check_ins)]);
    }
}
