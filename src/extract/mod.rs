//! Reading documents: what they claim about articles.

pub mod html;
pub mod text;

use chrono::{DateTime, Utc};

/// What a document is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// Whatever it turns out to be.
    Sniff,
    Feed,
    Article,
}

/// How to read a document.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub read_as: As,
    /// Whether to fill in what goes beyond the common fields.
    pub more: bool,
    /// What relative dates count from.
    pub now: DateTime<Utc>,
}
