//! Posts of a `WordPress` API (`/wp-json/wp/v2/posts`).

use serde_json::Value;
use url::Url;

use super::evidence::{Story, claim};
use crate::address;
use crate::model::{Claim, RawArticle, Text};

/// The posts of an answer of the API; `None` where the document is something else.
pub(super) fn read(text: &str, base: &Url) -> Option<Vec<RawArticle>> {
    let Value::Array(posts) = serde_json::from_str(text.trim_start_matches('\u{FEFF}')).ok()? else { return None };
    let is_post = |post: &Value| post["link"].is_string() && post["title"]["rendered"].is_string();
    if posts.is_empty() || !posts.iter().all(is_post) {
        return None;
    }
    Some(posts.iter().filter_map(|post| story(post, base)).collect())
}

fn story(post: &Value, base: &Url) -> Option<RawArticle> {
    let mut story = Story::at(address::resolve(Some(base), post["link"].as_str()?)?);
    story.structured = Some("wordpress");
    let html = |from, value: &Value| {
        let text = value.as_str().filter(|text| !text.trim().is_empty())?;
        Some(Claim { from, text: Text::html(text) })
    };
    story.titles.extend(html("wordpress:title", &post["title"]["rendered"]));
    story.summaries.extend(html("wordpress:excerpt", &post["excerpt"]["rendered"]));
    let date = |name: &str| post[name].as_str().map(|date| format!("{date}Z"));
    story.published.extend(date("date_gmt").map(|date| claim("wordpress:date_gmt", &date)));
    story.modified.extend(date("modified_gmt").map(|date| claim("wordpress:modified_gmt", &date)));
    let mut raw = story.into_raw(base);
    raw.bodies.extend(html("wordpress:content", &post["content"]["rendered"]));
    Some(raw)
}
