//! Somebody at the terminal: a folder, typed words, and what was said back.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use companion_core::Ports;
use companion_core::domain::Moment;
use companion_core::ports::testing::{ManualClock, NoNetwork, SeededRng};
use companion_phone::{Terminal, run};

/// 23 November 2026, 15:18 on the wall.
pub(crate) const AFTERNOON: Moment = Moment {
    unix_ms: 1_795_465_113_123,
    offset_minutes: -300,
};

/// The line that ends every refusal of a command to which somebody may have come in need.
pub(crate) const POINTER: &str = "Nobody watches this around the clock. Help right now: 988 or 911 (US), or \
                                  `phone crisis`.\n";

/// A phone and its clock.
pub(crate) struct Phone {
    folder: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ports: Ports,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: ExitCode,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Said {
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, ExitCode::SUCCESS, "{}", self.errors);
        assert_eq!(self.errors, "");
        self.output
    }

    pub(crate) fn refused(self, code: u8) -> String {
        assert_eq!(
            self.code,
            ExitCode::from(code),
            "{}{}",
            self.output,
            self.errors
        );
        assert_eq!(self.output, "");
        self.errors
    }
}

/// The word that a sheet of recovery words asks for.
pub(crate) fn asked_for(sheet: &str) -> String {
    let (_, after) = sheet.split_once("give back word ").unwrap();
    let place = after.split(|c: char| !c.is_ascii_digit()).next().unwrap();
    let mut lines = sheet.lines().map(str::split_whitespace);
    let mut line = lines
        .find(|line| line.clone().next() == Some(place))
        .unwrap();
    line.nth(1).unwrap().to_owned()
}

impl Phone {
    /// A phone without any network, on an afternoon in November.
    pub(crate) fn alone() -> Self {
        let clock = Arc::new(ManualClock::new(AFTERNOON));
        let ports = Ports {
            clock: clock.clone(),
            rng: Arc::new(SeededRng::new(1)),
            network: Arc::new(NoNetwork),
        };
        Self::with(clock, ports)
    }

    /// A new phone in this world.
    pub(crate) fn with(clock: Arc<ManualClock>, ports: Ports) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock,
            ports,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn type_in(&self, words: &[&str], input: &str) -> Said {
        self.terminal(words, input, false)
    }

    fn terminal(&self, words: &[&str], input: &str, asks: bool) -> Said {
        let data = self.path().join("phone");
        let mut args = vec!["phone", "--data", data.to_str().unwrap()];
        args.extend(words);
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut terminal = Terminal {
            input: &mut input.as_bytes(),
            output: &mut output,
            errors: &mut errors,
            asks,
        };
        let code = run(args, &mut terminal, &|| Ok(self.ports.clone()));
        Said {
            code,
            output: String::from_utf8(output).unwrap(),
            errors: String::from_utf8(errors).unwrap(),
        }
    }

    /// The same by somebody at the keyboard, who can be asked again.
    pub(crate) fn answer(&self, words: &[&str], input: &str) -> Said {
        self.terminal(words, input, true)
    }

    pub(crate) fn run(&self, words: &[&str]) -> Said {
        self.type_in(words, "")
    }

    /// Comes by a link, and waits for no words.
    pub(crate) fn pair(&self, link: &str) -> String {
        self.run(&["pair", link, "--wait", "0"]).done()
    }

    /// The short id of the phone that waits to be let in, as it is listed.
    pub(crate) fn newcomer(&self) -> String {
        let devices = self.run(&["devices"]).done();
        let mut lines = devices.lines();
        let line = lines.find(|line| line.contains("devices let-in "));
        line.unwrap().split_whitespace().last().unwrap().to_owned()
    }

    /// Lets in the phone that waits.
    pub(crate) fn let_in(&self) {
        let newcomer = self.newcomer();
        self.run(&["devices", "let-in", &newcomer]).done();
    }

    /// Writes, and gives the short id that was said.
    pub(crate) fn write(&self, words: &[&str]) -> String {
        let said = self.run(&[&["write"], words].concat()).done();
        said.split_whitespace().next().unwrap().to_owned()
    }
}
