//! Who is there for a session. A session may be booked before anybody is named; once it is near, whoever is
//! missing is told, and no clinician writes down that it was held, or a reading of it, before both are named.

use std::fmt;

use super::{DosingSession, Moment};

/// From so many hours before its beginning a session counts as near. A convention of this product: clinics
/// check a ride home and who is on duty two or three days ahead.
pub const NEAR_HOURS: i64 = 72;

const DAY_HOURS: i64 = 24;
const HOUR_MS: i64 = 3_600_000;

/// Somebody whom a session doesn't name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotNamed {
    /// Who leads it.
    Therapist,
    /// Who is there for the medicine.
    MedicalProvider,
}

impl NotNamed {
    /// For a list: `no therapist is named`.
    pub const fn label(self) -> &'static str {
        match self {
            NotNamed::Therapist => "no therapist is named",
            NotNamed::MedicalProvider => "no medical provider is named",
        }
    }

    /// The word that a program reads.
    pub const fn as_str(self) -> &'static str {
        match self {
            NotNamed::Therapist => "therapist",
            NotNamed::MedicalProvider => "medical_provider",
        }
    }
}

/// Why nobody writes down yet that a session was held, or a reading of it. Says whom it still has to name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct NamesMissing {
    /// Whom it doesn't name: one or both.
    pub missing: Vec<NotNamed>,
}

impl fmt::Display for NamesMissing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing: Vec<_> = self.missing.iter().map(|who| who.label()).collect();
        write!(
            out,
            "{} for this session: name who it is in the session’s details first",
            missing.join(" and ")
        )
    }
}

/// Whether a session names both its therapist and its medical provider.
///
/// # Errors
///
/// Whoever is missing.
pub fn must_name_both(session: &DosingSession) -> Result<(), NamesMissing> {
    let missing = unnamed(session);
    if missing.is_empty() {
        return Ok(());
    }
    Err(NamesMissing { missing })
}

/// Whether a session goes on naming whom it named before, or another in their place. Who was not named before may stay
/// so: what else is told of the session is not held up by it.
///
/// # Errors
///
/// Whoever would be missing.
pub fn must_keep_names(before: &DosingSession, after: &DosingSession) -> Result<(), NamesMissing> {
    let unnamed_before = unnamed(before);
    let mut missing = unnamed(after);
    missing.retain(|who| !unnamed_before.contains(who));
    if missing.is_empty() {
        return Ok(());
    }
    Err(NamesMissing { missing })
}

/// Whether a session that begins then is near: not more than [`NEAR_HOURS`] away, nor a day ago.
pub fn is_near(begins: Moment, now: Moment) -> bool {
    let away_ms = begins.unix_ms.saturating_sub(now.unix_ms);
    (-DAY_HOURS * HOUR_MS..=NEAR_HOURS * HOUR_MS).contains(&away_ms)
}

/// Whom a session doesn't name, once it is near.
pub fn not_named(session: &DosingSession, now: Moment) -> Vec<NotNamed> {
    if !is_near(session.at, now) {
        return Vec::new();
    }
    unnamed(session)
}

fn unnamed(session: &DosingSession) -> Vec<NotNamed> {
    let names = [
        (NotNamed::Therapist, &session.therapist),
        (NotNamed::MedicalProvider, &session.medical_provider),
    ];
    let missing = names.into_iter().filter(|(_, name)| name.trim().is_empty());
    missing.map(|(who, _)| who).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_missing_is_said_from_three_days_before_a_session_on() {
        let begins = Moment::utc(1_795_465_113_123);
        let mut session = DosingSession::new(1, begins);
        let before = |hours: i64| Moment::utc(begins.unix_ms - hours * HOUR_MS);
        assert!(not_named(&session, before(73)).is_empty());
        let both = [NotNamed::Therapist, NotNamed::MedicalProvider];
        assert_eq!(not_named(&session, before(72)), both);
        session.therapist = "Maya".into();
        assert_eq!(not_named(&session, before(1)), [NotNamed::MedicalProvider]);
        session.medical_provider = "Dr. Vega".into();
        assert!(not_named(&session, before(1)).is_empty());
    }

    #[test]
    fn what_is_missing_of_the_two_names_is_said_together_and_says_where_to_enter_it() {
        let mut session = DosingSession::new(1, Moment::utc(1_795_465_113_123));
        let said = |session: &DosingSession| must_name_both(session).map_err(|why| why.to_string());
        assert_eq!(
            said(&session),
            Err(
                "no therapist is named and no medical provider is named for this session: name who it is in the \
                 session’s details first"
                    .to_owned()
            )
        );
        session.therapist = "Maya".into();
        session.medical_provider = " ".into();
        assert_eq!(
            said(&session),
            Err(
                "no medical provider is named for this session: name who it is in the session’s details first"
                    .to_owned()
            )
        );
        session.medical_provider = "Dr. Vega".into();
        assert_eq!(said(&session), Ok(()));
    }
    #[test]
    fn one_name_of_the_two_stays_as_well() {
        let only_maya = DosingSession {
            therapist: "Maya".into(),
            ..DosingSession::new(1, Moment::utc(0))
        };
        let nobody = DosingSession::new(1, Moment::utc(0));
        let lost = must_keep_names(&only_maya, &nobody).map_err(|why| why.missing);
        assert_eq!(lost, Err(vec![NotNamed::Therapist]));
        assert_eq!(must_keep_names(&only_maya, &only_maya), Ok(()));
        assert_eq!(must_keep_names(&nobody, &only_maya), Ok(()));
    }
}
