//! Flags on the pages: first on the caseload, first on a patient's page, and taken from step to step without
//! JavaScript.

use companion_core::clinic::OpenFlag;
use companion_core::domain::flag::{FlagAct, FlagState};
use companion_core::domain::{ContactRequest, Flag};
use companion_core::records::Seen;

use super::meanwhile::shown;
use super::*;

impl Console {
    /// Ada asks to be contacted, and the clinic's node exchanges.
    pub(super) fn ask_for_contact(&self) -> OpenFlag {
        self.stage.clock.advance_ms(60_000);
        let request = ContactRequest::new(self.stage.phone.now());
        self.stage.phone.create(request).unwrap();
        self.stage.sync();
        self.open_flags().remove(0)
    }

    fn open_flags(&self) -> Vec<OpenFlag> {
        self.stage.clinic.caseload().unwrap().remove(0).flags
    }

    pub(super) fn flag_address(&self, flag: &OpenFlag) -> String {
        format!("{}/flags/{}", self.patient(), flag.id)
    }
}

#[tokio::test]
async fn a_request_that_arrived_stands_first_and_is_acknowledged_and_closed_by_the_pages_alone() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    assert!(
        !console
            .get("/", &cookie)
            .await
            .body
            .contains("nobody has acknowledged")
    );
    let flag = console.ask_for_contact();
    let (patient, address) = (console.patient(), console.flag_address(&flag));
    let page = console.get("/", &cookie).await.body;
    for said in [
        "<strong>1 flag that nobody has acknowledged</strong>",
        "Flag: the patient asked to be contacted",
        "class=\"case flagged\"",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = console.get(&patient, &cookie).await.body;
    assert!(
        page.find("id=\"flags\"") < page.find("id=\"over-time\""),
        "the flags come first"
    );
    assert!(page.contains("New: nobody has acknowledged it"));
    assert!(page.contains(&format!("action=\"{address}/acknowledge\"")));
    assert!(
        !page.contains(&format!("{address}/close")),
        "not before it is acknowledged"
    );
    // Closing before is refused, whatever form is sent.
    let as_shown = shown(&page, &format!("{address}/acknowledge"));
    let early = format!("close_words=Called.{as_shown}");
    let early = console
        .post(&format!("{address}/close"), &cookie, &early)
        .await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        early.body.contains("acknowledged before it is closed")
            && early.body.contains("<p class=\"words\">Called.</p>"),
        "{}",
        early.body
    );

    let form = format!("once={}{as_shown}", once(&page));
    for _ in 0..2 {
        let answer = console
            .post(&format!("{address}/acknowledge"), &cookie, &form)
            .await;
        assert!(
            answer.leads_to(&format!("{patient}?done=flag-acknowledged")),
            "{}",
            answer.body
        );
    }
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("Acknowledged by <bdi>Mira</bdi>"));
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("acknowledged by <bdi>Mira</bdi>"));
    assert!(!caseload.contains("nobody has acknowledged"));

    let as_shown = shown(&page, &format!("{address}/close"));
    for words in ["", "+%0A+"] {
        let form = format!("close_words={words}&once={}{as_shown}", once(&page));
        let refused = console
            .post(&format!("{address}/close"), &cookie, &form)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Write what was done."));
    }
    let form = format!(
        "close_words=Called,+and+talked+for+an+hour.&once={}{as_shown}",
        once(&page)
    );
    for _ in 0..2 {
        let answer = console
            .post(&format!("{address}/close"), &cookie, &form)
            .await;
        assert!(
            answer.leads_to(&format!("{patient}?done=flag-closed")),
            "{}",
            answer.body
        );
    }
    let page = console.get(&patient, &cookie).await.body;
    for said in [
        "No open flag.",
        "1 closed flag",
        "Called, and talked for an hour.",
        "Closed by <bdi>Mira</bdi>",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(console.open_flags().is_empty());
    let flags = console.stage.clinic.flags(console.stage.patient).unwrap();
    assert!(matches!(flags[0].content.state(), FlagState::Closed(step) if step.by == "Mira"));
    let of_ada = format!("Mira {}", console.stage.patient);
    for action in ["acknowledged flag", "closed flag"] {
        assert_eq!(console.audited(action), std::slice::from_ref(&of_ada));
    }
}

