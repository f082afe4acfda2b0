//! What is handed over is what the release opens and nothing else, as it was looked at, and never without its line in the
//! log.

use std::collections::BTreeSet;

use companion_core::domain::release::{ReleaseError, ReleaseTerms};
use companion_core::domain::{
    Belongs, Content, KindVisitor, MedicineShown, Placement, RecordSection, RecordSections,
    visit_kinds,
};
use companion_core::records::Seen;
use companion_core::{CoreError, PART_2_NOTICE, PART_2_SCOPE, PART_2_SOURCE, REDISCLOSURE};
use companion_tests::{Canary, Node, Phone};

use crate::clinic_and_ada;
use crate::releases::{DAY, both, later, refusal, terms};

/// Writes an example of every kind of a care space, with whoever may write it.
struct Examples<'a> {
    clinic: &'a Node,
    ada: &'a Phone,
    kinds: BTreeSet<String>,
}

impl KindVisitor for Examples<'_> {
    fn visit<T: Content>(&mut self) {
        if T::PLACEMENT == Placement::Clinic || T::PLACEMENT == Placement::Private {
            return;
        }
        let example = || {
            let mut examples = T::examples().into_iter();
            let shared = |one: &T| one.visibility().is_none_or(|who| who.is_shared());
            examples.find(shared)
        };
        let record = self.ada.record.unwrap();
        let is_there = example().is_some_and(|one| self.ada.create(one).is_ok())
            || example().is_some_and(|one| self.clinic.create(record, one).is_ok());
        if is_there {
            self.kinds.insert(T::KIND.to_string());
        }
    }
}

#[test]
fn a_summary_holds_the_released_sections_and_nothing_else_whatever_the_kind() {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    // Nothing to hold back: examples lie around a session of years ago.
    let mut examples = Examples {
        clinic: &clinic,
        ada: &ada,
        kinds: BTreeSet::new(),
    };
    visit_kinds(&mut examples);
    assert!(examples.kinds.len() > 20, "{:?}", examples.kinds);
    both(&ada, &clinic);
    let mut told = BTreeSet::new();
    for section in RecordSection::ALL {
        let release = ada.give_release(terms(ada.now(), [section])).unwrap();
        both(&ada, &clinic);
        let leaving = clinic.preview_hand_over(record, release.id).unwrap();
        assert!(leaving.text.contains(REDISCLOSURE));
        for document in leaving.documents.keys() {
            let kind = clinic.kind_of(record, *document).unwrap().unwrap();
            told.insert(kind.to_string());
            match Belongs::of(&kind).unwrap() {
                Belongs::To(of) => assert_eq!(of, section, "{kind}"),
                Belongs::WithItsSubject => assert_eq!(kind.as_str(), "reply"),
                Belongs::ToNone => panic!("{kind} is of no section"),
            }
        }
        for other in RecordSection::ALL {
            let heading = format!("\n## {}\n", other.label());
            assert_eq!(leaving.text.contains(&heading), other == section);
        }
    }
    // Each kind that belongs somewhere and could be written is told by the release of its section.
    struct Owed<'a>(&'a BTreeSet<String>, Vec<String>);
    impl KindVisitor for Owed<'_> {
        fn visit<T: Content>(&mut self) {
            let is_owed = matches!(T::BELONGS, Belongs::To(_)) && self.0.contains(T::KIND.as_str());
            if is_owed {
                self.1.push(T::KIND.to_string());
            }
        }
    }
    let mut owed = Owed(&examples.kinds, Vec::new());
    visit_kinds(&mut owed);
    assert!(owed.1.len() > 12);
    for kind in owed.1 {
        assert!(told.contains(&kind), "{kind} is told by no release");
    }
    drop(world);
}

#[test]
fn neither_a_dose_nor_private_words_nor_keys_leave_unless_they_were_released() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let (private, shared) = (
        Canary::new("The lake is only mine tonight."),
        Canary::new("The rain is for the whole team."),
    );
    ada.write_privately(private.words());
    ada.write(shared.words());
    let shown = MedicineShown::examples().remove(0);
    let dose = shown.to_projection().unwrap()["dose"].clone();
    let dose = dose.as_str().unwrap().to_owned();
    clinic.create(record, shown).unwrap();
    both(&ada, &clinic);
    let sections: RecordSections = RecordSection::ALL
        .into_iter()
        .filter(|section| *section != RecordSection::MedicineGiven)
        .collect();
    let without = ada.give_release(terms(ada.now(), sections)).unwrap();
    let with = terms(ada.now(), [RecordSection::MedicineGiven]);
    let with = ada.give_release(with).unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, without.id).unwrap();
    assert!(leaving.text.contains(shared.words()));
    assert!(!leaving.text.contains(private.words()));
    assert!(!leaving.text.contains(&dose), "{}", leaving.text);
    let leaving = clinic.preview_hand_over(record, with.id).unwrap();
    assert!(leaving.text.contains(&dose) && !leaving.text.contains(shared.words()));
}

