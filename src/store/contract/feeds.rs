//! Published feeds: records, members, releases, files.

use super::*;
use crate::store::{Bound, FileRecord, HISTORY, Release};

contract!(
    feeds_are_registered_once,
    renamed_feeds_keep_everything,
    members_come_latest_first,
    a_release_is_recorded,
    the_bound_only_moves_up,
    dropped_members_never_return,
    membership_is_replaced_but_history_stays,
    history_is_limited_below_the_bound_only,
    stories_are_remembered,
    files_are_recorded_by_target,
    unknown_feeds_are_errors,
);

async fn feeds_are_registered_once(store: &dyn Store) {
    let made = store.register_feed("a", "urn:uuid:1", u64::MAX, &[]).await.unwrap();
    assert_eq!((made.revision, made.released, made.settings_hash, made.bound.clone()), (0, 0, 0, None));
    assert_eq!((&*made.id, &*made.urn, made.selection_hash), ("a", "urn:uuid:1", u64::MAX));
    let again = store.register_feed("a", "urn:uuid:2", 1, &["b".to_owned()]).await.unwrap();
    assert_eq!(again, made);
    let other = store.register_feed("b", "urn:uuid:2", 1, &[]).await.unwrap();
    assert_ne!(other.number, made.number);
    assert_eq!(store.feeds().await.unwrap(), [made, other]);
}

async fn renamed_feeds_keep_everything(store: &dyn Store) {
    let old = store.register_feed("old", "urn:uuid:1", 5, &[]).await.unwrap();
    let id = store_one(store, "a", 1, &[old.number]).await;
    let was = ["nothing".to_owned(), "old".to_owned()];
    let renamed = store.register_feed("new", "urn:uuid:2", 6, &was).await.unwrap();
    assert_eq!(
        (renamed.number, &*renamed.urn, &*renamed.id, renamed.selection_hash),
        (old.number, "urn:uuid:1", "new", 5)
    );
    assert_eq!(member_ids(store, renamed.number).await, [id.0]);
    assert_eq!(store.feeds().await.unwrap(), [renamed]);
}

async fn members_come_latest_first(store: &dyn Store) {
    let one = feed(store, "one").await;
    let first = store.apply(intake("first", vec![new("a", 1, &[one]), new("b", 2, &[one])])).await.unwrap();
    let mut undated = new("c", 3, &[one]);
    undated.article.date_published = None;
    store.apply(Intake { now: later(9), ..intake("first", vec![undated]) }).await.unwrap();
    let members = store.members(one).await.unwrap();
    assert_eq!(
        members.iter().map(|member| &*member.uid).collect::<Vec<_>>(),
        ["c", "b", "a"].map(|title| { format!("https://outlet.example/{title}") })
    );
    let (undated, dated) = (&members[0], &members[2]);
    assert_eq!((undated.entered, undated.published), (later(9).timestamp(), later(9).timestamp()));
    assert_eq!((dated.entered, dated.published), (noon().timestamp(), later(1).timestamp()));
    assert_eq!((dated.article, dated.size, dated.title_hash), (first.new[0].0, 100, 1 << 63));
    assert_eq!((&*dated.outlet, dated.story, dated.hidden, dated.dropped), ("outlet.example", None, false, false));
    assert_eq!(revision(store, one).await, 2, "one for each intake");
}

fn bound(seconds: i64) -> Bound {
    Bound { entered: later(seconds).timestamp(), date: 0, uid: String::new() }
}

async fn a_release_is_recorded(store: &dyn Store) {
    let one = feed(store, "one").await;
    let files = vec![FileRecord { target: "t".to_owned(), path: "one.rss".to_owned(), hash: u128::MAX, size: 9 }];
    let release = Release {
        revision: 7,
        settings_hash: u64::MAX - 1,
        bound: Some(Bound { uid: "urn:x".to_owned(), ..bound(1) }),
        files: files.clone(),
        ..Release::default()
    };
    store.release(one, release.clone()).await.unwrap();
    let record = store.feeds().await.unwrap().remove(0);
    assert_eq!((record.released, record.settings_hash, record.bound), (7, u64::MAX - 1, release.bound));
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

async fn dropped_members_never_return(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "a", 1, &[one]).await;
    store.release(one, Release { drop: vec![id, ArticleId(99)], ..Release::default() }).await.unwrap();
    let mut change = intake("first", vec![]);
    change.updated = vec![UpdatedArticle { feeds: vec![one], ..update(id, Some("b")) }];
    store.apply(change).await.unwrap();
    store.set_members(one, 6, vec![(id, later(9).timestamp())]).await.unwrap();
    store.set_members(one, 7, vec![]).await.unwrap();
    let members = store.members(one).await.unwrap();
    assert!(members.len() == 1 && members[0].dropped && members[0].entered == noon().timestamp());
    assert_eq!(revision(store, one).await, 3, "a change of a dropped member is none of the feed");
}

