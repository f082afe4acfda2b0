//! Takes the steps of a scenario one after the other.

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use companion_core::domain::{DocumentId, Zone};
use companion_ffi::{
    CompanionError, Delivery, EntryKind, EntryRequest, EntryView, LocalMoment, PageRequest,
    PairingStanding, ReminderAbout, ReminderRequest, WhoReads,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clinic::ClinicProcess;
use crate::phone::{Ears, Phone};

/// Waits for a call, as a shell's own runtime does.
pub(crate) fn wait<T>(call: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(call)
}

/// Runs one.
pub(crate) fn scenario(name: &str) {
    let all = crate::scenarios();
    let one = all.iter().find(|it| it["name"] == name).unwrap();
    let mut run = Run {
        folder: tempfile::tempdir().unwrap(),
        clinic: ClinicProcess::start(),
        phones: BTreeMap::new(),
        entries: BTreeMap::new(),
        ears: BTreeMap::new(),
        said: BTreeMap::new(),
        written: 0,
    };
    for step in one["steps"].as_array().unwrap() {
        let step = run.filled(step);
        let done = run.step(&step);
        must_be_as_expected(&step, done);
    }
}

struct Run {
    folder: TempDir,
    clinic: ClinicProcess,
    phones: BTreeMap<String, Phone>,
    entries: BTreeMap<String, EntryView>,
    ears: BTreeMap<String, Ears>,
    /// What steps gave, under the name that they gave it.
    said: BTreeMap<String, Value>,
    written: u64,
}

fn text<'a>(step: &'a Value, field: &str) -> &'a str {
    let said = step[field].as_str();
    said.unwrap_or_else(|| panic!("{step} has no {field}"))
}

fn texts(step: &Value, field: &str) -> Vec<String> {
    serde_json::from_value(step[field].clone()).unwrap()
}

/// The name of a variant, as a scenario writes it.
fn name_of(value: &impl std::fmt::Debug) -> String {
    let all = format!("{value:?}");
    all.split([' ', '{', '(']).next().unwrap().to_owned()
}

fn must_be_as_expected(step: &Value, done: Result<(), CompanionError>) {
    let wanted: Vec<&str> = match &step["error"] {
        Value::Null => Vec::new(),
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().map(|one| one.as_str().unwrap()).collect(),
        other => panic!("{other} names no error"),
    };
    match done {
        Ok(()) => assert!(wanted.is_empty(), "{step}: no error came"),
        Err(error) => {
            // As both languages name it: the variant.
            assert!(wanted.contains(&&*name_of(&error)), "{step}: {error:?}");
            must_say(step, &error);
        }
    }
}

/// What an error carries, for a shell to branch on.
fn must_say(step: &Value, error: &CompanionError) {
    if let (Some(field), CompanionError::Invalid { field: said, .. }) =
        (step["field"].as_str(), error)
    {
        assert_eq!(said, field);
    }
    if let (Some(reason), CompanionError::NotNow { reason: said, .. }) =
        (step["reason"].as_str(), error)
    {
        assert_eq!(name_of(said), reason);
    }
    if let (Some(what), CompanionError::NotFound { what: said, .. }) =
        (step["what"].as_str(), error)
    {
        assert_eq!(name_of(said), what);
    }
    if let (Some(found), CompanionError::NewerRecord { found: said, .. }) =
        (step["found"].as_u64(), error)
    {
        assert_eq!(u64::from(*said), found);
    }
    if let Some(words) = step["words_without"].as_str() {
        assert!(!error.to_string().contains(words) && !format!("{error:?}").contains(words));
    }
}

impl Run {
    /// A step with each `$name.field` replaced by what was said under that name.
    fn filled(&self, step: &Value) -> Value {
        match step {
            Value::String(text) => match text.strip_prefix('$') {
                None => step.clone(),
                Some(place) => {
                    let (name, field) = place.split_once('.').unwrap();
                    match (self.phones.get(name), field) {
                        (Some(phone), "path") => json!(phone.path),
                        (Some(phone), "key") => json!(phone.key()),
                        _ => self.said[name][field].clone(),
                    }
                }
            },
            Value::Array(all) => all.iter().map(|one| self.filled(one)).collect(),
            Value::Object(all) => {
                let all = all
                    .iter()
                    .map(|(name, one)| (name.clone(), self.filled(one)));
                Value::Object(all.collect())
            }
            other => other.clone(),
        }
    }

    fn keep(&mut self, step: &Value, said: Value) {
        if let Some(name) = step["as"].as_str() {
            self.said.insert(name.to_owned(), said);
        }
    }

