//! The phone in the terminal: see `phone --help`.

use std::io::{self, BufReader, IsTerminal as _};
use std::process::ExitCode;
use std::sync::Arc;

use companion_core::ports::NetworkKind;
use companion_core::ports::{OsRng, Rng, SystemClock};
use companion_core::{HttpNetwork, Ports};
use companion_phone::{Terminal, run};

fn main() -> ExitCode {
    let mut terminal = Terminal {
        input: &mut BufReader::new(io::stdin()),
        output: &mut io::stdout(),
        errors: &mut io::stderr(),
        asks: io::stdin().is_terminal(),
    };
    run(std::env::args_os(), &mut terminal, &|| {
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        let network = Arc::new(HttpNetwork::new(Arc::clone(&rng))?);
        // A terminal can't tell what its network costs: whoever runs it says so.
        if std::env::var_os("COMPANION_METERED").is_some() {
            network.set_kind(NetworkKind::Metered);
        }
        Ok(Ports {
            clock: Arc::new(SystemClock),
            rng,
            network,
        })
    })
}
