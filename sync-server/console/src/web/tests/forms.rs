use companion_core::clinic::Comparison;
use companion_core::domain::{DosingSession, Phase, limits};

use super::*;

#[tokio::test]
async fn forms_do_what_they_say_and_lead_back_to_a_page() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let (patient, entry) = (console.patient(), console.entry());
    let phone = console.stage.phone.status().unwrap().member;
    let revision = &console.river.revision;
    for (path, form, place, action) in [
        (
            format!("{entry}/reply"),
            "body=one%0D%0Atwo",
            format!("{entry}?done=replied"),
            "replied",
        ),
        (
            format!("{entry}/reviewed"),
            &format!("reviewed=yes&revision={revision}"),
            format!("{entry}?done=reviewed"),
            "marked reviewed",
        ),
        (
            format!("{entry}/reviewed"),
            "reviewed=no",
            format!("{entry}?done=unreviewed"),
            "unmarked reviewed",
        ),
        (
            format!("{patient}/phase"),
            &console.to_phase(console.stage.patient, "assessment"),
            format!("{patient}?done=phase"),
            "set phase",
        ),
        (
            format!("{patient}/sessions"),
            "number=4&at=2026-12-01T10:00&note=",
            format!("{patient}?done=session"),
            "added session",
        ),
        (
            format!("{patient}/devices/{phone}/remove"),
            "",
            format!("{patient}?done=removed"),
            "removed device",
        ),
    ] {
        let answer = console.post(&path, &cookie, form).await;
        assert!(
            answer.leads_to(&place),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
        let page = console.get(&place, &cookie).await;
        assert!(page.status.is_success());
        assert!(page.body.contains("class=\"notice\""), "{place}");
        let about = format!("Mira {}", console.stage.patient);
        assert_eq!(console.audited(action), [about], "{action}");
    }
    assert_eq!(console.replies(), ["Mira: one\ntwo"]);
    let clinic = &console.stage.clinic;
    let ada = clinic.patient(console.stage.patient).unwrap();
    assert_eq!(ada.phase, Phase::Assessment);
    assert!(ada.devices.iter().any(|device| device.removed_at.is_some()));
    let query = Query::<DosingSession>::all();
    let sessions = clinic.page(console.stage.patient, &query).unwrap().items;
    assert_eq!(sessions[0].content.number, 4);
    assert_eq!(
        sessions[0].content.at.to_string(),
        "2026-12-01T10:00:00.000+01:00"
    );
}

/// A console where Ada's phone waits, and which words the page shows.
fn at_the_door() -> (Console, Comparison) {
    let stage = Rehearsal::joined();
    let river = stage.write("", "It waits on the phone.");
    let shown = stage.comparison();
    (Console::over(Channel::Tls, stage, river), shown)
}

#[tokio::test]
async fn comparing_the_words_lets_the_phone_in_or_turns_it_away() {
    for (answered, done, action) in [
        ("match", "paired", "confirmed words"),
        ("differ", "refused", "refused words"),
    ] {
        let (console, shown) = at_the_door();
        let cookie = console.signed_in().await;
        let place = format!("{}/invitation", console.patient());
        let page = console.get(&place, &cookie).await;
        assert!(page.body.contains("Read these words to each other"));
        assert!(!page.body.contains("This replaces"));
        assert!(page.body.contains(&format!("value=\"{shown}\"")));
        let form = format!("answer={answered}&comparison={shown}");
        let path = format!("{}/words", console.patient());
        let answer = console.post(&path, &cookie, &form).await;
        assert!(
            answer.leads_to(&format!("{place}?done={done}")),
            "{}",
            answer.body
        );
        assert_eq!(console.audited(action).len(), 1);
        let ada = console.stage.clinic.patient(console.stage.patient).unwrap();
        // The node itself, and the phone only if it was let in.
        let in_it = 1 + usize::from(answered == "match");
        assert_eq!(ada.devices.len(), in_it);
        let page = console.get(&place, &cookie).await;
        assert_eq!(page.body.contains("Paired since"), answered == "match");
        assert_eq!(
            page.body.contains("It could read nothing of this record."),
            answered == "differ"
        );
    }
}

