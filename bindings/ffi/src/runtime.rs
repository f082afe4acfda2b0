//! The threads of this library: few, named, and gone after ten idle seconds. The record is read and written on them,
//! so that no thread of a shell waits for a disk.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::{CompanionError, Result};

/// An exchange, a list, a recording that is sealed, a report: more at once would only wait for the same disk.
const THREADS: usize = 6;

static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();

fn build() -> Option<Runtime> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(THREADS)
        .thread_name("companion-record")
        .build();
    runtime.ok()
}

/// Runs it on a thread of this library, to its end, also where nobody waits for it any more.
///
/// # Errors
///
/// `Internal` where it panicked, or where the system gives no thread.
pub(crate) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let Some(runtime) = RUNTIME.get_or_init(build) else {
        return Err(CompanionError::internal("the system gives no thread"));
    };
    match runtime.spawn_blocking(work).await {
        Ok(done) => done,
        // What was said in the panic can hold words of the record: it goes nowhere.
        Err(_) => Err(CompanionError::internal("a fault inside the core")),
    }
}
