//! The main paths through the objects of this library, on a phone that is paired with nobody.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod shared;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use companion_ffi::{
    AccountStanding, AnswerGiven, AttachmentRequest, ByteSource, ByteSourceError, CheckOutcome,
    ClockTime, CompanionError, EntryKind, EntryRequest, FieldProblem, GuideMark, HelpChoiceView,
    KeyVault, LocalMoment, MeasureNotOffered, MediaReason, NoPrompts, NotNowReason, OpenRequest,
    PairingStanding, PhoneRecord, ProgressListener, ReachedBy, ReminderChoice, ReminderRequest,
    SafetyChange, SafetyStep, SharedThen, UseReply, UseReplyRequest, UseTopic, WhoReads,
    bundled_help, diagnostics_of_unopened, help_without_key, open_record, remove_if_ended,
};
use tempfile::TempDir;

use shared::{Vault, wait};

/// A phone in a folder that goes with it.
struct Opened {
    folder: TempDir,
    vault: Arc<Vault>,
    phone: Arc<PhoneRecord>,
}

impl Opened {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Arc::new(Vault::default());
        let request = request(&folder);
        let phone = wait(open_record(request, Arc::clone(&vault) as _, None, None)).unwrap();
        Self {
            folder,
            vault,
            phone,
        }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

fn request(folder: &TempDir) -> OpenRequest {
    OpenRequest {
        path: folder.path().join("record.db").to_str().unwrap().to_owned(),
        trusted_root: None,
    }
}

fn entry(phone: &PhoneRecord, body: &str) -> EntryRequest {
    EntryRequest {
        title: String::new(),
        body: body.to_owned(),
        kind: EntryKind::Reflection,
        mood: None,
        session: None,
        tags: Vec::new(),
        visibility: WhoReads::OnlyMe,
        at: phone.now().unwrap(),
    }
}

/// A recording of silence.
fn wav(samples: u32) -> Vec<u8> {
    let data = samples * 2;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1, 0, 1, 0]);
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    bytes.resize(bytes.len() + usize::try_from(data).unwrap(), 0);
    bytes
}

/// Gives bytes a few at a time, and notes the most that was asked for at once.
struct Source {
    bytes: Mutex<Vec<u8>>,
    most: AtomicUsize,
    fails: bool,
}

impl Source {
    fn of(bytes: &[u8], fails: bool) -> Arc<Self> {
        Arc::new(Self {
            bytes: Mutex::new(bytes.to_vec()),
            most: AtomicUsize::new(0),
            fails,
        })
    }
}

impl ByteSource for Source {
    fn read(&self, most: u32) -> Result<Vec<u8>, ByteSourceError> {
        let most = usize::try_from(most).unwrap();
        self.most.fetch_max(most, Ordering::Relaxed);
        let mut left = self.bytes.lock().unwrap();
        if self.fails && left.len() < 1_000 {
            return Err(ByteSourceError::Unreadable {
                reason: "the microphone is gone".to_owned(),
            });
        }
        let some = most.min(700).min(left.len());
        Ok(left.drain(..some).collect())
    }
}

#[test]
fn a_recording_comes_and_goes_piece_by_piece_and_goes_on_after_a_pause() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let bytes = wav(60_000);
    let asked = AttachmentRequest {
        length: u64::try_from(bytes.len()).unwrap(),
        media_type: Some("audio/wav".to_owned()),
        caption: "By the lake".to_owned(),
    };
    let source = Source::of(&bytes, false);
    let made = phone.create_attached(entry(phone, ""), asked.clone(), Arc::clone(&source) as _);
    let made = wait(made).unwrap();
    assert!(source.most.load(Ordering::Relaxed) <= 1024 * 1024);

    let all = wait(phone.attachments(made.head.id)).unwrap();
    assert_eq!(
        (all[0].length, &*all[0].caption),
        (asked.length, "By the lake")
    );
    let stream = wait(phone.open_attachment(made.head.id, all[0].item)).unwrap();
    assert_eq!(stream.length().unwrap(), asked.length);
    assert_eq!(wait(stream.read(0, 12)).unwrap(), &bytes[..12]);
    let near_the_end = asked.length - 5;
    assert_eq!(wait(stream.read(near_the_end, 100)).unwrap().len(), 5);
    assert!(wait(stream.read(asked.length, 100)).unwrap().is_empty());

    wait(phone.pause()).unwrap();
    assert_eq!(wait(stream.read(0, 4)), Err(CompanionError::Paused));
    wait(phone.resume()).unwrap();
    assert_eq!(wait(stream.read(0, 4)).unwrap(), b"RIFF");

    // An entry without words is nothing without its recording.
    assert!(matches!(
        wait(phone.detach(made.head.id, all[0].item)),
        Err(CompanionError::Invalid { .. })
    ));
    wait(phone.journal().unwrap().delete(made.head.id)).unwrap();
    assert!(matches!(
        wait(stream.read(0, 4)),
        Err(CompanionError::NotFound { .. } | CompanionError::NotNow { .. })
    ));
}

