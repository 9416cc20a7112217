//! Reading the pages of stories that a list, a sitemap or a feed only names.
//!
//! Each new story's page is asked for once; what is left over waits in the source's state. A story is
//! published when its page was read, or could not be read three times; one whose page robots.txt bars, at once and
//! without asking.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use url::Url;

use super::ask::Asker;
use super::reading::{self, Extent, Reading};
use super::{Parts, Plan};
use crate::address;
use crate::dedupe;
use crate::extract::{self, As, select};
use crate::gather::{self, Barred, Class, FetchError};
use crate::model::{Claim, Document, Extracted, ImageClaim, Known, RawArticle, Source, SourceState, Text, Waiting};

/// Most pages of one source that are read in a run.
const MOST: usize = 20;

/// Most pages of known stories among them: lists change more often than stories do.
const MOST_AGAIN: usize = 5;

/// How often a page may fail before its story is taken as the list has it.
const TRIES: u8 = 3;

/// Most stories that wait.
const MOST_WAITING: usize = 300;

/// Items with their places in the document.
type Placed = Vec<(usize, RawArticle)>;

/// Tells by its place whether an item is known.
type IsKnown<'a> = dyn Fn(usize) -> bool + Sync + 'a;

/// A story whose page is to be read.
struct Task {
    position: usize,
    item: RawArticle,
    failures: u8,
    is_known: bool,
}

impl Task {
    /// Whether the story can be told without its page.
    fn says_enough(&self) -> bool {
        !self.item.titles.is_empty()
    }
}

/// What came of the pages.
#[derive(Debug, Default)]
struct Followed {
    /// Stories that are complete, with their places in the document.
    ready: Placed,
    /// How many elements the selectors matched on all pages together.
    selected: Vec<(&'static str, usize)>,
    troubles: Vec<String>,
    /// More stories were left over than can wait.
    has_left_out: bool,
}

/// Reads the pages of items that their document only names; those that are complete now.
pub(super) async fn of_reading(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, reading, raw, known): (&mut SourceState, &mut Reading, Placed, &Known),
) -> Placed {
    if !reading.follows {
        return raw;
    }
    let is_known = |place: usize| {
        let keys = reading.fast.get(place).map(|item| [item.guid, item.url]);
        keys.into_iter().flatten().flatten().any(|key| known.hits.contains_key(&key))
    };
    // nobody's pages are read before it is clear whose they are
    let is_foreign = reading.extent == Extent::Whole
        && state.quarantined_at.is_none()
        && dedupe::is_suspicious(known, (0..reading.fast.len()).any(is_known));
    if is_foreign {
        return raw;
    }
    let followed = pages(parts, plan, source, (state, raw, &is_known)).await;
    // a page that failed for good is not waited for
    let is_waiting = state.waiting.iter().any(|one| one.failures < TRIES);
    if is_waiting && reading.feed.is_some() || followed.has_left_out {
        // only the whole document tells all that it says of them
        state.validators = None;
        state.further.clear();
    }
    reading.troubles.extend(followed.troubles);
    reading.selected.extend(followed.selected);
    followed.ready
}

