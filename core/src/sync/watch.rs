//! Listening for hints on behalf of a replica: one stream for each of its identities.

use std::collections::BTreeSet;
use std::sync::Arc;

use companion_protocol::api::path;

use super::connection::{Signer, sign_request};
use crate::error::Result;
use crate::ports::{Lane, Method, OnHint, Request, WatchHandle};
use crate::replica::Replica;
use crate::space::identity::Handle;

/// Calls `on_hint` whenever the server says that something is new, until the handle is dropped.
/// Nothing is asked of the network while the app is paused.
pub(crate) fn watch(replica: &Arc<Replica>, server: &str, on_hint: OnHint) -> Result<WatchHandle> {
    let on_hint = Arc::new(on_hint);
    let handles: BTreeSet<Handle> = replica.rows().iter().map(|row| row.handle).collect();
    let mut streams = Vec::new();
    for handle in handles {
        streams.push(listen(replica, server, handle, Arc::clone(&on_hint))?);
    }
    Ok(WatchHandle::new(streams))
}

fn listen(
    replica: &Arc<Replica>,
    server: &str,
    handle: Handle,
    on_hint: Arc<OnHint>,
) -> Result<WatchHandle> {
    let network = Arc::clone(&replica.ports.network);
    let authority = network.authority(server)?;
    let signing = Arc::downgrade(replica);
    let request = Arc::new(move || {
        let replica = signing.upgrade()?;
        if replica.gate.is_paused() {
            return None;
        }
        let mut request = Request::new(Method::Get, path::EVENTS);
        let me = replica.identity(&handle);
        let signer = Signer::member(&me, &handle);
        sign_request(&replica, signer, &authority, &mut request);
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
    let lane = Lane::new(*handle.as_bytes());
    Ok(network.listen(server, &lane, request, on_hint)?)
}
