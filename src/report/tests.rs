use std::sync::Arc;

use chrono::DateTime;

use super::*;
use crate::model::{Article, Dated, Precision, Presented, ZoneFrom};

fn dated(precision: Precision, zone: ZoneFrom) -> Dated {
    Dated { at: DateTime::parse_from_rfc3339("2026-03-01T14:05:09+04:00").unwrap(), precision, zone }
}

#[test]
fn dates_show_what_is_known() {
    assert_eq!(date_text(&dated(Precision::Time, ZoneFrom::Text)), "2026-03-01T14:05:09+04:00");
    assert_eq!(date_text(&dated(Precision::Time, ZoneFrom::Assumed)), "2026-03-01T14:05:09");
    assert_eq!(date_text(&dated(Precision::Day, ZoneFrom::Source)), "2026-03-01");
}

#[test]
fn further_dates_are_shown_like_all_others() {
    use crate::model::more::{Origin, Shared};
    use crate::model::{FeedMore, ItemMore};
    let read = |text: &str| (text != "soon").then(|| dated(Precision::Time, ZoneFrom::Text));
    let some = |text: &str| Some(text.to_owned());
    let shared = Shared { created: some("1 March 2026"), expired: some("soon"), ..Shared::default() };
    let source = Some(Origin { updated: some("then"), ..Origin::default() });
    let mut item = ItemMore { shared, source, ..ItemMore::default() };
    show_item_dates(&mut item, &read);
    assert_eq!((item.shared.created.as_deref(), item.shared.expired), (Some("2026-03-01T14:05:09+04:00"), None));
    assert_eq!(item.source.and_then(|source| source.updated).as_deref(), Some("2026-03-01T14:05:09+04:00"));
    let mut feed = FeedMore { validity_end: some("then"), validity_start: some("soon"), ..FeedMore::default() };
    show_feed_dates(&mut feed, &read);
    assert_eq!((feed.validity_end.as_deref(), feed.validity_start), (Some("2026-03-01T14:05:09+04:00"), None));
}

#[test]
fn absent_fields_are_left_out() {
    let article = Article { title: Some("A".into()), ..Article::default() };
    let presented = Presented::default();
    let shown = Shown {
        article: &article,
        presented: &presented,
        written: None,
        more: None,
        has_blank_title: false,
        explain: false,
    };
    assert_eq!(article_line("x.html", &shown.into()), r#"{"kind":"article","input":"x.html","title":"A"}"#);
}

#[test]
fn what_is_there_but_cannot_be_shown_is_empty() {
    use crate::model::Text;
    let script = || Some(Text::html("<script>a()</script>"));
    let article = Article { summary: script(), body: script(), ..Article::default() };
    let presented = Presented::default();
    let shown = Shown {
        article: &article,
        presented: &presented,
        written: None,
        more: None,
        has_blank_title: true,
        explain: false,
    };
    assert_eq!(
        article_line("x.html", &shown.into()),
        r#"{"kind":"article","input":"x.html","title":"","summary_html":"","content_html":""}"#
    );
}

#[test]
fn an_error_names_its_place() {
    assert_eq!(
        error_line("f", "no feed", Some((3, 7))),
        r#"{"column":7,"error":"no feed","input":"f","kind":"error","line":3}"#
    );
    assert_eq!(error_line("f", "no feed", None), r#"{"error":"no feed","input":"f","kind":"error"}"#);
}

fn source(id: &str, outcome: Outcome, read: usize, new: usize) -> SourceReport {
    SourceReport { read, new, ..SourceReport::empty(&Arc::from(id), outcome) }
}

#[test]
fn the_summary_is_one_line() {
    let quiet = RunReport {
        sources: vec![source("a", Outcome::Ok, 5, 0), source("b", Outcome::NotModified, 0, 0)],
        targets: vec!["feeds".into()],
        ..RunReport::default()
    };
    assert_eq!(
        quiet.summary(),
        "2 sources asked, 1 not modified; 5 articles gathered, nothing new; feeds is up to date"
    );
    let busy = RunReport {
        sources: vec![
            source("a", Outcome::Ok, 5, 2),
            source("b", Outcome::Failed, 0, 0),
            source("c", Outcome::NotDue, 0, 0),
        ],
        feeds: vec![FeedReport { id: "all".into(), written: vec!["all.rss".into()], ..FeedReport::default() }],
        targets: vec!["feeds".into()],
        ..RunReport::default()
    };
    assert_eq!(
        busy.summary(),
        "2 sources asked, 1 failed, 1 not due; 5 articles gathered, 2 new, 0 changed; 1 file written to feeds"
    );
}

#[test]
fn the_report_has_the_contract_s_keys() {
    let report = RunReport { sources: vec![source("a", Outcome::NotModified, 0, 0)], ..RunReport::default() };
    assert_eq!(report.to_json(), r#"{"sources":[{"id":"a","outcome":"not-modified","new":0,"changed":0}],"feeds":[]}"#);
}

#[test]
fn the_summary_names_each_place_and_only_what_failed() {
    let report = |targets: &[&str], error: Option<&str>, written: &[&str]| RunReport {
        targets: targets.iter().map(|target| (*target).to_owned()).collect(),
        feeds: vec![FeedReport {
            written: written.iter().map(|path| (*path).to_owned()).collect(),
            error: error.map(str::to_owned),
            ..FeedReport::default()
        }],
        ..RunReport::default()
    };
    for (report, end) in [
        (report(&["feeds"], None, &[]), "; feeds is up to date"),
        (report(&["feeds", "s3://b"], None, &[]), "; feeds, s3://b are up to date"),
        (report(&["feeds", "s3://b"], None, &["a"]), "; 1 file written to feeds, s3://b"),
        (report(&["feeds"], Some("disk full"), &[]), "; publishing to feeds failed"),
        (report(&["feeds", "s3://b"], Some("disk full"), &["a"]), "; publishing failed in part, to feeds, s3://b"),
    ] {
        assert!(report.summary().ends_with(end), "{}: {end}", report.summary());
    }
}
