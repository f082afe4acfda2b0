//! The checks themselves: pure functions over pages and bytes, so that tests can hand them what a
//! broken system would.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::broken::Broken;

/// Pages by their path.
pub(crate) type Pages = BTreeMap<String, String>;

/// Something that the server must not have.
#[derive(Clone, Copy)]
pub(super) struct Secret<'a> {
    pub(super) what: &'static str,
    pub(super) word: &'a str,
}

/// How much was searched.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Searched {
    pub(super) files: usize,
    pub(super) bytes: usize,
}

impl std::ops::AddAssign for Searched {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
    }
}

/// The shared words stand on the patient's own page and on the page of the entry.
pub(super) fn shared_stands(pages: &Pages, patient: &str, word: &str) -> Result<(), Broken> {
    let entries = format!("{patient}/entries/");
    let on_patient = pages.get(patient).is_some_and(|html| html.contains(word));
    let on_entry = pages
        .iter()
        .any(|(path, html)| path.starts_with(&entries) && html.contains(word));
    if on_patient && on_entry {
        Ok(())
    } else {
        Err(Broken::NotOnPage)
    }
}

/// The words stand on no page at all.
pub(super) fn nowhere(pages: &Pages, word: &str) -> Result<(), Broken> {
    match pages.iter().find(|(_, html)| html.contains(word)) {
        Some((path, _)) => Err(Broken::PrivateOnPage(path.clone())),
        None => Ok(()),
    }
}

/// No file under `folder` holds any secret. `present` is a word that does stand there: if it can't
/// be found, neither could a secret.
pub(super) fn folder_holds_none(
    folder: &Path,
    secrets: &[Secret<'_>],
    present: &str,
) -> Result<Searched, Broken> {
    let mut searched = Searched::default();
    let mut found_present = false;
    let failed = |error: io::Error| Broken::NotSearched(folder.to_owned(), error.to_string());
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = match std::fs::read(&path) {
                Ok(bytes) => bytes,
                // SQLite takes away its side files when it likes.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(error)),
            };
            file_holds_none(&path, &bytes, secrets)?;
            found_present |= contains(&bytes, present);
            searched += Searched {
                files: 1,
                bytes: bytes.len(),
            };
        }
    }
    if found_present {
        Ok(searched)
    } else {
        Err(Broken::Blind(folder.to_owned()))
    }
}

