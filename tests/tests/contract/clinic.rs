//! The process that plays the clinic and its server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A clinic of its own for one scenario; it ends with it.
pub(crate) struct ClinicProcess {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl ClinicProcess {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_contract-clinic"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().unwrap());
        Self { child, to, from }
    }

    /// Tells it to do something, and gives its answer.
    pub(crate) fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.to.as_mut().unwrap(), "{what}").unwrap();
        let mut line = String::new();
        assert!(
            self.from.read_line(&mut line).unwrap() > 0,
            "the clinic ended at {what}"
        );
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for ClinicProcess {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.child.wait();
    }
}
