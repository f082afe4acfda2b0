//! Spaces, their chains and their logs.

use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request;
use axum::response::Response;
use companion_protocol::api::{ErrorCode, MAX_BODY};
use companion_protocol::id::{LogNumber, SpaceId};
use companion_protocol::statement::MAX_STATEMENT;

use super::authenticated::Caller;
use super::{App, answer};
use crate::refusal::Refusal;

/// Room for a founding statement and a grant.
const MAX_FOUNDING: usize = MAX_STATEMENT + 4096;

/// The space that the path names.
pub(super) struct Space(SpaceId);

impl FromRequestParts<App> for Space {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut request::Parts, app: &App) -> Result<Self, Refusal> {
        let unknown = || Refusal::new(ErrorCode::NotFound, "there is no such route");
        let Path(text) = Path::<String>::from_request_parts(head, app)
            .await
            .map_err(|_| unknown())?;
        text.parse().map(Space).map_err(|_| unknown())
    }
}

/// Reads a query of numbers; a name that the route does not know, or one twice, is refused.
fn numbers<const N: usize>(
    query: Option<&str>,
    names: [&str; N],
) -> Result<[Option<u64>; N], Refusal> {
    let mut values = [None; N];
    for pair in query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let known = pair.split_once('=').and_then(|(name, value)| {
            let slot = names
                .iter()
                .zip(values.iter_mut())
                .find(|(known, _)| **known == name)?
                .1;
            let number = value.parse().ok()?;
            slot.replace(number).is_none().then_some(())
        });
        known.ok_or_else(|| Refusal::bad("the query is not one that this route takes"))?;
    }
    Ok(values)
}

pub(super) async fn list(State(app): State<App>, caller: Caller<0>) -> Result<Response, Refusal> {
    // A clinic has thousands of spaces: written out here, they would hold up the network.
    app.work(move |relay| {
        let heads = relay.spaces(caller.member)?;
        Ok(answer::json(StatusCode::OK, &heads))
    })
    .await
}

pub(super) async fn found(
    State(app): State<App>,
    caller: Caller<MAX_FOUNDING>,
) -> Result<Response, Refusal> {
    let head = app
        .work(move |relay| relay.found(caller.member, &caller.body))
        .await?;
    Ok(answer::json(StatusCode::CREATED, &head))
}

pub(super) async fn chain(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller<0>,
) -> Result<Response, Refusal> {
    let [first] = numbers(query.as_deref(), ["from"])?;
    let first = first.unwrap_or(0);
    let page = app
        .work(move |relay| relay.chain_page(caller.member, space, first))
        .await?;
    Ok(answer::bytes(page.encode()))
}

pub(super) async fn extend(
    State(app): State<App>,
    Space(space): Space,
    caller: Caller<MAX_STATEMENT>,
) -> Result<Response, Refusal> {
    let head = app
        .work(move |relay| relay.extend(caller.member, space, &caller.body))
        .await?;
    Ok(answer::json(StatusCode::CREATED, &head))
}

pub(super) async fn pull(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller<0>,
) -> Result<Response, Refusal> {
    let [after, limit] = numbers(query.as_deref(), ["after", "limit"])?;
    let after = LogNumber(after.unwrap_or(0));
    let page = app
        .work(move |relay| relay.pull(caller.member, space, after, limit))
        .await?;
    Ok(answer::bytes(page.encode()))
}

pub(super) async fn push(
    State(app): State<App>,
    Space(space): Space,
    caller: Caller<MAX_BODY>,
) -> Result<Response, Refusal> {
    let accepted = app
        .work(move |relay| relay.push(caller.member, space, &caller.body))
        .await?;
    Ok(answer::json(StatusCode::OK, &accepted))
}
