//! Spaces, their chains and their logs.

use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::request;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use companion_protocol::api::{ErrorCode, GRANT_HEADER, MAX_BODY, MAX_PULL, SpaceHead, Vouch};
use companion_protocol::id::{LogNumber, SpaceId};
use companion_protocol::statement::MAX_STATEMENT;
use data_encoding::BASE64URL_NOPAD;

use super::authenticated::Caller;
use super::query::{self, no_query, numbers};
use super::{App, answer};
use crate::refusal::Refusal;
use crate::relay::Offerer;

/// Room for a vouch, however it is spaced.
const MAX_VOUCH: usize = 1024;

/// The space that the path names.
pub(super) struct Space(pub(super) SpaceId);

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

/// What a founding brings as its grant. Looked at only once the signature is known to be good.
pub(super) struct GrantHeader(Vec<HeaderValue>);

impl FromRequestParts<App> for GrantHeader {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut request::Parts, _: &App) -> Result<Self, Refusal> {
        let values = head.headers.get_all(GRANT_HEADER).iter();
        Ok(Self(values.cloned().collect()))
    }
}

impl GrantHeader {
    fn bytes(&self) -> Result<Vec<u8>, Refusal> {
        match self.0.as_slice() {
            [] => Err(Refusal::bad("the request brings no grant")),
            [only] => BASE64URL_NOPAD
                .decode(only.as_bytes())
                .map_err(|_| Refusal::bad("the grant is not base64url without padding")),
            _ => Err(Refusal::bad("the request brings more than one grant")),
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let member = caller.nothing(&app).await?;
    // A clinic has thousands of spaces: written out here, they would hold up the network.
    app.work(move |relay| {
        let heads = relay.spaces(member)?;
        Ok(answer::json(StatusCode::OK, &heads))
    })
    .await
}

pub(super) async fn found(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    grant: GrantHeader,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let signer = caller.member;
    let judged = match grant.bytes() {
        Ok(grant) => app.work(move |relay| relay.may_found(signer, &grant)).await,
        Err(refusal) => Err(refusal),
    };
    let (caller, grant) = caller.judged(judged, &app)?;
    let asked = caller.read(MAX_STATEMENT, &app).await?;
    let head = app
        .work(move |relay| relay.found(asked.member, &grant, &asked.body))
        .await?;
    Ok(answer::json(StatusCode::CREATED, &head))
}

pub(super) async fn chain(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    let [first] = numbers(query.as_deref(), ["from"])?;
    let first = first.unwrap_or(0);
    let holder = caller.holder();
    let member = caller.nothing(&app).await?;
    let page = app
        .work(move |relay| Ok(relay.chain_page(member, space, first)?.encode()))
        .await?;
    answer::page(page, holder, &app)
}

pub(super) async fn extend(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let signer = caller.member;
    let judged = app.work(move |relay| relay.may_extend(signer, space)).await;
    let (caller, offerer) = caller.judged(judged, &app)?;
    let head = extended(caller, space, offerer, &app)
        .await
        .map_err(|refusal| offerer.told(refusal))?;
    Ok(answer::json(StatusCode::CREATED, &head))
}

async fn extended(
    caller: Caller,
    space: SpaceId,
    offerer: Offerer,
    app: &App,
) -> Result<SpaceHead, Refusal> {
    let asked = caller.read(offerer.limit(), app).await?;
    app.work(move |relay| relay.extend(asked.member, space, &asked.body))
        .await
}

pub(super) async fn vouch(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let member = caller.member;
    let judged = app.work(move |relay| relay.may_vouch(member, space)).await;
    let (caller, ()) = caller.judged(judged, &app)?;
    let asked = caller.read(MAX_VOUCH, &app).await?;
    let vouch: Vouch =
        serde_json::from_slice(&asked.body).map_err(|why| Refusal::bad(why.to_string()))?;
    let head = app
        .work(move |relay| relay.vouch(asked.member, space, vouch))
        .await?;
    Ok(answer::json(StatusCode::OK, &head))
}

pub(super) async fn pull(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    let [after, limit] = numbers(query.as_deref(), ["after", "limit"])?;
    let after = LogNumber(after.unwrap_or(0));
    let limit = query::limit(limit, MAX_PULL, "a page holds 1 to 1024 changes")?;
    let holder = caller.holder();
    let member = caller.nothing(&app).await?;
    let page = app
        .work(move |relay| relay.pull(member, space, after, limit))
        .await?;
    answer::page(page, holder, &app)
}

pub(super) async fn push(
    State(app): State<App>,
    Space(space): Space,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Result<Response, Refusal> {
    no_query(query.as_deref())?;
    let member = caller.member;
    // Nearly always the chain is known here, and looking is nothing.
    let judged = match app.relay.is_writer_lately(member, space) {
        true => Ok(()),
        false => app.work(move |relay| relay.may_push(member, space)).await,
    };
    let (caller, ()) = caller.judged(judged, &app)?;
    let asked = caller.read(MAX_BODY, &app).await?;
    let accepted = app
        .work(move |relay| relay.push(asked.member, space, &asked.body))
        .await?;
    Ok(answer::json(StatusCode::OK, &accepted))
}
