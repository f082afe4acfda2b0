//! Blobs, after the texts: what is here and the server lacks goes there, what documents name and is not here comes,
//! and what nobody needs any more goes, part by part. A line that breaks costs one part, a blob that never comes
//! holds up nothing, and a text that is written meanwhile goes first.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};

use companion_protocol::api::{BlobName, BlobState, ErrorCode, MAX_BLOB, MAX_PART};
use companion_protocol::id::{BlobId, SpaceId};

use super::connection::ServerConnection;
use crate::domain::{Attachment, Side};
use crate::error::{CoreError, Result};
use crate::media::MediaError;
use crate::records::{attachment_of_name, key_of};
use crate::replica::Replica;
use crate::report::{SyncProblem, SyncReport};
use crate::space::blob::BlobReader;
use crate::store::{BlobRow, BlobStanding, NamedBlob, Reader, SpaceStanding};

/// How often the server may say that its bytes end elsewhere, for one blob in one exchange.
const TRIES: usize = 8;

/// How often one exchange goes back to the texts, for what was written or sealed again meanwhile. The rest is for the
/// next one.
pub(crate) const BLOB_ROUNDS: usize = 16;

/// How often a blob that the server lost is given to it again without waiting.
const GIVEN_AGAIN_AT_ONCE: u64 = 3;
/// From then on for an hour, and twice as long each time, as often as this: 42 days.
const LONGEST_WAIT: u64 = 10;

/// What is larger waits for a network that is not metered, where the person chose so: about two minutes of a voice.
pub(crate) const LARGE_BLOB: u64 = 1024 * 1024;

/// How an exchange of blobs ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlobsDone {
    /// All that could be done was.
    All,
    /// Something arrived, which may be sealed again for another copy, or acknowledged.
    Arrived,
    /// A text was written meanwhile, or acknowledging one waits: that goes first.
    TextWaits,
}

/// Exchanges the blobs of every space. A problem with one blob does not stop the others.
pub(crate) fn exchange_blobs(
    server: &ServerConnection<'_>,
    report: &mut SyncReport,
) -> Result<BlobsDone> {
    let replica = server.replica;
    let mut exchange = Exchange {
        server,
        replica,
        text: replica.store.read(|r| r.newest_in_outbox())?,
        arrived: false,
        holds_large: replica.holds_large_blobs()?,
    };
    let mut spaces = replica.rows();
    spaces.retain(|row| row.on_server && (row.is_member() || row.standing == SpaceStanding::Ended));
    let passes = match replica.side {
        // Under another name only what does not come under its own.
        Side::Patient => &[Pass::Own, Pass::OtherNames][..],
        Side::Clinic => &[Pass::Own],
    };
    let turns = passes
        .iter()
        .flat_map(|pass| spaces.iter().map(move |row| (*pass, row)));
    for (pass, row) in turns {
        match exchange.space(row.space, pass, report) {
            Ok(true) => {}
            Ok(false) => return Ok(BlobsDone::TextWaits),
            Err(error @ CoreError::Canceled) => return Err(error),
            // What is left goes on with the next exchange; the texts are exchanged.
            Err(error @ (CoreError::Offline(_) | CoreError::Untrusted)) => {
                report.note(problem(row.space, &error));
                break;
            }
            Err(error) => report.note(problem(row.space, &error)),
        }
    }
    let waiting = |r: &Reader<'_>| r.blob_numbers(BlobStanding::ToSend);
    report.blobs_waiting = replica.store.read(waiting)?.blobs;
    Ok(match exchange.arrived {
        true => BlobsDone::Arrived,
        false => BlobsDone::All,
    })
}

/// Whether a blob that the server lost is given to it again: at once the first few times, and then after a time that
/// doubles, so that no server has a phone send the same for ever.
fn may_give_again((times, last_ms): (u64, i64), now_ms: i64) -> bool {
    let Some(beyond) = times.checked_sub(GIVEN_AGAIN_AT_ONCE) else {
        return true;
    };

    let hours = 1_i64 << beyond.min(LONGEST_WAIT);
    // A clock that was put back keeps nobody waiting.
    now_ms.abs_diff(last_ms) >= hours.unsigned_abs() * 60 * 60 * 1000
}

fn problem(space: SpaceId, error: &CoreError) -> SyncProblem {
    SyncProblem {
        space: Some(space),
        message: format!("recordings and pictures: {error}"),
        passing: error.is_passing(),
    }
}

