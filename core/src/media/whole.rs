//! Whether the file of a picture goes on to its end. What opens pictures fills in what is missing of one that was cut
//! off, mostly with gray, and says nothing.

/// Of a JPEG, PNG or WebP. What else stands in it is looked at by whoever opens it.
pub(super) fn is_whole(file: &[u8]) -> bool {
    let whole = match file {
        [0xff, 0xd8, rest @ ..] => is_whole_jpeg(rest),
        [0x89, b'P', b'N', b'G', _, _, _, _, rest @ ..] => is_whole_png(rest),
        [b'R', b'I', b'F', b'F', rest @ ..] => is_whole_riff(rest),
        _ => None,
    };
    whole.is_some()
}

/// Segments (ITU-T T.81, annex B) up to the mark of the end. Behind it, cameras put more.
fn is_whole_jpeg(mut rest: &[u8]) -> Option<()> {
    let mut was_drawn = false;
    loop {
        let [0xff, marker, behind @ ..] = rest else {
            return None;
        };
        rest = match marker {
            0xff => rest.get(1..)?,
            0xd9 => return was_drawn.then_some(()),
            0x01 | 0xd0..=0xd7 => behind,
            _ => {
                let length = usize::from(u16::from_be_bytes(*behind.first_chunk()?));
                let behind = behind.get(length..)?;
                match marker {
                    0xda => {
                        was_drawn = true;
                        behind_the_scan(behind)?
                    }
                    _ => behind,
                }
            }
        };
    }
}

/// What stands behind the picture's own bytes: from the next mark on that is none of theirs.
fn behind_the_scan(scan: &[u8]) -> Option<&[u8]> {
    let is_mark = |two: &[u8]| match two {
        [0xff, next] => !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff),
        _ => false,
    };
    scan.get(scan.windows(2).position(is_mark)?..)
}

/// Chunks up to the one that ends it.
fn is_whole_png(mut rest: &[u8]) -> Option<()> {
    loop {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let behind = rest.get(length.checked_add(12)?..)?;
        if rest.get(4..8)? == b"IEND" {
            return Some(());
        }
        rest = behind;
    }
}

/// A WebP picture says at its beginning how long it is.
fn is_whole_riff(rest: &[u8]) -> Option<()> {
    let length = usize::try_from(u32::from_le_bytes(*rest.first_chunk()?)).ok()?;
    rest.get(4..)?.get(..length).map(drop)
}
