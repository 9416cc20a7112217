//! Releases: bounds, files, and the history that a feed tells.

use super::*;
use crate::model::Bound;
use crate::store::{FileRecord, HISTORY, Origin, Release};

contract!(
    a_release_is_recorded,
    the_bound_only_moves_up,
    a_bound_is_restored_before_the_first_release,
    origins_tell_where_articles_came_from,
    history_is_limited_below_the_bound_only,
    the_latest_members_are_the_first_of_all,
    files_are_recorded_by_target,
);

async fn a_release_is_recorded(store: &dyn Store) {
    let one = feed(store, "one").await;
    let files = vec![FileRecord { target: "t".to_owned(), path: "one.rss".to_owned(), hash: u128::MAX, size: 9 }];
    let release = Release {
        revision: 7,
        settings_hash: u64::MAX - 1,
        items: 3,
        updated: Some(-4),
        bound: Some(Bound { uid: "urn:x".to_owned(), ..bound(1) }),
        files: files.clone(),
        ..Release::default()
    };
    store.release(one, release.clone()).await.unwrap();
    let record = store.feeds().await.unwrap().remove(0);
    assert_eq!((record.released, record.settings_hash, record.bound), (7, u64::MAX - 1, release.bound));
    assert_eq!((record.items, record.updated), (3, Some(-4)));
    assert_eq!(store.files("t").await.unwrap(), files);
}

async fn the_bound_only_moves_up(store: &dyn Store) {
    let one = feed(store, "one").await;
    for (given, kept) in
        [(Some(bound(5)), bound(5)), (Some(bound(4)), bound(5)), (None, bound(5)), (Some(bound(6)), bound(6))]
    {
        store.release(one, Release { bound: given, ..Release::default() }).await.unwrap();
        assert_eq!(store.feeds().await.unwrap()[0].bound, Some(kept));
    }
}

async fn a_bound_is_restored_before_the_first_release(store: &dyn Store) {
    let one = feed(store, "one").await;
    for (given, kept) in [
        (None, None),
        (Some(bound(5)), Some(bound(5))),
        (Some(bound(4)), Some(bound(5))),
        (None, Some(bound(5))),
        (Some(bound(6)), Some(bound(6))),
    ] {
        store.restore_bound(one, given).await.unwrap();
        assert_eq!(store.feeds().await.unwrap()[0].bound, kept);
    }
    assert_eq!(revision(store, one).await, 0);
    store.release(one, Release { revision: 1, ..Release::default() }).await.unwrap();
    store.restore_bound(one, Some(bound(9))).await.unwrap();
    assert_eq!(store.feeds().await.unwrap()[0].bound, Some(bound(6)), "a released feed knows better");
}

async fn origins_tell_where_articles_came_from(store: &dyn Store) {
    let ids = store.apply(intake("first", vec![new("a", 1, &[]), new("b", 2, &[])])).await.unwrap().new;
    let (a, b) = (ids[0].0, ids[1].0);
    for source in ["third", "second"] {
        let mut carry = intake(source, vec![]);
        carry.now = later(if source == "third" { 20 } else { 30 });
        carry.carried = vec![carried(b, &[key(9)], &[])];
        store.apply(carry).await.unwrap();
    }
    store.hide("https://outlet.example/a", vec![]).await.unwrap();
    let origin = |article, keys: &[u8], sources: &[&str]| Origin {
        article,
        keys: keys.iter().map(|number| key(*number)).collect(),
        sources: sources.iter().map(|&source| source.into()).collect(),
        first_seen: noon(),
    };
    let origins = store.origins(vec![b, ArticleId(99), a]).await.unwrap();
    assert_eq!(origins, [origin(a, &[1], &["first"]), origin(b, &[2, 9], &["first", "third", "second"])]);
    assert_eq!(store.origins(vec![]).await.unwrap(), []);
    // so far apart that they are asked for one by one
    let many = (0..40).map(|number| {
        let uids = Uids { uris: vec![format!("urn:x-test:{number}")], ..Uids::default() };
        NewArticle { uids, keys: vec![], ..new("more", 3, &[]) }
    });
    let last = store.apply(intake("first", many.collect())).await.unwrap().new[39].0;
    let mut carry = intake("second", vec![]);
    carry.carried = vec![carried(last, &[], &[])];
    store.apply(carry).await.unwrap();
    let origins = store.origins(vec![last, b]).await.unwrap();
    assert_eq!(origins, [origin(b, &[2, 9], &["first", "third", "second"]), origin(last, &[], &["first", "second"])]);
}

