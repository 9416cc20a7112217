//! The search down the ladder: from a page to where its outlet has its articles.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use super::ask::{Asker, Found};
use super::failure::{Failed, failure_of};
use super::kept::Kept;
use super::ladder::CLASS_OF_LISTS;
use super::reading::Reading;
use super::source;
use super::{Parts, Plan, lists};
use crate::extract::As;
use crate::gather::{self, Class};
use crate::model::{Document, Rung, RungKind, Source, SourceListing, SourceState, Where};
use crate::schedule::Failure;

/// Most requests of one search.
const MOST: usize = 14;

/// Linked feeds that are tried.
const MOST_LINKED: usize = 3;

/// Where feeds lie that no page links to, best first.
const FEEDS: [&str; 5] = ["feed/", "rss.xml", "feed.xml", "atom.xml", "rss"];

/// Where news sitemaps lie that robots.txt does not name.
const SITEMAPS: [&str; 3] = ["news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml"];

/// Stories that a page must list to be taken for a list.
pub(super) const LEAST: usize = 3;

/// Searches from the configured address, or from the front page where that is gone.
pub(super) async fn from_home(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    state: &mut SourceState,
) -> Result<Reading, Failed> {
    state.climbed = Some(parts.now);
    let Where::Web(own) = &source.location else { return Err(nothing(None)) };
    let mut asker = Asker::new(parts, source, 2);
    let front = own.join("/").ok().filter(|front| front != own);
    let mut last = None;
    for url in std::iter::once(own.clone()).chain(front) {
        match asker.document(&url, CLASS_OF_LISTS).await {
            Some(Ok((document, _))) => return climb(parts, plan, source, (state, document, None)).await,
            Some(Err(error)) => last = Some(Failed::new(Failure::Hard, error.to_string())),
            None if parts.stop.is_cancelled() => return Err(Failed::cut_short()),
            None => break,
        }
    }
    Err(nothing(last))
}

/// Searches from a page; `before` is why it could not be read as anything.
pub(super) async fn climb(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, page, before): (&mut SourceState, Document, Option<Failed>),
) -> Result<Reading, Failed> {
    state.climbed = Some(parts.now);
    (state.files, state.further) = (Vec::new(), Vec::new());
    let listed = source::read(parts, plan, source, (vec![page.clone()], As::Listing)).await;
    let Ok(listed) = listed else { return article(parts, plan, source, (state, page, before)).await };
    let mut search = Search::new(parts, plan, source);
    let found = below(&mut search, (state, page, before), listed).await;
    let is_best = found.is_ok() && state.rung.as_ref().is_some_and(|rung| rung.kind == RungKind::LinkedFeed);
    state.provisional = false;
    match (found, search.passing) {
        (found, _) if is_best => found,
        _ if parts.stop.is_cancelled() => Err(Failed::cut_short()),
        (Ok(mut reading), Some(passing)) => {
            state.provisional = true;
            let trouble =
                format!("not all of its places could be looked at ({}): it is searched again", passing.trouble);
            reading.troubles.push(trouble);
            Ok(reading)
        }
        (Err(_), Some(passing)) => Err(passing),
        // the page can be read, there is only nothing in it: where it leads to there may be something the next time
        (found, None) => found.map_err(|failed| Failed { is_unreadable: false, ..failed }),
    }
}

/// Each rung below the page itself, the best one first.
async fn below(
    search: &mut Search<'_>,
    (state, page, before): (&mut SourceState, Document, Option<Failed>),
    listed: Reading,
) -> Result<Reading, Failed> {
    let (parts, plan, source) = (search.parts, search.plan, search.source);
    let (at, page) = (page.url.clone(), Kept::of(parts, page).await);
    let listing = listed.listing.as_deref().cloned().unwrap_or_default();
    if let Some((url, (reading, validators))) = search.feed(&at, &listing).await {
        state.validators = validators;
        return Ok(stand(source, state, (RungKind::LinkedFeed, Some(url)), reading));
    }
    if !listing.says_article
        && let Some((url, (reading, validators))) = search.sitemap(&at, state).await
    {
        state.validators = validators;
        return Ok(stand(source, state, (RungKind::Sitemap, Some(url)), reading));
    }
    let is_own = matches!(&source.location, Where::Web(own) if same_document(own, &at));
    let url = (!is_own).then(|| at.to_string());
    if !listing.says_article
        && let Some((url, (reading, validators))) = search.api(&listing).await
    {
        state.validators = validators;
        return Ok(stand(source, state, (RungKind::Listing, Some(url.into())), reading));
    }
    let page = page.back(parts).await;
    if listed.items.len() >= LEAST && listing.is_list {
        let reading = lists::listing(parts, plan, source, (state, page)).await?;
        return Ok(stand(source, state, (RungKind::Listing, url), reading));
    }
    article(parts, plan, source, (state, page, before)).await
}

