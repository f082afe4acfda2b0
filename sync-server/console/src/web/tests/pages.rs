//! Long records, a page at a time.

use companion_core::domain::CheckIn;

use super::*;

/// The names of the entries in the timeline of a page, from the top.
fn titles(page: &str) -> Vec<String> {
    // Above it the page names some of them at a glance.
    let (_, page) = page
        .split_once("<section class=\"timeline\"")
        .unwrap_or(("", page));
    let parts = page.split(">entry-").skip(1);
    parts
        .map(|part| part.split('<').next().unwrap().to_owned())
        .collect()
}

fn older(page: &str) -> Option<String> {
    let (before, _) = page.split_once("\">Show older")?;
    let (_, address) = before.rsplit_once("href=\"")?;
    let address = address.split_once('#')?.0;
    Some(address.replace("&amp;", "&"))
}

#[tokio::test]
async fn a_long_timeline_is_read_to_its_beginning_by_show_older_each_thing_once() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    for n in 0..70 {
        stage.write(&format!("entry-{n}"), "x");
        stage.check_in(4, &format!("jotted-{n}-"));
    }
    let gone = stage.write("taken back", "x");
    stage.phone.sync().unwrap();
    stage.phone.withdraw::<Entry>(gone.id).unwrap();
    stage.sync();
    for n in 0..3 {
        let path = format!("{}/reply", console.entry());
        let form = format!("body=answer-{n}-");
        assert!(
            console
                .post(&path, &cookie, &form)
                .await
                .status
                .is_redirection()
        );
    }

    let mut address = Some(console.patient());
    let (mut pages, mut text) = (0, String::new());
    while let Some(path) = address {
        let page = console.get(&path, &cookie).await;
        assert!(page.status.is_success(), "{path}");
        let items = page.body.matches("<li class=\"item ").count();
        assert!(items <= 50, "{items}");
        assert!(
            page.body
                .contains("Everything <span class=\"number\">145</span>")
        );
        address = older(&page.body);
        assert!(items == 50 || address.is_none());
        let (_, timeline) = page.body.split_once("<section class=\"timeline\"").unwrap();
        text.push_str(timeline);
        pages += 1;
    }
    assert_eq!(pages, 3);
    let expected: Vec<String> = (0..70).rev().map(|n| n.to_string()).collect();
    assert_eq!(titles(&text), expected);
    for n in 0..70 {
        assert_eq!(text.matches(&format!("jotted-{n}-")).count(), 1, "{n}");
    }
    assert_eq!(text.matches("Entry withdrawn").count(), 1);
    assert_eq!(text.matches("class=\"item reply\"").count(), 3);
    assert!(
        text.matches("The river again").count() >= 4,
        "the entry, and three replies about it"
    );

    let only_entries = format!("{}?show=entries", console.patient());
    let first = console.get(&only_entries, &cookie).await.body;
    let second = console.get(&older(&first).unwrap(), &cookie).await.body;
    assert_eq!(titles(&first).len() + titles(&second).len(), 70);
    assert!(!first.contains("jotted-") && !second.contains("jotted-"));
    assert_eq!(older(&second), None);
}

#[tokio::test]
async fn a_place_that_is_nonsense_or_of_another_list_shows_the_newest() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let foreign = format!("1795465113123.{}.9f3c____", "0b".repeat(16));
    for before in ["", "soon", "-1", "____", "%00%ff", &foreign] {
        let path = format!("{}?before={before}", console.patient());
        let page = console.get(&path, &cookie).await;
        if page.status != StatusCode::BAD_REQUEST {
            assert!(page.body.contains("The river again"), "{before}");
        }
    }
}

#[tokio::test]
async fn charts_reach_ninety_days_back_and_say_what_they_leave_out() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let console = Console::new(Channel::Tls);
    let stage = &console.stage;
    stage.check_in(2, "long ago");
    stage.clock.advance_ms(91 * DAY);
    let check_in = stage.check_in(5, "now");
    stage.sync();
    assert_eq!(stage.phone.count(&Query::<CheckIn>::all()).unwrap(), 2);
    let cookie = console.signed_in().await;
    let page = console.get(&console.patient(), &cookie).await.body;
    assert!(
        page.contains("Mood: 1 answer between 5 and 5 of 7"),
        "{check_in:?}"
    );
    assert!(page.contains("1 older one stands in the timeline") && page.contains("long ago"));
}
