//! The faults, and what has to be said of each.

/// A file of the app's own code.
macro_rules! app {
    ($file:literal) => {
        concat!("android/app/src/main/kotlin/org/kapcompanion/app/", $file)
    };
}

mod kept;
mod lint;
mod pages;
mod smoke;

pub(super) use lint::LINT;
pub(super) use smoke::SMOKE;

/// What `cargo xtask android test` has to notice.
pub(super) const TESTS: [&[Fault]; 2] = [kept::KEPT, pages::PAGES];

const MANIFEST: &str = "android/app/src/main/AndroidManifest.xml";

/// Text of a file, and what stands there instead.
pub(super) type Edit = (&'static str, &'static str, &'static str);

/// A fault that somebody could bring in. All of one check are there at once: none may keep another one's test from
/// coming as far as to notice it.
pub(super) struct Fault {
    pub(super) what: &'static str,
    pub(super) edits: &'static [Edit],
    /// The test that is there for it, after its class; nothing for a check that is no test.
    pub(super) test: &'static str,
    /// All that has to be said of it in one place: of a test, beside that it failed.
    pub(super) says: &'static [&'static str],
}

impl Fault {
    /// A test that fails for another reason than this fault has not noticed it.
    pub(super) fn is_noticed(&self, output: &str) -> bool {
        let failed = match self.test {
            "" => String::new(),
            test => format!("test {test} ... FAILED"),
        };
        said(output).iter().any(|said| {
            said.contains(&failed) && self.says.iter().all(|words| said.contains(words))
        })
    }

    /// What it says where it is noticed, in one line.
    pub(super) fn told(&self) -> String {
        let says = self.says.join(", ");
        match self.test {
            "" => says,
            test => format!("{test}: {says}"),
        }
    }

    /// The test's own name, without its class.
    pub(super) fn test_name(&self) -> Option<&'static str> {
        self.test.split_once('.').map(|(_, name)| name)
    }
}

/// Each line of an output with the indented ones that follow it: they say why.
fn said(output: &str) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for line in output.lines() {
        match said.last_mut() {
            Some(last) if line.starts_with(' ') => {
                last.push('\n');
                last.push_str(line);
            }
            _ => said.push(line.to_owned()),
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::{Fault, LINT, SMOKE, TESTS};

    const FAULT: Fault = Fault {
        what: "a draft is lost",
        edits: &[],
        test: "DraftTest.a draft outlives it",
        says: &["Half a thought is shown: never"],
    };

    #[test]
    fn a_fault_is_noticed_by_its_test_and_for_its_reason() {
        let failed = "test DraftTest.a draft outlives it ... FAILED (9 ms)\n";
        let why = "    java.lang.AssertionError: Half a thought is shown: never. There is: []\n";
        assert!(FAULT.is_noticed(&format!("noise\n{failed}{why}noise\n")));
        assert!(!FAULT.is_noticed(&format!(
            "{failed}    it is closed\ntest other ... FAILED\n{why}"
        )));
        assert!(!FAULT.is_noticed("test DraftTest.a draft outlives it ... ok (9 ms)\n"));
        assert_eq!(FAULT.test_name(), Some("a draft outlives it"));
    }

    #[test]
    fn what_is_to_be_broken_stands_once_in_its_file() {
        let faults = TESTS.iter().copied().chain([LINT, SMOKE]).flatten();
        for (file, from, _) in faults.flat_map(|fault| fault.edits) {
            let text = std::fs::read_to_string(crate::step::root().join(file));
            let found = text.unwrap_or_default().matches(from).count();
            assert_eq!(found, 1, "in {file}: {from}");
        }
    }
}
