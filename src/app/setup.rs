//! The parts of a run, made once from the config.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::config::{self, Config};
use crate::gather::{self, Fetch, Network, Record, Replay};
use crate::model::{FeedInfo, SiteInfo, Theme};
use crate::pipeline::{Crew, FeedPlan, Outlets, Parts, Plan, Sources};
use crate::publish::Target;
use crate::render;
use crate::store::Store;

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
        allow: fetch.allow.clone(),
        concurrency: fetch.concurrency as usize,
        host_delay: fetch.host_delay,
        timeout: fetch.timeout,
        source_timeout: fetch.source_timeout,
        proxy: fetch.proxy.as_ref().map(|proxy| proxy.expose().to_owned()),
        ca_file: fetch.ca_file.clone(),
        robots_for_feeds: fetch.robots_for_feeds,
    })?)
}

/// What the config asks for, in the pipeline's terms.
///
/// # Errors
/// A theme cannot be read, or a template in it is wrong.
pub fn plan(config: &Config) -> anyhow::Result<Plan> {
    let site = SiteInfo {
        title: config.site.title.clone(),
        base_url: config.site.base_url.clone(),
        author: config.site.author.clone(),
        language: config.site.language.clone(),
        rights: config.site.rights.clone(),
        icon: config.site.icon.clone(),
        theme: theme(config.site.theme.as_deref())?,
    };
    let feeds = config.feeds.iter().map(|feed| feed_plan(config, &site, feed)).collect::<Result<_, _>>()?;
    let sources = Sources::new(config.sources.iter().cloned().map(Arc::new).collect());
    Ok(Plan {
        outlets: Outlets::new(&sources),
        site,
        sources,
        feeds,
        concurrency: config.fetch.concurrency as usize,
        source_timeout: config.fetch.source_timeout,
    })
}

fn feed_plan(config: &Config, site: &SiteInfo, feed: &config::Feed) -> anyhow::Result<FeedPlan> {
    let or_site = |own: &Option<String>, site: &Option<String>| own.clone().or_else(|| site.clone());
    Ok(FeedPlan {
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
            archives: feed.archives,
            hub: feed.hub.clone(),
            pictures: feed.pictures,
            theme: theme(feed.theme.as_deref())?.or_else(|| site.theme.clone()),
        },
        number: 0,
        selection: feed.selection.clone(),
        was: feed.was.clone(),
        members_before: None,
    })
}

/// The templates and the style sheet of a theme's folder.
fn theme(folder: Option<&Path>) -> anyhow::Result<Option<Arc<Theme>>> {
    let Some(folder) = folder else { return Ok(None) };
    let unreadable = || format!("the theme {} cannot be read", folder.display());
    let mut theme = Theme::default();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_template = path.extension().is_some_and(|extension| extension == "html" || extension == "css");
        if is_template && !name.starts_with('.') {
            let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            theme.files.insert(name.to_owned(), text);
        }
    }
    anyhow::ensure!(
        !theme.files.is_empty(),
        "the theme {} holds no template; put feed.html, index.html, head.html or style.css there",
        folder.display()
    );
    render::check_theme(&theme).with_context(|| format!("the theme {} is not valid", folder.display()))?;
    Ok(Some(Arc::new(theme)))
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

/// Puts the parts of a run together.
#[must_use]
pub fn parts(
    (fetch, store): (Arc<dyn Fetch>, Arc<dyn Store>),
    targets: Arc<[Target]>,
    stop: CancellationToken,
    now: DateTime<Utc>,
) -> Parts {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Parts { fetch, store, targets, crew: Arc::new(Crew::new(cores)), stop, now }
}
