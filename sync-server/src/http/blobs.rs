//! Blobs, part by part.

use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request;
use axum::response::Response;
use companion_protocol::api::{ErrorCode, MAX_PART};
use companion_protocol::id::{BlobId, SpaceId};

use super::authenticated::Caller;
use super::query::{self, no_query, numbers};
use super::spaces::Space;
use super::{App, answer};
use crate::refusal::Refusal;
use crate::relay::Place;

/// The blob that the path names. Both names are hexadecimal digits and nothing else, so that neither leads
/// anywhere but to its own file.
pub(super) struct Blob {
    space: SpaceId,
    blob: BlobId,
}

impl FromRequestParts<App> for Blob {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut request::Parts, app: &App) -> Result<Self, Refusal> {
        let unknown = || Refusal::new(ErrorCode::NotFound, "there is no such route");
        let Path((space, blob)) = Path::<(String, String)>::from_request_parts(head, app)
            .await
            .map_err(|_| unknown())?;
        Ok(Self {
            space: space.parse().map_err(|_| unknown())?,
            blob: blob.parse().map_err(|_| unknown())?,
        })
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let member = caller.nothing(&app).await?;
    app.work(move |relay| {
        let blobs = relay.blobs(member, space)?;
        Ok(answer::json(StatusCode::OK, &blobs))
    })
    .await
}

pub(super) async fn give(
    State(app): State<App>,
    Blob { space, blob }: Blob,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    let [from, size] = numbers(query.as_deref(), ["from", "size"])?;
    let (Some(from), Some(size)) = (from, size) else {
        return Err(Refusal::bad(
            "a part says where it begins, and how many bytes the whole has",
        ));
    };
    let place = Place {
        space,
        blob,
        from,
        size,
    };
    let member = caller.member;
    let judged = app.work(move |relay| relay.may_give(member, place)).await;
    let (caller, ()) = caller.judged(judged, &app)?;
    let mut asked = caller.read(MAX_PART, &app).await?;
    let state = app
        .work(move |relay| {
            let part = std::mem::take(&mut asked.body);
            // `asked` holds the share of the body until it is on the disk.
            relay.give(asked.member, place, part)
        })
        .await?;
    Ok(answer::json(StatusCode::OK, &state))
}

pub(super) async fn read(
    State(app): State<App>,
    Blob { space, blob }: Blob,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    let [from, limit] = numbers(query.as_deref(), ["from", "limit"])?;
    let from = from.unwrap_or(0);
    let limit = query::limit(limit, MAX_PART, "a part has 1 to 524288 bytes")?;
    let holder = caller.holder();
    let member = caller.nothing(&app).await?;
    let part = app
        .work(move |relay| relay.read_blob(member, space, blob, from, limit))
        .await?;
    answer::page(part, holder, &app)
}

pub(super) async fn delete(
    State(app): State<App>,
    Blob { space, blob }: Blob,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let member = caller.nothing(&app).await?;
    app.work(move |relay| {
        let left = relay.delete_blob(member, space, blob)?;
        Ok(answer::json(StatusCode::OK, &left))
    })
    .await
}