/// What is read from a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// What documents that are shown name.
    Own,
    /// What other copies of them named.
    OtherNames,
}

struct Exchange<'a, 'b> {
    server: &'a ServerConnection<'b>,
    replica: &'a Replica,
    /// The newest change that waited when the texts had been exchanged.
    text: i64,
    arrived: bool,
    /// Whether large ones wait for another network.
    holds_large: bool,
}

/// What there is to do with the blobs of one space.
struct Work {
    send: Vec<BlobRow>,
    fetch: Vec<NamedBlob>,
    let_go: Vec<BlobId>,
}

impl Exchange<'_, '_> {
    /// Whether it was gone through to its end; otherwise a text waits.
    fn space(&mut self, space: SpaceId, pass: Pass, report: &mut SyncReport) -> Result<bool> {
        self.drop_here()?;
        let mut work = self.work(space, pass)?;
        let row = self.replica.row(space)?;
        let (read_through, is_ended) = (row.cursor, row.standing == SpaceStanding::Ended);
        if is_ended {
            // It is read as long as the server keeps it, and takes nothing.
            work.send.clear();
            work.let_go.clear();
        }
        let to_compare = pass == Pass::Own && !is_ended && self.is_to_compare(space)?;
        let is_idle = work.send.is_empty() && work.fetch.is_empty() && work.let_go.is_empty();
        if is_idle && !to_compare {
            return Ok(true);
        }
        let list = match self.server.blobs(space) {
            // Ended, and forgotten: what did not come by then never does.
            Err(error) if error.code() == Some(ErrorCode::SpaceEnded) => return Ok(true),
            list => list?.blobs,
        };
        let held: BTreeMap<BlobId, BlobState> =
            list.into_iter().map(|state| (state.blob, state)).collect();
        let is_settled = !to_compare || self.compare(space, &held, &mut work, report)?;
        work.send.retain(|row| !self.is_held(row.size));
        // What is taken back goes before anything comes.
        for blob in work.let_go {
            self.let_go(space, blob, held.contains_key(&blob))?;
        }
        for row in work.send {
            let done = self.send(&row, held.get(&row.blob));
            match self.judged(space, done, report)? {
                Some(true) => report.blobs_sent += 1,
                Some(false) => return Ok(false),
                None => {}
            }
        }
        for named in work.fetch {
            // Not there, or not all of it: it may come with a later exchange, or never.
            let whole = named.blob.and_then(|blob| held.get(&blob));
            let is_there = |state: &&BlobState| state.is_whole() && !self.is_held(state.size);
            let Some(whole) = whole.filter(is_there) else {
                continue;
            };
            let done = match self.fetch(&named, whole) {
                // The server found it damaged, and let go of it: whoever has it gives it again.
                Err(error) if error.code() == Some(ErrorCode::BlobMissing) => continue,
                done => done,
            };
            match self.judged(space, done, report)? {
                Some(true) => {
                    report.blobs_received += 1;
                    self.arrived = true;
                }
                Some(false) => return Ok(false),
                None => {}
            }
        }
        if to_compare && is_settled {
            self.replica.write_with_row(space, |_, row| {
                row.blobs_compared = read_through;
                Ok::<_, CoreError>(())
            })?;
        }
        Ok(true)
    }

    /// Whether something was said in a space since the server's list of its blobs was last compared with what is
    /// here, and something is here that could be missing there, or was let go of.
    fn is_to_compare(&self, space: SpaceId) -> Result<bool> {
        let row = self.replica.row(space)?;
        if row.cursor == row.blobs_compared {
            return Ok(false);
        }
        self.replica.store.read(|r| {
            let had = !r.blobs_the_server_had(space)?.is_empty();
            Ok(had || (self.replica.side == Side::Patient && !r.blobs_gone(space)?.is_empty()))
        })
    }

