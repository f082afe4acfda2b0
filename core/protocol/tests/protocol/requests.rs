//! The one accepted form of a signed request, and each way to miss it.

use companion_protocol::id::MemberId;
use companion_protocol::request::{
    CONTENT_DIGEST, Parts, RequestError, SIGNATURE, SIGNATURE_INPUT, Signed, SignedHeaders, sign,
};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey};

use crate::fixtures::{id, key};

const CREATED: u64 = 1_767_225_600;
const NONCE: [u8; 16] = [0x5a; 16];
const PARTS: Parts<'static> = Parts {
    method: "POST",
    authority: "sync.example:8443",
    path: "/v1/spaces",
    query: "after=7&limit=2",
    body: b"body",
};

fn signed() -> SignedHeaders {
    sign(&key(2), PARTS, CREATED, &NONCE)
}

fn parse(headers: &SignedHeaders) -> Result<Signed, RequestError> {
    Signed::parse(
        Some(&headers.content_digest),
        Some(&headers.signature_input),
        Some(&headers.signature),
    )
}

fn check(headers: &SignedHeaders, parts: Parts<'_>) -> Result<MemberId, RequestError> {
    parse(headers)?
        .verify(parts)
        .map(|authenticated| authenticated.member)
}

/// Signs whatever base and parameters a careless or hostile client might choose.
fn signed_as(key: &SigningKey, base: &str, parameters: &str) -> SignedHeaders {
    let base = format!("{base}\n\"@signature-params\": {parameters}");
    SignedHeaders {
        content_digest: signed().content_digest,
        signature_input: format!("sig1={parameters}"),
        signature: format!(
            "sig1=:{}:",
            BASE64.encode(&key.sign(base.as_bytes()).to_bytes())
        ),
    }
}

fn lines() -> Vec<String> {
    vec![
        format!("\"@method\": {}", PARTS.method),
        format!("\"@authority\": {}", PARTS.authority),
        format!("\"@path\": {}", PARTS.path),
        format!("\"@query\": ?{}", PARTS.query),
        format!("\"content-digest\": {}", signed().content_digest),
    ]
}

fn parameters() -> String {
    format!(
        "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\");created={CREATED};\
         keyid=\"{}\";nonce=\"{}\";tag=\"kap-v1\"",
        id(&key(2)),
        HEXLOWER.encode(&NONCE)
    )
}

#[test]
fn a_request_says_who_when_and_once() {
    let authenticated = parse(&signed()).unwrap().verify(PARTS).unwrap();
    assert_eq!(authenticated.member, id(&key(2)));
    assert_eq!(
        (authenticated.created, authenticated.nonce),
        (CREATED, NONCE)
    );
    assert_eq!(parse(&signed()).unwrap().claimed(), authenticated);
}

#[test]
fn the_form_is_the_documented_one_to_the_byte() {
    assert_eq!(
        signed_as(&key(2), &lines().join("\n"), &parameters()),
        signed()
    );
    let names = signed().pairs().map(|(name, _)| name);
    assert_eq!(names, [CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE]);
}

#[test]
fn the_signature_is_checked_without_the_body_and_the_body_in_pieces_after_it() {
    let signed = parse(&signed()).unwrap();
    assert_eq!(
        signed.verify_head(PARTS.head()).unwrap().member,
        id(&key(2))
    );
    let other = Parts {
        path: "/v1/other",
        ..PARTS
    };
    assert_eq!(
        signed.verify_head(other.head()),
        Err(RequestError::BadSignature)
    );
    for cut in 0..=PARTS.body.len() {
        let (first, second) = PARTS.body.split_at(cut);
        let mut body = signed.body();
        body.update(first);
        assert_eq!(
            body.clone().finish().is_ok(),
            second.is_empty(),
            "a part is not the whole"
        );
        body.update(second);
        assert_eq!(body.clone().finish(), Ok(()));
        body.update(b"x");
        assert_eq!(body.finish(), Err(RequestError::WrongDigest));
    }
}

#[test]
fn an_empty_query_and_an_empty_body_are_signed_too() {
    let parts = Parts {
        method: "GET",
        query: "",
        body: b"",
        ..PARTS
    };
    let headers = sign(&key(2), parts, CREATED, &NONCE);
    // SHA-256 of nothing.
    let nothing = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    assert_eq!(headers.content_digest, nothing);
    assert_eq!(check(&headers, parts), Ok(id(&key(2))));
    let asked = Parts {
        query: "a",
        ..parts
    };
    assert_eq!(check(&headers, asked), Err(RequestError::BadSignature));
    let filled = Parts {
        body: b"a",
        ..parts
    };
    assert_eq!(check(&headers, filled), Err(RequestError::WrongDigest));
}

