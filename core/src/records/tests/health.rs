//! A report on the health of a replica says nothing of what is in it, whatever is in it.

use serde_json::{Value, json};

use super::*;
use crate::domain::{
    Content, DocumentId, Entry, Kind, KindVisitor, Moment, Projection, Shape, visit_kinds,
};
use crate::error::CoreError;
use crate::health::{CheckHealth, FileVolume, FilesHealth, HealthReport};
use crate::media::samples;
use crate::report::WarningCode;
use crate::store::StoreError;

const CANARY: &str = "velvet-otter-hums";

fn said(report: &HealthReport) -> String {
    format!("{report}\n{}", serde_json::to_string(report).unwrap())
}

/// Puts the canary wherever a text of a kind takes it, and gives how often it did.
fn with_canary<T: Content>(example: &T) -> (T, usize) {
    let mut fields: Projection = example.to_projection().unwrap();
    let mut taken = 0;
    let names: Vec<String> = fields.keys().cloned().collect();
    for name in names {
        let before = fields.get(&name).unwrap().clone();
        if name == "visibility" {
            continue;
        }
        let mut after = before.clone();
        sing(&mut after);
        fields.insert(name.clone(), after);
        let read = T::from_projection(&fields).ok();
        if before.is_number() || read.and_then(|it| it.checked().ok()).is_none() {
            fields.insert(name, before);
        } else if fields.get(&name) != Some(&before) {
            taken += 1;
        }
    }
    let content = T::from_projection(&fields).unwrap().checked().unwrap();
    (content, taken)
}

fn sing(value: &mut Value) {
    match value {
        Value::String(text) => *text = CANARY.to_owned(),
        Value::Array(all) => all.iter_mut().for_each(sing),
        Value::Object(all) => all
            .iter_mut()
            .filter(|(name, _)| !matches!(name.as_str(), "id" | "after" | "order"))
            .for_each(|(_, value)| sing(value)),
        _ => {}
    }
}

struct Fill {
    phone: Installation,
    clinic: Installation,
    kinds: usize,
    canaries: usize,
    ids: Vec<DocumentId>,
}

impl KindVisitor for Fill {
    fn visit<T: Content>(&mut self) {
        let (content, taken) = with_canary(&T::examples().remove(0));
        let here = match T::WRITERS {
            Writers::Patient | Writers::Both => &self.phone,
            Writers::Clinic => &self.clinic,
        };
        self.ids.push(here.records.create(content).unwrap().id);
        self.kinds += 1;
        self.canaries += taken;
    }
}

#[test]
fn a_report_on_health_says_nothing_of_what_is_in_any_kind() {
    let mut fill = Fill {
        phone: Installation::of(Side::Patient),
        clinic: Installation::of(Side::Clinic),
        kinds: 0,
        canaries: 0,
        ids: Vec::new(),
    };
    visit_kinds(&mut fill);
    assert!(fill.canaries > fill.kinds / 2, "{} took it", fill.canaries);
    let mut rows = 0;
    for here in [&fill.phone, &fill.clinic] {
        let space = here.replica.rows().remove(0).space;
        here.replica
            .store
            .write(|w| {
                w.put_warning(WarningCode::Forged.as_str(), Some(space), CANARY, 1)?;
                w.put_warning(CANARY, None, CANARY, 1)?;
                w.set_setting(crate::settings::SERVER, CANARY.as_bytes())?;
                w.set_setting(crate::settings::CLINIC, CANARY.as_bytes())
            })
            .unwrap();
        let report = here.replica.health_report().unwrap();
        let said = said(&report);
        assert!(!said.contains("otter"), "{said}");
        for id in &fill.ids {
            assert!(
                !said.contains(id.to_string().get(..8).unwrap()),
                "{id}: {said}"
            );
        }
        for row in here.replica.rows() {
            assert!(
                !said.contains(row.space.to_string().get(..8).unwrap()),
                "{said}"
            );
        }
        let warnings = [("forged", 1), ("unknown", 1)].into();
        assert_eq!(report.warnings, Some(warnings));
        rows += report.kinds.unwrap().values().sum::<u64>();
        assert!(said.contains("0 differ"), "{said}");
    }
    assert_eq!(rows, fill.kinds as u64);
}

#[test]
fn a_kind_that_somebody_else_named_is_counted_and_not_repeated() {
    let here = Installation::of(Side::Patient);
    let space = here.replica.row_for(Purpose::Private).unwrap().space;
    for n in 1..=2 {
        let edit = Edit {
            space,
            kind: Kind::from_stored(format!("{CANARY}{n}")),
            shape: Shape::new(&[]),
            document: DocumentId::new([n; 16]),
            seen: None,
            must_follow: false,
            begins: Begins::Fresh,
            content: json!({CANARY: CANARY}).as_object().unwrap().clone(),
        };
        here.replica.commit(&[edit]).unwrap();
    }
    let report = here.replica.health_report().unwrap();
    assert_eq!(report.kinds, Some([("unknown", 2)].into()));
    assert_eq!(report.outbox.unwrap().size.changes, 2);
    assert!(!said(&report).contains("otter"));
}

