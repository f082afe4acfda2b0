//! One exchange with the server at a time, and never more than one that waits: whoever asks while one
//! is under way is answered by the next. A phone that sleeps lets none begin.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::{CoreError, Result};
use crate::ports::Cancel;

/// Lets one exchange in. `T` is what an exchange gives.
pub(crate) struct Gate<T>(Arc<Inner<T>>);

struct Inner<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
}

struct State<T> {
    /// What ends the exchange that is under way; `None` while there is none.
    under_way: Option<Cancel>,
    paused: bool,
    /// Shared exchanges begun so far.
    begun: u64,
    /// The newest shared exchange that ended with an answer, and the answer.
    ended: Option<(u64, Result<T>)>,
}

/// Leaves the gate when it is dropped, even by a panic.
pub(crate) struct Pass<'a, T> {
    gate: &'a Gate<T>,
    /// For the exchange to look at: the caller's wish, or a pause.
    pub(crate) cancel: Cancel,
    _hook: crate::ports::HookGuard,
}

impl<T> Drop for Pass<'_, T> {
    fn drop(&mut self) {
        self.gate.lock().under_way = None;
        self.gate.0.moved.notify_all();
    }
}

impl<T: Clone + Send + 'static> Gate<T> {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            state: Mutex::new(State {
                under_way: None,
                paused: false,
                begun: 0,
                ended: None,
            }),
            moved: Condvar::new(),
        }))
    }

    /// Waits until nobody else is in.
    ///
    /// # Errors
    ///
    /// [`CoreError::Canceled`], [`CoreError::Paused`].
    pub(crate) fn enter(&self, cancel: &Cancel) -> Result<Pass<'_, T>> {
        let _wake = self.wake_on(cancel);
        let mut state = self.lock();
        loop {
            may_go_on(&state, cancel)?;
            if state.under_way.is_none() {
                return Ok(self.pass(&mut state, cancel));
            }
            state = self.wait(state);
        }
    }

    /// Exchanges, or shares the answer of an exchange that began after this was asked.
    pub(crate) fn share(
        &self,
        cancel: &Cancel,
        exchange: impl FnOnce(&Cancel) -> Result<T>,
    ) -> Result<T> {
        let _wake = self.wake_on(cancel);
        let mut state = self.lock();
        let wanted = state.begun + 1;
        let pass = loop {
            may_go_on(&state, cancel)?;
            if let Some((number, answer)) = &state.ended
                && *number >= wanted
            {
                return answer.clone();
            }
            if state.under_way.is_none() {
                state.begun += 1;
                break self.pass(&mut state, cancel);
            }
            state = self.wait(state);
        };
        let number = state.begun;
        drop(state);
        let answer = exchange(&pass.cancel);
        // One that was given up by its own caller answers nobody else: the next to wait exchanges.
        if !matches!(answer, Err(CoreError::Canceled)) {
            self.lock().ended = Some((number, answer.clone()));
        }
        let paused = self.lock().paused && !cancel.is_canceled();
        match answer {
            Err(CoreError::Canceled) if paused => Err(CoreError::Paused),
            answer => answer,
        }
    }

    /// Lets nobody in any more, ends what is under way, and waits until it has ended.
    pub(crate) fn pause(&self) {
        let mut state = self.lock();
        state.paused = true;
        let under_way = state.under_way.clone();
        drop(state);
        if let Some(cancel) = under_way {
            cancel.cancel();
        }
        self.0.moved.notify_all();
        let mut state = self.lock();
        while state.under_way.is_some() {
            state = self.wait(state);
        }
    }

    /// Lets everybody in again.
    pub(crate) fn resume(&self) {
        self.lock().paused = false;
        self.0.moved.notify_all();
    }

    /// Whether nobody is let in.
    pub(crate) fn is_paused(&self) -> bool {
        self.lock().paused
    }

    fn pass(&self, state: &mut State<T>, caller: &Cancel) -> Pass<'_, T> {
        let cancel = Cancel::new();
        state.under_way = Some(cancel.clone());
        let to_end = cancel.clone();
        Pass {
            gate: self,
            cancel,
            _hook: caller.on_cancel(move || to_end.cancel()),
        }
    }

    /// Whoever waits here looks again when the caller gives up.
    fn wake_on(&self, cancel: &Cancel) -> crate::ports::HookGuard {
        let inner = Arc::clone(&self.0);
        cancel.on_cancel(move || {
            let _state = inner.state.lock().unwrap_or_else(PoisonError::into_inner);
            inner.moved.notify_all();
        })
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State<T>>) -> MutexGuard<'a, State<T>> {
        let waited = self.0.moved.wait(state);
        waited.unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Gate<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn may_go_on<T>(state: &State<T>, cancel: &Cancel) -> Result<()> {
    if cancel.is_canceled() {
        return Err(CoreError::Canceled);
    }
    if state.paused {
        return Err(CoreError::Paused);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    /// Begins an exchange that ends when told to, and gives what tells it.
    fn held(gate: &Arc<Gate<u32>>) -> (mpsc::Sender<()>, thread::JoinHandle<Result<u32>>) {
        let (end, wait) = mpsc::channel();
        let (began, begins) = mpsc::channel();
        let gate = Arc::clone(gate);
        let exchange = thread::spawn(move || {
            gate.share(&Cancel::new(), |_| {
                began.send(()).unwrap();
                wait.recv().unwrap();
                Ok(1)
            })
        });
        begins.recv().unwrap();
        (end, exchange)
    }

    #[test]
    fn those_who_ask_while_one_is_under_way_share_the_next() {
        let gate = Arc::new(Gate::<u32>::new());
        let (end, first) = held(&gate);
        let exchanges = Arc::new(AtomicU32::new(0));
        let (asked, asks) = mpsc::channel();
        let others: Vec<_> = (0..8)
            .map(|_| {
                let (gate, exchanges) = (Arc::clone(&gate), Arc::clone(&exchanges));
                let asked = asked.clone();
                thread::spawn(move || {
                    asked.send(()).unwrap();
                    gate.share(&Cancel::new(), |_| {
                        exchanges.fetch_add(1, Ordering::SeqCst);
                        Ok(2)
                    })
                })
            })
            .collect();
        for _ in 0..8 {
            asks.recv().unwrap();
        }
        end.send(()).unwrap();
        assert_eq!(first.join().unwrap().unwrap(), 1);
        for other in others {
            assert_eq!(other.join().unwrap().unwrap(), 2);
        }
        // Each that had reached the gate by then shares one; a thread that was still on its way to it
        // exchanges for itself, so more than one is possible, but never nobody.
        assert!(exchanges.load(Ordering::SeqCst) >= 1);
    }

    #[test]
    fn whoever_gives_up_waiting_returns_and_holds_up_nobody() {
        let gate = Arc::new(Gate::<u32>::new());
        let (end, first) = held(&gate);
        let cancel = Cancel::new();
        let waiting = {
            let (gate, cancel) = (Arc::clone(&gate), cancel.clone());
            thread::spawn(move || gate.share(&cancel, |_| Ok(2)))
        };
        cancel.cancel();
        assert!(matches!(waiting.join().unwrap(), Err(CoreError::Canceled)));
        end.send(()).unwrap();
        assert_eq!(first.join().unwrap().unwrap(), 1);
        assert_eq!(gate.share(&Cancel::new(), |_| Ok(3)).unwrap(), 3);
    }

    #[test]
    fn a_pause_ends_what_is_under_way_and_lets_none_begin_until_it_is_over() {
        let gate = Arc::new(Gate::<u32>::new());
        let (began, begins) = mpsc::channel();
        let exchange = {
            let gate = Arc::clone(&gate);
            thread::spawn(move || {
                gate.share(&Cancel::new(), |cancel| {
                    let (ended, ends) = mpsc::channel();
                    let _hook = cancel.on_cancel(move || ended.send(()).unwrap());
                    began.send(()).unwrap();
                    ends.recv().unwrap();
                    Err(CoreError::Canceled)
                })
            })
        };
        begins.recv().unwrap();
        gate.pause();
        assert!(matches!(exchange.join().unwrap(), Err(CoreError::Paused)));
        assert!(gate.is_paused());
        let refused = gate.share(&Cancel::new(), |_| Ok(2));
        assert!(matches!(refused, Err(CoreError::Paused)));
        gate.resume();
        assert_eq!(gate.share(&Cancel::new(), |_| Ok(3)).unwrap(), 3);
    }

    #[test]
    fn a_panic_inside_leaves_the_gate_open() {
        let gate = Arc::new(Gate::<u32>::new());
        let inside = Arc::clone(&gate);
        let panics = thread::spawn(move || {
            let _ = inside.share(&Cancel::new(), |_| {
                panic!("on purpose");
            });
        });
        assert!(panics.join().is_err());
        assert_eq!(gate.share(&Cancel::new(), |_| Ok(3)).unwrap(), 3);
    }
}
