//! What can happen to a request on its way: one decorator over any network.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use companion_core::ports::{
    Cancel, HintRequest, Lane, Network, NetworkKind, OnHint, Request, Response, Transport,
    TransportError, WatchHandle,
};

/// What happens to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It arrives, and so does the answer.
    None,
    /// It never arrives.
    DropRequest,
    /// It arrives and is acted upon; the answer never comes back.
    DropAnswer,
    /// It arrives twice, and the first answer comes back.
    TwiceFirstAnswer,
    /// It arrives twice, and the second answer comes back.
    TwiceSecondAnswer,
    /// The answer ends after so many bytes, and nothing says so.
    CutAnswer(usize),
    /// Something in between answers with this status and no body of ours.
    Status(u16),
    /// A captive portal answers 200 with a page.
    Portal,
    /// A proxy sends the client elsewhere.
    Redirect,
    /// The request's body ends early: what arrives is not what was signed.
    CutRequest(usize),
    /// It never arrives, and nothing comes back until the caller gives up.
    Hang,
}

type Script = Box<dyn FnMut(usize, &Request) -> Fault + Send>;
type Between = Arc<dyn Fn(&Request) + Send + Sync>;
/// A request with the answer that its sender got, if any.
pub type Exchange = (Request, Option<Response>);

type Rewrite = Box<dyn FnMut(&Request, Response) -> Response + Send>;

/// The switches of one participant's network. Everything is off at first.
#[derive(Default)]
pub struct Faults {
    script: Mutex<Option<Script>>,
    before: Mutex<Option<Between>>,
    after: Mutex<Option<Between>>,
    rewrite: Mutex<Option<Rewrite>>,
    sent: AtomicUsize,
    tape: Mutex<Option<Vec<Exchange>>>,
    lanes: Mutex<Vec<(Lane, Request)>>,
    is_metered: AtomicBool,
}

impl Faults {
    /// Decides what happens to each request, by its number since the script was set.
    pub fn script(&self, script: impl FnMut(usize, &Request) -> Fault + Send + 'static) {
        self.sent.store(0, Ordering::SeqCst);
        *self.script.lock().unwrap() = Some(Box::new(script));
    }

    /// Whether the person pays for what goes over this network by the amount.
    pub fn metered(&self, is_metered: bool) {
        self.is_metered.store(is_metered, Ordering::SeqCst);
    }

    /// The `n`-th request from now on (0 is the next) suffers `fault`; the others do not.
    pub fn at(&self, n: usize, fault: Fault) {
        self.script(move |i, _| if i == n { fault.clone() } else { Fault::None });
    }

    /// Every request suffers `fault`.
    pub fn always(&self, fault: Fault) {
        self.script(move |_, _| fault.clone());
    }

    /// Runs before each request leaves.
    pub fn before_each(&self, act: impl Fn(&Request) + Send + Sync + 'static) {
        *self.before.lock().unwrap() = Some(Arc::new(act));
    }

    /// Runs after each answer, before the participant sees it.
    pub fn after_each(&self, act: impl Fn(&Request) + Send + Sync + 'static) {
        *self.after.lock().unwrap() = Some(Arc::new(act));
    }

    /// Puts another answer in the place of the server's: a server that lies.
    pub fn rewrite(&self, rewrite: impl FnMut(&Request, Response) -> Response + Send + 'static) {
        *self.rewrite.lock().unwrap() = Some(Box::new(rewrite));
    }

    /// Begins to keep every request with its answer.
    pub fn record(&self) {
        *self.tape.lock().unwrap() = Some(Vec::new());
    }

    /// What was recorded.
    pub fn recorded(&self) -> Vec<Exchange> {
        self.tape.lock().unwrap().clone().unwrap_or_default()
    }

    /// Every request since recording began, with the lane that it went by.
    pub fn lanes(&self) -> Vec<(Lane, Request)> {
        self.lanes.lock().unwrap().clone()
    }

    /// From that request on no answer comes.
    pub fn silent_from(&self, at: usize) {
        self.script(move |number, _| match number >= at {
            true => Fault::DropAnswer,
            false => Fault::None,
        });
    }

    /// How many requests left since the script was set or [`Faults::heal`] was called.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// Everything off again.
    pub fn heal(&self) {
        *self.script.lock().unwrap() = None;
        *self.before.lock().unwrap() = None;
        *self.after.lock().unwrap() = None;
        *self.rewrite.lock().unwrap() = None;
        self.sent.store(0, Ordering::SeqCst);
    }

    fn next(&self, request: &Request) -> Fault {
        let number = self.sent.fetch_add(1, Ordering::SeqCst);
        match self.script.lock().unwrap().as_mut() {
            Some(script) => script(number, request),
            None => Fault::None,
        }
    }

