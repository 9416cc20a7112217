//! One source: fetched, read, told apart from what is known, stored.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::collect::Bounds;
use super::failure::{Failed, fail, failure_of};
use super::quarantine::{self, Pending};
use super::reading::{self, Extent, Reading, Surroundings};
use super::verdict::decided;
use super::{Parts, Plan, ask, failure, follow, intake, ladder, lists, settle};
use crate::dates::OutletClock;
use crate::dedupe::{self, Candidate, Fast, Scope};
use crate::extract::{As, ExtractError};
use crate::gather::{self, Answer, Fetched};
use crate::model::{Document, Key, Known, RawArticle, Source, SourceState, Where};
use crate::report::{Outcome, SourceReport};
use crate::schedule::{self, Failure, Freshness, Rules};
use crate::store::StoreError;

/// Gathers one source; whatever happens is in the report, and stored before this returns: who is killed then asks
/// nobody again who has just answered.
pub async fn gather(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, bounds): (SourceState, Bounds<'_>),
) -> SourceReport {
    let before = state.clone();
    match attempt(parts, plan, source, (state, bounds)).await {
        Ok(report) => report,
        Err(mut failed) => {
            bounds.hosts.store(parts).await;
            // until the next search it is read where it stands
            failed.climbed |= ladder::is_search_due(&before, parts.now);
            fail(parts, source, before, failed).await
        }
    }
}

pub(super) fn rules(source: &Source) -> Rules {
    Rules { every: source.every, local: matches!(source.location, Where::Folder(_)) }
}

async fn attempt(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (mut state, bounds): (SourceState, Bounds<'_>),
) -> Result<SourceReport, Failed> {
    if ladder::is_search_due(&state, parts.now) {
        state.climbed = None;
    }
    let mut usage = Vec::new();
    let (documents, look, unreadable) = match &source.location {
        Where::Folder(path) => {
            let folder = gather::folder::read(path, parts.now).await.map_err(|error| failure_of(&error))?;
            let unreadable = folder.unreadable.iter().map(ToString::to_string).collect();
            (folder.documents, Look::at(parts.now, bounds), unreadable)
        }
        Where::Web(url) => {
            let fetched = match parts.fetch.fetch(request(source, url, &state, parts.now)).await {
                Ok(fetched) => fetched,
                Err(error) => {
                    let failed = (&mut state, failure_of(&error));
                    let reading = ladder::after_failure(parts, plan, source, failed).await?;
                    return take_in(parts, plan, source, (state, Look::at(parts.now, bounds), reading)).await;
                }
            };
            let freshness = freshness_of(&fetched);
            let is_own = ladder::address(source, &state, url) == *url;
            if is_own && schedule::sight_move(&mut state, fetched.permanent.as_ref(), source, parts.now) {
                tracing::info!(source = %source.id, "has moved for good, and is asked at its new address");
            }
            let Fetched { answer, validators, at, usage: fields, .. } = fetched;
            usage = fields;
            let mut look = Look { freshness, ..Look::at(at, bounds) };
            let document = match answer {
                Answer::Document(document) => Some(ask::public(source, without_query(document))),
                // the second look agrees
                Answer::NotModified => quarantine::taken_back(source, &mut state, parts.now),
            };
            look.pending = document.as_ref().and_then(|document| Pending::of(&state, document));
            state.validators = validators;
            let Some(document) = document else {
                return unchanged(parts, plan, source, (state, look)).await;
            };
            (vec![document], look, Vec::new())
        }
    };
    let came_with = match &source.location {
        Where::Web(url) => state.validators.clone().filter(|_| ladder::reads_alone(source, &state, url)),
        Where::Folder(_) => None,
    };
    let read = ladder::read(parts, plan, source, (&mut state, documents)).await;
    let mut reading = read.map_err(|failed| {
        let unread = came_with.filter(|_| failed.is_unreadable).map(Box::new);
        Failed { unread, ..failed }
    })?;
    reading.troubles.extend(unreadable);
    if reading.is_page {
        let pages = std::mem::take(&mut reading.items).into_iter();
        reading.items = pages.map(|page| reading::with_usage(page, &usage)).collect();
    }
    take_in(parts, plan, source, (state, look, reading)).await
}

/// What is known of an answer beside its document.
struct Look<'a> {
    freshness: Freshness,
    /// When it came.
    at: DateTime<Utc>,
    bounds: Bounds<'a>,
    pending: Option<Pending>,
}

impl<'a> Look<'a> {
    fn at(at: DateTime<Utc>, bounds: Bounds<'a>) -> Self {
        Self { freshness: Freshness::default(), at, bounds, pending: None }
    }
}

