//! What is measured: every call to the core's facades that this benchmark makes, one function each.
//! When the facades change, this file changes and nothing else does, so that figures from before and
//! after are of the same thing.

use std::path::Path;

use companion_core::Ports;
use companion_core::clinic::{Clinic, NewPatient};
use companion_core::document::Revision;
use companion_core::domain::{DocumentId, Moment, Step, Visibility};
use companion_core::patient::{CheckInDraft, EntryDraft, Patient};
use companion_core::protocol::id::MemberId;
use companion_core::store::StoreKey;
use companion_core::sync::SyncReport;

use crate::contents::Text;

pub(crate) type Phone = Patient;
pub(crate) type Node = Clinic;
pub(crate) type Id = DocumentId;

/// Rows on the first screen.
pub(crate) const PAGE: usize = 30;
/// Opens every file of this benchmark: nothing in them is anybody's.
pub(crate) const KEY: [u8; 32] = [7; 32];
const CLINICIAN: &str = "Dr. Moss";

/// One thing of a record as plain SQLite would keep it, for the floors.
pub(crate) struct Plain {
    pub(crate) id: Vec<u8>,
    pub(crate) kind: &'static str,
    pub(crate) at_ms: i64,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) fields: String,
}

/// An entry in the version that a person has before them.
pub(crate) struct Seen(DocumentId, Revision);

pub(crate) fn open_phone(file: &Path, ports: Ports) -> Phone {
    Patient::open(file, &StoreKey::new(KEY), ports).unwrap()
}

pub(crate) fn pair(phone: &Phone, link: &str) {
    phone.pair(link).unwrap();
}

/// What the first screen shows above the entries: how much waits to be sent.
pub(crate) fn status(phone: &Phone) -> usize {
    phone.status().unwrap().waiting
}

pub(crate) fn write(phone: &Phone, text: &Text, shared: bool) -> Seen {
    let view = phone.write_entry(draft(text, shared)).unwrap();
    Seen(view.id, view.revision)
}

pub(crate) fn edit(phone: &Phone, seen: &Seen, text: &Text) -> Seen {
    let view = phone
        .edit_entry(seen.0, &seen.1, draft(text, true))
        .unwrap();
    Seen(view.id, view.revision)
}

pub(crate) fn id_of(seen: &Seen) -> Id {
    seen.0
}

fn draft(text: &Text, shared: bool) -> EntryDraft {
    EntryDraft {
        title: text.title.clone(),
        body: text.body.clone(),
        visibility: visibility(shared),
        ..EntryDraft::default()
    }
}

fn visibility(shared: bool) -> Visibility {
    if shared {
        Visibility::CareTeam
    } else {
        Visibility::OnlyMe
    }
}

pub(crate) fn check_in(phone: &Phone, valence: u8, note: &str) {
    let draft = CheckInDraft {
        valence: Step::new(valence).unwrap(),
        energy: Some(Step::MIDDLE),
        anxiety: None,
        sleep: None,
        feelings: ["calm".to_owned()].into(),
        note: note.to_owned(),
        visibility: visibility(true),
        at: None,
    };
    phone.check_in(draft).unwrap();
}

/// How many entries the first screen shows. There is no page yet: all are read.
pub(crate) fn newest_page(phone: &Phone) -> usize {
    phone.entries().unwrap().into_iter().take(PAGE).count()
}

/// The length of one entry's text.
pub(crate) fn by_id(phone: &Phone, id: Id) -> usize {
    phone.entry(id).unwrap().entry.body.len()
}

/// How many entries a search shows.
pub(crate) fn search(phone: &Phone, words: &str) -> usize {
    phone.search(words).unwrap().len()
}

/// Changes sent and received. A sync that left something undone would be measured as fast.
pub(crate) fn sync_phone(phone: &Phone) -> (usize, usize) {
    clean(&phone.sync().unwrap())
}

fn clean(report: &SyncReport) -> (usize, usize) {
    assert!(report.is_clean(), "{report:?}");
    (report.sent, report.received)
}

pub(crate) fn all_entries(phone: &Phone) -> Vec<Id> {
    let views = phone.entries().unwrap();
    views.into_iter().map(|view| view.id).collect()
}

pub(crate) fn everything(phone: &Phone) -> Vec<Plain> {
    let entries = phone.entries().unwrap().into_iter().map(|view| Plain {
        id: view.id.as_bytes().to_vec(),
        kind: "entry",
        at_ms: view.entry.at.unix_ms,
        fields: serde_json::to_string(&view.entry).unwrap(),
        title: view.entry.title,
        body: view.entry.body,
    });
    let check_ins = phone.check_ins().unwrap().into_iter().map(|view| Plain {
        id: view.id.as_bytes().to_vec(),
        kind: "check-in",
        at_ms: view.check_in.at.unix_ms,
        fields: serde_json::to_string(&view.check_in).unwrap(),
        title: String::new(),
        body: view.check_in.note,
    });
    entries.chain(check_ins).collect()
}

