//! Both the therapist and the medical provider are named before a reading is logged, or a session said to have been
//! held; each page says where to enter them.

use companion_core::domain::DosingSession;
use companion_core::domain::session_details::SessionDetails;

use super::*;

#[tokio::test]
async fn no_reading_is_logged_before_both_are_named_and_the_page_says_where_to_enter_them() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (clinic, ada) = (&console.stage.clinic, console.stage.patient);
    console.be_ready();
    let booked = clinic
        .plan_session(ada, DosingSession::new(1, clinic.now()))
        .unwrap();
    let details = format!("{}/sessions/{}", console.patient(), booked.id);
    let place = format!("{details}/medicine");
    let readings = format!("{place}/readings");
    let page = console.get(&place, &cookie).await.body;
    let says = "No therapist is named and no medical provider is named for this session: name who it is in the \
                session’s details first.";
    let form_of = format!("action=\"{readings}\"");
    assert!(page.contains(says), "{page}");
    assert!(page.contains(&format!(
        "<a href=\"{details}\">Open the session’s details</a>"
    )));
    assert!(!page.contains(&form_of), "it would be refused");
    // A form that stood open is refused, and what was typed stays in it.
    let form = "reading_at=2026-11-23T10:00&dissociation=4&reading_note=Calm.";
    let refused = console.post(&readings, &cookie, form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"reading_at-error\"") && refused.body.contains("Calm."));
    assert_eq!(clinic.medicine(ada, booked.id).unwrap(), None);
    let named = SessionDetails {
        therapist: "Mira".to_owned(),
        medical_provider: "Dr. Vega".to_owned(),
        ..SessionDetails::of(&booked.content)
    };
    clinic
        .tell_session(ada, booked.id, &booked.revision, named, "Maya")
        .unwrap();
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains(&form_of) && !page.contains("is named for this session"));
    let added = console.post(&readings, &cookie, form).await;
    assert!(added.leads_to(&format!("{place}?done=reading")));
    let record = console.medicine(booked.id).record.content;
    assert_eq!(record.by_time()[0].dissociation, Some(4));
}

#[tokio::test]
async fn a_session_that_was_held_is_written_down_with_both_names_and_each_that_is_missing_is_said_beside_its_field()
 {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let path = format!("{}/sessions", console.patient());
    let form = |names: &str| format!("number=1&at=2026-11-20T10%3A00&note=Calm.{names}");
    let refused = console.post(&path, &cookie, &form("")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (field, says) in [
        ("session_therapist", "No therapist is named."),
        ("session_provider", "No medical provider is named."),
    ] {
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")));
        assert!(refused.body.contains(says), "{}", refused.body);
    }
    assert!(refused.body.contains("Calm."), "nothing typed is lost");
    let form = form("&session_therapist=Mira&session_provider=Dr.+Vega");
    let written = console.post(&path, &cookie, &form).await;
    assert!(written.leads_to(&format!("{}?done=session", console.patient())));
}

#[tokio::test]
async fn a_booked_session_without_names_is_neither_corrected_into_the_past_nor_put_back_once_it_began()
 {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let (clinic, ada) = (&console.stage.clinic, console.stage.patient);
    let session = DosingSession::new(1, clinic.now());
    let session = clinic.plan_session(ada, session).unwrap();
    let one = format!("{}/sessions/{}", console.patient(), session.id);
    let form = format!(
        "revision={}&corrected_at=2026-11-20T10%3A00&corrected_why=Mistyped.",
        session.revision
    );
    let refused = console
        .post(&format!("{one}/correct"), &cookie, &form)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"corrected_at-error\""));
    assert!(
        refused
            .body
            .contains("name who it is in the session’s details first.")
    );
    assert!(refused.body.contains("Mistyped."), "nothing typed is lost");
    let off = clinic
        .call_off_session(ada, session.id, &session.revision, "Snow.", "Mira")
        .unwrap();
    console.stage.clock.advance_ms(1);
    let form = format!("revision={}", off.revision);
    let refused = console
        .post(&format!("{one}/put-back"), &cookie, &form)
        .await;
    assert!(refused.status.is_client_error());
    assert!(
        refused
            .body
            .contains("name who it is in the session’s details first")
    );
    assert!(
        refused.body.contains(&format!("href=\"{one}\"")),
        "{}",
        refused.body
    );
    let now: DosingSession = clinic.get(ada, session.id).unwrap().content;
    assert!(!now.takes_place(), "nothing was done");
}
