//! One opened record: who may use it now, and what becomes of it when the app sleeps or the core fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Duration;

use companion_core::patient::Patient;
use companion_core::ports::{Cancel, Ports};
use companion_core::{CoreError, StoreError, StoreKey};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::error::{CompanionError, Result};
use crate::listen::{ChangeListener, ChangeSubscription, Heard, RecordChange};
use crate::record::Live;
use crate::runtime::{self, Given, Outcome, Waiting, outcome};
use crate::vault::{EventLog, LogLine};

/// What every object of this library stands on.
pub(crate) struct Inner {
    path: PathBuf,
    key: StoreKey,
    ports: Ports,
    log: Option<Arc<dyn EventLog>>,
    /// Read by whoever uses the record, for as long as they do; written to close it and to open it anew.
    state: RwLock<State>,
    heard: Mutex<Vec<Arc<Heard>>>,
    /// What ends the exchanges that are under way, or wait for their turn.
    exchanges: UnderWay,
    /// Lets few exchanges begin: each holds a thread for as long as a server takes, and others need one as well.
    lane: Arc<Semaphore>,
    /// What gives up on sources of bytes that are being read.
    sources: UnderWay,
    /// The same for them: each holds a thread for as long as the shell's own code takes.
    source_lane: Arc<Semaphore>,
    lives: Mutex<Vec<Weak<Live>>>,
    /// What was asked for last, a pause or a resume: that holds, in whichever order they get to run. While it is a
    /// pause nobody is told anything, and nothing long goes on.
    is_resting: AtomicBool,
}

/// Exchanges at once: one that is under way, and one that is answered by the next.
const EXCHANGES: usize = 2;

/// How long a pause waits for those that are just reading what changed.
const LONGEST_CLOSING: Duration = Duration::from_secs(5);

/// Sources of bytes that are read at once.
const SOURCES: usize = 2;

/// What is asked of a record, whatever comes of it.
type Asking = Box<dyn FnOnce(&Patient) -> Result<Outcome> + Send>;

enum State {
    Open(Arc<Patient>),
    /// The app sleeps: the files are closed.
    Asleep,
    /// A fault of the core's: opened anew by whoever asks next.
    Faulty,
}

impl Inner {
    pub(crate) fn open(
        path: PathBuf,
        key: StoreKey,
        ports: Ports,
        log: Option<Arc<dyn EventLog>>,
    ) -> Result<Arc<Inner>> {
        let patient = open(&path, &key, &ports)?;
        Ok(Arc::new(Inner {
            path,
            key,
            ports,
            log,
            state: RwLock::new(State::Open(Arc::new(patient))),
            heard: Mutex::default(),
            exchanges: UnderWay::default(),
            lane: Arc::new(Semaphore::new(EXCHANGES)),
            sources: UnderWay::default(),
            source_lane: Arc::new(Semaphore::new(SOURCES)),
            is_resting: AtomicBool::new(false),
            lives: Mutex::default(),
        }))
    }

    /// Asks the record something, on a thread of this library. Once begun it is done to its end.
    pub(crate) async fn ask<T: Given>(
        self: &Arc<Self>,
        work: impl FnOnce(&Patient) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.asked(Box::new(move |patient| outcome(work(patient))));
        done.await.and_then(Outcome::of)
    }

    /// Asks the record something by which the standing of the phone may be another one, and tells everybody who
    /// listens: also where nobody waits for it any more, and where it failed half way.
    pub(crate) async fn ask_and_tell<T: Given>(
        self: &Arc<Self>,
        work: impl FnOnce(&Patient) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.asked_and_told(Box::new(move |patient| outcome(work(patient))));
        done.await.and_then(Outcome::of)
    }

    /// The same for any work: compiled once, and not for each verb.
    fn asked(self: &Arc<Self>, work: Asking) -> Waiting {
        let inner = Arc::clone(self);
        runtime::begin(Box::new(move || inner.ask_here(work)))
    }

    fn asked_and_told(self: &Arc<Self>, work: Asking) -> Waiting {
        let inner = Arc::clone(self);
        runtime::begin(Box::new(move || inner.ask_and_tell_here(work)))
    }

