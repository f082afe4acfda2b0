//! The table of functions that SQLCipher calls, and what turns its pointers into slices.
//!
//! SQLCipher promises, in `sqlcipher.h`: each pointer is good for the length beside it during the call, nothing else
//! writes there meanwhile, and the table outlives every call.
#![allow(
    unsafe_code,
    reason = "it is called by C, with pointers; nothing but that is done here"
)]

use std::ffi::{CStr, c_char, c_int, c_uchar, c_void};
use std::{ptr, slice};

use crate::algorithms::{self, BLOCK, KEY, Refused, TAG, Way};

const OK: c_int = 0;
const ERROR: c_int = 1;
/// `SQLCIPHER_HMAC_SHA512` and `SQLCIPHER_PBKDF2_HMAC_SHA512`: what format 4 has. Nothing weaker is offered.
const SHA512: c_int = 2;

/// `struct sqlcipher_provider` of `sqlcipher.h`.
#[repr(C)]
pub struct Provider {
    init: Option<unsafe extern "C" fn() -> c_int>,
    shutdown: Option<unsafe extern "C" fn()>,
    get_provider_name: Option<unsafe extern "C" fn(*mut c_void) -> *const c_char>,
    add_random: Option<unsafe extern "C" fn(*mut c_void, *const c_void, c_int) -> c_int>,
    random: Option<unsafe extern "C" fn(*mut c_void, *mut c_void, c_int) -> c_int>,
    hmac: Option<
        unsafe extern "C" fn(
            *mut c_void,
            c_int,
            *const c_uchar,
            c_int,
            *const c_uchar,
            c_int,
            *const c_uchar,
            c_int,
            *mut c_uchar,
        ) -> c_int,
    >,
    kdf: Option<
        unsafe extern "C" fn(
            *mut c_void,
            c_int,
            *const c_uchar,
            c_int,
            *const c_uchar,
            c_int,
            c_int,
            c_int,
            *mut c_uchar,
        ) -> c_int,
    >,
    cipher: Option<
        unsafe extern "C" fn(
            *mut c_void,
            c_int,
            *const c_uchar,
            c_int,
            *const c_uchar,
            *const c_uchar,
            c_int,
            *mut c_uchar,
        ) -> c_int,
    >,
    get_cipher: Option<unsafe extern "C" fn(*mut c_void) -> *const c_char>,
    get_key_sz: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    get_iv_sz: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    get_block_sz: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    get_hmac_sz: Option<unsafe extern "C" fn(*mut c_void, c_int) -> c_int>,
    ctx_init: Option<unsafe extern "C" fn(*mut *mut c_void) -> c_int>,
    ctx_free: Option<unsafe extern "C" fn(*mut *mut c_void) -> c_int>,
    fips_status: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    get_provider_version: Option<unsafe extern "C" fn(*mut c_void) -> *const c_char>,
    next: *mut Provider,
}

/// Fills SQLCipher's table. It is called once, by SQLCipher, while it is set up.
///
/// # Safety
/// `provider` points to SQLCipher's table, or to nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn companion_sqlcipher_setup(provider: *mut Provider) -> c_int {
    // SAFETY: SQLCipher hands its own table, which nobody else knows yet.
    let Some(table) = (unsafe { provider.as_mut() }) else {
        return ERROR;
    };
    // What links this one to the next is SQLCipher's.
    let next = table.next;
    *table = Provider {
        init: None,
        shutdown: None,
        get_provider_name: Some(name),
        add_random: Some(add_random),
        random: Some(random),
        hmac: Some(hmac),
        kdf: Some(kdf),
        cipher: Some(cipher),
        get_cipher: Some(cipher_name),
        get_key_sz: Some(key_size),
        get_iv_sz: Some(block_size),
        get_block_sz: Some(block_size),
        get_hmac_sz: Some(tag_size),
        ctx_init: Some(nothing_to_keep),
        ctx_free: Some(nothing_to_keep),
        fips_status: Some(no_fips),
        get_provider_version: Some(version),
        next,
    };
    OK
}

/// What C points to. Nothing where there is no pointer, or a length that can't be.
///
/// # Safety
/// `at` is good for reading `length` bytes, or null.
unsafe fn bytes<'a>(at: *const c_uchar, length: c_int) -> Result<&'a [u8], Refused> {
    let length = usize::try_from(length).map_err(|_| Refused)?;
    if at.is_null() {
        return if length == 0 { Ok(&[]) } else { Err(Refused) };
    }
    // SAFETY: not null, and good for so many bytes by what the caller promises.
    Ok(unsafe { slice::from_raw_parts(at, length) })
}

/// The same, to be written.
///
/// # Safety
/// `at` is good for writing `length` bytes, and nobody else's meanwhile, or null.
unsafe fn bytes_mut<'a>(at: *mut c_uchar, length: c_int) -> Result<&'a mut [u8], Refused> {
    let length = usize::try_from(length).map_err(|_| Refused)?;
    if at.is_null() {
        return Err(Refused);
    }
    // SAFETY: not null, and good for so many bytes by what the caller promises.
    Ok(unsafe { slice::from_raw_parts_mut(at, length) })
}

