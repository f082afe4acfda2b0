//! Pages on their way out. A client that asks for pages and does not read them holds memory of the
//! server; so what is not sent yet counts against its share, as a body that arrives does.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use crate::limits::Share;

/// Handed over at a time: the connection takes the next piece once this one is nearly written.
const PIECE: usize = 64 * 1024;

/// Bytes, and the share that they take up until the last of them was handed over.
struct Outgoing {
    bytes: Bytes,
    _share: Share,
}

/// A body that holds its share until it went out.
pub(super) fn body(bytes: Vec<u8>, share: Share) -> Body {
    Body::new(Outgoing {
        bytes: bytes.into(),
        _share: share,
    })
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let next = self.bytes.len().min(PIECE);
        if next == 0 {
            return Poll::Ready(None);
        }
        let piece = self.bytes.split_to(next);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX))
    }
}
