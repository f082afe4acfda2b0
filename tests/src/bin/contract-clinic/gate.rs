//! The way to the server. It can be shut: what is asked then waits here, and the clinic knows that it is here.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::spawn;
use std::time::Duration;

/// Longest wait for a request that must come.
const LIMIT: Duration = Duration::from_secs(60);

/// Stands before a server for as long as this process lives.
pub(crate) struct Gate {
    /// As members call the server.
    pub(crate) address: String,
    passage: Arc<Passage>,
}

#[derive(Default)]
struct Passage {
    now: Mutex<Now>,
    changed: Condvar,
}

#[derive(Default)]
struct Now {
    is_shut: bool,
    /// Whether something was asked since it was shut.
    is_asked: bool,
}

impl Gate {
    pub(crate) fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let passage = Arc::new(Passage::default());
        let its = Arc::clone(&passage);
        spawn(move || {
            for caller in listener.incoming() {
                let (caller, server) = (caller.unwrap(), TcpStream::connect(server).unwrap());
                its.join(&caller, &server);
            }
        });
        Self { address, passage }
    }

    /// Shuts it: connections are taken, and nothing is answered.
    pub(crate) fn shut(&self) {
        *self.passage.now.lock().unwrap() = Now {
            is_shut: true,
            is_asked: false,
        };
    }

    /// Opens it. What was asked meanwhile reaches the server.
    pub(crate) fn open(&self) {
        self.passage.now.lock().unwrap().is_shut = false;
        self.passage.changed.notify_all();
    }

    /// Waits until something was asked of the server since the gate was shut; gives whether it was.
    pub(crate) fn wait_for_request(&self) -> bool {
        let now = self.passage.now.lock().unwrap();
        let waited = self
            .passage
            .changed
            .wait_timeout_while(now, LIMIT, |now| !now.is_asked);
        waited.unwrap().0.is_asked
    }
}

impl Passage {
    /// Hands on what both say, each way on a thread of its own.
    fn join(self: &Arc<Self>, caller: &TcpStream, server: &TcpStream) {
        let twice = |stream: &TcpStream| stream.try_clone().unwrap();
        let (mut from, mut to) = (twice(caller), twice(server));
        let its = Arc::clone(self);
        spawn(move || {
            let mut bytes = [0; 16 * 1024];
            // A caller who gave up ends the connection, and that is no fault.
            while let Ok(length @ 1..) = from.read(&mut bytes) {
                its.pass();
                if to.write_all(bytes.get(..length).unwrap()).is_err() {
                    break;
                }
            }
            let _ = to.shutdown(Shutdown::Write);
        });
        let (mut from, mut to) = (twice(server), twice(caller));
        spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
            let _ = from.shutdown(Shutdown::Both);
        });
    }

    /// Takes down that something is asked, and waits while it is shut.
    fn pass(&self) {
        let mut now = self.now.lock().unwrap();
        if now.is_shut {
            now.is_asked = true;
            self.changed.notify_all();
        }
        drop(self.changed.wait_while(now, |now| now.is_shut).unwrap());
    }
}
