//! A clinic and a patient's phones: the real facades, real files, real HTTP.

use std::path::Path;
use std::sync::Arc;

use companion_core::clinic::{Clinic, NewPatient};
use companion_core::domain::{Entry, Moment, Visibility};
use companion_core::patient::Patient;
use companion_core::ports::{OsRng, SystemClock};
use companion_core::{HttpNetwork, Ports, StoreKey, SyncReport};
use companion_tests::shown;

use crate::relay::Relay;

fn ports() -> Ports {
    Ports {
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
        network: Arc::new(HttpNetwork::new(Arc::new(OsRng)).unwrap()),
    }
}

/// A phone as it comes out of the shop.
pub(crate) fn phone(folder: &Path, name: &str) -> Patient {
    Patient::open(&folder.join(name), &StoreKey::random(&OsRng), ports()).unwrap()
}

/// A clinic registered with the server, and a paired phone of its one patient.
pub(crate) fn clinic_with_patient(folder: &Path, relay: &mut Relay) -> (Clinic, Patient) {
    let server = format!("http://{}", relay.address());
    let file = folder.join("clinic.db");
    let clinic = Clinic::init(&file, &StoreKey::random(&OsRng), ports(), "Harbor", &server);
    let clinic = clinic.unwrap();
    relay.register(clinic.public_key());
    clean(&clinic.sync().unwrap());
    let patient = NewPatient {
        name: "Ada".to_owned(),
        ..NewPatient::default()
    };
    let invitation = clinic.invite_patient(patient).unwrap();
    let phone = phone(folder, "first.db");
    phone.pair(&invitation.link).unwrap();
    clinic.sync().unwrap();
    let comparison = shown(&clinic, invitation.patient);
    clinic
        .confirm_words(invitation.patient, comparison)
        .unwrap();
    // It hears that it is let in; the clinic pays for what it keeps private; it founds that.
    for _ in 0..2 {
        phone.sync().unwrap();
        clinic.sync().unwrap();
    }
    clean(&phone.sync().unwrap());
    (clinic, phone)
}

/// A sync that left something undone would be measured as fast.
pub(crate) fn clean(report: &SyncReport) {
    assert!(report.is_clean(), "{report:?}");
}

/// An entry for the care team.
pub(crate) fn entry(at: Moment, title: String, body: String) -> Entry {
    Entry {
        title,
        body,
        visibility: Visibility::CareTeam,
        ..Entry::new(at)
    }
}
