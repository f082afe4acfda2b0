//! A relay in memory that trusts everybody: it keeps chains and logs, knows who is in and who waits, and
//! checks no signature. What a real server refuses is tested where the server is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use companion_core::ports::{
    Cancel, HintRequest, Lane, Method, Network, OnHint, Request, Response, Transport,
    TransportError, WatchHandle,
};
use companion_core::protocol::api::{
    BlobState, Blobs, ChainPage, ChainRun, ErrorBody, ErrorCode, ErrorDetail, INCARNATION_HEADER,
    PullPage, PushAccepted, PushBatch, PushResult, PushStatus, SpaceHead, SpaceHeads,
    UNKNOWN_CLINIC, path,
};
use companion_core::protocol::chain::{Chain, OpenInvite};
use companion_core::protocol::change::SealedChange;
use companion_core::protocol::id::{BlobId, Incarnation, LogNumber, MemberId, SpaceId};
use companion_core::protocol::request::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT, Signed};
use companion_core::protocol::statement::Statement;

#[derive(Clone, Default)]
pub(crate) struct Relay(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_away: bool,
    /// Whether nobody can send a blob.
    holds_blobs_back: bool,
    knows_no_clinic: bool,
    /// How often it was put back from a copy.
    lives: u8,
    spaces: BTreeMap<SpaceId, Space>,
}

/// What the relay held at one time.
pub(crate) struct Copy(BTreeMap<SpaceId, Space>);

#[derive(Clone, Default)]
struct Space {
    statements: Vec<Vec<u8>>,
    log: Vec<Vec<u8>>,
    /// How long each is to be, and what there is of it.
    blobs: BTreeMap<BlobId, (u64, Vec<u8>)>,
}

impl Relay {
    /// From now on nobody reaches it.
    pub(crate) fn go_away(&self) {
        self.0.lock().unwrap().is_away = true;
    }

    /// From now on it takes no grant: nobody registered the clinic.
    pub(crate) fn forget_the_clinic(&self) {
        self.0.lock().unwrap().knows_no_clinic = true;
    }

    /// From now on it takes no blob, or takes them again.
    pub(crate) fn hold_blobs_back(&self, back: bool) {
        self.0.lock().unwrap().holds_blobs_back = back;
    }

    /// What it holds now.
    pub(crate) fn copy(&self) -> Copy {
        Copy(self.0.lock().unwrap().spaces.clone())
    }

    /// It is put back from a copy, and says so.
    pub(crate) fn put_back(&self, copy: Copy) {
        let mut state = self.0.lock().unwrap();
        state.lives += 1;
        state.spaces = copy.0;
    }

    /// Its chain of a space is cut back to so many statements, as `sync-server rewind` does.
    pub(crate) fn rewind(&self, space: SpaceId, statements: usize) {
        let mut state = self.0.lock().unwrap();
        state.lives += 1;
        let space = state.spaces.get_mut(&space).unwrap();
        space.statements.truncate(statements);
    }
}

impl Network for Relay {
    fn transport(&self, _: &str, _: &Lane) -> Result<Arc<dyn Transport>, TransportError> {
        Ok(Arc::new(self.clone()))
    }

    fn authority(&self, _: &str) -> Result<String, TransportError> {
        Ok("sync.test".to_owned())
    }

    fn listen(
        &self,
        _: &str,
        _: &Lane,
        _: HintRequest,
        _: OnHint,
    ) -> Result<WatchHandle, TransportError> {
        Ok(WatchHandle::new(()))
    }
}

impl Transport for Relay {
    fn send(&self, request: &Request, _: &Cancel) -> Result<Response, TransportError> {
        let mut state = self.0.lock().unwrap();
        if state.is_away {
            return Err(TransportError::Unreachable);
        }
        if state.holds_blobs_back && request.path.contains("/blobs/") {
            return Err(TransportError::Interrupted);
        }
        let is_founding = request.method == Method::Post && request.path == path::SPACES;
        let answer = if is_founding && state.knows_no_clinic {
            Err(ErrorCode::GrantUnusable)
        } else {
            state.answer(request)
        };
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(code) => {
                let mut detail = serde_json::Map::new();
                if code == ErrorCode::GrantUnusable {
                    detail.insert("reason".to_owned(), UNKNOWN_CLINIC.into());
                }
                let error = ErrorDetail {
                    code,
                    message: "no".to_owned(),
                    detail,
                };
                let body = serde_json::to_vec(&ErrorBody { error }).unwrap();
                (code.status(), body)
            }
        };
        let life = (INCARNATION_HEADER.to_owned(), state.life().to_string());
        Ok(Response {
            status,
            headers: vec![life],
            body,
        })
    }
}

impl State {
    fn life(&self) -> Incarnation {
        Incarnation::new([self.lives; Incarnation::LENGTH])
    }

