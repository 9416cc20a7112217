//! A rule as a script: what an outlet answers when, and what it may be asked.
//!
//! Each script is played three times: cold, where nothing is known of the outlet; warm, where the same program has
//! gathered the same sources for days; and restarted, where every run is a process of its own.

mod player;

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::origin::{Origin, Reply, Speaks};
use crate::outlet::{Life, Reader, small};

use player::Player;

const DAY: i64 = 24 * 60;

/// The validator that a warm outlet has given.
const WARM: &str = "\"warm\"";

/// All that a first contact may send.
const USUAL: [&str; 5] = ["accept", "accept-encoding", "connection", "host", "user-agent"];

type Steps = Box<dyn Fn(&Origin) -> Vec<Step> + Send + Sync>;

/// One rule.
pub struct Rule {
    name: String,
    /// Host, id, path, settings.
    sources: Vec<[String; 4]>,
    fetch: String,
    secure: Option<Speaks>,
    /// What a warm outlet has answered days before, beside its feeds.
    before: Vec<(String, Reply)>,
    /// A warm program has gathered another outlet, and not this one.
    is_cold: bool,
    steps: Steps,
}

/// One run, or many, and what comes of it.
pub struct Step {
    when: When,
    answers: Vec<(String, Reply)>,
    asked: Vec<Asked>,
    stands: Vec<(String, String, Vec<String>)>,
    watched: Vec<Watched>,
    /// The sources from now on, in place of those before.
    sources: Option<Vec<[String; 4]>>,
    /// The least time between two requests.
    pace: Duration,
    /// How many articles are stored.
    holds: Option<u64>,
}

enum When {
    /// Minutes after the start.
    At { minute: i64, forced: bool },
    /// From one minute until before another, every so many.
    Every { from: i64, to: i64, every: i64 },
    /// So many times exactly when the source is due; what the gaps must be.
    Due { id: String, times: usize, gaps: fn(&[i64]) },
}

/// A request that is expected.
struct Asked {
    host: String,
    path: String,
    /// Names and values; no value for what must not be there.
    headers: Vec<(String, Option<String>)>,
    is_first: bool,
    version: Option<u8>,
}

/// What is expected of the requests for one path.
struct Watched {
    path: String,
    times: RangeInclusive<usize>,
    /// Minutes between two of them, at least.
    apart: i64,
    /// How many may come without validators; nobody counts where it is absent.
    unconditional: Option<usize>,
}

impl Rule {
    pub fn new(name: impl Into<String>, steps: impl Fn(&Origin) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self {
            name: name.into(),
            sources: Vec::new(),
            fetch: String::new(),
            secure: None,
            before: Vec::new(),
            is_cold: false,
            steps: Box::new(steps),
        }
    }

    /// A rule for one source of the path `/feed`.
    pub fn of_feed(name: impl Into<String>, steps: impl Fn(&Origin) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::new(name, steps).source("feed", "/feed", "")
    }

    pub fn source(self, id: &str, path: &str, settings: &str) -> Self {
        self.source_at("127.0.0.1", id, [path, settings])
    }

    pub fn source_at(mut self, host: &str, id: &str, [path, settings]: [&str; 2]) -> Self {
        self.sources.push([host, id, path, settings].map(str::to_owned));
        self
    }

    /// Further settings of `[fetch]`.
    pub fn fetch(mut self, settings: &str) -> Self {
        settings.clone_into(&mut self.fetch);
        self
    }

    /// The outlet speaks TLS.
    pub const fn secure(mut self, speaks: Speaks) -> Self {
        self.secure = Some(speaks);
        self
    }

    /// What a path answered when a warm program gathered it.
    pub fn before(mut self, path: &str, reply: Reply) -> Self {
        self.before.push((path.to_owned(), reply));
        self
    }

    /// The outlet is new to a warm program too: what the rule is about happens at the first contact, or needs exact counts.
    pub const fn cold_outlet(mut self) -> Self {
        self.is_cold = true;
        self
    }

    /// Plays the script in one way.
    pub async fn play(&self, life: Life) {
        let mut reader = Reader::new(life, self.secure).await;
        reader.fetch_settings(&self.fetch);
        if life == Life::Warm && self.is_cold {
            reader.source_at("127.0.0.9", "elsewhere", ("/feed/elsewhere", "kind = \"feed\""));
            reader.origin.now_on("/feed/elsewhere", Reply::ok("<rss><channel><title>T</title></channel></rss>"));
            reader.run(-3 * DAY).await;
            reader.no_sources();
        }
        for [host, id, path, settings] in &self.sources {
            reader.source_at(host, id, (path, settings));
        }
        if life == Life::Warm && !self.is_cold {
            self.warm(&mut reader).await;
        }
        let mut player = Player { rule: self, reader, now: 0 };
        for step in (self.steps)(&player.reader.origin) {
            player.step(step).await;
        }
    }

