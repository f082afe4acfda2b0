//! Opening the encrypted file: who may touch it, in which order, and what each refusal means.

use std::fs::OpenOptions;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Once;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::migrations::{self, APPLICATION_ID};
use super::{StoreError, StoreKey, exit};

/// Older versions can damage a write-ahead log that two connections use (sqlite.org/wal.html,
/// "the WAL-reset bug").
const OLDEST_SQLITE: i32 = 3_051_003;

/// Bytes of a page; SQLCipher's default.
const PAGE: u64 = 4_096;

/// Statements kept prepared for each connection: more than the store has.
const PREPARED: usize = 96;

/// How a connection works once the file has proven to be ours. `FULL`, since with `NORMAL` a power
/// cut loses writes that were reported as saved (measured: 881 of 1,942 images). Eight megabytes of
/// pages, since one that has to leave memory within a transaction is encrypted and decrypted again.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA journal_size_limit = 4194304;
    PRAGMA cache_size = -8192;
";

/// Where a store lives and what opens it.
#[derive(Debug)]
pub(super) struct StoreLocation {
    pub(super) path: PathBuf,
    pub(super) key: StoreKey,
    /// The file layer below the encryption; tests put one there that fails.
    pub(super) vfs: Option<&'static str>,
}

impl StoreLocation {
    /// Opens the file for the first time in this process, creating or migrating it.
    pub(super) fn open(&self) -> Result<Connection, StoreError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::Sql(format!(
                "SQLite {} is too old",
                rusqlite::version()
            )));
        }
        create_private(&self.path)?;
        let cut_off = is_cut_off(&self.path)?;
        let (mut connection, version) = self.prove()?;
        match (cut_off, version) {
            (false, _) => {}
            (true, 0) => return Err(StoreError::WrongKeyOrNotOurs),
            (true, _) => return Err(StoreError::Damaged("the file was cut off".to_owned())),
        }
        use_write_ahead_log(&connection)?;
        connection.execute_batch(SETTINGS)?;
        migrations::run(&mut connection, version)?;
        allow_tidying(&connection)?;
        Ok(connection)
    }

    /// Opens one more connection to the file that [`StoreLocation::open`] prepared.
    pub(super) fn reopen(&self) -> Result<Connection, StoreError> {
        let (connection, version) = self.prove()?;
        if version != migrations::NEWEST {
            // Somebody replaced the file under us.
            return Err(StoreError::WrongKeyOrNotOurs);
        }
        connection.execute_batch(SETTINGS)?;
        allow_tidying(&connection)?;
        Ok(connection)
    }

    /// A connection that can only read, also where nothing can be written.
    pub(super) fn reader(&self) -> Result<Connection, StoreError> {
        let connection = match self.reopen() {
            Err(error) if error.forbids_writing_alone() => {
                self.read_only().map_err(|_| self.why_unread(error))?
            }
            opened => opened?,
        };
        connection.execute_batch("PRAGMA query_only = ON")?;
        Ok(connection)
    }

    /// A connection to a file that can't be written, nor any file beside it.
    pub(super) fn read_only(&self) -> Result<Connection, StoreError> {
        let (connection, version) = self.prove_by(|| self.connect_read_only())?;
        if version != migrations::NEWEST {
            return Err(StoreError::NotWritable);
        }
        connection.execute_batch(SETTINGS)?;
        Ok(connection)
    }

    /// Why nothing can be written, where the database could only say that it can't: whether a file can
    /// be made beside the store tells.
    pub(super) fn why(&self, error: StoreError) -> StoreError {
        if !matches!(error, StoreError::Disk(_)) {
            return error;
        }
        let beside = with_suffix(&self.path, ".room");
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside);
        let written = made.and_then(|mut file| {
            use std::io::Write as _;
            let written = file.write_all(&[0]).and_then(|()| file.sync_all());
            std::fs::remove_file(&beside).and(written)
        });
        match written.map_err(|error| StoreError::of_io(&error)) {
            Err(why @ (StoreError::Full | StoreError::NotWritable)) => why,
            _ => error,
        }
    }

    /// Why not even reading is possible.
    fn why_unread(&self, error: StoreError) -> StoreError {
        match self.why(error) {
            StoreError::NotWritable if self.has_log() => StoreError::LeftOpen,
            why => why,
        }
    }

    /// Whether what was last saved stands in a log beside the file.
    fn has_log(&self) -> bool {
        let log = std::fs::metadata(with_suffix(&self.path, "-wal"));
        log.is_ok_and(|log| log.is_file() && log.len() > 0)
    }

    /// A connection to a file that is ours, and the file's schema version.
    fn prove(&self) -> Result<(Connection, u32), StoreError> {
        self.prove_by(|| self.connect())
    }

    fn prove_by(
        &self,
        connect: impl Fn() -> Result<Connection, StoreError>,
    ) -> Result<(Connection, u32), StoreError> {
        let prove = || {
            let connection = connect()?;
            let version = identify(&connection)?;
            Ok((connection, version))
        };
        match prove() {
            // SQLCipher takes a first page that it failed to read for one under another key. Nobody
            // should be told that their key is lost because a disk hiccuped.
            Err(StoreError::WrongKeyOrNotOurs) => {
                read_start(&self.path)?;
                prove()
            }
            proven => proven,
        }
    }

    /// An unproven connection: nothing was read, and closing it writes nothing.
    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        set_up_encryption();
        // No CREATE: the file was made above, with permissions of its own.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs)?,
            None => Connection::open_with_flags(&self.path, flags)?,
        };
        self.prepare(connection)
    }

    /// An unproven connection that writes nothing and makes no file. A store that was closed properly is
    /// one file, and can be read as such; after a kill its log stands beside it and is read too.
    fn connect_read_only(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let how = if self.has_log() {
            "mode=ro"
        } else {
            "immutable=1"
        };
        let uri = uri(&self.path, how)?;
        set_up_encryption();
        let connection = match self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&uri, flags, vfs)?,
            None => Connection::open_with_flags(&uri, flags)?,
        };
        self.prepare(connection)
    }

    fn prepare(&self, connection: Connection) -> Result<Connection, StoreError> {
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // Or SQLite plans a cached statement anew whenever its values change. Measured: a third of a
        // sync, two thirds of reading one row.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // Or closing after a wrong key would fold a left-over log into the file.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.execute_batch("PRAGMA cipher_log_level = NONE")?;
        give_key(&connection, &self.key)?;
        Ok(connection)
    }
}

