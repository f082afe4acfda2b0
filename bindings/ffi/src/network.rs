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

/// The platform's judgment of servers, where only the shell can ask for it: on Android. Called on a thread of this
/// library for each new connection; what it throws counts as no.
#[uniffi::export(foreign)]
pub trait CertificateTrust: Send + Sync {
    /// Whether the platform trusts this chain for that server: certificates in DER, the server's own first. That the
    /// first one names the server was checked before.
    ///
    /// # Errors
    ///
    /// What kept the platform from judging.
    fn trusts(
        &self,
        certificates: Vec<Vec<u8>>,
        server: String,
    ) -> std::result::Result<bool, TrustError>;
}

/// Why the platform gave no judgment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TrustError {
    /// It failed.
    #[error("the platform gave no judgment")]
    Unavailable,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TrustError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        TrustError::Unavailable
    }
}

/// The shell's judgment, as the core asks for it.
struct Asked(Arc<dyn CertificateTrust>);

impl companion_core::CertificateTrust for Asked {
    fn trusts(&self, certificates: &[&[u8]], server: &str) -> bool {
        let certificates = certificates.iter().map(|its| its.to_vec()).collect();
        self.0
            .trusts(certificates, server.to_owned())
            .unwrap_or(false)
    }
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

/// The device's clock and randomness, and HTTPS: whose certificates are trusted, the shell says or, where it does not,
/// the platform itself.
pub(crate) fn ports(
    root: Option<&TrustedRoot>,
    trust: Option<Arc<dyn CertificateTrust>>,
) -> Result<(Ports, Arc<HttpNetwork>)> {
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let root = root.map(|root| &*root.pem);
    let network = match trust {
        None => HttpNetwork::with_root(Arc::clone(&rng), root),
        Some(trust) => HttpNetwork::with_trust(Arc::clone(&rng), Arc::new(Asked(trust)), root),
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