#[test]
fn a_report_on_health_is_known_to_the_letter() {
    let here = Installation::of(Side::Patient);
    let mut report = here.replica.health_report().unwrap();
    // What differs with the machine and the version.
    report.program = "0.0.0";
    report.system = "linux";
    report.processor = "x86_64";
    (report.index, report.indexed) = (1, Some(1));
    (report.file_bytes, report.beside_bytes) = (Some(4096), None);
    insta::assert_snapshot!(said(&report));
}

#[test]
fn over_a_damaged_file_a_report_comes_out_all_the_same_and_nothing_is_rebuilt() {
    let here = Installation::of(Side::Patient);
    for n in 0..60 {
        let mut entry = Entry::new(Moment::utc(1_795_465_113_123 + n));
        entry.body = "The rain on the roof. ".repeat(20);
        here.records.create(entry).unwrap();
    }
    let path = here.path();
    let Installation {
        folder,
        replica,
        records,
    } = here;
    drop((records, replica));
    let whole = std::fs::read(&path).unwrap();
    let mut reported = 0;
    let (mut uncounted, mut unopened) = (0, 0);
    for page in (1..whole.len() / 4_096).step_by(3) {
        let mut damaged = whole.clone();
        damaged[page * 4_096 + 1_000] ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        for leftover in ["record.db-wal", "record.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(leftover));
        }
        let replica = match Replica::open(&path, &KEY, offline(), Side::Patient) {
            Ok(replica) => replica,
            Err(why) => {
                let report = HealthReport::of_unopened(Side::Patient, &path, &why);
                assert_eq!(report.file_bytes, Some(damaged.len() as u64));
                assert_eq!(
                    report.check,
                    CheckHealth::NotOpened { why: "damaged" },
                    "page {page}: {why:?}"
                );
                unopened += 1;
                continue;
            }
        };
        let report = replica.health_report().unwrap();
        assert!(
            !matches!(report.check, CheckHealth::Compared { .. }),
            "page {page}: {report}"
        );
        let unknown = report.kinds.is_none()
            || report.log.is_none()
            || report.outbox.is_none()
            || report.files.is_none()
            || report.put_aside.is_none()
            || report.warnings.is_none();
        assert_eq!(
            unknown,
            said(&report).contains("can't be counted"),
            "{report}"
        );
        uncounted += usize::from(unknown);
        let rebuilt = replica.rebuild();
        assert!(
            matches!(rebuilt, Err(CoreError::Store(StoreError::Damaged(_)))),
            "page {page}: {rebuilt:?}"
        );
        reported += 1;
    }
    assert!(
        reported > 5 && uncounted > 0 && unopened > 0,
        "{reported} and {uncounted}"
    );
}

#[test]
fn recordings_that_wait_and_those_that_are_lost_are_counted_apart() {
    let here = Installation::of(Side::Patient);
    let store = &here.replica.store;
    let file = samples::wav(1_000);
    let attached = || {
        let mut entry = Entry::new(Moment::utc(1_795_465_113_123));
        entry.body = CANARY.to_owned();
        let id = here.records.create(entry).unwrap().id;
        let new = NewAttachment {
            size: file.len() as u64,
            ..NewAttachment::default()
        };
        let view = here.records.attach::<Entry>(id, new, &mut &file[..]);
        let item = view.unwrap().content.attachments.iter().next().unwrap().0;
        (
            id,
            item,
            store.read(|r| r.blobs_of(id)).unwrap()[0].blob.unwrap(),
        )
    };
    let counted = || here.replica.health_report().unwrap().files.unwrap();
    assert_eq!(counted(), FilesHealth::default());
    let (damaged, taken_off, _) = (attached(), attached(), attached());
    let size = store.read(|r| r.blob(damaged.2)).unwrap().unwrap().size;
    let of = |files| FileVolume {
        files,
        bytes: files * size,
    };
    let (waiting, lost) = (of(3), of(0));
    assert_eq!(counted(), FilesHealth { waiting, lost });
    let detached = here.records.detach::<Entry>(taken_off.0, taken_off.1);
    detached.unwrap();
    store.blob_files().remove(damaged.2).unwrap();
    // The report itself is what finds it.
    let (waiting, lost) = (of(1), of(1));
    assert_eq!(counted(), FilesHealth { waiting, lost });
    let said = here.replica.health_report().unwrap().to_string();
    let line = format!("1 wait to be sent, {size} bytes; 1 are lost, {size} bytes");
    assert!(said.contains(&line), "{said}");
    let back = here.records.detach::<Entry>(damaged.0, damaged.1);
    back.unwrap();
    assert_eq!(counted().lost, of(0));
}
