//! The addresses of the console with what answers each.

use std::sync::Arc;

use axum::Router;
use axum::routing::MethodRouter;

use super::app::App;

/// Routes as they are put together. In tests it is known which there are, so that one can ask each of them.
#[derive(Default)]
pub(super) struct Routes {
    router: Router<Arc<App>>,
    #[cfg(test)]
    pub(super) addresses: Vec<String>,
}

impl Routes {
    /// One more.
    pub(super) fn route(mut self, address: &str, answer: MethodRouter<Arc<App>>) -> Self {
        #[cfg(test)]
        self.addresses.push(address.to_owned());
        self.router = self.router.route(address, answer);
        self
    }

    /// And all of those.
    pub(super) fn merge(mut self, others: Self) -> Self {
        #[cfg(test)]
        self.addresses.extend(others.addresses);
        self.router = self.router.merge(others.router);
        self
    }

    /// The router of them.
    pub(super) fn router(self) -> Router<Arc<App>> {
        self.router
    }
}
