//! What is an export arrives whole, wherever a process ends or a disk fills on the way.

use std::cell::Cell;
use std::io::Write as _;

use serde_json::{Value, json};

use super::{App, Folder, exported};
use crate::domain::{Entry, FormerDocument};
use crate::error::CoreError;
use crate::import::ImportError;
use crate::media::samples;
use crate::records::Query;

#[test]
fn a_folder_that_changes_after_it_was_shown_is_not_imported() {
    let whole = exported();
    let mut other = whole.clone();
    *other
        .0
        .get_mut(&whole.media("wav"))
        .unwrap()
        .last_mut()
        .unwrap() ^= 1;
    let app = App::new();
    let before = app.state();
    let is_later = Cell::new(false);
    let open = |name: &str| match is_later.get() {
        false => whole.open(name),
        true => other.open(name),
    };
    let plan = app.phone.read_export(&open).unwrap();
    is_later.set(true);
    let error = app.phone.import(&plan, &open).unwrap_err();
    assert!(
        matches!(error, CoreError::Import(ImportError::Changed { .. })),
        "{error}"
    );
    assert_eq!(app.state(), before);
}

#[test]
fn killed_or_out_of_room_at_any_step_nothing_is_here_and_the_next_import_brings_all() {
    let whole = exported();
    let fate_of = |app: &App| app.phone.replica.store.blob_files().fate.steps();
    let app = App::new();
    app.phone.replica.store.blob_files().fate.decide(0, 0);
    whole.import(&app.phone).unwrap();
    let (steps, all) = (fate_of(&app), app.state().2);
    assert!(steps > 12 && all == 3, "{steps} steps, {all} files");
    for step in 1..=steps {
        for is_full in [false, true] {
            let app = App::new();
            let before = app.state();
            let fate = &app.phone.replica.store.blob_files().fate;
            match is_full {
                true => fate.decide(0, step),
                false => fate.decide(step, 0),
            }
            let error = whole.import(&app.phone).expect_err("it went on");
            assert!(matches!(error, CoreError::Store(_)), "{error}");
            let app = app.reopened();
            assert_eq!(app.state(), before, "step {step}, full: {is_full}");
            whole.import(&app.phone).unwrap();
            assert_eq!(app.state().2, all);
            let entries = app.phone.page(&Query::<Entry>::all()).unwrap().items;
            assert_eq!(entries.len(), 1);
            assert_eq!(
                Folder::of(&app.phone).0[&whole.media("wav")],
                whole.0[&whole.media("wav")]
            );
        }
    }
}

#[test]
fn what_this_version_does_not_know_or_could_not_read_rides_along_as_it_is() {
    let whole = exported().recorded(|record| {
        let documents = record["documents"].as_array_mut().unwrap();
        let mut letter = documents[0].clone();
        letter["id"] = json!("11".repeat(16));
        letter["kind"] = json!("letter");
        letter["fields"] =
            json!({"at": "2026-11-23T20:18:33.123+01:00", "said": {"deep": [1.5, null, ""]}});
        letter["files"] = json!({});
        let mut odd = letter.clone();
        odd["id"] = json!("22".repeat(16));
        odd["kind"] = json!("entry");
        odd["readable"] = json!(false);
        documents.extend([letter, odd]);
    });
    let app = App::new();
    let report = whole.import(&app.phone).unwrap();
    assert_eq!((report.own.len(), report.former.len()), (1, 2));
    let again = Folder::of(&app.phone).record();
    let by_id = |record: &Value, id: &str| {
        let documents = record["documents"].as_array().unwrap().iter();
        documents.clone().find(|one| one["id"] == id).unwrap()["fields"].clone()
    };
    for id in ["11".repeat(16), "22".repeat(16)] {
        assert_eq!(by_id(&again, &id), by_id(&whole.record(), &id));
    }
    let former = app.phone.page(&Query::<FormerDocument>::all()).unwrap();
    assert_eq!(former.items.len(), 2);
}

