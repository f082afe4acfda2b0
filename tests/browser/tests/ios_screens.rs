//! The screens of the iOS app, as its tests drew them (`cargo xtask test ios`): each is pictured, and held to WCAG 2.2
//! by axe-core, to targets of 44 points, and to the width of the phone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use companion_browser_tests::{Chromium, Look, Result, Tab};

/// The smallest target that Apple's guidelines allow, in points.
const TARGET: u32 = 44;

const PHONE: Look = Look {
    width: 390,
    ..Look::DESK
};

/// What is wrong with the screen of a file, each line with its name.
async fn faults(tab: &Tab, file: &Path) -> Result<Vec<String>> {
    tab.go(&format!("file://{}", file.display())).await?;
    tab.show_all_of_it().await?;
    let name = file.file_stem().unwrap_or_default().display().to_string();
    let found = [
        tab.violations().await?,
        tab.small_targets(TARGET).await?,
        tab.sticks_out().await?,
    ];
    Ok(found
        .concat()
        .into_iter()
        .map(|fault| format!("{name}: {fault}"))
        .collect())
}

/// Pictures each of these beside its file, and says what is wrong with them.
async fn look_at(drawn: &[PathBuf]) -> Result<Vec<String>> {
    let chromium = Chromium::launch().await?;
    let tab = chromium.tab(PHONE).await?;
    let mut found = Vec::new();
    for file in drawn {
        found.extend(faults(&tab, file).await?);
        tab.picture(&file.with_extension("png")).await?;
    }
    chromium.close().await?;
    Ok(found)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "looks at what the iOS app's tests drew; `cargo xtask test ios` draws it and runs this"]
async fn every_drawn_screen_is_pictured_and_has_no_fault() -> Result<()> {
    let folder = PathBuf::from(
        std::env::var("COMPANION_SCREENS").expect("COMPANION_SCREENS names the drawn screens"),
    );
    let mut drawn: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    drawn.retain(|file| file.extension().is_some_and(|its| its == "html"));
    drawn.sort();
    assert!(
        !drawn.is_empty(),
        "nothing was drawn into {}",
        folder.display()
    );

    // Two browsers: most of the time goes by inside of them.
    let (some, others) = drawn.split_at(drawn.len() / 2);
    let (some, others) = tokio::try_join!(look_at(some), look_at(others))?;
    let found = [some, others].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_target_a_field_without_a_name_and_pale_words_are_found() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bad.html");
    let bad = "<!doctype html><html lang=en><title>A screen</title><style>div { display: inline-block }</style>
        <main><div role=button tabindex=0 style='width:80px;height:30px'>Low</div>
        <div role=button tabindex=0 style='width:80px;height:44px'>Right</div>
        <div role=textbox tabindex=0 style='width:200px;height:50px'></div>
        <p style='color:#bbb;background:#fff'>Pale words</p><div style='width:500px'>Wide</div></main>";
    std::fs::write(&file, bad)?;
    let chromium = Chromium::launch().await?;
    let tab = chromium.tab(PHONE).await?;
    let found = faults(&tab, &file).await?.join("\n");
    chromium.close().await?;
    for fault in [
        "“Low” is 80 by 30",
        "aria-input-field-name",
        "color-contrast",
        "px wider than the window",
    ] {
        assert!(found.contains(fault), "{fault} is not in:\n{found}");
    }
    assert!(!found.contains("Right"), "{found}");
    Ok(())
}