#[test]
fn a_source_that_fails_leaves_no_entry_and_says_why() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let bytes = wav(4_000);
    let asked = AttachmentRequest {
        length: u64::try_from(bytes.len()).unwrap(),
        media_type: None,
        caption: String::new(),
    };
    let broken = phone.create_attached(entry(phone, ""), asked, Source::of(&bytes, true));
    let Err(CompanionError::Media { reason, words }) = wait(broken) else {
        panic!("it was taken");
    };
    assert_eq!(reason, MediaReason::Unreadable);
    assert!(words.contains("the microphone is gone"), "{words}");
    let journal = phone.journal().unwrap();
    let page = wait(journal.page(companion_ffi::PageRequest {
        rows: 5,
        ..Default::default()
    }));
    assert_eq!(page.unwrap().items, []);
}

#[test]
fn help_stands_without_a_record_and_shows_what_the_person_chose() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("record.db").to_str().unwrap().to_owned();
    let lines = wait(help_without_key(nowhere)).unwrap().lines;
    assert_eq!(
        (&*lines[0].number, &lines[0].how),
        ("988", &ReachedBy::Call)
    );
    assert_eq!(bundled_help().unwrap()[0].lines[0], lines[0]);

    let opened = Opened::new();
    let phone = &opened.phone;
    let add = SafetyChange::Add {
        step: SafetyStep::PeopleToAsk,
        text: "Vera".to_owned(),
        number: "+1 307 555 0101".to_owned(),
    };
    wait(phone.change_safety_plan(vec![add])).unwrap();
    let shown = || {
        let help = wait(help_without_key(opened.path("record.db")));
        help.unwrap().people
    };
    assert_eq!(shown(), []);
    let chosen = HelpChoiceView {
        people: true,
        clinic_name: false,
    };
    wait(phone.choose_help(chosen.clone())).unwrap();
    assert_eq!(shown()[0].text, "Vera");
    assert_eq!(wait(phone.help_choice()).unwrap(), chosen);
    assert_eq!(wait(phone.help_lines()).unwrap()[0].number, "988");
}

#[test]
fn a_safety_plan_is_changed_line_by_line_or_not_at_all() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let add = |text: &str| SafetyChange::Add {
        step: SafetyStep::Coping,
        text: text.to_owned(),
        number: String::new(),
    };
    let plan = wait(phone.change_safety_plan(vec![add("Walk"), add("Music")])).unwrap();
    let lines = |plan: &companion_ffi::SafetyPlanView| {
        let coping = plan
            .steps
            .iter()
            .find(|it| it.step == SafetyStep::Coping)
            .unwrap();
        coping.lines.clone()
    };
    let (walk, music) = (lines(&plan)[0].item, lines(&plan)[1].item);
    let step = SafetyStep::Coping;
    let changes = vec![
        SafetyChange::Move {
            step,
            item: music,
            to: 0,
        },
        SafetyChange::Remove { step, item: walk },
    ];
    let plan = wait(phone.change_safety_plan(changes)).unwrap();
    assert_eq!(lines(&plan).len(), 1);
    let gone = vec![add("Call Vera"), SafetyChange::Remove { step, item: walk }];
    let refused = wait(phone.change_safety_plan(gone));
    assert!(
        matches!(refused, Err(CompanionError::NotFound { .. })),
        "{refused:?}"
    );
    let plan = wait(phone.safety_plan()).unwrap().unwrap();
    assert_eq!(lines(&plan)[0].text, "Music");
    assert_eq!(lines(&plan).len(), 1);
}

