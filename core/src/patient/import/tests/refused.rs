//! What is no whole, unchanged export of this record is refused in plain words, and nothing of it is imported.

use serde_json::{Value, json};

use super::{App, Folder, exported};
use crate::domain::attachment::ATTACHMENTS;
use crate::domain::{Content as _, Entry, FormerDocument, Problem};
use crate::error::CoreError;
use crate::import::{FileProblem, ImportError};
use crate::media::samples;

/// That a folder is refused so, and that nothing of it was imported.
fn refused(folder: &Folder) -> ImportError {
    let app = App::new();
    let before = app.state();
    let error = folder.import(&app.phone).expect_err("it was imported");
    assert_eq!(app.state(), before, "{error}");
    let CoreError::Import(error) = error else {
        panic!("{error}");
    };
    let words = error.to_string();
    assert!(!words.ends_with('.') && words.len() > 20, "{words}");
    error
}

#[test]
fn a_folder_of_which_anything_is_missing_cut_longer_or_changed_is_refused() {
    let whole = exported();
    for name in whole.0.keys() {
        let is_list = name == "manifest.json";
        let spoiled = |spoil: &dyn Fn(&mut Vec<u8>)| {
            let mut folder = whole.clone();
            spoil(folder.0.get_mut(name).unwrap());
            refused(&folder)
        };
        let mut without = whole.clone();
        without.0.remove(name);
        let name = name.clone();
        match is_list {
            true => assert_eq!(refused(&without), ImportError::NoExport),
            false => assert_eq!(
                refused(&without),
                ImportError::Missing { name: name.clone() }
            ),
        }
        let cut = spoiled(&|bytes| bytes.truncate(bytes.len() / 2));
        let longer = spoiled(&|bytes| bytes.extend(b"}"));
        if is_list {
            let file = "manifest.json";
            assert_eq!(
                (&cut, &longer),
                (
                    &ImportError::Nonsense { file },
                    &ImportError::Nonsense { file }
                )
            );
            continue;
        }
        assert_eq!(cut, ImportError::Cut { name: name.clone() });
        assert_eq!(longer, ImportError::Longer { name: name.clone() });
        let changed = spoiled(&|bytes| *bytes.last_mut().unwrap() ^= 1);
        assert_eq!(changed, ImportError::Changed { name });
    }
}

#[test]
fn a_newer_form_and_what_is_no_list_of_files_are_refused() {
    let whole = exported();
    let newer = whole
        .clone()
        .listed(|list| *list = json!({"format": 7, "anything": [[]]}));
    assert_eq!(refused(&newer), ImportError::NewerFormat { format: 7 });
    for name in [
        "../x",
        "/etc/passwd",
        "a/b",
        ".hidden",
        "",
        "C:\\x",
        "a\0",
        "é",
        &"a".repeat(200),
    ] {
        let bad = whole
            .clone()
            .listed(|list| list["files"][0]["name"] = json!(name));
        assert_eq!(
            refused(&bad),
            ImportError::BadName {
                name: name.to_owned()
            }
        );
    }
    let nonsense = ImportError::Nonsense {
        file: "manifest.json",
    };
    for list in [
        json!([]),
        json!({"format": "one"}),
        json!({"format": 0, "record": ["00"], "files": []}),
        json!({"format": 1, "record": [], "files": []}),
        json!({"format": 1, "record": ["zz"], "files": []}),
        json!({"format": 1, "record": ["00112233445566778899aabbccddeeff"], "files": [{"name": "a"}]}),
    ] {
        let folder = whole.clone().listed(|before| *before = list.clone());
        assert_eq!(refused(&folder), nonsense, "{list}");
    }
    let twice = whole.clone().listed(|list| {
        let first = list["files"][0].clone();
        list["files"].as_array_mut().unwrap().push(first);
    });
    assert_eq!(refused(&twice), nonsense);
    let without = whole.clone().listed(|list| {
        let files = list["files"].as_array_mut().unwrap();
        files.retain(|file| file["name"] != "record.json");
    });
    assert_eq!(
        refused(&without),
        ImportError::Missing {
            name: "record.json".into()
        }
    );
}

