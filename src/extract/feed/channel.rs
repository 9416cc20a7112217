//! A source feed in the making, and the feed that an item came from.

use crate::markup;
use crate::model::more::{Category, FeedMore, Generator, Link, Origin, Shared};
use crate::model::{Image, ImageClaim, Person, SourceFeed, Text};

use super::entry::{MOST, shown};
use super::subject::Subject;
use super::{dublin_core, person};

/// A value and how little its field is trusted: 0 is the format's own field.
#[derive(Debug, Default)]
struct Ranked<T>(Option<(u8, T)>);

impl<T> Ranked<T> {
    fn offer(&mut self, from: &str, value: T) {
        let rank = rank(from);
        if self.0.as_ref().is_none_or(|(known, _)| rank < *known) {
            self.0 = Some((rank, value));
        }
    }

    fn take(self) -> Option<T> {
        self.0.map(|(_, value)| value)
    }
}

/// A field of the format itself (`feed:title`) counts more than one of a module (`feed:dc:title`).
fn rank(from: &str) -> u8 {
    match from {
        "feed:subtitle" | "feed:description" | "feed:tagline" => 0,
        "feed:xml:lang" => 1,
        "feed:itunes:subtitle" => 4,
        _ if from.matches(':').count() > 1 => 3,
        _ => 0,
    }
}

/// A feed while its fields are read.
#[derive(Debug, Default)]
pub struct Channel {
    pub feed: SourceFeed,
    pub more: Option<Box<FeedMore>>,
    title: Ranked<Text>,
    home: Ranked<String>,
    description: Ranked<Text>,
    language: Ranked<String>,
    published: Ranked<String>,
    modified: Ranked<String>,
    rights: Ranked<String>,
    image: Ranked<Image>,
    /// The pieces of `sy:*`.
    pub update_period: Option<u32>,
    pub update_frequency: Option<u32>,
}

impl Channel {
    #[must_use]
    pub fn new(more: bool) -> Self {
        Self { more: more.then(Box::default), ..Self::default() }
    }

    pub fn generator(&mut self, generator: Generator) {
        if self.feed.generator.is_none() {
            self.feed.generator = Some((generator.name, generator.url, generator.version));
        }
    }

    pub fn picture(&mut self, from: &'static str, image: Image) {
        self.image.offer(from, image);
    }

    /// The finished feed.
    #[must_use]
    pub fn finish(self) -> SourceFeed {
        let mut feed = self.feed;
        feed.title = self.title.take();
        feed.home_page_url = self.home.take();
        feed.description = self.description.take();
        feed.language = self.language.take();
        feed.published = self.published.take();
        feed.modified = self.modified.take();
        feed.rights.copyright = self.rights.take();
        feed.image = self.image.take();
        if let Some(period) = self.update_period {
            feed.schedule.update_seconds = Some(period / self.update_frequency.unwrap_or(1).max(1));
        }
        feed.more = self.more;
        feed
    }
}

impl Subject for Channel {
    fn further(&mut self) -> Option<&mut Shared> {
        self.more.as_mut().map(|more| &mut more.shared)
    }

    fn keeps_links(&self) -> bool {
        self.more.is_some()
    }

    fn is_feed(&self) -> bool {
        true
    }

    fn id(&mut self, _from: &'static str, id: String) {
        self.feed.id.get_or_insert(id);
    }

    fn title(&mut self, from: &'static str, text: Text) {
        self.title.offer(from, text);
    }

    fn address(&mut self, from: &'static str, url: String) {
        self.home.offer(from, url);
    }

    fn summary(&mut self, from: &'static str, text: Text) {
        if let Some(further) = self.further()
            && from == "feed:itunes:subtitle"
        {
            further.subtitle.get_or_insert_with(|| text.text.clone());
        }
        self.description.offer(from, text);
    }

    fn body(&mut self, from: &'static str, text: Text) {
        self.description.offer(from, text);
    }

    fn published(&mut self, from: &'static str, date: String) {
        self.published.offer(from, date);
    }

