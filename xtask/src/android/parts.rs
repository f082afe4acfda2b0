//! What is taken from the locked files: archives unpacked, their metadata checked, an android.jar to compile against,
//! the program that compiles resources.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::catalog::Catalog;
use super::{HINT, LOCK, TESTED};
use crate::jvm::{Workshop, java, needs, short};
use crate::maven::Lock;
use crate::step::{clear, root, succeed, target};

/// Where the metadata of an archive says what it asks of whoever uses it.
const METADATA: &str = "META-INF/com/android/build/gradle/aar-metadata.properties";

/// All that the app is built with.
pub(super) struct Parts {
    pub(super) workshop: Workshop,
    pub(super) lock: Lock,
    pub(super) catalog: Catalog,
    /// The framework to compile against.
    pub(super) android: PathBuf,
    pub(super) aapt2: PathBuf,
}

impl Parts {
    /// Fetches, checks and unpacks.
    pub(super) fn new() -> Result<Parts, String> {
        needs("java", HINT)?;
        needs("javac", HINT)?;
        let catalog = Catalog::read()?;
        super::lock::must_be_of(&catalog)?;
        let lock = Lock::read(LOCK)?;
        let workshop = Workshop {
            label: "android",
            folder: target().join("android"),
            compiler: lock.files("kotlinc"),
        };
        let tools = [
            "main",
            "test",
            "kotlinc",
            "merger",
            "aapt2",
            "asm",
            "android-37",
        ];
        let tested = TESTED.map(|level| format!("android-{level}"));
        let wanted: Vec<&str> = tools
            .into_iter()
            .chain(tested.iter().map(|its| &**its))
            .collect();
        workshop.timed("dependencies", || lock.fetch(&wanted))?;
        let mut parts = Parts {
            android: PathBuf::new(),
            aapt2: workshop.folder.join("aapt2"),
            catalog,
            workshop,
            lock,
        };
        parts.workshop.timed("archives", || parts.unpack())?;
        parts.android = parts
            .workshop
            .timed("android.jar", || parts.framework("android-37"))?;
        Ok(parts)
    }

    /// The folders of the archives of a use.
    pub(super) fn archives(&self, purpose: &str) -> Vec<PathBuf> {
        let archives = self.lock.coordinates(purpose);
        let archives = archives.filter(|its| its.extension == "aar");
        let folder = self.workshop.folder.join("aars");
        archives
            .map(|its| folder.join(format!("{}.{}-{}", its.group, its.name, its.version)))
            .collect()
    }

    /// The archives of a use, with the folder of each.
    fn packed(&self, purpose: &str) -> impl Iterator<Item = (PathBuf, PathBuf)> {
        let files = self.lock.files(purpose).into_iter();
        let archives = files.filter(|file| file.extension().is_some_and(|its| its == "aar"));
        archives.zip(self.archives(purpose))
    }

    /// The class path of a use: jars, and those that are inside of archives.
    pub(super) fn class_path(&self, purpose: &str) -> Result<Vec<PathBuf>, String> {
        let files = self.lock.files(purpose);
        let is_jar = |file: &PathBuf| file.extension().is_some_and(|its| its == "jar");
        let mut jars: Vec<PathBuf> = files.into_iter().filter(is_jar).collect();
        for archive in self.archives(purpose) {
            jars.extend(Some(archive.join("classes.jar")).filter(|its| its.exists()));
            if archive.join("libs").exists() {
                jars.extend(crate::jvm::files(&archive.join("libs"), "jar")?);
            }
        }
        Ok(jars)
    }

    /// Each archive into a folder of its own, once; and the program out of the library that has it.
    fn unpack(&self) -> Result<(), String> {
        let mut orders = String::new();
        let mut unfinished: Vec<(PathBuf, PathBuf)> = Vec::new();
        for (file, folder) in self.packed("main").chain(self.packed("test")) {
            if !folder.exists() && unfinished.iter().all(|(_, its)| *its != folder) {
                let work = beside(&folder, "unfinished");
                clear(&work)?;
                let _ = writeln!(orders, "{}\t{}", file.display(), work.display());
                unfinished.push((work, folder));
            }
        }
        let library = self.lock.files("aapt2");
        let library = library.first().ok_or("find aapt2 in the lock")?;
        // A new version is another file: the program is taken anew each time.
        let entry = "prebuilt/linux/aapt2";
        let (library, program) = (library.display(), self.aapt2.display());
        let _ = writeln!(orders, "{library}\t{program}\t{entry}");
        let list = self.workshop.folder.join("unpack");
        fs::create_dir_all(&self.workshop.folder)
            .and_then(|()| fs::write(&list, orders))
            .map_err(|error| format!("write {}: {error}", list.display()))?;
        succeed(
            Command::new(java())
                .arg(root().join("android/ci/Unpack.java"))
                .arg(list),
        )?;
        executable(&self.aapt2)?;
        for (work, folder) in unfinished {
            self.must_suit(&work)?;
            fs::rename(&work, &folder)
                .map_err(|error| format!("keep {}: {error}", folder.display()))?;
        }
        Ok(())
    }

