//! A clinic's words in the place of ours.

use crate::domain::guide::{
    Block, Clinic, Edition, GuideVersion, Language, Notice, Pack, Reason, Shown, Signed, Slot,
    SlotWords, Stage, Words, Written, model, parse, plain, shown,
};
use crate::domain::{Content as _, GuideSlot, GuideText, Moment};

fn at(hour: i64) -> Moment {
    Moment::utc(1_795_392_000_000 + hour * 3_600_000)
}

fn text(language: &str, version: u32) -> GuideText {
    GuideText {
        guide: "session-day".parse().unwrap(),
        base_version: Some(GuideVersion(1)),
        language: language.parse().unwrap(),
        version: GuideVersion(version),
        title: format!("Our day {version} ({language})"),
        stage: Stage::SessionDay,
        text: "Ring the bell.\n\n{slot: medicines}".into(),
        by: "Dr. Vega".into(),
        at: at(0),
        retired_at: None,
    }
}

fn rule(language: &str, version: u32) -> GuideSlot {
    GuideSlot {
        slot: Slot::EatingAndDrinking.as_str().into(),
        language: language.parse().unwrap(),
        version: GuideVersion(version),
        text: format!("Rule {version} in {language}."),
        by: "Dr. Vega".into(),
        at: at(0),
        retired_at: None,
    }
}

fn seen(texts: &[GuideText], slots: &[GuideSlot], language: &str) -> Shown {
    let pack = Pack::ketamine().unwrap();
    let id = "session-day".parse().unwrap();
    let clinic = Clinic { texts, slots };
    shown(&pack, clinic, &id, &language.parse().unwrap()).unwrap()
}

fn signed(version: u32) -> Signed {
    Signed {
        by: "Dr. Vega".into(),
        at: at(0),
        version: GuideVersion(version),
    }
}

#[test]
fn our_words_stand_until_the_clinic_writes_its_own_and_again_when_it_takes_them_back() {
    let ours = seen(&[], &[], "en");
    assert_eq!(ours.edition, Edition::Bundled(GuideVersion(1)));
    assert_eq!(ours.notices, []);
    let theirs = seen(&[text("en", 3)], &[], "en");
    assert_eq!(theirs.edition, Edition::Clinic(GuideVersion(3)));
    assert_eq!(theirs.guide.title, "Our day 3 (en)");
    assert_eq!(theirs.notices, [Notice::ByClinic(signed(3))]);
    // It still comes when the guide in whose place it stands would come.
    assert_eq!(theirs.guide.due, ours.guide.due);
    let retired = GuideText {
        retired_at: Some(at(1)),
        ..text("en", 3)
    };
    assert_eq!(seen(&[retired], &[], "en"), ours);
}

#[test]
fn the_highest_version_counts_whatever_a_clock_said() {
    let late = GuideText {
        at: at(900),
        ..text("en", 1)
    };
    for texts in [[late.clone(), text("en", 2)], [text("en", 2), late]] {
        assert_eq!(seen(&texts, &[], "en").guide.title, "Our day 2 (en)");
    }
}

#[test]
fn a_text_that_was_made_for_an_older_guide_says_so() {
    let old = GuideText {
        base_version: Some(GuideVersion(7)),
        ..text("en", 2)
    };
    let shown = seen(&[old], &[], "en");
    let notice = &shown.notices[1];
    let (made_for, here) = (GuideVersion(7), GuideVersion(1));
    assert_eq!(*notice, Notice::MadeForOther { made_for, here });
    assert_eq!(
        notice.text(Words::of(&Language::english())),
        "The clinic's text was made for version 7 of this guide. The guide is at version 1 here."
    );
    assert_eq!(seen(&[text("en", 2)], &[], "en").notices.len(), 1);
}

#[test]
fn the_language_falls_back_and_the_guide_says_so() {
    let mexican = seen(&[], &[], "es-MX");
    assert_eq!(mexican.guide.language, Language::spanish());
    assert_eq!(mexican.notices, [], "Spanish was asked for, and is shown");
    let french = seen(&[], &[], "fr-CA");
    assert_eq!(
        french.notices,
        [Notice::InOtherLanguage(Language::english())]
    );
    assert_eq!(
        french.notices[0].text(Words::of(&"fr-CA".parse().unwrap())),
        "Shown in English"
    );
}

#[test]
fn a_clinics_words_in_one_language_take_no_guide_away_from_whoever_reads_another() {
    let ours = seen(&[], &[], "es-MX");
    let shown = seen(&[text("en", 1)], &[], "es-MX");
    assert_eq!((&shown.edition, &shown.guide), (&ours.edition, &ours.guide));
    assert_eq!(shown.notices, [Notice::ByClinicIn(Language::english())]);
    assert_eq!(
        shown.notices[0].text(Words::of(&Language::spanish())),
        "Tu clínica escribió su propio texto para esta guía, en inglés. Puede decir algo distinto de lo que lees \
         aquí: pregunta a tu clínica."
    );
    let the_other_way = seen(&[text("es", 1)], &[], "en");
    assert_eq!(
        the_other_way.notices,
        [Notice::ByClinicIn(Language::spanish())]
    );
    let both = [text("en", 9), text("es", 1)];
    let spanish = seen(&both, &[], "es-MX");
    assert_eq!(spanish.guide.title, "Our day 1 (es)");
    assert_eq!(spanish.notices, [Notice::ByClinic(signed(1))]);
    // Another region's Spanish is read as well.
    let both = [text("en", 9), text("es-ES", 1)];
    let spanish = seen(&both, &[], "es-MX");
    assert_eq!(spanish.guide.title, "Our day 1 (es-ES)");
}

