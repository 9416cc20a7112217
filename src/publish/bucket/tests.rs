use std::io::{self, Write};

use chrono::DateTime;
use object_store::memory::InMemory;

use super::*;
use crate::publish::{Claimant, Target};

const NAME: &str = "s3://news/wire";

fn bucket(objects: &Arc<InMemory>) -> Bucket {
    Bucket::new(NAME.to_owned(), Arc::clone(objects) as _, "wire").expect("a prefix")
}

fn stage(bucket: &Bucket, path: &str, bytes: &str) -> Staged {
    let write = |out: &mut dyn Write| -> io::Result<()> { out.write_all(bytes.as_bytes()) };
    bucket.draft(path).and_then(|draft| draft.write(write)).expect("staged")
}

async fn put(bucket: &Bucket, files: &[(&str, &str)]) -> Result<Committed, PublishError> {
    bucket.commit(files.iter().map(|(path, bytes)| stage(bucket, path, bytes)).collect()).await
}

fn claimant(state: u128, is_new: bool) -> Claimant {
    Claimant { state, fence: 1, is_new }
}

fn at(minute: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_780_000_000 + 60 * minute, 0).expect("a time")
}

#[tokio::test]
async fn what_is_there_already_is_not_put_again() {
    let objects = Arc::new(InMemory::new());
    let target = Target::Bucket(bucket(&objects));
    let Target::Bucket(one) = &target else { unreachable!() };
    let committed = put(one, &[("a.rss", "<rss/>"), ("history/a.json", "{}"), ("index.html", "<html>")]).await;
    assert_eq!(committed.expect("put").written, ["a.rss", "history/a.json", "index.html"]);
    let before = objects.head(&"wire/a.rss".into()).await.expect("there");
    let committed = put(one, &[("a.rss", "<rss/>"), ("index.html", "<html lang>")]).await.expect("put");
    assert_eq!((committed.written, committed.unchanged), (vec!["index.html".into()], vec!["a.rss".into()]));
    assert_eq!(objects.head(&"wire/a.rss".into()).await.expect("there"), before);
    assert_eq!(target.read("index.html").await.expect("read").as_deref(), Some(&b"<html lang>"[..]));
    assert_eq!(target.read("none.rss").await.expect("read"), None);
    assert_eq!(target.list().await.expect("listed"), ["a.rss", "history/a.json", "index.html"]);
    assert!(target.remove("a.rss").await.expect("removed"));
    assert!(!target.remove("a.rss").await.expect("gone already"));
    assert_eq!(target.list().await.expect("listed"), ["history/a.json", "index.html"]);
}

#[tokio::test]
async fn packed_objects_say_so_and_are_read_unpacked() {
    let objects = Arc::new(InMemory::new());
    put(&bucket(&objects), &[("a.rss", "<rss/>")]).await.expect("put");
    let packed = bucket(&objects).packed(true);
    let text = "news ".repeat(1000);
    let committed = put(&packed, &[("a.rss", "<rss/>"), ("b.rss", &text)]).await.expect("put");
    assert_eq!(committed.written, ["a.rss", "b.rss"], "the same content in another form");
    assert!(put(&packed, &[("b.rss", &text)]).await.expect("put").written.is_empty());
    let found = objects.get(&"wire/b.rss".into()).await.expect("there");
    assert_eq!(found.attributes.get(&Attribute::ContentEncoding), Some(&"gzip".into()));
    assert!(found.meta.size < 200, "{}", found.meta.size);
    assert_eq!(packed.read("b.rss").await.expect("read").as_deref(), Some(text.as_bytes()));
}

#[tokio::test]
async fn a_bucket_is_believed_until_it_is_looked_at() {
    let objects = Arc::new(InMemory::new());
    let bucket = bucket(&objects);
    put(&bucket, &[("a.rss", "<rss/>")]).await.expect("put");
    let hash = xxhash_rust::xxh3::xxh3_128(b"<rss/>");
    objects.delete(&"wire/a.rss".into()).await.expect("deleted");
    assert!(bucket.holds("a.rss", hash).await.expect("believed"));
    bucket.look();
    assert!(!bucket.holds("a.rss", hash).await.expect("asked"));
    put(&bucket, &[("a.rss", "<rss/>")]).await.expect("put");
    assert!(bucket.holds("a.rss", hash).await.expect("asked"));
    assert!(!bucket.holds("a.rss", 1).await.expect("asked"));
}

