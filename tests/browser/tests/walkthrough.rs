//! A clinician's day on the console's pages, in a real browser, over the demo: ten invented patients
//! whose records were written by the real core and came over the real server.
//!
//! Pictures of every screen are left in `target/browser-pictures/`, for a person to look at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "walkthrough/apart.rs"]
mod apart;
#[path = "walkthrough/attached.rs"]
mod attached;
#[path = "walkthrough/day.rs"]
mod day;
#[path = "walkthrough/kept.rs"]
mod kept;
#[path = "walkthrough/pictures.rs"]
mod pictures;

use companion_browser_tests::{Key, Look, Result, Scripts};
use day::{Day, REPLY, REVIEW};

const NARROW: Look = Look {
    width: 320,
    ..Look::DESK
};
const REPLIED: &str = "[...document.querySelectorAll('.item.reply')].some(r => r.innerText.includes('Let us begin with'))";
/// The page about two histories where there are two. Its patient is not June: only the words count.
const FORKED: &str = include_str!(
    "../../../sync-server/console/src/view/snapshots/clinic_console__view__snapshots__two_histories.snap"
);
/// Pages of what two nodes or two phones wrote apart. The demo has one node: only the words count.
const WORDINGS: &str = include_str!(
    "../../../sync-server/console/src/view/snapshots/clinic_console__view__wordings_snapshots__wordings.snap"
);
const OWN_WORDINGS: &str = include_str!(
    "../../../sync-server/console/src/view/snapshots/clinic_console__view__wordings_snapshots__wordings_of_the_clinic.snap"
);
const STILL: Look = Look {
    scripts: Scripts::Off,
    ..Look::DESK
};

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_can_be_used_by_everybody() -> Result<()> {
    let day = Day::begin().await?;
    let mut faults = day.judge("sign-in", "/sign-in").await?;
    let tab = day.signed_in(Look::DESK).await?;

    let june = day.patient(&tab, "June").await?;
    let entry = day.entry_of(&tab, &june).await?;
    let check_in = tab
        .text_of("document.querySelector('.item.check-in a.what').pathname")
        .await?;
    let invited = day.patient(&tab, "Robin Vale").await?;
    let walked = day.patient(&tab, "Tomás").await?;
    let flagged = day.patient(&tab, "Salome").await?;
    tab.go(&day.at(&format!("{walked}/costs"))).await?;
    let line = tab
        .text_of("document.querySelector('.items a').pathname")
        .await?;
    tab.go(&day.at(&june)).await?;
    let session = tab
        .text_of("document.querySelector('a[href*=\"/sessions/\"]').pathname")
        .await?;
    tab.go(&day.at(&walked)).await?;
    let medicine = tab
        .text_of("document.querySelector('a[href$=\"/medicine\"]').pathname")
        .await?;
    let mut shared = Vec::new();
    for (screen, whose, shelf) in [
        ("measure", "Salome", "measures"),
        ("contact-request", "Salome", "contact-requests"),
        ("safety-plan", "Salome", "safety-plans"),
        ("commitment", "Petra", "commitments"),
        ("goal", "Petra", "goals"),
        ("preparation", "Petra", "preparations"),
        ("medicines", "Noor", "medicines"),
        ("assessment-section", "Noor", "assessment"),
    ] {
        let page = day.patient(&tab, whose).await?;
        tab.go(&day.at(&page)).await?;
        let link = format!("document.querySelector('a[href*=\"/{shelf}/\"]').pathname");
        shared.push((screen, tab.text_of(&link).await?));
        if screen == "safety-plan" {
            let (_, plan) = shared.last().unwrap();
            shared.push(("safety-plan-add", format!("{plan}/lines?step=coping")));
        }
        if screen == "measure" {
            shared.push(("patient-with-a-measure", page.clone()));
            shared.push(("at-a-glance", format!("{page}/at-a-glance")));
        }
        if screen == "preparation" {
            shared.push(("patient-before-a-session", page));
        }
    }
    for (screen, path) in &shared {
        faults.extend(day.judge(screen, path).await?);
    }
    for (screen, path) in [
        ("caseload", "/"),
        ("caseload-pairing", "/?show=pairing"),
        ("caseload-nobody", "/?q=nobody-of-this-name"),
        ("patient", &june),
        ("patient-not-paired", &invited),
        ("entry", &entry),
        ("check-in", &check_in),
        ("caseload-to-talk-about", "/?show=to-talk-about"),
        ("outcome", &format!("{june}/outcome")),
        ("screening", &format!("{walked}/screening")),
        ("medicine", &medicine),
        ("costs", &format!("{walked}/costs")),
        ("costs-of-nobody-yet", &format!("{june}/costs")),
        ("cost-line", &line),
        ("session", &session),
        ("dates", &format!("{june}/dates")),
        ("dates-of-another", &format!("{walked}/dates")),
        ("caseload-flagged", "/?show=flagged"),
        ("flags", &flagged),
        ("safety", "/safety"),
        ("reminders", "/reminders"),
        ("prompts", "/prompts"),
        ("prompt", "/prompts/body"),
        ("guides", "/guides"),
        ("guide", "/guides/en/session-day"),
        ("guide-words", "/guides/en/session-day/words"),
        ("guide-rule", "/guides/en/rules/medicines"),
        ("questions", "/questions"),
        ("people", "/people"),
        ("invite", "/invite"),
        ("invitation", &format!("{invited}/invitation")),
        ("two-histories", &format!("{june}/two-histories")),
        ("not-found", "/patients/00000000000000000000000000000000"),
    ] {
        faults.extend(day.judge(screen, path).await?);
    }
    let path = format!("{june}/two-histories");
    let forked = day
        .judge_snapshot("two-histories-forked", &path, FORKED)
        .await?;
    faults.extend(forked);
    for (screen, path, words) in [
        ("wordings", &*format!("{june}/wordings"), WORDINGS),
        ("wordings-of-the-clinic", "/wordings", OWN_WORDINGS),
    ] {
        faults.extend(day.judge(&format!("{screen}-none"), path).await?);
        faults.extend(day.judge_snapshot(screen, path, words).await?);
    }
    let nameless = "document.querySelector('#name').value = ' '";
    let correct = "form[action$='/correct'] button[type=submit]";
    faults.extend(
        day.judge_refused("correction-refused", &june, nameless, correct, "422")
            .await?,
    );
    let invitation = format!("{invited}/invitation");
    day.phone(&["pair", &day.link]).await?;
    tab.go(&day.at(&invitation)).await?;
    tab.until_it_says("Read these words to each other").await?;
    faults.extend(day.judge("invitation-words", &invitation).await?);
    tab.click("button[value=match]").await?;
    tab.until_it_says("Paired since").await?;
    faults.extend(day.judge("invitation-paired", &invitation).await?);
    let entry = day.with_attachments(&tab).await?;
    faults.extend(day.judge("entry-with-attachments", &entry).await?);
    day.comes_again(&tab, &invitation).await?;
    faults.extend(day.judge("invitation-replaces", &invitation).await?);
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    day.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinician_signs_in_reads_replies_and_reviews_by_keyboard_alone() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.chromium.tab(Look::DESK).await?;
    tab.go(&day.at("/")).await?;
    tab.until_it_says("Passphrase").await?;
    day.tab_to(&tab, "\"Name\"").await?;
    tab.write(&day.name).await?;
    day.tab_to(&tab, "\"Passphrase\"").await?;
    tab.write(&day.passphrase).await?;
    tab.press(Key::Enter).await?;
    tab.until_it_says("patients shown").await?;

    day.tab_to(&tab, "\"June").await?;
    tab.press(Key::Enter).await?;
    tab.until_it_says("Timeline").await?;
    let entry = day.entry_of(&tab, &tab.address().await?).await?;
    tab.go(&day.at(&entry)).await?;

    day.tab_to(&tab, "button#review").await?;
    tab.press(Key::Space).await?;
    tab.until_it_says("take back").await?;
    assert!(
        tab.focus().await?.starts_with("button#review"),
        "focus went to {}",
        tab.focus().await?
    );

    day.tab_to(&tab, "textarea#reply").await?;
    tab.write("Thank you. Let us begin with this next time.")
        .await?;
    day.tab_to(&tab, "button#reply-send").await?;
    tab.press(Key::Enter).await?;
    tab.until("the reply to stand among the replies", REPLIED)
        .await?;
    let focus = tab.focus().await?;
    assert!(
        focus != "body",
        "sending a reply threw the keyboard back to the top of the page"
    );
    assert_eq!(tab.complaints(), Vec::<String>::new());
    day.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_works_without_javascript() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.signed_in(STILL).await?;
    let june = day.patient(&tab, "June").await?;
    let entry = day.entry_of(&tab, &june).await?;

    tab.go(&day.at(&entry)).await?;
    tab.follow(REVIEW).await?;
    tab.until_it_says("take back").await?;
    tab.fill(REPLY, "Written without a script.").await?;
    tab.follow("#reply-send").await?;
    tab.until_it_says("Written without a script.").await?;

    tab.go(&day.at("/")).await?;
    tab.fill("#q", "no such person").await?;
    tab.follow("form.search button").await?;
    tab.until_it_says("0 patients shown").await?;

    tab.go(&day.at("/invite")).await?;
    tab.fill("#name", "   ").await?;
    tab.follow("main form button").await?;
    tab.until(
        "words beside the name",
        "!!document.querySelector('#name-error')",
    )
    .await?;
    tab.fill("#name", "Ida Berg").await?;
    tab.follow("main form button").await?;
    tab.until(
        "the code and the link",
        "document.querySelector('#link')?.value.startsWith('kap:')",
    )
    .await?;

    tab.follow("form[action='/sign-out'] button").await?;
    tab.go(&day.at("/")).await?;
    tab.until_it_says("Passphrase").await?;
    // The browser notes that the empty name was refused; nothing else went wrong.
    let complaints = tab.complaints();
    assert!(
        complaints.iter().all(|line| line.contains("status of 422")),
        "{complaints:?}"
    );
    day.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_pairs_and_what_it_shares_arrives_without_a_reload() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.signed_in(Look::DESK).await?;
    let robin = day.patient(&tab, "Robin Vale").await?;

    tab.go(&day.at(&format!("{robin}/invitation"))).await?;
    tab.evaluate("window.never_reloaded = true").await?;
    let paired = day.phone(&["pair", &day.link]).await?;
    tab.until_it_says("Read these words to each other").await?;
    let words = tab
        .text_of(
            "[...document.querySelectorAll('.compare li')].map(w => w.innerText.trim()).join('  ')",
        )
        .await?;
    assert!(
        paired.contains(&words),
        "the console shows {words:?}, the phone said {paired}"
    );
    tab.click("button[value=match]").await?;
    tab.until_it_says("Paired since").await?;
    assert_eq!(tab.evaluate("window.never_reloaded === true").await?, true);

    tab.go(&day.at(&robin)).await?;
    tab.evaluate("window.never_reloaded = true").await?;
    let caseload = day.chromium.tab(NARROW).await?;
    caseload.go(&day.at("/")).await?;
    caseload.evaluate("window.never_reloaded = true").await?;

    day.phone(&["write", "--title", "Kept to myself", "heron-in-the-reeds"])
        .await?;
    day.phone(&[
        "write",
        "--share",
        "care-team",
        "--title",
        "From the harbor",
        "otter-at-dawn",
    ])
    .await?;
    day.phone(&["check-in", "--valence", "6", "--share"])
        .await?;
    day.phone(&["sync"]).await?;

    tab.until_it_says("From the harbor").await?;
    tab.until_it_says("otter-at-dawn").await?;
    caseload
        .until(
            "the patient's row to say that there is something to read",
            "[...document.querySelectorAll('.case')].some(row => row.innerText.includes('Robin Vale') \
             && row.innerText.includes('1 unread'))",
        )
        .await?;
    for page in [&tab, &caseload] {
        assert_eq!(page.evaluate("window.never_reloaded === true").await?, true);
        assert_eq!(page.complaints(), Vec::<String>::new());
        let told = page
            .text_of("document.getElementById('announce').textContent")
            .await?;
        assert!(
            !told.is_empty(),
            "nothing was said to somebody who listens to the page"
        );
        let words = page.words().await?;
        assert!(
            !words.contains("heron") && !words.contains("Kept to myself"),
            "{words}"
        );
    }
    day.keep_picture(&caseload, "arrival").await?;
    day.end().await
}
