//! What fields are about: an item, a feed, or the feed that an item was taken from.
//!
//! The tables of the formats read a field once; who keeps it, and how, is decided here.

use crate::model::more::{Category, Geo, Itunes, Link, Podcast, Shared};
use crate::model::{ImageClaim, Person, Text};

/// Something that fields describe. `from` names the field, as in `feed:dc:creator`.
pub trait Subject {
    /// Where facts go that only `inspect` shows, if they are wanted.
    fn further(&mut self) -> Option<&mut Shared>;
    /// Whether links that are of no use by themselves are kept.
    fn keeps_links(&self) -> bool;
    /// Whether this is a whole feed.
    fn is_feed(&self) -> bool {
        false
    }
    fn id(&mut self, from: &'static str, id: String);
    fn title(&mut self, from: &'static str, text: Text);
    fn address(&mut self, from: &'static str, url: String);
    fn summary(&mut self, from: &'static str, text: Text);
    fn body(&mut self, from: &'static str, text: Text);
    fn published(&mut self, from: &'static str, date: String);
    fn modified(&mut self, from: &'static str, date: String);
    fn created(&mut self, from: &'static str, date: String) {
        if let Some(further) = self.further() {
            further.created.get_or_insert_with(|| date.clone());
        }
        self.published(from, date);
    }
    fn expired(&mut self, date: String) {
        if let Some(further) = self.further() {
            further.expired = Some(date);
        }
    }
    /// The period in which it is valid, as found (DCMI period).
    fn valid(&mut self, _period: &str) {}
    fn author(&mut self, from: &'static str, person: Person);
    fn contributor(&mut self, person: Person) {
        if let Some(further) = self.further() {
            further.contributors.push(person);
        }
    }
    fn publisher(&mut self, person: Person) {
        if let Some(further) = self.further() {
            further.publisher.get_or_insert(person);
        }
    }
    fn tag(&mut self, from: &'static str, category: Category);
    fn language(&mut self, from: &'static str, language: String);
    fn rights(&mut self, from: &'static str, text: Text);
    fn license(&mut self, url: String);
    fn image(&mut self, image: ImageClaim);
    fn link(&mut self, link: Link) {
        if let Some(further) = self.further() {
            further.links.push(link);
        }
    }
    fn itunes(&mut self) -> Option<&mut Itunes> {
        self.further().map(|further| further.itunes.get_or_insert_default())
    }
    fn podcast(&mut self) -> Option<&mut Podcast> {
        self.further().map(|further| further.podcast.get_or_insert_default())
    }
    fn geo(&mut self, geo: Geo) {
        if let Some(further) = self.further() {
            further.geo.get_or_insert(geo);
        }
    }
}
