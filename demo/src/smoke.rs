//! The whole path once, without anybody watching: what a newcomer writes while the server is
//! away reaches the clinician's page, what is private reaches no page, and the server, its backup
//! and its logs hold no word of either. Every check can fail: their own tests show it.

mod browser;
mod checks;
mod noise;
mod taken_along;
mod ten;

use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use companion_core::CoreError;
use companion_core::domain::{CheckIn, DocumentId, Entry, Rating, Visibility};
use companion_core::patient::Patient;
use companion_core::ports::{OsRng, random};
use companion_core::records::DeliveryState;

use browser::Browser;
use checks::Secret;

use crate::broken::Broken;
use crate::error::{DemoError, at};
use crate::script::{self, NEWCOMER};
use crate::stage::{LABEL, SIGN_IN, Stage};

/// How long something may take to arrive by itself. A console that lost its server asks again
/// within 30 seconds at the latest.
const PATIENCE: Duration = Duration::from_secs(40);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Says what was done and how long it took.
struct Steps<'a> {
    output: &'a mut dyn Write,
    began: Instant,
}

impl Steps<'_> {
    fn done(&mut self, what: &str) -> Result<(), DemoError> {
        let took = self.began.elapsed().as_secs_f64();
        writeln!(self.output, "ok {took:>6.2} s  {what}")?;
        self.output.flush()?;
        self.began = Instant::now();
        Ok(())
    }
}

/// Words that exist nowhere else.
struct Canaries {
    shared: String,
    private: String,
    note: String,
}

impl Canaries {
    fn hatch() -> Self {
        let word = |kind| {
            format!(
                "{kind}{}",
                data_encoding::HEXLOWER.encode(&random::<12>(&OsRng))
            )
        };
        Self {
            shared: word("shared"),
            private: word("private"),
            note: word("note"),
        }
    }
}

/// Runs everything on a stage where the story has been told.
pub(crate) fn run(
    stage: &mut Stage,
    output: &mut dyn Write,
    began: Instant,
) -> Result<(), DemoError> {
    let mut steps = Steps { output, began };
    steps.done("ten patients and four months, written through the core and synced over HTTP")?;
    ten::stand(stage)?;
    steps.done("each of the ten stands where the story says")?;
    let most = taken_along::compared(stage)?;
    steps.done(&format!(
        "each of the ten exports, imports into an empty app and exports the same, field by field (most of {most})"
    ))?;

    let invitation = stage.invite(&NEWCOMER)?;
    let phone = stage.phone(NEWCOMER.folder)?;
    phone.pair(&invitation.link)?;
    let hello = phone.create(Entry {
        body: "Hello.".to_owned(),
        visibility: Visibility::CareTeam,
        ..Entry::new(phone.now())
    })?;
    stage.clinic.sync()?;
    phone.sync()?;
    expect_state(&phone, hello.id, "on this phone", |state| {
        *state == DeliveryState::OnThisDevice
    })?;
    steps.done("a newcomer's phone comes by its link; what it shares waits on it")?;
    stage.let_in(&phone, invitation.patient)?;
    expect_state(&phone, hello.id, "sent or further", |state| {
        *state != DeliveryState::OnThisDevice
    })?;
    steps.done("both sides show the same words, and the clinic lets it in")?;

    stage.open_console(Some(0))?;
    let mut browser = Browser::sign_in(&stage.console()?.url(), SIGN_IN.name, SIGN_IN.passphrase)?;
    steps.done("the console is up, and the clinician signs in")?;

    stage.stop_server();
    let canaries = Canaries::hatch();
    let shared = write_everything(&phone, &canaries)?;
    expect_state(&phone, shared, "on this phone", |state| {
        *state == DeliveryState::OnThisDevice
    })?;
    match phone.sync() {
        Err(CoreError::Offline(_)) => {}
        Err(error) => return Err(error.into()),
        Ok(_) => return Err(Broken::ReachedAStoppedServer.into()),
    }
    steps
        .done("the server is stopped; what is written is saved, and the phone says where it is")?;

    stage.restart_server()?;
    let report = phone.sync()?;
    if report.waiting > 0 || !report.problems.is_empty() {
        let why = report
            .problems
            .first()
            .map(|problem| problem.message.clone());
        return Err(Broken::StillWaiting {
            changes: report.waiting,
            why,
        }
        .into());
    }
    steps.done("the server is back, and the phone sends what waited")?;

    let page = format!("/patients/{}", invitation.patient);
    wait_for(|| {
        let (status, html) = browser.get(&page)?;
        Ok(status == 200 && html.contains(&canaries.shared))
    })?
    .then_some(())
    .ok_or(Broken::NotOnPage)?;
    steps.done("the entry stands on the clinician's page; nobody nudged the console")?;

    let pages = browser.every_page()?;
    checks::shared_stands(&pages, &page, &canaries.shared)?;
    checks::nowhere(&pages, &canaries.private)?;
    checks::nowhere(&pages, &canaries.note)?;
    steps.done(&format!(
        "what is private stands on none of all {} pages",
        pages.len()
    ))?;

    let opened = |state: &DeliveryState| matches!(state, DeliveryState::Opened { by, .. } if by == SIGN_IN.name);
    wait_for(|| {
        phone.sync()?;
        Ok(opened(&phone.get::<Entry>(shared)?.delivery))
    })?;
    expect_state(&phone, shared, "opened by the clinician", opened)?;
    steps.done("the phone says who opened it")?;

    search_server(stage, &canaries, &mut steps)?;
    writeln!(
        steps.output,
        "all of it in {:.1} s",
        began.elapsed().as_secs_f64()
    )?;
    Ok(())
}