#[test]
fn where_we_have_no_guide_in_the_language_that_was_asked_for_the_clinics_words_count() {
    let shown = seen(&[text("en", 1)], &[], "fr-CA");
    assert_eq!(shown.edition, Edition::Clinic(GuideVersion(1)));
    let english = Notice::InOtherLanguage(Language::english());
    assert_eq!(shown.notices, [english, Notice::ByClinic(signed(1))]);
}

#[test]
fn a_text_that_cannot_be_shown_leaves_ours_with_the_reason_and_is_never_shown_raw() {
    let hostile = GuideText {
        text: "Fine.\n\n<script>alert(1)</script>".into(),
        ..text("en", 4)
    };
    let shown = seen(std::slice::from_ref(&hostile), &[], "en");
    assert_eq!(shown.edition, Edition::Bundled(GuideVersion(1)));
    let [Notice::Unreadable { error, .. }] = &shown.notices[..] else {
        panic!("{:?}", shown.notices);
    };
    assert_eq!((error.line, error.reason), (3, Reason::Html));
    let own = GuideText {
        guide: "our-garden".parse().unwrap(),
        base_version: None,
        ..hostile
    };
    let pack = Pack::ketamine().unwrap();
    let clinic = Clinic {
        texts: std::slice::from_ref(&own),
        slots: &[],
    };
    let shown = crate::domain::guide::shown(&pack, clinic, &own.guide, &Language::english());
    let shown = shown.unwrap();
    assert_eq!(shown.guide.blocks, []);
    let page = plain(&shown, &[].into(), &[], &Language::english(), 80);
    assert!(!page.contains("script"), "{page}");
}

#[test]
fn a_slot_says_ask_your_clinic_until_the_clinic_wrote_its_rule() {
    let slot = |slots: &[GuideSlot], language: &str| {
        seen(&[], slots, language).slots[&Slot::EatingAndDrinking].clone()
    };
    assert_eq!(slot(&[], "en"), SlotWords::AskYourClinic);
    let (english, spanish) = (rule("en", 2), rule("es", 1));
    let said = |words: SlotWords| match words {
        SlotWords::Clinic {
            blocks, language, ..
        } => (crate::domain::guide::model::count_words(&blocks), language),
        other => panic!("{other:?}"),
    };
    let rules = [english.clone(), spanish];
    assert_eq!(said(slot(&rules, "es-MX")), (4, Language::spanish()));
    assert_eq!(
        said(slot(&[rule("en", 1), english], "es")),
        (4, Language::english()),
        "the clinic's rule in another language is better than none"
    );
    let retired = GuideSlot {
        retired_at: Some(at(1)),
        ..rule("en", 3)
    };
    assert_eq!(slot(&[retired], "en"), SlotWords::AskYourClinic);
    let hostile = GuideSlot {
        text: "![x](https://a.example)".into(),
        ..rule("en", 3)
    };
    assert!(hostile.clone().checked().is_err());
    let words = slot(&[hostile], "en");
    assert!(matches!(words, SlotWords::Unreadable { .. }), "{words:?}");
}

#[test]
fn a_guide_reads_as_plain_text() {
    let rules = [rule("en", 2)];
    let shown = seen(&[], &rules, "es-MX");
    let ticked = ["ride-check".parse().unwrap()].into();
    let help = &crate::domain::guide::help::UNITED_STATES;
    let language = "es-MX".parse().unwrap();
    let page = plain(&shown, &ticked, help, &language, 76);
    insta::assert_snapshot!("session_day_es", page);
    let too_long = page
        .lines()
        .find(|line| line.chars().count() > 76 && !line.contains("https://"));
    assert_eq!(too_long, None);
    let shown = seen(&[], &rules, "en");
    insta::assert_snapshot!(
        "session_day_en",
        plain(&shown, &ticked, help, &Language::english(), 76)
    );
}

#[test]
fn a_clinic_is_told_which_slots_and_lines_to_call_its_words_leave_out() {
    let pack = Pack::ketamine().unwrap();
    let bundled = pack.guide(&"weeks-after".parse().unwrap(), &[Language::english()]);
    let bundled = &bundled.unwrap().blocks;
    let left_out = |text: &str| {
        let words = parse(text, Written::ByClinic).unwrap();
        model::left_out(bundled, &words)
    };
    assert_eq!(
        left_out("Come by."),
        [Block::Slot(Slot::ReachingTheClinic), Block::CrisisHelp]
    );
    assert_eq!(left_out("{slot: reaching-the-clinic}\n\n{crisis help}"), []);
}
