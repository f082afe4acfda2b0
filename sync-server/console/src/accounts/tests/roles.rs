//! Roles, and what they may do.

use companion_core::domain::{DocumentId, RecordSection};

use super::*;

const JOURNAL: Area = Area::Section(RecordSection::Journal);

fn with_noor() -> House {
    let house = House::with("Mira");
    house
        .accounts
        .add_clinician("Noor", PASSPHRASE, Role::Therapist)
        .unwrap();
    house
}

fn role_of(house: &House, name: &str) -> Role {
    let people = house.accounts.people().unwrap();
    let found = people.into_iter().find(|person| person.name == name);
    found.unwrap().role
}

#[test]
fn the_first_person_is_a_lead_and_somebody_always_is() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at_unix_ms(START));
    let accounts = open(folder.path(), &[7; 32], &clock).unwrap();
    let refused = accounts.add_clinician("Noor", PASSPHRASE, Role::Therapist);
    assert!(matches!(refused, Err(AccountsError::LastLead)));

    let house = with_noor();
    let accounts = &house.accounts;
    for refused in [
        accounts.set_role("Mira", Role::Therapist, "Mira"),
        accounts.end_access("Mira", "Mira"),
    ] {
        assert!(matches!(refused, Err(AccountsError::LastLead)));
    }
    assert_eq!(role_of(&house, "Mira"), Role::Lead);
    accounts.set_role("Noor", Role::Lead, "Mira").unwrap();
    accounts
        .set_role("Mira", Role::Coordinator, "Noor")
        .unwrap();
    assert_eq!(role_of(&house, "Mira"), Role::Coordinator);
    let refused = accounts.end_access("Noor", "Noor");
    assert!(matches!(refused, Err(AccountsError::LastLead)));
}

#[tokio::test]
async fn whose_access_was_ended_is_signed_out_and_can_come_back() {
    let house = with_noor();
    let token = house.sign_in("Noor", PASSPHRASE).await.unwrap();
    let session = |token: &Token| house.accounts.session(token, Touch::Person).unwrap();
    assert_eq!(session(&token).unwrap().role, Role::Therapist);
    house.accounts.end_access("Noor", "Mira").unwrap();
    assert_eq!(session(&token), None);
    let refused = house.sign_in("Noor", PASSPHRASE).await;
    assert!(matches!(refused, Err(SignInError::Wrong)));
    house.accounts.give_access_again("Noor", "Mira").unwrap();
    assert_eq!(session(&token), None);
    house.clock.advance_ms(MINUTE);
    assert!(house.sign_in("Noor", PASSPHRASE).await.is_ok());
    let done: Vec<String> = house
        .accounts
        .audit()
        .unwrap()
        .lines
        .into_iter()
        .rev()
        .map(|line| line.action)
        .collect();
    assert!(
        done.contains(&"ended access".to_owned()) && done.contains(&"gave access again".to_owned())
    );
}

#[test]
fn the_clinic_says_what_a_role_may_do_and_the_lead_may_everything() {
    let house = with_noor();
    let accounts = &house.accounts;
    for role in Role::ALL {
        let rights = accounts.rights_of(role).unwrap();
        for area in Area::all() {
            assert_eq!(rights.to(area), role.usual(area), "{role:?} {area:?}");
        }
    }
    let coordinator = accounts.rights_of(Role::Coordinator).unwrap();
    let shown: Vec<RecordSection> = coordinator.sections().collect();
    assert_eq!(shown, [RecordSection::Programme, RecordSection::Costs]);
    let reads: Rights = Area::all().map(|area| (area, Right::Read)).collect();
    accounts
        .set_rights(Role::Coordinator, &reads, "Mira")
        .unwrap();
    assert_eq!(accounts.rights_of(Role::Coordinator).unwrap(), reads);
    assert!(
        accounts
            .rights_of(Role::Therapist)
            .unwrap()
            .may_change(JOURNAL)
    );
    let refused = accounts.set_rights(Role::Lead, &Rights::default(), "Mira");
    assert!(matches!(refused, Err(AccountsError::LeadMayAll)));
}

#[test]
fn the_audit_record_says_who_and_what_was_changed_from_what_to_what() {
    let house = with_noor();
    let accounts = &house.accounts;
    accounts
        .set_role("noor", Role::Coordinator, "Mira")
        .unwrap();
    accounts.end_access("Noor", "Mira").unwrap();
    accounts.give_access_again("Noor", "Mira").unwrap();
    let changed = Area::all().map(|area| match area {
        JOURNAL => (area, Right::Read),
        other => (other, Role::Coordinator.usual(other)),
    });
    let changed: Rights = changed.collect();
    for _ in 0..2 {
        accounts
            .set_rights(Role::Coordinator, &changed, "Mira")
            .unwrap();
    }
    let lines = accounts.audit().unwrap().lines.into_iter().rev();
    let said: Vec<String> = lines
        .filter(|line| line.actor == "Mira")
        .map(|line| format!("{}: {}", line.action, line.detail))
        .collect();
    assert_eq!(
        said,
        [
            "set role: Noor: therapist to coordinator",
            "ended access: Noor",
            "gave access again: Noor",
            "set rights: coordinator: journal none to read",
            "set rights: coordinator: as it was",
        ]
    );
    assert!(accounts.audit().unwrap().unbroken);
}

