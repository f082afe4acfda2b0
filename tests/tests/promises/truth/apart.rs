//! What was rewritten on two phones apart: the same correction counts once, and where the phones
//! disagree both wordings can be read, by the writer and by the clinic, until somebody chose.

use companion_core::domain::{CheckIn, DocumentId, Entry};
use companion_core::records::{Apart, View};
use companion_core::{CoreError, NotNow};
use companion_tests::{Node, Phone, World};

use crate::clinic_and_ada;

struct House {
    _world: World,
    clinic: Node,
    phone: Phone,
    tablet: Phone,
    entry: DocumentId,
}

impl House {
    /// A clinic, and a patient with two phones that show the same entry.
    fn with(body: &str) -> Self {
        let (world, clinic, phone) = clinic_and_ada();
        let entry = phone.write(body).id;
        phone.sync_cleanly();
        let tablet = phone.second_phone();
        let house = Self {
            _world: world,
            clinic,
            phone,
            tablet,
            entry,
        };
        house.all_sync();
        house
    }

    fn all_sync(&self) {
        for _ in 0..2 {
            self.phone.sync_cleanly();
            self.tablet.sync_cleanly();
            self.clinic.sync_cleanly();
        }
    }

    fn rewrite(&self, phone: &Phone, body: &str) {
        phone.rewrite(&phone.get(self.entry).unwrap(), body);
    }

    /// What both phones and the clinic show, once they show the same.
    fn shown(&self) -> View<Entry> {
        self.all_sync();
        let on_phone: View<Entry> = self.phone.get(self.entry).unwrap();
        let on_tablet: View<Entry> = self.tablet.get(self.entry).unwrap();
        let at_clinic = &self.clinic.entries_of(&self.phone)[0].view;
        let said = |view: &View<Entry>| (view.content.clone(), view.apart.clone());
        assert_eq!(said(&on_tablet), said(&on_phone));
        assert_eq!(said(at_clinic), said(&on_phone));
        for checked in [
            self.phone.check_record(),
            self.tablet.check_record(),
            self.clinic.check_record(),
        ] {
            assert_eq!(checked.unwrap().differing, []);
        }
        on_phone
    }
}

fn wordings(field: &str, wordings: [&str; 2]) -> Vec<Apart> {
    vec![Apart {
        field: field.to_owned(),
        wordings: wordings.map(str::to_owned).to_vec(),
    }]
}

#[test]
fn the_same_correction_made_on_two_phones_counts_once() {
    let house = House::with("Took 10 mg.");
    house.rewrite(&house.phone, "Took 15 mg.");
    house.rewrite(&house.tablet, "Took 15 mg.");
    let shown = house.shown();
    assert_eq!((&*shown.content.body, shown.apart), ("Took 15 mg.", vec![]));
}

#[test]
fn overlapping_rewrites_show_both_wordings_to_everybody_until_somebody_chose() {
    let house = House::with("I feel safe.");
    house.rewrite(&house.phone, "I do not feel safe.");
    house.rewrite(&house.tablet, "I never feel safe.");
    let shown = house.shown();
    let both = ["I do not feel safe.", "I never feel safe."];
    assert!(both.contains(&&*shown.content.body), "{shown:?}");
    assert_eq!(shown.apart, wordings("body", both));
    assert!(house.clinic.entries_of(&house.phone)[0].is_new);

    let in_two_wordings = || house.clinic.caseload().unwrap()[0].in_two_wordings;
    assert_eq!(in_two_wordings(), 1);

    // An edit of something else chooses nothing.
    let title = |entry: &mut Entry| entry.title = "Tuesday".to_owned();
    house
        .tablet
        .edit(
            house.entry,
            &house.tablet.get::<Entry>(house.entry).unwrap().revision,
            title,
        )
        .unwrap();
    let shown = house.shown();
    assert_eq!(shown.apart, wordings("body", both));

    // What nobody wrote can't be chosen.
    let other =
        house
            .phone
            .choose_wording::<Entry>(house.entry, &shown.revision, "body", "I feel safe.");
    assert!(matches!(
        other,
        Err(CoreError::NotNow(NotNow::NothingToChoose))
    ));
    house
        .phone
        .choose_wording::<Entry>(house.entry, &shown.revision, "body", both[1])
        .unwrap();
    let shown = house.shown();
    assert_eq!(
        (&*shown.content.body, &*shown.content.title),
        (both[1], "Tuesday")
    );
    assert_eq!(shown.apart, []);
    assert_eq!(in_two_wordings(), 0);
}

#[test]
fn an_edit_before_anybody_chose_drops_nothing_that_the_other_phone_wrote() {
    let house = House::with("One line.");
    let (one, two) = (
        "All new words. Help me please.",
        "Entirely other words. I am safe.",
    );
    house.rewrite(&house.phone, one);
    house.rewrite(&house.tablet, two);
    assert_eq!(house.shown().apart, wordings("body", [one, two]));
    house.rewrite(&house.tablet, "Entirely other words. I am safe!");
    let shown = house.shown();
    assert_eq!(shown.content.body, "Entirely other words. I am safe!");
    let all = &shown.apart[0].wordings;
    assert!(
        all.contains(&one.to_owned()) && all.contains(&shown.content.body),
        "{all:?}"
    );
    let size = companion_core::records::PageSize::SCREEN;
    let found = house.phone.search::<Entry>("help me", size).unwrap();
    assert_eq!(found.len(), 1);
    let body = &shown.content.body;
    let chosen = house
        .phone
        .choose_wording::<Entry>(shown.id, &shown.revision, "body", body);
    assert_eq!(chosen.unwrap().apart, []);
    assert_eq!(house.shown().apart, []);
}

