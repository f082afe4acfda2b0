//! What a device makes of the statements of others, without a server between them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod lost;
mod removals;
mod rotations;
mod sealed_again;

use std::collections::BTreeSet;

use companion_protocol::change::{Header, SealedChange};
use companion_protocol::id::{Counter, HistoryHash, LogNumber};
use companion_protocol::statement::{
    ChainPosition, LastChange, Removal, Rotate, Statement, StatementBody,
};
use companion_protocol::suite::WRAPPED_KEY_LENGTH;

use super::*;
use crate::domain::{Content, Device, DeviceSort, Entry, Visibility};
use crate::patient::Patient;
use crate::ports::testing::{SeededRng, offline};
use crate::records::{Edit, Intake, IntakeOutcome, Query, Records, Rows, Scope};
use crate::report::WarningCode;
use crate::space::rotation::Change;
use crate::space::{membership, rotation};
use crate::space::{payload, seal};

const KEY: StoreKey = StoreKey::new([7; 32]);

/// One phone, closed and opened again as the test likes.
struct Phone {
    folder: tempfile::TempDir,
    replica: Arc<Replica>,
    space: SpaceId,
    /// What it sent, in its own order.
    sent: Vec<SealedChange>,
}

fn ports(seed: u64) -> Ports {
    Ports {
        rng: Arc::new(SeededRng::new(seed)),
        ..offline()
    }
}

fn opened(folder: &tempfile::TempDir, seed: u64) -> Arc<Replica> {
    let path = folder.path().join("record.db");
    Arc::new(Replica::open(&path, &KEY, ports(seed), Side::Patient).unwrap())
}

impl Phone {
    fn founding(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let replica = opened(&folder, seed);
        let space = replica.found_space(Purpose::Care, None).unwrap();
        Self {
            folder,
            replica,
            space,
            sent: Vec::new(),
        }
    }

    fn state(&self) -> SpaceState {
        self.replica.space(self.space).unwrap()
    }

    fn id(&self) -> MemberId {
        self.state().my_id()
    }

    fn rng(&self) -> &dyn crate::ports::Rng {
        &*self.replica.ports.rng
    }

    /// The next phone, which this one lets in; `others` hear of it.
    fn let_in(&self, seed: u64, others: &[&Phone]) -> Phone {
        let folder = tempfile::tempdir().unwrap();
        let replica = opened(&folder, seed);
        let handle = replica.new_handle();
        let newcomer = replica.identity(&handle);
        let now = replica.now();
        let until = u64::try_from(now.unix_ms).unwrap() + 1_000;
        let everybody: Vec<&Phone> = [self].into_iter().chain(others.iter().copied()).collect();
        let say = |statement: Statement| tell(&everybody, &statement, &Keyring::new());

        let state = self.state();
        let (invite, secret) = membership::invite(
            &state.me,
            &state.chain,
            Role::Device,
            now,
            until,
            self.rng(),
        );
        say(invite);
        let state = self.state();
        say(membership::join(&newcomer, &state.chain, &secret, now).unwrap());
        let state = self.state();
        let id = newcomer.member();
        say(membership::answer(
            &state.me,
            &state.chain,
            id,
            now,
            self.rng(),
        ));
        self.rotate(
            Change {
                admit: vec![id],
                ..Change::default()
            },
            others,
        );
        let row = SpaceRow::new(self.space, Purpose::Care, handle);
        let statements = self.state().statements.clone();
        let space = replica
            .adopt_space(row, statements, Keyring::new())
            .unwrap();
        Phone {
            folder,
            replica,
            space,
            sent: Vec::new(),
        }
    }

    /// What this phone says next to give the space a new key, and that key.
    fn rotation(&self, change: Change) -> (Statement, Keyring) {
        let state = self.state();
        let again = rotation::not_passed_on(&state.chain, &state.statements, &state.keys);
        let (chain, keys) = (&state.chain, &state.keys);
        let now = self.replica.now();
        let made = rotation::rotate(&state.me, chain, keys, &again, change, now, self.rng());
        let (statement, key) = made.unwrap();
        (statement, Keyring::from([(chain.epoch().next(), key)]))
    }

    fn rotate(&self, change: Change, others: &[&Phone]) {
        let (statement, keys) = self.rotation(change);
        tell(&[self], &statement, &keys);
        tell(others, &statement, &Keyring::new());
    }

    /// A rotation that was honest until `with` changed what it says.
    fn rotate_falsely(&self, others: &[&Phone], with: impl FnOnce(&mut Rotate)) {
        let (honest, keys) = self.rotation(Change::default());
        let StatementBody::Rotate(mut rotate) = honest.body().clone() else {
            panic!("it is a rotation");
        };
        with(&mut rotate);
        let state = self.state();
        let position = ChainPosition {
            space: self.space,
            sequence: state.chain.length(),
            previous: state.chain.head(),
        };
        let (signing, body) = (state.me.signing_key(), StatementBody::Rotate(rotate));
        let said = Statement::sign(signing, position, honest.made_at_ms(), body);
        tell(&[self], &said, &keys);
        tell(others, &said, &Keyring::new());
    }

