//! A folder where the program runs, publishing to the buckets of a server.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::{self, Ran};
use crate::server::{KEY, SECRET, Server};

/// A place in a bucket that feeds go to, and a bucket that a state can lie in.
pub const FEEDS: &str = "s3://news/wire";
pub const STATE: &str = "s3://private/feedmill.db";

/// A folder with a config and a source of local articles.
pub struct Place {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Place {
    /// A place whose config begins with `top` and has `publish` in its section.
    pub fn new(endpoint: &str, (top, publish): (&str, &str)) -> Self {
        Self::with(environment(endpoint), (top, publish))
    }

    /// One that reaches its buckets by these variables.
    pub fn with(environment: Vec<(&'static str, String)>, (top, publish): (&str, &str)) -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a folder"), environment };
        place.write(
            "feedmill.toml",
            &format!(
                "clock = 2026-01-20T00:00:00Z\n{top}\n[site]\nbase_url = \"https://feeds.example.org/\"\n\
                 [publish]\n{publish}\n[[source]]\nid = \"desk\"\nurl = \"desk\"\nkind = \"folder\"\n\
                 [[feed]]\nid = \"all\"\ntitle = \"All\"\n"
            ),
        );
        place.article("one", 2);
        place.article("two", 3);
        place
    }

    /// One that publishes all formats to the bucket, with a state on its disk.
    pub fn usual(server: &Server) -> Self {
        Self::new(&server.endpoint(), ("", &format!("to = \"{FEEDS}\"")))
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(path, text).expect("a file is written");
    }

    pub fn article(&self, name: &str, day: u32) {
        self.write(
            &format!("desk/{name}.md"),
            &format!("---\ntitle: Article {name}\ndate: 2026-01-{day:02}\n---\n\nThe text of article {name}.\n"),
        );
    }

    /// The program with the credentials of the server.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program::feedmill();
        command
            .current_dir(self.path())
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().expect("the program starts"))
    }

    /// Runs, and must succeed.
    pub fn runs(&self) -> Ran {
        let ran = self.run(&["run"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }
}

/// What tells the program of an S3 server.
pub fn environment(endpoint: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", endpoint.to_owned()),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
    ]
}

/// What is published, by path below the target; without what only the program reads of itself.
pub fn published(bucket: &Path) -> BTreeMap<String, String> {
    let all = program::files(&bucket.join("wire")).into_iter();
    all.filter(|(path, _)| !path.starts_with('.'))
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

/// Titles of the items that readers of the JSON feed see.
pub fn titles(bucket: &Path) -> Vec<String> {
    let all = published(bucket);
    let feed: serde_json::Value =
        all.get("all.json").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let items = feed["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}
