//! What is measured: every call to the core's facades that this benchmark makes, one function each.
//! When the facades change, this file changes and nothing else does, so that figures from before and
//! after are of the same thing.

use std::path::Path;

use companion_core::clinic::{Clinic, NewPatient};
use companion_core::domain::{
    CheckIn, Content, DocumentId, DosingSession, Entry, Moment, Rating, Readiness, Reply, Revision,
    Visibility,
};
use companion_core::patient::Patient;
use companion_core::protocol::id::MemberId;
use companion_core::records::{Page, PageSize, Query, View};
use companion_core::{Ports, StoreKey, SyncReport};
use companion_tests::{attended, shown};

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
    phone.status().unwrap().waiting.try_into().unwrap()
}

pub(crate) fn write(phone: &Phone, text: &Text, shared: bool) -> Seen {
    let view = phone.create(draft(phone, text, shared)).unwrap();
    Seen(view.id, view.revision)
}

pub(crate) fn edit(phone: &Phone, seen: &Seen, text: &Text) -> Seen {
    let edited = phone.edit::<Entry>(seen.0, &seen.1, |entry| {
        entry.title.clone_from(&text.title);
        entry.body.clone_from(&text.body);
    });
    let view = edited.unwrap();
    Seen(view.id, view.revision)
}

pub(crate) fn id_of(seen: &Seen) -> Id {
    seen.0
}

fn draft(phone: &Phone, text: &Text, shared: bool) -> Entry {
    Entry {
        title: text.title.clone(),
        body: text.body.clone(),
        visibility: visibility(shared),
        ..Entry::new(phone.now())
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
    let check_in = CheckIn {
        energy: Some(Rating::MIDDLE),
        feelings: ["calm".to_owned()].into(),
        note: note.to_owned(),
        visibility: visibility(true),
        ..CheckIn::new(Rating::new(valence).unwrap(), phone.now())
    };
    phone.create(check_in).unwrap();
}

/// How many entries the first screen shows.
pub(crate) fn newest_page(phone: &Phone) -> usize {
    let size = PageSize::new(PAGE.try_into().unwrap()).unwrap();
    phone
        .page(&Query::<Entry>::all().size(size))
        .unwrap()
        .items
        .len()
}

/// The length of one entry's text.
pub(crate) fn by_id(phone: &Phone, id: Id) -> usize {
    phone.get::<Entry>(id).unwrap().content.body.len()
}

/// How many entries a search shows.
pub(crate) fn search(phone: &Phone, words: &str) -> usize {
    phone
        .search::<Entry>(words, PageSize::SCREEN)
        .unwrap()
        .len()
}

/// All of a list, page after page.
fn all<T: Content>(page: impl Fn(&Query<T>) -> Page<T>) -> Vec<View<T>> {
    let mut all = Vec::new();
    let mut query = Query::all().size(PageSize::LARGEST);
    loop {
        let page = page(&query);
        all.extend(page.items);
        match page.next {
            Some(next) => query = query.after(next),
            None => return all,
        }
    }
}

fn plain_entry(view: View<Entry>) -> Plain {
    Plain {
        id: view.id.as_bytes().to_vec(),
        kind: "entry",
        at_ms: view.content.at.unix_ms,
        fields: serde_json::to_string(&view.content).unwrap(),
        title: view.content.title,
        body: view.content.body,
    }
}

fn plain_check_in(view: View<CheckIn>) -> Plain {
    Plain {
        id: view.id.as_bytes().to_vec(),
        kind: "check-in",
        at_ms: view.content.at.unix_ms,
        fields: serde_json::to_string(&view.content).unwrap(),
        title: String::new(),
        body: view.content.note,
    }
}

/// Changes sent and received. A sync that left something undone would be measured as fast.
pub(crate) fn sync_phone(phone: &Phone) -> (usize, usize) {
    clean(&phone.sync().unwrap())
}

/// A sync that leaves waiting what has no place on the server yet.
pub(crate) fn try_sync(phone: &Phone) {
    phone.sync().unwrap();
}

fn clean(report: &SyncReport) -> (usize, usize) {
    assert!(report.is_clean(), "{report:?}");
    let count = |count: u64| count.try_into().unwrap();
    (count(report.sent), count(report.received))
}

pub(crate) fn all_entries(phone: &Phone) -> Vec<Id> {
    let views = all::<Entry>(|query| phone.page(query).unwrap());
    views.into_iter().map(|view| view.id).collect()
}

pub(crate) fn everything(phone: &Phone) -> Vec<Plain> {
    let entries = all(|query| phone.page(query).unwrap()).into_iter();
    let check_ins = all(|query| phone.page(query).unwrap()).into_iter();
    entries
        .map(plain_entry)
        .chain(check_ins.map(plain_check_in))
        .collect()
}

/// A new clinic's node, and the key that the server must know.
pub(crate) fn init_clinic(file: &Path, ports: Ports, server: &str) -> (Node, MemberId) {
    let clinic = Clinic::init(file, &StoreKey::new(KEY), ports, "Harbor", server).unwrap();
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
    clinic
        .confirm_words(patient, shown(clinic, patient))
        .unwrap();
}

pub(crate) fn open_entry(clinic: &Node, patient: Id, entry: Id) {
    let opened = clinic.open_shared::<Entry>(patient, entry, CLINICIAN);
    opened.unwrap();
}

pub(crate) fn reply(clinic: &Node, patient: Id, about: Id, body: &str) {
    clinic.reply(patient, about, body, CLINICIAN).unwrap();
}

pub(crate) fn mark_reviewed(clinic: &Node, patient: Id, about: Id) {
    let seen = clinic.get::<Entry>(patient, about).unwrap().revision;
    clinic
        .mark_reviewed(patient, about, &seen, CLINICIAN)
        .unwrap();
}

pub(crate) fn add_session(clinic: &Node, patient: Id, number: u32, at_ms: i64) {
    let session = DosingSession {
        note: "Two hours".to_owned(),
        ..DosingSession::new(number, Moment::utc(at_ms))
    };
    if clinic.readiness(patient).unwrap().is_none() {
        let ready = Readiness::ready(CLINICIAN, clinic.now());
        clinic.create(patient, ready).unwrap();
    }
    clinic.plan_session(patient, attended(session)).unwrap();
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
        .try_into()
        .unwrap()
}

/// How many things the first page of a patient's shows: what they wrote, with what the clinic did
/// about it, the replies and the sessions.
pub(crate) fn patient_page(clinic: &Node, patient: Id) -> usize {
    let entries = clinic.shared::<Entry>(patient, &Query::all()).unwrap();
    let check_ins = clinic.shared::<CheckIn>(patient, &Query::all()).unwrap();
    let replies = clinic.page::<Reply>(patient, &Query::all()).unwrap();
    let sessions = clinic
        .page::<DosingSession>(patient, &Query::all())
        .unwrap();
    clinic.patient(patient).unwrap();
    entries.items.len() + check_ins.items.len() + replies.items.len() + sessions.items.len()
}

pub(crate) fn everything_of(clinic: &Node, patient: Id) -> Vec<Plain> {
    let entries = all(|query| clinic.page(patient, query).unwrap()).into_iter();
    let check_ins = all(|query| clinic.page(patient, query).unwrap()).into_iter();
    entries
        .map(plain_entry)
        .chain(check_ins.map(plain_check_in))
        .collect()
}
