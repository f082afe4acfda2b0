//! What does not count any more.

use companion_core::domain::Moment;
use companion_core::patient::RetractedView;

use super::{Done, Phone};
use crate::format;

/// Each change that was taken back with the device that wrote it, whole: it stands nowhere else.
pub(super) fn list(phone: &mut Phone<'_, '_>) -> Done {
    let retracted = phone.patient.retracted()?;
    for line in lines(&retracted, phone.now) {
        phone.say(&line)?;
    }
    Ok(())
}

fn lines(retracted: &[RetractedView], now: Moment) -> Vec<String> {
    if retracted.is_empty() {
        return vec!["Everything that came to this phone counts.".to_owned()];
    }
    let mut lines = vec![
        "This does not count any more: the device that wrote it was removed, and by the word of whoever \
         removed it this came too late. It is kept on this phone."
            .to_owned(),
    ];
    for change in retracted {
        let kind = format::capital(&change.kind.in_words());
        lines.push(format!(
            "\n{} by {}; removed by {} on {}",
            kind,
            change.written_by,
            change.removed_by,
            format::time(change.removed_at, now)
        ));
        lines.extend(change.words.lines().map(|line| format!("    {line}")));
    }
    lines.push("\nWhat of it is yours you can write again.".to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use companion_core::domain::{Content as _, Entry};

    use super::*;

    #[test]
    fn what_was_taken_back_stands_there_whole_with_by_whom_and_when() {
        let at = Moment {
            unix_ms: 1_795_465_113_123,
            offset_minutes: -300,
        };
        let retracted = RetractedView {
            kind: Entry::KIND,
            words: "Sunday\nAt the lake.".to_owned(),
            written_by: "\u{201c}Ada's tablet\u{201d}".to_owned(),
            removed_by: "the clinic".to_owned(),
            removed_at: at,
        };
        let said = lines(&[retracted], at).join("\n");
        assert!(
            said.contains(
                "Entry by \u{201c}Ada's tablet\u{201d}; removed by the clinic on 23 Nov 2026, 15:18\n    \
                 Sunday\n    At the lake."
            ),
            "{said}"
        );
        assert_eq!(
            lines(&[], at),
            ["Everything that came to this phone counts."]
        );
    }
}
