//! Each judge of the harness is shown a page that must fail it, and one that must not: a check that
//! cannot fail protects nobody.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use companion_browser_tests::{AXE_VERSION, Chromium, Key, Look, Result, Scheme, Scripts, Tab};

/// A tab on a page of these bytes.
async fn shown(chromium: &Chromium, look: Look, html: &str) -> Result<Tab> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("page.html");
    std::fs::write(
        &file,
        format!("<!doctype html><html lang=en><title>A page</title>{html}"),
    )?;
    let tab = chromium.tab(look).await?;
    tab.go(&format!("file://{}", file.display())).await?;
    Ok(tab)
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_a_field_without_a_label_and_pale_words() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let bad = "<main><input><p style='color:#bbb;background:#fff'>Pale words</p></main>";
    let found = shown(&chromium, Look::DESK, bad)
        .await?
        .violations()
        .await?
        .join("\n");
    assert!(
        found.contains("label") && found.contains("color-contrast"),
        "{found}"
    );

    let good = "<main><label>Name <input></label><p>Plain words</p></main>";
    let tab = shown(&chromium, Look::DESK, good).await?;
    assert_eq!(tab.violations().await?, Vec::<String>::new());
    assert_eq!(tab.text_of("axe.version").await?, AXE_VERSION);
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_too_wide_is_told_with_what_sticks_out() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let narrow = Look {
        width: 320,
        ..Look::DESK
    };
    let wide = "<p id=wide style='width:500px'>Wide</p>";
    let found = shown(&chromium, narrow, wide)
        .await?
        .sticks_out()
        .await?
        .join("\n");
    assert!(found.contains("p#wide"), "{found}");
    assert_eq!(
        shown(&chromium, Look::DESK, wide)
            .await?
            .sticks_out()
            .await?,
        Vec::<String>::new()
    );
    // Wider than the card that it stands in, on a page that has room for it.
    let long = "0b".repeat(32);
    for (wrap, sticks_out) in [("normal", true), ("break-word", false)] {
        let card = format!(
            "<section class=card style='width:15rem;overflow-wrap:{wrap}'><p>{long}</p></section>"
        );
        let found = shown(&chromium, Look::DESK, &card).await?;
        let found = found.sticks_out().await?.join("\n");
        assert_eq!(found.contains("wider than it"), sticks_out, "{found}");
    }
    let scroller = format!("<div style='overflow-x:auto'>{wide}</div>");
    assert_eq!(
        shown(&chromium, narrow, &scroller)
            .await?
            .sticks_out()
            .await?,
        Vec::<String>::new()
    );
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn breaking_the_content_security_policy_is_heard() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">";
    let tab = shown(
        &chromium,
        Look::DESK,
        &format!("{policy}<p style='color:red'>Red</p>"),
    )
    .await?;
    tab.evaluate("new Promise(done => requestAnimationFrame(() => done(true)))")
        .await?;
    let heard = tab.complaints().join("\n");
    assert!(heard.contains("Content Security Policy"), "{heard:?}");

    let quiet = shown(&chromium, Look::DESK, &format!("{policy}<p>Plain</p>")).await?;
    assert_eq!(quiet.complaints(), Vec::<String>::new());
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exception_on_the_page_is_heard() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let tab = shown(&chromium, Look::DESK, "<script>missing()</script>").await?;
    tab.evaluate("new Promise(done => requestAnimationFrame(() => done(true)))")
        .await?;
    let heard = tab.complaints().join("\n");
    assert!(heard.contains("missing is not defined"), "{heard:?}");
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_vanishes_under_the_finger_loses_the_focus() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let page = "<button id=gone onclick='this.remove()'>Go</button><button id=stays>Stay</button>";
    let tab = shown(&chromium, Look::DESK, page).await?;
    tab.click("#stays").await?;
    assert_eq!(tab.focus().await?, "button#stays \"Stay\"");
    tab.click("#gone").await?;
    assert_eq!(tab.focus().await?, "body");
    assert!(
        tab.click("#gone").await.is_err(),
        "what is gone cannot be pressed"
    );
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_walk_stops_at_each_control_once() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let page = "<a href='#x'>Skip</a><label>Name <input name=name></label><button>Send</button>";
    let stops = shown(&chromium, Look::DESK, page)
        .await?
        .keyboard_walk()
        .await?;
    assert_eq!(stops, ["a \"Skip\"", "input \"Name\"", "button \"Send\""]);

    let date = "<label>Day <input type=datetime-local></label><button>Send</button>";
    let stops = shown(&chromium, Look::DESK, date)
        .await?
        .keyboard_walk()
        .await?;
    assert_eq!(stops, ["input \"Day\"", "button \"Send\""]);

    // A player's own buttons are parts of it. What a picture shows is the name of its link.
    let player = "<audio controls aria-label=Hum></audio><a href='#x'><img alt='The lake'></a>";
    let stops = shown(&chromium, Look::DESK, player)
        .await?
        .keyboard_walk()
        .await?;
    assert_eq!(stops, ["audio \"Hum\"", "a \"The lake\""]);

    let folded = "<details><summary>More</summary><button>Inside</button></details>";
    let tab = shown(&chromium, Look::DESK, folded).await?;
    assert_eq!(tab.keyboard_walk().await?, ["summary \"More\""]);
    tab.unfold().await?;
    assert_eq!(
        tab.keyboard_walk().await?,
        ["summary \"More\"", "button \"Inside\""]
    );
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_walk_refuses_traps_and_hidden_stops_and_missing_rings() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let faults = [
        (
            "caught",
            "<button>A</button><button onkeydown='if(event.key===\"Tab\")event.preventDefault()'>B</button>",
        ),
        (
            "caught",
            "<audio controls onkeydown='if(event.key===\"Tab\")event.preventDefault()'></audio>",
        ),
        (
            "never reaches",
            "<audio controls onfocus='b.focus()'></audio><button id=b>B</button>",
        ),
        ("does not show", "<button style='outline:none'>A</button>"),
        (
            "nobody sees",
            "<a href='#x' style='position:absolute;width:1px;height:1px;overflow:hidden'>A</a>",
        ),
        (
            "lies under",
            "<button>A</button><div style='position:fixed;inset:0;background:#eee'></div>",
        ),
    ];
    for (told, page) in faults {
        let walk = shown(&chromium, Look::DESK, page)
            .await?
            .keyboard_walk()
            .await;
        let error = walk.expect_err(told).to_string();
        assert!(error.contains(told), "{told}: {error}");
    }
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_reach_the_page() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let page = "<style>p{color:rgb(1,1,1)}@media(prefers-color-scheme:dark){p{color:rgb(2,2,2)}}</style>\
                <p id=p>scripts off</p><script>p.textContent='scripts on'</script>";
    for look in Look::ALL {
        let tab = shown(&chromium, look, page).await?;
        assert_eq!(tab.evaluate("innerWidth").await?, look.width);
        let expected = if look.scheme == Scheme::Dark {
            "rgb(2, 2, 2)"
        } else {
            "rgb(1, 1, 1)"
        };
        assert_eq!(tab.text_of("getComputedStyle(p).color").await?, expected);
        assert!(tab.words().await?.contains("scripts on"));
    }
    let still = Look {
        scripts: Scripts::Off,
        ..Look::DESK
    };
    assert!(
        shown(&chromium, still, page)
            .await?
            .words()
            .await?
            .contains("scripts off")
    );
    chromium.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_words_arrive() -> Result<()> {
    let chromium = Chromium::launch().await?;
    let page = "<form action='#sent' onsubmit='event.preventDefault();out.textContent=f.value+\"!\"'>\
                <input id=f value=old></form><output id=out></output>";
    let tab = shown(&chromium, Look::DESK, page).await?;
    tab.fill("#f", "new words").await?;
    tab.press(Key::Enter).await?;
    tab.until_it_says("new words!").await?;
    chromium.close().await
}
