//! What anybody may know of this server.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use companion_protocol::api::{
    Info, Limits, MAX_BLOB, MAX_BLOBS, MAX_BODY, MAX_PART, MAX_PULL, MAX_PUSH,
};
use companion_protocol::change::MAX_CHANGE;

use super::{App, answer};

/// The description of the interface, written by hand and held to the routes by a test.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

pub(super) async fn info(State(app): State<App>) -> Response {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    answer::json(
        StatusCode::OK,
        &Info {
            version: 1,
            incarnation: app.relay.life.incarnation,
            time_ms: app.relay.clock.now_ms(),
            limits: Limits {
                body_bytes: number(MAX_BODY),
                change_bytes: number(MAX_CHANGE),
                push_changes: number(MAX_PUSH),
                pull_changes: number(MAX_PULL),
                blob_bytes: MAX_BLOB,
                part_bytes: number(MAX_PART),
                space_blobs: number(MAX_BLOBS),
                ended_days: app.relay.ended_days.into(),
            },
        },
    )
}

pub(super) async fn openapi() -> Response {
    answer::text_as_json(OPENAPI)
}
