//! Answers from a folder instead of the web: for demos, tests, and looking at trouble again.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED, LOCATION};
use url::Url;

use super::chain::{Chain, is_redirect};
use super::error::{FetchError, Measure};
use super::guard::{Guard, bare_name, host_of};
use super::hosts::Hosts;
use super::network::text;
use super::sidecar::{self, Sidecar};
use super::{Answer, Fetch, Fetched, Limits, Request, conditional, refusal, site, usage};
use crate::model::{Document, Host};

/// The names that stand for a folder itself, in this order.
const INDEX: [&str; 5] = ["index.html", "index.htm", "index.xml", "feed.xml", "index.json"];

/// Answers http(s)://HOST/PATH from a folder; never asks the web.
///
/// `ROOT/HOST/PATH` is the body as unpacked, `PATH.headers` beside it status and headers; what is
/// missing is answered with 404. Validators are compared as a site would, and holds are kept as on the web;
/// robots.txt is not asked for, since nothing is asked.
#[derive(Debug)]
pub struct Replay {
    root: PathBuf,
    hosts: Arc<Hosts>,
}

impl Replay {
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), hosts: Arc::default() }
    }
}

impl Fetch for Replay {
    fn fetch(&self, request: Request) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        let (root, hosts) = (self.root.clone(), Arc::clone(&self.hosts));
        Box::pin(async move {
            let host = host_of(&request.url);
            let work = tokio::task::spawn_blocking(move || {
                answer(&root, &hosts, &request).map_err(|error| error.holding(&hosts, request.now))
            });
            work.await.map_err(|error| FetchError::Io { host, reason: error.to_string() })?
        })
    }

    fn recall(&self, hosts: Vec<Host>) {
        self.hosts.recall(hosts);
    }

    fn learnt(&self) -> Vec<Host> {
        self.hosts.learnt()
    }
}

fn answer(root: &Path, hosts: &Hosts, request: &Request) -> Result<Fetched, FetchError> {
    let guard = Guard::any_address();
    let mut chain = Chain::new(request.url.clone());
    chain.url.set_fragment(None);
    loop {
        guard.check(&chain.url)?;
        let host = host_of(&chain.url);
        hosts.check_hold(&bare_name(&host), request.now)?;
        let stored = find(root, &chain.url, request.class.limits())?;
        let Some(Stored { sidecar: Sidecar { code, headers }, body }) = stored else {
            return Err(site::failure(&host, 404, &HeaderMap::new(), request.now));
        };
        if !matches!(code, 429 | 500..) {
            hosts.answered(&bare_name(&host), request.now);
        }
        match code {
            code if is_redirect(code) => chain.follow(code, headers.get(LOCATION).map(HeaderValue::as_bytes))?,
            200 | 203 if is_unchanged(request, &chain.url, &headers) => {
                return site::not_modified(request, &chain, (&headers, request.now));
            }
            200 | 203 => {
                return Ok(Fetched {
                    answer: Answer::Document(Document {
                        body,
                        content_type: text(&headers, &CONTENT_TYPE).filter(|value| !value.is_empty()),
                        content_location: text(&headers, &CONTENT_LOCATION),
                        fetched_at: request.now,
                        url: chain.url.clone(),
                    }),
                    validators: conditional::validators_of(&headers, &chain.url),
                    freshness: conditional::freshness_of(&headers, request.now),
                    usage: usage::of(&headers),
                    permanent: chain.permanent,
                    at: request.now,
                });
            }
            304 => return site::not_modified(request, &chain, (&headers, request.now)),
            code => {
                let refusal = refusal::recognize(code, &headers, &body);
                return Err(site::failure(&host, code, &headers, request.now).with_refusal(refusal));
            }
        }
    }
}

