//! Manifests merged, resources compiled and linked, and the classes by which code names them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::parts::{Parts, beside};
use crate::jvm::{files, java, quoted, short, tool};
use crate::step::{clear, root, succeed};

const PACKAGE: &str = "org.kapcompanion.app";

/// Whose resources are put together with the app's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shipped {
    /// Those of what the app is shipped with.
    Alone,
    /// Those of what its tests stand on as well.
    WithTests,
}

impl Shipped {
    fn purpose(self) -> &'static str {
        match self {
            Shipped::Alone => "main",
            Shipped::WithTests => "test",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Shipped::Alone => "shipped",
            Shipped::WithTests => "resources",
        }
    }
}

/// What was made of the resources.
pub(super) struct Resources {
    folder: PathBuf,
}

impl Resources {
    /// The merged manifest.
    pub(super) fn manifest(&self) -> PathBuf {
        self.folder.join("AndroidManifest.xml")
    }

    /// What aapt2 linked.
    pub(super) fn linked(&self) -> PathBuf {
        self.folder.join("resources.ap_")
    }

    /// What R8 must keep since a resource or the manifest names it.
    pub(super) fn rules(&self) -> PathBuf {
        self.folder.join("rules.pro")
    }

    /// The classes `R`.
    pub(super) fn classes(&self) -> PathBuf {
        self.folder.join("classes")
    }

    /// What Robolectric is told of them, as Gradle would tell it.
    pub(super) fn config(&self) -> String {
        let assets = self.folder.join("assets");
        format!(
            "android_merged_manifest={}\nandroid_resource_apk={}\nandroid_merged_assets={}\nandroid_custom_package={PACKAGE}\n",
            self.manifest().display(),
            self.linked().display(),
            assets.display()
        )
    }

    /// Makes them, unless they were made of the same already.
    pub(super) fn new(parts: &Parts, shipped: Shipped) -> Result<Resources, String> {
        let main = root().join("android/app/src/main");
        let workshop = &parts.workshop;
        let mut all = Sha256::new();
        for file in own(&main)? {
            let bytes =
                fs::read(&file).map_err(|error| format!("read {}: {error}", file.display()))?;
            all.update(file.as_os_str().as_encoded_bytes());
            all.update(Sha256::digest(bytes));
        }
        let archives = parts.archives(shipped.purpose());
        for path in archives.iter().chain([&parts.android]) {
            all.update(path.as_os_str().as_encoded_bytes());
        }
        let made = Resources {
            folder: workshop
                .folder
                .join(format!("{}-{}", shipped.folder(), short(all))),
        };
        if made.folder.exists() {
            return Ok(made);
        }
        workshop.clear_older(shipped.folder())?;
        let work = Resources {
            folder: made.folder.with_extension("unfinished"),
        };
        clear(&work.folder)?;
        fs::create_dir_all(work.folder.join("assets"))
            .map_err(|error| format!("make {}: {error}", work.folder.display()))?;
        work.merge(parts, &main, &archives)?;
        let compiled = work.compile(parts, &main, &archives)?;
        work.link(parts, &compiled, &archives)?;
        fs::rename(&work.folder, &made.folder)
            .map_err(|error| format!("keep {}: {error}", made.folder.display()))?;
        Ok(made)
    }

    fn merge(&self, parts: &Parts, main: &Path, archives: &[PathBuf]) -> Result<(), String> {
        let libraries: Vec<PathBuf> = archives
            .iter()
            .map(|archive| archive.join("AndroidManifest.xml"))
            .collect();
        let sdk = parts.catalog.version("compile-sdk")?;
        let min = parts.catalog.version("min-sdk")?;
        let mut command = Command::new(java());
        command.arg("-cp");
        command.arg(
            std::env::join_paths(parts.lock.files("merger")).map_err(|error| error.to_string())?,
        );
        command.arg("com.android.manifmerger.Merger").arg("--main");
        command.arg(main.join("AndroidManifest.xml")).arg("--libs");
        command.arg(std::env::join_paths(libraries).map_err(|error| error.to_string())?);
        for (name, value) in [
            ("PACKAGE", PACKAGE),
            ("MIN_SDK_VERSION", &min),
            ("TARGET_SDK_VERSION", &sdk),
            ("VERSION_CODE", "1"),
            ("VERSION_NAME", "0.1.0"),
        ] {
            command.arg("--property").arg(format!("{name}={value}"));
        }
        command.args(["--log", "WARNING", "--out"]);
        succeed(command.arg(self.manifest()))?;
        // It can end well without having written anything.
        match self.manifest().exists() {
            true => Ok(()),
            false => Err("merge the manifests".to_owned()),
        }
    }

