//! Files that pages need, inside the binary, at addresses that change with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// One file.
pub struct Asset {
    /// Its address.
    pub path: String,
    kind: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, kind: &'static str, content: &'static str) -> Self {
        Self {
            path: format!("/assets/{stem}-{:016x}.{extension}", fingerprint(content)),
            kind,
            content,
        }
    }
}

/// FNV-1a. It only has to differ when the content does; nobody attacks their own stylesheet.
fn fingerprint(content: &str) -> u64 {
    content.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The stylesheet.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "console",
        "css",
        "text/css; charset=utf-8",
        include_str!("../../assets/console.css"),
    )
});
/// htmx 4.0.1 as published, license beside it.
pub static HTMX: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "htmx-4.0.1",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/htmx-4.0.1.min.js"),
    )
});
/// What makes pages live.
pub static LIVE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "live",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("../../assets/live.js"),
    )
});
/// The mark in the corner.
pub static MARK: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "mark",
        "svg",
        "image/svg+xml",
        include_str!("../../assets/mark.svg"),
    )
});

/// The mark again, where a browser asks for it unasked: of a picture that is opened by itself no page of ours names it.
pub(super) async fn mark() -> Response {
    let kept = (header::CACHE_CONTROL, "public, max-age=86400");
    ([(header::CONTENT_TYPE, MARK.kind), kept], MARK.content).into_response()
}

pub(super) async fn serve(Path(name): Path<String>) -> Response {
    let asked = format!("/assets/{name}");
    let all: [&'static Asset; 4] = [&STYLE, &HTMX, &LIVE, &MARK];
    match all.into_iter().find(|asset| asset.path == asked) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.content,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
