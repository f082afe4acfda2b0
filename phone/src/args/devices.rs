//! Commands about devices, recovery words, the server and warnings.

use clap::Subcommand;

/// What to do with recovery words.
#[derive(Debug, Subcommand)]
pub(crate) enum RecoveryAction {
    /// The new words are on paper: give back the one that was asked for, and the earlier words end
    Confirm {
        /// That word
        word: String,
    },
    /// End all recovery words but those that `status` shows as good
    EndOthers,
}

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub(crate) enum DeviceAction {
    /// Call this phone something that you and the clinic know it by
    Name {
        /// Its name
        #[arg(required = true)]
        name: Vec<String>,
    },
    /// Let in a phone that came by your link, once it shows the same words
    LetIn {
        /// Its eight digits from the list, or the beginning of them
        member: String,
    },
    /// Turn away a phone that came by your link and shows other words
    TurnAway {
        /// Its eight digits from the list, or the beginning of them
        member: String,
    },
    /// Remove a device; it gets nothing that is written from now on
    Remove {
        /// Its eight digits from the list, or the beginning of them
        member: String,
        /// Remove a phone that was there before this one, by the recovery words; they are asked for
        #[arg(long)]
        with_words: bool,
    },
    /// Leave the record with this phone; what is on it stays on it
    Leave,
}

/// Where to go with the record.
#[derive(Debug, Subcommand)]
pub(crate) enum ServerAction {
    /// Go to the server that the clinic says it moved to
    Follow,
    /// Go to an address that the clinic gave you by hand, when the old server is gone
    Use {
        /// The address
        #[arg(value_name = "URL")]
        address: String,
    },
}

/// What to do with warnings.
#[derive(Debug, Subcommand)]
pub(crate) enum WarningAction {
    /// Show a warning no longer, unless it comes back with other words
    Dismiss {
        /// The number in front of it
        id: i64,
    },
}
