//! What differs between two looks at the caseload, in words.

use std::collections::BTreeMap;

use companion_core::clinic::{CaseRow, InviteState, OpenFlag};
use companion_core::domain::{DocumentId, RecordSection};

use super::{Event, TellsOf};

/// One event for each patient of whom a page shows something else now.
pub(super) fn between(before: &[CaseRow], after: &[CaseRow]) -> Vec<Event> {
    let before: BTreeMap<DocumentId, &CaseRow> =
        before.iter().map(|row| (row.patient, row)).collect();
    after
        .iter()
        .filter_map(|row| {
            let (words, tells_of) = match before.get(&row.patient) {
                Some(old) => change(old, row)?,
                None => (String::new(), TellsOf::Nothing),
            };
            Some(Event {
                words,
                tells_of,
                ..Event::silent(Some(row.patient))
            })
        })
        .collect()
}

/// The words, and what of the record they tell of; `None` when nothing that a page shows differs.
fn change(old: &CaseRow, new: &CaseRow) -> Option<(String, TellsOf)> {
    if old == new {
        return None;
    }
    let name = &new.record.name;
    let known = |flag: &&OpenFlag| old.flags.iter().any(|before| before.id == flag.id);
    if let Some(flag) = new.flags.iter().find(|flag| !known(flag)) {
        let words = format!("New flag for {name}: {}.", flag.source.label());
        return Some((words, TellsOf::Section(RecordSection::Safety)));
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
        return Some((words, TellsOf::Nothing));
    }
    if new.unread > old.unread {
        let words = format!("New entry from {name}.");
        return Some((words, TellsOf::Section(RecordSection::Journal)));
    }
    let check_in = |row: &CaseRow| row.last_check_in.as_ref().map(|last| last.when);
    if check_in(new) > check_in(old) || new.new_check_ins > old.new_check_ins {
        let words = format!("New check-in from {name}.");
        return Some((words, TellsOf::Section(RecordSection::CheckIns)));
    }
    if new.last_received_ms > old.last_received_ms {
        return Some((format!("Something new from {name}."), TellsOf::All));
    }
    Some((String::new(), TellsOf::Nothing))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use super::*;
    use crate::accounts::{Area, Right, Rights};
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
        let tells_of: Vec<_> = told.iter().map(|event| event.tells_of).collect();
        let section = TellsOf::Section;
        assert_eq!(
            tells_of,
            [
                section(RecordSection::Journal),
                TellsOf::Nothing,
                section(RecordSection::CheckIns)
            ]
        );
        // Whatever came, of whichever section: whoever is not shown all of them hears nothing of it.
        let mut after = before.clone();
        after[0].last_received_ms = Some(i64::MAX);
        let told = between(&before, &after);
        assert!(told[0].words.starts_with("Something new from "));
        let mut rights = Rights::all();
        assert!(told[0].tells_of.is_shown(&rights));
        rights = Area::all()
            .filter(|area| *area != Area::Section(RecordSection::Journal))
            .map(|area| (area, Right::Change))
            .collect();
        assert!(!told[0].tells_of.is_shown(&rights));
    }
}
