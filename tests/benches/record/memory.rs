//! The most memory that a process holds: this program starts itself again and does one thing.

use std::path::Path;
use std::process::Command;

use crate::contents::LETTERS;
use crate::{floors, meter, network, subject};

/// The argument that makes this program such a process.
pub(crate) const CHILD: &str = "--child";

/// What the process does.
#[derive(Clone, Copy)]
pub(crate) enum Doing {
    /// Opens the file with plain SQLite and reads the newest entries.
    Bare,
    /// Opens a phone's record, shows the first screen and syncs.
    Phone,
    /// Opens a clinic, shows the caseload, searches it, syncs and shows a patient.
    Clinic,
}

impl Doing {
    fn name(self) -> &'static str {
        match self {
            Doing::Bare => "bare",
            Doing::Phone => "phone",
            Doing::Clinic => "clinic",
        }
    }
}

/// The peak in kilobytes of a process that does it.
pub(crate) fn peak(doing: Doing, file: &Path, address: &str) -> u64 {
    let child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, doing.name()])
        .arg(file)
        .arg(address)
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
    String::from_utf8(child.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

/// In the child.
pub(crate) fn run(doing: &str, file: &Path, address: &str) {
    match doing {
        "bare" => {
            let _open = floors::open_and_read(file);
        }
        "phone" => {
            let phone = subject::open_phone(file, network::ports(address));
            assert!(subject::status(&phone) > 0, "nothing to send");
            subject::newest_page(&phone);
            assert!(subject::sync_phone(&phone).0 > 0);
        }
        "clinic" => {
            let clinic = subject::open_clinic(file, network::ports(address));
            subject::caseload(&clinic);
            subject::keystroke(&clinic, LETTERS);
            subject::sync_clinic(&clinic);
            let (_, patient) = subject::patients(&clinic).swap_remove(0);
            subject::patient_page(&clinic, patient);
        }
        other => panic!("{other}?"),
    }
    println!("{}", meter::high_water());
}
