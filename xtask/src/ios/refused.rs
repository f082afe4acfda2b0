//! Views with one mistake each (`ios/Modules/bad`), which the compiler must refuse by what the stand-ins declare: a
//! signature that Apple does not have must not be one here.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::package;
use crate::bindings::SwiftToolchain;
use crate::count::Count;
use crate::step::root;

/// Compiles each, against the modules of this folder. True when the compiler said of all what their first lines say.
pub(super) fn all(swift: &SwiftToolchain, modules: &Path) -> Result<bool, String> {
    let folder = package().join("bad");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|error| format!("read {}: {error}", folder.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|its| its == "swift"))
        .collect();
    files.sort_unstable();
    let mut count = Count::default();
    for file in &files {
        let problem = judge(swift, modules, file)?;
        let name = file.file_stem().unwrap_or_default().display();
        match &problem {
            None => println!("ok       {name}"),
            Some(problem) => println!("NOT SO   {name}: {problem}"),
        }
        count += Count::one(problem.is_none());
    }
    // As test programs end, for whoever counts.
    let verdict = if count.failed == 0 { "ok" } else { "FAILED" };
    let Count { passed, failed, .. } = count;
    println!("test result: {verdict}. {passed} passed; {failed} failed; 0 ignored");
    Ok(count.failed == 0 && count.passed > 0)
}

/// What a file's first line promises, against what the compiler says of it.
fn judge(swift: &SwiftToolchain, modules: &Path, file: &Path) -> Result<Option<String>, String> {
    let source = std::fs::read_to_string(file)
        .map_err(|error| format!("read {}: {error}", file.display()))?;
    let first = source.lines().next().unwrap_or_default();
    // As far as to what tasks share, which is looked at after the types.
    let mut run = swift.run(&[]);
    run.extend(
        [
            "swiftc",
            "-emit-sil",
            "-o",
            "/dev/null",
            "-parse-as-library",
            "-swift-version",
            "6",
            "-I",
        ]
        .map(str::to_owned),
    );
    run.extend([modules.display().to_string(), file.display().to_string()]);
    let (program, arguments) = run.split_first().ok_or("find a compiler")?;
    let done = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|error| format!("start swiftc: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    let said: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("error:"))
        .collect();
    Ok(match first.split_once("refused: ") {
        None if done.status.success() => None,
        None => Some(format!("it is refused: {}", said.join("; "))),
        Some(_) if done.status.success() => Some("it compiles".to_owned()),
        Some((_, why)) if said.iter().any(|line| line.contains(why)) => None,
        Some(_) => Some(format!(
            "it is refused for another reason: {}",
            said.join("; ")
        )),
    })
}
