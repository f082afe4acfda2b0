//! What a form sends, read within limits: of length, of time, and of what all of them together may hold
//! while they arrive.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header;
use futures_util::StreamExt as _;

use super::FORM_LIMIT;
use super::app::App;
use crate::door::{Caller, Peer, Share};

/// What any form counts for, however little has arrived: the request around it takes memory too.
const LEAST: usize = 16 * 1024;

/// Why a form was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// No form, or longer than any, or broken off.
    NoForm,
    /// Others are arriving, and there is no room for it.
    NoRoom,
    /// It took too long.
    TooSlow,
}

/// A request with its whole body, and the room that it takes up.
pub(super) struct Whole {
    pub(super) request: Request,
    pub(super) room: Share<Peer>,
}

/// Reads a form. What is no form, or has no room, is refused before a byte of it is read.
pub(super) async fn read(app: &App, request: Request) -> Result<Whole, Unread> {
    let (head, body) = request.into_parts();
    let is_form = head.headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let announced = head
        .headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if !is_form || announced.is_some_and(|length| length > FORM_LIMIT) {
        return Err(Unread::NoForm);
    }
    let caller = Caller::of(&head.extensions);
    let mut room = app
        .door
        .forms
        .take(caller, LEAST)
        .map_err(|_| Unread::NoRoom)?;
    let reading = collect(body, &mut room);
    let bytes = tokio::time::timeout(app.door.body_timeout, reading)
        .await
        .map_err(|_| Unread::TooSlow)??;
    Ok(Whole {
        request: Request::from_parts(head, Body::from(bytes)),
        room,
    })
}

async fn collect(body: Body, room: &mut Share<Peer>) -> Result<Bytes, Unread> {
    let (mut pieces, mut all) = (body.into_data_stream(), Vec::new());
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Unread::NoForm)?;
        let length = all.len().saturating_add(piece.len());
        if length > FORM_LIMIT {
            return Err(Unread::NoForm);
        }
        room.cover(length).map_err(|_| Unread::NoRoom)?;
        all.extend_from_slice(&piece);
    }
    Ok(all.into())
}
