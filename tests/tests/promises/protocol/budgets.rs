//! How much one member may say: what it says costs all others another try.

use std::sync::Arc;
use std::sync::Mutex;

use companion_core::ports::Method;
use companion_core::protocol::api::{ErrorCode, path};
use companion_core::protocol::statement::Role;
use companion_core::testing::space::membership;
use companion_core::testing::space::rotation::Change;
use companion_tests::{Insider, World, code};

#[test]
fn a_second_phone_that_keeps_the_chain_moving_is_removed_all_the_same() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    world.server().with_usual_budget_of_statements();

    let thief = Insider::of(&tablet, "care");

    // It always comes just before the owner's statement, as no thief could better.
    let chain = path::chain(thief.space);
    let thief = Mutex::new(thief);
    let refusals = Arc::new(Mutex::new(Vec::new()));
    let refused = Arc::clone(&refusals);
    let w = world.clone();
    let said = Arc::new(Mutex::new(0));
    let count = Arc::clone(&said);
    ada.faults().before_each(move |request| {
        if request.method != Method::Post || request.path != chain {
            return;
        }
        let mut thief = thief.lock().unwrap();
        let (me, chain, rng) = (&thief.me, &thief.chain, w.rng());
        let statement = if chain.open_invites().count() < 30 {
            membership::invite(me, chain, Role::Reader, w.now(), u64::MAX, &*rng).0
        } else {
            let (statement, key) = thief.rotation(Change::default());
            let epoch = thief.chain.epoch().next();
            thief.keys.insert(epoch, key);
            statement
        };
        let answer = thief.offer(&statement);
        if answer.status == 201 {
            thief.chain.extend(&statement).unwrap();
            *count.lock().unwrap() += 1;
        } else {
            refused.lock().unwrap().push(code(&answer));
        }
    });
    let tries = (1..=100).find(|_| ada.remove_device(tablet.member()).is_ok());
    assert!(tries.is_some_and(|tries| tries > 1), "{tries:?}");
    assert_eq!(*said.lock().unwrap(), 64);
    assert_eq!(*refusals.lock().unwrap(), [Some(ErrorCode::RateLimited)]);
    ada.faults().heal();
    ada.write("Without the thief.");
    ada.sync_cleanly();
    let chain = Insider::of(&ada, "care").chain;
    assert!(chain.present(&tablet.member()).is_none());
}