#[tokio::test]
async fn without_the_server_the_words_stay_on_the_page_and_it_says_that_nothing_was_changed() {
    let (console, shown) = at_the_door();
    let cookie = console.signed_in().await;
    console.stage.relay.go_away();
    for answered in ["match", "differ"] {
        let path = format!("{}/words", console.patient());
        let form = format!("answer={answered}&comparison={shown}&once=0f");
        let answer = console.post(&path, &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for said in [
            "The sync server can’t be reached, and this needs it.",
            "Read these words",
        ] {
            assert!(answer.body.contains(said), "{said}: {}", answer.body);
        }
    }
    assert_eq!(console.audited("confirmed words").len(), 0);
    assert_eq!(console.stage.comparison(), shown);
}

#[tokio::test]
async fn an_answer_about_words_that_do_not_stand_any_more_decides_about_nobody() {
    for answered in ["match", "differ"] {
        let (console, old) = at_the_door();
        let cookie = console.signed_in().await;
        let stage = &console.stage;
        let path = format!("{}/words", console.patient());
        let form = format!("answer={answered}&comparison={old}");
        // Somebody else at the clinic turned that phone away, and nobody waits.
        stage.clinic.refuse_words(stage.patient, old).unwrap();
        let answer = console.post(&path, &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let gone = "does not wait any more";
        assert!(answer.body.contains(gone), "{}", answer.body);
        // Another one comes by the next link.
        let link = stage.clinic.reinvite(stage.patient).unwrap().link;
        stage.phone.pair(&link).unwrap();
        stage.clinic.sync().unwrap();
        let now = stage.comparison();
        assert_ne!(now, old);
        let answer = console.post(&path, &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer
                .body
                .contains("Nothing was changed: somebody else’s phone came meanwhile.")
                && answer.body.contains(&stage.words()[0])
                && answer.body.contains(&format!("value=\"{now}\"")),
            "{}",
            answer.body
        );
        assert_eq!(stage.comparison(), now, "it still waits");
        for none in ["", "&comparison=", "&comparison=0f"] {
            let form = format!("answer={answered}{none}");
            let answer = console.post(&path, &cookie, &form).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{none:?}");
        }
        for action in ["confirmed words", "refused words"] {
            assert!(console.audited(action).is_empty(), "{action}");
        }
    }
}

#[tokio::test]
async fn a_phone_that_replaces_another_is_named_before_it_is_let_in() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/invitation", console.patient());
    let path = format!("{}/reinvite", console.patient());
    let answer = console.fill(&place, &path, &cookie, "once=0f").await;
    assert!(answer.leads_to(&place), "{}", answer.body);
    let page = console.get(&place, &cookie).await.body;
    assert!(
        page.contains("Paired since") && page.contains("id=\"link\""),
        "{page}"
    );

    let stage = &console.stage;
    let link = stage
        .clinic
        .invitation(stage.patient)
        .unwrap()
        .unwrap()
        .link;
    let new = stage.another_phone(4);
    new.pair(&link).unwrap();
    stage.clinic.sync().unwrap();
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("This replaces <bdi>Ada Okafor</bdi>’s phone “<bdi>Phone</bdi>”"));
    let form = format!("answer=match&comparison={}", stage.comparison());
    let path = format!("{}/words", console.patient());
    let answer = console.post(&path, &cookie, &form).await;
    assert!(
        answer.leads_to(&format!("{place}?done=paired")),
        "{}",
        answer.body
    );
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(page.contains("Gets nothing shared since"), "{page}");
}

