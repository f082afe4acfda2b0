//! One kilobyte there and back over loopback, from a thread to another: what no request can go below.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

/// Bytes each way.
const KILOBYTE: usize = 1024;

/// A connection whose other end sends back what it gets.
pub(crate) struct Echo {
    stream: Option<TcpStream>,
    answering: Option<JoinHandle<()>>,
}

impl Echo {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_nodelay(true).unwrap();
            let mut kilobyte = [0; KILOBYTE];
            while stream.read_exact(&mut kilobyte).is_ok() {
                stream.write_all(&kilobyte).unwrap();
            }
        });
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: Some(stream),
            answering: Some(answering),
        }
    }

    pub(crate) fn round_trip(&mut self) {
        let stream = self.stream.as_mut().unwrap();
        let mut kilobyte = [3; KILOBYTE];
        stream.write_all(&kilobyte).unwrap();
        stream.read_exact(&mut kilobyte).unwrap();
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        // The other end stops when this one is closed.
        self.stream = None;
        if let Some(answering) = self.answering.take() {
            answering.join().unwrap();
        }
    }
}
