//! What a person would trip over: axe-core's rules, and three things that axe does not see.

use serde_json::Value;

use crate::tab::{DESCRIBE, Key};
use crate::{Result, Tab};

/// The axe-core in `vendor/`.
pub const AXE_VERSION: &str = "4.14.1";

const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");

/// WCAG 2.2 up to AA, all that axe knows of it.
const RUN: &str = "axe.run(document, { runOnly: { type: 'tag', values:
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }, resultTypes: ['violations'] })
    .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
        `${rule.id} (${rule.impact}) at ${node.target.join(' ')}: ${node.html.slice(0, 160)}`)))";

/// The control after which a keyboard walk has been round the page.
const LONGEST_WALK: usize = 400;

impl Tab {
    /// What axe-core finds wrong with the page by WCAG 2.2 A and AA.
    ///
    /// # Errors
    ///
    /// When axe itself fails.
    pub async fn violations(&self) -> Result<Vec<String>> {
        // Handed over by the browser's tools, which no content security policy of the page binds.
        if self.evaluate("typeof axe === 'undefined'").await? == Value::Bool(true) {
            self.evaluate(&format!("{AXE};true")).await?;
        }
        Ok(serde_json::from_value(self.evaluate(RUN).await?)?)
    }

    /// Unfolds everything that can be unfolded, so that it is judged too.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn unfold(&self) -> Result<()> {
        self.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            .await?;
        Ok(())
    }

    /// How many pixels the page is wider than the window: a person at 320 px would have to scroll
    /// sideways in each line (WCAG 1.4.10). Names what sticks out.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn sticks_out(&self) -> Result<Vec<String>> {
        let found = self
            .evaluate(&format!("({STICKS_OUT})({DESCRIBE})"))
            .await?;
        Ok(serde_json::from_value(found)?)
    }

    /// Goes round the page by Tab from its start, and says where the keyboard stopped.
    ///
    /// # Errors
    ///
    /// When the keyboard is caught somewhere (WCAG 2.1.2), or stops on something that cannot be seen
    /// or shows no sign of it (2.4.7, 2.4.11).
    pub async fn keyboard_walk(&self) -> Result<Vec<String>> {
        self.evaluate(
            "(() => { document.activeElement?.blur?.(); getSelection().removeAllRanges(); \
             window.walked = new Set(); window.scrollTo(0, 0) })()",
        )
        .await?;
        let mut stops = Vec::new();
        for _ in 0..LONGEST_WALK {
            self.press(Key::Tab).await?;
            let stop = self.evaluate(&format!("({STOP})({DESCRIBE})")).await?;
            let told = |part: &str| stop.get(part).and_then(Value::as_str).map(str::to_owned);
            if let Some(problem) = told("problem") {
                return Err(format!("{problem}; the stops before: {stops:?}").into());
            }
            match told("at") {
                Some(at) => stops.push(at),
                None if stop.get("within").is_some() => {}
                None => break,
            }
        }
        let missed = self.evaluate(&format!("({MISSED})({DESCRIBE})")).await?;
        let missed: Vec<String> = serde_json::from_value(missed)?;
        if !missed.is_empty() {
            return Err(
                format!("the keyboard never reaches {missed:?}; it stops at {stops:?}").into(),
            );
        }
        Ok(stops)
    }
}

/// Elements that reach past the window, unless they lie in something that scrolls by itself (a wide
/// table in its own scroller is allowed).
const STICKS_OUT: &str = "describe => {
    const room = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - room;
    const cards = [...document.querySelectorAll('.card')].filter(card => card.scrollWidth > card.clientWidth)
        .map(card => `what is in ${describe(card)} is ${card.scrollWidth - card.clientWidth} px wider than it`);
    if (over <= 0) return cards;
    const scrolls = element => {
        for (let e = element.parentElement; e && e !== document.body; e = e.parentElement)
            if (getComputedStyle(e).overflowX !== 'visible') return true;
        return false;
    };
    const wide = [...document.body.querySelectorAll('*')]
        .filter(e => e.getBoundingClientRect().right > room + 0.5 && !scrolls(e))
        .slice(0, 8).map(e => `${describe(e)} to ${Math.round(e.getBoundingClientRect().right)} px`);
    return [`the page is ${over} px wider than the window`, ...wide, ...cards];
}";

/// One stop of the keyboard: `{at}`, `{within}` on a part of the same control (day, month, year; what a player has),
/// `{problem}`, or `{}` when the walk is over.
const STOP: &str = "describe => {
    const e = document.activeElement;
    if (!e || e === document.body || e === document.documentElement) return {};
    if (walked.has(e)) {
        if ([...walked].pop() !== e) return {};
        const parts = /^(date|time|month|week)/.test(e.type) || e.matches('audio, video') ? 10 : 0;
        return ++walked.stayed > parts
            ? { problem: `the keyboard is caught at ${describe(e)}` } : { within: true };
    }
    walked.add(e);
    walked.stayed = 0;
    const box = e.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || getComputedStyle(e).visibility === 'hidden')
        return { problem: `the keyboard stops at ${describe(e)}, which nobody sees` };
    const style = getComputedStyle(e);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    if (!ring && style.boxShadow === 'none')
        return { problem: `${describe(e)} does not show that the keyboard is there` };
    const over = document.elementFromPoint(
        Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
        Math.min(Math.max(box.y + Math.min(box.height / 2, 8), 0), innerHeight - 1));
    if (over && !e.contains(over) && !over.contains(e) && !over.closest('label')?.contains(e)
        && over.closest('label')?.control !== e)
        return { problem: `${describe(e)} lies under ${describe(over)} while the keyboard is there` };
    return { at: describe(e) };
}";

/// Controls that are shown and not disabled, and that the walk did not stop at. Of a group of radio
/// buttons one stop is right.
const MISSED: &str = "describe => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls]')]
    .filter(e => !e.disabled && e.tabIndex >= 0 && e.getClientRects().length
        && getComputedStyle(e).visibility !== 'hidden')
    .filter(e => e.tagName === 'SUMMARY' || !e.closest('details:not([open])'))
    .filter(e => !walked.has(e))
    .filter(e => !(e.type === 'radio' && [...walked].some(w => w.type === 'radio' && w.name === e.name)))
    .map(describe)";