/// "Not modified": what could not be read still cannot, what waited is read, else only the row is stored.
async fn unchanged(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (mut state, look): (SourceState, Look<'_>),
) -> Result<SourceReport, Failed> {
    if let Some(failed) = failure::unread(&state) {
        let failed = Failed { unread: state.validators.clone().map(Box::new), ..failed };
        let reading = ladder::after_failure(parts, plan, source, (&mut state, failed)).await?;
        return take_in(parts, plan, source, (state, look, reading)).await;
    }
    if !state.files.is_empty() {
        // an index stays the same while its files change
        let reading = lists::files(parts, plan, source, &mut state).await?;
        if reading.extent != Extent::Nothing || !state.waiting.is_empty() {
            return take_in(parts, plan, source, (state, look, reading)).await;
        }
    } else if !state.waiting.is_empty() {
        let reading = Reading { extent: Extent::Nothing, follows: true, ..Reading::default() };
        return take_in(parts, plan, source, (state, look, reading)).await;
    }
    // what was put aside is no longer there: this is the last document that was taken in
    state.quarantined_at = None;
    let answer = schedule::Answer::NotModified { freshness: look.freshness };
    schedule::next_check(&mut state, &answer, &rules(source), look.at);
    look.bounds.hosts.store(parts).await;
    store_unchanged(parts, state, look.bounds.is_last).await?;
    Ok(SourceReport::empty(&source.id, Outcome::NotModified))
}

/// Stores that a source had no news. The next request of its host waits for that, so it is not kept waiting for
/// the company of other writes; the last one has the time.
async fn store_unchanged(parts: &Parts, state: SourceState, is_last: bool) -> Result<(), StoreError> {
    if is_last { parts.store.put_sources(vec![state]).await } else { parts.store.put_source(state).await }
}

/// A feed's base has no query: relative addresses need none, and it may be a secret that must not be stored.
fn without_query(mut document: Document) -> Document {
    let is_page = document.media_type().is_some_and(|media_type| media_type.contains("html"));
    if document.url.query().is_some() && document.content_location.is_none() && !is_page {
        document.content_location = Some(document.url.path().to_owned());
    }
    document
}

/// The address that a source is asked at: where the ladder found it, else where it has moved to.
fn address(source: &Source, state: &SourceState, home: &Url) -> Url {
    let found = ladder::address(source, state, home);
    if found == *home { schedule::address_of(source, state, home) } else { found }
}

/// What a source's document is asked for with.
fn request(source: &Source, home: &Url, state: &SourceState, now: DateTime<Utc>) -> gather::Request {
    let url = address(source, state, home);
    let class = ladder::class(source, state, &url);
    // an audit asks as if nothing were known
    let is_anew = schedule::is_audit(state, now) || failure::is_to_be_read_again(state) || ladder::is_searching(state);
    let validators = state.validators.clone().filter(|_| !is_anew);
    // secrets are for the configured host, whoever says that it has moved
    let headers = ask::headers_for(source, &url);
    gather::Request {
        validators,
        headers,
        is_private: !source.secrets.is_empty(),
        ..gather::Request::new(url, class, now)
    }
}

/// Reads the documents on a thread of its own.
pub(super) async fn read(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (documents, read_as): (Vec<Document>, As),
) -> Result<Reading, Failed> {
    read_whole(parts, plan, source, (documents, read_as, false)).await
}

/// Reads the documents as [`read`] does. Where the source is new, so are the items of a feed: they are
/// normalized at once, and a second way to another thread is spared.
pub(super) async fn read_whole(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (documents, read_as, is_new): (Vec<Document>, As, bool),
) -> Result<Reading, Failed> {
    let (plan, source, now) = (Arc::clone(plan), Arc::clone(source), parts.now);
    let work = move || {
        let surroundings = Surroundings { scope: scope(&plan, &source), read_as, now, clock: None };
        let mut reading = reading::read(&source, documents, &surroundings)?;
        if is_new && reading.feed.is_some() && !source.full_text {
            reading.normalize_all(&source, &surroundings);
        } else {
            reading.index(&surroundings.scope);
        }
        Ok(reading)
    };
    parts
        .work(work)
        .await?
        .map_err(|error: ExtractError| Failed { is_unreadable: true, ..Failed::new(Failure::Hard, error.to_string()) })
}

pub(super) fn scope<'a>(plan: &'a Plan, source: &'a Source) -> Scope<'a> {
    Scope { source: &source.id, outlet: &source.outlet, domains: plan.outlets.domains(&source.outlet) }
}

/// Tells apart what is known, decides, and stores it all in one transaction.
async fn take_in(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (mut state, mut look, mut reading): (SourceState, Look<'_>, Reading),
) -> Result<SourceReport, Failed> {
    let told = state.trouble.take();
    let mut keys: Vec<Key> = Vec::new();
    if let Some(candidates) = &reading.candidates {
        keys.extend(candidates.iter().flat_map(|candidate| candidate.keys.iter()));
    } else {
        // as lists changed it
        reading.index(&scope(plan, source));
        keys.extend(reading.fast.iter().flat_map(|item| [item.guid, item.url]).flatten());
    }
    let mut known = parts.store.lookup(&source.id, keys).await?;
    let triage = dedupe::triage(&reading.fast, &known, &state);
    let items = reading.fast.len();
    let is_open = |place: usize| triage.unchanged.get(place).is_none_or(Option::is_none);
    let candidates = if let Some(mut candidates) = reading.candidates.take() {
        candidates.retain(|candidate| is_open(candidate.position));
        candidates
    } else {
        if reading.fast.iter().any(|item| is_known(item, &known)) {
            // its bytes are not to be held while pages are asked for
            look.pending = None;
        }
        let items = std::mem::take(&mut reading.items).into_iter().enumerate();
        let raw = items.filter(|(place, _)| is_open(*place)).collect();
        let raw = follow::of_reading(parts, plan, source, (&mut state, &mut reading, raw, &known)).await;
        let candidates = normalize_off_thread(parts, plan, source, (&state, &mut reading, raw)).await?;
        look_further(parts, source, &candidates, &mut known).await?;
        candidates
    };
    let published: Vec<DateTime<Utc>> = candidates
        .iter()
        .filter_map(|candidate| candidate.article.date_published.map(|date| date.at.to_utc()))
        .collect();
    let (state_again, verdict) = decided(parts, plan, source, (state, triage, candidates, known)).await?;
    state = state_again;

    if schedule::is_audit(&state, parts.now) {
        let news = verdict.new.iter().filter_map(|new| new.article.date_published);
        schedule::end_audit(&mut state, news.map(|date| date.at.to_utc()));
    }
    let feed_schedule = reading.feed.as_ref().map(|feed| feed.schedule.clone()).unwrap_or_default();
    let answer = if reading.extent == Extent::Nothing {
        schedule::Answer::NotModified { freshness: look.freshness }
    } else {
        schedule::Answer::Document { published: &published, schedule: &feed_schedule, freshness: look.freshness }
    };
    schedule::next_check(&mut state, &answer, &rules(source), look.at);
    look.bounds.hosts.store(parts).await;
    if verdict.suspicious && reading.extent == Extent::Whole && state.quarantined_at.is_none() {
        return quarantine::put_aside(parts, source, (state, look.pending)).await;
    }
    let teaches = state.teaching;
    settle::learn(&mut state, &reading, &published, verdict.goes_by_url);
    state.home_page_url = state.home_page_url.map(|url| source.public(&url));
    settle::watch_selectors(&mut state, &mut reading);
    let mut report = SourceReport { read: items, ..SourceReport::empty(&source.id, Outcome::Ok) };
    report.trouble = settle::words(&mut reading.troubles, verdict.notes.clone());
    report.is_told = settle::is_same(told.as_deref(), report.trouble.as_deref());
    state.trouble.clone_from(&report.trouble);
    let is_partial = reading.extent != Extent::Whole;
    let (mut intake, changed) = intake::intake(parts, plan, source, (state, verdict, teaches)).await?;
    if is_partial {
        intake.listed = None;
    }
    report.changed = changed;
    // what only teaches is news to nobody
    let announced = intake.new.iter().filter(|new| new.announced).count();
    let applied = parts.store.apply(intake).await?;
    report.new = announced - applied.met;
    Ok(report)
}

/// Whether one of an item's two quick keys leads to an article.
fn is_known(item: &Fast, known: &Known) -> bool {
    [item.guid, item.url].into_iter().flatten().any(|key| known.hits.contains_key(&key))
}

async fn normalize_off_thread(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, reading, raw): (&SourceState, &mut Reading, Vec<(usize, RawArticle)>),
) -> Result<Vec<Candidate>, Failed> {
    if raw.is_empty() {
        return Ok(Vec::new());
    }
    let (plan, source, now, feed) = (Arc::clone(plan), Arc::clone(source), parts.now, reading.feed.take());
    let mut sightings = if source.timezone.is_none() { state.sightings.clone() } else { Vec::new() };
    let work = move || {
        let mut surroundings = Surroundings { scope: scope(&plan, &source), read_as: As::Sniff, now, clock: None };
        let seen = reading::sightings(&source, &raw, &surroundings);
        settle::remember_sightings(&mut sightings, &seen);
        surroundings.clock = OutletClock::of(&sightings, source.host());
        let candidates = reading::normalize(&source, feed.as_deref(), raw, &surroundings);
        (candidates, feed, seen)
    };
    let done = parts.work(work).await?;
    let candidates;
    (candidates, reading.feed, reading.sightings) = done;
    Ok(candidates)
}

/// Looks up the keys that only normalized articles have.
async fn look_further(
    parts: &Parts,
    source: &Source,
    candidates: &[Candidate],
    known: &mut Known,
) -> Result<(), Failed> {
    let keys: Vec<_> = candidates
        .iter()
        .flat_map(|candidate| candidate.keys.iter())
        .filter(|key| !known.hits.contains_key(key))
        .collect();
    if !keys.is_empty() {
        known.hits.extend(parts.store.lookup(&source.id, keys).await?.hits);
    }
    Ok(())
}

fn freshness_of(fetched: &Fetched) -> Freshness {
    let seconds = |number: Option<u64>| number.map(std::time::Duration::from_secs);
    let found = &fetched.freshness;
    Freshness { max_age: seconds(found.max_age), age: seconds(found.age), expires: found.expires }
}

#[cfg(test)]
mod tests;
