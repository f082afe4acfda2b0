//! Search finds what a person wrote in every script, whichever way it was typed.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};
use proptest::prelude::*;

use super::*;

/// A store of nothing but these bodies, numbered from 0.
fn written(bodies: &[&str]) -> (Folder, Store) {
    let folder = Folder::new();
    let store = folder.store();
    for (number, body) in (0..).zip(bodies) {
        write(&store, number, body);
    }
    (folder, store)
}

fn write(store: &Store, number: u8, body: &str) {
    store
        .write(|w| w.put_search(DocumentId::new([number; 16]), "", body, ""))
        .unwrap();
}

fn finds(store: &Store, query: &str, number: u8) -> bool {
    let found = store.read(|r| r.search(query, 50)).unwrap();
    found.contains(&DocumentId::new([number; 16]))
}

/// Each text alone in a store is found by each query that is to find it, and by none that is not.
fn check(cases: &[(&str, &[&str], &[&str])]) {
    for (text, finding, missing) in cases {
        let (_folder, store) = written(&[text]);
        for query in *finding {
            assert!(finds(&store, query, 0), "{query} finds {text}");
        }
        for query in *missing {
            assert!(!finds(&store, query, 0), "{query} misses {text}");
        }
    }
}

fn nfc(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(text)
        .into_owned()
}

fn nfd(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd()
        .normalize(text)
        .into_owned()
}

#[test]
fn any_part_of_a_text_without_spaces_is_found() {
    check(&[
        (
            "今天我感到焦虑和害怕。明天会好。",
            &[
                "焦虑",
                "害怕",
                "我感到焦虑",
                "今",
                "怕",
                "会",
                "好",
                "今天 明天",
                "焦 怕",
            ],
            &["虑焦", "怕明", "焦害", "昨", "焦虑 昨天"],
        ),
        (
            "昨日はがっこうでコーヒーを飲んだ。人々、ｶﾞﾗｽ",
            &[
                "コーヒー",
                "ヒー",
                "飲",
                "飲んだ",
                "だ",
                "がっこう",
                "人々",
                "ガラス",
                "ｺｰﾋｰ",
            ],
            &["かっこう", "カラス", "んだ飲", "コヒ"],
        ),
        (
            "วันนี้ฉันรู้สึกเศร้าและกลัวน้ำ",
            &["เศร้า", "กลัว", "รู้สึก", "น้ำ", "ฉัน", "ก", "เศร้า กลัว"],
            &["เศรา", "ดีใจ", "กลวั"],
        ),
        ("ຂ້ອຍຮູ້ສຶກໂສກເສົ້າ", &["ໂສກ", "ຮູ້ສຶກ", "ເສົ້າ"], &["ດີໃຈ"]),
        ("ខ្ញុំមានអារម្មណ៍សោកសៅ", &["សោកសៅ", "អារម្មណ៍"], &["សប្បាយ"]),
        ("ကျွန်တော်ဝမ်းနည်းတယ်", &["ဝမ်းနည်း", "တယ်"], &["ပျော်"]),
        ("བཀྲ་ཤིས་བདེ་ལེགས།", &["བདེ་ལེགས", "ཤིས", "བཀྲ་ཤིས"], &["ལེགས་བདེ"]),
    ]);
}

#[test]
fn scripts_side_by_side_are_found_together_and_apart() {
    check(&[(
        "昨日iPhone15を買う",
        &[
            "iphone",
            "iPhone15を買う",
            "昨日iPhone",
            "日iphone15",
            "買う",
            "iPhone15を",
            "買",
        ],
        &["買うiPhone", "iPhoneを買う", "日を"],
    )]);
}

#[test]
fn korean_words_are_found_by_how_they_begin() {
    check(&[(
        "오늘 바다가 무서웠다",
        &["바다", "바다가", "무서", "오늘 바", &nfd("바다")],
        &["박", "다가", "바닥", "오느"],
    )]);
    let (_folder, store) = written(&[&nfd("오늘 바다가")]);
    assert!(finds(&store, "바다", 0));
}

#[test]
fn marks_that_a_reader_does_without_are_ignored_and_vowels_are_not() {
    check(&[
        (
            "أَشْعُرُ بِالقَلَقِ",
            &["اشعر", "أشعر بالقلق", "بِالقَلَقِ", "بالقـــلق"],
            &["بالحزن"],
        ),
        ("اشعر بالقلق", &["أَشْعُرُ", "بِالقَلَقِ"], &[]),
        ("שָׁלוֹם עוֹלָם", &["שלום", "שָׁלוֹם", "עולם"], &["שלים"]),
        ("שלום", &["שָׁלוֹם"], &[]),
        (
            "Tôi lo lắng về biển",
            &["lo lang", "lắng", &nfd("lắng"), "BIỂN", "bien"],
            &["long"],
        ),
        (
            "मुझे डर लगता है",
            &["डर", "लगता", "मुझे"],
            &["मझ", "लगत है", "डर हे"],
        ),
        ("ёлка Йод", &["елка", "ЁЛКА", "йод"], &["юлка"]),
    ]);
}

