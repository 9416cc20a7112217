//! Sets up the HTTP clients, and puts their errors into our words.

#![expect(clippy::disallowed_methods, reason = "the one place where the HTTP client is made")]

use std::error::Error as _;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect};
use url::Url;

use super::Class;
use super::decode;
use super::error::{FetchError, Phase, SetupError};
use super::gate::KEPT_FOR;
use super::guard::Guard;
use super::resolve::{ResolveError, Resolver};
use super::settings::Settings;

/// How long a connection may take to come about.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The clients of one run: a connection is closed after its answer, or kept for the next.
pub(super) struct Clients {
    closing: Client,
    keeping: OnceLock<Client>,
    recipe: Recipe,
}

/// All that a client is made of.
struct Recipe {
    headers: HeaderMap,
    resolver: Resolver,
    certificates: Vec<Certificate>,
    proxy: Option<Proxy>,
    idle: Duration,
}

impl Clients {
    /// # Errors
    ///
    /// Where a setting cannot be used.
    pub fn new(settings: &Settings, guard: Guard) -> Result<Self, SetupError> {
        // the first to install wins; whoever did before chose the same for the whole program
        let _ = rustls::crypto::ring::default_provider().install_default();
        let proxy = settings.proxy.as_deref().map(parse_proxy).transpose()?;
        let (proxy, proxy_host) = proxy.unzip();
        let recipe = Recipe {
            headers: standing_headers(settings.contact.as_deref())?,
            resolver: Resolver::new(guard, proxy_host),
            certificates: certificates(settings.ca_file.as_deref())?,
            proxy,
            // pages of one host follow each other at five times the pause
            idle: KEPT_FOR.max(settings.host_delay * Class::Page.pauses() + Duration::from_secs(5)),
        };
        let closing = recipe.client(0).map_err(|error| SetupError::Client(reason(&error)))?;
        Ok(Self { closing, keeping: OnceLock::new(), recipe })
    }

    /// The client that closes the connection after its answer, or the one that keeps it.
    pub fn choose(&self, keeps_alive: bool) -> &Client {
        if keeps_alive {
            // what built once builds again; were it not so, connections would only not be kept
            self.keeping.get_or_init(|| self.recipe.client(1).unwrap_or_else(|_| self.closing.clone()))
        } else {
            &self.closing
        }
    }
}

impl Recipe {
    fn client(&self, idle_per_host: usize) -> reqwest::Result<Client> {
        let client = ClientBuilder::new()
            .default_headers(self.headers.clone())
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(idle_per_host)
            .pool_idle_timeout(self.idle)
            .dns_resolver(self.resolver.clone())
            // the binary must also work where the system brings no certificates
            .tls_certs_merge(self.certificates.iter().cloned())
            // small servers send headers that are not quite to the letter
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            // a proxy is used where the config names one: the guard must know of it
            .no_proxy();
        match &self.proxy {
            Some(proxy) => client.proxy(proxy.clone()).build(),
            None => client.build(),
        }
    }
}

/// What went wrong, by the deepest cause that is known. Never the URL: it may hold secrets.
pub(super) fn explain(error: reqwest::Error, host: &str, timeout: Duration) -> FetchError {
    let host = host.to_owned();
    let error = error.without_url();
    let is_connect = error.is_connect();
    if error.is_timeout() {
        let (after, phase) = if is_connect { (CONNECT_TIMEOUT, Phase::Connect) } else { (timeout, Phase::Answer) };
        return FetchError::Timeout { host, after, phase };
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(found) = inner.downcast_ref::<ResolveError>() {
            return match found {
                ResolveError::Forbidden(address) => FetchError::ForbiddenAddress { host, address: *address },
                ResolveError::Unknown(reason) => FetchError::Dns { host, reason: reason.clone() },
            };
        }
        if let Some(found) = inner.downcast_ref::<rustls::Error>() {
            return FetchError::Tls { host, reason: found.to_string() };
        }
        // an io::Error shows not its inner error but that one's cause
        let within = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = within.map(|within| within as &(dyn std::error::Error + 'static)).or_else(|| inner.source());
    }
    let reason = reason(&error);
    if reason.contains("message head is too large") || reason.contains("header list") {
        return FetchError::Head { host };
    }
    if is_connect { FetchError::Connect { host, reason } } else { FetchError::Io { host, reason } }
}

/// The words of the deepest cause.
fn reason(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

fn standing_headers(contact: Option<&str>) -> Result<HeaderMap, SetupError> {
    let version = env!("CARGO_PKG_VERSION");
    let agent = match contact.map(str::trim).filter(|contact| !contact.is_empty()) {
        Some(contact) => format!("feedmill/{version} (+{contact})"),
        None => format!("feedmill/{version}"),
    };
    let agent = HeaderValue::from_str(&agent).map_err(|_| SetupError::Contact)?;
    Ok(HeaderMap::from_iter([(USER_AGENT, agent), (ACCEPT_ENCODING, HeaderValue::from_static(decode::ACCEPTED))]))
}

fn certificates(ca_file: Option<&Path>) -> Result<Vec<Certificate>, SetupError> {
    let built_in = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let mut all: Vec<_> = built_in.filter_map(|der| Certificate::from_der(der).ok()).collect();
    if let Some(path) = ca_file {
        let fault = |reason: String| SetupError::Certificates { path: path.display().to_string(), reason };
        let pem = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
        let own = Certificate::from_pem_bundle(&pem).map_err(|_| fault("it is not in PEM form".to_owned()))?;
        if own.is_empty() {
            return Err(fault("it holds no certificate".to_owned()));
        }
        all.extend(own);
    }
    Ok(all)
}

/// The proxy, and its host, which the guard must let through.
fn parse_proxy(address: &str) -> Result<(Proxy, String), SetupError> {
    let url = Url::parse(address).map_err(|_| SetupError::Proxy)?;
    let host = url.host_str().ok_or(SetupError::Proxy)?.to_owned();
    if !matches!(url.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
        return Err(SetupError::Proxy);
    }
    Ok((Proxy::all(address).map_err(|_| SetupError::Proxy)?, host))
}
