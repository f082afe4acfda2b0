//! Spaces that were ended: what is said of them, and when they are forgotten. Nobody here knows what they were.

use companion_protocol::api::ErrorCode;
use companion_protocol::chain::Chain;
use companion_protocol::id::SpaceId;

use super::Relay;
use crate::refusal::Refusal;
use crate::storage::{Day, Ending};

impl Relay {
    /// The end of a space that somebody asks to have kept for so many days.
    pub(super) fn ending(&self, keep_days: u16) -> Ending {
        Ending::today(
            Day::of_ms(self.clock.now_ms()),
            keep_days.min(self.ended_days),
        )
    }

    /// What a member is told that would write into a space that was ended.
    pub(super) fn ended(&self, space: SpaceId) -> Result<Refusal, Refusal> {
        let refusal = Refusal::new(
            ErrorCode::SpaceEnded,
            "this space was ended: it can be read until it is forgotten, and takes nothing any more",
        );
        Ok(match self.storage.ending(space)? {
            Some(ending) => refusal.with("forget_on", ending.forget_on.0),
            None => refusal,
        })
    }

    /// The same for a statement.
    pub(super) fn told_of_the_end(&self, chain: &Chain) -> Refusal {
        self.ended(chain.space()).unwrap_or_else(|failed| failed)
    }

    /// What anybody is told of a space that is not here. Who was a member of one that was forgotten is forgotten
    /// as well: whoever names it knows it.
    pub(super) fn no_space(&self, space: SpaceId) -> Result<Refusal, Refusal> {
        Ok(match self.storage.is_forgotten(space)? {
            true => forgotten(),
            false => Refusal::forbidden(),
        })
    }

    /// Forgets the spaces whose day has come.
    pub(crate) fn tend_ended(&self) {
        match self.storage.forget_spaces(Day::of_ms(self.clock.now_ms())) {
            Ok(0) => {}
            Ok(forgotten) => tracing::info!(forgotten, "spaces that were ended are forgotten"),
            Err(why) => tracing::error!(reason = %why, "spaces that are to be forgotten stay"),
        }
    }
}

pub(super) fn forgotten() -> Refusal {
    Refusal::new(
        ErrorCode::SpaceEnded,
        "this space was ended, and is forgotten here",
    )
}
