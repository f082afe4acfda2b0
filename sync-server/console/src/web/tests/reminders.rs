//! What phones remind of, changed for all patients and for one.

use companion_core::domain::{ReminderRules, Zone};

use super::*;

fn planned(console: &Console) -> Vec<(String, String)> {
    console.stage.sync();
    let phone = &console.stage.phone;
    let plan = phone.reminders(&Zone::utc(), phone.now(), &[]).unwrap();
    let all = plan.notifications.into_iter();
    all.map(|one| (one.rule.to_string(), one.words)).collect()
}

async fn with_a_session(console: &Console, cookie: &str) {
    console.be_ready();
    let at = "number=4&at=2026-12-18T10%3A00&note=";
    let sessions = format!("{}/sessions", console.patient());
    let added = console.post(&sessions, cookie, at).await;
    assert!(added.status.is_redirection(), "{}", added.body);
}

#[tokio::test]
async fn a_reminder_is_changed_switched_off_and_put_back_for_all_patients() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    with_a_session(&console, &cookie).await;
    let page = console.get("/reminders", &cookie).await.body;
    assert!(page.contains("Your session is {when} at {time}"), "{page}");
    let (one, done) = ("/reminders/rules/day_before", "/reminders?done=reminders");
    let changed = "number=-2&at=17%3A30&times=1&words=In+%3Ctwo%3E+days+at+%7Btime%7D.";
    let answer = console.fill(one, one, &cookie, changed).await;
    assert!(answer.leads_to(done), "{}", answer.body);
    let page = console.get("/reminders", &cookie).await.body;
    assert!(page.contains("In &lt;two&gt; days at {time}."), "{page}");
    assert!(
        page.contains("2 days before the session at 17:30"),
        "{page}"
    );
    let words = |console: &Console, rule: &str| {
        let all = planned(console).into_iter();
        all.filter(|(name, _)| name == rule)
            .map(|(_, words)| words)
            .next()
    };
    assert_eq!(
        words(&console, "day_before").unwrap(),
        "In <two> days at 10:00 by the clinic’s clock."
    );
    let off = "off=yes&number=-2&at=17%3A30&times=1&words=In+two+days.";
    let answer = console.fill(one, one, &cookie, off).await;
    assert!(answer.leads_to(done), "{}", answer.body);
    assert_eq!(words(&console, "day_before"), None);
    let page = console.get(one, &cookie).await.body;
    assert!(page.contains("checked"), "{page}");
    let back = console.press(one, &format!("{one}/back"), &cookie).await;
    assert!(back.leads_to(done));
    assert!(
        words(&console, "day_before")
            .unwrap()
            .starts_with("Your session is tomorrow at")
    );
    assert_eq!(console.audited("changed reminders").len(), 3);
}

