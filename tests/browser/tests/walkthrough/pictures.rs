//! The pictures of the docs, written anew when they are asked for by name.

use companion_browser_tests::{Look, Result};

use crate::day::Day;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes the picture of the README anew, docs/pictures/console.png: run it by name when the look changed"]
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
#[ignore = "writes the pictures of docs/protocol.md anew: run it by name when the look changed"]
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
