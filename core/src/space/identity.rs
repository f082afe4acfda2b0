//! Who somebody is in a space: an Ed25519 key that signs and an X-Wing key that receives. A patient's
//! installation is somebody else in each of its spaces, so that the server's file links none of them; a
//! clinic's node is the same in all of its own.

use companion_protocol::id::MemberId;
use companion_protocol::suite::HPKE_KEY_LENGTH;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::agreement::{KeyAgreement, XWingHpke};
use super::keys::derive_with;
use crate::ports::{Rng, random};

const SPACE_SIGNING: &[u8] = b"kap/space-signing/1";
const SPACE_RECEIVING: &[u8] = b"kap/space-receiving/1";

/// Which of an installation's identities: random for each space of a patient's device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle([u8; 16]);

impl Handle {
    /// The one that a clinic's node has in all of its spaces.
    pub const SHARED: Self = Self([0; 16]);

    /// One that nobody had before.
    pub fn random(rng: &dyn Rng) -> Self {
        Self(random(rng))
    }

    /// Wraps bytes.
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The one secret of an installation, from which it has an identity in each space. It never leaves the
/// store.
pub struct Installation(Zeroizing<[u8; 32]>);

impl Installation {
    /// A new installation.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(Zeroizing::new(random(rng)))
    }

    /// Reads what [`Installation::as_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|root| Self(Zeroizing::new(root)))
    }

    /// The secret, for the encrypted store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Who it is under a handle.
    pub fn identity(&self, handle: &Handle) -> Identity {
        let seed = |purpose| derive_with(&*self.0, &[purpose, handle.as_bytes()]);
        Identity::from_seeds(&seed(SPACE_SIGNING), &seed(SPACE_RECEIVING))
    }
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Installation(..)")
    }
}

/// The secrets of one member.
pub struct Identity {
    signing: SigningKey,
    receiving: Zeroizing<[u8; 32]>,
}

impl Identity {
    /// The member that these two seeds make.
    pub fn from_seeds(signing: &[u8; 32], receiving: &[u8; 32]) -> Self {
        Self {
            signing: SigningKey::from_bytes(signing),
            receiving: Zeroizing::new(*receiving),
        }
    }

    /// Its public name.
    pub fn member(&self) -> MemberId {
        MemberId::new(self.signing.verifying_key().to_bytes())
    }

    /// Signs statements, changes and requests.
    pub fn signing_key(&self) -> &SigningKey {
        &self.signing
    }

    /// The seed of the receiving key.
    pub(crate) fn receiving_seed(&self) -> &[u8; 32] {
        &self.receiving
    }

    /// The public key that epoch keys are sealed to.
    pub fn hpke_key(&self) -> Box<[u8; HPKE_KEY_LENGTH]> {
        XWingHpke.public_key(&self.receiving)
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.member().short())
    }
}
