use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use object_store::memory::InMemory;

use super::*;
use crate::store::{SqliteStore, Store as _};

const NAME: &str = "s3://private/feedmill.db";

fn state(objects: &Arc<InMemory>) -> BucketState {
    BucketState::new(NAME.to_owned(), Arc::clone(objects) as _, "feedmill.db").expect("a path")
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a time")
}

fn after_eleven_minutes() -> DateTime<Utc> {
    noon() + TimeDelta::minutes(11)
}

/// One round that leaves something behind.
async fn round(state: &BucketState, owner: &str, report: &str) {
    let lease = state.lease(owner, noon).await.expect("the lease");
    let copy = state.take().await.expect("a copy");
    let store = SqliteStore::open(&copy.path()).expect("a state");
    store.save_report(report.to_owned(), noon()).await.expect("saved");
    store.close().await.expect("closed");
    state.put_back(copy, lease).await.expect("put back");
}

async fn last_report(state: &BucketState) -> Option<String> {
    let copy = state.take().await.expect("a copy");
    let store = SqliteStore::open_read_only(&copy.path()).expect("a state");
    store.last_report().await.expect("an answer").map(|(_, report)| report)
}

#[tokio::test]
async fn a_state_goes_there_and_comes_back() {
    let objects = Arc::new(InMemory::new());
    let state = state(&objects);
    assert_eq!(last_report(&state).await, None);
    round(&state, "a", "first").await;
    assert_eq!(last_report(&state).await.as_deref(), Some("first"));
    round(&state, "b", "second").await;
    assert_eq!(last_report(&state).await.as_deref(), Some("second"));
    let copy = state.take().await.expect("a copy");
    let folder = copy.path();
    assert!(folder.exists());
    drop(copy);
    assert!(!folder.exists(), "the working copy goes with its run");
}

#[tokio::test]
async fn one_of_sixteen_takes_the_lease() {
    let objects = Arc::new(InMemory::new());
    for round in 0..3 {
        let all = (0..16).map(|n| {
            let state = state(&objects);
            async move { state.lease(&format!("run {round}-{n}"), noon).await }
        });
        let (won, lost): (Vec<_>, Vec<_>) =
            futures_util::future::join_all(all).await.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.iter().all(|one| matches!(one, Err(BucketError::Held { .. }))), "{lost:?}");
        for lease in won.into_iter().flatten() {
            assert_eq!(lease.fence(), 1);
            lease.give_up().await;
        }
    }
}

#[tokio::test]
async fn a_dead_run_is_followed_after_ten_minutes_and_cannot_write_any_more() {
    let objects = Arc::new(InMemory::new());
    let state = state(&objects);
    round(&state, "first", "first").await;
    let sleeper = state.lease("sleeper", noon).await.expect("the lease");
    let copy = state.take().await.expect("a copy");
    let error = state.lease("early", noon).await.expect_err("held").to_string();
    assert!(error.contains("(sleeper)") && error.contains("its lease ends at 2026-05-28T"), "{error}");

    let lease = state.lease("next", after_eleven_minutes).await.expect("the lease");
    assert_eq!(lease.fence(), 2);
    sleeper.shared.renew().await;
    assert!(sleeper.is_lost());
    let error = state.put_back(copy, sleeper).await.expect_err("lost");
    assert!(matches!(error, BucketError::Lost { .. }), "{error}");
    assert_eq!(last_report(&state).await.as_deref(), Some("first"));
    lease.give_up().await;
}

static SHIFT: AtomicI64 = AtomicI64::new(0);

fn shifted() -> DateTime<Utc> {
    noon() + TimeDelta::minutes(SHIFT.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_lease_that_is_renewed_goes_on_and_one_that_is_not_ends() {
    let objects = Arc::new(InMemory::new());
    let state = state(&objects);
    let lease = state.lease("a", shifted).await.expect("the lease");
    SHIFT.store(9, Ordering::Relaxed);
    lease.shared.renew().await;
    SHIFT.store(18, Ordering::Relaxed);
    assert!(!lease.is_lost());
    assert!(matches!(state.lease("b", shifted).await, Err(BucketError::Held { .. })));
    SHIFT.store(20, Ordering::Relaxed);
    assert!(lease.is_lost() && lease.lost().is_cancelled());
}

#[tokio::test]
async fn what_somebody_else_put_there_is_not_overwritten() {
    let objects = Arc::new(InMemory::new());
    let state = state(&objects);
    for before in ["", "something"] {
        if !before.is_empty() {
            objects.put(&"feedmill.db".into(), before.into()).await.expect("put");
        }
        let lease = state.lease(&format!("a{before}"), noon).await.expect("the lease");
        let copy = state.take().await.expect("a copy");
        if before.is_empty() {
            let store = SqliteStore::open(&copy.path()).expect("a state");
            store.close().await.expect("closed");
        }
        objects.put(&"feedmill.db".into(), "from elsewhere".into()).await.expect("put");
        let error = state.put_back(copy, lease).await.expect_err("another version");
        assert!(matches!(error, BucketError::Changed { .. }), "no other run did it: {error}");
        let found = objects.get(&"feedmill.db".into()).await.expect("there").bytes().await.expect("bytes");
        assert_eq!(found, "from elsewhere");
        objects.delete(&"feedmill.db.lease".into()).await.expect("deleted");
        objects.delete(&"feedmill.db".into()).await.expect("deleted");
    }
}