#[test]
fn a_record_that_is_nonsense_too_deep_or_too_large_is_refused_before_it_takes_memory() {
    let whole = exported();
    let file = "record.json";
    for text in ["", "{", "[]", "{\"format\": 1}", "\u{0}"] {
        let folder = whole.clone().with(file, text);
        assert_eq!(refused(&folder), ImportError::Nonsense { file }, "{text}");
    }
    let older = whole.clone().recorded(|record| record["format"] = json!(0));
    assert_eq!(refused(&older), ImportError::Nonsense { file });
    // Whatever else a newer program writes into it.
    let newer = whole
        .clone()
        .with(file, json!({"format": 7, "anything": [[]]}).to_string());
    assert_eq!(refused(&newer), ImportError::NewerFormat { format: 7 });
    let deep = "[".repeat(200_000);
    assert_eq!(
        refused(&whole.clone().with(file, deep)),
        ImportError::TooDeep { file }
    );
    let many = format!("[{}0]", "0,".repeat(5_000_000));
    assert_eq!(
        refused(&whole.clone().with(file, many)),
        ImportError::TooLarge { file }
    );
    // It says how large it is, and is not read.
    let huge = whole.clone().listed(|list| {
        for file in list["files"].as_array_mut().unwrap() {
            if file["name"] == "record.json" {
                file["bytes"] = json!(3_000_000_000_u64);
            }
        }
    });
    assert_eq!(refused(&huge), ImportError::TooLarge { file });
    let body = "word ".repeat(150_000);
    let large = whole.written("entry", |entry| entry["fields"]["body"] = json!(body));
    assert_eq!(
        refused(&large),
        ImportError::DocumentTooLarge { kind: Entry::KIND }
    );
}

#[test]
fn a_document_that_nobody_could_have_saved_is_refused() {
    let whole = exported();
    let twice = whole.clone().recorded(|record| {
        let first = record["documents"][0].clone();
        record["documents"].as_array_mut().unwrap().push(first);
    });
    assert_eq!(refused(&twice), ImportError::Twice { kind: Entry::KIND });
    let with = |field: &str, value: Value| {
        let folder = whole.clone();
        refused(&folder.written("entry", |entry| entry["fields"][field] = value))
    };
    assert_eq!(
        with("mood", json!(9)),
        ImportError::NotReadable { kind: Entry::KIND }
    );
    assert_eq!(
        with("at", json!("+12026-11-23T20:18:33Z")),
        ImportError::NotReadable { kind: Entry::KIND }
    );
    assert!(matches!(
        with("body", json!("a\u{0}b")),
        ImportError::Field { .. }
    ));
    let far = "long ".repeat(1_000);
    let ImportError::Field { kind, why } = with("title", json!(far)) else {
        panic!("it was taken for what a merge makes");
    };
    assert_eq!((kind, why.name.field), (Entry::KIND, "title"));
    // Nobody saved it so, and nobody edited it since: no merge left it empty. What else is wrong with something that a
    // merge may have left is seen all the same.
    let emptied = |edited: bool, kind_of: &str| {
        whole.clone().written("entry", |entry| {
            entry["edited_at"] = match edited {
                true => entry["when"].clone(),
                false => Value::Null,
            };
            for field in ["title", "body"] {
                entry["fields"][field] = json!("");
            }
            entry["fields"]["attachments"] = json!({});
            entry["files"] = json!({});
            entry["fields"]["kind"] = json!(kind_of);
        })
    };
    for (edited, kind_of_entry, field) in [(false, "other", "body"), (true, "", "kind")] {
        let ImportError::Field { kind, why } = refused(&emptied(edited, kind_of_entry)) else {
            panic!("it was refused for something else");
        };
        assert_eq!((kind, why.problem), (Entry::KIND, Problem::Empty));
        assert_eq!(why.name.field, field);
    }
    let app = App::new();
    let report = emptied(true, "other").import(&app.phone).unwrap();
    assert_eq!(report.own[&Entry::KIND], 1);
    for kind in ["member_keys", "former_document", "imported_record"] {
        let folder = whole
            .clone()
            .written("entry", |entry| entry["kind"] = json!(kind));
        assert!(
            matches!(refused(&folder), ImportError::NotForExports { .. }),
            "{kind}"
        );
    }
}

/// What clears a terminal's screen.
const CLEARS: &str = "\u{1b}[2JThe lake";

