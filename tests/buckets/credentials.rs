//! Where credentials come from: the environment, a container, a machine, a web identity. Each way a server on
//! loopback hands out keys and a token, and the store takes only requests that these sign and carry.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::place::{FEEDS, Place, titles};
use crate::server::{KEY, SECRET, Server};

const TOKEN: &str = "token-of-a-session";
const ROLE: &str = "arn:aws:iam::1:role/feeds";

type Asked = Arc<Mutex<Vec<String>>>;

/// A server that hands out the keys of the store to those who ask as they should; it ends when dropped.
struct Giver {
    port: u16,
    asked: Asked,
    _runtime: Runtime,
}

impl Giver {
    fn start() -> Self {
        Self::with(None)
    }

    fn secure() -> Self {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .expect("a certificate with its key");
        Self::with(Some(Arc::new(config).into()))
    }

    fn with(tls: Option<TlsAcceptor>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Asked::default();
        runtime.spawn(serve(listener, tls, Arc::clone(&asked)));
        Self { port, asked, _runtime: runtime }
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, asked: Asked) {
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        let (tls, asked) = (tls.clone(), Arc::clone(&asked));
        tokio::spawn(async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let asked = Arc::clone(&asked);
                async move {
                    let (head, body) = request.into_parts();
                    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                    Ok::<_, Infallible>(answer(&asked, &Request::from_parts(head, body)))
                }
            });
            let server = hyper::server::conn::http1::Builder::new();
            match tls {
                None => drop(server.serve_connection(TokioIo::new(socket), answer).await),
                Some(tls) => {
                    let Ok(socket) = tls.accept(socket).await else { return };
                    drop(server.serve_connection(TokioIo::new(socket), answer).await);
                }
            }
        });
    }
}

fn answer(asked: &Mutex<Vec<String>>, request: &Request<Bytes>) -> Response<Full<Bytes>> {
    const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
    let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
    let line = format!("{} {}{path}", request.method(), request.uri().host().unwrap_or_default());
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bearer = Some(header("authorization")).filter(|said| said.starts_with("Bearer "));
    asked.lock().unwrap().push(line.clone() + &bearer.map(|said| format!(" with {said}")).unwrap_or_default());
    let says = |name: &str, value: &str| {
        let said = [query.as_bytes(), request.body()].into_iter().flat_map(url::form_urlencoded::parse);
        said.into_iter().any(|(found, said)| found == name && said == value)
    };
    let is_machine = header("x-aws-ec2-metadata-token") == "key-to-the-metadata";
    let keys = serde_json::json!({
        "AccessKeyId": KEY, "SecretAccessKey": SECRET, "Token": TOKEN, "Expiration": "2999-01-01T00:00:00Z",
    })
    .to_string();
    let body = match line.as_str() {
        "PUT /latest/api/token" => Some("key-to-the-metadata".to_owned()),
        _ if is_machine && path == ROLES => Some("feeds".to_owned()),
        _ if is_machine && path.strip_prefix(ROLES) == Some("feeds") => Some(keys),
        "GET 169.254.170.2/task" => Some(keys),
        "GET /pod" if header("authorization") == "token-of-the-pod" => Some(keys),
        "POST /" if says("RoleArn", ROLE) && says("WebIdentityToken", "token-of-the-web") => Some(format!(
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
             <AccessKeyId>{KEY}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>\
             <SessionToken>{TOKEN}</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>\
             </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        )),
        "POST /tenant/oauth2/v2.0/token"
            if says("client_assertion", "token-of-the-web") && says("client_id", "feeds") =>
        {
            Some(format!("{{\"access_token\":\"{TOKEN}\",\"expires_in\":3600,\"token_type\":\"Bearer\"}}"))
        }
        _ => None,
    };
    let mut response = Response::new(Full::default());
    match body {
        Some(body) => *response.body_mut() = Bytes::from(body).into(),
        None => *response.status_mut() = StatusCode::FORBIDDEN,
    }
    response
}

/// A place that reaches a server by its endpoint, and by credentials from elsewhere.
fn place(server: &Server, credentials: Vec<(&'static str, String)>) -> Place {
    let mut environment = vec![
        ("AWS_ENDPOINT_URL", server.endpoint()),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
    ];
    environment.extend(credentials);
    Place::with(environment, ("", &format!("to = \"{FEEDS}\"")))
}

/// A token in a file of its own, as a platform leaves it.
fn file(token: &str) -> (tempfile::NamedTempFile, String) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), token).expect("written");
    let path = file.path().to_str().expect("a path").to_owned();
    (file, path)
}