    /// The same on this thread.
    pub(crate) fn ask_here<T>(
        self: &Arc<Self>,
        work: impl FnOnce(&Patient) -> Result<T>,
    ) -> Result<T> {
        loop {
            {
                let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
                match &*state {
                    State::Open(patient) => {
                        // What the closure leaves half done is behind the record's own transactions, and the record
                        // is opened anew.
                        let done = catch_unwind(AssertUnwindSafe(|| work(patient)));
                        drop(state);
                        return done.unwrap_or_else(|_| Err(self.failed()));
                    }
                    State::Asleep => return Err(CompanionError::Paused),
                    State::Faulty => {}
                }
            }
            self.open_anew()?;
        }
    }

    /// Exchanges with the server, until whoever asked gives up.
    pub(crate) async fn exchange<T: Given>(
        self: &Arc<Self>,
        work: impl FnOnce(&Patient, &Cancel) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.exchange_until(Cancel::new(), work).await
    }

    /// The same, until somebody cancels that, too.
    pub(crate) async fn exchange_until<T: Given>(
        self: &Arc<Self>,
        cancel: Cancel,
        work: impl FnOnce(&Patient, &Cancel) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let until = cancel.clone();
        let done = self.exchanged(
            until,
            Box::new(move |patient| outcome(work(patient, &cancel))),
        );
        done.await.and_then(Outcome::of)
    }

    /// The same for any work: compiled once, and not for each verb.
    fn exchanged(self: &Arc<Self>, cancel: Cancel, work: Asking) -> Waiting {
        let inner = Arc::clone(self);
        Box::pin(async move {
            // Kotlin drops this future when a coroutine is canceled.
            let _gives_up = inner.begins_exchange(&cancel)?;
            let turn = inner.turn_at_exchanges(&cancel).await?;
            let asked = inner.asked_and_told(Box::new(move |patient| {
                // Held by the thread, and not by whoever waits: they may be gone long before it is free again.
                let _turn = turn;
                work(&patient.until(cancel))
            }));
            asked.await
        })
    }

    /// Exchanges with the server on this thread, until `cancel` says that nobody waits any more.
    pub(crate) fn exchange_here<T>(
        self: &Arc<Self>,
        cancel: &Cancel,
        work: impl FnOnce(&Patient) -> Result<T>,
    ) -> Result<T> {
        let _gives_up = self.begins_exchange(cancel)?;
        self.ask_and_tell_here(work)
    }

    /// As [`Inner::ask_and_tell`], on this thread.
    fn ask_and_tell_here<T>(
        self: &Arc<Self>,
        work: impl FnOnce(&Patient) -> Result<T>,
    ) -> Result<T> {
        let done = self.ask_here(work);
        self.say_standing_changed();
        done
    }

    /// A turn at exchanging, unless somebody gives up while it waits.
    async fn turn_at_exchanges(&self, cancel: &Cancel) -> Result<OwnedSemaphorePermit> {
        let ended = Arc::new(Notify::new());
        let ends = Arc::clone(&ended);
        // One that came before anybody waited is kept.
        let _hook = cancel.on_cancel(move || ends.notify_one());
        let given_up = || match self.is_resting() {
            true => CompanionError::Paused,
            false => CompanionError::Canceled,
        };
        tokio::select! {
            biased;
            () = ended.notified() => Err(given_up()),
            // It is never closed: whoever waits gets in.
            turn = Arc::clone(&self.lane).acquire_owned() => turn.map_err(|_| given_up()),
        }
    }

