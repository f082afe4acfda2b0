//! The questions on use in the clinic's words, for all patients and for one.

use companion_core::domain::UseQuestions;
use companion_core::domain::use_questions::UseQuestion;

use super::*;

fn on_the_phone(console: &Console) -> String {
    console.stage.sync();
    let [(first, words), ..] = console.stage.phone.use_questions().unwrap();
    assert_eq!(first, UseQuestion::Craving);
    words
}

#[tokio::test]
async fn questions_are_worded_for_all_and_for_one_and_put_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/questions", &cookie).await.body;
    assert!(page.contains(UseQuestion::Craving.ours()), "{page}");
    let typed = "craving=Did+you+long+for+it%3F&outside_plan=&bladder=&every_weeks=4";
    let answer = console
        .fill("/questions", "/questions", &cookie, typed)
        .await;
    assert!(
        answer.leads_to("/questions?done=questions"),
        "{}",
        answer.body
    );
    assert_eq!(on_the_phone(&console), "Did you long for it?");
    let of_ada = format!("{}/questions", console.patient());
    let typed = "craving=Well%3F&outside_plan=&bladder=&every_weeks=";
    let answer = console.fill(&of_ada, &of_ada, &cookie, typed).await;
    assert!(
        answer.leads_to(&format!("{of_ada}?done=questions")),
        "{}",
        answer.body
    );
    assert_eq!(on_the_phone(&console), "Well?");
    let page = console.get("/questions", &cookie).await.body;
    assert!(
        page.contains("1 patient has questions of their own"),
        "{page}"
    );
    console
        .press("/questions", &format!("{of_ada}/for-all"), &cookie)
        .await;
    assert_eq!(on_the_phone(&console), "Did you long for it?");
    assert_eq!(console.audited("changed questions on use").len(), 3);
}

#[tokio::test]
async fn weeks_that_are_none_are_said_beside_their_field() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for (weeks, said) in [("53", "between 1 and 52"), ("often", "not a number")] {
        let typed = format!("craving=&outside_plan=&bladder=&every_weeks={weeks}");
        let answer = console
            .fill("/questions", "/questions", &cookie, &typed)
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (_, error) = answer.body.split_once("every_weeks-error").unwrap();
        assert!(
            error.split("</p>").next().unwrap().contains(said),
            "{error}"
        );
    }
    assert!(
        console
            .stage
            .clinic
            .held_for_all::<UseQuestions>()
            .unwrap()
            .is_none()
    );
}