fn publishes(credentials: Vec<(&'static str, String)>) {
    let server = Server::start();
    place(&server, credentials).runs();
    assert_eq!(titles(&server.bucket("news")), ["Article two", "Article one"]);
    let tokens = server.tokens();
    assert!(!tokens.is_empty() && tokens.iter().all(|token| token == TOKEN), "{tokens:?}");
}

#[test]
fn from_the_environment() {
    publishes(vec![
        ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("AWS_SESSION_TOKEN", TOKEN.to_owned()),
    ]);
}

#[test]
fn from_the_machine() {
    let giver = Giver::start();
    publishes(vec![("AWS_METADATA_ENDPOINT", giver.endpoint())]);
    assert_eq!(giver.asked().len(), 3, "once for all requests: {:?}", giver.asked());
}

/// The address is a fixed one of the platform's, which is reached through a proxy here.
#[test]
fn from_a_container() {
    let giver = Giver::start();
    publishes(vec![
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/task".to_owned()),
        ("AWS_PROXY_URL", giver.endpoint()),
        ("AWS_PROXY_EXCLUDES", "127.0.0.1".to_owned()),
    ]);
    assert_eq!(giver.asked(), ["GET 169.254.170.2/task"]);
}

#[test]
fn from_a_pod() {
    let (giver, (_file, path)) = (Giver::start(), file("token-of-the-pod"));
    publishes(vec![
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}/pod", giver.endpoint())),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path),
    ]);
    assert_eq!(giver.asked(), ["GET /pod"]);
}

fn web_identity(giver: &Giver, path: String) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL_STS", format!("https://127.0.0.1:{}", giver.port)),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", path),
        ("AWS_ROLE_ARN", ROLE.to_owned()),
        // the server's is its own
        ("AWS_ALLOW_INVALID_CERTIFICATES", "true".to_owned()),
    ]
}

#[test]
fn from_a_web_identity() {
    let (giver, (_file, path)) = (Giver::secure(), file("token-of-the-web"));
    publishes(web_identity(&giver, path));
    assert_eq!(giver.asked(), ["POST /"]);
}

/// Azure's: the file's token is handed in for one that the requests then carry. The store takes none of
/// them here, and says so: what it was asked is what is looked at.
#[test]
fn from_a_web_identity_of_azure() {
    let (giver, (_file, path)) = (Giver::start(), file("token-of-the-web"));
    let environment = vec![
        ("AZURE_FEDERATED_TOKEN_FILE", path),
        ("AZURE_CLIENT_ID", "feeds".to_owned()),
        ("AZURE_TENANT_ID", "tenant".to_owned()),
        ("AZURE_AUTHORITY_HOST", giver.endpoint()),
        ("AZURE_STORAGE_ACCOUNT_NAME", "account".to_owned()),
        ("AZURE_STORAGE_ENDPOINT", giver.endpoint()),
        ("AZURE_ALLOW_HTTP", "true".to_owned()),
    ];
    let ran = Place::with(environment, ("", "to = \"az://news/wire\"")).run(&["run"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    let asked = giver.asked();
    assert_eq!(asked.first().map(String::as_str), Some("POST /tenant/oauth2/v2.0/token"), "{}", ran.err);
    let carried = |line: &String| line.ends_with(&format!(" with Bearer {TOKEN}"));
    assert!(asked.len() > 1 && asked[1..].iter().all(carried), "{asked:?}");
    assert!(ran.err.contains("rights"), "{}", ran.err);
}

#[test]
fn what_gives_none_is_told_and_the_next_run_goes_on() {
    let (server, giver) = (Server::start(), Giver::secure());
    let (file, path) = file("token-of-somebody-else");
    let place = place(&server, web_identity(&giver, path));
    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(6), "{}", ran.err);
    let says = |part: &str| ran.err.contains(part);
    assert!(says(FEEDS) && says("403") && says("who hands out credentials"), "{}", ran.err);
    assert!(!ran.err.contains("token-of-somebody-else"), "{}", ran.err);
    assert_eq!(server.seen(), []);
    std::fs::write(file.path(), "token-of-the-web").expect("written");
    place.runs();
    assert_eq!(titles(&server.bucket("news")), ["Article two", "Article one"]);
}
