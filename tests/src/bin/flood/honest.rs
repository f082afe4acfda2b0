//! Somebody who only wants to work: from an address of their own, each question on a fresh connection.

use std::time::Duration;

use ed25519_dalek::SigningKey;
use tokio::io::AsyncWriteExt as _;

use crate::request::{HONEST, answer, connect, head, invented_key, signed, status};
use crate::target::{CLINICIAN, Kind, PASSPHRASE, Target};

/// Longer than a person waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// An honest client.
pub(crate) struct Client<'a> {
    target: &'a Target,
    key: SigningKey,
    cookie: String,
}

impl<'a> Client<'a> {
    /// Signs in before anything happens, where one signs in.
    pub(crate) async fn new(target: &'a Target) -> Self {
        let mut client = Self {
            target,
            key: invented_key(),
            cookie: String::new(),
        };
        if target.kind == Kind::Console {
            client.cookie = client.sign_in().await;
        }
        client
    }

    async fn sign_in(&self) -> String {
        let typed = format!("name={CLINICIAN}&passphrase={PASSPHRASE}&to=/").replace(' ', "+");
        let length = typed.len().to_string();
        let more = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", length.as_str()),
        ];
        let head = head(self.target, "POST", "/sign-in", &more);
        let answer = self.say(&format!("{head}\r\n{typed}")).await.unwrap();
        let lines = answer.lines();
        let set = lines.filter_map(|line| line.strip_prefix("set-cookie: "));
        set.filter_map(|cookie| cookie.split(';').next())
            .next()
            .unwrap_or_else(|| panic!("signing in: {answer}"))
            .to_owned()
    }

    /// Asks so often, and says how many were answered as they should be.
    pub(crate) async fn ask(&mut self, questions: usize) -> usize {
        let mut answered = 0;
        for question in 0..questions {
            let asked = match (self.target.kind, question % 2) {
                (Kind::Server, 0) => head(self.target, "GET", "/readyz", &[]),
                (Kind::Server, _) => {
                    let signed = signed(self.target, &self.key, "GET", "/v1/spaces");
                    head(self.target, "GET", "/v1/spaces", &signed.pairs())
                }
                (Kind::Console, 0) => head(self.target, "GET", "/sign-in", &[]),
                (Kind::Console, _) => {
                    head(self.target, "GET", "/", &[("cookie", self.cookie.as_str())])
                }
            };
            let answer = self.say(&format!("{asked}\r\n")).await;
            answered += usize::from(answer.is_some_and(|answer| status(&answer) == 200));
        }
        answered
    }

    async fn say(&self, request: &str) -> Option<String> {
        let asking = async {
            let mut stream = connect(HONEST, self.target.address).await?;
            stream.write_all(request.as_bytes()).await.ok()?;
            answer(&mut stream).await
        };
        tokio::time::timeout(PATIENCE, asking).await.ok()?
    }
}
