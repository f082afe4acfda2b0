//! Whether the process lives, and whether it can do its work.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{App, answer};
use crate::refusal::Refusal;

/// A write that takes longer than this is as good as failed.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn livez() -> Response {
    parting(answer::json(StatusCode::OK, &json!({ "alive": true })))
}

/// Nothing else is asked over a connection of a health check, and nobody keeps one by it.
fn parting(mut answer: Response) -> Response {
    answer
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// Ready means: a write goes through, the disk has room, no damage was met, and the server is not
/// saturated (for then the probe itself is turned away).
pub(super) async fn readyz(State(app): State<App>) -> Response {
    parting(ready(&app).await.unwrap_or_else(Refusal::into_response))
}

async fn ready(app: &App) -> Result<Response, Refusal> {
    let data = app.config.data.clone();
    let least = app.config.limits.least_free_bytes;
    let look = app.work(move |relay| {
        if !relay.storage.sound() {
            return Err(Refusal::unavailable("the database is damaged"));
        }
        let disk = rustix::fs::statvfs(&data)
            .map_err(|_| Refusal::unavailable("the disk can't be looked at"))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < least {
            return Err(Refusal::unavailable("the disk is nearly full"));
        }
        relay.storage.probe().map_err(Refusal::from)
    });
    tokio::time::timeout(PATIENCE, look)
        .await
        .unwrap_or_else(|_| Err(Refusal::unavailable("a write takes too long")))?;
    Ok(answer::json(StatusCode::OK, &json!({ "ready": true })))
}
