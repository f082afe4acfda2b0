//! A hummed tune, made here: nobody's voice is in the story.

use std::f32::consts::TAU;

/// Samples a second.
const RATE: u16 = 8_000;
/// The notes, in hertz, each as long as the others.
const TUNE: [f32; 6] = [196.0, 220.0, 246.9, 220.0, 196.0, 174.6];
/// How long a note is, in samples.
const NOTE: u16 = 4_000;

/// The tune as a WAV file.
pub(super) fn humming() -> Vec<u8> {
    let sound: Vec<u8> = TUNE.into_iter().flat_map(note).collect();
    let size = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
    let mut file = b"RIFF".to_vec();
    file.extend(size(36 + sound.len()));
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // One channel of samples of 16 bits.
    file.extend([1, 0, 1, 0]);
    file.extend(u32::from(RATE).to_le_bytes());
    file.extend((u32::from(RATE) * 2).to_le_bytes());
    file.extend([2, 0, 16, 0]);
    file.extend(b"data");
    file.extend(size(sound.len()));
    file.extend(sound);
    file
}

/// One note, which swells and fades.
fn note(hertz: f32) -> impl Iterator<Item = u8> {
    (0..NOTE).flat_map(move |at| {
        let loud = (f32::from(at) / f32::from(NOTE) * TAU / 2.0).sin();
        let wave = (f32::from(at) / f32::from(RATE) * hertz * TAU).sin();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a third of the range of a sample"
        )]
        let sample = (wave * loud * 10_000.0) as i16;
        sample.to_le_bytes()
    })
}