/// Whether a page came from the configured address; a redirect to another scheme or to `www.` counts too.
fn same_document(own: &Url, found: &Url) -> bool {
    crate::address::key_form(own.as_str()) == crate::address::key_form(found.as_str())
}

/// The last rung: the page is one article.
async fn article(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, page, before): (&mut SourceState, Document, Option<Failed>),
) -> Result<Reading, Failed> {
    if before.is_some() {
        return Err(nothing(before));
    }
    let is_own = matches!(&source.location, Where::Web(own) if own.path() == page.url.path());
    let reading = source::read(parts, plan, source, (vec![page], As::Article)).await;
    match reading {
        Ok(reading) if is_own => Ok(stand(source, state, (RungKind::Article, None), reading)),
        Ok(_) => Err(nothing(None)),
        Err(failed) => Err(nothing(Some(failed))),
    }
}

/// Notes where the source stands now.
fn stand(
    source: &Source,
    state: &mut SourceState,
    (kind, url): (RungKind, Option<String>),
    mut reading: Reading,
) -> Reading {
    state.rung = Some(Rung { kind, url: url.map(|url| source.secrets.veil(&url)) });
    reading.is_page = !matches!(kind, RungKind::Feed | RungKind::LinkedFeed);
    reading.follows = matches!(kind, RungKind::Sitemap | RungKind::Listing);
    reading
}

fn nothing(before: Option<Failed>) -> Failed {
    before.unwrap_or_else(|| {
        Failed::new(Failure::Hard, "no feed, no news sitemap, no list of stories and no article was found".to_owned())
    })
}

/// A search from one page; its requests are counted.
pub(super) struct Search<'a> {
    parts: &'a Parts,
    plan: &'a Arc<Plan>,
    source: &'a Arc<Source>,
    pub asker: Asker<'a>,
    /// The first trouble that says nothing of what is there.
    passing: Option<Failed>,
}

/// What was read at an address, with the validators it came with.
pub(super) type Read = (Reading, Option<crate::model::Validators>);

impl<'a> Search<'a> {
    pub fn new(parts: &'a Parts, plan: &'a Arc<Plan>, source: &'a Arc<Source>) -> Self {
        Self { parts, plan, source, asker: Asker::new(parts, source, MOST), passing: None }
    }

    /// A feed that the page links to, else one at a usual place.
    async fn feed(&mut self, page: &Url, listing: &SourceListing) -> Option<(String, Read)> {
        for url in feeds_of(page, listing) {
            if let Some(read) = self.try_feed(&url).await {
                return Some((url.into(), read));
            }
        }
        None
    }

    /// All feeds that the page links to, else the first one at a usual place.
    pub async fn feeds(&mut self, page: &Url, listing: &SourceListing) -> Vec<(String, Read)> {
        let are_linked = !listing.feeds.is_empty();
        let mut found = Vec::new();
        for url in feeds_of(page, listing) {
            found.extend(self.try_feed(&url).await.map(|read| (url.into(), read)));
            if !are_linked && !found.is_empty() {
                break;
            }
        }
        found
    }

    /// The sitemap that a document is, with the files that it names.
    pub async fn files(&self, document: Document, state: &mut SourceState) -> Result<Reading, Failed> {
        lists::sitemap(self.parts, self.plan, self.source, (state, document)).await
    }

    /// What lies at an address; a trouble that passes is noted.
    async fn ask(&mut self, url: &Url, class: Class) -> Option<Found> {
        let answer = self.asker.document(url, class).await?;
        answer.map_err(|error| self.note(failure_of(&error))).ok()
    }

    fn note(&mut self, failed: Failed) {
        if failed.passes() {
            self.passing.get_or_insert(failed);
        }
    }

    async fn try_feed(&mut self, url: &Url) -> Option<Read> {
        let (document, validators) = self.ask(url, Class::FoundFeed).await?;
        let reading = source::read(self.parts, self.plan, self.source, (vec![document], As::Feed)).await.ok()?;
        (!reading.items.is_empty()).then_some((reading, validators))
    }

