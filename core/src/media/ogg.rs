//! Opus in Ogg (RFC 3533, RFC 7845): the packet of comments, in which a place may stand, is replaced by an empty
//! one. The pages behind it get the numbers and checksums that follow from that; the sound itself is not touched.

use super::{Known, MAGIC, MediaError, Sink, Source, little_u16, little_u32};
use crate::domain::MediaType;
use crate::error::Result;

const HEAD: usize = 27;
const BEGINS: u8 = 2;
/// Opus counts at this rate, whatever it was recorded at.
const SAMPLES_IN_A_SECOND: u64 = 48_000;

struct Page {
    head: [u8; HEAD],
    lengths: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    /// The next page, of which `begun` was read already.
    fn read(source: &mut Source<'_>, begun: &[u8]) -> Result<Self> {
        let mut head = [0; HEAD];
        let (first, rest) = head.split_at_mut(begun.len());
        first.copy_from_slice(begun);
        source.fill(rest)?;
        let is_page = head.starts_with(b"OggS") && head.get(4) == Some(&0);
        let count = head.last().copied().filter(|_| is_page);
        let mut lengths = vec![0; usize::from(count.ok_or(MediaError::Damaged)?)];
        source.fill(&mut lengths)?;
        let mut body = vec![0; lengths.iter().map(|length| usize::from(*length)).sum()];
        source.fill(&mut body)?;
        Ok(Self {
            head,
            lengths,
            body,
        })
    }

    fn empty_comments(serial: u32) -> Self {
        let mut head = [0; HEAD];
        let serial = serial.to_le_bytes();
        let fields = [(0, b"OggS"), (14, &serial)];
        for (at, field) in fields {
            for (to, from) in head.iter_mut().skip(at).zip(field) {
                *to = *from;
            }
        }
        // No name of a program, and no comments.
        let body = [b"OpusTags".as_slice(), &[0; 8]].concat();
        let lengths = vec![16];
        if let Some(count) = head.last_mut() {
            *count = 1;
        }
        Self {
            head,
            lengths,
            body,
        }
    }

    fn flags(&self) -> u8 {
        self.head.get(5).copied().unwrap_or_default()
    }

    fn serial(&self) -> u32 {
        little_u32(&self.head, 14).unwrap_or_default()
    }

    /// How many samples there are up to its end; `None` where nothing ends in it.
    fn position(&self) -> Option<u64> {
        let low = little_u32(&self.head, 6)?;
        let high = little_u32(&self.head, 10)?;
        let position = u64::from(high) << 32 | u64::from(low);
        (position != u64::MAX).then_some(position)
    }

    /// Whether the last packet in it goes on in the next page.
    fn goes_on(&self) -> bool {
        self.lengths.last() == Some(&255)
    }

    /// Gives the page on under that number.
    fn put(mut self, number: u32, to: Sink<'_>) -> Result<()> {
        for (place, byte) in self.head.iter_mut().skip(18).zip(number.to_le_bytes()) {
            *place = byte;
        }
        let checksum = |head: &[u8]| {
            let all = head.iter().chain(&self.lengths).chain(&self.body);
            all.fold(0_u32, |sum, byte| checksum_of(sum, *byte))
        };
        self.head
            .iter_mut()
            .skip(22)
            .take(4)
            .for_each(|byte| *byte = 0);
        let sum = checksum(&self.head).to_le_bytes();
        for (place, byte) in self.head.iter_mut().skip(22).zip(sum) {
            *place = byte;
        }
        to(&self.head)?;
        to(&self.lengths)?;
        to(&self.body)
    }
}

/// Ogg's checksum, a byte on: CRC-32 by the polynomial 0x04c11db7, not reflected, from zero.
fn checksum_of(sum: u32, byte: u8) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0;
        while n < 256 {
            let mut sum = (n as u32) << 24;
            let mut bit = 0;
            while bit < 8 {
                sum = if sum & 0x8000_0000 == 0 {
                    sum << 1
                } else {
                    sum << 1 ^ 0x04c1_1db7
                };
                bit += 1;
            }
            // In a constant: an index outside the table would not compile.
            #[allow(clippy::indexing_slicing)]
            {
                table[n] = sum;
            }
            n += 1;
        }
        table
    };
    let place = usize::from(u8::try_from(sum >> 24).unwrap_or_default() ^ byte);
    sum << 8 ^ TABLE.get(place).copied().unwrap_or_default()
}

pub(super) fn take(magic: &[u8; MAGIC], mut source: Source<'_>, to: Sink<'_>) -> Result<Known> {
    let first = Page::read(&mut source, magic)?;
    let is_opus = first.flags() & BEGINS != 0 && first.body.starts_with(b"OpusHead");
    // Vorbis, a film, or something else in the same wrapping.
    let skipped = little_u16(&first.body, 10).filter(|_| is_opus);
    let skipped = u64::from(skipped.ok_or(MediaError::NotAllowed)?);
    let serial = first.serial();
    first.put(0, to)?;
    skip_comments(&mut source, serial)?;
    Page::empty_comments(serial).put(1, to)?;
    let (mut number, mut end) = (1_u32, 0);
    while source.left > 0 {
        let page = Page::read(&mut source, &[])?;
        if page.serial() != serial || page.flags() & BEGINS != 0 {
            return Err(MediaError::NotAllowed.into());
        }
        end = page.position().unwrap_or(end).max(end);
        number = number.checked_add(1).ok_or(MediaError::Damaged)?;
        page.put(number, to)?;
    }
    if number == 1 {
        return Err(MediaError::Damaged.into());
    }
    let samples = end.saturating_sub(skipped);
    let milliseconds = samples.saturating_mul(1000) / SAMPLES_IN_A_SECOND;
    Ok(Known::sound(MediaType::Opus, milliseconds, None))
}

/// The comments end a page (RFC 7845, section 3), so that whole pages go.
fn skip_comments(source: &mut Source<'_>, serial: u32) -> Result<()> {
    let mut page = Page::read(source, &[])?;
    let begins_so = page.body.starts_with(b"OpusTags");
    if !begins_so || page.serial() != serial {
        return Err(MediaError::Damaged.into());
    }
    while page.goes_on() {
        page = Page::read(source, &[])?;
        if page.serial() != serial {
            return Err(MediaError::Damaged.into());
        }
    }
    Ok(())
}