async fn history_is_limited_below_the_bound_only(store: &dyn Store) {
    let one = feed(store, "one").await;
    let count = HISTORY + 5;
    let many = |part: std::ops::Range<usize>| {
        let article = |number: usize| NewArticle {
            uids: Uids { uris: vec![format!("urn:x-test:{number}")], ..Uids::default() },
            keys: vec![],
            ..new("a", 1, &[one])
        };
        intake("first", part.map(article).collect())
    };
    store.apply(many(0..10)).await.unwrap();
    store.apply(Intake { now: later(10), ..many(10..count) }).await.unwrap();
    assert_eq!(store.members(one).await.unwrap().len(), count);
    store.release(one, Release { bound: Some(bound(1)), ..Release::default() }).await.unwrap();
    let members = store.members(one).await.unwrap();
    assert_eq!((members.len(), members[HISTORY - 1].entered), (HISTORY, noon().timestamp()));
    store.release(one, Release { bound: Some(bound(10)), ..Release::default() }).await.unwrap();
    assert_eq!(store.members(one).await.unwrap().len(), HISTORY);
}

async fn the_latest_members_are_the_first_of_all(store: &dyn Store) {
    let one = feed(store, "one").await;
    let count = 2 * HISTORY;
    let article = |number: usize| NewArticle {
        // neither the order of arrival nor that of the ids is the order of places
        uids: Uids { uris: vec![format!("urn:x-test:{:05}", number * 7919 % count)], ..Uids::default() },
        keys: vec![],
        ..new("a", 1, &[one])
    };
    store.apply(intake("first", (0..count).map(article).collect())).await.unwrap();
    store.apply(Intake { now: later(10), ..intake("second", vec![new("late", 2, &[one])]) }).await.unwrap();
    let all = store.members(one).await.unwrap();
    assert_eq!(all.len(), count + 1);
    for most in [0, HISTORY, HISTORY + 1, count + 1, count + 2] {
        let latest = store.latest_members(one, most).await.unwrap();
        let expected = most.max(HISTORY).min(all.len());
        assert!(latest == all[..expected], "{most}: {} of {expected}", latest.len());
    }
}

async fn files_are_recorded_by_target(store: &dyn Store) {
    let file = |target: &str, path: &str, size| FileRecord { target: target.into(), path: path.into(), hash: 1, size };
    store.put_files(vec![file("t", "b", 1), file("t", "a", 1), file("u", "a", 1)]).await.unwrap();
    store.put_files(vec![file("t", "b", 2)]).await.unwrap();
    assert_eq!(store.files("t").await.unwrap(), [file("t", "a", 1), file("t", "b", 2)]);
    store.put_files(vec![file("v", "", 0), file("v", "ab/1", 1), file("v", "ab/\u{10FFFE}", 2)]).await.unwrap();
    store.put_files(vec![file("v", "ab", 3), file("v", "ac", 4)]).await.unwrap();
    let under = store.files_under("v", "ab/").await.unwrap();
    assert_eq!(under, [file("v", "ab/1", 1), file("v", "ab/\u{10FFFE}", 2)]);
    assert_eq!(store.files("v").await.unwrap().len(), 5);
    store.forget_files("t", vec!["a".to_owned(), "none".to_owned()]).await.unwrap();
    assert_eq!(store.files("t").await.unwrap(), [file("t", "b", 2)]);
    assert_eq!(store.files("u").await.unwrap(), [file("u", "a", 1)]);
}
