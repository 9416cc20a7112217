//! The bare writers: the same items in the types of other crates.

use feedmill::markup;
use feedmill::model::{FeedSnapshot, Item};

/// With the crate `rss`.
pub fn rss(snapshot: &FeedSnapshot) -> ::rss::Channel {
    let item = |item: &Item| ::rss::Item {
        title: Some(item.title.clone()),
        link: item.url.clone(),
        description: item.summary.clone(),
        guid: Some(::rss::Guid { value: item.uid.clone(), permalink: false }),
        pub_date: Some(item.date_published.at.to_rfc2822()),
        content: item.content_html.as_ref().map(|html| html.as_str().to_owned()),
        categories: item.tags.iter().map(|tag| ::rss::Category { name: tag.clone(), domain: None }).collect(),
        source: Some(::rss::Source { url: item.source.url.clone(), title: Some(item.source.title.clone()) }),
        dublin_core_ext: Some(::rss::extension::dublincore::DublinCoreExtension {
            creators: item.authors.iter().filter_map(|author| author.name.clone()).collect(),
            ..Default::default()
        }),
        ..::rss::Item::default()
    };
    ::rss::Channel {
        title: snapshot.feed.title.clone(),
        link: snapshot.site.base_url.clone(),
        items: snapshot.items.iter().map(item).collect(),
        ..::rss::Channel::default()
    }
}

/// With the crate `atom_syndication`.
pub fn atom(snapshot: &FeedSnapshot) -> atom_syndication::Feed {
    use atom_syndication::{Category, Content, Entry, Feed, Link, Person, Source, Text};
    let entry = |item: &Item| Entry {
        title: Text::plain(item.title.clone()),
        id: item.uid.clone(),
        updated: item.date_published.at,
        published: Some(item.date_published.at),
        links: vec![Link { href: item.url.clone().unwrap_or_default(), ..Link::default() }],
        authors: item
            .authors
            .iter()
            .map(|author| Person { name: author.name.clone().unwrap_or_default(), ..Person::default() })
            .collect(),
        categories: item.tags.iter().map(|tag| Category { term: tag.clone(), ..Category::default() }).collect(),
        summary: item.summary.clone().map(Text::plain),
        content: item.content_html.as_ref().map(|html| Content {
            value: Some(html.as_str().to_owned()),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        source: Some(Source {
            title: Text::plain(item.source.title.clone()),
            id: item.source.url.clone(),
            updated: item.date_published.at,
            ..Source::default()
        }),
        ..Entry::default()
    };
    Feed {
        title: Text::plain(snapshot.feed.title.clone()),
        id: snapshot.feed.urn.clone(),
        entries: snapshot.items.iter().map(entry).collect(),
        ..Feed::default()
    }
}

/// As a value of `serde_json`.
pub fn json(snapshot: &FeedSnapshot) -> serde_json::Value {
    let item = |item: &Item| {
        serde_json::json!({
            "id": item.uid,
            "url": item.url,
            "title": item.title,
            "content_html": item.content_html.as_ref().map(markup::CleanHtml::as_str),
            "summary": item.summary,
            "date_published": item.date_published.at.to_rfc3339(),
            "authors": [{"name": item.authors.first().and_then(|author| author.name.as_deref())}],
            "tags": item.tags,
            "_source": {"title": item.source.title, "url": item.source.url},
        })
    };
    let items: Vec<serde_json::Value> = snapshot.items.iter().map(item).collect();
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": snapshot.feed.title,
        "items": items,
    })
}
