//! Who is meant to see something that a patient made.

use serde::{Deserialize, Serialize};

/// Who is meant to see something. Which space it lives in enforces it; this says what was chosen.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Stays on the patient's own devices.
    #[default]
    OnlyMe,
    /// The care team may read it when they get to it.
    CareTeam,
    /// The care team may read it, and the patient wants to talk about it in a session.
    TalkInSession,
}

impl Visibility {
    /// All choices, most private first.
    pub const ALL: [Visibility; 3] = [
        Visibility::OnlyMe,
        Visibility::CareTeam,
        Visibility::TalkInSession,
    ];

    /// Whether the clinic may see it.
    pub const fn is_shared(self) -> bool {
        !matches!(self, Visibility::OnlyMe)
    }

    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Visibility::OnlyMe => "only_me",
            Visibility::CareTeam => "care_team",
            Visibility::TalkInSession => "talk_in_session",
        }
    }

    /// The choice in words.
    pub const fn label(self) -> &'static str {
        match self {
            Visibility::OnlyMe => "only me",
            Visibility::CareTeam => "my care team",
            Visibility::TalkInSession => "talk about it in session",
        }
    }
}
