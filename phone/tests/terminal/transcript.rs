//! The transcripts in `docs/protocol.md`, `docs/programme.md` and `docs/export.md`: typed here each time as they stand there, so
//! that the pages show what a person meets today.

mod programme;
mod taken_along;

use std::fmt::Write as _;
use std::path::Path;

use companion_core::clinic::InviteState;
use sync_server::config::database;
use sync_server::storage::sqlite::{back_up_file, replace_file};

use crate::paired::World;
use crate::person::{AFTERNOON, Phone, asked_for};

/// Words to compare as the page shows them: others each time, here the same, and the same on both sides.
const COMPARED: [&str; 3] = [
    "harbor  violin  maple  door",
    "anchor  cotton  lake  river",
    "winter  basket  salmon  piano",
];

/// What was typed and said, with what differs each time put in the place of something fixed.
#[derive(Default)]
struct Told {
    text: String,
    words: Vec<String>,
    ids: Vec<String>,
}

impl Told {
    /// Types on a device, and gives what was said.
    fn types(&mut self, device: &str, phone: &Phone, typed: &[&str], input: &str) -> String {
        let mut run = typed.to_vec();
        if typed.first() == Some(&"pair") {
            run.extend(["--wait", "0"]);
        }
        let said = phone.type_in(&run, input);
        let quoted = |word: &&str| match word.starts_with("kap://") || word.contains(' ') {
            true => format!("'{word}'"),
            false => (*word).to_owned(),
        };
        let typed: Vec<String> = typed.iter().map(quoted).collect();
        writeln!(self.text, "{device}$ {}", typed.join(" ")).unwrap();
        // Recovery words are for nobody to read.
        if !input.is_empty() {
            let typed = match input.lines().count() {
                1 => "a word".to_owned(),
                number => format!("{number} words"),
            };
            writeln!(self.text, "    (types {typed})").unwrap();
        }
        self.text.push_str(&said.output);
        self.text.push_str(&said.errors);
        said.output + &said.errors
    }

    /// Gives back the word that a sheet of recovery words asks for.
    fn gives_back(&mut self, phone: &Phone, sheet: &str) {
        let said = phone.run(&["recovery-code", "confirm", &asked_for(sheet)]);
        writeln!(
            self.text,
            "phone$ recovery-code confirm …\n{}",
            said.done().trim_end()
        )
        .unwrap();
    }

    /// What happens elsewhere.
    fn meanwhile(&mut self, what: &str) {
        writeln!(self.text, "    ({what})").unwrap();
    }

    /// The transcript, with the same ids and words each time.
    fn fixed(mut self, world: &World) -> String {
        let server = format!("http://{}", world.config.listen);
        let mut fixed = String::new();
        for line in std::mem::take(&mut self.text).lines() {
            // A code is for cameras, and recovery words are for nobody.
            if line.contains(['█', '▀', '▄']) {
                continue;
            }
            let mut line = line.replace(&server, "https://sync.example.org");
            if let Some(place) = line.find("kap://pair/") {
                line.replace_range(place.., "kap://pair/…");
                if fixed_quote(&line) {
                    line.push('\'');
                }
            }
            let mut parts = line.split_whitespace();
            let is_numbered = parts.next().is_some_and(|n| n.parse::<u8>().is_ok());
            if is_numbered && parts.next().is_some() && parts.next().is_none() {
                line = format!("{}  …", line.split_whitespace().next().unwrap());
            }
            if let Some((before, after)) = line.split_once("ive back word ") {
                // Another one each time.
                let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
                line = format!("{before}ive back word 7{rest}");
            }
            let line = self.words_of(line);
            fixed.push_str(self.ids_of(&line).trim_end());
            fixed.push('\n');
        }
        // Twelve words that nobody should copy are one line.
        fixed.replace(
            "1  …\n2  …\n3  …\n4  …\n5  …\n6  …\n7  …\n8  …\n9  …\n10  …\n11  …\n12  …\n",
            " 1  …\n…\n12  …\n",
        )
    }

    /// Words to compare stand after a colon or an id, two spaces apart.
    fn words_of(&mut self, line: String) -> String {
        let parts: Vec<&str> = line.split("  ").collect();
        let Some(start) = parts.len().checked_sub(4) else {
            return line;
        };
        let four = &parts[start..];
        let first = four[0].rsplit(' ').next().unwrap_or_default();
        let words: Vec<&str> = std::iter::once(first)
            .chain(four[1..].iter().copied())
            .collect();
        let is_word = |word: &&str| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase());
        if !words.iter().all(is_word) {
            return line;
        }
        let words = words.join("  ");
        let number = self.words.iter().position(|known| *known == words);
        let number = number.unwrap_or_else(|| {
            self.words.push(words.clone());
            self.words.len() - 1
        });
        line.replace(&words, COMPARED[number])
    }

    fn ids_of(&mut self, line: &str) -> String {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let mut fixed = line.to_owned();
        for word in line.split(|c: char| !c.is_ascii_alphanumeric()) {
            if word.len() != 8 || !word.chars().all(is_digit) {
                continue;
            }
            let number = self.ids.iter().position(|known| known == word);
            let number = number.unwrap_or_else(|| {
                self.ids.push(word.to_owned());
                self.ids.len() - 1
            });
            fixed = fixed.replace(word, &format!("{:02x}", 0xa1 + number).repeat(4));
        }
        fixed
    }
}

