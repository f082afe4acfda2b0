//! One document that is edited again and again.

use std::cell::RefCell;

use crate::contents::{Sizes, Texts};
use crate::floors::Bare;
use crate::making::Records;
use crate::network;
use crate::relay::Relay;
use crate::sample::{Effort, each};
use crate::subject;
use crate::table::Table;

/// Edits after which a phone syncs, so that a document lies in the log and not in the outbox.
const SYNC_AFTER: usize = 25;
/// Each sample is an edit more: few, so that the number still means something.
const SAMPLES: usize = 7;

pub(crate) fn measure(table: &mut Table, sizes: &Sizes, records: &Records, effort: Effort) {
    println!("measuring edits");
    table.section("One entry of 2 KB that was edited before: editing it once more");
    let stage = records.phone(sizes.ages[0]);
    let (scratch, beside) = (stage.copy(), stage.copy());
    let commit = Bare::into(&beside.phone()).commits(effort);
    let relay = Relay::start(&scratch.server());
    let ports = network::ports(&relay.address().to_string());
    let phone = subject::open_phone(&scratch.phone(), ports);
    let effort = Effort {
        samples: SAMPLES,
        ..effort
    };
    let mut texts = Texts::new();
    let mut text = texts.entry(0);
    // What the person last saw, which the next edit hands back.
    let seen = RefCell::new(subject::write(&phone, &text, true));
    let mut edits = 0;
    for goal in &sizes.edits {
        while edits < *goal {
            edits += 1;
            text = texts.edited(&text, edits);
            let edited = subject::edit(&phone, &seen.borrow(), &text);
            seen.replace(edited);
            if edits % SYNC_AFTER == 0 {
                subject::sync_phone(&phone);
            }
        }
        subject::sync_phone(&phone);
        // At the same number of edits each time: of another entry with the same history there is
        // none, so a few more edits have to do.
        let figure = each(
            effort,
            None,
            || {
                edits += 1;
                text = texts.edited(&text, edits);
                subject::sync_phone(&phone);
                text.clone()
            },
            |text| {
                let edited = subject::edit(&phone, &seen.borrow(), &text);
                seen.replace(edited);
            },
        );
        let row = table.figure(&format!("after {goal} edits"), figure);
        row.floor("a commit of one row", commit);
        if *goal == 300 {
            row.goal(10.0);
        }
    }
}