/// Waits until SQLCipher is set up, once for each process. SQLite sets itself up with the first
/// connection and calls itself ready before it calls SQLCipher (`SQLITE_EXTRA_INIT` runs last, outside
/// its lock): a key given on another thread in between is refused.
fn set_up_encryption() {
    /// More than any setting up takes; after it the file's own opening says what is wrong.
    const TRIES: usize = 100_000;
    static READY: Once = Once::new();
    READY.call_once(|| {
        let takes_a_key = || {
            let connection = Connection::open_in_memory()?;
            connection.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA key = 'any'")
        };
        for _ in 0..TRIES {
            if takes_a_key().is_ok() {
                exit::wait_at_exit();
                return;
            }
            std::thread::yield_now();
        }
    });
}

/// Makes an empty file that only this user may read; leaves an existing one alone.
pub(super) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        // Some systems look at whether they could write first.
        Err(_) if path.is_file() => Ok(()),
        Err(error) => Err(StoreError::of_io(&error)),
    }
}

/// A path as SQLite reads it with a parameter behind it (sqlite.org/uri.html).
fn uri(path: &Path, parameter: &str) -> Result<String, StoreError> {
    use std::fmt::Write as _;
    let path = std::path::absolute(path).map_err(|error| StoreError::Disk(error.to_string()))?;
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            write!(uri, "%{byte:02X}").map_err(|error| StoreError::Disk(error.to_string()))?;
        }
    }
    Ok(format!("{uri}?{parameter}"))
}

/// Whether the file ends within a page though no power cut tore our own writing, which would have
/// left a journal or a log beside it. SQLite takes a file of less than a page for an empty one and
/// writes over it, and it pads a last page that was cut off.
fn is_cut_off(path: &Path) -> Result<bool, StoreError> {
    let file = std::fs::metadata(path).map_err(|error| StoreError::Disk(error.to_string()))?;
    let recoverable = ["-journal", "-wal"].iter().any(|beside| {
        std::fs::metadata(with_suffix(path, beside)).is_ok_and(|beside| beside.len() > 0)
    });
    Ok(file.is_file() && !recoverable && file.len() % PAGE != 0)
}

fn read_start(path: &Path) -> Result<(), StoreError> {
    let mut start = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(PAGE).read_to_end(&mut start))
        .map_err(|error| StoreError::Disk(error.to_string()))?;
    Ok(())
}

/// A file beside the store: its journal, its log.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(super) fn give_key(connection: &Connection, key: &StoreKey) -> Result<(), StoreError> {
    // The error would quote the statement, and with it the key.
    connection
        .execute_batch(&key.pragma())
        .map_err(|_| StoreError::Sql("the key was not accepted".to_owned()))
}

/// Reads who made the file, changing nothing. Gives its schema version, 0 for an empty file.
fn identify(connection: &Connection) -> Result<u32, StoreError> {
    let number = |pragma: &str| -> Result<i64, StoreError> {
        Ok(connection.query_row(&format!("PRAGMA {pragma}"), (), |row| row.get(0))?)
    };
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application == 0 && version == 0 && tables == 0 {
        return Ok(0);
    }
    match u32::try_from(version) {
        Ok(version) if application == APPLICATION_ID && version > 0 => {
            if version > migrations::NEWEST {
                return Err(StoreError::Newer {
                    found: version,
                    known: migrations::NEWEST,
                });
            }
            Ok(version)
        }
        _ => Err(StoreError::WrongKeyOrNotOurs),
    }
}

fn use_write_ahead_log(connection: &Connection) -> Result<(), StoreError> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    Err(StoreError::Disk(format!(
        "no write-ahead log here, only {mode}"
    )))
}

/// The file is ours: closing may tidy up its log again.
fn allow_tidying(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}
