//! Reading: the list of everything, one thing, what was searched for, and what the clinic replied.

use companion_core::domain::{CheckIn, DocumentId, Entry, Reply};
use companion_core::records::{PageSize, Query};
use companion_core::{CoreError, Missing};

use super::find::Thing;
use super::position::{Part, Position, Reached, cursor};
use super::{Done, Phone};
use crate::args;
use crate::error::PhoneError;
use crate::format;

/// One row of the list of everything.
struct Row {
    at_ms: i64,
    id: DocumentId,
    is_entry: bool,
    lines: String,
}

pub(super) fn list(phone: &mut Phone<'_, '_>, list: &args::List) -> Done {
    let (here, size) = (phone.here()?, list.page.limit.size);
    let mut from = match &list.page.after {
        Some(place) => place.parse()?,
        None => Position::START,
    };
    if list.check_ins {
        from.entries = Reached::End;
    }
    if list.entries {
        from.check_ins = Reached::End;
    }
    let entries = Part::<Entry>::read(&phone.patient, from.entries, size)?;
    let check_ins = Part::<CheckIn>::read(&phone.patient, from.check_ins, size)?;
    let of_entries = entries.items.iter().map(|view| Row {
        at_ms: view.content.at.unix_ms,
        id: view.id,
        is_entry: true,
        lines: format::entry_line(view, here),
    });
    let of_check_ins = check_ins.items.iter().map(|view| Row {
        at_ms: view.content.at.unix_ms,
        id: view.id,
        is_entry: false,
        lines: format::check_in_line(view, here),
    });
    let mut rows: Vec<Row> = of_entries.chain(of_check_ins).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.at_ms, row.id)));
    rows.truncate(size.rows());
    if rows.is_empty() {
        return phone.say(if list.page.after.is_none() {
            "Nothing is written here yet."
        } else {
            "There is nothing older."
        });
    }
    for row in &rows {
        phone.say(&row.lines)?;
    }
    let shown = rows.iter().filter(|row| row.is_entry).count();
    let next = Position {
        entries: entries.after(&phone.patient, shown)?,
        check_ins: check_ins.after(&phone.patient, rows.len() - shown)?,
    };
    if next == Position::END {
        return Ok(());
    }
    say_older(phone, "list", size, &next)
}

/// Says how to see what is older.
fn say_older(
    phone: &mut Phone<'_, '_>,
    command: &str,
    size: PageSize,
    place: &dyn std::fmt::Display,
) -> Done {
    let limit = if size == PageSize::SCREEN {
        String::new()
    } else {
        format!(" --limit {}", size.rows())
    };
    phone.say(&format!("\nOlder ones: {command}{limit} --after {place}"))
}

pub(super) fn show(phone: &mut Phone<'_, '_>, id: &str) -> Done {
    let here = phone.here()?;
    let (id, text) = match phone.find(id)? {
        Thing::Entry(id) => {
            let view = phone.patient.get(id)?;
            let attached = phone.patient.attachments(id)?;
            (id, format::entry(&view, &attached, here))
        }
        Thing::CheckIn(id) => {
            let view = phone.patient.get(id)?;
            (id, format::check_in(&view, here))
        }
    };
    phone.say(&text)?;
    let mut query = Query::<Reply>::about(id)
        .oldest_first()
        .size(PageSize::LARGEST);
    loop {
        let page = phone.patient.page(&query)?;
        for view in &page.items {
            say_reply(phone, &view.content)?;
        }
        match page.next {
            Some(next) => query = query.after(next),
            None => return Ok(()),
        }
    }
}

pub(super) fn search(phone: &mut Phone<'_, '_>, search: &args::Search) -> Done {
    let (words, size) = (search.words.join(" "), search.limit.size);
    let entries = phone.patient.search::<Entry>(&words, size)?;
    let check_ins = phone.patient.search::<CheckIn>(&words, size)?;
    if entries.is_empty() && check_ins.is_empty() {
        return phone.say("Nothing here has these words.");
    }
    let here = phone.here()?;
    for view in &entries {
        phone.say(&format::entry_line(view, here))?;
    }
    for view in &check_ins {
        phone.say(&format::check_in_line(view, here))?;
    }
    Ok(())
}

pub(super) fn replies(phone: &mut Phone<'_, '_>, page: &args::Page) -> Done {
    let size = page.limit.size;
    let query = Query::<Reply>::all().size(size);
    let query = match &page.after {
        Some(place) => query.after(cursor(place)?),
        None => query,
    };
    let replies = phone.patient.page(&query)?;
    if replies.items.is_empty() {
        return phone.say(if page.after.is_none() {
            "The clinic has not replied to anything yet."
        } else {
            "There is nothing older."
        });
    }
    let mut last = None;
    for view in &replies.items {
        let about = view.content.about;
        if last.replace(about) != Some(about) {
            let title = title(phone, about)?;
            phone.say(&format!("{}  {title}", format::short(about)))?;
        }
        say_reply(phone, &view.content)?;
    }
    match replies.next {
        Some(next) => say_older(phone, "replies", size, &next),
        None => Ok(()),
    }
}

/// What something that was replied to is called.
fn title(phone: &Phone<'_, '_>, id: DocumentId) -> Result<String, PhoneError> {
    let entry = phone.patient.get::<Entry>(id);
    match entry.map(|view| format::name(&view.content)) {
        Err(CoreError::NotFound(Missing::Document)) => {}
        name => return or_gone(name),
    }
    let check_in = phone.patient.get::<CheckIn>(id);
    or_gone(check_in.map(|view| {
        let at = format::time(view.content.at, phone.now);
        format!("Check-in of {at}")
    }))
}

fn or_gone(name: companion_core::Result<String>) -> Result<String, PhoneError> {
    match name {
        Err(CoreError::NotNow(_) | CoreError::NotFound(Missing::Document)) => {
            Ok("something that is not shown any more".to_owned())
        }
        name => Ok(name?),
    }
}

fn say_reply(phone: &mut Phone<'_, '_>, reply: &Reply) -> Done {
    let at = format::time(reply.at, phone.now);
    phone.say(&format!("\n{} replied on {at}:\n{}", reply.by, reply.body))
}
