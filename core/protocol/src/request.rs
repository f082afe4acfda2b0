//! Signed requests: a strict profile of HTTP Message Signatures (RFC 9421) with Ed25519.
//!
//! There is exactly one accepted form. The signature covers `@method`, `@authority`, `@path`,
//! `@query` and `content-digest` (RFC 9530, SHA-256, also for an empty body), in that order, with
//! `created`, `keyid`, `nonce` and `tag`, in that order. Anything else is refused, so there is no
//! algorithm, component or parameter for an attacker to choose.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::id::MemberId;
use crate::suite::verify;

/// Header that carries the body's digest.
pub const CONTENT_DIGEST: &str = "content-digest";
/// Header that says what is signed.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Header that carries the signature.
pub const SIGNATURE: &str = "signature";
/// How far a request's time may be from the server's, in seconds.
pub const WINDOW_SECONDS: u64 = 300;

const COMPONENTS: &str = r#"("@method" "@authority" "@path" "@query" "content-digest")"#;
const TAG: &str = "kap-v1";

/// Why a request is not authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A header of the three is missing.
    #[error("the request is not signed")]
    Missing,
    /// A header is not in the one accepted form.
    #[error("the signature headers are not in the accepted form")]
    Malformed,
    /// The body is not the one that was signed.
    #[error("the body does not match its digest")]
    WrongDigest,
    /// The signature does not fit.
    #[error("the request's signature does not fit its key")]
    BadSignature,
}

/// What is signed of a request.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// Upper case.
    pub method: &'a str,
    /// Host and port as the client sends them, lower case; the port left out where it is the
    /// scheme's own.
    pub authority: &'a str,
    /// From the first slash to the question mark.
    pub path: &'a str,
    /// After the question mark; empty where there is none.
    pub query: &'a str,
    /// The whole body.
    pub body: &'a [u8],
}

/// What is signed of a request and known before its body.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Upper case.
    pub method: &'a str,
    /// As in [`Parts`].
    pub authority: &'a str,
    /// From the first slash to the question mark.
    pub path: &'a str,
    /// After the question mark; empty where there is none.
    pub query: &'a str,
}

impl<'a> Parts<'a> {
    /// All but the body.
    pub fn head(&self) -> Head<'a> {
        Head {
            method: self.method,
            authority: self.authority,
            path: self.path,
            query: self.query,
        }
    }
}

/// The three headers of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// Value of `content-digest`.
    pub content_digest: String,
    /// Value of `signature-input`.
    pub signature_input: String,
    /// Value of `signature`.
    pub signature: String,
}

impl SignedHeaders {
    /// Names and values.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [
            (CONTENT_DIGEST, &self.content_digest),
            (SIGNATURE_INPUT, &self.signature_input),
            (SIGNATURE, &self.signature),
        ]
    }
}

/// Signs a request. `created` is in seconds since 1970 UTC by the server's clock, as far as the
/// client knows it; `nonce` must not repeat within the window.
pub fn sign(key: &SigningKey, parts: Parts<'_>, created: u64, nonce: &[u8; 16]) -> SignedHeaders {
    let content_digest = digest(parts.body);
    let member = MemberId::new(key.verifying_key().to_bytes());
    let parameters = parameters(created, member, nonce);
    let base = base(parts.head(), &content_digest, &parameters);
    let signature = BASE64.encode(&key.sign(base.as_bytes()).to_bytes());
    SignedHeaders {
        content_digest,
        signature_input: format!("sig1={parameters}"),
        signature: format!("sig1=:{signature}:"),
    }
}

/// Who signed a request, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authenticated {
    /// The signing key.
    pub member: MemberId,
    /// Seconds since 1970 UTC by the client's word.
    pub created: u64,
    /// Not to be accepted twice within the window.
    pub nonce: [u8; 16],
}

/// Signature headers in the accepted form. Nothing is verified yet; `claimed()` serves a server
/// that wants to refuse a wrong time before it checks a signature.
#[derive(Debug, Clone)]
pub struct Signed {
    claimed: Authenticated,
    content_digest: String,
    parameters: String,
    signature: [u8; 64],
}

