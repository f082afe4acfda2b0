//! One installation's identity: an Ed25519 key that signs and an X-Wing key that receives.

use companion_protocol::id::MemberId;
use companion_protocol::statement::HPKE_KEY_LENGTH;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::agreement::{KeyAgreement, XWingHpke};
use crate::ports::{Rng, random};

/// The secrets of one installation. It never leaves the store.
pub struct Identity {
    signing: SigningKey,
    receiving: Zeroizing<[u8; 32]>,
}

impl Identity {
    /// A new installation.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self::from_seeds(&Zeroizing::new(random(rng)), &Zeroizing::new(random(rng)))
    }

    /// The installation that these two seeds make.
    pub fn from_seeds(signing: &[u8; 32], receiving: &[u8; 32]) -> Self {
        Self {
            signing: SigningKey::from_bytes(signing),
            receiving: Zeroizing::new(*receiving),
        }
    }

    /// Reads what [`Identity::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (signing, receiving) = bytes.split_first_chunk::<32>()?;
        Some(Self::from_seeds(signing, receiving.try_into().ok()?))
    }

    /// Both seeds, for the encrypted store.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(
            [
                self.signing.as_bytes().as_slice(),
                self.receiving.as_slice(),
            ]
            .concat(),
        )
    }

    /// The public name of this installation.
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
