//! Runs at once on one bucket, against servers whose conditional writes are atomic.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use object_store::{ObjectStore as _, ObjectStoreExt as _};

use crate::clouds::{Azurite, Object, Store};
use crate::google::Google;
use crate::place::{Place, environment};
use crate::program;
use crate::server::client;

/// moto on a port of its own; ends when dropped.
struct Moto {
    child: Child,
    port: u16,
}

impl Moto {
    fn start() -> Self {
        let program = program::project().join("target/venv/bin/moto_server");
        let mut child = Command::new(&program)
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; tests/run installs it", program.display()));
        // it names its port on stderr
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("http://127.0.0.1:")?;
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
        });
        std::thread::spawn(move || lines.for_each(drop));
        let moto = Self { child, port: port.expect("moto says its port") };
        for bucket in ["news", "private"] {
            assert_eq!(moto.make(bucket), "200", "the bucket {bucket} is made");
        }
        moto
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes a bucket; answers the status.
    fn make(&self, bucket: &str) -> String {
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        let host = format!("127.0.0.1:{}", self.port);
        let head = format!("PUT /{bucket} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
        socket.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    }
}

impl Store for Moto {
    fn scheme(&self) -> &'static str {
        "s3"
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        environment(&self.endpoint())
    }

    fn objects(&self) -> BTreeMap<String, Object> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let client = client(&self.endpoint());
            let listed: Vec<_> = client.list(None).try_collect().await.expect("listed");
            let mut objects = BTreeMap::new();
            for found in listed {
                let bytes =
                    client.get(&found.location).await.expect("an object").bytes().await.expect("bytes").to_vec();
                objects.insert(found.location.to_string(), Object { bytes, ..Object::default() });
            }
            objects
        })
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An outlet that answers only once it is told to: who gathers waits for the others' end.
struct Gate {
    url: String,
    is_open: Arc<(Mutex<bool>, Condvar)>,
}

impl Gate {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/feed", listener.local_addr().expect("an address"));
        let is_open = Arc::<(Mutex<bool>, Condvar)>::default();
        let shared = Arc::clone(&is_open);
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || Self::answer(socket, &shared));
            }
        });
        Self { url, is_open }
    }

    fn answer(mut socket: TcpStream, (is_open, told): &(Mutex<bool>, Condvar)) {
        let mut head = [0; 4096];
        let _ = socket.read(&mut head);
        drop(told.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
        let body = "<rss version=\"2.0\"><channel><title>Slow</title></channel></rss>";
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = socket.write_all((head + body).as_bytes());
    }

    fn open(&self) {
        *self.is_open.0.lock().unwrap() = true;
        self.is_open.1.notify_all();
    }
}

/// Runs at once, each with an article of its own and the slow outlet.
fn places(store: &dyn Store, gate: &Gate, (runs, top): (usize, &str)) -> Vec<Place> {
    let one = |number| {
        let place = Place::with(store.environment(), (top, &format!("to = \"{}\"", store.feeds())));
        place.article(&format!("of {number}"), 4);
        let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
        let slow = format!("[[source]]\nid = \"slow\"\nurl = \"{}\"\nkind = \"feed\"\n", gate.url);
        let fetch = "[fetch]\nallow = [\"127.0.0.0/8\"]\n";
        place.write("feedmill.toml", &format!("{config}{slow}{fetch}"));
        place
    };
    (0..runs).map(one).collect()
}

/// Starts a run in each place at once, and lets the outlet answer when all but one have ended.
///
/// Answers the number of the one that went on; all others must have ended with 5 and these words.
fn race(places: &[Place], gate: &Gate, words: &str) -> usize {
    let mut children: Vec<Child> = places.iter().map(|place| place.start(&["run"])).collect();
    let began = Instant::now();
    loop {
        let ended = children.iter_mut().filter_map(|child| child.try_wait().expect("a child")).count();
        if ended + 1 >= places.len() {
            break;
        }
        assert!(began.elapsed() < Duration::from_mins(2), "{ended} of {} ended", places.len());
        std::thread::sleep(Duration::from_millis(20));
    }
    gate.open();
    let mut winners = Vec::new();
    for (number, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => winners.push(number),
            Some(5) => assert!(said.contains(words), "{said}"),
            code => panic!("{code:?}: {said}"),
        }
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    winners[0]
}

fn articles(numbers: impl Iterator<Item = usize>) -> Vec<String> {
    let mut articles: Vec<String> = numbers.map(|number| format!("Article of {number}")).collect();
    articles.extend(["Article one".to_owned(), "Article two".to_owned()]);
    articles.sort_unstable();
    articles
}

