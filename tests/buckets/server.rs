//! An S3 server in this process, over a folder, that counts its requests and fails as it is told.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub const KEY: &str = "AKIAFEEDMILLTESTS000";
pub const SECRET: &str = "secret-of-the-tests-that-nobody-needs-to-keep";

/// A client of the bucket `news` at an endpoint.
pub fn client(endpoint: &str) -> AmazonS3 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store = AmazonS3Builder::new()
        .with_endpoint(endpoint)
        .with_allow_http(true)
        .with_bucket_name("news")
        .with_region("us-east-1")
        .with_access_key_id(KEY)
        .with_secret_access_key(SECRET);
    store.build().expect("a client")
}

/// How a request goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answered with this status, not carried out.
    Status(u16),
    /// Not carried out; the connection is closed without an answer.
    Reset,
    /// Carried out; the connection is closed without an answer.
    ResetAfter,
    /// Never answered, not carried out.
    Silence,
}

/// What becomes of `If-Match` and `If-None-Match`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Conditions {
    #[default]
    Kept,
    Ignored,
    Refused,
}

/// One request as it came in: the method and the path.
pub type Seen = (String, String);

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    /// The session's token that each request carried, or nothing.
    tokens: Vec<String>,
    /// The number of the request that goes wrong, counted from 0, and how.
    fault: Option<(usize, Fault)>,
    conditions: Conditions,
}

/// A running server with the buckets `news` and `private`; it ends when dropped.
pub struct Server {
    folder: tempfile::TempDir,
    port: u16,
    state: Arc<Mutex<State>>,
    _runtime: Runtime,
}

impl Server {
    pub fn start() -> Self {
        Self::with(Conditions::Kept)
    }

    /// One that ignores conditions, as some stores do.
    pub fn careless() -> Self {
        Self::with(Conditions::Ignored)
    }

    /// One that refuses conditions, as others do.
    pub fn ignorant() -> Self {
        Self::with(Conditions::Refused)
    }

    fn with(conditions: Conditions) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for bucket in ["news", "private"] {
            std::fs::create_dir(folder.path().join(bucket)).expect("a bucket");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).expect("a folder"));
        if conditions != Conditions::Ignored {
            service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        }
        let service = service.build();
        let state = Arc::new(Mutex::new(State { conditions, ..State::default() }));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        runtime.spawn(serve(listener, service, Arc::clone(&state)));
        Self { folder, port, state, _runtime: runtime }
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The folder of a bucket.
    pub fn bucket(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Forgets the requests so far, and has one of the next go wrong.
    pub fn expect(&self, fault: Option<(usize, Fault)>) {
        let mut state = self.state.lock().unwrap();
        state.seen.clear();
        state.tokens.clear();
        state.fault = fault;
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.state.lock().unwrap().seen.clone()
    }

    pub fn tokens(&self) -> Vec<String> {
        self.state.lock().unwrap().tokens.clone()
    }

    /// The paths that were put, in order.
    pub fn puts(&self) -> Vec<String> {
        self.seen().into_iter().filter(|(method, _)| method == "PUT").map(|(_, path)| path).collect()
    }
}

async fn serve(listener: TcpListener, service: S3Service, state: Arc<Mutex<State>>) {
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        let (service, state) = (service.clone(), Arc::clone(&state));
        let answer = service_fn(move |request| answer(service.clone(), Arc::clone(&state), request));
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), answer);
        // a connection that is broken on purpose ends with an error
        tokio::spawn(async move { drop(connection.await) });
    }
}

fn status(number: u16) -> Response<s3s::Body> {
    let mut response = Response::new(s3s::Body::empty());
    *response.status_mut() = number.try_into().expect("a status");
    if number == 503 {
        response.headers_mut().insert("retry-after", "1".parse().expect("a value"));
    }
    response
}

/// What closes a connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("closed on purpose")]
struct Closed;

async fn answer(
    service: S3Service,
    state: Arc<Mutex<State>>,
    mut request: Request<Incoming>,
) -> Result<Response<s3s::Body>, Closed> {
    let fault = {
        let mut state = state.lock().unwrap();
        let number = state.seen.len();
        state.seen.push((request.method().to_string(), request.uri().path().to_owned()));
        let token = request.headers().get("x-amz-security-token").and_then(|token| token.to_str().ok());
        state.tokens.push(token.unwrap_or_default().to_owned());
        let is_conditional = ["if-match", "if-none-match"].iter().any(|name| request.headers().contains_key(*name));
        if state.conditions == Conditions::Refused && is_conditional {
            return Ok(status(501));
        }
        if state.conditions == Conditions::Ignored {
            // the signature covers the conditions
            for name in ["if-match", "if-none-match", "authorization"] {
                request.headers_mut().remove(name);
            }
        }
        state.fault.filter(|(at, _)| *at == number).map(|(_, fault)| fault)
    };
    match fault {
        Some(Fault::Status(number)) => return Ok(status(number)),
        Some(Fault::Reset) => return Err(Closed),
        Some(Fault::Silence) => {
            let never: Infallible = std::future::pending().await;
            match never {}
        }
        Some(Fault::ResetAfter) | None => {}
    }
    let answered = service.call(request.map(s3s::Body::from)).await;
    if fault.is_some() {
        return Err(Closed);
    }
    answered.map_err(|_| Closed)
}
