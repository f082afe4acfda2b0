//! Words that must not turn up somewhere, and the search for them in every form in which they could.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use companion_core::StoreKey;
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use tracing_subscriber::fmt::MakeWriter;

/// Some words to look for.
#[derive(Debug, Clone)]
pub struct Canary {
    words: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

impl Canary {
    /// Looks for `words` (at least twelve letters, or chance would find them).
    pub fn new(words: &str) -> Self {
        assert!(words.len() >= 12, "too short to mean anything");
        let bytes = words.as_bytes();
        let wide = |order: fn(u16) -> [u8; 2]| words.encode_utf16().flat_map(order).collect();
        let mut forms = vec![
            ("utf-8", bytes.to_vec()),
            ("utf-16 little", wide(u16::to_le_bytes)),
            ("utf-16 big", wide(u16::to_be_bytes)),
            ("hex", HEXLOWER.encode(bytes).into_bytes()),
            ("HEX", HEXUPPER.encode(bytes).into_bytes()),
        ];
        // Inside a longer text the words may begin at any of three places of a base64 group.
        for skip in 0..3 {
            let inner = &bytes[skip..];
            let inner = &inner[..inner.len() / 3 * 3];
            forms.push(("base64", BASE64_NOPAD.encode(inner).into_bytes()));
            forms.push(("base64url", BASE64URL_NOPAD.encode(inner).into_bytes()));
        }
        Self {
            words: words.to_owned(),
            forms,
        }
    }

    /// The words, to be typed somewhere.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// In which form they are in these bytes, if they are.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&'static str> {
        self.forms
            .iter()
            .find(|(_, form)| contains(bytes, form))
            .map(|(name, _)| *name)
    }

    /// In which file of a folder, and in which form, they are.
    pub fn found_below(&self, folder: &Path) -> Option<String> {
        for file in files(folder) {
            let name = file.strip_prefix(folder).unwrap().display().to_string();
            if let Some(form) = self.found_in(name.as_bytes()) {
                return Some(format!("the name {name} ({form})"));
            }
            if let Some(form) = self.found_in(&std::fs::read(&file).unwrap_or_default()) {
                return Some(format!("{name} ({form})"));
            }
        }
        None
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else {
        return true;
    };
    bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| byte == first && bytes[at + 1..].starts_with(rest))
}

/// An encrypted store, opened without the code that guards it.
pub(crate) fn open(file: &Path, key: &StoreKey) -> rusqlite::Connection {
    let open = rusqlite::Connection::open(file).unwrap();
    open.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"",
        HEXLOWER.encode(key.as_bytes())
    ))
    .unwrap();
    open
}

/// Every cell of every table of an encrypted store, decrypted.
pub fn plain_bytes(file: &Path, key: &StoreKey) -> Vec<u8> {
    let open = open(file, key);
    let mut names = open
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut all = Vec::new();
    for name in names {
        let Ok(mut ask) = open.prepare(&format!("SELECT * FROM \"{name}\"")) else {
            continue;
        };
        let columns = ask.column_count();
        let mut rows = ask.query([]).unwrap();
        while let Ok(Some(row)) = rows.next() {
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    rusqlite::types::ValueRef::Text(bytes)
                    | rusqlite::types::ValueRef::Blob(bytes) => all.extend_from_slice(bytes),
                    _ => {}
                }
                all.push(b'\n');
            }
        }
    }
    assert!(!all.is_empty(), "nothing could be read");
    all
}

/// All files of a folder, one after the other, each with its name before it.
pub fn raw_bytes(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for file in files(folder) {
        all.extend_from_slice(file.display().to_string().as_bytes());
        all.extend(std::fs::read(&file).unwrap_or_default());
    }
    all
}

/// Everything that anything in this process logs from now on, at every level.
pub fn capture_logs() -> Logs {
    static LOGS: OnceLock<Logs> = OnceLock::new();
    LOGS.get_or_init(|| {
        let logs = Logs::default();
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_writer(logs.clone())
            .with_ansi(false)
            .init();
        logs
    })
    .clone()
}

/// Captured logs.
#[derive(Debug, Clone, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// All of them.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Logs;
    fn make_writer(&'a self) -> Logs {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_what_is_there_in_every_form_and_nothing_else() {
        let canary = Canary::new("velvet-otter-hums");
        let words = canary.words();
        assert_eq!(
            canary.found_in(format!("a {words} b").as_bytes()),
            Some("utf-8")
        );
        for pad in ["", "x", "xy"] {
            let text = data_encoding::BASE64.encode(format!("{pad}{words}!!").as_bytes());
            assert_eq!(canary.found_in(text.as_bytes()), Some("base64"), "{pad}");
        }
        assert_eq!(
            canary.found_in(HEXLOWER.encode(words.as_bytes()).as_bytes()),
            Some("hex")
        );
        let wide: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(canary.found_in(&wide), Some("utf-16 little"));
        assert_eq!(
            canary.found_in(b"velvet-otter-hum, and base64 dmVsdmV0"),
            None
        );
    }
}
