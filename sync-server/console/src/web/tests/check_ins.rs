//! A check-in is as much a thing as an entry: it has a page, is opened, reviewed, talked about, answered.

use companion_core::domain::{CheckIn, ReadReceipt, Visibility};

use super::*;

impl Console {
    fn check_in(&self, id: DocumentId) -> String {
        format!("{}/check-ins/{id}", self.patient())
    }
}

#[tokio::test]
async fn a_check_in_with_a_note_has_a_page_and_is_opened_reviewed_and_answered() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let low = stage.check_in(1, "I do not see the point any more.");
    stage.sync();
    let timeline = console.get(&console.patient(), &cookie).await.body;
    let page = console.check_in(low.id);
    assert!(timeline.contains(&format!("href=\"{page}\"")));
    let shown = console.get(&page, &cookie).await;
    assert!(shown.status.is_success(), "{}", shown.body);
    assert!(shown.body.contains("I do not see the point any more."));
    assert_eq!(console.audited("opened check-in").len(), 1);
    for (word, form, done) in [
        ("reply", "body=I+am+here.", "replied"),
        (
            "reviewed",
            &*format!("reviewed=yes&revision={}", low.revision),
            "reviewed",
        ),
        ("reviewed", "reviewed=no", "unreviewed"),
    ] {
        let answer = console.post(&format!("{page}/{word}"), &cookie, form).await;
        assert!(
            answer.leads_to(&format!("{page}?done={done}")),
            "{}",
            answer.body
        );
    }
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("I am here."));
    let timeline = console.get(&console.patient(), &cookie).await.body;
    assert!(timeline.contains("a check-in") && timeline.contains("1 reply"));
    // An entry has no page among check-ins, nor the other way round.
    for elsewhere in [console.check_in(console.river.id), console.entry_of(low.id)] {
        let answer = console.get(&elsewhere, &cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn opening_a_check_in_on_its_page_is_what_the_patient_is_told() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let low = console.stage.check_in(2, "Low.");
    console.stage.sync();
    console.get(&console.check_in(low.id), &cookie).await;
    let query = Query::<ReadReceipt>::about(low.id);
    let receipts = console.stage.clinic.page(console.stage.patient, &query);
    assert_eq!(receipts.unwrap().items.len(), 1);
    let caseload = console.get("/", &cookie).await.body;
    assert!(!caseload.contains("new check-in"));
}

#[tokio::test]
async fn what_a_patient_wants_to_talk_about_stands_until_it_was_talked_about() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (stage, entry) = (&console.stage, console.entry());
    console.get(&entry, &cookie).await;
    let revision = &console.river.revision;
    let form = format!("reviewed=yes&revision={revision}");
    console
        .post(&format!("{entry}/reviewed"), &cookie, &form)
        .await;
    let waiting = ["/", "/?show=to-talk-about", &console.patient(), &entry];
    for path in waiting {
        let page = console.get(path, &cookie).await.body;
        let (_, main) = page.split_once("<main").unwrap();
        assert!(
            main.contains("1 to talk about") || main.contains("Wants to talk about it in session"),
            "opened and reviewed, and still to be talked about: {path}"
        );
        assert!(!main.contains("Nothing to read"));
    }
    let form = format!("talked=yes&revision={revision}");
    let answer = console
        .post(&format!("{entry}/talked"), &cookie, &form)
        .await;
    assert!(answer.leads_to(&format!("{entry}?done=talked")));
    assert_eq!(console.audited("marked talked about").len(), 1);
    for path in waiting {
        let page = console.get(path, &cookie).await.body;
        assert!(
            !page.contains("1 to talk about") && !page.contains("Wants to talk"),
            "{path}"
        );
    }
    assert!(
        console
            .get("/", &cookie)
            .await
            .body
            .contains("Nothing to read")
    );
    stage
        .phone
        .edit::<Entry>(console.river.id, revision, |entry| {
            entry.body = "There is more to it.".to_owned();
        })
        .unwrap();
    stage.sync();
    let row = &stage.clinic.caseload().unwrap()[0];
    assert_eq!(row.to_talk_about, 1, "the new words were not talked about");
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("1 changed since reviewed") && caseload.contains("1 to talk about"));
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(page.contains("Changed since <bdi>Mira</bdi>’s review"));
}

#[tokio::test]
async fn a_withdrawn_check_in_shows_that_it_was_and_nothing_else() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let low = console.stage.check_in(1, "I take this back.");
    console.stage.sync();
    console.stage.phone.withdraw::<CheckIn>(low.id).unwrap();
    console.stage.sync();
    let page = console.get(&console.check_in(low.id), &cookie).await;
    assert!(page.status.is_success());
    assert!(page.body.contains("Check-in withdrawn") && !page.body.contains("I take this back."));
    let path = format!("{}/reply", console.check_in(low.id));
    let answer = console.post(&path, &cookie, "body=Too+late.").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .body
            .contains("took this check-in back while you wrote")
    );
    assert!(answer.body.contains("Too late."));
}

#[tokio::test]
async fn a_phone_whose_clock_was_ahead_is_told_and_does_not_stand_on_top_for_years() {
    const YEAR: i64 = 365 * 24 * 60 * 60_000;
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let mut ahead = stage.phone.now();
    ahead.unix_ms += 3 * YEAR;
    let fine = CheckIn {
        visibility: Visibility::CareTeam,
        ..CheckIn::new(companion_core::domain::Rating::new(7).unwrap(), ahead)
    };
    let fine = stage.phone.create(fine).unwrap();
    stage.sync();
    stage.clock.advance_ms(60_000);
    stage.check_in(1, "very bad");
    stage.sync();
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("1 of 7") && !caseload.contains("7 of 7"));
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(page.contains("The phone’s clock was ahead for 1 check-in"));
    let (charts, timeline) = page.split_once("<section class=\"timeline\"").unwrap();
    assert!(!charts.contains("2029"), "the axis ends today");
    let newest = timeline.find("very bad").unwrap();
    assert!(newest < timeline.find("the phone’s clock said").unwrap());
    let page = console.get(&console.check_in(fine.id), &cookie).await.body;
    assert!(page.contains("not known: the phone’s clock was ahead (it said"));
}
