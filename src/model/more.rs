//! What a feed reader understands beyond the common fields: the `_more` of `inspect`.

use serde::Serialize;

/// Further facts of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ItemMore {}

/// Further facts of a source feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FeedMore {}
