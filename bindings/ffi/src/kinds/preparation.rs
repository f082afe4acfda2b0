//! What a patient settles before a session, and what they answer around one.

use companion_core::domain::anything_new::News;
use companion_core::domain::day_word::{DayAct, DayMark, DayWord, Marks};
use companion_core::domain::session_preparation::EscortMode;
use companion_core::domain::use_check::UseAnswer;
use companion_core::domain::use_questions::UseQuestion;
use companion_core::domain::{AnythingNew, DocumentId, SessionPreparation, UseCheck};

use super::macros::{kind, open_choice, shares};
use crate::cross::{Cross, choice, view};
use crate::values::{CalendarDay, LocalMoment, WhoReads};

open_choice! {
    /// How somebody gets home. Nobody drives themselves.
    WayHome of EscortMode {
        /// Somebody drives them.
        Car,
        /// A taxi or a ride service, with somebody along.
        Ride,
        /// Bus or train, with somebody along.
        Transit,
        /// On foot, with somebody along.
        OnFoot,
    }
}

choice! {
    /// What a patient says on the day of a session.
    DayWordAbout of DayMark {
        /// That they are there.
        Here,
        /// That it is over.
        Ended,
    }
}

choice! {
    /// Whether that was said or taken back.
    DayWordAct of DayAct {
        /// It was said.
        Said,
        /// It was taken back.
        TakenBack,
    }
}

view! {
    /// One word of a patient's on the day of a session.
    DayWordView of DayWord {
        /// What it is about.
        mark: DayWordAbout,
        /// Whether that was said or taken back.
        act: DayWordAct,
        /// When.
        at: LocalMoment,
    }
    without { turn }
}

view! {
    /// What stands of what was said on the day.
    DayMarksView of Marks {
        /// When they said that they are there.
        here: Option<LocalMoment>,
        /// When they said that it is over.
        ended: Option<LocalMoment>,
    }
}

kind! {
    /// Preparations for sessions, each as it was written: two phones that begin one apart write two. `preparation` of
    /// the record gives what they say together, and its verbs change that.
    SessionPreparations of SessionPreparation as SessionPreparationView in SessionPreparationPage {
        /// The session that it is for.
        about: DocumentId,
        /// Whether they want eyeshades; nothing as long as they have not said.
        eyeshades: Option<bool>,
        /// Whether they want music; nothing as long as they have not said.
        music: Option<bool>,
        /// Which music, or what to know about it; may be empty.
        music_note: String,
        /// A playlist, by its https address; may be empty.
        music_link: String,
        /// Who takes them home; empty as long as nobody does.
        escort_name: String,
        /// That person's number; may be empty.
        escort_phone: String,
        /// How they get home.
        escort_mode: Option<WayHome>,
        /// When the patient said that a ride home is agreed. The record's own verbs say whether that still is the ride
        /// and the time that are written now.
        escort_confirmed_at: Option<LocalMoment>,
        /// What is done, by the words of this library or of the clinic. A word about the day has that day behind it:
        /// `clear_the_day:2026-12-05`.
        done: Vec<String>,
        /// All that they said on the day, the oldest first.
        day_words: Vec<DayWordView>,
        /// When they last did something with it.
        at: LocalMoment,
    }
    reads {
        /// What stands of what they said on the day.
        marks: DayMarksView = |preparation| preparation.marks(),
    }
    without { escort_words }
}

choice! {
    /// Whether something is new before a session: medicines, health, what happened.
    NewsAnswer of News {
        /// Nothing is.
        Nothing,
        /// Something is.
        Something,
    }
}

kind! {
    /// Answers to "is anything new?" before a session. `say_what_is_new` of the record writes one.
    NewsAnswers of AnythingNew as NewsAnswerView in NewsAnswerPage {
        /// The session before which it was asked.
        about: DocumentId,
        /// The answer.
        answer: NewsAnswer,
        /// What is new; may be empty where nothing is.
        words: String,
        /// The day of that session as it was answered: where the session is moved to another one, it is asked again.
        on: Option<CalendarDay>,
        /// When it was answered.
        at: LocalMoment,
    }
}

open_choice! {
    /// A plain answer to a question on use. None of them is counted or weighed.
    UseReply of UseAnswer {
        /// Yes.
        Yes,
        /// No.
        No,
        /// They would rather not say, which is an answer too.
        RatherNotSay,
    }
}

choice! {
    /// One of the three questions on use.
    UseTopic of UseQuestion {
        /// A strong wish for the medicine.
        Craving,
        /// Use outside the plan.
        OutsidePlan,
        /// The bladder.
        Bladder,
    }
}

/// One question on use, as it was asked, and its answer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UseReplyView {
    /// What it is about.
    pub topic: UseTopic,
    /// The question as it was asked.
    pub asked: String,
    /// The answer; nothing where it was left open.
    pub reply: Option<UseReply>,
}

/// The three questions in their order.
impl Cross<&UseCheck> for Vec<UseReplyView> {
    fn out(core: &UseCheck) -> Self {
        let view = |question: UseQuestion| UseReplyView {
            topic: Cross::out(question),
            asked: core.asked(question).to_owned(),
            reply: Cross::out(core.answer(question).cloned()),
        };
        UseQuestion::ALL.map(view).to_vec()
    }
}

kind! {
    /// Answers to the three questions on use. `check_use` of the record writes one.
    UseChecks of UseCheck as UseCheckView in UseCheckPage {
        /// More about it; may be empty.
        words: String,
        /// Who is meant to see it.
        visibility: WhoReads,
        /// When it was answered.
        at: LocalMoment,
    }
    reads {
        /// The three questions in their order, as they were asked, with their answers.
        replies: Vec<UseReplyView> = |check| check,
    }
    without { craving, outside_plan, bladder, asked }
}

shares! { UseChecks of UseCheck as UseCheckView }
