//! Identity: which article an item is, and which articles tell one story (DESIGN §6).
//!
//! ```text
//! Fast::new             two keys and a fingerprint of each raw item, before anything costly
//!   | triage            items that are known and unchanged need nothing more
//! keys                  all keys of the items that are left, normalized by now
//!   | decide            new, changed, carried by one more source, moved
//! uids                  candidates for the permanent id of what is new
//! is_visible_change     whether a reader would see what changed
//! ```
//!
//! Everything is pure; the store brings what is known and applies what is decided.

mod change;
mod decide;
mod keys;
pub mod story;

mod triage;
mod uid;

pub use change::{Appearance, date_modified, is_visible_change};
pub use decide::{Candidate, Context, Verdict, decide, is_suspicious};
pub use keys::{Identifiers, Scope, keys, title_hash};
pub use triage::{Fast, Triage, triage};
pub use uid::uids;
