//! A document that is kept while others are asked for.

use super::Parts;
use crate::model::Document;

/// How tightly it is packed: hardly, and fast.
const LEVEL: i32 = 1;

/// A document, packed and outside of the memory that all bodies share: who holds a share while waiting for another
/// one waits for others that do the same.
pub(super) struct Kept {
    document: Document,
    packed: Vec<u8>,
    size: usize,
}

impl Kept {
    /// Packs a document; its own bytes are given back.
    pub async fn of(parts: &Parts, mut document: Document) -> Self {
        let body = std::mem::take(&mut document.body);
        let size = body.len();
        let packed = parts.crew.run(move || zstd::bulk::compress(&body, LEVEL).unwrap_or_default()).await;
        Self { document, packed: packed.unwrap_or_default(), size }
    }

    /// The document as it was.
    pub async fn back(self, parts: &Parts) -> Document {
        let Self { document, packed, size } = self;
        let body = parts.crew.run(move || zstd::bulk::decompress(&packed, size).unwrap_or_default()).await;
        Document { body: body.unwrap_or_default().into(), ..document }
    }
}
