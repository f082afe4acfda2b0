//! A feed for somebody's own calendar: what it says, who may fetch it, and for how long.

use companion_core::domain::visit::VisitPurpose;
use companion_core::domain::{Moment, RecordSection, Visit};

use super::*;
use crate::accounts::{Area, Right};

const DAY: i64 = 24 * 60 * 60 * 1000;

impl Console {
    fn visit(&self, with: &str, days: i64) {
        let now = self.stage.clinic.now();
        let at = Moment {
            unix_ms: now.unix_ms + days * DAY,
            ..now
        };
        let visit = Visit {
            with: with.to_owned(),
            place: "The blue room".to_owned(),
            note: "Bring the drawing.".to_owned(),
            ..Visit::new(VisitPurpose::FollowUp, at)
        };
        self.stage
            .clinic
            .plan_visit(self.stage.patient, visit)
            .unwrap();
    }

    /// Makes a feed and gives the path of its address.
    async fn feed(&self, cookie: &str, of: &str) -> String {
        let page = self.post("/calendar", cookie, &format!("of={of}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let first = format!("https://{NAME}/calendar-feed/");
        let address = page.body.split_once(&first).unwrap().1;
        format!("/calendar-feed/{}", address.split('<').next().unwrap())
    }
}

#[tokio::test]
async fn a_feed_tells_times_and_nothing_else() {
    let console = Console::new(Channel::Tls);
    console.visit("Mira", 3);
    console.visit("Maya Lindqvist", 4);
    let cookie = console.signed_in().await;
    let own = console.feed(&cookie, "own").await;
    let file = console.get(&own, "").await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(file.body.matches("BEGIN:VEVENT").count(), 1);
    assert!(
        file.body.contains("DTSTART:20261126T193001Z"),
        "{}",
        file.body
    );
    let names: std::collections::BTreeSet<&str> = file
        .body
        .lines()
        .map(|line| line.split([':', ';']).next().unwrap())
        .collect();
    let all = [
        "BEGIN", "CALSCALE", "CLASS", "DTEND", "DTSTAMP", "DTSTART", "END", "PRODID", "SEQUENCE",
        "STATUS", "SUMMARY", "UID", "VERSION",
    ];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), all);
    for word in [
        "Ada",
        "Okafor",
        "Mira",
        "blue room",
        "drawing",
        "Follow",
        "Rowan",
    ] {
        assert!(!file.body.contains(word), "{word}: {}", file.body);
    }
    let all = console.feed(&cookie, "all").await;
    let file = console.get(&all, "").await.body;
    assert_eq!(file.matches("BEGIN:VEVENT").count(), 2, "{file}");
    // One for each person: the first leads nowhere now.
    assert_eq!(console.get(&own, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_secret_is_kept_nowhere_and_shown_once() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let feed = console.feed(&cookie, "own").await;
    let secret = feed
        .trim_start_matches("/calendar-feed/")
        .trim_end_matches(".ics");
    assert_eq!(secret.len(), 64);
    let page = console.get("/calendar", &cookie).await.body;
    assert!(
        !page.contains(secret) && page.contains("No calendar has fetched it yet"),
        "{page}"
    );
    console.get(&feed, "").await;
    let page = console.get("/calendar", &cookie).await.body;
    assert!(page.contains("Last fetched"), "{page}");
    let lines = console.app.accounts.audit().unwrap().lines;
    assert!(
        lines
            .iter()
            .all(|line| !format!("{line:?}").contains(secret))
    );
    assert_eq!(console.audited("made calendar feed").len(), 1);
}

#[tokio::test]
async fn a_feed_ends_when_it_is_taken_back_and_with_the_right_or_the_access_of_its_owner() {
    let console = Console::new(Channel::Tls);
    let noor = console.also("Noor", Role::Therapist).await;
    let feed = console.feed(&noor, "all").await;
    assert_eq!(console.get(&feed, "").await.status, StatusCode::OK);
    console.allow(Role::Therapist, |area| match area {
        Area::Section(RecordSection::Programme) => Right::None,
        _ => Right::Change,
    });
    assert_eq!(console.get(&feed, "").await.status, StatusCode::NOT_FOUND);
    let refused = console.post("/calendar", &noor, "of=all").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(
        console.get("/calendar", &noor).await.status,
        StatusCode::FORBIDDEN
    );
    console.allow(Role::Therapist, |_| Right::Read);
    assert_eq!(console.get(&feed, "").await.status, StatusCode::OK);
    let gone = console.post("/calendar/revoke", &noor, "").await;
    assert!(gone.leads_to("/calendar"), "{}", gone.body);
    assert_eq!(console.get(&feed, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(console.audited("revoked calendar feed").len(), 1);

    let feed = console.feed(&noor, "all").await;
    console.app.accounts.end_access("Noor", "Mira").unwrap();
    assert_eq!(console.get(&feed, "").await.status, StatusCode::NOT_FOUND);
    console
        .app
        .accounts
        .give_access_again("Noor", "Mira")
        .unwrap();
    assert_eq!(
        console.get(&feed, "").await.status,
        StatusCode::NOT_FOUND,
        "it went with the access"
    );
    for unknown in ["", ".ics", "x", &"0".repeat(64)] {
        let none = console.get(&format!("/calendar-feed/{unknown}"), "").await;
        assert_ne!(none.status, StatusCode::OK, "{unknown}");
    }
}
