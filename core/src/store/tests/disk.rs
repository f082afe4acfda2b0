//! A file layer below the encryption that records what is written and fails when told to. It sees
//! the encrypted pages as they go to the real files.
//!
//! One for the whole process: a test holds [`Disk`] while it plays with it.

// SQLite takes a file layer as a table of C functions; there is no other way to stand below it.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rusqlite::ffi::{
    SQLITE_IOERR_DELETE, SQLITE_OK, SQLITE_OPEN_CREATE, sqlite3_file, sqlite3_io_methods,
    sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

/// The layer's name.
pub(super) const NAME: &str = "failing";

/// One thing that reached the files, in order. Files by name, without their folder.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Write {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        size: usize,
    },
    Sync {
        file: String,
    },
    Delete {
        file: String,
    },
    /// The test says that it got so far.
    Mark(u64),
}

/// Which operations fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fail {
    /// This one alone.
    Once(usize),
    /// This and all after it, until the test says otherwise.
    From(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Writing, cutting, syncing, deleting.
    Write,
    /// Syncing alone.
    Sync,
    /// Reading.
    Read,
    /// Making a file that is not there, as in a folder that can't be written.
    Create,
}

struct State {
    events: Option<Vec<Event>>,
    plan: Option<(Class, Fail, c_int)>,
    count: usize,
    failed: usize,
}

static STATE: Mutex<State> = Mutex::new(State {
    events: None,
    plan: None,
    count: 0,
    failed: 0,
});
static TURN: Mutex<()> = Mutex::new(());

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The layer, held by one test.
pub(super) struct Disk(#[allow(dead_code)] MutexGuard<'static, ()>);

impl Disk {
    /// Waits for the layer, sound and not recording.
    pub(super) fn take() -> Self {
        install();
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = Self(turn);
        disk.mend();
        state().events = None;
        disk
    }

    /// Fails the operations of a class with a code, counted from 0 from now on.
    pub(super) fn fail(&self, class: Class, fail: Fail, code: c_int) {
        let mut state = state();
        state.plan = Some((class, fail, code));
        (state.count, state.failed) = (0, 0);
    }

    /// Fails no more; says how many operations did.
    pub(super) fn mend(&self) -> usize {
        let mut state = state();
        state.plan = None;
        std::mem::take(&mut state.failed)
    }

    pub(super) fn record(&self) {
        state().events = Some(Vec::new());
    }

    pub(super) fn mark(&self, reached: u64) {
        note(|| Event::Mark(reached));
    }

    pub(super) fn recorded(&self) -> Vec<Event> {
        state().events.take().unwrap_or_default()
    }
}

/// An operation of `class` is about to happen: whether it may.
fn verdict(class: Class) -> Result<(), c_int> {
    let mut state = state();
    let Some((planned, fail, code)) = state.plan else {
        return Ok(());
    };
    let concerned = match planned {
        Class::Write => matches!(class, Class::Write | Class::Sync),
        other => other == class,
    };
    if !concerned {
        return Ok(());
    }
    let now = state.count;
    state.count += 1;
    let fails = match fail {
        Fail::Once(at) => now == at,
        Fail::From(at) => now >= at,
    };
    if fails {
        state.failed += 1;
        return Err(code);
    }
    Ok(())
}

fn note(event: impl FnOnce() -> Event) {
    if let Some(events) = &mut state().events {
        events.push(event());
    }
}

/// Our part of an open file; the real one stands right behind it.
#[repr(C, align(8))]
struct Shim {
    base: sqlite3_file,
    name: *mut String,
}

const SHIM: usize = size_of::<Shim>();

unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: `install` made the layer ask for SHIM bytes more than the real one needs.
    unsafe { file.byte_add(SHIM) }
}

unsafe fn name(file: *mut sqlite3_file) -> String {
    // SAFETY: `open` put it there, `close` takes it away.
    unsafe { (*(*file.cast::<Shim>()).name).clone() }
}

