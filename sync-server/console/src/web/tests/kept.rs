//! No form loses words: each that somebody types into is kept, and each that is not says why.

use companion_core::domain::guide::Slot;
use companion_core::domain::integration_prompt::BUNDLED;

use super::drafts::MINUTE;
use super::*;
use crate::web::place::Place;

/// The forms that keep nothing, by the end of their address, with the reason.
const NOT_KEPT: [(&str, &str); 43] = [
    ("/sign-out", BUTTON),
    ("/drafts", "what it is sent is the draft"),
    ("/drafts/discard", BUTTON),
    ("/stay", BUTTON),
    ("/warnings/{warning}/dismiss", BUTTON),
    ("/rules/{rule}/retire", BUTTON),
    ("/for-all", BUTTON),
    ("/back", BUTTON),
    ("/phase", CHOICE),
    ("/wordings/{id}", CHOICE),
    ("/merge", CHOICE),
    ("/{patient}/words", CHOICE),
    ("/team/{member}/remove", BUTTON),
    ("/lines/{item}/remove", BUTTON),
    ("/items/{item}/remove", BUTTON),
    ("/readings/{reading}/remove", BUTTON),
    ("/devices/{device}/remove", BUTTON),
    ("/costs/walked-through", BUTTON),
    ("/medicine/show", BUTTON),
    ("/medicine/hide", BUTTON),
    ("/acknowledge", BUTTON),
    ("/archive", BUTTON),
    ("/bring-back", BUTTON),
    ("/sessions/{session}/move", TIME),
    ("/visits/{visit}/move", TIME),
    ("/sessions/{session}/put-back", BUTTON),
    ("/visits/{visit}/put-back", BUTTON),
    ("/visits/{visit}/call-off", BUTTON),
    ("/reinvite", BUTTON),
    ("/talked", BUTTON),
    ("/reviewed", BUTTON),
    ("/medicines-reviewed", BUTTON),
    ("/role", CHOICE),
    ("/roles/{role}", CHOICE),
    ("/end-access", BUTTON),
    ("/emergency/end", BUTTON),
    ("/emergencies/{emergency}/end", BUTTON),
    ("/again", BUTTON),
    ("/take-back", BUTTON),
    ("/releases/{release}", BUTTON),
    ("/export/{file}", BUTTON),
    ("/calendar", BUTTON),
    ("/calendar/revoke", BUTTON),
];
const BUTTON: &str = "nothing to type: a button";
const CHOICE: &str = "nothing to type: a choice";
const TIME: &str = "a day and a time, and no words";

/// An address with something in the place of each name.
pub(super) fn filled(route: &str) -> String {
    let of_doc = "0b".repeat(16);
    let fill = |part: &str| match part {
        "{language}" => "en".to_owned(),
        "{guide}" => "about-ketamine".to_owned(),
        "{slot}" => Slot::ALL[0].as_str().to_owned(),
        "{prompt}" => BUNDLED[0].id.to_owned(),
        "{rule}" if route.contains("reminders") => "day_before".to_owned(),
        named if named.starts_with('{') => of_doc.clone(),
        word => word.to_owned(),
    };
    let parts: Vec<String> = route.split('/').map(fill).collect();
    parts.join("/")
}

#[tokio::test]
async fn every_form_keeps_what_is_typed_or_has_nothing_to_type() {
    let console = Console::new(Channel::Tls);
    let mut forms = Vec::new();
    let mut cookie = console.signed_in().await;
    for (route, _) in super::super::addresses::guarded().addresses() {
        let route = route.to_owned();
        let answer = console.post(&filled(&route), &cookie, "").await;
        // One of them signs out.
        if answer.header("location").starts_with("/sign-in") {
            cookie = console.signed_in().await;
        }
        if answer.status != StatusCode::METHOD_NOT_ALLOWED {
            forms.push(route);
        }
    }
    assert!(forms.len() > 80, "{}", forms.len());
    for route in &forms {
        let is_kept = Place::of(&filled(route)).is_some();
        let reasons = NOT_KEPT.iter().filter(|(end, _)| route.ends_with(end));
        let reasons: Vec<&str> = reasons.map(|(_, why)| *why).collect();
        assert!(
            is_kept == reasons.is_empty(),
            "{route}: kept: {is_kept}; reasons not to be: {reasons:?}"
        );
    }
    for (end, _) in NOT_KEPT {
        assert!(forms.iter().any(|route| route.ends_with(end)), "{end}");
    }
}

