//! The bytes of a recording or a picture, opened as they are read and sent on piece by piece: no more than a piece of it
//! is in memory, and a player can begin anywhere.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use companion_core::domain::MediaType;
use companion_core::records::AttachmentReader;
use futures_util::stream;

use super::app::App;
use super::headers;
use super::problem::Problem;
use super::sent::document;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;

/// How much is opened and sent at once, in bytes.
const PIECE: usize = 256 * 1024;

pub(super) async fn open(
    State(app): State<Arc<App>>,
    Extension(who): Extension<SignedIn>,
    Path((patient, entry, item)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    app.run(who, move |app, who| {
        let (patient, entry) = (document(&patient)?, document(&entry)?);
        let item = item.parse().map_err(|_| Problem::NoPage)?;
        let reader = app.clinic.open_attachment(patient, entry, item)?;
        let asked = headers.get(header::RANGE).and_then(|it| it.to_str().ok());
        let Some(part) = Part::asked(asked, reader.length()) else {
            return Ok(beyond(reader.length()));
        };
        // A player asks for many parts of one recording: what is written down is that somebody began it.
        if part.from == 0 {
            let about = patient.to_string();
            app.accounts
                .record(&who.name, Action::OpenedAttachment, Some(&about))?;
        }
        answer(reader, part)
    })
    .await
}

/// A part that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    from: u64,
    /// The place behind its last byte.
    until: u64,
    /// Whether no part was asked for.
    is_whole: bool,
}

impl Part {
    /// What a `Range` (RFC 9110, section 14) asks for; `None` where it begins behind the end. What is no single
    /// range of bytes asks for all.
    fn asked(range: Option<&str>, length: u64) -> Option<Self> {
        let whole = Self {
            from: 0,
            until: length,
            is_whole: true,
        };
        let range = range.and_then(|it| it.strip_prefix("bytes="));
        let Some((from, last)) = range.and_then(|it| it.trim().split_once('-')) else {
            return Some(whole);
        };
        let part = |from: u64, until: u64| Self {
            from,
            until: until.min(length),
            is_whole: false,
        };
        match (from.parse::<u64>(), last.parse::<u64>()) {
            (Ok(from), _) if from >= length => None,
            (Ok(from), Ok(last)) if last < from => Some(whole),
            (Ok(from), Ok(last)) => Some(part(from, last.saturating_add(1))),
            (Ok(from), Err(_)) if last.is_empty() => Some(part(from, length)),
            // The last so many bytes.
            (Err(_), Ok(0)) if from.is_empty() => None,
            (Err(_), Ok(many)) if from.is_empty() => {
                Some(part(length.saturating_sub(many), length))
            }
            _ => Some(whole),
        }
    }
}

fn beyond(length: u64) -> Response {
    let header = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
    (StatusCode::RANGE_NOT_SATISFIABLE, header).into_response()
}

fn answer(mut reader: AttachmentReader, part: Part) -> Result<Response, Problem> {
    let (length, it) = (reader.length(), reader.content());
    // Only types that browsers play and draw are named: what else a phone calls it is never acted upon.
    let (kind, how) = match &it.media {
        MediaType::Other(_) => ("application/octet-stream".to_owned(), "attachment"),
        known => (known.as_str().to_owned(), "inline"),
    };
    let is_picture = it.media.is_picture();
    let how = format!("{how}; filename=\"{}.{}\"", it.label(), it.media.ending());
    reader.seek(SeekFrom::Start(part.from)).map_err(|error| {
        tracing::error!(%error, "an attachment could not be read");
        Problem::Fault
    })?;
    let pieces = stream::unfold(Some((reader, part.until - part.from)), |left| async move {
        let (reader, left) = left.filter(|(_, left)| *left > 0)?;
        let read = tokio::task::spawn_blocking(move || piece(reader, left)).await;
        match read {
            Ok(Ok((bytes, left))) => Some((Ok(bytes), Some(left))),
            // The answer breaks off: whoever reads it knows that it is not whole.
            Ok(Err(error)) => {
                tracing::error!(%error, "an attachment could not be read to its end");
                Some((Err(error), None))
            }
            Err(error) => Some((Err(std::io::Error::other(error)), None)),
        }
    });
    let status = match part.is_whole {
        true => StatusCode::OK,
        false => StatusCode::PARTIAL_CONTENT,
    };
    let mut response = (status, Body::from_stream(pieces)).into_response();
    let all = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            all.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, &kind);
    put(header::CONTENT_DISPOSITION, &how);
    put(header::ACCEPT_RANGES, "bytes");
    if is_picture {
        put(header::CONTENT_SECURITY_POLICY, headers::OF_A_PICTURE);
    }
    put(
        header::CONTENT_LENGTH,
        &(part.until - part.from).to_string(),
    );
    if !part.is_whole {
        let last = part.until.saturating_sub(1);
        put(
            header::CONTENT_RANGE,
            &format!("bytes {}-{last}/{length}", part.from),
        );
    }
    Ok(response)
}

type Left = (AttachmentReader, u64);

fn piece(mut reader: AttachmentReader, left: u64) -> std::io::Result<(Bytes, Left)> {
    let size = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
    let mut bytes = vec![0; size];
    reader.read_exact(&mut bytes)?;
    Ok((Bytes::from(bytes), (reader, left - size as u64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_what_a_player_asks_for_and_nothing_behind_the_end() {
        let all = Some((0, 100, true));
        for (range, part) in [
            (None, all),
            (Some("bytes=0-"), Some((0, 100, false))),
            (Some("bytes=10-19"), Some((10, 20, false))),
            (Some("bytes=90-500"), Some((90, 100, false))),
            (Some("bytes=-10"), Some((90, 100, false))),
            (Some("bytes=-500"), Some((0, 100, false))),
            (Some("bytes=100-"), None),
            (Some("bytes=-0"), None),
            (Some("bytes=20-10"), all),
            (Some("bytes=0-1,5-9"), all),
            (Some("bytes=x-9"), all),
            (Some("pages=1-2"), all),
            (Some("bytes=99999999999999999999-"), all),
        ] {
            let asked = Part::asked(range, 100);
            let asked = asked.map(|part| (part.from, part.until, part.is_whole));
            assert_eq!(asked, part, "{range:?}");
        }
    }
}
