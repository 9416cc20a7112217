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
    /// What the last answer's header said of use.
    pub usage: Vec<String>,
}

/// A document with the validators that it came with.
pub(super) type Found = (Document, Option<Validators>);

impl<'a> Asker<'a> {
    pub fn new(parts: &'a Parts, source: &'a Source, most: usize) -> Self {
        Self { parts, source, left: most, usage: Vec::new() }
    }

    /// One document, as if for the first time; `None` where no more may be asked for, or where the run is to end.
    pub async fn document(&mut self, url: &Url, class: Class) -> Option<Result<Found, FetchError>> {
        let first = || {
            let host = url.host_str().unwrap_or_default().to_owned();
            FetchError::Io { host, reason: "the outlet answered 304 to a first request".to_owned() }
        };
        let answer = self.changed(url, class, &mut Vec::new()).await?;
        Some(answer.and_then(|found| found.ok_or_else(first)))
    }

    /// One document where it has changed since `known` were its validators; `known` then holds the new ones.
    pub async fn changed(
        &mut self,
        url: &Url,
        class: Class,
        known: &mut Vec<Validators>,
    ) -> Option<Result<Option<Found>, FetchError>> {
        if self.parts.stop.is_cancelled() {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let place = Validators::place(url.as_str());
        let request = gather::Request {
            headers: headers_for(self.source, url),
            // a page may hand on what its own address holds
            is_private: !self.source.secrets.is_empty() && is_own(self.source, url),
            validators: known.iter().find(|one| one.url == place).cloned(),
            ..gather::Request::new(url.clone(), class, self.parts.now)
        };
        let answer = self.parts.fetch.fetch(request).await;
        if matches!(answer, Err(FetchError::Robots { .. })) {
            // nobody was asked
            self.left += 1;
        }
        Some(answer.map(|Fetched { answer, validators, usage, .. }| {
            known.retain(|one| one.url != place);
            known.extend(validators.clone());
            match answer {
                Answer::Document(document) => {
                    self.usage = usage;
                    Some((public(self.source, document), validators))
                }
                Answer::NotModified => None,
            }
        }))
    }
}

/// The source's own header fields, which may be secrets, for its own host only.
pub(super) fn headers_for(source: &Source, url: &Url) -> Vec<(String, String)> {
    if is_own(source, url) { source.headers.clone() } else { Vec::new() }
}

/// Whether an address is at the source's own host.
fn is_own(source: &Source, url: &Url) -> bool {
    matches!(&source.location, Where::Web(own) if gather::is_same_host(own, url))
}

/// A document whose base may be stored and published, and so may each address that is read in it as a relative one.
pub(super) fn public(source: &Source, mut document: Document) -> Document {
    if !source.secrets.is_empty() {
        document.content_location = Some(source.secrets.public(&document.base()).into());
    }
    document
}