#[tokio::test]
async fn the_flag_of_a_request_shows_how_the_words_begin_and_that_it_was_taken_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let phone = &console.stage.phone;
    console.stage.clock.advance_ms(60_000);
    let long = "x".repeat(200);
    for words in ["Please call <b>today</b>.\nI can’t sleep.", &*long] {
        let request = ContactRequest {
            words: words.to_owned(),
            ..ContactRequest::new(phone.now())
        };
        let asked = phone.create(request).unwrap();
        console.stage.sync();
        let begins = if words == long {
            format!("“<bdi>{}…</bdi>”", "x".repeat(120))
        } else {
            "“<bdi>Please call &lt;b&gt;today&lt;/b&gt;.…</bdi>”".to_owned()
        };
        for path in ["/", &console.patient()] {
            let page = console.get(path, &cookie).await.body;
            assert!(page.contains(&begins), "{path} {begins}: {page}");
            assert!(!page.contains("can’t sleep"), "{page}");
        }
        phone
            .edit::<ContactRequest>(asked.id, &asked.revision, |it| {
                it.taken_back_at = Some(it.at);
            })
            .unwrap();
        console.stage.sync();
        for (path, said) in [
            ("/", format!("{begins}, taken back")),
            (&console.patient(), "The patient took it back".to_owned()),
        ] {
            let page = console.get(path, &cookie).await.body;
            assert!(page.contains(&said), "{path} {said}: {page}");
        }
    }
}

#[tokio::test]
async fn a_closed_flag_is_opened_again_with_words() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let flag = console.ask_for_contact();
    let (patient, address) = (console.patient(), console.flag_address(&flag));
    let reopen = format!("{address}/reopen");
    let acknowledge = format!("{address}/acknowledge");
    let page = console.get(&patient, &cookie).await.body;
    let early = format!("reopen_words=Called+again.{}", shown(&page, &acknowledge));
    let early = console.post(&reopen, &cookie, &early).await;
    assert_eq!(
        early.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        early.body
    );
    console.press(&patient, &acknowledge, &cookie).await;
    let close = format!("{address}/close");
    console
        .fill(&patient, &close, &cookie, "close_words=Called.")
        .await;
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains(&format!("action=\"{reopen}\"")), "{page}");
    let wordless = console
        .fill(&patient, &reopen, &cookie, "reopen_words=+")
        .await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wordless.body.contains("Write why it is not over."));
    let form = format!(
        "reopen_words=Called+%3Cagain%3E.&once={}{}",
        once(&page),
        shown(&page, &reopen)
    );
    for _ in 0..2 {
        let answer = console.post(&reopen, &cookie, &form).await;
        let to = format!("{patient}?done=flag-reopened");
        assert!(answer.leads_to(&to), "{}", answer.body);
    }
    let page = console.get(&patient, &cookie).await.body;
    for said in [
        "Opened again: nobody has acknowledged it since",
        "Called &lt;again&gt;.",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(console.open_flags().len(), 1);
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("1 flag that nobody has acknowledged"));
    assert_eq!(console.audited("reopened flag").len(), 1);
}

#[tokio::test]
async fn somebody_raises_a_flag_once_and_what_is_wrong_is_said_beside_the_field() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let flags = format!("{}/flags", console.patient());
    let page = console.get(&console.patient(), &cookie).await.body;
    let empty = console.post(&flags, &cookie, "flag_words=+").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("Write what the care team has to see."));
    let long = format!("flag_words={}", "x".repeat(4_001));
    let long = console.post(&flags, &cookie, &long).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        long.body.contains("id=\"flag_words-error\""),
        "{}",
        long.body
    );
    assert!(console.open_flags().is_empty());
    let form = format!("flag_words=Sounded+%3Cvery%3E+low.&once={}", once(&page));
    for _ in 0..2 {
        let raised = console.post(&flags, &cookie, &form).await;
        assert!(raised.leads_to(&format!("{}?done=flag-raised", console.patient())));
    }
    let open = console.open_flags();
    assert_eq!(open.len(), 1, "sent twice, it is one flag");
    assert_eq!(open[0].words, "Sounded <very> low.");
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(page.contains("Sounded &lt;very&gt; low.") && page.contains("By <bdi>Mira</bdi>"));
    assert!(page.contains("The flag is raised") || !page.contains("class=\"notice\""));
    assert_eq!(console.audited("raised flag").len(), 1);
}

