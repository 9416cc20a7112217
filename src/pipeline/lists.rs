//! Lists that go on in further documents: indexes of sitemaps, next pages.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::ask::Asker;
use super::failure::{Failed, failure_of};
use super::ladder::CLASS_OF_LISTS;
use super::reading::{Extent, Reading};
use super::{Parts, Plan, source};
use crate::address;
use crate::dates::{self, Hints};
use crate::extract::As;
use crate::gather::{Class, FetchError};
use crate::model::{DeadFile, Document, RawArticle, RawItems, Source, SourceState, Validators};
use crate::schedule::Failure;

/// Most files of an index that are read in a run: news stand in the newest ones.
const MOST_FILES: usize = 3;

/// Most entries of sitemaps that are looked at, newest first.
const MOST_ENTRIES: usize = 100;

/// Entries that last changed before are no news.
const NEWS: TimeDelta = TimeDelta::days(30);

/// Most names of dead files that are remembered.
const MOST_DEAD: usize = 200;

/// How long a file that was not there is left alone.
const REST: TimeDelta = TimeDelta::days(7);

/// Reads a sitemap, or the newest files of an index of them.
pub(super) async fn sitemap(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, document): (&mut SourceState, Document),
) -> Result<Reading, Failed> {
    let reading = source::read(parts, plan, source, (vec![document], As::Listing)).await?;
    if let Some(listing) = reading.listing.as_ref().filter(|listing| !listing.children.is_empty()) {
        let named: HashSet<String> = listing.children.iter().map(|(url, _)| source.secrets.veil(url)).collect();
        state.dead.retain(|dead| named.contains(&dead.url));
    }
    let children = children(&reading, source, (state, parts.now));
    state.files.clear();
    if !reading.is_index() {
        state.further.clear();
        return finished(parts, reading, source).await;
    }
    walk(parts, plan, source, (state, reading, children)).await
}

/// Reads the files of an index that has not changed itself, and those that were not there a week ago.
pub(super) async fn files(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    state: &mut SourceState,
) -> Result<Reading, Failed> {
    let rested = state.dead.iter().filter(|dead| parts.now - dead.at >= REST).map(|dead| dead.url.clone());
    let files: Vec<String> = rested.chain(std::mem::take(&mut state.files)).collect();
    let children = files.iter().filter_map(|url| Url::parse(&source.secrets.unveil(url)).ok()).collect();
    walk(parts, plan, source, (state, Reading::default(), children)).await
}

/// What came of the files of an index.
#[derive(Default)]
struct Walked {
    /// Those that were read, or are as they were.
    files: Vec<String>,
    /// How many of these were read.
    fresh: usize,
    /// Those that may answer another time.
    failed: Vec<String>,
    last: Option<Failed>,
}

impl Walked {
    /// A file that failed: one that is not there rests, another is asked for again.
    fn miss(&mut self, url: &Url, failed: Failed) {
        self.failed.push(url.to_string());
        self.last = Some(failed);
    }
}

