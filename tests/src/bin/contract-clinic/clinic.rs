//! The clinic: its verbs under one name each.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use companion_core::clinic::{Clinic, InviteState, NewPatient};
use companion_core::domain::guide::{Language, Slot};
use companion_core::domain::{DosingSession, Entry, GuideAssignment, Moment, Readiness, Zone};
use companion_core::ports::{Clock, OsRng, Ports, SystemClock};
use companion_core::records::Query;
use companion_core::{CoreError, HttpNetwork, StoreKey};
use serde_json::{Value, json};

use crate::care;
use crate::gate::Gate;
use crate::looks;
use crate::server::Server;
use crate::{number, text};

pub(crate) const BY: &str = "Maya Lindqvist";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The device's clock, as far as it was turned.
#[derive(Default)]
struct TurnedClock {
    ahead_ms: AtomicI64,
}

impl Clock for TurnedClock {
    fn now(&self) -> Moment {
        let now = SystemClock.now();
        Moment {
            unix_ms: now.unix_ms + self.ahead_ms.load(Ordering::SeqCst),
            ..now
        }
    }
}

/// A clinic with a server of its own.
pub(crate) struct TestClinic {
    clinic: Clinic,
    clock: Arc<TurnedClock>,
    /// What stands between the server and everybody.
    gate: Gate,
    _server: Server,
}

impl TestClinic {
    pub(crate) fn start(folder: &Path) -> Self {
        let server = Server::start(folder);
        let gate = Gate::before(server.address);
        let rng = Arc::new(OsRng);
        let clock = Arc::new(TurnedClock::default());
        let ports = Ports {
            clock: clock.clone(),
            rng: rng.clone(),
            network: Arc::new(HttpNetwork::new(rng).unwrap()),
        };
        let path = folder.join("clinic.db");
        let key = StoreKey::random(&OsRng);
        let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", &gate.address);
        let clinic = clinic.unwrap();
        server.register(&clinic.public_key().to_string());
        Self {
            clinic,
            clock,
            gate,
            _server: server,
        }
    }

    /// Does what a line says.
    pub(crate) fn answer(&mut self, asked: &Value) -> Result<Value, String> {
        self.done(asked).map_err(|error| error.to_string())
    }

