//! What is sealed: the document's name and kind, its plain row as the author saw it (the
//! *projection*), and the change itself; compressed together, because the text repeats, and padded,
//! so that a mood tap and a short note look alike.

use std::cell::RefCell;
use std::io;

use companion_protocol::id::ContentHash;
use companion_protocol::wire::{Reader, WireError, Writer};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;
use zstd::bulk::{Compressor, Decompressor};

use super::SpaceError;
use crate::domain::{DocumentId, Kind};

/// Largest payload before compression. What can't be compressed still fits, padded and sealed, into
/// the largest change that a server takes; or it would wait in the outbox for ever.
pub const MAX_PAYLOAD: usize = 768 * 1024;
/// Smallest plaintext: everything up to this size looks alike.
pub const FLOOR: usize = 1024;

const MAGIC: &[u8; 2] = b"KD";
const CONTENT_CONTEXT: &[u8] = b"kap/content/1";
/// Measured on two-kilobyte entries: higher levels gain under 2 % and cost several times as much.
const LEVEL: i32 = 6;

/// One change to one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Random, and seen by members alone: the header carries a hash of all this, from which nobody may learn
    /// a short content by trying.
    pub blind: [u8; 16],
    /// Which document.
    pub document: DocumentId,
    /// What it is; a kind from a newer version is kept as it is.
    pub kind: Kind,
    /// The document's plain row after the change, as JSON.
    pub projection: String,
    /// The raw change.
    pub change: Vec<u8>,
}

impl Payload {
    /// The bytes before compression: what the outbox keeps.
    pub fn encode(&self) -> Vec<u8> {
        let mut to = Writer::new();
        to.array(MAGIC)
            .u8(1)
            .array(&self.blind)
            .array(self.document.as_bytes())
            .bytes(self.kind.as_str().as_bytes())
            .bytes(self.projection.as_bytes())
            .bytes(&self.change)
            .bytes(&[]);
        to.finish()
    }

    /// Reads what [`Payload::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, SpaceError> {
        Self::read(bytes).map_err(|error| SpaceError::BadPayload(error.to_string()))
    }

    /// Reads what was packed, if it is what the header says.
    ///
    /// # Errors
    ///
    /// [`SpaceError::OtherContent`] where it is not; [`SpaceError::BadPayload`] for a wrong form.
    pub fn unpack(packed: &[u8], said: &ContentHash) -> Result<Self, SpaceError> {
        let plain = unpack(packed)?;
        if content(&plain) == *said {
            Self::decode(&plain)
        } else {
            Err(SpaceError::OtherContent)
        }
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let mut from = Reader::new(bytes);
        from.magic(MAGIC, "change of a document")?;
        let blind = from.array()?;
        let document = DocumentId::new(from.array()?);
        let kind = text(from.bytes()?, "kind")?;
        let projection = text(from.bytes()?, "projection")?;
        let change = from.bytes()?.to_vec();
        // Fields of a later version stand here, kept in the sealed log, not understood.
        let _extensions = from.bytes()?;
        from.end()?;
        let kind = Kind::from_stored(&kind);
        Ok(Self {
            blind,
            document,
            kind,
            projection,
            change,
        })
    }
}

/// What a header says of its content: a hash of the payload as it was before packing. So it stays when the
/// change is sealed again, and whatever packs it.
pub fn content(encoded: &[u8]) -> ContentHash {
    let digest = Sha256::new()
        .chain_update(CONTENT_CONTEXT)
        .chain_update(encoded)
        .finalize();
    ContentHash::new(digest.into())
}

fn text(bytes: &[u8], field: &'static str) -> Result<String, WireError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| WireError::BadValue(field))
}

/// Compresses and pads an encoded payload.
pub fn pack(encoded: &[u8]) -> Result<Zeroizing<Vec<u8>>, SpaceError> {
    if encoded.len() > MAX_PAYLOAD {
        return Err(SpaceError::BadPayload("it is too large".into()));
    }
    let compressed =
        compress(encoded).map_err(|_| SpaceError::BadPayload("it can't be compressed".into()))?;
    let length = compressed.len().saturating_add(4);
    let mut packed = Zeroizing::new(Vec::with_capacity(padded_length(length)));
    packed.extend_from_slice(
        &u32::try_from(compressed.len())
            .unwrap_or(u32::MAX)
            .to_be_bytes(),
    );
    packed.extend_from_slice(&compressed);
    packed.resize(padded_length(length), 0);
    Ok(packed)
}

