//! One signed request and its answer: signing, a wrong clock corrected once, refusals typed.

use std::cell::Cell;
use std::sync::Arc;

use companion_protocol::api::{
    BINARY, BlobState, Blobs, ChainPage, ChainRun, ErrorBody, ErrorCode, GRANT_HEADER,
    INCARNATION_HEADER, MAX_PART, PullPage, PushAccepted, PushBatch, SpaceHeads, Vouch, path,
};
use companion_protocol::id::{BlobId, LogNumber, SpaceId};
use companion_protocol::request::{Parts, sign};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;

use crate::error::{CoreError, Result};
use crate::ports::{Cancel, Lane, Method, Request, Response, Transport, random};
use crate::replica::Replica;
use crate::report::SyncProgress;
use crate::space::identity::{Handle, Identity};

/// Who signs a request, and over whose connections it goes: those of one identity carry nothing of
/// another's, or the server would see who belongs together.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    key: &'a SigningKey,
    lane: Lane,
}

impl<'a> Signer<'a> {
    /// A member, by its identity in a space.
    pub(crate) fn member(me: &'a Identity, handle: &Handle) -> Self {
        Self::key(me.signing_key(), handle)
    }

    /// Another key that speaks for the same space: an invite's, or recovery words'.
    pub(crate) fn key(key: &'a SigningKey, handle: &Handle) -> Self {
        let lane = Lane::new(*handle.as_bytes());
        Self { key, lane }
    }
}

/// A replica and its way to one server.
pub(crate) struct ServerConnection<'a> {
    pub(crate) replica: &'a Replica,
    address: String,
    authority: String,
    cancel: Cancel,
    tell: Option<&'a dyn Fn(SyncProgress)>,
    so_far: Cell<SyncProgress>,
}

impl<'a> ServerConnection<'a> {
    /// A way to the server at `server`, until `cancel` says that nobody waits any more.
    pub(crate) fn open(replica: &'a Replica, server: &str, cancel: &Cancel) -> Result<Self> {
        let network = &replica.ports.network;
        Ok(Self {
            replica,
            address: server.to_owned(),
            authority: network.authority(server)?,
            cancel: cancel.clone(),
            tell: None,
            so_far: Cell::default(),
        })
    }

    /// The same, told of to whoever wants to hear how far it got.
    pub(crate) fn telling(self, tell: &'a dyn Fn(SyncProgress)) -> Self {
        Self {
            tell: Some(tell),
            ..self
        }
    }

    /// Counts what was done, and tells it.
    pub(super) fn did(&self, count: impl FnOnce(&mut SyncProgress)) {
        let Some(tell) = self.tell else {
            return;
        };
        let mut so_far = self.so_far.get();
        count(&mut so_far);
        if so_far != self.so_far.replace(so_far) {
            tell(so_far);
        }
    }

    fn get(&self, signer: Signer<'_>, path: &str, query: &str) -> Result<Response> {
        let mut request = Request::new(Method::Get, path);
        request.query = query.to_owned();
        self.send(signer, &request)
    }

    fn post(&self, signer: Signer<'_>, path: &str, kind: &str, body: Vec<u8>) -> Result<Response> {
        let mut request = Request::new(Method::Post, path);
        let kind = ("content-type".to_owned(), kind.to_owned());
        request.headers.push(kind);
        request.body = body;
        self.send(signer, &request)
    }

