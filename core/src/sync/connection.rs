//! One signed request and its answer: signing, a wrong clock corrected once, refusals typed.

use std::sync::Arc;

use companion_protocol::api::{
    BINARY, ChainPage, ErrorBody, ErrorCode, INCARNATION_HEADER, NewSpace, PullPage, PushAccepted,
    PushBatch, SpaceHeads, path,
};
use companion_protocol::id::{LogNumber, SpaceId};
use companion_protocol::request::{Parts, sign};
use ed25519_dalek::SigningKey;

use crate::error::{CoreError, Result};
use crate::ports::{Cancel, Method, Request, Response, Transport, random};
use crate::replica::Replica;

/// Who signs a request.
#[derive(Clone, Copy)]
pub(crate) enum Signer<'a> {
    /// This installation.
    Me,
    /// An invite's key, or a recovery code's.
    Key(&'a SigningKey),
}

/// A replica and its way to one server.
pub(crate) struct ServerConnection<'a> {
    pub(crate) replica: &'a Replica,
    transport: Arc<dyn Transport>,
    authority: String,
    cancel: Cancel,
}

impl<'a> ServerConnection<'a> {
    /// A way to the server at `server`, until `cancel` says that nobody waits any more.
    pub(crate) fn open(replica: &'a Replica, server: &str, cancel: &Cancel) -> Result<Self> {
        let network = &replica.ports.network;
        Ok(Self {
            replica,
            transport: network.transport(server)?,
            authority: network.authority(server)?,
            cancel: cancel.clone(),
        })
    }

    fn send(
        &self,
        signer: Signer<'_>,
        method: Method,
        path: &str,
        query: &str,
        body: &[u8],
    ) -> Result<Response> {
        let mut corrected = false;
        loop {
            let mut request = Request::new(method, path);
            request.query = query.to_owned();
            if !body.is_empty() {
                request
                    .headers
                    .push(("content-type".to_owned(), BINARY.to_owned()));
            }
            request.body = body.to_vec();
            if self.cancel.is_canceled() {
                return Err(CoreError::Canceled);
            }
            sign_request(self.replica, signer, &self.authority, &mut request);
            let response = self.transport.send(&request, &self.cancel)?;
            if (200..300).contains(&response.status) {
                // A captive portal also answers "200", to anything.
                return match response.header(INCARNATION_HEADER) {
                    Some(_) => Ok(response),
                    None => Err(CoreError::BadAnswer("something else answered".to_owned())),
                };
            }
            let refusal = refusal(&response);
            if let CoreError::Refused {
                code: ErrorCode::ClockSkew,
                detail,
                ..
            } = &refusal
                && !corrected
                && let Some(server_ms) = detail
                    .get("server_time_ms")
                    .and_then(serde_json::Value::as_i64)
            {
                // Our clock is wrong: sign by the server's. Shown times stay the device's own.
                self.replica.correct_clock(server_ms);
                corrected = true;
                continue;
            }
            return Err(refusal);
        }
    }

    /// Where the signer's spaces stand.
    pub(crate) fn heads(&self, signer: Signer<'_>) -> Result<SpaceHeads> {
        json(&self.send(signer, Method::Get, path::SPACES, "", &[])?)
    }

    /// Statements of a chain from `from` on.
    pub(crate) fn chain(&self, signer: Signer<'_>, space: SpaceId, from: u64) -> Result<ChainPage> {
        let query = format!("from={from}");
        let response = self.send(signer, Method::Get, &path::chain(space), &query, &[])?;
        Ok(ChainPage::decode(&response.body)?)
    }

    /// Extends a chain.
    pub(crate) fn extend(&self, space: SpaceId, statement: &[u8]) -> Result<()> {
        self.extend_as(Signer::Me, space, statement)
    }

    /// Extends a chain on behalf of another key.
    pub(crate) fn extend_as(
        &self,
        signer: Signer<'_>,
        space: SpaceId,
        statement: &[u8],
    ) -> Result<()> {
        self.send(signer, Method::Post, &path::chain(space), "", statement)
            .map(drop)
    }

    /// Founds a space.
    pub(crate) fn found(&self, new: &NewSpace) -> Result<()> {
        self.send(Signer::Me, Method::Post, path::SPACES, "", &new.encode())
            .map(drop)
    }

    /// A page of a log.
    pub(crate) fn pull(&self, space: SpaceId, after: LogNumber, limit: usize) -> Result<PullPage> {
        self.pull_as(Signer::Me, space, after, limit)
    }

    /// A page of a log on behalf of another key.
    pub(crate) fn pull_as(
        &self,
        signer: Signer<'_>,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
    ) -> Result<PullPage> {
        let query = format!("after={after}&limit={limit}");
        let response = self.send(signer, Method::Get, &path::changes(space), &query, &[])?;
        Ok(PullPage::decode(&response.body)?)
    }

    /// Stores changes.
    pub(crate) fn push(&self, space: SpaceId, changes: Vec<Vec<u8>>) -> Result<PushAccepted> {
        let body = PushBatch { changes }.encode();
        json(&self.send(Signer::Me, Method::Post, &path::changes(space), "", &body)?)
    }
}

/// Signs a request by the server's clock, as far as it is known.
pub(crate) fn sign_request(
    replica: &Replica,
    signer: Signer<'_>,
    authority: &str,
    request: &mut Request,
) {
    let created = u64::try_from(replica.server_now().unix_ms / 1000).unwrap_or(0);
    let nonce = random(&*replica.ports.rng);
    let parts = Parts {
        method: request.method.as_str(),
        authority,
        path: &request.path,
        query: &request.query,
        body: &request.body,
    };
    let headers = match signer {
        Signer::Me => sign(replica.me.signing_key(), parts, created, &nonce),
        Signer::Key(key) => sign(key, parts, created, &nonce),
    };
    for (name, value) in headers.pairs() {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
}

fn refusal(response: &Response) -> CoreError {
    match serde_json::from_slice::<ErrorBody>(&response.body) {
        Ok(body) => CoreError::Refused {
            code: body.error.code,
            message: body.error.message,
            detail: Box::new(body.error.detail),
        },
        // A captive portal, a proxy's own page: an answer, but not our server's.
        Err(_) => CoreError::BadAnswer(format!("status {}", response.status)),
    }
}

fn json<T: serde::de::DeserializeOwned>(response: &Response) -> Result<T> {
    serde_json::from_slice(&response.body)
        .map_err(|_| CoreError::BadAnswer("it is not in the agreed form".to_owned()))
}
