//! One JSON line for each event, on standard error. What may stand in a line is decided where it is
//! written; see the request line in `http::observe`.

use tracing_subscriber::EnvFilter;

/// Starts logging. `KAP_LOG` overrides the level, in the syntax of `RUST_LOG`.
pub(super) fn start() {
    let filter = EnvFilter::try_from_env("KAP_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,sync_server=info"));
    // A second start in one process keeps the first.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
