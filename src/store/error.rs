//! What can go wrong with the state.

use std::path::PathBuf;

/// Why a call on the store failed; nothing of that call was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened or made.
    #[error("the state {} cannot be opened: {detail}", path.display())]
    Open { path: PathBuf, detail: String },
    /// A later version of the program wrote the file.
    #[error("the state {} was written by a newer Feedmill (layout {found}, this one knows {known}): upgrade Feedmill", path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    /// The file holds something else.
    #[error("{} is not a Feedmill state: give `state` another path", path.display())]
    Foreign { path: PathBuf },
    /// The file is damaged.
    #[error("the state {} is damaged ({detail}): restore a copy, or move it away to rebuild from the published feeds", path.display())]
    Damaged { path: PathBuf, detail: String },
    /// The database refused.
    #[error("the state cannot be read or written: {detail}")]
    Database { detail: String },
    /// A stored article cannot be read back.
    #[error("stored article {article} cannot be read: {detail}")]
    Unreadable { article: i64, detail: String },
    /// The call names an article that is not stored.
    #[error("article {article} is not stored")]
    UnknownArticle { article: i64 },
    /// The call names a feed that is not registered.
    #[error("feed number {feed} is not registered")]
    UnknownFeed { feed: u32 },
    /// The store was closed before the call.
    #[error("the state is closed")]
    Closed,
}