#[test]
fn what_would_leave_is_looked_at_again_when_the_record_changed_meanwhile() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let entry = ada.write("The lake.");
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, given.id).unwrap();
    ada.rewrite(&entry, "The lake, and what he said.");
    both(&ada, &clinic);
    let stale = clinic.hand_over(record, given.id, leaving.seen, "Maya");
    assert!(matches!(stale, Err(CoreError::ChangedMeanwhile)));
    ada.withdraw::<companion_core::domain::Entry>(entry.id)
        .unwrap();
    both(&ada, &clinic);
    let refused = refusal(clinic.preview_hand_over(record, given.id));
    assert_eq!(refused, ReleaseError::Nothing);
    let nonsense = clinic.hand_over(record, given.id, Seen::of("x"), "Maya");
    assert_eq!(refusal(nonsense), ReleaseError::Nothing);
}

#[test]
fn a_log_line_is_durable_before_anything_is_given_out_and_a_kill_after_it_is_harmless() {
    let (_world, mut clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, given.id).unwrap();
    let handed = clinic
        .hand_over(record, given.id, leaving.seen, "Maya")
        .unwrap();
    clinic.kill();
    let told = clinic.told_outside(record).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].documents, handed.documents);
    both(&ada, &clinic);
    assert_eq!(ada.told_outside().unwrap(), told);
    assert!(
        clinic
            .hand_over(record, given.id, leaving.seen, "Maya")
            .is_ok()
    );
    assert_eq!(clinic.told_outside(record).unwrap().len(), 2);
}

fn set_rules(clinic: &Node, days: u32, part_2: bool) {
    let seen = Seen::of(&clinic.release_rules().unwrap());
    clinic
        .set_release_rules(seen, days, part_2, "Maya")
        .unwrap();
}

#[test]
fn the_longest_time_and_the_notice_are_the_clinics_to_set() {
    let (_world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    ada.write("The lake.");
    set_rules(&clinic, 9, true);
    clinic.sync_cleanly();
    both(&ada, &clinic);
    assert_eq!(ada.longest_release_days().unwrap(), 9);
    let long = ReleaseTerms {
        until: later(ada.now(), 10 * DAY + 1),
        ..terms(ada.now(), [RecordSection::Journal])
    };
    assert_eq!(
        refusal(ada.give_release(long.clone())),
        ReleaseError::TooLong { days: 9 }
    );
    let asked = clinic.ask_for_release(record, long, "Maya");
    assert_eq!(refusal(asked), ReleaseError::TooLong { days: 9 });
    let given = ada
        .give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, given.id).unwrap();
    for said in [PART_2_NOTICE, PART_2_SOURCE, PART_2_SCOPE] {
        assert!(leaving.text.contains(said), "{said}: {}", leaving.text);
    }
    // What it says stands above does.
    let (above, _) = leaving.text.split_once(PART_2_SCOPE).unwrap();
    let its = &given.release.terms;
    for scope in [
        &*its.provider,
        &its.purpose,
        "Riverbank hands this to",
        "- patient: Ada",
        "- sections: Journal",
        "- from: ",
        "- until: ",
    ] {
        assert!(above.contains(scope), "{scope}: {above}");
    }
    set_rules(&clinic, 30, false);
    let unseen = clinic.set_release_rules(Seen::of("x"), 1, false, "Maya");
    assert!(matches!(unseen, Err(CoreError::ChangedMeanwhile)));
    let other = clinic.preview_hand_over(record, given.id).unwrap();
    assert!(!other.text.contains("Part 2") && !other.text.contains("42 CFR"));
    let stale = clinic.hand_over(record, given.id, leaving.seen, "Maya");
    assert!(matches!(stale, Err(CoreError::ChangedMeanwhile)));
    assert!(clinic.told_outside(record).unwrap().is_empty());
}
