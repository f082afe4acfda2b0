//! The contract of the boundary, run by Rust: the scenarios of `bindings/contract`, over the very objects that Kotlin
//! and Swift call, against a real `sync-server` process. The suites of both languages run the same file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod clinic;
mod phone;
mod run;
mod vault;

use std::collections::BTreeSet;

use serde_json::Value;

fn scenarios() -> Vec<Value> {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../bindings/contract/scenarios.json"
    );
    let file = std::fs::read_to_string(file).unwrap();
    let mut all: Value = serde_json::from_str(&file).unwrap();
    serde_json::from_value(all["scenarios"].take()).unwrap()
}

/// One test for each scenario, and one that there are no others.
macro_rules! tests {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                run::scenario(stringify!($name));
            }
        )*

        #[test]
        fn every_scenario_is_run() {
            let here: BTreeSet<&str> = [$(stringify!($name)),*].into();
            let all = scenarios();
            let written: BTreeSet<&str> = all.iter().map(|it| it["name"].as_str().unwrap()).collect();
            assert_eq!(here, written);
        }
    };
}

tests! {
    pair_and_admit,
    not_admitted,
    write_offline,
    share_and_withdraw,
    merge,
    listener_order,
    wrong_key,
    canceled_write,
    many_calls,
    pause_in_a_sync,
    resume_in_a_pause,
    panic_in_the_core,
    two_processes,
    newer_record,
    reminders_over_a_clock_change,
}
