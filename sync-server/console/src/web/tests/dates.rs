//! Visits planned, moved, called off and put back, on the page of all dates.

use companion_core::domain::Visit;
use companion_core::domain::visit::VisitPurpose;

use super::*;

fn visits(console: &Console) -> Vec<View<Visit>> {
    console.stage.clinic.visits(console.stage.patient).unwrap()
}

const WELL: &str = "purpose=check_up&at=2026-12-01T10%3A00&minutes=45&way=video&with=%3CMaya%3E&place=&address=&contact=&note=";

#[tokio::test]
async fn a_visit_is_planned_moved_called_off_and_put_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let dates = format!("{patient}/dates");
    let page = console.get(&dates, &cookie).await.body;
    assert!(page.contains("None planned.") && page.contains("Plan the visit"));
    let planned = console.post(&dates, &cookie, WELL).await;
    assert!(
        planned.leads_to(&format!("{dates}?done=visit")),
        "{}",
        planned.body
    );
    let all = visits(&console);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].content.purpose, VisitPurpose::CheckUp);
    assert_eq!(
        all[0].content.at.to_string(),
        "2026-12-01T10:00:00.000+01:00"
    );
    for page in [&dates, &patient] {
        let page = console.get(page, &cookie).await.body;
        assert!(page.contains("Check-up") && page.contains("&lt;Maya&gt;"));
        assert!(page.contains("by video"));
    }
    let visit = format!("{patient}/visits/{}", all[0].id);
    for (what, form, done, action) in [
        (
            "move",
            "at=2026-12-02T11%3A30",
            "visit-moved",
            "moved visit",
        ),
        ("call-off", "", "visit-called-off", "called off visit"),
        ("put-back", "", "visit-put-back", "put back visit"),
    ] {
        let place = format!("{dates}?done={done}");
        let path = format!("{visit}/{what}");
        let answer = console.fill(&dates, &path, &cookie, form).await;
        assert!(answer.leads_to(&place), "{what}");
        let page = console.get(&place, &cookie).await.body;
        assert!(page.contains("class=\"notice\""), "{what}");
        let off = visits(&console)[0].content.called_off_at.is_some();
        assert_eq!(off, what == "call-off");
        assert_eq!(page.contains("called off</span>"), off, "{what}");
        assert_eq!(console.audited(action).len(), 1, "{action}");
    }
    let moved = &visits(&console)[0].content;
    assert_eq!(moved.at.to_string(), "2026-12-02T11:30:00.000+01:00");
    assert_eq!(moved.moved_from, Some(all[0].content.at));
}

#[tokio::test]
async fn what_is_wrong_with_a_visit_stands_beside_its_field_and_nothing_is_planned() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let dates = format!("{}/dates", console.patient());
    for (right, wrong, field) in [
        ("at=2026-12-01T10%3A00", "at=soon", "at"),
        ("minutes=45", "minutes=0", "minutes"),
        ("purpose=check_up", "purpose=party", "purpose"),
        ("way=video", "way=", "way"),
    ] {
        let form = WELL.replace(right, wrong);
        let answer = console.post(&dates, &cookie, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{wrong}: {}",
            answer.body
        );
        assert!(answer.body.contains("value=\"&lt;Maya&gt;\""), "{wrong}");
    }
    assert!(visits(&console).is_empty());
}

#[tokio::test]
async fn one_line_has_the_steps_with_who_said_them() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let dates = format!("{patient}/dates");
    console.post(&dates, &cookie, WELL).await;
    console.be_ready();
    let session = "number=4&at=2026-12-03T10:00&note=";
    console
        .post(&format!("{patient}/sessions"), &cookie, session)
        .await;
    let page = console.get(&dates, &cookie).await.body;
    let (_, line) = page.split_once("<ol").unwrap();
    let places: Vec<usize> = [
        "Phase of assessment",
        "Today",
        "Visit: check-up",
        "Dosing session 4",
    ]
    .iter()
    .map(|words| {
        line.find(words)
            .unwrap_or_else(|| panic!("{words} in {line}"))
    })
    .collect();
    assert!(places.is_sorted(), "{line}");
    assert!(line.contains("2 h 30 min") && line.contains("45 min"));
}

