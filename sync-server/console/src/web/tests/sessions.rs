//! Dosing sessions, from being planned to the word that one did not take place, without JavaScript.

use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::{DosingSession, Intention, Moment, Readiness, Visibility};

use super::*;
use crate::view::shelf::Shelf;

/// The version of the session that a page shows.
fn revision(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"revision\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

impl Console {
    /// A session that begins in so many hours, with who is there, and where its page is.
    pub(super) fn booked(&self, hours: i64) -> (View<DosingSession>, String) {
        let now = self.stage.clinic.now();
        let at = Moment {
            unix_ms: now.unix_ms + hours * 3_600_000,
            ..now
        };
        let session = DosingSession {
            therapist: "Maya".into(),
            medical_provider: "Dr. Moss".into(),
            place: "Harbor, room 4".into(),
            ..DosingSession::new(1, at)
        };
        let session = self.stage.clinic.plan_session(self.stage.patient, session);
        let session = session.unwrap();
        let page = format!("{}/sessions/{}", self.patient(), session.id);
        (session, page)
    }

    pub(super) fn session(&self, id: DocumentId) -> DosingSession {
        let session = self.stage.clinic.get(self.stage.patient, id).unwrap();
        session.content
    }
}

#[tokio::test]
async fn a_session_is_planned_once_moved_called_off_and_put_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let path = format!("{patient}/sessions");
    let at = |text: &str| format!("number=1&at={text}&note=");
    // Not before the outcome: the words of what is missing stand beside the field, and on the page already.
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("A session that is still to come can’t be booked before"));
    let early = console
        .post(&path, &cookie, &at("2026-12-01T10%3A00"))
        .await;
    assert_eq!(early.status, 422);
    assert!(
        early
            .body
            .contains("The assessment has no outcome yet: record one first."),
        "{}",
        early.body
    );
    console.be_ready();
    // The year that somebody mistyped, in plain words beside the field.
    for year in ["2007", "2150"] {
        let answer = console
            .post(&path, &cookie, &at(&format!("{year}-12-01T10%3A00")))
            .await;
        assert_eq!(answer.status, 422, "{year}");
        assert!(
            answer
                .body
                .contains("The year of the session is not between"),
            "{}",
            answer.body
        );
    }
    let answer = console
        .post(&path, &cookie, &at("2026-12-01T10%3A00"))
        .await;
    assert!(
        answer.leads_to(&format!("{patient}?done=session")),
        "{}",
        answer.body
    );
    // The same number a second time: nothing is added, and moving is offered.
    let answer = console
        .post(&path, &cookie, &at("2026-12-08T10%3A00"))
        .await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("Session 1 exists already: move it"),
        "{}",
        answer.body
    );
    assert_eq!(console.sessions().len(), 1);
    let session = console.sessions().remove(0);
    let one = format!("{path}/{}", session.id);
    let page = console.get(&one, &cookie).await.body;
    let seen = revision(&page);
    let form = format!("at=2026-12-08T10%3A00&revision={seen}");
    let answer = console.post(&format!("{one}/move"), &cookie, &form).await;
    assert!(
        answer.leads_to(&format!("{patient}?done=moved")),
        "{}",
        answer.body
    );
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("moved from"), "{page}");
    let seen = revision(&console.get(&one, &cookie).await.body);
    let form = format!("revision={seen}&reason=The+boiler+broke.");
    let answer = console
        .post(&format!("{one}/call-off"), &cookie, &form)
        .await;
    assert!(
        answer.leads_to(&format!("{patient}?done=called-off")),
        "{}",
        answer.body
    );
    let page = console.get(&patient, &cookie).await.body;
    assert!(
        page.contains("called off") && page.contains("The boiler broke."),
        "{page}"
    );
    assert!(
        console.stage.clinic.caseload().unwrap()[0]
            .next_session
            .is_none()
    );
    let seen = revision(&console.get(&one, &cookie).await.body);
    let form = format!("revision={seen}");
    let answer = console
        .post(&format!("{one}/put-back"), &cookie, &form)
        .await;
    assert!(
        answer.leads_to(&format!("{patient}?done=put-back")),
        "{}",
        answer.body
    );
    assert!(
        console.stage.clinic.caseload().unwrap()[0]
            .next_session
            .is_some()
    );
    // What was said of it stays.
    let page = console.get(&one, &cookie).await.body;
    assert!(
        page.contains("The boiler broke.") && page.contains("put back"),
        "{page}"
    );
    for (action, times) in [
        ("moved session", 1),
        ("called off session", 1),
        ("put back session", 1),
    ] {
        assert_eq!(console.audited(action).len(), times, "{action}");
    }
}

