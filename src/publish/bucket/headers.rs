//! What a bucket tells readers and caches about an object.

use object_store::{Attribute, AttributeValue, Attributes};

/// The key of the content's hash in an object's metadata.
///
/// Letters only: Azure takes nothing else, and some proxies drop underscores.
pub(super) const HASH: &str = "feedmillhash";

/// Feeds, pages and lists: readers see news after five minutes, a cache takes the rest of the load.
const FRESH: &str = "public, max-age=300";

/// Archives change only where an article is taken down.
const SETTLED: &str = "public, max-age=86400";

/// What only this program reads must never come out of a cache.
const OURS: &str = "no-cache";

/// The hash as metadata has it: of the content, and how that is packed.
pub(super) fn tag(hash: u128, gzip: bool) -> String {
    format!("{hash:032x}{}", if gzip { "+gzip" } else { "" })
}

/// The attributes of the object at a path below the target.
pub(super) fn attributes(path: &str, tag: String) -> Attributes {
    let mut attributes = Attributes::with_capacity(4);
    attributes.insert(Attribute::ContentType, media_type(path).into());
    attributes.insert(Attribute::CacheControl, cache_control(path).into());
    if tag.ends_with("+gzip") {
        attributes.insert(Attribute::ContentEncoding, "gzip".into());
    }
    attributes.insert(Attribute::Metadata(HASH.into()), AttributeValue::from(tag));
    attributes
}

fn media_type(path: &str) -> &'static str {
    match extension(path) {
        "rss" => "application/rss+xml; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "json" if is_ours(path) => "application/json; charset=utf-8",
        "json" => "application/feed+json; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "opml" => "text/x-opml; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

fn cache_control(path: &str) -> &'static str {
    if is_ours(path) {
        OURS
    } else if path.starts_with("archive/") {
        SETTLED
    } else {
        FRESH
    }
}

/// Whether only this program reads it.
fn is_ours(path: &str) -> bool {
    path.starts_with("history/") || path.starts_with('.')
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_has_its_type_and_its_time() {
        for (path, media_type, cache_control) in [
            ("all.rss", "application/rss+xml; charset=utf-8", FRESH),
            ("all.atom", "application/atom+xml; charset=utf-8", FRESH),
            ("all.json", "application/feed+json; charset=utf-8", FRESH),
            ("all.html", "text/html; charset=utf-8", FRESH),
            ("index.html", "text/html; charset=utf-8", FRESH),
            ("feeds.opml", "text/x-opml; charset=utf-8", FRESH),
            ("archive/all/0001.json", "application/feed+json; charset=utf-8", SETTLED),
            ("history/all.json", "application/json; charset=utf-8", OURS),
            (".feedmill/owner.json", "application/json; charset=utf-8", OURS),
            ("odd", "application/octet-stream", FRESH),
        ] {
            let attributes = attributes(path, tag(0xab, false));
            let is = |key: Attribute| attributes.get(&key).map(|value| value.as_ref().to_owned());
            assert_eq!(is(Attribute::ContentType).as_deref(), Some(media_type), "{path}");
            assert_eq!(is(Attribute::CacheControl).as_deref(), Some(cache_control), "{path}");
            assert_eq!(is(Attribute::ContentEncoding), None);
            assert_eq!(is(Attribute::Metadata(HASH.into())).as_deref(), Some("000000000000000000000000000000ab"));
        }
        let packed = attributes("all.rss", tag(1, true));
        assert_eq!(packed.get(&Attribute::ContentEncoding), Some(&"gzip".into()));
    }
}
