//! Sources, intakes and what they leave.

use std::collections::HashSet;

use super::*;
use crate::model::{Host, Robots, RobotsRule, Sighting};

contract!(
    sources_come_back,
    articles_come_back,
    uids_are_unique,
    keys_lead_to_the_newest,
    lookups_tell_what_deciding_needs,
    updates_replace_content,
    a_moved_fingerprint_changes_nothing_else,
    another_source_carries,
    each_source_has_its_own_fingerprint,
    unannounced_articles_are_marked,
    two_sources_bring_one_article,
    a_failed_intake_leaves_nothing,
    listings_are_what_the_document_held,
    scans_page_through_everything,
    hosts_and_signatures,
    many_at_once,
);

async fn sources_come_back(store: &dyn Store) {
    let states: Vec<_> = ["b", "a"].map(|id| SourceState { id: id.to_owned(), ..SourceState::default() }).into();
    store.put_sources(states.clone()).await.unwrap();
    let mut changed =
        SourceState { trouble: Some("HTTP 500".to_owned()), next_due: Some(later(60)), ..states[0].clone() };
    changed.sightings = vec![Sighting { at: 1_677_650_400, ahead: -300 }, Sighting { at: 1_688_000_000, ahead: 345 }];
    changed.validators = Some(crate::model::Validators { etag: Some(b"\"\xff\"".to_vec()), ..Default::default() });
    store.put_sources(vec![changed.clone()]).await.unwrap();
    store.apply(intake("c", vec![])).await.unwrap();
    let mut found = store.sources().await.unwrap();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(found, [states[1].clone(), changed, intake("c", vec![]).state]);
}

async fn articles_come_back(store: &dyn Store) {
    let mut undated = new("undated", 2, &[]);
    undated.article = Box::default();
    undated.keys = vec![key(2), key(3)];
    let applied = store.apply(intake("first", vec![new("dated", 1, &[]), undated])).await.unwrap();
    let ids: Vec<_> = applied.new.iter().map(|(id, _)| *id).collect();
    assert_eq!((applied.met, &*applied.new[0].1), (0, "https://outlet.example/dated"));

    let asked = vec![ids[1], ArticleId(99), ids[0], ids[1]];
    let found = store.articles(asked).await.unwrap();
    assert_eq!(found.iter().map(|stored| stored.id).collect::<Vec<_>>(), [ids[1], ids[0], ids[1]]);
    assert_eq!(found[0].article, Article::default());
    assert_eq!(found[0].keys, [key(2), key(3)]);
    assert_eq!(found[1].article, article("dated", 1));
    assert_eq!(found[1].uid, "https://outlet.example/dated");
    assert_eq!((&*found[1].outlet, found[1].first_seen), ("outlet.example", noon()));
    assert_eq!(found[1].sources, ["first".into()]);
}

async fn uids_are_unique(store: &dyn Store) {
    let mut seen = HashSet::new();
    for number in 1..=4 {
        let applied = store.apply(intake("first", vec![new("same", number, &[])])).await.unwrap();
        assert!(seen.insert(applied.new[0].1.clone()), "{seen:?}");
    }
    assert!(seen.contains("https://outlet.example/same") && seen.contains("urn:x-test:same"));
    assert!(seen.iter().filter(|uid| uid.starts_with("urn:uuid:")).count() == 2, "{seen:?}");
}

async fn keys_lead_to_the_newest(store: &dyn Store) {
    let old = store_one(store, "old", 1, &[]).await;
    let mut newer = new("newer", 2, &[]);
    newer.keys.push(key(1));
    let newer = store.apply(intake("first", vec![newer])).await.unwrap().new[0].0;
    let mut carry = intake("first", vec![]);
    carry.carried = vec![carried(old, &[key(1), key(3)], &[])];
    store.apply(carry).await.unwrap();
    let hits = store.lookup("first", vec![key(1), key(2), key(3), key(4)]).await.unwrap().hits;
    let led = |number| hits.get(&key(number)).map(|hit| hit.article);
    assert_eq!([led(1), led(2), led(3), led(4)], [Some(newer), Some(newer), Some(old), None]);
}

