//! How the demo is asked to end: by Ctrl-C or a polite kill, at any time.

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C or a polite kill.
pub(crate) async fn asked_to_end() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut told) => told.recv().await,
            // Without it there is still Ctrl-C.
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
    }
}

/// Ends the process when somebody wants that while the story is still being told.
pub(crate) async fn end_early(root: PathBuf, keep: bool) {
    asked_to_end().await;
    if !keep {
        // What can't be removed now is in the system's folder for such things.
        let _ = std::fs::remove_dir_all(root);
    }
    // 128 and the number of SIGINT, as shells count.
    std::process::exit(130);
}
