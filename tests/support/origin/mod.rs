//! A site on loopback that does as it is told, well or badly.
//!
//! It speaks HTTP/1.1 itself, so that it can also break the rules: stop in the middle, never end,
//! never answer; and HTTP/2 over TLS. Each path has a script of replies; the last one repeats.

mod http1;
mod tls;

use std::collections::{HashMap, VecDeque};
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use url::Url;

pub use tls::{Authority, Speaks};

/// A running site; it ends when dropped.
pub struct Origin {
    scheme: &'static str,
    port: u16,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    scripts: Mutex<HashMap<String, VecDeque<Reply>>>,
    requests: Mutex<Vec<Seen>>,
    /// Notified with each request that came in.
    asked: Notify,
    connections: Mutex<Connections>,
}

#[derive(Default)]
struct Connections {
    all: usize,
    open: usize,
    most: usize,
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The path with its query, as sent.
    pub target: String,
    /// Without its port, as sent.
    pub host: String,
    /// 11 or 20.
    pub version: u8,
    /// Names in lower case; values byte for byte.
    pub headers: Vec<(String, Vec<u8>)>,
    /// When it was read.
    pub at: Instant,
}

#[expect(clippy::disallowed_methods, reason = "whether requests are paced shows in when they come")]
fn moment() -> Instant {
    Instant::now()
}

impl Seen {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| &value[..])
    }
}

/// What the site answers.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    ending: Ending,
    gate: Option<Arc<Notify>>,
    is_deaf: bool,
}

/// What follows the body.
#[derive(Clone, Debug)]
enum Ending {
    /// The body is whole, and the connection stays open.
    Whole,
    /// The connection is reset in the middle: half of what was announced never comes.
    Reset,
    /// The body is repeated for ever.
    Endless,
    /// One byte at a time, with a pause before each.
    Drip(Duration),
    /// Nothing more comes, and the connection stays open.
    Silence,
    /// Not even the status line comes.
    Mute,
    /// The body is all that is sent, and the connection is closed after it.
    Raw,
    /// The body comes as it is, and then header lines for ever.
    EndlessRaw,
}

impl Reply {
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), ending: Ending::Whole, gate: None, is_deaf: false }
    }

    /// 200 with a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).body(body)
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status).header("Location", location)
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The body as it is.
    pub fn text(&self) -> Vec<u8> {
        self.body.clone()
    }

    /// Waits for a notification before it answers.
    pub fn after(mut self, gate: &Arc<Notify>) -> Self {
        self.gate = Some(Arc::clone(gate));
        self
    }

    /// Answers 304 to whoever sends an `ETag`, whatever has changed.
    pub fn deaf(mut self) -> Self {
        self.is_deaf = true;
        self
    }

    /// Announces twice the body, sends it once and resets the connection.
    pub fn reset(mut self) -> Self {
        self.ending = Ending::Reset;
        self
    }

    /// Repeats the body for ever.
    pub fn endless(mut self) -> Self {
        self.ending = Ending::Endless;
        self
    }

    /// Sends one byte after the other, each after a pause.
    pub fn drip(mut self, pause: Duration) -> Self {
        self.ending = Ending::Drip(pause);
        self
    }

    /// Announces more than the body and then falls silent.
    pub fn silence(mut self) -> Self {
        self.ending = Ending::Silence;
        self
    }

    /// Sends these bytes in place of an answer, and closes the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { ending: Ending::Raw, ..Self::ok(bytes) }
    }

    /// Sends these bytes in place of an answer, and then header lines for ever.
    pub fn endless_raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { ending: Ending::EndlessRaw, ..Self::ok(bytes) }
    }

    /// Never answers at all.
    pub fn mute(mut self) -> Self {
        self.ending = Ending::Mute;
        self
    }
}

impl Origin {
    /// Starts a site on a free port, for clients on loopback only. A path without script is answered with 404.
    pub async fn start() -> Self {
        Self::speaking(None).await
    }

    /// The same over TLS, with a certificate of this authority for localhost and 127.0.0.1.
    pub async fn start_secure(authority: &Authority, speaks: Speaks) -> Self {
        Self::speaking(Some(authority.acceptor(speaks))).await
    }

    async fn speaking(tls: Option<tokio_rustls::TlsAcceptor>) -> Self {
        // all of 127.0.0.0/8 leads here, so that one site can stand for many hosts
        let listener = TcpListener::bind("0.0.0.0:0").await.expect("there is a free port");
        let port = listener.local_addr().expect("the listener is bound").port();
        let state = Arc::<State>::default();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let serving = tokio::spawn(serve(listener, tls, Arc::clone(&state)));
        Self { scheme, port, state, serving }
    }