#[test]
fn an_emergency_is_for_one_person_one_patient_and_one_hour_and_stays_written_down() {
    let house = with_noor();
    let accounts = &house.accounts;
    let id = |name: &str| {
        let people = accounts.people().unwrap();
        people
            .into_iter()
            .find(|person| person.name == name)
            .unwrap()
            .id
    };
    let (ada, ben) = (DocumentId::new([1; 16]), DocumentId::new([2; 16]));
    let (mira, noor) = (id("Mira"), id("Noor"));
    accounts
        .begin_emergency(noor, "Noor", ada, "She called.")
        .unwrap();
    assert!(accounts.running_emergency(noor, ada).unwrap().is_some());
    assert!(accounts.running_emergency(noor, ben).unwrap().is_none());
    assert!(accounts.running_emergency(mira, ada).unwrap().is_none());
    house.clock.advance_ms(EMERGENCY_MS - 1);
    assert!(accounts.running_emergency(noor, ada).unwrap().is_some());
    house.clock.advance_ms(1);
    assert!(accounts.running_emergency(noor, ada).unwrap().is_none());
    let written = accounts.emergencies().unwrap();
    assert_eq!(written.len(), 1);
    assert_eq!(
        (&*written[0].by, &*written[0].reason),
        ("Noor", "She called.")
    );
    let gone = accounts.store().execute("DELETE FROM emergency", []);
    assert!(gone.is_err());
}

#[test]
fn an_emergency_that_was_ended_opens_nothing_though_its_hour_goes_on() {
    let house = with_noor();
    let accounts = &house.accounts;
    let people = accounts.people().unwrap();
    let noor = people.iter().find(|person| person.name == "Noor").unwrap();
    let noor = noor.id;
    let [ada, ben] = [1, 2].map(|id| DocumentId::new([id; 16]));
    let begin = |patient| {
        accounts
            .begin_emergency(noor, "Noor", patient, "She called.")
            .unwrap();
    };
    let is = |patient| accounts.running_emergency(noor, patient).unwrap().is_some();
    let ended = |at: usize| {
        let all = accounts.emergencies().unwrap();
        let one = &all[at];
        assert!(!one.is_running);
        one.ended.as_ref().map(|(_, by)| by.clone())
    };
    // By the person, twice at once: both count.
    begin(ada);
    begin(ada);
    begin(ben);
    assert!(accounts.end_emergency(noor, ada, "Noor").unwrap());
    assert!(!is(ada) && is(ben));
    assert!(!accounts.end_emergency(noor, ada, "Noor").unwrap());
    let by = |name: &str| Some(name.to_owned());
    assert_eq!([ended(0), ended(1)], [by("Noor"), by("Noor")]);
    // Another one opens it again; and access that was ended and given again within the hour does not.
    begin(ada);
    assert!(is(ada));
    accounts.end_access("Noor", "Mira").unwrap();
    accounts.give_access_again("Noor", "Mira").unwrap();
    assert!(!is(ada) && !is(ben));
    assert_eq!([ended(2), ended(3)], [by("Mira"), by("Mira")]);
    let audit = accounts.audit().unwrap();
    assert!(audit.unbroken);
    // The newest stands first.
    let lines = audit.lines.iter().rev();
    let lines = lines.filter(|line| line.action == "ended an emergency");
    let lines: Vec<_> = lines
        .map(|line| (&*line.actor, line.patient.clone(), &*line.detail))
        .collect();
    let (ada, ben) = (ada.to_string(), ben.to_string());
    assert_eq!(
        lines,
        [
            ("Noor", ada.clone(), "Noor"),
            ("Noor", ada.clone(), "Noor"),
            ("Mira", ben, "Noor"),
            ("Mira", ada, "Noor"),
        ]
    );
    let gone = accounts.store().execute("DELETE FROM emergency_end", []);
    assert!(gone.is_err());
}

#[test]
fn what_an_emergency_shows_may_still_be_changed_by_those_alone_who_could_before() {
    let rights = Rights::default().in_an_emergency();
    for area in Area::all() {
        let expected = match area {
            Area::Section(_) => Right::Read,
            Area::Register | Area::Settings | Area::Export | Area::People => Right::None,
        };
        assert_eq!(rights.to(area), expected, "{area:?}");
    }
    assert_eq!(Rights::all().in_an_emergency(), Rights::all());
}
