//! Secrets from the environment are sent where they belong, and are nowhere else.

use crate::origin::{Origin, Reply};
use crate::outlet::{header, small};
use crate::program::{feedmill, files};

const TOKEN: &str = "tok-6b1f0c55aa";
const PASSWORD: &str = "pw-93d27e41bb";
const KEY: &str = "key-1175f0e2cc";

#[tokio::test(flavor = "multi_thread")]
async fn logins_reach_their_own_host_and_are_neither_logged_nor_stored() {
    let (home, other) = (Origin::start().await, Origin::start().await);
    home.on("/token", small().header("ETag", "\"1\""));
    home.on("/basic", Reply::redirect(301, other.url("/away").as_str()));
    home.on("/refused", Reply::new(403));
    home.on(&format!("/query?key={KEY}"), Reply::redirect(301, &format!("/moved?key={KEY}")));
    home.on(&format!("/moved?key={KEY}"), small().header("ETag", "\"2\""));
    other.on("/away", small());
    let folder = tempfile::tempdir().expect("a folder");
    let base = home.url("/");
    let base = base.as_str().trim_end_matches('/');
    let source = |id: &str, path: &str, headers: &str| {
        format!("[[source]]\nid = \"{id}\"\nurl = \"{base}{path}\"\nevery = \"1h\"\n{headers}\n")
    };
    let sources = [
        source("token", "/token", "headers = { Authorization = \"Bearer ${TOKEN}\" }"),
        source("basic", "/basic", "headers = { Authorization = \"Basic desk:${PASSWORD}\", X-Key = \"${TOKEN}\" }"),
        source("refused", "/refused", "headers = { X-Key = \"${TOKEN}\" }"),
        source("query", "/query?key=${KEY}", ""),
    ]
    .concat();
    let mut told = String::new();
    for day in 1..=12 {
        let config = format!(
            "clock = 2026-11-{day:02}T12:00:00Z\n[site]\nbase_url = \"https://feeds.example.org/\"\n[fetch]\nallow = [\"127.0.0.0/8\"]\nhost_delay = \"0s\"\n{sources}[[feed]]\nid = \"all\"\n"
        );
        std::fs::write(folder.path().join("feedmill.toml"), config).expect("a config");
        let path = folder.path().to_owned();
        let run = move |arguments: &'static [&'static str]| {
            let mut command = feedmill();
            command.current_dir(&path).args(arguments).env("RUST_LOG", "trace");
            command.env("TOKEN", TOKEN).env("PASSWORD", PASSWORD).env("KEY", KEY).output().expect("a run")
        };
        let both = move || [run(&["run", "--report", "json"]), run(&["status", "--json"])];
        for output in tokio::task::spawn_blocking(both).await.expect("a run") {
            told.push_str(&String::from_utf8_lossy(&output.stdout));
            told.push_str(&String::from_utf8_lossy(&output.stderr));
        }
    }
    assert!(told.len() > 1000, "there was something to look through");
    assert!(told.contains("\"moved\""), "the source with a secret query has moved: {told}");

    let sent = home.requests();
    let of = |path: &str| sent.iter().find(|seen| seen.target.starts_with(path)).expect("it was asked").clone();
    assert_eq!(header(&of("/token"), "authorization"), Some(format!("Bearer {TOKEN}")));
    // base64 of desk:PASSWORD
    assert_eq!(header(&of("/basic"), "authorization").as_deref(), Some("Basic ZGVzazpwdy05M2QyN2U0MWJi"));
    assert_eq!(header(&of("/basic"), "x-key").as_deref(), Some(TOKEN));
    assert_eq!(sent.last().map(|seen| seen.target.clone()), Some(format!("/moved?key={KEY}")));
    for seen in other.requests() {
        assert_eq!(header(&seen, "authorization").or(header(&seen, "x-key")), None, "another host gets nothing");
    }

    let secrets = [TOKEN, PASSWORD, KEY, "ZGVzazpwdy05M2QyN2U0MWJi"];
    for secret in secrets {
        assert!(!told.contains(secret), "{secret} was told: {}", around(&told, secret));
        for (name, bytes) in files(folder.path()) {
            let is_found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_found, "{secret} stands in {name}");
        }
    }
}

fn around<'a>(text: &'a str, secret: &str) -> &'a str {
    text.lines().find(|line| line.contains(secret)).unwrap_or_default()
}
