//! A form that is sent twice has one result, and shows it.

use super::*;
use crate::accounts::{ClinicianId, Sending};

#[tokio::test]
async fn a_double_click_on_invite_makes_one_patient_and_shows_that_one() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/invite", &cookie).await.body;
    let form = format!("name=Ida+Berg&therapist=Mira&once={}", once(&page));
    let first = console.post("/invite", &cookie, &form).await;
    let second = console.post("/invite", &cookie, &form).await;
    assert!(first.status.is_redirection(), "{}", first.body);
    assert!(second.leads_to(first.header("location")), "{}", second.body);
    let names: Vec<String> = console
        .stage
        .clinic
        .caseload()
        .unwrap()
        .into_iter()
        .map(|row| row.record.name)
        .collect();
    assert_eq!(names, ["Ada Okafor", "Ida Berg"]);
    assert_eq!(console.audited("invited").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clicks_at_the_same_instant_send_one_reply() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get(&console.entry(), &cookie).await.body;
    let form = format!("body=Thank+you.&once={}", once(&page));
    let path = format!("{}/reply", console.entry());
    let clicks = [(); 6].map(|()| console.post(&path, &cookie, &form));
    let answers = futures_util::future::join_all(clicks).await;
    for answer in answers {
        assert!(answer.leads_to(&format!("{}?done=replied", console.entry())));
    }
    assert_eq!(console.replies(), ["Mira: Thank you."]);
}

#[tokio::test]
async fn other_words_from_the_same_page_are_another_reply() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get(&console.entry(), &cookie).await.body;
    let path = format!("{}/reply", console.entry());
    for words in ["Thank+you.", "And+one+thing+more.", "Thank+you."] {
        console.stage.clock.advance_ms(1_000);
        let form = format!("body={words}&once={}", once(&page));
        let answer = console.post(&path, &cookie, &form).await;
        assert!(answer.status.is_redirection());
    }
    assert_eq!(
        console.replies(),
        ["Mira: Thank you.", "Mira: And one thing more."]
    );
}

#[tokio::test]
async fn what_failed_can_be_sent_again_from_the_same_page() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/invite", &cookie).await.body;
    let key = once(&page);
    let wrong = format!("name=+&therapist=Mira&once={key}");
    let answer = console.post("/invite", &cookie, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = format!("name=Ida&therapist=Mira&once={key}");
    let answer = console.post("/invite", &cookie, &right).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
}

#[tokio::test]
async fn every_form_that_makes_something_carries_the_key_of_its_page_and_no_other_does() {
    let joined = Rehearsal::joined();
    let river = joined.write("", "not needed here");
    let joined = Console::over(Channel::Tls, joined, river);
    let console = Console::new(Channel::Tls);
    let (mut keys, mut making) = (std::collections::BTreeSet::new(), 0);
    for (console, path) in [
        (&console, "/invite".to_owned()),
        (&console, console.patient()),
        (&console, console.entry()),
        (&console, format!("{}/costs", console.patient())),
        (&console, format!("{}/dates", console.patient())),
        (&console, format!("{}/screening", console.patient())),
        (&console, "/safety".to_owned()),
        (&console, "/reminders".to_owned()),
        (&joined, format!("{}/invitation", joined.patient())),
    ] {
        let cookie = console.signed_in().await;
        let page = console.get(&path, &cookie).await.body;
        for form in page.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let (_, action) = form.split_once("action=\"").unwrap();
            let action = action.split('"').next().unwrap();
            let makes = [
                "/invite",
                "/sessions",
                "/plan",
                "/team",
                "/flags",
                "/acknowledge",
                "/close",
                "/rules",
                "/pause",
                "/end",
                "/lines",
                "/findings",
                "/items",
                "/dates",
                "/walked-through",
                "/reply",
                "/words",
                "/reinvite",
            ];
            let makes = makes.iter().any(|word| action.ends_with(word));
            assert_eq!(form.contains("name=\"once\""), makes, "{path}: {form}");
            making += usize::from(makes);
        }
        // The other console throws the same dice.
        let whose = path.ends_with("/invitation");
        assert!(keys.insert((whose, once(&page))), "{path}: a key twice");
    }
    assert_eq!(making, 15);
}

#[tokio::test]
async fn what_was_set_back_can_be_set_again_from_a_page_that_stood_open() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let path = format!("{}/reviewed", console.entry());
    let yes = format!("reviewed=yes&revision={}&once=0f", console.river.revision);
    for (form, left) in [(&*yes, 0), ("reviewed=no&once=0f", 1), (&*yes, 0)] {
        console.post(&path, &cookie, form).await;
        let row = &console.stage.clinic.caseload().unwrap()[0];
        assert_eq!(row.unreviewed, left);
    }
}

#[tokio::test]
async fn a_form_that_was_cut_off_in_the_middle_is_done_again_only_by_whoever_looked() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get(&console.entry(), &cookie).await.body;
    let (path, key) = (format!("{}/reply", console.entry()), once(&page));
    let form = format!("body=Thank+you.&once={key}");
    // As it stands where the program was killed between its beginning and its end.
    let typed = [("body".to_owned(), "Thank you.".to_owned())].into();
    let sending = Sending::of(ClinicianId::of(1), &path, &key, &typed).unwrap();
    let accounts = &console.app.accounts;
    accounts.begin_form(sending, "Mira", &path).unwrap();
    for _ in 0..2 {
        accounts.tell_of_interrupted_forms().unwrap();
        let about = format!("Mira {}", console.stage.patient);
        assert_eq!(console.audited("was interrupted while doing"), [about]);
    }
    let refused = console.post(&path, &cookie, &form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert!(
        refused
            .body
            .contains("It can’t be told whether this was done")
            && refused.body.contains("Thank you."),
        "{}",
        refused.body
    );
    assert!(console.replies().is_empty());
    for _ in 0..2 {
        let sent = console.post(&path, &cookie, &form).await;
        assert!(sent.status.is_redirection(), "{}", sent.body);
    }
    assert_eq!(console.replies(), ["Mira: Thank you."]);
    accounts.tell_of_interrupted_forms().unwrap();
    assert_eq!(console.audited("was interrupted while doing").len(), 1);
}