#[test]
fn letters_are_found_in_any_case_and_without_strokes() {
    check(&[
        (
            "Łódź, żółw i źdźbło",
            &["lodz", "zolw", "ŁÓDŹ", "zdzblo"],
            &["odz"],
        ),
        (
            "Blåbærgrød på øen",
            &["blabaergrod", "BLÅBÆRGRØD", "oen", "ø"],
            &["blabargrod"],
        ),
        (
            "Đuro, ħobż, Þór, ŋoro, œuvre",
            &["duro", "hobz", "thor", "noro", "oeuvre", "ŒUVRE"],
            &[],
        ),
        (
            "Die Straße nach Gießen",
            &["strasse", "STRASSE", "STRAẞE", "giessen", "straß"],
            &["strase"],
        ),
        (
            "IŞIK ılık İstanbul",
            &["ışık", "isik", "ILIK", "istanbul", "İSTANBUL", "ISTANBUL"],
            &["usik"],
        ),
        (
            "Ο ΟΔΥΣΣΕΥΣ γύρισε",
            &["Οδυσσεύς", "οδυσσευσ", "ΓΎΡΙΣΕ", "οδυσσεύ"],
            &["οδυσεύς"],
        ),
        (
            "ＦＵＬＬ　Ｗｉｄｔｈ １２３",
            &["full width", "123", "ｗｉｄｔｈ"],
            &["fullwidth"],
        ),
        (
            "L’été, м’ята, ﬁn",
            &["l'ete", "été", "мʼята", "м'ята", "fin"],
            &[],
        ),
        (
            "co\u{ad}operate \u{200b}می\u{200c}خواهم",
            &["cooperate", "میخواهم"],
            &[],
        ),
    ]);
}

#[test]
fn emoji_and_symbols_are_found_whatever_stands_beside_them() {
    check(&[
        (
            "the sea🌊🌊and ❤️, 👍🏽!",
            &["🌊", "sea 🌊", "sea🌊", "❤", "❤️", "👍", "👍🏿", "and"],
            &["🌋", "sea 🌋"],
        ),
        (
            "👩‍👧 in 🇩🇪🇫🇷, 20€",
            &["👩‍👧", "👧", "🇩🇪", "🇫🇷", "€", "20€"],
            &["👦", "🇫🇮", "£"],
        ),
    ]);
}

#[test]
fn a_pasted_page_is_searched_by_its_first_64_words() {
    let words: Vec<String> = (0..64).map(|n| format!("w{n}")).collect();
    let page = words.join(" ");
    let run: String = ('一'..).take(65).collect();
    let (_folder, store) = written(&[&page, &run]);
    assert!(finds(&store, &format!("{page} nowhere"), 0));
    assert!(finds(&store, &format!("{run}無"), 1));
    let fewer = words[1..].join(" ");
    assert!(!finds(&store, &format!("{fewer} nowhere"), 0));
    let fewer: String = run.chars().skip(1).collect();
    assert!(!finds(&store, &format!("{fewer}無"), 1));
}

#[test]
fn a_word_in_the_title_counts_most_in_any_script() {
    let (_folder, store) = written(&["海へ行った", "海、海、海"]);
    store
        .write(|w| w.put_search(DocumentId::new([2; 16]), "海の日", "朝", ""))
        .unwrap();
    let found = store.read(|r| r.search("海", 1)).unwrap();
    assert_eq!(found, [DocumentId::new([2; 16])]);
}

thread_local!(static PAPER: (Folder, Store) = written(&[]));

/// Writes the text and asks for the query.
fn found_in(text: &str, query: &str) -> bool {
    PAPER.with(|(_, store)| {
        write(store, 0, text);
        finds(store, query, 0)
    })
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\\p{Latin}\\p{Greek}\\p{Cyrillic}]{1,8}",
        "[\\p{Armenian}\\p{Georgian}\\p{Hebrew}\\p{Arabic}]{1,8}",
        "[\\p{Hangul}\\p{Devanagari}\\p{Tamil}\\p{Ethiopic}]{1,8}",
        "[\\p{Han}\\p{Hiragana}\\p{Katakana}\\p{Thai}\\p{Lao}\\p{Khmer}\\p{Myanmar}]{1,8}",
        "[\\p{L}\\p{N}\\p{So}]{1,8}",
    ]
}

/// Without a letter or digit that shows, even decomposed (some Arabic forms are a space and a mark):
/// nothing that a person would search for.
fn is_bare(word: &str) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new();
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    let letters = GeneralCategoryGroup::Letter.union(GeneralCategoryGroup::Number);
    let modifiers = GeneralCategoryGroup::ModifierLetter;
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(word);
    !decomposed.chars().any(|c| {
        let category = category.get(c);
        letters.contains(category) && !modifiers.contains(category) && !ignorable.contains(c)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_word_is_found_in_every_form_of_it(
        words in proptest::collection::vec(word(), 1..6), pick in any::<prop::sample::Index>()
    ) {
        let text = words.join(" ");
        let word = pick.get(&words);
        for text in [text.clone(), nfc(&text), nfd(&text)] {
            for query in [nfc(word), nfd(word), word.to_uppercase(), word.to_lowercase()] {
                prop_assert!(is_bare(word) || found_in(&text, &query), "{query:?} in {text:?}");
            }
        }
    }

    #[test]
    fn any_two_characters_of_a_run_are_found(
        run in prop_oneof!["[㐀-䶿一-龥𠀀-𪛟]{2,40}", "[ก-ฮเ-ไ]{2,40}", "[ぁ-ゖァ-ヺ一-龠]{2,40}"], pick in any::<prop::sample::Index>()
    ) {
        let chars: Vec<char> = run.chars().collect();
        let at = pick.index(chars.len() - 1);
        let pair: String = chars[at..at + 2].iter().collect();
        prop_assert!(found_in(&run, &pair), "{pair} in {run}");
        prop_assert!(found_in(&run, &chars[at + 1].to_string()), "{} in {run}", chars[at + 1]);
    }

    #[test]
    fn any_text_can_be_indexed(text in prop_oneof![
        any::<String>(), "\\PC{0,200}",
        proptest::collection::vec(any::<char>(), 0..2_000).prop_map(|chars| chars.into_iter().collect()),
    ]) {
        found_in(&text, &text);
    }
}
