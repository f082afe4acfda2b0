//! A record that is taken out: what is in the file, who may have it, and that it is written down first.

use companion_core::domain::RecordSection;
use serde_json::Value;

use super::*;
use crate::accounts::{Area, Right};
use crate::csv::Table;

impl Console {
    fn export(&self, file: &str) -> String {
        format!("{}/export/{file}", self.patient())
    }
}

#[tokio::test]
async fn a_bundle_has_what_was_shared_and_is_written_down_before_it_leaves() {
    let console = Console::new(Channel::Tls);
    console.stage.check_in(3, "A note.");
    let private = companion_core::domain::Entry {
        body: "For nobody.".to_owned(),
        visibility: companion_core::domain::Visibility::OnlyMe,
        ..Entry::new(console.stage.phone.now())
    };
    console.stage.phone.create(private).unwrap();
    console.stage.sync();
    let cookie = console.signed_in().await;
    let page = console.get(&console.patient(), &cookie).await.body;
    let place = format!("{}/export", console.patient());
    assert!(page.contains(&format!("href=\"{place}\"")), "{page}");
    let page = console.get(&place, &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let file = console.post(&console.export("fhir"), &cookie, "").await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(
        file.header("content-type")
            .starts_with("application/fhir+json")
    );
    let name = "attachment; filename=\"2026-11-23-record.fhir.json\"";
    assert_eq!(file.header("content-disposition"), name);
    assert_eq!(file.header("cache-control"), "no-store");
    let bundle: Value = serde_json::from_str(&file.body).unwrap();
    let of = |kind: &str| {
        let all = bundle["entry"].as_array().unwrap();
        all.iter()
            .filter(|one| one["resource"]["resourceType"] == kind)
            .count()
    };
    assert_eq!((of("DocumentReference"), of("Observation")), (1, 1));
    assert!(!file.body.contains("For nobody"));
    let lines = console.app.accounts.audit().unwrap().lines;
    let line = lines.iter().find(|line| line.action == "took out").unwrap();
    assert_eq!(
        (&*line.actor, &line.patient),
        ("Mira", &console.stage.patient.to_string())
    );
    let first = "2026-11-23-record.fhir.json: ";
    assert!(line.detail.starts_with(first), "{}", line.detail);
    // The patient reads that it was looked at.
    let looks = console.stage.clinic.access_log(console.stage.patient);
    let looks = looks.unwrap();
    let mira = looks.iter().find(|look| look.by == "Mira").unwrap();
    assert!(
        mira.first.contains_key(&RecordSection::Measures),
        "{mira:?}"
    );
}

#[tokio::test]
async fn each_table_is_a_file_of_its_own() {
    let console = Console::new(Channel::Tls);
    console
        .stage
        .check_in(3, "=HYPERLINK(\"https://evil.example\")");
    console.stage.sync();
    let cookie = console.signed_in().await;
    for table in Table::ALL {
        let file = console
            .post(&console.export(table.as_str()), &cookie, "")
            .await;
        assert_eq!(file.status, StatusCode::OK, "{table:?}: {}", file.body);
        assert!(
            file.header("content-type").starts_with("text/csv"),
            "{table:?}"
        );
        assert!(file.body.starts_with('\u{feff}'), "{table:?}");
    }
    let file = console
        .post(&console.export("check-ins"), &cookie, "")
        .await;
    let rows: Vec<&str> = file.body.lines().collect();
    assert_eq!(rows.len(), 2, "{}", file.body);
    assert!(
        rows[1].ends_with(",\"'=HYPERLINK(\"\"https://evil.example\"\")\""),
        "{}",
        rows[1]
    );
    let journal = console
        .post(&console.export("journal"), &cookie, "")
        .await
        .body;
    assert!(journal.contains("The river again"), "{journal}");
    let none = console
        .post(&console.export("passphrases"), &cookie, "")
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_a_lead_takes_anything_out_until_the_clinic_allows_it() {
    let console = Console::new(Channel::Tls);
    for (name, role) in [
        ("Noor", Role::Therapist),
        ("Ines", Role::MedicalProvider),
        ("Tomas", Role::Coordinator),
    ] {
        let cookie = console.also(name, role).await;
        let page = console.get(&console.patient(), &cookie).await.body;
        assert!(!page.contains("/export\""), "{name}: {page}");
        for file in ["fhir", "journal"] {
            let refused = console.post(&console.export(file), &cookie, "").await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name} {file}");
        }
    }
    assert!(console.audited("took out").is_empty());
}

#[tokio::test]
async fn nobody_takes_out_what_their_own_role_does_not_show() {
    let console = Console::new(Channel::Tls);
    console.stage.check_in(3, "A note.");
    console.stage.sync();
    let noor = console.also("Noor", Role::Therapist).await;
    console.allow(Role::Therapist, |area| match area {
        Area::Section(RecordSection::Journal) => Right::None,
        _ => Right::Change,
    });
    let place = format!("{}/export", console.patient());
    let page = console.get(&place, &noor).await.body;
    assert!(
        page.contains("/export/check-ins") && !page.contains("/export/journal"),
        "{page}"
    );
    let shown = console.post(&console.export("fhir"), &noor, "").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.body.contains("DocumentReference"), "{}", shown.body);
    let refused = console.post(&console.export("journal"), &noor, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    // An emergency lets them read, and takes nothing out.
    let emergency = format!("{}/emergency", console.patient());
    let reason = "emergency_reason=She+called+from+the+bridge.";
    let opened = console.fill(&emergency, &emergency, &noor, reason).await;
    assert!(opened.status.is_redirection(), "{}", opened.body);
    let entry = console.get(&console.entry(), &noor).await;
    assert_eq!(entry.status, StatusCode::OK, "the emergency is on");
    let refused = console.post(&console.export("journal"), &noor, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let shown = console.post(&console.export("fhir"), &noor, "").await;
    assert!(!shown.body.contains("DocumentReference"), "{}", shown.body);
}
