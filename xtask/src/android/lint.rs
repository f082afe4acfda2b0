//! How the app's code is written.

use super::{HINT, LOCK};
use crate::ci;
use crate::jvm::{Workshop, java, joined, needs};
use crate::maven::Lock;
use crate::step::{Step, target};

/// Checks, or mends.
pub(super) fn run(write: bool) -> Result<bool, String> {
    needs("java", HINT)?;
    let lock = Lock::read(LOCK)?;
    lock.fetch(&["ktlint"])?;
    let workshop = Workshop {
        label: "android",
        folder: target().join("android"),
        compiler: Vec::new(),
    };
    let mut arguments = vec![
        "--add-opens=java.base/java.lang=ALL-UNNAMED".to_owned(),
        "-cp".to_owned(),
        joined(&lock.files("ktlint")),
        "com.pinterest.ktlint.Main".to_owned(),
        "--log-level=warn".to_owned(),
    ];
    arguments.extend(write.then(|| "--format".to_owned()));
    arguments.extend(["android/**/*.kt", "android/**/*.kts"].map(|its| format!("\"{its}\"")));
    let arguments = workshop.arguments_file("ktlint", &arguments)?;
    ci::run(&[Step::program(
        "how Kotlin is written",
        java(),
        &[&arguments],
    )])
}
