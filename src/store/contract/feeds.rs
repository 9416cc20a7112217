//! Published feeds: records and members.

use super::*;
use crate::model::Bound;
use crate::store::Release;

contract!(
    feeds_are_registered_once,
    renamed_feeds_keep_everything,
    members_come_latest_first,
    members_know_the_revisions_that_brought_them,
    the_bound_is_the_greatest_place_that_left,
    dropped_members_never_return,
    members_enter_anew,
    membership_is_replaced_but_history_stays,
    what_entered_anew_is_history_too,
    stories_are_remembered,
    unknown_feeds_are_errors,
);

async fn feeds_are_registered_once(store: &dyn Store) {
    let made = store.register_feed("a", "urn:uuid:1", u64::MAX, &[]).await.unwrap();
    assert_eq!((made.revision, made.released, made.settings_hash, made.bound.clone()), (0, 0, 0, None));
    assert_eq!((made.items, made.updated), (0, None));
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

async fn members_know_the_revisions_that_brought_them(store: &dyn Store) {
    let (one, two) = (feed(store, "one").await, feed(store, "two").await);
    let applied =
        store.apply(intake("first", vec![new("a", 1, &[one]), new("b", 2, &[one, two]), new("c", 3, &[])])).await;
    let [a, b, c] = [0, 1, 2].map(|index| applied.as_ref().unwrap().new[index].0);
    let revisions = || async {
        let mut found: Vec<_> = store.members(one).await.unwrap();
        found.sort_by_key(|member| member.article);
        found.iter().map(|member| (member.article.0, member.added, member.changed)).collect::<Vec<_>>()
    };
    assert_eq!(revisions().await, [(1, 1, 1), (2, 1, 1)]);

    // one call, one revision: a changes and c joins
    let mut change = intake("first", vec![]);
    change.updated = vec![update(a, Some("a2")), update(b, None)];
    change.carried = vec![carried(c, &[], &[one, one])];
    store.apply(change).await.unwrap();
    assert_eq!(revisions().await, [(1, 1, 2), (2, 1, 1), (3, 2, 2)]);
    assert_eq!((revision(store, one).await, revision(store, two).await), (2, 1));

    store.hide("https://outlet.example/b", vec![]).await.unwrap();
    store.set_members(one, 6, vec![(a, 1), (c, 1)]).await.unwrap();
    let d = store_one(store, "d", 4, &[]).await;
    store.set_members(one, 7, vec![(a, 1), (d, 1)]).await.unwrap();
    assert_eq!(revisions().await, [(1, 1, 2), (4, 5, 5)]);
    assert_eq!(revision(store, one).await, 5);
}

async fn the_bound_is_the_greatest_place_that_left(store: &dyn Store) {
    let one = feed(store, "one").await;
    let titles = [("a", 1), ("b", 2), ("c", 2), ("d", 3)];
    store.apply(intake("first", titles.map(|(title, number)| new(title, number, &[one])).into())).await.unwrap();
    let left = Bound { published: later(2).timestamp(), uid: "https://outlet.example/b".to_owned(), ..bound(0) };
    store.release(one, Release { bound: Some(left), ..Release::default() }).await.unwrap();
    store.set_members(one, 6, vec![]).await.unwrap();
    assert_eq!(member_ids(store, one).await, [2, 1], "those that left are history");
}

async fn members_enter_anew(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store.apply(intake("first", vec![new("a", 1, &[one])])).await.unwrap().new[0].0;
    let release = Release { reenter: vec![id, ArticleId(99)], now: later(60), ..Release::default() };
    store.release(one, release).await.unwrap();
    assert_eq!(store.members(one).await.unwrap()[0].entered, later(60).timestamp());
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

async fn unknown_feeds_are_errors(store: &dyn Store) {
    let unknown = StoreError::UnknownFeed { feed: 3 };
    assert_eq!(store.members(3).await, Err(unknown.clone()));
    assert_eq!(store.set_members(3, 1, vec![]).await, Err(unknown.clone()));
    assert_eq!(store.release(3, Release::default()).await, Err(unknown.clone()));
    assert_eq!(store.set_stories(3, vec![]).await, Err(unknown.clone()));
    assert_eq!(store.restore_bound(3, None).await, Err(unknown));
}

async fn what_entered_anew_is_history_too(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "a", 1, &[one]).await;
    store.release(one, Release { bound: Some(bound(10)), ..Release::default() }).await.unwrap();
    store.release(one, Release { reenter: vec![id], now: later(20), ..Release::default() }).await.unwrap();
    store.set_members(one, 6, vec![]).await.unwrap();
    let member = store.members(one).await.unwrap().remove(0);
    assert_eq!((member.entered, member.dropped), (noon().timestamp(), true), "back where its archive is");
    store.hide("https://outlet.example/a", vec![]).await.unwrap();
    assert_eq!(store.hidden_members(one).await.unwrap(), ["https://outlet.example/a"]);
    assert_eq!(revision(store, one).await, 3, "so that the next release takes it out");
}
