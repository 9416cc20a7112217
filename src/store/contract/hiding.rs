//! Takedowns: hidden is hidden for ever.

use super::*;
use crate::store::{Adopted, Release};

contract!(
    a_uid_is_hidden,
    a_url_is_hidden,
    what_is_not_there_yet_is_hidden_at_birth,
    a_hidden_address_hides_whoever_takes_it,
    hidden_articles_join_nothing,
    hidden_members_are_named_wherever_they_stand,
);

async fn a_uid_is_hidden(store: &dyn Store) {
    let (one, two) = (feed(store, "one").await, feed(store, "two").await);
    store_one(store, "a", 1, &[one]).await;
    let uid = "https://outlet.example/a";
    assert_eq!(store.hide(uid, vec![]).await.unwrap().as_deref(), Some(uid));
    let member = store.members(one).await.unwrap().remove(0);
    assert!(member.hidden);
    assert!(store.lookup("first", vec![key(1)]).await.unwrap().hits[&key(1)].hidden);
    assert_eq!((revision(store, one).await, revision(store, two).await), (2, 0));
    assert_eq!(store.hide(uid, vec![]).await.unwrap().as_deref(), Some(uid));
    assert_eq!(revision(store, one).await, 2, "hidden once");
}

async fn a_url_is_hidden(store: &dyn Store) {
    let one = feed(store, "one").await;
    for (title, number) in [("a", 1), ("b", 2), ("c", 3)] {
        store_one(store, title, number, &[one]).await;
    }
    let uid = store.hide("https://outlet.example/as-found", vec![key(9), key(2), key(3)]).await.unwrap();
    assert_eq!(uid.as_deref(), Some("https://outlet.example/b"));
    let hidden: Vec<_> = store.members(one).await.unwrap().iter().map(|member| member.hidden).collect();
    assert_eq!(hidden, [true, true, false], "all that the keys lead to");
}

async fn what_is_not_there_yet_is_hidden_at_birth(store: &dyn Store) {
    let one = feed(store, "one").await;
    assert_eq!(store.hide("https://outlet.example/a", vec![]).await.unwrap(), None);
    assert_eq!(store.hide("https://outlet.example/no-such-uid", vec![key(2)]).await.unwrap(), None);
    let titles = [("a", 1), ("b", 2), ("c", 3)];
    store.apply(intake("first", titles.map(|(title, number)| new(title, number, &[one])).into())).await.unwrap();
    assert_eq!(member_ids(store, one).await, [3]);
    let hits = store.lookup("first", vec![key(1), key(2), key(3)]).await.unwrap().hits;
    assert_eq!([1, 2, 3].map(|number| hits[&key(number)].hidden), [true, true, false]);
    assert_eq!(store.count().await.unwrap().articles, 3, "stored, so that it stays known");

    let adopted = Adopted { uid: "urn:x-test:d".to_owned(), keys: vec![key(2)], ..Adopted::default() };
    store.adopt(vec![adopted]).await.unwrap();
    assert!(store.lookup("first", vec![key(2)]).await.unwrap().hits[&key(2)].hidden);
}

async fn a_hidden_address_hides_whoever_takes_it(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "a", 1, &[one]).await;
    store.hide("https://outlet.example/moved", vec![key(5)]).await.unwrap();
    let mut moved = intake("first", vec![]);
    moved.updated = vec![UpdatedArticle { keys: vec![key(5)], ..update(id, None) }];
    store.apply(moved).await.unwrap();
    assert!(store.members(one).await.unwrap()[0].hidden);
    assert_eq!(revision(store, one).await, 2);
}

async fn hidden_articles_join_nothing(store: &dyn Store) {
    let one = feed(store, "one").await;
    let id = store_one(store, "a", 1, &[]).await;
    store.hide("https://outlet.example/a", vec![]).await.unwrap();
    let mut change = intake("second", vec![]);
    change.updated = vec![UpdatedArticle { feeds: vec![one], ..update(id, Some("b")) }];
    change.carried = vec![carried(id, &[], &[one])];
    store.apply(change).await.unwrap();
    store.set_members(one, 6, vec![(id, 1)]).await.unwrap();
    assert!(store.members(one).await.unwrap().is_empty());
}

async fn hidden_members_are_named_wherever_they_stand(store: &dyn Store) {
    let (one, two) = (feed(store, "one").await, feed(store, "two").await);
    for (title, number) in [("c", 3), ("b", 2), ("a", 1)] {
        store_one(store, title, number, &[one]).await;
    }
    store_one(store, "other", 4, &[two]).await;
    assert_eq!(store.hidden_members(one).await.unwrap(), Vec::<String>::new());
    let uid = |title: &str| format!("https://outlet.example/{title}");
    for title in ["c", "a", "other"] {
        store.hide(&uid(title), vec![]).await.unwrap();
    }
    let release = Release { bound: Some(bound(1)), drop: vec![ArticleId(1)], now: later(9), ..Release::default() };
    store.release(one, release).await.unwrap();
    assert_eq!(store.hidden_members(one).await.unwrap(), [uid("a"), uid("c")]);
    assert_eq!(store.hidden_members(9).await, Err(StoreError::UnknownFeed { feed: 9 }));
}