    /// Two devices that part over an attachment, one taking it off and one writing to it, find that it stands: whoever
    /// still holds it gives it again, as it does what the server found damaged. And what somebody gave again who had
    /// not heard that it went, goes again. Says whether nothing is left to be given another time.
    fn compare(
        &self,
        space: SpaceId,
        held: &BTreeMap<BlobId, BlobState>,
        work: &mut Work,
        report: &mut SyncReport,
    ) -> Result<bool> {
        let store = &self.replica.store;
        let is_there = |blob: &BlobId| held.get(blob).is_some_and(BlobState::is_whole);
        let had = store.read(|r| r.blobs_the_server_had(space))?;
        let now_ms = self.replica.now().unix_ms;
        let mut is_settled = true;
        for row in had.into_iter().filter(|row| !is_there(&row.blob)) {
            let before = store.read(|r| r.given_again(row.blob))?;
            if before.is_none_or(|before| may_give_again(before, now_ms)) {
                store.write(|w| w.give_again(&row, now_ms))?;
                continue;
            }
            is_settled = false;
            report.note(SyncProblem {
                space: Some(space),
                message: "recordings and pictures: the server lost the same one several times, and is given it again \
                          later"
                    .to_owned(),
                passing: true,
            });
        }
        store.read(|r| {
            work.send = r.blobs_to_send(space)?;
            if self.replica.side == Side::Patient {
                let gone = r.blobs_gone(space)?.into_iter();
                work.let_go
                    .extend(gone.filter(|blob| held.contains_key(blob)));
            }
            Ok(is_settled)
        })
    }