#[tokio::test]
async fn the_start_of_fasting_is_added_and_removed() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    with_a_session(&console, &cookie).await;
    let fast = "topic=fasting&hours=7&minutes=60&days=&at=&words=From+now+on%2C+nothing+to+eat.";
    let added = console.post("/reminders/rules", &cookie, fast).await;
    assert!(
        added.leads_to("/reminders?done=reminders"),
        "{}",
        added.body
    );
    let fasting = planned(&console);
    let (named, _) = fasting
        .iter()
        .find(|(_, words)| words.contains("nothing to eat"))
        .unwrap();
    let one = format!("/reminders/rules/{named}");
    let page = console.get(&one, &cookie).await.body;
    assert!(page.contains("Remove the reminder"), "{page}");
    console.press(&one, &format!("{one}/back"), &cookie).await;
    assert!(planned(&console).iter().all(|(name, _)| name != named));
    assert_eq!(
        console.get(&one, &cookie).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_cannot_be_kept_to_is_said_beside_its_field_and_changes_nothing() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for (path, form, field, said) in [
        (
            "/reminders/rules",
            "topic=fasting&hours=99&minutes=&at=&words=Stop.",
            "hours",
            "not between 1 minute and 48 hours",
        ),
        (
            "/reminders/rules",
            "topic=fasting&hours=0&minutes=0&at=&words=Stop.",
            "hours",
            "not between 1 minute and 48 hours",
        ),
        (
            "/reminders/rules",
            "topic=fasting&hours=soon&minutes=&at=&words=Stop.",
            "hours",
            "not a number",
        ),
        (
            "/reminders/rules",
            "topic=leaving&hours=&minutes=-30&at=&words=Go.",
            "minutes",
            "not a number",
        ),
        (
            "/reminders/rules",
            "topic=fasting&hours=&minutes=&at=&words=Stop.",
            "hours",
            "Hours, minutes or both are needed",
        ),
        (
            "/reminders/rules",
            "topic=fasting&hours=8&minutes=&at=22%3A00&words=Stop.",
            "at",
            "not at a time of day",
        ),
        (
            "/reminders/rules",
            "topic=leaving&hours=1&minutes=&days=1&at=&words=Go.",
            "days",
            "not by days",
        ),
        (
            "/reminders/rules",
            "topic=fasting&hours=1&minutes=&at=&words=+",
            "words",
            "is empty",
        ),
        (
            "/reminders/rules",
            "topic=preparation&days=1&at=03%3A00&words=Up.",
            "at",
            "This reminder speaks at 03:00, which is in the quiet hours",
        ),
        (
            "/reminders/rules",
            "topic=preparation&days=1&at=noon&words=Up.",
            "at",
            "not a time like",
        ),
        (
            "/reminders/rules",
            "topic=preparation&days=-1&at=&words=Up.",
            "days",
            "not a number",
        ),
        (
            "/reminders/rules",
            "topic=preparation&days=&at=&words=Up.",
            "days",
            "A number of days is needed",
        ),
        (
            "/reminders/rules",
            "topic=preparation&days=400&at=&words=Up.",
            "days",
            "not between -365 and 365",
        ),
        (
            "/reminders/rules",
            "topic=preparation&hours=8&days=1&at=&words=Up.",
            "hours",
            "Only fasting and leaving",
        ),
        (
            "/reminders/rules",
            "topic=day_after&days=0&at=&words=Up.",
            "days",
            "for the day of a session",
        ),
        (
            "/reminders/rules/day_before",
            "number=-1&at=18%3A00&times=1&words=%7Bdose%7D",
            "words",
            "othing fills {dose}",
        ),
        (
            "/reminders/rules/arrange",
            "number=-7&at=18%3A00&times=9&words=Soon.",
            "times",
            "not between 1 and 3",
        ),
        (
            "/reminders/limits",
            "per_day=9",
            "per_day",
            "not between 1 and 6",
        ),
        ("/reminders/limits", "quiet=late", "quiet", "not hours like"),
        (
            "/reminders/limits",
            "quiet=21%3A00-21%3A00",
            "quiet",
            "The quiet hours begin and end at the same time",
        ),
        (
            "/reminders/limits",
            "check_in_at=22%3A00",
            "check_in_at",
            "The time of check-ins lies in the quiet hours.",
        ),
        (
            "/reminders/rules/day_before",
            "number=2&at=18%3A00&times=1&words=Soon.",
            "number",
            "This comes before a session, and not after it.",
        ),
        (
            "/reminders/limits",
            "clinic_zone=Mars%2FOlympus",
            "clinic_zone",
            "not a time zone",
        ),
        (
            "/reminders/limits",
            "check_in_at=7+pm",
            "check_in_at",
            "not a time like",
        ),
    ] {
        let page = path.trim_end_matches("/limits");
        let page = page.strip_suffix("/rules").unwrap_or(page);
        let answer = console.fill(page, path, &cookie, form).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} {form}: {}",
            answer.body
        );
        assert!(
            answer.body.contains(&format!("id=\"{field}-error\"")),
            "{form}: {}",
            answer.body
        );
        assert!(answer.body.contains(said), "{form}: {}", answer.body);
    }
    let unknown = console
        .post("/reminders/rules", &cookie, "topic=evening&days=1&words=X")
        .await;
    assert!(unknown.status.is_client_error());
    let nowhere = console.get("/reminders/rules/nothing", &cookie).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(
        console
            .stage
            .clinic
            .held_for_all::<ReminderRules>()
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn hours_and_minutes_or_days_say_when_and_the_topic_says_on_which_side_of_the_session() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for (form, number) in [
        ("topic=leaving&hours=1&minutes=15&days=&at=&words=A.", 75),
        ("topic=fasting&hours=&minutes=45&days=&at=&words=B.", 45),
        ("topic=preparation&hours=&minutes=&days=3&at=&words=C.", -3),
        (
            "topic=integration&hours=&minutes=&days=2&at=17%3A00&words=D.",
            2,
        ),
    ] {
        let added = console.post("/reminders/rules", &cookie, form).await;
        assert!(
            added.leads_to("/reminders?done=reminders"),
            "{form}: {}",
            added.body
        );
        let set = console
            .stage
            .clinic
            .held_for_all::<ReminderRules>()
            .unwrap()
            .unwrap();
        let (_, newest) = set.changes.iter().last().unwrap();
        assert_eq!(newest.number, Some(number), "{form}");
    }
    // Nobody is asked for a side that a reminder can't have.
    let page = console.get("/reminders", &cookie).await.body;
    assert!(!page.contains("name=\"side\""), "{page}");
}

