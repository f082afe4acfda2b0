//! Reading all bundled guides, and laying them out for one patient. The floor of reading is Markdown
//! alone: its events over the same texts, looked at by nobody.

use std::hint::black_box;

use companion_core::domain::guide::{
    Clinic, Facts, Language, Pack, SessionFact, Standing, desk, plain, shown,
};
use companion_core::domain::{DocumentId, Moment, Phase};
use pulldown_cmark::Parser;

use crate::report::{Table, milliseconds};

pub(crate) fn measure(table: &mut Table, rounds: usize) {
    let files = Pack::ketamine_files();
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let pack = Pack::ketamine().unwrap();
    let today = Moment::utc(1_795_465_113_000).local_date().unwrap();
    let language: Language = "es-MX".parse().unwrap();
    let sessions = [SessionFact {
        id: DocumentId::new([1; 16]),
        day: today,
    }];
    let facts = Facts {
        standing: Standing::Running,
        phase: Phase::Session,
        today,
        sessions: &sessions,
        progress: &[],
        language: &language,
    };
    let day = "session-day".parse().unwrap();
    let [read, alone, laid_out, written] = super::in_turn(
        rounds,
        [
            &mut || {
                black_box(Pack::ketamine().unwrap());
            },
            &mut || {
                for (_, text) in files {
                    black_box(Parser::new(black_box(text)).count());
                }
            },
            &mut || {
                black_box(desk(&pack, Clinic::default(), &[], black_box(&facts)));
            },
            &mut || {
                let shown = shown(&pack, Clinic::default(), &day, &language).unwrap();
                black_box(plain(&shown, &[].into(), &[], &language, 80));
            },
        ],
    );
    table.section(&format!(
        "Guides: {} files, {:.1} KB, the middle of {rounds} rounds",
        files.len(),
        f64::from(u32::try_from(bytes).unwrap()) / 1000.0
    ));
    table
        .row("all of them read, as at start", milliseconds(read))
        .target("<= 5 ms", read.as_secs_f64() <= 0.005)
        .floor("Markdown alone", alone, read);
    table.row("Markdown alone", milliseconds(alone));
    table.row("laid out for one patient", milliseconds(laid_out));
    table.row("one of them as plain text", milliseconds(written));
}