    fn run(&self, which: &Mutex<Option<Between>>, request: &Request) {
        // The lock is free while it runs: it may change the switches, or use this very network.
        let act = which.lock().unwrap().clone();
        if let Some(act) = act {
            act(request);
        }
    }
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Faults({} sent)", self.sent())
    }
}

/// A network whose faults are in the test's hand.
pub struct FaultyNetwork {
    inner: Arc<dyn Network>,
    faults: Arc<Faults>,
}

impl FaultyNetwork {
    /// Wraps a network.
    pub fn new(inner: Arc<dyn Network>, faults: Arc<Faults>) -> Arc<Self> {
        Arc::new(Self { inner, faults })
    }
}

impl Network for FaultyNetwork {
    fn kind(&self) -> NetworkKind {
        match self.faults.is_metered.load(Ordering::SeqCst) {
            true => NetworkKind::Metered,
            false => self.inner.kind(),
        }
    }

    fn transport(&self, server: &str, lane: &Lane) -> Result<Arc<dyn Transport>, TransportError> {
        let inner = self.inner.transport(server, lane)?;
        Ok(Arc::new(FaultyTransport {
            inner,
            lane: *lane,
            faults: Arc::clone(&self.faults),
        }))
    }

    fn authority(&self, server: &str) -> Result<String, TransportError> {
        self.inner.authority(server)
    }

    fn listen(
        &self,
        server: &str,
        lane: &Lane,
        request: HintRequest,
        on_hint: OnHint,
    ) -> Result<WatchHandle, TransportError> {
        self.inner.listen(server, lane, request, on_hint)
    }
}

struct FaultyTransport {
    inner: Arc<dyn Transport>,
    lane: Lane,
    faults: Arc<Faults>,
}

impl Transport for FaultyTransport {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, TransportError> {
        self.faults.run(&self.faults.before, request);
        if cancel.is_canceled() {
            return Err(TransportError::Canceled);
        }
        let fault = self.faults.next(request);
        let answer = suffer(&*self.inner, request, cancel, &fault);
        self.faults.run(&self.faults.after, request);
        if cancel.is_canceled() {
            // It was acted upon, and the answer is not waited for.
            return Err(TransportError::Canceled);
        }
        let answer = match (answer, self.faults.rewrite.lock().unwrap().as_mut()) {
            (Ok(answer), Some(rewrite)) => Ok(rewrite(request, answer)),
            (answer, _) => answer,
        };
        if let Some(tape) = self.faults.tape.lock().unwrap().as_mut() {
            tape.push((request.clone(), answer.clone().ok()));
            let by = (self.lane, request.clone());
            self.faults.lanes.lock().unwrap().push(by);
        }
        answer
    }
}

fn suffer(
    inner: &dyn Transport,
    request: &Request,
    cancel: &Cancel,
    fault: &Fault,
) -> Result<Response, TransportError> {
    let send = |request: &Request| inner.send(request, cancel);
    match *fault {
        Fault::None => send(request),
        Fault::DropRequest => Err(TransportError::Unreachable),
        Fault::DropAnswer => {
            let _ = send(request);
            Err(TransportError::Interrupted)
        }
        Fault::TwiceFirstAnswer => {
            let first = send(request);
            let _ = send(request);
            first
        }
        Fault::TwiceSecondAnswer => {
            let _ = send(request);
            send(request)
        }
        Fault::CutAnswer(length) => {
            let mut answer = send(request)?;
            answer
                .body
                .truncate(length.min(answer.body.len().saturating_sub(1)));
            Ok(answer)
        }
        Fault::Status(status) => Ok(page(
            status,
            "text/plain",
            b"upstream connect error or disconnect".to_vec(),
        )),
        Fault::Portal => Ok(page(
            200,
            "text/html",
            b"<!doctype html><title>Welcome to Station Wi-Fi</title>".to_vec(),
        )),
        Fault::Redirect => {
            let mut answer = page(302, "text/html", Vec::new());
            answer
                .headers
                .push(("location".to_owned(), "https://login.example/".to_owned()));
            Ok(answer)
        }
        Fault::Hang => {
            let (gave_up, wait) = std::sync::mpsc::channel();
            let _hook = cancel.on_cancel(move || {
                let _ = gave_up.send(());
            });
            // The hook is kept until here, so that there is always somebody to send.
            wait.recv().unwrap();
            Err(TransportError::Canceled)
        }
        Fault::CutRequest(length) => {
            let mut cut = request.clone();
            cut.body
                .truncate(length.min(cut.body.len().saturating_sub(1)));
            send(&cut)
        }
    }
}

fn page(status: u16, kind: &str, body: Vec<u8>) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body,
    }
}
