//! The short words around a guide, in each language: what a slot and a phase are called, what is said
//! of a text's author, version and language.
//!
//! A table in Rust and not Fluent, for now. Each language is one value of [`Words`]: one that lacks a
//! word does not compile, and a test compares the places for numbers and names. `fluent-bundle` 0.16
//! (May 2025, its plural rules of 2022) would bring ten more crates and find a missing word only when
//! it is asked for; it earns that once a word bends by number or gender, or translators do not write
//! code. Its messages would stand where these fields stand.

use chrono::{Datelike as _, NaiveDate};

use super::help::HelpKind;
use super::{Language, Slot, Stage};
use crate::domain::Phase;

/// The short words in one language. In a pattern, `{0}` and `{1}` are places for what is filled in.
#[derive(Debug)]
pub struct Words {
    /// The tag of the language that these are in.
    pub language: &'static str,
    /// The names of languages that texts are in.
    pub languages: &'static [(&'static str, &'static str)],
    /// Pattern, with a language: the text is not in the one that was asked for.
    pub shown_in: &'static str,
    /// What stands in a slot that the clinic did not fill.
    pub ask_your_clinic: &'static str,
    /// What stands in a slot whose text this version can't show.
    pub cannot_show_rule: &'static str,
    /// Where a clinic's own text of a guide can't be shown by this version.
    pub cannot_show_text: &'static str,
    /// Pattern, with a number: the version of a bundled guide.
    pub version: &'static str,
    /// Pattern, with a name, a day and a number: whose words these are.
    pub by_clinic: &'static str,
    /// Pattern, with a language: the clinic's own text is in that one, and these words are ours.
    pub by_clinic_in: &'static str,
    /// Pattern, with two numbers: the clinic's text was made for another version of the guide.
    pub made_for: &'static str,
    /// The guide's words changed since the patient finished it.
    pub changed_since: &'static str,
    /// Pattern, with two numbers of minutes.
    pub minutes: &'static str,
    /// The heading above sources.
    pub sources: &'static str,
    /// Names of the slots, in the order of [`Slot::ALL`].
    pub slots: [&'static str; 5],
    /// Names of the stages, in the order of [`Stage::ALL`].
    pub stages: [&'static str; 4],
    /// Names of the phases, in the order of [`Phase::ALL`].
    pub phases: [&'static str; 5],
    /// The months as a date has them, January first.
    pub months: [&'static str; 12],
    /// Pattern, with a number: the crisis line.
    pub crisis_line: &'static str,
    /// Pattern, with a number: ambulance, fire, police.
    pub emergency: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    languages: &[("en", "English"), ("es", "Spanish")],
    shown_in: "Shown in {0}",
    ask_your_clinic: "Your clinic has not written this down here yet. Ask your clinic.",
    cannot_show_rule: "Your clinic wrote something here that this app can't show. Ask your clinic.",
    cannot_show_text: "Your clinic wrote its own text for this guide. This app can't show it. Ask your clinic for it.",
    version: "Version {0}",
    by_clinic: "Written by {0} on {1}, version {2}",
    by_clinic_in: "Your clinic wrote its own text for this guide, in {0}. It may say something else than the words here: ask your clinic.",
    made_for: "The clinic's text was made for version {0} of this guide. The guide is at version {1} here.",
    changed_since: "This guide has changed since you finished it.",
    minutes: "About {0} min to read, {1} min to listen",
    sources: "Where this comes from",
    slots: [
        "Your clinic's rule on eating and drinking",
        "Your clinic's rule on your medicines",
        "Your clinic's rule on alcohol and other substances",
        "Your clinic's rule on getting home",
        "How to reach your clinic",
    ],
    stages: [
        "About the programme",
        "Preparation",
        "Session day",
        "Integration",
    ],
    phases: [
        "Assessment",
        "Preparation",
        "Session",
        "Integration",
        "Closed",
    ],
    months: [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    crisis_line: "Call or text {0}: the crisis line, day and night",
    emergency: "Call {0}: ambulance, fire, police",
};

const SPANISH: Words = Words {
    language: "es",
    languages: &[("en", "inglés"), ("es", "español")],
    shown_in: "Se muestra en {0}",
    ask_your_clinic: "Tu clínica todavía no lo ha escrito aquí. Pregunta a tu clínica.",
    cannot_show_rule: "Tu clínica escribió aquí algo que esta app no puede mostrar. Pregunta a tu clínica.",
    cannot_show_text: "Tu clínica escribió su propio texto para esta guía. Esta app no puede mostrarlo. Pídelo a tu clínica.",
    version: "Versión {0}",
    by_clinic: "Texto de {0}, {1}, versión {2}",
    by_clinic_in: "Tu clínica escribió su propio texto para esta guía, en {0}. Puede decir algo distinto de lo que lees aquí: pregunta a tu clínica.",
    made_for: "El texto de la clínica se hizo para la versión {0} de esta guía. Aquí la guía está en la versión {1}.",
    changed_since: "Esta guía ha cambiado desde que la terminaste.",
    minutes: "Unos {0} min de lectura, {1} min de escucha",
    sources: "De dónde viene esto",
    slots: [
        "La regla de tu clínica sobre comer y beber",
        "La regla de tu clínica sobre tus medicinas",
        "La regla de tu clínica sobre el alcohol y otras sustancias",
        "La regla de tu clínica sobre la vuelta a casa",
        "Cómo contactar con tu clínica",
    ],
    stages: [
        "Sobre el programa",
        "Preparación",
        "El día de la sesión",
        "Integración",
    ],
    phases: [
        "Evaluación",
        "Preparación",
        "Sesión",
        "Integración",
        "Terminado",
    ],
    months: [
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    ],
    crisis_line: "Llama o escribe un mensaje al {0}: la línea de crisis, de día y de noche",
    emergency: "Llama al {0}: ambulancia, bomberos, policía",
};

/// All languages that the short words are in, English first.
pub const ALL: [&Words; 2] = [&ENGLISH, &SPANISH];

impl Words {
    /// The words for whoever asked for that language; English where we have none.
    pub fn of(language: &Language) -> &'static Words {
        let named = |tag: &Language| ALL.into_iter().find(|it| it.language == tag.as_str());
        language.chain().iter().find_map(named).unwrap_or(&ENGLISH)
    }

    /// What that slot is called.
    pub const fn slot(&self, slot: Slot) -> &'static str {
        let [eating, medicines, substances, home, reaching] = self.slots;
        match slot {
            Slot::EatingAndDrinking => eating,
            Slot::Medicines => medicines,
            Slot::OtherSubstances => substances,
            Slot::GettingHome => home,
            Slot::ReachingTheClinic => reaching,
        }
    }

    /// What that stage is called.
    pub const fn stage(&self, stage: Stage) -> &'static str {
        let [about, preparation, session_day, integration] = self.stages;
        match stage {
            Stage::About => about,
            Stage::Preparation => preparation,
            Stage::SessionDay => session_day,
            Stage::Integration => integration,
        }
    }

    /// What that phase is called.
    pub const fn phase(&self, phase: Phase) -> &'static str {
        let [assessment, preparation, session, integration, closed] = self.phases;
        match phase {
            Phase::Assessment => assessment,
            Phase::Preparation => preparation,
            Phase::Session => session,
            Phase::Integration => integration,
            Phase::Closed => closed,
        }
    }

    /// That the text is in that language.
    pub fn shown_in(&self, language: &Language) -> String {
        filled(self.shown_in, &[self.language_named(language)])
    }

    /// What that language is called; its tag where we have no name for it.
    pub fn language_named<'a>(&self, language: &'a Language) -> &'a str {
        let tag = language.as_str();
        let base = tag.split('-').next().unwrap_or(tag);
        let named = self.languages.iter().find(|(known, _)| *known == base);
        named.map_or(tag, |(_, name)| name)
    }

    /// A day as people read it, such as `23 Nov 2026`.
    pub fn day(&self, day: NaiveDate) -> String {
        let month = usize::try_from(day.month0()).unwrap_or_default();
        let month = self.months.get(month).copied().unwrap_or_default();
        format!("{} {month} {}", day.day(), day.year())
    }

    /// The pattern of a line to call.
    pub const fn help(&self, kind: HelpKind) -> &'static str {
        match kind {
            HelpKind::Crisis => self.crisis_line,
            HelpKind::Emergency => self.emergency,
        }
    }
}

