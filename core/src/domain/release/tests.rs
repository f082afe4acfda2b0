#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::domain::programme::Standing;
use crate::domain::{Programme, RecordSection};

const HOUR: i64 = 3_600_000;

fn at(ms: i64) -> Moment {
    Moment::utc(1_795_000_000_000 + ms)
}

fn id(n: u8) -> ItemId {
    ItemId::new([n; 16])
}

/// From hour 1 until hour 10, given at hour 0.
fn release(at_programme_end: AtProgrammeEnd) -> Release {
    let terms = ReleaseTerms {
        sections: [
            RecordSection::Measures,
            RecordSection::Medicines,
            RecordSection::Costs,
        ]
        .into(),
        until: at(10 * HOUR),
        ..ReleaseTerms::example(1, at_programme_end)
    };
    Release {
        programme: Some(DocumentId::new([1; 16])),
        ..Release::new(terms, at(HOUR), at(0))
    }
}

fn programme() -> Programme {
    Programme::new("Maya", id(9), at(-HOUR))
}

#[test]
fn a_release_counts_from_its_first_to_before_its_last_millisecond() {
    let release = release(AtProgrammeEnd::GoesOn);
    let standing = |ms| release.standing(None, at(ms));
    let begins = ReleaseStanding::NotBegun { from: at(HOUR) };
    assert_eq!(standing(HOUR - 1), begins);
    assert_eq!(standing(HOUR), ReleaseStanding::Live);
    assert_eq!(standing(10 * HOUR - 1), ReleaseStanding::Live);
    let over = ReleaseStanding::Expired {
        until: at(10 * HOUR),
    };
    assert_eq!(standing(10 * HOUR), over);
    assert_eq!(
        standing(10 * HOUR).must_be_live(),
        Err(ReleaseError::Expired {
            until: at(10 * HOUR)
        })
    );
}

#[test]
fn what_ends_with_the_programme_stays_ended_when_that_is_taken_up_again() {
    let release = release(AtProgrammeEnd::Ends);
    let mut programme = programme();
    let standing = |programme: &Programme| release.standing(Some(programme), at(2 * HOUR));
    assert_eq!(standing(&programme), ReleaseStanding::Live);
    programme.set_standing(id(1), Standing::Paused, "Away.", "Maya", at(HOUR));
    assert_eq!(standing(&programme), ReleaseStanding::Live);
    programme.set_standing(id(2), Standing::Ended, "Done.", "Maya", at(HOUR + 1));
    assert_eq!(standing(&programme), ReleaseStanding::EndedWithProgramme);
    programme.set_standing(id(3), Standing::Running, "Again.", "Maya", at(HOUR + 2));
    assert_eq!(standing(&programme), ReleaseStanding::EndedWithProgramme);
    assert_eq!(
        release.standing(None, at(2 * HOUR)),
        ReleaseStanding::ProgrammeUnknown
    );
    let goes_on = super::tests::release(AtProgrammeEnd::GoesOn);
    assert_eq!(
        goes_on.standing(Some(&programme), at(2 * HOUR)),
        ReleaseStanding::Live
    );
}

#[test]
fn an_end_before_the_release_was_given_is_no_end_of_it() {
    let mut programme = programme();
    programme.set_standing(id(1), Standing::Ended, "Away.", "Maya", at(-2));
    programme.set_standing(id(2), Standing::Running, "Back.", "Maya", at(-1));
    let standing = release(AtProgrammeEnd::Ends).standing(Some(&programme), at(2 * HOUR));
    assert_eq!(standing, ReleaseStanding::Live);
}

#[test]
fn narrowing_leaves_less_and_never_more_or_nothing() {
    let mut narrowed = release(AtProgrammeEnd::GoesOn);
    let step = |without: &[RecordSection], until| Narrowing {
        without: without.iter().copied().collect(),
        until,
        at: at(HOUR),
    };
    let refused = Err(ReleaseError::NotNarrower);
    let later = step(&[], Some(at(11 * HOUR)));
    assert_eq!(narrowed.narrow(id(1), later), refused);
    let not_in_it = step(&[RecordSection::Journal], None);
    assert_eq!(narrowed.narrow(id(1), not_in_it), refused);
    assert_eq!(
        narrowed.narrow(id(1), step(&RecordSection::ALL, None)),
        refused
    );
    assert_eq!(narrowed, release(AtProgrammeEnd::GoesOn));
    narrowed
        .narrow(id(1), step(&[RecordSection::Costs], Some(at(5 * HOUR))))
        .unwrap();
    let left = [RecordSection::Measures, RecordSection::Medicines];
    assert_eq!(narrowed.sections(), left.into());
    assert_eq!(narrowed.until(), at(5 * HOUR));
    assert_eq!(
        narrowed.narrow(id(2), step(&[], Some(at(6 * HOUR)))),
        refused
    );
}

