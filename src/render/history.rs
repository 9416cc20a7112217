//! `history/ID.json`: what a lost state is rebuilt from.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::RenderError;
use crate::model::{Article, Bound, Format, History, HistoryItem, HistorySource};

/// Items that a history holds at most; older ones are too old to come back as news.
pub const HISTORY_ITEMS: usize = 10_000;

/// The layout of the file; a reader refuses what is newer.
const VERSION: u32 = 1;

/// Why a history could not be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("the history is no JSON of the expected form: {0}; restore it or remove it to start afresh")]
    Malformed(#[from] serde_json::Error),
    #[error("the history has version {0}, newer than this program knows; use a newer feedmill")]
    Newer(u32),
}

#[derive(Serialize)]
struct Head<'a> {
    version: u32,
    feed: &'a str,
    urn: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<&'a Bound>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    archives: &'a [String],
    sources: &'a [HistorySource],
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// What was published of an item, and the format whose document holds its text, where it has none itself.
pub type Told = (Article, Option<Format>);

/// Writes a feed's history: a head line, then a line for each of the first 10,000 items.
///
/// `article_of` tells what was published of an item that has no article itself, and the format whose
/// document holds its text: asked one by one, so that never all of them are in memory.
///
/// # Errors
///
/// [`RenderError`], where `out` or a writer fails.
pub fn history(
    history: &History,
    article_of: &dyn Fn(&HistoryItem) -> Option<Told>,
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    let head = Head {
        version: VERSION,
        feed: &history.feed,
        urn: &history.urn,
        bound: history.bound.as_ref(),
        archives: &history.archives,
        sources: &history.sources,
    };
    let head = serde_json::to_string(&head)?;
    // the items follow inside the same object
    out.write_all(head.strip_suffix('}').unwrap_or(&head).as_bytes())?;
    out.write_all(b",\"items\":[")?;
    for (number, item) in history.items.iter().take(HISTORY_ITEMS).enumerate() {
        out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
        let line = match article_of(item).filter(|_| item.article.is_none()) {
            Some((article, text_in)) => {
                let text_in = text_in.map(|format| format.extension().to_owned());
                serde_json::to_vec(&HistoryItem { article: Some(Box::new(article)), text_in, ..item.clone() })?
            }
            None => serde_json::to_vec(item)?,
        };
        out.write_all(&line)?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}

/// Reads what [`history`] wrote.
///
/// # Errors
///
/// [`HistoryError`] for what is no history, or one of a newer program.
pub fn read_history(bytes: &[u8]) -> Result<History, HistoryError> {
    let Version { version } = serde_json::from_slice(bytes)?;
    if version > VERSION { Err(HistoryError::Newer(version)) } else { Ok(serde_json::from_slice(bytes)?) }
}
