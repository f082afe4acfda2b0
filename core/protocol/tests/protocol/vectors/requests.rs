//! Signed requests, and headers that a server refuses.

use companion_protocol::request::{Parts, RequestError, Signed, SignedHeaders, sign};
use data_encoding::BASE64;
use ed25519_dalek::Signer;
use serde_json::{Value, json};

use super::describe::hex;
use crate::fixtures::{NOW, id, key};

const GET: Parts<'static> = Parts {
    method: "GET",
    authority: "sync.example",
    path: "/v1/spaces",
    query: "",
    body: b"",
};

fn base(parts: Parts<'_>, headers: &SignedHeaders) -> String {
    let parameters = headers.signature_input.strip_prefix("sig1=").unwrap();
    [
        format!("\"@method\": {}", parts.method),
        format!("\"@authority\": {}", parts.authority),
        format!("\"@path\": {}", parts.path),
        format!("\"@query\": ?{}", parts.query),
        format!("\"content-digest\": {}", headers.content_digest),
        format!("\"@signature-params\": {parameters}"),
    ]
    .join("\n")
}

fn vector(name: &str, parts: Parts<'_>, headers: &SignedHeaders) -> Value {
    json!({
        "name": name,
        "method": parts.method,
        "authority": parts.authority,
        "path": parts.path,
        "query": parts.query,
        "body": hex(parts.body),
        "content-digest": headers.content_digest,
        "signature-input": headers.signature_input,
        "signature": headers.signature,
    })
}

pub(super) fn genuine() -> Value {
    let post = Parts {
        method: "POST",
        authority: "127.0.0.1:8443",
        path: "/v1/spaces/00/changes",
        query: "after=7&limit=2",
        body: b"\x00\xffbody",
    };
    [("without query and body", GET), ("with both", post)]
        .into_iter()
        .map(|(name, parts)| {
            let headers = sign(&key(2), parts, NOW / 1000, &[0x2b; 16]);
            let mut vector = vector(name, parts, &headers);
            vector["keyid"] = json!(id(&key(2)));
            vector["created"] = json!(NOW / 1000);
            vector["nonce"] = json!(hex([0x2b; 16]));
            vector["base"] = json!(base(parts, &headers));
            vector
        })
        .collect()
}

/// What a server says to headers beside a request.
pub(super) fn verdict(headers: [Option<&str>; 3], parts: Parts<'_>) -> &'static str {
    let [digest, input, signature] = headers;
    match Signed::parse(digest, input, signature).and_then(|signed| signed.verify(parts)) {
        Ok(_) => "fits",
        Err(RequestError::Missing) => "missing",
        Err(RequestError::Malformed) => "malformed",
        Err(RequestError::WrongDigest) => "wrong_digest",
        Err(RequestError::BadSignature) => "bad_signature",
    }
}

/// Headers for [`GET`] as they are changed, signed by the key 2 over what they say.
fn changed(change: impl Fn(&mut SignedHeaders)) -> SignedHeaders {
    let mut headers = sign(&key(2), GET, NOW / 1000, &[0x2b; 16]);
    change(&mut headers);
    if headers.signature_input.starts_with("sig1=") {
        let signature = key(2).sign(base(GET, &headers).as_bytes());
        headers.signature = format!("sig1=:{}:", BASE64.encode(&signature.to_bytes()));
    }
    headers
}

pub(super) fn refused() -> Value {
    let input = |from: &'static str, to: &'static str| {
        changed(move |headers| {
            let replaced = headers.signature_input.replace(from, to);
            assert_ne!(replaced, headers.signature_input, "{from}");
            headers.signature_input = replaced;
        })
    };
    let genuine = || sign(&key(2), GET, NOW / 1000, &[0x2b; 16]);
    let with = |change: fn(&mut SignedHeaders)| {
        let mut headers = genuine();
        change(&mut headers);
        headers
    };
    let cases = [
        ("another label", input("sig1=", "sig2=")),
        ("a component less", input(" \"@query\"", "")),
        (
            "components in another order",
            input("\"@method\" \"@authority\"", "\"@authority\" \"@method\""),
        ),
        ("an algorithm", input(";tag=", ";alg=\"ed25519\";tag=")),
        ("an expiry", input(";tag=", ";expires=1767225900;tag=")),
        ("another tag", input("kap-v1", "kap-v2")),
        ("no tag", input(";tag=\"kap-v1\"", "")),
        ("a time with leading zero", input(";created=", ";created=0")),
        ("a time with sign", input(";created=", ";created=+")),
        ("a key in upper case", input("8139770ea8", "8139770EA8")),
        ("a short nonce", input("nonce=\"2b", "nonce=\"")),
        ("white space", input(";keyid", "; keyid")),
        (
            "a second signature",
            with(|headers| headers.signature.push_str(", sig2=:AAAA:")),
        ),
        (
            "a signature without padding",
            with(|headers| {
                headers.signature = headers
                    .signature
                    .replace('=', "")
                    .replacen("sig1", "sig1=", 1);
            }),
        ),
        (
            "a signature of 63 bytes",
            with(|headers| headers.signature = format!("sig1=:{}:", BASE64.encode(&[7; 63]))),
        ),
        (
            "another digest's name",
            with(|headers| {
                headers.content_digest = headers.content_digest.replace("sha-256", "SHA-256");
            }),
        ),
        (
            "another body's digest",
            with(|headers| {
                let other = Parts { body: b"x", ..GET };
                *headers = sign(&key(2), other, NOW / 1000, &[0x2b; 16]);
            }),
        ),
        (
            "another key's signature",
            with(|headers| {
                headers.signature = sign(&key(3), GET, NOW / 1000, &[0x2b; 16]).signature;
            }),
        ),
        (
            "signed for another authority",
            sign(
                &key(2),
                Parts {
                    authority: "sync.example:443",
                    ..GET
                },
                NOW / 1000,
                &[0x2b; 16],
            ),
        ),
        (
            "signed as another method",
            sign(
                &key(2),
                Parts {
                    method: "HEAD",
                    ..GET
                },
                NOW / 1000,
                &[0x2b; 16],
            ),
        ),
    ];
    let mut all: Vec<Value> = cases
        .into_iter()
        .map(|(name, headers)| {
            let values = headers.pairs().map(|(_, value)| Some(value));
            let mut vector = vector(name, GET, &headers);
            vector["verdict"] = json!(verdict(values, GET));
            vector
        })
        .collect();
    for missing in ["content-digest", "signature-input", "signature"] {
        let mut vector = vector(&format!("without {missing}"), GET, &genuine());
        vector[missing] = Value::Null;
        vector["verdict"] = json!("missing");
        all.push(vector);
    }
    all.into()
}
