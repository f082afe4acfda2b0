//! The iOS app on Linux: its models and screens over the real core, drawn by stand-ins for Apple's frameworks, then
//! pictured and judged in a browser. What that does not prove stands in `ios/README.md`.

mod refused;

use std::path::PathBuf;

use crate::bindings::{Given, SwiftToolchain, built_for_contract, lay_swift};
use crate::ci;
use crate::step::{Counts, Step, cargo, clear, root, target};

/// Builds the app's package and runs its tests, or those alone whose names hold one of these words; pictures and judges
/// what they all drew; and has the compiler refuse what must be refused.
pub(crate) fn test(given: &Given, only: &[String]) -> Result<bool, String> {
    let swift = SwiftToolchain::find()?;
    let built = built_for_contract(given)?;
    lay_swift(&built)?;
    let screens = target().join("ios/screens");
    clear(&screens)?;
    // The package's builder does not see that the library is another one: what it linked is linked anew.
    let linked = scratch().join("debug/CompanionPackageTests.xctest");
    match std::fs::remove_file(&linked) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("remove {}: {error}", linked.display()));
        }
        _ => {}
    }

    let mut tests = swift.run(&[&built]);
    tests.extend([
        "env".to_owned(),
        format!("COMPANION_PROGRAMS={}", built.display()),
        format!("COMPANION_SCREENS={}", screens.display()),
    ]);
    // What is read on each screen is to be written anew: the folder with Swift has no environment of ours.
    tests.extend(
        std::env::var("COMPANION_READ_ANEW").map(|its| format!("COMPANION_READ_ANEW={its}")),
    );
    tests.extend([
        "swift".to_owned(),
        "test".to_owned(),
        "--disable-sandbox".to_owned(),
        format!("--package-path={}", package().display()),
        format!("--scratch-path={}", scratch().display()),
    ]);
    let few = only.iter().flat_map(|word| ["--filter", word.as_str()]);
    tests.extend(few.map(str::to_owned));

    let tests = step("ios tests", &tests).counted(Counts::Tests);
    if !only.is_empty() {
        return ci::run(&[tests]);
    }

    let pictures = [
        format!("COMPANION_SCREENS={}", screens.display()),
        cargo().display().to_string(),
        "test".to_owned(),
        "--package=companion-browser-tests".to_owned(),
        "--features=chromium".to_owned(),
        "--test=ios_screens".to_owned(),
        "--".to_owned(),
        "--include-ignored".to_owned(),
    ];
    println!("=== pictures of the screens: {}", screens.display());
    let ran = ci::run(&[
        tests,
        ci::in_chromium(
            Step::program("ios pictures", "env", &words(&pictures)).counted(Counts::Tests),
        ),
    ])?;
    Ok(refused::all(&swift, &scratch().join("debug/Modules"))? && ran)
}

/// What is built around the core but for the app's entry point.
fn package() -> PathBuf {
    root().join("ios/Modules")
}

/// Where it is built.
fn scratch() -> PathBuf {
    target().join("ios/build")
}

fn step(name: &'static str, run: &[String]) -> Step {
    match words(run).split_first() {
        Some((program, arguments)) => Step::program(name, program, arguments),
        None => Step::program(name, "", &[]),
    }
}

fn words(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}
