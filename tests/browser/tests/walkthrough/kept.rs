//! What is typed is kept.

use companion_browser_tests::{Key, Look, Result};

use crate::STILL;
use crate::day::{Day, REPLY};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_through_a_reload_and_the_end_of_the_session() -> Result<()> {
    const WORDS: &str = "I have been thinking about the river.";
    let day = Day::begin().await?;
    let tab = day.signed_in(Look::DESK).await?;
    let june = day.patient(&tab, "June").await?;
    let entry = day.entry_of(&tab, &june).await?;
    let there = format!("document.querySelector({REPLY:?})?.value === {WORDS:?}");

    tab.go(&day.at(&entry)).await?;
    tab.evaluate(&format!("document.querySelector({REPLY:?}).focus()"))
        .await?;
    tab.write(WORDS).await?;
    tab.until_it_says("Kept as your draft, not sent yet")
        .await?;
    tab.go(&day.at(&entry)).await?;
    tab.until("the draft after a reload", &there).await?;
    assert_eq!(
        tab.evaluate("localStorage.length + sessionStorage.length")
            .await?,
        0,
        "nothing lies in the browser"
    );

    // Two minutes before the end the page says so; here the console's word is played.
    tab.evaluate("for (const id of ['ending', 'stay']) document.getElementById(id).hidden = false; document.querySelector('[data-can-stay]').hidden = false")
        .await?;
    tab.until_it_says("You will be signed out within two minutes")
        .await?;
    day.keep_picture(&tab, "ending").await?;
    assert_eq!(tab.violations().await?, Vec::<String>::new());
    tab.click("#stay").await?;
    tab.until_it_says("You stay signed in.").await?;
    tab.until(
        "the word to be gone",
        "document.getElementById('ending').hidden",
    )
    .await?;

    // The last keystrokes before the page goes away count, too.
    tab.evaluate(&format!(
        "{{ const field = document.querySelector({REPLY:?}); field.focus(); field.setSelectionRange(99, 99); }}"
    ))
    .await?;
    tab.write("!").await?;
    tab.press(Key::Tab).await?;
    let other = day.chromium.tab(STILL).await?;
    other.go(&day.at("/")).await?;
    other.follow("form[action='/sign-out'] button").await?;
    tab.until(
        "the page to leave when its session is over",
        "location.pathname === '/sign-in'",
    )
    .await?;
    tab.fill("#name", &day.name).await?;
    tab.fill("#passphrase", &day.passphrase).await?;
    tab.follow("main form button").await?;
    let back = format!(
        "document.querySelector({REPLY:?})?.value === {:?}",
        format!("{WORDS}!")
    );
    tab.until("the same page with the draft", &back).await?;

    // Signed out elsewhere, and sent within the same breath: the words are given back, and stay.
    other.go(&day.at("/")).await?;
    other.follow("form[action='/sign-out'] button").await?;
    tab.click("#reply-send").await?;
    tab.until_it_says("Nothing was sent, and these words are kept nowhere")
        .await?;
    tab.until(
        "the words themselves",
        &format!(
            "document.querySelector('#typed-0')?.value === {:?}",
            format!("{WORDS}!")
        ),
    )
    .await?;
    assert_eq!(
        tab.evaluate("document.querySelector('.who')").await?,
        serde_json::Value::Null
    );
    day.keep_picture(&tab, "given-back").await?;
    assert_eq!(tab.violations().await?, Vec::<String>::new());
    tab.follow("#given-back a").await?;
    tab.fill("#name", &day.name).await?;
    tab.fill("#passphrase", &day.passphrase).await?;
    tab.follow("main form button").await?;
    tab.until("the same page with the draft", &back).await?;

    tab.click("#reply-send").await?;
    tab.until_it_says("Reply saved").await?;
    tab.until(
        "an empty field",
        &format!("document.querySelector({REPLY:?}).value === ''"),
    )
    .await?;
    tab.go(&day.at(&entry)).await?;
    tab.until_it_says(WORDS).await?;
    assert_eq!(
        tab.evaluate(&format!("document.querySelector({REPLY:?}).value"))
            .await?,
        ""
    );
    day.end().await
}
