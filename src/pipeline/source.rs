//! One source: fetched, read, told apart from what is known, stored.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::reading::{self, Reading, Surroundings};
use super::{Parts, Plan, ask, follow, intake, ladder, settle};
use crate::dedupe::{self, Candidate, Scope, Triage, Verdict};
use crate::extract::{As, ExtractError};
use crate::gather::{self, Answer, Barred, FetchError, Fetched};
use crate::model::{Document, Health, Intake, Key, Known, RawArticle, Source, SourceState, Where};
use crate::report::{self, Outcome, SourceReport};
use crate::schedule::{self, Failure, Freshness, Rules};
use crate::store::StoreError;

/// Why a source brought nothing.
#[derive(Debug)]
pub struct Failed {
    pub failure: Failure,
    /// In words for people.
    pub trouble: String,
    /// It was not asked, since its host is held until then: no failure of its own.
    pub held: Option<DateTime<Utc>>,
}

impl Failed {
    pub const fn new(failure: Failure, trouble: String) -> Self {
        Self { failure, trouble, held: None }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::new(Failure::Soft, format!("its articles could not be stored: {error}"))
    }
}

/// A hash of where a source is and what it is read as: another one makes its state start afresh.
#[must_use]
pub fn location_hash(source: &Source) -> u64 {
    let place = match &source.location {
        Where::Web(url) => url.as_str().to_owned(),
        Where::Folder(path) => path.to_string_lossy().into_owned(),
    };
    // what is to be read otherwise must be read again, whatever its validators say
    let more = match (&source.select, source.pages) {
        (None, 1) => String::new(),
        (select, pages) => format!(" {select:?} {pages}"),
    };
    xxh3_64(format!("{:?} {place}{more}", source.kind).as_bytes())
}

/// Gathers one source; whatever happens is in the report.
///
/// Everything is stored, but that there was no news: that state goes to `unchanged`, for the caller to store.
pub async fn gather(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (state, unchanged): (SourceState, &mut Vec<SourceState>),
) -> SourceReport {
    let before = state.clone();
    match attempt(parts, plan, source, (state, unchanged)).await {
        Ok(report) => report,
        Err(failed) => fail(parts, source, before, failed).await,
    }
}

/// Remembers a failure and reports it.
pub async fn fail(parts: &Parts, source: &Source, mut state: SourceState, failed: Failed) -> SourceReport {
    let Failed { failure, mut trouble, held } = failed;
    let outcome = if let Some(until) = held {
        schedule::wait_for_host(&mut state, until);
        Outcome::NotDue
    } else {
        schedule::next_check(&mut state, &schedule::Answer::Failed(failure), &rules(source), parts.now);
        Outcome::Failed
    };
    state.trouble = Some(trouble.clone());
    if let (Some(due), Where::Web(_)) = (state.next_due, &source.location) {
        trouble = format!("{trouble}; {}", report::next_try(due, parts.now));
    }
    let intake = Intake { state, outlet: Arc::clone(&source.outlet), now: parts.now, ..Intake::default() };
    if let Err(error) = parts.store.apply(intake).await {
        trouble = format!("{trouble}; and its state could not be stored: {error}");
    }
    SourceReport { trouble: Some(trouble), ..SourceReport::empty(&source.id, outcome) }
}

fn rules(source: &Source) -> Rules {
    Rules { every: source.every, local: matches!(source.location, Where::Folder(_)) }
}

