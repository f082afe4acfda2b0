//! Measures for the operator's monitoring, in Prometheus's text form, on a port of their own.

use std::net::TcpListener;
use std::sync::OnceLock;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Request durations in seconds.
const BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Requests that share a commit.
const GROUPS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// The process has one recorder, whichever server in it starts first.
fn recorder() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            use metrics_exporter_prometheus::Matcher::Full;
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(Full("kap_request_seconds".into()), BUCKETS)
                .and_then(|builder| {
                    builder.set_buckets_for_metric(Full("kap_commit_group_size".into()), GROUPS)
                })
                .ok()?;
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok()?;
            Some(handle)
        })
        .as_ref()
}

/// Serves `GET /metrics` until the runtime ends.
pub(crate) async fn serve(listener: TcpListener) {
    let handle = recorder();
    let page = move || async move {
        let text = handle.map(|handle| {
            handle.run_upkeep();
            handle.render()
        });
        (
            [(CONTENT_TYPE, "text/plain; version=0.0.4")],
            text.unwrap_or_default(),
        )
    };
    let router = Router::new().route("/metrics", get(page));
    let served = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => axum::serve(listener, router).await,
        Err(why) => Err(why),
    };
    if let Err(why) = served {
        tracing::error!(reason = %why, "metrics are not served any more");
    }
}
