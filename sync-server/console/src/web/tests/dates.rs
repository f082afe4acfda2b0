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
