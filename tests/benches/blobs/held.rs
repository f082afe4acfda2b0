//! The most memory that a piece of work holds beyond what this process held before it.

use crate::meter::high_water;

/// Kilobytes that `work` held at most.
pub(crate) fn most(work: impl FnOnce()) -> u64 {
    // "5" sets the peak back to what is held now (proc_pid_clear_refs(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = high_water();
    work();
    high_water().saturating_sub(before)
}
