//! Two nodes that raise a flag for one event apart, and take steps with it apart.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::StoreKey;
use crate::document;
use crate::ports::Ports;
use crate::ports::testing::{SeededRng, offline};

/// A node of its own chance.
fn node(folder: &tempfile::TempDir, seed: u64) -> Clinic {
    let ports = Ports {
        rng: std::sync::Arc::new(SeededRng::new(seed)),
        ..offline()
    };
    let path = folder.path().join(format!("{seed}.db"));
    let key = StoreKey::new([7; 32]);
    Clinic::init(
        &path,
        &key,
        ports,
        "Harbor Street Clinic",
        "https://sync.test",
    )
    .unwrap()
}

fn flag() -> Flag {
    Flag {
        patient: DocumentId::new([1; 16]),
        care_space: SpaceId::new([2; 32]),
        about: Some(DocumentId::new([3; 16])),
        source: FlagSource::HarmItem,
        words: "Item 9 was answered with 2.".to_owned(),
        raised_by: String::new(),
        at: Moment::utc(1_795_465_113_123),
        steps: Ordered::default(),
    }
}

/// All changes of a flag that a node wrote, oldest first.
fn changes(clinic: &Clinic, id: DocumentId) -> Vec<Vec<u8>> {
    let waiting = clinic.replica.store.read(|r| {
        let space = clinic.own.writable_space(Purpose::Clinic)?;
        Ok::<_, CoreError>(r.outbox(space, usize::MAX)?)
    });
    let of_it = waiting
        .unwrap()
        .into_iter()
        .filter(|row| row.document == id);
    of_it
        .map(|row| {
            crate::space::payload::Payload::decode(&row.payload)
                .unwrap()
                .change
        })
        .collect()
}

#[test]
fn two_nodes_that_raise_one_event_apart_write_one_document_and_keep_both_steps() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = [node(&folder, 1), node(&folder, 2)];
    let raised: Vec<Raised> = nodes
        .iter()
        .map(|node| node.raise_event(flag()).unwrap())
        .collect();
    let id = raised[0].id;
    assert!(raised.iter().all(|one| one.is_new && one.id == id));
    let again = nodes[0].raise_event(flag()).unwrap();
    assert!(!again.is_new && again.id == id);
    assert_eq!(
        changes(&nodes[0], id),
        changes(&nodes[1], id),
        "each wrote the very same change"
    );
    for (node, by) in nodes.iter().zip(["Maya", "Sam"]) {
        let view = node.own.get::<Flag>(id).unwrap();
        let step = FlagStep {
            act: FlagAct::Acknowledged,
            by: by.to_owned(),
            at: node.now(),
            words: String::new(),
        };
        let item = node.new_item();
        let edit = |flag: &mut Flag| flag.take(item, step).unwrap();
        node.own.edit::<Flag>(id, &view.revision, edit).unwrap();
    }
    let mut all = changes(&nodes[0], id);
    all.extend(changes(&nodes[1], id).pop());
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    let merged = document::materialize(&all);
    let merged = Flag::from_projection(&merged.projection).unwrap();
    assert_eq!(merged.steps.len(), 2);
    assert!(matches!(merged.state(), FlagState::Acknowledged(_)));
}

#[test]
fn another_answer_and_another_subject_are_other_events() {
    let other = [
        Flag {
            words: "Item 9 was answered with 3.".to_owned(),
            ..flag()
        },
        Flag {
            about: None,
            ..flag()
        },
        Flag {
            patient: DocumentId::new([4; 16]),
            ..flag()
        },
        Flag {
            source: FlagSource::ClinicRule,
            ..flag()
        },
    ];
    for other in other {
        assert_ne!(event_id(&other), event_id(&flag()));
    }
}

#[test]
fn a_document_of_that_name_elsewhere_keeps_no_flag_from_being_raised() {
    let folder = tempfile::tempdir().unwrap();
    let clinic = node(&folder, 1);
    let new = crate::clinic::NewPatient {
        name: "Ada".to_owned(),
        ..Default::default()
    };
    let patient = clinic.register(new).unwrap();
    let care_space = clinic.patient(patient).unwrap().record.care_space;
    let flag = Flag {
        patient,
        care_space,
        ..flag()
    };
    let taken = crate::domain::Reply {
        about: patient,
        body: "Somebody chose this name.".to_owned(),
        by: "Maya".to_owned(),
        at: clinic.now(),
    };
    let edit = Edit::new(care_space, event_id(&flag), &taken).unwrap();
    clinic.replica.commit(&[edit]).unwrap();
    for is_new in [true, false] {
        assert_eq!(clinic.raise_event(flag.clone()).unwrap().is_new, is_new);
    }
    assert_eq!(clinic.open_flags(patient).unwrap().len(), 1);
}
