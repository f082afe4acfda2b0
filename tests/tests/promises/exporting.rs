//! Taking the record along: everything that is the patient's is in it, field by field, and nothing else.

use companion_core::Export;
use companion_core::domain::{
    CheckIn, Content, DocumentId, Entry, KindVisitor, Placement, Rating, Reply, Visibility,
    visit_kinds,
};
use companion_core::records::Query;
use companion_tests::{Canary, Fault, Node, Phone};
use serde_json::Value;

use crate::clinic_and_ada;

/// One document as the facade gives it: its id, its kind, and its fields.
type Written = (DocumentId, String, Value);

/// Writes an example of every kind that a side may write, and notes what then stands on the phone.
struct Examples<'a> {
    clinic: &'a Node,
    ada: &'a Phone,
    written: Vec<(String, bool)>,
}

impl KindVisitor for Examples<'_> {
    fn visit<T: Content>(&mut self) {
        let example = || T::examples().remove(0);
        let mut is_there = false;
        if T::PLACEMENT != Placement::Clinic {
            is_there |= self.ada.create(example()).is_ok();
            is_there |= self
                .clinic
                .create(self.ada.record.unwrap(), example())
                .is_ok();
        }
        self.written
            .push((T::KIND.to_string(), is_there && T::IN_EXPORT));
    }
}

/// What stands on a phone, of every kind.
struct Standing<'a> {
    phone: &'a Phone,
    taken: Vec<Written>,
    left: Vec<DocumentId>,
}

impl KindVisitor for Standing<'_> {
    fn visit<T: Content>(&mut self) {
        if T::PLACEMENT == Placement::Clinic {
            return;
        }
        for view in self.phone.all(Query::<T>::all()) {
            if T::IN_EXPORT {
                let fields = Value::Object(view.content.to_projection().unwrap());
                self.taken.push((view.id, T::KIND.to_string(), fields));
            } else {
                self.left.push(view.id);
            }
        }
    }
}

fn file<'a>(export: &'a Export, name: &str) -> &'a str {
    let file = export.files.iter().find(|file| file.name == name);
    &file.unwrap().text
}

#[test]
fn every_kind_is_taken_along_field_by_field_and_keys_are_not() {
    let (_world, clinic, ada) = clinic_and_ada();
    let mut examples = Examples {
        clinic: &clinic,
        ada: &ada,
        written: Vec::new(),
    };
    visit_kinds(&mut examples);
    let written = examples.written.iter().filter(|(_, is)| *is).count();
    assert!(written > 25, "{:?}", examples.written);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let mut standing = Standing {
        phone: &ada,
        taken: Vec::new(),
        left: Vec::new(),
    };
    visit_kinds(&mut standing);
    assert!(
        !standing.left.is_empty(),
        "no key of a device is there to be left out"
    );
    let export = ada.export().unwrap();
    let record: Value = serde_json::from_str(file(&export, "record.json")).unwrap();
    let documents = record["documents"].as_array().unwrap();
    let found = |id: &DocumentId| {
        let id = id.to_string();
        documents.iter().find(|one| one["id"] == *id)
    };
    let mut keys = Vec::new();
    for (id, kind, fields) in &standing.taken {
        let there = found(id).unwrap_or_else(|| panic!("no {kind} {id}"));
        assert_eq!(there["kind"], *kind);
        let mut fields = fields.clone();
        // What opens a recording is left out; whoever takes the record along has the recording itself.
        let attached = fields.get_mut("attachments").and_then(Value::as_object_mut);
        for one in attached.into_iter().flat_map(|all| all.values_mut()) {
            let one = one.as_object_mut().unwrap();
            keys.extend(one.remove("key"));
            one.remove("blob");
        }
        for (name, value) in fields.as_object().unwrap() {
            // An empty text, set or list may be there or not.
            let is_empty =
                value.as_str() == Some("") || value.as_object().is_some_and(|it| it.is_empty());
            assert!(
                is_empty || there["fields"][name] == *value,
                "{kind}: {name}"
            );
        }
    }
    assert_eq!(documents.len(), standing.taken.len());
    assert_eq!(
        (export.documents, export.unreadable, export.unknown),
        (documents.len(), 0, 0)
    );
    for id in &standing.left {
        assert!(found(id).is_none(), "{id} is for devices alone");
    }
    let whole: String = export.files.iter().map(|file| &*file.text).collect();
    for field in ["care_signature", "\"grant\"", "grant_for"] {
        assert!(!whole.contains(field), "{field}");
    }
    assert!(
        !keys.is_empty(),
        "no key of a recording is there to be left out"
    );
    for key in keys {
        assert!(
            !whole.contains(key.as_str().unwrap()),
            "a key of a recording"
        );
    }
}

