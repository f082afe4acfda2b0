//! What a phone shows of itself.

use companion_protocol::id::MemberId;

use crate::domain::Moment;
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
    /// Whether a clinic's care space is joined.
    pub paired: bool,
    /// When the clinic said that it compared the words of this record's first phone; until then nobody
    /// may call it paired, since somebody else may have come in.
    pub compared_at: Option<Moment>,
    /// The words to compare with the clinic, as long as it has not.
    pub compare_words: Option<Vec<String>>,
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
    /// When it joined, by its own clock.
    pub joined_at: Moment,
    /// When something of its own was last received here; `None` for nothing yet, as always of words.
    pub last_received_at: Option<Moment>,
    /// Whether it was removed.
    pub removed: bool,
    /// For a newcomer, as long as comparing is of use: the words that it must show as well. If it shows
    /// others, it is somebody else's.
    pub compare_words: Option<Vec<String>>,
}

/// What pairing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// The clinic whose record was joined.
    pub clinic: String,
    /// To compare with what the other side shows. If they differ, somebody else joined.
    pub compare_words: Vec<String>,
    /// Who shows the same words.
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
    /// What became of the words before them.
    pub earlier: EarlierWords,
}

impl RecoverySheet {
    /// The words, to be shown once.
    pub fn words(&self) -> Vec<&str> {
        self.code.words()
    }
}

/// What became of earlier recovery words when new ones were made.
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

/// Which recovery words there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordsStatus {
    /// Those that stand; `None` for none.
    pub standing: Option<WordsView>,
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
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invitation(.., until {:?})", self.expires_at)
    }
}