async fn attempt(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (mut state, unchanged): (SourceState, &mut Vec<SourceState>),
) -> Result<SourceReport, Failed> {
    let (documents, freshness, unreadable) = match &source.location {
        Where::Folder(path) => {
            let folder = gather::folder::read(path, parts.now).await.map_err(|error| failure_of(&error))?;
            let unreadable = folder.unreadable.iter().map(ToString::to_string).collect();
            (folder.documents, (Freshness::default(), parts.now), unreadable)
        }
        Where::Web(url) => {
            let fetched = match parts.fetch.fetch(request(source, url, &state, parts.now)).await {
                Ok(fetched) => fetched,
                Err(error) => {
                    let failed = (&mut state, failure_of(&error));
                    let reading = ladder::after_failure(parts, plan, source, failed).await?;
                    return take_in(parts, plan, source, (state, (Freshness::default(), parts.now), reading)).await;
                }
            };
            let freshness = freshness_of(&fetched);
            let is_own = ladder::address(source, &state, url) == *url;
            if is_own && schedule::sight_move(&mut state, fetched.permanent.as_ref(), url, parts.now) {
                tracing::info!(source = %source.id, "has moved for good, and is asked at its new address");
            }
            let Fetched { answer, validators, at, .. } = fetched;
            state.validators = validators;
            match answer {
                Answer::Document(document) => (vec![without_query(document)], (freshness, at), Vec::new()),
                Answer::NotModified if !state.waiting.is_empty() => {
                    let reading = Reading { is_unchanged: true, follows: true, ..Reading::default() };
                    return take_in(parts, plan, source, (state, (freshness, at), reading)).await;
                }
                Answer::NotModified => {
                    let answer = schedule::Answer::NotModified { freshness };
                    schedule::next_check(&mut state, &answer, &rules(source), at);
                    unchanged.push(state);
                    return Ok(SourceReport::empty(&source.id, Outcome::NotModified));
                }
            }
        }
    };
    let mut reading = ladder::read(parts, plan, source, (&mut state, documents)).await?;
    reading.troubles.extend(unreadable);
    take_in(parts, plan, source, (state, freshness, reading)).await
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
    if found == *home { schedule::address_of(state, home) } else { found }
}

/// What a source's document is asked for with.
fn request(source: &Source, home: &Url, state: &SourceState, now: DateTime<Utc>) -> gather::Request {
    let (class, url) = (ladder::class(source, state), address(source, state, home));
    // an audit asks as if nothing were known
    let validators = state.validators.clone().filter(|_| !schedule::is_audit(state, now));
    // secrets are for the configured host, whoever says that it has moved
    let headers = ask::headers_for(source, &url);
    gather::Request { validators, headers, ..gather::Request::new(url, class, now) }
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
        let surroundings = Surroundings { scope: scope(&plan, &source), read_as, now };
        let mut reading = reading::read(&source, documents, &surroundings)?;
        if is_new && reading.feed.is_some() && !source.full_text {
            reading.normalize_all(&source, &surroundings);
        } else {
            reading.index(&surroundings.scope);
        }
        Ok(reading)
    };
    parts
        .crew
        .run(work)
        .await
        .map_err(|fault| Failed::new(Failure::Hard, fault))?
        .map_err(|error: ExtractError| Failed::new(Failure::Hard, error.to_string()))
}

pub(super) fn scope<'a>(plan: &'a Plan, source: &'a Source) -> Scope<'a> {
    Scope { source: &source.id, outlet: &source.outlet, domains: plan.outlets.domains(&source.outlet) }
}

/// Tells apart what is known, decides, and stores it all in one transaction.
async fn take_in(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (mut state, (freshness, at), mut reading): (SourceState, (Freshness, DateTime<Utc>), Reading),
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
        let items = std::mem::take(&mut reading.items).into_iter().enumerate();
        let raw = items.filter(|(place, _)| is_open(*place)).collect();
        let raw = follow::of_reading(parts, plan, source, (&mut state, &mut reading, raw, &known)).await;
        let candidates = normalize_off_thread(parts, plan, source, (&mut reading, raw)).await?;
        look_further(parts, source, &candidates, &mut known).await?;
        candidates
    };
    let published: Vec<DateTime<Utc>> = candidates
        .iter()
        .filter_map(|candidate| candidate.article.date_published.map(|date| date.at.to_utc()))
        .collect();
    let verdict = decide(plan, source, (&state, &triage), (candidates, &known));

    if schedule::is_audit(&state, parts.now) {
        let news = verdict.new.iter().filter_map(|new| new.article.date_published);
        schedule::end_audit(&mut state, news.map(|date| date.at.to_utc()));
    }
    let feed_schedule = reading.feed.as_ref().map(|feed| feed.schedule.clone()).unwrap_or_default();
    let answer = if reading.is_unchanged {
        schedule::Answer::NotModified { freshness }
    } else {
        schedule::Answer::Document { published: &published, schedule: &feed_schedule, freshness }
    };
    schedule::next_check(&mut state, &answer, &rules(source), at);
    if verdict.suspicious && !reading.is_unchanged && state.quarantined_at.is_none() {
        return quarantine(parts, source, state).await;
    }
    let teaches = state.teaching;
    settle::learn(&mut state, &reading, &published, verdict.goes_by_url);

    settle::watch_selectors(&mut state, &mut reading);
    let mut report = SourceReport { read: items, ..SourceReport::empty(&source.id, Outcome::Ok) };
    report.trouble = settle::words(&mut reading.troubles, verdict.notes.clone());
    report.is_told = settle::is_same(told.as_deref(), report.trouble.as_deref());
    state.trouble.clone_from(&report.trouble);
    let is_unchanged = reading.is_unchanged;
    let (mut intake, changed) = intake::intake(parts, plan, source, (state, verdict, teaches)).await?;
    if is_unchanged {
        intake.listed = None;
    }
    report.changed = changed;
    let announced = intake.new.len();
    let applied = parts.store.apply(intake).await?;
    report.new = announced - applied.met;
    Ok(report)
}

