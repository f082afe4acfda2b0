//! What was edited apart, reviewed or withdrawn, on both sides.

use companion_browser_tests::{Look, Result};

use crate::day::{Day, REPLY, REVIEW};

/// What was typed on a phone and said, as the docs show it.
struct Transcript(String);

impl Transcript {
    fn add(&mut self, device: &str, typed: &[&str], said: &str) {
        let typed: Vec<String> = typed
            .iter()
            .map(|word| match word.contains(' ') {
                true => format!("'{word}'"),
                false => (*word).to_owned(),
            })
            .collect();
        self.0.push_str(&format!(
            "{device}$ {}\n{}\n",
            typed.join(" "),
            said.trim_end()
        ));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_edited_apart_reviewed_or_withdrawn_says_so_on_both_sides() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.signed_in(Look::DESK).await?;
    let mut told = Transcript(String::new());
    day.phone(&["pair", &day.link]).await?;
    let robin = day.patient(&tab, "Robin Vale").await?;
    tab.go(&day.at(&format!("{robin}/invitation"))).await?;
    tab.until_it_says("Read these words to each other").await?;
    tab.click("button[value=match]").await?;
    tab.until_it_says("Paired since").await?;

    // Words added after a review.
    for typed in [
        &[
            "write",
            "--share",
            "care-team",
            "--title",
            "Sunday",
            "A quiet week.",
        ][..],
        &["sync"],
    ] {
        told.add("phone", typed, &day.phone(typed).await?);
    }
    tab.go(&day.at(&robin)).await?;
    tab.until_it_says("A quiet week.").await?;
    let entry = day.entry_of(&tab, &robin).await?;
    tab.go(&day.at(&entry)).await?;
    tab.click(REVIEW).await?;
    tab.until_it_says("take back").await?;
    let list = day.phone(&["list"]).await?;
    let id = list
        .split_whitespace()
        .next()
        .ok_or("an empty list")?
        .to_owned();
    let more = "A quiet week. I do not want to be here any more.";
    for typed in [&["edit", &id, more][..], &["sync"], &["show", &id]] {
        told.add("phone", typed, &day.phone(typed).await?);
    }
    tab.go(&day.at("/")).await?;
    tab.until(
        "the row to say that it changed since it was reviewed",
        "[...document.querySelectorAll('.case')].some(row => row.innerText.includes('Robin Vale') \
         && row.innerText.includes('1 unread') && row.innerText.includes('1 changed since reviewed'))",
    )
    .await?;
    day.keep_picture(&tab, "changed-since-reviewed").await?;

    // The same words rewritten on two devices.
    let invited = day.phone(&["invite-phone"]).await?;
    let link = invited.lines().find(|line| line.starts_with("kap://"));
    let link = link.ok_or("no link")?;
    day.tablet(&["pair", link, "--name", "Tablet", "--wait", "0"])
        .await?;
    day.phone(&["sync"]).await?;
    let devices = day.phone(&["devices"]).await?;
    let newcomer = devices
        .lines()
        .find_map(|line| line.rsplit_once("devices let-in "));
    let (_, newcomer) = newcomer.ok_or("nobody waits")?;
    day.phone(&["devices", "let-in", newcomer]).await?;
    day.tablet(&["sync"]).await?;
    day.phone(&[
        "write",
        "--share",
        "care-team",
        "--title",
        "Dose",
        "Took 10 mg.",
    ])
    .await?;
    day.phone(&["sync"]).await?;
    day.tablet(&["sync"]).await?;
    let list = day.phone(&["list"]).await?;
    let id = list
        .split_whitespace()
        .next()
        .ok_or("an empty list")?
        .to_owned();
    let typed = ["edit", &*id, "Took 15 mg."];
    told.add("phone", &typed, &day.phone(&typed).await?);
    let typed = ["edit", &*id, "Took 5 mg."];
    told.add("tablet", &typed, &day.tablet(&typed).await?);
    day.phone(&["sync"]).await?;
    told.add("tablet", &["sync"], &day.tablet(&["sync"]).await?);
    let typed = ["show", &*id];
    told.add("tablet", &typed, &day.tablet(&typed).await?);
    tab.go(&day.at(&robin)).await?;
    tab.until_it_says("Dose").await?;
    let dose = tab
        .text_of(
            "[...document.querySelectorAll('.item.entry h3 a')].find(a => a.innerText.includes('Dose')).pathname",
        )
        .await?;
    tab.go(&day.at(&dose)).await?;
    for wording in ["Took 15 mg.", "Took 5 mg."] {
        tab.until_it_says(wording).await?;
    }
    day.keep_picture(&tab, "two-wordings").await?;

    // A goal, which both sides write: the clinic may choose as well, and not from a page of before.
    let added = day
        .phone(&["goals", "add", "--in", "sleep", "To sleep through."])
        .await?;
    let goal = added.split_whitespace().next().ok_or("no goal")?.to_owned();
    day.phone(&["sync"]).await?;
    day.tablet(&["sync"]).await?;
    day.phone(&["goals", "edit", &goal, "To sleep at night."])
        .await?;
    day.tablet(&["goals", "edit", &goal, "To wake up rested."])
        .await?;
    day.phone(&["sync"]).await?;
    day.tablet(&["sync"]).await?;
    tab.go(&day.at(&robin)).await?;
    tab.until_it_says("2 things stand in two wordings").await?;
    let wordings = format!("{robin}/wordings");
    let mut faults = day.judge("wordings-by-two-phones", &wordings).await?;
    tab.go(&day.at(&wordings)).await?;
    tab.until_it_says("Only the patient can choose").await?;
    let goal = tab
        .text_of("document.querySelector('a[href*=\"/goals/\"]').pathname")
        .await?;
    faults.extend(day.judge("goal-in-two-wordings", &goal).await?);
    let of_before = "document.querySelector('.apart [name=revision]').value = '00'.repeat(32)";
    let choose = ".apart button[name=wording]";
    faults.extend(
        day.judge_refused("wording-refused", &goal, of_before, choose, "409")
            .await?,
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));

