//! Local files, and the requests of `inspect --batch`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use url::Url;

use super::{Looker, Seen};
use crate::app::{Ended, output};
use crate::cli::exit;
use crate::extract::As;
use crate::model::Document;

/// A local document may have so many bytes, as many as one from the web.
const LIMIT: u64 = 50 << 20;

/// One line of `--batch`.
#[derive(Debug, Default, Deserialize)]
pub struct Request {
    pub path: PathBuf,
    /// Where the document is said to come from.
    #[serde(default)]
    pub base_url: Option<String>,
    /// What the HTTP answer would have said.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default, rename = "as")]
    pub read_as: Option<String>,
}

/// Answers each request on stdin before the next is read.
pub async fn serve(looker: &Looker) -> Result<u8, Ended> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        if line.trim().is_empty() {
            continue;
        }
        output::print(&answer(looker, &line).await.text)?;
    }
    Ok(exit::OK)
}

async fn answer(looker: &Looker, line: &str) -> Seen {
    let request: Request = match serde_json::from_str(line) {
        Ok(request) => request,
        Err(error) => return looker.error("", &format!("not a request: {error}"), None),
    };
    let input = request.path.to_string_lossy().into_owned();
    let read_as = match request.read_as.as_deref() {
        None => As::Sniff,
        Some("feed") => As::SaidFeed,
        Some("listing") => As::Listing,
        Some("article") => As::Article,
        Some(other) => {
            return looker.error(&input, &format!("cannot be read as {other:?}: feed, listing or article"), None);
        }
    };
    looker.look(&input, document(&request, looker.now), read_as).await
}

/// A local file as the document that it would be at its address.
pub fn document(request: &Request, now: DateTime<Utc>) -> Result<Document, String> {
    let path = &request.path;
    let unreadable = |error: std::io::Error| {
        let advice = if error.kind() == std::io::ErrorKind::NotFound && !path.is_absolute() {
            "; an address starts with https:// or http://"
        } else {
            ""
        };
        format!("cannot be read: {error}{advice}")
    };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    if !found.is_file() {
        // a pipe or a device might never end
        return Err("cannot be read: it is no file".to_owned());
    }
    let length = found.len();
    if length > LIMIT {
        return Err(format!("has {length} bytes, more than the {} MiB that a document may have", LIMIT >> 20));
    }
    let body = std::fs::read(path).map_err(unreadable)?;
    let url = match &request.base_url {
        Some(address) => Url::parse(address).map_err(|error| format!("{address} is no address: {error}"))?,
        None => local_address(path)?,
    };
    let header = |name: &str| {
        let named = request.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.clone())
    };
    Ok(Document {
        url,
        body: Bytes::from(body),
        content_type: header("content-type").or_else(|| text_type(path).map(str::to_owned)),
        content_location: header("content-location"),
        fetched_at: now,
    })
}

fn local_address(path: &Path) -> Result<Url, String> {
    let absolute = std::path::absolute(path).map_err(|error| format!("cannot be read: {error}"))?;
    Url::from_file_path(&absolute).map_err(|()| "has no address".to_owned())
}

/// Markdown and plain text look alike; all else shows in the content.
fn text_type(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "md" | "markdown" => Some("text/markdown"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}