    /// Counts an exchange among those under way, until what this gives is let go of.
    fn begins_exchange(&self, cancel: &Cancel) -> Result<GivesUp<'_>> {
        self.exchanges.add(cancel);
        let gives_up = GivesUp(self, cancel.clone());
        // A pause that was asked for since then has ended it; one from before must not wait for it.
        match self.is_resting() {
            true => Err(CompanionError::Paused),
            false => Ok(gives_up),
        }
    }

    /// Lets a live connection rest while the app is paused, and go on after it.
    pub(crate) fn keep_live(&self, live: &Arc<Live>) {
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        lives.push(Arc::downgrade(live));
    }

    /// The live connections that nobody ended.
    fn all_live(&self) -> Vec<Arc<Live>> {
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        lives.retain(|live| live.upgrade().is_some_and(|live| live.goes_on()));
        lives.iter().filter_map(Weak::upgrade).collect()
    }

    /// Gives up on all exchanges that are under way. What the server acknowledged stays so.
    pub(crate) fn stop_exchanges(&self) {
        self.exchanges.stop();
    }

    /// Lets somebody read a source of bytes, until the app is paused or a fault ends the record's use.
    pub(crate) fn reads_source(&self, give_up: &Cancel) {
        self.sources.add(give_up);
    }

    /// A turn at reading a source of bytes.
    pub(crate) async fn turn_at_sources(&self) -> Option<OwnedSemaphorePermit> {
        // It is never closed: whoever waits gets in.
        Arc::clone(&self.source_lane).acquire_owned().await.ok()
    }

    /// Gives up on all that waits for a server or for a shell's code, with the record in use.
    fn stop_what_lasts(&self) {
        self.stop_exchanges();
        self.sources.stop();
    }

    /// Takes down that a pause or a resume was asked for. Never blocks.
    pub(crate) fn wants(&self, rest: bool) {
        self.is_resting.store(rest, Ordering::SeqCst);
        if rest {
            self.stop_what_lasts();
        }
    }

    /// Finishes what is being written, gives up on exchanges, and closes the files; unless somebody resumed since.
    pub(crate) fn pause(self: &Arc<Self>) -> Result<()> {
        if let State::Open(patient) = &*self.read() {
            patient.pause();
        }
        // Whatever began before it could see that it rests.
        if self.is_resting() {
            self.stop_what_lasts();
        }
        self.all_heard().iter().for_each(|heard| heard.let_go());
        // Waits for everybody who still uses it.
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        // Nobody can begin one any more.
        self.all_heard().iter().for_each(|heard| heard.let_go());
        self.all_live().iter().for_each(|live| live.let_go());
        let rests = self.is_resting();
        let closed = match &*state {
            State::Open(patient) => Some(patient.closed()),
            State::Asleep | State::Faulty => None,
        };
        // What was let go of is taken up again by opening it anew.
        *state = match rests {
            true => State::Asleep,
            false => State::Faulty,
        };
        drop(state);
        if !rests {
            return self.awake();
        }
        // Who listened may just be reading what changed, with connections of their own.
        if closed.is_some_and(|closed| !closed.wait(LONGEST_CLOSING)) {
            self.say("pause", "still open");
            return Err(CoreError::Store(StoreError::Busy).into());
        }
        self.say("pause", "closed");
        Ok(())
    }

    /// Opens the files again. Everybody who listened hears of the present state first.
    pub(crate) fn resume(self: &Arc<Self>) -> Result<()> {
        // Of a record that is open nothing is to be waited for: an exchange uses it for as long as a server takes, and
        // everybody would wait behind whoever wants it alone.
        if matches!(*self.read(), State::Asleep) {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            // Else a pause was asked for after it.
            if !self.is_resting() && matches!(*state, State::Asleep) {
                *state = State::Faulty;
            }
        }
        self.awake()
    }

    /// Opens the files where they are to be open, unless a pause comes meanwhile.
    fn awake(self: &Arc<Self>) -> Result<()> {
        if self.is_resting() {
            return Ok(());
        }
        match self.ask_here(|_| Ok(())) {
            Err(CompanionError::Paused) => Ok(()),
            opened => opened,
        }
    }

    /// Whether it sleeps or is about to. Never blocks.
    pub(crate) fn is_resting(&self) -> bool {
        self.is_resting.load(Ordering::SeqCst)
    }

    pub(crate) fn listen(
        self: &Arc<Self>,
        listener: Arc<dyn ChangeListener>,
    ) -> Result<Arc<ChangeSubscription>> {
        let (heard, subscription) = Heard::new(listener)?;
        self.heard().push(Arc::clone(&heard));
        match self.ask_here(|patient| heard.listen_to(patient)) {
            // Whoever opens the files again has it called, as everybody who listens.
            Ok(()) | Err(CompanionError::Paused) => Ok(subscription),
            Err(error) => Err(error),
        }
    }

    /// Tells everybody who listens that the standing of the phone may be another one: what is paired, what waits.
    pub(crate) fn say_standing_changed(&self) {
        // Whoever opens the files again tells everybody.
        if self.is_resting() {
            return;
        }
        let change = RecordChange {
            sequence: i64::MIN,
            kinds: Vec::new(),
        };
        for heard in self.all_heard() {
            heard.say(change.clone());
        }
    }

    pub(crate) fn say(&self, what: &str, how: &str) {
        if let Some(log) = &self.log {
            let line = LogLine {
                what: what.to_owned(),
                how: how.to_owned(),
            };
            // What a log throws is nobody's business here.
            let _ = catch_unwind(AssertUnwindSafe(|| log.line(line)));
        }
    }

    pub(crate) fn ports(&self) -> &Ports {
        &self.ports
    }

    /// A panic went through the record: nobody uses it any more.
    fn failed(&self) -> CompanionError {
        // An exchange that waits for a server would keep everybody else waiting for its end.
        self.stop_what_lasts();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Open(_)) {
            *state = State::Faulty;
        }
        drop(state);
        self.say("panic", "reopening");
        // What was said in the panic can hold words of the record: it goes nowhere.
        CompanionError::internal("a fault of the core")
    }

    fn open_anew(self: &Arc<Self>) -> Result<()> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*state, State::Faulty) {
            return Ok(());
        }
        let patient = Arc::new(open(&self.path, &self.key, &self.ports)?);
        for heard in self.all_heard() {
            heard.listen_to(&patient)?;
        }
        for live in self.all_live() {
            // A phone that is in touch with nobody any more, having ended its account, still opens.
            if live.watch(&patient).is_err() {
                self.say("live", "not paired");
            }
        }
        *state = State::Open(patient);
        drop(state);
        self.say("open", "anew");
        Ok(())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) -> MutexGuard<'_, Vec<Arc<Heard>>> {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.retain(|heard| heard.goes_on());
        heard
    }

    fn all_heard(&self) -> Vec<Arc<Heard>> {
        self.heard().clone()
    }
}