/// Calls the real file's function of the same name.
macro_rules! forward {
    ($file:expr, $method:ident $(, $argument:expr)*) => {
        // SAFETY: SQLite calls only on files that `open` opened, with arguments fit for them.
        unsafe {
            let file = real($file);
            match (*(*file).pMethods).$method {
                Some(method) => method(file $(, $argument)*),
                None => SQLITE_OK,
            }
        }
    };
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = forward!(file, xClose);
    // SAFETY: from Box::into_raw in `open`; SQLite closes once.
    unsafe {
        drop(Box::from_raw((*file.cast::<Shim>()).name));
        (*file).pMethods = std::ptr::null();
    }
    code
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, n: c_int, at: i64) -> c_int {
    match verdict(Class::Read) {
        Ok(()) => forward!(file, xRead, to, n, at),
        Err(code) => code,
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    n: c_int,
    at: i64,
) -> c_int {
    if let Err(code) = verdict(Class::Write) {
        return code;
    }
    // SAFETY: SQLite hands over `n` readable bytes.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), n as usize) };
    let file_name = unsafe { name(file) };
    note(|| Event::Write {
        file: file_name,
        offset: at as usize,
        bytes: bytes.to_vec(),
    });
    forward!(file, xWrite, from, n, at)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    if let Err(code) = verdict(Class::Write) {
        return code;
    }
    let file_name = unsafe { name(file) };
    note(|| Event::Truncate {
        file: file_name,
        size: size as usize,
    });
    forward!(file, xTruncate, size)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    if let Err(code) = verdict(Class::Sync) {
        return code;
    }
    let file_name = unsafe { name(file) };
    note(|| Event::Sync { file: file_name });
    // Not forwarded: what survives is worked out from the events, and this is a hundred times faster.
    SQLITE_OK
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    forward!(file, xFileSize, size)
}

unsafe extern "C" fn take_lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    forward!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    forward!(file, xUnlock, level)
}

unsafe extern "C" fn check_lock(file: *mut sqlite3_file, held: *mut c_int) -> c_int {
    forward!(file, xCheckReservedLock, held)
}

unsafe extern "C" fn control(file: *mut sqlite3_file, what: c_int, with: *mut c_void) -> c_int {
    forward!(file, xFileControl, what, with)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    forward!(file, xSectorSize)
}

unsafe extern "C" fn characteristics(_file: *mut sqlite3_file) -> c_int {
    // Promises nothing: no atomic writes, no safe appends.
    0
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    forward!(file, xShmMap, page, size, extend, to)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, from: c_int, n: c_int, how: c_int) -> c_int {
    forward!(file, xShmLock, from, n, how)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: as in `forward!`.
    unsafe {
        let file = real(file);
        if let Some(barrier) = (*(*file).pMethods).xShmBarrier {
            barrier(file);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    forward!(file, xShmUnmap, delete)
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // 2: with shared memory, without memory mapping.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(take_lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

fn beneath() -> *mut sqlite3_vfs {
    // SAFETY: finds the platform's own layer, which is never unregistered.
    unsafe { sqlite3_vfs_find(std::ptr::null()) }
}

fn last_part(path: *const c_char) -> String {
    if path.is_null() {
        return "temporary".to_owned();
    }
    // SAFETY: SQLite hands over text that ends in NUL.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

unsafe extern "C" fn open(
    _layer: *mut sqlite3_vfs,
    path: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the real layer gets the room behind ours, as it asked for.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let is_new =
            !path.is_null() && !Path::new(&*CStr::from_ptr(path).to_string_lossy()).exists();
        if flags & SQLITE_OPEN_CREATE != 0
            && is_new
            && let Err(code) = verdict(Class::Create)
        {
            return code;
        }
        let layer = beneath();
        let code = (*layer).xOpen.unwrap()(layer, path, real(file), flags, out);
        if code == SQLITE_OK {
            (*file).pMethods = &METHODS;
            (*file.cast::<Shim>()).name = Box::into_raw(Box::new(last_part(path)));
        }
        code
    }
}

unsafe extern "C" fn delete(_layer: *mut sqlite3_vfs, path: *const c_char, sync: c_int) -> c_int {
    if verdict(Class::Write).is_err() {
        return SQLITE_IOERR_DELETE;
    }
    note(|| Event::Delete {
        file: last_part(path),
    });
    // SAFETY: passes on what SQLite gave.
    unsafe {
        let layer = beneath();
        (*layer).xDelete.unwrap()(layer, path, sync)
    }
}

fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: a copy of the platform's layer, never freed, with two functions and the size of
        // an open file replaced. It is not made the default.
        unsafe {
            // SQLite must be up before a layer is registered.
            let _ = rusqlite::Connection::open_in_memory().unwrap();
            let mut layer = *beneath();
            layer.pNext = std::ptr::null_mut();
            layer.zName = c"failing".as_ptr();
            layer.szOsFile += SHIM as c_int;
            layer.xOpen = Some(open);
            layer.xDelete = Some(delete);
            assert_eq!(
                sqlite3_vfs_register(Box::into_raw(Box::new(layer)), 0),
                SQLITE_OK
            );
        }
    });
}
