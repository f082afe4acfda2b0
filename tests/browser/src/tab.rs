//! One tab: go somewhere, press something, wait until something is so, hear what is complained about.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::cdp::browser_protocol::log::{EnableParams, EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EvaluateParams, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::layout::Point;
use chromiumoxide::page::{Page, ScreenshotParams};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::Result;
use crate::chromium::{Look, PATIENCE};

/// The keys that a keyboard walk needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// To the next control.
    Tab,
    /// To the control before.
    BackTab,
    /// Follow a link, send a form.
    Enter,
    /// Press a button.
    Space,
    /// Leave whatever opened.
    Escape,
    /// A letter, as a shortcut.
    Letter(char),
}

impl Key {
    fn parts(self) -> (String, String, i64, Option<String>, i64) {
        match self {
            Key::Tab => ("Tab".into(), "Tab".into(), 9, None, 0),
            Key::BackTab => ("Tab".into(), "Tab".into(), 9, None, 8),
            Key::Enter => ("Enter".into(), "Enter".into(), 13, Some("\r".into()), 0),
            Key::Space => (" ".into(), "Space".into(), 32, Some(" ".into()), 0),
            Key::Escape => ("Escape".into(), "Escape".into(), 27, None, 0),
            Key::Letter(letter) => {
                let upper = letter.to_ascii_uppercase();
                let code = format!("Key{upper}");
                (
                    letter.to_string(),
                    code,
                    i64::from(u32::from(upper)),
                    Some(letter.into()),
                    0,
                )
            }
        }
    }
}

/// A page as a person with one look sees it.
pub struct Tab {
    pub(crate) page: Page,
    look: Look,
    complaints: Arc<Mutex<Vec<String>>>,
}

impl Tab {
    pub(crate) async fn listening(page: Page, look: Look) -> Result<Tab> {
        let complaints = Arc::new(Mutex::new(Vec::new()));
        page.execute(EnableParams::default()).await?;

        let mut entries = page.event_listener::<EventEntryAdded>().await?;
        let heard = Arc::clone(&complaints);
        tokio::spawn(async move {
            while let Some(event) = entries.next().await {
                let entry = &event.entry;
                if matches!(entry.level, LogEntryLevel::Error | LogEntryLevel::Warning) {
                    let address = entry.url.as_deref().unwrap_or_default();
                    note(
                        &heard,
                        format!("{}: {} {address}", entry.source.as_ref(), entry.text),
                    );
                }
            }
        });

        let mut calls = page.event_listener::<EventConsoleApiCalled>().await?;
        let heard = Arc::clone(&complaints);
        tokio::spawn(async move {
            while let Some(call) = calls.next().await {
                if matches!(
                    call.r#type,
                    ConsoleApiCalledType::Error | ConsoleApiCalledType::Warning
                ) {
                    let words = call.args.iter().filter_map(|arg| {
                        arg.value
                            .as_ref()
                            .map(Value::to_string)
                            .or(arg.description.clone())
                    });
                    note(
                        &heard,
                        format!("console: {}", words.collect::<Vec<_>>().join(" ")),
                    );
                }
            }
        });

        let mut thrown = page.event_listener::<EventExceptionThrown>().await?;
        let heard = Arc::clone(&complaints);
        tokio::spawn(async move {
            while let Some(event) = thrown.next().await {
                let details = &event.exception_details;
                let what = details
                    .exception
                    .as_ref()
                    .and_then(|object| object.description.clone());
                note(
                    &heard,
                    format!("exception: {} {}", details.text, what.unwrap_or_default()),
                );
            }
        });
        Ok(Tab {
            page,
            look,
            complaints,
        })
    }

    /// Goes to an address and waits until it has loaded.
    ///
    /// # Errors
    ///
    /// When nothing answers there.
    pub async fn go(&self, address: &str) -> Result<()> {
        self.page.goto(address).await?;
        self.until("the page to load", "document.readyState === 'complete'")
            .await
    }

