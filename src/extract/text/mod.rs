//! Articles in Markdown and plain text.

use crate::model::{Claim, Document, RawArticle, Text};

/// Reads a Markdown file with or without front matter.
#[must_use]
pub fn markdown(document: &Document, text: &str) -> RawArticle {
    plain(document, text)
}

/// Reads a plain-text file.
#[must_use]
pub fn plain(document: &Document, text: &str) -> RawArticle {
    let bodies = vec![Claim { from: "text:body", text: Text::plain(text) }];
    RawArticle { bodies, base: Some(document.base()), ..RawArticle::default() }
}
