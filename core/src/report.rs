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

/// All warnings, for whoever declares something for each: its documentation, its name, and the word that it is stored by.
#[doc(hidden)]
#[macro_export]
macro_rules! each_warning {
    ($declare:ident) => {
        $declare! {
            /// A change or statement that is not genuine came from the server.
            Forged "forged",
            /// Two histories of the same thing exist.
            Forked "forked",
            /// Something that must exist was not given to us.
            Withheld "withheld",
            /// The server shows an older state than before, without saying that it was restored.
            RolledBack "rolled_back",
            /// The server was restored from a backup, or a space in it was cut back; what it lacked was given to it
            /// again.
            ServerRestored "server_restored",
            /// Changes by this very device that it does not remember: a copy of it may exist.
            CloneSuspected "clone_suspected",
            /// This device was removed from a space.
            Removed "removed",
            /// A genuine change whose content can't be used.
            Quarantined "quarantined",
            /// Something was said under the name of something else that is here: of another space, or of another kind.
            NameTaken "name_taken",
            /// A member wrote what is not for its side to write. It is shown nowhere.
            WrongWriter "wrong_writer",
            /// This device came by an invite and was not let in.
            NotLetIn "not_let_in",
            /// A member rotated the key so that somebody is locked out, or history is hidden.
            FalseRotation "false_rotation",
            /// A member's removal takes back changes that were here.
            Retracted "retracted",
            /// A member let go of the content of what another one wrote.
            Dropped "dropped",
            /// A member was shown, or claims to have been shown, another history of a third than this device.
            Contradicted "contradicted",
            /// A member signed two different histories: both signatures are here.
            Equivocated "equivocated",
            /// The server's history of who is in parts from this device's, and none grows out of the other.
            ChainForked "chain_forked",
            /// The help that a phone shows without being unlocked was changed by something other than this program.
            HelpChanged "help_changed",
            /// A device is out of what is shared and still gets what the patient keeps private.
            OnlyPrivate "only_private",
            /// A device came back by the patient's recovery words.
            CameByWords "came_by_words",
            /// Something that was deleted is back: another phone had worked on it before it heard of that.
            CameBack "came_back",
            /// The server says that a space was ended and is forgotten, and this device never heard of its end.
            SpaceForgotten "space_forgotten",
        }
    };
}

macro_rules! warning_codes {
    ($($(#[$doc:meta])* $variant:ident $word:literal,)*) => {
        /// Something that a person should know about, and that does not go away by trying again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum WarningCode {
            $($(#[$doc])* $variant,)*
        }

        impl WarningCode {
            /// All codes.
            pub const ALL: &[WarningCode] = &[$(WarningCode::$variant,)*];

            /// As it is stored.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(WarningCode::$variant => $word,)*
                }
            }
        }
    };
}

each_warning!(warning_codes);

impl WarningCode {
    /// The code as it is stored; `None` for one from a newer version.
    pub fn from_stored(word: &str) -> Option<WarningCode> {
        WarningCode::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == word)
    }

    /// What a person should know, and what there is to do about it.
    pub const fn sentence(self) -> &'static str {
        match self {
            WarningCode::Forged => "The server gave something that nobody of this record signed.",
            WarningCode::Forked => "Two histories of the same thing exist.",
            WarningCode::Withheld => "The server keeps something back that must exist.",
            WarningCode::RolledBack => "The server shows an older state than before.",
            WarningCode::ServerRestored => "The server's data was restored or cut back.",
            WarningCode::CloneSuspected => {
                "A copy of this device may be in use, or it was set back to an older copy of itself: things came \
                 that it does not remember sending. Nothing is lost. If there is a copy, use only one of the two, \
                 and set the other one up anew."
            }
            WarningCode::Removed => "This device was removed from the record.",
            WarningCode::Quarantined => "Something arrived that this app can't use.",
            WarningCode::NameTaken => {
                "A device sent something that would have taken the place of something else here. It is not shown, and \
                 what is here stays as it is."
            }
            WarningCode::WrongWriter => {
                "A member wrote something that is not theirs to write. It is not shown."
            }
            WarningCode::NotLetIn => {
                "The other side did not let this device in. What you wrote is still here. Ask for a new link."
            }
            WarningCode::FalseRotation => {
                "A member changed the key in a way that no honest app does. The other devices mend it by \
                 themselves. Ask whoever uses that device."
            }
            WarningCode::Retracted => {
                "A device was removed, and the last things that it sent do not count any more. They are kept \
                 on this device."
            }
            WarningCode::Dropped => "A device deleted what another device had written.",
            WarningCode::Contradicted => {
                "Two devices were shown different things by the same member, or one of them says so."
            }
            WarningCode::Equivocated => {
                "One member told two devices different things, with the server's help. That is proven. Ask \
                 whoever uses that device, and remove it if nobody can say how."
            }
            WarningCode::ChainForked => {
                "The server has another history of who reads this record than this device."
            }
            WarningCode::HelpChanged => {
                "The numbers to call that this phone shows without being unlocked were not what your record says: \
                 something other than this app changed them. They were put right, so they say again what your record \
                 says."
            }
            WarningCode::OnlyPrivate => {
                "A device that is not among those you share with still gets what you keep private. Remove it \
                 there too, on your first phone or with your recovery words."
            }
            WarningCode::CameByWords => {
                "A device came back by your recovery words. If that was not you, remove it and make new words."
            }
            WarningCode::CameBack => {
                "Something that you deleted is back, all of it: another phone had a version of it that the phone which \
                 deleted it had not read. You had written into it there, shared it or withdrawn it meanwhile, or it \
                 was deleted from an import, before that phone came into the record. It is private now. What was shared of it is \
                 withdrawn; what your clinic received by then it may have to keep. Look at it, and delete it again \
                 if it should go."
            }
            WarningCode::SpaceForgotten => {
                "The server says that this record was ended and that it forgot it. What is here stays here and can \
                 be read; nothing is exchanged any more."
            }
        }
    }
}

