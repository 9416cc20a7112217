//! What is known of hosts while the program runs, and what of it is to be remembered.

#![expect(
    clippy::disallowed_methods,
    reason = "how long a run has lasted is measured where holds begin; the time of day stays an argument"
)]

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex as Turnstile;
use tokio::time::Instant;
use url::Url;

use super::error::{Barred, FetchError};
use super::{holds, robots};
use crate::address::registrable_domain;
use crate::model::{Host, Robots};

/// The memory of one fetcher.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    hosts: HashMap<String, Host>,
    /// The latest hold of each registrable domain: its hosts are one outlet's, and so are their limits.
    domains: HashMap<String, DateTime<Utc>>,
    /// What is not yet handed out to be stored.
    changed: HashSet<String>,
    /// The time of day that a run names, and since when it does.
    run: Option<(DateTime<Utc>, Instant)>,
    /// Robots files that are being asked for: one request for all who wait.
    turns: HashMap<String, Arc<Turnstile<()>>>,
}

impl Hosts {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what earlier runs knew; what this one knows already is newer.
    pub fn recall(&self, hosts: Vec<Host>) {
        let mut memory = self.memory();
        for host in hosts {
            if memory.hosts.contains_key(&host.name) {
                continue;
            }
            if let Some(until) = host.held_until {
                memory.hold_domain(&host.name, until);
            }
            memory.hosts.insert(host.name.clone(), host);
        }
    }

    /// What has changed since the last call.
    pub fn learnt(&self) -> Vec<Host> {
        let mut memory = self.memory();
        let names = std::mem::take(&mut memory.changed);
        names.into_iter().filter_map(|name| memory.hosts.get(&name).cloned()).collect()
    }

    /// The time of day by now: that of the request, and the whole seconds since its run named it first.
    pub fn moment(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut memory = self.memory();
        match memory.run {
            Some((named, since)) if named == now => {
                now + TimeDelta::seconds(i64::try_from(since.elapsed().as_secs()).unwrap_or(0))
            }
            _ => {
                memory.run = Some((now, Instant::now()));
                now
            }
        }
    }

    /// # Errors
    ///
    /// While the host, or another of its registrable domain, is to be left alone.
    pub fn check_hold(&self, host: &str, now: DateTime<Utc>) -> Result<(), FetchError> {
        let memory = self.memory();
        // the usual case costs no look into the list of suffixes
        let held = if memory.domains.is_empty() { None } else { memory.domains.get(registrable_domain(host)) };
        match held {
            Some(until) if *until > now => Err(FetchError::Held { host: host.to_owned(), until: *until }),
            _ => Ok(()),
        }
    }

    /// The host asked for a pause; answers until when it lasts.
    pub fn hold(&self, host: &str, asked: Option<Duration>, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut memory = self.memory();
        let until = holds::hold(memory.host(host), asked, now);
        memory.hold_domain(host, until);
        memory.changed.insert(host.to_owned());
        until
    }

    /// The host answered something else than a pause, at `now`.
    pub fn answered(&self, host: &str, now: DateTime<Utc>) {
        let mut memory = self.memory();
        let Some(known) = memory.hosts.get_mut(host) else { return };
        let mut is_changed = holds::answered(known);
        if known.crawl_delay().is_some() {
            known.asked_at = Some(now);
            is_changed = true;
        }
        if is_changed {
            memory.changed.insert(host.to_owned());
        }
    }

    /// The pause that the host asks for, and how much of it an earlier run has left.
    pub fn crawl_delay(&self, host: &str, now: DateTime<Utc>) -> Option<(Duration, Duration)> {
        let memory = self.memory();
        let known = memory.hosts.get(host)?;
        let delay = Duration::from_millis(known.crawl_delay()?.into());
        let passed = known.asked_at.and_then(|asked| (now - asked).to_std().ok());
        Some((delay, passed.map_or(Duration::ZERO, |passed| delay.saturating_sub(passed))))
    }

    /// Whether the robots.txt for an address must be asked for first.
    pub fn needs_robots(&self, (host, url): (&str, &Url), now: DateTime<Utc>) -> bool {
        let memory = self.memory();
        !memory.robots(host, &robots::origin_of(url)).is_some_and(|robots| robots.is_fresh(now))
    }

    /// The sitemaps that the robots.txt for an address names, where that is known.
    pub fn sitemaps(&self, (host, url): (&str, &Url)) -> Option<Vec<Url>> {
        let memory = self.memory();
        let robots = memory.robots(host, &robots::origin_of(url)).filter(|robots| robots.known_at.is_some())?;
        Some(robots::absolute(&robots.sitemaps, url))
    }

    /// # Errors
    ///
    /// Where robots.txt bars the address, or cannot be reached and so bars all.
    pub fn check_robots(&self, (host, url): (&str, &Url), now: DateTime<Utc>) -> Result<(), FetchError> {
        let memory = self.memory();
        let barred = |by| Err(FetchError::Robots { host: host.to_owned(), by });
        match memory.robots(host, &robots::origin_of(url)).filter(|robots| robots.is_known(now)) {
            None => barred(Barred::Unreachable),
            Some(robots) if robots::allows(&robots.rules, url) => Ok(()),
            Some(_) => barred(Barred::Rule),
        }
    }