/// A document that holds nothing known waits for a second one that agrees; nothing of it is stored.
async fn quarantine(parts: &Parts, source: &Source, mut state: SourceState) -> Result<SourceReport, Failed> {
    let trouble =
        "nothing of what the document holds is known: a redesign, or another owner of the address; it is taken \
                   in if the next document agrees"
            .to_owned();
    state.health = Health::Quarantined;
    state.quarantined_at = Some(parts.now);
    state.trouble = Some(trouble.clone());
    state.trouble_since = Some(parts.now);
    // the second look must bring the document again
    state.validators = None;
    parts.store.put_sources(vec![state]).await?;
    Ok(SourceReport { trouble: Some(trouble), ..SourceReport::empty(&source.id, Outcome::Quarantined) })
}

async fn normalize_off_thread(
    parts: &Parts,
    plan: &Arc<Plan>,
    source: &Arc<Source>,
    (reading, raw): (&mut Reading, Vec<(usize, RawArticle)>),
) -> Result<Vec<Candidate>, Failed> {
    if raw.is_empty() {
        return Ok(Vec::new());
    }
    let (plan, source, now, feed) = (Arc::clone(plan), Arc::clone(source), parts.now, reading.feed.take());
    let work = move || {
        let surroundings = Surroundings { scope: scope(&plan, &source), read_as: As::Sniff, now };
        let candidates = reading::normalize(&source, feed.as_deref(), raw, &surroundings);
        (candidates, feed)
    };
    let (candidates, feed) = parts.crew.run(work).await.map_err(|fault| Failed::new(Failure::Hard, fault))?;
    reading.feed = feed;
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

fn decide(
    plan: &Plan,
    source: &Source,
    (state, triage): (&SourceState, &Triage),
    (candidates, known): (Vec<Candidate>, &Known),
) -> Verdict {
    let scope = scope(plan, source);
    let is_foreign = |domain: &str| plan.outlets.is_foreign(&source.outlet, domain);
    dedupe::decide(&dedupe::Context { scope: &scope, state, triage, is_foreign: &is_foreign }, candidates, known)
}

fn freshness_of(fetched: &Fetched) -> Freshness {
    let seconds = |number: Option<u64>| number.map(std::time::Duration::from_secs);
    let found = &fetched.freshness;
    Freshness { max_age: seconds(found.max_age), age: seconds(found.age), expires: found.expires }
}

/// What a failed fetch means for the next one (the table "Fetching: the rules").
fn failure_of(error: &FetchError) -> Failed {
    let failure = match error {
        FetchError::Status { until: Some(until), .. } => Failure::TooMany { until: *until },
        FetchError::Status { code: 401 | 403, .. }
        | FetchError::Status { refusal: Some(_), .. }
        | FetchError::Robots { by: Barred::Rule, .. } => Failure::Refused,
        FetchError::Status { code: 500.., .. }
        | FetchError::Held { .. }
        | FetchError::Robots { by: Barred::Unreachable, .. }
        | FetchError::Timeout { .. }
        | FetchError::Dns { .. }
        | FetchError::Connect { .. }
        | FetchError::Tls { .. }
        | FetchError::Decode { .. }
        | FetchError::Io { .. } => Failure::Soft,
        FetchError::Gone { .. } => Failure::Gone,
        FetchError::Status { .. }
        | FetchError::TooLarge { .. }
        | FetchError::Head { .. }
        | FetchError::Redirect { .. }
        | FetchError::ForbiddenAddress { .. }
        | FetchError::RefusedUrl { .. }
        | FetchError::Header { .. }
        | FetchError::File { .. } => Failure::Hard,
    };
    let trouble = error.advice().map_or_else(|| error.to_string(), |advice| format!("{error}; {advice}"));
    let held = match error {
        FetchError::Held { until, .. } => Some(*until),
        _ => None,
    };
    Failed { failure, trouble, held }
}
