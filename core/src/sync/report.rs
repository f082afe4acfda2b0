//! What a sync did, in words for a person and codes for a program.

use companion_protocol::id::SpaceId;

/// What went wrong with one space, while the others went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncProblem {
    /// The space; `None` where it concerns the server.
    pub space: Option<SpaceId>,
    /// In plain words.
    pub message: String,
    /// Whether trying again later can help by itself.
    pub passing: bool,
}

/// Something that a person should know about, and that does not go away by trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningCode {
    /// A change or statement that is not genuine came from the server.
    Forged,
    /// Two histories of the same thing exist.
    Forked,
    /// Something that must exist was not given to us.
    Withheld,
    /// The server shows an older state than before, without saying that it was restored.
    RolledBack,
    /// The server was restored from a backup; what it lacked was given to it again.
    ServerRestored,
    /// Changes by this very device that it does not remember: a copy of it may exist.
    CloneSuspected,
    /// This device was removed from a space.
    Removed,
    /// A genuine change whose content can't be used.
    Quarantined,
}

impl WarningCode {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            WarningCode::Forged => "forged",
            WarningCode::Forked => "forked",
            WarningCode::Withheld => "withheld",
            WarningCode::RolledBack => "rolled_back",
            WarningCode::ServerRestored => "server_restored",
            WarningCode::CloneSuspected => "clone_suspected",
            WarningCode::Removed => "removed",
            WarningCode::Quarantined => "quarantined",
        }
    }
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub code: WarningCode,
    /// Where.
    pub space: Option<SpaceId>,
    /// What exactly, without content.
    pub detail: String,
}

/// What one sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Changes of others that were taken in.
    pub received: usize,
    /// Own changes that the server acknowledged as durable.
    pub sent: usize,
    /// Own changes that still wait on this device.
    pub waiting: usize,
    /// Spaces whose key was turned.
    pub rotated: usize,
    /// What went wrong and may go right next time.
    pub problems: Vec<SyncProblem>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl SyncReport {
    /// Everything was exchanged and nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.warnings.is_empty() && self.waiting == 0
    }

    pub(crate) fn warn(&mut self, code: WarningCode, space: SpaceId, detail: impl Into<String>) {
        let warning = Warning {
            code,
            space: Some(space),
            detail: detail.into(),
        };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}
