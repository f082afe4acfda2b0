//! The guides that come with the program, and what none of them may say.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::guide::model::{Progress, slots_of, sources_of, words_of};
use crate::domain::guide::{
    Block, Estimate, Grounds, Guide, Language, Pack, Slot, model, source, words,
};

fn pack() -> Pack {
    Pack::ketamine().unwrap_or_else(|error| panic!("{error}"))
}

/// All runs of words of a guide with what they rest on; headings rest on nothing.
fn runs(guide: &Guide) -> Vec<(String, Option<Grounds>)> {
    let mut runs = vec![(guide.title.clone(), None)];
    for block in &guide.blocks {
        let grounds = block.grounds();
        for (at, text) in block.texts().into_iter().enumerate() {
            runs.push((words_of(text), grounds.get(at).map(|it| (*it).clone())));
        }
    }
    runs
}

#[test]
fn every_bundled_guide_can_be_read_and_lies_in_the_folder_of_its_language() {
    let pack = pack();
    assert_eq!(pack.all().count(), Pack::ketamine_files().len());
    for (file, text) in Pack::ketamine_files() {
        let guide = crate::domain::guide::parser::guide(text).unwrap();
        let named = format!("ketamine/{}/{}.md", guide.language, guide.id);
        assert_eq!(*file, named);
    }
    // Whatever lies in the folder is bundled, or it would be forgotten.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("guides/ketamine");
    let mut lying = BTreeSet::new();
    for language in std::fs::read_dir(folder).unwrap() {
        let language = language.unwrap();
        for file in std::fs::read_dir(language.path()).unwrap() {
            let (folder, name) = (language.file_name(), file.unwrap().file_name());
            let (folder, name) = (folder.into_string().unwrap(), name.into_string().unwrap());
            lying.insert(format!("ketamine/{folder}/{name}"));
        }
    }
    let bundled: BTreeSet<_> = Pack::ketamine_files()
        .iter()
        .map(|(file, _)| (*file).to_owned())
        .collect();
    assert_eq!(lying, bundled);
}

#[test]
fn every_language_has_the_same_guides_tasks_slots_sources_and_version() {
    let pack = pack();
    let languages: BTreeSet<_> = pack.all().map(|guide| guide.language.clone()).collect();
    let ours: BTreeSet<_> = words::ALL
        .iter()
        .map(|words| words.language.parse().unwrap())
        .collect();
    assert_eq!(languages, ours, "each language has its short words");
    for id in pack.ids() {
        let form = |guide: &Guide| {
            let blocks: Vec<_> = guide.blocks.iter().map(form_of).collect();
            (
                (
                    guide.version,
                    guide.stage,
                    guide.due,
                    guide.again,
                    guide.progress,
                ),
                blocks,
                sources_of(&guide.blocks),
            )
        };
        let english = pack.guide(id, &[Language::english()]).unwrap();
        for language in &languages {
            let guide = pack.guide(id, std::slice::from_ref(language));
            let guide = guide.unwrap_or_else(|| panic!("{id} is not there in {language}"));
            assert_eq!(form(guide), form(english), "{id} in {language}");
            let is_translated = *language == Language::english() || guide.title != english.title;
            assert!(is_translated, "{id} in {language}");
        }
    }
}

/// Everything of a block but its words.
fn form_of(block: &Block) -> String {
    let grounds: Vec<String> = block
        .grounds()
        .into_iter()
        .map(|grounds| match grounds {
            Grounds::Sources(sources) => {
                let ids: Vec<_> = sources.iter().map(|source| source.id).collect();
                ids.join("+")
            }
            Grounds::NoClaim => "-".to_owned(),
            Grounds::Clinic => "clinic".to_owned(),
        })
        .collect();
    let kind = match block {
        Block::Heading { level, .. } => format!("{level:?}"),
        Block::Paragraph { .. } => "paragraph".to_owned(),
        Block::List(points) => format!("{:?}", points[0].marker),
        Block::Tasks(tasks) => {
            let ids: Vec<_> = tasks.iter().map(|task| task.id.as_str()).collect();
            ids.join("+")
        }
        Block::Slot(slot) => slot.as_str().to_owned(),
        Block::CrisisHelp => "help".to_owned(),
    };
    format!("{kind}: {grounds:?}")
}

#[test]
fn every_claim_has_a_source_and_every_source_is_used() {
    let pack = pack();
    let mut used = BTreeSet::new();
    let mut claims = 0;
    for guide in pack.all() {
        for (text, grounds) in runs(guide).into_iter().skip(1) {
            match grounds {
                Some(Grounds::Sources(sources)) => {
                    assert!(!sources.is_empty(), "{text}");
                    claims += 1;
                    used.extend(sources.iter().map(|source| source.id));
                }
                Some(Grounds::Clinic) => panic!("nobody answers for: {text}"),
                Some(Grounds::NoClaim) | None => {}
            }
        }
    }
    assert!(claims > 100, "{claims}");
    let all: BTreeSet<_> = source::SOURCES.iter().map(|source| source.id).collect();
    assert_eq!(used, all);
    for source in &source::SOURCES {
        let address = source.address.unwrap_or("https://a.example");
        assert!(model::Link::parse(address).is_some(), "{address}");
    }
}

