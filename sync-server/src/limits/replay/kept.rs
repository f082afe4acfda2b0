//! The file of answered requests. It is written with each of them and never synced: a process that is
//! killed loses nothing of it, and a machine that lost power takes longer to come back than most of
//! what it could forget is good for.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use companion_protocol::request::Authenticated;
use sha2::{Digest, Sha256};

use crate::config::private_file;

/// Bytes of one entry: its time, and a hash that names neither the member nor the nonce.
const ENTRY: usize = 24;
/// Entries that may have become worthless before the file is written anew.
const SLACK: usize = 4096;

/// What is kept of an answered request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trace {
    created: u64,
    hash: [u8; 16],
}

impl Trace {
    pub(super) fn of(request: &Authenticated) -> Self {
        let digest = Sha256::new()
            .chain_update(request.member.as_bytes())
            .chain_update(request.nonce)
            .finalize();
        let mut hash = [0; 16];
        for (to, from) in hash.iter_mut().zip(digest) {
            *to = from;
        }
        Self {
            created: request.created,
            hash,
        }
    }

    /// Those of this time and later.
    pub(super) fn from(traces: &BTreeSet<Self>, oldest: u64) -> BTreeSet<Self> {
        let first = Self {
            created: oldest,
            hash: [0; 16],
        };
        traces.range(first..).copied().collect()
    }

    fn encode(self) -> Vec<u8> {
        [&self.created.to_be_bytes()[..], &self.hash].concat()
    }

    fn decode(entry: &[u8]) -> Option<Self> {
        let (created, hash) = entry.split_first_chunk::<8>()?;
        Some(Self {
            created: u64::from_be_bytes(*created),
            hash: hash.try_into().ok()?,
        })
    }
}

/// The open file.
pub(super) struct Kept {
    path: PathBuf,
    file: Option<File>,
    entries: usize,
}

impl Kept {
    /// Opens the file, and gives what is in it of this time and later.
    pub(super) fn open(folder: &Path, oldest: u64) -> io::Result<(Self, BTreeSet<Trace>)> {
        let path = folder.join("nonces");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(why) => return Err(why),
        };
        // A kill may have cut the last entry; its request was not answered.
        let traces = bytes
            .chunks_exact(ENTRY)
            .filter_map(Trace::decode)
            .collect();
        let traces = Trace::from(&traces, oldest);
        let mut kept = Self {
            path,
            file: None,
            entries: 0,
        };
        kept.write_anew(traces.iter().copied())?;
        Ok((kept, traces))
    }

    /// Adds an entry. Where the disk refuses, requests are answered all the same, and only a restart
    /// would forget this one.
    pub(super) fn add(&mut self, trace: Trace) {
        let written = match &mut self.file {
            Some(file) => file.write_all(&trace.encode()),
            None => return,
        };
        self.entries = self.entries.saturating_add(1);
        if let Err(why) = written {
            tracing::error!(reason = %why, "answered requests are remembered in memory only");
            self.file = None;
        }
    }

    /// Writes the file anew where much of it is of no use any more; `present` is what is.
    pub(super) fn tidy(&mut self, most: usize, present: impl Iterator<Item = Trace>) {
        if self.file.is_some() && self.entries <= most.saturating_add(SLACK) {
            return;
        }
        if let Err(why) = self.write_anew(present) {
            tracing::error!(reason = %why, "answered requests are remembered in memory only");
            self.file = None;
        }
    }

    fn write_anew(&mut self, present: impl Iterator<Item = Trace>) -> io::Result<()> {
        let fresh = self.path.with_extension("new");
        let bytes: Vec<u8> = present.flat_map(Trace::encode).collect();
        private_file(&fresh)?;
        fs::write(&fresh, &bytes)?;
        fs::rename(&fresh, &self.path)?;
        self.entries = bytes.len() / ENTRY;
        self.file = Some(OpenOptions::new().append(true).open(&self.path)?);
        Ok(())
    }
}