    fn answer(&mut self, request: &Request) -> Result<Vec<u8>, ErrorCode> {
        let life = self.life();
        let is_post = request.method == Method::Post;
        if request.path == path::SPACES {
            return Ok(if is_post {
                self.found(&request.body)
            } else {
                self.heads(signer(request))
            });
        }
        let space = self
            .spaces
            .iter_mut()
            .find(|(id, _)| request.path.contains(&id.to_string()));
        let (id, space) = space.ok_or(ErrorCode::Forbidden)?;
        let (chain, who) = (space.chain(), signer(request));
        let is_member = chain.present(&who).is_some();
        if request.path == path::chain(*id) {
            let by_invite = |open: &OpenInvite| open.invite.invite_key.as_bytes() == who.as_bytes();
            let comes = chain.pending(&who).is_some() || chain.open_invites().any(by_invite);
            if !is_member && !comes {
                return Err(ErrorCode::Forbidden);
            }
            if is_post {
                return space.extend(&request.body);
            }
            let from = asked(request, "from");
            return Ok(ChainPage {
                incarnation: life,
                length: chain.length(),
                statements: space.statements.iter().skip(from).cloned().collect(),
            }
            .encode());
        }
        if !is_member {
            return Err(ErrorCode::Forbidden);
        }
        if request.path == path::vouch(*id) {
            return Ok(Vec::new());
        }
        if request.path == path::blobs(*id) {
            return Ok(space.list_blobs());
        }
        if let Some((_, blob)) = request.path.split_once("/blobs/") {
            return space.blob(blob.parse().unwrap(), request);
        }
        Ok(if is_post {
            space.push(life, &request.body)
        } else {
            space.pull(life, asked(request, "after"), asked(request, "limit"))
        })
    }

    fn found(&mut self, body: &[u8]) -> Vec<u8> {
        let create = body.to_vec();
        let id = Statement::parse(&create).unwrap().space();
        self.spaces.entry(id).or_insert_with(|| Space {
            statements: vec![create],
            log: Vec::new(),
            blobs: BTreeMap::new(),
        });
        Vec::new()
    }

    fn heads(&self, member: MemberId) -> Vec<u8> {
        let heads = self.spaces.values().filter_map(|space| {
            let chain = space.chain();
            if chain.present(&member).is_none() && chain.pending(&member).is_none() {
                return None;
            }
            Some(SpaceHead {
                space: chain.space(),
                chain_length: chain.length(),
                chain_head: chain.head(),
                number: LogNumber(space.log.len() as u64),
                blobs_lost: 0,
            })
        });
        let heads = SpaceHeads {
            incarnation: self.life(),
            spaces: heads.collect(),
        };
        serde_json::to_vec(&heads).unwrap()
    }
}

impl Space {
    fn chain(&self) -> Chain {
        let read = |bytes: &Vec<u8>| Statement::parse(bytes).unwrap();
        let statements: Vec<Statement> = self.statements.iter().map(read).collect();
        Chain::from_statements(&statements).unwrap()
    }

    fn extend(&mut self, run: &[u8]) -> Result<Vec<u8>, ErrorCode> {
        let run = ChainRun::decode(run).unwrap().statements;
        let mut chain = self.chain();
        for statement in &run {
            let statement = Statement::parse(statement).unwrap();
            chain
                .extend(&statement)
                .map_err(|_| ErrorCode::ChainConflict)?;
        }
        self.statements.extend(run);
        Ok(Vec::new())
    }

    fn push(&mut self, life: Incarnation, body: &[u8]) -> Vec<u8> {
        let mut results = Vec::new();
        for bytes in PushBatch::decode(body).unwrap().changes {
            let change = SealedChange::parse(&bytes).unwrap();
            self.log.push(bytes);
            results.push(PushResult {
                id: change.header().id,
                number: LogNumber(self.log.len() as u64),
                hash: change.hash(),
                status: PushStatus::Stored,
            });
        }
        let accepted = PushAccepted {
            incarnation: life,
            head: LogNumber(self.log.len() as u64),
            results,
        };
        serde_json::to_vec(&accepted).unwrap()
    }

    fn pull(&self, life: Incarnation, after: usize, limit: usize) -> Vec<u8> {
        let numbered = (1..).map(LogNumber).zip(self.log.iter().cloned());
        PullPage {
            incarnation: life,
            head: LogNumber(self.log.len() as u64),
            changes: numbered.skip(after).take(limit).collect(),
        }
        .encode()
    }
}

impl Space {
    fn list_blobs(&self) -> Vec<u8> {
        let blobs = self.blobs.iter().map(|(blob, (size, bytes))| BlobState {
            blob: *blob,
            size: *size,
            received: bytes.len() as u64,
        });
        let blobs = blobs.collect();
        serde_json::to_vec(&Blobs { blobs }).unwrap()
    }

    fn blob(&mut self, blob: BlobId, request: &Request) -> Result<Vec<u8>, ErrorCode> {
        match request.method {
            Method::Post => {
                let size = asked(request, "size") as u64;
                let (_, bytes) = self.blobs.entry(blob).or_insert((size, Vec::new()));
                bytes.extend(&request.body);
                let received = bytes.len() as u64;
                let state = BlobState {
                    blob,
                    size,
                    received,
                };
                Ok(serde_json::to_vec(&state).unwrap())
            }
            Method::Get => {
                let (from, limit) = (asked(request, "from"), asked(request, "limit"));
                let (_, bytes) = self.blobs.get(&blob).ok_or(ErrorCode::BlobMissing)?;
                Ok(bytes.iter().skip(from).take(limit).copied().collect())
            }
            _ => {
                self.blobs.remove(&blob);
                Ok(self.list_blobs())
            }
        }
    }
}

fn signer(request: &Request) -> MemberId {
    let header = |name: &str| {
        let mut headers = request.headers.iter();
        headers
            .find(|(present, _)| present == name)
            .map(|(_, value)| value.as_str())
    };
    let signed = Signed::parse(
        header(CONTENT_DIGEST),
        header(SIGNATURE_INPUT),
        header(SIGNATURE),
    );
    signed.unwrap().claimed().member
}

fn asked(request: &Request, name: &str) -> usize {
    let mut pairs = request
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| value.parse().ok())
        .unwrap()
}
