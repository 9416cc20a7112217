//! What the answers of a site mean, whether they come from the web or from a folder.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

use super::chain::Chain;
use super::error::FetchError;
use super::guard::host_of;
use super::refusal::Refusal;
use super::{Answer, Fetched, Request, conditional};

/// "Not modified": success where validators were sent, nonsense where none were.
pub(super) fn not_modified(request: &Request, chain: &Chain, headers: &HeaderMap) -> Result<Fetched, FetchError> {
    let sent = request.validators.as_ref().filter(|validators| validators.url == chain.url.as_str());
    let Some(sent) = sent else { return Err(failure(&host_of(&chain.url), 304, headers, request.now)) };
    Ok(Fetched {
        answer: Answer::NotModified,
        validators: Some(conditional::refreshed(sent, headers)),
        freshness: conditional::freshness_of(headers, request.now),
        permanent: chain.permanent.clone(),
    })
}

/// An answer that is no success.
pub(super) fn failure(host: &str, code: u16, headers: &HeaderMap, now: DateTime<Utc>) -> FetchError {
    if code == 410 {
        return FetchError::Gone { host: host.to_owned() };
    }
    let retry_after = conditional::retry_after(headers, now);
    FetchError::Status { host: host.to_owned(), code, retry_after, refusal: None }
}

impl FetchError {
    /// Adds what a refusal looks like.
    pub(super) fn with_refusal(self, refusal: Option<Refusal>) -> Self {
        match self {
            Self::Status { host, code, retry_after, .. } => Self::Status { host, code, retry_after, refusal },
            other => other,
        }
    }
}
