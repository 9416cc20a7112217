//! How answers lie in a folder: `ROOT/HOST/PATH`, and beside it `PATH.headers`.
//!
//! ```text
//! news.example/index.html                  http(s)://news.example/
//! news.example/rss.xml                     http(s)://news.example/rss.xml
//! news.example/rss.xml.headers             its status and headers
//! news.example/list?page=2                 http(s)://news.example/list?page=2
//! news.example/old.headers                 HTTP/1.1 301 …, and Location: …
//! news.example:8080/…                      a port of its own, else the folder without port
//! ```

use std::path::{Path, PathBuf};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// What a file name may measure; the file system's limit is 255, and `.headers` must fit too.
const MOST_NAME_BYTES: usize = 200;

/// What is appended to a file's name for its headers.
const HEADERS: &str = ".headers";

/// The status and headers of one stored answer.
pub(super) struct Sidecar {
    pub code: u16,
    pub headers: HeaderMap,
}

impl Sidecar {
    /// Reads the form `[HTTP/1.1 CODE …]`, then `Name: value` lines. A line that is neither is skipped.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut sidecar = Self { code: 200, headers: HeaderMap::new() };
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = line.trim_ascii();
            if number == 0 && line.starts_with(b"HTTP/") {
                sidecar.code = status_code(line).unwrap_or(200);
                continue;
            }
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let name = HeaderName::from_bytes(line[..colon].trim_ascii());
            let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
            if let (Ok(name), Ok(value)) = (name, value) {
                sidecar.headers.append(name, value);
            }
        }
        sidecar
    }

    /// Writes what [`Self::parse`] reads.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = format!("HTTP/1.1 {}\n", self.code).into_bytes();
        for (name, value) in &self.headers {
            out.extend_from_slice(name.as_str().as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value.as_bytes());
            out.push(b'\n');
        }
        out
    }

    /// Where the sidecar of a file lies.
    pub fn path(file: &Path) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(HEADERS);
        name.into()
    }
}

/// The folder of a host, with its port where it is not the usual one.
pub(super) fn host_folder(url: &Url) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty() && !host.starts_with('.'))?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The names of folders and file below the host's folder. An address that ends in a slash and has
/// no query has an empty last name. What the URL parser left as it is stays as it is: names hold no
/// slash, and neither `.` nor `..` is among them.
pub(super) fn names(url: &Url) -> Vec<String> {
    let mut names: Vec<String> = url.path().trim_start_matches('/').split('/').map(str::to_owned).collect();
    if let (Some(last), Some(query)) = (names.last_mut(), url.query()) {
        last.push('?');
        last.push_str(&query.replace('/', "%2F"));
    }
    let last = names.len() - 1;
    // an empty name within a path would vanish, and with it the difference between two addresses
    let names = names.into_iter().enumerate();
    names.map(|(at, name)| if name.is_empty() && at < last { "%".to_owned() } else { shorten(name) }).collect()
}

/// A name that fits: where it is too long, its beginning and a hash of the whole.
fn shorten(name: String) -> String {
    if name.len() <= MOST_NAME_BYTES {
        return name;
    }
    let cut = name.floor_char_boundary(MOST_NAME_BYTES - 17);
    format!("{}~{:016x}", &name[..cut], xxh3_64(name.as_bytes()))
}

fn status_code(line: &[u8]) -> Option<u16> {
    let code = std::str::from_utf8(line).ok()?.split_ascii_whitespace().nth(1)?;
    code.parse().ok().filter(|code| (100..1000).contains(code))
}
