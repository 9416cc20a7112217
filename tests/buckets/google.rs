//! Google Cloud Storage's XML protocol in this process
//! (<https://cloud.google.com/storage/docs/xml-api/overview>): objects with generations, and writes that
//! depend on them. No emulator that could be installed speaks it with its conditions.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::clouds::{Object, Store};

/// What lies in the buckets, by `bucket/path`, each with its generation.
struct Shelf {
    objects: BTreeMap<String, (u64, Object)>,
    generation: u64,
}

impl Default for Shelf {
    fn default() -> Self {
        // Google's are times in microseconds
        Self { objects: BTreeMap::new(), generation: 1_768_867_200_000_000 }
    }
}

type Shared = Arc<Mutex<Shelf>>;

/// A running server; it ends when dropped.
pub struct Google {
    port: u16,
    shelf: Shared,
    _runtime: Runtime,
}

impl Google {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shelf = Shared::default();
        runtime.spawn(serve(listener, Arc::clone(&shelf)));
        Self { port, shelf, _runtime: runtime }
    }
}

impl Store for Google {
    fn scheme(&self) -> &'static str {
        "gs"
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let account = serde_json::json!({
            "gcs_base_url": format!("http://127.0.0.1:{}", self.port),
            "disable_oauth": true,
            "client_email": "",
            "private_key": "",
            "private_key_id": "",
        });
        vec![("GOOGLE_SERVICE_ACCOUNT_KEY", account.to_string()), ("GOOGLE_ALLOW_HTTP", "true".to_owned())]
    }

    fn objects(&self) -> BTreeMap<String, Object> {
        let held = self.shelf.lock().unwrap();
        let news = held.objects.iter().filter_map(|(path, object)| Some((path.strip_prefix("news/")?, object)));
        news.map(|(path, (generation, object))| {
            let mut object = object.clone();
            object.headers.insert("etag".to_owned(), generation.to_string());
            (path.to_owned(), object)
        })
        .collect()
    }
}

async fn serve(listener: TcpListener, shelf: Shared) {
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        let shelf = Arc::clone(&shelf);
        let answer = service_fn(move |request| answer(Arc::clone(&shelf), request));
        let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), answer);
        tokio::spawn(async move { drop(connection.await) });
    }
}

async fn answer(shelf: Shared, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Ok(status(StatusCode::BAD_REQUEST)) };
    let encoded = format!("path={}", head.uri.path().trim_start_matches('/'));
    let path = url::form_urlencoded::parse(encoded.as_bytes()).map(|(_, path)| path.into_owned()).collect::<String>();
    let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    if head.method == Method::GET && !path.contains('/') {
        return Ok(listed(&shelf, &path, head.uri.query().unwrap_or_default()));
    }
    let standing = shelf.objects.get(&path).map(|(generation, _)| *generation);
    let wanted = head.headers.get("x-goog-if-generation-match").and_then(|value| value.to_str().ok());
    if wanted.is_some_and(|wanted| wanted != standing.unwrap_or(0).to_string()) {
        return Ok(status(StatusCode::PRECONDITION_FAILED));
    }
    Ok(match head.method {
        Method::PUT => {
            shelf.generation += 1;
            let generation = shelf.generation;
            let is_kept = |name: &str| {
                matches!(name, "content-type" | "cache-control" | "content-encoding")
                    || name.starts_with("x-goog-meta-")
            };
            let kept = head.headers.iter().filter(|(name, _)| is_kept(name.as_str()));
            let headers =
                kept.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned())).collect();
            let object = Object { headers, bytes: body.to_bytes().to_vec() };
            shelf.objects.insert(path, (generation, object));
            tagged(Response::builder(), generation).body(Full::default()).expect("an answer")
        }
        Method::GET | Method::HEAD => match shelf.objects.get(&path) {
            None => status(StatusCode::NOT_FOUND),
            Some((generation, object)) => {
                let mut response = tagged(Response::builder(), *generation)
                    .header("content-length", object.bytes.len())
                    .header("last-modified", "Tue, 20 Jan 2026 00:00:00 GMT");
                for (name, value) in &object.headers {
                    response = response.header(name, value);
                }
                let is_asked = head.method == Method::GET;
                let body = if is_asked { object.bytes.clone().into() } else { Full::default() };
                response.body(body).expect("an answer")
            }
        },
        Method::DELETE => match shelf.objects.remove(&path) {
            None => status(StatusCode::NOT_FOUND),
            Some(_) => status(StatusCode::NO_CONTENT),
        },
        _ => status(StatusCode::METHOD_NOT_ALLOWED),
    })
}

fn tagged(response: http::response::Builder, generation: u64) -> http::response::Builder {
    response.header("etag", format!("\"{generation}\"")).header("x-goog-generation", generation)
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    Response::builder().status(status).body(Full::default()).expect("an answer")
}

/// The objects of a bucket below the prefix that is asked for.
fn listed(shelf: &Shelf, bucket: &str, query: &str) -> Response<Full<Bytes>> {
    let asked: BTreeMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let prefix = format!("{bucket}/{}", asked.get("prefix").map_or("", |prefix| prefix));
    let mut xml = String::from("<ListBucketResult>");
    for (path, (generation, object)) in shelf.objects.iter().filter(|(path, _)| path.starts_with(&prefix)) {
        let (key, size) = (&path[bucket.len() + 1..], object.bytes.len());
        let _ = write!(
            xml,
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-01-20T00:00:00.000Z</LastModified>\
             <ETag>\"{generation}\"</ETag></Contents>"
        );
    }
    xml.push_str("</ListBucketResult>");
    Response::new(Bytes::from(xml).into())
}