    fn ask_clinic(&mut self, what: &Value) -> Value {
        let answer = self.clinic.ask(what);
        assert!(answer["error"].is_null(), "{what}: {answer}");
        answer
    }

    fn phone(&mut self, step: &Value) -> &mut Phone {
        let name = text(step, "phone");
        let folder = self.folder.path();
        self.phones
            .entry(name.to_owned())
            .or_insert_with(|| Phone::new(folder, name))
    }

    fn bodies(&mut self, step: &Value) -> Result<Vec<String>, CompanionError> {
        let journal = self.phone(step).record().journal()?;
        let rows = PageRequest {
            rows: 500,
            ..PageRequest::default()
        };
        let page = wait(journal.page(rows))?;
        Ok(page.items.into_iter().map(|view| view.body).collect())
    }

    /// The moment of the next entry: a minute after the one before, so that lists have one order.
    fn next_moment(&mut self) -> LocalMoment {
        self.written += 1;
        let minutes = Duration::from_secs(1_780_000_000 + self.written * 60);
        LocalMoment {
            instant: UNIX_EPOCH + minutes,
            offset_minutes: 60,
        }
    }

    fn request(&mut self, body: &str, visibility: WhoReads) -> EntryRequest {
        EntryRequest {
            title: String::new(),
            body: body.to_owned(),
            kind: EntryKind::Reflection,
            mood: None,
            session: None,
            tags: Vec::new(),
            visibility,
            at: self.next_moment(),
        }
    }