#[tokio::test]
async fn no_path_leads_outside() {
    let bucket = bucket(&Arc::new(InMemory::new()));
    for path in ["", "..", "../secret", "a/../../secret", "/etc/passwd", "a\\b", "./a", "a\0b", "a//../b"] {
        assert!(matches!(bucket.draft(path), Err(PublishError::Outside { .. })), "{path:?}");
        assert!(matches!(bucket.read(path).await, Err(PublishError::Outside { .. })), "{path:?}");
    }
}

#[tokio::test]
async fn one_state_publishes_to_a_bucket() {
    let objects = Arc::new(InMemory::new());
    let first = bucket(&objects);
    first.claim(claimant(1, true), at(0)).await.expect("free");
    let error = bucket(&objects).claim(claimant(2, true), at(1)).await.expect_err("a first run is at work");
    assert!(error.to_string().contains("s3://news/wire/.feedmill/owner.json"), "{error}");
    first.settle().await.expect("settled");
    // another state that knows articles has never been here
    let error = bucket(&objects).claim(claimant(2, false), at(1)).await.expect_err("taken");
    assert!(matches!(error, PublishError::Taken { .. }), "{error}");
    // its own comes back
    let first = bucket(&objects);
    first.claim(claimant(1, false), at(2)).await.expect("its own");
    put(&first, &[("a.rss", "1")]).await.expect("put");
    // a new one goes on where a lost one stood
    let second = bucket(&objects);
    second.claim(claimant(2, true), at(3)).await.expect("taken over");
    let error = put(&first, &[("a.rss", "2")]).await.expect_err("taken over");
    assert!(matches!(error, PublishError::Taken { .. }) && first.is_lost(), "{error}");
    put(&second, &[("a.rss", "3")]).await.expect("put");
    assert!(!second.is_lost());
    assert!(bucket(&objects).list().await.expect("listed").iter().all(|path| path == "a.rss"));
}

#[tokio::test]
async fn a_killed_first_run_keeps_others_off_for_ten_minutes_and_itself_never() {
    let objects = Arc::new(InMemory::new());
    bucket(&objects).claim(claimant(1, true), at(0)).await.expect("free");
    bucket(&objects).claim(claimant(2, true), at(9)).await.expect_err("busy");
    let again = bucket(&objects);
    again.claim(claimant(1, true), at(1)).await.expect("its own");
    bucket(&objects).claim(claimant(2, true), at(11)).await.expect("taken over");
    put(&again, &[("a.rss", "1")]).await.expect_err("taken over");
}

#[tokio::test]
async fn who_was_taken_over_marks_nothing_any_more() {
    let objects = Arc::new(InMemory::new());
    let (first, second) = (bucket(&objects), bucket(&objects));
    first.claim(claimant(1, true), at(0)).await.expect("free");
    second.claim(claimant(2, true), at(11)).await.expect("taken over");
    let error = first.settle().await.expect_err("another's");
    assert!(matches!(error, PublishError::Taken { .. }) && first.is_lost(), "{error}");
    put(&second, &[("a.rss", "2")]).await.expect("its own");
}

#[tokio::test]
async fn a_run_whose_state_was_taken_over_changes_nothing_more() {
    let objects = Arc::new(InMemory::new());
    let sleeper = bucket(&objects);
    sleeper.claim(claimant(1, false), at(0)).await.expect("free");
    let next = bucket(&objects);
    next.claim(Claimant { fence: 2, ..claimant(1, false) }, at(20)).await.expect("a later run");
    put(&next, &[("a.rss", "new")]).await.expect("put");
    put(&sleeper, &[("a.rss", "old")]).await.expect_err("lost");
    let error = bucket(&objects).claim(claimant(1, false), at(21)).await.expect_err("an old fence");
    assert!(matches!(error, PublishError::Taken { .. }), "{error}");
    assert_eq!(next.read("a.rss").await.expect("read").as_deref(), Some(&b"new"[..]));
}
