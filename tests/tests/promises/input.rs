//! Whatever is typed, pasted or scanned: a typed answer, never a panic, and nothing half done.

use companion_core::CoreError;
use companion_core::clinic::NewPatient;
use companion_core::domain::{DocumentId, Entry, EntryKind, Reply, Revision, Visibility};
use companion_core::protocol::id::MemberId;
use companion_core::records::{PageSize, Query};
use companion_tests::{World, checked_in, note, private_note};

/// Text that has broken something somewhere.
fn nasty() -> Vec<String> {
    let mut all: Vec<String> = [
        "",
        " ",
        "\0",
        "a\0b",
        "\u{feff}\u{200b}\u{202e}evil\u{202c}",
        "\r\n\r\n",
        "\u{1b}[31mred",
        "👩‍👩‍👧‍👦🇺🇦e\u{301}\u{301}\u{301}",
        "\u{ffff}\u{10ffff}",
        "'; DROP TABLE log; --",
        "\"",
        "\"\"\"",
        "*",
        "NEAR(a b, 3)",
        "title: x AND (body OR",
        "-a ^b {c} : \"d",
        "<script>alert(1)</script>",
        "%s%n{}",
        "{\"body\": null}",
        "kap://pair/",
        "kap://pair/AAAA",
        "null",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push("x".repeat(100_001));
    all.push("é".repeat(99_999));
    all.push("👩".repeat(25_001));
    all.push("a\u{301}".repeat(20_000));
    all.push("word ".repeat(19_000));
    all
}

#[test]
fn any_text_is_kept_as_it_was_typed_or_refused_in_words() {
    let world = World::in_memory(5);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let mut kept = 0;
    for text in nasty() {
        let drafts = [
            note(&text),
            private_note(&text),
            Entry {
                title: text.clone(),
                ..note("body")
            },
            Entry {
                tags: [text.clone()].into(),
                ..note("body")
            },
            Entry {
                kind: EntryKind::Other(text.clone()),
                ..note("body")
            },
        ];
        for draft in drafts {
            let before = ada.entries().len();
            match ada.create(draft) {
                Ok(view) => {
                    kept += 1;
                    assert_eq!(ada.get::<Entry>(view.id).unwrap(), view);
                    let again = ada.rewrite(&view, &format!("{}!", view.content.body.trim()));
                    assert!(again.content.body.ends_with('!'));
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    assert!(matches!(error, CoreError::Invalid(_)), "{error:?}");
                    assert_eq!(ada.entries().len(), before, "nothing half done");
                }
            }
        }
        let _ = ada.create(checked_in(4, &text));
        let found = ada.search::<Entry>(&text, PageSize::SCREEN);
        // Search is for words, whatever they are; more of them than anybody types are refused.
        let as_expected = match &found {
            Ok(_) => text.chars().count() <= 1_000,
            Err(error) => matches!(error, CoreError::Invalid(_)) && text.chars().count() > 1_000,
        };
        assert!(as_expected, "{found:?}");
    }
    assert!(kept > 20, "{kept}");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let shared = ada.entries().into_iter().filter(|view| view.shared).count();
    assert_eq!(clinic.entries_of(&ada).len(), shared);
    let check = clinic.check_record().unwrap();
    assert!(
        check.differing.is_empty() && check.quarantined.is_empty(),
        "{check:?}"
    );
}

#[test]
fn no_text_makes_pairing_recovery_or_the_register_panic() {
    let world = World::in_memory(6);
    let clinic = world.clinic("Riverbank");
    let ada = world.phone("Ada");
    for text in nasty() {
        assert!(ada.pair(&text).is_err());
        assert!(ada.pair(&format!("kap://pair/{text}")).is_err());
        assert!(ada.recover(&world.server().url(), &text).is_err());
        let new = NewPatient {
            name: text.clone(),
            initials: text.clone(),
            pronouns: text,
            ..NewPatient::default()
        };
        let _ = clinic.invite_patient(new);
    }
    assert!(!ada.is_paired());
    clinic.sync().unwrap();
}

#[test]
fn verbs_on_things_that_do_not_exist_say_so() {
    let world = World::in_memory(7);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let (patient, nothing) = (ada.record.unwrap(), DocumentId::new([9; 16]));
    let missing = |result: Result<(), CoreError>| {
        assert!(matches!(result, Err(CoreError::NotFound(_))), "{result:?}");
    };
    missing(ada.get::<Entry>(nothing).map(drop));
    missing(ada.share::<Entry>(nothing, Visibility::CareTeam).map(drop));
    missing(ada.withdraw::<Entry>(nothing).map(drop));
    missing(
        ada.edit::<Entry>(nothing, &Revision::default(), |_| {})
            .map(drop),
    );
    missing(ada.delete::<Entry>(nothing));
    missing(ada.remove_device(MemberId::new([9; 32])));
    missing(clinic.patient(nothing).map(drop));
    missing(clinic.get::<Entry>(patient, nothing).map(drop));
    missing(clinic.get_shared::<Entry>(patient, nothing).map(drop));
    missing(
        clinic
            .open_shared::<Entry>(patient, nothing, "Dr Moss")
            .map(drop),
    );
    missing(
        clinic
            .reply(patient, nothing, "Hello.", "Dr Moss")
            .map(drop),
    );
    missing(clinic.mark_reviewed(patient, nothing, &Revision::default(), "Dr Moss"));
    missing(clinic.remove_device(patient, MemberId::new([9; 32])));
    missing(clinic.reinvite(nothing).map(drop));
    assert!(ada.replies(nothing).is_empty());
    missing(clinic.page(nothing, &Query::<Reply>::all()).map(drop));
    // An entry of one patient is not found under another.
    let ben = clinic.with_patient("Ben");
    let entry = ada.write("Mine.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    missing(clinic.get::<Entry>(ben.record.unwrap(), entry.id).map(drop));
    missing(
        clinic
            .reply(ben.record.unwrap(), entry.id, "Hello.", "Dr Moss")
            .map(drop),
    );
    assert_eq!(ada.texts(), ["Mine."]);
}