#[test]
fn what_is_shown_of_two_wordings_is_one_of_them_also_when_both_phones_chose() {
    let house = House::with("Took 10 mg tonight. I felt not safe at all.");
    let one = "Took 15 mg tonight. I felt very safe at all.";
    let two = "Took 20 mg tonight. I felt not safe at all. I do not want to be here any more.";
    house.rewrite(&house.phone, one);
    house.rewrite(&house.tablet, two);
    let shown = house.shown();
    assert_eq!(shown.content.body, two);
    for (phone, wording) in [(&house.phone, one), (&house.tablet, two)] {
        phone
            .choose_wording::<Entry>(shown.id, &shown.revision, "body", wording)
            .unwrap();
    }
    let shown = house.shown();
    assert_eq!(shown.content.body, two);
    assert!(shown.apart[0].wordings.contains(&one.to_owned()));
    assert!(shown.apart[0].wordings.contains(&two.to_owned()));
}

#[test]
fn a_value_that_two_phones_gave_apart_is_named_with_both() {
    let house = House::with("Calm.");
    let check_in = house.phone.check_in(4, "");
    house.all_sync();
    for (phone, valence) in [(&house.phone, 1), (&house.tablet, 7)] {
        let seen = phone.get::<CheckIn>(check_in.id).unwrap();
        let corrected = companion_core::domain::Rating::new(valence).unwrap();
        phone
            .edit::<CheckIn>(seen.id, &seen.revision, |c| c.valence = corrected)
            .unwrap();
    }
    house.all_sync();
    let at_clinic = house.clinic.check_ins_of(&house.phone).remove(0).view;
    assert_eq!(at_clinic.apart, wordings("valence", ["1", "7"]));
    let shown = house.phone.get::<CheckIn>(check_in.id).unwrap();
    let chosen = house
        .phone
        .choose_wording::<CheckIn>(shown.id, &shown.revision, "valence", "1");
    let chosen = chosen.unwrap();
    assert_eq!((chosen.content.valence.number(), chosen.apart), (1, vec![]));
}

#[test]
fn a_wording_that_is_not_shown_is_found_and_goes_along_when_it_is_shared() {
    let house = House::with("for the team");
    let private = house.phone.write_privately("It was at the lake.");
    house.all_sync();
    let at = |phone: &Phone, body| phone.rewrite(&phone.get(private.id).unwrap(), body);
    at(&house.phone, "It was at the sea.");
    at(&house.tablet, "It was at the waterfall.");
    house.all_sync();
    let size = companion_core::records::PageSize::SCREEN;
    for word in ["sea", "waterfall"] {
        let found = house.phone.search::<Entry>(word, size).unwrap();
        assert_eq!(found.len(), 1, "{word}");
    }
    let shared = house
        .phone
        .share::<Entry>(private.id, companion_core::domain::Visibility::CareTeam);
    let both = ["It was at the sea.", "It was at the waterfall."];
    assert_eq!(shared.unwrap().apart, wordings("body", both));
    house.all_sync();
    let at_clinic = house.clinic.entries_of(&house.phone);
    assert!(
        at_clinic
            .iter()
            .any(|shared| shared.view.apart == wordings("body", both))
    );
}

#[test]
fn a_merge_beyond_every_limit_can_be_edited_shared_withdrawn_and_marked() {
    let tags = |from: u32, to: u32| {
        (from..to)
            .map(|n| format!("tag {n}"))
            .collect::<std::collections::BTreeSet<_>>()
    };
    let long = |word: &str| format!("{word} ").repeat(60_000 / (word.len() + 1));
    let house = House::with("Begun.");
    for (phone, from, word) in [(&house.phone, 0, "sea"), (&house.tablet, 20, "lake")] {
        let seen = phone.get::<Entry>(house.entry).unwrap();
        phone
            .edit::<Entry>(seen.id, &seen.revision, |entry| {
                entry.tags = tags(from, from + 20);
                entry.body = format!("Begun. {}", long(word));
            })
            .unwrap();
    }
    let shown = house.shown();
    assert_eq!(shown.content.tags.len(), 40);
    let patient = house.phone.record.unwrap();
    house
        .clinic
        .mark_reviewed(patient, shown.id, &shown.revision, "Maya")
        .unwrap();
    let title = |entry: &mut Entry| entry.title = "Still mine".to_owned();
    house.phone.edit(shown.id, &shown.revision, title).unwrap();
    // What makes it smaller is no more refused than what leaves it as it is; more is.
    let seen = house.phone.get::<Entry>(shown.id).unwrap();
    let fewer = |entry: &mut Entry| {
        entry.tags.pop_last();
        entry.body = entry.body.replacen("sea", "bay", 1);
    };
    let seen = house.phone.edit(shown.id, &seen.revision, fewer).unwrap();
    assert_eq!(seen.content.tags.len(), 39);
    let more = |entry: &mut Entry| entry.tags.extend(tags(90, 93));
    assert!(house.phone.edit(shown.id, &seen.revision, more).is_err());
    house.all_sync();
    let private = house.phone.withdraw::<Entry>(shown.id).unwrap();
    assert_eq!(private.content.tags.len(), 39);
    house
        .phone
        .share::<Entry>(private.id, companion_core::domain::Visibility::CareTeam)
        .unwrap();
    house.all_sync();
    assert_eq!(house.clinic.entries_of(&house.phone).len(), 1);
}
