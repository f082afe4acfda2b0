//! The screening, as it is written down without JavaScript.

use companion_core::domain::Screening;
use companion_core::domain::screening::{Finding, GROUPS};
use companion_core::records::Seen;

use super::meanwhile::shown;
use super::*;

impl Console {
    fn screening(&self) -> Screening {
        let list = self.stage.clinic.screening(self.stage.patient).unwrap();
        list.unwrap().content
    }
}

#[tokio::test]
async fn findings_are_written_down_with_a_reviewer_and_a_date_and_the_last_stands() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/screening", console.patient());
    let page = console.get(&place, &cookie).await.body;
    assert_eq!(page.matches("Open: nobody has looked at it.").count(), 3);
    let (heart, _) = GROUPS[0];
    // Nothing is written down unread.
    let findings = format!("{place}/findings");
    let refused = console.post(&findings, &cookie, "item=&finding=").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Choose one of the items."));
    assert!(refused.body.contains("Choose one of the answers."));
    let form = format!(
        "item={heart}&finding=needs_review&note=Murmur&once={}{}",
        once(&page),
        shown(&page, &findings)
    );
    for _ in 0..2 {
        let noted = console.post(&findings, &cookie, &form).await;
        assert!(
            noted.leads_to(&format!("{place}?done=finding")),
            "{}",
            noted.body
        );
    }
    assert_eq!(
        console.screening().findings.len(),
        1,
        "sent twice, one look"
    );
    let form = format!("item={heart}&finding=absent&note=");
    console.fill(&place, &findings, &cookie, &form).await;
    let list = console.screening();
    let stands = list.finding(heart).unwrap();
    assert_eq!((stands.finding, &*stands.by), (Finding::Absent, "Mira"));
    let page = console.get(&place, &cookie).await.body;
    for said in [
        "Not there</strong>, found by <bdi>Mira",
        "1 earlier look",
        "Murmur",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(console.audited("noted finding").len(), 2);
    // The patient's phone has it; the page is linked from the patient's.
    console.stage.sync();
    let patient = console.get(&console.patient(), &cookie).await.body;
    assert!(
        patient.contains(&format!("href=\"{place}\"")) && patient.contains("2 items of 3 open.")
    );
}

#[tokio::test]
async fn an_item_of_the_clinics_own_is_added_and_taken_back_and_the_groups_stay() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/screening", console.patient());
    let items = format!("{place}/items");
    let added = console.post(&items, &cookie, "label=Thyroid").await;
    assert!(added.leads_to(&format!("{place}?done=screening-item")));
    let list = console.screening();
    let (thyroid, _) = list.items.iter().last().unwrap();
    let page = console.get(&place, &cookie).await.body;
    let remove = format!("{items}/{thyroid}/remove");
    assert!(page.contains(&format!("action=\"{remove}\"")));
    assert_eq!(page.matches("Ask this no more").count(), 1);
    console.press(&place, &remove, &cookie).await;
    assert_eq!(console.screening().items.len(), 3);
    // Whoever still had it before them is told.
    let findings = format!("{place}/findings");
    let late = format!(
        "item={thyroid}&finding=present&note={}",
        shown(&page, &findings)
    );
    let late = console.post(&findings, &cookie, &late).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.body
            .contains("Somebody took this item back meanwhile.")
    );
    let (heart, _) = GROUPS[0];
    let form = format!("seen={}", Seen::of(&console.screening().looked_at(heart)));
    let refused = console
        .post(&format!("{items}/{heart}/remove"), &cookie, &form)
        .await;
    assert!(!refused.status.is_redirection());
    assert_eq!(console.screening().items.len(), 3);
}

#[tokio::test]
async fn what_was_found_there_is_named_where_the_outcome_is_given_and_has_no_tick() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/screening", console.patient());
    for (n, (item, _)) in GROUPS.into_iter().enumerate() {
        let finding = if n == 1 { "present" } else { "absent" };
        let form = format!("item={item}&finding={finding}&note=");
        console
            .fill(&place, &format!("{place}/findings"), &cookie, &form)
            .await;
    }
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("! </span><strong>There</strong>"), "{page}");
    assert_eq!(
        page.matches("✓ </span><strong>Not there</strong>").count(),
        2
    );
    let outcome = format!("{}/outcome", console.patient());
    for page in [console.patient(), outcome] {
        let page = console.get(&page, &cookie).await.body;
        assert!(page.contains("All 3 items were looked at."), "{page}");
        assert!(
            page.contains("There: <bdi>Psychotic disorders</bdi>"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn an_item_that_is_asked_already_is_not_added_however_it_is_spelled() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let items = format!("{}/screening/items", console.patient());
    console.post(&items, &cookie, "label=Thyroid").await;
    for label in [
        "Cardiovascular+conditions",
        "cardiovascular++Conditions+",
        "THYROID",
    ] {
        let refused = console
            .post(&items, &cookie, &format!("label={label}"))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{label}");
        assert!(
            refused.body.contains("is there already"),
            "{}",
            refused.body
        );
    }
    assert_eq!(console.screening().items.len(), 4);
}