    async fn warm(&self, reader: &mut Reader) {
        for [_, _, path, _] in &self.sources {
            reader.origin.now_on(path, small().header("ETag", WARM).deaf());
        }
        for (path, reply) in &self.before {
            reader.origin.now_on(path, reply.clone());
        }
        for minute in [-3 * DAY, -3 * DAY + 120] {
            reader.run(minute).await;
        }
        assert!(reader.origin.requests().len() >= self.sources.len(), "{}: it is warm", self.name);
        for [_, id, _, _] in &self.sources {
            assert_eq!(reader.standing(id, -2 * DAY).await.state, "ok", "{}: it is warm", self.name);
        }
    }
}

/// One run so many minutes after the start.
pub fn at(minute: i64) -> Step {
    Step::when(When::At { minute, forced: false })
}

/// One run with `--force`.
pub fn forced_at(minute: i64) -> Step {
    Step::when(When::At { minute, forced: true })
}

/// Runs from one minute until before another, every so many.
pub fn every(every: i64, minutes: std::ops::Range<i64>) -> Step {
    Step::when(When::Every { from: minutes.start, to: minutes.end, every })
}

/// Runs exactly when a source is due, so many times; `gaps` looks at the minutes in between.
pub fn when_due(id: &str, times: usize, gaps: fn(&[i64])) -> Step {
    Step::when(When::Due { id: id.to_owned(), times, gaps })
}

impl Step {
    const fn when(when: When) -> Self {
        Self {
            when,
            answers: Vec::new(),
            asked: Vec::new(),
            stands: Vec::new(),
            watched: Vec::new(),
            sources: None,
            pace: Duration::ZERO,
            holds: None,
        }
    }

    /// What a path answers from now on.
    pub fn answers(mut self, path: &str, reply: Reply) -> Self {
        self.answers.push((path.to_owned(), reply));
        self
    }

    /// One more request, the next in order; whoever names none expects none.
    pub fn asks(self, path: &str) -> Self {
        self.asks_at("127.0.0.1", path)
    }

    pub fn asks_at(mut self, host: &str, path: &str) -> Self {
        let (host, path) = (host.to_owned(), path.to_owned());
        self.asked.push(Asked { host, path, headers: Vec::new(), is_first: false, version: None });
        self
    }

    /// That request sends this header.
    pub fn with(self, name: &str, value: &str) -> Self {
        self.header(name, Some(value))
    }

    /// That request does not send this header.
    pub fn without(self, name: &str) -> Self {
        self.header(name, None)
    }

    fn header(mut self, name: &str, value: Option<&str>) -> Self {
        let asked = self.asked.last_mut().expect("a request before its headers");
        asked.headers.push((name.to_owned(), value.map(str::to_owned)));
        self
    }

    /// That request is the script's first: without validators, but for those of a warm outlet.
    pub fn first(mut self) -> Self {
        self.asked.last_mut().expect("a request").is_first = true;
        self
    }

    /// That request is without validators, also of a warm outlet.
    pub fn first_of_all(self) -> Self {
        self.without("if-none-match").without("if-modified-since")
    }

    /// That request comes by this version of HTTP: 11 or 20.
    pub fn by_http(mut self, version: u8) -> Self {
        self.asked.last_mut().expect("a request").version = Some(version);
        self
    }

    /// How a source stands afterwards; `words` are in what is told of it, and where there are none nothing is.
    pub fn stands(mut self, id: &str, state: &str, words: &[&str]) -> Self {
        let words = words.iter().map(ToString::to_string).collect();
        self.stands.push((id.to_owned(), state.to_owned(), words));
        self
    }

    /// How often a path is asked in all, and how many minutes apart at least.
    pub fn counts(mut self, path: &str, times: RangeInclusive<usize>, apart: i64) -> Self {
        self.watched.push(Watched { path: path.to_owned(), times, apart, unconditional: None });
        self
    }

    /// So many of them come without validators.
    pub fn unconditional(mut self, times: usize) -> Self {
        self.watched.last_mut().expect("requests that are counted").unconditional = Some(times);
        self
    }

    /// From now on these are the sources: host, id, path, settings.
    pub fn with_sources(mut self, sources: &[[&str; 4]]) -> Self {
        self.sources = Some(sources.iter().map(|source| source.map(str::to_owned)).collect());
        self
    }

    /// So many articles are stored afterwards.
    pub const fn holds(mut self, articles: u64) -> Self {
        self.holds = Some(articles);
        self
    }

    /// Two requests lie so far apart at least.
    pub const fn paced(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }
}
