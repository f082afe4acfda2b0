//! What is left on a disk after a kill or a power cut, worked out from what was written.

use std::collections::BTreeMap;
use std::path::Path;

use super::disk::Event;

/// What a disk holds, and what is on its way there.
#[derive(Clone, Default)]
pub(super) struct Image {
    files: BTreeMap<String, File>,
    /// The last mark.
    pub(super) reached: u64,
}

#[derive(Clone, Default)]
struct File {
    durable: Vec<u8>,
    /// Written since the last sync: after a power cut any of it may be there or not.
    pending: Vec<Event>,
}

impl Image {
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Write { file, .. } | Event::Truncate { file, .. } => {
                self.files
                    .entry(file.clone())
                    .or_default()
                    .pending
                    .push(event.clone());
            }
            Event::Sync { file } => self.files.entry(file.clone()).or_default().settle(|_| true),
            Event::Delete { file } => {
                self.files.remove(file);
            }
            Event::Mark(reached) => self.reached = *reached,
        }
    }

    /// The process is gone, the machine is not: all that was written is there, and of the next
    /// write a part.
    pub(super) fn killed(mut self, next: Option<&Event>, torn_at: usize) -> Self {
        if let Some(Event::Write {
            file,
            offset,
            bytes,
        }) = next
        {
            let bytes = bytes[..bytes.len() * torn_at / 8].to_vec();
            self.apply(&Event::Write {
                file: file.clone(),
                offset: *offset,
                bytes,
            });
        }
        for file in self.files.values_mut() {
            file.settle(|_| true);
        }
        self
    }

    /// The power is gone: of what was not synced, some sectors are there and some are not.
    pub(super) fn unplugged(mut self, seed: u64) -> Self {
        let mut random = seed | 1;
        for file in self.files.values_mut() {
            file.settle(|_| {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                random & 4 == 0
            });
        }
        self
    }

    pub(super) fn write_to(&self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (name, file) in &self.files {
            std::fs::write(folder.join(name), &file.durable).unwrap();
        }
    }
}

impl File {
    /// Lets what is pending happen, as far as `keep` says so, sector by sector.
    fn settle(&mut self, mut keep: impl FnMut(usize) -> bool) {
        for event in std::mem::take(&mut self.pending) {
            match event {
                Event::Write { offset, bytes, .. } => {
                    for (number, sector) in bytes.chunks(512).enumerate() {
                        if keep(number) {
                            let from = offset + number * 512;
                            let to = from + sector.len();
                            self.durable.resize(self.durable.len().max(to), 0);
                            self.durable[from..to].copy_from_slice(sector);
                        }
                    }
                }
                Event::Truncate { size, .. } if keep(0) => self.durable.resize(size, 0),
                _ => {}
            }
        }
    }
}