#[test]
fn a_missing_header_is_told_from_a_wrong_one() {
    let SignedHeaders {
        content_digest,
        signature_input,
        signature,
    } = &signed();
    let cases = [
        (None, Some(signature_input), Some(signature)),
        (Some(content_digest), None, Some(signature)),
        (Some(content_digest), Some(signature_input), None),
        (None, None, None),
    ];
    for (digest, input, signature) in cases {
        let refused = Signed::parse(
            digest.map(|s| &**s),
            input.map(|s| &**s),
            signature.map(|s| &**s),
        );
        assert_eq!(refused.unwrap_err(), RequestError::Missing);
    }
}

#[test]
fn each_part_is_bound() {
    let others = [
        Parts {
            method: "PUT",
            ..PARTS
        },
        Parts {
            method: "post",
            ..PARTS
        },
        Parts {
            authority: "sync.example",
            ..PARTS
        },
        Parts {
            authority: "SYNC.example:8443",
            ..PARTS
        },
        Parts {
            path: "/v1/spaces/",
            ..PARTS
        },
        Parts {
            path: "/v1/space%73",
            ..PARTS
        },
        Parts {
            query: "limit=2&after=7",
            ..PARTS
        },
        Parts { query: "", ..PARTS },
    ];
    for parts in others {
        assert_eq!(
            check(&signed(), parts),
            Err(RequestError::BadSignature),
            "{parts:?}"
        );
    }
    for body in [&b"bodY"[..], b"body ", b""] {
        assert_eq!(
            check(&signed(), Parts { body, ..PARTS }),
            Err(RequestError::WrongDigest)
        );
    }
}

#[test]
fn another_key_signs_nothing_in_a_members_name() {
    let forged = signed_as(&key(3), &lines().join("\n"), &parameters());
    assert_eq!(check(&forged, PARTS), Err(RequestError::BadSignature));
    let of_another = SignedHeaders {
        signature: sign(&key(3), PARTS, CREATED, &NONCE).signature,
        ..signed()
    };
    assert_eq!(check(&of_another, PARTS), Err(RequestError::BadSignature));
    let named = parameters().replace(&id(&key(2)).to_string(), &id(&key(3)).to_string());
    let under_another_name = SignedHeaders {
        signature_input: format!("sig1={named}"),
        ..signed()
    };
    assert_eq!(
        check(&under_another_name, PARTS),
        Err(RequestError::BadSignature)
    );
}

#[test]
fn time_and_nonce_are_bound() {
    for (from, to) in [
        (CREATED.to_string(), (CREATED + 1).to_string()),
        (HEXLOWER.encode(&NONCE), HEXLOWER.encode(&[0x5b; 16])),
    ] {
        let input = signed().signature_input.replace(&from, &to);
        let moved = SignedHeaders {
            signature_input: input,
            ..signed()
        };
        assert_eq!(check(&moved, PARTS), Err(RequestError::BadSignature));
    }
}

/// Each signature below is genuine over what it says; the profile refuses it all the same.
#[test]
fn other_components_or_another_order_are_refused() {
    let [method, authority, path, query, digest] = <[String; 5]>::try_from(lines()).unwrap();
    let names = |list: &[&str]| {
        let quoted: Vec<String> = list.iter().map(|name| format!("\"{name}\"")).collect();
        parameters().replace(
            "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")",
            &format!("({})", quoted.join(" ")),
        )
    };
    let cases = [
        (
            vec![&authority, &method, &path, &query, &digest],
            names(&["@authority", "@method", "@path", "@query", "content-digest"]),
        ),
        (
            vec![&method, &authority, &path, &query],
            names(&["@method", "@authority", "@path", "@query"]),
        ),
        (
            vec![&method, &authority, &path, &digest],
            names(&["@method", "@authority", "@path", "content-digest"]),
        ),
        (
            vec![&method, &authority, &path, &query, &digest, &digest],
            names(&[
                "@method",
                "@authority",
                "@path",
                "@query",
                "content-digest",
                "content-digest",
            ]),
        ),
        (vec![], names(&[])),
    ];
    for (lines, parameters) in cases {
        let base: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
        let headers = signed_as(&key(2), &base.join("\n"), &parameters);
        assert_eq!(
            parse(&headers).unwrap_err(),
            RequestError::Malformed,
            "{parameters}"
        );
    }
}

