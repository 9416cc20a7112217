//! What an address is asked as before anybody knows what it is.

use url::Url;

use super::Class;

/// Words of addresses that are feeds, as whole words of host, path or query.
const WORDS: [&str; 8] = ["feed", "feeds", "rss", "rss2", "atom", "rdf", "syndication", "xmlfeed"];

/// Endings of files that are feeds, where nothing says that they are sitemaps.
const ENDINGS: [&str; 3] = ["xml", "json", "jsonfeed"];

impl Class {
    /// An address that says of itself that it is a feed is one that the operator named: asked on their behalf. Any other
    /// may be a page, and robots.txt has the first word.
    #[must_use]
    pub fn of_unknown(url: &Url) -> Self {
        if says_feed(url) { Self::Feed } else { Self::FoundFeed }
    }
}

fn says_feed(url: &Url) -> bool {
    let (path, query) = (url.path().to_ascii_lowercase(), url.query().unwrap_or_default().to_ascii_lowercase());
    if path.contains("sitemap") {
        return false;
    }
    let is_word = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| WORDS.contains(&word));
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    is_word(&path)
        || is_word(&query)
        || url.domain().is_some_and(is_word)
        || ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_feeds_say_so() {
        let rows = [
            ("https://a.example/feed", true),
            ("https://a.example/world/feed/", true),
            ("https://a.example/rss.php?id=3", true),
            ("https://a.example/news/RSS2", true),
            ("https://a.example/index.xml", true),
            ("https://a.example/feed.json", true),
            ("https://a.example/?format=atom", true),
            ("https://feeds.a.example/news", true),
            ("https://a.example/feed-12", true),
            ("https://a.example/", false),
            ("https://a.example/news", false),
            ("https://a.example/feedback", false),
            ("https://a.example/sitemap.xml", false),
            ("https://a.example/news-sitemap.xml", false),
            ("https://a.example/story.html", false),
            ("https://atom.a.example.org/", true),
            ("http://127.0.0.1/latest", false),
        ];
        for (address, is_feed) in rows {
            let class = Class::of_unknown(&address.parse().unwrap());
            assert_eq!(class == Class::Feed, is_feed, "{address}");
        }
    }
}
