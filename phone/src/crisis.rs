//! Where to find help right now. Works offline, unpaired, and without opening the record: a wrong
//! key or a damaged store must never stand between a person and these lines.

/// When somebody last compared the lines below with their sources. Compare them again at each
/// release; a wrong number here is worse than none.
pub(crate) const CHECKED: &str = "2026-11-23";
/// Where they come from.
pub(crate) const SOURCE: &str =
    "988lifeline.org; health.wyo.gov, 988 Suicide & Crisis Lifeline (United States)";

/// For the United States, the only region that this version has numbers for.
pub(crate) const UNITED_STATES: &str = "\
If you are in danger or think about ending your life, talk to somebody now.

  Call or text 988   Suicide & Crisis Lifeline: free, confidential, day and night
  988lifeline.org    the same, by chat
  Call 911           if your life or somebody else's is in danger right now

These are for the United States. Elsewhere, call your local emergency number.
Nobody watches this app around the clock: do not wait for an answer here.";

/// The one line under whatever a person writes.
pub(crate) const POINTER: &str =
    "Nobody watches this around the clock. Help right now: 988 or 911 (US), or `phone crisis`.";
