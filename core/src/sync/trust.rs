//! Whose certificates are trusted where only the shell can ask the platform: on Android the platform answers Java alone.
//!
//! The chain is the platform's to judge, for it knows which authorities were distrusted since and what the person or
//! the clinic's administrator added. Whether the certificate names the server, and whether the server holds its key, is
//! checked here.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// The platform's judgment of a server's certificates.
pub trait CertificateTrust: Send + Sync {
    /// Whether the platform trusts this chain for a server: certificates in DER, the server's own first. May take its
    /// time, and is asked for each connection anew.
    fn trusts(&self, certificates: &[&[u8]], server: &str) -> bool;
}

/// Checks certificates by the platform's judgment.
pub(super) struct Judged {
    trust: Arc<dyn CertificateTrust>,
    /// By a certificate authority of the clinic's own, of which the platform does not know.
    own: Option<Arc<WebPkiServerVerifier>>,
    provider: CryptoProvider,
}

impl Judged {
    /// `root_pem`: what is trusted beside whom the platform trusts. The error says what is wrong with it.
    pub(super) fn new(
        trust: Arc<dyn CertificateTrust>,
        root_pem: Option<&[u8]>,
    ) -> Result<Self, String> {
        let provider = ring::default_provider();
        let own = root_pem.map(|pem| {
            let root = CertificateDer::from_pem_slice(pem).map_err(|error| error.to_string())?;
            let mut roots = RootCertStore::empty();
            roots.add(root).map_err(|error| error.to_string())?;
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(provider.clone()))
                .build()
                .map_err(|error| error.to_string())
        });
        Ok(Self {
            trust,
            own: own.transpose()?,
            provider,
        })
    }
}

impl fmt::Debug for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Judged")
    }
}

impl ServerCertVerifier for Judged {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(own) = &self.own {
            let known =
                own.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
            if known.is_ok() {
                return known;
            }
        }
        // Before anything of it goes to the shell: it parses, and it is this server's.
        rustls::client::verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        let chain: Vec<&[u8]> = std::iter::once(end_entity)
            .chain(intermediates)
            .map(|certificate| &**certificate)
            .collect();
        match self.trust.trusts(&chain, &server_name.to_str()) {
            true => Ok(ServerCertVerified::assertion()),
            false => Err(CertificateError::UnknownIssuer.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
