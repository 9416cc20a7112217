//! Writes what another fetcher answers, in the form that a replay reads.

#![expect(clippy::disallowed_methods, reason = "the one place where answers are recorded to the disk")]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_LOCATION, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue,
    LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use url::Url;

use super::error::FetchError;
use super::guard::host_of;
use super::sidecar::{self, Sidecar};
use super::{Answer, Fetch, Fetched, Request, conditional};
use crate::model::{Document, Host};

/// Hands on what another fetcher answers, and writes it to a folder.
///
/// Bodies are written unpacked; of the headers only those that tell about the document, never a
/// cookie or a header that was sent. Names of files are made of addresses, so what a private address
/// answers is not written at all. An answer that cannot be written is logged and handed on.
pub struct Record<F> {
    inner: F,
    root: PathBuf,
    /// Two answers may need the same folder at once, and one of them may stand in the other's way.
    writing: std::sync::Arc<Mutex<()>>,
}

impl<F: Fetch> Record<F> {
    pub fn new(inner: F, root: impl Into<PathBuf>) -> Self {
        Self { inner, root: root.into(), writing: std::sync::Arc::default() }
    }
}

impl<F: Fetch> Fetch for Record<F> {
    fn ping(&self, hub: Url, topics: Vec<String>, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), FetchError>> {
        self.inner.ping(hub, topics, now)
    }

    fn fetch(&self, request: Request) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        Box::pin(async move {
            let (url, now) = (request.url.clone(), request.now);
            let is_private = request.is_private;
            let answer = self.inner.fetch(request).await;
            if is_private {
                let host = host_of(&url);
                tracing::warn!(host, "an answer is not recorded: its address holds a variable, which may be a secret");
                return answer;
            }
            let (copy, root) = (answer.clone(), self.root.clone());
            let writing = std::sync::Arc::clone(&self.writing);
            let work = tokio::task::spawn_blocking(move || {
                let _turn = writing.lock().unwrap_or_else(PoisonError::into_inner);
                Recording { root: &root, now }.write(&url, &copy)
            });
            let written = work.await.unwrap_or_else(|error| Err(io::Error::other(error)));
            if let Err(error) = written {
                tracing::warn!(folder = %self.root.display(), %error, "an answer could not be recorded");
            }
            answer
        })
    }

    fn recall(&self, hosts: Vec<Host>) {
        self.inner.recall(hosts);
    }

    fn learnt(&self) -> Vec<Host> {
        self.inner.learnt()
    }
}

struct Recording<'a> {
    root: &'a Path,
    now: DateTime<Utc>,
}

impl Recording<'_> {
    fn write(&self, asked: &Url, answer: &Result<Fetched, FetchError>) -> io::Result<()> {
        match answer {
            Ok(fetched) => {
                let Answer::Document(document) = &fetched.answer else { return Ok(()) };
                let mut asked = asked.clone();
                asked.set_fragment(None);
                if asked != document.url {
                    self.redirect(&asked, document, fetched.permanent.as_ref() == Some(&document.url))?;
                }
                self.store(&document.url, &self.sidecar(fetched, document), Some(&document.body))
            }
            Err(FetchError::Status { code, retry_after, .. }) => {
                let mut headers = HeaderMap::new();
                if let Some(pause) = retry_after {
                    insert(&mut headers, RETRY_AFTER, pause.as_secs().to_string().as_bytes());
                }
                self.store(asked, &Sidecar { code: *code, headers }, None)
            }
            Err(FetchError::Gone { .. }) => self.store(asked, &Sidecar { code: 410, headers: HeaderMap::new() }, None),
            // no answer came that a site could give again
            Err(_) => Ok(()),
        }
    }

    fn redirect(&self, asked: &Url, document: &Document, is_permanent: bool) -> io::Result<()> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, LOCATION, document.url.as_str().as_bytes());
        let code = if is_permanent { 301 } else { 302 };
        self.store(asked, &Sidecar { code, headers }, None)
    }

    fn sidecar(&self, fetched: &Fetched, document: &Document) -> Sidecar {
        let mut headers = HeaderMap::new();
        let validators = fetched.validators.as_ref();
        let freshness = &fetched.freshness;
        let date = |date| conditional::format_http_date(date).into_bytes();
        let pairs = [
            // an empty one says that there was none, or a replay would guess
            (CONTENT_TYPE, Some(document.content_type.clone().unwrap_or_default().into_bytes())),
            (CONTENT_LOCATION, document.content_location.clone().map(String::into_bytes)),
            (ETAG, validators.and_then(|validators| validators.etag.clone())),
            (LAST_MODIFIED, validators.and_then(|validators| validators.last_modified.clone())),
            (CACHE_CONTROL, freshness.max_age.map(|seconds| format!("max-age={seconds}").into_bytes())),
            (AGE, freshness.age.map(|seconds| seconds.to_string().into_bytes())),
            (EXPIRES, freshness.expires.map(date)),
            // what Expires is read against
            (DATE, freshness.expires.map(|_| date(self.now))),
        ];
        for (name, value) in pairs {
            if let Some(value) = value {
                insert(&mut headers, name, &value);
            }
        }
        for (name, value) in fetched.usage.iter().filter_map(|line| line.split_once(": ")) {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.append(name, value);
            }
        }
        Sidecar { code: 200, headers }
    }

    fn store(&self, url: &Url, sidecar: &Sidecar, body: Option<&[u8]>) -> io::Result<()> {
        let host = sidecar::host_folder(url).ok_or_else(|| io::Error::other("its address has no host"))?;
        let mut names = sidecar::names(url);
        let last = names.pop().unwrap_or_default();
        let mut folder = self.root.join(host);
        make_folder(&folder)?;
        for name in names {
            folder.push(name);
            make_folder(&folder)?;
        }
        let mut file = if last.is_empty() { folder.join("index.html") } else { folder.join(last) };
        let Some(body) = body else {
            remove(&file)?;
            return write_whole(&Sidecar::path(&file), &sidecar.to_bytes());
        };
        if file.is_dir() {
            remove(&Sidecar::path(&file))?;
            file.push("index.html");
        }
        write_whole(&file, body)?;
        write_whole(&Sidecar::path(&file), &sidecar.to_bytes())
    }
}

/// Makes a folder; a document that has its name becomes its index.
fn make_folder(path: &Path) -> io::Result<()> {
    if !path.is_file() {
        return fs::create_dir_all(path);
    }
    let aside = tempfile::Builder::new().prefix(".moving").tempdir_in(path.parent().unwrap_or(path))?;
    let body = aside.path().join("body");
    fs::rename(path, &body)?;
    fs::create_dir_all(path)?;
    let index = path.join("index.html");
    fs::rename(&body, &index)?;
    match fs::rename(Sidecar::path(path), Sidecar::path(&index)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Removes a file that an earlier answer left.
fn remove(path: &Path) -> io::Result<()> {
    if path.is_file() { fs::remove_file(path) } else { Ok(()) }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(value) {
        headers.insert(name, value);
    }
}
