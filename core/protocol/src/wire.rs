//! The byte codec under every format of ours: big-endian integers, fixed arrays, and byte strings
//! with a 32-bit length. Reading never allocates more than the input holds and never panics.

/// Why bytes are not a well-formed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The input ended inside a value.
    #[error("the data ends too early")]
    Truncated,
    /// Bytes follow the last value.
    #[error("the data goes on after its end")]
    Trailing,
    /// The first bytes name another kind of thing.
    #[error("this is not a {0}")]
    WrongKind(&'static str),
    /// A version that this build does not know.
    #[error("version {0} of this format is not known here")]
    UnknownVersion(u8),
    /// A suite of algorithms that this build does not know.
    #[error("suite {0} is not known here")]
    UnknownSuite(u8),
    /// A field holds a value that its format does not allow.
    #[error("the field '{0}' holds a value that is not allowed")]
    BadValue(&'static str),
    /// Larger than the format's limit.
    #[error("the data is larger than the limit of {0} bytes")]
    TooLarge(usize),
}

/// Builds bytes.
#[derive(Debug, Default, Clone)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, with room for so many bytes: a large thing is not moved about while it grows.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    /// Two bytes, big-endian.
    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.array(&value.to_be_bytes())
    }

    /// Four bytes, big-endian.
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.array(&value.to_be_bytes())
    }

    /// Eight bytes, big-endian.
    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.array(&value.to_be_bytes())
    }

    /// Bytes as they are; the format fixes their number.
    pub fn array(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A 32-bit length, then the bytes. Longer input than 4 GiB is cut at no place we can reach:
    /// every format has a far smaller limit.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX))
            .array(bytes)
    }

    /// What was written so far.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads bytes front to back.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the front.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where fewer are left.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], WireError> {
        let (head, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes as an array.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        self.take(N)?.try_into().map_err(|_| WireError::Truncated)
    }

    /// One byte.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where the input ends before.
    pub fn u8(&mut self) -> Result<u8, WireError> {
        self.array().map(u8::from_be_bytes)
    }

    /// Two bytes, big-endian.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where the input ends before.
    pub fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_be_bytes)
    }

    /// Four bytes, big-endian.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where the input ends before.
    pub fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_be_bytes)
    }

    /// Eight bytes, big-endian.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where the input ends before.
    pub fn u64(&mut self) -> Result<u64, WireError> {
        self.array().map(u64::from_be_bytes)
    }

    /// A 32-bit length, then that many bytes.
    ///
    /// # Errors
    ///
    /// [`WireError::Truncated`] where the length says more than is left.
    pub fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let length = self.u32()?;
        self.take(usize::try_from(length).map_err(|_| WireError::Truncated)?)
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Refuses anything after the end.
    ///
    /// # Errors
    ///
    /// [`WireError::Trailing`] where bytes are left.
    pub fn end(&self) -> Result<(), WireError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(WireError::Trailing)
        }
    }

    /// Reads a two-byte magic and a version byte; only version 1 of any format exists today.
    ///
    /// # Errors
    ///
    /// [`WireError::WrongKind`] where the magic is another, [`WireError::UnknownVersion`] where the version
    /// is not 1, [`WireError::Truncated`] where the input ends before.
    pub fn magic(&mut self, magic: &[u8; 2], what: &'static str) -> Result<u8, WireError> {
        if &self.array::<2>()? != magic {
            return Err(WireError::WrongKind(what));
        }
        match self.u8()? {
            1 => Ok(1),
            other => Err(WireError::UnknownVersion(other)),
        }
    }
}