#[tokio::test]
async fn a_visit_that_cannot_be_moved_stands_there_with_the_time_that_was_typed() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let dates = format!("{}/dates", console.patient());
    console.post(&dates, &cookie, WELL).await;
    let id = visits(&console)[0].id;
    let path = format!("{}/visits/{id}/move", console.patient());
    for (typed, says) in [
        ("at=2026-11-01T09%3A15", "That time is past: choose one"),
        ("at=soon", "Write a day and a time"),
        (
            "at=2126-11-01T09%3A15",
            "The year of the visit is not between",
        ),
    ] {
        let refused = console.fill(&dates, &path, &cookie, typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        let page = refused.body;
        assert!(page.contains(&format!("id=\"at-{id}-error\"")), "{page}");
        assert!(page.contains(says), "{says}: {page}");
        let value = typed.trim_start_matches("at=").replace("%3A", ":");
        assert!(
            page.contains(&format!("value=\"{value}\"")),
            "{typed}: {page}"
        );
    }
    assert_eq!(visits(&console)[0].content.moved_from, None);
}

#[tokio::test]
async fn after_the_end_pages_offer_what_can_still_be_done_and_refuse_the_rest_in_words() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let (dates, plan) = (format!("{patient}/dates"), format!("{patient}/plan"));
    console.post(&dates, &cookie, WELL).await;
    let visit = format!("{patient}/visits/{}", visits(&console)[0].id);
    console
        .press(&dates, &format!("{visit}/call-off"), &cookie)
        .await;
    let off = format!("revision={}", visits(&console)[0].revision);
    console.be_ready();
    let ended = console
        .fill(
            &patient,
            &format!("{patient}/end"),
            &cookie,
            "end_reason=As+agreed.",
        )
        .await;
    assert!(ended.status.is_redirection(), "{}", ended.body);

    let page = console.get(&patient, &cookie).await.body;
    let outcome = format!("{patient}/outcome");
    for form in [&plan, &outcome] {
        assert!(!page.contains(&format!("\"{form}\"")), "{form}: {page}");
    }
    let page = console.get(&dates, &cookie).await.body;
    assert!(!page.contains(&format!("{visit}/")), "{page}");
    assert!(page.contains("a follow-up can still be planned"), "{page}");
    let page = console.get(&outcome, &cookie).await.body;
    assert!(page.contains("no outcome is recorded any more") && !page.contains("<textarea"));
    let seen = console.stage.clinic.readiness(console.stage.patient);
    let seen = seen.unwrap().unwrap().revision;

    // Forms that stood open say so, and keep what was typed.
    for (path, form, words, why) in [
        (
            &dates,
            WELL.to_owned(),
            "&lt;Maya&gt;",
            "The programme has ended: begin another one",
        ),
        (
            &outcome,
            format!(
                "appropriate=no&timing=now&explanation=Her+heart.&revision={seen}{}",
                console.stood(console.stage.patient)
            ),
            "Her heart.",
            "The programme has ended: begin another one",
        ),
        (
            &plan,
            format!(
                "planned=7&plan_reason=One+more.{}",
                console.stood(console.stage.patient)
            ),
            "One more.",
            "This programme has ended: Mira ended it",
        ),
    ] {
        let refused = console.post(path, &cookie, &form).await;
        assert!(refused.status.is_client_error(), "{path}");
        for said in [words, why] {
            assert!(
                refused.body.contains(said),
                "{path} {said}: {}",
                refused.body
            );
        }
    }
    let back = console
        .post(&format!("{visit}/put-back"), &cookie, &off)
        .await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    let follow_up = WELL.replace("check_up", "follow_up");
    let planned = console.post(&dates, &cookie, &follow_up).await;
    assert!(planned.leads_to(&format!("{dates}?done=visit")));
}