async fn lookups_tell_what_deciding_needs(store: &dyn Store) {
    let mut undated = new("undated", 2, &[]);
    undated.article.date_published = None;
    let applied = store.apply(intake("first", vec![new("dated", 1, &[]), undated])).await.unwrap();
    let known = store.lookup("first", vec![key(1), key(2)]).await.unwrap();
    assert_eq!(known.listed, [applied.new[0].0, applied.new[1].0]);
    let hit = &known.hits[&key(1)];
    assert_eq!((&*hit.outlet, hit.carried, hit.hidden), ("outlet.example", true, false));
    assert_eq!((hit.fingerprint, hit.title_hash), (u64::MAX - 1, 1 << 63));
    assert_eq!(hit.published, Some(later(1).timestamp()));
    assert_eq!(known.hits[&key(2)].published, None);

    let stranger = store.lookup("nobody", vec![key(1)]).await.unwrap();
    assert!(!stranger.hits[&key(1)].carried && stranger.listed.is_empty());
    assert_eq!(stranger.hits[&key(1)].fingerprint, 0);
}

async fn updates_replace_content(store: &dyn Store) {
    let (one, two) = (feed(store, "one").await, feed(store, "two").await);
    let id = store_one(store, "before", 1, &[one]).await;
    let mut change = intake("first", vec![]);
    change.now = later(500);
    change.updated = vec![UpdatedArticle { keys: vec![key(9)], feeds: vec![two], ..update(id, Some("after")) }];
    store.apply(change).await.unwrap();
    let found = store.articles(vec![id]).await.unwrap().remove(0);
    assert_eq!((found.article, &*found.uid), (article("after", 0), "https://outlet.example/before"));
    assert_eq!((found.first_seen, found.keys), (noon(), vec![key(1), key(9)]));
    assert_eq!(found.sources, ["first".into()]);
    let hit = store.lookup("first", vec![key(9)]).await.unwrap().hits[&key(9)].clone();
    assert_eq!((hit.fingerprint, hit.title_hash, hit.published), (77, 78, Some(noon().timestamp())));
    assert_eq!((revision(store, one).await, revision(store, two).await), (2, 1));
    let member = store.members(two).await.unwrap().remove(0);
    assert_eq!((member.entered, member.size), (later(500).timestamp(), 79));
    assert_eq!(store.members(one).await.unwrap()[0].entered, noon().timestamp());
}

async fn a_moved_fingerprint_changes_nothing_else(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "before", 1, &[one]).await;
    let mut change = intake("first", vec![]);
    change.updated = vec![update(id, None)];
    store.apply(change).await.unwrap();
    let hit = store.lookup("first", vec![key(1)]).await.unwrap().hits[&key(1)].clone();
    assert_eq!((hit.fingerprint, hit.title_hash), (77, 1 << 63));
    assert_eq!(store.articles(vec![id]).await.unwrap()[0].article, article("before", 1));
    assert_eq!(revision(store, one).await, 1);
}

async fn another_source_carries(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "story", 1, &[]).await;
    for _ in 0..2 {
        let mut second = intake("second", vec![]);
        second.carried = vec![carried(id, &[key(2)], &[one])];
        store.apply(second).await.unwrap();
    }
    let found = store.articles(vec![id]).await.unwrap().remove(0);
    assert_eq!(found.sources, ["first".into(), "second".into()]);
    assert_eq!(found.keys, [key(1), key(2)]);
    assert!(store.lookup("second", vec![key(1)]).await.unwrap().hits[&key(1)].carried);
    assert_eq!(revision(store, one).await, 1, "a membership that exists changes nothing");
}

async fn each_source_has_its_own_fingerprint(store: &dyn Store) {
    let id = store_one(store, "story", 1, &[]).await;
    let fingerprints = || async {
        let mut found = Vec::new();
        for source in ["first", "second", "third"] {
            let hit = store.lookup(source, vec![key(1)]).await.unwrap().hits[&key(1)].clone();
            found.push((hit.carried, hit.fingerprint));
        }
        found
    };
    let first = u64::MAX - 1;
    assert_eq!(fingerprints().await, [(true, first), (false, 0), (false, 0)]);

    // (source, whether it is new, its fingerprint, and then what all sources have)
    let cases = [
        ("second", true, 20, [(true, first), (true, 20), (false, 0)]),
        ("second", false, 21, [(true, first), (true, 21), (false, 0)]),
        ("first", false, u64::MAX, [(true, u64::MAX), (true, 21), (false, 0)]),
        ("third", false, 30, [(true, u64::MAX), (true, 21), (false, 0)]),
    ];
    for (source, new_source, fingerprint, expected) in cases {
        let mut again = intake(source, vec![]);
        again.carried = vec![Carried { new_source, fingerprint, ..carried(id, &[], &[]) }];
        store.apply(again).await.unwrap();
        assert_eq!(fingerprints().await, expected, "{source} {fingerprint}");
    }
    for (source, title, expected) in [
        ("second", Some("by the second"), [(true, u64::MAX), (true, 77), (false, 0)]),
        ("third", None, [(true, u64::MAX), (true, 77), (true, 77)]),
        ("first", Some("by the first"), [(true, 77), (true, 77), (true, 77)]),
    ] {
        let mut change = intake(source, vec![]);
        change.updated = vec![update(id, title)];
        store.apply(change).await.unwrap();
        assert_eq!(fingerprints().await, expected, "{source} {title:?}");
    }
}

