//! The config file from outside: what it gives, what it complains about, and that example and schema tell the truth.

mod example;
mod mistakes;
mod schema_check;
mod values;

use std::path::Path;

use feedmill::config::{Config, ConfigError, parse};

/// Parses text as the file /etc/feedmill/feedmill.toml with two variables in the environment.
fn read(text: &str) -> Result<Config, ConfigError> {
    parse(text, Path::new("/etc/feedmill/feedmill.toml"), &environment)
}

fn environment(name: &str) -> Option<String> {
    match name {
        "TOKEN" => Some("hunter2".into()),
        "HOST" => Some("outlet.example".into()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

/// The shortest right file, followed by more.
fn with_site(rest: &str) -> String {
    format!("site.base_url = \"https://feeds.example.org\"\n{rest}")
}
