//! The pictures of the docs, written anew when they are asked for by name: `cargo test -p companion-browser-tests
//! --features chromium --test walkthrough -- --ignored NAME`. Look at each before you keep it.

use std::fmt::Write as _;

use companion_browser_tests::{Look, Result, run};

use crate::day::Day;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the picture of the README anew, docs/pictures/console.png, when the look changed: the command stands at the top of this file"]
async fn the_picture_of_the_readme() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.signed_in(Look::DESK).await?;
    let wren = day.patient(&tab, "Wren").await?;
    tab.go(&day.at(&wren)).await?;
    let pictures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
    std::fs::create_dir_all(&pictures)?;
    tab.picture(&pictures.join("console.png")).await?;
    day.end().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the pictures of docs/protocol.md anew, when the look changed: the command stands at the top of this file"]
async fn the_pictures_of_the_page_about_the_protocol() -> Result<()> {
    let day = Day::begin().await?;
    let tab = day.signed_in(Look::DESK).await?;
    let pictures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
    let robin = day.patient(&tab, "Robin Vale").await?;
    let invitation = format!("{robin}/invitation");
    tab.go(&day.at(&invitation)).await?;
    tab.picture(&pictures.join("invitation-code.png")).await?;
    day.phone(&["pair", &day.link]).await?;
    tab.until_it_says("Read these words to each other").await?;
    tab.picture(&pictures.join("invitation-words.png")).await?;
    tab.click("button[value=match]").await?;
    tab.until_it_says("Paired since").await?;
    day.comes_again(&tab, &invitation).await?;
    tab.picture(&pictures.join("invitation-replaces.png"))
        .await?;
    day.end().await
}

/// The folder as a person meets it: its files, and the journal as anything that shows Markdown shows it.
const FOLDER: &str = "<!doctype html><meta charset=utf-8><title>tomas</title><style>
    body { margin: 0; display: grid; grid-template-columns: 400px 1fr; font: 15px/1.5 sans-serif; color: #222 }
    nav { background: #f3f3f0; padding: 20px 22px; min-height: 100vh }
    nav h1 { font-size: 17px; margin: 0 0 12px } table { border-spacing: 0; width: 100% } td { padding: 3px 0 }
    td + td { text-align: right; color: #555 } main { padding: 20px 34px } main h1 { margin-top: 0 }
    blockquote { margin: 0; padding-left: 14px; border-left: 3px solid #bbb } .here td { font-weight: bold }
</style>";

/// The few marks that a journal has, as a program that shows Markdown shows them.
fn as_shown(journal: &str) -> String {
    let mut page = String::new();
    for block in journal.split("\n\n") {
        let block = block.trim();
        if let Some(heading) = block.strip_prefix("## ") {
            page.push_str(&format!("<h2>{heading}</h2>"));
        } else if let Some(heading) = block.strip_prefix("# ") {
            page.push_str(&format!("<h1>{heading}</h1>"));
        } else if block.starts_with('>') {
            let lines = block
                .lines()
                .map(|line| line.trim_start_matches('>').trim());
            let lines: Vec<&str> = lines.collect();
            page.push_str(&format!("<blockquote>{}</blockquote>", lines.join("<br>")));
        } else if let Some(words) = block.strip_prefix("**") {
            page.push_str(&format!("<p><b>{}</b></p>", words.trim_end_matches("**")));
        } else if let Some(words) = block.strip_prefix('*') {
            page.push_str(&format!("<p><i>{}</i></p>", words.trim_end_matches('*')));
        } else if let Some((caption, file)) = block
            .strip_prefix('[')
            .and_then(|link| link.split_once("]("))
        {
            page.push_str(&format!(
                "<p><a href='{}'>{caption}</a></p>",
                file.trim_end_matches(')')
            ));
        }
    }
    page
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the picture of docs/export.md anew, when what is exported changed: the command stands at the top of this file"]
async fn the_picture_of_a_record_taken_along() -> Result<()> {
    let mut day = Day::begin().await?;
    let tomas = day.phone_of("first session two days ago").await?;
    let place = tempfile::tempdir()?;
    let folder = place.path().join("tomas");
    let to = folder.to_str().ok_or("a folder without a name")?;
    run("phone", &["--data", &tomas, "export", to]).await?;
    let mut page = FOLDER.to_owned() + "<nav><h1>tomas</h1><table>";
    let mut files = std::fs::read_dir(&folder)?.collect::<std::io::Result<Vec<_>>>()?;
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files {
        let (name, bytes) = (file.file_name(), file.metadata()?.len());
        let name = name.to_string_lossy();
        let here = if name == "journal.md" { "here" } else { "" };
        write!(page, "<tr class='{here}'><td>{name}<td>{bytes} bytes")?;
    }
    page.push_str("</table></nav><main>");
    let journal = std::fs::read_to_string(folder.join("journal.md"))?;
    page.push_str(&as_shown(&journal));
    let file = folder.join("picture.html");
    std::fs::write(&file, page)?;
    let tab = day.chromium.tab(Look::DESK).await?;
    tab.go(&format!("file://{}", file.display())).await?;
    let pictures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pictures");
    tab.picture(&pictures.join("export.png")).await?;
    day.end().await
}