#[tokio::test]
async fn quiet_hours_over_a_changed_reminder_are_refused_beside_them_in_words() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let one = "/reminders/rules/day_before";
    let later = "number=-1&at=20%3A00&times=1&words=Tomorrow.";
    let changed = console.fill(one, one, &cookie, later).await;
    assert!(changed.status.is_redirection(), "{}", changed.body);
    let place = "/reminders/limits";
    let refused = console
        .fill("/reminders", place, &cookie, "quiet=19%3A00-09%3A00")
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "id=\"quiet-error\"",
        "“Day before, 1 day before the session at 20:00” speaks at 20:00, which is in the quiet hours.",
        "value=\"19:00-09:00\"",
    ] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    assert!(!refused.body.contains("day_before speaks"));
    let early = "number=-1&at=03%3A00&times=1&words=Tomorrow.";
    let refused = console.fill(one, one, &cookie, early).await;
    assert!(
        refused.body.contains("This reminder speaks at 03:00"),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn of_one_reminder_only_what_differs_from_the_default_is_stored() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let one = "/reminders/rules/arrange";
    let page = console.get(one, &cookie).await.body;
    let as_it_is = super::meanwhile::shown(&page, one).replace("&was_", "&");
    let saved = console.fill(one, one, &cookie, &as_it_is).await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    assert!(
        console
            .stage
            .clinic
            .held_for_all::<ReminderRules>()
            .unwrap()
            .is_none()
    );
    let off = format!("{}&off=yes", as_it_is.replace("&off=", ""));
    let saved = console.fill(one, one, &cookie, &off).await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    let set = console
        .stage
        .clinic
        .held_for_all::<ReminderRules>()
        .unwrap()
        .unwrap();
    let kept = set.change_of("arrange").unwrap();
    assert!(kept.off && kept.number.is_none() && kept.times.is_none());
    assert!(kept.at.is_empty() && kept.words.is_empty());
    // The number that was never chosen here stands in the way of no limit.
    let limits = console
        .fill("/reminders", "/reminders/limits", &cookie, "times_asked=1")
        .await;
    assert!(limits.status.is_redirection(), "{}", limits.body);
    let saved = console
        .fill(one, one, &cookie, &as_it_is.replace("&times=3", "&times=1"))
        .await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    let set = console
        .stage
        .clinic
        .held_for_all::<ReminderRules>()
        .unwrap()
        .unwrap();
    assert!(set.change_of("arrange").is_none());
}

#[tokio::test]
async fn one_patient_has_reminders_of_their_own_until_those_for_all_count_again() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let of_ada = format!("{}/reminders", console.patient());
    let done = format!("{of_ada}?done=reminders");
    let place = format!("{of_ada}/limits");
    let unchanged = console.fill(&of_ada, &place, &cookie, "per_day=").await;
    assert!(unchanged.leads_to(&done), "{}", unchanged.body);
    let page = console.get(&of_ada, &cookie).await.body;
    assert!(page.contains("As for all patients."), "{page}");
    let limits = console
        .post(&place, &cookie, "per_day=1&check_in_every=2")
        .await;
    assert!(limits.leads_to(&done), "{}", limits.body);
    assert!(
        console
            .post("/reminders/limits", &cookie, "per_day=3")
            .await
            .leads_to("/reminders?done=reminders")
    );
    let page = console.get("/reminders", &cookie).await.body;
    for said in [
        "1 patient has reminders of their own</strong>: what is changed here does not reach them.",
        &format!("<a href=\"{of_ada}\">Reminders of <bdi>Ada"),
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let page = console.get(&of_ada, &cookie).await.body;
    assert!(
        page.contains("For this patient alone.") && page.contains("value=\"1\""),
        "{page}"
    );
    // From the page for all patients it leads back to that.
    let all = console.get("/reminders", &cookie).await.body;
    assert!(
        all.contains(&format!("action=\"{of_ada}/for-all\"")),
        "{all}"
    );
    let again = console
        .press("/reminders", &format!("{of_ada}/for-all"), &cookie)
        .await;
    assert!(again.leads_to("/reminders?done=reminders"));
    let page = console.get(&of_ada, &cookie).await.body;
    assert!(
        page.contains("As for all patients.") && page.contains("value=\"3\""),
        "{page}"
    );
    let page = console.get("/reminders", &cookie).await.body;
    assert!(!page.contains("does not reach them"), "{page}");
    let patient = console.get(&console.patient(), &cookie).await.body;
    assert!(patient.contains(&format!("href=\"{of_ada}\"")));
}
