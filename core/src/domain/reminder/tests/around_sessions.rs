//! The default pack around one session, and how things move out of the way.

use super::*;

const LONG_BEFORE: &str = "2026-10-01T08:00:00-04:00";
const TWO_PM: &str = "2026-11-20T14:00:00-05:00";

#[test]
fn the_default_pack_reminds_as_its_table_says() {
    let mut case = Case::new(vec![session(1, TWO_PM)]);
    case.rules.rules.push(fasting("food", 480));
    case.rules.rules.push(fasting("drink", 120));
    assert_eq!(
        lines(&case.at(LONG_BEFORE))[..27],
        [
            "costs 2026-11-06 18:00",
            "costs 2026-11-07 18:00",
            "costs 2026-11-08 18:00",
            "arrange 2026-11-13 18:00",
            "arrange 2026-11-14 18:00",
            "arrange 2026-11-15 18:00",
            "changes 2026-11-17 18:00",
            "changes 2026-11-18 18:00",
            "day_before 2026-11-19 18:00",
            "changes 2026-11-19 18:00",
            "food 2026-11-20 06:00",
            "leave 2026-11-20 11:00",
            "drink 2026-11-20 12:00",
            "evening 2026-11-20 19:00",
            "day_after 2026-11-21 18:00",
            "integration 2026-11-22 18:00",
            "check_in_after 2026-11-22 19:00",
            "check_in_after 2026-11-23 19:00",
            "check_in_after 2026-11-24 19:00",
            "check_in_after 2026-11-25 19:00",
            "check_in_after 2026-11-26 19:00",
            "measures_7 2026-11-27 10:00",
            "check_in_after 2026-11-27 19:00",
            "measures_7 2026-11-28 10:00",
            "check_in_after 2026-11-28 19:00",
            "measures_7 2026-11-29 10:00",
            "check_in_after 2026-11-29 19:00",
        ]
    );
    assert_eq!(
        lines(&case.at("2027-01-01T08:00:00-05:00")),
        [
            "month_3 2027-02-20 10:00",
            "month_3 2027-02-21 10:00",
            "month_3 2027-02-22 10:00",
            "month_6 2027-05-20 10:00",
            "month_6 2027-05-21 10:00",
            "month_6 2027-05-22 10:00",
        ]
    );
}

#[test]
fn only_fasting_is_told_at_night_and_leaving_is_told_the_evening_before() {
    let mut case = Case::new(vec![session(1, "2026-11-20T10:00:00-05:00")]);
    case.rules.rules.push(fasting("food", 480));
    let planned = lines(&case.at("2026-11-19T08:00:00-05:00"));
    assert_eq!(
        planned[..4],
        [
            "day_before 2026-11-19 18:00",
            "leave 2026-11-19 20:30",
            "food 2026-11-20 02:00",
            "evening 2026-11-20 19:00"
        ]
    );
}

#[test]
fn a_day_of_dosing_has_no_check_in_and_no_questionnaire() {
    // Of the second session, both days fall on the series and the measures of the first.
    let case = Case::new(vec![
        session(1, "2026-11-13T14:00:00-05:00"),
        session(2, TWO_PM),
    ]);
    let planned = case.at("2026-11-14T00:00:00-05:00");
    let of_day: Vec<_> = lines(&planned)
        .into_iter()
        .filter(|line| line.contains("2026-11-20"))
        .collect();
    assert_eq!(
        of_day,
        ["leave 2026-11-20 11:00", "evening 2026-11-20 19:00"]
    );
    // A day of quiet later, since the session ended at five.
    assert!(lines(&planned).contains(&"measures_7 2026-11-21 17:00".to_owned()));
    assert!(!lines(&planned).contains(&"measures_7 2026-11-21 10:00".to_owned()));
}

#[test]
fn what_comes_after_a_session_waits_until_its_quiet_is_over() {
    let mut late = session(1, "2026-11-20T15:00:00-05:00");
    late.ends = Some(at("2026-11-20T19:30:00-05:00"));
    let case = Case::new(vec![late]);
    let planned = lines(&case.at("2026-11-20T12:30:00-05:00"));
    assert_eq!(
        planned[..2],
        ["evening 2026-11-20 20:30", "day_after 2026-11-21 19:30"]
    );
}

#[test]
fn there_is_no_word_of_the_evening_when_the_evening_is_over() {
    let mut late = session(1, "2026-11-20T17:00:00-05:00");
    late.ends = Some(at("2026-11-20T20:45:00-05:00"));
    let case = Case::new(vec![late]);
    let planned = lines(&case.at("2026-11-20T15:00:00-05:00"));
    // Its quiet ends in the quiet hours.
    assert_eq!(planned[0], "day_after 2026-11-21 20:45");
}

#[test]
fn a_visit_is_told_the_day_before_and_never_on_a_day_of_dosing() {
    let mut case = Case::new(vec![session(1, TWO_PM)]);
    case.facts.visits = vec![
        visit(2, "2026-11-21T16:00:00-05:00"),
        visit(3, "2026-11-23T16:00:00-05:00"),
    ];
    let planned = lines(&case.at("2026-11-19T12:00:00-05:00"));
    let of_visits: Vec<_> = planned
        .iter()
        .filter(|line| line.starts_with("visit"))
        .collect();
    assert_eq!(
        of_visits,
        ["visit 2026-11-19 20:30", "visit 2026-11-22 18:00"]
    );
}

