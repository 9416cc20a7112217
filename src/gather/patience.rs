//! The time that one source may take, waits out of politeness not counted.

#![expect(
    clippy::disallowed_methods,
    reason = "waits are measured where they happen; the time of day stays an argument"
)]

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// The work did not end in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("did not end within {} s", .0.as_secs())]
pub struct OutOfTime(pub Duration);

tokio::task_local! {
    static PATIENCE: Arc<Patience>;
}

/// Waits beyond so much are counted after all, lest a fault in here keeps a run from ending.
const MOST_WAITS: Duration = Duration::from_hours(2);

/// How often a limit is looked at again that moves while something is waited for.
const STEP: Duration = Duration::from_millis(50);

/// Does work that may take so long. What its fetches wait for a host's pause, for a free place or for
/// memory is not counted; fetches know by themselves whose patience they use, within one task. Work within such
/// work has a limit of its own, and what it waits is counted by neither.
///
/// # Errors
///
/// [`OutOfTime`]; the work is dropped.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, OutOfTime> {
    let patience = Arc::new(Patience { waits: Mutex::default(), around: PATIENCE.try_with(Arc::clone).ok() });
    let began = Instant::now();
    let mut work = pin!(PATIENCE.scope(Arc::clone(&patience), work));
    loop {
        let (waited, is_waiting) = patience.waited();
        let until = began + limit + waited.min(MOST_WAITS);
        let now = Instant::now();
        if until <= now {
            return Err(OutOfTime(limit));
        }
        let look = if is_waiting { until.max(now + STEP) } else { until };
        if let Ok(result) = timeout_at(look, work.as_mut()).await {
            return Ok(result);
        }
    }
}

/// Waits for what is nobody's fault; answers how long that took beside what came of it.
pub(super) async fn pause<T>(wait: impl Future<Output = T>) -> (T, Duration) {
    let began = Instant::now();
    let patience = PATIENCE.try_with(Arc::clone).ok();
    let _pause = patience.as_deref().map(Pause::begin);
    let result = wait.await;
    (result, began.elapsed())
}

#[derive(Debug)]
struct Patience {
    waits: Mutex<Waits>,
    /// That of the work which this work is a part of.
    around: Option<Arc<Self>>,
}

#[derive(Debug, Default)]
struct Waits {
    /// All waits that are over.
    past: Duration,
    /// Those that go on, and since when at least one does.
    running: u32,
    since: Option<Instant>,
}

impl Patience {
    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Itself and all around it.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |patience| patience.around.as_deref())
    }

    /// How long was waited so far, and whether a wait goes on.
    fn waited(&self) -> (Duration, bool) {
        let waits = self.waits();
        (waits.past + waits.since.map_or(Duration::ZERO, |since| since.elapsed()), waits.since.is_some())
    }
}

/// A wait that goes on; over when dropped.
struct Pause<'a>(&'a Patience);

impl<'a> Pause<'a> {
    fn begin(patience: &'a Patience) -> Self {
        for patience in patience.chain() {
            let mut waits = patience.waits();
            waits.running += 1;
            waits.since.get_or_insert_with(Instant::now);
        }
        Self(patience)
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        for patience in self.0.chain() {
            let mut waits = patience.waits();
            waits.running -= 1;
            if waits.running == 0
                && let Some(since) = waits.since.take()
            {
                waits.past += since.elapsed();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn pauses_are_not_counted_and_work_is() {
        let work = async {
            for _ in 0..5 {
                pause(sleep(SECOND * 60)).await;
                sleep(SECOND).await;
            }
            "done"
        };
        assert_eq!(within(SECOND * 6, work).await, Ok("done"));
        let slow = async {
            pause(sleep(SECOND * 60)).await;
            sleep(SECOND * 7).await;
        };
        assert_eq!(within(SECOND * 6, slow).await, Err(OutOfTime(SECOND * 6)));
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_at_the_same_time_count_once_and_a_pause_may_begin_at_the_last_moment() {
        let both = async {
            tokio::join!(pause(sleep(SECOND * 10)), pause(sleep(SECOND * 10)));
            sleep(SECOND * 5).await;
        };
        assert_eq!(within(SECOND * 4, both).await, Err(OutOfTime(SECOND * 4)));
        let late = async {
            sleep(Duration::from_millis(3999)).await;
            pause(sleep(SECOND * 60)).await;
        };
        assert_eq!(within(SECOND * 4, late).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn work_within_work_pauses_both_and_takes_the_time_of_both() {
        let nested = async {
            let inner = within(SECOND * 4, pause(sleep(SECOND * 60))).await;
            sleep(SECOND * 5).await;
            inner.map(|_| ())
        };
        assert_eq!(within(SECOND * 6, nested).await, Ok(Ok(())));
        let slow = within(SECOND * 9, async {
            pause(sleep(SECOND * 60)).await;
            sleep(SECOND * 7).await;
        });
        assert_eq!(within(SECOND * 6, slow).await, Err(OutOfTime(SECOND * 6)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_fetch_that_nobody_times_waits_all_the_same() {
        assert_eq!(pause(sleep(SECOND)).await.1, SECOND);
    }
}
