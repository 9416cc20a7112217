//! Why a fetch brought nothing.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::refusal::Refusal;

/// Why a fetch brought nothing. No message holds a header value, user information or a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// An answer that is neither a document nor "not modified" nor "gone".
    #[error("{host} answered {}{}", describe_status(*.code), describe_refusal(*.refusal))]
    Status {
        host: String,
        code: u16,
        /// `Retry-After`, a date read against the answer's own `Date`.
        retry_after: Option<Duration>,
        /// For 429 and 503: until when the host, and all of its registrable domain, is left alone.
        until: Option<DateTime<Utc>>,
        /// What it looks like where somebody was turned away.
        refusal: Option<Refusal>,
    },
    /// Not asked: the host, or another of its registrable domain, asked for a pause.
    #[error("{host} is not asked: it, or another host of its domain, wants to be left alone")]
    Held { host: String, until: DateTime<Utc> },
    /// Not asked: robots.txt.
    #[error("{host} is not asked: {by}")]
    Robots { host: String, by: Barred },
    /// 410: the document is gone for good.
    #[error("{host} answered 410 Gone: the document was removed for good")]
    Gone { host: String },
    /// The body crossed a limit.
    #[error("the body from {host} is larger than {} MiB {measure}", .limit / (1024 * 1024))]
    TooLarge { host: String, limit: usize, measure: Measure },
    /// No answer in time.
    #[error("{host} did not {phase} within {}", describe_duration(*.after))]
    Timeout { host: String, after: Duration, phase: Phase },
    /// The name has no address.
    #[error("the name {host} has no address: {reason}")]
    Dns { host: String, reason: String },
    /// No connection came about.
    #[error("no connection to {host}: {reason}")]
    Connect { host: String, reason: String },
    /// The encrypted connection failed.
    #[error("no trusted connection to {host}: {reason}")]
    Tls { host: String, reason: String },
    /// A redirect that is not followed.
    #[error("redirect from {host} not followed: {reason}")]
    Redirect { host: String, reason: &'static str },
    /// The address is private or special and not opened by the config.
    #[error("{host} is at {address}, a private or special address; add it to fetch.allow if it may be asked")]
    ForbiddenAddress { host: String, address: IpAddr },
    /// A URL that is never asked.
    #[error("{host} is not asked: {reason}")]
    RefusedUrl { host: String, reason: &'static str },
    /// A configured header that cannot be sent.
    #[error("the header {name:?} cannot be sent: its name or value holds characters that headers must not have")]
    Header { name: String },
    /// The body is not what its `Content-Encoding` says.
    #[error("the body from {host} cannot be unpacked as {coding}: {reason}")]
    Decode { host: String, coding: String, reason: String },
    /// The head of the answer crossed a limit: 100 fields, 400 KiB.
    #[error("the answer from {host} has too many header fields, or too long ones")]
    Head { host: String },
    /// The connection broke.
    #[error("the answer from {host} broke off: {reason}")]
    Io { host: String, reason: String },
    /// A local file or folder cannot be read.
    #[error("cannot read {path}: {reason}")]
    File { path: String, reason: String },
}

/// Why robots.txt bars an address (RFC 9309 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// A rule says so.
    Rule,
    /// The file cannot be reached, which counts as if it barred everything.
    Unreachable,
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rule => "its robots.txt bars the address",
            Self::Unreachable => "its robots.txt cannot be reached, which counts as a no",
        })
    }
}

/// What was counted against a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The bytes as sent.
    Packed,
    /// The bytes after decoding.
    Unpacked,
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Packed => "as sent",
            Self::Unpacked => "when unpacked",
        })
    }
}

/// What was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The connection.
    Connect,
    /// The first line of the answer.
    Answer,
    /// The end of the body.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "accept a connection",
            Self::Answer => "answer",
            Self::Body => "finish its answer",
        })
    }
}

/// Why the client cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("cannot read the certificate file {path}: {reason}")]
    Certificates { path: String, reason: String },
    /// The proxy's address may hold a password and is not repeated.
    #[error("fetch.proxy is not the address of a proxy; write it like \"http://proxy.example:3128\"")]
    Proxy,
    #[error("fetch.contact cannot stand in a header: it must be one line of printable ASCII")]
    Contact,
    #[error("cannot set up the HTTP client: {0}")]
    Client(String),
}

fn describe_status(code: u16) -> String {
    match reqwest::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason()) {
        Some(reason) => format!("{code} {reason}"),
        None => code.to_string(),
    }
}

fn describe_refusal(refusal: Option<Refusal>) -> String {
    refusal.map(|refusal| format!(" with {refusal}")).unwrap_or_default()
}

fn describe_duration(duration: Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}
