//! For how long the server keeps what was shared after an account was ended, as the clinic sets it.

use super::*;

#[tokio::test]
async fn retention_is_set_in_days_and_two_people_apart_are_asked() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = "/retention";
    let days = || console.stage.clinic.keep_days().unwrap();
    let page = console.get(place, &cookie).await.body;
    assert!(page.contains("value=\"30\""), "{page}");
    for wrong in ["", "ten", "-1", "2", "367", "99999999"] {
        let form = format!("keep_days={wrong}");
        let refused = console.fill(place, place, &cookie, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(
            refused.body.contains("id=\"keep_days-error\""),
            "{wrong}: {}",
            refused.body
        );
    }
    assert_eq!(days(), 30);
    let stale = super::meanwhile::shown(&console.get(place, &cookie).await.body, place);
    let set = console.fill(place, place, &cookie, "keep_days=7").await;
    assert!(set.leads_to("/retention?done=retention"), "{}", set.body);
    let late = console
        .post(place, &cookie, &format!("keep_days=90{stale}"))
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("meanwhile to “7”"), "{}", late.body);
    assert_eq!(days(), 7);
    assert_eq!(console.audited("set retention").len(), 1);
    let people = console.get("/people", &cookie).await.body;
    assert!(people.contains("href=\"/retention\""), "{people}");
}
