//! A guide as one patient sees it: which words, whose, in which language, with the clinic's rules in
//! their slots.

use std::collections::BTreeMap;

use super::model::{Block, Guide, count_words, slots_of};
use super::parser::{Written, parse};
use super::words::filled;
use super::{Edition, Estimate, GuideError, GuideId, GuideVersion, Language, Pack, Slot, Words};
use crate::domain::{GuideSlot, GuideText, Moment};

/// Whose words a clinic's text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who wrote it, by the name that the patient sees. The clinic's node signed the change.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Which version of it.
    pub version: GuideVersion,
}

/// What stands in a slot.
#[derive(Clone, Debug, PartialEq)]
pub enum SlotWords {
    /// The clinic's rule.
    Clinic {
        /// What it says.
        blocks: Vec<Block>,
        /// Whose words they are.
        signed: Signed,
        /// The language that they are in.
        language: Language,
    },
    /// The clinic wrote something that this version can't show. It is never shown raw.
    Unreadable {
        /// Why not.
        error: GuideError,
        /// Whose words they are.
        signed: Signed,
    },
    /// The clinic has not written it: *ask your clinic*.
    AskYourClinic,
}

/// What is said beside a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It is not in the language that was asked for, but in this one.
    InOtherLanguage(Language),
    /// The words are the clinic's.
    ByClinic(Signed),
    /// The words are ours, since the clinic's own text is in this language, which whoever asked may not read.
    ByClinicIn(Language),
    /// The clinic's text was made for another version of the bundled guide than the one here.
    MadeForOther {
        /// The version that it was made for.
        made_for: GuideVersion,
        /// The one here.
        here: GuideVersion,
    },
    /// The clinic wrote its own text, which this version can't show. Of a bundled guide the bundled
    /// words are shown; of a guide of the clinic's own, none.
    Unreadable {
        /// Why not.
        error: GuideError,
        /// Whose words they are.
        signed: Signed,
    },
    /// The patient finished other words than these.
    ChangedSinceFinished,
}

/// A guide as one patient sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The guide, in the words that count.
    pub guide: Guide,
    /// Which edition these words are: what is opened and finished.
    pub edition: Edition,
    /// What stands in each of its slots.
    pub slots: BTreeMap<Slot, SlotWords>,
    /// What is said beside it.
    pub notices: Vec<Notice>,
    /// About how long it takes.
    pub estimate: Estimate,
}

/// What the clinic wrote in a patient's care space, of all that stands there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clinic<'a> {
    /// Its texts of guides.
    pub texts: &'a [GuideText],
    /// Its rules.
    pub slots: &'a [GuideSlot],
}

/// The guide of that name, as whoever asked for `language` sees it; `None` where nobody has one.
///
/// A clinic's own text counts before ours: it was put in the place of our words on purpose. Not where it would
/// take the last words away that somebody can read: whoever asked for Spanish keeps our Spanish guide while the
/// clinic's text is in English alone, and is told of that text, since it may say something else. A guide that nobody
/// can read prepares nobody for a session, and whom to call stands in it.
pub fn shown(pack: &Pack, clinic: Clinic<'_>, id: &GuideId, language: &Language) -> Option<Shown> {
    let chain = language.chain();
    let bundled = pack.guide(id, &chain);
    let standing = clinic.texts.iter();
    let standing = standing.filter(|text| text.guide == *id && text.retired_at.is_none());
    let newest_of = |texts: Vec<_>| {
        newest(texts.into_iter(), &chain, |text: &GuideText| {
            (&text.language, text.version, text.at)
        })
    };
    let is_read_in_ours = bundled.is_some_and(|guide| language.reads(&guide.language));
    let (counts, elsewhere): (Vec<_>, Vec<_>) =
        standing.partition(|text| !is_read_in_ours || language.reads(&text.language));
    let text = newest_of(counts);
    let mut notices = Vec::new();
    if let (None, Some(elsewhere)) = (text, newest_of(elsewhere)) {
        notices.push(Notice::ByClinicIn(elsewhere.language.clone()));
    }
    let mut theirs = None;
    if let Some(text) = text {
        let signed = Signed {
            by: text.by.clone(),
            at: text.at,
            version: text.version,
        };
        match parse(&text.text, Written::ByClinic) {
            Ok(blocks) => {
                notices.push(Notice::ByClinic(signed));
                notices.extend(made_for_other(text, bundled));
                theirs = Some((
                    guide_of(text, bundled, blocks),
                    Edition::Clinic(text.version),
                ));
            }
            Err(error) => notices.push(Notice::Unreadable { error, signed }),
        }
    }
    let unreadable = || {
        // A guide of the clinic's own that can't be read still is there, with its title.
        let text = text?;
        Some((
            guide_of(text, None, Vec::new()),
            Edition::Clinic(text.version),
        ))
    };
    let ours = || Some((bundled?.clone(), Edition::Bundled(bundled?.version)));
    let (guide, edition) = theirs.or_else(ours).or_else(unreadable)?;
    if !language.reads(&guide.language) {
        notices.insert(0, Notice::InOtherLanguage(guide.language.clone()));
    }
    let slots: BTreeMap<_, _> = slots_of(&guide.blocks)
        .into_iter()
        .map(|slot| (slot, slot_words(clinic.slots, slot, &chain)))
        .collect();
    let in_slots = slots.values().map(|words| match words {
        SlotWords::Clinic { blocks, .. } => count_words(blocks),
        SlotWords::Unreadable { .. } | SlotWords::AskYourClinic => 0,
    });
    let words = in_slots.sum::<usize>() + count_words(&guide.blocks);
    Some(Shown {
        guide,
        edition,
        slots,
        notices,
        estimate: Estimate::of_words(words),
    })
}

