//! Packed payloads (`WIRE.md` §6.2). The frames are written here by hand, uncompressed: only members
//! read them, and what this crate knows of them is on the page.

use serde_json::{Value, json};

use super::describe::hex;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A skippable frame of three bytes.
const SKIPPABLE: [u8; 11] = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
const CONTENT: &[u8] = b"KD, and what follows, as far as this layer is concerned";

/// One raw block, the last.
fn block(content: &[u8]) -> Vec<u8> {
    let header = u32::try_from(content.len()).unwrap() << 3 | 1;
    [&header.to_le_bytes()[..3], content].concat()
}

/// A frame of one segment, whose header says in four bytes how much it holds.
fn frame(content: &[u8]) -> Vec<u8> {
    announcing(u32::try_from(content.len()).unwrap(), content)
}

fn announcing(size: u32, content: &[u8]) -> Vec<u8> {
    // Frame_Content_Size of four bytes, Single_Segment, no checksum, no dictionary.
    [
        &MAGIC[..],
        &[0b1010_0000],
        &size.to_le_bytes(),
        &block(content),
    ]
    .concat()
}

/// A frame with a window and without a content size.
fn of_unknown_size() -> Vec<u8> {
    [&MAGIC[..], &[0, 0x50], &block(CONTENT)].concat()
}

fn with_dictionary() -> Vec<u8> {
    let size = u32::try_from(CONTENT.len()).unwrap().to_le_bytes();
    [&MAGIC[..], &[0b1010_0001, 7], &size, &block(CONTENT)].concat()
}

fn with_checksum(checksum: u32) -> Vec<u8> {
    let size = u32::try_from(CONTENT.len()).unwrap().to_le_bytes();
    let checksum = checksum.to_le_bytes();
    [
        &MAGIC[..],
        &[0b1010_0100],
        &size,
        &block(CONTENT),
        &checksum,
    ]
    .concat()
}

fn packed(compressed: &[u8]) -> Vec<u8> {
    let length = u32::try_from(compressed.len()).unwrap().to_be_bytes();
    let mut packed = [&length[..], compressed].concat();
    packed.resize(packed.len().max(1024), 0);
    packed
}

fn holds(name: &str, packed: &[u8]) -> Value {
    json!({"name": name, "packed": hex(packed), "payload": hex(CONTENT)})
}

fn refused(name: &str, packed: &[u8]) -> Value {
    json!({"name": name, "packed": hex(packed), "refused": true})
}

pub(super) fn payloads() -> Value {
    let one = frame(CONTENT);
    let twice = [one.clone(), frame(b"more")].concat();
    let then_skippable = [&one[..], &SKIPPABLE].concat();
    let skippable_first = [&SKIPPABLE[..], &one].concat();
    let then_empty = [one.clone(), frame(b"")].concat();
    let then_bytes = [&one[..], b"?"].concat();
    let size = u32::try_from(CONTENT.len()).unwrap();
    let mut not_zero = packed(&one);
    *not_zero.last_mut().unwrap() = 1;
    let mut too_long = packed(&one);
    too_long[..4].copy_from_slice(&1021u32.to_be_bytes());
    json!([
        holds("one frame", &packed(&one)),
        holds(
            "one frame, padded to no length of ours",
            &[packed(&one), vec![0; 7]].concat()
        ),
        holds(
            "one frame with a checksum",
            &packed(&with_checksum(CHECKSUM))
        ),
        refused(
            "one frame with another checksum",
            &packed(&with_checksum(CHECKSUM ^ 1))
        ),
        refused("two frames", &packed(&twice)),
        refused("a skippable frame behind it", &packed(&then_skippable)),
        refused("a skippable frame before it", &packed(&skippable_first)),
        refused("an empty frame behind it", &packed(&then_empty)),
        refused("a byte behind it", &packed(&then_bytes)),
        refused("a frame cut off", &packed(&one[..one.len() - 1])),
        refused(
            "a frame that does not say how much it holds",
            &packed(&of_unknown_size())
        ),
        refused("a frame with a dictionary", &packed(&with_dictionary())),
        refused(
            "a frame that says 786,433",
            &packed(&announcing(786_433, CONTENT))
        ),
        refused(
            "a frame that holds less than it says",
            &packed(&announcing(size + 1, CONTENT))
        ),
        refused(
            "a frame that holds more than it says",
            &packed(&announcing(size - 1, CONTENT))
        ),
        refused("no frame at all", &packed(b"")),
        refused("a length beyond the end", &too_long),
        refused("padding that is not zero", &not_zero),
        refused("three bytes", &[0, 0, 0]),
    ])
}

/// The low 32 bits of XXH64 over the content, seed 0 (RFC 8878 §3.1.1).
const CHECKSUM: u32 = 0x3e87_2617;
