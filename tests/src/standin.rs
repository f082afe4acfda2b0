//! Stands in until the server's library offers its router.
pub(crate) struct Service(sync_server::Running);
impl Service {
    pub(crate) fn open(
        _: sync_server::Config,
        _: std::sync::Arc<dyn sync_server::Clock>,
    ) -> Result<Self, sync_server::StartError> {
        panic!("not yet")
    }
    pub(crate) fn router(&self) -> axum::Router {
        panic!("not yet")
    }
    pub(crate) fn storage(&self) -> &std::sync::Arc<dyn sync_server::storage::Storage> {
        self.0.storage()
    }
}
