//! Plays a script step by step, and compares what was asked.

use super::{Asked, Rule, Step, USUAL, WARM, Watched, When};
use crate::origin::Seen;
use crate::outlet::{Life, Reader, header};

pub struct Player<'a> {
    pub rule: &'a Rule,
    pub reader: Reader,
    pub now: i64,
}

impl Player<'_> {
    pub async fn step(&mut self, step: Step) {
        for (path, reply) in &step.answers {
            self.reader.origin.now_on(path, reply.clone());
        }
        if let Some(sources) = &step.sources {
            self.reader.no_sources();
            for [host, id, path, settings] in sources {
                self.reader.source_at(host, id, (path, settings));
            }
        }
        match &step.when {
            When::At { minute, forced } => {
                let before = self.reader.origin.requests().len();
                self.now = *minute;
                if *forced {
                    self.reader.run_forced(*minute).await;
                } else {
                    self.reader.run(*minute).await;
                }
                let seen = self.reader.origin.requests();
                self.compare(&step.asked, &seen[before..]);
                let is_paced = seen[before..].windows(2).all(|pair| pair[1].at - pair[0].at >= step.pace);
                assert!(is_paced, "{}: too fast", self.told());
            }
            When::Every { from, to, every } => self.watch((*from, *to, *every), &step.watched).await,
            When::Due { id, times, gaps } => {
                let mut found = Vec::new();
                for _ in 0..*times {
                    found.push(self.next_due(id).await);
                }
                gaps(&found);
            }
        }
        if let Some(articles) = step.holds {
            assert_eq!(self.reader.articles().await, articles, "{}: articles", self.told());
        }
        for (id, state, words) in &step.stands {
            let standing = self.reader.standing(id, self.now).await;
            assert_eq!(standing.state, *state, "{}: {}", self.told(), standing.trouble);
            let has_all = words.iter().all(|word| standing.trouble.contains(word.as_str()));
            let is_right = has_all && (words.is_empty() == standing.trouble.is_empty());
            assert!(is_right, "{}: {:?}, not {words:?}", self.told(), standing.trouble);
        }
    }

    fn told(&self) -> String {
        format!("{}, {:?}, minute {}", self.rule.name, self.reader.life, self.now)
    }

    /// Runs when the source is due and not before; the minutes until then.
    async fn next_due(&mut self, id: &str) -> i64 {
        let standing = self.reader.standing(id, self.now).await;
        let due = standing.next_due.unwrap_or_else(|| panic!("{}: no next check", self.told()));
        let seconds = (due - crate::outlet::start()).num_seconds();
        let minute = seconds / 60 + i64::from(seconds % 60 > 0);
        let (gap, before) = (minute - self.now, self.reader.origin.requests().len());
        self.now = minute;
        self.reader.run(minute).await;
        assert!(self.reader.origin.requests().len() > before, "{}: it was due", self.told());
        gap
    }

    async fn watch(&mut self, (from, to, every): (i64, i64, i64), watched: &[Watched]) {
        let mut seen: Vec<(i64, Seen)> = Vec::new();
        let mut minute = from;
        while minute < to {
            let before = self.reader.origin.requests().len();
            self.now = minute;
            self.reader.run(minute).await;
            let new = self.reader.origin.requests();
            seen.extend(new[before..].iter().map(|one| (minute, one.clone())));
            minute += every;
        }
        for Watched { path, times, apart, unconditional } in watched {
            let own: Vec<_> = seen.iter().filter(|(_, one)| one.target == *path).collect();
            let at: Vec<i64> = own.iter().map(|(minute, _)| *minute).collect();
            assert!(times.contains(&at.len()), "{} {path}: {at:?}, not {times:?} times", self.told());
            assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= *apart), "{} {path}: {at:?}", self.told());
            let without = own.iter().filter(|(_, one)| one.header("if-none-match").is_none()).count();
            assert_eq!(without, unconditional.unwrap_or(without), "{} {path}: without validators", self.told());
        }
        let is_watched = |one: &Seen| watched.iter().any(|watched| watched.path == one.target);
        assert!(seen.iter().all(|(_, one)| is_watched(one)), "{}: {seen:?}", self.told());
    }

    fn compare(&self, expected: &[Asked], seen: &[Seen]) {
        // hosts do not wait for each other
        let mut expected: Vec<&Asked> = expected.iter().collect();
        expected.sort_by(|a, b| a.host.cmp(&b.host));
        let mut seen: Vec<&Seen> = seen.iter().collect();
        seen.sort_by(|a, b| a.host.cmp(&b.host));
        let paths: Vec<_> = seen.iter().map(|one| (one.host.as_str(), one.target.as_str())).collect();
        let wanted: Vec<_> = expected.iter().map(|one| (one.host.as_str(), one.path.as_str())).collect();
        assert_eq!(paths, wanted, "{}", self.told());
        for (asked, seen) in expected.into_iter().zip(seen) {
            if asked.is_first {
                let is_warm = self.reader.life == Life::Warm && !self.rule.is_cold;
                let warm = is_warm.then(|| WARM.to_owned());
                assert_eq!(header(seen, "if-none-match"), warm, "{}: {}", self.told(), asked.path);
                let is_usual = |name: &str| USUAL.contains(&name) || (name == "if-none-match" && is_warm);
                let odd: Vec<_> = seen.headers.iter().filter(|(name, _)| !is_usual(name)).collect();
                assert!(odd.is_empty(), "{}: {odd:?}", self.told());
            }
            for (name, value) in &asked.headers {
                assert_eq!(header(seen, name), *value, "{}: {name} of {}", self.told(), asked.path);
            }
            let version = asked.version.unwrap_or(seen.version);
            assert_eq!(seen.version, version, "{}: {}", self.told(), asked.path);
        }
    }
}