    let shown = day.tablet(&["show", &id]).await?;
    let number = if shown.contains("1. Took 5 mg.") {
        "1"
    } else {
        "2"
    };
    let typed = ["choose", &*id, "body", number];
    told.add("tablet", &typed, &day.tablet(&typed).await?);
    day.tablet(&["sync"]).await?;
    day.phone(&["sync"]).await?;

    // A reply, and then a withdrawal; and a reply from a page that was opened before it.
    tab.go(&day.at(&dose)).await?;
    // Until the choice has arrived the page stands in two wordings, and refreshes itself when it does.
    tab.until(
        "one wording to be left",
        "document.body.innerText.includes('Took 5 mg.') \
         && !document.body.innerText.includes('Took 15 mg.')",
    )
    .await?;
    tab.fill(REPLY, "Thank you for putting that right.").await?;
    tab.click("#reply-send").await?;
    tab.until_it_says("Thank you for putting that right.")
        .await?;
    let typed = ["withdraw", &*id, "--yes"];
    told.add("phone", &["sync"], &day.phone(&["sync"]).await?);
    told.add("phone", &typed, &day.phone(&typed).await?);
    let list = day.phone(&["list"]).await?;
    let own = list
        .split_whitespace()
        .next()
        .ok_or("an empty list")?
        .to_owned();
    let typed = ["show", &*own];
    let shown = day.phone(&typed).await?;
    assert!(
        shown.contains("Thank you for putting that right."),
        "{shown}"
    );
    told.add("phone", &typed, &shown);
    tab.fill(REPLY, "One more thing.").await?;
    day.phone(&["sync"]).await?;
    // The page refreshes itself once the withdrawal arrives; what was typed must not go with it.
    tab.until_it_says("withdr").await?;
    tab.until(
        "the words that were typed to be there",
        "[...document.querySelectorAll('textarea')].some(t => t.value.includes('One more thing.')) \
         || document.body.innerText.includes('One more thing.')",
    )
    .await?;
    day.keep_picture(&tab, "withdrawn-while-replying").await?;
    std::fs::write(day.pictures()?.join("edited-apart.txt"), told.0)?;
    day.end().await
}