#[tokio::test]
async fn a_booked_session_says_what_is_missing_before_it() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let (_, one) = console.booked(48);
    let said = "Session 1 is booked; structure and costs are not written down yet";
    let glance = format!("{}/at-a-glance", console.patient());
    for page in [&one, &console.patient(), &glance] {
        let page = console.get(page, &cookie).await.body;
        assert!(page.contains(said), "{page}");
    }
    let line = CostLine {
        label: "Session".into(),
        provider: String::new(),
        payer: Payer::Cash,
        is_medicine: false,
        hsa_fsa: false,
        amount: None,
    };
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    clinic.add_cost_line(patient, line).unwrap();
    let costs = clinic.costs(patient).unwrap().unwrap();
    clinic.walk_through_costs(patient, &costs, "Mira").unwrap();
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(page.contains("is booked; the patient has not acknowledged the structure and costs"));
    console.acknowledge();
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(!page.contains("is booked;"), "{page}");
}

#[tokio::test]
async fn of_two_forms_that_show_one_session_the_second_is_told_what_it_is_now() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let (session, one) = console.booked(48);
    let seen = revision(&console.get(&one, &cookie).await.body);
    let sent = async |to: &str, form: &str| {
        let form = format!("{form}&revision={seen}");
        console.post(&format!("{one}{to}"), &cookie, &form).await
    };
    assert!(
        sent("/move", "at=2026-12-08T10%3A00")
            .await
            .status
            .is_redirection()
    );
    let moved = console.session(session.id);
    for (to, form) in [
        ("/move", "at=2026-12-09T11%3A00"),
        ("/call-off", "reason=Snow."),
    ] {
        let second = sent(to, form).await;
        assert_eq!(second.status, 422, "{to}");
        assert!(
            second
                .body
                .contains("Somebody changed this session meanwhile"),
            "{to}"
        );
        assert!(
            second.body.contains("2026-12-08T10:00"),
            "{to}: what it is now"
        );
        assert_ne!(
            revision(&second.body),
            seen,
            "sent again, it is about what is shown"
        );
        assert_eq!(console.session(session.id), moved, "{to}");
    }
    let again = format!("at=2026-12-09T11%3A00&revision={}", {
        revision(&console.get(&one, &cookie).await.body)
    });
    let answer = console.post(&format!("{one}/move"), &cookie, &again).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let off = revision(&console.get(&one, &cookie).await.body);
    let form = format!("reason=Snow.&revision={off}");
    console
        .post(&format!("{one}/call-off"), &cookie, &form)
        .await;
    let back = console
        .post(
            &format!("{one}/put-back"),
            &cookie,
            &format!("revision={off}"),
        )
        .await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    assert!(back.body.contains("is called off") && back.body.contains(&format!("href=\"{one}\"")));
}

#[tokio::test]
async fn details_of_a_session_are_changed_and_offered_for_the_next_one() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let (session, one) = console.booked(48);
    let page = console.get(&one, &cookie).await.body;
    assert!(page.contains("value=\"Harbor, room 4\""), "{page}");
    let form = |minutes: &str| {
        format!(
            "session_therapist=Maya&session_provider=Dr.+Vega&session_place=Harbor&session_address=Pier+1\
             &session_contact=Ring+twice&arrival_minutes=20&medicine_minutes={minutes}\
             &coming_back_minutes=40&grounding_minutes=15&note=Blue+door%0D%0ASecond+bell{}",
            meanwhile::shown(&page, &one)
        )
    };
    let refused = console.post(&one, &cookie, &form("0")).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .body
            .contains("The time of the medicine is not between 1 and 360.")
    );
    assert!(
        refused.body.contains("value=\"Ring twice\""),
        "nothing typed is lost"
    );
    let told = console.post(&one, &cookie, &form("50")).await;
    assert!(
        told.leads_to(&format!("{}?done=session-told", console.patient())),
        "{}",
        told.body
    );
    let now = console.session(session.id);
    assert_eq!(
        (&*now.medical_provider, &*now.address),
        ("Dr. Vega", "Pier 1")
    );
    assert_eq!((now.medicine_minutes.0, now.grounding_minutes.0), (50, 15));
    // Its paragraphs stay: the field holds more than one line, and the page shows them.
    assert_eq!(now.note, "Blue door\nSecond bell");
    let page = console.get(&one, &cookie).await.body;
    assert!(
        page.contains("name=\"note\" rows=\"5\"")
            && page.contains("<p class=\"words\">Blue door\nSecond bell</p>"),
        "{page}"
    );
    assert_eq!(console.audited("changed session").len(), 1);
    // The form that plans the next one has them, and not the note.
    let page = console.get(&console.patient(), &cookie).await.body;
    let (_, add) = page.split_once("Add a session").unwrap();
    let (add, _) = add.split_once("</form>").unwrap();
    for field in [
        "Dr. Vega",
        "Pier 1",
        "Ring twice",
        "value=\"50\"",
        "value=\"2\"",
    ] {
        assert!(add.contains(field), "{field}: {add}");
    }
    assert!(!add.contains("Blue door"));
}