    fn modified(&mut self, from: &'static str, date: String) {
        self.modified.offer(from, date);
    }

    fn valid(&mut self, period: &str) {
        if let Some(more) = &mut self.more {
            dublin_core::validity(more, period);
        }
    }

    fn author(&mut self, _from: &'static str, person: Person) {
        person::add(&mut self.feed.authors, person);
    }

    fn tag(&mut self, _from: &'static str, category: Category) {
        let shown = category.term.as_ref().or(category.label.as_ref());
        if let Some(shown) = shown
            && self.feed.tags.len() < MOST
            && !self.feed.tags.contains(shown)
        {
            self.feed.tags.push(shown.clone());
        }
        if let Some(further) = self.further() {
            further.categories.push(category);
        }
    }

    fn language(&mut self, from: &'static str, language: String) {
        self.language.offer(from, language);
    }

    fn rights(&mut self, from: &'static str, text: Text) {
        if let Some(further) = self.further() {
            further.rights = further.rights.take().or_else(|| shown(&text, None));
        }
        let copyright = markup::inline_text(&text);
        if !copyright.is_empty() {
            self.rights.offer(from, copyright);
        }
    }

    fn license(&mut self, url: String) {
        if let Some(further) = self.further() {
            further.license.get_or_insert_with(|| url.clone());
        }
        self.feed.rights.license.get_or_insert(url);
    }

    fn image(&mut self, image: ImageClaim) {
        let ImageClaim { from, url, width, height, alt, caption, credit } = image;
        self.image.offer(from, Image { url, width, height, alt, caption, credit });
    }

    fn link(&mut self, link: Link) {
        let links = &mut self.feed.links;
        let single = match link.rel.as_str() {
            "self" => Some(&mut self.feed.feed_url),
            "next" => Some(&mut links.next),
            "prev-archive" => Some(&mut links.prev_archive),
            "hub" if links.hubs.len() < MOST => {
                links.hubs.push(link.href.clone());
                None
            }
            _ => None,
        };
        if let Some(single) = single {
            single.get_or_insert_with(|| link.href.clone());
        }
        if let Some(further) = self.further() {
            further.links.push(link);
        }
    }
}

impl Subject for Origin {
    fn further(&mut self) -> Option<&mut Shared> {
        None
    }

    fn keeps_links(&self) -> bool {
        true
    }

    fn is_feed(&self) -> bool {
        true
    }

    fn id(&mut self, _from: &'static str, id: String) {
        self.id.get_or_insert(id);
    }

    fn title(&mut self, _from: &'static str, text: Text) {
        self.title.get_or_insert_with(|| shown(&text, None).unwrap_or(text.text));
    }

    fn address(&mut self, _from: &'static str, url: String) {
        self.link.get_or_insert(url);
    }

    fn summary(&mut self, _from: &'static str, text: Text) {
        self.description.get_or_insert_with(|| shown(&text, None).unwrap_or(text.text));
    }

    fn body(&mut self, _from: &'static str, text: Text) {
        self.description.get_or_insert_with(|| shown(&text, None).unwrap_or(text.text));
    }

    fn published(&mut self, _from: &'static str, date: String) {
        self.updated.get_or_insert(date);
    }

    fn modified(&mut self, _from: &'static str, date: String) {
        self.updated.get_or_insert(date);
    }

    fn author(&mut self, _from: &'static str, person: Person) {
        person::add(&mut self.authors, person);
    }

    fn contributor(&mut self, person: Person) {
        self.contributors.push(person);
    }

    fn tag(&mut self, _from: &'static str, category: Category) {
        self.categories.push(category);
    }

    fn language(&mut self, _from: &'static str, _language: String) {}

    fn rights(&mut self, _from: &'static str, text: Text) {
        self.rights.get_or_insert_with(|| shown(&text, None).unwrap_or(text.text));
    }

    fn license(&mut self, _url: String) {}

    fn image(&mut self, image: ImageClaim) {
        self.logo.get_or_insert(image.url);
    }

    fn link(&mut self, link: Link) {
        self.links.push(link);
    }
}
