//! The operating system's randomness.

use std::io;

/// Fresh random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], io::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| io::Error::other("no randomness available"))?;
    Ok(bytes)
}