    /// A problem with one blob is told, and the others go on; being offline ends it.
    fn judged(
        &self,
        space: SpaceId,
        done: Result<bool>,
        report: &mut SyncReport,
    ) -> Result<Option<bool>> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(error @ (CoreError::Offline(_) | CoreError::Canceled | CoreError::Untrusted)) => {
                Err(error)
            }
            Err(error) => {
                report.note(problem(space, &error));
                Ok(None)
            }
        }
    }

    fn work(&self, space: SpaceId, pass: Pass) -> Result<Work> {
        self.replica.store.read(|r| {
            if pass == Pass::OtherNames {
                return Ok(Work {
                    send: Vec::new(),
                    fetch: r.sources_to_fetch(space)?,
                    let_go: Vec::new(),
                });
            }
            Ok(Work {
                send: r.blobs_to_send(space)?,
                fetch: r.blobs_to_fetch(space)?,
                let_go: match self.replica.side {
                    Side::Patient => r.blobs_to_let_go(space)?,
                    Side::Clinic => Vec::new(),
                },
            })
        })
    }

    /// A clinic's node keeps the bytes of nothing that was taken back. The patient's devices let the server's go
    /// first, so that none of it is forgotten halfway.
    fn drop_here(&self) -> Result<()> {
        if self.replica.side == Side::Patient {
            return Ok(());
        }
        for blob in self.replica.store.read(|r| r.blobs_to_drop())? {
            self.replica.store.write(|w| w.remove_blob(blob))?;
            self.replica.store.blob_files().remove(blob)?;
        }
        Ok(())
    }

    fn let_go(&self, space: SpaceId, blob: BlobId, is_held: bool) -> Result<()> {
        if is_held {
            self.server.delete_blob(space, blob)?;
        }
        let gone = BlobRow {
            blob,
            space,
            size: 0,
            received: 0,
            standing: BlobStanding::Gone,
        };
        self.replica.store.write(|w| w.put_blob(&gone))?;
        Ok(self.replica.store.blob_files().remove(blob)?)
    }

    /// Whether one of that size waits for a network that is not metered.
    fn is_held(&self, size: u64) -> bool {
        self.holds_large && size > LARGE_BLOB
    }

    fn text_waits(&self) -> Result<bool> {
        Ok(self.replica.store.read(|r| r.newest_in_outbox())? > self.text)
    }

    /// Gives the server what it lacks of a blob. Says whether it has all of it; otherwise a text waits.
    fn send(&self, row: &BlobRow, held: Option<&BlobState>) -> Result<bool> {
        let store = &self.replica.store;
        let file = store.blob_files().open(row.blob)?;
        let mut file = file.ok_or(MediaError::NotHere)?;
        let mut state = held
            .copied()
            .unwrap_or(BlobState::nothing_yet(row.blob, row.size));
        let mut tries = 0;
        let mut part = vec![0; MAX_PART];
        while !state.is_whole() {
            if self.text_waits()? {
                return Ok(false);
            }
            let left = row.size.saturating_sub(state.received);
            let some = usize::try_from(left).map_or(MAX_PART, |left| left.min(MAX_PART));
            let piece = part.get_mut(..some).unwrap_or_default();
            file.seek(SeekFrom::Start(state.received))
                .and_then(|_| file.read_exact(piece))
                .or_else(|_| match self.replica.doubt_blob(row.blob)? {
                    Some(damage) => Err(CoreError::from(damage)),
                    None => Err(MediaError::NotHere.into()),
                })?;
            let place = (row.blob, state.received, row.size);
            match self.server.give_part(row.space, place, piece.to_vec()) {
                Ok(now) if now.received > state.received => {
                    let bytes = now.received.saturating_sub(state.received);
                    self.server.did(|it| it.file_bytes_sent += bytes);
                    state = now;
                }
                Ok(_) => return Err(CoreError::BadAnswer("it took no part".to_owned())),
                Err(error) if error.code() == Some(ErrorCode::BlobOffset) => {
                    tries += 1;
                    let received = error.number("received").filter(|_| tries <= TRIES);
                    let received = received.filter(|received| *received <= row.size);
                    state.received = received.ok_or(error)?;
                }
                Err(error) if error.code() == Some(ErrorCode::BlobMismatch) => {
                    // Either what lies here is not what was sealed, or what came there is not: this device's bytes
                    // are let go of only where they are the damaged ones.
                    let damage = self.replica.doubt_blob(row.blob)?;
                    return Err(damage.map_or(error, CoreError::from));
                }
                Err(error) => return Err(error),
            }
        }
        let sent = BlobRow {
            standing: BlobStanding::Sent,
            ..*row
        };
        store.write(|w| {
            w.put_blob(&sent)?;
            w.touch_named(row.blob)
        })?;
        Ok(true)
    }

    /// Reads what is missing here of a blob, and proves all of it. Says whether it is here; otherwise a text waits.
    fn fetch(&self, named: &NamedBlob, whole: &BlobState) -> Result<bool> {
        let (store, blob) = (&self.replica.store, whole.blob);
        let files = store.blob_files();
        let nothing = BlobRow {
            blob,
            space: named.space,
            size: whole.size,
            received: 0,
            standing: BlobStanding::Arriving,
        };
        let before = store.read(|r| r.blob(blob))?;
        let mut row = match before.filter(|row| row.standing == BlobStanding::Arriving) {
            Some(row) if row.size == whole.size && row.received <= row.size => row,
            _ => nothing,
        };
        if whole.size > MAX_BLOB {
            return Err(CoreError::BadAnswer("a blob is too large".to_owned()));
        }
        while row.received < row.size {
            if self.text_waits()? {
                return Ok(false);
            }
            let part = self.server.blob_part(named.space, blob, row.received)?;
            let received = row.received.saturating_add(part.len() as u64);
            if part.is_empty() || part.len() > MAX_PART || received > row.size {
                return Err(CoreError::BadAnswer("it gave another part".to_owned()));
            }
            let _turn = files.turn()?;
            files.write_part(blob, row.received, &part)?;
            row.received = received;
            store.write(|w| w.put_blob(&row))?;
            let bytes = part.len() as u64;
            self.server.did(|it| it.file_bytes_received += bytes);
        }
        let _turn = files.turn()?;
        if let Err(error) = self.prove(named, &row) {
            // Nothing of it is kept: the next exchange asks anew.
            store.write(|w| w.remove_blob(blob))?;
            files.remove(blob)?;
            return Err(error);
        }
        files.finish(blob)?;
        row.standing = BlobStanding::Sent;
        self.replica.write_with_row(named.space, |w, space| {
            // For the clinic's node, which tells the patient's phone.
            space.unacknowledged |= self.replica.side == Side::Clinic;
            w.put_blob(&row)?;
            Ok(w.touch_named(blob)?)
        })?;
        Ok(true)
    }

    /// That what arrived is what its name says, and opens with the key that the document has for it.
    fn prove(&self, named: &NamedBlob, row: &BlobRow) -> Result<()> {
        let files = self.replica.store.blob_files();
        let foreign = || CoreError::BadAnswer("a recording or picture is not what was sent".into());
        let mut name = BlobName::default();
        std::io::copy(&mut files.open_arrived(row.blob)?, &mut name)
            .map_err(|error| crate::store::StoreError::of_io(&error))?;
        if name.finish() != row.blob {
            return Err(foreign());
        }
        let one = self.attachment(named)?.ok_or_else(foreign)?;
        let file = files.open_arrived(row.blob)?;
        let reader = BlobReader::new(&key_of(&one), one.length, file, row.size);
        reader
            .and_then(BlobReader::check)
            .map_err(crate::records::of_blob)
    }

    fn attachment(&self, named: &NamedBlob) -> Result<Option<Attachment>> {
        self.replica.store.read(|r| attachment_of_name(r, named))
    }
}
