//! Gathering: one document per call, politely, within bounds.
//!
//! ```text
//! fetch(request)
//!   guard      scheme, user information, special addresses: on every hop, again after DNS
//!   hosts      holds of hosts and their domains, robots.txt where the class asks for it
//!   gate       one request in flight per host, a pause between two
//!   ask        validators, gzip/br/zstd, one retry where no connection came about
//!   redirect   at most five hops, never from https to http
//!   body       caps on packed and unpacked bytes, all bodies share one budget
//!   Fetched    a document or "not modified", with what to remember for the next time
//! ```
//!
//! [`Network`] asks the web, [`Replay`] answers from a folder, [`Record`] wraps either and writes
//! such a folder; [`folder`] reads local article files. No implementation sends cookies or a
//! Referer, and none reads the calendar: the time of day comes with the request.

mod advice;
mod body;
mod budget;
mod chain;
mod client;
mod conditional;
mod decode;
mod error;
pub mod folder;
mod gate;
mod guard;
mod guess;
mod holds;
mod hosts;
mod login;
mod network;
mod patience;
mod ping;
mod record;
mod refusal;
mod replay;
mod resolve;
mod robots;
mod settings;
mod sidecar;
mod site;
mod usage;
mod way;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use url::Url;

use crate::model::{Document, Host, Validators};

pub use chain::is_same_host;
pub use error::{Barred, FetchError, Measure, Phase, SetupError};
pub use guard::{AllowRange, AllowRangeError};
pub use network::Network;
pub use patience::{OutOfTime, within};
pub use record::Record;
pub use refusal::{Refusal, Wall};
pub use replay::Replay;
pub use robots::sitemaps_of;
pub use settings::Settings;

/// Answers requests for documents.
pub trait Fetch: Send + Sync {
    /// Fetches one document, following redirects.
    ///
    /// Drop the document before the next call where possible: its bytes count against the memory
    /// that all bodies share until they are dropped.
    ///
    /// # Errors
    ///
    /// A [`FetchError`] for everything that is neither a document nor "not modified".
    fn fetch(&self, request: Request) -> BoxFuture<'_, Result<Fetched, FetchError>>;

    /// Tells a `WebSub` hub which topics have changed; one that asks nobody tells nobody.
    ///
    /// # Errors
    ///
    /// A [`FetchError`] where the hub does not take it.
    fn ping(&self, _hub: Url, _topics: Vec<String>, _now: DateTime<Utc>) -> BoxFuture<'_, Result<(), FetchError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Takes in what earlier runs remembered of hosts: before the first fetch.
    fn recall(&self, _hosts: Vec<Host>) {}

    /// The sitemaps that the robots.txt for an address names, where that was asked for already.
    fn sitemaps(&self, _of: &Url) -> Option<Vec<Url>> {
        None
    }

    /// What is to be remembered of hosts and has changed since the last call.
    fn learnt(&self) -> Vec<Host> {
        Vec::new()
    }
}

/// What is asked for, and as what.
#[derive(Clone, Debug)]
pub struct Request {
    pub url: Url,
    /// What an earlier answer left; sent only to the exact URL that they came from.
    pub validators: Option<Validators>,
    pub class: Class,
    /// Sent to the request's own host only; values may be secrets.
    pub headers: Vec<(String, String)>,
    /// The address may hold a secret: it is written down nowhere.
    pub is_private: bool,
    /// The time of day.
    pub now: DateTime<Utc>,
}

impl Request {
    /// A first contact: no validators, no further headers.
    #[must_use]
    pub const fn new(url: Url, class: Class, now: DateTime<Utc>) -> Self {
        Self { url, validators: None, class, headers: Vec::new(), is_private: false, now }
    }
}

/// What a document is expected to be; decides limits and manners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A feed that the operator named: 10 MiB packed, 50 MiB unpacked. Asked on their behalf, without robots.txt
    /// unless the settings say otherwise.
    Feed,
    /// A feed that was found, or an address that may turn out to be anything: limits of a feed; robots.txt is
    /// obeyed.
    FoundFeed,
    /// A sitemap: limits of a feed; robots.txt is obeyed.
    Sitemap,
    /// A page that lists articles: 5 MiB packed, 20 MiB unpacked; robots.txt is obeyed.
    Listing,
    /// An article's page: limits of a listing, five times the pause between two requests; robots.txt is
    /// obeyed.
    Page,
}

/// The most bytes that a body may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// As sent.
    pub packed: usize,
    /// After decoding.
    pub unpacked: usize,
}

const MIB: usize = 1 << 20;

impl Class {
    pub(crate) const fn limits(self) -> Limits {
        match self {
            Self::Feed | Self::FoundFeed | Self::Sitemap => Limits { packed: 10 * MIB, unpacked: 50 * MIB },
            Self::Listing | Self::Page => Limits { packed: 5 * MIB, unpacked: 20 * MIB },
        }
    }

    /// How many times longer the pause before such a request is.
    pub(crate) const fn pauses(self) -> u32 {
        match self {
            Self::Feed | Self::FoundFeed | Self::Sitemap | Self::Listing => 1,
            Self::Page => 5,
        }
    }
}

/// What a fetch brought.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub answer: Answer,
    /// What to remember from now on in place of what was sent: new with every document, `None` where
    /// it came without; after "not modified" those that were sent, as far as the answer did not replace them.
    pub validators: Option<Validators>,
    pub freshness: Freshness,
    /// What header fields say of how the document may be used, as `name: value`.
    pub usage: Vec<String>,
    /// Where the requested URL has moved for good: the end of its leading run of 301 and 308 answers.
    pub permanent: Option<Url>,
    /// When the answer came: later than the request's `now` by what the run has lasted.
    pub at: DateTime<Utc>,
}

/// The document, or that it has not changed.
#[derive(Clone, Debug)]
pub enum Answer {
    Document(Document),
    NotModified,
}

/// How long the answer stays fresh (RFC 9111 §4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// `max-age` of `Cache-Control`, in seconds.
    pub max_age: Option<u64>,
    /// `Age`, in seconds.
    pub age: Option<u64>,
    /// `Expires` by our clock: its distance from `Date` counted from now. Absent beside `max_age`,
    /// which overrides it (RFC 9111 §5.3).
    pub expires: Option<DateTime<Utc>>,
}