    /// Writes something and sends it to the others.
    fn write<T: Content>(&mut self, content: &T, others: &[&Phone]) {
        let document = DocumentId::random(self.rng());
        let edit = Edit::new(self.space, document, content).unwrap();
        self.replica.commit(&[edit]).unwrap();
        let waiting = self
            .replica
            .store
            .read(|r| r.outbox(self.space, 100))
            .unwrap();
        let state = self.state();
        let counter = Counter(u64::try_from(self.sent.len()).unwrap() + 1);
        let header = Header {
            space: self.space,
            epoch: state.chain.epoch(),
            id: waiting.last().unwrap().id,
            author: state.my_id(),
            counter,
            previous_own: self
                .sent
                .last()
                .map_or(HistoryHash::ZERO, SealedChange::history),
            chain_head: state.chain.head(),
            content: payload::content(&waiting.last().unwrap().payload),
            frontier: Vec::new(),
            drops: Vec::new(),
        };
        let packed = payload::pack(&waiting.last().unwrap().payload).unwrap();
        let key = state.key(state.chain.epoch()).unwrap();
        let change = seal::seal(&state.me, key, header, &packed, self.rng()).unwrap();
        for other in others {
            assert_eq!(other.take(&change), IntakeOutcome::New);
        }
        self.sent.push(change);
    }

    fn write_entry(&mut self, body: &str, others: &[&Phone]) {
        let entry = Entry {
            body: body.to_owned(),
            visibility: Visibility::CareTeam,
            ..Entry::new(self.replica.now())
        };
        self.write(&entry, others);
    }

    /// Says what it is called.
    fn introduce(&mut self, name: &str, others: &[&Phone]) {
        let device = Device {
            member: self.id(),
            name: name.to_owned(),
            sort: DeviceSort::Phone,
            at: self.replica.now(),
            grant_for: None,
        };
        self.write(&device, others);
    }

    fn take(&self, change: &SealedChange) -> IntakeOutcome {
        let (state, rows) = (self.state(), Rows::new(&self.replica));
        let (genuine, now_ms) = (BTreeSet::new(), self.replica.now().unix_ms);
        let taken = self.replica.write_with_row(self.space, |w, row| {
            row.cursor = LogNumber(row.cursor.0 + 1);
            let mut intake = Intake::new(w, &rows, &state, &genuine, now_ms)?;
            let taken = intake.take(w, row.cursor, change.bytes())?;
            intake.finish(w)?;
            Ok(taken)
        });
        taken.unwrap()
    }

    /// The change that it sent as number `counter`, as the last that counts.
    fn last(&self, counter: usize) -> LastChange {
        let change = &self.sent[counter - 1];
        LastChange {
            counter: change.header().counter,
            hash: change.history(),
        }
    }

    fn remove(&self, member: MemberId, last: LastChange, others: &[&Phone]) {
        let removal = Removal { member, last };
        let change = Change {
            remove: vec![removal],
            ..Change::default()
        };
        self.rotate(change, others);
    }

    fn is_due(&self) -> bool {
        self.replica.row(self.space).unwrap().rotation_due
    }

    /// What it says of one thing.
    fn warnings(&self, code: WarningCode) -> Vec<String> {
        let standing = self.replica.standing_warnings().unwrap();
        let of_code = standing
            .into_iter()
            .filter(|warning| warning.code == Some(code));
        of_code.map(|warning| warning.detail).collect()
    }

    fn entries(&self) -> Vec<String> {
        let records = Records::new(&self.replica, Scope::Patient);
        let page = records
            .contents(&Query::<Entry>::all().oldest_first())
            .unwrap();
        let mut bodies: Vec<_> = page.into_iter().map(|(_, entry)| entry.body).collect();
        bodies.sort();
        bodies
    }

    /// Ends and begins again.
    fn restarted(self) -> Self {
        let Self {
            folder,
            replica,
            space,
            sent,
        } = self;
        drop(replica);
        Self {
            replica: opened(&folder, 1_000),
            folder,
            space,
            sent,
        }
    }
}

fn tell(phones: &[&Phone], statement: &Statement, keys: &Keyring) {
    for phone in phones {
        let new = vec![statement.clone()];
        phone.replica.extend_chain(phone.space, new, keys).unwrap();
    }
}

/// Three phones of one patient, by what they are called.
fn three() -> [Phone; 3] {
    let first = Phone::founding(1);
    let mut second = first.let_in(2, &[]);
    let mut third = first.let_in(3, &[&second]);
    second.introduce("Ada's tablet", &[&first, &third]);
    third.introduce("Ada's old phone", &[&first, &second]);
    [first, second, third]
}
