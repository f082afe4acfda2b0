//! The marks in braces at the end of a paragraph, point or task: `{source: ketalar, fda-2023}`,
//! `{no claim}`, `{task: ride}`; and those that stand alone: `{slot: medicines}`, `{crisis help}`.
//! Anywhere else a brace is refused, so that a mistyped mark is never shown to a patient.

use super::model::{Grounds, Span};
use super::{GuideError, Reason, Slot, Source, TaskId, source};

/// What the marks at the end of some words say.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) grounds: Option<Grounds>,
    pub(super) task: Option<TaskId>,
    pub(super) alone: Option<Alone>,
}

/// A mark that is a paragraph of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    Slot(Slot),
    CrisisHelp,
}

/// Takes the marks off the end of the words. `line` is where the words begin.
pub(super) fn taken_off(text: &mut Vec<Span>, line: u32) -> Result<Marks, GuideError> {
    let mut marks = Marks::default();
    trim_end(text);
    while let Some(last) = text.last_mut() {
        let Some(before) = last.text.strip_suffix('}') else {
            break;
        };
        let (rest, mark) = before.rsplit_once('{').ok_or(Reason::Brace.on(line))?;
        marks.add(mark.trim()).map_err(|reason| reason.on(line))?;
        last.text = rest.to_owned();
        trim_end(text);
    }
    if text.iter().any(|span| span.text.contains(['{', '}'])) {
        return Err(Reason::Brace.on(line));
    }
    Ok(marks)
}

/// Takes white space off the end, and spans that hold nothing else.
pub(super) fn trim_end(text: &mut Vec<Span>) {
    while let Some(last) = text.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        text.pop();
    }
}

impl Marks {
    fn add(&mut self, mark: &str) -> Result<(), Reason> {
        let (name, value) = mark.split_once(':').unwrap_or((mark, ""));
        let value = value.trim();
        match name {
            "no claim" if value.is_empty() => set(&mut self.grounds, Grounds::NoClaim),
            "source" => set(&mut self.grounds, Grounds::Sources(sources(value)?)),
            "task" => {
                let task = value.parse().map_err(|_| Reason::Mark)?;
                set(&mut self.task, task)
            }
            "slot" => {
                let slot = value.parse().map_err(|_| Reason::UnknownSlot)?;
                set(&mut self.alone, Alone::Slot(slot))
            }
            "crisis help" if value.is_empty() => set(&mut self.alone, Alone::CrisisHelp),
            _ => Err(Reason::Mark),
        }
    }
}

/// Each thing is said once.
fn set<T>(place: &mut Option<T>, value: T) -> Result<(), Reason> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Reason::Mark),
    }
}

fn sources(names: &str) -> Result<Vec<&'static Source>, Reason> {
    let find = |name: &str| source::named(name.trim()).ok_or(Reason::UnknownSource);
    names.split(',').map(find).collect()
}