/// Where a form is sent, the page that it stands on, what is typed, and what of it is a person's words.
type Typed = (String, String, &'static str, &'static str);

fn below(of: &str) -> Vec<Typed> {
    let at = |page: &str| format!("{of}{page}");
    vec![
        (
            at("/prompts"),
            at("/prompts"),
            "from_day=2&until_day=3&words=What+stays%3F",
            "What stays?",
        ),
        (
            format!("{of}/prompts/{}", BUNDLED[0].id),
            format!("{of}/prompts/{}", BUNDLED[0].id),
            "from_day=1&until_day=3&words=In+our+words.&was_words=x",
            "In our words.",
        ),
        (
            at("/questions"),
            at("/questions"),
            "craving=Do+you+long+for+it%3F",
            "Do you long for it?",
        ),
        (
            at("/reminders/rules"),
            at("/reminders"),
            "topic=fasting&hours=6&words=Nothing+to+eat.",
            "Nothing to eat.",
        ),
        (
            at("/reminders/limits"),
            at("/reminders"),
            "quiet=20%3A30-08%3A15",
            "20:30-08:15",
        ),
        (
            at("/reminders/rules/day_before"),
            at("/reminders/rules/day_before"),
            "number=-1&at=18%3A00&words=Tomorrow+it+is.",
            "Tomorrow it is.",
        ),
    ]
}

#[tokio::test]
async fn words_that_the_end_of_the_session_caught_are_back_in_their_form() {
    let console = Console::new(Channel::Tls);
    let patient = console.patient();
    console.be_ready();
    let (_, session) = console.booked(48);
    let mut all = below("");
    all.extend(below(&patient));
    all.extend([
        (
            format!("{session}/correct"),
            session.clone(),
            "corrected_at=2026-11-20T10%3A00&corrected_why=Mistyped+by+a+week.",
            "Mistyped by a week.",
        ),
        (
            format!("{patient}/team"),
            patient.clone(),
            "team_name=Sam+Rivers&team_role=therapist",
            "Sam Rivers",
        ),
        (
            format!("{patient}/correct"),
            patient.clone(),
            "name=Ada+N.+Okafor&initials=AO&pronouns=",
            "Ada N. Okafor",
        ),
    ]);
    for (place, page, typed, words) in all {
        let cookie = console.signed_in().await;
        console.get(&page, &cookie).await;
        console.stage.clock.advance_ms(16 * MINUTE);
        let late = console.post(&place, &cookie, typed).await;
        assert!(late.status.is_redirection(), "{place}: {}", late.status);
        let to_sign_in = late.header("location").to_owned();
        let (cookie, led_to) = console.sign_in_again(&to_sign_in, "Mira").await;
        assert_eq!(led_to, page, "{place}");
        let page = console.get(&led_to, &cookie).await.body;
        let form = page.split_once(&format!("data-draft=\"{place}\""));
        let form = form.unwrap_or_else(|| panic!("{place}: {page}")).1;
        let form = form.split_once("</form>").unwrap().0;
        assert!(
            form.contains(words) && form.contains(">Kept as your draft"),
            "{place}: {form}"
        );
    }
}

#[tokio::test]
async fn a_name_that_is_refused_for_another_of_it_stands_in_its_form_until_somebody_says_who_it_is()
{
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let noor = companion_core::clinic::NewPatient {
        name: "Noor Haddad".to_owned(),
        ..Default::default()
    };
    console.stage.clinic.register(noor).unwrap();
    let page = console.patient();
    let place = format!("{page}/correct");
    for (form, says) in [
        (
            "name=noor+haddad&initials=&pronouns=she",
            "A patient of this name is registered already. Tick the box",
        ),
        ("name=+&initials=&pronouns=she", "is empty"),
    ] {
        let refused = console.fill(&page, &place, &cookie, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        let page = refused.body;
        assert!(
            page.contains("id=\"name-error\"") && page.contains(says),
            "{page}"
        );
        assert!(page.contains("value=\"she\""), "{page}");
    }
    let name = || {
        let patient = console.stage.clinic.patient(console.stage.patient);
        patient.unwrap().record.name
    };
    assert_eq!(name(), "Ada Okafor");
    let another = "name=noor+haddad&initials=&pronouns=she&another=yes";
    let corrected = console.fill(&page, &place, &cookie, another).await;
    assert!(corrected.leads_to(&format!("{}?done=corrected", console.patient())));
    assert_eq!(name(), "noor haddad");
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(!page.contains(">Kept as your draft"), "{page}");
}
