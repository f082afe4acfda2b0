//! How many checks passed and failed, read off what test runners print.

use std::fmt;
use std::ops::AddAssign;

/// Checks that ran, and tests that were told not to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Count {
    /// A step that is one check in itself.
    pub(crate) fn one(passed: bool) -> Count {
        Count {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            skipped: 0,
        }
    }

    /// What a line of a test runner adds, whichever runner it is.
    pub(crate) fn from_line(line: &str) -> Option<Count> {
        Count::of_rust(line).or_else(|| Count::of_swift(line))
    }

    /// `test result: ok. 12 passed; 0 failed; 1 ignored; …`, as each test program of Rust's ends.
    fn of_rust(line: &str) -> Option<Count> {
        let rest = line.trim().strip_prefix("test result: ")?;
        let mut count = Count::default();
        for part in rest.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => count.passed = number.parse().ok()?,
                Some((number, "failed")) => count.failed = number.parse().ok()?,
                Some((number, "ignored")) => count.skipped = number.parse().ok()?,
                _ => {}
            }
        }
        Some(count)
    }

    /// `✔ Test name() passed after 0.1 seconds.`, as Swift Testing says of each test.
    fn of_swift(line: &str) -> Option<Count> {
        let (sign, rest) = line.trim().split_once(" Test ")?;
        let is_sign = sign.chars().count() == 1 && !sign.is_ascii();
        // The whole run says the same of itself.
        if !is_sign || rest.starts_with("run with ") {
            return None;
        }
        let (_, after) = rest.split_once([')', '"'])?;
        let skipped = Count {
            skipped: 1,
            ..Count::default()
        };
        match after.trim_start_matches('"').split_whitespace().next()? {
            "skipped" | "skipped." | "skipped:" => Some(skipped),
            _ if after.contains(" recorded ") => None,
            _ if after.contains(" passed after ") => Some(Count::one(true)),
            _ if after.contains(" failed after ") => Some(Count::one(false)),
            _ => None,
        }
    }

    /// Whether a line of a test runner says of one test that it failed.
    pub(crate) fn is_failure(line: &str) -> bool {
        let rust = line.starts_with("test ") && line.contains(" ... FAILED");
        rust || Count::of_swift(line).is_some_and(|count| count.failed > 0)
    }

    pub(crate) fn ran(self) -> u64 {
        self.passed + self.failed
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count {
            passed,
            failed,
            skipped,
        } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn the_closing_line_of_a_test_program_is_counted() {
        let ok = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(
            Count::from_line(ok),
            Some(Count {
                passed: 12,
                failed: 0,
                skipped: 1
            })
        );
        let bad = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out";
        assert_eq!(
            Count::from_line(bad),
            Some(Count {
                passed: 3,
                failed: 2,
                skipped: 0
            })
        );
        assert_eq!(Count::from_line("test a_test_result ... ok"), None);
    }

    #[test]
    fn each_line_of_swift_testing_that_ends_a_test_is_counted() {
        let passed = Some(Count::one(true));
        assert_eq!(
            Count::from_line("✔ Test merge() passed after 12.360 seconds."),
            passed
        );
        let of_many = "✔ Test page(rows:) with 3 test cases passed after 0.1 seconds.";
        assert_eq!(Count::from_line(of_many), passed);
        assert_eq!(
            Count::from_line("✘ Test merge() failed after 12.360 seconds with 1 issue."),
            Some(Count::one(false))
        );
        let skipped = Count::from_line("➜ Test merge() skipped: \"no server\"");
        assert_eq!(skipped.map(|count| count.skipped), Some(1));
        for other in [
            "◇ Test merge() started.",
            "✘ Test merge() recorded an issue at Tests.swift:10:6: it passed after all and failed after it",
            "✔ Test run with 35 tests passed after 34.814 seconds.",
            "✔ Suite CallTests passed after 4.861 seconds.",
            "Test Suite 'All tests' passed at 2026-11-27 14:54:21.760",
        ] {
            assert_eq!(Count::from_line(other), None, "{other}");
        }
    }

    #[test]
    fn a_test_that_failed_is_known_by_its_line() {
        for line in [
            "test store::opens ... FAILED",
            "test DraftTest.a draft outlives it ... FAILED (12 ms)",
            "✘ Test merge() failed after 12.360 seconds with 1 issue.",
        ] {
            assert!(Count::is_failure(line), "{line}");
        }
        for line in [
            "test store::opens ... ok",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored",
            "✔ Test merge() passed after 12.360 seconds.",
            "    test store::opens ... FAILED",
        ] {
            assert!(!Count::is_failure(line), "{line}");
        }
    }

    #[test]
    fn counts_add_up_and_read_as_one_line() {
        let mut sum = Count::one(true);
        sum += Count::one(false);
        sum += Count {
            passed: 5,
            failed: 0,
            skipped: 2,
        };
        assert_eq!(sum.to_string(), "6 passed, 1 failed, 2 skipped");
        assert_eq!(sum.ran(), 7);
    }
}