#[test]
fn a_record_reads_as_it_was_written_and_by_whom_and_what_was_deleted_is_not_in_it() {
    let (_world, clinic, ada) = clinic_and_ada();
    let shared = ada.create(Entry {
        title: "The lake".into(),
        body: "# Not a heading\n<script>alert(1)</script>\n\nIt was quiet.".into(),
        visibility: Visibility::CareTeam,
        ..Entry::new(ada.now())
    });
    let shared = shared.unwrap();
    ada.write_privately("For nobody else.");
    let gone = Canary::new("violet heron");
    let deleted = ada.write_privately(gone.words());
    ada.delete::<Entry>(deleted.id).unwrap();
    let felt = CheckIn {
        note: "a | b\n= 1".into(),
        ..CheckIn::new(Rating::MIDDLE, ada.now())
    };
    ada.create(felt).unwrap();
    let back = ada.write("Taken back since.");
    ada.sync_cleanly();
    ada.withdraw::<Entry>(back.id).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let answer = Reply {
        about: shared.id,
        body: "See you on Monday.".into(),
        by: "Maya".into(),
        at: clinic.now(),
    };
    clinic.create(ada.record.unwrap(), answer).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    ada.write_privately("Not sent yet.");

    let export = ada.export().unwrap();
    let journal = file(&export, "journal.md");
    assert!(journal.contains("## The lake"), "{journal}");
    assert!(
        journal
            .contains("> # Not a heading\n> &lt;script>alert(1)&lt;/script>\n>\n> It was quiet.")
    );
    assert!(journal.contains("**Maya answered, ") && journal.contains("> See you on Monday."));
    assert_eq!(journal.matches("Taken back since.").count(), 1, "{journal}");
    assert!(journal.contains("> For nobody else.") && journal.contains("only me"));
    assert!(!journal.contains("\n# Not") && !journal.contains("<script"));
    let check_ins = file(&export, "check-ins.md");
    assert!(check_ins.contains("| a \\| b = 1 |"), "{check_ins}");
    let readme = file(&export, "README.md");
    assert!(
        readme.contains("not encrypted") && readme.contains("shared with Riverbank"),
        "{readme}"
    );
    assert!(readme.contains("had not been sent yet"), "{readme}");
    for file in &export.files {
        assert_eq!(gone.found_in(file.text.as_bytes()), None, "{}", file.name);
    }
    let record: Value = serde_json::from_str(file(&export, "record.json")).unwrap();
    let unsent = record["documents"].as_array().unwrap().iter();
    let unsent = unsent.filter(|one| one["not_sent_yet"] == true);
    let unsent: Vec<&Value> = unsent.map(|one| &one["fields"]["body"]).collect();
    assert_eq!(unsent, ["Not sent yet."]);
    let by = |kind: &str| {
        let documents = record["documents"].as_array().unwrap().iter();
        let of_it: Vec<_> = documents.filter(|one| one["kind"] == kind).collect();
        of_it.first().map(|one| one["written_by"].clone()).unwrap()
    };
    assert_eq!(by("entry"), serde_json::json!(["patient"]));
    assert_eq!(by("reply"), serde_json::json!(["clinic"]));
}

#[test]
fn an_export_changes_nothing_and_needs_nobody() {
    let (_world, _clinic, ada) = clinic_and_ada();
    ada.write("The lake.");
    ada.faults().always(Fault::DropRequest);
    let (before, sent) = (ada.sequence().unwrap(), ada.faults().sent());
    let [one, other] = [(); 2].map(|()| ada.export().unwrap());
    assert_eq!(one, other);
    assert_eq!(
        (ada.sequence().unwrap(), ada.faults().sent()),
        (before, sent)
    );
}
