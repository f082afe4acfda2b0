//! The promises of the design, each with tests that try to break it, over the real server and,
//! where it matters, real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod attachments;
mod begun_apart;
mod came_back;
mod cancel;
mod comparing;
mod decisions;
mod deleting;
mod deleting_apart;
mod delivery;
mod devices;
mod digest;
mod drafts;
mod durability;
mod edges;
mod ending;
mod exporting;
mod flags;
mod forgery;
mod forgotten;
mod handing_over;
mod held_back;
mod importing;
mod input;
mod interruptions;
mod members;
mod misplaced;
mod observing;
mod one_line;
mod outcomes;
mod pairing;
mod privacy;
mod protocol;
mod provenance;
mod quiet_hours;
mod reads;
mod recovery;
mod releases;
mod remains;
mod reminder_rules;
mod removal;
mod requests;
mod restore;
mod risk;
mod session_day;
mod truth;
mod two_records;
mod who_looked;

use companion_tests::{Node, Phone, World};

/// A clinic with one patient, paired and at rest, over real sockets.
fn clinic_and_ada() -> (World, Node, Phone) {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    (world, clinic, ada)
}