/// Undoes [`pack`]. A stranger's bytes can't make it allocate more than [`MAX_PAYLOAD`].
pub fn unpack(packed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SpaceError> {
    let bad = |why: &str| SpaceError::BadPayload(why.to_owned());
    let (length, rest) = packed
        .split_first_chunk::<4>()
        .ok_or_else(|| bad("it is empty"))?;
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    let (compressed, padding) = rest
        .split_at_checked(length)
        .ok_or_else(|| bad("its length is wrong"))?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(bad("its padding is not empty"));
    }
    // One frame, or one payload could be packed in many ways, with room beside it for anything.
    if zstd::zstd_safe::find_frame_compressed_size(compressed) != Ok(length) {
        return Err(bad("it is not one compressed frame"));
    }
    let size = zstd::zstd_safe::get_frame_content_size(compressed)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= MAX_PAYLOAD)
        .ok_or_else(|| bad("it is too large, or does not say how large it is"))?;
    decompress(compressed, size)
        .map(Zeroizing::new)
        .map_err(|_| bad("it can't be decompressed"))
}

thread_local! {
    // Making one takes ten times as long as using it for an entry.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let mut compressor = kept.take().map_or_else(|| Compressor::new(LEVEL), Ok)?;
        let compressed = compressor.compress(bytes)?;
        *kept = Some(compressor);
        Ok(compressed)
    })
}

/// One that failed is not used again.
fn decompress(bytes: &[u8], size: usize) -> io::Result<Vec<u8>> {
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let mut decompressor = kept.take().map_or_else(Decompressor::new, Ok)?;
        let decompressed = decompressor.decompress(bytes, size)?;
        *kept = Some(decompressor);
        Ok(decompressed)
    })
}

/// Padmé (Nikitin et al., PETS 2019): at most 12 % more, and only O(log log n) bits of the length
/// leak; with a floor.
pub fn padded_length(length: usize) -> usize {
    padded_from(length, FLOOR)
}

/// The same with another floor.
pub(super) fn padded_from(length: usize, floor: usize) -> usize {
    if length <= floor {
        return floor;
    }
    let exponent = length.ilog2();
    let bits = exponent.ilog2().saturating_add(1);
    let mask = (1usize << exponent.saturating_sub(bits)).saturating_sub(1);
    length.saturating_add(mask) & !mask
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use proptest::prelude::*;

    fn sample(text: &str) -> Payload {
        Payload {
            blind: [5; 16],
            document: DocumentId::new([7; 16]),
            kind: Kind::from_stored("entry"),
            projection: text.to_owned(),
            change: text.as_bytes().to_vec(),
        }
    }

    proptest! {
        #[test]
        fn any_payload_comes_back_as_it_was(text in ".{0,3000}") {
            let payload = sample(&text);
            let packed = pack(&payload.encode()).unwrap();
            prop_assert_eq!(packed.len(), padded_length(packed.len()));
            prop_assert_eq!(Payload::decode(&unpack(&packed).unwrap()).unwrap(), payload);
        }

        #[test]
        fn any_bytes_unpack_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            if let Ok(plain) = unpack(&bytes) {
                prop_assert!(plain.len() <= MAX_PAYLOAD);
                let _ = Payload::decode(&plain);
            }
        }

        #[test]
        fn padding_costs_at_most_an_eighth_and_never_cuts(length in 1usize..2_000_000) {
            let padded = padded_length(length);
            prop_assert!(padded >= length);
            prop_assert!(length <= FLOOR || padded - length <= length / 8);
        }
    }

    #[test]
    fn a_mood_tap_and_a_short_note_look_alike() {
        let tap = pack(&sample("{}").encode()).unwrap();
        let note = pack(&sample("I slept better than last week, and the walk helped.").encode());
        assert_eq!(tap.len(), note.unwrap().len());
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_inflated() {
        let bomb = zstd::bulk::compress(&vec![0u8; 64 * 1024 * 1024], 3).unwrap();
        let mut packed = u32::try_from(bomb.len()).unwrap().to_be_bytes().to_vec();
        packed.extend_from_slice(&bomb);
        assert!(matches!(unpack(&packed), Err(SpaceError::BadPayload(_))));
    }
}
