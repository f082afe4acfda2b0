//! The whole record as a folder: to read without this program, and never over anything.

use std::fs;

use serde_json::Value;

use crate::paired::World;

#[test]
fn a_record_is_taken_along_as_a_folder_that_anybody_can_read() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["--title", "The lake", "It was quiet."]);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("my record");
    let path = folder.to_str().unwrap();
    let said = phone.run(&["export", path]).done();
    assert!(said.contains("Begin with README.md"), "{said}");
    assert!(
        said.contains("not encrypted") && said.contains("Nothing was sent"),
        "{said}"
    );
    let journal = fs::read_to_string(folder.join("journal.md")).unwrap();
    assert!(journal.contains("## The lake") && journal.contains("> It was quiet."));
    let refused = phone.run(&["export", path]).refused(1);
    assert!(refused.contains("is there already"), "{refused}");
    let nowhere = place.path().join("nowhere/record");
    let refused = phone.run(&["export", nowhere.to_str().unwrap()]).refused(1);
    assert!(refused.contains("can't be saved"), "{refused}");

    let second = place.path().join("second");
    let value = phone
        .run(&["export", second.to_str().unwrap(), "--json"])
        .done();
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(value["encrypted"], false);
    for file in value["files"].as_array().unwrap() {
        assert!(second.join(file.as_str().unwrap()).is_file(), "{file}");
    }
    let record = fs::read_to_string(second.join("record.json")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["format"], 1);
    let documents = record["documents"].as_array().unwrap();
    assert_eq!(value["documents"], documents.len());
    assert!(
        documents
            .iter()
            .any(|one| one["fields"]["body"] == "It was quiet.")
    );
}

#[test]
fn a_name_that_was_typed_is_said_as_it_was_typed() {
    let world = World::new();
    let phone = world.paired_phone();
    // A folder of this crate, named as somebody types it.
    let refused = phone.run(&["export", "src"]).refused(1);
    assert!(
        refused.starts_with("Something named src is there already"),
        "{refused}"
    );
}
