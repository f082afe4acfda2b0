//! A member that does not keep to the rules: it has an honest installation's keys and makes with
//! them what no honest installation would.

use std::sync::Arc;

use companion_core::StoreError;
use companion_core::domain::{Content, DocumentId, Entry, Projection, Visibility};
use companion_core::ports::{Cancel, Clock, Lane, Method, Request, Response, Rng, random};
use companion_core::testing::document::{ActorId, History, create, edit, materialize};
use companion_core::testing::space::identity::{Identity, Installation};
use companion_core::testing::space::keys::{EpochKey, Keyring};
use companion_core::testing::space::payload::{Payload, content, pack, unpack};
use companion_core::testing::space::rotation::{self, Change};
use companion_core::testing::space::seal;
use companion_core::testing::store::Store;
use companion_protocol::api::{ChainRun, ErrorBody, ErrorCode, GRANT_HEADER, PushBatch, path};
use companion_protocol::chain::Chain;
use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{ChangeId, ContentHash, Counter, HistoryHash, MemberId, SpaceId};
use companion_protocol::request::{Parts, sign};
use companion_protocol::statement::{
    ChainPosition, LastChange, MAX_STATEMENT, Rotate, Statement, StatementBody,
};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer, SigningKey};

use crate::node::Node;
use crate::phone::Phone;
use crate::world::World;

/// An installation's keys in bad hands, for one of its spaces.
pub struct Insider {
    /// Who it is.
    pub me: Identity,
    /// The space.
    pub space: SpaceId,
    /// Its chain, as the installation last knew it.
    pub chain: Chain,
    /// The chain's statements.
    pub statements: Vec<Statement>,
    /// The epoch keys that the installation has.
    pub keys: Keyring,
    /// The installation's last change in the space.
    pub last: (Counter, HistoryHash),
    heads: Vec<(MemberId, Counter, HistoryHash)>,
    world: World,
    rng: Arc<dyn Rng>,
}

impl Insider {
    /// Takes over a phone for one of its spaces: `care` or `private`.
    pub fn of(phone: &Phone, purpose: &str) -> Self {
        let store = phone.store();
        let rows = store.read(|r| r.spaces()).unwrap();
        let space = rows
            .iter()
            .find(|row| row.purpose.as_str() == purpose)
            .unwrap()
            .space;
        Self::in_space(phone.world(), &store, space)
    }

    /// Takes over a clinic's node for the care space of a patient.
    pub fn of_clinic(node: &Node, phone: &Phone) -> Self {
        let space = Self::of(phone, "care").space;
        Self::in_space(phone.world(), &node.store(), space)
    }

    /// Takes over a clinic's node for one of its spaces, in which there need be no patient yet.
    pub fn in_clinic(node: &Node, space: SpaceId, world: &World) -> Self {
        Self::in_space(world, &node.store(), space)
    }

    fn in_space(world: &World, store: &Store, space: SpaceId) -> Self {
        let (root, row, statements, keys, heads) = store
            .read(|r| {
                Ok::<_, StoreError>((
                    r.setting("identity")?.unwrap(),
                    r.space(space)?.unwrap(),
                    r.statements(space)?,
                    r.epoch_keys(space)?,
                    r.author_heads(space)?,
                ))
            })
            .unwrap();
        let me = Installation::from_bytes(&root)
            .unwrap()
            .identity(&row.handle);
        let statements: Vec<Statement> = statements
            .iter()
            .map(|bytes| Statement::parse(bytes).unwrap())
            .collect();
        let last = heads
            .iter()
            .find(|(author, ..)| *author == me.member())
            .map_or((Counter(0), HistoryHash::ZERO), |(_, counter, hash)| {
                (*counter, *hash)
            });
        Self {
            chain: Chain::from_statements(&statements).unwrap(),
            keys: keys
                .into_iter()
                .map(|(epoch, key)| (epoch, EpochKey::new(key)))
                .collect(),
            rng: world.rng(),
            world: world.clone(),
            me,
            space,
            statements,
            last,
            heads,
        }
    }

    /// The rotation that an honest member would make now, and its key.
    pub fn rotation(&self, change: Change) -> (Statement, EpochKey) {
        let (now, rng) = (self.world.now(), &*self.rng);
        rotation::rotate(&self.me, &self.chain, &self.keys, &[], change, now, rng).unwrap()
    }

