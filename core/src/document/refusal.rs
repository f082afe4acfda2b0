//! Why a change from outside was not taken, and why an edit could not be made.

/// Why one change is kept out of a document. It is quarantined, named in the report, and blocks
/// nothing but what builds upon it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// Not a change chunk at all.
    #[error("these bytes are not a change")]
    NotAChange,
    /// Compressed, so its true size is unknown until too late.
    #[error("the change is compressed")]
    Compressed,
    /// Its checksum does not fit its content.
    #[error("the change is damaged: its checksum does not fit")]
    WrongChecksum,
    /// More than [`CHANGE_LIMIT`](super::CHANGE_LIMIT) bytes.
    #[error("the change is too large")]
    TooLarge,
    /// Bytes after its end.
    #[error("there are bytes after the change")]
    TrailingBytes,
    /// Its inside does not follow the format.
    #[error("the change is malformed")]
    Malformed,
    /// It claims more operations, or more text, than any honest change has.
    #[error("the change claims too many operations")]
    TooManyOperations,
    /// Its actor does not belong to its content.
    #[error("the change's actor does not belong to it")]
    ForgedActor,
    /// Its operations are not numbered on from what it builds upon.
    #[error("the change's operations are not numbered from where it begins")]
    WrongStart,
    /// It refers to an actor whose change is not among those before it.
    #[error("the change refers to something that it does not build upon")]
    UnknownActor,
    /// It builds upon a change that was refused.
    #[error("the change builds upon one that was refused")]
    BuildsOnRefused,
    /// Automerge refused its content.
    #[error("the change's content is not valid")]
    Invalid,
    /// Automerge broke down over it.
    #[error("the change's content cannot be processed")]
    Breaks,
    /// The document would differ after being saved and loaded.
    #[error("the change would not survive saving")]
    Unstable,
    /// It nests fields deeper than anything that can be shown.
    #[error("the change nests fields too deep")]
    TooDeep,
}

/// Why an edit of one's own could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The revision that was being looked at names changes that are not (or no longer) there.
    #[error("the document has no such revision")]
    UnknownRevision,
    /// The edit takes more room than one change may.
    #[error("too much was changed at once to be saved")]
    TooLarge,
    /// Fields are nested deeper than a document may be.
    #[error("the fields are nested too deep")]
    TooDeep,
    /// A field has no name.
    #[error("a field without a name cannot be saved")]
    NamelessField,
    /// The snapshot of the history is of no use; all changes without it are.
    #[error(transparent)]
    Snapshot(#[from] super::SnapshotError),
    /// Nothing a caller did: the document could not be processed. The stored changes are untouched.
    #[error("the document could not be processed")]
    Failed,
}
