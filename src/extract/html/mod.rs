//! Article pages.

use crate::extract::Request;
use crate::model::{Claim, Document, RawArticle, Text};

/// Reads an article page.
#[must_use]
pub fn article(document: &Document, html: &str, _request: &Request) -> RawArticle {
    let bodies = vec![Claim { from: "html:body", text: Text::html(html) }];
    RawArticle { bodies, base: Some(document.base()), ..RawArticle::default() }
}
