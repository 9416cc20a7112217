//! Rebuilding, retention, counts and reports.

use super::*;
use crate::model::{Bound, Host};
use crate::store::{Adopted, Counts, Release};

contract!(
    history_is_adopted,
    adopted_articles_keep_their_dates,
    adopting_leaves_the_known_alone,
    adopting_needs_its_feeds,
    bodies_go_when_nobody_needs_them,
    what_is_not_told_any_more_is_marked,
    windows_hold_bodies,
    what_left_a_window_has_its_days,
    retention_looks_once_a_day,
    counts_and_reports,
);

fn adopted(title: &str, feeds: &[(u32, i64)]) -> Adopted {
    Adopted {
        uid: format!("https://outlet.example/{title}"),
        outlet: "outlet.example".into(),
        article: article(title, 0),
        keys: vec![key(1), key(2)],
        sources: vec!["first".into(), "second".into()],
        first_seen: later(-1000),
        size: 10,
        feeds: feeds.to_vec(),
        ..Adopted::default()
    }
}

async fn history_is_adopted(store: &dyn Store) {
    let one = feed(store, "one").await;
    assert!(store.is_empty().await.unwrap());
    let gone =
        Adopted { hidden: true, first_seen: later(-2000), keys: vec![key(3), key(1)], ..adopted("gone", &[(one, 1)]) };
    assert_eq!(store.adopt(vec![adopted("a", &[(one, 77)]), gone]).await.unwrap(), 2);
    assert!(store.is_empty().await.unwrap(), "not all is told yet");
    store.rebuilt().await.unwrap();
    assert!(!store.is_empty().await.unwrap());

    let known = store.lookup("second", vec![key(1), key(3)]).await.unwrap();
    let (hit, gone) = (&known.hits[&key(1)], &known.hits[&key(3)]);
    assert!(hit.carried && !hit.hidden && gone.hidden && known.listed.is_empty(), "{known:?}");
    let found = store.articles(vec![hit.article]).await.unwrap().remove(0);
    assert_eq!((found.article, found.first_seen), (article("a", 0), later(-1000)));
    assert_eq!((found.sources, found.keys), (vec!["first".into(), "second".into()], vec![key(1), key(2)]));
    let members = store.members(one).await.unwrap();
    assert_eq!(
        members.iter().map(|member| (member.entered, member.hidden)).collect::<Vec<_>>(),
        [(77, false), (1, true)]
    );
    assert!(members.iter().all(|member| (member.added, member.changed) == (1, 1)));
    assert_eq!((revision(store, one).await, store.feeds().await.unwrap()[0].released), (1, 0));
    assert_eq!(hit.fingerprint, 0);
}

async fn adopted_articles_keep_their_dates(store: &dyn Store) {
    let one = feed(store, "one").await;
    let undated = Article { date_published: None, ..article("undated", 0) };
    let told = later(-5).timestamp();
    // (content, what history says, the date that is known, the date that a feed goes by)
    let cases = [
        (article("dated", 3), told, Some(later(3).timestamp()), later(3).timestamp()),
        (undated, told, None, later(-1000).timestamp()),
        (Article::default(), told, Some(told), told),
    ];
    for (number, (content, published, known, shown)) in (1..).zip(cases) {
        let name = number.to_string();
        let entry =
            Adopted { article: content, published, keys: vec![key(number)], ..adopted(&name, &[(one, number.into())]) };
        store.adopt(vec![entry]).await.unwrap();
        let hit = store.lookup("first", vec![key(number)]).await.unwrap().hits[&key(number)].clone();
        assert_eq!((hit.published, store.members(one).await.unwrap()[0].published), (known, shown), "{name}");
    }
}

async fn adopting_leaves_the_known_alone(store: &dyn Store) {
    let id = store_one(store, "a", 9, &[]).await;
    assert_eq!(store.adopt(vec![Adopted { size: 5, ..adopted("a", &[]) }]).await.unwrap(), 0);
    assert_eq!(store.articles(vec![id]).await.unwrap()[0].keys, [key(9)]);
    assert!(store.lookup("first", vec![key(1)]).await.unwrap().hits.is_empty());
    assert_eq!(store.count().await.unwrap().articles, 1);
}

async fn adopting_needs_its_feeds(store: &dyn Store) {
    let result = store.adopt(vec![adopted("a", &[]), adopted("b", &[(8, 1)])]).await;
    assert_eq!(result, Err(StoreError::UnknownFeed { feed: 8 }));
    assert!(store.is_empty().await.unwrap());
    assert!(store.lookup("first", vec![key(1)]).await.unwrap().hits.is_empty());
}

const DAY: i64 = 86_400;

async fn titles(store: &dyn Store) -> Vec<Option<String>> {
    store.scan(None, 99).await.unwrap().into_iter().map(|stored| stored.article.title).collect()
}

