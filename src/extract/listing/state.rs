//! Stories in the state that a page's scripts start from: any object that has an address and a headline.

use url::Url;

use super::evidence::{Stories, Story, claim};
use super::title;
use crate::address;
use crate::extract::state::{self, Object, facts};
use crate::model::ImageClaim;

/// Reads the scripts; of an object without an address of its own, `is_linked` tells whether a path
/// is one that the page links to.
pub(super) fn read(scripts: &[String], base: &Url, is_linked: &dyn Fn(&str) -> Option<String>, stories: &mut Stories) {
    for value in state::values(scripts) {
        for object in state::objects(&value) {
            stories_of(object, base, is_linked, stories);
        }
    }
}

fn stories_of(object: &Object, base: &Url, is_linked: &dyn Fn(&str) -> Option<String>, stories: &mut Stories) {
    let Some(headline) = facts::headline(object) else { return };
    let date = facts::published(object);
    let dated = date.is_some();
    if title::words(headline) < 3.0 && !dated {
        return;
    }
    let url = match facts::address(object).filter(|written| written.contains('/')) {
        Some(written) if written.starts_with("http") => address::resolve(Some(base), written),
        // a path is believed where the page links to it, or where the object is dated like a story
        Some(written) => address::resolve(Some(base), written)
            .filter(|url| is_linked(url).is_some() || dated && title::words(headline) >= 3.0),
        None => facts::slug(object).filter(|slug| slug.len() >= 8).and_then(is_linked),
    };
    let Some(url) = url.filter(|url| address::same_site(url, base.as_str())) else { return };
    // links of menus stand in the state too: the story needs a date, or a link of the page
    if !dated && is_linked(&url).is_none() {
        return;
    }
    let mut story = Story::at(url);
    story.structured = dated.then_some("state");
    story.titles.push(claim("state:headline", headline));
    story.published.extend(date.map(|date| claim("state:date", &date)));
    story.summaries.extend(facts::description(object).map(|summary| claim("state:description", summary)));
    let image = facts::picture(object).and_then(|picture| address::resolve(Some(base), picture.url));
    story.images.extend(image.map(|url| ImageClaim { from: "state:image", url, ..ImageClaim::default() }));
    stories.add(story);
}