/// What stands in that slot for whoever reads the languages of `chain`, best first.
pub fn slot_words(rules: &[GuideSlot], slot: Slot, chain: &[Language]) -> SlotWords {
    let rules = rules
        .iter()
        .filter(|rule| rule.slot == slot.as_str() && rule.retired_at.is_none());
    let rule = newest(rules, chain, |rule| (&rule.language, rule.version, rule.at));
    let Some(rule) = rule else {
        return SlotWords::AskYourClinic;
    };
    let signed = Signed {
        by: rule.by.clone(),
        at: rule.at,
        version: rule.version,
    };
    match parse(&rule.text, Written::ForSlot) {
        Ok(blocks) => SlotWords::Clinic {
            blocks,
            signed,
            language: rule.language.clone(),
        },
        Err(error) => SlotWords::Unreadable { error, signed },
    }
}

/// Of several texts the one in the best language, of these the newest. One in a language that nobody
/// asked for is still better than none: it is the clinic's word.
fn newest<'a, T: PartialEq>(
    texts: impl Iterator<Item = &'a T>,
    chain: &[Language],
    of: impl Fn(&'a T) -> (&'a Language, GuideVersion, Moment),
) -> Option<&'a T> {
    texts.max_by_key(|text| {
        let (language, version, at) = of(text);
        let place = chain.iter().position(|wanted| wanted == language);
        let nearness = place.map_or(0, |place| chain.len().saturating_sub(place));
        (nearness, version, at, language)
    })
}

fn made_for_other(text: &GuideText, bundled: Option<&Guide>) -> Option<Notice> {
    let (made_for, here) = (text.base_version?, bundled?.version);
    (made_for != here).then_some(Notice::MadeForOther { made_for, here })
}

/// The clinic's words in the place of the bundled ones, which still say when it comes and comes again.
fn guide_of(text: &GuideText, bundled: Option<&Guide>, blocks: Vec<Block>) -> Guide {
    Guide {
        id: text.guide.clone(),
        version: text.version,
        language: text.language.clone(),
        title: text.title.clone(),
        stage: text.stage,
        due: bundled.map_or(super::Due::Never, |guide| guide.due),
        again: bundled.map_or_else(Default::default, |guide| guide.again),
        progress: bundled.map_or_else(Default::default, |guide| guide.progress),
        blocks,
    }
}

impl Notice {
    /// The notice in words.
    pub fn text(&self, words: &Words) -> String {
        match self {
            Notice::InOtherLanguage(language) => words.shown_in(language),
            Notice::ByClinic(signed) => signed.text(words),
            Notice::ByClinicIn(language) => {
                filled(words.by_clinic_in, &[words.language_named(language)])
            }
            Notice::MadeForOther { made_for, here } => {
                filled(words.made_for, &[&made_for.to_string(), &here.to_string()])
            }
            Notice::Unreadable { .. } => words.cannot_show_text.to_owned(),
            Notice::ChangedSinceFinished => words.changed_since.to_owned(),
        }
    }
}

impl Signed {
    /// Whose words it is, in words, with the day as the writer's calendar showed it.
    pub fn text(&self, words: &Words) -> String {
        let day = self.at.local_date().map(|day| words.day(day));
        let version = self.version.to_string();
        filled(
            words.by_clinic,
            &[&self.by, &day.unwrap_or_default(), &version],
        )
    }
}
