//! Telling WebSub hubs of the feeds that changed: after all feeds, each hub once.

use futures_util::future::join_all;
use url::Url;

use super::staging;
use crate::model::Format;
use crate::pipeline::collect::HostRows;
use crate::pipeline::{FeedPlan, Parts, Plan};
use crate::report::RunReport;

/// A hub, and what it is to be told.
struct Hub {
    url: Url,
    topics: Vec<String>,
    /// The feeds that they are of, by their place in the report.
    feeds: Vec<usize>,
}

/// Tells the hubs which documents were written; that one was not told is in the report of each of its feeds.
pub(super) async fn tell(parts: &Parts, plan: &Plan, report: &mut RunReport) {
    let hubs = hubs(plan, report);
    if hubs.is_empty() {
        return;
    }
    let told = hubs.into_iter().map(async |Hub { url, topics, feeds }| {
        let told = parts.while_there_is_time(parts.fetch.ping(url, topics, parts.now)).await;
        let trouble = match told {
            Some(Ok(())) => None,
            Some(Err(error)) => Some(error.to_string()),
            None => Some("the run was told to stop".to_owned()),
        };
        (feeds, trouble)
    });
    for (feeds, trouble) in join_all(told).await {
        let Some(trouble) = trouble else { continue };
        for feed in feeds {
            report.feeds[feed].warning = Some(format!("the hub was not told of the change: {trouble}"));
        }
    }
    HostRows::default().store(parts).await;
}

fn hubs(plan: &Plan, report: &RunReport) -> Vec<Hub> {
    let mut hubs: Vec<Hub> = Vec::new();
    for (place, written) in report.feeds.iter().enumerate().map(|(place, feed)| (place, &feed.written)) {
        let feed = plan.feeds.iter().find(|feed| feed.info.id == report.feeds[place].id);
        let Some((feed, url)) = feed.and_then(|feed| Some((feed, feed.info.hub.as_deref()?.parse::<Url>().ok()?)))
        else {
            continue;
        };
        let topics = topics(plan, feed, written);
        if topics.is_empty() {
            continue;
        }
        let hub = hubs.iter().position(|hub| hub.url == url).unwrap_or_else(|| {
            hubs.push(Hub { url, topics: Vec::new(), feeds: Vec::new() });
            hubs.len() - 1
        });
        hubs[hub].topics.extend(topics);
        hubs[hub].feeds.push(place);
    }
    hubs
}

/// The addresses of a feed's documents that readers subscribe to and that were written.
fn topics(plan: &Plan, feed: &FeedPlan, written: &[String]) -> Vec<String> {
    let subscribed = feed.info.formats.iter().filter(|format| **format != Format::Html);
    let paths = subscribed.map(|format| staging::document_path(&feed.info.id, *format));
    paths.filter(|path| written.contains(path)).map(|path| format!("{}{path}", plan.site.base_url)).collect()
}