#[test]
fn a_visit_is_not_told_when_it_has_begun() {
    let mut case = Case::new(vec![]);
    case.facts.visits = vec![
        visit(1, "2026-11-21T16:00:00-05:00"),
        visit(2, "2026-11-22T19:00:00-05:00"),
    ];
    let at = super::super::DayTime::At(clock("18:00"));
    case.rule("visit").when = When::BeforeVisit { days: 0, at };
    let planned = lines(&case.at("2026-11-21T08:00:00-05:00"));
    assert_eq!(planned, ["visit 2026-11-22 18:00"]);
}

#[test]
fn what_is_done_is_not_asked_for_again() {
    use crate::domain::reminder::Task;
    let mut case = Case::new(vec![session(1, TWO_PM)]);
    case.facts.done = [Task::COSTS, Task::MEDICINES].into();
    case.facts.sessions[0].done = [Task::RIDE, Task::SUPPORT].into();
    let planned = lines(&case.at(LONG_BEFORE));
    assert_eq!(
        planned[0], "arrange 2026-11-13 18:00",
        "the guide is unread"
    );
    case.facts.sessions[0].done = [Task::RIDE, Task::SUPPORT, Task::GUIDE, Task::CHANGES].into();
    assert_eq!(
        lines(&case.at(LONG_BEFORE))[0],
        "day_before 2026-11-19 18:00"
    );
}

#[test]
fn a_question_without_an_answer_is_told_to_the_clinic() {
    use crate::domain::reminder::{Task, unanswered};
    let mut case = Case::new(vec![session(1, TWO_PM)]);
    let told = |case: &Case, now: &str| unanswered(&case.rules(), &case.facts, &case.zone, at(now));
    assert_eq!(told(&case, "2026-11-17T17:59:00-05:00"), []);
    let open = told(&case, "2026-11-17T18:00:00-05:00");
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].session, id(1));
    assert_eq!(open[0].since, at("2026-11-17T18:00:00-05:00"));
    assert_eq!(told(&case, "2026-11-20T14:00:00-05:00"), []);
    case.facts.sessions[0].done = [Task::RIDE, Task::CHANGES].into();
    assert_eq!(told(&case, "2026-11-18T18:00:00-05:00"), []);
}

#[test]
fn measures_are_not_asked_for_sooner_than_their_interval() {
    let mut case = Case::new(vec![session(1, TWO_PM)]).without(&[Topic::CheckIn, Topic::FollowUp]);
    let asked = |case: &Case, now: &str| {
        let all = lines(&case.at(now)).into_iter();
        all.filter(|line| line.starts_with("measures"))
            .collect::<Vec<_>>()
    };
    // Each fortnight: the second waits for the first, which may still be answered.
    case.facts.measures = vec![measure("phq-9", 14, None)];
    let first = [
        "measures_7 2026-11-27 10:00",
        "measures_7 2026-11-28 10:00",
        "measures_7 2026-11-29 10:00",
    ];
    assert_eq!(asked(&case, "2026-11-21T08:00:00-05:00"), first);
    // Nobody answered, so the second asks.
    let second = [
        "measures_14 2026-12-04 10:00",
        "measures_14 2026-12-05 10:00",
        "measures_14 2026-12-06 10:00",
    ];
    assert_eq!(asked(&case, "2026-11-30T08:00:00-05:00"), second);
    // Answered on the second day: no third, and the other is due a week later than it would be.
    case.facts.measures = vec![measure("phq-9", 7, Some("2026-11-28"))];
    assert_eq!(asked(&case, "2026-11-28T12:00:00-05:00"), second[1..]);
    // Answered shortly before: neither.
    case.facts.measures = vec![measure("phq-9", 30, Some("2026-11-20"))];
    assert_eq!(asked(&case, "2026-11-21T08:00:00-05:00"), [""; 0]);
    // One that is off is never asked for.
    case.facts.measures = vec![];
    assert_eq!(asked(&case, "2026-11-21T08:00:00-05:00"), [""; 0]);
}

/// On the day before the second session is the first one: what is about the second is shown earlier, and says
/// its day.
#[test]
fn a_reminder_that_is_shown_on_another_day_says_the_right_day() {
    let sessions = vec![
        session(1, "2026-12-07T13:00:00-05:00"),
        session(2, "2026-12-08T15:00:00-05:00"),
    ];
    let case = Case::new(sessions);
    let plan = case.at("2026-12-05T08:00:00-05:00");
    let told: Vec<_> = plan
        .notifications
        .iter()
        .filter(|one| one.rule.as_str() == "day_before")
        .map(|one| one.words.split(',').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "Your session is tomorrow at 13:00",
            "Your session is on 8 Dec 2026 at 15:00"
        ]
    );
}

#[test]
fn that_it_is_time_to_go_is_never_told_on_the_evening_before() {
    let leave = |minutes| {
        let mut case = Case::new(vec![session(1, "2026-11-20T10:00:00-05:00")]);
        case.rule("leave").when = When::BeforeSession { minutes };
        let plan = case.at("2026-11-19T08:00:00-05:00");
        lines(&plan)
            .into_iter()
            .filter(|line| line.starts_with("leave "))
            .collect::<Vec<_>>()
    };
    assert_eq!(leave(75), Vec::<String>::new(), "08:45 is in quiet hours");
    assert_eq!(leave(45), ["leave 2026-11-20 09:15"]);
    // That the ride is settled can be asked for the evening before.
    assert_eq!(leave(180), ["leave 2026-11-19 20:30"]);
}
