//! What is set for the safety of all patients, as it is set without JavaScript.

use companion_core::domain::{Monitoring, SupportCard};

use super::*;

const HOURS: &str =
    "hours_mon=09:00-12:30,+14:00-17:00&hours_tue=&zone=America/Denver&responsible=Maya+Lindqvist";

fn encoded(form: &str) -> String {
    form.replace(':', "%3A")
        .replace('/', "%2F")
        .replace('|', "%7C")
}

impl Console {
    fn said_to_ada<T: companion_core::domain::Content>(&self) -> Vec<T> {
        let page = self
            .stage
            .clinic
            .page(self.stage.patient, &Query::<T>::all());
        page.unwrap()
            .items
            .into_iter()
            .map(|view| view.content)
            .collect()
    }
}

#[tokio::test]
async fn who_reads_is_set_once_for_all_and_the_page_says_what_is_off_until_then() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/safety", &cookie).await.body;
    assert!(page.contains("(PHQ-9) are off on every phone"), "{page}");
    assert!(page.contains(
        "the hours of at least one day with their time zone, and the person responsible."
    ));
    let partly = encoded("hours_mon=09:00-12:30&zone=America/Denver&responsible=");
    console
        .fill("/safety", "/safety/monitoring", &cookie, &partly)
        .await;
    let page = console.get("/safety", &cookie).await.body;
    assert!(page.contains("Missing: the person responsible."), "{page}");

    for _ in 0..2 {
        let set = console
            .fill("/safety", "/safety/monitoring", &cookie, &encoded(HOURS))
            .await;
        assert!(set.leads_to("/safety?done=monitoring"), "{}", set.body);
    }
    let said = console.said_to_ada::<Monitoring>();
    assert_eq!(said.len(), 1);
    assert_eq!(
        (&*said[0].responsible, &*said[0].by, &*said[0].hours["mon"]),
        ("Maya Lindqvist", "Mira", "09:00-12:30, 14:00-17:00")
    );
    let page = console.get("/safety?done=monitoring", &cookie).await.body;
    for said in [
        "(PHQ-9) can be answered on phones",
        "value=\"09:00-12:30, 14:00-17:00\"",
        "class=\"notice\"",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(console.audited("set monitoring").len(), 3);
    assert!(!page.contains("do not say this yet") && !page.contains("does not say this yet"));
}

#[tokio::test]
async fn what_is_typed_wrongly_is_said_beside_its_field_and_nothing_is_set() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for (form, field) in [
        ("hours_mon=nine+to+five", "hours_mon"),
        ("hours_sun=12:00-09:00", "hours_sun"),
        ("zone=Mars/Olympus", "zone"),
        ("zone=%3Cscript%3E", "zone"),
    ] {
        let refused = console.post("/safety/monitoring", &cookie, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            refused.body.contains(&format!("id=\"{field}-error\"")),
            "{form}: {}",
            refused.body
        );
        assert!(!refused.body.contains("<script>"));
    }
    let long = format!("responsible={}", "x".repeat(121));
    let refused = console.post("/safety/monitoring", &cookie, &long).await;
    assert!(refused.body.contains("id=\"responsible-error\""));
    for (form, field) in [
        ("region=usa", "region"),
        ("region=XX", "region"),
        ("region=US&clinic_number=call+us", "clinic_number"),
        ("region=US&lines=County+line+without+a+number", "lines"),
        ("region=US&lines=County+line+|+fax+|+1", "lines"),
        (
            "region=US&lines=County+line+|+open+|+http%3A%2F%2Fplain.example",
            "lines",
        ),
    ] {
        let refused = console
            .post("/safety/card", &cookie, &form.replace('|', "%7C"))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            refused.body.contains(&format!("id=\"{field}-error\"")),
            "{form}: {}",
            refused.body
        );
    }
    let words = "rule_words=Call";
    for (form, field) in [
        ("measure=&when=total_at_least&points=5", "measure"),
        ("measure=phq-9&when=&points=5", "when"),
        ("measure=phq-9&when=total_at_least&points=28", "points"),
        ("measure=phq-9&when=total_at_least&points=many", "points"),
        ("measure=phq-9&when=answer_at_least&points=1", "item"),
        (
            "measure=phq-9&when=answer_at_least&points=1&item=12",
            "item",
        ),
        ("measure=phq-9&when=total_at_least&points=5&item=9", "item"),
        ("measure=moon&when=total_at_least&points=5", "measure"),
        ("measure=phq-9&when=full_moon&points=5", "when"),
    ] {
        let form = format!("{form}&{words}");
        let refused = console.post("/safety/rules", &cookie, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            refused.body.contains(&format!("id=\"{field}-error\"")),
            "{form}: {}",
            refused.body
        );
    }
    let wordless = "measure=phq-9&when=total_at_least&points=5&rule_words=";
    let refused = console.post("/safety/rules", &cookie, wordless).await;
    assert!(refused.body.contains("id=\"rule_words-error\""));
    let safety = console.stage.clinic.safety().unwrap();
    assert!(safety.monitoring.is_none() && safety.card.is_none() && safety.rules.is_empty());
}