#[test]
fn what_would_move_a_terminal_or_is_longer_than_any_name_is_refused_wherever_it_stands() {
    let whole = exported();
    for (name, limit) in [("clinic", 120), ("program", 40)] {
        for odd in [CLEARS.to_owned(), "a".repeat(limit + 1)] {
            let folder = whole.clone().recorded(|record| record[name] = json!(odd));
            let ImportError::Head { why } = refused(&folder) else {
                panic!("it was refused for something else");
            };
            assert_eq!(why.name.field, name);
        }
    }
    let in_entry = |change: &dyn Fn(&mut Value)| match refused(
        &whole.clone().written("entry", |entry| change(entry)),
    ) {
        ImportError::Field { kind, why } => (kind, why.problem),
        other => panic!("{other}"),
    };
    // A vertical tab counts as white space where somebody types.
    for odd in [CLEARS, "\u{b}", "\u{85}", "\u{7f}"] {
        for at in ["title", "body", "of a newer version"] {
            let said = in_entry(&|entry| entry["fields"][at] = json!(odd));
            assert_eq!(
                said,
                (Entry::KIND, Problem::ControlCharacter),
                "{at} {odd:?}"
            );
        }
        let said = in_entry(&|entry| entry["fields"]["new"] = json!({ odd: [[odd]] }));
        assert_eq!(said, (Entry::KIND, Problem::ControlCharacter), "{odd:?}");
        let said = in_entry(&|entry| entry["wordings"] = json!({"title": ["a", odd]}));
        assert_eq!(said, (Entry::KIND, Problem::ControlCharacter), "{odd:?}");
        let said = in_entry(&|entry| entry["wordings"] = json!({odd: ["a", "b"]}));
        assert_eq!(said, (Entry::KIND, Problem::ControlCharacter), "{odd:?}");
    }
    let former = FormerDocument::KIND;
    let said = in_entry(&|entry| entry["former_clinic"] = json!(CLEARS));
    assert_eq!(said, (former.clone(), Problem::ControlCharacter));
    let said = in_entry(&|entry| entry["kind"] = json!(CLEARS));
    assert_eq!(said, (former, Problem::ControlCharacter));
    let long = "word ".repeat(150_000);
    let large = whole.written("entry", |entry| {
        entry["wordings"] = json!({"title": [long]});
    });
    assert_eq!(
        refused(&large),
        ImportError::DocumentTooLarge { kind: Entry::KIND }
    );
}

#[test]
fn a_refusal_calls_things_as_people_do_and_shows_no_name_that_fills_the_screen() {
    let whole = exported();
    let of_kind = |kind: &str| {
        let folder = whole.clone();
        refused(&folder.written("entry", |entry| entry["kind"] = json!(kind))).to_string()
    };
    let said = of_kind("account_end");
    assert!(
        said.ends_with("(word that you ended your account)"),
        "{said}"
    );
    let said = of_kind("check_in");
    assert!(said.contains("(check-in)"), "{said}");
    let long = "../".repeat(10_000);
    let folder = whole.listed(|list| list["files"][0]["name"] = json!(long));
    assert!(refused(&folder).to_string().len() < 300);
}

#[test]
fn an_attachment_that_is_not_what_it_says_or_says_more_is_refused() {
    let whole = exported();
    let (wav, jpg, png) = (whole.media("wav"), whole.media("jpg"), whole.media("png"));
    let not_it = |name: &str| ImportError::NotWhatItSays {
        name: name.to_owned(),
    };
    // Another picture, another length, another format under its name, and one with a place beside the picture.
    let padded = |name: &str, bytes: Vec<u8>| {
        let folder = whole.clone().with(name, bytes.clone());
        folder.written("entry", |entry| {
            let files = entry["files"].as_object().unwrap();
            let item = files.iter().find(|(_, file)| **file == name);
            let item = item.unwrap().0.clone();
            entry["fields"][ATTACHMENTS.field][item]["length"] = json!(bytes.len());
        })
    };
    assert_eq!(
        refused(&whole.clone().with(&png, whole.0[&jpg].clone())),
        not_it(&png)
    );
    for (name, bytes) in [
        (&png, samples::png(22, 10)),
        (&png, samples::wav(500)),
        (&jpg, samples::jpeg(40, 30)),
        (&wav, samples::opus()),
        (&wav, samples::wav(8_000)[..100].to_vec()),
        (&jpg, b"GIF89a nothing else".to_vec()),
    ] {
        assert_eq!(refused(&padded(name, bytes)), not_it(name));
    }
    let outside = whole.clone().written("entry", |entry| {
        for file in entry["files"].as_object_mut().unwrap().values_mut() {
            *file = json!("../../secret");
        }
    });
    assert_eq!(
        refused(&outside),
        ImportError::BadName {
            name: "../../secret".into()
        }
    );
    let unlisted = whole.clone().written("entry", |entry| {
        for file in entry["files"].as_object_mut().unwrap().values_mut() {
            *file = json!("elsewhere.wav");
        }
    });
    assert_eq!(
        refused(&unlisted),
        ImportError::Missing {
            name: "elsewhere.wav".into()
        }
    );
}

#[test]
fn a_link_and_a_file_that_the_system_refuses_are_named() {
    let whole = exported();
    let app = App::new();
    let before = app.state();
    for problem in [
        FileProblem::NoFile,
        FileProblem::Unreadable("no leave".into()),
    ] {
        let open = |name: &str| match name {
            "journal.md" => Err(problem.clone()),
            name => whole.open(name),
        };
        let error = app.phone.read_export(&open).unwrap_err().to_string();
        assert!(error.starts_with("the file journal.md "), "{error}");
    }
    assert_eq!(app.state(), before);
}
