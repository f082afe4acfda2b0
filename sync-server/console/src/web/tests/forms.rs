use super::*;

#[tokio::test]
async fn opening_an_entry_is_written_down_and_a_page_refreshing_itself_is_not() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let request = Request::get(entry())
        .header("cookie", &cookie)
        .header("console-live", "1")
        .body(Body::empty())
        .unwrap();
    let answer = console.ask(request).await;
    assert!(answer.status.is_success() && answer.body.contains("The river again"));
    assert!(console.record.done().is_empty());
    console.get(&entry(), &cookie).await;
    assert_eq!(console.record.done(), ["opened by Mira"]);
    let audit = console.app.accounts.audit().unwrap();
    assert_eq!(audit.lines[0].action, "opened entry");
    assert_eq!(audit.lines[0].patient, sample::banner().id);
    assert!(audit.lines.iter().all(|line| line.action != "saw patient"));
}

#[tokio::test]
async fn forms_do_what_they_say_and_lead_back_to_a_page() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (patient, entry) = (patient(), entry());
    for (path, form, place) in [
        (
            format!("{entry}/reply"),
            "body=one%0D%0Atwo",
            format!("{entry}?done=replied"),
        ),
        (
            format!("{entry}/reviewed"),
            "reviewed=yes",
            format!("{entry}?done=reviewed"),
        ),
        (
            format!("{entry}/reviewed"),
            "reviewed=no",
            format!("{entry}?done=unreviewed"),
        ),
        (
            "/invite".to_owned(),
            "name=Ada+Lovelace&phase=session",
            format!("{patient}/invitation"),
        ),
        (
            format!("{patient}/words"),
            "answer=match",
            format!("{patient}/invitation?done=paired"),
        ),
        (
            format!("{patient}/words"),
            "answer=differ",
            format!("{patient}/invitation?done=refused"),
        ),
        (
            format!("{patient}/phase"),
            "phase=closed",
            format!("{patient}?done=phase"),
        ),
        (
            format!("{patient}/sessions"),
            "number=4&at=2026-12-01T10:00&note=",
            format!("{patient}?done=session"),
        ),
        (
            format!("{patient}/devices/d1/remove"),
            "",
            format!("{patient}?done=removed"),
        ),
    ] {
        let answer = console.post(&path, &cookie, form).await;
        assert!(
            answer.leads_to(&place),
            "{path}: {} {}",
            answer.status,
            answer.header("location")
        );
        let page = console.get(&place, &cookie).await;
        assert!(page.status.is_success());
        assert_eq!(
            page.body.contains("class=\"notice\""),
            place.contains("done="),
            "{place}"
        );
    }
    let done: Vec<String> = console
        .record
        .done()
        .into_iter()
        .filter(|what| !what.starts_with("opened"))
        .collect();
    assert_eq!(
        done,
        [
            "replied by Mira: one\ntwo",
            "review Done by Mira",
            "review Open by Mira",
            "invited Ada Lovelace (AL)",
            "words Match",
            "words Differ",
            "phase Closed",
            "session 4 at 2026-12-01T10:00:00.000+01:00",
            "removed d1",
        ]
    );
}

#[tokio::test]
async fn nonsense_is_told_beside_the_field_and_what_was_typed_stays() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (patient, entry) = (patient(), entry());
    for (path, form, said, kept) in [
        (
            "/invite".to_owned(),
            "name=+&initials=way+too+long&phase=session",
            "Write the name that the care team uses.",
            "way too long",
        ),
        (
            format!("{patient}/sessions"),
            "number=-1&at=soon&note=kept",
            "Write a whole number from 1 to 999.",
            "kept",
        ),
        (
            format!("{entry}/reply"),
            "body=+%0D%0A",
            "Write something first.",
            "textarea",
        ),
        (
            format!("{entry}/reply"),
            "body=ring+%07",
            "The reply holds a control character.",
            "ring ",
        ),
    ] {
        let answer = console.post(&path, &cookie, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.body.contains(said), "{said}");
        assert!(answer.body.contains(kept), "{kept}");
        assert!(answer.body.contains("aria-invalid=\"true\""));
    }
    for (path, form) in [
        (format!("{patient}/phase"), "phase=moon"),
        (format!("{entry}/reviewed"), "x=y"),
        (format!("{patient}/words"), "answer=maybe"),
    ] {
        assert_eq!(
            console.post(&path, &cookie, form).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    let huge = format!("body={}", "x".repeat(FORM_LIMIT + 1));
    assert_eq!(
        console
            .post(&format!("{entry}/reply"), &cookie, &huge)
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
    let long = format!("body={}", "x".repeat(101 * 1024));
    assert_eq!(
        console
            .post(&format!("{entry}/reply"), &cookie, &long)
            .await
            .status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(console.record.done().is_empty());
}
