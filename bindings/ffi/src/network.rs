//! The way to the server, and which library this is.

use std::sync::Arc;

use companion_core::HttpNetwork;
#[cfg(not(feature = "contract"))]
use companion_core::ports::SystemClock as DeviceClock;
use companion_core::ports::{NetworkKind, OsRng, Ports, Rng};

#[cfg(feature = "contract")]
use crate::contract::TurnedClock as DeviceClock;
use crate::cross::{Back as _, choice};
use crate::error::Result;
use crate::record::PhoneRecord;

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
pub(crate) fn ports(root: Option<&TrustedRoot>) -> Result<(Ports, Arc<HttpNetwork>)> {
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let network = match root {
        None => HttpNetwork::new(Arc::clone(&rng)),
        Some(root) => HttpNetwork::with_root(Arc::clone(&rng), Some(&root.pem)),
    };
    let network = Arc::new(network.map_err(companion_core::CoreError::from)?);
    let ports = Ports {
        clock: Arc::new(DeviceClock),
        rng,
        network: network.clone(),
    };
    Ok((ports, network))
}

choice! {
    /// Whether the network that the phone is on counts what goes over it.
    NetworkCost of NetworkKind {
        /// It does not: a home, a clinic.
        Unmetered,
        /// It does, as a phone's own mostly does.
        Metered,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Says what network the phone is on now, whenever that changes: where the person chose so, large recordings and
    /// pictures wait for one that is not metered. Touches no disk.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn network_is(&self, cost: NetworkCost) -> Result<()> {
        self.network.set_kind(cost.back()?);
        Ok(())
    }

    /// Whether large recordings and pictures go over a metered network as well. They do, unless the person chose
    /// otherwise.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn attachments_on_metered(&self) -> Result<bool> {
        let asked = self
            .inner
            .ask(|patient| Ok(patient.attachments_on_metered()?));
        asked.await
    }

    /// Chooses whether large recordings and pictures go over a metered network as well. What is written always does.
    ///
    /// # Errors
    ///
    /// `DiskFull`, `NotWritable`.
    pub async fn send_attachments_on_metered(&self, are_sent: bool) -> Result<()> {
        let chosen = self
            .inner
            .ask_and_tell(move |patient| Ok(patient.send_attachments_on_metered(are_sent)?));
        chosen.await
    }
}