#[test]
fn a_questionnaire_is_gone_on_with_where_it_stopped_and_tells_of_harm_at_once() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let offers = wait(phone.measures()).unwrap();
    let gad = offers
        .iter()
        .find(|it| it.measure.short_name == "GAD-7")
        .unwrap();
    let phq = offers
        .iter()
        .find(|it| it.measure.short_name == "PHQ-9")
        .unwrap();
    assert_eq!(
        (gad.not_now, phq.not_now),
        (None, Some(MeasureNotOffered::Monitoring))
    );
    let refused = wait(phone.begin_measure(phq.measure.measure.clone()));
    let Err(CompanionError::NotNow { reason, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(reason, NotNowReason::MeasureNeedsMonitoring);

    let begun = wait(phone.begin_measure(gad.measure.measure.clone())).unwrap();
    let id = begun.response.head.id;
    let first = begun.next.unwrap();
    assert_eq!(first, gad.measure.questions[0]);
    assert_eq!(first.choices.len(), 4);
    let one = AnswerGiven::Chosen { points: 1 };
    wait(phone.answer_item(id, first.number, one)).unwrap();
    let odd = wait(phone.answer_item(id, 2, AnswerGiven::Chosen { points: 9 }));
    assert!(
        matches!(odd, Err(CompanionError::Invalid { .. })),
        "{odd:?}"
    );
    let resumed = wait(phone.resume_measure(id)).unwrap();
    assert_eq!(resumed.next.unwrap().number, 2);
    let mut step = wait(phone.answer_item(id, 2, AnswerGiven::Skipped)).unwrap();
    while let Some(next) = step.next {
        step = wait(phone.answer_item(id, next.number, one)).unwrap();
    }
    let finished = wait(phone.finish_measure(id)).unwrap();
    assert_eq!(
        (
            finished.response.total,
            finished.band,
            finished.tells_of_harm
        ),
        (None, None, None)
    );
    wait(phone.answer_item(id, 2, one)).unwrap();
    let whole = wait(phone.finish_measure(id)).unwrap();
    let band = whole.band.unwrap();
    let total = whole.response.total.unwrap();
    assert!(band.least <= total && total <= band.most);
}

#[test]
fn reminders_say_what_to_schedule_and_choices_change_nothing_else() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let asked = |zone: &str| ReminderRequest {
        zone: zone.to_owned(),
        now: phone.now().unwrap(),
        shown: Vec::new(),
        scheduled: vec![companion_ffi::ScheduledReminder {
            id: "0".repeat(32),
            fingerprint: None,
        }],
    };
    let changes = wait(phone.reminders(asked("America/Denver"))).unwrap();
    assert_eq!(changes.to_cancel, ["0".repeat(32)]);
    assert!(!changes.zone_unknown && changes.to_schedule.is_empty());
    assert!(
        wait(phone.reminders(asked("Nowhere/Never")))
            .unwrap()
            .zone_unknown
    );
    let mut odd = asked("America/Denver");
    odd.scheduled[0].id = "mine".to_owned();
    assert!(matches!(
        wait(phone.reminders(odd)),
        Err(CompanionError::Invalid { .. })
    ));

    let time = ClockTime {
        hour: 19,
        minute: 30,
    };
    let chosen = wait(phone.choose_reminders(vec![ReminderChoice::CheckInAt { time: Some(time) }]));
    assert_eq!(chosen.unwrap().check_ins_at, Some(time));
    let kept = wait(phone.reminder_preferences()).unwrap();
    assert_eq!((kept.check_ins_at, kept.quiet_hours), (Some(time), None));
    let none = ClockTime {
        hour: 25,
        minute: 0,
    };
    let refused =
        wait(phone.choose_reminders(vec![ReminderChoice::CheckInAt { time: Some(none) }]));
    let Err(CompanionError::Invalid { problem, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(problem, FieldProblem::Other);
}

/// Counts what it hears.
#[derive(Default)]
struct Progress(Mutex<Vec<(u64, u64)>>);

impl ProgressListener for Progress {
    fn on_progress(&self, done: u64, of: u64) {
        self.0.lock().unwrap().push((done, of));
    }
}

#[test]
fn a_record_is_taken_along_and_brought_back_on_another_phone() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let journal = phone.journal().unwrap();
    wait(journal.create(entry(phone, "The lake was calm."))).unwrap();
    let folder = opened.path("along");
    let heard = Arc::new(Progress::default());
    let exported = wait(phone.export_into(folder.clone(), Some(Arc::clone(&heard) as _))).unwrap();
    assert_eq!(exported.documents, 1);
    let of = u64::try_from(exported.files.len()).unwrap();
    assert_eq!(heard.0.lock().unwrap().last(), Some(&(of, of)));
    let again = wait(phone.export_into(folder.clone(), None));
    assert!(
        matches!(again, Err(CompanionError::NotWritable { .. })),
        "{again:?}"
    );

    let other = Opened::new();
    let nothing = wait(other.phone.read_export(other.path("nothing")));
    assert!(matches!(nothing.err(), Some(CompanionError::Import { .. })));
    let read = wait(other.phone.read_export(folder.clone())).unwrap();
    let plan = read.plan().unwrap();
    assert_eq!((plan.would.own.len(), plan.would.own[0].count), (1, 1));
    assert_eq!(wait(read.import()).unwrap().own, plan.would.own);
    let found = wait(other.phone.journal().unwrap().search("lake".to_owned(), 5)).unwrap();
    assert_eq!(found[0].body, "The lake was calm.");
    assert!(
        wait(other.phone.former_record())
            .unwrap()
            .documents
            .is_empty()
    );
}

#[test]
fn an_account_is_ended_and_what_was_here_goes() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let before = wait(phone.before_ending()).unwrap();
    assert!(!before.sentences.is_empty());
    assert_eq!(wait(phone.account_standing()).unwrap(), None);
    let ended = wait(phone.end_account(SharedThen::Stays)).unwrap();
    assert!(matches!(ended, AccountStanding::Ended { .. }), "{ended:?}");
    let refused = wait(phone.journal().unwrap().create(entry(phone, "More.")));
    assert!(matches!(refused, Err(CompanionError::NotNow { .. })));
    wait(phone.pause()).unwrap();
    let gone = wait(remove_if_ended(
        request(&opened.folder),
        Arc::clone(&opened.vault) as _,
    ));
    assert!(gone.unwrap().is_some());
    assert!(!std::path::Path::new(&opened.path("record.db")).exists());
    let again = wait(remove_if_ended(
        request(&opened.folder),
        Arc::new(Vault::default()),
    ));
    assert_eq!(again.unwrap(), None);
}

