//! The parts of a run, made once from the config.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::{self, Config, StateLocation};
use crate::gather::{self, AllowRange, Fetch, Network, Record, Replay};
use crate::model::{FeedInfo, SiteInfo};
use crate::pipeline::{FeedPlan, Outlets, Parts, Plan, Sources};
use crate::publish::{Folder, PublishError, Target};
use crate::store::{Lock, SqliteStore, Store};

/// Reads the config file; secrets come from the environment.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(path: &Path) -> Result<Config, config::ConfigError> {
    config::load(path, &|name| std::env::var(name).ok())
}

/// The time that a run takes for now: the config's clock, else the real one.
#[must_use]
pub fn now(config: &Config) -> DateTime<Utc> {
    config.clock.unwrap_or_else(real_now)
}

/// The time of day; the only place where the clock is read.
#[must_use]
pub fn real_now() -> DateTime<Utc> {
    #[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    Utc::now()
}

/// Where answers come from, beside the network.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// A folder to keep every answer in.
    pub record: Option<PathBuf>,
    /// A folder that answers in place of the network.
    pub replay: Option<PathBuf>,
}

/// The fetcher that the config and the command line ask for.
///
/// # Errors
/// A setting that cannot be used: an unreadable certificate, a proxy that is no address.
pub fn fetcher(config: &Config, answers: &Answers) -> anyhow::Result<Arc<dyn Fetch>> {
    if let Some(root) = answers.replay.as_ref().or(config.fetch.replay.as_ref()) {
        anyhow::ensure!(
            answers.record.is_none(),
            "nothing to record: `replay` in [fetch] answers in place of the network"
        );
        anyhow::ensure!(root.is_dir(), "cannot replay from {}: it is no folder", root.display());
        return Ok(Arc::new(Replay::new(root)));
    }
    let network = network(config)?;
    Ok(match &answers.record {
        Some(root) => Arc::new(Record::new(network, root)),
        None => Arc::new(network),
    })
}

fn network(config: &Config) -> anyhow::Result<Network> {
    let fetch = &config.fetch;
    let allow = fetch.allow.iter().map(|range| range.parse::<AllowRange>()).collect::<Result<_, _>>()?;
    let is_blind =
        |proxy: &&config::Secret| !proxy.expose().starts_with("socks5:") && !proxy.expose().starts_with("socks4:");
    if fetch.proxy.as_ref().is_some_and(|proxy| is_blind(&proxy)) {
        tracing::warn!(
            "fetch.proxy looks up names itself: addresses behind names are no longer checked, so the proxy must keep \
             outlets out of your network"
        );
    }
    Ok(Network::new(gather::Settings {
        contact: config.site.contact.clone(),
        allow,
        concurrency: fetch.concurrency as usize,
        host_delay: fetch.host_delay,
        timeout: fetch.timeout,
        source_timeout: fetch.source_timeout,
        proxy: fetch.proxy.as_ref().map(|proxy| proxy.expose().to_owned()),
        ca_file: fetch.ca_file.clone(),
        robots_for_feeds: fetch.robots_for_feeds,
    })?)
}

/// The file of the state.
#[must_use]
pub fn state_path(config: &Config) -> &Path {
    let StateLocation::Sqlite(path) = &config.state;
    path
}

/// Takes the lock beside the state.
///
/// # Errors
/// [`crate::store::LockError::Held`] while another run works.
pub fn lock(config: &Config) -> Result<Lock, crate::store::LockError> {
    let mut path = state_path(config).as_os_str().to_owned();
    path.push(".lock");
    Lock::take(Path::new(&path))
}

/// Opens the state; `scratch` works on a copy in memory that is thrown away.
///
/// # Errors
/// The file is no state, is newer than this program, or cannot be read or written.
pub fn store(config: &Config, scratch: bool) -> anyhow::Result<Arc<dyn Store>> {
    let path = state_path(config);
    let store = if scratch { SqliteStore::scratch_copy(path) } else { SqliteStore::open(path) };
    Ok(Arc::new(store.with_context(|| format!("the state {} cannot be used", path.display()))?))
}

/// Opens the state for looking only, also while a run works with it.
///
/// # Errors
/// As [`store`].
pub fn store_to_read(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    let path = state_path(config);
    let store = SqliteStore::open_read_only(path);
    Ok(Arc::new(store.with_context(|| format!("the state {} cannot be used", path.display()))?))
}

/// What the config asks for, in the pipeline's terms.
#[must_use]
pub fn plan(config: &Config) -> Plan {
    let site = SiteInfo {
        title: config.site.title.clone(),
        base_url: config.site.base_url.clone(),
        author: config.site.author.clone(),
        language: config.site.language.clone(),
        rights: config.site.rights.clone(),
        icon: config.site.icon.clone(),
    };
    let feeds = config.feeds.iter().map(|feed| feed_plan(config, &site, feed)).collect();
    let sources = Sources::new(config.sources.iter().cloned().map(Arc::new).collect());
    Plan {
        outlets: Outlets::new(&sources),
        site,
        sources,
        feeds,
        concurrency: config.fetch.concurrency as usize,
        source_timeout: config.fetch.source_timeout,
    }
}

fn feed_plan(config: &Config, site: &SiteInfo, feed: &config::Feed) -> FeedPlan {
    let or_site = |own: &Option<String>, site: &Option<String>| own.clone().or_else(|| site.clone());
    FeedPlan {
        info: FeedInfo {
            id: feed.id.clone(),
            urn: String::new(),
            title: feed.title.clone(),
            description: feed.description.clone(),
            language: or_site(&feed.language, &site.language),
            icon: or_site(&feed.icon, &site.icon),
            author: or_site(&feed.author, &site.author),
            rights: or_site(&feed.rights, &site.rights),
            formats: feed.formats.clone().unwrap_or_else(|| config.publish.formats.clone()),
        },
        number: 0,
        selection: feed.selection.clone(),
        was: feed.was.clone(),
        members_before: None,
    }
}

/// The fetcher for looking at single addresses, by the config where there is one.
///
/// # Errors
/// As [`fetcher`].
pub fn inspector(config: Option<&Config>) -> anyhow::Result<Arc<dyn Fetch>> {
    match config {
        Some(config) => fetcher(config, &Answers::default()),
        None => Ok(Arc::new(Network::new(gather::Settings::default())?)),
    }
}

/// Opens the folders that releases go to; those that are not there yet are made.
///
/// # Errors
/// A folder cannot be made or written.
pub fn targets(config: &Config) -> Result<Arc<[Target]>, PublishError> {
    config.publish.to.iter().map(|path| Folder::open(path).map(Target::Folder)).collect()
}

/// Opens the folders that releases went to, and makes none.
///
/// # Errors
/// A folder cannot be read.
pub fn present_targets(config: &Config) -> Result<Arc<[Target]>, PublishError> {
    let present = config.publish.to.iter().filter(|path| path.exists());
    present.map(|path| Folder::open(path).map(Target::Folder)).collect()
}

/// Puts the parts of a run together.
#[must_use]
pub fn parts(
    (fetch, store): (Arc<dyn Fetch>, Arc<dyn Store>),
    targets: Arc<[Target]>,
    stop: CancellationToken,
    now: DateTime<Utc>,
) -> Parts {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Parts { fetch, store, targets, cores: Arc::new(Semaphore::new(cores)), stop, now }
}