    /// A rotation with something of it changed, signed as it is then, and its key.
    pub fn spoiled_rotation(&self, spoil: impl FnOnce(&mut Rotate)) -> (Statement, EpochKey) {
        let (honest, key) = self.rotation(Change::default());
        let StatementBody::Rotate(mut rotate) = honest.body().clone() else {
            panic!("it is a rotation");
        };
        spoil(&mut rotate);
        let (position, at) = (honest.position(), honest.made_at_ms());
        let body = StatementBody::Rotate(rotate);
        let spoiled = Statement::sign(self.me.signing_key(), position, at, body);
        (spoiled, key)
    }

    /// The last change of another member, as this installation read it.
    pub fn last_of(&self, member: MemberId) -> LastChange {
        let heads = self.heads.iter().find(|(author, ..)| *author == member);
        heads.map_or(LastChange::NONE, |(_, counter, hash)| LastChange {
            counter: *counter,
            hash: *hash,
        })
    }

    /// The header that an honest next change would have, but for what is inside: see [`Self::seal_under`].
    pub fn next_header(&self) -> Header {
        Header {
            space: self.space,
            epoch: self.chain.epoch(),
            id: ChangeId::new(random(&*self.rng)),
            author: self.me.member(),
            counter: self.last.0.next(),
            previous_own: self.last.1,
            chain_head: self.chain.head(),
            content: ContentHash::ZERO,
            frontier: Vec::new(),
            drops: Vec::new(),
        }
    }

    /// Seals a payload as the next change.
    pub fn seal(&mut self, payload: &Payload) -> SealedChange {
        self.seal_plain(&pack(&payload.encode()).unwrap())
    }

    /// Seals any bytes as the next change.
    pub fn seal_plain(&mut self, plain: &[u8]) -> SealedChange {
        let change = self.seal_under(self.next_header(), plain);
        self.last = (change.header().counter, change.history());
        change
    }

    /// Seals any bytes under any header whose epoch's key is known. A header that does not say what is inside
    /// says so then, where that can be unpacked.
    pub fn seal_under(&self, mut header: Header, plain: &[u8]) -> SealedChange {
        if header.content == ContentHash::ZERO
            && let Ok(payload) = unpack(plain)
        {
            header.content = content(&payload);
        }
        let key = self.keys.get(&header.epoch).unwrap();
        seal::seal(&self.me, key, header, plain, &*self.rng).unwrap()
    }

    /// The payloads of those sealed changes that this installation's keys open.
    pub fn readable(&self, sealed: &[Vec<u8>]) -> Vec<Payload> {
        sealed
            .iter()
            .filter_map(|bytes| {
                let change = SealedChange::parse(bytes).unwrap();
                // Whatever its header says: every key is tried.
                self.keys
                    .values()
                    .find_map(|key| seal::open(key, &change).ok())
            })
            .map(|packed| Payload::decode(&unpack(&packed).unwrap()).unwrap())
            .collect()
    }

    /// Says something at the end of the chain.
    pub fn extend(&self, body: StatementBody) -> Response {
        let position = ChainPosition {
            space: self.space,
            sequence: self.chain.length(),
            previous: self.chain.head(),
        };
        let at = u64::try_from(self.world.clock().now().unix_ms).unwrap();
        let statement = Statement::sign(self.me.signing_key(), position, at, body);
        self.offer(&statement)
    }

    /// Offers a statement to the server.
    pub fn offer(&self, statement: &Statement) -> Response {
        let body = ChainRun::one(statement.bytes()).encode();
        self.send(Method::Post, &path::chain(self.space), "", body)
    }

    /// Asks the server to found a space.
    pub fn found(&self, grant: &[u8], create: Vec<u8>) -> Response {
        let mut request = self.request(Method::Post, path::SPACES, "", create);
        let grant = (GRANT_HEADER.to_owned(), BASE64URL_NOPAD.encode(grant));
        request.headers.push(grant);
        self.transmit(&request)
    }

    /// Pushes changes.
    pub fn push(&self, changes: &[SealedChange]) -> Response {
        let changes = changes
            .iter()
            .map(|change| change.bytes().to_vec())
            .collect();
        let body = PushBatch { changes }.encode();
        self.send(Method::Post, &path::changes(self.space), "", body)
    }

    /// Pushes changes, and insists that they are taken.
    pub fn push_ok(&self, changes: &[SealedChange]) {
        let answer = self.push(changes);
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
    }

    /// Sends a properly signed request.
    pub fn send(&self, method: Method, path: &str, query: &str, body: Vec<u8>) -> Response {
        self.transmit(&self.request(method, path, query, body))
    }

    /// A properly signed request.
    pub fn request(&self, method: Method, path: &str, query: &str, body: Vec<u8>) -> Request {
        let nonce = random(&*self.rng);
        signed(
            &self.world,
            self.me.signing_key(),
            method,
            (path, query),
            body,
            &nonce,
        )
    }

