//! What a patient writes between visits: entries and check-ins.

use companion_core::domain::check_in::CheckIn;
use companion_core::domain::entry::{Entry, EntryKind as CoreEntryKind};

use super::macros::{kind, open_choice, shares, writes};
use crate::cross::Back;
use crate::values::{LocalMoment, WhoReads};
use companion_core::domain::DocumentId;

open_choice! {
    /// What an entry is about.
    EntryKind of CoreEntryKind {
        /// Thoughts, at any time.
        Reflection,
        /// Before a session.
        Preparation,
        /// After a session, on its day.
        AfterSession,
        /// What becomes of a session in everyday life.
        Integration,
        /// A dream.
        Dream,
    }
}

kind! {
    /// The journal: entries with their recordings and pictures.
    Journal of Entry as EntryView in EntryPage {
        /// One line; may be empty.
        title: String,
        /// The text.
        body: String,
        /// What it is about.
        kind: EntryKind,
        /// How it felt when it was written, 1 to 7.
        mood: Option<u8>,
        /// The dosing session that it belongs to.
        session: Option<DocumentId>,
        /// The person's own words to find it by.
        tags: Vec<String>,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was written.
        at: LocalMoment,
    }
    without { attachments }
}

writes! {
    /// An entry to write.
    Journal of Entry as EntryView from EntryRequest, new |request| Ok(Entry::new(request.at.back()?)) => {
        /// One line, at most 200 characters; may be empty.
        #[uniffi(default = "")]
        title: String,
        /// The text, at most 100,000 bytes of UTF-8.
        body: String,
        /// What it is about.
        kind: EntryKind,
        /// How it felt, 1 to 7.
        #[uniffi(default = None)]
        mood: Option<u8>,
        /// The dosing session that it belongs to.
        #[uniffi(default = None)]
        session: Option<DocumentId>,
        /// The person's own words to find it by: at most 32 of 40 characters.
        #[uniffi(default = [])]
        tags: Vec<String>,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was written.
        at: LocalMoment,
    }
}

shares! { Journal of Entry as EntryView from EntryRequest }

kind! {
    /// Check-ins: how somebody was at one moment.
    CheckIns of CheckIn as CheckInView in CheckInPage {
        /// How pleasant it felt, 1 to 7.
        valence: u8,
        /// How much energy there was, 1 to 7.
        energy: Option<u8>,
        /// How much anxiety there was, 1 to 7.
        anxiety: Option<u8>,
        /// How good the last night was, 1 to 7.
        sleep: Option<u8>,
        /// Words for it.
        feelings: Vec<String>,
        /// Anything to add.
        note: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was.
        at: LocalMoment,
    }
}

writes! {
    /// A check-in to write.
    CheckIns of CheckIn as CheckInView from CheckInRequest, new |request| {
        Ok(CheckIn::new(request.valence.back()?, request.at.back()?))
    } => {
        /// How pleasant it felt, 1 to 7: the only thing that must be answered.
        valence: u8,
        /// How much energy there was, 1 to 7.
        #[uniffi(default = None)]
        energy: Option<u8>,
        /// How much anxiety there was, 1 to 7.
        #[uniffi(default = None)]
        anxiety: Option<u8>,
        /// How good the last night was, 1 to 7.
        #[uniffi(default = None)]
        sleep: Option<u8>,
        /// Words for it, at most 32 of 40 characters.
        #[uniffi(default = [])]
        feelings: Vec<String>,
        /// Anything to add, at most 4,000 bytes of UTF-8.
        #[uniffi(default = "")]
        note: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was.
        at: LocalMoment,
    }
}

shares! { CheckIns of CheckIn as CheckInView from CheckInRequest }
