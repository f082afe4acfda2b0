//! Pairing links as texts. Written here field by field: only members read them.

use companion_protocol::wire::Writer;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::describe::hex;

const SERVER: &str = "https://sync.example";
const CLINIC: &str = "Harbor Clinic";

struct Invite {
    purpose: &'static str,
    tag: u8,
}

fn invite(purpose: &'static str, tag: u8) -> Invite {
    Invite { purpose, tag }
}

fn body(version: u8, invites: &[Invite], extensions: &[u8]) -> Vec<u8> {
    let mut to = Writer::new();
    to.array(b"KI")
        .u8(version)
        .bytes(SERVER.as_bytes())
        .bytes(CLINIC.as_bytes())
        .u8(u8::try_from(invites.len()).unwrap());
    for invite in invites {
        to.bytes(invite.purpose.as_bytes())
            .array(&[invite.tag; 32])
            .array(&[invite.tag ^ 0xff; 32])
            .array(&[invite.tag ^ 0x0f; 32]);
    }
    to.bytes(extensions);
    to.finish()
}

fn text(body: &[u8]) -> String {
    let check = Sha256::digest(body);
    let whole = [body, &check[..4]].concat();
    format!("kap://pair/{}", BASE64URL_NOPAD.encode(&whole))
}

fn says(name: &str, text: &str, invites: &[Invite]) -> Value {
    json!({
        "name": name,
        "text": text,
        "server": SERVER,
        "clinic": CLINIC,
        "invites": invites.iter().map(|invite| json!({
            "purpose": invite.purpose,
            "space": hex([invite.tag; 32]),
            "secret": hex([invite.tag ^ 0xff; 32]),
            "head": hex([invite.tag ^ 0x0f; 32]),
        })).collect::<Vec<_>>(),
    })
}

fn refused(name: &str, text: &str) -> Value {
    json!({"name": name, "text": text, "refused": true})
}

pub(super) fn texts() -> Value {
    let one = [invite("care", 1)];
    let both = [invite("care", 1), invite("private", 2)];
    let link = text(&body(1, &one, b""));
    let coded = link.strip_prefix("kap://pair/").unwrap();
    let whole = BASE64URL_NOPAD.decode(coded.as_bytes()).unwrap();
    let trailing = [&body(1, &one, b"")[..], &[0]].concat();
    let mut wrong_check = whole.clone();
    *wrong_check.last_mut().unwrap() ^= 1;
    let wrong_check = format!("kap://pair/{}", BASE64URL_NOPAD.encode(&wrong_check));
    let counts_more = {
        let mut bytes = body(1, &one, b"");
        bytes[3 + 4 + SERVER.len() + 4 + CLINIC.len()] = 2;
        text(&bytes)
    };
    let (first, second) = link.split_at(60);
    let folded = format!("Here:\r\n> <{first}=\r\n> {second}>.");
    let (cut_off, _) = link.split_at(link.len() - 3);
    json!([
        says("of a clinic for a patient", &link, &one),
        says("for a second device", &text(&body(1, &both, b"")), &both),
        says("of a later version", &text(&body(1, &one, b"later")), &one),
        says(
            "with the prefix in upper case",
            &link.replace("kap://pair", "KAP://PAIR"),
            &one
        ),
        says("as mail folds and quotes it", &folded, &one),
        says(
            "with a sentence behind it",
            &format!("{link} is your link"),
            &one
        ),
        refused("cut off", cut_off),
        refused("with another check", &wrong_check),
        refused("without its prefix", coded),
        refused("of another version", &text(&body(2, &one, b""))),
        refused(
            "for an unknown purpose",
            &text(&body(1, &[invite("garden", 1)], b""))
        ),
        refused("with a byte before its check", &text(&trailing)),
        refused("with fewer invites than it counts", &counts_more),
        refused("with nothing in it", "kap://pair/"),
    ])
}
