//! TLS from certificate files.

use std::io::{Read, Write};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use sync_server::config::TlsFiles;

use crate::support::Relay;
use crate::support::client::{connect, parse};

#[test]
fn a_server_with_certificate_files_speaks_tls() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["relay.example".into()]).unwrap();
    let files = TlsFiles {
        certificates: folder.path().join("cert.pem"),
        key: folder.path().join("key.pem"),
    };
    std::fs::write(&files.certificates, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let relay = Relay::start_with(|config| config.tls = Some(files));

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("relay.example").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, connect(relay.address()));
    let ask = "GET /v1/info HTTP/1.1\r\nhost: relay.example\r\nconnection: close\r\n\r\n";
    stream.write_all(ask.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert_eq!(parse(&answer).status, 200);
}

#[test]
fn a_server_without_usable_certificate_files_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = sync_server::Config::new(folder.path());
    let nothing = folder.path().join("nothing.pem");
    config.tls = Some(TlsFiles {
        certificates: nothing.clone(),
        key: nothing,
    });
    let started = sync_server::Server::start(config, Arc::new(sync_server::SystemClock));
    assert!(matches!(started, Err(sync_server::StartError::Tls(_))));
}
