//! Why something does not fit a chain.

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
    /// Its author may not say this.
    #[error("the statement's author may not say this")]
    NotAllowed,
    /// The invite is unknown, used, closed by a rotation, or over.
    #[error("the invite can't be used: it is unknown, used, withdrawn or expired")]
    InviteUnusable,
    /// The newcomer was a member before.
    #[error("this installation was a member before and can't join again")]
    AlreadyKnown,
    /// Epochs count up by one, and invites carry the present one.
    #[error("the statement names the wrong epoch")]
    WrongEpoch,
    /// The new key must go to exactly those who stay, in order.
    #[error("the new key is not sealed to exactly the members who stay")]
    WrongRecipients,
    /// A removal names somebody who is not a present member, or names them twice.
    #[error("a removal does not name a present member")]
    WrongRemoval,
    /// Someone must be able to invite and remove.
    #[error("a space needs at least one admin")]
    NoAdmin,
    /// The space is full.
    #[error("the space has its largest number of members")]
    Full,
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
    /// Its frontier names a member that did not exist then.
    #[error("the change claims to have seen a member that is not known")]
    UnknownFrontier,
}