fn write_everything(phone: &Patient, canaries: &Canaries) -> Result<DocumentId, DemoError> {
    let entry = |canary: &str, visibility| Entry {
        title: format!("Title {canary}"),
        body: format!("Something that I want to say: {canary}."),
        tags: [canary.to_owned()].into(),
        visibility,
        ..Entry::new(phone.now())
    };
    let shared = phone.create(entry(&canaries.shared, Visibility::TalkInSession))?;
    phone.create(entry(&canaries.private, Visibility::OnlyMe))?;
    phone.create(CheckIn {
        feelings: [canaries.note.clone()].into(),
        note: canaries.note.clone(),
        ..CheckIn::new(Rating::MIDDLE, phone.now())
    })?;
    Ok(shared.id)
}

fn expect_state(
    phone: &Patient,
    entry: DocumentId,
    expected: &'static str,
    fits: impl Fn(&DeliveryState) -> bool,
) -> Result<(), DemoError> {
    let said = phone.get::<Entry>(entry)?.delivery;
    if fits(&said) {
        Ok(())
    } else {
        Err(Broken::WrongState { expected, said }.into())
    }
}

/// Looks again until it is so, or it took too long; gives whether it is so.
fn wait_for(mut look: impl FnMut() -> Result<bool, DemoError>) -> Result<bool, DemoError> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if look()? {
            return Ok(true);
        }
        sleep(LOOK_AGAIN);
    }
    Ok(false)
}

/// Searches what the server has: its folder, a backup made now, and every line that it logged.
fn search_server(
    stage: &Stage,
    canaries: &Canaries,
    steps: &mut Steps<'_>,
) -> Result<(), DemoError> {
    let mut secrets = vec![
        Secret {
            what: "the shared entry",
            word: &canaries.shared,
        },
        Secret {
            what: "the private entry",
            word: &canaries.private,
        },
        Secret {
            what: "the private check-in",
            word: &canaries.note,
        },
        Secret {
            what: "the clinic's name",
            word: script::CLINIC,
        },
        Secret {
            what: "a patient's name",
            word: NEWCOMER.name,
        },
    ];
    for person in &script::PEOPLE {
        secrets.push(Secret {
            what: "a patient's name",
            word: person.who.name,
        });
    }
    let backup = stage.back_up_server()?;
    let mut searched = checks::Searched::default();
    for folder in [stage.server_data(), &backup] {
        searched += checks::folder_holds_none(folder, &secrets, LABEL)?;
    }
    steps.done(&format!(
        "no word of it and no name in the server's folder and backup ({} files, {} KB)",
        searched.files,
        searched.bytes / 1024
    ))?;
    let sealed = noise::looks_sealed(&stage.sealed_changes()?)?;
    steps.done(&format!(
        "what it holds of the changes is noise ({} KB)",
        sealed / 1024
    ))?;
    let log = stage.logs.of_server();
    let bytes = std::fs::read(log).map_err(at(log))?;
    checks::file_holds_none(log, &bytes, &secrets)?;
    checks::search_works(log, &bytes, "/v1/spaces")?;
    steps.done(&format!(
        "nor in what the server logged ({} KB, every level)",
        bytes.len() / 1024
    ))
}
