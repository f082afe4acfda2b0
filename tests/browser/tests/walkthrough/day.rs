//! The demo and a browser beside it, with the few words of the console's screens that the walk needs.

use std::path::PathBuf;

use companion_browser_tests::{Chromium, Key, Look, Program, Result, Tab, run};

/// The button that marks an entry as reviewed.
pub(crate) const REVIEW: &str = "#review";
/// The field for a reply; its id counts the replies before it.
pub(crate) const REPLY: &str = "textarea[name=body]";

/// More stops than any screen has controls.
const STOPS: usize = 200;

/// One clinician's day: a running demo with its sign-in, and a browser.
pub(crate) struct Day {
    demo: Program,
    pub(crate) chromium: Chromium,
    console: String,
    pub(crate) name: String,
    pub(crate) passphrase: String,
    /// The invitation of the patient who is to come, Robin Vale, as the demo printed it.
    pub(crate) link: String,
    robins_phone: tempfile::TempDir,
    robins_tablet: tempfile::TempDir,
}

impl Day {
    /// Starts the demo on ports of its own, reads its sign-in off what it prints, starts the browser.
    pub(crate) async fn begin() -> Result<Day> {
        let mut demo = Program::start("demo", &["--port", "0"])?;
        let console = demo.until(|line| told(line, "Console")).await?;
        let name = demo.until(|line| told(line, "Sign in")).await?;
        let passphrase = demo.until(|line| told(line, "Passphrase")).await?;
        let link = demo
            .until(|line| {
                Some(
                    line.split_once("pair '")?
                        .1
                        .trim_end_matches('\'')
                        .to_owned(),
                )
            })
            .await?;
        let chromium = Chromium::launch().await?;
        let console = console.trim_end_matches('/').to_owned();
        Ok(Day {
            demo,
            chromium,
            console,
            name,
            passphrase,
            link,
            robins_phone: tempfile::tempdir()?,
            robins_tablet: tempfile::tempdir()?,
        })
    }