/// A pattern with its places filled. What is filled in is never read as a pattern.
pub fn filled(pattern: &str, values: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, place)) = rest.split_once('{') {
        text.push_str(before);
        let (number, after) = place.split_once('}').unwrap_or((place, ""));
        let value = number.parse().ok().and_then(|at: usize| values.get(at));
        text.push_str(value.copied().unwrap_or_default());
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn patterns(words: &Words) -> [&'static str; 9] {
        [
            words.shown_in,
            words.version,
            words.by_clinic,
            words.by_clinic_in,
            words.made_for,
            words.minutes,
            words.crisis_line,
            words.emergency,
            words.ask_your_clinic,
        ]
    }

    fn places(pattern: &str) -> Vec<&str> {
        let mut places: Vec<_> = pattern
            .split('{')
            .skip(1)
            .map(|place| place.split('}').next().unwrap())
            .collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn every_language_has_the_same_places_in_each_pattern() {
        for words in ALL {
            for (ours, english) in patterns(words).into_iter().zip(patterns(&ENGLISH)) {
                assert_eq!(places(ours), places(english), "{}: {ours}", words.language);
            }
            for known in ALL {
                let mut named = words.languages.iter();
                assert!(named.any(|(tag, _)| *tag == known.language));
            }
        }
    }

    #[test]
    fn no_two_things_have_one_name() {
        for words in ALL {
            let slots: std::collections::BTreeSet<_> = words.slots.into_iter().collect();
            let phases: std::collections::BTreeSet<_> = words.phases.into_iter().collect();
            assert_eq!((slots.len(), phases.len()), (5, 5), "{}", words.language);
        }
        assert_eq!(ENGLISH.phases, Phase::ALL.map(Phase::label));
    }

    #[test]
    fn the_words_follow_the_chain_of_a_language() {
        let words = |tag: &str| Words::of(&tag.parse().unwrap()).language;
        assert_eq!(
            (words("es-MX"), words("en-GB"), words("fr")),
            ("es", "en", "en")
        );
        let spanish = Words::of(&Language::spanish());
        assert_eq!(
            spanish.shown_in(&Language::english()),
            "Se muestra en inglés"
        );
        assert_eq!(
            spanish.shown_in(&"fr-CA".parse().unwrap()),
            "Se muestra en fr-CA"
        );
    }

    #[test]
    fn a_day_is_written_as_its_readers_write_it() {
        for month in 1..=12 {
            let day = NaiveDate::from_ymd_opt(2026, month, 3).unwrap();
            assert_eq!(ENGLISH.day(day), day.format("%-d %b %Y").to_string());
        }
        let day = NaiveDate::from_ymd_opt(2026, 1, 3).unwrap();
        assert_eq!(SPANISH.day(day), "3 ene 2026");
    }

    #[test]
    fn what_is_filled_in_is_never_read_as_a_pattern() {
        assert_eq!(filled("{0} and {1}", &["{1}", "b"]), "{1} and b");
        assert_eq!(filled("{7}{", &["a"]), "");
    }
}
