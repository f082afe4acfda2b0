//! Getting an epoch key to a member: HPKE base mode (RFC 9180) with X-Wing (ML-KEM-768 and X25519),
//! HKDF-SHA256 and ChaCha20-Poly1305, so that what is recorded today is not readable by tomorrow's
//! computer.
//!
//! The randomness of a wrap follows from the key inside, so whoever holds the key makes the same wrap
//! again and sees whether the one that was published is genuine. The key is 32 random bytes that are used
//! for nothing else in this way, so no wrap tells more than a random one would.

use companion_protocol::id::MemberId;
use companion_protocol::suite::{HPKE_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::SpaceError;
use super::keys::{EpochKey, derive_into};

const INFO: &[u8] = b"kap/wrap/1";
const SEED: &[u8] = b"kap/wrap-seed/1";

/// Whom a key is sealed to.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// The member.
    pub member: &'a MemberId,
    /// Its public key for receiving.
    pub hpke_key: &'a [u8; HPKE_KEY_LENGTH],
}

/// How an epoch key reaches a member.
pub trait KeyAgreement {
    /// The public half of the key pair that `seed` makes.
    fn public_key(&self, seed: &[u8; 32]) -> Box<[u8; HPKE_KEY_LENGTH]>;

    /// Seals `key` to the recipient, bound to the commitment of its epoch. The same key and recipient
    /// give the same bytes.
    fn wrap(
        &self,
        recipient: Recipient<'_>,
        commitment: &[u8; 32],
        key: &EpochKey,
    ) -> Result<Box<[u8; WRAPPED_KEY_LENGTH]>, SpaceError>;

    /// Opens what [`KeyAgreement::wrap`] made for `member`, whose receiving key `seed` makes.
    fn unwrap(
        &self,
        seed: &[u8; 32],
        member: &MemberId,
        commitment: &[u8; 32],
        wrapped: &[u8; WRAPPED_KEY_LENGTH],
    ) -> Result<EpochKey, SpaceError>;
}

/// HPKE with X-Wing.
#[derive(Debug, Clone, Copy, Default)]
pub struct XWingHpke;

impl KeyAgreement for XWingHpke {
    fn public_key(&self, seed: &[u8; 32]) -> Box<[u8; HPKE_KEY_LENGTH]> {
        let (_, public) = XWing::derive_keypair(seed);
        let mut bytes = Box::new([0; HPKE_KEY_LENGTH]);
        public.write_exact(&mut *bytes);
        bytes
    }

    fn wrap(
        &self,
        recipient: Recipient<'_>,
        commitment: &[u8; 32],
        key: &EpochKey,
    ) -> Result<Box<[u8; WRAPPED_KEY_LENGTH]>, SpaceError> {
        let public = <XWing as Kem>::PublicKey::from_bytes(recipient.hpke_key)
            .map_err(|_| SpaceError::BadPublicKey)?;
        let mut seed = Zeroizing::new([0; 64]);
        derive_into(
            key.as_bytes(),
            &[SEED, commitment, recipient.member.as_bytes()],
            &mut *seed,
        );
        let mut randomness = Seed {
            rest: &seed[..],
            used_up: false,
        };
        let mut sealed = Zeroizing::new(*key.as_bytes());
        let (encapped, tag) =
            hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
                &OpModeS::Base,
                &public,
                &info(recipient.member),
                InOutBuf::from(sealed.as_mut_slice()),
                commitment,
                &mut randomness,
            )
            .map_err(|_| SpaceError::BadPublicKey)?;
        if randomness.used_up {
            return Err(SpaceError::BadPublicKey);
        }
        let joined = [&encapped.to_bytes()[..], &sealed[..], &tag.to_bytes()[..]].concat();
        joined.try_into().map_err(|_| SpaceError::BadPublicKey)
    }

    fn unwrap(
        &self,
        seed: &[u8; 32],
        member: &MemberId,
        commitment: &[u8; 32],
        wrapped: &[u8; WRAPPED_KEY_LENGTH],
    ) -> Result<EpochKey, SpaceError> {
        let (private, _) = XWing::derive_keypair(seed);
        let (encapped, rest) = wrapped
            .split_at_checked(WRAPPED_KEY_LENGTH - 48)
            .ok_or(SpaceError::CannotOpen)?;
        let (key, tag) = rest
            .split_first_chunk::<32>()
            .ok_or(SpaceError::CannotOpen)?;
        let encapped = <XWing as Kem>::EncappedKey::from_bytes(encapped)
            .map_err(|_| SpaceError::CannotOpen)?;
        let tag =
            AeadTag::<ChaCha20Poly1305>::from_bytes(tag).map_err(|_| SpaceError::CannotOpen)?;
        let mut key = Zeroizing::new(*key);
        hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &private,
            &encapped,
            &info(member),
            InOutBuf::from(key.as_mut_slice()),
            commitment,
            &tag,
        )
        .map_err(|_| SpaceError::CannotOpen)?;
        Ok(EpochKey::new(*key))
    }
}

fn info(member: &MemberId) -> Vec<u8> {
    [INFO, member.as_bytes()].concat()
}

/// The bytes that a wrap's randomness is read from, in the shape that the library asks for: the 64 bytes
/// of X-Wing's `EncapsulateDerand`. Should a later version of the library ask for more, the wrap is
/// refused, for what would be given then is not secret.
struct Seed<'a> {
    rest: &'a [u8],
    used_up: bool,
}

impl TryRng for Seed<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        match self.rest.split_at_checked(bytes.len()) {
            Some((head, rest)) => {
                bytes.copy_from_slice(head);
                self.rest = rest;
            }
            None => self.used_up = true,
        }
        Ok(())
    }
}

impl TryCryptoRng for Seed<'_> {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn more_than_was_derived_is_never_given_and_is_noticed() {
        let bytes: Vec<u8> = (0..64).collect();
        let mut seed = Seed {
            rest: &bytes,
            used_up: false,
        };
        let mut taken = [0; 64];
        seed.try_fill_bytes(&mut taken[..32]).unwrap();
        seed.try_fill_bytes(&mut taken[32..]).unwrap();
        assert_eq!(taken.as_slice(), bytes);
        assert!(!seed.used_up);
        seed.try_fill_bytes(&mut [0; 1]).unwrap();
        assert!(seed.used_up);
    }
}