    fn done(&mut self, asked: &Value) -> Result<Value, CoreError> {
        let patient = || text(asked, "patient").parse().unwrap();
        let clinic = &self.clinic;
        Ok(match text(asked, "do") {
            "invite" => {
                let invitation = clinic.invite_patient(NewPatient {
                    name: text(asked, "name").to_owned(),
                    therapist: BY.to_owned(),
                    ..NewPatient::default()
                })?;
                clinic.sync()?;
                json!({ "link": invitation.link, "patient": invitation.patient.to_string() })
            }
            "sync" => json!({ "received": clinic.sync()?.received }),
            "words" => {
                clinic.sync()?;
                match clinic.invite_state(patient())? {
                    InviteState::Joined { compare_words, .. } => json!({ "words": compare_words }),
                    other => json!({ "error": format!("nobody waits: {other:?}") }),
                }
            }
            "admit" => {
                if let InviteState::Joined { comparison, .. } = clinic.invite_state(patient())? {
                    clinic.confirm_words(patient(), comparison)?;
                }
                clinic.sync()?;
                json!({})
            }
            "refuse" => {
                if let InviteState::Joined { comparison, .. } = clinic.invite_state(patient())? {
                    clinic.refuse_words(patient(), comparison)?;
                }
                clinic.sync()?;
                json!({})
            }
            "entries" => {
                clinic.sync()?;
                let page = clinic.shared::<Entry>(patient(), &Query::all())?;
                let bodies = page
                    .items
                    .into_iter()
                    .map(|shared| shared.view.content.body);
                let mut bodies: Vec<String> = bodies.collect();
                bodies.sort();
                json!({ "bodies": bodies })
            }
            "open" => {
                clinic.sync()?;
                let page = clinic.shared::<Entry>(patient(), &Query::all())?;
                let ids: Vec<_> = page.items.iter().map(|shared| shared.view.id).collect();
                let opened = clinic.open_all_shared::<Entry>(patient(), &ids, BY)?;
                clinic.sync()?;
                json!({ "opened": opened })
            }
            "reply" => {
                let page = clinic.shared::<Entry>(patient(), &Query::all())?;
                let about = page
                    .items
                    .iter()
                    .find(|shared| shared.view.content.body == text(asked, "about"));
                let about = about.unwrap().view.id;
                clinic.reply(patient(), about, text(asked, "body"), BY)?;
                clinic.sync()?;
                json!({})
            }
            "plan_session" => {
                let session = noon_in(number(asked, "in_minutes"), clinic.now());
                clinic.create(patient(), Readiness::ready(BY, clinic.now()))?;
                let mut planned = DosingSession::new(1, session);
                text(asked, "place").clone_into(&mut planned.place);
                BY.clone_into(&mut planned.therapist);
                "Dr. Vega".clone_into(&mut planned.medical_provider);
                clinic.plan_session(patient(), planned)?;
                clinic.sync()?;
                json!({ "session_ms": session.unix_ms })
            }
            "assign_guide" => {
                let assignment = GuideAssignment {
                    guide: text(asked, "guide").parse().unwrap(),
                    due: text(asked, "due").parse().unwrap(),
                    by: BY.to_owned(),
                    at: clinic.now(),
                };
                clinic.create(patient(), assignment)?;
                clinic.sync()?;
                json!({})
            }
            "write_rule" => {
                let slot = Slot::ALL.into_iter();
                let mut named = slot.filter(|slot| slot.as_str() == text(asked, "slot"));
                let words = text(asked, "words").to_owned();
                let language = Language::english();
                clinic.write_rule(named.next().unwrap(), &language, BY, |_| Some(words))?;
                clinic.sync()?;
                json!({})
            }
            "turn_clock" => {
                let ahead_ms = number(asked, "ahead_ms");
                self.clock.ahead_ms.store(ahead_ms, Ordering::SeqCst);
                json!({})
            }
            "look" | "ask_for_release" | "releases" => looks::answer(clinic, patient(), asked)?,
            "plan_session_after_clock_change" => {
                let (change, session) = after_clock_change(text(asked, "zone"), clinic.now());
                clinic.create(patient(), Readiness::ready(BY, clinic.now()))?;
                let mut planned = DosingSession::new(1, session);
                BY.clone_into(&mut planned.therapist);
                "Dr. Vega".clone_into(&mut planned.medical_provider);
                clinic.plan_session(patient(), planned)?;
                clinic.sync()?;
                json!({
                    "session_ms": session.unix_ms,
                    "now_ms": change - 5 * DAY_MS,
                })
            }
            "hold_server" => {
                self.gate.shut();
                json!({})
            }
            "let_go_of_server" => {
                self.gate.open();
                json!({})
            }
            "wait_for_request" => match self.gate.wait_for_request() {
                true => json!({}),
                false => json!({ "error": "nothing was asked of the server" }),
            },
            other => match care::answer(clinic, patient, asked) {
                Some(answer) => answer?,
                None => json!({ "error": format!("there is nothing called {other}") }),
            },
        })
    }
}

/// So many minutes from now, by a clock on the wall that shows noon then: all of its day is one day of the calendar.
fn noon_in(minutes: i64, now: Moment) -> Moment {
    let unix_ms = now.unix_ms + minutes * 60_000;
    let minute_of_day = unix_ms.rem_euclid(DAY_MS) / 60_000;
    Moment {
        unix_ms,
        offset_minutes: i32::try_from(12 * 60 - minute_of_day).unwrap(),
    }
}

/// The next change of a zone's clocks that is more than a week ahead, as an instant, and nine in the morning of the
/// second day after it.
fn after_clock_change(zone: &str, now: Moment) -> (i64, Moment) {
    let zone = Zone::named(zone).unwrap();
    let offset = |ms: i64| zone.moment(ms).unwrap().offset_minutes;
    let mut at = now.unix_ms + 7 * DAY_MS;
    while offset(at) == offset(at + DAY_MS) {
        at += DAY_MS;
    }
    let day = zone.moment(at + 3 * DAY_MS).unwrap();
    let midnight = day.unix_ms - i64::from(day.to_chrono().unwrap().num_ms_from_midnight());
    let nine = zone.moment(midnight + 9 * 60 * 60 * 1000).unwrap();
    (at, nine)
}

/// Milliseconds since local midnight.
trait SinceMidnight {
    fn num_ms_from_midnight(&self) -> u32;
}

impl<Z: chrono::TimeZone> SinceMidnight for chrono::DateTime<Z> {
    fn num_ms_from_midnight(&self) -> u32 {
        use chrono::Timelike as _;
        self.num_seconds_from_midnight() * 1000 + self.timestamp_subsec_millis()
    }
}
