//! What the answers of a site mean, whether they come from the web or from a folder.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

use super::chain::Chain;
use super::error::FetchError;
use super::guard::{bare_name, host_of};
use super::hosts::Hosts;
use super::refusal::Refusal;
use super::{Answer, Fetched, Request, conditional};

/// "Not modified": success where validators were sent, nonsense where none were.
pub(super) fn not_modified(
    request: &Request,
    chain: &Chain,
    (headers, at): (&HeaderMap, DateTime<Utc>),
) -> Result<Fetched, FetchError> {
    let sent = request.validators.as_ref().filter(|validators| conditional::are_of(validators, &chain.url));
    let Some(sent) = sent else { return Err(failure(&host_of(&chain.url), 304, headers, at)) };
    Ok(Fetched {
        answer: Answer::NotModified,
        validators: Some(conditional::refreshed(sent, headers)),
        freshness: conditional::freshness_of(headers, at),
        usage: Vec::new(),
        permanent: chain.permanent.clone(),
        at,
    })
}

/// An answer that is no success.
pub(super) fn failure(host: &str, code: u16, headers: &HeaderMap, now: DateTime<Utc>) -> FetchError {
    if code == 410 {
        return FetchError::Gone { host: host.to_owned() };
    }
    let retry_after = conditional::retry_after(headers, now);
    FetchError::Status { host: host.to_owned(), code, retry_after, until: None, refusal: None }
}

impl FetchError {
    /// Adds what a refusal looks like.
    pub(super) fn with_refusal(mut self, found: Option<Refusal>) -> Self {
        if let Self::Status { refusal, .. } = &mut self {
            *refusal = found;
        }
        self
    }

    /// Where it asks for a pause: has the pause remembered, and adds until when it lasts.
    pub(super) fn holding(mut self, hosts: &Hosts, at: DateTime<Utc>) -> Self {
        if let Self::Status { host, code: 429 | 503, retry_after, until, refusal: None } = &mut self {
            *until = Some(hosts.hold(&bare_name(host), *retry_after, at));
        }
        self
    }
}