#[tokio::test]
async fn the_support_card_adds_to_what_phones_show_and_its_version_counts_changes() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/safety", &cookie).await.body;
    assert!(page.contains("<strong>988</strong>") && page.contains("value=\"US\""));
    let form = "region=US&clinic_number=%2B1+307+555+0100&lines=County+line+%7C+call+%7C+%2B1+307+555+0101";
    for _ in 0..2 {
        let written = console.post("/safety/card", &cookie, form).await;
        assert!(written.leads_to("/safety?done=card"), "{}", written.body);
    }
    let said = console.said_to_ada::<SupportCard>();
    assert_eq!(
        (said.len(), said[0].version),
        (1, 1),
        "the same again is no other version"
    );
    let page = console.get("/safety", &cookie).await.body;
    for shown in [
        "<strong>988</strong>",
        "<strong>+1 307 555 0101</strong>",
        "County line | call | +1 307 555 0101",
        "Version 1, written by",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let fewer = console
        .fill("/safety", "/safety/card", &cookie, "region=US")
        .await;
    assert!(fewer.leads_to("/safety?done=card"));
    let said = console.said_to_ada::<SupportCard>();
    assert_eq!((said[0].version, said[0].lines.len()), (2, 0));
    assert_eq!(console.audited("wrote support card").len(), 3);
}

#[tokio::test]
async fn a_rule_is_added_once_and_ended_and_its_words_are_the_clinics() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let page = console.get("/safety", &cookie).await.body;
    assert!(page.contains("No rule of your own."));
    assert!(
        page.contains("<option value=\"gad-7\">") && !page.contains("<option value=\"ons-4\">")
    );
    let none = "measure=ons-4&when=total_at_least&points=1&item=&rule_words=Call";
    let refused = console.post("/safety/rules", &cookie, none).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("This measure makes no total"),
        "{}",
        refused.body
    );
    console
        .post("/drafts/discard?of=%2Fsafety%2Frules", &cookie, "")
        .await;
    let form = format!(
        "measure=gad-7&when=total_at_least&points=15&item=&rule_words=Call+within+a+day&once={}",
        once(&page)
    );
    for _ in 0..2 {
        let added = console.post("/safety/rules", &cookie, &form).await;
        assert!(added.leads_to("/safety?done=rule"), "{}", added.body);
    }
    let rules = console.stage.clinic.flag_rules().unwrap();
    assert_eq!(rules.len(), 1, "sent twice, it is one rule");
    let same = "measure=gad-7&when=total_at_least&points=15&item=&rule_words=Call+soon";
    let refused = console.post("/safety/rules", &cookie, same).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("id=\"measure-error\"")
            && refused.body.contains("says “Call within a day”"),
        "{}",
        refused.body
    );
    let page = console.get("/safety", &cookie).await.body;
    assert!(
        page.contains("GAD-7: the total is at least 15 points."),
        "{page}"
    );
    let end = format!("/safety/rules/{}/retire", rules[0].id);
    let ended = console.post(&end, &cookie, "").await;
    assert!(ended.leads_to("/safety?done=rule-ended"));
    let page = console.get("/safety", &cookie).await.body;
    assert!(page.contains("1 rule that holds no more") && !page.contains(&end));
    let anew = console.post("/safety/rules", &cookie, same).await;
    assert!(anew.leads_to("/safety?done=rule"), "{}", anew.body);
    let nobody = format!("/safety/rules/{}/retire", console.river.id);
    assert_eq!(
        console.post(&nobody, &cookie, "").await.status,
        StatusCode::NOT_FOUND
    );
    for (action, times) in [("added flag rule", 2), ("ended flag rule", 1)] {
        assert_eq!(console.audited(action).len(), times, "{action}");
    }
}
