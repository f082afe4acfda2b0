//! What the story is told on: a sync server, a clinic's node with its console, and phones, all real
//! and joined by nothing but HTTP.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion_core::clinic::{Clinic, InviteState, NewPatient, PatientInvitation};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::{CostSheet, DocumentId, ItemId};
use companion_core::patient::{PairingState, Patient};
use companion_core::ports::{Clock, OsRng, Rng};
use companion_core::protocol::change::SealedChange;
use companion_core::protocol::id::LogNumber;
use companion_core::{CoreError, HttpNetwork, Ports, StoreKey};
use sync_server::{Server, storage};
use tokio::runtime::Runtime;
use tracing::Level;

use crate::args::Args;
use crate::clock::StoryClock;
use crate::data_dir::DataDir;
use crate::ending::end_early;
use crate::error::{DemoError, at};
use crate::logs::Logs;
use crate::script::{self, Newcomer, Person};
use clinic_console::accounts::{Accounts, Role};
use clinic_console::console::{self, Console, ConsoleError, Security};
use clinic_console::node::Folder;

/// The port that the console asks for first.
const CONSOLE_PORT: u16 = 8788;
/// How many ports after it are tried.
const CONSOLE_PORTS: u16 = 50;

/// Everything that runs.
pub(crate) struct Stage {
    pub(crate) clock: Arc<StoryClock>,
    pub(crate) clinic: Arc<Clinic>,
    pub(crate) logs: Logs,
    ports: Ports,
    server: Option<sync_server::Running>,
    config: sync_server::Config,
    console: Option<console::Running>,
    runtime: Runtime,
    /// Cleans up when somebody ends the demo before it listens.
    impatience: tokio::task::JoinHandle<()>,
    node: Folder,
    key: zeroize::Zeroizing<[u8; 32]>,
    // Last, so that the folder goes after everything that writes into it.
    data_dir: DataDir,
}

/// Someone who can sign in.
pub(crate) struct SignIn {
    pub(crate) name: &'static str,
    pub(crate) passphrase: &'static str,
}

/// The demo's clinician. The passphrase guards invented people on this machine, nothing else.
pub(crate) const SIGN_IN: SignIn = SignIn {
    name: script::THERAPIST,
    passphrase: "harbor lights at dusk",
};

