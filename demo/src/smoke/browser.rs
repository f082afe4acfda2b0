//! As much of a browser as it takes to sign in and read: plain requests over a socket, one cookie,
//! and every link followed.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::checks::Pages;
use crate::broken::Broken;

/// More pages than any demo has: a ring of ever-new links ends here.
const MOST_PAGES: usize = 2_000;
const LARGEST_PAGE: u64 = 8 * 1024 * 1024;

/// Someone signed in.
pub(super) struct Browser {
    authority: String,
    cookie: String,
}

struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Browser {
    /// Signs in with the form on the sign-in page.
    pub(super) fn sign_in(url: &str, name: &str, passphrase: &str) -> Result<Self, Broken> {
        let authority = url.trim_start_matches("http://").to_owned();
        let mut browser = Self {
            authority,
            cookie: String::new(),
        };
        let form = format!("name={}&passphrase={}", encode(name), encode(passphrase));
        let answer = browser.send("POST", "/sign-in", &form)?;
        let cookie = header(&answer.headers, "set-cookie")
            .and_then(|value| value.split(';').next())
            .filter(|_| answer.status == 303);
        browser.cookie = cookie.ok_or(Broken::SignIn(answer.status))?.to_owned();
        Ok(browser)
    }

    /// Asks for a page; gives its status and text.
    pub(super) fn get(&mut self, path: &str) -> Result<(u16, String), Broken> {
        let answer = self.send("GET", path, "")?;
        Ok((answer.status, answer.body))
    }

    /// Every page that can be reached by links from the first one.
    pub(super) fn every_page(&mut self) -> Result<Pages, Broken> {
        let mut pages = Pages::new();
        let mut ahead = BTreeSet::from(["/".to_owned()]);
        while let Some(path) = ahead.pop_first() {
            if pages.len() >= MOST_PAGES {
                return Err(Broken::Console(
                    "it has more pages than a demo can have".to_owned(),
                ));
            }
            let (status, html) = self.get(&path)?;
            if status != 200 {
                return Err(Broken::Page { path, status });
            }
            let new = links(&html)
                .into_iter()
                .filter(|link| !pages.contains_key(link));
            ahead.extend(new.filter(|link| *link != path));
            pages.insert(path, html);
        }
        Ok(pages)
    }

    fn send(&self, method: &str, path: &str, form: &str) -> Result<Answer, Broken> {
        let failed = |error: std::io::Error| Broken::Console(error.to_string());
        let mut stream = TcpStream::connect(&self.authority).map_err(failed)?;
        stream
            .set_read_timeout(Some(Duration::from_secs(15)))
            .map_err(failed)?;
        // HTTP/1.0: the answer ends with the connection and comes in one piece.
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: {authority}\r\nOrigin: http://{authority}\r\n\
             Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n\
             {form}",
            authority = self.authority,
            cookie = self.cookie,
            length = form.len(),
        );
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let mut answer = Vec::new();
        stream
            .take(LARGEST_PAGE)
            .read_to_end(&mut answer)
            .map_err(failed)?;
        parse(&String::from_utf8_lossy(&answer))
            .ok_or_else(|| Broken::Console(format!("its answer to {path} is not HTTP")))
    }
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let (first, headers) = head.split_once("\r\n")?;
    let status = first
        .strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()?;
    Some(Answer {
        status,
        headers: headers.to_owned(),
        body: body.to_owned(),
    })
}

fn header<'a>(headers: &'a str, name: &str) -> Option<&'a str> {
    headers
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

/// Links to pages of the console itself.
fn links(html: &str) -> BTreeSet<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(link, _)| link.replace("&amp;", "&"))
        .filter_map(|link| link.split('#').next().map(str::to_owned))
        .filter(|link| link.starts_with('/') && !link.starts_with("//"))
        .filter(|link| !link.starts_with("/assets/"))
        .collect()
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn links_to_own_pages_are_followed_and_others_are_not() {
        let html = r##"<a href="/patients/ab?show=all&amp;x=1#timeline">A</a> <a href="#main">
            <link href="/assets/style.css"> <a href="https://example.org/"> <a href="//evil">
            <a href="/">"##;
        assert_eq!(
            links(html),
            ["/".to_owned(), "/patients/ab?show=all&x=1".to_owned()].into()
        );
    }

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = "HTTP/1.0 303 See Other\r\nSet-Cookie: a=b; Path=/\r\nlocation: /\r\n\r\nbody";
        let answer = parse(answer).unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (303, "body"));
        assert_eq!(header(&answer.headers, "set-cookie"), Some("a=b; Path=/"));
        assert!(parse("hello").is_none());
    }

    #[test]
    fn what_is_typed_into_a_form_is_encoded() {
        assert_eq!(encode("Zoë & co"), "Zo%C3%AB%20%26%20co");
    }
}