async fn bodies_go_when_nobody_needs_them(store: &dyn Store) {
    let applied = store.apply(intake("first", vec![new("a", 1, &[]), new("b", 2, &[])])).await.unwrap();
    let [a, b] = [applied.new[0].0, applied.new[1].0];
    store.put_signatures(vec![(a, vec![1])]).await.unwrap();
    // a second source lists one of them on
    let mut second = intake("second", vec![]);
    second.carried = vec![carried(b, &[], &[])];
    second.listed = Some(vec![b]);
    store.apply(second.clone()).await.unwrap();
    store.apply(intake("first", vec![])).await.unwrap();
    assert_eq!(store.retain(later(29 * DAY)).await.unwrap(), 0);
    assert_eq!(store.retain(later(30 * DAY)).await.unwrap(), 1);
    assert_eq!(titles(store).await, [None, Some("b".to_owned())]);
    assert_eq!(store.count().await.unwrap().bodies, 1);

    let gone = store.articles(vec![a]).await.unwrap().remove(0);
    assert_eq!((&*gone.uid, gone.keys), ("https://outlet.example/a", vec![key(1)]));
    assert_eq!(gone.article.canonical_url.as_deref(), Some("https://outlet.example/a"));
    assert!(store.signatures(vec![a]).await.unwrap().is_empty());
    assert_eq!(store.lookup("first", vec![key(1)]).await.unwrap().hits.len(), 1);

    // listed again in time, then left for good
    second.listed = Some(vec![]);
    second.now = later(31 * DAY);
    store.apply(second.clone()).await.unwrap();
    second.listed = Some(vec![b]);
    store.apply(second.clone()).await.unwrap();
    assert_eq!(store.retain(later(70 * DAY)).await.unwrap(), 0);
    second.listed = Some(vec![]);
    second.now = later(71 * DAY);
    store.apply(second).await.unwrap();
    assert_eq!(store.retain(later(100 * DAY)).await.unwrap(), 0);
    assert_eq!(store.retain(later(101 * DAY)).await.unwrap(), 1);
    assert_eq!(store.retain(later(140 * DAY)).await.unwrap(), 0);
}

async fn windows_hold_bodies(store: &dyn Store) {
    let one = feed(store, "one").await;
    let titles_in = [("a", 1), ("b", 2), ("c", 3), ("d", 4)];
    let news = titles_in.map(|(title, number)| new(title, number, &[one])).into();
    let applied = store.apply(intake("first", news)).await.unwrap();
    store.apply(intake("first", vec![])).await.unwrap();
    assert_eq!(store.retain(later(40 * DAY)).await.unwrap(), 0, "no bound: all in the window");
    let bound = Bound { published: later(1).timestamp(), uid: "https://outlet.example/a".to_owned(), ..bound(0) };
    let drop = vec![applied.new[2].0];
    store.release(one, Release { bound: Some(bound), drop, now: noon(), ..Release::default() }).await.unwrap();
    store.hide("https://outlet.example/d", vec![]).await.unwrap();
    assert_eq!(store.retain(later(42 * DAY)).await.unwrap(), 3);
    assert_eq!(titles(store).await, [None, Some("b".to_owned()), None, None]);
}

async fn what_left_a_window_has_its_days(store: &dyn Store) {
    let one = feed(store, "one").await;
    let applied = store.apply(intake("first", vec![new("a", 1, &[one]), new("b", 2, &[one])])).await.unwrap();
    store.apply(intake("first", vec![])).await.unwrap();
    let release = Release { drop: vec![applied.new[0].0], now: later(50 * DAY), ..Release::default() };
    store.release(one, release).await.unwrap();
    store.release(one, Release { bound: Some(bound(1)), now: later(60 * DAY), ..Release::default() }).await.unwrap();
    for (day, removed) in [(79, 0), (89, 0), (90, 2)] {
        assert_eq!(store.retain(later(day * DAY)).await.unwrap(), removed, "day {day}");
    }
}

async fn retention_looks_once_a_day(store: &dyn Store) {
    let held =
        |name: &str, days| Host { name: name.to_owned(), held_until: Some(later(days * DAY)), ..Host::default() };
    store.put_hosts(vec![held("a.example", 1), held("b.example", 25)]).await.unwrap();
    store.apply(intake("first", vec![new("a", 1, &[])])).await.unwrap();
    store.apply(intake("first", vec![])).await.unwrap();
    assert_eq!(store.retain(later(30 * DAY - 1)).await.unwrap(), 0);
    assert_eq!(store.hosts().await.unwrap(), [held("b.example", 25)], "what is a week over is swept");
    assert_eq!(store.retain(later(30 * DAY)).await.unwrap(), 0);
    assert_eq!(store.retain(later(31 * DAY - 1)).await.unwrap(), 1);
}

async fn counts_and_reports(store: &dyn Store) {
    assert_eq!(store.count().await.unwrap(), Counts::default());
    assert_eq!(store.last_report().await.unwrap(), None);
    feed(store, "one").await;
    store_one(store, "a", 1, &[]).await;
    assert_eq!(store.count().await.unwrap(), Counts { articles: 1, sources: 1, feeds: 1, bodies: 1 });
    for (json, seconds) in [("{}", 1), ("{\"a\":1}", 2)] {
        store.save_report(json.to_owned(), later(seconds)).await.unwrap();
    }
    assert_eq!(store.last_report().await.unwrap(), Some((later(2), "{\"a\":1}".to_owned())));
}

async fn what_is_not_told_any_more_is_marked(store: &dyn Store) {
    let id = store_one(store, "a", 9, &[]).await;
    store.adopt(vec![adopted("b", &[]), Adopted { article: Article::default(), ..adopted("c", &[]) }]).await.unwrap();
    let gone = || async { store.scan(None, 9).await.unwrap().iter().map(|one| one.is_gone).collect::<Vec<_>>() };
    assert_eq!(gone().await, [false, false, true]);
    store.apply(intake("first", vec![])).await.unwrap();
    store.retain(later(90 * DAY)).await.unwrap();
    assert_eq!(gone().await, [true, true, true]);
    let mut again = intake("first", vec![]);
    again.updated = vec![update(id, Some("a"))];
    store.apply(again).await.unwrap();
    assert_eq!(gone().await, [false, true, true]);
}
