use futures_util::StreamExt as _;

use super::*;

#[tokio::test]
async fn the_stream_tells_what_arrived_but_not_to_who_caused_it_and_ends_with_the_console() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let request = Request::get("/live")
        .header("host", NAME)
        .header("cookie", &cookie)
        .body(Body::empty())
        .unwrap();
    let response = router(Arc::clone(&console.app))
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/event-stream"
    );
    let mut stream = response.into_body().into_data_stream();
    let beat = stream.next().await.unwrap().unwrap();
    assert!(
        beat.starts_with(b":"),
        "the first thing is a comment that opens the stream"
    );
    let token = crate::accounts::Token::from_cookie(cookie.split_once('=').unwrap().1).unwrap();
    let (own, other) = (console.stage.patient, console.river.id);
    console
        .app
        .live
        .touched(Some(own), Some(token.fingerprint()));
    console.app.live.touched(Some(other), None);
    let mut told = String::new();
    while !told.contains("event: arrived") {
        told = String::from_utf8(stream.next().await.unwrap().unwrap().to_vec()).unwrap();
    }
    assert!(
        told.contains("event: arrived") && told.contains(&other.to_string()),
        "{told}"
    );
    console.app.live.close();
    while let Some(rest) = stream.next().await {
        assert!(rest.unwrap().starts_with(b":"), "nothing but a last beat");
    }
}

#[tokio::test]
async fn words_of_a_section_that_the_role_does_not_show_are_not_said_on_the_stream() {
    let console = Console::new(Channel::Tls);
    let mira = console.signed_in().await;
    let noor = console.also("Noor", Role::Coordinator).await;
    let flag = companion_core::clinic::NewFlag {
        about: None,
        source: companion_core::domain::flag::FlagSource::Person,
        words: "Sounded very low.".to_owned(),
        by: "Mira".to_owned(),
        at: None,
    };
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    let (coordinator, therapist) = (Role::Coordinator, Role::Therapist);
    for (cookie, role, is_told) in [
        (mira, coordinator, true),
        (noor.clone(), coordinator, false),
        (noor, therapist, true),
    ] {
        let request = Request::get("/live")
            .header("host", NAME)
            .header("cookie", &cookie)
            .body(Body::empty())
            .unwrap();
        let response = router(Arc::clone(&console.app)).oneshot(request).await;
        let mut stream = response.unwrap().into_body().into_data_stream();
        stream.next().await.unwrap().unwrap();
        // What counts is the role that somebody has when it happens.
        let accounts = &console.app.accounts;
        accounts.set_role("Noor", role, "Mira").unwrap();
        let before = clinic.caseload().unwrap();
        clinic.raise_flag(patient, flag.clone()).unwrap();
        let after = clinic.caseload().unwrap();
        console.app.live.news(&before, &after);
        let told = past_the_beats(&mut stream).await;
        assert!(told.contains(&patient.to_string()), "{told}");
        assert_eq!(told.contains("New flag for Ada"), is_told, "{told}");
    }
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let request = Request::get("/live")
        .header("host", NAME)
        .header("cookie", &cookie)
        .body(Body::empty())
        .unwrap();
    let response = router(Arc::clone(&console.app))
        .oneshot(request)
        .await
        .unwrap();
    let mut stream = response.into_body().into_data_stream();
    stream.next().await.unwrap().unwrap();
    console.stage.clock.advance_ms(15 * 60_000);
    let mut over = stream.next().await.unwrap().unwrap();
    while over.starts_with(b":") {
        over = stream.next().await.unwrap().unwrap();
    }
    assert!(over.starts_with(b"event: over"), "{over:?}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn two_minutes_before_the_session_ends_its_pages_say_so_and_whether_one_can_stay() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let request = Request::get("/live")
        .header("host", NAME)
        .header("cookie", &cookie)
        .body(Body::empty())
        .unwrap();
    let response = router(Arc::clone(&console.app))
        .oneshot(request)
        .await
        .unwrap();
    let mut stream = response.into_body().into_data_stream();
    stream.next().await.unwrap().unwrap();
    let clock = &console.stage.clock;
    clock.advance_ms(13 * 60_000);
    let told = past_the_beats(&mut stream).await;
    assert_eq!(told, "event: ending\ndata: {\"canStay\":true}\n\n");
    let stay = console.post("/stay", &cookie, "").await;
    assert_eq!(stay.status, StatusCode::NO_CONTENT);
    let told = past_the_beats(&mut stream).await;
    assert!(told.starts_with("event: going-on"), "{told}");
    // Busy until the twelve hours are nearly over: then nothing helps, and the page says so.
    for _ in 0..(11 * 6 + 4) {
        clock.advance_ms(10 * 60_000);
        console.post("/stay", &cookie, "").await;
    }
    clock.advance_ms(5 * 60_000);
    console.post("/stay", &cookie, "").await;
    let told = past_the_beats(&mut stream).await;
    assert_eq!(told, "event: ending\ndata: {\"canStay\":false}\n\n");
}

async fn past_the_beats(stream: &mut axum::body::BodyDataStream) -> String {
    loop {
        let told = stream.next().await.unwrap().unwrap();
        if !told.starts_with(b":") {
            return String::from_utf8(told.to_vec()).unwrap();
        }
    }
}
