//! Pages of what a clinic sets for all its patients or for one, as they stood when somebody last looked at them.

#![allow(clippy::unwrap_used)]

use companion_core::clinic::OfTheirOwn;
use companion_core::domain::guide::{Clinic, GuideVersion, Language, Pack, Slot, overtaken};
use companion_core::domain::guide::{shown, slot_words};
use companion_core::domain::prompt_rules::PromptChange;
use companion_core::domain::{
    Content as _, DocumentId, GuideSlot, GuideText, HoldsFor, ItemId, PromptRules, UseQuestions,
};
use companion_core::records::Seen;
use maud::Markup;

use super::form::Form;
use super::snapshots::readable;
use super::whose::Whose;
use super::{examples, guides, prompts, questions};

/// What stands around it is the same on every page.
fn main_of(page: &Markup) -> String {
    let text = readable(page);
    let (_, main) = text.split_once("<main").unwrap();
    main.split_once("</main>").unwrap().0.to_owned()
}

fn at(text: &str) -> companion_core::ports::Moment {
    examples::moment(text)
}

fn rule(language: &str, text: &str, written: &str) -> GuideSlot {
    GuideSlot {
        slot: Slot::GettingHome.as_str().to_owned(),
        language: language.parse().unwrap(),
        version: GuideVersion(2),
        text: text.to_owned(),
        by: "Maya <Lindqvist>".to_owned(),
        at: at(written),
        retired_at: None,
    }
}

#[test]
fn prompts_of_all_patients_and_one_prompt_of_one() {
    let mut set = PromptRules::new("Maya <Lindqvist>", at("2026-11-20T09:00:00+01:00"));
    for (nth, prompt, off, words) in [
        (1, "body", false, "Where is your body <now>?"),
        (2, "hard", true, ""),
        (3, "own_1", false, "Who knows of this?"),
    ] {
        let days = (prompt == "own_1").then_some((3, 10));
        let change = PromptChange {
            prompt: prompt.to_owned(),
            off,
            from_day: days.map(|(from, _)| from),
            until_day: days.map(|(_, until)| until),
            words: words.to_owned(),
        };
        set.change(ItemId::new([nth; 16]), change);
    }
    let ada = DocumentId::new([7; 16]);
    let whose = Whose {
        patient: None,
        set: Some(set.clone()),
        apart: vec![OfTheirOwn {
            patient: ada,
            name: "Ada <Okafor>".to_owned(),
            seen: Seen::of("her own"),
        }],
        unreadable: Vec::new(),
    };
    let page = prompts::page(&examples::frame(), &whose, &Form::default());
    insta::assert_snapshot!("prompts", main_of(&page));
    set.holds_for = HoldsFor::Patient;
    let one = prompts::one(Some(&set), "body").unwrap();
    let whose = Whose {
        patient: Some((ada, "Ada <Okafor>".to_owned())),
        set: Some(set),
        apart: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut form = prompts::present(&one);
    form.wrong("until_day", "Its last day, 1, comes before its first, 3.");
    let page = prompts::one_page(&examples::frame(), &whose, &one, &form);
    insta::assert_snapshot!("prompt", main_of(&page));
    let page = prompts::page(&examples::frame(), &whose, &Form::default());
    assert!(main_of(&page).contains("For this patient alone."));
}

#[test]
fn questions_on_use() {
    let set = UseQuestions {
        every_weeks: Some(4),
        bladder: "Does it <hurt>?".to_owned(),
        ..UseQuestions::new("Maya <Lindqvist>", at("2026-11-20T09:00:00+01:00"))
    };
    let form = questions::present(Some(&set));
    let whose = Whose {
        patient: None,
        set: Some(set),
        apart: Vec::new(),
        unreadable: Vec::new(),
    };
    let page = questions::page(&examples::frame(), &whose, &form);
    insta::assert_snapshot!("questions_on_use", main_of(&page));
}

#[test]
fn guides_with_a_rule_that_another_language_overtook_and_one_in_the_clinics_words() {
    let (pack, english) = (Pack::ketamine().unwrap(), Language::english());
    let rules = [
        rule("en", "Come with **somebody**.", "2026-11-20T09:00:00+01:00"),
        rule("es", "Ven con alguien.", "2026-11-22T09:00:00+01:00"),
    ];
    let own = GuideText {
        guide: "session-day".parse().unwrap(),
        base_version: Some(GuideVersion(1)),
        language: english.clone(),
        text: "## Coming in\n\nRing the bell.\n\n- [ ] Bring a blanket.\n\n{slot: getting-home}\n\n{crisis help}"
            .to_owned(),
        by: "Maya <Lindqvist>".to_owned(),
        at: at("2026-11-20T09:00:00+01:00"),
        retired_at: None,
        ..GuideText::examples().remove(0)
    };
    let texts = [own.clone()];
    let clinic = Clinic {
        texts: &texts,
        slots: &rules,
    };
    let guide = |id: &str| guides::Guide {
        shown: shown(&pack, clinic, &id.parse().unwrap(), &english).unwrap(),
        own: texts.iter().find(|text| text.guide.as_str() == id).cloned(),
        overtaken: None,
        keeps_ours: match id {
            "session-day" => vec![Language::spanish()],
            _ => Vec::new(),
        },
    };
    let all: Vec<_> = pack.ids().iter().map(|id| guide(id.as_str())).collect();
    let slots = Slot::ALL.map(|slot| {
        let own = rules.first().filter(|rule| rule.known() == Some(slot));
        guides::Rule {
            slot,
            words: slot_words(&rules, slot, &english.chain()),
            own: own.cloned(),
            overtaken: own.and_then(|own| overtaken(own, &rules)),
        }
    });
    let frame = examples::frame();
    let page = guides::page(&frame, &english, &all, &slots);
    insta::assert_snapshot!("guides", main_of(&page));
    let ours = guides::one_page(&frame, &english, &guide("misuse-and-bladder"));
    insta::assert_snapshot!("guide", main_of(&ours));
    let theirs = guide("session-day");
    let page = guides::one_page(&frame, &english, &theirs);
    insta::assert_snapshot!("guide_in_the_clinics_words", main_of(&page));
    let bundled = pack.guide(&own.guide, &english.chain()).unwrap();
    let form = guides::words_form(Some(&own), bundled);
    let page = guides::words_page(&frame, &english, &theirs, &form);
    insta::assert_snapshot!("guide_words", main_of(&page));
    let [.., home, _] = &slots;
    let form = guides::rule_form(home.own.as_ref());
    let page = guides::rule_page(&frame, &english, home, &form);
    insta::assert_snapshot!("guide_rule", main_of(&page));
}
