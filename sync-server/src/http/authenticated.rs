//! Who signed a request. Nothing that needs a member runs without passing here.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, HOST};
use axum::http::request;
use companion_protocol::api::ErrorCode;
use companion_protocol::id::MemberId;
use companion_protocol::request::{
    Authenticated, CONTENT_DIGEST, Parts, SIGNATURE, SIGNATURE_INPUT, Signed, WINDOW_SECONDS,
};

use super::App;
use crate::limits::Seen;
use crate::refusal::Refusal;

/// Bodies beyond this are hashed away from the threads that serve the network.
const HASHED_INLINE: usize = 64 * 1024;
/// How much of a refused body is read and thrown away, so that the client gets to see the refusal
/// instead of a broken connection.
const DRAINED: usize = 16 * 1024 * 1024;

/// A request with its signer, its body at most `LIMIT` bytes.
pub(super) struct Caller<const LIMIT: usize> {
    pub(super) member: MemberId,
    pub(super) body: Bytes,
}

impl<const LIMIT: usize> FromRequest<App> for Caller<LIMIT> {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let signed = match claimed(&head, app) {
            Ok(signed) => signed,
            Err(refusal) => {
                drain(body, app);
                return Err(refusal);
            }
        };
        let body = read(&head, body, LIMIT, app).await?;
        let verified = if body.len() > HASHED_INLINE {
            let (head, body) = (head.clone(), body.clone());
            app.work(move |_| verify(&head, &signed, &body)).await?
        } else {
            verify(&head, &signed, &body)?
        };
        match app.nonces.check(&verified, now_seconds(app)) {
            Seen::New => {}
            Seen::Before => {
                return Err(Refusal::new(
                    ErrorCode::Replayed,
                    "this request was answered before",
                ));
            }
            Seen::NoRoom => {
                return Err(Refusal::unavailable(
                    "too many requests are remembered just now",
                ));
            }
        }
        app.members
            .check(&verified.member)
            .map_err(super::guard::too_many)?;
        Ok(Self {
            member: verified.member,
            body,
        })
    }
}

fn now_seconds(app: &App) -> u64 {
    u64::try_from(app.relay.clock.now_ms() / 1000).unwrap_or(0)
}

fn unauthenticated(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::Unauthenticated, message)
}

/// What the headers claim: well formed, for this server, and of about now. Checked before a byte of
/// the body is read.
fn claimed(head: &request::Parts, app: &App) -> Result<Signed, Refusal> {
    let signed = Signed::parse(
        only(head, CONTENT_DIGEST)?,
        only(head, SIGNATURE_INPUT)?,
        only(head, SIGNATURE)?,
    )
    .map_err(|why| unauthenticated(why.to_string()))?;
    let authority = authority(head)?;
    let ours = &app.config.authorities;
    if !ours.is_empty()
        && !ours
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&authority))
    {
        return Err(unauthenticated("the request is for another server"));
    }
    if signed.claimed().created.abs_diff(now_seconds(app)) > WINDOW_SECONDS {
        return Err(Refusal::new(
            ErrorCode::ClockSkew,
            "the request's time is too far from the server's",
        )
        .with("server_time_ms", app.relay.clock.now_ms()));
    }
    Ok(signed)
}

/// A header that may stand there once.
fn only<'a>(head: &'a request::Parts, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = head.headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str());
    if values.next().is_some() {
        return Err(unauthenticated(
            "a header of the signature stands there twice",
        ));
    }
    first
        .transpose()
        .map_err(|_| unauthenticated("a header of the signature is not text"))
}

/// The name that the client called: the authority of HTTP/2, `Host` of HTTP/1.1.
fn authority(head: &request::Parts) -> Result<String, Refusal> {
    let host = match head.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => only(head, HOST.as_str())?,
    };
    host.map(str::to_ascii_lowercase)
        .ok_or_else(|| Refusal::bad("the request names no host"))
}

fn verify(head: &request::Parts, signed: &Signed, body: &[u8]) -> Result<Authenticated, Refusal> {
    let authority = authority(head)?;
    signed
        .verify(Parts {
            method: head.method.as_str(),
            authority: &authority,
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
            body,
        })
        .map_err(|why| unauthenticated(why.to_string()))
}

async fn read(
    head: &request::Parts,
    body: Body,
    limit: usize,
    app: &App,
) -> Result<Bytes, Refusal> {
    let too_large = || {
        Refusal::new(
            ErrorCode::TooLarge,
            "the body is larger than this route takes",
        )
        .with("limit", limit)
    };
    let announced = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |n| n > limit)) {
        drain(body, app);
        return Err(too_large());
    }
    let reading = axum::body::to_bytes(body, limit);
    match tokio::time::timeout(app.config.limits.body_timeout, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(why)) if is_length_limit(&why) => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::bad("the body ended too early")),
        Err(_) => Err(Refusal::new(ErrorCode::Timeout, "the body took too long").retry_after(1)),
    }
}

fn is_length_limit(why: &axum::Error) -> bool {
    let mut cause = std::error::Error::source(why);
    while let Some(why) = cause {
        if why.to_string().contains("length limit") {
            return true;
        }
        cause = why.source();
    }
    false
}

/// Reads and forgets a refused body for a while, beside the answer.
fn drain(body: Body, app: &App) {
    let patience = app.config.limits.header_timeout;
    tokio::spawn(async move {
        let forgotten = async {
            use futures_util::StreamExt;
            let (mut chunks, mut left) = (body.into_data_stream(), DRAINED);
            while let Some(Ok(chunk)) = chunks.next().await {
                let Some(rest) = left.checked_sub(chunk.len()) else {
                    break;
                };
                left = rest;
            }
        };
        let _ = tokio::time::timeout(patience, forgotten).await;
    });
}