/// Whether a link was typed, in quotes.
fn fixed_quote(line: &str) -> bool {
    line.contains("$ pair '")
}

fn link_in(said: &str) -> String {
    let mut lines = said.lines();
    lines
        .find(|line| line.starts_with("kap://"))
        .unwrap()
        .to_owned()
}

fn id_of(said: &str, name: &str) -> String {
    let line = said.lines().find(|line| line.contains(name)).unwrap();
    line[..8].to_owned()
}

/// Twelve words as the sheet shows them.
fn words_in(sheet: &str) -> String {
    let lines: Vec<&str> = sheet.lines().take(12).collect();
    lines.join("\n")
}

fn pairing() -> String {
    let world = World::new();
    let phone = world.phone(10);
    let mut told = Told::default();
    told.types("phone", &phone, &["pair", &world.link], "");
    told.types(
        "phone",
        &phone,
        &[
            "write",
            "--share",
            "care-team",
            "--title",
            "Tuesday",
            "At the lake.",
        ],
        "",
    );
    world.clinic.sync().unwrap();
    let said = told.types("phone", &phone, &["sync"], "");
    let InviteState::Joined { compare_words, .. } =
        world.clinic.invite_state(world.patient).unwrap()
    else {
        panic!("nobody came");
    };
    assert!(said.contains(&compare_words.join("  ")));
    told.meanwhile("the clinic sees the same words and lets the phone in");
    world.confirm_words();
    told.types("phone", &phone, &["sync"], "");
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    told.types("phone", &phone, &["status"], "");
    told.types("phone", &phone, &["list"], "");
    told.fixed(&world)
}

fn second_phone() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["--title", "Mine", "For nobody else."]);
    phone.run(&["sync"]).done();
    let tablet = world.phone(20);
    let mut told = Told::default();
    let link = link_in(&told.types("phone", &phone, &["invite-phone"], ""));
    let typed = ["pair", &link, "--name", "Ada's tablet"];
    told.types("tablet", &tablet, &typed, "");
    told.types("phone", &phone, &["sync"], "");
    told.types("phone", &phone, &["devices"], "");
    told.types("tablet", &tablet, &["sync"], "");
    let newcomer = phone.newcomer();
    told.types("phone", &phone, &["devices", "let-in", &newcomer], "");
    told.types("tablet", &tablet, &["sync"], "");
    told.types("tablet", &tablet, &["list"], "");
    told.fixed(&world)
}

fn lost_phone() -> String {
    let world = World::new();
    let lost = world.paired_phone();
    lost.run(&["devices", "name", "Ada's old phone"]).done();
    let sheet = lost.run(&["recovery-code"]).done();
    let tablet = world.second_phone(&lost, "Ada's tablet");
    let mut told = Told::default();
    let devices = told.types("tablet", &tablet, &["devices"], "");
    let old = id_of(&devices, "Ada's old phone");
    told.types("tablet", &tablet, &["devices", "remove", &old], "");
    let typed = ["devices", "remove", &old, "--with-words"];
    let words = words_in(&sheet);
    told.types("tablet", &tablet, &typed, &words);
    told.types("tablet", &tablet, &["devices"], "");
    told.types("tablet", &tablet, &["recovery-code"], "");
    told.types("old phone", &lost, &["sync"], "");
    told.types("old phone", &lost, &["status"], "");
    told.fixed(&world)
}

fn found_link() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["--title", "Mine", "For nobody else."]);
    phone.run(&["sync"]).done();
    let thief = world.phone(20);
    let tablet = world.phone(21);
    let mut told = Told::default();
    let link = link_in(&told.types("phone", &phone, &["invite-phone"], ""));
    told.types("thief", &thief, &["pair", &link], "");
    told.types("tablet", &tablet, &["pair", &link], "");
    told.types("phone", &phone, &["sync"], "");
    told.types("phone", &phone, &["devices"], "");
    told.types("thief", &thief, &["sync"], "");
    told.types("thief", &thief, &["list"], "");
    let newcomer = phone.newcomer();
    told.types("phone", &phone, &["devices", "turn-away", &newcomer], "");
    told.types("thief", &thief, &["sync"], "");
    told.types("thief", &thief, &["list"], "");
    told.types("phone", &phone, &["devices"], "");
    told.fixed(&world)
}

