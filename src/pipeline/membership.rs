//! Which feeds an article joins.

use chrono::{DateTime, Utc};

use super::{FeedPlan, Plan};
use crate::compose::{self, Candidate};
use crate::model::{Article, Source, Stored};

/// The numbers of the feeds that take a new article of a source.
#[must_use]
pub fn of_source(plan: &Plan, source: &Source, article: &Article, now: DateTime<Utc>) -> Vec<u32> {
    select(plan, (article, now), &[source], &source.outlet)
}

/// The numbers of the feeds that take a stored article, which `more` carries too; none where it was
/// never announced.
#[must_use]
pub fn of_stored(plan: &Plan, stored: &Stored, more: Option<&Source>) -> Vec<u32> {
    if stored.quiet {
        return Vec::new();
    }
    let carriers = plan.sources.of(stored.sources.iter().chain(more.map(|more| &more.id)));
    select(plan, (&stored.article, stored.first_seen), &carriers, &stored.outlet)
}

/// Whether a feed takes a stored article.
#[must_use]
pub fn takes(plan: &Plan, feed: &FeedPlan, stored: &Stored) -> bool {
    let carriers = plan.sources.of(stored.sources.iter());
    !stored.quiet
        && with_candidate((&stored.article, stored.first_seen), &carriers, &stored.outlet, |candidate| {
            compose::selects(&feed.selection, candidate)
        })
}

fn select(plan: &Plan, dated: (&Article, DateTime<Utc>), carriers: &[&Source], outlet: &str) -> Vec<u32> {
    with_candidate(dated, carriers, outlet, |candidate| {
        let taken = compose::selected(plan.feeds.iter().map(|feed| &feed.selection), candidate);
        plan.feeds.iter().zip(taken).filter(|(_, is_taken)| *is_taken).map(|(feed, _)| feed.number).collect()
    })
}

/// Asks something of an article as selections see it.
fn with_candidate<T>(
    (article, first_seen): (&Article, DateTime<Utc>),
    carriers: &[&Source],
    outlet: &str,
    ask: impl FnOnce(&Candidate<'_>) -> T,
) -> T {
    let sources: Vec<&str> = carriers.iter().map(|source| source.id.as_ref()).collect();
    let source_tags: Vec<&str> = carriers.iter().flat_map(|source| source.tags.iter().map(String::as_str)).collect();
    ask(&Candidate { article, sources: &sources, outlet, source_tags: &source_tags, first_seen })
}
