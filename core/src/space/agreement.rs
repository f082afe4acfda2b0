//! Getting an epoch key to a member: HPKE base mode (RFC 9180) with X-Wing (ML-KEM-768 and X25519),
//! HKDF-SHA256 and ChaCha20-Poly1305, so that what is recorded today is not readable by tomorrow's
//! computer.

use companion_protocol::statement::{HPKE_KEY_LENGTH, WRAPPED_KEY_LENGTH};
use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::inout::InOutBuf;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::{TryCryptoRng, TryRng};
use zeroize::Zeroizing;

use super::SpaceError;
use super::keys::EpochKey;
use crate::ports::Rng;

const INFO: &[u8] = b"kap/wrap/1";

/// How an epoch key reaches a member.
pub trait KeyAgreement {
    /// The public half of the key pair that `seed` makes.
    fn public_key(&self, seed: &[u8; 32]) -> Box<[u8; HPKE_KEY_LENGTH]>;

    /// Seals `key` to the holder of `recipient`, bound to `context`.
    fn wrap(
        &self,
        recipient: &[u8; HPKE_KEY_LENGTH],
        context: &[u8],
        key: &EpochKey,
        rng: &dyn Rng,
    ) -> Result<Box<[u8; WRAPPED_KEY_LENGTH]>, SpaceError>;

    /// Opens what [`KeyAgreement::wrap`] made.
    fn unwrap(
        &self,
        seed: &[u8; 32],
        context: &[u8],
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
        recipient: &[u8; HPKE_KEY_LENGTH],
        context: &[u8],
        key: &EpochKey,
        rng: &dyn Rng,
    ) -> Result<Box<[u8; WRAPPED_KEY_LENGTH]>, SpaceError> {
        let public = <XWing as Kem>::PublicKey::from_bytes(recipient)
            .map_err(|_| SpaceError::BadPublicKey)?;
        let mut sealed = Zeroizing::new(*key.as_bytes());
        let (encapped, tag) =
            hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
                &OpModeS::Base,
                &public,
                INFO,
                InOutBuf::from(sealed.as_mut_slice()),
                context,
                &mut Injected(rng),
            )
            .map_err(|_| SpaceError::BadPublicKey)?;
        let joined = [&encapped.to_bytes()[..], &sealed[..], &tag.to_bytes()[..]].concat();
        joined.try_into().map_err(|_| SpaceError::BadPublicKey)
    }

    fn unwrap(
        &self,
        seed: &[u8; 32],
        context: &[u8],
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
            INFO,
            InOutBuf::from(key.as_mut_slice()),
            context,
            &tag,
        )
        .map_err(|_| SpaceError::CannotOpen)?;
        Ok(EpochKey::new(*key))
    }
}

/// Our injected randomness in the shape that the library asks for.
struct Injected<'a>(&'a dyn Rng);

impl TryRng for Injected<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(crate::ports::random(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(crate::ports::random(self.0)))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Injected<'_> {}
