//! Signals during `run`.

use std::time::Duration;

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, await_that, rss, web_source};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_told_to_stop_ends_in_time_and_the_next_completes() {
    let origin = Origin::start().await;
    origin.on("/good", Reply::ok(rss("a.example", 3)));
    origin.on("/slow", Reply::ok("").mute()).on("/slow", Reply::ok(rss("b.example", 2)));
    let place = Place::new(&format!(
        "{HEAD}{}{}{ALL}",
        web_source("good", &origin.url("/good")),
        web_source("slow", &origin.url_at("127.0.0.2", "/slow")),
    ));
    let run = place.start(&["run"]);
    origin.await_requests(2).await;
    await_that("the good source is stored", || place.run(&["status", "--json"]).out.contains(r#""articles":3"#));
    run.signal("TERM");
    let (code, took, said) = run.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(took < Duration::from_secs(11), "{took:?}");

    let ran = place.run(&["run"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(place.titles().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_without_anything_under_way_ends_at_once() {
    let origin = Origin::start().await;
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    origin.on("/feed", Reply::ok(rss("a.example", 3)).after(&gate));
    let place = Place::new(&format!("{HEAD}{}{ALL}", web_source("a", &origin.url("/feed"))));
    let run = place.start(&["run"]);
    origin.await_requests(1).await;
    run.signal("INT");
    run.await_said("stopping");
    gate.notify_one();
    let (code, took, said) = run.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(took < Duration::from_secs(8), "as soon as what was under way has ended: {took:?}");
    assert!(said.contains("1 source asked"), "{said}");
}