#[test]
fn two_wordings_of_what_it_began_with_let_nothing_out() {
    let mut release = release(AtProgrammeEnd::GoesOn);
    release.note_apart("until", &["soon".into(), "late".into()]);
    let standing = release.standing(None, at(2 * HOUR));
    assert_eq!(standing, ReleaseStanding::InTwoWordings);
    let word = TakenBack {
        words: String::new(),
        at: at(HOUR),
    };
    release.taken_back.add(id(1), word);
    let taken_back = ReleaseStanding::TakenBack { at: at(HOUR) };
    assert_eq!(release.standing(None, at(2 * HOUR)), taken_back);
}

#[test]
fn steps_that_together_leave_nothing_leave_nothing_to_be_told() {
    let mut release = release(AtProgrammeEnd::GoesOn);
    for (n, section) in (1..).zip(release.sections().iter()) {
        assert_eq!(release.standing(None, at(2 * HOUR)), ReleaseStanding::Live);
        let step = Narrowing {
            without: [section].into(),
            until: None,
            at: at(0),
        };
        release.narrowed.add(id(n), step);
    }
    let standing = release.standing(None, at(2 * HOUR));
    assert_eq!(standing, ReleaseStanding::NothingLeft);
    assert_eq!(standing.must_be_live(), Err(ReleaseError::NothingLeft));
}

#[test]
fn a_release_says_whom_what_for_and_until_when() {
    let with = |change: fn(&mut Release)| {
        let mut release = release(AtProgrammeEnd::Ends);
        change(&mut release);
        release.checked().unwrap_err().to_string()
    };
    assert_eq!(
        with(|it| it.terms.provider = " ".into()),
        "the provider's name is empty"
    );
    assert_eq!(
        with(|it| it.terms.what = String::new()),
        "what they are is empty"
    );
    assert_eq!(
        with(|it| it.terms.purpose = String::new()),
        "the purpose is empty"
    );
    assert_eq!(
        with(|it| it.terms.sections = RecordSections::default()),
        "the choice of sections is empty"
    );
    assert_eq!(
        with(|it| it.terms.until = it.from),
        "the end is not after the beginning"
    );
    assert_eq!(
        with(|it| it.programme = None),
        "what becomes of it when the programme ends names no programme that it could end with"
    );
}

proptest! {
    /// Whatever is said of a release and in whatever order it arrives, it lets out only what everything that was
    /// said allows, at no time at which anything that was said forbids it.
    #[test]
    fn no_step_ever_opens_what_another_closed(
        narrowings in prop::collection::vec((0_usize..3, prop::option::of(0_i64..12)), 0..5),
        taken_back in prop::option::of(0_i64..12),
        ended in prop::option::of(0_i64..12),
        goes_on: bool,
        order in any::<u64>(),
        hour in 0_i64..12,
        minute in 0_i64..60,
    ) {
        let choice = if goes_on { AtProgrammeEnd::GoesOn } else { AtProgrammeEnd::Ends };
        let now = at(hour * HOUR + minute * 60_000);
        let began = release(choice);
        let sections: Vec<RecordSection> = began.terms.sections.iter().collect();
        let mut steps: Vec<(ItemId, Narrowing)> = Vec::new();
        for (n, (section, until)) in narrowings.iter().enumerate() {
            let step = Narrowing {
                without: [sections[*section]].into(),
                until: until.map(|hours| at(hours * HOUR)),
                at: at(0),
            };
            steps.push((id(n as u8 + 1), step));
        }
        let apply = |steps: &[(ItemId, Narrowing)]| {
            let mut release = began.clone();
            for (id, step) in steps {
                release.narrowed.add(*id, step.clone());
            }
            if let Some(hours) = taken_back {
                let step = TakenBack { words: String::new(), at: at(hours * HOUR) };
                release.taken_back.add(id(99), step);
            }
            release
        };
        let mut programme = programme();
        if let Some(hours) = ended {
            programme.set_standing(id(1), Standing::Ended, "Done.", "Maya", at(hours * HOUR));
            programme.set_standing(id(2), Standing::Running, "No.", "Maya", at(hours * HOUR));
        }
        let said = apply(&steps);
        let mut shuffled = steps.clone();
        shuffled.rotate_left((order % steps.len().max(1) as u64) as usize);
        if order % 2 == 0 { shuffled.reverse(); }
        let other = apply(&shuffled);
        let standing = said.standing(Some(&programme), now);
        prop_assert_eq!(other.standing(Some(&programme), now), standing);
        prop_assert_eq!(other.sections(), said.sections());
        let is_live = standing == ReleaseStanding::Live;
        let ends = steps.iter().filter_map(|(_, step)| step.until);
        let is_over = ends.chain([at(10 * HOUR)]).any(|until| now.unix_ms >= until.unix_ms);
        let is_closed = taken_back.is_some()
            || (ended.is_some() && !goes_on)
            || said.sections().is_empty()
            || is_over
            || now.unix_ms < at(HOUR).unix_ms;
        prop_assert_eq!(is_live, !is_closed);
        for (_, step) in &steps {
            prop_assert!(step.without.iter().all(|section| !said.sections().contains(section)));
        }
        prop_assert!(said.sections().are_among(&began.terms.sections));
    }
}