    /// Remembers what asking for a robots.txt came to; `None` where it could not be reached.
    pub fn put_robots(&self, (host, url): (&str, &Url), read: Option<Robots>, now: DateTime<Utc>) {
        let origin = robots::origin_of(url);
        let mut memory = self.memory();
        let known = memory.host(host);
        let place = known.robots.iter().position(|robots| robots.origin == origin);
        let earlier = place.map(|place| known.robots.swap_remove(place));
        let robots = match read {
            Some(read) => Robots { known_at: Some(now), ..read },
            None => earlier.unwrap_or_default(),
        };
        known.robots.push(Robots { origin, asked_at: now, ..robots });
        memory.changed.insert(host.to_owned());
    }

    /// The turn of asking for an address's robots.txt.
    pub fn robots_turn(&self, url: &Url) -> Arc<Turnstile<()>> {
        Arc::clone(self.memory().turns.entry(robots::origin_of(url)).or_default())
    }

    /// Nobody needs to wait for that turn any more.
    pub fn end_robots_turn(&self, url: &Url) {
        self.memory().turns.remove(&robots::origin_of(url));
    }
}

impl Memory {
    fn host(&mut self, name: &str) -> &mut Host {
        self.hosts.entry(name.to_owned()).or_insert_with(|| Host { name: name.to_owned(), ..Host::default() })
    }

    fn hold_domain(&mut self, host: &str, until: DateTime<Utc>) {
        let held = self.domains.entry(registrable_domain(host).to_owned()).or_insert(until);
        *held = (*held).max(until);
    }

    fn robots(&self, host: &str, origin: &str) -> Option<&Robots> {
        self.hosts.get(host)?.robots.iter().find(|robots| robots.origin == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    #[test]
    fn a_hold_covers_the_registrable_domain_and_outlives_the_program() {
        let before = Hosts::default();
        before.recall(Vec::new());
        let until = before.hold("feeds.outlet.example", Some(Duration::from_mins(30)), now());
        before.hold("one.github.io", None, now());
        let after = Hosts::default();
        after.recall(before.learnt());
        assert!(before.learnt().is_empty() && after.learnt().is_empty());
        let rows = [
            ("feeds.outlet.example", true),
            ("www.outlet.example", true),
            ("outlet.example", true),
            ("other.example", false),
            ("one.github.io", true),
            // each user of a host that lends subdomains is an outlet of its own
            ("two.github.io", false),
            ("github.io", false),
        ];
        for (host, held) in rows {
            for hosts in [&before, &after] {
                assert_eq!(hosts.check_hold(host, now()).is_err(), held, "{host}");
            }
        }
        let error = after.check_hold("www.outlet.example", now()).unwrap_err();
        assert_eq!(error, FetchError::Held { host: "www.outlet.example".into(), until });
        assert_eq!(after.check_hold("www.outlet.example", until), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_run_gets_on_in_time_and_the_next_one_names_its_own() {
        let hosts = Hosts::default();
        let until = hosts.hold("a.example", Some(Duration::from_mins(10)), hosts.moment(now()));
        tokio::time::advance(Duration::from_mins(9)).await;
        assert!(hosts.check_hold("a.example", hosts.moment(now())).is_err());
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(hosts.moment(now()), until);
        assert_eq!(hosts.check_hold("a.example", hosts.moment(now())), Ok(()));
        let next = now() + TimeDelta::hours(1);
        assert_eq!(hosts.moment(next), next);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(hosts.moment(next), next + TimeDelta::seconds(3));
    }

    #[test]
    fn what_is_known_already_is_newer_than_what_is_recalled() {
        let hosts = Hosts::default();
        let until = hosts.hold("a.example", Some(Duration::from_hours(2)), now());
        hosts.recall(vec![Host { name: "a.example".into(), ..Host::default() }]);
        assert_eq!(hosts.learnt()[0].held_until, Some(until));
    }

    #[test]
    fn a_pause_that_a_host_asks_for_is_kept_from_run_to_run() {
        let hosts = Hosts::default();
        let url: Url = "https://a.example/x".parse().unwrap();
        let at = ("a.example", &url);
        hosts.put_robots(at, Some(Robots { crawl_delay: Some(60_000), ..Robots::default() }), now());
        hosts.answered("a.example", now());
        let later = Hosts::default();
        later.recall(hosts.learnt());
        let minute = Duration::from_mins(1);
        for (seconds, left) in [(0, 60), (20, 40), (60, 0), (600, 0)] {
            let at = now() + TimeDelta::seconds(seconds);
            assert_eq!(later.crawl_delay("a.example", at), Some((minute, Duration::from_secs(left))), "{seconds}");
        }
    }

    #[test]
    fn a_robots_txt_that_cannot_be_reached_bars_all_unless_an_earlier_one_stands_in() {
        let hosts = Hosts::default();
        let url: Url = "https://a.example/x".parse().unwrap();
        let at = ("a.example", &url);
        assert!(hosts.needs_robots(at, now()));
        hosts.put_robots(at, None, now());
        let barred = FetchError::Robots { host: "a.example".into(), by: Barred::Unreachable };
        assert_eq!(hosts.check_robots(at, now()), Err(barred.clone()));
        assert!(!hosts.needs_robots(at, now() + TimeDelta::minutes(59)));
        assert!(hosts.needs_robots(at, now() + TimeDelta::minutes(60)), "it is tried again after an hour");
        hosts.put_robots(at, Some(Robots::default()), now());
        assert!(!hosts.needs_robots(at, now() + TimeDelta::hours(23)));
        let day = now() + TimeDelta::hours(24);
        assert!(hosts.needs_robots(at, day), "an answer counts for a day");
        hosts.put_robots(at, None, day);
        assert_eq!(hosts.check_robots(at, day), Ok(()));
        assert_eq!(hosts.check_robots(at, now() + TimeDelta::days(30)), Err(barred));
    }
}