/// Machines that share a state: one goes on, and nothing of what any of them brings is lost.
fn one_state(store: &dyn Store, runs: usize) {
    let gate = Gate::new();
    let places = places(store, &gate, (runs, &format!("state = \"{}\"", store.state())));
    let winner = race(&places, &gate, &format!("another run holds the state {}", store.state()));
    assert_eq!(store.titles(), articles([winner].into_iter()));
    for place in &places {
        let ran = place.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(store.titles(), articles(0..runs));
}

#[test]
#[ignore = "needs moto"]
fn two_runs_on_one_state_in_a_bucket() {
    one_state(&Moto::start(), 2);
}

#[test]
#[ignore = "needs moto"]
fn sixteen_runs_on_one_state_in_a_bucket() {
    one_state(&Moto::start(), 16);
}

/// Machines with states of their own: one of them gets the target.
fn one_target(store: &dyn Store, runs: usize) {
    let gate = Gate::new();
    let places = places(store, &gate, (runs, ""));
    let winner = race(&places, &gate, &format!("another state publishes to {}", store.feeds()));
    assert_eq!(store.titles(), articles([winner].into_iter()));
    let ran = places[winner].run(&["run"]);
    assert_eq!(ran.code, Some(0), "the winner keeps it: {}", ran.err);
}

#[test]
#[ignore = "needs moto"]
fn two_states_on_one_target() {
    one_target(&Moto::start(), 2);
}

#[test]
#[ignore = "needs moto"]
fn sixteen_states_on_one_target() {
    one_target(&Moto::start(), 16);
}

#[test]
#[ignore = "needs azurite"]
fn two_runs_on_one_state_in_azure() {
    one_state(&Azurite::start(), 2);
}

#[test]
#[ignore = "needs azurite"]
fn sixteen_runs_on_one_target_in_azure() {
    one_target(&Azurite::start(), 16);
}

#[test]
fn sixteen_runs_on_one_state_in_googles() {
    one_state(&Google::start(), 16);
}

#[test]
fn two_runs_on_one_target_in_googles() {
    one_target(&Google::start(), 2);
}

/// Objects say what they are; a second run puts none, one article exactly those that hold it.
fn function(store: &dyn Store) {
    let place = Place::with(
        store.environment(),
        (&format!("state = \"{}\"", store.state()), &format!("to = \"{}\"", store.feeds())),
    );
    place.runs();
    let first = store.objects();
    let value = |path: &str, name: &str| first[path].headers.get(name).map_or("", String::as_str).to_owned();
    assert_eq!(value("wire/all.rss", "content-type"), "application/rss+xml; charset=utf-8");
    assert_eq!(value("wire/all.html", "content-type"), "text/html; charset=utf-8");
    assert!(value("wire/all.json", "cache-control").contains("max-age"), "{:?}", first["wire/all.json"].headers);
    let hash = |object: &Object| object.headers.iter().any(|(name, _)| name.contains("-meta-"));
    assert!(first.values().all(hash), "the hash of each content is kept");
    place.runs();
    assert!(store.objects() == first, "nothing is put, not even with the same bytes");
    place.article("three", 4);
    place.runs();
    let (before, now) = (&first, store.objects());
    let changed: Vec<&str> =
        now.iter().filter(|(path, object)| before.get(*path) != Some(object)).map(|(path, _)| path.as_str()).collect();
    let holds = ["all.atom", "all.html", "all.json", "all.rss", "history/all.json", "index.html"];
    assert_eq!(changed, holds.map(|path| format!("wire/{path}")));
    // a lost state goes on, and prune lists and removes
    let config = std::fs::read_to_string(place.path().join("feedmill.toml")).expect("a config");
    let config = config.replace(&format!("state = \"{}\"", store.state()), "state = \"local.db\"");
    place.write("feedmill.toml", &config.replace("id = \"all\"", "id = \"else\"\nwas = [\"all\"]"));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    place.write("feedmill.toml", &config.replace("id = \"all\"", "id = \"else\""));
    place.runs();
    let ran = place.run(&["prune"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let left = store.objects();
    assert!(left.contains_key("wire/else.rss") && !left.contains_key("wire/all.rss"), "{:?}", left.keys());
}

#[test]
#[ignore = "needs azurite"]
fn azure_holds_feeds_and_state() {
    function(&Azurite::start());
}

#[test]
fn google_holds_feeds_and_state() {
    function(&Google::start());
}
