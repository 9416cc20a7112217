//! Requests beyond a source's own document, counted.

use url::Url;

use super::Parts;
use crate::gather::{self, Answer, Class, FetchError, Fetched};
use crate::model::{Document, Source, Validators, Where};

/// Asks for further documents of a source, at most so many.
pub(super) struct Asker<'a> {
    parts: &'a Parts,
    source: &'a Source,
    left: usize,
}

/// A document with the validators that it came with.
pub(super) type Found = (Document, Option<Validators>);

impl<'a> Asker<'a> {
    pub fn new(parts: &'a Parts, source: &'a Source, most: usize) -> Self {
        Self { parts, source, left: most }
    }

    /// One document; `None` where no more may be asked for, or where the run is to end.
    pub async fn document(&mut self, url: &Url, class: Class) -> Option<Result<Found, FetchError>> {
        if self.parts.stop.is_cancelled() {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let request = gather::Request {
            headers: headers_for(self.source, url),
            ..gather::Request::new(url.clone(), class, self.parts.now)
        };
        let answer = self.parts.fetch.fetch(request).await;
        if matches!(answer, Err(FetchError::Robots { .. })) {
            // nobody was asked
            self.left += 1;
        }
        Some(answer.and_then(|Fetched { answer, validators, .. }| match answer {
            Answer::Document(document) => Ok((document, validators)),
            Answer::NotModified => {
                let host = url.host_str().unwrap_or_default().to_owned();
                Err(FetchError::Io { host, reason: "the outlet answered 304 to a first request".to_owned() })
            }
        }))
    }
}

/// The source's own header fields, which may be secrets, for its own host only.
pub(super) fn headers_for(source: &Source, url: &Url) -> Vec<(String, String)> {
    match &source.location {
        Where::Web(own) if gather::is_same_host(own, url) => source.headers.clone(),
        _ => Vec::new(),
    }
}
