//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::Token;

/// How browsers reach the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Over TLS, from the console's own certificate or a proxy's.
    Tls,
    /// Over plain http on this machine only, as `http://localhost:PORT`: the demo and development.
    /// Browsers count that name as secure, so the cookie is the same.
    LoopbackHttp,
}

/// `__Host-`: only over TLS (or localhost), only this host, only the whole site.
const NAME: &str = "__Host-console";

/// Cookie that carries a session; it ends with the browser.
pub(super) fn set(token: &Token) -> Option<HeaderValue> {
    let text = format!(
        "{NAME}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
        token.as_str()
    );
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Cookie that takes the session away.
pub(super) fn clear() -> HeaderValue {
    HeaderValue::from_static(
        "__Host-console=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0",
    )
}

/// The token that a browser sent.
pub(super) fn token(headers: &HeaderMap) -> Option<Token> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == NAME)
        .and_then(|(_, value)| Token::from_cookie(value))
}
