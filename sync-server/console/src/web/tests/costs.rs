//! Structure and costs, and the number of sessions, a pause and an end, as they are set without JavaScript.

use companion_core::domain::Readiness;
use companion_core::records::Seen;

use super::meanwhile::shown;
use super::*;

const LINE: &str =
    "label=Session&provider=Harbor&payer=either&amount=450.50&currency=USD&hsa_fsa=yes";

impl Console {
    fn costs(&self) -> companion_core::clinic::Costs {
        let costs = self.stage.clinic.costs(self.stage.patient).unwrap();
        costs.unwrap()
    }

    /// Ada acknowledges what her phone shows.
    pub(super) fn acknowledge(&self) {
        self.stage.clinic.sync().unwrap();
        self.stage.phone.sync().unwrap();
        let costs = self.stage.phone.plan().unwrap().costs.unwrap();
        self.stage.phone.acknowledge_costs(&costs, "Ada").unwrap();
        self.stage.sync();
    }

    pub(super) fn be_ready(&self) {
        let ready = Readiness::ready("Mira", self.stage.clinic.now());
        self.stage.clinic.create(self.stage.patient, ready).unwrap();
    }
}

#[tokio::test]
async fn a_patient_comes_to_the_session_phase_by_the_pages_alone() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let costs = format!("{patient}/costs");
    let phase = format!("{patient}/phase");
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains(&format!("href=\"{costs}\"")) && page.contains("Not written down yet"));
    // A refusal leads to where the first thing that is missing is done.
    let refused = console
        .post(
            &phase,
            &cookie,
            &console.to_phase(console.stage.patient, "session"),
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused
            .body
            .contains(&format!("href=\"{patient}/outcome\""))
    );
    console.be_ready();
    let refused = async |why: &str| {
        let refused = console
            .post(
                &phase,
                &cookie,
                &console.to_phase(console.stage.patient, "session"),
            )
            .await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let leads = format!("href=\"{costs}\"");
        assert!(
            refused.body.contains(why) && refused.body.contains(&leads),
            "{}",
            refused.body
        );
    };
    refused("not written down yet").await;

    let page = console.get(&costs, &cookie).await.body;
    assert!(page.contains("No line yet.") && page.contains("value=\"USD\""));
    let form = format!("{LINE}&once={}", once(&page));
    for _ in 0..2 {
        let added = console
            .post(&format!("{costs}/lines"), &cookie, &form)
            .await;
        assert!(
            added.leads_to(&format!("{costs}?done=costs")),
            "{}",
            added.body
        );
    }
    let sheet = console.costs().sheet;
    assert_eq!(sheet.content.lines.len(), 1, "sent twice, it is one line");
    let page = console
        .get(&format!("{costs}?done=costs"), &cookie)
        .await
        .body;
    for said in [
        "450.50 USD",
        "By <bdi>Harbor</bdi>",
        "Paid by: Insurance or cash",
        "HSA/FSA accepted",
        "class=\"notice\"",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("The medicine itself</span>"));
    refused("Nobody has gone through").await;

    let walked = format!("{costs}/walked-through");
    let form = format!("revision={}&once={}", sheet.revision, once(&page));
    let answer = console.post(&walked, &cookie, &form).await;
    assert!(answer.leads_to(&format!("{costs}?done=walked-through")));
    let page = console.get(&costs, &cookie).await.body;
    assert!(page.contains("Walked through with the patient by <bdi>Mira</bdi>"));
    assert!(page.contains("has not acknowledged it"));
    refused("has not acknowledged").await;
    console.acknowledge();
    let page = console.get(&costs, &cookie).await.body;
    assert!(
        page.contains("acknowledged on the patient’s phone by <bdi>Ada</bdi>"),
        "{page}"
    );
    let moved = console
        .post(
            &phase,
            &cookie,
            &console.to_phase(console.stage.patient, "session"),
        )
        .await;
    assert!(moved.leads_to(&format!("{patient}?done=phase")));
    assert_eq!(console.audited("changed costs").len(), 1);
    assert_eq!(console.audited("walked through costs").len(), 1);
}

