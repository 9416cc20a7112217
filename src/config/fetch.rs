//! `[fetch]`: how outlets are asked.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::env::Secret;
use super::options::{Absent, Section, Setting, Shape};
use super::reader::{Reader, Refusal};
use super::state::local_path;
use super::table::Table;
use super::values::{duration, time_limit};
use crate::gather::AllowRange;

/// How outlets are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchConfig {
    /// Private addresses that may be asked.
    pub allow: Vec<AllowRange>,
    /// Hosts asked at once.
    pub concurrency: u32,
    /// Between two requests to one host.
    pub host_delay: Duration,
    /// One whole request.
    pub timeout: Duration,
    /// All requests of one source in a run.
    pub source_timeout: Duration,
    /// A folder that answers instead of the network.
    pub replay: Option<PathBuf>,
    /// An absolute address; it may hold a password.
    pub proxy: Option<Secret>,
    /// Further trusted certificates (PEM).
    pub ca_file: Option<PathBuf>,
    /// Whether feeds obey robots.txt like everything else.
    pub robots_for_feeds: bool,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            concurrency: 256,
            host_delay: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            source_timeout: Duration::from_mins(2),
            replay: None,
            proxy: None,
            ca_file: None,
            robots_for_feeds: false,
        }
    }
}

pub(super) const SECTION: Section = Section {
    name: "[fetch]",
    doc: "How outlets are asked.",
    settings: &[
        Setting {
            key: "allow",
            shape: Shape::Texts,
            absent: Absent::Default("[]"),
            doc: "Private addresses that may be asked: host names, IP addresses, or ranges such as \"127.0.0.0/8\". \
                  None by default, so that no outlet can send Feedmill into your own network.",
        },
        Setting {
            key: "concurrency",
            shape: Shape::Count(1, 10_000),
            absent: Absent::Default("256"),
            doc: "How many hosts are asked at once. One host never gets two requests at a time, whatever this says.",
        },
        Setting {
            key: "host_delay",
            shape: Shape::Duration,
            absent: Absent::Default("\"1s\""),
            doc: "The pause between two requests to one host. A host's own Crawl-delay counts where it is longer.",
        },
        Setting {
            key: "timeout",
            shape: Shape::Duration,
            absent: Absent::Default("\"30s\""),
            doc: "The time that one whole request may take, from connecting to the last byte.",
        },
        Setting {
            key: "source_timeout",
            shape: Shape::Duration,
            absent: Absent::Default("\"120s\""),
            doc: "The time that all requests of one source may take in a run; waits out of politeness do not count.",
        },
        Setting {
            key: "replay",
            shape: Shape::Text,
            absent: Absent::Means("the network is asked"),
            doc: "A folder that answers instead of the network: http(s)://HOST/PATH with the file HOST/PATH below it. \
                  For demos and tests.",
        },
        Setting {
            key: "proxy",
            shape: Shape::Secret,
            absent: Absent::Means("none; the system's variables are not looked at"),
            doc: "The proxy for all requests, such as \"http://proxy.example:3128\" or \"socks5://127.0.0.1:1080\". It \
                  looks up names itself (but for socks5:), so it must be the one to keep outlets out of your network.",
        },
        Setting {
            key: "ca_file",
            shape: Shape::Text,
            absent: Absent::Means("only the usual authorities are trusted"),
            doc: "A PEM file of further certificate authorities, for outlets behind a company's own.",
        },
        Setting {
            key: "robots",
            shape: Shape::OneOf(&["pages", "all"]),
            absent: Absent::Default("\"pages\""),
            doc: "What obeys robots.txt: \"pages\" are listings, articles, sitemaps and feeds that were found, while feeds \
                  that you name are asked on your behalf; \"all\" are feeds too.",
        },
    ],
};

pub(super) fn read<'a>(table: Option<&Table<'a>>, reader: &mut Reader<'a>) -> FetchConfig {
    let defaults = FetchConfig::default();
    let Some(table) = table else { return defaults };
    FetchConfig {
        allow: table.parse_each("allow", reader, private_address),
        concurrency: table.count("concurrency", reader).unwrap_or(defaults.concurrency),
        host_delay: table.parse("host_delay", reader, duration).unwrap_or(defaults.host_delay),
        timeout: table.parse("timeout", reader, time_limit).unwrap_or(defaults.timeout),
        source_timeout: table.parse("source_timeout", reader, time_limit).unwrap_or(defaults.source_timeout),
        replay: table.parse("replay", reader, local_path).map(|path| reader.path(&path)),
        proxy: table.parse("proxy", reader, proxy_address),
        ca_file: table.parse("ca_file", reader, local_path).map(|path| reader.path(&path)),
        robots_for_feeds: table.text("robots", reader).is_some_and(|word| word.value == "all"),
    }
}

fn private_address(text: &str) -> Result<AllowRange, Refusal> {
    text.parse().map_err(|_| {
        Refusal::new("is neither a host name nor a range of addresses")
            .suggest("write it like \"127.0.0.0/8\", \"fd00::/8\", \"10.0.0.7\" or \"intranet.example\"")
    })
}

fn proxy_address(text: &str) -> Result<Secret, Refusal> {
    let known = |scheme: &str| matches!(scheme, "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h");
    match Url::parse(text.trim()) {
        Ok(url) if known(url.scheme()) && url.has_host() => Ok(Secret::new(text.trim().to_owned())),
        _ => Err(Refusal::new("is no address of a proxy: it starts with http://, https://, socks5:// or socks5h://")),
    }
}
