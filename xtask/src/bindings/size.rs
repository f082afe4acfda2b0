//! How large the library is that an app has, and which parts of it are: from the map that the linker writes of what it
//! laid where.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::library;
use crate::step::{cargo, succeed, target};

/// The most that an app is to carry.
const LIMIT: u64 = 12 * 1024 * 1024;

/// Parts that are named one by one.
const NAMED: usize = 12;

/// Crates of Rust itself. What they make for a type of somebody else's counts for whom it was made.
const OF_RUST: [&str; 8] = [
    "core",
    "alloc",
    "std",
    "hashbrown",
    "compiler_builtins",
    "gimli",
    "addr2line",
    "miniz_oxide",
];

/// Builds the library as apps have it, for this machine, and says its size and its parts. An error where it is too
/// large.
pub(crate) fn size() -> Result<bool, String> {
    let library = phone_library()?;
    let map = map();
    let bytes = fs::metadata(&library);
    let bytes = bytes
        .map_err(|error| format!("read {}: {error}", library.display()))?
        .len();
    let text = fs::read_to_string(&map);
    let text = text.map_err(|error| format!("read {}: {error}", map.display()))?;
    let parts = parts(&text);
    if parts.is_empty() {
        return Err(format!(
            "read {}: only lld's maps are known here",
            map.display()
        ));
    }
    println!(
        "{} has {} stripped ({bytes} bytes)\n",
        library.display(),
        mib(bytes)
    );
    println!("| part | size | of all |\n|---|---:|---:|");
    for (name, size) in parts.iter().take(NAMED) {
        println!(
            "| {name} | {} | {} % |",
            mib(*size),
            size * 100 / bytes.max(1)
        );
    }
    let rest: u64 = parts.iter().skip(NAMED).map(|(_, size)| size).sum();
    println!(
        "| all else | {} | {} % |",
        mib(rest),
        rest * 100 / bytes.max(1)
    );
    match bytes <= LIMIT {
        true => Ok(true),
        false => Err(format!("stay below {}", mib(LIMIT))),
    }
}

/// The library as apps have it, optimized and stripped, for this machine.
pub(crate) fn phone_library() -> Result<PathBuf, String> {
    let folder = target().join("bindings");
    fs::create_dir_all(&folder).map_err(|error| format!("make {}: {error}", folder.display()))?;
    let mut build = Command::new(cargo());
    // The one form that an app links: beside a Rust library cargo would leave link-time optimization out.
    build.args(["rustc", "--quiet", "--package=companion-ffi", "--lib"]);
    build.args(["--profile=phone", "--crate-type=cdylib", "--target-dir"]);
    build.arg(target()).arg("--");
    build.arg(format!("-Clink-arg=-Wl,-Map={}", map().display()));
    // Functions that came out the same are one, and what is to be moved on loading is written down briefly: Android
    // reads both since API 28.
    build.args([
        "-Clink-arg=-Wl,--icf=all",
        "-Clink-arg=-Wl,-z,pack-relative-relocs",
    ]);
    succeed(&mut build)?;
    Ok(library(&target().join("phone")))
}

/// Where the linker writes what it laid where.
fn map() -> PathBuf {
    target().join("bindings/library.map")
}

/// Bytes, for a person.
pub(crate) fn mib(bytes: u64) -> String {
    let hundredths = bytes * 100 / (1024 * 1024);
    format!("{}.{:02} MiB", hundredths / 100, hundredths % 100)
}

/// The parts, the largest first.
fn parts(map: &str) -> Vec<(String, u64)> {
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    for (part, size) in map.lines().filter_map(section) {
        *sizes.entry(part).or_default() += size;
    }
    let mut parts: Vec<(String, u64)> = sizes.into_iter().collect();
    parts.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    parts
}

