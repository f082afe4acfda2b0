//! The threads of this library: few, named, and gone after ten idle seconds. The record is read and written on them,
//! so that no thread of a shell waits for a disk.

use std::any::Any;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::{Once, OnceLock};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

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

/// How the threads of this library and of the core begin: what is said in a panic of theirs can hold words of the
/// record.
const OURS: &str = "companion-";

/// From now on a panic on one of our threads says where it was, and nothing else. Others say what they always did.
fn keep_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            // A shell's own threads have no name here, and what panics in this library on one is ours as well.
            if thread.name().is_some_and(|name| !name.starts_with(OURS)) {
                return before(panic);
            }
            // A place in the code is no content.
            if let Some(place) = panic.location() {
                // In one piece: what others print meanwhile stands on lines of its own.
                let (file, line) = (place.file(), place.line());
                let said = format!("a fault inside the core at {file}:{line}\n");
                let _ = std::io::stderr().write_all(said.as_bytes());
            }
        }));
    });
}

/// What a shell can be given: a view, a number, an object, nothing. No work of this library gives anything else, so a
/// view is made within it, where a panic is caught as one of the core's is. Outside of it UniFFI alone would catch it,
/// and tell the shell its words.
pub(crate) trait Given: uniffi::LowerReturn<crate::UniFfiTag> + Send + 'static {}

impl<T: uniffi::LowerReturn<crate::UniFfiTag> + Send + 'static> Given for T {}

/// What came of some work, whatever it is: what begins work and waits for it is in the library once, and not for each
/// verb.
pub(crate) struct Outcome(Box<dyn Any + Send>);

impl Outcome {
    /// What it is.
    pub(crate) fn of<T: Given>(self) -> Result<T> {
        let of_this_type = self.0.downcast();
        of_this_type
            .map(|it| *it)
            .map_err(|_| CompanionError::internal("an answer of another type"))
    }
}

/// What came of work, to be waited for.
pub(crate) fn outcome<T: Given>(done: Result<T>) -> Result<Outcome> {
    done.map(|done| Outcome(Box::new(done)))
}

/// Work that a thread does to its end.
type Work = Box<dyn FnOnce() -> Result<Outcome> + Send>;

/// What comes of it.
pub(crate) type Waiting = Pin<Box<dyn Future<Output = Result<Outcome>> + Send>>;

/// Runs it on a thread of this library, to its end, also where nobody waits for it any more.
///
/// # Errors
///
/// `Internal` where it panicked, or where the system gives no thread.
pub(crate) async fn run<T: Given>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = begin(Box::new(|| outcome(work())));
    done.await.and_then(Outcome::of)
}

/// The same on a thread of its own, for what must not wait until one of the others is free: a pause.
///
/// # Errors
///
/// As of [`run`].
pub(crate) async fn run_apart<T: Given>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = done_by(Box::new(|| outcome(work())), |work| {
        let thread = std::thread::Builder::new().name("companion-apart".to_owned());
        thread.spawn(work).ok().map(drop)
    });
    done.await.and_then(Outcome::of)
}

/// As [`run`], for work whose outcome has a type that only its caller knows.
pub(crate) fn begin(work: Work) -> Waiting {
    done_by(work, |work| {
        let runtime = RUNTIME.get_or_init(build).as_ref()?;
        drop(runtime.spawn_blocking(work));
        Some(())
    })
}

/// What comes of work that a thread begins, where there is one. It begins when this is first waited for.
fn done_by(work: Work, begin: fn(Box<dyn FnOnce() + Send>) -> Option<()>) -> Waiting {
    Box::pin(async move {
        keep_panics_quiet();
        let (done, is_done) = oneshot::channel();
        // Nobody need wait for it any more.
        if begin(Box::new(move || drop(done.send(work())))).is_none() {
            return Err(CompanionError::internal("the system gives no thread"));
        }
        match is_done.await {
            Ok(done) => done,
            // What was said in the panic can hold words of the record: it goes nowhere.
            Err(_) => Err(CompanionError::internal("a fault inside the core")),
        }
    })
}
