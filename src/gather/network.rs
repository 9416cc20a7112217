//! Fetches from the web.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use reqwest::Response;
use reqwest::header::{CONTENT_LOCATION, CONTENT_TYPE, HeaderMap, HeaderName};
use tokio::sync::Semaphore;
use url::Url;

use super::body;
use super::budget::Budget;
use super::client::Clients;
use super::error::{FetchError, SetupError};
use super::gate::Gates;
use super::guard::{Guard, bare_name, host_of};
use super::hosts::Hosts;
use super::login::own_headers;
use super::refusal::{self, GLANCE};
use super::way::{Errand, Way};
use super::{Answer, Class, Fetch, Fetched, Request, Settings, conditional, robots, site, usage};
use crate::model::{Document, Host, Robots};

/// Asks the web, politely and within bounds.
pub struct Network {
    pub(super) clients: Clients,
    pub(super) guard: Guard,
    pub(super) hosts: Hosts,
    pub(super) gates: Gates,
    pub(super) budget: Budget,
    /// Requests whose answers are awaited at this moment; once the head of one is there, its body has no place here.
    pub(super) slots: Semaphore,
    pub(super) settings: Settings,
}

impl Network {
    /// Sets up the clients; once for a whole run.
    ///
    /// # Errors
    ///
    /// Where the contact, the proxy or the certificate file of the settings cannot be used.
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        let guard = Guard::new(&settings.allow);
        Ok(Self {
            clients: Clients::new(&settings, guard.clone())?,
            guard,
            hosts: Hosts::default(),
            gates: Gates::default(),
            budget: Budget::new(),
            slots: Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            settings,
        })
    }

    /// Makes the last answer of a chain into what was fetched, or into the error that it is.
    async fn document(&self, request: Request) -> Result<Fetched, FetchError> {
        let own_headers = own_headers(&request.headers)?;
        let mut way = Way::new(self, &request, (Errand::Document, own_headers));
        let (response, _turn) = way.follow().await?;
        let (code, host, at) = (response.status().as_u16(), way.host(), way.moment());
        let limits = request.class.limits();
        match code {
            200 | 203 => {
                let headers = response.headers().clone();
                let body = body::read(response, way.terms(&host, limits)).await?;
                let chain = way.chain;
                let document = Document {
                    body,
                    content_type: text(&headers, &CONTENT_TYPE),
                    content_location: text(&headers, &CONTENT_LOCATION),
                    fetched_at: request.now,
                    url: chain.url.clone(),
                };
                Ok(Fetched {
                    answer: Answer::Document(document),
                    validators: conditional::validators_of(&headers, &chain.url),
                    freshness: conditional::freshness_of(&headers, at),
                    usage: usage::of(&headers),
                    permanent: chain.permanent,
                    at,
                })
            }
            304 => site::not_modified(&request, &way.chain, (response.headers(), at)),
            _ => Err(self.failure(response, &mut way).await),
        }
    }

    /// The error that an answer is; a pause that it asks for begins here.
    async fn failure(&self, response: Response, way: &mut Way<'_>) -> FetchError {
        let (code, headers, host) = (response.status().as_u16(), response.headers().clone(), way.host());
        let at = way.moment();
        let mut found = None;
        if refusal::may_be_wall(code) {
            let limits = way.request.class.limits();
            let page = body::head(response, GLANCE, way.terms(&host, limits)).await.unwrap_or_default();
            found = refusal::recognize(code, &headers, &page);
        }
        site::failure(&host, code, &headers, at).with_refusal(found).holding(&self.hosts, at)
    }

    /// Asks for the robots.txt that holds for an address, unless another did meanwhile.
    ///
    /// # Errors
    ///
    /// Where the host asks for a pause instead; what else goes wrong counts as RFC 9309 §2.3.1 says.
    pub(super) async fn read_robots(&self, (host, url): (&str, &Url), now: DateTime<Utc>) -> Result<(), FetchError> {
        let turn = self.hosts.robots_turn(url);
        let _turn = turn.lock().await;
        let needed = self.hosts.needs_robots((host, url), self.hosts.moment(now));
        let Some(address) = robots::address_for(url).filter(|_| needed) else { return Ok(()) };
        let request = Request::new(address, Class::Listing, now);
        let answer = self.robots(&request).await;
        self.hosts.end_robots_turn(url);
        let read = match answer {
            Ok(read) => Some(read),
            // the host is held: nothing was learnt about its rules
            Err(error @ (FetchError::Held { .. } | FetchError::Status { until: Some(_), .. })) => return Err(error),
            // unavailable: everything is allowed
            Err(
                FetchError::Gone { .. }
                | FetchError::Status { code: 0..500, .. }
                | FetchError::Redirect { .. }
                | FetchError::ForbiddenAddress { .. }
                | FetchError::RefusedUrl { .. },
            ) => Some(Robots::default()),
            Err(_) => None,
        };
        self.hosts.put_robots((host, url), read, self.hosts.moment(now));
        Ok(())
    }

    async fn robots(&self, request: &Request) -> Result<Robots, FetchError> {
        let mut way = Way::new(self, request, (Errand::Robots, HeaderMap::new()));
        let (response, _turn) = way.follow().await?;
        if !response.status().is_success() {
            return Err(self.failure(response, &mut way).await);
        }
        let host = way.host();
        let bytes = body::head(response, robots::MOST_BYTES, way.terms(&host, request.class.limits())).await?;
        Ok(robots::read(&bytes))
    }
}

impl Fetch for Network {
    fn fetch(&self, request: Request) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        Box::pin(self.document(request))
    }

    fn ping(&self, hub: Url, topics: Vec<String>, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), FetchError>> {
        Box::pin(self.tell(hub, topics, now))
    }

    fn recall(&self, hosts: Vec<Host>) {
        self.hosts.recall(hosts);
    }

    fn sitemaps(&self, of: &Url) -> Option<Vec<Url>> {
        self.hosts.sitemaps((&bare_name(&host_of(of)), of))
    }

    fn learnt(&self) -> Vec<Host> {
        self.hosts.learnt()
    }
}

/// A header as text; one that is not ASCII is read as UTF-8 as far as it goes.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