    fn send(&self, signer: Signer<'_>, unsigned: &Request) -> Result<Response> {
        let network = &self.replica.ports.network;
        let transport: Arc<dyn Transport> = network.transport(&self.address, &signer.lane)?;
        let mut corrected = false;
        loop {
            let mut request = unsigned.clone();
            if self.cancel.is_canceled() {
                return Err(CoreError::Canceled);
            }
            sign_request(self.replica, signer, &self.authority, &mut request);
            let response = transport.send(&request, &self.cancel)?;
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

    /// Calls `then` as the member that this installation is in a space.
    fn as_member<T>(
        &self,
        space: SpaceId,
        then: impl FnOnce(Signer<'_>) -> Result<T>,
    ) -> Result<T> {
        let handle = self.replica.row(space)?.handle;
        let me = self.replica.identity(&handle);
        then(Signer::member(&me, &handle))
    }

    /// Where the spaces of whoever has this handle stand.
    pub(crate) fn heads_of(&self, handle: &Handle) -> Result<SpaceHeads> {
        let me = self.replica.identity(handle);
        self.heads(Signer::member(&me, handle))
    }

    /// Whether a sync server answers there: a mistyped address must take nobody off their server. That it does
    /// not know this device yet is an answer.
    pub(crate) fn must_answer(&self, handle: &Handle) -> Result<()> {
        match self.heads_of(handle) {
            Ok(_) | Err(CoreError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Where the signer's spaces stand.
    pub(crate) fn heads(&self, signer: Signer<'_>) -> Result<SpaceHeads> {
        json(&self.get(signer, path::SPACES, "")?)
    }

    /// Statements of a chain from `from` on.
    pub(crate) fn chain(&self, signer: Signer<'_>, space: SpaceId, from: u64) -> Result<ChainPage> {
        let query = format!("from={from}");
        let response = self.get(signer, &path::chain(space), &query)?;
        Ok(ChainPage::decode(&response.body)?)
    }

    /// Statements of a chain from `from` on, for a member.
    pub(crate) fn chain_as_member(&self, space: SpaceId, from: u64) -> Result<ChainPage> {
        self.as_member(space, |me| self.chain(me, space, from))
    }

    /// Extends a chain.
    pub(crate) fn extend(&self, space: SpaceId, statement: &[u8]) -> Result<()> {
        self.as_member(space, |me| self.extend_as(me, space, statement))
    }

    /// Extends a chain by a run.
    pub(crate) fn extend_by(&self, space: SpaceId, run: &ChainRun) -> Result<()> {
        self.as_member(space, |me| {
            self.post(me, &path::chain(space), BINARY, run.encode())
                .map(drop)
        })
    }

    /// Extends a chain on behalf of another key.
    pub(crate) fn extend_as(
        &self,
        signer: Signer<'_>,
        space: SpaceId,
        statement: &[u8],
    ) -> Result<()> {
        let run = ChainRun::one(statement);
        self.post(signer, &path::chain(space), BINARY, run.encode())
            .map(drop)
    }

    /// Founds a space: `grant` says who pays for it.
    pub(crate) fn found(&self, signer: Signer<'_>, grant: &[u8], create: Vec<u8>) -> Result<()> {
        let mut request = Request::new(Method::Post, path::SPACES);
        request.headers = vec![
            ("content-type".to_owned(), BINARY.to_owned()),
            (GRANT_HEADER.to_owned(), BASE64URL_NOPAD.encode(grant)),
        ];
        request.body = create;
        self.send(signer, &request).map(drop)
    }

    /// Says, after the server was restored, that its chain is the one that stands.
    pub(crate) fn vouch(&self, space: SpaceId, vouch: &Vouch) -> Result<()> {
        let body = serde_json::to_vec(vouch).unwrap_or_default();
        self.as_member(space, |me| {
            self.post(me, &path::vouch(space), "application/json", body)
                .map(drop)
        })
    }

    /// A page of a log.
    pub(crate) fn pull(&self, space: SpaceId, after: LogNumber, limit: usize) -> Result<PullPage> {
        self.as_member(space, |me| self.pull_as(me, space, after, limit))
    }

    /// A page of a log of a space that is not kept here yet.
    pub(crate) fn pull_as(
        &self,
        signer: Signer<'_>,
        space: SpaceId,
        after: LogNumber,
        limit: usize,
    ) -> Result<PullPage> {
        let query = format!("after={after}&limit={limit}");
        let response = self.get(signer, &path::changes(space), &query)?;
        Ok(PullPage::decode(&response.body)?)
    }

    /// What the server has of the blobs of a space.
    pub(crate) fn blobs(&self, space: SpaceId) -> Result<Blobs> {
        self.as_member(space, |me| json(&self.get(me, &path::blobs(space), "")?))
    }

    /// Gives a part of a blob: which, where the part begins, and how many bytes the whole has.
    pub(crate) fn give_part(
        &self,
        space: SpaceId,
        (blob, from, size): (BlobId, u64, u64),
        part: Vec<u8>,
    ) -> Result<BlobState> {
        let mut request = Request::new(Method::Post, path::blob(space, blob));
        request.query = format!("from={from}&size={size}");
        let kind = ("content-type".to_owned(), BINARY.to_owned());
        request.headers.push(kind);
        request.body = part;
        self.as_member(space, |me| json(&self.send(me, &request)?))
    }

    /// The bytes of a blob from there on, at most a part of them.
    pub(crate) fn blob_part(&self, space: SpaceId, blob: BlobId, from: u64) -> Result<Vec<u8>> {
        let query = format!("from={from}&limit={MAX_PART}");
        let path = path::blob(space, blob);
        self.as_member(space, |me| Ok(self.get(me, &path, &query)?.body))
    }

    /// Lets a blob go.
    pub(crate) fn delete_blob(&self, space: SpaceId, blob: BlobId) -> Result<()> {
        let request = Request::new(Method::Delete, path::blob(space, blob));
        self.as_member(space, |me| self.send(me, &request).map(drop))
    }

    /// Stores changes.
    pub(crate) fn push(&self, space: SpaceId, changes: Vec<Vec<u8>>) -> Result<PushAccepted> {
        let body = PushBatch { changes }.encode();
        self.as_member(space, |me| {
            json(&self.post(me, &path::changes(space), BINARY, body)?)
        })
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
    let headers = sign(signer.key, parts, created, &nonce);
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
