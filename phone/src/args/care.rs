//! What can be typed about the programme: reminders, measures, guides, sessions, the safety plan and
//! "contact me".

use chrono::{NaiveDate, NaiveDateTime};
use clap::{Subcommand, ValueEnum};
use companion_core::domain::day::Day;
use companion_core::domain::guide::Language;
use companion_core::domain::reminder::{QuietHours, TimeOfDay, Topic};
use companion_core::domain::safety_plan::PlanStep;

/// How something is said.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Shape {
    /// As JSON, for programs
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// Questionnaires.
#[derive(Debug, clap::Args)]
pub(crate) struct Measures {
    #[command(subcommand)]
    pub(crate) action: Option<MeasureAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with a questionnaire.
#[derive(Debug, Subcommand)]
pub(crate) enum MeasureAction {
    /// Begin one; each answer is saved as it is given, and an empty line stops
    Start {
        /// Which, as the list names it, such as gad-7
        measure: String,
    },
    /// Go on where one stopped
    Resume {
        #[command(flatten)]
        what: super::Id,
    },
    /// Answer one question of one that was begun, or answer it anew
    Answer {
        #[command(flatten)]
        what: super::Id,
        /// The number of the question
        item: u8,
        /// What the answer counts
        points: u8,
    },
    /// Skip one question of one that was begun; skipped is not 0
    Skip {
        #[command(flatten)]
        what: super::Id,
        /// The number of the question
        item: u8,
    },
    /// Show the answers
    Show {
        #[command(flatten)]
        what: super::Id,
    },
    /// Say that this is all
    Finish {
        #[command(flatten)]
        what: super::Id,
        /// Let the care team see it
        #[arg(long)]
        share: bool,
    },
    /// Let the care team see it
    Share {
        #[command(flatten)]
        what: super::Id,
        #[command(flatten)]
        talk: super::Talk,
    },
    /// Take one back from the care team
    Withdraw(super::Gone),
    /// Delete one; what is shared is taken back with it
    Delete(super::Gone),
}

/// What the phone would remind of.
#[derive(Debug, clap::Args)]
pub(crate) struct Reminders {
    #[command(subcommand)]
    pub(crate) action: Option<ReminderAction>,
    /// Plan from then on, by the clock of the zone, such as 2026-11-23T18:00; now where it is left out
    #[arg(long, value_parser = local_time, value_name = "TIME")]
    pub(crate) from: Option<NaiveDateTime>,
    /// The time zone by its IANA name, such as America/Denver; this phone's offset where it is left out
    #[arg(long)]
    pub(crate) zone: Option<String>,
    /// Say what to cancel and to schedule beside what an earlier `reminders --json` planned; `-` reads that
    /// from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<String>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to choose about reminders.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ReminderAction {
    /// Be silent about one topic, or about everything
    Pause {
        /// What about; everything where it is left out
        #[arg(value_parser = topic)]
        topic: Option<Topic>,
        /// The day on which it speaks again
        #[arg(long, value_parser = day)]
        until: Option<NaiveDate>,
    },
    /// Speak again about one topic, or about everything
    Resume {
        /// What about; everything where it is left out
        #[arg(value_parser = topic)]
        topic: Option<Topic>,
    },
    /// When nothing is shown, such as 22:00-08:00; without hours, the clinic's count again
    Quiet {
        /// From and until
        #[arg(value_parser = quiet)]
        hours: Option<QuietHours>,
    },
    /// When to be asked for check-ins, such as 19:30; without a time, the clinic's counts again
    CheckInAt {
        /// The time
        #[arg(value_parser = time_of_day)]
        time: Option<TimeOfDay>,
    },
    /// All that can be reminded of, with its name, and who set it
    Rules,
    /// Show one at another time of its day, such as 17:15; without a time, the clinic's counts again
    Move {
        /// Its name, as `rules` lists it
        rule: String,
        /// The time
        #[arg(value_parser = time_of_day)]
        time: Option<TimeOfDay>,
    },
    /// What a locked screen tells
    LockScreen {
        /// How much
        #[arg(value_enum)]
        what: LockScreen,
    },
}

/// What a locked screen tells of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LockScreen {
    /// That there is one
    Neutral,
    /// Its words, for anybody who sees the phone
    Words,
}