/// The bytes hold no secret: not as UTF-8, not as UTF-16 of either order, not as hex.
pub(super) fn file_holds_none(
    file: &Path,
    bytes: &[u8],
    secrets: &[Secret<'_>],
) -> Result<(), Broken> {
    match Needles::of(secrets).find(bytes) {
        Some(what) => Err(Broken::Readable {
            what,
            file: file.to_owned(),
        }),
        None => Ok(()),
    }
}

/// What must be in a file can be found there.
pub(super) fn search_works(file: &Path, bytes: &[u8], present: &str) -> Result<(), Broken> {
    if contains(bytes, present) {
        Ok(())
    } else {
        Err(Broken::Blind(file.to_owned()))
    }
}

fn forms(word: &str) -> [Vec<u8>; 5] {
    [
        word.as_bytes().to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        data_encoding::HEXLOWER.encode(word.as_bytes()).into_bytes(),
        data_encoding::HEXUPPER.encode(word.as_bytes()).into_bytes(),
    ]
}

/// All forms of all secrets by their first byte, so that one pass looks for all of them.
struct Needles(BTreeMap<u8, Vec<(Vec<u8>, &'static str)>>);

impl Needles {
    fn of(secrets: &[Secret<'_>]) -> Self {
        let mut needles = Self(BTreeMap::new());
        for secret in secrets {
            for form in forms(secret.word) {
                if let Some(first) = form.first() {
                    needles
                        .0
                        .entry(*first)
                        .or_default()
                        .push((form, secret.what));
                }
            }
        }
        needles
    }

    /// What is there first, if anything is.
    fn find(&self, bytes: &[u8]) -> Option<&'static str> {
        let begins: [bool; 256] =
            std::array::from_fn(|byte| u8::try_from(byte).is_ok_and(|b| self.0.contains_key(&b)));
        bytes.iter().enumerate().find_map(|(at, byte)| {
            if !begins.get(usize::from(*byte)).copied().unwrap_or(false) {
                return None;
            }
            let here = bytes.get(at..)?;
            let forms = self.0.get(byte)?;
            forms
                .iter()
                .find(|(form, _)| here.starts_with(form))
                .map(|(_, what)| *what)
        })
    }
}

fn contains(bytes: &[u8], word: &str) -> bool {
    Needles::of(&[Secret { what: "", word }])
        .find(bytes)
        .is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PATIENT: &str = "/patients/ab";

    fn pages(patient: &str, entry: &str, other: &str) -> Pages {
        [
            ("/".to_owned(), other.to_owned()),
            (PATIENT.to_owned(), patient.to_owned()),
            ("/patients/ab/entries/01".to_owned(), entry.to_owned()),
        ]
        .into()
    }

    const SECRETS: [Secret<'static>; 2] = [
        Secret {
            what: "the shared entry",
            word: "sharedcanary",
        },
        Secret {
            what: "a patient's name",
            word: "Robin Välé",
        },
    ];

    #[test]
    fn a_page_without_the_shared_entry_is_noticed() {
        let fine = pages("<p>sharedcanary</p>", "<h1>sharedcanary</h1>", "");
        assert_eq!(shared_stands(&fine, PATIENT, "sharedcanary"), Ok(()));
        for broken in [
            pages("<p></p>", "<h1>sharedcanary</h1>", "sharedcanary"),
            pages("<p>sharedcanary</p>", "<h1></h1>", "sharedcanary"),
            Pages::new(),
        ] {
            let said = shared_stands(&broken, PATIENT, "sharedcanary").unwrap_err();
            assert_eq!(said, Broken::NotOnPage);
        }
    }

    #[test]
    fn a_private_entry_on_any_page_is_noticed_with_the_page() {
        assert_eq!(nowhere(&pages("a", "b", "c"), "privatecanary"), Ok(()));
        let broken = pages("a", "b", "<li>privatecanary</li>");
        let said = nowhere(&broken, "privatecanary").unwrap_err();
        assert_eq!(
            said.to_string(),
            "something private stands on the console's page /"
        );
    }

    #[test]
    fn a_server_that_holds_a_readable_word_is_noticed_in_whatever_form() {
        let utf16 = |word: &str, to: fn(u16) -> [u8; 2]| -> Vec<u8> {
            word.encode_utf16().flat_map(to).collect()
        };
        for leaked in [
            b"..sharedcanary..".to_vec(),
            "Robin Välé".as_bytes().to_vec(),
            utf16("sharedcanary", u16::to_le_bytes),
            utf16("Robin Välé", u16::to_be_bytes),
            data_encoding::HEXLOWER.encode(b"sharedcanary").into_bytes(),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("inner")).unwrap();
            std::fs::write(
                folder.path().join("sync.db"),
                b"the label and ssssharedcanar",
            )
            .unwrap();
            let clean = folder_holds_none(folder.path(), &SECRETS, "label").unwrap();
            assert_eq!(
                clean,
                Searched {
                    files: 1,
                    bytes: 28
                }
            );
            std::fs::write(folder.path().join("inner/sync.db-wal"), &leaked).unwrap();
            let said = folder_holds_none(folder.path(), &SECRETS, "label").unwrap_err();
            assert!(
                matches!(&said, Broken::Readable { file, .. } if file.ends_with("sync.db-wal"))
            );
            assert!(
                !said.to_string().contains("canary"),
                "the sentence repeats the secret: {said}"
            );
        }
    }

    #[test]
    fn a_log_line_that_holds_a_word_is_noticed() {
        let log = Path::new("server.log");
        let line = b"INFO request route=/v1/spaces status=200\n";
        assert_eq!(file_holds_none(log, line, &SECRETS), Ok(()));
        let leak = b"DEBUG body=\"sharedcanary\"\n";
        assert!(file_holds_none(log, leak, &SECRETS).is_err());
    }

    #[test]
    fn a_search_that_can_find_nothing_is_not_taken_for_a_clean_one() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder_holds_none(folder.path(), &SECRETS, "label").unwrap_err();
        assert!(matches!(empty, Broken::Blind(_)));
        let missing = folder_holds_none(&folder.path().join("no"), &SECRETS, "label").unwrap_err();
        assert!(matches!(missing, Broken::NotSearched(..)));
        assert!(search_works(Path::new("server.log"), b"", "/v1/spaces").is_err());
        assert_eq!(
            search_works(Path::new("server.log"), b"GET /v1/spaces", "/v1/spaces"),
            Ok(())
        );
    }
}