    /// The address of a path, by number: 127.0.0.1.
    pub fn url(&self, path: &str) -> Url {
        self.url_at("127.0.0.1", path)
    }

    /// The address of a path under another host that leads here, such as "localhost".
    pub fn url_at(&self, host: &str, path: &str) -> Url {
        format!("{}://{host}:{}{path}", self.scheme, self.port).parse().expect("host and path are well-formed")
    }

    /// Appends to the script of a path.
    pub fn on(&self, path: &str, reply: Reply) -> &Self {
        self.state.scripts.lock().unwrap().entry(path.to_owned()).or_default().push_back(reply);
        self
    }

    /// Replaces the script of a path by one reply.
    pub fn now_on(&self, path: &str, reply: Reply) -> &Self {
        self.state.scripts.lock().unwrap().insert(path.to_owned(), VecDeque::from([reply]));
        self
    }

    /// All requests so far, in the order they came in.
    pub fn requests(&self) -> Vec<Seen> {
        self.state.requests.lock().unwrap().clone()
    }

    /// Waits until so many requests came in.
    pub async fn await_requests(&self, count: usize) {
        loop {
            let asked = self.state.asked.notified();
            if self.state.requests.lock().unwrap().len() >= count {
                return;
            }
            asked.await;
        }
    }

    /// How many connections were accepted so far.
    pub fn connections(&self) -> usize {
        self.state.connections.lock().unwrap().all
    }

    /// The most connections that were open at a time.
    pub fn most_connections(&self) -> usize {
        self.state.connections.lock().unwrap().most
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A gzip stream that unpacks to so many zeros, in members of 8 MiB.
pub fn bomb(unpacked: usize) -> Vec<u8> {
    const MEMBER: usize = 8 << 20;
    let mut all = gzip(&vec![0; MEMBER]).repeat(unpacked / MEMBER);
    all.extend(gzip(&vec![0; unpacked % MEMBER]));
    all
}

/// Bytes as a gzip stream.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("memory takes all");
    packer.finish().expect("memory takes all")
}

async fn serve(listener: TcpListener, tls: Option<tokio_rustls::TlsAcceptor>, state: Arc<State>) {
    // when the site is dropped its connections end with it
    let mut open = tokio::task::JoinSet::new();
    while let Ok((socket, client)) = listener.accept().await {
        if !client.ip().is_loopback() {
            continue;
        }
        {
            let mut connections = state.connections.lock().unwrap();
            connections.all += 1;
            connections.open += 1;
            connections.most = connections.most.max(connections.open);
        }
        let (state, tls) = (Arc::clone(&state), tls.clone());
        open.spawn(async move {
            // a client that goes away is no fault of the site
            match tls {
                None => drop(converse(socket, &state).await),
                Some(tls) => drop(tls::converse(socket, &tls, &state).await),
            }
            state.connections.lock().unwrap().open -= 1;
        });
        while open.try_join_next().is_some() {}
    }
}

/// What a site needs of a connection: a reset is one that ends without being closed.
trait Line: AsyncRead + AsyncWrite + Unpin {
    fn reset(&self) -> std::io::Result<()>;
}

impl Line for TcpStream {
    fn reset(&self) -> std::io::Result<()> {
        self.set_zero_linger()
    }
}

async fn converse(socket: impl Line, state: &State) -> std::io::Result<()> {
    let mut socket = BufReader::new(socket);
    while let Some(seen) = http1::read_request(&mut socket).await? {
        let reply = state.answer(seen);
        if let Some(gate) = &reply.gate {
            gate.notified().await;
        }
        if !http1::answer(&mut socket, &reply).await? {
            return Ok(());
        }
    }
    Ok(())
}

impl State {
    /// Records a request and finds its reply.
    fn answer(&self, seen: Seen) -> Reply {
        let mut reply = self.next_reply(&seen);
        if reply.is_deaf && seen.header("if-none-match").is_some() {
            reply = Reply::new(304);
        }
        self.requests.lock().unwrap().push(seen);
        self.asked.notify_waiters();
        reply
    }

    fn next_reply(&self, seen: &Seen) -> Reply {
        let mut scripts = self.scripts.lock().unwrap();
        let Some(script) = scripts.get_mut(&seen.target) else { return Reply::new(404).body("not here") };
        let last = if script.len() > 1 { script.pop_front() } else { script.front().cloned() };
        last.expect("a script has at least one reply")
    }
}
