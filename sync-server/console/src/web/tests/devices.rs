use companion_core::clinic::DeviceKind;

use super::*;

/// New recovery words, written down.
fn writes_words_down(stage: &Rehearsal) {
    let sheet = stage.phone.make_recovery_code().unwrap();
    let asked = sheet.words()[sheet.asks_for - 1].to_owned();
    stage.phone.confirm_recovery_code(&asked).unwrap();
    stage.sync();
}

#[tokio::test]
async fn two_phones_of_one_name_are_told_apart_as_the_patients_own_list_does() {
    let stage = Rehearsal::new();
    let _tablet = stage.second_phone();
    stage.sync();
    let river = stage.write("", "By the river.");
    let console = Console::over(Channel::Tls, stage, river);
    let cookie = console.signed_in().await;
    let page = console.get(&console.patient(), &cookie).await.body;
    assert_eq!(page.matches("<span>Phone</span>").count(), 2, "{page}");
    for device in console.stage.phone.devices().unwrap() {
        let is_shown = page.contains(&format!("<code>{}</code>", device.member.short()));
        assert_eq!(
            is_shown,
            device.kind != companion_core::patient::DeviceKind::Clinic
        );
    }
}

#[tokio::test]
async fn recovery_words_that_are_over_stand_in_one_line_and_the_clinic_ends_none() {
    let stage = Rehearsal::new();
    let river = stage.write("", "By the river.");
    for _ in 0..3 {
        writes_words_down(&stage);
    }
    let console = Console::over(Channel::Tls, stage, river);
    let cookie = console.signed_in().await;
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(
        page.contains("2 earlier sheets of recovery words"),
        "{page}"
    );
    assert_eq!(page.matches("<span>Recovery words</span>").count(), 1);
    let ada = console.stage.clinic.patient(console.stage.patient).unwrap();
    let mut words = ada
        .devices
        .iter()
        .filter(|device| device.kind == DeviceKind::RecoveryWords && device.removed_at.is_none());
    let words = words.next().unwrap().member;
    // No button leads there; whoever asks all the same is told whose they are.
    assert!(!page.contains(&format!("/devices/{words}/remove")));
    let path = format!("{}/devices/{words}/remove", console.patient());
    let answer = console.post(&path, &cookie, "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer
            .body
            .contains("Recovery words are ended by the patient"),
        "{}",
        answer.body
    );
}
