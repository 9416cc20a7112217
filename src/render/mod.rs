//! Feeds, pages and lists as bytes: one file per format.
//!
//! The bytes depend on the input alone: no clock, no version, no map order. Every text, address and
//! date goes through `view`, which lets nothing through that a format cannot hold.

mod atom;
mod cut;
mod history;
mod html;
mod json;
mod legal;
mod opml;
mod pictures;
mod rss;
mod theme;
mod value;
mod verify;
mod view;
mod words;

use std::io::{self, Write};

pub use cut::without;
pub use history::{HISTORY_ITEMS, HistoryError, Told, history, read_history};
pub use html::{FeedCard, index};
pub use legal::legal;
pub use opml::{Outline, feeds_opml, sources_opml};
pub use theme::check_theme;
pub use verify::{Mismatch, Verifier};

use crate::model::{FeedSnapshot, Format};

/// Items that a batch of the XML writers holds: the only ones that are in memory twice.
const BATCH: usize = 64;

/// Why a document could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the rendered bytes could not be written: {0}")]
    Write(#[from] io::Error),
    #[error("the RSS writer gave up: {0}")]
    Rss(#[from] ::rss::Error),
    #[error("the Atom writer gave up: {0}")]
    Atom(#[from] atom_syndication::Error),
    #[error("the JSON writer gave up: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the page template failed: {0}")]
    Template(#[from] minijinja::Error),
}

/// Writes a feed in one format.
///
/// # Errors
///
/// [`RenderError`], where `out` or a writer fails.
pub fn render(format: Format, snapshot: &FeedSnapshot, out: &mut dyn Write) -> Result<(), RenderError> {
    match format {
        Format::Rss => rss::write(snapshot, out),
        Format::Atom => atom::write(snapshot, out),
        Format::Json => json::write(snapshot, out),
        Format::Html => html::write(snapshot, out),
    }
}

/// Writes the same document, less its items, around the items of all batches.
///
/// `facts` stand before the first item. `document` writes a whole document of one batch into the empty buffer that it is given. The writers of both XML formats take whole
/// documents only; holding all items of a large feed once more would double the memory.
fn in_batches<T>(
    items: &[T],
    out: &mut dyn Write,
    (facts, end): (&[u8], &[u8]),
    mut document: impl FnMut(&[T], Vec<u8>) -> Result<Vec<u8>, RenderError>,
) -> Result<(), RenderError> {
    let mut bytes = document(&[], Vec::new())?;
    let start = bytes.len().saturating_sub(end.len());
    out.write_all(&bytes[..start])?;
    out.write_all(facts)?;
    for batch in items.chunks(BATCH) {
        bytes.clear();
        bytes = document(batch, bytes)?;
        out.write_all(&bytes[start..bytes.len().saturating_sub(end.len())])?;
    }
    out.write_all(end)?;
    out.write_all(b"\n")?;
    Ok(())
}

#[cfg(test)]
mod tests;