    /// Gradle would refuse an archive that asks for a newer Android or a newer Gradle plugin: so does this.
    fn must_suit(&self, archive: &Path) -> Result<(), String> {
        let Ok(metadata) = fs::read_to_string(archive.join(METADATA)) else {
            return Ok(());
        };
        match unsuitable(
            &metadata,
            &self.catalog.version("compile-sdk")?,
            &self.catalog.version("agp")?,
        ) {
            Some(problem) => Err(format!("use {}: {problem}", archive.display())),
            None => Ok(()),
        }
    }

    /// An android.jar of one version of Android.
    fn framework(&self, purpose: &str) -> Result<PathBuf, String> {
        let program = root().join("android/ci/Stubs.java");
        let source = fs::read(&program).map_err(|error| format!("read Stubs.java: {error}"))?;
        let mut all = Sha256::new();
        all.update(source);
        let files = self.lock.files(purpose);
        let whole = files
            .first()
            .ok_or_else(|| format!("find {purpose} in the lock"))?;
        all.update(whole.as_os_str().as_encoded_bytes());
        let jar = self
            .workshop
            .folder
            .join(format!("framework-{}.jar", short(all)));
        if jar.exists() {
            return Ok(jar);
        }
        if let Some(older) = files_named(&self.workshop.folder, "framework-") {
            let _ = fs::remove_file(older);
        }
        let unfinished = jar.with_extension("unfinished");
        let mut command = Command::new(java());
        command
            .arg("-Xmx3g")
            .arg("-cp")
            .arg(std::env::join_paths(self.lock.files("asm")).map_err(|error| error.to_string())?);
        succeed(command.arg(program).arg(whole).arg(&unfinished))?;
        fs::rename(&unfinished, &jar)
            .map_err(|error| format!("keep {}: {error}", jar.display()))?;
        Ok(jar)
    }
}

/// The same path with an ending more: dots in a name are no endings here.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

fn files_named(folder: &Path, beginning: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let mut named = entries.filter(|its| its.file_name().to_string_lossy().starts_with(beginning));
    named.next().map(|its| its.path())
}

/// Why an archive can't be used with these versions.
fn unsuitable(metadata: &str, compile_sdk: &str, agp: &str) -> Option<String> {
    let said = |key: &str| {
        let line = metadata
            .lines()
            .find_map(|line| line.trim().strip_prefix(key));
        line.and_then(|rest| rest.strip_prefix('='))
    };
    let wants = |key, has: &str| said(key).filter(|wanted| numbers(wanted) > numbers(has));
    if let Some(wanted) = wants("minCompileSdk", compile_sdk) {
        return Some(format!("it wants compile-sdk {wanted} or newer"));
    }
    wants("minAndroidGradlePluginVersion", agp)
        .map(|wanted| format!("it wants Android's Gradle plugin {wanted} or newer"))
}

fn numbers(version: &str) -> Vec<u32> {
    let parts = version
        .split(['.', '-'])
        .map_while(|part| part.parse().ok());
    parts.collect()
}

#[cfg(unix)]
fn executable(file: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let made = fs::set_permissions(file, fs::Permissions::from_mode(0o755));
    made.map_err(|error| format!("make {} a program: {error}", file.display()))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::unsuitable;

    #[test]
    fn an_archive_that_wants_something_newer_is_refused() {
        let metadata =
            "aarMetadataVersion=1.0\nminCompileSdk=37\nminAndroidGradlePluginVersion=9.1.0\n";
        assert_eq!(unsuitable(metadata, "37", "9.5.1"), None);
        assert_eq!(unsuitable(metadata, "37", "9.10"), None);
        let told = |sdk, agp| unsuitable(metadata, sdk, agp).unwrap_or_default();
        assert!(told("36", "9.5.1").contains("compile-sdk 37"));
        assert!(told("37", "9.0.1").contains("plugin 9.1.0"));
        assert_eq!(unsuitable("", "1", "1"), None);
    }
}