async fn unannounced_articles_are_marked(store: &dyn Store) {
    let quiet = NewArticle { announced: false, ..new("quiet", 1, &[]) };
    store.apply(intake("first", vec![quiet, new("loud", 2, &[])])).await.unwrap();
    let marks = || async { store.scan(None, 9).await.unwrap().iter().map(|stored| stored.quiet).collect::<Vec<_>>() };
    assert_eq!(marks().await, [true, false]);
    let mut change = intake("first", vec![]);
    change.updated = vec![update(ArticleId(1), Some("still quiet"))];
    store.apply(change).await.unwrap();
    assert_eq!(marks().await, [true, false]);
}

async fn two_sources_bring_one_article(store: &dyn Store) {
    let one = feed(store, "one").await;
    for source in ["first", "second", "stranger"] {
        store.lookup(source, vec![key(1)]).await.unwrap();
    }
    let first = store.apply(intake("first", vec![new("story", 1, &[])])).await.unwrap();
    let mut same = new("story", 1, &[one]);
    same.keys.push(key(2));
    same.fingerprint = 99;
    let second = store.apply(intake("second", vec![same.clone(), new("other", 3, &[])])).await.unwrap();
    assert_eq!((second.met, &second.new[0]), (1, &first.new[0]));
    assert_ne!(second.new[1].0, first.new[0].0);
    let known = store.lookup("second", vec![key(1), key(2)]).await.unwrap();
    assert_eq!(known.listed, [first.new[0].0, second.new[1].0]);
    assert!(known.hits.values().all(|hit| hit.article == first.new[0].0 && hit.carried && hit.fingerprint == 99));
    let of_first = store.lookup("first", vec![key(1)]).await.unwrap().hits[&key(1)].fingerprint;
    assert_eq!(of_first, u64::MAX - 1);
    assert_eq!(member_ids(store, one).await, [first.new[0].0.0]);

    // another outlet's article is another article, and so is one that the source knew of when it decided
    let elsewhere = |source: &str, number| Intake {
        outlet: "else.example".into(),
        ..intake(source, vec![new("story", number, &[])])
    };
    store.apply(elsewhere("neighbour", 9)).await.unwrap();
    let stranger = elsewhere("stranger", 1);
    assert_eq!(store.apply(stranger).await.unwrap().met, 0);
    store.lookup("second", vec![key(3)]).await.unwrap();
    assert_eq!(store.apply(intake("second", vec![new("again", 3, &[])])).await.unwrap().met, 0);
}

async fn a_failed_intake_leaves_nothing(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "there", 1, &[]).await;
    let broken = |change: &dyn Fn(&mut Intake)| {
        let mut intake = intake("broken", vec![new("lost", 2, &[one])]);
        intake.carried = vec![carried(id, &[key(3)], &[one])];
        change(&mut intake);
        intake
    };
    let cases = [
        (broken(&|intake| intake.new[0].feeds.push(42)), StoreError::UnknownFeed { feed: 42 }),
        (
            broken(&|intake| intake.updated.push(update(ArticleId(99), Some("x")))),
            StoreError::UnknownArticle { article: 99 },
        ),
        (
            broken(&|intake| intake.carried.push(carried(ArticleId(98), &[], &[]))),
            StoreError::UnknownArticle { article: 98 },
        ),
        (broken(&|intake| intake.listed = Some(vec![ArticleId(97)])), StoreError::UnknownArticle { article: 97 }),
    ];
    for (intake, error) in cases {
        assert_eq!(store.apply(intake).await, Err(error));
        assert_eq!(store.count().await.unwrap().articles, 1);
        assert!(store.sources().await.unwrap().iter().all(|source| source.id != "broken"));
        assert!(store.lookup("broken", vec![key(2), key(3)]).await.unwrap().hits.is_empty());
        assert!(store.members(one).await.unwrap().is_empty());
        assert_eq!(revision(store, one).await, 0);
    }
    let applied = store.apply(broken(&|_| ())).await.unwrap();
    assert_eq!(applied.new, [(ArticleId(2), "https://outlet.example/lost".to_owned())]);
}

