//! The app as one signed file, shrunk, and what its size consists of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::compiled::Compiled;
use super::dex::{Names, sizes};
use super::parts::Parts;
use super::shrink::{Into, Shrunk, shrink};
use crate::bindings::{Given, mib, phone_library};
use crate::jvm::{files, java, joined, tool};
use crate::step::{clear, root, succeed};

/// Packages of code that are named one by one.
const NAMED: usize = 12;

/// The key is made for one build and is nobody's: an APK of it is for looking at, never for a store.
const PASSWORD: &str = "throw-away";

/// The folder of `lib` for the processor that this machine has, as Android names it.
const PROCESSOR: &str = match cfg!(target_arch = "aarch64") {
    true => "arm64-v8a",
    false => "x86_64",
};

/// Builds it; around the core that is given, or one that is built as phones have it.
pub(super) fn run(given: &Given, core: Option<&Path>) -> Result<bool, String> {
    let parts = Parts::new()?;
    parts.lock.fetch(&["apksig"])?;
    let compiled = Compiled::new(&parts, given)?;
    let shrunk = shrink(&parts, &compiled, Into::Dex)?;
    let native = native(&parts, core)?;
    let folder = parts.workshop.folder.join("apk");
    clear(&folder)?;
    fs::create_dir_all(&folder).map_err(|error| format!("make {}: {error}", folder.display()))?;
    let key = throw_away_key(&folder)?;
    let apk = folder.join("companion.apk");
    let mut command = Command::new(java());
    command
        .arg("-cp")
        .arg(joined(&parts.lock.files("apksig")).trim_matches('"'));
    command.arg(root().join("android/ci/Pack.java"));
    command.arg(shrunk.resources.linked()).arg(&shrunk.code);
    command.arg(&native).arg(&key).arg(PASSWORD);
    command.arg(parts.catalog.version("min-sdk")?).arg(&apk);
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("start java: {error}"))?;
    if !output.status.success() {
        return Err("pack the app".to_owned());
    }
    tell(&apk, &shrunk, &String::from_utf8_lossy(&output.stdout))?;
    Ok(true)
}

/// The native libraries: the core as it is built for this machine, and what AndroidX brings along.
fn native(parts: &Parts, core: Option<&Path>) -> Result<PathBuf, String> {
    let folder = parts.workshop.folder.join("native");
    clear(&folder)?;
    let into = folder.join(PROCESSOR);
    fs::create_dir_all(&into).map_err(|error| format!("make {}: {error}", into.display()))?;
    let core = match core {
        Some(core) => core.to_path_buf(),
        None => parts
            .workshop
            .timed("the core, as a phone would have it", phone_library)?,
    };
    let mut libraries = vec![core];
    for archive in parts.archives("main") {
        let inside = archive.join("jni").join(PROCESSOR);
        if inside.exists() {
            libraries.extend(files(&inside, "so")?);
        }
    }
    for library in libraries {
        let name = library.file_name().unwrap_or_default();
        fs::copy(&library, into.join(name))
            .map_err(|error| format!("copy {}: {error}", library.display()))?;
    }
    Ok(folder)
}

fn throw_away_key(folder: &Path) -> Result<PathBuf, String> {
    let store = folder.join("throw-away.keystore");
    let mut command = Command::new(tool("keytool"));
    command.args(["-genkeypair", "-alias", "throw-away", "-keyalg", "EC"]);
    command.args(["-groupname", "secp256r1", "-dname", "CN=throw-away"]);
    command
        .args(["-storepass", PASSWORD, "-keystore"])
        .arg(&store);
    succeed(command.stderr(Stdio::null()))?;
    Ok(store)
}

/// The size, and what dominates it.
fn tell(apk: &Path, shrunk: &Shrunk, packed: &str) -> Result<(), String> {
    let whole = fs::metadata(apk)
        .map_err(|error| format!("read {}: {error}", apk.display()))?
        .len();
    println!("\n{} has {} ({whole} bytes)\n", apk.display(), mib(whole));
    println!(
        "No phone can load it: there is no NDK here, so its core is the one for this machine's Linux, and JNA's library \
        for Android is not in it. It is signed with a key that was made for this one file.\n"
    );
    let mut parts: Vec<(&str, u64)> = Vec::new();
    for line in packed.lines() {
        let (name, size) = line
            .split_once('\t')
            .ok_or_else(|| format!("read what was packed: {line}"))?;
        let size = size
            .parse()
            .map_err(|_| format!("read what was packed: {line}"))?;
        parts.push((name, size));
    }
    parts.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    println!("| part, as packed | size | of all |\n|---|---:|---:|");
    for (name, size) in parts {
        println!(
            "| {name} | {} | {} % |",
            mib(size),
            size * 100 / whole.max(1)
        );
    }
    let names = fs::read_to_string(&shrunk.names);
    let names = names.map_err(|error| format!("read {}: {error}", shrunk.names.display()))?;
    let mut dex = Vec::new();
    for file in files(&shrunk.code, "dex")? {
        dex.push(fs::read(&file).map_err(|error| format!("read {}: {error}", file.display()))?);
    }
    let sizes = sizes(&dex, &Names::of(&names)).ok_or("read the dex files")?;
    let all: u64 = sizes.iter().map(|(_, size)| size).sum();
    println!(
        "\n| code of package, without names and lists | size | of all code |\n|---|---:|---:|"
    );
    let rest: u64 = sizes.iter().skip(NAMED).map(|(_, size)| size).sum();
    let named = sizes
        .iter()
        .take(NAMED)
        .map(|(name, size)| (&**name, *size));
    for (name, size) in named.chain([("all else", rest)]) {
        println!("| {name} | {} | {} % |", mib(size), size * 100 / all.max(1));
    }
    Ok(())
}
