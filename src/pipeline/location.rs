//! Where a source is, as a number.

use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Source, SourceKind, Where};

/// A hash of where a source is and what it is read as: another one makes its state start afresh.
///
/// Made of words that stay, whatever the program calls its own things.
#[must_use]
pub fn location_hash(source: &Source) -> u64 {
    let place = match &source.location {
        Where::Web(url) => url.as_str().to_owned(),
        Where::Folder(path) => path.to_string_lossy().into_owned(),
    };
    // what is to be read otherwise must be read again, whatever its validators say
    let more = match (&source.select, source.pages) {
        (None, 1) => String::new(),
        (None, pages) => format!(" None {pages}"),
        (Some(select), pages) => {
            select.named().fold(format!(" {pages}"), |more, (name, selector)| format!("{more} {name} = {selector}"))
        }
    };
    let kind = match source.kind {
        SourceKind::Auto => "Auto",
        SourceKind::Feed => "Feed",
        SourceKind::Sitemap => "Sitemap",
        SourceKind::Listing => "Listing",
        SourceKind::Article => "Article",
        SourceKind::Folder => "Folder",
    };
    xxh3_64(format!("{kind} {place}{more}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Select;

    #[test]
    fn a_location_is_known_by_words_that_stay() {
        let feed = Where::Web("https://o.example/feed".parse().unwrap());
        let plain = Source::new("a", "o.example", feed);
        let paged = Source { pages: 3, kind: SourceKind::Listing, ..plain.clone() };
        let select = Select { item: Some("li".to_owned()), body: Some("main".to_owned()), ..Select::default() };
        let selected = Source { select: Some(select.into()), kind: SourceKind::Listing, ..plain.clone() };
        for (source, words) in [
            (plain, "Auto https://o.example/feed"),
            (paged, "Listing https://o.example/feed None 3"),
            (selected, "Listing https://o.example/feed 1 item = li body = main"),
        ] {
            assert_eq!(location_hash(&source), xxh3_64(words.as_bytes()), "{words}");
        }
    }
}