fn replaced_words() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["--title", "Mine", "Not lost."]);
    phone.run(&["sync"]).done();
    let mut told = Told::default();
    let first = told.types("phone", &phone, &["recovery-code"], "");
    told.gives_back(&phone, &first);
    world.clock.advance_ms(60_000);
    let second = told.types("phone", &phone, &["recovery-code"], "");
    told.types("phone", &phone, &["status"], "");
    told.gives_back(&phone, &second);
    let (earlier, sheet) = (words_in(&first), words_in(&second));
    told.types("phone", &phone, &["status"], "");
    let new = world.phone(30);
    let server = format!("http://{}", world.config.listen);
    let typed = ["recover", "--server", &server];
    let eleven: Vec<&str> = sheet.lines().take(11).collect();
    let mut slip: Vec<&str> = sheet.lines().take(11).collect();
    slip.push("12  harbour");
    for (sheet, words) in [
        ("one word is missing", &eleven.join("\n")),
        ("one is written the British way", &slip.join("\n")),
        ("the sheet that was replaced", &earlier),
        ("the sheet as it is", &sheet),
    ] {
        told.meanwhile(sheet);
        told.types("new phone", &new, &typed, words);
    }
    told.types("new phone", &new, &["list"], "");
    told.types("new phone", &new, &["devices"], "");
    told.fixed(&world)
}

fn restored_server() -> String {
    let mut world = World::new();
    let phone = world.paired_phone();
    let database = database(&world.config.data);
    let backup = world.config.data.parent().unwrap().join("backup.db");
    back_up_file(&database, &backup).unwrap();
    let mut told = Told::default();
    let typed = [
        "write",
        "--share",
        "care-team",
        "--title",
        "Wednesday",
        "After the backup.",
    ];
    told.types("phone", &phone, &typed, "");
    told.types("phone", &phone, &["sync"], "");
    world.clinic.sync().unwrap();
    world.server = None;
    replace_file(&backup, &database, AFTERNOON.unix_ms).unwrap();
    world.start_again();
    told.meanwhile("the server breaks, and is put back from last night's backup");
    told.types("phone", &phone, &["sync"], "");
    world.clinic.sync().unwrap();
    told.types("phone", &phone, &["sync"], "");
    told.types("phone", &phone, &["list"], "");
    told.types("phone", &phone, &["warnings"], "");
    told.fixed(&world)
}

#[test]
fn the_page_about_the_protocol_shows_what_a_person_meets_today() {
    page_shows(
        "protocol.md",
        &[
            ("pairing", pairing()),
            ("second-phone", second_phone()),
            ("lost-phone", lost_phone()),
            ("found-link", found_link()),
            ("replaced-words", replaced_words()),
            ("restored-server", restored_server()),
        ],
    );
}

#[test]
fn the_page_about_the_programme_shows_what_a_person_meets_today() {
    page_shows(
        "programme.md",
        &[
            ("glance", programme::glance()),
            ("next", programme::next()),
            ("prompts", programme::prompts()),
            ("assessment", programme::assessment()),
            ("medicines", programme::medicines()),
            ("taken-back", programme::taken_back()),
            ("safety", programme::safety()),
            ("unlocked", programme::unlocked()),
            ("use", programme::use_questions()),
            ("costs", programme::costs()),
            ("language", programme::language()),
            ("team", programme::team()),
            ("report", programme::report()),
        ],
    );
}

#[test]
fn the_page_about_the_record_taken_along_shows_what_a_person_meets_today() {
    page_shows(
        "export.md",
        &[
            ("import", taken_along::import()),
            ("end", taken_along::end()),
        ],
    );
}

/// A page of `docs` has these transcripts, or is written anew with them.
fn page_shows(name: &str, transcripts: &[(&str, String)]) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(name);
    let before = std::fs::read_to_string(&page).unwrap();
    let mut after = before.clone();
    for (name, told) in transcripts {
        let mark = format!("<!-- transcript: {name} -->\n```\n");
        let start = after.find(&mark).unwrap() + mark.len();
        let end = start + after[start..].find("```\n").unwrap();
        after.replace_range(start..end, told);
    }
    if std::env::var_os("WRITE_DOCS").is_some() {
        std::fs::write(&page, &after).unwrap();
        return;
    }
    assert!(
        before == after,
        "docs/{name} shows other words than the phone says now; see what changed with\n\
         WRITE_DOCS=1 cargo test -p companion-phone --test terminal transcript; git diff docs/{name}"
    );
}