/// Reads pages of the stories that the quick look did not settle.
///
/// `is_known` tells by its place whether a story is one already. State keeps who waits.
async fn pages(
    parts: &Parts,
    plan: &Plan,
    source: &Arc<Source>,
    (state, raw, is_known): (&mut SourceState, Placed, &IsKnown<'_>),
) -> Followed {
    let mut followed = Followed::default();
    let mut queue = queue(source, std::mem::take(&mut state.waiting), raw, (is_known, &mut followed));
    // the rest of the source's time is for storing what was read
    let time = plan.source_timeout.mul_f32(0.6);
    let _ = gather::within(time, read_all(parts, source, (&mut queue, &mut followed))).await;
    let left = queue.into_iter().filter(|task| !task.is_known).map(|task| waiting(&task));
    state.waiting.extend(left);
    if let more @ 1.. = state.waiting.len().saturating_sub(MOST_WAITING) {
        let stories = if more == 1 { "1 more story".to_owned() } else { format!("{more} more stories") };
        followed.troubles.push(format!("{stories} than can wait: read from the next answers"));
        followed.has_left_out = true;
        state.waiting.truncate(MOST_WAITING);
    }
    followed.ready.sort_by_key(|(position, _)| *position);
    followed
}

/// Who is to be read, in order: those that waited, the new ones, the known ones that changed.
fn queue(
    source: &Source,
    waited: Vec<Waiting>,
    raw: Placed,
    (is_known, followed): (&IsKnown<'_>, &mut Followed),
) -> VecDeque<Task> {
    let mut failures: HashMap<String, u8> = HashMap::new();
    let mut new = Vec::new();
    let mut known = Vec::new();
    let waited: Vec<(String, Waiting)> = waited.into_iter().map(|one| (address::key_form(&one.url), one)).collect();
    failures.extend(waited.iter().map(|(key, one)| (key.clone(), one.failures)));
    let mut listed = HashSet::new();
    let end = raw.iter().map(|(position, _)| position + 1).max().unwrap_or(0);
    for (position, item) in raw {
        let key = item.urls.first().map(|claim| address::key_form(&claim.text.text));
        let Some(key) = key.filter(|_| item.bodies.is_empty() || source.full_text) else {
            followed.ready.push((position, item));
            continue;
        };
        let task =
            Task { position, item, failures: failures.get(&key).copied().unwrap_or(0), is_known: is_known(position) };
        listed.insert(key);
        if task.is_known { known.push(task) } else { new.push(task) }
    }
    let gone =
        waited.into_iter().filter(|(key, one)| !listed.contains(key) && (one.failures < TRIES || one.title.is_some()));
    let gone = gone.enumerate().map(|(place, (_, one))| Task {
        position: end + place,
        failures: one.failures,
        item: revived(one),
        is_known: false,
    });
    let old: Vec<Task> = gone.collect();
    known.truncate(MOST_AGAIN);
    old.into_iter().chain(new).chain(known).collect()
}

/// Reads page after page; what is in the queue afterwards was not read.
async fn read_all(parts: &Parts, source: &Arc<Source>, (queue, followed): (&mut VecDeque<Task>, &mut Followed)) {
    let mut asker = Asker::new(parts, source, MOST);
    let mut left = queue.len();
    while left > 0 {
        left -= 1;
        let Some(task) = queue.front() else { return };
        // nothing but its page would tell what it is
        if task.failures >= TRIES {
            queue.rotate_left(1);
            continue;
        }
        let Some(url) = task.item.urls.first().and_then(|claim| Url::parse(&claim.text.text).ok()) else {
            queue.pop_front();
            continue;
        };
        let answer = match asker.document(&url, Class::Page).await {
            None => return,
            Some(Err(FetchError::Status { code: 429 | 503, .. } | FetchError::Held { .. })) => {
                followed.troubles.push(format!(
                    "{} asks for a pause: {} stories wait",
                    url.host_str().unwrap_or_default(),
                    queue.len()
                ));
                return;
            }
            // no failure: the outlet's own word, so the story is what its list says of it
            Some(Err(FetchError::Robots { by: Barred::Rule, .. })) => {
                let told = queue.pop_front().filter(|task| !task.is_known && task.says_enough());
                followed.ready.extend(told.map(|task| (task.position, task.item)));
                continue;
            }
            Some(answer) => answer.map_err(|error| error.to_string()),
        };
        let page = match answer {
            Ok((document, _)) => read_page(parts, source, (document, std::mem::take(&mut asker.usage))).await,
            Err(error) => Err(error),
        };
        let Some(mut task) = queue.pop_front() else { return };
        match page {
            Ok((page, counts)) => {
                for (name, matches) in counts {
                    match followed.selected.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, known)) => *known += matches,
                        None => followed.selected.push((name, matches)),
                    }
                }
                followed.ready.push((task.position, extract::merge(task.item, page)));
            }
            Err(_) if task.is_known => {}
            Err(error) => {
                tracing::debug!(source = %source.id, %url, error, "a story's page could not be read");
                task.failures += 1;
                if task.failures >= TRIES && task.says_enough() {
                    followed.ready.push((task.position, task.item));
                } else {
                    queue.push_back(task);
                }
            }
        }
    }
}

/// Reads one page as an article, with the selectors' own claims in front.
async fn read_page(
    parts: &Parts,
    source: &Arc<Source>,
    (document, usage): (Document, Vec<String>),
) -> Result<(RawArticle, Vec<(&'static str, usize)>), String> {
    let (source, now) = (Arc::clone(source), parts.now);
    let work = move || {
        let request = extract::Request { read_as: As::Article, more: false, now };
        let page = match extract::extract(&document, &request).map_err(|error| error.to_string())? {
            Extracted::Article { article, .. } => *article,
            _ => return Err("no article".to_owned()),
        };
        let mut page = reading::with_usage(page, &usage);
        let mut counts = Vec::new();
        if let Some(wanted) = &source.select {
            let selected = select::of_page(&document, wanted);
            counts = selected.counts;
            if let Some(own) = selected.items.into_iter().next() {
                page = reading::overlay(own, page);
            }
        }
        if reading::is_short_story(&page) { Ok((page, counts)) } else { Err("the page has no story in it".to_owned()) }
    };
    parts.crew.run(work).await?
}

/// What is kept of a story that waits.
fn waiting(task: &Task) -> Waiting {
    let first = |claims: &[Claim]| claims.first().map(|claim| claim.text.text.clone());
    let item = &task.item;
    Waiting {
        url: first(&item.urls).unwrap_or_default(),
        title: first(&item.titles),
        published: first(&item.published),
        summary: first(&item.summaries),
        image: item.images.first().map(|image| image.url.clone()),
        id: item.id.clone(),
        fingerprint: item.fingerprint,
        failures: task.failures,
    }
}

/// A story that waited, as its list had it.
fn revived(one: Waiting) -> RawArticle {
    let claims = |from, text: Option<String>| {
        text.map(|text| Claim { from, text: Text::plain(text) }).into_iter().collect::<Vec<_>>()
    };
    RawArticle {
        id: one.id,
        base: Url::parse(&one.url).ok(),
        urls: claims("listing:link", Some(one.url)),
        titles: claims("listing:heading", one.title),
        published: claims("listing:date", one.published),
        summaries: claims("listing:summary", one.summary),
        images: one
            .image
            .map(|url| ImageClaim { from: "listing:picture", url, ..ImageClaim::default() })
            .into_iter()
            .collect(),
        fingerprint: one.fingerprint,
        ..RawArticle::default()
    }
}
