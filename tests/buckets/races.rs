//! Runs at once on one bucket, against moto, whose conditional writes are atomic.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use object_store::ObjectStoreExt as _;

use crate::place::{FEEDS, Place, STATE};
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

    fn titles(&self) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let bytes = runtime.block_on(async {
            let found = client(&self.endpoint()).get(&"wire/all.json".into()).await.expect("a feed");
            found.bytes().await.expect("bytes")
        });
        let feed: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let items = feed["items"].as_array().expect("items");
        let mut titles: Vec<String> =
            items.iter().map(|item| item["title"].as_str().expect("a title").to_owned()).collect();
        titles.sort_unstable();
        titles
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
fn places(moto: &Moto, gate: &Gate, (runs, top): (usize, &str)) -> Vec<Place> {
    let one = |number| {
        let place = Place::new(&moto.endpoint(), (top, &format!("to = \"{FEEDS}\"")));
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
fn one_state(runs: usize) {
    let (moto, gate) = (Moto::start(), Gate::new());
    let places = places(&moto, &gate, (runs, &format!("state = \"{STATE}\"")));
    let winner = race(&places, &gate, "another run holds the state s3://private/feedmill.db");
    assert_eq!(moto.titles(), articles([winner].into_iter()));
    for place in &places {
        let ran = place.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(moto.titles(), articles(0..runs));
}

#[test]
#[ignore = "needs moto"]
fn two_runs_on_one_state_in_a_bucket() {
    one_state(2);
}

#[test]
#[ignore = "needs moto"]
fn sixteen_runs_on_one_state_in_a_bucket() {
    one_state(16);
}

/// Machines with states of their own: one of them gets the target.
fn one_target(runs: usize) {
    let (moto, gate) = (Moto::start(), Gate::new());
    let places = places(&moto, &gate, (runs, ""));
    let winner = race(&places, &gate, "another state publishes to s3://news/wire");
    assert_eq!(moto.titles(), articles([winner].into_iter()));
    let ran = places[winner].run(&["run"]);
    assert_eq!(ran.code, Some(0), "the winner keeps it: {}", ran.err);
}

#[test]
#[ignore = "needs moto"]
fn two_states_on_one_target() {
    one_target(2);
}

#[test]
#[ignore = "needs moto"]
fn sixteen_states_on_one_target() {
    one_target(16);
}