async fn membership_is_replaced_but_history_stays(store: &dyn Store) {
    let one = feed(store, "one").await;
    let old = store_one(store, "old", 1, &[one]).await;
    let mut next = intake("first", vec![new("in", 2, &[one]), new("out", 3, &[one]), new("late", 4, &[])]);
    next.now = later(10);
    let ids: Vec<_> = store.apply(next).await.unwrap().new.into_iter().map(|(id, _)| id).collect();
    store.release(one, Release { bound: Some(bound(10)), ..Release::default() }).await.unwrap();
    store.set_stories(one, vec![(ids[0], old)]).await.unwrap();
    let rows = vec![(ids[0], later(99).timestamp()), (ids[2], later(50).timestamp())];
    store.set_members(one, 6, rows).await.unwrap();
    let members = store.members(one).await.unwrap();
    let entered = |seconds| later(seconds).timestamp();
    assert_eq!(
        members.iter().map(|member| (member.article, member.entered, member.story)).collect::<Vec<_>>(),
        [(ids[2], entered(50), None), (ids[0], entered(10), Some(old)), (old, entered(0), None)]
    );
    let record = store.feeds().await.unwrap().remove(0);
    assert_eq!((record.selection_hash, record.revision), (6, 3));
    let unknown = store.set_members(one, 7, vec![(ArticleId(99), 0)]).await;
    assert_eq!(unknown, Err(StoreError::UnknownArticle { article: 99 }));
    assert_eq!(store.members(one).await.unwrap(), members);
}

async fn history_is_limited_below_the_bound_only(store: &dyn Store) {
    let one = feed(store, "one").await;
    let count = HISTORY + 5;
    let many = |part: std::ops::Range<usize>| {
        let article = |number: usize| NewArticle {
            uids: vec![format!("urn:x-test:{number}")],
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

async fn stories_are_remembered(store: &dyn Store) {
    let (one, two) = (feed(store, "one").await, feed(store, "two").await);
    let a = store_one(store, "a", 1, &[one, two]).await;
    let b = store_one(store, "b", 2, &[one]).await;
    let before = revision(store, one).await;
    store.set_stories(one, vec![(a, a), (b, a), (ArticleId(99), a)]).await.unwrap();
    let stories = |members: Vec<crate::store::Member>| members.iter().map(|member| member.story).collect::<Vec<_>>();
    assert_eq!(stories(store.members(one).await.unwrap()), [Some(a), Some(a)]);
    assert_eq!(stories(store.members(two).await.unwrap()), [None]);
    assert_eq!(revision(store, one).await, before);
}

async fn files_are_recorded_by_target(store: &dyn Store) {
    let file = |target: &str, path: &str, size| FileRecord { target: target.into(), path: path.into(), hash: 1, size };
    store.put_files(vec![file("t", "b", 1), file("t", "a", 1), file("u", "a", 1)]).await.unwrap();
    store.put_files(vec![file("t", "b", 2)]).await.unwrap();
    assert_eq!(store.files("t").await.unwrap(), [file("t", "a", 1), file("t", "b", 2)]);
    store.forget_files("t", vec!["a".to_owned(), "none".to_owned()]).await.unwrap();
    assert_eq!(store.files("t").await.unwrap(), [file("t", "b", 2)]);
    assert_eq!(store.files("u").await.unwrap(), [file("u", "a", 1)]);
}

async fn unknown_feeds_are_errors(store: &dyn Store) {
    let unknown = StoreError::UnknownFeed { feed: 3 };
    assert_eq!(store.members(3).await, Err(unknown.clone()));
    assert_eq!(store.set_members(3, 1, vec![]).await, Err(unknown.clone()));
    assert_eq!(store.release(3, Release::default()).await, Err(unknown.clone()));
    assert_eq!(store.set_stories(3, vec![]).await, Err(unknown));
}
