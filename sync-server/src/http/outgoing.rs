//! Pages on their way out. A client that asks for pages and does not read them holds memory of the
//! server; so what is not sent yet counts against its share, as a body that arrives does.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use crate::limits::Share;

/// Handed over at a time: the connection takes the next piece once this one is nearly written. Each costs
/// a call of the system and perhaps a turn of the connection.
const PIECE: usize = 256 * 1024;

/// A page and the share that it takes up until the last piece of it was written.
struct Page {
    bytes: Vec<u8>,
    _share: Share,
}

impl AsRef<[u8]> for Page {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Bytes that go out piece by piece.
struct Outgoing(Bytes);

/// A body that holds its share until it went out.
pub(super) fn body(bytes: Vec<u8>, share: Share) -> Body {
    let page = Page {
        bytes,
        _share: share,
    };
    Body::new(Outgoing(Bytes::from_owner(page)))
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let next = self.0.len().min(PIECE);
        if next == 0 {
            return Poll::Ready(None);
        }
        let piece = self.0.split_to(next);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }
}