#[test]
fn what_is_said_to_claim_nothing_names_no_effect_no_study_and_no_number() {
    const CLAIMING: [&str; 16] = [
        "study",
        "studies",
        "research",
        "proven",
        "percent",
        "%",
        "evidence",
        "estudio",
        "prueba",
        "probad",
        "por ciento",
        "risk of",
        "causes",
        "causa ",
        "effective",
        "eficaz",
    ];
    for guide in pack().all() {
        for (text, grounds) in runs(guide) {
            if grounds != Some(Grounds::NoClaim) {
                continue;
            }
            let lower = text.to_lowercase();
            let claims = CLAIMING.iter().find(|word| lower.contains(**word));
            assert_eq!(claims, None, "{}: {text}", guide.id);
            assert!(!text.contains(|c: char| c.is_ascii_digit()), "{text}");
        }
    }
}

#[test]
fn no_guide_cures_doses_clears_anybody_to_drive_or_writes_a_number_to_call() {
    const NEVER: [&str; 26] = [
        "cure",
        "heals",
        "will help you",
        "guarantee",
        " mg",
        "milligram",
        "ok to drive",
        "safe to drive",
        "can drive",
        "may drive now",
        "stop taking",
        "hours before",
        "streak",
        "988",
        "911",
        "you are ready",
        "cura ",
        "garant",
        "te va a curar",
        "miligramo",
        "ya puedes conducir",
        "deja de tomar",
        "horas antes",
        "racha",
        "you missed",
        "te perdiste",
    ];
    // Said to deny them.
    const DENIED: [&str; 2] = [
        "Nobody can promise that it will help you.",
        "It does not tell you that you may drive.",
    ];
    for guide in pack().all() {
        for (text, _) in runs(guide) {
            let text = DENIED
                .iter()
                .fold(text, |text, said| text.replace(said, ""));
            let lower = text.to_lowercase();
            let said = NEVER.iter().find(|words| lower.contains(**words));
            assert_eq!(said, None, "{}: {text}", guide.id);
        }
    }
}

#[test]
fn rules_on_eating_medicines_substances_and_the_way_home_are_the_clinics_alone() {
    let pack = pack();
    let slots = |id: &str| {
        let guide = pack.guide(&id.parse().unwrap(), &[Language::english()]);
        slots_of(&guide.unwrap().blocks)
    };
    let needed = [
        Slot::EatingAndDrinking,
        Slot::Medicines,
        Slot::OtherSubstances,
        Slot::GettingHome,
    ];
    for id in ["getting-ready", "session-day"] {
        assert!(slots(id).is_superset(&needed.into()), "{id}");
    }
    let everywhere: BTreeSet<_> = pack
        .all()
        .flat_map(|guide| slots_of(&guide.blocks))
        .collect();
    assert_eq!(everywhere, Slot::ALL.into());
}

#[test]
fn help_in_a_crisis_stands_wherever_a_hard_time_is_spoken_of() {
    let pack = pack();
    let mut with_help = BTreeMap::new();
    for guide in pack.all() {
        let has = guide.blocks.contains(&Block::CrisisHelp);
        with_help.insert((guide.id.as_str(), guide.language.as_str()), has);
    }
    for id in [
        "session-day",
        "first-days",
        "weeks-after",
        "misuse-and-bladder",
        "what-this-app-is-not",
    ] {
        for language in ["en", "es"] {
            assert_eq!(
                with_help.get(&(id, language)),
                Some(&true),
                "{id} {language}"
            );
        }
    }
}

#[test]
fn the_statement_on_approval_and_compounding_is_there_with_its_source() {
    let pack = pack();
    for (language, words) in [
        (
            "en",
            [
                "FDA",
                "not approved for any mental health problem",
                "off-label",
                "compounded",
            ],
        ),
        (
            "es",
            [
                "FDA",
                "No está aprobada para ningún problema de salud mental",
                "off-label",
                "compounded",
            ],
        ),
    ] {
        let chain = [language.parse().unwrap()];
        let guide = pack
            .guide(&"about-ketamine".parse().unwrap(), &chain)
            .unwrap();
        let runs = runs(guide);
        for word in words {
            let said = runs.iter().any(|(text, grounds)| {
                text.contains(word) && matches!(grounds, Some(Grounds::Sources(_)))
            });
            assert!(said, "{language}: {word}");
        }
    }
}

#[test]
fn nobody_is_told_who_looked_up_misuse() {
    let pack = pack();
    let unseen: BTreeSet<_> = pack
        .all()
        .filter(|guide| guide.progress == Progress::NotKept)
        .map(|guide| {
            assert!(model::tasks_of(&guide.blocks).is_empty(), "{}", guide.id);
            guide.id.as_str()
        })
        .collect();
    assert_eq!(unseen, ["misuse-and-bladder"].into());
}

#[test]
fn a_guide_takes_five_minutes_at_most() {
    for guide in pack().all() {
        let estimate = Estimate::of_words(model::count_words(&guide.blocks));
        assert!(estimate.listen.0 <= 5, "{}: {estimate:?}", guide.id);
    }
}
