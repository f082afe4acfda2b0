//! TLS from certificate files, for an installation without a proxy in front.

use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;

/// Why certificate files can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read as PEM.
    #[error("{0}: {1}")]
    File(String, #[source] rustls::pki_types::pem::Error),
    /// The key does not fit the certificate, or either is of a kind not supported.
    #[error("{0}")]
    Refused(#[from] rustls::Error),
}

pub(crate) fn load(files: &TlsFiles) -> Result<RustlsConfig, TlsError> {
    let unreadable = |path: &std::path::Path| {
        let name = path.display().to_string();
        move |why| TlsError::File(name, why)
    };
    let certificates = CertificateDer::pem_file_iter(&files.certificates)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(unreadable(&files.certificates))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(unreadable(&files.key))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
