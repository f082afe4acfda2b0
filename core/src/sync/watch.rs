//! Listening for hints on behalf of a replica.

use std::sync::Arc;

use companion_protocol::api::path;

use super::connection::{Signer, sign_request};
use crate::error::Result;
use crate::ports::{Method, OnHint, Request, WatchHandle};
use crate::replica::Replica;

/// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
/// Nothing is asked of the network while the app is paused.
pub(crate) fn watch(replica: &Arc<Replica>, server: &str, on_hint: OnHint) -> Result<WatchHandle> {
    let network = Arc::clone(&replica.ports.network);
    let authority = network.authority(server)?;
    let signing = Arc::downgrade(replica);
    let request = Arc::new(move || {
        let replica = signing.upgrade()?;
        if replica.gate.is_paused() {
            return None;
        }
        let mut request = Request::new(Method::Get, path::EVENTS);
        sign_request(&replica, Signer::Me, &authority, &mut request);
        Some(request)
    });
    let heard = Arc::downgrade(replica);
    let on_hint: OnHint = Box::new(move |hint| {
        if heard
            .upgrade()
            .is_some_and(|replica| !replica.gate.is_paused())
        {
            on_hint(hint);
        }
    });
    Ok(network.listen(server, request, on_hint)?)
}
