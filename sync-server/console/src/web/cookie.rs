//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::accounts::Token;

/// How browsers reach the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Over TLS, from the console's own certificate or a proxy's.
    Tls,
    /// Over plain http on this machine only: the demo and development.
    LoopbackHttp,
}

impl Channel {
    /// `__Host-`: kept only over TLS, sent only to this host. Chromium and Firefox take it from
    /// `http://localhost` too, Safari does not (WebKit bug 281149), so that the demo's cookie has a
    /// plain name.
    const fn name(self) -> &'static str {
        match self {
            Self::Tls => "__Host-console",
            Self::LoopbackHttp => "console-on-this-machine",
        }
    }

    const fn rules(self) -> &'static str {
        match self {
            Self::Tls => "Path=/; Secure; HttpOnly; SameSite=Strict",
            Self::LoopbackHttp => "Path=/; HttpOnly; SameSite=Strict",
        }
    }

    /// Cookie that carries a session; it ends with the browser.
    pub(super) fn set(self, token: &Token) -> Option<HeaderValue> {
        let text = format!("{}={}; {}", self.name(), token.as_str(), self.rules());
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Cookie that takes the session away.
    pub(super) fn clear(self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}=; {}; Max-Age=0", self.name(), self.rules())).ok()
    }

    /// The token that a browser sent.
    pub(super) fn token(self, headers: &HeaderMap) -> Option<Token> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name())
            .and_then(|(_, value)| Token::from_cookie(value))
    }
}