/// Guides to read.
#[derive(Debug, clap::Args)]
pub(crate) struct Guides {
    #[command(subcommand)]
    pub(crate) action: Option<GuideAction>,
    /// The language to read in from now on, such as en, es or es-MX
    #[arg(long, global = true, value_parser = language)]
    pub(crate) language: Option<Language>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with a guide.
#[derive(Debug, Subcommand)]
pub(crate) enum GuideAction {
    /// Read one; your clinic is told that you opened it
    Show {
        /// Which, as the list names it
        guide: String,
    },
    /// Tick a task
    Tick {
        /// Of which guide
        guide: String,
        /// Which task, as `guide show` names it
        task: String,
    },
    /// Take a tick away
    Untick {
        /// Of which guide
        guide: String,
        /// Which task
        task: String,
    },
    /// Say that you are done with one
    Finish {
        /// Which
        guide: String,
    },
}

/// A dosing session.
#[derive(Debug, clap::Args)]
pub(crate) struct Session {
    #[command(subcommand)]
    pub(crate) action: Option<SessionAction>,
    /// The number of the session; the next one where it is left out
    #[arg(long, global = true, value_name = "NUMBER")]
    pub(crate) number: Option<u32>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to settle for a session, and to say on its day.
#[derive(Debug, Subcommand)]
pub(crate) enum SessionAction {
    /// Whether you want eyeshades
    Eyeshades {
        #[arg(value_enum)]
        wanted: YesNo,
    },
    /// Whether you want music
    Music {
        #[arg(value_enum)]
        wanted: YesNo,
        /// What kind
        #[arg(long)]
        note: Option<String>,
        /// Where it is, an https address
        #[arg(long)]
        link: Option<String>,
    },
    /// Who takes you home
    Escort {
        /// Their name
        #[arg(required = true)]
        name: Vec<String>,
        /// Their number
        #[arg(long)]
        phone: Option<String>,
        /// car, ride, transit or on-foot
        #[arg(long)]
        mode: Option<String>,
    },
    /// They said yes
    ConfirmEscort,
    /// Nobody is named any more who takes you home: name, number and way go
    NoEscort,
    /// What you would like to hold in mind, if anything. Yours alone unless you share it
    Intention {
        /// In your words
        words: Vec<String>,
        /// Something that matters to you in it; once for each. These take the place of those before
        #[arg(long = "value", value_name = "WORDS")]
        values: Vec<String>,
        /// Let your care team read it
        #[arg(long)]
        share: bool,
        /// Take it back from your care team
        #[arg(long, conflicts_with_all = ["share", "words", "values"])]
        withdraw: bool,
        /// Take it back without being asked
        #[arg(long, requires = "withdraw")]
        yes: bool,
    },
    /// Something of the checklist is done
    Done {
        /// Which, as `session` names it
        item: String,
    },
    /// Something of the checklist is not done after all; or `here` or `ended` was said by mistake
    Undo {
        /// Which: an item, `here`, or `ended`
        item: String,
    },
    /// I'm here
    Here,
    /// It is over
    Ended,
    /// What was written in the quiet hours, to be kept or shared
    Review,
    /// Let your care team see something of the quiet hours, once they are over
    Share {
        #[command(flatten)]
        what: super::Id,
        #[command(flatten)]
        talk: super::Talk,
    },
    /// Keep something of the quiet hours private
    Keep {
        #[command(flatten)]
        what: super::Id,
    },
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    Yes,
    No,
}

/// The safety plan.
#[derive(Debug, clap::Args)]
pub(crate) struct Safety {
    #[command(subcommand)]
    pub(crate) action: Option<SafetyAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do with the safety plan.
#[derive(Debug, Subcommand)]
pub(crate) enum SafetyAction {
    /// Add a line to a step
    Add {
        /// 1 to 6, or reasons
        #[arg(value_parser = step)]
        step: PlanStep,
        /// A number to call
        #[arg(long)]
        number: Option<String>,
        /// What it says
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Change what a line of a step says, in its place
    Edit {
        /// 1 to 6, or reasons
        #[arg(value_parser = step)]
        step: PlanStep,
        /// Which line, counted from 1
        line: usize,
        /// The number to call; an empty one takes it away
        #[arg(long)]
        number: Option<String>,
        /// What it says from now on; it stays as it is where this is left out
        #[arg(required_unless_present = "number")]
        text: Vec<String>,
    },
    /// Remove a line of a step
    Remove {
        /// 1 to 6, or reasons
        #[arg(value_parser = step)]
        step: PlanStep,
        /// Which line, counted from 1
        line: usize,
    },
    /// Move a line within its step
    Move {
        /// 1 to 6, or reasons
        #[arg(value_parser = step)]
        step: PlanStep,
        /// Which line, counted from 1
        line: usize,
        /// To which place
        to: usize,
    },
    /// Let the care team see the plan and edit it with you
    Share,
    /// Take the plan back from the care team
    Withdraw(super::Sure),
    /// What anybody who has this phone can read without unlocking it; alone, it says what that is now
    Unlocked {
        /// The people and professionals of your plan (steps 4 and 5)
        #[arg(value_enum)]
        people: Option<OnOff>,
        /// What your clinic is called; its number is there without it
        #[arg(long, value_enum)]
        clinic_name: Option<OnOff>,
    },
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnOff {
    On,
    Off,
}

/// Asking the clinic to be in touch.
#[derive(Debug, clap::Args)]
pub(crate) struct Contact {
    #[command(subcommand)]
    pub(crate) action: Option<ContactAction>,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

/// What to do about being contacted.
#[derive(Debug, Subcommand)]
pub(crate) enum ContactAction {
    /// Ask the clinic to contact you
    Ask {
        /// What to know before calling
        words: Vec<String>,
    },
    /// Take a request back
    TakeBack {
        #[command(flatten)]
        what: super::Id,
    },
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    text.parse()
        .map_err(|_| "give a language like en or es-MX".to_owned())
}

fn step(text: &str) -> Result<PlanStep, String> {
    let wanted = text.trim().to_lowercase();
    let mut steps = PlanStep::ALL.into_iter();
    let step = steps.find(|step| match step.number() {
        Some(number) => number.to_string() == wanted,
        None => wanted == "reasons",
    });
    step.ok_or_else(|| "give a step from 1 to 6, or `reasons`".to_owned())
}

fn local_time(text: &str) -> Result<NaiveDateTime, String> {
    let whole = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M");
    let midnight = || day(text).ok()?.and_hms_opt(0, 0, 0);
    whole
        .ok()
        .or_else(midnight)
        .ok_or_else(|| "give a time like 2026-11-23T18:00".to_owned())
}

pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    let day = text.parse::<Day>().map(Day::to_chrono);
    day.map_err(|_| "give a day like 2026-11-23".to_owned())
}

fn topic(text: &str) -> Result<Topic, String> {
    let word = text.trim().to_lowercase().replace('-', "_");
    let known = Topic::ALL.into_iter().find(|topic| topic.as_str() == word);
    known.ok_or_else(|| {
        let all: Vec<_> = Topic::ALL
            .iter()
            .map(|topic| topic.as_str().replace('_', "-"))
            .collect();
        format!("give one of {}", all.join(", "))
    })
}

fn time_of_day(text: &str) -> Result<TimeOfDay, String> {
    text.parse()
        .map_err(|_| "give a time like 19:30".to_owned())
}

fn quiet(text: &str) -> Result<QuietHours, String> {
    let (from, until) = text.split_once('-').ok_or("give hours like 22:00-08:00")?;
    let hours = QuietHours::new(time_of_day(from)?, time_of_day(until)?);
    hours.map_err(|error| error.to_string())
}
