//! What somebody typed is there again: after the session ended, after a refusal, on another machine.

use super::*;
use crate::accounts::Role;

pub(super) const MINUTE: i64 = 60_000;
const WORDS: &str = "It took me an hour to write this.";
const BODY: &str = "body=It+took+me+an+hour+to+write+this.";

impl Console {
    /// What a page does while somebody types.
    async fn type_into(&self, place: &str, cookie: &str, form: &str) -> Answer {
        let path = format!("/drafts?of={}", address::encode(place));
        self.post(&path, cookie, form).await
    }

    /// Signs in by the form that an address leads to, and gives the cookie and where that led.
    pub(super) async fn sign_in_again(&self, at: &str, name: &str) -> (String, String) {
        let page = self.get(at, "").await.body;
        let to = page
            .split_once("name=\"to\" value=\"")
            .map_or("", |(_, rest)| rest.split('"').next().unwrap())
            .replace("&amp;", "&");
        let form = format!(
            "name={name}&passphrase={}&to={}",
            address::encode(PASSPHRASE),
            address::encode(&to)
        );
        let answer = self.post("/sign-in", "", &form).await;
        assert!(answer.status.is_redirection(), "{}", answer.body);
        let cookie = answer.header("set-cookie").split(';').next().unwrap();
        (cookie.to_owned(), answer.header("location").to_owned())
    }
}

#[tokio::test]
async fn a_reply_that_the_end_of_the_session_caught_is_back_after_signing_in() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let entry = console.entry();
    console.get(&entry, &cookie).await;
    console.stage.clock.advance_ms(16 * MINUTE);
    let answer = console.post(&format!("{entry}/reply"), &cookie, BODY).await;
    assert!(answer.status.is_redirection());
    let place = answer.header("location").to_owned();
    assert!(console.replies().is_empty(), "nobody was signed in");
    assert!(!console.get(&place, "").await.body.contains(WORDS));
    let (cookie, led_to) = console.sign_in_again(&place, "Mira").await;
    assert_eq!(led_to, entry, "on that page again");
    let page = console.get(&led_to, &cookie).await.body;
    assert!(
        page.contains(WORDS) && page.contains(">Kept as your draft, not sent yet."),
        "{page}"
    );
    assert!(console.replies().is_empty(), "only a person sends");
}

#[tokio::test]
async fn typing_counts_as_being_there_and_is_kept_for_that_person_alone() {
    let console = Console::new(Channel::Tls);
    console
        .app
        .accounts
        .add_clinician("Noor", PASSPHRASE, Role::Lead)
        .unwrap();
    let cookie = console.signed_in().await;
    let (entry, place) = (console.entry(), format!("{}/reply", console.entry()));
    for _ in 0..4 {
        console.stage.clock.advance_ms(10 * MINUTE);
        let kept = console.type_into(&place, &cookie, BODY).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.body);
    }
    assert!(console.get(&entry, &cookie).await.body.contains(WORDS));
    let (other, _) = console.sign_in_again("/sign-in", "Noor").await;
    let page = console.get(&entry, &other).await.body;
    assert!(!page.contains(WORDS) && !page.contains(">Kept as your draft"));
    // Twelve hours are the end, however much is typed; and that moment takes no words either.
    console.stage.clock.advance_ms(10 * MINUTE);
    for _ in 0..(12 * 6) {
        console.type_into(&place, &cookie, BODY).await;
        console.stage.clock.advance_ms(10 * MINUTE);
    }
    let more = format!("{BODY}+And+one+more+line.");
    let over = console.type_into(&place, &cookie, &more).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    let (cookie, _) = console.sign_in_again("/sign-in", "Mira").await;
    let page = console.get(&entry, &cookie).await.body;
    assert!(page.contains("And one more line."));
}

#[tokio::test]
async fn sending_removes_the_draft_and_a_late_keystroke_does_not_bring_it_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (entry, place) = (console.entry(), format!("{}/reply", console.entry()));
    let page = console.get(&entry, &cookie).await.body;
    let once = once(&page);
    let form = format!("{BODY}&once={once}");
    console.type_into(&place, &cookie, &form).await;
    let sent = console.post(&place, &cookie, &form).await;
    assert!(sent.status.is_redirection(), "{}", sent.body);
    console.type_into(&place, &cookie, &form).await;
    let page = console.get(&entry, &cookie).await.body;
    assert!(!page.contains(">Kept as your draft"), "no draft is left");
    assert_eq!(page.matches(WORDS).count(), 1, "the reply itself");
}

