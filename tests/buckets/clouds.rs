//! What tests need of a store of any cloud, and the stores that are not S3.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::program;

/// An object as readers get it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub bytes: Vec<u8>,
}

/// A running server of one cloud, with the buckets `news` and `private`.
pub trait Store {
    /// How addresses in it begin: `s3`.
    fn scheme(&self) -> &'static str;

    /// What tells the program where it is and who may use it.
    fn environment(&self) -> Vec<(&'static str, String)>;

    /// The objects of the bucket `news`.
    fn objects(&self) -> BTreeMap<String, Object>;

    /// Where the feeds of the tests go.
    fn feeds(&self) -> String {
        format!("{}://news/wire", self.scheme())
    }

    /// Where a state lies.
    fn state(&self) -> String {
        format!("{}://private/feedmill.db", self.scheme())
    }

    /// Titles of the items that readers see, sorted.
    fn titles(&self) -> Vec<String> {
        let objects = self.objects();
        let feed: serde_json::Value = serde_json::from_slice(&objects["wire/all.json"].bytes).expect("JSON");
        let items = feed["items"].as_array().expect("items");
        let mut titles: Vec<String> =
            items.iter().map(|item| item["title"].as_str().expect("a title").to_owned()).collect();
        titles.sort_unstable();
        titles
    }
}

/// Asks a server on loopback.
pub fn asked(request: reqwest::RequestBuilder) -> (u16, Object) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (name.to_string(), value.to_str().expect("text").to_owned())
        };
        let headers = answer.headers().iter().map(header).collect();
        (status, Object { headers, bytes: answer.bytes().await.expect("bytes").to_vec() })
    })
}

/// A client that asks nobody but whom it is sent to.
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// The account of every Azurite, and its key, which are no secrets:
/// <https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key>
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// Azurite, Microsoft's own server of Azure's protocol for tests, on a port of its own; ends when dropped.
pub struct Azurite {
    child: Child,
    url: String,
}

impl Azurite {
    pub fn start() -> Self {
        let program = program::project().join("target/azurite/node_modules/.bin/azurite-blob");
        let mut child = Command::new(&program)
            .args(["--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck"])
            .arg("--disableTelemetry")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; tests/run installs it", program.display()));
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let url = lines.find_map(|line| Some(line.split_once("listens on ")?.1.trim().to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        let azurite = Self { child, url: url.expect("Azurite says its port") };
        for container in ["news", "private"] {
            azurite.make(container);
        }
        azurite
    }

    /// Makes a container whose blobs everybody may read
    /// (<https://learn.microsoft.com/rest/api/storageservices/create-container>).
    fn make(&self, container: &str) {
        let (date, version) = ("Tue, 20 Jan 2026 00:00:00 GMT", "2021-08-06");
        let headers = format!("x-ms-blob-public-access:container\nx-ms-date:{date}\nx-ms-version:{version}\n");
        let resource = format!("/{ACCOUNT}/{ACCOUNT}/{container}\nrestype:container");
        let signed = format!("PUT{}{headers}{resource}", "\n".repeat(12));
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &BASE64_STANDARD.decode(KEY).expect("a key"));
        let signature = BASE64_STANDARD.encode(ring::hmac::sign(&key, signed.as_bytes()));
        let request = client()
            .put(format!("{}/{ACCOUNT}/{container}?restype=container", self.url))
            .header("x-ms-blob-public-access", "container")
            .header("x-ms-date", date)
            .header("x-ms-version", version)
            .header("authorization", format!("SharedKey {ACCOUNT}:{signature}"))
            .header("content-length", "0");
        let (status, answer) = asked(request);
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer.bytes));
    }
}

impl Store for Azurite {
    fn scheme(&self) -> &'static str {
        "az"
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AZURE_STORAGE_USE_EMULATOR", "true".to_owned()),
            ("AZURITE_BLOB_STORAGE_URL", self.url.clone()),
            ("AZURE_ALLOW_HTTP", "true".to_owned()),
        ]
    }

    fn objects(&self) -> BTreeMap<String, Object> {
        let place = format!("{}/{ACCOUNT}/news", self.url);
        let (status, listed) = asked(client().get(format!("{place}?restype=container&comp=list")));
        assert_eq!(status, 200);
        let listed = String::from_utf8(listed.bytes).expect("text");
        let names = listed.split("<Name>").skip(1).filter_map(|rest| rest.split_once("</Name>"));
        names
            .map(|(name, _)| {
                let (status, object) = asked(client().get(format!("{place}/{name}")));
                assert_eq!(status, 200, "{name}");
                // what is told of the answer itself is another thing each time
                let is_kept = |name: &String, _: &mut String| {
                    matches!(name.as_str(), "etag" | "content-type" | "cache-control" | "content-encoding")
                        || name.starts_with("x-ms-meta-")
                };
                let mut headers = object.headers;
                headers.retain(is_kept);
                (name.to_owned(), Object { headers, ..object })
            })
            .collect()
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