/// What can be given up on from outside.
#[derive(Default)]
struct UnderWay(Mutex<Vec<Cancel>>);

impl UnderWay {
    fn add(&self, cancel: &Cancel) {
        self.all().push(cancel.clone());
    }

    fn stop(&self) {
        let all = std::mem::take(&mut *self.all());
        all.iter().for_each(Cancel::cancel);
    }

    /// Without what is over.
    fn all(&self) -> MutexGuard<'_, Vec<Cancel>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|cancel| !cancel.is_canceled());
        all
    }
}

/// Opens it; a panic in there is an error like any other.
fn open(path: &std::path::Path, key: &StoreKey, ports: &Ports) -> Result<Patient> {
    let opened = catch_unwind(AssertUnwindSafe(|| Patient::open(path, key, ports.clone())));
    match opened {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(CompanionError::internal("the record can't be opened")),
    }
}

/// Closing files and connections takes a checkpoint and its time: not on the thread that lets go of the record.
impl Drop for Inner {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let closing = std::mem::replace(state, State::Asleep);
        let closing = std::thread::Builder::new()
            .name("companion-closing".to_owned())
            .spawn(move || drop(closing));
        // Without a thread it was closed here.
        drop(closing);
    }
}

/// Gives up on an exchange when nobody waits for it any more.
struct GivesUp<'a>(&'a Inner, Cancel);

impl Drop for GivesUp<'_> {
    fn drop(&mut self) {
        self.1.cancel();
        // Clears it from the list of those under way.
        drop(self.0.exchanges.all());
    }
}
