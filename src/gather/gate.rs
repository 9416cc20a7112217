//! The gate before each host: one request in flight, and a pause before the next.

#![expect(
    clippy::disallowed_methods,
    reason = "waits are measured where they happen; the time of day stays an argument"
)]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turnstile, OwnedMutexGuard};
use tokio::time::{Instant, sleep, sleep_until};

/// Hosts whose connection is kept for the next request at any time: an idle one costs memory and a
/// descriptor, and 1,024 of these are all that many systems grant.
const MOST_KEPT: usize = 128;

/// How long an idle connection is kept, and its host's gate with it.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(10);

/// The gates of all hosts that were asked lately.
#[derive(Default)]
pub(super) struct Gates {
    open: Mutex<Open>,
}

/// How long to wait for a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pause {
    /// Between two requests.
    pub between: Duration,
    /// What an earlier run left of it; for a host that was not asked since.
    pub left: Duration,
}

#[derive(Default)]
struct Open {
    hosts: HashMap<Box<str>, Arc<Turnstile<Turn>>>,
    /// When each host may be forgotten, the first one on top.
    leaving: BinaryHeap<Reverse<(Instant, Box<str>)>>,
    /// How many of them have a connection kept.
    kept: usize,
}

/// What is known of a host's last request.
#[derive(Default)]
struct Turn {
    ended: Option<Instant>,
    /// Until when it must be remembered.
    until: Option<Instant>,
    is_kept_alive: bool,
}

/// The right to ask one host; given back when dropped.
pub(super) struct Pass<'a> {
    gates: &'a Gates,
    host: Box<str>,
    pause: Pause,
    turn: OwnedMutexGuard<Turn>,
}

impl Gates {
    /// Waits until the host may be asked.
    pub async fn enter(&self, host: &str, pause: Pause) -> Pass<'_> {
        let turn = self.gate(host).lock_owned().await;
        let pass = Pass { gates: self, host: host.into(), pause, turn };
        match pass.turn.ended {
            Some(ended) => sleep_until(ended + pause.between).await,
            None if pause.left.is_zero() => {}
            None => sleep(pause.left).await,
        }
        pass
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gate(&self, host: &str) -> Arc<Turnstile<Turn>> {
        let mut open = self.open();
        open.forget(Instant::now());
        if let Some(gate) = open.hosts.get(host) {
            return Arc::clone(gate);
        }
        let gate = Arc::default();
        open.hosts.insert(host.into(), Arc::clone(&gate));
        gate
    }
}

impl Open {
    /// Drops the hosts whose pause is over and that nobody waits for.
    fn forget(&mut self, now: Instant) {
        while self.leaving.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            let Some(Reverse((_, host))) = self.leaving.pop() else { break };
            let Some(gate) = self.hosts.get(&host) else { continue };
            // asked again meanwhile: its later request has its own place in the queue
            let idle = (Arc::strong_count(gate) == 1).then(|| gate.try_lock().ok()).flatten();
            let Some(is_kept) = idle.filter(|turn| turn.until <= Some(now)).map(|turn| turn.is_kept_alive) else {
                continue;
            };
            self.kept -= usize::from(is_kept);
            self.hosts.remove(&host);
        }
    }
}

impl Pass<'_> {
    /// Whether the connection is worth keeping: more requests for this host wait, more will follow by
    /// the caller's word, or one is open already.
    pub fn keeps_alive(&mut self, more_follow: bool) -> bool {
        // the map's, and the one within this pass
        let waits = Arc::strong_count(OwnedMutexGuard::mutex(&self.turn)) > 2;
        if (waits || more_follow) && !self.turn.is_kept_alive {
            let mut open = self.gates.open();
            if open.kept < MOST_KEPT {
                open.kept += 1;
                self.turn.is_kept_alive = true;
            }
        }
        self.turn.is_kept_alive
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        let until = now + self.pause.between.max(KEPT_FOR);
        self.turn.ended = Some(now);
        self.turn.until = self.turn.until.max(Some(until));
        self.gates.open().leaving.push(Reverse((until, std::mem::take(&mut self.host))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(between: Duration) -> Pause {
        Pause { between, ..Pause::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn requests_to_one_host_stand_apart_and_hosts_do_not_wait_for_each_other() {
        let delay = Duration::from_secs(1);
        let gates = Gates::default();
        let began = Instant::now();
        let first = gates.enter("one.example", pause(delay)).await;
        drop(gates.enter("two.example", pause(delay)).await);
        assert_eq!(began.elapsed(), Duration::ZERO);
        drop(first);
        drop(gates.enter("one.example", pause(delay)).await);
        assert!(began.elapsed() >= delay, "{:?}", began.elapsed());
        drop(gates.enter("one.example", pause(delay * 5)).await);
        assert!(began.elapsed() >= delay * 6, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_earlier_run_left_of_a_pause_is_waited_for_once() {
        let gates = Gates::default();
        let pause = Pause { between: Duration::from_mins(1), left: Duration::from_secs(20) };
        let began = Instant::now();
        drop(gates.enter("one.example", pause).await);
        assert!((20..22).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        drop(gates.enter("one.example", pause).await);
        assert!((80..83).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn idle_hosts_are_forgotten_and_busy_ones_are_not() {
        let gates = Gates::default();
        for number in 0..100 {
            drop(gates.enter(&format!("{number}.example"), pause(Duration::from_millis(1))).await);
        }
        let slow = Duration::from_mins(2);
        let busy = gates.enter("slow.example", pause(slow)).await;
        let later = Instant::now() + Duration::from_mins(1);
        gates.open().forget(later);
        assert_eq!(gates.open().hosts.len(), 1);
        drop(busy);
        gates.open().forget(later);
        assert_eq!(gates.open().hosts.len(), 1, "its pause is not over");
        gates.open().forget(later + slow);
        assert_eq!(gates.open().hosts.len(), 0);
        assert_eq!(gates.open().leaving.len(), 0);
    }

    #[tokio::test]
    async fn a_connection_is_kept_only_where_more_follows() {
        let gates = Arc::new(Gates::default());
        let mut pass = gates.enter("one.example", Pause::default()).await;
        assert!(!pass.keeps_alive(false));
        let second = {
            let gates = Arc::clone(&gates);
            tokio::spawn(async move { gates.enter("one.example", Pause::default()).await.keeps_alive(false) })
        };
        tokio::task::yield_now().await;
        assert!(pass.keeps_alive(false));
        drop(pass);
        assert!(second.await.unwrap(), "the one that waited uses the connection that was kept for it");
        assert!(gates.enter("two.example", Pause::default()).await.keeps_alive(true));
    }

    #[tokio::test]
    async fn only_so_many_connections_are_kept_at_a_time() {
        let gates = Gates::default();
        for number in 0..MOST_KEPT + 10 {
            let mut pass = gates.enter(&format!("{number}.example"), Pause::default()).await;
            assert_eq!(pass.keeps_alive(true), number < MOST_KEPT, "{number}");
        }
        gates.open().forget(Instant::now() + Duration::from_mins(1));
        assert_eq!(gates.open().kept, 0);
        assert!(gates.enter("new.example", Pause::default()).await.keeps_alive(true));
    }
}