/// Reads the files that have changed; `reading` is what the index says of itself.
async fn walk(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, mut reading, mut children): (&mut SourceState, Reading, Vec<Url>),
) -> Result<Reading, Failed> {
    let mut asker = Asker::new(parts, source, MOST_FILES + 2);
    let mut known = std::mem::take(&mut state.further);
    let mut walked = Walked::default();
    while walked.files.len() < MOST_FILES && !children.is_empty() {
        let url = children.remove(0);
        let place = source.secrets.veil(url.as_str());
        let Some(answer) = asker.changed(&url, Class::Sitemap, &mut known).await else { break };
        state.dead.retain(|dead| dead.url != place);
        match answer {
            Err(error) if is_dead(&error) => {
                walked.last = Some(Failed::new(Failure::Hard, error.to_string()));
                if state.dead.len() < MOST_DEAD {
                    state.dead.push(DeadFile { url: place, at: parts.now });
                }
            }
            Err(error) => walked.miss(&url, failure_of(&error)),
            Ok(None) => walked.files.push(url.into()),
            Ok(Some((document, _))) => {
                match source::read(parts, plan, source, (vec![document], As::Listing)).await {
                    Ok(file) if file.is_index() => {
                        // what it names is asked for, and it again
                        known.retain(|one| one.url != Validators::place(url.as_str()));
                        children.splice(0..0, self::children(&file, source, (state, parts.now)).into_iter().take(2));
                    }
                    Ok(file) => {
                        walked.fresh += 1;
                        walked.files.push(url.into());
                        reading.join(file);
                    }
                    Err(failed) => walked.miss(&url, failed),
                }
            }
        }
    }
    let Walked { files, fresh, failed, last } = walked;
    let is_cut_short = parts.stop.is_cancelled();
    if files.is_empty() {
        if is_cut_short {
            return Err(Failed::cut_short());
        }
        let last = last.unwrap_or_else(|| Failed::new(Failure::Hard, "it names none that is alive".to_owned()));
        let trouble = format!("no file of the sitemap index could be read: {}", last.trouble);
        return Err(Failed { trouble, is_unreadable: false, ..last });
    }
    reading.extent = match fresh {
        0 => Extent::Nothing,
        fresh if fresh < files.len() || !failed.is_empty() || is_cut_short => Extent::Partial,
        _ => Extent::Whole,
    };
    if let Some(last) = last.filter(|_| !failed.is_empty()) {
        reading.troubles.push(format!("a file of the sitemap index could not be read: {}", last.trouble));
    }
    // a file that failed is asked for again also where the index stays the same
    let files: Vec<String> = files.into_iter().chain(failed).collect();
    known.retain(|one| files.iter().any(|url| one.url == Validators::place(url)));
    state.files = files.iter().map(|url| source.secrets.veil(url)).collect();
    state.further = known;
    finished(parts, reading, source).await
}

/// The entries that are worth a look, as a list whose pages are followed.
async fn finished(parts: &Parts, mut reading: Reading, source: &Arc<Source>) -> Result<Reading, Failed> {
    let (items, now, for_job) = (reading.items, parts.now, Arc::clone(source));
    let (count, newest) = (items.len(), move || RawItems::from(newest(items.into_vec(), &for_job, now)));
    reading.items = parts.work_on(count, newest).await?;
    reading.fast.clear();
    reading.is_page = true;
    reading.follows = true;
    Ok(reading)
}

/// The files of an index that may be alive; those of news first, else the newest.
fn children(reading: &Reading, source: &Source, (state, now): (&SourceState, DateTime<Utc>)) -> Vec<Url> {
    let Some(listing) = &reading.listing else { return Vec::new() };
    let resting: HashSet<String> =
        state.dead.iter().filter(|dead| now - dead.at < REST).map(|dead| source.secrets.unveil(&dead.url)).collect();
    let alive = listing.children.iter().map(|(url, _)| url).filter(|url| !resting.contains(*url));
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
    (state, document): (&mut SourceState, Document),
) -> Result<Reading, Failed> {
    let pages = usize::try_from(source.pages.max(1)).unwrap_or(1);
    let mut asker = Asker::new(parts, source, pages - 1);
    let mut visited = HashSet::from([address::key_form(document.url.as_str())]);
    let mut reading = source::read(parts, plan, source, (vec![document], As::Listing)).await?;
    let mut next = next_of(&reading);
    let mut known = std::mem::take(&mut state.further);
    while let Some(url) = next.take().filter(|url| visited.insert(address::key_form(url.as_str()))) {
        match asker.changed(&url, CLASS_OF_LISTS, &mut known).await {
            None => {
                if parts.stop.is_cancelled() {
                    reading.extent = Extent::Partial;
                }
                break;
            }
            Some(Err(error)) => missed(&mut reading, &error.to_string()),
            // what it held is known, and so is what follows it
            Some(Ok(None)) => reading.extent = Extent::Partial,
            Some(Ok(Some((document, _)))) => {
                match source::read(parts, plan, source, (vec![document], As::Listing)).await {
                    Ok(page) => {
                        next = next_of(&page);
                        reading.join(page);
                    }
                    Err(failed) => missed(&mut reading, &failed.trouble),
                }
            }
        }
    }
    // those of pages that are not asked for now may be needed again
    known.drain(..known.len().saturating_sub(2 * pages));
    state.further = known;
    let mut seen = HashSet::new();
    let mut is_new =
        |item: &RawArticle| item.urls.first().is_some_and(|url| seen.insert(address::key_form(&url.text.text)));
    reading.items = reading.items.into_iter().filter(|item| is_new(item)).collect();
    reading.fast.clear();
    reading.is_page = true;
    reading.follows = true;
    Ok(reading)
}

