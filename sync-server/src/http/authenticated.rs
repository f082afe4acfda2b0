//! Who signed a request. Nothing that needs a member runs without passing here.
//!
//! The order is the point: the signature, which covers the body's digest, then the nonce, then the
//! rate of the key, then whatever the route asks of the caller, and only then the first byte of the
//! body. So a stranger costs one signature, and nobody holds more memory than a key's share.

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, HOST};
use axum::http::request;
use companion_protocol::api::{ErrorCode, MAX_BODY};
use companion_protocol::id::MemberId;
use companion_protocol::request::{
    CONTENT_DIGEST, ExpectedBody, Head, SIGNATURE, SIGNATURE_INPUT, Signed, WINDOW_SECONDS,
};
use futures_util::StreamExt;

use super::App;
use crate::limits::{Full, Holder, Peer, Seen, Share};
use crate::refusal::Refusal;

/// A request whose signer is known, its body still unread.
pub(super) struct Caller {
    pub(super) member: MemberId,
    peer: Option<Peer>,
    announced: Option<u64>,
    expected: ExpectedBody,
    body: Body,
}

/// A body that is the one that was signed, and the room that it takes up.
pub(super) struct Arrived {
    pub(super) member: MemberId,
    pub(super) body: Vec<u8>,
    _share: Share,
}

impl FromRequest<App> for Caller {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let peer = head.extensions.get::<Peer>().copied();
        match signer(&head, app) {
            Ok((member, expected)) => Ok(Self {
                member,
                peer,
                announced: announced(&head),
                expected,
                body,
            }),
            Err(refusal) => {
                drain(body, Holder { peer, member: None }, app);
                Err(refusal)
            }
        }
    }
}

impl Caller {
    /// Whose share anything counts against that is held for this request.
    pub(super) fn holder(&self) -> Holder {
        Holder {
            peer: self.peer,
            member: Some(self.member),
        }
    }

    /// The caller, with what the route found out about it before reading its body; or the refusal.
    pub(super) fn judged<T>(
        self,
        judged: Result<T, Refusal>,
        app: &App,
    ) -> Result<(Self, T), Refusal> {
        match judged {
            Ok(found) => Ok((self, found)),
            Err(refusal) => Err(self.turned_away(refusal, app)),
        }
    }

    /// The refusal of a caller whose body is not wanted.
    fn turned_away(self, refusal: Refusal, app: &App) -> Refusal {
        let holder = self.holder();
        drain(self.body, holder, app);
        refusal
    }

    /// The body, at most `limit` bytes, held to its digest.
    pub(super) async fn read(self, limit: usize, app: &App) -> Result<Arrived, Refusal> {
        let mut share = app.bodies.empty(self.holder());
        let announced = self.announced.unwrap_or(0);
        if usize::try_from(announced).map_or(true, |length| length > limit) {
            return Err(self.turned_away(too_large(limit), app));
        }
        if let Err(full) = share.has_room(announced) {
            return Err(self.turned_away(no_room(full), app));
        }
        let member = self.member;
        let reading = arrive(
            self.body.into_data_stream(),
            self.expected,
            limit,
            announced,
            &mut share,
            app,
        );
        let patience = app.config.limits.body_timeout;
        let body = tokio::time::timeout(patience, reading)
            .await
            .unwrap_or_else(|_| {
                Err(Refusal::new(ErrorCode::Timeout, "the body took too long").retry_after(1))
            })?;
        Ok(Arrived {
            member,
            body,
            _share: share,
        })
    }

    /// For routes that take no body.
    pub(super) async fn nothing(self, app: &App) -> Result<MemberId, Refusal> {
        self.read(0, app).await.map(|arrived| arrived.member)
    }
}

/// Takes a body piece by piece, each paid for before it is kept.
async fn arrive(
    mut pieces: BodyDataStream,
    mut expected: ExpectedBody,
    limit: usize,
    announced: u64,
    share: &mut Share,
    app: &App,
) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0).min(limit));
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Refusal::bad("the body ended too early"))?;
        if body.len().saturating_add(piece.len()) > limit {
            return Err(too_large(limit));
        }
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        share.grow(length).map_err(no_room)?;
        app.counter.read(piece.len());
        expected.update(&piece);
        body.extend_from_slice(&piece);
    }
    expected
        .finish()
        .map_err(|why| unauthenticated(why.to_string()))?;
    Ok(body)
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        ErrorCode::TooLarge,
        "the body is larger than this route takes",
    )
    .with("limit", limit)
}

fn no_room(full: Full) -> Refusal {
    full_of(full, "too many bodies are on their way; try again").retry_after(1)
}

/// The refusal where something limited is held already: by the caller itself, or by all.
pub(super) fn full_of(full: Full, message: &str) -> Refusal {
    match full {
        Full::Yours => Refusal::new(ErrorCode::RateLimited, message),
        Full::All => Refusal::unavailable(message),
    }
}

fn now_seconds(app: &App) -> u64 {
    u64::try_from(app.relay.clock.now_ms() / 1000).unwrap_or(0)
}

fn unauthenticated(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::Unauthenticated, message)
}

/// The signer, once its signature, nonce and rate are good, and what the body must be.
fn signer(head: &request::Parts, app: &App) -> Result<(MemberId, ExpectedBody), Refusal> {
    let signed = claimed(head, app)?;
    let authority = authority(head)?;
    app.counter.signatures(1);
    let verified = signed
        .verify_head(Head {
            method: head.method.as_str(),
            authority: &authority,
            path: head.uri.path(),
            query: head.uri.query().unwrap_or_default(),
        })
        .map_err(|why| unauthenticated(why.to_string()))?;
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
    Ok((verified.member, signed.body()))
}

/// What the headers claim: well formed, for this server, and of about now.
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

fn announced(head: &request::Parts) -> Option<u64> {
    head.headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse().ok())
}

/// Reads and forgets a refused body for a while, beside the answer, so that an honest client gets to
/// see the refusal instead of a broken connection. Where too many are read so already, the connection
/// breaks.
fn drain(body: Body, holder: Holder, app: &App) {
    if body.is_end_stream() {
        return;
    }
    let Ok(share) = app.drains.take(holder, 1) else {
        return;
    };
    let (patience, counter) = (app.config.limits.header_timeout, app.counter.clone());
    tokio::spawn(async move {
        let _share = share;
        let forgotten = async {
            let (mut pieces, mut left) = (body.into_data_stream(), MAX_BODY);
            while let Some(Ok(piece)) = pieces.next().await {
                counter.discarded(piece.len());
                let Some(rest) = left.checked_sub(piece.len()) else {
                    break;
                };
                left = rest;
            }
        };
        let _ = tokio::time::timeout(patience, forgotten).await;
    });
}
