//! An entry with a recording and pictures, from the patient's phone to the clinic's page, where they are played and opened
//! by keyboard.

use companion_browser_tests::{Key, Look, Result, Tab};

use crate::day::Day;

/// A minute of silence: one channel of 8,000 samples a second, 16 bits each. No test listens to all of it.
fn silence() -> Vec<u8> {
    const SOUND: u32 = 60 * 16_000;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + SOUND).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]);
    file.extend(8_000_u32.to_le_bytes());
    file.extend(16_000_u32.to_le_bytes());
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(SOUND.to_le_bytes());
    file.extend(std::iter::repeat_n(0, SOUND as usize));
    file
}

impl Day {
    /// Robin, whose phone is paired, shares an entry with a recording, a photo and a drawing, which nobody gave words.
    /// Gives the path of its page once everything is there.
    pub(crate) async fn with_attachments(&self, tab: &Tab) -> Result<String> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name);
        std::fs::write(file("hum.wav"), silence())?;
        // Pictures of the page that is open are pictures like others.
        tab.picture(&file("photo.png")).await?;
        tab.picture(&file("drawing.png")).await?;
        let words = ["write", "--share", "care-team", "--title", "The lake"];
        self.phone(&[&words[..], &["I hummed, and drew it."]].concat())
            .await?;
        let first = self.phone(&["list"]).await?;
        let entry = first
            .lines()
            .find(|line| line.contains("The lake"))
            .and_then(|line| line.split_whitespace().next())
            .ok_or_else(|| format!("the phone lists no entry: {first}"))?;
        for (name, caption) in [
            ("hum.wav", Some("What I hummed")),
            ("photo.png", Some("The lake at noon")),
            ("drawing.png", None),
        ] {
            let path = file(name);
            let path = path.to_str().ok_or("a file without a name")?;
            let mut attach = vec!["attach", entry, path];
            attach.extend(caption.iter().flat_map(|words| ["--caption", words]));
            self.phone(&attach).await?;
        }
        self.phone(&["sync"]).await?;
        let robin = self.patient(tab, "Robin Vale").await?;
        tab.go(&self.at(&robin)).await?;
        tab.until_it_says("The lake").await?;
        let page = self.entry_of(tab, &robin).await?;
        tab.go(&self.at(&page)).await?;
        let all = "document.querySelectorAll('audio').length === 1 && document.querySelectorAll('a.picture').length === 2";
        tab.until("the recording and both pictures to be there", all)
            .await?;
        Ok(page)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_played_and_a_picture_opened_by_keyboard_alone() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.signed_in(Look::DESK).await?;
    let robin = day.patient(&tab, "Robin Vale").await?;
    day.phone(&["pair", &day.link]).await?;
    tab.go(&day.at(&format!("{robin}/invitation"))).await?;
    tab.until_it_says("Read these words to each other").await?;
    tab.click("button[value=match]").await?;
    tab.until_it_says("Paired since").await?;
    let page = day.with_attachments(&tab).await?;
    tab.go(&day.at(&page)).await?;
    day.tab_to(&tab, "Recording 1: What I hummed").await?;
    tab.press(Key::Space).await?;
    tab.until(
        "the recording to be played",
        "(window.first = document.querySelector('audio')) && first.currentTime > 0 && !first.paused",
    )
    .await?;
    // What arrives meanwhile comes onto the page and leaves whoever listens alone.
    let list = day.phone(&["list"]).await?;
    let entry = list.lines().find(|line| line.contains("The lake"));
    let entry = entry.and_then(|line| line.split_whitespace().next());
    let entry = entry.ok_or("the phone lists no entry")?;
    day.phone(&["edit", entry, "I hummed, drew it, and slept."])
        .await?;
    day.phone(&["sync"]).await?;
    tab.until_it_says("I hummed, drew it, and slept.").await?;
    tab.until(
        "the same recording to go on",
        "first === document.querySelector('audio') && !first.paused && document.activeElement === first \
         && (window.before ??= first.currentTime) < first.currentTime",
    )
    .await?;
    tab.evaluate("first.currentTime = first.duration - 0.2")
        .await?;
    tab.until("it to be played to its end", "first.ended")
        .await?;
    day.tab_to(&tab, "Picture 2: The lake at noon").await?;
    tab.press(Key::Enter).await?;
    tab.until(
        "the picture to be open",
        "document.images.length === 1 && document.images[0].naturalWidth > 0",
    )
    .await?;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    day.end().await
}
