//! Looks for words where nobody may find them: in the files of a server that must not be able to read.

use std::fs;
use std::path::{Path, PathBuf};

/// Searches every file under `folder`, as UTF-8 and as UTF-16. True when none of the words is there.
pub(crate) fn search(folder: &Path, words: &[String]) -> Result<bool, String> {
    let files =
        files_under(folder).map_err(|error| format!("read {}: {error}", folder.display()))?;
    if files.is_empty() {
        return Err(format!("find a file under {}", folder.display()));
    }
    let mut found = 0_u64;
    let mut size = 0;
    for file in &files {
        let bytes = fs::read(file).map_err(|error| format!("read {}: {error}", file.display()))?;
        size += bytes.len();
        for word in words.iter().filter(|word| holds(&bytes, word)) {
            println!("{} holds {word:?}", file.display());
            found += 1;
        }
    }
    println!("{} files, {size} bytes, {found} findings", files.len());
    Ok(found == 0)
}

fn files_under(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [word.as_bytes(), &wide]
        .iter()
        .any(|wanted| bytes.windows(wanted.len()).any(|at| at == *wanted))
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn words_are_found_in_either_encoding_and_not_elsewhere() {
        assert!(holds(b"\x00\x01canary\x02", "canary"));
        assert!(holds(b"\x07c\0a\0n\0", "can"));
        assert!(!holds(b"canar", "canary"));
    }
}