#[test]
fn other_parameters_are_refused() {
    let member = id(&key(2)).to_string();
    let nonce = HEXLOWER.encode(&NONCE);
    let shorter = |hex: &str| hex.chars().skip(2).collect::<String>();
    let replaced = |from: &str, to: &str| {
        let changed = parameters().replace(from, to);
        assert_ne!(changed, parameters(), "{from} is not there");
        changed
    };
    let cases = [
        replaced("kap-v1", "kap-v2"),
        replaced("kap-v1", "KAP-V1"),
        replaced(";tag=\"kap-v1\"", ""),
        replaced(";tag=\"kap-v1\"", ";tag=\"kap-v1\";alg=\"ed25519\""),
        replaced(";tag=\"kap-v1\"", ";tag=\"kap-v1\";expires=1767225900"),
        replaced(";tag=\"kap-v1\"", ";tag=\"kap-v1\";tag=\"kap-v1\""),
        replaced(";created=", ";alg=\"ed25519\";created="),
        replaced(&format!(";created={CREATED}"), ""),
        replaced(&CREATED.to_string(), &format!("+{CREATED}")),
        replaced(&CREATED.to_string(), &format!("0{CREATED}")),
        replaced(&CREATED.to_string(), &format!("-{CREATED}")),
        replaced(&CREATED.to_string(), &format!("\"{CREATED}\"")),
        replaced(&CREATED.to_string(), &format!("{CREATED}.0")),
        replaced(&CREATED.to_string(), "99999999999999999999"),
        replaced(&member, &member.to_uppercase()),
        replaced(&member, &shorter(&member)),
        replaced(&member, ""),
        replaced(&nonce, &nonce.to_uppercase()),
        replaced(&nonce, &shorter(&nonce)),
        replaced(&nonce, &format!("{nonce}00")),
        replaced(
            &format!(";keyid=\"{member}\";nonce=\"{nonce}\""),
            &format!(";nonce=\"{nonce}\";keyid=\"{member}\""),
        ),
        replaced(";keyid", "; keyid"),
        replaced(" \"@path\"", "  \"@path\""),
        format!("{} ", parameters()),
        format!("{}, sig2={}", parameters(), parameters()),
        String::new(),
    ];
    for parameters in cases {
        let headers = signed_as(&key(2), &lines().join("\n"), &parameters);
        assert_eq!(
            parse(&headers).unwrap_err(),
            RequestError::Malformed,
            "{parameters}"
        );
    }
}

#[test]
fn other_labels_and_spellings_of_the_headers_are_refused() {
    let SignedHeaders {
        signature_input,
        signature,
        ..
    } = signed();
    let code = signature
        .strip_prefix("sig1=:")
        .unwrap()
        .strip_suffix(':')
        .unwrap();
    let unpadded = code.trim_end_matches('=');
    let mut short = BASE64.decode(code.as_bytes()).unwrap();
    short.pop();
    for wrong in [
        String::new(),
        format!("sig2=:{code}:"),
        format!("sig1={code}"),
        format!("sig1=:{unpadded}:"),
        format!("sig1=:{}:", code.replace('=', "A")),
        format!("sig1=: {code}:"),
        format!("sig1=:{code}: "),
        format!("sig1=:{code}:, sig2=:{code}:"),
        format!("sig1=:{}:", BASE64.encode(&short)),
        format!("sig1=:{}:", HEXLOWER.encode(&short)),
    ] {
        let headers = SignedHeaders {
            signature: wrong,
            ..signed()
        };
        assert_eq!(
            parse(&headers).unwrap_err(),
            RequestError::Malformed,
            "{}",
            headers.signature
        );
    }
    for wrong in [
        signature_input.replace("sig1", "sig2"),
        format!(" {signature_input}"),
    ] {
        let headers = SignedHeaders {
            signature_input: wrong,
            ..signed()
        };
        assert_eq!(parse(&headers).unwrap_err(), RequestError::Malformed);
    }
}

#[test]
fn a_digest_has_one_spelling() {
    let digest = signed().content_digest;
    for wrong in [
        String::new(),
        digest.replace("sha-256", "SHA-256"),
        digest.replace("sha-256", "sha-512"),
        format!("{digest}, {digest}"),
        format!(" {digest}"),
        digest.replace("=:", ":"),
    ] {
        let headers = SignedHeaders {
            content_digest: wrong,
            ..signed()
        };
        assert_eq!(check(&headers, PARTS), Err(RequestError::WrongDigest));
    }
}