#[tokio::test]
async fn a_line_is_changed_and_removed_and_each_asks_again() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let costs = format!("{}/costs", console.patient());
    let lines = format!("{costs}/lines");
    console.post(&lines, &cookie, LINE).await;
    let seen = console.costs();
    console
        .stage
        .clinic
        .walk_through_costs(console.stage.patient, &seen, "Mira")
        .unwrap();
    let sheet = seen.sheet;
    console.acknowledge();
    let (item, _) = sheet.content.lines.iter().next().unwrap();
    let line = format!("{lines}/{item}");
    let page = console.get(&line, &cookie).await.body;
    for field in [
        "value=\"Session\"",
        "value=\"450.50\"",
        "value=\"either\" selected",
        "value=\"yes\" checked",
    ] {
        assert!(page.contains(field), "{field}: {page}");
    }
    let seen = format!("revision={}&", sheet.revision);
    let as_shown = meanwhile::shown(&page, &line);
    let wrong = format!("{as_shown}&label=Session&payer=cash&amount=450,50&currency=USD");
    let refused = console.post(&line, &cookie, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"amount-error\"") && refused.body.contains("450,50"));
    let page = console.get(&line, &cookie).await.body;
    assert!(
        page.contains("450,50") && page.contains(">Kept as your draft"),
        "what was typed stays"
    );

    // The same words ask nobody; others ask both.
    let done = format!("{costs}?done=costs");
    let same = console
        .post(&line, &cookie, &format!("{LINE}{as_shown}"))
        .await;
    assert!(same.leads_to(&done), "{}", same.body);
    assert!(console.costs().review.acknowledged.is_some());
    let medicine = "label=Ketamine&payer=cash&amount=&currency=USD&is_medicine=yes";
    let medicine = format!("{medicine}{as_shown}");
    assert!(
        console
            .post(&line, &cookie, &medicine)
            .await
            .leads_to(&done)
    );
    let page = console.get(&costs, &cookie).await.body;
    for said in [
        "Version 2",
        "acknowledged another version",
        "The medicine itself</span>",
        "Sum not known yet",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(page.contains("changed since the patient acknowledged it"));

    // What is walked through is what lay before them.
    let walked = format!("{costs}/walked-through");
    let late = console
        .post(&walked, &cookie, &format!("{seen}once=0f"))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.body.contains("changed meanwhile") && late.body.contains(&format!("href=\"{costs}\""))
    );
    assert!(console.costs().review.walked_through.is_none());
    for none in ["once=0f", "revision=&once=0f", "revision=latest&once=0f"] {
        let answer = console.post(&walked, &cookie, none).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{none}");
    }

    let removed = format!("{costs}?done=costs-removed");
    let remove = format!("{line}/remove");
    let as_shown = shown(&console.get(&line, &cookie).await.body, &remove);
    for _ in 0..2 {
        let answer = console.post(&remove, &cookie, &as_shown).await;
        assert!(answer.leads_to(&removed), "{}", answer.body);
    }
    assert_eq!(console.costs().sheet.content.version, 3, "removed once");
    assert_eq!(
        console.get(&line, &cookie).await.status,
        StatusCode::NOT_FOUND
    );
    let gone = console.post(&line, &cookie, &medicine).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        gone.body.contains("Somebody removed this line meanwhile")
            && gone.body.contains("Ketamine")
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_line_is_said_beside_its_field() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let lines = format!("{}/costs/lines", console.patient());
    for (form, field) in [
        ("label=+&payer=cash&amount=&currency=USD", "label"),
        ("label=Session&payer=&amount=&currency=USD", "payer"),
        (
            "label=Session&payer=cash&amount=much&currency=USD",
            "amount",
        ),
        (
            "label=Session&payer=cash&amount=1.005&currency=USD",
            "amount",
        ),
        (
            "label=Session&payer=cash&amount=1&currency=dollars",
            "currency",
        ),
    ] {
        let answer = console.post(&lines, &cookie, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{}",
            answer.body
        );
    }
    let clinic = &console.stage.clinic;
    assert!(clinic.costs(console.stage.patient).unwrap().is_none());
    let nowhere = format!("{lines}/{}", "0c".repeat(16));
    for path in [nowhere.clone(), format!("{lines}/x")] {
        assert_eq!(
            console.get(&path, &cookie).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let walked = format!("{}/costs/walked-through", console.patient());
    let of_nothing = format!(
        "once=0f&revision={}&seen={}",
        console.river.revision,
        Seen::of("")
    );
    assert_eq!(
        console.post(&walked, &cookie, &of_nothing).await.status,
        StatusCode::NOT_FOUND
    );
    let removed = console
        .post(&format!("{nowhere}/remove"), &cookie, &of_nothing)
        .await;
    assert_eq!(removed.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_number_of_sessions_needs_its_reason_and_is_counted() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let (plan, sessions) = (format!("{patient}/plan"), format!("{patient}/sessions"));
    let done = format!("{patient}?done=planned");
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("No number is planned yet") && !page.contains("id=\"plan_reason\""));
    let stood = console.stood(console.stage.patient);
    for number in ["", "0", "six", "1000"] {
        let answer = console
            .post(&plan, &cookie, &format!("planned={number}{stood}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        assert!(
            answer.body.contains("id=\"planned-error\""),
            "{}",
            answer.body
        );
    }
    assert!(
        console
            .post(&plan, &cookie, &format!("planned=1{stood}"))
            .await
            .leads_to(&done)
    );
    console.be_ready();
    for (number, day, status) in [(1, "01", 303), (2, "08", 422)] {
        let form = format!("number={number}&at=2026-12-{day}T10%3A00&note=");
        let answer = console.post(&sessions, &cookie, &form).await;
        assert_eq!(answer.status.as_u16(), status);
        let said = "1 sessions are planned, and one more needs a reason.";
        assert_eq!(answer.body.contains(said), status == 422, "{}", answer.body);
    }
    let page = console.get(&patient, &cookie).await.body;
    assert!(
        page.contains("0 of 1</strong> planned sessions held, 1 booked."),
        "{page}"
    );
    let answer = console
        .fill(&patient, &plan, &cookie, "planned=2&plan_reason=+")
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("id=\"plan_reason-error\"")
            && answer.body.contains("The reason is empty.")
    );
    let more = "planned=2&plan_reason=To+close+well.";
    let changed = console.fill(&patient, &plan, &cookie, more).await;
    assert!(changed.leads_to(&done), "{}", changed.body);
    let again = console
        .post(&sessions, &cookie, "number=2&at=2026-12-08T10%3A00&note=")
        .await;
    assert!(again.status.is_redirection(), "{}", again.body);
    let page = console.get(&patient, &cookie).await.body;
    for said in [
        "0 of 2</strong> planned sessions held, 2 booked.",
        "To close well.",
        "before any integration is known of",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(console.audited("planned sessions").len(), 2);
}

#[tokio::test]
async fn a_pause_and_an_end_say_why_and_the_phone_shows_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let page = console.get(&patient, &cookie).await.body;
    let has = |page: &str, part: &str| page.contains(&format!("action=\"{patient}/{part}\""));
    assert!(has(&page, "pause") && has(&page, "end") && !has(&page, "go-on"));
    assert!(
        !page.contains("value=\"closed\""),
        "an end has its own form"
    );
    for (part, form, field) in [
        ("pause", "pause_reason=+", "pause_reason"),
        (
            "end",
            "end_reason=+&closing_summary=The+lake.",
            "end_reason",
        ),
    ] {
        let answer = console
            .fill(&patient, &format!("{patient}/{part}"), &cookie, form)
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{}",
            answer.body
        );
    }
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("The lake.") && page.contains(">Kept as your draft"));
    for (part, form, word) in [
        ("pause", "pause_reason=Away+in+June.", "paused"),
        ("go-on", "go_on_reason=", "going-on"),
        (
            "end",
            "end_reason=As+agreed.&closing_summary=The+lake.",
            "ended",
        ),
        (
            "summary",
            "closing_summary=The+lake%2C+and+the+boat.&was_closing_summary=The+lake.",
            "summary",
        ),
    ] {
        let answer = console
            .fill(&patient, &format!("{patient}/{part}"), &cookie, form)
            .await;
        assert!(
            answer.leads_to(&format!("{patient}?done={word}")),
            "{}",
            answer.body
        );
        let page = console.get(answer.header("location"), &cookie).await.body;
        assert!(page.contains("class=\"notice\""), "{word}");
        assert_eq!(page.contains("Paused</strong>"), word == "paused");
        assert_eq!(
            page.contains("As agreed."),
            matches!(word, "ended" | "summary")
        );
    }
    console.stage.sync();
    let plan = console.stage.phone.plan().unwrap();
    let shown = plan.shown().unwrap();
    let summary = shown.closing_summary;
    assert_eq!(
        (shown.reason, summary),
        ("As agreed.", Some("The lake, and the boat."))
    );
    for (action, times) in [
        ("paused programme", 1),
        ("went on with programme", 1),
        ("ended programme", 1),
        ("wrote closing summary", 1),
    ] {
        assert_eq!(console.audited(action).len(), times, "{action}");
    }
    // No path leads past the outcome: what ended is asked again.
    console.be_ready();
    console
        .fill(
            &patient,
            &format!("{patient}/go-on"),
            &cookie,
            "go_on_reason=",
        )
        .await;
    let to_preparation = &console.to_phase(console.stage.patient, "preparation");
    console
        .post(&format!("{patient}/phase"), &cookie, to_preparation)
        .await;
    console.stage.clock.advance_ms(1_000);
    let outcome = format!("{patient}/outcome");
    let seen = shelves::hidden(&console.get(&outcome, &cookie).await.body, "revision");
    let stood = console.stood(console.stage.patient);
    let not_a_fit = format!("appropriate=no&timing=now&explanation=No.&revision={seen}{stood}");
    let recorded = console.post(&outcome, &cookie, &not_a_fit).await;
    assert!(recorded.status.is_redirection(), "{}", recorded.body);
    console
        .fill(
            &patient,
            &format!("{patient}/end"),
            &cookie,
            "end_reason=Over.",
        )
        .await;
    let refused = console
        .fill(
            &patient,
            &format!("{patient}/go-on"),
            &cookie,
            "go_on_reason=",
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let says = "so this programme can’t be taken up again: begin another one";
    assert!(refused.body.contains(says), "{}", refused.body);
}
