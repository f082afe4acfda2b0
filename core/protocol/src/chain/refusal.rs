//! Why something does not fit a chain.

use super::authority::Rule;

/// Why a statement may not extend a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A chain begins with its founding and has only one.
    #[error("a chain begins with exactly one founding statement")]
    NotAFounding,
    /// It belongs to another space.
    #[error("the statement belongs to another space")]
    OtherSpace,
    /// It does not extend the present head.
    #[error("the statement does not extend the chain's newest statement")]
    NotTheHead,
    /// The space was ended: nothing comes after that.
    #[error("the space was ended")]
    Ended,
    /// A chain is only so long, and later admins leave room in it to those before them.
    #[error("the space's membership history has no room left for what this member says")]
    NoRoom,
    /// Its author may not say this.
    #[error("the statement's author may not say this: {0}")]
    NotAllowed(Rule),
    /// The invite is unknown, used, closed by a rotation, or over.
    #[error("the invite can't be used: it is unknown, used, withdrawn or expired")]
    InviteUnusable,
    /// The newcomer was a member before.
    #[error("this installation was a member before and can't join again")]
    AlreadyKnown,
    /// Epochs count up by one, and earlier keys are of earlier epochs.
    #[error("the statement names the wrong epoch")]
    WrongEpoch,
    /// The new key must go to exactly those who are in from then on, in order.
    #[error("the new key is not sealed to exactly the members who are in")]
    WrongRecipients,
    /// A newcomer who is enrolled did not sign that it comes.
    #[error("the newcomer's own signature is missing or does not fit")]
    BadProof,
    /// The space is full.
    #[error("the space has its largest number of members")]
    Full,
}

impl ChainError {
    /// As the test vectors and the server's answers name it.
    pub fn name(self) -> &'static str {
        match self {
            ChainError::NotAFounding => "not_a_founding",
            ChainError::OtherSpace => "other_space",
            ChainError::NotTheHead => "not_the_head",
            ChainError::Ended => "ended",
            ChainError::NoRoom => "no_room",
            ChainError::NotAllowed(_) => "not_allowed",
            ChainError::InviteUnusable => "invite_unusable",
            ChainError::AlreadyKnown => "already_known",
            ChainError::WrongEpoch => "wrong_epoch",
            ChainError::WrongRecipients => "wrong_recipients",
            ChainError::BadProof => "bad_proof",
            ChainError::Full => "full",
        }
    }
}

/// Why a change does not fit a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// It belongs to another space.
    #[error("the change belongs to another space")]
    OtherSpace,
    /// It names a chain head that is not in this chain.
    #[error("the change names a chain head that is not known")]
    UnknownHead,
    /// Its author was no writer at the head that it names.
    #[error("the change's author was not allowed to write")]
    NotAWriter,
    /// The epoch is not that of the head that it names.
    #[error("the change's epoch does not fit the chain head that it names")]
    WrongEpoch,
    /// It comes after the last change that counts of a removed member.
    #[error("the change comes after its author was removed")]
    AfterRemoval,
    /// It names the end of the space as the newest statement that its author knew.
    #[error("the change comes after the space was ended")]
    AfterEnd,
    /// Its frontier names itself, or a member that did not exist then.
    #[error("the change claims to have seen a member that is not known")]
    UnknownFrontier,
    /// It drops what its author may not drop.
    #[error("the change drops what is not its author's to drop")]
    WrongDrop,
}

impl ChangeRefusal {
    /// As the test vectors and the server's answers name it.
    pub fn name(self) -> &'static str {
        match self {
            ChangeRefusal::OtherSpace => "other_space",
            ChangeRefusal::UnknownHead => "unknown_head",
            ChangeRefusal::NotAWriter => "not_a_writer",
            ChangeRefusal::WrongEpoch => "wrong_epoch",
            ChangeRefusal::AfterRemoval => "after_removal",
            ChangeRefusal::AfterEnd => "after_end",
            ChangeRefusal::UnknownFrontier => "unknown_frontier",
            ChangeRefusal::WrongDrop => "wrong_drop",
        }
    }
}
