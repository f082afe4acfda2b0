//! The library around the core in Kotlin, on the JVM: the generated code, the library around it and its tests, each
//! compiled by itself and only where something of it changed.

use std::path::{Path, PathBuf};

use super::{Build, Given, Language, built, generate, library};
use crate::ci;
use crate::jvm::{Compilation, Workshop, files, java, joined, needs, property, quoted};
use crate::maven::Lock;
use crate::step::{Counts, Step, clear, root, target};

const HINT: &str = "apt-get install openjdk-17-jre-headless maven";

/// Writes the code around a library, for the Gradle module to find.
pub(super) fn lay(built: &Path) -> Result<PathBuf, String> {
    let folder = target().join("bindings/kotlin");
    generated_twice(built, &folder)?;
    Ok(folder)
}

/// Builds everything and runs the tests whose names hold one of these words, or all.
pub(super) fn test(given: &Given, only: &[String]) -> Result<bool, String> {
    let ready = Ready::new(Build::Contract, given)?;
    let sources = [sources("test")?, sources("runner")?].concat();
    let classes = ready.compile("tests", sources)?;
    let mut run = ready.run("test", &classes, "RunKt");
    run.push(quoted(classes.as_os_str()));
    run.extend(only.iter().map(|word| quoted(word.as_ref())));
    let arguments = ready.workshop.arguments_file("test", &run)?;
    let step = Step::program("kotlin", java(), &[&arguments]);
    ci::run(&[step.counted(Counts::Tests)])
}

/// Measures, and prints what it measured as lines of JSON.
pub(super) fn bench(given: &Given) -> Result<bool, String> {
    let ready = Ready::new(Build::Measured, given)?;
    let classes = ready.compile("bench", sources("bench")?)?;
    let run = ready.run("bench", &classes, "BenchKt");
    let arguments = ready.workshop.arguments_file("bench", &run)?;
    ci::run(&[Step::program("kotlin figures", java(), &[&arguments])])
}

/// The library, compiled, and what it stands on.
pub(crate) struct Ready {
    workshop: Workshop,
    lock: Lock,
    built: PathBuf,
    generated: PathBuf,
    main: PathBuf,
}

impl Ready {
    pub(super) fn new(build: Build, given: &Given) -> Result<Ready, String> {
        needs("java", HINT)?;
        let lock = Lock::read("bindings/kotlin/dependencies.lock")?;
        let workshop = Workshop {
            label: "kotlin",
            folder: target().join("bindings/jvm"),
            compiler: lock.files("compiler"),
        };
        workshop.timed("dependencies", || lock.fetch(&["compiler", "main", "test"]))?;
        let built = workshop.timed("library and programs", || built(build, given))?;
        // With what only the contract calls: not where an app looks for it.
        let written = workshop.folder.join("kotlin");
        let written = workshop.timed("bindings", || generated_twice(&built, &written))?;
        let (generated, main) = library_classes(&workshop, written, lock.files("main"))?;
        Ok(Ready {
            workshop,
            lock,
            built,
            generated,
            main,
        })
    }

    fn class_path(&self) -> Vec<PathBuf> {
        let own = vec![self.main.clone(), self.generated.clone()];
        [own, self.lock.files("main"), self.lock.files("test")].concat()
    }

    /// Compiles what looks into the library as its own code does.
    fn compile(&self, name: &'static str, sources: Vec<PathBuf>) -> Result<PathBuf, String> {
        let friends = format!(
            "-Xfriend-paths={},{}",
            self.main.display(),
            self.generated.display()
        );
        self.workshop.compile(&Compilation {
            name,
            class_path: self.class_path(),
            arguments: vec!["-Werror".into(), friends.into()],
            sources,
        })
    }

    /// What a virtual machine is told of what was built.
    pub(crate) fn properties(&self) -> [String; 4] {
        [
            // The one that was built, and never one of the system's.
            property(
                "uniffi.component.companion_ffi.libraryOverride",
                &library(&self.built),
            ),
            property("companion.programs", &self.built),
            property("companion.contract", &root().join("bindings/contract")),
            "-Djna.nosys=true".to_owned(),
        ]
    }

    /// Its classes, and those that were generated.
    pub(crate) fn classes(&self) -> [PathBuf; 2] {
        [self.main.clone(), self.generated.clone()]
    }

    /// What runs tests and counts them.
    pub(crate) fn runner(&self) -> Result<Vec<PathBuf>, String> {
        sources("runner")
    }

    /// How a class is run with the library beneath it.
    fn run(&self, name: &str, classes: &Path, main: &str) -> Vec<String> {
        let class_path = [&[classes.to_path_buf()], &self.class_path()[..]].concat();
        let temporary = self.workshop.folder.join(name);
        let mut run = vec!["-Xmx1g".to_owned(), "-ea".to_owned()];
        run.extend(self.properties());
        run.extend([
            property("java.io.tmpdir", &temporary),
            "-cp".to_owned(),
            joined(&class_path),
            main.to_owned(),
        ]);
        run
    }
}

/// Compiles the code that was generated, and the library around it.
fn library_classes(
    workshop: &Workshop,
    generated: Vec<PathBuf>,
    dependencies: Vec<PathBuf>,
) -> Result<(PathBuf, PathBuf), String> {
    let generated = workshop.compile(&Compilation {
        name: "generated",
        class_path: dependencies.clone(),
        arguments: vec!["-nowarn".into()],
        sources: generated,
    })?;
    // What the library gives to apps is said to be public, and of a type that is written down.
    let main = workshop.compile(&Compilation {
        name: "library",
        class_path: [vec![generated.clone()], dependencies].concat(),
        arguments: vec!["-Werror".into(), "-Xexplicit-api=strict".into()],
        sources: sources("main")?,
    })?;
    Ok((generated, main))
}

/// Writes the code twice: it must be the same both times, down to the byte.
fn generated_twice(built: &Path, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let again = folder.with_file_name("kotlin again");
    for folder in [folder, &again] {
        generate(Language::Kotlin, built, folder)?;
    }
    let contents = |files: &[PathBuf]| -> Result<Vec<Vec<u8>>, String> {
        let read =
            |file| std::fs::read(file).map_err(|error| format!("read what is generated: {error}"));
        files.iter().map(read).collect()
    };
    let written = files(folder, "kt")?;
    if written.is_empty() || contents(&written)? != contents(&files(&again, "kt")?)? {
        return Err("write the same bindings twice".to_owned());
    }
    clear(&again)?;
    Ok(written)
}

/// What is hand-written for this purpose.
fn sources(purpose: &str) -> Result<Vec<PathBuf>, String> {
    let folder = root().join("bindings/kotlin/src").join(purpose);
    files(&folder.join("kotlin"), "kt")
}
