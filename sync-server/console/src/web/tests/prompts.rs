//! Prompts for integration, changed for all patients and for one.

use companion_core::domain::PromptRules;
use companion_core::domain::guide::Language;
use companion_core::domain::integration_prompt::Words;
use companion_core::records::Query;

use super::*;

/// The words of what Ada's phone may offer on some day, by the names of the prompts.
fn on_the_phone(console: &Console) -> Vec<(String, String, (u16, u16))> {
    console.stage.sync();
    let set = console.stage.phone.page(&Query::<PromptRules>::all());
    let set = set.unwrap().items.into_iter().next();
    let set = set.map(|view| view.content);
    let all = PromptRules::prompts(set.as_ref(), Words::of(&Language::english()));
    let all = all.into_iter().map(|it| {
        let days = (it.days.from(), it.days.until());
        (it.id.to_string(), it.words, days)
    });
    all.collect()
}

fn named(console: &Console, id: &str) -> Option<(String, (u16, u16))> {
    let mut all = on_the_phone(console).into_iter();
    let found = all.find(|(named, ..)| named == id);
    found.map(|(_, words, days)| (words, days))
}

#[tokio::test]
async fn a_prompt_is_worded_anew_moved_switched_off_and_put_back_and_ours_stands_beside_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (one, done) = ("/prompts/body", "/prompts?done=prompts");
    let typed = "from_day=2&until_day=5&words=How+%26+where+is+your+body%3F";
    let answer = console.fill(one, one, &cookie, typed).await;
    assert!(answer.leads_to(done), "{}", answer.body);
    let page = console.get("/prompts", &cookie).await.body;
    for part in [
        "How &amp; where is your body?",
        "Ours: What is your body like today?",
        "Day 2 to day 5 after a session",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (words, days) = named(&console, "body").unwrap();
    assert_eq!((&*words, days), ("How & where is your body?", (2, 5)));
    let off = "off=yes&from_day=2&until_day=5&words=What+is+your+body+like+today%3F";
    let answer = console.fill(one, one, &cookie, off).await;
    assert!(answer.leads_to(done), "{}", answer.body);
    assert_eq!(named(&console, "body"), None);
    assert!(console.get(one, &cookie).await.body.contains("checked"));
    let back = console.press(one, &format!("{one}/back"), &cookie).await;
    assert!(back.leads_to(done));
    assert_eq!(named(&console, "body").unwrap().1, (1, 3));
    assert_eq!(console.audited("changed prompts").len(), 3);
}

#[tokio::test]
async fn a_prompt_of_the_clinics_own_is_added_once_and_removed_and_what_it_asks_may_be_for_one() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let of_ada = format!("{}/prompts", console.patient());
    let page = console.get(&of_ada, &cookie).await.body;
    let sent = format!(
        "from_day=3&until_day=3&words=Who+knows%3F&once={}",
        once(&page)
    );
    for _ in 0..2 {
        let added = console.post(&of_ada, &cookie, &sent).await;
        let done = format!("{of_ada}?done=prompts");
        assert!(added.leads_to(&done), "{}", added.body);
    }
    let own = |console: &Console| {
        let all = on_the_phone(console).into_iter();
        all.filter(|(_, words, _)| words == "Who knows?")
            .map(|(id, ..)| id)
            .collect::<Vec<_>>()
    };
    let added = own(&console);
    assert_eq!(added.len(), 1, "sent twice, added once");
    let for_all = console.get("/prompts", &cookie).await.body;
    assert!(
        for_all.contains("1 patient has prompts of their own"),
        "{for_all}"
    );
    assert!(!for_all.contains("Who knows?"));
    let one = format!("{of_ada}/{}", added[0]);
    let page = console.get(&one, &cookie).await.body;
    assert!(page.contains("Remove the prompt"), "{page}");
    console.press(&one, &format!("{one}/back"), &cookie).await;
    assert!(own(&console).is_empty());
    let again = console
        .press(&of_ada, &format!("{of_ada}/for-all"), &cookie)
        .await;
    assert!(again.leads_to(&format!("{of_ada}?done=prompts")));
    let page = console.get(&of_ada, &cookie).await.body;
    assert!(page.contains("As for all patients."), "{page}");
}

#[tokio::test]
async fn what_cannot_be_offered_is_said_beside_its_field_and_changes_nothing() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for (form, field, said) in [
        (
            "from_day=9&until_day=2&words=Well%3F",
            "until_day",
            "comes before its first",
        ),
        (
            "from_day=0&until_day=2&words=Well%3F",
            "until_day",
            "not between 1 and 365",
        ),
        (
            "from_day=soon&until_day=2&words=Well%3F",
            "from_day",
            "A number of days is needed",
        ),
        ("from_day=1&until_day=2&words=+", "words", "needs words"),
        (
            "from_day=1&until_day=2&words=%3Cb%3EWell%3F",
            "words",
            "plain words",
        ),
    ] {
        let answer = console.post("/prompts", &cookie, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        let beside = format!("id=\"{field}-error\"");
        let (_, error) = answer.body.split_once(&beside).unwrap();
        assert!(
            error.split("</p>").next().unwrap().contains(said),
            "{form}: {error}"
        );
    }
    assert!(
        console
            .stage
            .clinic
            .held_for_all::<PromptRules>()
            .unwrap()
            .is_none()
    );
    assert_eq!(
        console.get("/prompts/nothing", &cookie).await.status,
        StatusCode::NOT_FOUND
    );
}