fn code(done: Result<(), Refused>) -> c_int {
    match done {
        Ok(()) => OK,
        Err(Refused) => ERROR,
    }
}

unsafe extern "C" fn random(_: *mut c_void, buffer: *mut c_void, length: c_int) -> c_int {
    // SAFETY: SQLCipher's own buffer, of that length.
    code(unsafe { bytes_mut(buffer.cast(), length) }.and_then(algorithms::random))
}

/// The system's randomness takes no advice.
unsafe extern "C" fn add_random(_: *mut c_void, _: *const c_void, _: c_int) -> c_int {
    OK
}

unsafe extern "C" fn hmac(
    _: *mut c_void,
    algorithm: c_int,
    key: *const c_uchar,
    key_length: c_int,
    first: *const c_uchar,
    first_length: c_int,
    second: *const c_uchar,
    second_length: c_int,
    out: *mut c_uchar,
) -> c_int {
    let done = || {
        if algorithm != SHA512 || first.is_null() || out.is_null() {
            return Err(Refused);
        }
        // A length without a piece says nothing: the reference implementation passes over it, too.
        let second_length = if second.is_null() { 0 } else { second_length };
        // SAFETY: three pieces of SQLCipher's, each of the length beside it.
        let (key, first, second) = unsafe {
            (
                bytes(key, key_length)?,
                bytes(first, first_length)?,
                bytes(second, second_length)?,
            )
        };
        let tag = algorithms::authenticate(key, first, second)?;
        // SAFETY: SQLCipher keeps as much room for it as `get_hmac_sz` says. It may lie behind the first piece, of
        // which nothing is read any more.
        unsafe { ptr::copy_nonoverlapping(tag.as_ptr(), out, TAG) };
        Ok(())
    };
    code(done())
}

unsafe extern "C" fn kdf(
    _: *mut c_void,
    algorithm: c_int,
    passphrase: *const c_uchar,
    passphrase_length: c_int,
    salt: *const c_uchar,
    salt_length: c_int,
    rounds: c_int,
    key_length: c_int,
    key: *mut c_uchar,
) -> c_int {
    let done = || {
        if algorithm != SHA512 {
            return Err(Refused);
        }
        let rounds = u32::try_from(rounds).map_err(|_| Refused)?;
        // SAFETY: two pieces of SQLCipher's, each of the length beside it, and room for the key apart from them.
        let (passphrase, salt, key) = unsafe {
            (
                bytes(passphrase, passphrase_length)?,
                bytes(salt, salt_length)?,
                bytes_mut(key, key_length)?,
            )
        };
        algorithms::derive(passphrase, salt, rounds, key)
    };
    code(done())
}

unsafe extern "C" fn cipher(
    _: *mut c_void,
    mode: c_int,
    key: *const c_uchar,
    key_length: c_int,
    iv: *const c_uchar,
    text: *const c_uchar,
    length: c_int,
    out: *mut c_uchar,
) -> c_int {
    let done = || {
        let way = if mode == 0 {
            Way::Decrypt
        } else {
            Way::Encrypt
        };
        let size = usize::try_from(length).map_err(|_| Refused)?;
        if text.is_null() || out.is_null() || iv.is_null() {
            return Err(Refused);
        }
        // SAFETY: SQLCipher's page, and room for as much. Both may be the same place: from here on only `out` is used.
        unsafe { ptr::copy(text, out, size) };
        // SAFETY: the key of the length beside it, as many bytes as `get_iv_sz` says, and the room from above.
        let (key, iv, out) = unsafe {
            (
                bytes(key, key_length)?,
                slice::from_raw_parts(iv, BLOCK),
                bytes_mut(out, length)?,
            )
        };
        algorithms::cipher(way, key, iv, out)
    };
    code(done())
}

fn text(text: &'static CStr) -> *const c_char {
    text.as_ptr()
}

unsafe extern "C" fn name(_: *mut c_void) -> *const c_char {
    text(c"rustcrypto")
}

unsafe extern "C" fn version(_: *mut c_void) -> *const c_char {
    text(c"aes 0.9, sha2 0.11")
}

unsafe extern "C" fn cipher_name(_: *mut c_void) -> *const c_char {
    text(c"AES-256-CBC")
}

unsafe extern "C" fn key_size(_: *mut c_void) -> c_int {
    size(KEY)
}

unsafe extern "C" fn block_size(_: *mut c_void) -> c_int {
    size(BLOCK)
}

unsafe extern "C" fn tag_size(_: *mut c_void, algorithm: c_int) -> c_int {
    if algorithm == SHA512 { size(TAG) } else { 0 }
}

fn size(bytes: usize) -> c_int {
    c_int::try_from(bytes).unwrap_or_default()
}

unsafe extern "C" fn nothing_to_keep(_: *mut *mut c_void) -> c_int {
    OK
}

unsafe extern "C" fn no_fips(_: *mut c_void) -> c_int {
    0
}
