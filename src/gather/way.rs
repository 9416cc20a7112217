//! The way of one request: hop by hop, each one guarded, held, and asked for in its turn.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, Response};

use super::body::{Deadline, Terms};
use super::chain::{Chain, is_redirect};
use super::client;
use super::conditional;
use super::error::{FetchError, Phase};
use super::gate::{Pass, Pause};
use super::guard::{bare_name, host_of};
use super::network::Network;
use super::{Class, Limits, Request};

/// What suits a feed best; some servers choose the form by it.
const ACCEPT_FEED: HeaderValue = HeaderValue::from_static(
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
);
const ACCEPT_SITEMAP: HeaderValue = HeaderValue::from_static("application/xml, text/xml, */*;q=0.5");
const ACCEPT_PAGE: HeaderValue = HeaderValue::from_static("text/html, application/xhtml+xml;q=0.9, */*;q=0.5");
const ACCEPT_TEXT: HeaderValue = HeaderValue::from_static("text/plain, */*;q=0.5");

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    Document,
    /// A robots.txt: asked before the rules are known.
    Robots,
}

/// One request on its way.
pub(super) struct Way<'a> {
    pub network: &'a Network,
    pub request: &'a Request,
    pub errand: Errand,
    pub own_headers: HeaderMap,
    pub chain: Chain,
    pub deadline: Deadline,
}

impl<'a> Way<'a> {
    /// A request at its beginning; the fragment is not sent.
    pub fn new(network: &'a Network, request: &'a Request, (errand, own_headers): (Errand, HeaderMap)) -> Self {
        let mut chain = Chain::new(request.url.clone());
        chain.url.set_fragment(None);
        let deadline = Deadline::new(network.settings.timeout);
        Self { network, request, errand, own_headers, chain, deadline }
    }

    /// Follows redirects to the first answer that is none. The pass holds the host's turn until the body
    /// was read.
    ///
    /// Boxed: on the way to a page it takes the way to the host's robots.txt.
    pub fn follow(&mut self) -> BoxFuture<'_, Result<(Response, Pass<'a>), FetchError>> {
        async move {
            let mut held: Option<(String, Pass<'a>)> = None;
            loop {
                self.network.guard.check(&self.chain.url)?;
                let host = self.host();
                if self.obeys_robots() {
                    // a turn is never held while another is awaited: two chains could wait in a circle
                    held = held.filter(|_| !self.needs_robots(&host));
                    self.ask_robots(&host).await?;
                }
                let kept = held.take().filter(|(name, _)| *name == host);
                let mut pass = match kept {
                    Some((_, pass)) => pass,
                    None => self.enter(&host).await,
                };
                // while this one waited, another may have been told to stay away
                self.network.hosts.check_hold(&host, self.moment())?;
                let response = self.send(&host, &mut pass).await?;
                let code = response.status().as_u16();
                if !matches!(code, 429 | 500..) {
                    self.network.hosts.answered(&host, self.moment());
                }
                if !is_redirect(code) {
                    return Ok((response, pass));
                }
                self.chain.follow(code, response.headers().get(LOCATION).map(HeaderValue::as_bytes))?;
                held = Some((host, pass));
            }
        }
        .boxed()
    }

    /// The name that the host of this hop is known by.
    pub fn host(&self) -> String {
        bare_name(&host_of(&self.chain.url))
    }

    /// The time of day by now.
    pub fn moment(&self) -> chrono::DateTime<chrono::Utc> {
        self.network.hosts.moment(self.request.now)
    }

    /// What reading the answer's body needs to know.
    pub fn terms<'b>(&'b mut self, host: &'b str, limits: Limits) -> Terms<'b> {
        Terms { host, limits, budget: &self.network.budget, deadline: &mut self.deadline }
    }

    fn obeys_robots(&self) -> bool {
        let by_class = self.request.class != Class::Feed || self.network.settings.robots_for_feeds;
        self.errand == Errand::Document && by_class
    }

    fn needs_robots(&self, host: &str) -> bool {
        self.network.hosts.needs_robots((host, &self.chain.url), self.moment())
    }

    async fn ask_robots(&mut self, host: &str) -> Result<(), FetchError> {
        if self.needs_robots(host) {
            self.network.hosts.check_hold(host, self.moment())?;
            // that request has its own time to keep
            let (network, url, now) = (self.network, self.chain.url.clone(), self.request.now);
            self.deadline.put_off(network.read_robots((host, &url), now)).await?;
        }
        self.network.hosts.check_robots((host, &self.chain.url), self.moment())
    }

    /// Waits for the host's turn.
    async fn enter(&mut self, host: &str) -> Pass<'a> {
        let (network, pause) = (self.network, self.pause(host));
        self.deadline.pause(network.gates.enter(host, pause)).await
    }

    fn pause(&self, host: &str) -> Pause {
        let between = self.network.settings.host_delay * self.request.class.pauses();
        let asked = self.network.hosts.crawl_delay(host, self.moment());
        let (asked, left) = asked.unwrap_or_default();
        Pause { between: between.max(asked), left }
    }

    /// Sends the request; where no connection comes about, once more after the usual pause.
    async fn send(&mut self, host: &str, pass: &mut Pass<'a>) -> Result<Response, FetchError> {
        let network = self.network;
        let _slot = self.deadline.pause(network.slots.acquire()).await;
        // after a robots.txt comes what it was asked for
        let more_follow = self.errand == Errand::Robots || self.request.class == Class::Page;
        let client = network.clients.choose(pass.keeps_alive(more_follow));
        let mut is_second = false;
        loop {
            let mut request = reqwest::Request::new(Method::GET, self.chain.url.clone());
            *request.headers_mut() = self.headers();
            let answer = self.deadline.bound(host, Phase::Answer, client.execute(request)).await?;
            match answer.map_err(|error| client::explain(error, host, network.settings.timeout)) {
                Err(FetchError::Connect { .. }) if !is_second => {
                    is_second = true;
                    let pause = self.pause(host).between;
                    self.deadline.pause(tokio::time::sleep(pause)).await;
                }
                answer => return answer,
            }
        }
    }

    fn headers(&self) -> HeaderMap {
        let accept = match (self.errand, self.request.class) {
            (Errand::Robots, _) => ACCEPT_TEXT,
            (Errand::Document, Class::Feed | Class::FoundFeed) => ACCEPT_FEED,
            (Errand::Document, Class::Sitemap) => ACCEPT_SITEMAP,
            (Errand::Document, Class::Listing | Class::Page) => ACCEPT_PAGE,
        };
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(ACCEPT, accept);
        if self.chain.at_home {
            headers.extend(self.own_headers.clone());
        }
        conditional::add_conditions(&mut headers, self.request.validators.as_ref(), &self.chain.url);
        headers
    }
}