/// A line of a piece that came from a file: `address address size alignment file:(section)`, in hexadecimal digits.
/// What takes room only while the program runs counts for nothing.
fn section(line: &str) -> Option<(String, u64)> {
    let mut rest = line;
    let mut columns = [""; 4];
    for column in &mut columns {
        rest = rest.trim_start();
        (*column, rest) = rest.split_once(' ')?;
    }
    let [_, _, size, _] = columns;
    let (file, section) = rest.trim_start().rsplit_once(":(")?;
    let section = section.strip_suffix(')')?;
    if section.starts_with(".bss") || section.starts_with(".tbss") {
        return None;
    }
    let size = u64::from_str_radix(size, 16).ok()?;
    Some((part(file, section), size))
}

/// Whose a piece is.
fn part(file: &str, section: &str) -> String {
    if file == "<internal>" && section.starts_with(".rela") {
        return "relocations".to_owned();
    }
    if section.starts_with(".eh_frame") || section.starts_with(".gcc_except_table") {
        return "tables for unwinding".to_owned();
    }
    if let Some(symbol) = section.find("_ZN").and_then(|at| section.get(at..)) {
        return crate_of(symbol).unwrap_or("Rust's own library").to_owned();
    }
    // An archive is named after its crate; what is in it and is no Rust is what the crate brings along.
    let archive = file.split_once(".rlib(").map(|(path, _)| path);
    match archive.and_then(|path| path.rsplit('/').next()) {
        Some(name) => {
            let name = name.strip_prefix("lib").unwrap_or(name);
            let name = name.rsplit_once('-').map_or(name, |(name, _)| name);
            match name {
                "libsqlite3_sys" => "SQLCipher (C)".to_owned(),
                name => format!("{name} (C)"),
            }
        }
        None if section.starts_with(".rodata") || section.starts_with(".data") => {
            "constants of Rust code, of no one crate".to_owned()
        }
        None => "all else".to_owned(),
    }
}

/// The first crate in a symbol that is not one of Rust's own.
fn crate_of(symbol: &str) -> Option<&str> {
    let name = symbol.strip_prefix("_ZN")?;
    let digits = name.find(|it: char| !it.is_ascii_digit())?;
    let length: usize = name.get(..digits)?.parse().ok()?;
    let first = name.get(digits..digits + length)?;
    let is_name = |it: &str| {
        let mut letters = it.chars();
        letters.next().is_some_and(|it| it.is_ascii_lowercase())
            && letters.all(|it| it == '_' || it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    let beginnings = name
        .split('$')
        .filter_map(|piece| Some(piece.split_once("..")?.0));
    std::iter::once(first)
        .chain(beginnings)
        .find(|it| is_name(it) && !OF_RUST.contains(it))
}

#[cfg(test)]
mod tests {
    use super::{crate_of, parts, section};

    #[test]
    fn generic_code_counts_for_whom_it_was_made() {
        let of = "_ZN4core3ptr39drop_in_place$LT$jiff..error..Error$GT$17h315f9e20144af850E";
        assert_eq!(crate_of(of), Some("jiff"));
        assert_eq!(
            crate_of("_ZN5tokio4task5spawn17h315f9e20144af850E"),
            Some("tokio")
        );
        let of = "_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h60e2b94efcd5b948E";
        assert_eq!(crate_of(of), None);
    }

    #[test]
    fn pieces_of_a_map_are_summed_by_part() {
        let map = "
             VMA              LMA     Size Align Out     In      Symbol
           12d20            12d20    3a733    16 .text
           12d20            12d20       b9    16         x.cgu.0.rcgu.o:(.text._ZN5tokio4task5spawn17h315f9e20144af850E)
           12d20            12d20       b9     1                 _ZN5tokio4task5spawn17h315f9e20144af850E
           12de0            12de0       10    16         /x/liblibsqlite3_sys-1a.rlib(sqlite3.o):(.text)
           12de0            12de0        1    16         x.cgu.0.rcgu.o:(.text._ZN5tokio2io4read17h315f9e20144af850E)
           12de0            12de0     1000    16         x.cgu.0.rcgu.o:(.bss._ZN5tokio2io4READ17h315f9e20144af850E)";
        let expected = [
            ("tokio".to_owned(), 0xba),
            ("SQLCipher (C)".to_owned(), 0x10),
        ];
        assert_eq!(parts(map), expected);
        assert_eq!(
            section("           12d20            12d20    3a733    16 .text"),
            None
        );
    }
}