impl Stage {
    /// Starts the server and makes the clinic, and registers the one at the other.
    pub(crate) fn build(args: &Args, log_level: Level) -> Result<Self, DemoError> {
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        let data_dir = DataDir::make(&*rng, args.keep).map_err(at(&std::env::temp_dir()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("console")
            .enable_all()
            .build()
            .map_err(DemoError::Threads)?;
        let impatience = runtime.spawn(end_early(data_dir.root().to_owned(), args.keep));
        let logs_folder = data_dir.folder("logs").map_err(at(data_dir.root()))?;
        let logs = Logs::start(&logs_folder, log_level).map_err(at(&logs_folder))?;
        let clock = Arc::new(StoryClock::new());
        let mut config = sync_server::Config::new(&data_dir.root().join("server"));
        config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, args.server_port));
        config.metrics = None;
        let server = start_server(&config, &clock)?;
        // From now on on this port, so that a stopped server comes back where phones look for it.
        config.listen = server.address();
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            rng: Arc::clone(&rng),
            network: Arc::new(HttpNetwork::new(rng).map_err(CoreError::from)?),
        };
        let node = Folder::new(data_dir.root().join("clinic"), None);
        let key = node.make(&*ports.rng)?;
        let paired = |person: &Person| person.paired.after(clock.days_to(person.zero));
        let earliest = script::PEOPLE.iter().map(paired).min();
        clock.move_to(clock.moment(earliest.unwrap_or(script::At(-1, 9, 0))));
        let url = address(&config);
        let clinic = Clinic::init(
            &node.replica(),
            &StoreKey::new(*key),
            ports.clone(),
            script::CLINIC,
            &url,
        )?;
        server.storage().register_clinic(storage::Clinic {
            key: clinic.public_key(),
            label: LABEL.to_owned(),
            max_spaces: 100,
            max_bytes: 1024 * 1024 * 1024,
        })?;
        let clinic = Arc::new(clinic);
        let server = Some(server);
        Ok(Self {
            clock,
            clinic,
            logs,
            ports,
            server,
            config,
            console: None,
            runtime,
            impatience,
            node,
            key,
            data_dir,
        })
    }

    /// Registers a patient and makes their link.
    pub(crate) fn invite(&self, who: &Newcomer) -> Result<PatientInvitation, DemoError> {
        Ok(self.clinic.invite_patient(NewPatient {
            name: who.name.to_owned(),
            initials: who.initials.to_owned(),
            pronouns: who.pronouns.to_owned(),
            therapist: script::THERAPIST.to_owned(),
            ..NewPatient::default()
        })?)
    }

    /// What the clinic writes down of structure and costs. The sums are invented.
    pub(crate) fn costs(&self) -> CostSheet {
        let mut sheet = CostSheet::new(self.clinic.now());
        let lines = [
            ("Assessment", Payer::Either, "30000 USD"),
            (
                "Preparation and integration, each visit",
                Payer::Insurance,
                "18000 USD",
            ),
            ("Dosing session, three hours", Payer::Cash, "65000 USD"),
            ("The medicine itself, each session", Payer::Cash, "9000 USD"),
        ];
        for (label, payer, amount) in lines {
            let line = CostLine {
                label: label.to_owned(),
                provider: script::CLINIC.to_owned(),
                payer,
                is_medicine: label.starts_with("The medicine"),
                hsa_fsa: payer == Payer::Cash,
                amount: amount.parse().ok(),
            };
            let id = ItemId::random(&*self.ports.rng);
            sheet.lines.push(id, line);
        }
        sheet
    }

    /// Where a phone keeps its things.
    pub(crate) fn phone_folder(&self, folder: &str) -> PathBuf {
        self.data_dir.root().join("phones").join(folder)
    }

    /// A new phone, in the form in which `cargo phone` keeps one, so that a reader can go on as any
    /// of these people.
    pub(crate) fn phone(&self, folder: &str) -> Result<Patient, DemoError> {
        let path = self
            .data_dir
            .folder(&format!("phones/{folder}"))
            .map_err(at(self.data_dir.root()))?;
        let key = StoreKey::random(&*self.ports.rng);
        let key_file = path.join("phone.key");
        std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&key_file)
            .and_then(|mut file| file.write_all(key.as_bytes()))
            .map_err(at(&key_file))?;
        self.opened(&path.join("phone.db"), &key)
    }

    /// A phone's record, with what this stage has of time, chance and network.
    pub(crate) fn opened(&self, record: &Path, key: &StoreKey) -> Result<Patient, DemoError> {
        Ok(Patient::open(record, key, self.ports.clone())?)
    }

    /// Pairs a phone as two people do it: the link over the table, then the words compared.
    pub(crate) fn pair(
        &self,
        phone: &Patient,
        invitation: &PatientInvitation,
    ) -> Result<(), DemoError> {
        phone.pair(&invitation.link)?;
        self.compare(phone, invitation.patient)
    }

    /// Lets a phone in that came by its link, and waits until both have done what belongs to it.
    pub(crate) fn let_in(&self, phone: &Patient, patient: DocumentId) -> Result<(), DemoError> {
        self.compare(phone, patient)?;
        // The phone has said what it is called; the clinic pays for what it keeps to itself.
        self.clinic.sync()?;
        phone.sync()?;
        Ok(())
    }

    /// Compares the words that both show; the phone hears that it was let in.
    fn compare(&self, phone: &Patient, patient: DocumentId) -> Result<(), DemoError> {
        self.clinic.sync()?;
        phone.sync()?;
        let PairingState::Waiting {
            compare_words: Some(words),
            ..
        } = phone.status()?.pairing
        else {
            return Err(DemoError::Words);
        };
        self.confirm(patient, &words)?;
        phone.sync()?;
        Ok(())
    }

    /// What the clinician does with the words that the phone shows.
    pub(crate) fn confirm(&self, patient: DocumentId, words: &[String]) -> Result<(), DemoError> {
        match self.clinic.invite_state(patient)? {
            InviteState::Joined {
                comparison,
                compare_words,
                ..
            } if compare_words == words => Ok(self.clinic.confirm_words(patient, comparison)?),
            _ => Err(DemoError::Words),
        }
    }

    /// Opens the console to browsers on this machine.
    pub(crate) fn open_console(&mut self, port: Option<u16>) -> Result<(), DemoError> {
        let clock = Arc::clone(&self.ports.clock);
        let accounts = Accounts::open(
            &self.node.accounts(),
            &self.key,
            Arc::clone(&clock),
            Arc::clone(&self.ports.rng),
        )?;
        accounts.add_clinician(SIGN_IN.name, SIGN_IN.passphrase, Role::Lead)?;
        let accounts = Arc::new(accounts);
        let candidates = match port {
            Some(port) => port..=port,
            None => CONSOLE_PORT..=CONSOLE_PORT.saturating_add(CONSOLE_PORTS),
        };
        let mut last = None;
        for port in candidates {
            let config = console::Config {
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
                security: Security::LoopbackHttp,
                names: Vec::new(),
                limits: console::Limits::default(),
                clock: Arc::clone(&clock),
                rng: Arc::clone(&self.ports.rng),
            };
            let starting = Console::start(config, Arc::clone(&self.clinic), Arc::clone(&accounts));
            match self.runtime.block_on(starting) {
                Ok(running) => {
                    self.console = Some(running);
                    return Ok(());
                }
                Err(error @ ConsoleError::Listen { .. }) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or(DemoError::NoConsole, DemoError::from))
    }

    /// What to type into a browser.
    pub(crate) fn console(&self) -> Result<&console::Running, DemoError> {
        self.console.as_ref().ok_or(DemoError::NoConsole)
    }

    /// The sync server's address.
    pub(crate) fn server_url(&self) -> String {
        address(&self.config)
    }

    /// The server's data folder.
    pub(crate) fn server_data(&self) -> &Path {
        &self.config.data
    }

    /// Stops the server, as an operator does.
    pub(crate) fn stop_server(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown();
        }
    }

    /// Starts it again over the same folder, on the same port.
    pub(crate) fn restart_server(&mut self) -> Result<(), DemoError> {
        self.stop_server();
        self.server = Some(start_server(&self.config, &self.clock)?);
        Ok(())
    }

    /// Copies the server's database as an operator does at night; gives the copy's folder.
    pub(crate) fn back_up_server(&self) -> Result<PathBuf, DemoError> {
        let folder = self
            .data_dir
            .folder("backup")
            .map_err(at(self.data_dir.root()))?;
        if let Some(server) = &self.server {
            server.storage().backup(&folder.join("sync.db"))?;
        }
        Ok(folder)
    }

    /// The sealed part of every change that the server holds.
    pub(crate) fn sealed_changes(&self) -> Result<Vec<Vec<u8>>, DemoError> {
        let mut sealed = Vec::new();
        let Some(server) = &self.server else {
            return Ok(sealed);
        };
        let storage = server.storage();
        for space in storage.spaces()? {
            let Some(page) = storage.pull(space, LogNumber(0), usize::MAX, usize::MAX)? else {
                continue;
            };
            for (_, bytes) in page.changes {
                let change = SealedChange::parse(&bytes)
                    .map_err(|error| DemoError::Change(error.to_string()))?;
                sealed.extend(change.sealed().map(|sealed| sealed.ciphertext.clone()));
            }
        }
        Ok(sealed)
    }

    /// The demo's folder.
    pub(crate) fn root(&self) -> &Path {
        self.data_dir.root()
    }

    /// Where the async parts run.
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// From now on somebody else listens for the end.
    pub(crate) fn is_ready(&self) {
        self.impatience.abort();
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(console) = self.console.take() {
            self.runtime.block_on(console.shutdown());
        }
        self.stop_server();
    }
}

/// The operator's own name for the clinic. It stands in the server's database as it is: what the
/// search for canaries must be able to find.
pub(crate) const LABEL: &str = "demo-clinic-as-the-operator-calls-it";

fn start_server(
    config: &sync_server::Config,
    clock: &Arc<StoryClock>,
) -> Result<sync_server::Running, DemoError> {
    Ok(Server::start(
        config.clone(),
        Arc::clone(clock) as Arc<dyn sync_server::Clock>,
    )?)
}

fn address(config: &sync_server::Config) -> String {
    format!("http://{}", config.listen)
}
