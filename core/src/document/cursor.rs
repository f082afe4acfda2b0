//! Reads numbers and lists of the binary formats from the front of a slice, never past its end.

use super::{ActorId, Refusal};

/// Reads bytes from the front; never past the end.
#[derive(Clone)]
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn remaining(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Refusal::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Refusal> {
        let (&byte, rest) = self.0.split_first().ok_or(Refusal::Malformed)?;
        self.0 = rest;
        Ok(byte)
    }

    /// Unsigned LEB128, shortest form only.
    pub(super) fn unsigned(&mut self) -> Result<u64, Refusal> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                return Err(Refusal::Malformed);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let overlong = byte == 0 && shift > 0;
                return if overlong {
                    Err(Refusal::Malformed)
                } else {
                    Ok(value)
                };
            }
        }
        Err(Refusal::Malformed)
    }

    /// Signed LEB128; Automerge itself checks that it is the shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, Refusal> {
        let mut value = 0_i64;
        for shift in (0..64_u32).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if byte & 0x40 != 0 && shift + 7 < 64 {
                    value |= -1 << (shift + 7);
                }
                return Ok(value);
            }
        }
        Err(Refusal::Malformed)
    }

    /// An unsigned number that counts bytes or items still to come, each of at least one byte.
    pub(super) fn length(&mut self) -> Result<usize, Refusal> {
        let length = usize::try_from(self.unsigned()?).map_err(|_| Refusal::Malformed)?;
        if length > self.0.len() {
            Err(Refusal::Malformed)
        } else {
            Ok(length)
        }
    }

    pub(super) fn array32_list(&mut self) -> Result<Vec<[u8; 32]>, Refusal> {
        let count = self.length()?;
        (0..count)
            .map(|_| self.take(32)?.try_into().map_err(|_| Refusal::Malformed))
            .collect()
    }

    pub(super) fn actor(&mut self) -> Result<ActorId, Refusal> {
        let length = self.length()?;
        ActorId::from_slice(self.take(length)?).map_err(|_| Refusal::Malformed)
    }

    pub(super) fn actor_list(&mut self) -> Result<Vec<ActorId>, Refusal> {
        let count = self.length()?;
        (0..count).map(|_| self.actor()).collect()
    }
}

/// Appends unsigned LEB128.
pub(super) fn write_unsigned(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn overlong_and_oversized_numbers_are_refused() {
        for bytes in [
            &[0x80, 0x00][..],
            &[0xff; 11],
            &[0x80; 3],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
        ] {
            assert_eq!(
                Cursor::new(bytes).unsigned(),
                Err(Refusal::Malformed),
                "{bytes:?}"
            );
        }
        assert_eq!(Cursor::new(&[0x40]).signed(), Ok(-64));
        assert_eq!(Cursor::new(&[0x80, 0x40]).signed(), Ok(-8192));
    }

    proptest! {
        #[test]
        fn numbers_read_back(value: u64) {
            let mut bytes = Vec::new();
            write_unsigned(value, &mut bytes);
            let mut cursor = Cursor::new(&bytes);
            prop_assert_eq!(cursor.unsigned(), Ok(value));
            prop_assert!(cursor.is_empty());
        }
    }
}
