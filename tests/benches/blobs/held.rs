//! The most memory that a piece of work holds beyond what this process held before it.

use std::fs;

/// Bytes that `work` held at most, as Linux counts the pages of this process.
pub(crate) fn most(work: impl FnOnce()) -> usize {
    // "5" sets the peak back to what is held now (proc_pid_clear_refs(5)).
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = of_status("VmHWM:");
    work();
    of_status("VmHWM:").saturating_sub(before)
}

fn of_status(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<usize>().unwrap() * 1024
}
