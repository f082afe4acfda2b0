//! The pages of all that stands in two wordings, as they stood when somebody last looked at them. The browser judges
//! these snapshots: no single node comes to two wordings of what the clinic alone writes.

use companion_core::domain::{Content, Goal, PatientRecord, Reply, Visit};
use companion_core::records::{Apart, InTwoWordings};

use super::examples;
use super::shelf::Shelf;
use super::snapshots::readable;
use super::wordings::{self, Doubled};

fn doubled<T: Content>(name: u8, fields: &[(&str, [&str; 2])]) -> Doubled {
    let view = examples::view(name, ());
    let apart = fields.iter().map(|(field, wordings)| Apart {
        field: (*field).to_owned(),
        wordings: wordings.map(str::to_owned).to_vec(),
    });
    Doubled {
        which: InTwoWordings {
            id: view.id,
            kind: T::KIND,
            revision: view.revision,
            apart: apart.collect(),
            is_ours_to_choose: true,
            shared: true,
        },
        page: None,
    }
}

#[test]
fn what_stands_in_two_wordings_is_chosen_on_its_own_page_or_here() {
    let ada = examples::ada();
    let reply = [
        "Thank you, Ada. We can begin with the river next time, and with what your sister said.",
        "Thank you. Let us talk about <the river>.",
    ];
    let at = ["2026-12-01T10:00:00+01:00", "2026-12-01T11:30:00+01:00"];
    let mut goal = doubled::<Goal>(0x21, &[]);
    goal.page = Some(Shelf::Goals.address(ada.id, goal.which.id));
    let all = [
        doubled::<Reply>(0x22, &[("body", reply)]),
        doubled::<Visit>(0x23, &[("at", at), ("note", ["Bring the list.", ""])]),
        goal,
    ];
    let page = wordings::page(&examples::frame(), Some(&ada), &all);
    insta::assert_snapshot!("wordings", readable(&page));
    let own = [doubled::<PatientRecord>(
        0x0b,
        &[("pronouns", ["she/her", "they/them"])],
    )];
    let page = wordings::page(&examples::frame(), None, &own);
    insta::assert_snapshot!("wordings_of_the_clinic", readable(&page));
}
