//! Stored articles as the items of a feed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Shown, States};
use crate::compose::{self, Content};
use crate::model::{AlsoAt, ArticleId, Item, ItemSource, Source, SourceKind, Stored, Where};
use crate::normalize;
use crate::pipeline::{Crew, FeedPlan, Parts, Plan};
use crate::store::{Member, StoreError};

/// Articles as items of a feed, in their order.
///
/// # Errors
/// The store failed; within, in words for people, why they could not be made: all of them, or none.
pub(super) async fn items(
    parts: &Parts,
    (plan, states): (&Plan, &States),
    (feed, articles, members): (&FeedPlan, &[ArticleId], &[Member]),
) -> Result<Result<Vec<(ArticleId, Item)>, String>, StoreError> {
    let mut also = also_at(parts, plan, (articles, members)).await?;
    let content = feed.selection.content;
    let mut named: HashSet<Arc<ItemSource>> = HashSet::new();
    let mut items = Vec::with_capacity(articles.len());
    // in portions, so that bodies as found and as shown are in memory twice for a few articles only
    let mut portions = articles.chunks(PORTION);
    let mut read = async || match portions.next() {
        Some(portion) => parts.store.articles(portion.to_vec()).await.map(Some),
        None => Ok(None),
    };
    let mut portion = read().await?;
    while let Some(stored) = portion {
        let mut work = Vec::with_capacity(stored.len());
        for stored in stored {
            let mut origin = Carrier::of(plan, states, &stored);
            match named.get(&origin.source) {
                Some(known) => origin.source = Arc::clone(known),
                None => drop(named.insert(Arc::clone(&origin.source))),
            }
            let also_at = also.remove(&stored.id).unwrap_or_default();
            work.push((stored, origin, also_at));
        }
        // the next portion is read while this one is made presentable
        let (presented, next) = futures_util::future::join(present(parts, content, work), read()).await;
        match presented {
            Ok(presented) => items.extend(presented),
            Err(fault) => return Ok(Err(fault)),
        }
        portion = next?;
    }
    Ok(Ok(items))
}

/// Articles that are presented at once.
const PORTION: usize = 256;

async fn present(
    parts: &Parts,
    content: Option<Content>,
    work: Vec<(Stored, Carrier, Vec<AlsoAt>)>,
) -> Result<Vec<(ArticleId, Item)>, String> {
    let one = move |(stored, origin, also_at): (Stored, Carrier, Vec<AlsoAt>)| {
        let given = normalize::Given {
            language: origin.language.as_deref(),
            feed_language: origin.feed_language.as_deref(),
            shows_html: true,
            ..normalize::Given::published()
        };
        // a fault in one article must not keep the others from their readers: it stands without its text
        let presented = std::panic::catch_unwind(|| normalize::present(&stored.article, &given)).unwrap_or_default();
        let content = content.unwrap_or(Content::usual(origin.kind));
        (stored.id, compose::item(stored, compose::Parts { presented, source: origin.source, also_at, content }))
    };
    in_halves(&parts.crew, work, one).await
}

/// Does the same work for each of many, half of them on another thread; an `Err` where one of them has failed.
async fn in_halves<T: Send + 'static, R: Send + 'static>(
    crew: &Crew,
    mut first: Vec<T>,
    work: impl Fn(T) -> R + Copy + Send + 'static,
) -> Result<Vec<R>, String> {
    let second = first.split_off(first.len() / 2);
    let halves = [first, second].map(|half| crew.run(move || half.into_iter().map(work).collect::<Vec<R>>()));
    let done: Result<Vec<Vec<R>>, String> = futures_util::future::join_all(halves).await.into_iter().collect();
    Ok(done?.into_iter().flatten().collect())
}

/// Where an article comes from, as its item names it.
struct Carrier {
    source: Arc<ItemSource>,
    kind: SourceKind,
    language: Option<String>,
    feed_language: Option<String>,
}

impl Carrier {
    fn of(plan: &Plan, states: &States, stored: &Stored) -> Self {
        let configured = stored.sources.iter().find_map(|id| plan.sources.get(id));
        let Some(source) = configured else {
            let id = stored.sources.first().cloned().unwrap_or_default();
            let source = ItemSource { title: stored.outlet.to_string(), id, ..ItemSource::default() };
            return Self { source: source.into(), kind: SourceKind::Feed, language: None, feed_language: None };
        };
        let state = states.get(source.id.as_ref());
        let kind = match (source.kind, state) {
            (SourceKind::Auto, Some(state)) if state.is_page => SourceKind::Article,
            (kind, _) => kind,
        };
        let feed_language = state.and_then(|state| state.language.clone());
        Self { source: item_source(source, state).into(), kind, language: source.language.clone(), feed_language }
    }
}

/// A source as items name it.
pub(super) fn item_source(source: &Source, state: Option<&Shown>) -> ItemSource {
    let title = source.title.clone().or_else(|| state.and_then(|state| state.title.clone()));
    ItemSource {
        id: Arc::clone(&source.id),
        title: title.unwrap_or_else(|| source.outlet.to_string()),
        url: match &source.location {
            // a secret stands in the rest of it
            Where::Web(url) if !source.secrets.is_empty() => format!("{}/", url.origin().ascii_serialization()),
            Where::Web(url) => url.to_string(),
            Where::Folder(_) => String::new(),
        },
        home_page_url: state.and_then(|state| state.home_page_url.as_deref()).map(|url| source.public(url)),
    }
}

/// The other articles of each story, by its leader.
async fn also_at(
    parts: &Parts,
    plan: &Plan,
    (articles, members): (&[ArticleId], &[Member]),
) -> Result<HashMap<ArticleId, Vec<AlsoAt>>, StoreError> {
    let leaders: HashSet<ArticleId> = articles.iter().copied().collect();
    let mut followers: Vec<&Member> = members
        .iter()
        .filter(|member| !member.hidden && member.story.is_some_and(|s| s != member.article && leaders.contains(&s)))
        .collect();
    if followers.is_empty() {
        return Ok(HashMap::new());
    }
    followers.sort_by(|a, b| (a.published, &a.uid).cmp(&(b.published, &b.uid)));
    let ids = followers.iter().map(|member| member.article).collect();
    let stored: HashMap<ArticleId, Stored> =
        parts.store.articles(ids).await?.into_iter().map(|stored| (stored.id, stored)).collect();
    let mut also: HashMap<ArticleId, Vec<AlsoAt>> = HashMap::new();
    for member in followers {
        let (Some(leader), Some(stored)) = (member.story, stored.get(&member.article)) else { continue };
        let Some(url) = stored.article.url.clone() else { continue };
        let named = plan.sources.of(stored.sources.iter());
        let outlet = named.first().and_then(|source| source.title.as_deref()).unwrap_or(&stored.outlet);
        let title = stored.article.title.clone().unwrap_or_default();
        also.entry(leader).or_default().push(AlsoAt { outlet: outlet.into(), title, url });
    }
    Ok(also)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_portion_that_fails_is_no_smaller_portion() {
        let crew = Crew::new(2);
        let halved = in_halves(&crew, (0..9).collect(), |number| number * 2).await;
        assert_eq!(halved, Ok((0..9).map(|number| number * 2).collect()));
        let failed = in_halves(&crew, (0..9).collect(), |number| assert!(number != 7, "a bug in the eighth")).await;
        assert!(failed.as_ref().is_err_and(|fault| fault.contains("a bug in the eighth")), "{failed:?}");
    }
}
