//! Real HTTP to the server of this run. A record remembers the address under which it was made;
//! whatever that was, requests go to where the server listens now.

use std::sync::Arc;

use companion_core::ports::{
    HintRequest, Lane, Network, OnHint, OsRng, SystemClock, Transport, TransportError, WatchHandle,
};
use companion_core::{HttpNetwork, Ports};

struct Redirected {
    network: HttpNetwork,
    server: String,
}

impl Network for Redirected {
    fn transport(
        &self,
        _made_under: &str,
        lane: &Lane,
    ) -> Result<Arc<dyn Transport>, TransportError> {
        self.network.transport(&self.server, lane)
    }

    fn authority(&self, _made_under: &str) -> Result<String, TransportError> {
        self.network.authority(&self.server)
    }

    fn listen(
        &self,
        _made_under: &str,
        lane: &Lane,
        request: HintRequest,
        on_hint: OnHint,
    ) -> Result<WatchHandle, TransportError> {
        self.network.listen(&self.server, lane, request, on_hint)
    }
}

/// The ports of a real installation whose server listens at `address`.
pub(crate) fn ports(address: &str) -> Ports {
    Ports {
        clock: Arc::new(SystemClock),
        rng: Arc::new(OsRng),
        network: Arc::new(Redirected {
            network: HttpNetwork::new(Arc::new(OsRng)).unwrap(),
            server: format!("http://{address}"),
        }),
    }
}