#[tokio::test]
async fn a_reply_that_is_refused_stays_in_the_form_on_that_page_and_on_the_next() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let entry = console.entry();
    console
        .stage
        .phone
        .withdraw::<Entry>(console.river.id)
        .unwrap();
    console.stage.sync();
    let answer = console.post(&format!("{entry}/reply"), &cookie, BODY).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(WORDS));
    let page = console.get(&entry, &cookie).await.body;
    assert!(page.contains(WORDS) && page.contains("was not sent"));
    assert!(
        !page.contains("coming back"),
        "nothing of what was withdrawn"
    );
    let discard = format!(
        "/drafts/discard?of={}",
        address::encode(&format!("{entry}/reply"))
    );
    let answer = console.post(&discard, &cookie, "").await;
    assert!(answer.leads_to(&entry), "{}", answer.body);
    assert!(!console.get(&entry, &cookie).await.body.contains(WORDS));
}

#[tokio::test]
async fn an_invitation_and_a_session_that_are_being_typed_are_kept_as_well() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    for (place, page, form, words) in [
        (
            "/invite".to_owned(),
            "/invite".to_owned(),
            "name=Ida+Berg&initials=&pronouns=she%2Fher&therapist=Mira",
            ["Ida Berg", "she/her"],
        ),
        (
            format!("{patient}/sessions"),
            patient.clone(),
            "number=7&at=2026-12-01T10:00&note=Bring+the+blue+blanket.",
            ["Bring the blue blanket.", "2026-12-01T10:00"],
        ),
    ] {
        console.type_into(&place, &cookie, form).await;
        let shown = console.get(&page, &cookie).await.body;
        for word in words {
            assert!(shown.contains(word), "{place}: {word}");
        }
    }
}

#[tokio::test]
async fn signing_in_leads_to_a_page_of_this_console_and_nowhere_else() {
    let console = Console::new(Channel::Tls);
    for to in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/%2f/evil.example",
        "javascript:alert(1)",
        "\n/x",
        "/sign-out",
        "/live",
        "/patients/x y",
    ] {
        let form = format!(
            "name=Mira&passphrase={}&to={}",
            address::encode(PASSPHRASE),
            address::encode(to)
        );
        let answer = console.post("/sign-in", "", &form).await;
        assert!(answer.leads_to("/"), "{to}: {}", answer.header("location"));
    }
    let place = format!("{}?show=entries", console.patient());
    let answer = console.get(&place, "").await;
    let (_, led_to) = console
        .sign_in_again(answer.header("location"), "Mira")
        .await;
    assert_eq!(led_to, place);
}

#[tokio::test]
async fn a_draft_of_nothing_is_none_and_a_place_without_a_form_has_none() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/reply", console.entry());
    console.type_into(&place, &cookie, BODY).await;
    console.type_into(&place, &cookie, "body=+%0D%0A").await;
    let page = console.get(&console.entry(), &cookie).await.body;
    assert!(!page.contains(WORDS) && !page.contains(">Kept as your draft"));
    for nowhere in ["/", "/sign-in", "/patients/x/phase", "javascript:", ""] {
        let answer = console.type_into(nowhere, &cookie, BODY).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn words_that_can_be_kept_for_nobody_are_given_back_on_the_spot() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/reply", console.entry());
    // Signed out in another tab; or a passphrase was set, which ends sessions for good.
    console.post("/sign-out", &cookie, "").await;
    for cookie in ["", &cookie] {
        let answer = console.post(&place, cookie, BODY).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.body.contains(WORDS) && answer.body.contains("Nothing was sent"));
        let back = address::encode(&console.entry());
        assert!(answer.body.contains(&format!("/sign-in?to={back}")));
        assert!(!answer.body.contains("Ada"), "and nothing of the record");
    }
    assert!(console.replies().is_empty());
    let answer = console.post(&place, "", "body=+").await;
    assert!(
        answer.status.is_redirection(),
        "there is nothing to give back"
    );
}
