//! The way to the server, and which library this is.

use std::sync::Arc;

use companion_core::HttpNetwork;
use companion_core::ports::{OsRng, Ports, Rng, SystemClock};

use crate::error::Result;

/// A certificate authority of the clinic's own, beside those that the device trusts.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct TrustedRoot {
    /// As a PEM file has it.
    pub pem: Vec<u8>,
}

/// The version of this library, as `diagnostics` names it. Touches no disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn version() -> Result<String> {
    Ok(env!("CARGO_PKG_VERSION").to_owned())
}

/// The device's clock and randomness, and HTTPS.
pub(crate) fn ports(root: Option<&TrustedRoot>) -> Result<Ports> {
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let network = match root {
        None => HttpNetwork::new(Arc::clone(&rng)),
        Some(root) => HttpNetwork::with_root(Arc::clone(&rng), Some(&root.pem)),
    };
    let network = network.map_err(companion_core::CoreError::from)?;
    Ok(Ports {
        clock: Arc::new(SystemClock),
        rng,
        network: Arc::new(network),
    })
}
