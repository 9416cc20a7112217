//! The gate before each host: one request in flight, and a pause before the next.

#![expect(
    clippy::disallowed_methods,
    reason = "waits are measured where they happen; the time of day stays an argument"
)]

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turnstile, OwnedMutexGuard};
use tokio::time::{Instant, sleep_until};

use super::Class;

/// How many times longer the pause before a page is.
const PAGE_FACTOR: u32 = 5;

/// The gates of all hosts that were asked lately.
pub(super) struct Gates {
    delay: Duration,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    hosts: HashMap<Box<str>, Arc<Turnstile<Turn>>>,
    /// When each host may be forgotten: in order, since the time is always the same.
    leaving: VecDeque<(Instant, Box<str>)>,
}

/// What is known of a host's last request.
#[derive(Default)]
struct Turn {
    ended: Option<Instant>,
    is_kept_alive: bool,
}

/// The right to ask one host; given back when dropped.
pub(super) struct Pass<'a> {
    gates: &'a Gates,
    host: Box<str>,
    turn: OwnedMutexGuard<Turn>,
}

impl Gates {
    pub fn new(delay: Duration) -> Self {
        Self { delay, open: Mutex::default() }
    }

    /// Waits until the host may be asked.
    pub async fn enter(&self, host: &str, class: Class) -> Pass<'_> {
        let turn = self.gate(host).lock_owned().await;
        let pass = Pass { gates: self, host: host.into(), turn };
        if let Some(ended) = pass.turn.ended {
            sleep_until(ended + self.pause(class)).await;
        }
        pass
    }

    /// The pause before a request of this class.
    pub fn pause(&self, class: Class) -> Duration {
        match class {
            Class::Feed => self.delay,
            Class::Page => self.delay * PAGE_FACTOR,
        }
    }

    fn gate(&self, host: &str) -> Arc<Turnstile<Turn>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
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
        while self.leaving.front().is_some_and(|(at, _)| *at <= now) {
            let Some((_, host)) = self.leaving.pop_front() else { break };
            let is_idle = self.hosts.get(&host).is_some_and(|gate| {
                // asked again meanwhile: its later request has its own place in the queue
                Arc::strong_count(gate) == 1
                    && gate.try_lock().is_ok_and(|turn| turn.ended.is_none_or(|ended| ended <= now))
            });
            if is_idle {
                self.hosts.remove(&host);
            }
        }
    }
}

impl Pass<'_> {
    /// Whether the connection is worth keeping: more requests for this host wait, pages follow
    /// each other, or one is open already. Idle connections cost memory, so the others are closed.
    pub fn keeps_alive(&mut self, class: Class) -> bool {
        // the map's, and the one within this pass
        let waits = Arc::strong_count(OwnedMutexGuard::mutex(&self.turn)) > 2;
        self.turn.is_kept_alive |= waits || class == Class::Page;
        self.turn.is_kept_alive
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        self.turn.ended = Some(now);
        let until = now + self.gates.delay * PAGE_FACTOR;
        let mut open = self.gates.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.leaving.push_back((until, std::mem::take(&mut self.host)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_to_one_host_stand_apart_and_hosts_do_not_wait_for_each_other() {
        let delay = Duration::from_millis(20);
        let gates = Gates::new(delay);
        let first = gates.enter("one.example", Class::Feed).await;
        drop(gates.enter("two.example", Class::Feed).await);
        drop(first);
        let began = Instant::now();
        drop(gates.enter("one.example", Class::Feed).await);
        assert!(began.elapsed() >= delay, "{:?}", began.elapsed());
        drop(gates.enter("one.example", Class::Page).await);
        assert!(began.elapsed() >= delay * 6, "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn idle_hosts_are_forgotten_and_busy_ones_are_not() {
        let gates = Gates::new(Duration::from_millis(200));
        for number in 0..100 {
            drop(gates.enter(&format!("{number}.example"), Class::Feed).await);
        }
        let busy = gates.enter("99.example", Class::Feed).await;
        let mut open = gates.open.lock().unwrap();
        let later = Instant::now() + Duration::from_mins(1);
        open.forget(later);
        assert_eq!((open.hosts.len(), open.leaving.len()), (1, 0));
        drop(open);
        drop(busy);
        let mut open = gates.open.lock().unwrap();
        assert_eq!((open.hosts.len(), open.leaving.len()), (1, 1));
        open.forget(later + Duration::from_mins(1));
        assert_eq!((open.hosts.len(), open.leaving.len()), (0, 0));
    }

    #[tokio::test]
    async fn a_connection_is_kept_only_where_more_follows() {
        let gates = Arc::new(Gates::new(Duration::ZERO));
        let mut pass = gates.enter("one.example", Class::Feed).await;
        assert!(!pass.keeps_alive(Class::Feed));
        let second = {
            let gates = Arc::clone(&gates);
            tokio::spawn(async move { gates.enter("one.example", Class::Feed).await.keeps_alive(Class::Feed) })
        };
        tokio::task::yield_now().await;
        assert!(pass.keeps_alive(Class::Feed));
        drop(pass);
        assert!(second.await.unwrap(), "the one that waited uses the connection that was kept for it");
        assert!(gates.enter("two.example", Class::Page).await.keeps_alive(Class::Page));
    }
}