#[test]
fn what_needs_a_clinic_says_so_and_what_does_not_is_there() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let not_paired = |error: Option<CompanionError>| error == Some(CompanionError::NotPaired);
    assert!(not_paired(wait(phone.stay_in_touch(None)).err()));
    assert!(not_paired(wait(phone.devices()).err()));
    assert!(not_paired(wait(phone.invite_phone()).err()));
    assert!(not_paired(wait(phone.make_recovery_words()).err()));
    assert_eq!(
        wait(phone.status()).unwrap().pairing,
        PairingStanding::Alone
    );
    assert_eq!(wait(phone.session_day()).unwrap(), None);
    assert_eq!(wait(phone.next_session()).unwrap(), None);
    assert_eq!(wait(phone.releases()).unwrap(), []);
    assert_eq!(wait(phone.to_review()).unwrap(), []);
    assert_eq!(wait(phone.in_two_wordings()).unwrap(), []);
    assert_eq!(wait(phone.timeline("en".to_owned())).unwrap(), []);
    assert!(wait(phone.plan()).unwrap().programme.is_none());
    assert!(!wait(phone.care_team()).unwrap().who_can_read.is_empty());
    let prompts = wait(phone.prompts("es-MX".to_owned())).unwrap();
    assert_eq!(
        (prompts.nothing, &*prompts.language),
        (Some(NoPrompts::NotReady), "es")
    );
    assert!(wait(phone.prompts("no tag".to_owned())).is_err());
    wait(phone.choose_language(Some("es".to_owned()))).unwrap();
    assert_eq!(wait(phone.language()).unwrap().as_deref(), Some("es"));
    let since = LocalMoment {
        instant: SystemTime::UNIX_EPOCH,
        offset_minutes: 0,
    };
    assert_eq!(wait(phone.at_a_glance(since)).unwrap().changed, []);
    let check = wait(phone.check_use(
        vec![UseReplyRequest {
            topic: UseTopic::Bladder,
            reply: UseReply::RatherNotSay,
        }],
        String::new(),
    ));
    let replies = check.unwrap().replies;
    assert_eq!(replies[2].reply, Some(UseReply::RatherNotSay));
}

#[test]
fn a_guide_is_drawn_from_its_blocks_and_what_is_looked_up_unseen_is_not_kept() {
    let opened = Opened::new();
    let phone = &opened.phone;
    let desk = wait(phone.guides("en".to_owned())).unwrap();
    let about = desk
        .shelf
        .iter()
        .find(|it| it.guide == "misuse-and-bladder")
        .unwrap();
    assert!(!about.blocks.is_empty() && !about.progress_is_kept);
    let mark = |guide: &str| {
        let (guide, session) = (guide.to_owned(), about.session);
        wait(phone.mark_guide(guide, session, "en".to_owned(), GuideMark::Opened))
    };
    assert_eq!(mark(&about.guide), Ok(false));
    assert!(matches!(
        mark("nothing"),
        Err(CompanionError::NotFound { .. })
    ));
}

#[test]
fn the_health_of_a_record_is_told_also_where_it_can_not_be_opened() {
    let opened = Opened::new();
    let report = wait(opened.phone.diagnostics()).unwrap();
    assert!(matches!(
        report.check,
        CheckOutcome::Compared { differing: 0, .. }
    ));
    assert!(report.as_words.contains("patient"), "{}", report.as_words);
    assert_eq!(wait(opened.phone.check_record()).unwrap().differing, []);
    wait(opened.phone.rebuild()).unwrap();
    wait(opened.phone.pause()).unwrap();
    let other = Arc::new(Vault::default());
    other.keep_key(vec![9; 32]).unwrap();
    let told = wait(diagnostics_of_unopened(request(&opened.folder), other)).unwrap();
    let why = "wrong_key_or_first_page".to_owned();
    assert_eq!(told.check, CheckOutcome::NotOpened { why });
}
