//! Whether the file of a picture holds the picture and nothing beside it, as [`picture`](super::picture) draws it:
//! no place, time or device of whoever took it, and no words.

/// Of a JPEG or PNG; of anything else `false`. What is cut off is not bare either.
pub(crate) fn is_bare(file: &[u8]) -> bool {
    match file {
        [0xff, 0xd8, rest @ ..] => is_bare_jpeg(rest).unwrap_or(false),
        [0x89, b'P', b'N', b'G', _, _, _, _, rest @ ..] => is_bare_png(rest).unwrap_or(false),
        _ => false,
    }
}

/// Segments up to the picture's own bytes: those that say how it is drawn, and the one that names the format.
fn is_bare_jpeg(mut rest: &[u8]) -> Option<bool> {
    loop {
        let [0xff, marker, high, low, ..] = rest else {
            return None;
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match marker {
            // Frames, tables and intervals; APP0 is JFIF's.
            0xc0..=0xcf | 0xdb | 0xdd | 0xe0 => {}
            // From here on it is drawn, and nothing may stand behind its end.
            0xda => return Some(rest.ends_with(&[0xff, 0xd9])),
            _ => return Some(false),
        }
        rest = rest.get(length.checked_add(2)?..)?;
    }
}

/// Chunks: the head, the picture, and the end.
fn is_bare_png(mut rest: &[u8]) -> Option<bool> {
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let behind = rest.get(length.checked_add(12)?..)?;
        match rest.get(4..8)? {
            b"IHDR" | b"IDAT" | b"PLTE" => {}
            b"IEND" => return Some(behind.is_empty()),
            _ => return Some(false),
        }
        rest = behind;
    }
}
