//! Servers that never come to the end of a chain.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use companion_core::CoreError;
use companion_core::ports::{Method, Request, Response};
use companion_core::protocol::api::ChainPage;
use companion_tests::World;

/// Beyond this a phone would go on asking for as long as it is answered.
const PATIENCE: usize = 20;

/// Says of every chain that there is more of it, with or without what there is. Counts how often it is
/// asked, and gives up answering where a phone asks on and on.
fn without_end(
    length: u64,
    empty: bool,
    asked: Arc<AtomicUsize>,
) -> impl FnMut(&Request, Response) -> Response + Send + 'static {
    move |request, mut answer| {
        if request.method != Method::Get || !request.path.ends_with("/chain") {
            return answer;
        }
        if asked.fetch_add(1, Ordering::SeqCst) >= PATIENCE {
            answer.status = 500;
        } else if let Ok(mut page) = ChainPage::decode(&answer.body) {
            page.length = page.length.max(1) + length;
            if empty {
                page.statements.clear();
            }
            answer.body = page.encode();
        }
        answer
    }
}

#[test]
fn a_chain_without_end_is_not_read() {
    for length in [1 << 40, 1] {
        let world = World::in_memory(11);
        let clinic = world.clinic("Riverbank");
        let link = clinic.invite("Ada").link;
        let ada = world.phone("Ada");
        let asked = Arc::new(AtomicUsize::new(0));
        ada.faults()
            .rewrite(without_end(length, false, Arc::clone(&asked)));
        let paired = ada.pair(&link);
        assert!(
            matches!(paired, Err(CoreError::BadAnswer(_))),
            "{length}: {paired:?}"
        );
        assert!(asked.load(Ordering::SeqCst) <= 2, "{length}: {asked:?}");
        ada.faults().heal();
        ada.pair(&link).unwrap();
    }
}

#[test]
fn a_chain_that_grows_without_end_is_not_followed() {
    for (length, empty) in [(1 << 40, false), (1, true)] {
        let world = World::in_memory(12);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        clinic.reinvite(ada.record.unwrap()).unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        ada.faults()
            .rewrite(without_end(length, empty, Arc::clone(&asked)));
        let report = ada.sync();
        let told = match &report {
            Ok(report) => format!("{:?}", report.problems),
            Err(error) => format!("{error:?}"),
        };
        assert!(told.contains("answer makes no sense"), "{length}: {told}");
        assert!(asked.load(Ordering::SeqCst) <= 2, "{length}: {asked:?}");
        ada.faults().heal();
        ada.sync_cleanly();
    }
}
