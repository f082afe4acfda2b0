//! The journal and the check-ins, to read.

use super::ExportMedia;
use super::fields::{line, quote, spoken, time};
use crate::domain::{Attachment, CheckIn, Content as _, Entry, ItemId, Rating, Reply};
use crate::records::Taken;

/// Entries with what was answered to them, oldest first.
pub(super) fn entries(taken: &[Taken], media: &[ExportMedia]) -> String {
    let mut text = "# Journal\n".to_owned();
    let mut there = false;
    for one in taken {
        let Some(entry) = one.read::<Entry>() else {
            continue;
        };
        there = true;
        let title = match line(&entry.title) {
            title if title.is_empty() => "Entry".to_owned(),
            title => title,
        };
        let mut about = vec![time(entry.at), spoken(entry.kind.as_str())];
        about.push(entry.visibility.label().to_owned());
        about.extend(
            entry
                .mood
                .map(|mood| format!("mood {} of 7", mood.number())),
        );
        about.extend(entry.tags.iter().map(|tag| format!("#{}", line(tag))));
        text.push_str(&format!("\n## {title}\n\n*{}*\n\n", about.join(" · ")));
        text.push_str(&quote(&entry.body));
        text.push('\n');
        for (item, attached) in entry.attachments.iter() {
            text.push_str(&attachment(media, item, attached));
        }
        for apart in &one.apart {
            text.push_str(&format!(
                "\nWritten in {} wordings apart from each other; all of them:\n",
                apart.wordings.len()
            ));
            for wording in &apart.wordings {
                text.push_str(&format!("\n{}\n", quote(wording)));
            }
        }
        for reply in replies(taken, one) {
            text.push_str(&format!(
                "\n**{} answered, {}:**\n\n{}\n",
                line(&reply.by),
                time(reply.at),
                quote(&reply.body)
            ));
        }
    }
    if !there {
        text.push_str("\nNo entry.\n");
    }
    text
}

/// A picture as one, a recording as a link; both with what was said of them.
fn attachment(media: &[ExportMedia], item: ItemId, attached: &Attachment) -> String {
    let file = media.iter().find(|media| media.item == item);
    let caption = match line(&attached.caption) {
        caption if caption.is_empty() => attached.label().to_owned(),
        // It stands between brackets.
        caption => caption.replace('[', "(").replace(']', ")"),
    };
    match file {
        Some(file) if file.is_here && attached.media.is_picture() => {
            format!("\n![{caption}]({})\n", file.name)
        }
        Some(file) if file.is_here => format!("\n[{caption}]({})\n", file.name),
        Some(file) if file.is_lost => format!(
            "\n*{caption} (a {} that is lost: it was on one phone alone, and is damaged there)*\n",
            attached.label()
        ),
        _ => format!(
            "\n*{caption} (a {} that was not on this phone yet)*\n",
            attached.label()
        ),
    }
}

fn replies(taken: &[Taken], entry: &Taken) -> Vec<Reply> {
    let about = |one: &&Taken| one.about.is_some_and(|about| entry.is_called(about));
    taken
        .iter()
        .filter(|one| one.kind == Reply::KIND)
        .filter(about)
        .filter_map(Taken::read::<Reply>)
        .collect()
}

/// Check-ins as a table, oldest first.
pub(super) fn check_ins(taken: &[Taken]) -> String {
    let mut text = "# Check-ins\n\nEach from 1 to 7, as it was answered.\n\n\
        | When | Mood | Energy | Anxiety | Sleep | Feelings | Note | Who may see it |\n\
        |---|---:|---:|---:|---:|---|---|---|\n"
        .to_owned();
    let number =
        |rating: Option<Rating>| rating.map_or(String::new(), |it| it.number().to_string());
    for check_in in taken.iter().filter_map(Taken::read::<CheckIn>) {
        let feelings: Vec<String> = check_in.feelings.iter().map(|word| line(word)).collect();
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
            time(check_in.at),
            check_in.valence.number(),
            number(check_in.energy),
            number(check_in.anxiety),
            number(check_in.sleep),
            feelings.join(", "),
            line(&check_in.note),
            check_in.visibility.label()
        ));
    }
    text
}
