//! What becomes of a session in everyday life: small commitments, lines for the next session, intentions.

use companion_core::domain::commitment::Became;
use companion_core::domain::{Commitment, DocumentId, Intention, NextSessionItem};

use super::macros::{kind, open_choice, shares, writes};
use crate::cross::Back;
use crate::values::{CalendarDay, LocalMoment, WhoReads};

open_choice! {
    /// What became of a commitment. None of them is a failure.
    CommitmentBecame of Became {
        /// It was done.
        Kept,
        /// Some of it was.
        Partly,
        /// It was not.
        Not,
        /// It became something else.
        Changed,
    }
}

kind! {
    /// Commitments: small things that somebody wants to do after a session, and what became of them.
    Commitments of Commitment as CommitmentView in CommitmentPage {
        /// What it is.
        text: String,
        /// The session that it came from.
        about: Option<DocumentId>,
        /// On which day to look at it again.
        review_on: Option<CalendarDay>,
        /// What became of it; nothing as long as nobody has said.
        became: Option<CommitmentBecame>,
        /// More about that; may be empty.
        became_words: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was made.
        at: LocalMoment,
    }
}

writes! {
    /// A commitment to write.
    Commitments of Commitment as CommitmentView from CommitmentRequest, new |request| {
        Ok(Commitment::new("", request.at.back()?))
    } => {
        /// What it is, at most 4,000 bytes of UTF-8.
        text: String,
        /// The session that it came from.
        #[uniffi(default = None)]
        about: Option<DocumentId>,
        /// On which day to look at it again.
        #[uniffi(default = None)]
        review_on: Option<CalendarDay>,
        /// What became of it; nothing as long as nobody has said.
        #[uniffi(default = None)]
        became: Option<CommitmentBecame>,
        /// More about that, at most 4,000 bytes of UTF-8; may be empty.
        #[uniffi(default = "")]
        became_words: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was made.
        at: LocalMoment,
    }
}

shares! { Commitments of Commitment as CommitmentView from CommitmentRequest }

kind! {
    /// Lines for the next session: what somebody does not want to forget there.
    NextSessionLines of NextSessionItem as NextSessionLineView in NextSessionLinePage {
        /// What it says.
        text: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was written.
        at: LocalMoment,
    }
}

writes! {
    /// A line for the next session to write.
    NextSessionLines of NextSessionItem as NextSessionLineView from NextSessionLineRequest, new |request| {
        Ok(NextSessionItem::new("", request.at.back()?))
    } => {
        /// What it says, at most 4,000 bytes of UTF-8.
        text: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was written.
        at: LocalMoment,
    }
}

shares! { NextSessionLines of NextSessionItem as NextSessionLineView from NextSessionLineRequest }

kind! {
    /// Intentions: what somebody would like to hold in mind in a session. Having none is as good.
    Intentions of Intention as IntentionView in IntentionPage {
        /// The session that it is for.
        about: DocumentId,
        /// What to hold in mind; may be empty where values say it.
        text: String,
        /// What matters to them, each in their own words.
        values: Vec<String>,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was written.
        at: LocalMoment,
    }
}

writes! {
    /// An intention to write.
    Intentions of Intention as IntentionView from IntentionRequest, new |request| {
        Ok(Intention::new(request.about, "", request.at.back()?))
    } => {
        /// The session that it is for.
        about: DocumentId,
        /// What to hold in mind, at most 4,000 bytes of UTF-8; may be empty where values say it.
        text: String,
        /// What matters to them, each in their own words: at most 32 of 40 characters.
        #[uniffi(default = [])]
        values: Vec<String>,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was written.
        at: LocalMoment,
    }
}

shares! { Intentions of Intention as IntentionView from IntentionRequest }
