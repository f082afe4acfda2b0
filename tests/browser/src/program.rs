//! Programs of this workspace as a person starts them: by their names, in processes of their own.

use std::path::PathBuf;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::Result;
use crate::chromium::PATIENCE;

/// Where a program of the workspace was built, beside this test.
///
/// # Errors
///
/// When it was not built: `cargo xtask browser` builds it first.
pub fn built(name: &str) -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test
        .parent()
        .and_then(|deps| deps.parent())
        .ok_or("the test lies nowhere")?;
    let program = folder.join(name);
    if program.exists() {
        return Ok(program);
    }
    Err(format!(
        "{} is not built: run `cargo xtask browser`",
        program.display()
    )
    .into())
}

/// What a program of the workspace prints when it is run to its end.
///
/// # Errors
///
/// When it is not built, or ends with anything but success: the error has what it said.
pub async fn run(name: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(built(name)?)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .await?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} {} failed: {said}{errors}", arguments.join(" ")).into())
}

/// A running program whose output is read line by line. Killed when dropped, and what it left in its
/// folder for temporary files goes too.
pub struct Program {
    child: Child,
    _temporary: TempDir,
    lines: Lines<BufReader<ChildStdout>>,
    /// Every line read so far.
    pub said: Vec<String>,
}

impl Program {
    /// Starts a program of the workspace.
    ///
    /// # Errors
    ///
    /// When it is not built or cannot be started.
    pub fn start(name: &str, arguments: &[&str]) -> Result<Program> {
        let temporary = tempfile::tempdir()?;
        let mut child = Command::new(built(name)?)
            .args(arguments)
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().ok_or("no output to read")?;
        Ok(Program {
            child,
            _temporary: temporary,
            lines: BufReader::new(output).lines(),
            said: Vec::new(),
        })
    }

    /// Reads on until a line fits, and gives what `wanted` made of it.
    ///
    /// # Errors
    ///
    /// When the program ends or falls silent first: the error has everything that it said.
    pub async fn until<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> Result<T> {
        // A demo writes weeks of records before its first word, on whatever machine this is.
        let patience = PATIENCE * 6;
        loop {
            let next = tokio::time::timeout(patience, self.lines.next_line()).await;
            let Ok(Ok(Some(line))) = next else {
                let said = self.said.join("\n");
                return Err(format!("the program stopped talking; it had said:\n{said}").into());
            };
            let found = wanted(&line);
            self.said.push(line);
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    /// Ends it, and waits.
    ///
    /// # Errors
    ///
    /// When it cannot be ended.
    pub async fn end(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }
}
