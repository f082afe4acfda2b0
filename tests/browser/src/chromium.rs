//! One Chromium process with an empty profile, and how its tabs look at a page.

use std::path::PathBuf;

use chromiumoxide::browser::{Browser, BrowserConfig};
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams,
};
use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::{Result, Tab};

/// Debian's path. `CHROMIUM` names another one.
const CHROMIUM: &str = "/usr/bin/chromium";

/// How long a page, a command or a condition may take before the test gives up on it: long, for a
/// machine that builds something else meanwhile, and longer than the minute after which a page asks anew by itself, since
/// what arrives while a page is on its way is shown then. Nothing waits this long unless it is broken.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(100);

/// Whether the page may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// As most people browse.
    On,
    /// As when the script failed to load: every form must work all the same.
    Off,
}

/// The colors a person asked their system for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How a tab looks at a page.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// CSS pixels. 320 is what a page must still fit in (WCAG 2.2, 1.4.10 Reflow).
    pub width: u32,
    /// Light or dark.
    pub scheme: Scheme,
    /// With or without JavaScript.
    pub scripts: Scripts,
}

impl Look {
    /// A laptop in daylight, with JavaScript.
    pub const DESK: Look = Look {
        width: 1280,
        scheme: Scheme::Light,
        scripts: Scripts::On,
    };

    /// The four that every screen is judged in.
    pub const ALL: [Look; 4] = [
        Look::DESK,
        Look {
            scheme: Scheme::Dark,
            ..Look::DESK
        },
        Look {
            width: 320,
            ..Look::DESK
        },
        Look {
            width: 320,
            scheme: Scheme::Dark,
            ..Look::DESK
        },
    ];

    /// `1280-light`, for file names and messages.
    pub fn name(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        format!("{}-{scheme}", self.width)
    }
}

/// A running browser. Call [`Chromium::close`]; if a test fails before, dropping it kills the process.
pub struct Chromium {
    browser: Browser,
    events: JoinHandle<()>,
    _profile: TempDir,
}

impl Chromium {
    /// Starts Debian's Chromium with an empty profile and without anything that calls out by itself.
    ///
    /// # Errors
    ///
    /// When there is no Chromium or it does not start. It is never skipped.
    pub async fn launch() -> Result<Chromium> {
        let program = PathBuf::from(std::env::var("CHROMIUM").unwrap_or_else(|_| CHROMIUM.into()));
        if !program.exists() {
            let path = program.display();
            return Err(format!(
                "no browser at {path}: install Debian's `chromium`, or name one in CHROMIUM"
            )
            .into());
        }
        let profile = tempfile::tempdir()?;
        let config = BrowserConfig::builder()
            .chrome_executable(program)
            .user_data_dir(profile.path())
            .new_headless_mode()
            .no_sandbox()
            .viewport(None)
            .launch_timeout(PATIENCE)
            .request_timeout(PATIENCE)
            .disable_default_args()
            .args([
                "disable-gpu",
                "disable-quic",
                "disable-dev-shm-usage",
                "no-first-run",
                "disable-background-networking",
                "disable-component-update",
                "disable-sync",
                "disable-features=Translate,OptimizationHints,MediaRouter",
                "force-color-profile=srgb",
                "hide-scrollbars",
            ])
            .build()?;
        let (browser, mut handler) = Browser::launch(config).await?;
        // A single message that the client cannot read must not end the conversation.
        let events = tokio::spawn(async move { while handler.next().await.is_some() {} });
        Ok(Chromium {
            browser,
            events,
            _profile: profile,
        })
    }

    /// A new tab on an empty page. Tabs of one browser share the session cookie.
    ///
    /// # Errors
    ///
    /// When the browser refuses.
    pub async fn tab(&self, look: Look) -> Result<Tab> {
        let page = self.browser.new_page("about:blank").await?;
        let metrics = SetDeviceMetricsOverrideParams::builder()
            .width(look.width)
            .height(900)
            .device_scale_factor(1.0)
            .mobile(false)
            .build()?;
        page.execute(metrics).await?;
        let scheme = match look.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        page.emulate_media_features(vec![
            MediaFeature::new("prefers-color-scheme", scheme),
            MediaFeature::new("prefers-reduced-motion", "reduce"),
        ])
        .await?;
        if look.scripts == Scripts::Off {
            page.execute(SetScriptExecutionDisabledParams::new(true))
                .await?;
        }
        Tab::listening(page, look).await
    }

    /// Ends the process and waits for it.
    ///
    /// # Errors
    ///
    /// When it does not end.
    pub async fn close(mut self) -> Result<()> {
        self.browser.close().await?;
        self.browser.wait().await?;
        self.events.abort();
        Ok(())
    }
}
