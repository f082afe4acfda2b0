//! The way to a server: one blocking request, one answer. Retrying, signing and meaning are above.

use super::Cancel;

/// An HTTP method that the server's API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads; never changes anything.
    Get,
    /// Sends something to be kept.
    Post,
    /// Lets something go.
    Delete,
}

impl Method {
    /// The name as it stands in the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        }
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One request to the server that a [`Transport`] was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// GET, POST or DELETE.
    pub method: Method,
    /// Absolute path, as in `/v1/info`.
    pub path: String,
    /// The raw query without the question mark; empty when there is none.
    pub query: String,
    /// Header names (lower case) and values, in the order to send.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without query, headers or body.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The path and, when there is one, `?` and the query: what stands in the request line.
    pub fn path_and_query(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

/// What the server (or something that pretends to be it) answered. Any status is an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status code.
    pub status: u16,
    /// Header names and values as received.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(present, _)| present.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Why no whole answer came back. Whether the server acted on the request is unknown, except after
/// [`TransportError::Unreachable`] and [`TransportError::Untrusted`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection: offline, wrong address, server stopped.
    #[error("the server cannot be reached")]
    Unreachable,
    /// No answer within the time the transport allows.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection broke before the answer was whole.
    #[error("the connection broke before the answer was complete")]
    Interrupted,
    /// The certificate is not one that this device trusts.
    #[error("the server's certificate is not trusted")]
    Untrusted,
    /// The answer is longer than any honest one.
    #[error("the server's answer is too large")]
    AnswerTooLarge,
    /// The caller gave up before the answer was here.
    #[error("the request was canceled")]
    Canceled,
    /// The request itself cannot be sent (a malformed address or header).
    #[error("the request could not be made: {reason}")]
    BadRequest {
        /// What is wrong with it; never holds content.
        reason: String,
    },
}

/// Sends one request and waits for its answer. Bound to one server.
pub trait Transport: Send + Sync {
    /// Blocks until the whole answer is here, it is clear that none will come, or `cancel` says that
    /// nobody waits for it any more.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when no whole answer came back; an HTTP error status is not an error here.
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, TransportError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_joined_only_when_there_is_one() {
        let mut request = Request::new(Method::Get, "/v1/info");
        assert_eq!(request.path_and_query(), "/v1/info");
        request.query = "after=3".to_owned();
        assert_eq!(request.path_and_query(), "/v1/info?after=3");
    }

    #[test]
    fn headers_are_found_whatever_their_case() {
        let response = Response {
            status: 200,
            headers: vec![("Kap-Incarnation".to_owned(), "ab".to_owned())],
            body: Vec::new(),
        };
        assert_eq!(response.header("kap-incarnation"), Some("ab"));
        assert_eq!(response.header("date"), None);
    }
}
