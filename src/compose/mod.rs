//! Deciding what a feed holds: selection, the window, and articles as items. Pure.
//!
//! A feed's members are the articles that its [`Selection`] takes; its [`Window`] is the newest of
//! them within the limits; a snapshot is the window's articles as they will be published.

mod filter;
mod item;
mod selection;
mod usage;
mod window;

pub use filter::{Filter, Pattern, PatternError};
pub use item::{Parts, item, released, snapshot, text_in};
pub use selection::{Candidate, Content, Selection, Stories, selected, selects};
pub use window::{Closed, Window, WindowMember, WindowRule, window};

#[cfg(test)]
mod tests;