async fn listings_are_what_the_document_held(store: &dyn Store) {
    let applied = store.apply(intake("first", vec![new("a", 1, &[]), new("b", 2, &[])])).await.unwrap();
    let [a, b] = [applied.new[0].0, applied.new[1].0];
    let mut next = intake("first", vec![new("c", 3, &[])]);
    next.listed = Some(vec![b, b]);
    let c = store.apply(next).await.unwrap().new[0].0;
    assert_eq!(store.lookup("first", vec![]).await.unwrap().listed, [b, c]);
    let mut unread = intake("first", vec![]);
    unread.listed = None;
    store.apply(unread.clone()).await.unwrap();
    assert_eq!(store.lookup("first", vec![]).await.unwrap().listed, [b, c]);
    unread.new = vec![new("d", 4, &[])];
    let d = store.apply(unread).await.unwrap().new[0].0;
    assert_eq!(store.lookup("first", vec![]).await.unwrap().listed, [b, c, d]);
    store.apply(Intake { listed: Some(vec![d, a]), ..intake("first", vec![]) }).await.unwrap();
    assert_eq!(store.lookup("first", vec![]).await.unwrap().listed, [a, d]);
    store.apply(intake("first", vec![])).await.unwrap();
    assert!(store.lookup("first", vec![]).await.unwrap().listed.is_empty());
}

async fn scans_page_through_everything(store: &dyn Store) {
    let articles = (1..=5).map(|number| new(&number.to_string(), number, &[])).collect();
    store.apply(intake("first", articles)).await.unwrap();
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page = store.scan(after, 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.into_iter().map(|stored| (stored.id.0, stored.article.title.unwrap())));
    }
    assert_eq!(seen, [1, 2, 3, 4, 5].map(|id| (id, id.to_string())));
}

async fn hosts_and_signatures(store: &dyn Store) {
    let rule = RobotsRule { allow: false, pattern: "/private".to_owned() };
    let known = Robots { origin: "https://host.example".to_owned(), rules: vec![rule], ..Robots::default() };
    for (until, robots) in [(later(60), vec![]), (later(30), vec![known.clone()])] {
        let host =
            Host { name: "host.example".to_owned(), held_until: Some(until), holds: 2, robots, ..Host::default() };
        store.put_hosts(vec![host]).await.unwrap();
    }
    let [host] = &store.hosts().await.unwrap()[..] else { panic!("one host") };
    assert_eq!((host.held_until, host.holds, &host.robots[..]), (Some(later(30)), 2, &[known][..]));
    let id = store_one(store, "a", 1, &[]).await;
    for signature in [vec![1, 2], vec![3]] {
        store.put_signatures(vec![(id, signature)]).await.unwrap();
    }
    assert_eq!(store.signatures(vec![ArticleId(9), id]).await.unwrap(), [(id, vec![3])]);
}

async fn many_at_once(store: &dyn Store) {
    let one = feed(store, "one").await;
    let sources = (0..16_u8).map(|source| async move {
        for round in 0..5_u8 {
            let number = 1 + source * 5 + round;
            let id = format!("source-{source}");
            assert!(store.lookup(&id, vec![key(number)]).await.unwrap().hits.is_empty());
            // every other one fails, and takes no other with it
            let feeds = if round % 2 == 1 { vec![one, 99] } else { vec![one] };
            let applied = store.apply(intake(&id, vec![new(&number.to_string(), number, &feeds)])).await;
            assert_eq!(applied.is_ok(), round % 2 == 0);
            let hits = store.lookup(&id, vec![key(number)]).await.unwrap().hits;
            assert_eq!(hits.len(), usize::from(round % 2 == 0));
        }
    });
    futures_util::future::join_all(sources).await;
    assert_eq!(store.count().await.unwrap().articles, 48);
    let members: HashSet<i64> = member_ids(store, one).await.into_iter().collect();
    assert_eq!(members, (1..=48).collect());
}