/// A new clinic's node, and the key that the server must know.
pub(crate) fn init_clinic(file: &Path, ports: Ports, server: &str) -> (Node, MemberId) {
    let clinic = Clinic::init(file, &StoreKey::new(KEY), ports, "Harbour", server).unwrap();
    let key = clinic.public_key();
    (clinic, key)
}

pub(crate) fn open_clinic(file: &Path, ports: Ports) -> Node {
    Clinic::open(file, &StoreKey::new(KEY), ports).unwrap()
}

/// Changes sent and received.
pub(crate) fn sync_clinic(clinic: &Node) -> (usize, usize) {
    clean(&clinic.sync().unwrap())
}

/// A patient, and the link for their phone.
pub(crate) fn invite(clinic: &Node, name: &str) -> (Id, String) {
    let patient = NewPatient {
        name: name.to_owned(),
        ..NewPatient::default()
    };
    let invitation = clinic.invite_patient(patient).unwrap();
    (invitation.patient, invitation.link)
}

pub(crate) fn confirm(clinic: &Node, patient: Id) {
    clinic.confirm_words(patient).unwrap();
}

pub(crate) fn open_entry(clinic: &Node, patient: Id, entry: Id) {
    clinic.open_entry(patient, entry, CLINICIAN).unwrap();
}

pub(crate) fn reply(clinic: &Node, patient: Id, about: Id, body: &str) {
    clinic.reply(patient, about, body, CLINICIAN).unwrap();
}

pub(crate) fn mark_reviewed(clinic: &Node, patient: Id, about: Id) {
    clinic.mark_reviewed(patient, about, CLINICIAN).unwrap();
}

pub(crate) fn add_session(clinic: &Node, patient: Id, number: u32, at_ms: i64) {
    let at = Moment::utc(at_ms);
    clinic
        .add_session(patient, number, at, "Two hours")
        .unwrap();
}

/// How many rows the caseload has.
pub(crate) fn caseload(clinic: &Node) -> usize {
    clinic.caseload().unwrap().len()
}

/// Patients by their names.
pub(crate) fn patients(clinic: &Node) -> Vec<(String, Id)> {
    let rows = clinic.caseload().unwrap();
    rows.into_iter()
        .map(|row| (row.record.name, row.patient))
        .collect()
}

/// One letter more in the search above the caseload: how many rows are left.
pub(crate) fn keystroke(clinic: &Node, letters: &str) -> usize {
    let rows = clinic.caseload().unwrap();
    rows.iter()
        .filter(|row| row.record.name.to_lowercase().contains(letters))
        .count()
}

/// One exchange of the live page: what came in is taken in, and the caseload's row says so.
pub(crate) fn exchange(clinic: &Node, patient: Id) -> usize {
    sync_clinic(clinic);
    unread(clinic, patient)
}

/// What the caseload says of a patient's unread entries.
pub(crate) fn unread(clinic: &Node, patient: Id) -> usize {
    let rows = clinic.caseload().unwrap();
    rows.iter()
        .find(|row| row.patient == patient)
        .unwrap()
        .unread
}

/// How many things a patient's page shows. There is no page yet: all are read.
pub(crate) fn patient_page(clinic: &Node, patient: Id) -> usize {
    clinic.patient(patient).unwrap().timeline.len()
}

pub(crate) fn everything_of(clinic: &Node, patient: Id) -> Vec<Plain> {
    use companion_core::clinic::TimelineItem;
    let page = clinic.patient(patient).unwrap();
    let plain = |item| match item {
        TimelineItem::Entry(item) => Some(Plain {
            id: item.id.as_bytes().to_vec(),
            kind: "entry",
            at_ms: item.entry.at.unix_ms,
            fields: serde_json::to_string(&item.entry).unwrap(),
            title: item.entry.title,
            body: item.entry.body,
        }),
        TimelineItem::CheckIn(item) => Some(Plain {
            id: item.id.as_bytes().to_vec(),
            kind: "check-in",
            at_ms: item.check_in.at.unix_ms,
            fields: serde_json::to_string(&item.check_in).unwrap(),
            title: String::new(),
            body: item.check_in.note,
        }),
        _ => None,
    };
    page.timeline.into_iter().filter_map(plain).collect()
}
