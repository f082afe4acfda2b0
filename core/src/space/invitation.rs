//! The pairing link: everything a new installation needs, in one QR code or one line. Whoever has
//! it can join until it expires or is used, so it travels from hand to hand only.

use companion_protocol::id::{SpaceId, StatementHash};
use companion_protocol::wire::{Reader, WireError, Writer};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::SpaceError;
use super::membership::InviteSecret;
use super::typed;
use crate::domain::text::{Named, line, named};
use crate::domain::{Purpose, RecordId, limits};

/// What a link begins with.
pub const PREFIX: &str = "kap://pair/";

const CLINIC: Named = named("clinic", "the clinic's name");

/// Most names of a record in a link, so that its QR code stays one that a phone reads at once.
pub const MOST_RECORDS: usize = 8;

const MAGIC: &[u8; 2] = b"KI";

/// A way into one space, for one newcomer.
#[derive(Debug, Clone)]
pub struct Invite {
    /// What the space is for.
    pub purpose: Purpose,
    /// The space.
    pub space: SpaceId,
    /// The invite's secret.
    pub secret: InviteSecret,
    /// The invite statement: a chain without it is not the one that was meant.
    pub head: StatementHash,
}

/// Everything in a link.
#[derive(Clone)]
pub struct PairingLink {
    /// Base address of the sync server.
    pub server: String,
    /// Whose invitation it is, to show before anything is sent.
    pub clinic: String,
    /// The invites, one for each space.
    pub invites: Vec<Invite>,
    /// By which names the record is known that a second phone comes into, so that one with an import of another
    /// record is told before it comes. A clinic's link has none.
    pub records: Vec<RecordId>,
}

impl std::fmt::Debug for PairingLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PairingLink({} invites)", self.invites.len())
    }
}

impl PairingLink {
    /// The link as text.
    pub fn to_text(&self) -> String {
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .bytes(self.server.as_bytes())
            .bytes(self.clinic.as_bytes())
            .u8(u8::try_from(self.invites.len()).unwrap_or(u8::MAX));
        for invite in &self.invites {
            to.bytes(invite.purpose.as_str().as_bytes())
                .array(invite.space.as_bytes())
                .array(invite.secret.as_bytes())
                .array(invite.head.as_bytes());
        }
        to.bytes(&names_written(&self.records));
        let check = checksum(to.as_slice());
        to.array(&check);
        format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&to.finish()))
    }

    /// Reads a link as it was scanned or pasted: see [`typed::link_after`].
    pub fn parse(text: &str) -> Result<Self, SpaceError> {
        let candidates = typed::link_after(PREFIX, text).ok_or(SpaceError::NoLink)?;
        let whole = candidates.iter().find_map(|coded| {
            let bytes = BASE64URL_NOPAD.decode(coded.as_bytes()).ok()?;
            let (body, check) = bytes.split_last_chunk::<4>()?;
            (checksum(body) == *check).then(|| body.to_vec())
        });
        Self::read(&whole.ok_or(SpaceError::BadLink)?).map_err(|_| SpaceError::BadLink)
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).map_err(|_| WireError::BadValue("text"))
        };
        let mut from = Reader::new(bytes);
        from.magic(MAGIC, "pairing link")?;
        let server = text(from.bytes()?)?;
        let clinic = line(&text(from.bytes()?)?, CLINIC, limits::NAME)
            .map_err(|_| WireError::BadValue("the clinic's name"))?;
        let mut invites = Vec::new();
        for _ in 0..from.u8()? {
            invites.push(Invite {
                purpose: text(from.bytes()?)?
                    .parse()
                    .map_err(|_| WireError::BadValue("purpose"))?,
                space: SpaceId::new(from.array()?),
                secret: InviteSecret::new(from.array()?),
                head: StatementHash::new(from.array()?),
            });
        }
        let records = names_read(from.bytes()?);
        from.end()?;
        Ok(Self {
            server,
            clinic,
            invites,
            records,
        })
    }
}

/// Names of a record as an extension, which whoever does not know them passes over.
fn names_written(records: &[RecordId]) -> Vec<u8> {
    let records = records.iter().take(MOST_RECORDS);
    let mut to = Writer::new();
    if records.len() > 0 {
        to.u8(u8::try_from(records.len()).unwrap_or(0));
    }
    for record in records {
        to.array(record.as_bytes());
    }
    to.finish()
}

/// Those in an extension, which may be of a version that has other ones.
fn names_read(extensions: &[u8]) -> Vec<RecordId> {
    let mut from = Reader::new(extensions);
    let count = from.u8().unwrap_or(0);
    let names = (0..count).map_while(|_| from.array().ok().map(RecordId::new));
    names.take(MOST_RECORDS).collect()
}

/// Tells a link that was cut off from a whole one. Not a defense: the secrets inside are.
fn checksum(bytes: &[u8]) -> [u8; 4] {
    let digest = Sha256::digest(bytes);
    let mut check = [0; 4];
    for (to, from) in check.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    check
}