impl Signed {
    /// Reads the three headers.
    ///
    /// # Errors
    ///
    /// [`RequestError::Missing`] where a header is not there, [`RequestError::Malformed`] where one is not in
    /// the accepted form.
    pub fn parse(
        content_digest: Option<&str>,
        signature_input: Option<&str>,
        signature: Option<&str>,
    ) -> Result<Self, RequestError> {
        let content_digest = content_digest.ok_or(RequestError::Missing)?.to_owned();
        let input = signature_input.ok_or(RequestError::Missing)?;
        let signature = signature.ok_or(RequestError::Missing)?;
        let signature = signature
            .strip_prefix("sig1=:")
            .and_then(|rest| rest.strip_suffix(':'))
            .and_then(|text| BASE64.decode(text.as_bytes()).ok())
            .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok())
            .ok_or(RequestError::Malformed)?;
        let given = input.strip_prefix("sig1=").ok_or(RequestError::Malformed)?;
        let claimed = read_parameters(given).ok_or(RequestError::Malformed)?;
        // The one accepted spelling: whatever we would have written ourselves.
        let parameters = parameters(claimed.created, claimed.member, &claimed.nonce);
        if parameters != given {
            return Err(RequestError::Malformed);
        }
        Ok(Self {
            claimed,
            content_digest,
            parameters,
            signature,
        })
    }

    /// Who claims to have signed, unverified.
    pub fn claimed(&self) -> Authenticated {
        self.claimed
    }

    /// Checks digest and signature against the request as it was received.
    ///
    /// # Errors
    ///
    /// [`RequestError::WrongDigest`] where the body is another, [`RequestError::BadSignature`] where the
    /// signature does not fit.
    pub fn verify(&self, parts: Parts<'_>) -> Result<Authenticated, RequestError> {
        let mut body = self.body();
        body.update(parts.body);
        body.finish()?;
        self.verify_head(parts.head())
    }

    /// Checks the signature alone, which covers the body's digest: a server knows who asks before it
    /// reads a byte of the body. Hold what is read then to [`Signed::body`].
    ///
    /// # Errors
    ///
    /// [`RequestError::BadSignature`] where the signature does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// use companion_protocol::request::{Parts, RequestError, Signed, sign};
    ///
    /// let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    /// let parts = Parts {
    ///     method: "POST",
    ///     authority: "sync.example",
    ///     path: "/v1/spaces",
    ///     query: "",
    ///     body: b"a body",
    /// };
    /// let headers = sign(&key, parts, 1_795_464_000, &[1; 16]);
    /// let signed = Signed::parse(
    ///     Some(&headers.content_digest),
    ///     Some(&headers.signature_input),
    ///     Some(&headers.signature),
    /// )?;
    /// let caller = signed.verify_head(parts.head())?;
    /// assert_eq!(caller.member.as_bytes(), key.verifying_key().as_bytes());
    ///
    /// // The body comes in pieces.
    /// let mut body = signed.body();
    /// body.update(b"a ");
    /// body.update(b"body");
    /// body.finish()?;
    /// # Ok::<(), RequestError>(())
    /// ```
    pub fn verify_head(&self, head: Head<'_>) -> Result<Authenticated, RequestError> {
        let base = base(head, &self.content_digest, &self.parameters);
        verify(
            self.claimed.member.as_bytes(),
            base.as_bytes(),
            &self.signature,
        )
        .map_err(|()| RequestError::BadSignature)?;
        Ok(self.claimed)
    }

    /// What the body must be, piece by piece.
    pub fn body(&self) -> ExpectedBody {
        ExpectedBody {
            content_digest: self.content_digest.clone(),
            so_far: Sha256::new(),
        }
    }
}

/// Holds a body, as it arrives, to the digest that was signed.
#[derive(Debug, Clone)]
pub struct ExpectedBody {
    content_digest: String,
    so_far: Sha256,
}

impl ExpectedBody {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.so_far.update(piece);
    }

    /// The pieces are all.
    ///
    /// # Errors
    ///
    /// [`RequestError::WrongDigest`] where they are not the body that was signed.
    pub fn finish(self) -> Result<(), RequestError> {
        let found = written(&self.so_far.finalize());
        if bool::from(found.as_bytes().ct_eq(self.content_digest.as_bytes())) {
            Ok(())
        } else {
            Err(RequestError::WrongDigest)
        }
    }
}

fn digest(body: &[u8]) -> String {
    written(&Sha256::digest(body))
}

fn written(digest: &[u8]) -> String {
    format!("sha-256=:{}:", BASE64.encode(digest))
}

fn parameters(created: u64, member: MemberId, nonce: &[u8; 16]) -> String {
    let nonce = HEXLOWER.encode(nonce);
    format!(r#"{COMPONENTS};created={created};keyid="{member}";nonce="{nonce}";tag="{TAG}""#)
}

fn read_parameters(text: &str) -> Option<Authenticated> {
    let rest = text.strip_prefix(COMPONENTS)?.strip_prefix(";created=")?;
    let (created, rest) = rest.split_once(";keyid=\"")?;
    let (member, rest) = rest.split_once("\";nonce=\"")?;
    let (nonce, _) = rest.split_once('"')?;
    Some(Authenticated {
        created: created.parse().ok()?,
        member: member.parse().ok()?,
        nonce: HEXLOWER.decode(nonce.as_bytes()).ok()?.try_into().ok()?,
    })
}

fn base(head: Head<'_>, content_digest: &str, parameters: &str) -> String {
    format!(
        "\"@method\": {}\n\"@authority\": {}\n\"@path\": {}\n\"@query\": ?{}\n\
         \"content-digest\": {content_digest}\n\"@signature-params\": {parameters}",
        head.method, head.authority, head.path, head.query,
    )
}
