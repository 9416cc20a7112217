//! What fields are about: an item, a feed, or the feed that an item was taken from.
//!
//! The tables of the formats read a field once; who keeps it, and how, is decided here.

use crate::model::more::{Category, Geo, Itunes, Link, Podcast};
use crate::model::{ImageClaim, Person, Text};

/// Something that fields describe. `from` names the field, as in `feed:dc:creator`.
pub trait Subject {
    /// Whether facts that only `inspect` shows are wanted.
    fn wants_more(&self) -> bool;
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
    fn created(&mut self, from: &'static str, date: String);
    fn expired(&mut self, date: String);
    /// The period in which it is valid, as found (DCMI period).
    fn valid(&mut self, _period: &str) {}
    fn author(&mut self, from: &'static str, person: Person);
    fn contributor(&mut self, person: Person);
    fn publisher(&mut self, person: Person);
    fn tag(&mut self, from: &'static str, category: Category);
    fn language(&mut self, from: &'static str, language: String);
    fn rights(&mut self, from: &'static str, text: Text);
    fn license(&mut self, url: String);
    fn image(&mut self, image: ImageClaim);
    fn link(&mut self, link: Link);
    fn itunes(&mut self) -> Option<&mut Itunes>;
    fn podcast(&mut self) -> Option<&mut Podcast>;
    fn geo(&mut self, geo: Geo);
}