#[tokio::test]
async fn a_patient_is_invited_and_without_the_server_registered_once_and_told_so() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let form = "name=+Ida++Berg+&initials=&pronouns=&therapist=Mira";
    let answer = console.post("/invite", &cookie, form).await;
    let place = answer.header("location").to_owned();
    assert!(place.ends_with("/invitation"), "{place} {}", answer.body);
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("Ida Berg") && page.contains("id=\"link\""));

    console.stage.relay.go_away();
    let form = "name=Noor&initials=N&pronouns=&therapist=Mira";
    let answer = console.post("/invite", &cookie, form).await;
    let place = answer.header("location").to_owned();
    assert!(place.ends_with("/invitation?done=registered"), "{place}");
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("The patient is registered.") && page.contains("not invited yet"));
    let rows = console.stage.clinic.caseload().unwrap();
    let patients: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (&*row.record.name, &*row.record.initials))
        .collect();
    assert_eq!(
        patients,
        [("Ada Okafor", ""), ("Ida Berg", "IB"), ("Noor", "N")]
    );
}

#[tokio::test]
async fn nonsense_is_told_beside_the_field_in_the_cores_words_and_what_was_typed_stays() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (patient, entry) = (console.patient(), console.entry());
    for (path, form, field, said, kept) in [
        (
            "/invite".to_owned(),
            "name=+&initials=kept&therapist=Mira",
            "name",
            "The name is empty.",
            "kept",
        ),
        (
            "/invite".to_owned(),
            "name=Ada&initials=way+too+long&therapist=Mira",
            "initials",
            "The initials is longer than 8 characters.",
            "way too long",
        ),
        (
            "/invite".to_owned(),
            "name=Ada&therapist=+",
            "therapist",
            "Say who leads their programme.",
            "Ada",
        ),
        (
            format!("{patient}/sessions"),
            "number=-1&at=soon&note=kept",
            "number",
            "The session&#39;s number is not between 1 and 999.",
            "Write a day and a time",
        ),
        (
            format!("{patient}/sessions"),
            "number=2&at=9999-01-01T10:00&note=kept",
            "at",
            "The year of the session is not between 2000 and 2200.",
            "kept",
        ),
        (
            format!("{entry}/reply"),
            "body=+%0D%0A",
            "reply-0",
            "The reply is empty.",
            "textarea",
        ),
        (
            format!("{entry}/reply"),
            "body=ring+%07",
            "reply-0",
            "The reply holds a character that cannot be shown.",
            "ring ",
        ),
    ] {
        let answer = console.post(&path, &cookie, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let plain = answer.body.replace('\'', "&#39;");
        assert!(plain.contains(said), "{said}");
        assert!(answer.body.contains(kept), "{kept}");
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{field}"
        );
        assert!(answer.body.contains("aria-invalid=\"true\""));
    }
    let stood = console.stood(console.stage.patient);
    let moon = format!("phase=moon&was_phase=assessment{stood}");
    for (path, form) in [
        (format!("{patient}/phase"), &*moon),
        (format!("{entry}/reviewed"), "x=y"),
        (format!("{entry}/reviewed"), "reviewed=yes"),
        (format!("{entry}/reviewed"), "reviewed=yes&revision=latest"),
        (format!("{patient}/words"), "answer=maybe"),
    ] {
        let answer = console.post(&path, &cookie, form).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {form}");
    }
    let reply = format!("{entry}/reply");
    let huge = format!("body={}", "x".repeat(FORM_LIMIT + 1));
    let answer = console.post(&reply, &cookie, &huge).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let long = format!("body={}", "x".repeat(limits::BODY + 1));
    let answer = console.post(&reply, &cookie, &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .body
            .contains("The reply is longer than 100 kilobytes.")
    );
    assert!(console.replies().is_empty());
    assert_eq!(console.stage.clinic.caseload().unwrap().len(), 1);
    let widest = format!("body={}", "%E2%82%AC".repeat(limits::BODY / 3));
    let answer = console.post(&reply, &cookie, &widest).await;
    assert!(answer.status.is_redirection(), "the longest reply fits");
}

