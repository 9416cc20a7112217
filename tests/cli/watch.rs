//! `watch`: the daemon.

use std::time::Duration;

use crate::origin::{Origin, Reply};
use crate::place::{ALL, HEAD, Place, await_that, folder_source, rss, web_source};

#[test]
fn a_new_file_is_picked_up_on_schedule() {
    let place = Place::with_desk();
    let watch = place.start(&["watch"]);
    await_that("the first round", || place.titles().len() == 2);
    watch.await_said("watching: the next source is due at ");
    place.article("three", "2026-01-04");
    await_that("the new article", || place.titles().len() == 3);
    watch.await_said("1 new, 0 changed");
    watch.signal("TERM");
    let (code, _, said) = watch.end();
    assert_eq!(code, Some(0), "{said}");
    let ran = place.run(&["run"]);
    assert!(ran.err.contains("nothing new") && ran.err.contains("up to date"), "state was saved: {}", ran.err);
}

#[test]
fn rounds_without_news_say_nothing() {
    let place = Place::with_desk();
    let watch = place.start(&["watch"]);
    watch.await_said("watching");
    // the same trouble is told once, however many rounds find it
    std::fs::rename(place.path().join("desk"), place.path().join("away")).expect("a folder");
    watch.await_said("source desk: ");
    std::fs::rename(place.path().join("away"), place.path().join("desk")).expect("a folder");
    place.article("three", "2026-01-04");
    await_that("the new article", || place.titles().len() == 3);
    watch.signal("INT");
    let (code, _, said) = watch.end();
    assert_eq!(code, Some(0));
    assert_eq!(said.matches("source desk: ").count(), 1, "{said}");
    // the first, the trouble, the new article
    assert_eq!(said.matches(" asked").count(), 3, "{said}");
}

#[test]
fn the_config_is_read_again_and_a_broken_one_is_not_taken() {
    let place = Place::with_desk();
    let config = place.read("feedmill.toml");
    let watch = place.start(&["watch"]);
    watch.await_said("watching");

    place.write("feedmill.toml", config.replace("title", "titel"));
    watch.signal("HUP");
    watch.await_said("did you mean `title`?");
    watch.await_said("the config that was read before stays in use");
    place.article("three", "2026-01-04");
    await_that("the old config at work", || place.titles().len() == 3);

    place.write("feedmill.toml", format!("{config}\n[[feed]]\nid = \"second\"\ntitle = \"Second\"\n"));
    watch.signal("HUP");
    watch.await_said("the config was read again");
    await_that("the new feed", || place.feeds().join("second.rss").exists());
    watch.signal("TERM");
    assert_eq!(watch.end().0, Some(0));
}

#[test]
fn a_target_that_goes_away_and_comes_back_does_not_end_it() {
    let place = Place::with_desk();
    let watch = place.start(&["watch"]);
    watch.await_said("watching");
    std::fs::rename(place.feeds(), place.path().join("away")).expect("a folder");
    // a round may have made the folder anew in between
    let _ = std::fs::remove_dir_all(place.feeds());
    place.write("feeds", "in the way");
    place.article("three", "2026-01-04");
    watch.await_said("cannot make the folder");
    std::fs::remove_file(place.feeds()).expect("a file");
    await_that("the feed is back", || place.titles().len() == 3);
    watch.signal("TERM");
    assert_eq!(watch.end().0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_ends_in_time_while_a_source_hangs() {
    let origin = Origin::start().await;
    origin.on("/good", Reply::ok(rss("a.example", 3)));
    origin.on("/hangs", Reply::ok("").mute());
    let place = Place::new(&format!(
        "{HEAD}{}{}{}{ALL}",
        web_source("good", &origin.url("/good")),
        web_source("hangs", &origin.url_at("127.0.0.2", "/hangs")),
        folder_source("desk", ""),
    ));
    place.article("one", "2026-01-02");
    let watch = place.start(&["watch"]);
    origin.await_requests(2).await;
    await_that("the good sources are stored", || place.run(&["status", "--json"]).out.contains(r#""articles":4"#));
    watch.signal("TERM");
    let (code, took, said) = watch.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(took < Duration::from_secs(11), "{took:?}");
    assert!(said.contains("stopping"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_signal_ends_it_at_once() {
    let origin = Origin::start().await;
    origin.on("/hangs", Reply::ok("").mute());
    let place = Place::new(&format!("{HEAD}{}{ALL}", web_source("hangs", &origin.url("/hangs"))));
    let watch = place.start(&["watch"]);
    origin.await_requests(1).await;
    watch.signal("TERM");
    watch.await_said("stopping");
    watch.signal("TERM");
    let (code, took, said) = watch.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(took < Duration::from_secs(8), "well before the ten seconds: {took:?}");
}

#[test]
fn neither_a_broken_theme_nor_a_setting_that_cannot_be_used_ends_it() {
    let place = Place::with_desk();
    place.write("theme/style.css", "body { color: black }");
    let config = place.read("feedmill.toml").replace("[site]\n", "[site]\ntheme = \"theme\"\n");
    place.write("feedmill.toml", &config);
    let watch = place.start(&["watch"]);
    watch.await_said("watching");

    place.write("theme/index.html", "{% if %}");
    watch.await_said("is not valid");
    place.article("three", "2026-01-04");
    await_that("the theme as it was, at work", || place.titles().len() == 3);
    place.write("theme/index.html", "in new clothes");
    await_that("the mended theme", || place.read("feeds/index.html").contains("in new clothes"));

    place.write("feedmill.toml", config.replace("[fetch]\n", "[fetch]\nca_file = \"none.pem\"\n"));
    watch.signal("HUP");
    watch.await_said("none.pem");
    watch.await_said("the config that was read before stays in use");
    place.article("four", "2026-01-05");
    await_that("the old config at work", || place.titles().len() == 4);
    watch.signal("TERM");
    let (code, _, said) = watch.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("the config was read again"), "{said}");
    assert_eq!(said.matches("is not valid").count(), 1, "told once: {said}");
}
