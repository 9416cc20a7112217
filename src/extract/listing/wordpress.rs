//! Posts of a `WordPress` API (`/wp-json/wp/v2/posts`).

use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::Value;
use url::Url;

use super::evidence::{Story, claim};
use crate::address;
use crate::extract::json::Bounded;
use crate::model::{Claim, RawArticle, Text};

/// The posts of an answer of the API; `None` where the document is something else.
pub(super) fn read(text: &str, base: &Url) -> Option<Vec<RawArticle>> {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if !text.starts_with('[') {
        return None;
    }
    let posts = serde_json::Deserializer::from_str(text).deserialize_seq(Posts(base)).ok()?;
    (!posts.is_empty()).then_some(posts)
}

/// Reads posts one at a time; a list of anything else is an error.
struct Posts<'b>(&'b Url);

impl<'de> Visitor<'de> for Posts<'_> {
    type Value = Vec<RawArticle>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of posts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut posts: A) -> Result<Self::Value, A::Error> {
        /// Values of one post; honest ones have a hundredth.
        const MOST_VALUES: usize = 100_000;
        let mut found = Vec::new();
        while let Some(post) = posts.next_element_seed(Bounded { left: &mut { MOST_VALUES } })? {
            if !post["link"].is_string() || !post["title"]["rendered"].is_string() {
                return Err(A::Error::custom("no post"));
            }
            found.extend(story(&post, self.0));
        }
        Ok(found)
    }
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
