//! Fetches from the web.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, CONTENT_LOCATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response};
use tokio::sync::Semaphore;
use url::Url;

use super::body::{self, Deadline, Terms};
use super::budget::Budget;
use super::chain::{Chain, is_redirect};
use super::client::{self, Clients};
use super::error::{FetchError, Phase, SetupError};
use super::gate::{Gates, Pass};
use super::guard::{Guard, host_of};
use super::refusal::{self, GLANCE};
use super::{Answer, Class, Fetch, Fetched, Request, Settings, conditional, site};
use crate::model::Document;

/// What suits a feed best; some servers choose the form by it.
const ACCEPT_FEED: HeaderValue = HeaderValue::from_static(
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
);
const ACCEPT_PAGE: HeaderValue = HeaderValue::from_static("text/html, application/xhtml+xml;q=0.9, */*;q=0.5");

/// Asks the web, politely and within bounds.
pub struct Network {
    pub(super) clients: Clients,
    pub(super) guard: Guard,
    pub(super) gates: Gates,
    budget: Budget,
    /// Hosts that are asked at this moment.
    slots: Semaphore,
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
            gates: Gates::new(settings.host_delay),
            budget: Budget::new(),
            slots: Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            settings,
        })
    }

    async fn follow(&self, request: Request) -> Result<Fetched, FetchError> {
        let own_headers = own_headers(&request.headers)?;
        let mut chain = Chain::new(request.url.clone());
        chain.url.set_fragment(None);
        let mut deadline = Deadline::new(self.settings.timeout);
        let mut held: Option<(String, Pass<'_>)> = None;
        loop {
            self.guard.check(&chain.url)?;
            let host = host_of(&chain.url);
            // the next host's turn is never awaited while holding another's: two chains could wait in a circle
            let kept = held.take().filter(|(name, _)| *name == host);
            let (_, mut pass) = match kept {
                Some(kept) => kept,
                None => (host.clone(), deadline.pause(self.gates.enter(&host, request.class)).await),
            };
            let _slot = deadline.pause(self.slots.acquire()).await;
            let mut ask = Ask { network: self, request: &request, chain: &chain, host: &host, deadline: &mut deadline };
            let response = ask.send(&own_headers, pass.keeps_alive(request.class)).await?;
            let code = response.status().as_u16();
            if !is_redirect(code) {
                return ask.conclude(response).await;
            }
            chain.follow(code, response.headers().get(LOCATION).map(HeaderValue::as_bytes))?;
            held = Some((host, pass));
        }
    }
}

impl Fetch for Network {
    fn fetch(&self, request: Request) -> BoxFuture<'_, Result<Fetched, FetchError>> {
        Box::pin(self.follow(request))
    }

    fn ping(&self, hub: Url, topics: Vec<String>, now: DateTime<Utc>) -> BoxFuture<'_, Result<(), FetchError>> {
        Box::pin(self.tell(hub, topics, now))
    }
}

/// One hop of one request.
struct Ask<'a> {
    network: &'a Network,
    request: &'a Request,
    chain: &'a Chain,
    host: &'a str,
    deadline: &'a mut Deadline,
}

impl Ask<'_> {
    /// Sends the request; where no connection comes about, once more after the usual pause.
    async fn send(&mut self, own_headers: &HeaderMap, keeps_alive: bool) -> Result<Response, FetchError> {
        let client = self.network.clients.choose(keeps_alive);
        let mut is_second = false;
        loop {
            let mut request = reqwest::Request::new(Method::GET, self.chain.url.clone());
            *request.headers_mut() = self.headers(own_headers);
            let answer = self.deadline.bound(self.host, Phase::Answer, client.execute(request)).await?;
            match answer.map_err(|error| client::explain(error, self.host, self.network.settings.timeout)) {
                Err(FetchError::Connect { .. }) if !is_second => {
                    is_second = true;
                    self.deadline.pause(tokio::time::sleep(self.network.gates.pause(self.request.class))).await;
                }
                answer => return answer,
            }
        }
    }

    fn headers(&self, own_headers: &HeaderMap) -> HeaderMap {
        let accept = match self.request.class {
            Class::Feed => ACCEPT_FEED,
            Class::Page => ACCEPT_PAGE,
        };
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(ACCEPT, accept);
        if self.chain.at_home {
            headers.extend(own_headers.clone());
        }
        conditional::add_conditions(&mut headers, self.request.validators.as_ref(), &self.chain.url);
        headers
    }

    /// Makes the last answer of a chain into what was fetched, or into the error that it is.
    async fn conclude(self, response: Response) -> Result<Fetched, FetchError> {
        let (code, now) = (response.status().as_u16(), self.request.now);
        let (chain, host) = (self.chain, self.host);
        let terms =
            Terms { host, limits: self.request.class.limits(), budget: &self.network.budget, deadline: self.deadline };
        match code {
            200 | 203 => {
                let headers = response.headers().clone();
                let body = body::read(response, terms).await?;
                let document = Document {
                    url: chain.url.clone(),
                    body,
                    content_type: text(&headers, &CONTENT_TYPE),
                    content_location: text(&headers, &CONTENT_LOCATION),
                    fetched_at: now,
                };
                Ok(Fetched {
                    answer: Answer::Document(document),
                    validators: conditional::validators_of(&headers, &chain.url),
                    freshness: conditional::freshness_of(&headers, now),
                    permanent: chain.permanent.clone(),
                })
            }
            304 => site::not_modified(self.request, chain, response.headers()),
            401 | 403 => {
                let headers = response.headers().clone();
                let page = body::glance(response, GLANCE, terms).await;
                let refusal = refusal::recognize(code, &headers, &page);
                Err(site::failure(host, code, &headers, now).with_refusal(refusal))
            }
            _ => Err(site::failure(host, code, response.headers(), now)),
        }
    }
}

fn own_headers(headers: &[(String, String)]) -> Result<HeaderMap, FetchError> {
    let mut all = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let fault = || FetchError::Header { name: name.clone() };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| fault())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| fault())?;
        value.set_sensitive(true);
        all.append(key, value);
    }
    Ok(all)
}

/// A header as text; one that is not ASCII is read as UTF-8 as far as it goes.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
