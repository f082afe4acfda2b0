//! What the drawn screen of a phone needs beyond a page: all of it in view, and targets that a thumb hits.

use chromiumoxide::cdp::browser_protocol::emulation::SetDeviceMetricsOverrideParams;
use serde_json::Value;

use crate::{Result, Tab};

impl Tab {
    /// Makes the window as tall as the page, at two pixels for each point, as a phone has it.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn show_all_of_it(&self) -> Result<()> {
        let height = self
            .evaluate("document.querySelector('main').scrollHeight")
            .await?;
        let metrics = SetDeviceMetricsOverrideParams::builder()
            .width(self.look().width)
            .height(height.as_i64().unwrap_or(900))
            .device_scale_factor(2.0)
            .mobile(false)
            .build()?;
        self.page.execute(metrics).await?;
        Ok(())
    }

    /// Controls that are lower or narrower than so many points. A row of a list is tapped anywhere.
    ///
    /// # Errors
    ///
    /// When the tab is gone.
    pub async fn small_targets(&self, least: u32) -> Result<Vec<String>> {
        let found: Value = self.evaluate(&format!("({SMALL})({least})")).await?;
        Ok(serde_json::from_value(found)?)
    }
}

const SMALL: &str = "least => [...document.querySelectorAll('[role=button], [role=textbox]')]
    .filter(each => !each.closest('[aria-hidden=true]') && each.getClientRects().length)
    .map(each => {
        const row = each.closest('.row') || each;
        const { width, height } = row.getBoundingClientRect();
        const name = each.getAttribute('aria-label') || each.textContent.trim();
        return { name: name.slice(0, 40), width: Math.round(width), height: Math.round(height) };
    })
    .filter(({ width, height }) => width < least || height < least)
    .map(({ name, width, height }) => `“${name}” is ${width} by ${height}`)";
