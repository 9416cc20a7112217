//! `add`: finds the best source at an address and writes its block into the config.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::output::{self, Output};
use super::state::State;
use super::{Ended, setup, signals};
use crate::cli::{AddArgs, exit};
use crate::config::{self, Config, NewSource};
use crate::model::{RungKind, Source, SourceKind, Where};
use crate::pipeline::{self, Offer, Outlets, Plan, Sources};
use crate::report::{count, date_text};
use crate::store::Store;

/// Shows what each rung of the ladder holds, and writes the best one as a source.
///
/// # Errors
/// The address cannot be used, nothing was found there, or the config cannot be written.
pub async fn add(path: &Path, args: &AddArgs, output: Output) -> Result<u8, Ended> {
    let config = setup::load(path)?;
    let url = crate::address::parse(&args.url)
        .ok_or_else(|| Ended::usage(format!("{} is no absolute http or https address", args.url)))?;
    let is_taken = |id: &str| config.sources.iter().any(|source| &*source.id == id);
    if let Some(id) = args.id.as_deref().filter(|id| is_taken(id)) {
        return Err(Ended::usage(format!("the config has a source {id} already")));
    }
    let known = |location: &str| {
        let same = |source: &&Source| matches!(&source.location, Where::Web(own) if own.as_str() == location);
        config.sources.iter().find(same).map(|source| source.id.to_string())
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let id = args.id.clone().unwrap_or_else(|| config::free_id(&host, &is_taken));
    let state = State::to_read(&config).await?;
    let offers = look(&config, Arc::clone(&state.store), url)
        .await
        .map_err(|trouble| Ended { code: exit::ALL_SOURCES_FAILED, message: format!("{}: {trouble}", args.url) })?;
    output::print(&shown(&args.url, &offers))?;
    let Some(best) = offers.first() else {
        let message = format!("{}: no feed, no news sitemap, no list of stories and no article was found", args.url);
        return Err(Ended { code: exit::ALL_SOURCES_FAILED, message });
    };
    if let Some(known) = known(&best.url) {
        return Err(Ended::usage(format!("the config has this source already, as {known}")));
    }
    let kind = (best.kind != SourceKind::Feed).then(|| best.kind.word());
    let new = NewSource { id, url: best.url.clone(), kind, title: best.title.clone() };
    output::print(&format!("\n{}", new.block().trim_end()))?;
    if args.dry_run {
        if !output.quiet {
            output::say("dry run: nothing was written");
        }
        return Ok(exit::OK);
    }
    write(path, &new)?;
    if !output.quiet {
        output::say(&format!("written to {}", path.display()));
    }
    Ok(exit::OK)
}

/// Climbs the ladder from an address, with nothing stored or published.
async fn look(config: &Config, store: Arc<dyn Store>, url: url::Url) -> Result<Vec<Offer>, String> {
    let fetch = setup::inspector(Some(config)).map_err(|error| format!("{error:#}"))?;
    let parts = setup::parts((fetch, store), Arc::from([]), signals::stop_on_signal(config), setup::now(config));
    let host = url.host_str().unwrap_or_default();
    let outlet = crate::address::registrable_domain(host).to_owned();
    let source = Arc::new(Source::new("new", &outlet, Where::Web(url)));
    let sources = Sources::new(vec![Arc::clone(&source)]);
    let plan = setup::plan(config).map_err(|error| format!("{error:#}"))?;
    let plan = Arc::new(Plan { outlets: Outlets::new(&sources), sources, feeds: Vec::new(), ..plan });
    pipeline::survey(&parts, &plan, &source).await
}

/// What was found, rung by rung, the best one first.
fn shown(address: &str, offers: &[Offer]) -> String {
    let mut text = format!("{address}\n");
    for rung in [RungKind::Feed, RungKind::LinkedFeed, RungKind::Sitemap, RungKind::Listing, RungKind::Article] {
        let mut found = offers.iter().filter(|offer| offer.rung == rung).peekable();
        if found.peek().is_none() && matches!(rung, RungKind::LinkedFeed | RungKind::Sitemap | RungKind::Listing) {
            let _ = writeln!(text, "\n{:12} none", rung.word());
        }
        for offer in found {
            let evidence = offer.evidence.map(|evidence| format!(", {evidence}")).unwrap_or_default();
            let _ = writeln!(text, "\n{:12} {} ({}{evidence})", rung.word(), offer.url, count(offer.count, "item", ""));
            for article in &offer.first {
                let date = article.date_published.as_ref().map_or_else(|| "no date".to_owned(), date_text);
                let title = article.title.as_deref().or(article.url.as_deref()).unwrap_or_default();
                let _ = writeln!(text, "{:12} {date}  {title}", "");
            }
        }
    }
    text.trim_end().to_owned()
}

/// Writes the config with the new block in one go, so that it is never half there.
fn write(path: &Path, new: &NewSource) -> Result<(), Ended> {
    let unwritable = |reason: String| Ended::usage(format!("{} cannot be changed: {reason}", path.display()));
    let real = path.canonicalize().map_err(|error| unwritable(error.to_string()))?;
    let text = std::fs::read_to_string(&real).map_err(|error| unwritable(error.to_string()))?;
    let text = config::add_source(&text, new).map_err(unwritable)?;
    // what would not be read again is not written
    config::parse(&text, path, &|name| std::env::var(name).ok())?;
    let folder = real.parent().unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().set_permissions(std::fs::metadata(&real)?.permissions())?;
        file.as_file().sync_all()?;
        file.persist(&real).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| unwritable(error.to_string()))
}
