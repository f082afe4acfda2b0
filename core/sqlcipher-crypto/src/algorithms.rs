//! The four algorithms, over slices: all that is decided is decided here.

use aes::Aes256;
use aes::cipher::{Block, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;
/// Bytes of a block, and of what each page begins with.
pub(crate) const BLOCK: usize = 16;
/// Bytes of a page's authentication.
pub(crate) const TAG: usize = 64;

/// SQLCipher asked for what this can't do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Encrypt,
    Decrypt,
}

/// AES-256-CBC over whole blocks, in place: SQLCipher pads nothing.
pub(crate) fn cipher(way: Way, key: &[u8], iv: &[u8], text: &mut [u8]) -> Result<(), Refused> {
    let (blocks, rest) = Block::<Aes256>::slice_as_chunks_mut(text);
    if !rest.is_empty() {
        return Err(Refused);
    }
    match way {
        Way::Encrypt => cbc::Encryptor::<Aes256>::new_from_slices(key, iv)
            .map_err(|_| Refused)?
            .encrypt_blocks(blocks),
        Way::Decrypt => cbc::Decryptor::<Aes256>::new_from_slices(key, iv)
            .map_err(|_| Refused)?
            .decrypt_blocks(blocks),
    }
    Ok(())
}

/// HMAC-SHA-512 of two pieces, one behind the other.
pub(crate) fn authenticate(key: &[u8], first: &[u8], second: &[u8]) -> Result<[u8; TAG], Refused> {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).map_err(|_| Refused)?;
    mac.update(first);
    mac.update(second);
    Ok(mac.finalize().into_bytes().into())
}

/// PBKDF2 with HMAC-SHA-512, which fills `key`.
pub(crate) fn derive(
    passphrase: &[u8],
    salt: &[u8],
    rounds: u32,
    key: &mut [u8],
) -> Result<(), Refused> {
    if rounds == 0 {
        return Err(Refused);
    }
    pbkdf2::pbkdf2::<Hmac<Sha512>>(passphrase, salt, rounds, key).map_err(|_| Refused)
}

/// The system's randomness.
pub(crate) fn random(fill: &mut [u8]) -> Result<(), Refused> {
    getrandom::fill(fill).map_err(|_| Refused)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use data_encoding::HEXLOWER;

    use super::{Refused, Way, authenticate, cipher, derive};

    fn hex(text: &str) -> Vec<u8> {
        HEXLOWER.decode(text.as_bytes()).expect("hexadecimal")
    }

    /// NIST SP 800-38A, F.2.5.
    #[test]
    fn the_cipher_is_the_one_of_the_standard() {
        let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let iv = hex("000102030405060708090a0b0c0d0e0f");
        let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        let mut text = plain.clone();
        cipher(Way::Encrypt, &key, &iv, &mut text).expect("whole blocks");
        let expected = "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d";
        assert_eq!(HEXLOWER.encode(&text), expected);
        cipher(Way::Decrypt, &key, &iv, &mut text).expect("whole blocks");
        assert_eq!(text, plain);
    }

    /// RFC 4231, test cases 2 and 6; the second with a key longer than a block of the hash.
    #[test]
    fn the_authentication_is_the_one_of_the_standard() {
        let tag = authenticate(b"Jefe", b"what do ya want ", b"for nothing?").expect("a key");
        assert_eq!(
            HEXLOWER.encode(&tag),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        );
        let tag = authenticate(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            b"",
        );
        assert_eq!(
            HEXLOWER.encode(&tag.expect("a key")),
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        );
    }

    #[test]
    fn the_derivation_is_the_one_of_the_standard() {
        let mut key = [0; 64];
        derive(b"password", b"salt", 2, &mut key).expect("rounds");
        assert_eq!(
            HEXLOWER.encode(&key),
            "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53cf76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e"
        );
    }

    #[test]
    fn what_would_not_be_secret_is_refused() {
        let (key, iv) = ([1; 32], [2; 16]);
        assert_eq!(
            cipher(Way::Encrypt, &key, &iv, &mut [0; 15]),
            Err(Refused),
            "half a block"
        );
        assert_eq!(
            cipher(Way::Encrypt, &[1; 16], &iv, &mut [0; 16]),
            Err(Refused),
            "a shorter key"
        );
        assert_eq!(
            cipher(Way::Decrypt, &key, &[2; 12], &mut [0; 16]),
            Err(Refused),
            "a shorter beginning"
        );
        assert_eq!(
            derive(b"a", b"b", 0, &mut [0; 32]),
            Err(Refused),
            "no round"
        );
    }
}
