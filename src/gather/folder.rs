//! Reads a folder of local articles.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use url::Url;

use super::error::FetchError;
use crate::model::Document;

/// The most that one file may hold.
const MOST_BYTES: u64 = 20 << 20;
/// The most that the files of one folder may hold together: they are in memory at once.
const MOST_BYTES_IN_ALL: u64 = 256 << 20;
/// How deep folders may nest.
const MOST_LEVELS: usize = 32;

/// What a folder holds.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// One document a file, sorted by path; its `url` is a `file:` address.
    pub documents: Vec<Document>,
    /// The files and folders that could not be read; they cost only themselves.
    pub unreadable: Vec<FetchError>,
}

/// Reads all article files below a folder, on a thread of their own.
///
/// HTML, Markdown and plain text by extension; hidden files are left out, and symbolic links that
/// lead out of the folder are not followed. A file may hold 20 MiB.
///
/// # Errors
///
/// [`FetchError::File`] where the folder itself cannot be read.
pub async fn read(path: &Path, now: DateTime<Utc>) -> Result<Folder, FetchError> {
    let path = path.to_owned();
    let shown = path.display().to_string();
    let work = tokio::task::spawn_blocking(move || read_blocking(&path, now));
    work.await.map_err(|error| FetchError::File { path: shown, reason: error.to_string() })?
}

fn read_blocking(path: &Path, now: DateTime<Utc>) -> Result<Folder, FetchError> {
    let root = fs::canonicalize(path).map_err(|error| fault(path, &error))?;
    let mut walk =
        Walk { root: root.clone(), now, seen: HashSet::new(), left: MOST_BYTES_IN_ALL, found: Folder::default() };
    walk.folder(&root, 0).map_err(|error| fault(path, &error))?;
    walk.found.documents.sort_by(|one, other| one.url.cmp(&other.url));
    Ok(walk.found)
}

struct Walk {
    /// Absolute, without symbolic links.
    root: PathBuf,
    now: DateTime<Utc>,
    /// The folders that were entered: a link may point back.
    seen: HashSet<PathBuf>,
    /// Bytes that may still be read.
    left: u64,
    found: Folder,
}

impl Walk {
    fn folder(&mut self, path: &Path, level: usize) -> io::Result<()> {
        let real = fs::canonicalize(path)?;
        if level > MOST_LEVELS || !real.starts_with(&self.root) || !self.seen.insert(real) {
            return Ok(());
        }
        let mut names = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        names.sort_by_key(fs::DirEntry::file_name);
        for entry in names {
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let path = entry.path();
            if let Err(error) = self.entry(&path, level) {
                self.found.unreadable.push(fault(&path, &error));
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, level: usize) -> io::Result<()> {
        if !fs::canonicalize(path)?.starts_with(&self.root) {
            return Ok(());
        }
        let metadata = fs::metadata(path)?;
        if metadata.is_dir() {
            return self.folder(path, level + 1);
        }
        match content_type(path) {
            Some(content_type) if metadata.is_file() => self.file(path, content_type),
            _ => Ok(()),
        }
    }

    fn file(&mut self, path: &Path, content_type: &str) -> io::Result<()> {
        let most = MOST_BYTES.min(self.left);
        let mut body = Vec::new();
        // the size may change while reading: the limit counts what is read
        fs::File::open(path)?.take(most + 1).read_to_end(&mut body)?;
        let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
        if size > MOST_BYTES {
            return Err(io::Error::other("it is larger than 20 MiB"));
        }
        if size > most {
            return Err(io::Error::other("the folder holds more than 256 MiB of articles"));
        }
        self.left -= size;
        let url = Url::from_file_path(path).map_err(|()| io::Error::other("its path is not absolute"))?;
        self.found.documents.push(Document {
            url,
            body: body.into(),
            content_type: Some(content_type.to_owned()),
            content_location: None,
            fetched_at: self.now,
        });
        Ok(())
    }
}

fn content_type(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => Some("text/html"),
        "md" | "markdown" => Some("text/markdown"),
        "txt" => Some("text/plain"),
        _ => None,
    }
}

fn fault(path: &Path, error: &io::Error) -> FetchError {
    FetchError::File { path: path.display().to_string(), reason: error.to_string() }
}