#[tokio::test]
async fn that_a_session_did_not_take_place_is_said_with_a_reason_and_a_name() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let (session, one) = console.booked(-2);
    let cookie = console.signed_in().await;
    let page = console.get(&one, &cookie).await.body;
    assert!(page.contains("It did not take place"), "{page}");
    let form = |reason: &str| format!("reason={reason}&revision={}", revision(&page));
    let refused = console
        .post(&format!("{one}/call-off"), &cookie, &form("+"))
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .body
            .contains("The reason why it did not take place is empty.")
    );
    assert!(console.session(session.id).takes_place());
    let said = console
        .post(&format!("{one}/call-off"), &cookie, &form("She+was+ill."))
        .await;
    assert!(said.status.is_redirection(), "{}", said.body);
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(
        page.contains("did not take place") && page.contains("She was ill."),
        "{page}"
    );
    let now = console.session(session.id);
    assert_eq!(now.called_off().unwrap().by, "Mira");
}

#[tokio::test]
async fn a_programme_does_not_end_while_a_session_is_still_to_come() {
    let console = Console::new(Channel::Tls);
    let (clinic, patient) = (&console.stage.clinic, console.stage.patient);
    if clinic.programme(patient).unwrap().is_none() {
        clinic.begin_programme(patient, "Mira").unwrap();
    }
    console.be_ready();
    console.booked(48);
    let cookie = console.signed_in().await;
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(
        page.contains("sessions are still to come. Call them off first"),
        "{page}"
    );
    let form = "end_reason=As+agreed.&closing_summary=The+lake.";
    let refused = console
        .fill(
            &console.patient(),
            &format!("{}/end", console.patient()),
            &cookie,
            form,
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .body
            .contains("Session 1 is still to come: call it off first.")
    );
    assert!(refused.body.contains("The lake."), "nothing typed is lost");
    assert!(console.audited("ended programme").is_empty());
}

#[tokio::test]
async fn a_session_that_was_held_at_another_time_is_corrected_with_a_reason() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let (_, one) = console.booked(48);
    let seen = revision(&console.get(&one, &cookie).await.body);
    let form = format!("at=2026-11-20T10%3A00&revision={seen}");
    let moved = console.post(&format!("{one}/move"), &cookie, &form).await;
    assert_eq!(moved.status, 422);
    assert!(moved.body.contains("That time is past"), "{}", moved.body);
    let place = format!("{one}/correct");
    let form = format!("corrected_{form}");
    let unsaid = console.post(&place, &cookie, &form).await;
    assert!(
        unsaid
            .body
            .contains("The reason for the correction is empty"),
        "{}",
        unsaid.body
    );
    let form = format!("{form}&corrected_why=It+was+held+on+Friday.");
    let corrected = console.post(&place, &cookie, &form).await;
    assert!(
        corrected.leads_to(&format!("{}?done=time-corrected", console.patient())),
        "{}",
        corrected.body
    );
    let page = console.get(&one, &cookie).await.body;
    assert!(
        page.contains("time corrected") && page.contains("It was held on Friday."),
        "{page}"
    );
    assert_eq!(console.audited("corrected session").len(), 1);
}

#[tokio::test]
async fn an_intention_that_was_shared_is_opened_from_its_sessions_page_and_a_private_one_is_not_there()
 {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (stage, patient) = (&console.stage, console.stage.patient);
    let clinic = &stage.clinic;
    clinic
        .create(patient, Readiness::ready("Mira", clinic.now()))
        .unwrap();
    let mut at = clinic.now();
    at.unix_ms += 7 * 24 * 60 * 60 * 1000;
    let session = clinic
        .plan_session(patient, DosingSession::new(1, at))
        .unwrap();
    let intention = Intention {
        values: ["<honesty>".to_owned()].into(),
        ..Intention::new(session.id, "To listen.", stage.phone.now())
    };
    let intention = stage.phone.create(intention).unwrap();
    stage.sync();
    let page = format!("{}/sessions/{}", console.patient(), session.id);
    let link = |page: &str| page.contains("Open the intention");
    assert!(
        !link(&console.get(&page, &cookie).await.body),
        "it is private"
    );
    let shared = stage
        .phone
        .share::<Intention>(intention.id, Visibility::CareTeam)
        .unwrap();
    stage.sync();
    assert!(link(&console.get(&page, &cookie).await.body));
    let opened = Shelf::Intentions.address(patient, shared.id);
    let opened = console.get(&opened, &cookie).await.body;
    assert!(
        opened.contains("To listen.") && opened.contains("&lt;honesty&gt;"),
        "{opened}"
    );
    assert_eq!(console.audited("opened intention").len(), 1);
}