/// What both histories have in common, after the words that say so: a number of statements.
const CUT_BACK_TO: &str = "; whoever runs the server can cut it back to ";

/// Where the server's history of a space parts from this device's: both have the statements before `statement`,
/// and `author` signed the server's next one.
pub(crate) fn chain_forked(space: SpaceId, statement: u64, author: &str) -> String {
    format!(
        "the server's membership history of space {space} parts from this device's at statement {statement}, \
         which {author} signed{CUT_BACK_TO}{statement}"
    )
}

/// How many statements both histories have, by what [`chain_forked`] said.
pub(crate) fn cut_back_to(detail: &str) -> Option<u64> {
    let (_, statements) = detail.rsplit_once(CUT_BACK_TO)?;
    statements.parse().ok()
}

/// A warning of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub code: WarningCode,
    /// Where.
    pub space: Option<SpaceId>,
    /// What exactly, without content.
    pub detail: String,
}

/// Names a warning that is kept, for dismissing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WarningId(pub i64);

/// A warning that is shown until somebody dismisses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingWarning {
    /// Its name.
    pub id: WarningId,
    /// Which; `None` for one from a newer version.
    pub code: Option<WarningCode>,
    /// Where.
    pub space: Option<SpaceId>,
    /// What exactly, without content.
    pub detail: String,
    /// When it was last noticed, milliseconds since 1970 UTC by this device's clock.
    pub at_ms: i64,
}

/// How far an exchange got, in numbers alone. They grow with each that is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SyncProgress {
    /// Changes of others that were taken in.
    pub received: u64,
    /// Own changes that the server acknowledged as durable.
    pub sent: u64,
    /// Bytes of recordings and pictures that came, sealed.
    pub file_bytes_received: u64,
    /// Bytes of recordings and pictures that the server took, sealed.
    pub file_bytes_sent: u64,
}

/// What one sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncReport {
    /// Changes of others that were taken in.
    pub received: u64,
    /// Own changes that the server acknowledged as durable.
    pub sent: u64,
    /// Own changes that still wait on this device.
    pub waiting: u64,
    /// What was to be shared and is private again, since it was written in a session's quiet hours that this device
    /// heard of only now. It waits to be kept or shared once they are over.
    pub held_back: u64,
    /// Recordings and pictures that came and are whole.
    pub blobs_received: u64,
    /// Recordings and pictures that the server has whole now.
    pub blobs_sent: u64,
    /// Recordings and pictures that still wait on this device, or whose words do.
    pub blobs_waiting: u64,
    /// Spaces whose key was rotated.
    pub rotated: u64,
    /// Whether this account was ended, on this phone or another one:
    /// [`Patient::account_state`](crate::patient::Patient::account_state) says what is left to do.
    pub ended: bool,
    /// What went wrong and may go right next time.
    pub problems: Vec<SyncProblem>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl SyncReport {
    /// Everything was exchanged and nothing is wrong.
    pub fn is_clean(&self) -> bool {
        let waits = self.waiting > 0 || self.blobs_waiting > 0;
        self.problems.is_empty() && self.warnings.is_empty() && !waits
    }

    /// What both did, one after the other. What the first could not do counts only if the second could
    /// not either.
    pub(crate) fn and_then(mut self, then: SyncReport) -> SyncReport {
        for warning in then.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        SyncReport {
            received: self.received + then.received,
            sent: self.sent + then.sent,
            blobs_received: self.blobs_received + then.blobs_received,
            blobs_sent: self.blobs_sent + then.blobs_sent,
            blobs_waiting: then.blobs_waiting,
            waiting: then.waiting,
            held_back: self.held_back + then.held_back,
            rotated: self.rotated + then.rotated,
            ended: self.ended || then.ended,
            problems: then.problems,
            warnings: self.warnings,
        }
    }

    /// What both did, where the second did not try again what the first could not do.
    pub(crate) fn and_also(mut self, then: SyncReport) -> SyncReport {
        let mut problems = std::mem::take(&mut self.problems);
        let mut report = self.and_then(then);
        problems.retain(|problem| !report.problems.contains(problem));
        report.problems.extend(problems);
        report
    }

    /// Notes what went wrong with one space, once.
    pub(crate) fn note(&mut self, problem: SyncProblem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_protocol::id::SpaceId;

    use super::*;

    #[test]
    fn the_number_to_cut_back_to_is_read_from_what_was_said_whatever_a_device_is_called() {
        for author in [
            "the clinic",
            "\u{201c}; whoever runs the server can cut it back to 3\u{201d}",
        ] {
            for statement in [1, 7, u64::MAX] {
                let said = chain_forked(SpaceId::new([7; 32]), statement, author);
                assert_eq!(cut_back_to(&said), Some(statement));
            }
        }
        assert_eq!(cut_back_to("the server was restored from a backup"), None);
    }
}
