//! Lists that go on in further documents: indexes of sitemaps, next pages.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::ask::Asker;
use super::ladder::CLASS_OF_LISTS;
use super::reading::Reading;
use super::source::{self, Failed};
use super::{Parts, Plan};
use crate::address;
use crate::dates::{self, Hints};
use crate::extract::As;
use crate::gather::{Class, FetchError};
use crate::model::{Document, RawArticle, Source, SourceState};
use crate::schedule::Failure;

/// Most files of an index that are read in a run: news stand in the newest ones.
const MOST_FILES: usize = 3;

/// Most entries of sitemaps that are looked at, newest first.
const MOST_ENTRIES: usize = 100;

/// Entries that last changed before are no news.
const NEWS: TimeDelta = TimeDelta::days(30);

/// Most names of dead files that are remembered.
const MOST_DEAD: usize = 200;

/// Reads a sitemap, or the newest files of an index of them.
pub(super) async fn sitemap(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, document): (&mut SourceState, Document),
) -> Result<Reading, Failed> {
    let mut asker = Asker::new(parts, source, MOST_FILES + 2);
    let mut reading = source::read(parts, plan, source, (vec![document], As::Listing)).await?;
    let mut children = children(&reading, state);
    let is_index = reading.is_index();
    if is_index {
        // an index stays the same while its files change
        state.validators = None;
    }
    let mut files = 0;
    let mut last_trouble = None;
    while files < MOST_FILES && !children.is_empty() {
        let url = children.remove(0);
        match asker.document(&url, Class::Sitemap).await {
            None => break,
            Some(Err(error)) => {
                if is_dead(&error) && state.dead_files.len() < MOST_DEAD {
                    state.dead_files.push(url.into());
                }
                last_trouble = Some(error.to_string());
            }
            Some(Ok((document, _))) => {
                files += 1;
                match source::read(parts, plan, source, (vec![document], As::Listing)).await {
                    Ok(file) => {
                        let inner = self::children(&file, state);
                        children.splice(0..0, inner.into_iter().take(2));
                        reading.join(file);
                    }
                    Err(failed) => last_trouble = Some(failed.trouble),
                }
            }
        }
    }
    if is_index && files == 0 {
        let reason = last_trouble.unwrap_or_else(|| "it names none that is alive".to_owned());
        return Err(Failed::new(Failure::Hard, format!("no file of the sitemap index could be read: {reason}")));
    }
    reading.items = newest(reading.items.into_vec(), source, parts.now).into();
    reading.fast.clear();
    reading.is_page = true;
    reading.follows = true;
    Ok(reading)
}

/// The files of an index that may be alive; those of news first, else the newest.
fn children(reading: &Reading, state: &SourceState) -> Vec<Url> {
    let Some(listing) = &reading.listing else { return Vec::new() };
    let alive = listing.children.iter().map(|(url, _)| url).filter(|url| !state.dead_files.contains(url));
    let mut urls: Vec<Url> = alive.filter_map(|url| Url::parse(url).ok()).collect();
    let is_other = |url: &Url| {
        let path = url.path().to_ascii_lowercase();
        let is_news = ["news", "latest", "google"].iter().any(|word| path.contains(word));
        let is_aside = ["image", "video", "author", "tag", "categor", "page-sitemap", "topic"]
            .iter()
            .any(|word| path.contains(word));
        (!is_news, is_aside)
    };
    urls.sort_by_key(is_other);
    urls
}

fn is_dead(error: &FetchError) -> bool {
    matches!(error, FetchError::Gone { .. } | FetchError::Status { code: 404, .. })
}

/// The entries that may be news, in the source's language where both say which.
fn newest(items: Vec<RawArticle>, source: &Source, now: DateTime<Utc>) -> Vec<RawArticle> {
    let hints = Hints::at(now);
    let wanted = source.language.as_deref().map(primary);
    let date = |item: &RawArticle| {
        let text = item.published.first().or(item.modified.first())?.text.text.as_str();
        Some(dates::place(dates::parse_absolute(text, &hints)?, source.timezone).at.to_utc())
    };
    let speaks = |item: &RawArticle| match (&wanted, item.languages.first()) {
        (Some(wanted), Some(own)) => primary(&own.text.text) == *wanted,
        _ => true,
    };
    let mut seen = HashSet::new();
    let mut dated: Vec<(Option<DateTime<Utc>>, RawArticle)> = items
        .into_iter()
        .filter(speaks)
        .filter(|item| item.urls.first().is_some_and(|url| seen.insert(address::key_form(&url.text.text))))
        .map(|item| (date(&item), item))
        .filter(|(at, _)| at.is_none_or(|at| now - at <= NEWS))
        .collect();
    dated.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    dated.into_iter().map(|(_, item)| item).take(MOST_ENTRIES).collect()
}

fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// Reads a page that lists stories, with as many next pages as the config asks for.
pub(super) async fn listing(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    document: Document,
) -> Result<Reading, Failed> {
    let pages = usize::try_from(source.pages.max(1)).unwrap_or(1);
    let mut asker = Asker::new(parts, source, pages - 1);
    let mut visited = HashSet::from([address::key_form(document.url.as_str())]);
    let mut reading = source::read(parts, plan, source, (vec![document], As::Listing)).await?;
    let mut next = next_of(&reading);
    while let Some(url) = next.take().filter(|url| visited.insert(address::key_form(url.as_str()))) {
        match asker.document(&url, CLASS_OF_LISTS).await {
            None => break,
            Some(Err(error)) => reading.troubles.push(format!("a next page of the list could not be read: {error}")),
            Some(Ok((document, _))) => {
                if let Ok(page) = source::read(parts, plan, source, (vec![document], As::Listing)).await {
                    next = next_of(&page);
                    reading.join(page);
                }
            }
        }
    }
    let mut seen = HashSet::new();
    let is_new =
        |item: &RawArticle| item.urls.first().is_some_and(|url| seen.insert(address::key_form(&url.text.text)));
    let mut is_new = is_new;
    reading.items = reading.items.into_iter().filter(|item| is_new(item)).collect();
    reading.fast.clear();
    reading.is_page = true;
    reading.follows = true;
    Ok(reading)
}

/// The next page, on the page's own site.
fn next_of(reading: &Reading) -> Option<Url> {
    let listing = reading.listing.as_ref()?;
    let next = listing.next.as_deref()?;
    let home = listing.home_page_url.as_deref()?;
    Url::parse(next).ok().filter(|_| address::same_site(next, home))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceListing;

    #[test]
    fn files_of_news_come_first_and_dead_ones_never() {
        let urls = [
            "https://a.example/authors.xml",
            "https://a.example/2026.xml",
            "https://a.example/dead.xml",
            "https://a.example/news.xml",
        ];
        let children = urls.iter().map(|url| ((*url).to_owned(), None)).collect();
        let listing = SourceListing { children, ..SourceListing::default() };
        let reading = Reading { listing: Some(Box::new(listing)), ..Reading::default() };
        let state = SourceState { dead_files: vec![urls[2].to_owned()], ..SourceState::default() };
        let order: Vec<String> = super::children(&reading, &state).into_iter().map(String::from).collect();
        assert_eq!(order, [urls[3], urls[1], urls[0]]);
    }
}