#[tokio::test]
async fn a_reply_to_what_was_withdrawn_meanwhile_is_refused_and_its_words_stay() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    stage.phone.withdraw::<Entry>(console.river.id).unwrap();
    stage.sync();
    let path = format!("{}/reply", console.entry());
    let answer = console
        .post(&path, &cookie, "body=It+took+me+an+hour.")
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("It took me an hour."));
    assert!(answer.body.contains("took this entry back while you wrote"));
    assert!(!answer.body.contains("I keep coming back"));
    assert!(console.replies().is_empty() && console.audited("replied").is_empty());
}

#[tokio::test]
async fn a_mark_is_for_the_version_that_was_read() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (stage, entry) = (&console.stage, console.entry());
    let page = console.get(&entry, &cookie).await.body;
    let revision = &console.river.revision;
    assert!(page.contains(&format!("name=\"revision\" value=\"{revision}\"")));
    stage
        .phone
        .edit::<Entry>(console.river.id, revision, |entry| {
            entry.body = "I do not see the point any more.".to_owned();
        })
        .unwrap();
    stage.sync();
    let form = format!("reviewed=yes&revision={revision}");
    let answer = console
        .post(&format!("{entry}/reviewed"), &cookie, &form)
        .await;
    assert!(
        answer.leads_to(&format!("{entry}?done=changed")),
        "{}",
        answer.body
    );
    let page = console.get(answer.header("location"), &cookie).await.body;
    assert!(page.contains("the new words are not.") && page.contains("Mark reviewed"));
    assert!(page.contains("Changed since it was reviewed by <bdi>Mira</bdi>"));
    assert!(page.contains("An earlier version was opened by <bdi>Mira</bdi>"));
    let row = &stage.clinic.caseload().unwrap()[0];
    assert_eq!(row.unreviewed, 1);
}

#[tokio::test]
async fn a_warning_that_is_not_there_cannot_be_dismissed() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for id in ["1", "-1", "all", "99999999999999999999"] {
        let path = format!("/warnings/{id}/dismiss");
        let answer = console.post(&path, &cookie, "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
    }
    assert!(console.audited("dismissed warning").is_empty());
}

#[tokio::test]
async fn a_second_invitation_of_one_name_is_asked_about_and_the_register_can_be_put_right() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let form = "name=Ida+Berg&initials=&pronouns=&therapist=Mira";
    let answer = console.post("/invite", &cookie, form).await;
    let ida = answer.header("location").replace("/invitation", "");
    // A double click, and another spelling.
    for again in [form, "name=IDA++berg&initials=&pronouns=&therapist=Mira"] {
        let answer = console.post("/invite", &cookie, again).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.body.contains("registered already"),
            "{}",
            answer.body
        );
        assert!(
            answer.body.contains(&format!("href=\"{ida}\"")),
            "{}",
            answer.body
        );
    }
    assert_eq!(console.stage.clinic.caseload().unwrap().len(), 2);
    let another = format!("{form}&another=yes");
    let answer = console.post("/invite", &cookie, &another).await;
    let twice = answer.header("location").replace("/invitation", "");
    assert_eq!(console.stage.clinic.caseload().unwrap().len(), 3);
    for (path, form, place, action) in [
        (
            format!("{ida}/correct"),
            "name=Ida+Bergh&initials=IB&pronouns=she".to_owned(),
            format!("{ida}?done=corrected"),
            "corrected patient",
        ),
        (
            format!("{twice}/merge"),
            format!("into={}", ida.replace("/patients/", "")),
            format!("{ida}?done=merged"),
            "merged patient",
        ),
        (
            format!("{ida}/archive"),
            String::new(),
            format!("{ida}?done=archived"),
            "archived patient",
        ),
        (
            format!("{ida}/bring-back"),
            String::new(),
            format!("{ida}?done=brought-back"),
            "brought back patient",
        ),
    ] {
        let page = path.rsplit_once('/').unwrap().0.to_owned();
        let answer = console.fill(&page, &path, &cookie, &form).await;
        assert!(
            answer.leads_to(&place),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
        assert!(
            console
                .get(&place, &cookie)
                .await
                .body
                .contains("class=\"notice\"")
        );
        assert_eq!(console.audited(action).len(), 1, "{action}");
    }
    let page = console.get(&ida, &cookie).await.body;
    assert!(page.contains("Also registered as"), "{page}");
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains(&*ida) && !caseload.contains(&*twice));
    let away = console.get("/?show=put-away", &cookie).await.body;
    assert!(away.contains(&*twice) && !away.contains(&*ida));
}