    fn step(&mut self, step: &Value) -> Result<(), CompanionError> {
        match text(step, "op") {
            "open" => {
                let vault = step["vault"].as_str().map(str::to_owned);
                self.phone(step).open(vault.as_deref())?;
            }
            "close" => self.phone(step).close()?,
            "clinic" => {
                let answer = self.ask_clinic(&step["do"]);
                if let Some(wanted) = step["answers"].as_object() {
                    for (field, wanted) in wanted {
                        assert_eq!(&answer[field], wanted, "{step}");
                    }
                }
                self.keep(step, answer);
            }
            "admitted" => self.admit(step)?,
            "pair" => {
                let link = text(step, "link").to_owned();
                let paired = wait(self.phone(step).record().pair(link))?;
                assert_eq!(name_of(&paired.compare_with), text(step, "compare_with"));
            }
            "sync" => {
                let done = wait(self.phone(step).record().sync())?;
                assert!(done.problems.is_empty(), "{step}: {:?}", done.problems);
            }
            "status" => self.must_stand(step)?,
            "write" => {
                let request = self.request(text(step, "body"), who(step));
                let journal = self.phone(step).record().journal()?;
                let view = wait(journal.create(request))?;
                if let Some(name) = step["as"].as_str() {
                    self.entries.insert(name.to_owned(), view);
                }
            }
            "write_many" => {
                let count = step["count"].as_u64().unwrap();
                let journal = self.phone(step).record().journal()?;
                for number in 0..count {
                    let request = self.request(&format!("number {number}"), who(step));
                    wait(journal.create(request))?;
                }
            }
            "edit" => {
                let (journal, id) = self.entry(step)?;
                let seen = wait(journal.get(id))?;
                let mut request = self.request(text(step, "body"), seen.visibility);
                request.at = seen.at;
                wait(journal.edit(id, seen.head.revision, request))?;
            }
            "read" => {
                let (journal, id) = self.entry(step)?;
                wait(journal.get(id))?;
            }
            "share" => {
                let (journal, id) = self.entry(step)?;
                let shared = wait(journal.share(id, who(step)))?;
                self.keep_entry(step);
                self.entries.insert(text(step, "entry").to_owned(), shared);
            }
            "withdraw" => {
                let (journal, id) = self.entry(step)?;
                let private = wait(journal.withdraw(id))?;
                self.keep_entry(step);
                self.entries.insert(text(step, "entry").to_owned(), private);
            }
            "delete" => {
                let (journal, id) = self.entry(step)?;
                wait(journal.delete(id))?;
            }
            "entries" => assert_eq!(self.bodies(step)?, texts(step, "bodies"), "{step}"),
            "entries_in_any_order" => {
                let mut bodies = self.bodies(step)?;
                bodies.sort();
                assert_eq!(bodies, texts(step, "bodies"), "{step}");
            }
            "only_whole" => {
                let whole = texts(step, "bodies");
                let bodies = self.bodies(step)?;
                assert!(bodies.iter().all(|body| whole.contains(body)), "{bodies:?}");
                assert!(whole.iter().all(|body| bodies.contains(body)), "{bodies:?}");
            }
            "search" => {
                let journal = self.phone(step).record().journal()?;
                let found = wait(journal.search(text(step, "words").to_owned(), 10))?;
                let bodies: Vec<String> = found.into_iter().map(|view| view.body).collect();
                assert_eq!(bodies, texts(step, "bodies"), "{step}");
            }
            "delivery" => self.must_have_got(step)?,
            "remains" => {
                let (journal, id) = self.entry(step)?;
                let remains = wait(journal.what_remains(id))?;
                assert_eq!(name_of(&remains.reached), text(step, "reached"));
                assert_eq!(Some(remains.is_shared), step["is_shared"].as_bool());
            }
            "listen" => {
                let record = self.phone(step).record();
                let ears = Ears::listen(&record)?;
                self.ears.insert(text(step, "as").to_owned(), ears);
            }
            "heard" => {
                let newest = match step["reaches_the_newest_of"].as_str() {
                    None => None,
                    Some(phone) => Some(wait(self.phones[phone].record().sequence())?),
                };
                self.ears[text(step, "listener")].wait_for(&texts(step, "kinds"), newest);
            }
            "cancel" => self
                .ears
                .get_mut(text(step, "listener"))
                .unwrap()
                .cancel()?,
            "unheard" => self.ears[text(step, "listener")].must_have_heard_no_more(),
            "in_order" => self.ears[text(step, "listener")].must_be_in_order(),
            "canceled_writes" => self.cancel_writes(step)?,
            "many_calls" => {
                let record = self.phone(step).record();
                for _ in 0..step["count"].as_u64().unwrap() {
                    companion_ffi::version()?;
                    wait(record.journal()?.count(PageRequest {
                        rows: 1,
                        ..PageRequest::default()
                    }))?;
                }
            }
            "pause_while_syncing" => {
                let record = self.phone(step).record();
                let syncing = record.clone();
                let syncing = std::thread::spawn(move || wait(syncing.sync()));
                self.ask_clinic(&json!({ "do": "wait_for_request" }));
                wait(record.pause())?;
                syncing.join().unwrap()?;
            }
            "resume" => wait(self.phone(step).record().resume())?,
            "resume_while_pausing" => {
                let record = self.phone(step).record();
                let [syncing, pausing] = [record.clone(), record.clone()];
                let syncing = std::thread::spawn(move || wait(syncing.sync()));
                self.ask_clinic(&json!({ "do": "wait_for_request" }));
                let pausing = std::thread::spawn(move || wait(pausing.pause()));
                let synced = syncing.join().unwrap();
                wait(record.resume())?;
                pausing.join().unwrap()?;
                synced?;
            }
            "panic" => match text(step, "in") {
                "the_core" => wait(self.phone(step).record().panic_inside())?,
                "a_view" => drop(wait(self.phone(step).record().panic_in_a_view())?),
                other => panic!("nothing panics in {other}"),
            },
            "invite_phone" => {
                let invitation = wait(self.phone(step).record().invite_phone())?;
                self.keep(step, json!({ "link": invitation.link }));
            }
            "confirm_phone" => self.confirm_phone(step)?,
            "reminders" => self.must_remind(step)?,
            other => panic!("there is no step called {other}"),
        }
        Ok(())
    }

    /// A phone that a clinic has let in, both with all that is to be exchanged at the beginning.
    fn admit(&mut self, step: &Value) -> Result<(), CompanionError> {
        self.phone(step).open(None)?;
        let record = self.phone(step).record();
        let invitation = self.ask_clinic(&json!({ "do": "invite", "name": text(step, "name") }));
        wait(record.pair(text(&invitation, "link").to_owned()))?;
        let patient = &invitation["patient"];
        self.ask_clinic(&json!({ "do": "words", "patient": patient }));
        wait(record.sync())?;
        self.ask_clinic(&json!({ "do": "admit", "patient": patient }));
        for _ in 0..2 {
            wait(record.sync())?;
            self.ask_clinic(&json!({ "do": "sync" }));
        }
        wait(record.sync())?;
        self.keep(step, invitation);
        Ok(())
    }

    fn entry(
        &mut self,
        step: &Value,
    ) -> Result<(std::sync::Arc<companion_ffi::Journal>, DocumentId), CompanionError> {
        let id = self.entries[text(step, "entry")].head.id;
        Ok((self.phone(step).record().journal()?, id))
    }

