//! While the demo runs: what can be typed to it.

use std::io::Write;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::ending::Ending;
use crate::error::DemoError;
use crate::stage::Stage;

/// What somebody wants.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    /// The sync server away, as in an outage.
    Stop,
    /// The sync server back.
    Start,
    /// The end.
    End,
    Unknown,
}

impl Wish {
    fn read(line: &str) -> Option<Self> {
        match line.trim().to_lowercase().as_str() {
            "" => None,
            "stop" => Some(Wish::Stop),
            "start" => Some(Wish::Start),
            "quit" | "exit" => Some(Wish::End),
            _ => Some(Wish::Unknown),
        }
    }
}

/// Does what is typed until somebody wants an end.
pub(crate) fn listen(stage: &mut Stage, output: &mut dyn Write) -> Result<(), DemoError> {
    let mut ending = stage.runtime().block_on(async { Ending::listen() });
    stage.is_ready();
    let mut typed = read_lines();
    loop {
        match next(stage, &mut typed, &mut ending) {
            Wish::Stop => {
                stage.stop_server();
                writeln!(
                    output,
                    "The sync server is stopped. Phones and console go on without it."
                )?;
            }
            Wish::Start => {
                stage.restart_server()?;
                writeln!(output, "The sync server is back at {}.", stage.server_url())?;
            }
            Wish::Unknown => writeln!(output, "Type stop or start; Ctrl-C ends the demo.")?,
            Wish::End => return Ok(()),
        }
        output.flush()?;
    }
}

fn next(stage: &Stage, typed: &mut UnboundedReceiver<String>, ending: &mut Ending) -> Wish {
    stage.runtime().block_on(async {
        loop {
            tokio::select! {
                () = ending.asked() => return Wish::End,
                line = typed.recv() => match line.as_deref().map(Wish::read) {
                    Some(Some(wish)) => return wish,
                    Some(None) => {}
                    // Nobody types (standard input is closed): only a signal ends it.
                    None => {
                        ending.asked().await;
                        return Wish::End;
                    }
                },
            }
        }
    })
}

/// Lines from standard input, read on a thread that nobody waits for.
fn read_lines() -> UnboundedReceiver<String> {
    let (send, lines) = unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let Ok(line) = line else { return };
            if send.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood_or_said_not_to_be() {
        assert_eq!(Wish::read(" Stop\n"), Some(Wish::Stop));
        assert_eq!(Wish::read("start"), Some(Wish::Start));
        assert_eq!(Wish::read("quit"), Some(Wish::End));
        assert_eq!(Wish::read("hello"), Some(Wish::Unknown));
        assert_eq!(Wish::read("  "), None);
    }
}
