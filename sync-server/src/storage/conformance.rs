//! What every backend must do, as one function: SQLite runs it today, PostgreSQL will run the same.
//!
//! It is no test module, so that a backend outside this crate can call it, and it answers with
//! words instead of panicking.

mod appending;
mod blobs;
mod ending;
mod histories;
mod material;
mod spaces;

use super::{Storage, StorageError};

/// Which expectation was not met.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An expectation in plain words.
    #[error("expected that {0}")]
    Expected(String),
    /// The backend failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

type Check = Result<(), Failure>;

/// Fails with the sentence if the condition does not hold.
fn expect(holds: bool, sentence: &str) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Failure::Expected(sentence.into()))
    }
}

/// Runs the whole suite; `fresh` makes an empty storage each time.
pub fn run<S: Storage + 'static>(mut fresh: impl FnMut() -> S) -> Result<(), Failure> {
    let checks: [fn(&dyn Storage) -> Check; 29] = [
        spaces::a_life_has_a_name_and_a_restore_gives_another,
        spaces::a_clinic_is_registered_and_its_limits_changed,
        spaces::a_grant_founds_one_space,
        spaces::only_a_registered_clinic_founds_and_only_within_its_limits,
        spaces::a_chain_is_extended_only_at_its_head,
        spaces::membership_follows_the_chain,
        spaces::what_needs_no_room_goes_beyond_the_quota,
        spaces::a_run_is_taken_whole_or_not_at_all,
        spaces::a_removal_names_a_change_that_is_stored,
        spaces::a_restored_space_is_vouched_for,
        spaces::a_space_is_cut_back,
        ending::an_ended_space_is_forgotten_on_its_day,
        appending::changes_get_the_next_numbers,
        appending::a_batch_is_stored_whole_or_not_at_all,
        appending::a_known_id_is_answered_and_not_stored_again,
        appending::an_id_names_a_change_of_its_author_and_of_nobody_else,
        histories::a_frontier_names_what_is_stored,
        histories::a_dropped_body_gives_its_room_back,
        histories::a_body_dropped_before_it_is_given_back_stays_away,
        histories::a_drop_is_of_one_change_and_of_no_other,
        histories::only_so_many_drops_are_remembered,
        appending::quotas_hold,
        appending::pages_end_at_their_limits,
        blobs::a_blob_is_given_part_by_part_and_read,
        blobs::a_blob_is_charged_whole_and_given_back,
        blobs::blobs_keep_to_the_quotas,
        blobs::a_space_holds_only_so_many_blobs,
        blobs::a_blob_that_nobody_goes_on_with_goes,
        blobs::a_cut_keeps_the_blobs_of_those_who_stay,
    ];
    for check in checks {
        check(&fresh())?;
    }
    appending::concurrent_writers_get_contiguous_numbers(&std::sync::Arc::new(fresh()))?;
    blobs::two_give_one_blob_at_once(&std::sync::Arc::new(fresh()))
}