#[test]
fn what_a_former_clinic_wrote_is_kept_as_it_is_and_no_page_of_it_moves_a_terminal() {
    let clears = "\u{1b}[2JThe lake\u{9b}2J";
    let whole = exported().recorded(|record| {
        let documents = record["documents"].as_array_mut().unwrap();
        let mut reply = documents[0].clone();
        reply["id"] = json!("11".repeat(16));
        reply["kind"] = json!("reply");
        reply["written_by"] = json!(["clinic"]);
        reply["files"] = json!({});
        reply["fields"] =
            json!({"by": clears, "body": format!("{clears}\n{clears}"), clears: [clears]});
        documents.push(reply);
    });
    let app = App::new();
    whole.import(&app.phone).unwrap();
    let page = app.phone.former_record().unwrap().page;
    assert!(page.contains("The lake"), "{page}");
    let again = Folder::of(&app.phone);
    let pages = again.0.iter().filter(|(name, _)| name.ends_with(".md"));
    let pages = pages.map(|(_, text)| String::from_utf8(text.clone()).unwrap());
    for page in pages.chain([page]) {
        assert!(
            !page.chars().any(|c| c.is_control() && c != '\n'),
            "{page:?}"
        );
    }
    let documents = again.record()["documents"].clone();
    let kept = documents
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "reply");
    assert_eq!(kept.unwrap()["fields"]["by"], clears);
}

#[test]
fn what_a_clinic_wrote_wrongly_into_what_both_write_keeps_nothing_else_from_its_patient() {
    let clears = "\u{1b}[2JCall Jo";
    let whole = exported().recorded(|record| {
        let documents = record["documents"].as_array_mut().unwrap();
        let mut plan = documents[0].clone();
        plan["id"] = json!("33".repeat(16));
        plan["kind"] = json!("safety_plan");
        plan["written_by"] = json!(["clinic", "patient"]);
        plan["files"] = json!({});
        plan["fields"] = json!({"words": clears});
        documents.push(plan);
    });
    let app = App::new();
    let report = whole.import(&app.phone).unwrap();
    assert_eq!(report.former.values().sum::<usize>(), 1);
    let former = app.phone.former_record().unwrap();
    assert_eq!(former.documents[0].kind.as_str(), "safety_plan");
    let entries = app.phone.page(&Query::<Entry>::all()).unwrap().items;
    assert_eq!(entries.len(), exported_entries(&whole));
}

fn exported_entries(folder: &Folder) -> usize {
    let record = folder.record();
    let documents = record["documents"].as_array().unwrap().iter();
    documents.filter(|one| one["kind"] == "entry").count()
}

#[test]
fn what_a_merge_made_longer_than_its_limit_is_imported_as_it_is() {
    let title = "two titles in one ".repeat(20);
    let whole = exported().written("entry", |entry| entry["fields"]["title"] = json!(title));
    let app = App::new();
    whole.import(&app.phone).unwrap();
    let entries = app.phone.page(&Query::<Entry>::all()).unwrap().items;
    assert_eq!(entries[0].content.title, title);
}

#[test]
fn a_picture_with_anything_beside_it_is_not_bare() {
    let folder = exported();
    let (jpg, png) = (
        &folder.0[&folder.media("jpg")],
        &folder.0[&folder.media("png")],
    );
    assert!(crate::media::is_bare(jpg) && crate::media::is_bare(png));
    let mut with_place = jpg[..2].to_vec();
    with_place.extend([0xff, 0xe1, 0, 2 + 18]);
    with_place.write_all(samples::PLACE).unwrap();
    with_place.extend(&jpg[2..]);
    let mut behind = png.clone();
    behind.extend(samples::PLACE);
    for file in [
        &with_place,
        &behind,
        &samples::jpeg(40, 30),
        &jpg[..60].to_vec(),
        &Vec::new(),
    ] {
        assert!(!crate::media::is_bare(file));
    }
}