#[tokio::test]
async fn a_programme_begins_with_its_therapist_and_goes_on_only_after_the_outcome() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let noor = console
        .stage
        .clinic
        .register(companion_core::clinic::NewPatient {
            name: "Noor".to_owned(),
            ..Default::default()
        })
        .unwrap();
    let place = format!("/patients/{noor}");
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("Begin the programme") && !page.contains("Set phase"));
    let (begin, phase) = (format!("{place}/programme"), format!("{place}/phase"));
    let early = console
        .post(&phase, &cookie, &console.to_phase(noor, "preparation"))
        .await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let nobody = console.post(&begin, &cookie, "therapist=+").await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let begun = console.post(&begin, &cookie, "therapist=Mira").await;
    assert!(begun.leads_to(&format!("{place}?done=programme")));
    assert_eq!(console.audited("began programme").len(), 1);
    let again = console.post(&begin, &cookie, "therapist=Mira").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    for word in ["preparation", "session", "integration"] {
        let refused = console
            .post(&phase, &cookie, &console.to_phase(noor, word))
            .await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("no outcome yet"), "{}", refused.body);
    }
    assert!(console.audited("set phase").is_empty());

    let outcome = format!("{place}/outcome");
    let stood = console.stood(noor);
    let later =
        format!("appropriate=yes&timing=later&explanation=After+the+move.{stood}&revisit_on=");
    let dayless = console.post(&outcome, &cookie, &later).await;
    assert_eq!(dayless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(dayless.body.contains("id=\"revisit_on-error\""));
    assert!(
        dayless.body.contains("After the move."),
        "what was typed stays"
    );
    for (form, status) in [
        (
            format!("{later}2027-02-30"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            format!("appropriate=no&timing=now{stood}"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            format!("appropriate=&timing=now{stood}"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let answer = console.post(&outcome, &cookie, &form).await;
        assert_eq!(answer.status, status, "{form}");
    }
    let done = format!("{place}?done=outcome");
    let sent = format!("{later}2027-03-01&orientation=A+group%0D%0A%0D%0ASleep+clinic");
    assert!(console.post(&outcome, &cookie, &sent).await.leads_to(&done));
    let said = console
        .stage
        .clinic
        .readiness(noor)
        .unwrap()
        .unwrap()
        .content;
    assert_eq!((said.orientation.len(), &*said.by), (2, "Mira"));
    let refused = console
        .post(&phase, &cookie, &console.to_phase(noor, "preparation"))
        .await;
    assert!(refused.body.contains("not yet"), "{}", refused.body);
    console.stage.clock.advance_ms(60_000);
    // Nobody puts an outcome over one that they did not see.
    let unseen = console
        .post(
            &outcome,
            &cookie,
            &format!("appropriate=yes&timing=now{stood}"),
        )
        .await;
    assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unseen
            .body
            .contains("The outcome “Not yet” was recorded meanwhile, by Mira")
    );
    let seen = shelves::hidden(&unseen.body, "revision");
    let ready = console
        .post(
            &outcome,
            &cookie,
            &format!(
                "appropriate=yes&timing=now&revision={seen}{}",
                console.stood(noor)
            ),
        )
        .await;
    assert!(ready.leads_to(&done), "{}", ready.body);
    let moved = console
        .post(&phase, &cookie, &console.to_phase(noor, "preparation"))
        .await;
    assert!(moved.leads_to(&format!("{place}?done=phase")));
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("Ready") && page.contains("said by"));
}