    /// The address shown now.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn address(&self) -> Result<String> {
        self.text_of("location.href").await
    }

    /// What a script expression gives, promises awaited. Works with JavaScript off too: the browser's
    /// own tools are not the page's scripts.
    ///
    /// # Errors
    ///
    /// When the expression throws.
    pub async fn evaluate(&self, expression: &str) -> Result<Value> {
        let params = EvaluateParams::builder()
            .expression(expression)
            .await_promise(true)
            .return_by_value(true)
            .user_gesture(true)
            .build()?;
        let answer = self.page.execute(params).await?;
        if let Some(details) = &answer.exception_details {
            let what = details
                .exception
                .as_ref()
                .and_then(|object| object.description.clone());
            return Err(format!("{} {}", details.text, what.unwrap_or_default()).into());
        }
        Ok(answer.result.result.value.clone().unwrap_or(Value::Null))
    }

    /// A string from a script expression.
    ///
    /// # Errors
    ///
    /// When the expression throws or gives no string.
    pub async fn text_of(&self, expression: &str) -> Result<String> {
        let value = self.evaluate(expression).await?;
        let text = value
            .as_str()
            .ok_or_else(|| format!("{expression} gave {value}, not a text"))?;
        Ok(text.to_owned())
    }

    /// The words that stand on the page.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn words(&self) -> Result<String> {
        self.text_of("document.body.innerText").await
    }

    /// Waits until a script expression is true, across navigations.
    ///
    /// # Errors
    ///
    /// When it does not come true in time: names `what` was waited for and what the page says instead.
    pub async fn until(&self, what: &str, expression: &str) -> Result<()> {
        let wait = async {
            loop {
                // While one page gives way to the next there is nothing to ask: that is not an answer.
                if let Ok(Value::Bool(true)) = self.evaluate(&format!("!!({expression})")).await {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_ok() {
            return Ok(());
        }
        let address = self.address().await.unwrap_or_default();
        let words = self.words().await.unwrap_or_default();
        Err(format!("waited in vain for {what} at {address}, which says:\n{words}").into())
    }

    /// Waits until the page says these words.
    ///
    /// # Errors
    ///
    /// As [`Tab::until`].
    pub async fn until_it_says(&self, words: &str) -> Result<()> {
        self.until(
            words,
            &format!("document.body.innerText.includes({})", json!(words)),
        )
        .await
    }

    /// Presses the mouse on the first thing that a selector finds.
    ///
    /// # Errors
    ///
    /// When there is nothing, or something else lies over it.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let place = self
            .evaluate(&format!("({CENTER})({})", json!(selector)))
            .await?;
        if let Some(problem) = place.as_str() {
            let words = self.words().await.unwrap_or_default();
            return Err(
                format!("cannot press {selector}: {problem}. The page says:\n{words}").into(),
            );
        }
        let along = |axis: &str| place.get(axis).and_then(Value::as_f64).unwrap_or_default();
        self.page.click(Point::new(along("x"), along("y"))).await?;
        Ok(())
    }

    /// Presses what leads to another page, and waits for that page.
    ///
    /// # Errors
    ///
    /// When there is nothing to press or no page comes.
    pub async fn follow(&self, selector: &str) -> Result<()> {
        self.evaluate("window.before = true").await?;
        self.click(selector).await?;
        self.until(
            "another page",
            "!window.before && document.readyState === 'complete'",
        )
        .await
    }

    /// Types into a field, in place of what stood there.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let focus = format!(
            "(() => {{ const e = document.querySelector({}); if (!e) return false; e.focus(); e.select?.(); \
             return document.activeElement === e }})()",
            json!(selector)
        );
        if self.evaluate(&focus).await? != Value::Bool(true) {
            return Err(format!("no field {selector} that takes the focus").into());
        }
        self.write(text).await
    }

    /// Types where the keyboard is.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn write(&self, text: &str) -> Result<()> {
        self.page.execute(InsertTextParams::new(text)).await?;
        Ok(())
    }

    /// Presses a key, down and up.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn press(&self, key: Key) -> Result<()> {
        let (name, code, number, text, modifiers) = key.parts();
        let event = |kind: DispatchKeyEventType| {
            DispatchKeyEventParams::builder()
                .r#type(kind)
                .key(name.clone())
                .code(code.clone())
                .windows_virtual_key_code(number)
                .modifiers(modifiers)
        };
        let down = match &text {
            Some(text) => event(DispatchKeyEventType::KeyDown).text(text.clone()),
            None => event(DispatchKeyEventType::RawKeyDown),
        };
        self.page.execute(down.build()?).await?;
        self.page
            .execute(event(DispatchKeyEventType::KeyUp).build()?)
            .await?;
        Ok(())
    }

    /// Where the keyboard is: a short description like `button#review "Mark reviewed"`, or `body`
    /// when the page has lost it.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn focus(&self) -> Result<String> {
        self.text_of(&format!("({DESCRIBE})(document.activeElement)"))
            .await
    }

    /// What the page has complained about since it opened: content security policy, failed loads,
    /// exceptions, console errors and warnings.
    pub fn complaints(&self) -> Vec<String> {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The look that this tab was opened with.
    pub fn look(&self) -> Look {
        self.look
    }

    /// Closes the tab.
    ///
    /// # Errors
    ///
    /// When the browser is gone.
    pub async fn close(self) -> Result<()> {
        Ok(self.page.close().await?)
    }

    /// A picture of the window as it is now.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // Not `full_page`: that clears the width which this tab was given.
        let params = ScreenshotParams::builder()
            .format(CaptureScreenshotFormat::Png)
            .build();
        self.page.save_screenshot(params, file).await?;
        Ok(())
    }
}

fn note(complaints: &Mutex<Vec<String>>, line: String) {
    complaints
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(line);
}

const CENTER: &str = "selector => {
    const found = document.querySelector(selector);
    if (!found) return 'nothing matches';
    found.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = found.getClientRects()[0];
    if (!box || !box.width) return 'it is not shown';
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const top = document.elementFromPoint(x, y);
    if (!top || !(found.contains(top) || top.contains(found))) return 'something lies over it';
    return { x, y };
}";

pub(crate) const DESCRIBE: &str = "element => {
    if (!element || element === document.body) return 'body';
    const id = element.id ? '#' + element.id : '';
    const words = (element.getAttribute('aria-label') || element.labels?.[0]?.innerText || element.innerText
        || element.querySelector('img[alt]')?.alt || element.name || '').trim().replace(/\\s+/g, ' ').slice(0, 40);
    return element.tagName.toLowerCase() + id + ' \"' + words + '\"';
}";
