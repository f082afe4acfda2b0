//! The names under which a console is called. A page of another site can make a browser believe that the
//! other site's name leads here (DNS rebinding), and could then read what the console answers: a console
//! answers to its own names only.

use std::str::FromStr;

use axum::http::uri::Authority;
use axum::http::{Request, header};

/// What browsers on this machine call it.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// A name under which the console is called: `host` with any port, or `host:port`.
///
/// ```
/// use clinic_console::console::Name;
///
/// assert!("console.clinic.example".parse::<Name>().is_ok());
/// assert!("console.clinic.example:8443".parse::<Name>().is_ok());
/// assert!("https://console.clinic.example".parse::<Name>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    host: String,
    port: Option<u16>,
}

/// Something that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name is `host` or `host:port`, without https:// and without a path")]
pub struct NameError;

impl FromStr for Name {
    type Err = NameError;

    /// # Errors
    ///
    /// Anything but `host` and `host:port`.
    fn from_str(text: &str) -> Result<Self, NameError> {
        // A user's name before the host would be dropped unseen.
        if text.contains('@') {
            return Err(NameError);
        }
        let authority: Authority = text.parse().map_err(|_| NameError)?;
        let port = authority.port_u16();
        let has_colon = text.len() > authority.host().len();
        if authority.host().is_empty() || (has_colon && port.is_none()) {
            return Err(NameError);
        }
        Ok(Self {
            host: authority.host().to_ascii_lowercase(),
            port,
        })
    }
}

/// All names of a console.
#[derive(Clone, Debug)]
pub(crate) struct Names(Vec<Name>);

/// Whom a request calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// By one of its names.
    Us,
    /// By a name that is not its own.
    Another,
    /// By no name, by two, or by what is none.
    Nobody,
}

impl Names {
    /// What browsers on this machine call it, with any port: a tunnel may end at another one.
    pub(crate) fn of_this_machine() -> Self {
        let name = |host: &str| Name {
            host: host.to_owned(),
            port: None,
        };
        Self(LOOPBACK.map(name).into())
    }

    pub(crate) fn of(names: Vec<Name>) -> Self {
        Self(names)
    }

    /// HTTP/2 says the name in `:authority`, HTTP/1.1 in `Host`. Where both stand they must agree.
    pub(crate) fn called<B>(&self, request: &Request<B>) -> Called {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let (host, more) = (hosts.next(), hosts.next());
        let Ok(host) = host.map(|host| host.to_str()).transpose() else {
            return Called::Nobody;
        };
        let authority = request.uri().authority().map(Authority::as_str);
        let said = match (authority, host) {
            (Some(authority), Some(host)) if !authority.eq_ignore_ascii_case(host) => None,
            (authority, host) => authority.or(host),
        };
        let Some(called) = said
            .filter(|_| more.is_none())
            .and_then(|said| said.parse::<Name>().ok())
        else {
            return Called::Nobody;
        };
        let is_ours = self.0.iter().any(|name| {
            name.host == called.host && (name.port.is_none() || name.port == called.port)
        });
        if is_ours { Called::Us } else { Called::Another }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn called(names: &Names, hosts: &[&str]) -> Called {
        let request = hosts.iter().fold(Request::get("/"), |request, host| {
            request.header("host", *host)
        });
        names.called(&request.body(()).unwrap())
    }

    #[test]
    fn on_this_machine_only_its_own_names_count() {
        let names = Names::of_this_machine();
        for own in [
            "localhost",
            "LocalHost:8788",
            "127.0.0.1:9000",
            "[::1]:8788",
            "[::1]",
        ] {
            assert_eq!(called(&names, &[own]), Called::Us, "{own}");
        }
        for other in [
            "rebound.example",
            "rebound.example:8788",
            "localhost.rebound.example",
            "localhost.",
            "127.0.0.2",
            "0.0.0.0:8788",
            "[::]:8788",
        ] {
            assert_eq!(called(&names, &[other]), Called::Another, "{other}");
        }
    }

    #[test]
    fn a_name_with_a_port_means_that_port() {
        let names: Vec<Name> = ["Console.Clinic.example:8443", "console"]
            .map(|name| name.parse().unwrap())
            .into();
        let names = Names::of(names);
        for own in ["console.clinic.example:8443", "console", "console:1"] {
            assert_eq!(called(&names, &[own]), Called::Us, "{own}");
        }
        for other in [
            "console.clinic.example",
            "console.clinic.example:443",
            "localhost",
        ] {
            assert_eq!(called(&names, &[other]), Called::Another, "{other}");
        }
    }

    #[test]
    fn no_name_two_names_and_what_is_no_name_are_none() {
        let names = Names::of_this_machine();
        let none: [&[&str]; 7] = [
            &[],
            &["localhost", "localhost"],
            &["somebody@localhost"],
            &["localhost:"],
            &["localhost:port"],
            &["localhost:99999"],
            &[""],
        ];
        for hosts in none {
            assert_eq!(called(&names, hosts), Called::Nobody, "{hosts:?}");
        }
        let both = Request::get("http://rebound.example/").header("host", "localhost");
        assert_eq!(names.called(&both.body(()).unwrap()), Called::Nobody);
        let agreeing = Request::get("http://localhost:1/").header("host", "localhost:1");
        assert_eq!(names.called(&agreeing.body(()).unwrap()), Called::Us);
        let second = Request::get("http://localhost/");
        assert_eq!(names.called(&second.body(()).unwrap()), Called::Us);
    }
}