    /// Sends any request.
    pub fn transmit(&self, request: &Request) -> Response {
        let url = self.world.server().url();
        self.world
            .network()
            .transport(&url, &Lane::new([0; 16]))
            .unwrap()
            .send(request, &Cancel::new())
            .unwrap()
    }
}

/// The keys of somebody who is in no space.
pub fn stranger(world: &World) -> Identity {
    let rng = world.rng();
    Identity::from_seeds(&random(&*rng), &random(&*rng))
}

/// A request signed by any key, at the world's time.
pub fn signed(
    world: &World,
    key: &SigningKey,
    method: Method,
    (path, query): (&str, &str),
    body: Vec<u8>,
    nonce: &[u8; 16],
) -> Request {
    let mut request = Request::new(method, path);
    request.query = query.to_owned();
    request.body = body;
    let authority = world.server().authority();
    let parts = Parts {
        method: method.as_str(),
        authority: &authority,
        path: &request.path,
        query: &request.query,
        body: &request.body,
    };
    let created = u64::try_from(world.clock().now().unix_ms / 1000).unwrap();
    for (name, value) in sign(key, parts, created, nonce).pairs() {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    request
}

/// The same statement as long as a statement may be, signed again: what a later version would add is
/// filled with nothing of use.
pub fn at_length(key: &SigningKey, statement: &Statement) -> Statement {
    let bytes = statement.bytes();
    let room = MAX_STATEMENT - bytes.len();
    let mut long = bytes[..bytes.len() - 70].to_vec();
    long.extend(u32::try_from(room).unwrap().to_be_bytes());
    long.resize(long.len() + room, 0xab);
    let signature = key.sign(&[b"kap/statement/1", &long[..]].concat());
    long.extend(64u16.to_be_bytes());
    long.extend(signature.to_bytes());
    Statement::parse(&long).unwrap()
}

/// What a refused statement breaks: `detail.reason`.
pub fn reason(answer: &Response) -> String {
    let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap();
    let reason = body.error.detail.get("reason").and_then(|it| it.as_str());
    reason.unwrap_or_default().to_owned()
}

/// The code of a refusal.
pub fn code(answer: &Response) -> Option<ErrorCode> {
    serde_json::from_slice::<ErrorBody>(&answer.body)
        .ok()
        .map(|body| body.error.code)
}

/// The payload of a well-formed entry whose plain row says `shown` and whose document says `meant`.
pub fn entry_payload(world: &World, document: DocumentId, shown: &str, meant: &str) -> Payload {
    let entry = |body: &str| Entry {
        body: body.to_owned(),
        visibility: Visibility::CareTeam,
        ..Entry::new(world.now())
    };
    Payload {
        projection: row(&entry(shown).to_projection().unwrap()),
        ..new_payload(world, document, &entry(meant))
    }
}

/// Something new that its author says.
pub fn new_payload<T: Content>(world: &World, document: DocumentId, content: &T) -> Payload {
    new_payload_with(world, document, content, |_| {})
}

/// The same with fields that this version does not write.
pub fn new_payload_with<T: Content>(
    world: &World,
    document: DocumentId,
    content: &T,
    change: impl FnOnce(&mut Projection),
) -> Payload {
    let mut fields = content.to_projection().unwrap();
    change(&mut fields);
    let made = create(&T::SHAPE, &fields, ActorId::random(&*world.rng())).unwrap();
    Payload {
        blind: random(&*world.rng()),
        document,
        kind: T::KIND,
        projection: row(&made.projection),
        change: made.raw,
    }
}

/// The payload of an edit of a document of which these changes are known.
pub fn edit_payload(
    world: &World,
    known: &[Payload],
    document: DocumentId,
    shape: &companion_core::domain::Shape,
    change: impl FnOnce(&mut Projection),
) -> Payload {
    let of_it = || known.iter().filter(|payload| payload.document == document);
    let changes: Vec<&[u8]> = of_it().map(|payload| &*payload.change).collect();
    let present = materialize(&changes);
    let mut target = present.projection.clone();
    change(&mut target);
    let actor = ActorId::random(&*world.rng());
    let history = History::of(&changes);
    let made = edit(shape, history, &present.revision, &target, actor).unwrap();
    let made = made.unwrap();
    Payload {
        blind: random(&*world.rng()),
        document,
        kind: of_it().next().unwrap().kind.clone(),
        projection: row(&made.projection),
        change: made.raw,
    }
}

fn row(fields: &Projection) -> String {
    serde_json::Value::Object(fields.clone()).to_string()
}