    /// A news sitemap that robots.txt names, else one at a usual place.
    pub async fn sitemap(&mut self, page: &Url, state: &mut SourceState) -> Option<(String, Read)> {
        const MOST_NAMED: usize = 2;
        let root = page.join("/").ok()?;
        // robots.txt was asked for before the page was
        let mut named = if let Some(named) = self.parts.fetch.sitemaps(&root) {
            named
        } else {
            let robots = self.ask(&root.join("robots.txt").ok()?, Class::Feed).await;
            robots.map(|(document, _)| gather::sitemaps_of(&document)).unwrap_or_default()
        };
        // an index may name a news sitemap too, a plain file is none
        named.sort_by_key(|url| !url.path().to_ascii_lowercase().contains("news"));
        named.truncate(MOST_NAMED);
        let usual = if named.is_empty() { &SITEMAPS[..] } else { &[] };
        let usual = usual.iter().filter_map(|name| root.join(name).ok());
        for url in named.into_iter().chain(usual) {
            let Some((document, validators)) = self.ask(&url, Class::Sitemap).await else { continue };
            let mut found = SourceState::default();
            match self.files(document, &mut found).await {
                Ok(reading) if reading.has_news() => {
                    (state.files, state.further, state.dead) = (found.files, found.further, found.dead);
                    return Some((url.into(), (reading, validators)));
                }
                Ok(_) => {}
                Err(failed) => self.note(failed),
            }
        }
        None
    }

    /// The posts of a `WordPress` API.
    pub async fn api(&mut self, listing: &SourceListing) -> Option<(Url, Read)> {
        let url = Url::parse(listing.api.as_deref()?).ok()?.join("wp/v2/posts?per_page=20").ok()?;
        let (document, validators) = self.ask(&url, CLASS_OF_LISTS).await?;
        let read = source::read(self.parts, self.plan, self.source, (vec![document], As::Listing)).await.ok()?;
        (!read.items.is_empty()).then_some((url, (read, validators)))
    }
}

/// The feeds to try: those that the page links to, else the usual places, where the page is no article.
fn feeds_of(page: &Url, listing: &SourceListing) -> Vec<Url> {
    let mut urls = linked_feeds(page, listing);
    urls.truncate(MOST_LINKED);
    if urls.is_empty() && !listing.says_article {
        urls.extend(FEEDS.iter().filter_map(|name| page.join("/").ok()?.join(name).ok()));
    }
    urls
}

/// The feeds of a page that may be of its articles, the page's own before the site's.
fn linked_feeds(page: &Url, listing: &SourceListing) -> Vec<Url> {
    let is_comments =
        |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("comments"));
    let mut seen = HashSet::new();
    let mut urls: Vec<Url> = listing
        .feeds
        .iter()
        .filter(|(_, title)| !is_comments(title))
        .filter_map(|(address, _)| Url::parse(address).ok())
        .filter(|url| !is_comments(url.path()) && !url.query().is_some_and(is_comments))
        .filter(|url| seen.insert(url.clone()))
        .collect();
    let own = page.path().trim_end_matches('/');
    urls.sort_by_key(|url| own.is_empty() || !url.path().starts_with(own));
    urls
}

impl Reading {
    /// Whether it is a news sitemap, or the files of an index in which one was.
    fn has_news(&self) -> bool {
        let named =
            self.items.iter().filter(|item| item.titles.iter().any(|claim| claim.from.starts_with("sitemap:news")));
        named.count() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_page_come_before_those_of_the_site() {
        let page = Url::parse("https://a.example/world/").unwrap();
        let feeds = [
            ("https://a.example/feed", "A"),
            ("https://a.example/world/feed", "World"),
            ("https://a.example/comments/feed", "C"),
            ("https://a.example/x", "Comments on x"),
            ("https://a.example/?feed=comments-rss2", "C"),
            ("https://a.example/feed", "A, once more"),
            ("https://comments.example/commentary", "Comment is free"),
            ("https://a.example/world/feed", "World"),
        ];
        let feeds = feeds.map(|(url, title)| (url.to_owned(), title.to_owned())).to_vec();
        let urls = linked_feeds(&page, &SourceListing { feeds, ..SourceListing::default() });
        let urls: Vec<&str> = urls.iter().map(Url::as_str).collect();
        assert_eq!(
            urls,
            ["https://a.example/world/feed", "https://a.example/feed", "https://comments.example/commentary"]
        );
    }
}
