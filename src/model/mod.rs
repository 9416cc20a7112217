//! Types that stages share: what is read, what is kept, what is published.
//!
//! Field names follow JSON Feed 1.1 wherever it has one. Nothing here does I/O or reads the clock.

mod article;
mod bucket;
mod document;
mod feed;
mod host;
mod identity;
mod item;
pub mod more;
mod provenance;
mod raw;
mod raw_items;
mod secrets;
mod source;
mod state;

pub use article::{Article, Attachment, Dated, Image, Person, Precision, Rights, Text, TextKind, ZoneFrom};
pub use bucket::{bucket_advice, bucket_cause};
pub use document::Document;
pub use feed::{
    Bound, FeedInfo, FeedSnapshot, Format, History, HistoryItem, HistorySource, SiteInfo, Theme, Trouble, archive_path,
};
pub use host::{Host, Robots, RobotsRule};
pub use identity::{
    ArticleId, Carried, Hit, Intake, Key, KeyMap, Keys, Known, NewArticle, NotAKey, Stored, Uids, UpdatedArticle,
};
pub use item::{AlsoAt, Item, ItemSource, Presented, is_visible};
pub use more::{FeedMore, ItemMore};
pub use provenance::{Field, Lost, Provenance};
pub use raw::{Claim, Extracted, FeedLinks, ImageClaim, PersonClaim, RawArticle, SourceFeed, SourceListing, Warning};
pub use raw_items::RawItems;
pub use secrets::Secrets;
pub use source::{Select, Source, SourceKind, Where};
pub use state::{
    DeadFile, FeedSchedule, Health, Move, Quarantined, Rung, RungKind, Sighting, SourceState, Unread, Validators,
    Waiting,
};