    /// An address of the console.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.console)
    }

    /// A tab that has signed in, on the caseload.
    pub(crate) async fn signed_in(&self, look: Look) -> Result<Tab> {
        let tab = self.chromium.tab(look).await?;
        tab.go(&self.at("/sign-in")).await?;
        tab.fill("#name", &self.name).await?;
        tab.fill("#passphrase", &self.passphrase).await?;
        tab.follow("main form button").await?;
        tab.until_it_says("patients shown").await?;
        Ok(tab)
    }

    /// The path of a patient's page, found on the caseload by the beginning of the name.
    pub(crate) async fn patient(&self, tab: &Tab, name: &str) -> Result<String> {
        tab.go(&self.at("/")).await?;
        let name = name.to_owned();
        let link = format!(
            "[...document.querySelectorAll('.case h2 a')].find(a => a.innerText.startsWith({name:?}))?.pathname"
        );
        tab.text_of(&link).await
    }

    /// The path of the first entry on a patient's page (a path or an address) that nobody reviewed.
    pub(crate) async fn entry_of(&self, tab: &Tab, patient: &str) -> Result<String> {
        let address = if patient.starts_with('/') {
            self.at(patient)
        } else {
            patient.to_owned()
        };
        tab.go(&address).await?;
        tab.text_of(
            "[...document.querySelectorAll('.item.entry')].filter(e => e.querySelector('.badge.review')) \
             .map(e => e.querySelector('h3 a').pathname)[0]",
        )
        .await
    }

    /// Goes on by Tab until the keyboard is on something described so.
    pub(crate) async fn tab_to(&self, tab: &Tab, described: &str) -> Result<()> {
        for _ in 0..STOPS {
            tab.press(Key::Tab).await?;
            if tab.focus().await?.contains(described) {
                return Ok(());
            }
        }
        Err(format!(
            "the keyboard never came to {described}; the page says:\n{}",
            tab.words().await?
        )
        .into())
    }

    /// The folder of a phone of the story, told by what the demo says of its person. In the order in which it says so.
    pub(crate) async fn phone_of(&mut self, is: &str) -> Result<String> {
        let of_it = |line: &str| {
            let (command, said) = line.split_once(" list   # ")?;
            let (_, folder) = command.split_once("--data ")?;
            (said == is).then(|| folder.to_owned())
        };
        self.demo.until(of_it).await
    }

    /// Robin's phone, in the terminal.
    pub(crate) async fn phone(&self, arguments: &[&str]) -> Result<String> {
        let folder = self
            .robins_phone
            .path()
            .to_str()
            .ok_or("a folder without a name")?;
        run("phone", &[&["--data", folder], arguments].concat()).await
    }

    /// Robin's second device.
    pub(crate) async fn tablet(&self, arguments: &[&str]) -> Result<String> {
        let folder = self.robins_tablet.path().to_str();
        let folder = folder.ok_or("a folder without a name")?;
        run("phone", &[&["--data", folder], arguments].concat()).await
    }

    /// The clinic invites a new phone of Robin, who has one already, and it comes.
    pub(crate) async fn comes_again(&self, tab: &Tab, invitation: &str) -> Result<()> {
        self.phone(&["devices", "name", "Robin's old phone"])
            .await?;
        self.phone(&["sync"]).await?;
        tab.go(&self.at(invitation)).await?;
        tab.follow("form[action$='/reinvite'] button").await?;
        let link = tab.text_of("document.querySelector('#link').value").await?;
        self.tablet(&["pair", &link]).await?;
        tab.until_it_says("which will be removed").await
    }

    /// Looks at one screen in every look, and tells all that is wrong with it.
    pub(crate) async fn judge(&self, screen: &str, path: &str) -> Result<Vec<String>> {
        self.judge_with(screen, path, None).await
    }

    /// As [`Day::judge`], of a state that the demo never comes into: the snapshot that the view's own test keeps
    /// of it stands in the place of the page's words.
    pub(crate) async fn judge_snapshot(
        &self,
        screen: &str,
        path: &str,
        snapshot: &str,
    ) -> Result<Vec<String>> {
        let within = snapshot
            .split_once("<main")
            .and_then(|(_, main)| main.split_once('>'));
        let (_, main) = within.ok_or("the snapshot is no page")?;
        let (main, _) = main.split_once("</main>").ok_or("the page has no end")?;
        self.judge_with(screen, path, Some(main)).await
    }

    async fn judge_with(
        &self,
        screen: &str,
        path: &str,
        instead: Option<&str>,
    ) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        for look in Look::ALL {
            let tab = self.chromium.tab(look).await?;
            tab.go(&self.at(path)).await?;
            if let Some(main) = instead {
                tab.evaluate(&format!(
                    "document.querySelector('main').innerHTML = {main:?}"
                ))
                .await?;
            }
            // That a page which does not exist answers 404 is as it should be.
            let expected = (screen == "not-found").then_some("404");
            faults.extend(self.judge_tab(tab, screen, expected).await?);
        }
        Ok(faults)
    }

    /// Judges what a page answers to a form of it that is refused: in every look `spoil` makes of the form what will
    /// be refused, and `button` sends it. The browser notes the `status` of the answer.
    pub(crate) async fn judge_refused(
        &self,
        screen: &str,
        path: &str,
        spoil: &str,
        button: &str,
        status: &str,
    ) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        for look in Look::ALL {
            let tab = self.chromium.tab(look).await?;
            tab.go(&self.at(path)).await?;
            tab.unfold().await?;
            tab.evaluate(spoil).await?;
            tab.follow(button).await?;
            faults.extend(self.judge_tab(tab, screen, Some(status)).await?);
        }
        Ok(faults)
    }

    /// Looks at the page that a tab is on, and tells all that is wrong with it.
    async fn judge_tab(
        &self,
        tab: Tab,
        screen: &str,
        expected: Option<&str>,
    ) -> Result<Vec<String>> {
        let look = tab.look().name();
        self.keep_picture(&tab, screen).await?;
        tab.unfold().await?;
        let mut found = tab.violations().await?;
        found.extend(tab.sticks_out().await?);
        if let Err(error) = tab.keyboard_walk().await {
            found.push(error.to_string());
        }
        let is_expected = |line: &String| expected.is_some_and(|status| line.contains(status));
        let complaints = tab.complaints();
        found.extend(complaints.into_iter().filter(|line| !is_expected(line)));
        tab.close().await?;
        let found = found.into_iter();
        Ok(found
            .map(|fault| format!("{screen} {look}: {fault}"))
            .collect())
    }

    /// Leaves a picture for a person to look at.
    pub(crate) async fn keep_picture(&self, tab: &Tab, screen: &str) -> Result<()> {
        let name = format!("{screen}-{}.png", tab.look().name());
        tab.picture(&self.pictures()?.join(name)).await
    }

    /// Where pictures are left: in the target folder, wherever that is.
    pub(crate) fn pictures(&self) -> Result<PathBuf> {
        let test = std::env::current_exe()?;
        let target = test.ancestors().nth(3).ok_or("the test lies nowhere")?;
        Ok(target.join("browser-pictures"))
    }

    /// Closes the browser and ends the demo.
    pub(crate) async fn end(self) -> Result<()> {
        self.chromium.close().await?;
        self.demo.end().await
    }
}

/// `  Console     http://…` as label and value.
fn told(line: &str, label: &str) -> Option<String> {
    let value = line.trim().strip_prefix(label)?;
    value.starts_with("  ").then(|| value.trim().to_owned())
}
