//! What the smoke test can find broken. Apart from the checks, so that the demo's errors can hold it
//! and the checks need nothing of theirs.

use std::path::PathBuf;

use companion_core::records::DeliveryState;

/// What is broken, in a plain sentence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("{name} does not stand where the story says: {is}")]
    NotAsTold {
        name: &'static str,
        is: &'static str,
    },
    #[error("the record of {name} came back with something else: {field}")]
    BroughtBackOtherwise { name: &'static str, field: String },
    #[error("an export holds no record that can be read")]
    NoRecord,
    #[error("{0} is no key of a phone")]
    NoKey(PathBuf),
    #[error("the shared entry does not stand on the clinician's page")]
    NotOnPage,
    #[error("something private stands on the console's page {0}")]
    PrivateOnPage(String),
    #[error("{what} stands readable in the server's {file}")]
    Readable { what: &'static str, file: PathBuf },
    #[error("what the server holds does not look sealed")]
    NotSealed,
    #[error("the server holds only {0} bytes of sealed changes, too little to judge")]
    TooLittleToJudge(usize),
    #[error("the search of {0} does not find what must be there, so it proves nothing")]
    Blind(PathBuf),
    #[error("{0} cannot be searched: {1}")]
    NotSearched(PathBuf, String),
    #[error("a phone claims to have reached a server that was stopped")]
    ReachedAStoppedServer,
    #[error("{changes} changes still wait on the phone{}", because(.why.as_deref()))]
    StillWaiting { changes: u64, why: Option<String> },
    #[error("the phone should say that the entry is {expected}, and says {said:?}")]
    WrongState {
        expected: &'static str,
        said: DeliveryState,
    },
    #[error("the console cannot be read: {0}")]
    Console(String),
    #[error("the clinician cannot sign in: status {0}")]
    SignIn(u16),
    #[error("the console's page {path} answers with status {status}")]
    Page { path: String, status: u16 },
}

fn because(why: Option<&str>) -> String {
    why.map(|why| format!(", because {why}"))
        .unwrap_or_default()
}