/// Whether a site would answer "not modified" (RFC 9110 §13.2.2): `ETag` decides where it was sent.
fn is_unchanged(request: &Request, url: &Url, headers: &HeaderMap) -> bool {
    let sent = request.validators.as_ref().filter(|validators| conditional::are_of(validators, url));
    let Some(sent) = sent else { return false };
    let stored = |name| headers.get(name).map(HeaderValue::as_bytes);
    match (&sent.etag, &sent.last_modified) {
        (Some(etag), _) => stored(ETAG) == Some(etag),
        (None, Some(date)) => stored(LAST_MODIFIED) == Some(date),
        (None, None) => false,
    }
}

struct Stored {
    sidecar: Sidecar,
    body: Bytes,
}

fn find(root: &Path, url: &Url, limits: Limits) -> Result<Option<Stored>, FetchError> {
    let fault = |path: &Path, error: &io::Error| FetchError::File {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    let root = fs::canonicalize(root).map_err(|error| fault(root, &error))?;
    for path in candidates(&root, url) {
        let read = |path: &Path| read_within(&root, path, limits.unpacked).map_err(|error| fault(path, &error));
        let sidecar = read(&Sidecar::path(&path))?.map(|bytes| Sidecar::parse(&bytes));
        let body = read(&path)?;
        if sidecar.is_none() && body.is_none() {
            continue;
        }
        let body = body.unwrap_or_default();
        if body.len() > limits.unpacked {
            let (host, limit) = (host_of(url), limits.unpacked);
            return Err(FetchError::TooLarge { host, limit, measure: Measure::Unpacked });
        }
        let mut sidecar = sidecar.unwrap_or(Sidecar { code: 200, headers: HeaderMap::new() });
        if let (false, Some(guess)) = (sidecar.headers.contains_key(CONTENT_TYPE), content_type(&path)) {
            sidecar.headers.insert(CONTENT_TYPE, HeaderValue::from_static(guess));
        }
        return Ok(Some(Stored { sidecar, body: body.into() }));
    }
    Ok(None)
}

/// The files that may hold the answer, best first: names as in the address, or decoded as people
/// write them; the host with its port, or without.
fn candidates(root: &Path, url: &Url) -> Vec<PathBuf> {
    let with_port = sidecar::host_folder(url);
    let hosts = with_port.iter().map(String::as_str).chain(url.port().and_then(|_| url.host_str()));
    let names = sidecar::names(url);
    let decoded: Option<Vec<String>> = names.iter().map(|name| decode(name)).collect();
    let mut all = Vec::new();
    for host in hosts {
        for names in std::iter::once(&names).chain(decoded.as_ref().filter(|decoded| **decoded != names)) {
            let path = names.iter().filter(|name| !name.is_empty()).fold(root.join(host), |path, name| path.join(name));
            let is_folder = names.last().is_some_and(String::is_empty);
            if !is_folder {
                all.push(path.clone());
            }
            if url.query().is_none() {
                all.extend(INDEX.map(|index| path.join(index)));
            }
        }
    }
    all
}

/// A name without its percent signs, if it still is one name of one file.
fn decode(name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    let decoded = String::from_utf8(bytes).ok()?;
    let is_name = !decoded.contains(['/', '\\', '\0']) && !matches!(decoded.as_str(), "." | "..");
    is_name.then_some(decoded)
}

/// Reads a file that lies below the root in truth, at most one byte more than allowed.
fn read_within(root: &Path, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
    let Ok(real) = fs::canonicalize(path) else { return Ok(None) };
    if !real.starts_with(root) || !real.is_file() {
        return Ok(None);
    }
    let mut body = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    fs::File::open(real)?.take(most.saturating_add(1)).read_to_end(&mut body)?;
    Ok(Some(body))
}

fn content_type(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    let (name, _) = name.split_once('?').unwrap_or((name, ""));
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" | "php" => Some("text/html"),
        "xml" => Some("application/xml"),
        "rss" => Some("application/rss+xml"),
        "atom" => Some("application/atom+xml"),
        "rdf" => Some("application/rdf+xml"),
        "json" => Some("application/json"),
        "txt" => Some("text/plain"),
        "md" => Some("text/markdown"),
        _ => None,
    }
}