    /// Keeps what an entry was before a step under another name.
    fn keep_entry(&mut self, step: &Value) {
        if let Some(name) = step["before_as"].as_str() {
            let before = self.entries[text(step, "entry")].clone();
            self.entries.insert(name.to_owned(), before);
        }
    }

    fn must_stand(&mut self, step: &Value) -> Result<(), CompanionError> {
        let status = wait(self.phone(step).record().status())?;
        if let Some(pairing) = step["pairing"].as_str() {
            assert_eq!(name_of(&status.pairing), pairing, "{step}");
        }
        if let Some(words) = step["compare_words"].as_array() {
            let PairingStanding::Waiting { compare_words, .. } = &status.pairing else {
                panic!("{step}: {:?}", status.pairing);
            };
            assert_eq!(json!(compare_words), json!(words));
        }
        if let Some(waiting) = step["waiting"].as_u64() {
            assert_eq!(status.waiting, waiting, "{step}");
        }
        if let Some(is_waiting) = step["is_waiting"].as_bool() {
            assert_eq!(status.waiting > 0, is_waiting, "{step}");
        }
        if let Some(clinic) = step["clinic"].as_str() {
            assert_eq!(status.clinic.as_deref(), Some(clinic));
        }
        Ok(())
    }

    fn must_have_got(&mut self, step: &Value) -> Result<(), CompanionError> {
        let (journal, id) = self.entry(step)?;
        let delivery = wait(journal.get(id))?.head.delivery;
        assert_eq!(name_of(&delivery), text(step, "is"), "{step}");
        match delivery {
            Delivery::Delivered { clinic, .. } => assert_eq!(clinic, text(step, "clinic")),
            Delivery::Opened { by, .. } => assert_eq!(by, text(step, "by")),
            _ => {}
        }
        Ok(())
    }

    /// Begins writes and lets go of each at once, as a canceled coroutine does.
    fn cancel_writes(&mut self, step: &Value) -> Result<(), CompanionError> {
        let journal = self.phone(step).record().journal()?;
        for _ in 0..step["count"].as_u64().unwrap() {
            let request = self.request(text(step, "body"), WhoReads::OnlyMe);
            let mut write = pin!(journal.create(request));
            // Begun by being asked for once; whether it is done already is all the same.
            let _ = write.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
        Ok(())
    }

    fn confirm_phone(&mut self, step: &Value) -> Result<(), CompanionError> {
        let record = self.phone(step).record();
        let newcomers = wait(record.newcomers())?;
        let newcomer = newcomers.first().unwrap();
        let other = self.phones[text(step, "same_words_on")].record();
        let PairingStanding::Waiting { compare_words, .. } = wait(other.status())?.pairing else {
            panic!("{step}: it does not wait");
        };
        assert_eq!(newcomer.compare_words, compare_words);
        wait(record.confirm_phone(newcomer.member))
    }

    /// The reminders of a session, as the clock on the wall shows them: days before the session, and the hour.
    fn must_remind(&mut self, step: &Value) -> Result<(), CompanionError> {
        let zone = Zone::named(text(step, "zone")).unwrap();
        let wall = |at: SystemTime| {
            let ms = at.duration_since(UNIX_EPOCH).unwrap().as_millis();
            zone.moment(ms.try_into().unwrap())
                .unwrap()
                .to_chrono()
                .unwrap()
        };
        let at = |field: &str| UNIX_EPOCH + Duration::from_millis(step[field].as_u64().unwrap());
        let request = ReminderRequest {
            zone: zone.name().to_owned(),
            now: LocalMoment {
                instant: at("now_ms"),
                offset_minutes: 0,
            },
            shown: Vec::new(),
            scheduled: Vec::new(),
        };
        let changes = wait(self.phone(step).record().reminders(request))?;
        let session = wall(at("session_ms")).date_naive();
        let of_session = changes
            .to_schedule
            .iter()
            .filter(|reminder| matches!(reminder.about, ReminderAbout::DosingSession { .. }));
        let local = of_session.map(|reminder| {
            let wall = wall(reminder.at.instant);
            let days = (session - wall.date_naive()).num_days();
            format!("{days} days before at {}", wall.format("%H:%M"))
        });
        let wanted = texts(step, "local");
        let first: Vec<String> = local.take(wanted.len()).collect();
        assert_eq!(first, wanted, "{step}");
        Ok(())
    }
}

fn who(step: &Value) -> WhoReads {
    match text(step, "readers") {
        "OnlyMe" => WhoReads::OnlyMe,
        "CareTeam" => WhoReads::CareTeam,
        "TalkInSession" => WhoReads::TalkInSession,
        other => panic!("nobody is called {other}"),
    }
}
