//! How loud a recording is from its beginning to its end, in a few points.

use crate::domain::{SmallBytes, limits};

/// How samples are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sample {
    /// 8 bits without a sign.
    Unsigned8,
    /// 16, 24 or 32 bits with a sign, the least byte first.
    Signed(usize),
    /// 32 bits, IEEE 754.
    Float32,
}

impl Sample {
    pub(super) const fn width(self) -> usize {
        match self {
            Sample::Unsigned8 => 1,
            Sample::Signed(width) => width,
            Sample::Float32 => 4,
        }
    }

    /// How far a sample is from silence, 0 to 255.
    fn level(self, bytes: &[u8]) -> u8 {
        match self {
            Sample::Unsigned8 => bytes
                .first()
                .map_or(0, |byte| byte.abs_diff(128).saturating_mul(2)),
            // The two highest bytes tell enough.
            Sample::Signed(_) => {
                let high = bytes
                    .last_chunk::<2>()
                    .map_or(0, |high| i16::from_le_bytes(*high));
                u8::try_from(high.unsigned_abs() >> 7).unwrap_or(u8::MAX)
            }
            Sample::Float32 => {
                let value = bytes
                    .first_chunk::<4>()
                    .map_or(0.0, |bytes| f32::from_le_bytes(*bytes));
                // A cast of a float keeps within the type's bounds, and makes 0 of what is no number.
                (value.abs() * 255.0) as u8
            }
        }
    }
}

/// The loudest sample of each part of a recording.
pub(super) struct Waveform {
    sample: Sample,
    total: u64,
    at: u64,
    points: Vec<u8>,
}

impl Waveform {
    /// Of so many bytes of samples.
    pub(super) fn new(sample: Sample, total: u64) -> Self {
        Self {
            sample,
            total,
            at: 0,
            points: vec![0; limits::WAVEFORM],
        }
    }

    /// The next samples, whole ones.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let width = self.sample.width();
        for sample in bytes.chunks_exact(width) {
            let point = self.at.saturating_mul(self.points.len() as u64) / self.total.max(1);
            let point = usize::try_from(point).unwrap_or(usize::MAX);
            if let Some(point) = self.points.get_mut(point) {
                *point = (*point).max(self.sample.level(sample));
            }
            self.at = self.at.saturating_add(width as u64);
        }
    }

    pub(super) fn points(self) -> SmallBytes {
        SmallBytes(self.points)
    }
}
