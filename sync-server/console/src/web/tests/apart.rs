//! Where two phones disagree, the clinician sees what each of them says.

use super::*;

#[tokio::test]
async fn what_two_phones_rewrote_apart_is_shown_with_both_wordings_until_the_patient_chose() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let entry = stage.write("", "I feel safe.");
    stage.sync();
    let tablet = stage.second_phone();
    let says = |phone: &companion_core::patient::Patient, words: &str| {
        let seen = phone.get::<Entry>(entry.id).unwrap();
        phone
            .edit::<Entry>(seen.id, &seen.revision, |entry| {
                words.clone_into(&mut entry.body);
            })
            .unwrap();
    };
    says(&stage.phone, "I do not feel safe.");
    says(&tablet, "I never feel safe.");
    for _ in 0..2 {
        tablet.sync().unwrap();
        stage.sync();
    }
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("2 unread"), "the merged words are new");
    let timeline = console.get(&console.patient(), &cookie).await.body;
    assert!(timeline.contains("Edited on two phones"));
    let caseload = console.get("/", &cookie).await.body;
    assert!(
        caseload.contains("2 unread"),
        "one wording is not all of it"
    );
    let page = console.get(&console.entry_of(entry.id), &cookie).await.body;
    for wording in ["I do not feel safe.", "I never feel safe."] {
        assert!(page.contains(&format!(">{wording}</li>")), "{page}");
    }
    assert!(console.get("/", &cookie).await.body.contains("1 unread"));
    // An edit alone chooses nothing.
    says(&stage.phone, "I do not feel safe at night.");
    stage.sync();
    let page = console.get(&console.entry_of(entry.id), &cookie).await.body;
    for wording in ["I never feel safe.", "I do not feel safe at night."] {
        assert!(page.contains(&format!(">{wording}</li>")), "{page}");
    }
    let view = stage.phone.get::<Entry>(entry.id).unwrap();
    let chosen = "I do not feel safe at night.";
    let chosen = stage
        .phone
        .choose_wording::<Entry>(view.id, &view.revision, "body", chosen);
    chosen.unwrap();
    stage.sync();
    for path in [console.patient(), console.entry_of(entry.id)] {
        let page = console.get(&path, &cookie).await.body;
        assert!(page.contains("at night.") && !page.contains("Edited on two phones"));
    }
}