#[tokio::test]
async fn forms_of_flags_and_of_safety_are_refused_from_elsewhere_and_without_a_session() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let flag = console.ask_for_contact();
    let address = console.flag_address(&flag);
    for path in [
        format!("{}/flags", console.patient()),
        format!("{address}/acknowledge"),
        format!("{address}/close"),
        format!("{address}/reopen"),
        "/safety/monitoring".to_owned(),
        "/safety/card".to_owned(),
        "/safety/rules".to_owned(),
        format!("/safety/rules/{}/retire", flag.id),
    ] {
        let foreign = Request::post(&path)
            .header("origin", "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site")
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("flag_words=x&close_words=x&region=US"))
            .unwrap();
        assert_eq!(
            console.ask(foreign).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
        let nobody = console.post(&path, "", "flag_words=x").await;
        assert_ne!(nobody.status, StatusCode::OK, "{path}");
        assert!(!nobody.body.contains("Ada"), "{path}");
    }
    assert_eq!(console.open_flags(), [flag]);
    let safety = console.stage.clinic.safety().unwrap();
    assert!(safety.monitoring.is_none() && safety.card.is_none() && safety.rules.is_empty());
    let stranger = format!(
        "{}/flags/{}/acknowledge",
        console.patient(),
        console.river.id
    );
    let form = format!("seen={}", Seen::of(""));
    let answer = console.post(&stranger, &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_flag_of_another_patient_is_no_flag_of_this_one() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let flag = console.ask_for_contact();
    let new = companion_core::clinic::NewPatient {
        name: "Bo".to_owned(),
        ..Default::default()
    };
    let bo = console.stage.clinic.register(new).unwrap();
    let page = console.get(&format!("/patients/{bo}"), &cookie).await.body;
    assert!(page.contains("No open flag."));
    let wrong = format!("/patients/{bo}/flags/{}/acknowledge", flag.id);
    let form = format!("seen={}", Seen::of(""));
    let answer = console.post(&wrong, &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
}

#[tokio::test]
async fn an_open_page_is_told_of_a_new_flag() {
    let console = Console::new(Channel::Tls);
    let mut events = console.app.live.subscribe();
    console
        .app
        .live
        .exchange_once(&console.stage.clinic, &*console.stage.clock);
    while events.try_recv().is_ok() {}
    let request = ContactRequest::new(console.stage.phone.now());
    console.stage.phone.create(request).unwrap();
    console.stage.phone.sync().unwrap();
    console
        .app
        .live
        .exchange_once(&console.stage.clinic, &*console.stage.clock);
    let told = events.try_recv().unwrap();
    assert_eq!(told.about, Some(console.stage.patient));
    assert_eq!(
        told.words,
        "New flag for Ada Okafor: the patient asked to be contacted."
    );
}

#[tokio::test]
async fn what_a_second_person_did_about_a_closed_flag_is_not_lost_and_can_be_added() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let flag = console.ask_for_contact();
    let (patient, address) = (console.patient(), console.flag_address(&flag));
    let step = |act, words: &str| {
        let clinic = &console.stage.clinic;
        let now = clinic.get::<Flag>(console.stage.patient, flag.id).unwrap();
        let seen = Seen::of(&now.content.steps);
        clinic.step_flag(console.stage.patient, flag.id, seen, act, "Jo", words)
    };
    step(FlagAct::Acknowledged, "").unwrap();
    let open = console.get(&patient, &cookie).await.body;
    step(FlagAct::Closed, "Talked with her.").unwrap();
    let close = format!("{address}/close");
    let words = "close_words=Could+not+reach+her%3B+sent+welfare+check.";
    let form = format!("{words}&once={}{}", once(&open), shown(&open, &close));
    let refused = console.post(&close, &cookie, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for page in [&refused.body, &console.get(&patient, &cookie).await.body] {
        for said in [
            "<bdi>Jo</bdi> closed this flag meanwhile.",
            "Could not reach her; sent welfare check.</textarea>",
            "Talked with her.",
            "Add it to the flag",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
    }
    assert!(refused.body.contains("This flag is closed."));
    let form = format!(
        "{words}&once={}{}",
        once(&refused.body),
        shown(&refused.body, &close)
    );
    for _ in 0..2 {
        let added = console.post(&close, &cookie, &form).await;
        assert!(added.status.is_redirection(), "{}", added.body);
    }
    let flags = console.stage.clinic.flags(console.stage.patient).unwrap();
    let flag = &flags[0].content;
    assert!(matches!(flag.state(), FlagState::Closed(step) if step.by == "Jo"));
    assert_eq!(flag.steps.len(), 3, "added once");
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("sent welfare check.</span>") && !page.contains("Add it to the flag"));

    // The same the other way round: words to open it again, after somebody else did.
    step(FlagAct::Reopened, "She called.").unwrap();
    let reopen = format!("{address}/reopen");
    let late = format!("reopen_words=Her+brother+called.{}", shown(&page, &reopen));
    let refused = console.post(&reopen, &cookie, &late).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Her brother called."));
}
