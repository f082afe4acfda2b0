//! How much code of which package is in dex files, whatever R8 named it.
//!
//! The layout: <https://source.android.com/docs/core/runtime/dex-format>.

use std::collections::{BTreeMap, HashMap};

/// Where the header says how many classes there are and where; of types and strings the same.
const STRINGS: usize = 0x38;
const TYPES: usize = 0x40;
const CLASSES: usize = 0x60;
/// Sizes of what is listed there.
const CLASS: usize = 32;
const FIELD: u64 = 8;
const METHOD: u64 = 8;
/// What stands before the instructions of a method.
const CODE_HEAD: usize = 16;

/// Which class had which name before R8.
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// Reads the map that R8 writes: `old.Name -> a.b:`, and lines of members, which are indented.
    pub(super) fn of(text: &str) -> Names {
        let classes = text.lines().filter(|line| !line.starts_with([' ', '#']));
        let pairs = classes.filter_map(|line| line.strip_suffix(':')?.split_once(" -> "));
        Names(
            pairs
                .map(|(old, new)| (new.to_owned(), old.to_owned()))
                .collect(),
        )
    }

    fn before<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, |old| old)
    }
}

/// Bytes by package, the largest first; nothing where a file is no dex file.
pub(super) fn sizes(files: &[Vec<u8>], names: &Names) -> Option<Vec<(String, u64)>> {
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    for bytes in files {
        let dex = Dex { bytes };
        if !bytes.starts_with(b"dex\n") {
            return None;
        }
        let (count, at) = (dex.four(CLASSES)?, dex.four(CLASSES + 4)?);
        for class in 0..count {
            let at = at + class * CLASS;
            let name = dex.type_name(dex.four(at)?)?;
            let size = dex.class(dex.four(at + 24)?)?;
            *sizes.entry(package(names.before(&name))).or_default() += size;
        }
    }
    let mut sizes: Vec<(String, u64)> = sizes.into_iter().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Some(sizes)
}

/// What a class is counted for: `androidx.compose.material3`, `org.kapcompanion.core`, `kotlin`.
fn package(class: &str) -> String {
    let parts: Vec<&str> = class.split('.').collect();
    let depth = match parts.first().copied() {
        Some("androidx") if parts.get(1) == Some(&"compose") => 3,
        Some("androidx" | "kotlin" | "kotlinx") => 2,
        _ => 3,
    };
    let folders = parts.len().saturating_sub(1);
    match parts.first().copied() {
        // Its packages are many and small.
        Some("kotlin") => "kotlin".to_owned(),
        _ if folders == 0 => "what R8 made anew".to_owned(),
        _ => parts
            .iter()
            .take(depth.min(folders))
            .copied()
            .collect::<Vec<_>>()
            .join("."),
    }
}

struct Dex<'a> {
    bytes: &'a [u8],
}

impl Dex<'_> {
    fn four(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at + 4)?;
        usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
    }

    fn two(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at + 2)?;
        Some(usize::from(u16::from_le_bytes(bytes.try_into().ok()?)))
    }

    /// A number of seven bits a byte, and where the next begins.
    fn number(&self, at: &mut usize) -> Option<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = usize::from(*self.bytes.get(*at)?);
            *at += 1;
            value |= (byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The name of a class, with dots.
    fn type_name(&self, index: usize) -> Option<String> {
        let string = self.four(self.four(TYPES + 4)? + index * 4)?;
        let mut at = self.four(self.four(STRINGS + 4)? + string * 4)?;
        self.number(&mut at)?;
        let rest = self.bytes.get(at..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        let name = String::from_utf8_lossy(rest.get(..end)?);
        let name = name.strip_prefix('L')?.strip_suffix(';')?;
        Some(name.replace('/', "."))
    }

    /// What a class takes: its entry, its members, its code.
    fn class(&self, mut at: usize) -> Option<u64> {
        let mut size = u64::try_from(CLASS).ok()?;
        if at == 0 {
            return Some(size);
        }
        let mut counts = [0; 4];
        for count in &mut counts {
            *count = self.number(&mut at)?;
        }
        let [of_class, of_object, direct, overridable] = counts;
        for _ in 0..of_class + of_object {
            self.number(&mut at)?;
            self.number(&mut at)?;
            size += FIELD;
        }
        for _ in 0..direct + overridable {
            self.number(&mut at)?;
            self.number(&mut at)?;
            let code = self.number(&mut at)?;
            size += METHOD;
            if code != 0 {
                // Instructions come in units of two bytes, places where something can be thrown in eight.
                let tries = self.two(code + 6)? * 8;
                let whole = CODE_HEAD + self.four(code + 12)? * 2 + tries;
                size += u64::try_from(whole).ok()?;
            }
        }
        Some(size)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::{Names, package, sizes};

    /// One class `a` with one method of three instructions.
    fn dex() -> Vec<u8> {
        let mut dex = vec![0; 0x70];
        dex[..4].copy_from_slice(b"dex\n");
        let put = |dex: &mut Vec<u8>, at: usize, value: usize| {
            dex[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap().to_le_bytes());
        };
        put(&mut dex, 0x3c, 0x70);
        put(&mut dex, 0x44, 0x74);
        put(&mut dex, 0x60, 1);
        put(&mut dex, 0x64, 0x78);
        dex.extend(0x98_u32.to_le_bytes());
        dex.extend(0_u32.to_le_bytes());
        dex.extend([0; 24]);
        dex.extend(0xa0_u32.to_le_bytes());
        dex.extend([0; 4]);
        dex.extend(b"\x03La;\0\0\0\0");
        dex.extend([0, 0, 1, 0, 0, 0, 0xb0, 0x01]);
        dex.extend([0; 8]);
        dex.extend([0; 12]);
        dex.extend(3_u32.to_le_bytes());
        dex.extend([0; 6]);
        dex
    }

    #[test]
    fn code_is_counted_for_the_package_that_it_had() {
        let names = Names::of("# a comment\norg.one.two.Three -> a:\n    void run() -> b\n");
        let found = sizes(&[dex()], &names).unwrap();
        assert_eq!(found, [("org.one.two".to_owned(), 32 + 8 + 16 + 6)]);
        assert_eq!(sizes(&[b"no dex".to_vec()], &names), None);
        assert_eq!(sizes(&[dex()[..0x90].to_vec()], &names), None);
    }

    #[test]
    fn packages_are_as_deep_as_they_tell_something() {
        assert_eq!(
            package("androidx.compose.ui.text.Text"),
            "androidx.compose.ui"
        );
        assert_eq!(
            package("androidx.lifecycle.ViewModel"),
            "androidx.lifecycle"
        );
        assert_eq!(package("kotlin.collections.List"), "kotlin");
        assert_eq!(package("com.sun.jna.Native"), "com.sun.jna");
        assert_eq!(package("a"), "what R8 made anew");
    }
}
