//! Epoch keys: what they commit to, and how one is sealed under another secret.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use companion_protocol::id::Epoch;
use companion_protocol::statement::SEALED_KEY_LENGTH;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::SpaceError;
use crate::ports::{Rng, random};

/// The secret of one epoch of one space.
#[derive(Clone)]
pub struct EpochKey(Zeroizing<[u8; 32]>);

impl EpochKey {
    /// Wraps bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A fresh one.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self::new(random(rng))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What the chain publishes, so that all members can tell they hold the same key.
    pub fn commitment(&self, epoch: Epoch) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"kap/epoch/1")
            .chain_update(epoch.0.to_be_bytes())
            .chain_update(self.as_bytes())
            .finalize()
            .into()
    }
}

impl std::fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EpochKey(..)")
    }
}

/// The keys of a space by epoch.
pub type Keyring = BTreeMap<Epoch, EpochKey>;

/// 32 bytes derived from `secret` for one purpose (HKDF-SHA256).
pub(crate) fn derive(secret: &[u8], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    // 32 bytes are always a possible length for HKDF-SHA256, so this can't fail.
    let _ = Hkdf::<Sha256>::new(None, secret).expand(purpose, out.as_mut_slice());
    out
}

/// Seals an epoch key under another secret.
pub(crate) fn seal_key(
    secret: &[u8; 32],
    purpose: &[u8],
    epoch: Epoch,
    key: &EpochKey,
    rng: &dyn Rng,
) -> Result<[u8; SEALED_KEY_LENGTH], SpaceError> {
    let nonce: [u8; 24] = random(rng);
    let sealed = cipher(secret, purpose)
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: key.as_bytes(),
                aad: &epoch.0.to_be_bytes(),
            },
        )
        .map_err(|_| SpaceError::CannotOpen)?;
    [nonce.as_slice(), &sealed]
        .concat()
        .try_into()
        .map_err(|_| SpaceError::CannotOpen)
}

/// Opens what [`seal_key`] made.
pub(crate) fn open_key(
    secret: &[u8; 32],
    purpose: &[u8],
    epoch: Epoch,
    sealed: &[u8; SEALED_KEY_LENGTH],
) -> Result<EpochKey, SpaceError> {
    let (nonce, ciphertext) = sealed
        .split_first_chunk::<24>()
        .ok_or(SpaceError::CannotOpen)?;
    let opened = Zeroizing::new(
        cipher(secret, purpose)
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: &epoch.0.to_be_bytes(),
                },
            )
            .map_err(|_| SpaceError::CannotOpen)?,
    );
    opened
        .as_slice()
        .try_into()
        .map(EpochKey::new)
        .map_err(|_| SpaceError::CannotOpen)
}

fn cipher(secret: &[u8; 32], purpose: &[u8]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*derive(secret, purpose)).into())
}
