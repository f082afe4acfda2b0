//! The digest: what it tells, since when, and that reading it opens nothing.

use companion_core::domain::digest::Section;
use companion_core::domain::{Commitment, DosingSession, Visibility};

use super::*;

const DAY: i64 = 24 * 60 * 60_000;

#[tokio::test]
async fn a_digest_says_the_rule_of_each_part_and_opens_nothing() {
    let console = Console::new(Channel::Tls);
    let stage = &console.stage;
    let walk = Commitment {
        visibility: Visibility::CareTeam,
        review_on: stage.phone.now().local_date(),
        ..Commitment::new("Walk <b>slowly</b>.", stage.phone.now())
    };
    stage.phone.create(walk).unwrap();
    stage.sync();
    let cookie = console.signed_in().await;
    let path = format!("{}/at-a-glance", console.patient());
    let page = console.get(&path, &cookie).await.body;
    for section in Section::ALL {
        let rule = maud::html! { (section.rule()) }.0;
        assert!(page.contains(&format!("Rule: {rule}")), "{section:?}");
    }
    assert!(page.contains("marked “talk about it in session”"));
    assert!(page.contains(&format!("href=\"{}\"", console.entry())));
    assert!(page.contains("its day has come, and nobody said what became of it"));
    assert!(page.contains("Walk &lt;b&gt;slowly") && !page.contains("<b>slowly"));
    assert_eq!(stage.clinic.caseload().unwrap()[0].new, 2);
    assert_eq!(console.audited("saw digest").len(), 1);
    let patient = console.get(&console.patient(), &cookie).await.body;
    let (short, _) = patient.split_once("<div class=\"columns\"").unwrap();
    assert!(short.contains("To talk about: 1") && short.contains("Left undone: 1"));
    assert!(short.contains(&format!("href=\"{path}\"")));
}

#[tokio::test]
async fn a_digest_tells_since_the_last_session_or_the_last_look_as_one_chooses() {
    let console = Console::new(Channel::Tls);
    let stage = &console.stage;
    let told = |title: &str| {
        let entry = Entry {
            title: title.to_owned(),
            visibility: Visibility::CareTeam,
            ..Entry::new(stage.phone.now())
        };
        let id = stage.phone.create(entry).unwrap().id;
        stage.sync();
        id
    };
    told("Long before");
    stage.clock.advance_ms(DAY);
    let session = DosingSession::new(1, stage.clinic.now());
    console.be_ready();
    stage.clinic.plan_session(stage.patient, session).unwrap();
    stage.clock.advance_ms(DAY);
    let seen = told("Seen");
    stage
        .clinic
        .open_shared::<Entry>(stage.patient, seen, "Mira")
        .unwrap();
    stage.clock.advance_ms(DAY);
    told("After the look");
    stage.clock.advance_ms(60_000);
    let cookie = console.signed_in().await;
    // What is opened today is still to be told.
    console.get(&console.patient(), &cookie).await;
    for (since, told, left_out) in [
        ("", &["Seen", "After the look"][..], &["Long before"][..]),
        (
            "?since=session",
            &["Seen", "After the look"],
            &["Long before"],
        ),
        (
            "?since=look",
            &["After the look"],
            &["Long before", "Entry: Seen"],
        ),
        (
            "?since=beginning",
            &["Long before", "Seen", "After the look"],
            &[],
        ),
        ("?since=nonsense", &["Seen"], &["Long before"]),
    ] {
        let path = format!("{}/at-a-glance{since}", console.patient());
        let page = console.get(&path, &cookie).await.body;
        let (_, changed) = page.split_once("<h2 id=\"changed\"").unwrap();
        let (changed, _) = changed.split_once("</section>").unwrap();
        for title in told {
            assert!(changed.contains(title), "{title} since {since}");
        }
        for title in left_out {
            assert!(!changed.contains(title), "{title} since {since}");
        }
    }
}

#[tokio::test]
async fn before_the_first_session_a_digest_tells_from_the_beginning_and_says_so() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let path = format!("{}/at-a-glance", console.patient());
    let page = console.get(&path, &cookie).await.body;
    assert!(page.contains("This tells since the beginning."));
    assert!(!page.contains("Since the last session"));
}
