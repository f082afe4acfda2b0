//! The app compiled, and its tests run under Robolectric: on each Android that is tested, against the real core.

use std::fs;
use std::path::PathBuf;

use super::TESTED;
use super::compiled::{Compiled, compose};
use super::parts::Parts;
use super::resources::Resources;
use crate::bindings::{Given, KotlinLibrary};
use crate::ci;
use crate::jvm::{Compilation, files, java, joined, property, quoted};
use crate::step::{Counts, Step, clear, root};

/// What Robolectric needs of Java's own insides.
const OPENED: [&str; 6] = [
    "java.base/jdk.internal.access",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.lang",
    "java.base/java.util",
];

/// Builds everything and runs the tests whose names hold one of these words, or all.
pub(super) fn run(given: &Given, only: &[String]) -> Result<bool, String> {
    let parts = Parts::new()?;
    let Compiled {
        resources,
        library,
        app,
    } = Compiled::new(&parts, given)?;
    let tests = tests(&parts, &resources, &library, &app)?;
    let run = arguments(&parts, &resources, &library, &[tests, app], only)?;
    // A process for each: the core is in memory once for a process, and keeps its callbacks for whoever came first,
    // while Robolectric loads all classes anew for each Android.
    let mut steps = Vec::new();
    for level in TESTED {
        let own = format!("-Drobolectric.enabledSdks={level}");
        let own = [&[own], &run[..]].concat();
        let arguments = parts
            .workshop
            .arguments_file(&format!("test-{level}"), &own)?;
        let step = Step::program("app's tests", java(), &[&arguments]);
        steps.push(step.counted(Counts::Tests));
    }
    ci::run(&steps)
}

fn tests(
    parts: &Parts,
    resources: &Resources,
    library: &KotlinLibrary,
    app: &std::path::Path,
) -> Result<PathBuf, String> {
    let mut class_path = vec![app.to_path_buf(), resources.classes()];
    class_path.extend(library.classes());
    class_path.extend(parts.class_path("test")?);
    class_path.push(parts.android.clone());
    let mut sources = files(&root().join("android/app/src/test/kotlin"), "kt")?;
    sources.extend(library.runner()?);
    let friends = format!("-Xfriend-paths={}", app.display());
    parts.workshop.compile(&Compilation {
        name: "tests",
        class_path,
        arguments: vec!["-Werror".into(), friends.into(), compose(parts)?],
        sources,
    })
}

fn arguments(
    parts: &Parts,
    resources: &Resources,
    library: &KotlinLibrary,
    own: &[PathBuf; 2],
    only: &[String],
) -> Result<Vec<String>, String> {
    let pictures = parts.workshop.folder.join("pictures");
    clear(&pictures)?;
    fs::create_dir_all(&pictures)
        .map_err(|error| format!("make {}: {error}", pictures.display()))?;

    let files = root().join("android/app/src/test/resources");
    let mut class_path = vec![settings(parts, resources, "settings")?, files];
    class_path.extend_from_slice(own);
    class_path.push(resources.classes());
    class_path.extend(library.classes());
    class_path.extend(parts.class_path("test")?);
    // Last: what Robolectric's own jars do not have is a stub, and never runs.
    class_path.push(parts.android.clone());

    let mut run = flags(parts, library)?;
    run.push(property("companion.pictures", &pictures));
    run.push("-cp".to_owned());
    run.push(joined(&class_path));
    run.push("RunKt".to_owned());
    run.push(quoted(own[0].as_os_str()));
    run.extend(only.iter().map(|word| quoted(word.as_ref())));
    Ok(run)
}

/// A folder for the class path, in which Robolectric finds these resources.
pub(super) fn settings(
    parts: &Parts,
    resources: &Resources,
    name: &str,
) -> Result<PathBuf, String> {
    let settings = parts.workshop.folder.join(name);
    let config = settings.join("com/android/tools/test_config.properties");
    write(&config, &resources.config())?;
    let from = root().join("android/app/src/test/resources/robolectric.properties");
    let text =
        fs::read_to_string(&from).map_err(|error| format!("read {}: {error}", from.display()))?;
    write(&settings.join("robolectric.properties"), &text)?;
    Ok(settings)
}

/// What Java is told for Robolectric and the core.
pub(super) fn flags(parts: &Parts, library: &KotlinLibrary) -> Result<Vec<String>, String> {
    let temporary = parts.workshop.folder.join("temporary");
    clear(&temporary)?;
    fs::create_dir_all(&temporary)
        .map_err(|error| format!("make {}: {error}", temporary.display()))?;
    let mut flags = vec!["-Xmx3g".to_owned(), "-ea".to_owned()];
    for opened in OPENED {
        flags.push(format!("--add-opens={opened}=ALL-UNNAMED"));
    }
    flags.push("--add-exports=java.base/jdk.internal.access=ALL-UNNAMED".to_owned());
    flags.push("-Drobolectric.offline=true".to_owned());
    flags.push(property("robolectric.dependency.dir", &sdks(parts)?));
    flags.extend(library.properties());
    flags.push(property("java.io.tmpdir", &temporary));
    Ok(flags)
}

/// A folder with the frameworks under the names that Robolectric looks for.
fn sdks(parts: &Parts) -> Result<PathBuf, String> {
    let folder = parts.workshop.folder.join("sdks");
    clear(&folder)?;
    fs::create_dir_all(&folder).map_err(|error| format!("make {}: {error}", folder.display()))?;
    for level in TESTED {
        let purpose = &format!("android-{level}");
        let coordinates = parts.lock.coordinates(purpose).next();
        let coordinates = coordinates.ok_or_else(|| format!("find {purpose} in the lock"))?;
        let name = format!("{}-{}.jar", coordinates.name, coordinates.version);
        for file in parts.lock.files(purpose) {
            fs::hard_link(&file, folder.join(&name))
                .map_err(|error| format!("lay {name}: {error}"))?;
        }
    }
    Ok(folder)
}

fn write(file: &std::path::Path, text: &str) -> Result<(), String> {
    let folder = file.parent().unwrap_or(file);
    let made = fs::create_dir_all(folder).and_then(|()| fs::write(file, text));
    made.map_err(|error| format!("write {}: {error}", file.display()))
}
