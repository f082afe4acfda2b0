//! What a phone shows of itself.

use companion_protocol::id::MemberId;

use crate::domain::{Kind, Moment};
use crate::health::{FileVolume, FilesHealth};
pub use crate::members::DeviceKind;
use crate::report::StandingWarning;
use crate::space::recovery::RecoveryCode;

/// The phone at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneStatus {
    /// This installation's public name.
    pub member: MemberId,
    /// What this phone is called.
    pub name: String,
    /// How far pairing got.
    pub pairing: PairingState,
    /// Which recovery words stand.
    pub recovery_words: WordsStatus,
    /// The clinic's name.
    pub clinic: Option<String>,
    /// The server's address.
    pub server: Option<String>,
    /// The server that the clinic says it moved to, if it is not this one.
    /// [`Patient::follow_clinic`](super::Patient::follow_clinic) goes there once the person agrees.
    pub moved_to: Option<String>,
    /// Changes that have not left the phone.
    pub waiting: u64,
    /// Recordings and pictures that have not left the phone, and those that are lost.
    pub files: FilesHealth,
    /// Those of them that wait for a network that is not metered, as the person chose: large ones.
    pub files_held: FileVolume,
    /// Recordings and pictures of another phone that are not here, and that are not fetched before the network is one
    /// that is not metered, as the person chose: large ones. Their bytes are those of the files themselves.
    pub files_to_come_held: FileVolume,
    /// When the last sync ended well, milliseconds since 1970 UTC by this phone's clock.
    pub last_sync_ms: Option<i64>,
    /// What a person should know, oldest first, until they dismiss it.
    pub warnings: Vec<StandingWarning>,
}

/// A member of the care space, to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    /// Its public name, for a program.
    pub member: MemberId,
    /// What the patient calls it.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// When it was let in, by the clock of whoever did.
    pub joined_at: Moment,
    /// When something of its own was last received here; `None` for nothing yet, as always of words.
    pub last_received_at: Option<Moment>,
    /// Its removal from what is shared, if it was removed or left.
    pub removed: Option<RemovedView>,
    /// Whether it gets what is shared.
    pub reads_shared: bool,
    /// Whether it gets what the patient keeps private. One that is removed and does is not gone yet: see
    /// [`Patient::remove_device`](super::Patient::remove_device).
    pub reads_private: bool,
}

/// How a device went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedView {
    /// When, by the clock of whoever removed it.
    pub at: Moment,
    /// What whoever removed it is called; `None` where it left.
    pub by: Option<String>,
}

/// A change that does not count any more, since whoever wrote it was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetractedView {
    /// What it was.
    pub kind: Kind,
    /// What it said, as far as it said something in words.
    pub words: String,
    /// What the device that wrote it is called.
    pub written_by: String,
    /// What whoever removed that device is called.
    pub removed_by: String,
    /// When, by the clock of whoever removed it.
    pub removed_at: Moment,
}

/// How far pairing got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairingState {
    /// With no clinic.
    Alone,
    /// It came by a link, and waits until a person on the other side saw the same words. What is shared
    /// meanwhile waits on this phone, and nobody can read it.
    Waiting {
        /// The words; `None` until the other side has answered: see the next sync.
        compare_words: Option<Vec<String>>,
        /// Who shows the same words.
        compare_with: CompareWith,
    },
    /// It is in the record.
    Paired {
        /// Since when, by the clock of whoever let it in.
        at: Moment,
    },
    /// The words were not the same, or nobody compared them: the other side did not let it in.
    NotLetIn,
    /// It was removed from the record.
    Removed,
    /// The record was ended.
    Ended {
        /// When, by the clock of the phone that ended it.
        at: Moment,
    },
    /// The server says that the record was ended and that it forgot it; this phone never read of the end.
    Forgotten,
}

impl PairingState {
    /// Whether it is in a record.
    pub fn is_paired(&self) -> bool {
        matches!(self, PairingState::Paired { .. })
    }
}

/// A phone that came by this phone's link and waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Its public name, for a program.
    pub member: MemberId,
    /// When it says that it came.
    pub came_at: Moment,
    /// The words that it must show as well; `None` until it came to both spaces and was answered: see the
    /// next sync. If it shows others, it is somebody else's.
    pub compare_words: Option<Vec<String>>,
    /// A person saw the same words, and letting it in broke off: the next sync goes on with it.
    pub is_confirmed: bool,
}

/// What pairing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// The clinic whose record it is.
    pub clinic: String,
    /// Who compares words with this phone, before it is let in.
    pub compare_with: CompareWith,
}

/// Who shows the same compare-words as a phone that has just joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareWith {
    /// The clinic, which invited it.
    Clinic,
    /// The patient's phone that invited it: see its list of devices.
    OwnPhone,
    /// Nobody: it came back by recovery words.
    Nobody,
}

/// The twelve words, just made: to write on paper, with what coming back by them takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverySheet {
    pub(super) code: RecoveryCode,
    /// The server's address, which belongs on the same sheet.
    pub server: String,
    /// Which word a person gives back once all are on paper, counted from 1: see
    /// [`Patient::confirm_recovery_code`](super::Patient::confirm_recovery_code).
    pub asks_for: usize,
    /// Whether there are earlier words, which stay good until then.
    pub replaces: bool,
}

impl RecoverySheet {
    /// The words, to be shown once.
    pub fn words(&self) -> Vec<&str> {
        self.code.words()
    }
}

/// What became of earlier recovery words when new ones were written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierWords {
    /// There were none.
    None,
    /// They open nothing any more.
    Retired,
    /// They still open the record: removing them broke off, and the next sync goes on with it.
    NotYet,
}

/// Recovery words that were made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsView {
    /// When they were made.
    pub made_at: Moment,
    /// What the phone that they were made on is called.
    pub made_on: String,
    /// Whether that is this phone.
    pub made_here: bool,
    /// Whether the phone that they were made on was removed since: whoever had it may know them.
    pub maker_removed: bool,
    /// Whether they still open the record, as far as this phone knows.
    pub open: bool,
}

/// Recovery words that were shown, and wait for a person to say that they are on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToConfirm {
    /// When they were made.
    pub made_at: Moment,
    /// Which word is asked back, counted from 1.
    pub asks_for: usize,
}

/// Which recovery words there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordsStatus {
    /// Those that bring a phone back to all of the record; `None` for none.
    pub standing: Option<WordsView>,
    /// New ones that this phone showed, and nobody said that they are on paper.
    pub to_confirm: Option<ToConfirm>,
    /// Others that still open something: of an earlier phone, or made in part. Whoever has that sheet can use
    /// it: see [`Patient::end_other_words`](super::Patient::end_other_words).
    pub others: Vec<WordsView>,
    /// The last that were made on this phone, where they are not the ones that stand: they were replaced
    /// or removed.
    pub replaced_here: Option<WordsView>,
}

/// A link to hand to a new phone.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// For a QR code, or to be typed. Whoever has it can join: it goes from hand to hand only.
    pub link: String,
    /// After this moment it is worth nothing.
    pub expires_at: Moment,
    /// Whether a link that this phone made before can still be used, too.
    pub earlier_is_good: bool,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invitation(.., until {:?})", self.expires_at)
    }
}