    /// Resources of every library, kept from one time to the next, and those of the app.
    fn compile(
        &self,
        parts: &Parts,
        main: &Path,
        archives: &[PathBuf],
    ) -> Result<Vec<PathBuf>, String> {
        let folder = parts.workshop.folder.join("compiled");
        fs::create_dir_all(&folder)
            .map_err(|error| format!("make {}: {error}", folder.display()))?;
        let mut compiled = Vec::new();
        for archive in archives {
            let resources = archive.join("res");
            let has_some = resources.exists() && !own(&resources)?.is_empty();
            if !has_some {
                continue;
            }
            let name = archive.file_name().unwrap_or_default();
            let file = beside(&folder.join(name), "zip");
            if !file.exists() {
                let unfinished = beside(&file, "unfinished");
                let mut command = Command::new(&parts.aapt2);
                command
                    .args(["compile", "--legacy", "--dir"])
                    .arg(resources);
                succeed(command.arg("-o").arg(&unfinished))?;
                fs::rename(&unfinished, &file)
                    .map_err(|error| format!("keep {}: {error}", file.display()))?;
            }
            compiled.push(file);
        }
        let app = self.folder.join("app.zip");
        let mut command = Command::new(&parts.aapt2);
        command.args(["compile", "--dir"]).arg(main.join("res"));
        succeed(command.arg("-o").arg(&app))?;
        compiled.push(app);
        Ok(compiled)
    }

    fn link(
        &self,
        parts: &Parts,
        compiled: &[PathBuf],
        archives: &[PathBuf],
    ) -> Result<(), String> {
        let sources = self.folder.join("sources");
        let mut command = Command::new(&parts.aapt2);
        command.arg("link").arg("-I").arg(&parts.android);
        command.arg("--manifest").arg(self.manifest());
        command
            .arg("--min-sdk-version")
            .arg(parts.catalog.version("min-sdk")?);
        command
            .arg("--target-sdk-version")
            .arg(parts.catalog.version("compile-sdk")?);
        command.args([
            "--auto-add-overlay",
            "--no-version-vectors",
            // As with Gradle: code that is compiled once finds its resources in whichever app it is put.
            "--non-final-ids",
            "--custom-package",
            PACKAGE,
        ]);
        command
            .arg("--extra-packages")
            .arg(packages(archives)?.join(":"));
        command.arg("--proguard").arg(self.rules());
        command
            .arg("--java")
            .arg(&sources)
            .arg("-o")
            .arg(self.linked());
        for file in compiled {
            command.arg("-R").arg(file);
        }
        succeed(&mut command)?;
        let arguments: Vec<String> = ["-nowarn", "-proc:none", "--release", "17", "-d"]
            .map(str::to_owned)
            .into_iter()
            .chain([quoted(self.classes().as_os_str())])
            .chain(
                files(&sources, "java")?
                    .iter()
                    .map(|its| quoted(its.as_os_str())),
            )
            .collect();
        let arguments = parts.workshop.arguments_file("r", &arguments)?;
        succeed(Command::new(tool("javac")).arg(arguments))
    }
}

/// The packages that libraries name their resources by.
fn packages(archives: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut packages = Vec::new();
    for archive in archives {
        let path = archive.join("AndroidManifest.xml");
        let manifest = fs::read_to_string(&path);
        let manifest = manifest.map_err(|error| format!("read {}: {error}", path.display()))?;
        let package = manifest.split_once("package=\"");
        packages.extend(
            package
                .and_then(|(_, rest)| rest.split('"').next())
                .map(str::to_owned),
        );
    }
    Ok(packages)
}

/// Every file below a folder that is not code.
fn own(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = files(folder, "xml")?;
    for extension in ["png", "webp", "ttf", "otf", "json"] {
        found.extend(files(folder, extension)?);
    }
    Ok(found)
}
