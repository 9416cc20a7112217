//! `status`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, folder_source, rss, web_source};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn before_the_first_run_all_is_never() {
    let place = Place::with_desk();
    let ran = place.run(&["status", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let expected =
        r#"{"articles":0,"sources":[{"id":"desk","kind":"folder","state":"never"}],"feeds":[{"id":"all","items":0}]}"#;
    assert_eq!(ran.out.trim_end(), expected);
    assert!(!place.path().join("feedmill.db").exists() && !place.feeds().exists(), "looking leaves nothing behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_are_those_documented() {
    let origin = Origin::start().await;
    origin.on("/feed", Reply::ok(rss("a.example", 3)));
    origin.on("/held", Reply::new(503).header("Retry-After", "3600"));
    origin.on("/gone", Reply::new(410));
    let place = Place::new(&format!(
        "{HEAD}{}{}{}{}{}{ALL}",
        web_source("good", &origin.url("/feed")),
        web_source("held", &origin.url_at("127.0.0.2", "/held")),
        web_source("gone", &origin.url_at("127.0.0.3", "/gone")),
        web_source("missing", &origin.url_at("127.0.0.4", "/missing")),
        folder_source("desk", ""),
    ));
    place.article("one", "2026-01-02");
    assert_eq!(place.run(&["run"]).code, Some(3));
    let ran = place.run(&["status", "--json"]);
    assert_eq!(ran.out.lines().count(), 1);
    let status: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(keys(&status), BTreeSet::from(["articles", "feeds", "sources"]));
    assert_eq!(status["articles"], 4);
    let all = ["id", "kind", "last_success", "next_due", "rung", "state", "trouble"];
    let expected = [("good", "ok"), ("held", "held"), ("gone", "gone"), ("missing", "backoff"), ("desk", "ok")];
    for (source, (id, state)) in status["sources"].as_array().expect("sources").iter().zip(expected) {
        assert_eq!((&source["id"], &source["state"]), (&id.into(), &state.into()), "{source}");
        assert!(keys(source).iter().all(|key| all.contains(key)), "{source}");
        assert_eq!(source["trouble"].is_string(), state != "ok", "{source}");
        assert_eq!(source["last_success"].is_string(), state == "ok", "{source}");
    }
    assert_eq!(keys(&status["feeds"][0]), BTreeSet::from(["date_modified", "id", "items"]));
    assert_eq!(status["feeds"][0]["items"], 4);

    let table = place.run(&["status"]).out;
    for text in ["4 articles known", "good", "held", "backoff", "last success", "next due"] {
        assert!(table.contains(text), "{text}: {table}");
    }
    assert!(table.lines().all(|line| line.trim_end() == line), "no blanks at the ends");
}