/// A next page is not there: what is known may stand on it.
fn missed(reading: &mut Reading, why: &str) {
    reading.extent = Extent::Partial;
    reading.troubles.push(format!("a next page of the list could not be read: {why}"));
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
    use crate::model::{Claim, SourceListing, Text, Where};

    #[test]
    fn files_of_news_come_first_and_dead_ones_after_a_week() {
        let urls = [
            "https://a.example/authors.xml",
            "https://a.example/2026.xml",
            "https://a.example/dead.xml",
            "https://a.example/news.xml",
        ];
        let children = urls.iter().map(|url| ((*url).to_owned(), None)).collect();
        let listing = SourceListing { children, ..SourceListing::default() };
        let reading = Reading { listing: Some(Box::new(listing)), ..Reading::default() };
        let now = DateTime::UNIX_EPOCH;
        let dead = vec![DeadFile { url: urls[2].to_owned(), at: now }];
        let state = SourceState { dead, ..SourceState::default() };
        let source = Source::new("a", "a", crate::model::Where::Folder("/".into()));
        let order = |now| -> Vec<String> {
            super::children(&reading, &source, (&state, now)).into_iter().map(String::from).collect()
        };
        assert_eq!(order(now), [urls[3], urls[1], urls[0]]);
        assert!(order(now + REST).contains(&urls[2].to_owned()), "it may be there after a week");
    }

    /// The addresses that are left of entries with an address, a language and a date.
    fn left(language: Option<&str>, entries: &[(&str, &str, &str)]) -> Vec<String> {
        let claims = |from, text: &str| {
            let claim = Claim { from, text: Text::plain(text) };
            Some(claim).filter(|_| !text.is_empty()).into_iter().collect::<Vec<_>>()
        };
        let entry = |(url, language, date): &(&str, &str, &str)| RawArticle {
            urls: claims("sitemap:loc", url),
            languages: claims("sitemap:news:language", language),
            published: claims("sitemap:news:publication_date", date),
            ..RawArticle::default()
        };
        let location = Where::Web("https://a.example/map.xml".parse().unwrap());
        let source = Source { language: language.map(str::to_owned), ..Source::new("a", "a", location) };
        let now = "2026-03-31T12:00:00Z".parse().unwrap();
        let left = newest(entries.iter().map(entry).collect(), &source, now);
        left.iter().map(|item| item.urls[0].text.text.clone()).collect()
    }

    #[test]
    fn entries_in_another_language_are_left_out_where_both_say_which() {
        let day = "2026-03-30";
        let entries = [
            ("https://a.example/1", "en", day),
            ("https://a.example/2", "kk", day),
            ("https://a.example/3", "", day),
            ("https://a.example/4", "EN-us", day),
            ("https://a.example/5", "eng", day),
        ];
        let numbers = |language| {
            let left = left(language, &entries);
            left.iter().map(|url| url.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>().concat()
        };
        assert_eq!(numbers(Some("en")), "134");
        assert_eq!(numbers(Some("en-GB")), "134");
        assert_eq!(numbers(Some("kk_KZ")), "23");
        assert_eq!(numbers(Some("ru")), "3");
        assert_eq!(numbers(None), "12345");
    }

    #[test]
    fn entries_of_a_month_count_each_address_once_and_the_newest_first() {
        let entries = [
            ("https://a.example/old", "", "2026-02-28"),
            ("https://a.example/middle", "", "2026-03-15"),
            ("https://a.example/undated", "", ""),
            ("https://a.example/new", "", "2026-03-31T11:00:00Z"),
            ("http://www.a.example/new/", "", "2026-03-31T10:00:00Z"),
            ("https://a.example/edge", "", "2026-03-01T12:00:00Z"),
        ];
        let expected = ["new", "middle", "edge", "undated"].map(|name| format!("https://a.example/{name}"));
        assert_eq!(left(None, &entries), expected);
        let urls: Vec<String> = (0..150).map(|n| format!("https://a.example/{n}")).collect();
        let many: Vec<(&str, &str, &str)> = urls.iter().map(|url| (url.as_str(), "", "2026-03-30")).collect();
        assert_eq!(left(None, &many).len(), MOST_ENTRIES);
    }
}
