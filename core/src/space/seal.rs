//! Sealing a change: its own subkey (HKDF over the epoch key, the change's id and its author), a
//! commitment to that key, XChaCha20-Poly1305 with the header as associated data, and a signature.

use chacha20poly1305::aead::{Aead, Payload as Message};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use companion_protocol::change::{Header, Sealed, SealedChange};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::SpaceError;
use super::identity::Identity;
use super::keys::{EpochKey, subkey_and_commitment};
use crate::ports::{Rng, random};

const PURPOSE: &[u8] = b"kap/change-key/1";

/// Seals and signs `plaintext` (already padded) under `header`.
pub fn seal(
    me: &Identity,
    key: &EpochKey,
    header: Header,
    plaintext: &[u8],
    rng: &dyn Rng,
) -> Result<SealedChange, SpaceError> {
    let (subkey, commitment) = subkey(key, &header);
    let nonce: [u8; 24] = random(rng);
    let associated = header.encode();
    let ciphertext = XChaCha20Poly1305::new(&(*subkey).into())
        .encrypt(
            &XNonce::from(nonce),
            Message {
                msg: plaintext,
                aad: &associated,
            },
        )
        .map_err(|_| SpaceError::CannotOpen)?;
    let sealed = Sealed {
        nonce,
        commitment,
        ciphertext,
    };
    Ok(SealedChange::sign(me.signing_key(), header, sealed))
}

/// Opens a change whose signature was verified. Gives the padded plaintext.
pub fn open(key: &EpochKey, change: &SealedChange) -> Result<Zeroizing<Vec<u8>>, SpaceError> {
    let (subkey, commitment) = subkey(key, change.header());
    let sealed = change.sealed().ok_or(SpaceError::Dropped)?;
    // Without this check one ciphertext could be made to open to two texts under two keys.
    if !bool::from(commitment.ct_eq(&sealed.commitment)) {
        return Err(SpaceError::CannotOpen);
    }
    XChaCha20Poly1305::new(&(*subkey).into())
        .decrypt(
            &XNonce::from(sealed.nonce),
            Message {
                msg: &sealed.ciphertext,
                aad: change.header_bytes(),
            },
        )
        .map(Zeroizing::new)
        .map_err(|_| SpaceError::CannotOpen)
}

fn subkey(key: &EpochKey, header: &Header) -> (Zeroizing<[u8; 32]>, [u8; 32]) {
    subkey_and_commitment(
        key.as_bytes(),
        Some(header.id.as_bytes()),
        &[PURPOSE, header.space.as_bytes(), header.author.as_bytes()],
    )
}
