//! Epoch keys: what they commit to, and how one is sealed under another secret.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use companion_protocol::id::Epoch;
use companion_protocol::suite::SEALED_KEY_LENGTH;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::SpaceError;

const PREVIOUS_KEY: &[u8] = b"kap/previous-key/1";
const PREVIOUS_NONCE: &[u8] = b"kap/previous-nonce/1";

/// A secret of 32 bytes: wiped when it goes, and printed by nothing.
macro_rules! secret_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(zeroize::Zeroizing<[u8; 32]>);

        impl $name {
            /// Wraps bytes.
            pub fn new(bytes: [u8; 32]) -> Self {
                Self(zeroize::Zeroizing::new(bytes))
            }

            /// A fresh one.
            pub fn generate(rng: &dyn crate::ports::Rng) -> Self {
                Self::new(crate::ports::random(rng))
            }

            /// The bytes.
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

pub(super) use secret_key;

secret_key!(
    /// The secret of one epoch of one space.
    EpochKey
);

impl EpochKey {
    /// What the chain publishes, so that all members can tell they hold the same key. `binding` is the
    /// space's ([`companion_protocol::chain::space_binding`]).
    pub fn commitment(&self, binding: &[u8; 32], epoch: Epoch) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"kap/epoch/1")
            .chain_update(binding)
            .chain_update(epoch.0.to_be_bytes())
            .chain_update(self.as_bytes())
            .finalize()
            .into()
    }
}

/// The keys of a space by epoch.
pub type Keyring = BTreeMap<Epoch, EpochKey>;

/// 32 bytes derived from `secret` for one purpose (HKDF-SHA256).
pub(crate) fn derive(secret: &[u8], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    derive_with(secret, &[purpose])
}

/// 32 bytes derived from `secret` for one purpose and what it is bound to, in pieces.
pub(crate) fn derive_with(secret: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    derive_into(secret, info, &mut *out);
    out
}

/// As many bytes as `out` has room for, up to 64.
pub(crate) fn derive_into(secret: &[u8], info: &[&[u8]], out: &mut [u8]) {
    // 64 bytes are always a possible length for HKDF-SHA256, so this can't fail.
    let _ = Hkdf::<Sha256>::new(None, secret).expand_multi_info(info, out);
}

/// A subkey to seal with, and the commitment to it that stands beside what is sealed.
pub(super) fn subkey_and_commitment(
    secret: &[u8; 32],
    salt: Option<&[u8]>,
    info: &[&[u8]],
) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    let mut out = Zeroizing::new([0; 64]);
    // 64 bytes are always a possible length for HKDF-SHA256, so this can't fail.
    let _ = Hkdf::<Sha256>::new(salt, secret).expand_multi_info(info, out.as_mut_slice());
    let mut subkey = Zeroizing::new([0; 32]);
    let mut commitment = [0; 32];
    for (to, from) in subkey.iter_mut().chain(&mut commitment).zip(out.iter()) {
        *to = *from;
    }
    (subkey, commitment)
}

/// Seals the key of an earlier epoch under the key of a new one. The same keys give the same bytes, so
/// that whoever holds both sees whether what was published is genuine; under one new key each earlier
/// epoch has a nonce of its own.
pub(crate) fn seal_previous(
    binding: &[u8; 32],
    new: (Epoch, &EpochKey),
    earlier: (Epoch, &EpochKey),
) -> Result<[u8; SEALED_KEY_LENGTH], SpaceError> {
    let mut nonce = [0; 24];
    let of_epoch = earlier.0.0.to_be_bytes();
    derive_into(new.1.as_bytes(), &[PREVIOUS_NONCE, &of_epoch], &mut nonce);
    let sealed = cipher(new.1)
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: earlier.1.as_bytes(),
                aad: &associated(binding, new.0, earlier.0),
            },
        )
        .map_err(|_| SpaceError::CannotOpen)?;
    [nonce.as_slice(), &sealed]
        .concat()
        .try_into()
        .map_err(|_| SpaceError::CannotOpen)
}

/// Opens what [`seal_previous`] made.
pub(crate) fn open_previous(
    binding: &[u8; 32],
    new: (Epoch, &EpochKey),
    earlier: Epoch,
    sealed: &[u8; SEALED_KEY_LENGTH],
) -> Result<EpochKey, SpaceError> {
    let (nonce, ciphertext) = sealed
        .split_first_chunk::<24>()
        .ok_or(SpaceError::CannotOpen)?;
    let opened = Zeroizing::new(
        cipher(new.1)
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: &associated(binding, new.0, earlier),
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

fn associated(binding: &[u8; 32], new: Epoch, earlier: Epoch) -> Vec<u8> {
    let epochs = [new.0.to_be_bytes(), earlier.0.to_be_bytes()].concat();
    [binding.as_slice(), &epochs].concat()
}

fn cipher(new: &EpochKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*derive(new.as_bytes(), PREVIOUS_KEY)).into())
}
