//! An article's content as stored bytes: small, and quick to make and to read.
//!
//! Layout: the length of the rest as a variable-length integer, then one zstd frame of: a byte for
//! the body's kind, the length of the metadata, the metadata as JSON without the body, the body. The body stands
//! apart because JSON would escape every quote of its markup.

use std::sync::{Mutex, PoisonError};

use zstd::bulk::{Compressor, Decompressor};

use super::listing::{put_varint, take_varint};
use crate::model::{Article, Text, TextKind};

/// Text comes out a third larger than at level 1, in less than half of the time; read in a third of it.
const LEVEL: i32 = -3;

/// No article is larger: a fetched document is at most 50 MiB.
const LARGEST: u64 = 256 << 20;

const NO_BODY: u8 = 0;
const PLAIN: u8 = 1;
const HTML: u8 = 2;

/// Makes stored bytes; keeps its compressors from one article to the next.
#[derive(Default)]
pub(super) struct Encoder {
    idle: Mutex<Vec<Workbench>>,
}

struct Workbench {
    compressor: Compressor<'static>,
    meta: Vec<u8>,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

impl Encoder {
    /// The stored bytes of each article, in order.
    pub(super) fn encode(&self, articles: impl Iterator<Item = Box<Article>>) -> Result<Vec<Vec<u8>>, String> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut bench = idle.map_or_else(Workbench::new, Ok)?;
        let encoded = articles.map(|article| bench.encode(article)).collect();
        bench.trim();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(bench);
        encoded
    }

    /// The stored bytes of one article.
    pub(super) fn encode_one(&self, article: Box<Article>) -> Result<Vec<u8>, String> {
        Ok(self.encode(std::iter::once(article))?.pop().unwrap_or_default())
    }
}

impl Workbench {
    fn new() -> Result<Self, String> {
        let mut compressor = Compressor::new(LEVEL).map_err(|error| error.to_string())?;
        compressor.include_contentsize(false).map_err(|error| error.to_string())?;
        Ok(Self { compressor, meta: Vec::new(), plain: Vec::new(), packed: Vec::new() })
    }

    fn encode(&mut self, mut article: Box<Article>) -> Result<Vec<u8>, String> {
        let body = article.body.take();
        self.meta.clear();
        serde_json::to_writer(&mut self.meta, &article).map_err(|error| error.to_string())?;
        self.plain.clear();
        self.plain.push(match &body {
            None => NO_BODY,
            Some(Text { kind: TextKind::Plain, .. }) => PLAIN,
            Some(Text { kind: TextKind::Html, .. }) => HTML,
        });
        put_varint(&mut self.plain, self.meta.len() as u64);
        self.plain.extend_from_slice(&self.meta);
        self.plain.extend_from_slice(body.as_ref().map_or(&[], |body| body.text.as_bytes()));

        self.packed.clear();
        self.packed.reserve(zstd::zstd_safe::compress_bound(self.plain.len()));
        let size = self.compressor.compress_to_buffer(&self.plain, &mut self.packed).map_err(|e| e.to_string())?;
        let mut bytes = Vec::with_capacity(size + 4);
        put_varint(&mut bytes, self.plain.len() as u64);
        bytes.extend_from_slice(&self.packed);
        Ok(bytes)
    }

    /// Gives back the room that one huge article took.
    fn trim(&mut self) {
        for buffer in [&mut self.meta, &mut self.plain, &mut self.packed] {
            buffer.clear();
            buffer.shrink_to(64 << 10);
        }
    }
}

/// Reads stored bytes.
pub(super) struct Decoder {
    decompressor: Decompressor<'static>,
    plain: Vec<u8>,
}

impl Decoder {
    pub(super) fn new() -> Result<Self, String> {
        let decompressor = Decompressor::new().map_err(|error| error.to_string())?;
        Ok(Self { decompressor, plain: Vec::new() })
    }

    /// The article of [`Encoder::encode`]'s bytes.
    pub(super) fn decode(&mut self, mut bytes: &[u8]) -> Result<Article, String> {
        let cut = || "it is cut off".to_owned();
        let size = take_varint(&mut bytes).filter(|size| *size <= LARGEST).ok_or_else(cut)?;
        self.plain.clear();
        self.plain.reserve(usize::try_from(size).map_err(|error| error.to_string())?);
        self.decompressor.decompress_to_buffer(bytes, &mut self.plain).map_err(|error| error.to_string())?;

        let (&kind, mut rest) = self.plain.split_first().ok_or_else(cut)?;
        let meta = take_varint(&mut rest).and_then(|size| usize::try_from(size).ok()).ok_or_else(cut)?;
        let (meta, body) = rest.split_at_checked(meta).ok_or_else(cut)?;
        let mut article: Article = serde_json::from_slice(meta).map_err(|error| error.to_string())?;
        if kind != NO_BODY {
            let text = std::str::from_utf8(body).map_err(|error| error.to_string())?.to_owned();
            article.body = Some(Text { kind: if kind == HTML { TextKind::Html } else { TextKind::Plain }, text });
        }
        Ok(article)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(article: &Article) -> Article {
        let bytes = Encoder::default().encode_one(article.clone().into()).unwrap();
        Decoder::new().unwrap().decode(&bytes).unwrap()
    }

    #[test]
    fn articles_come_back_as_they_were() {
        let title = Some("Überschrift \"quoted\" \u{0} 標題".to_owned());
        let cases = [
            Article::default(),
            Article { title: title.clone(), ..Article::default() },
            Article { title, body: Some(Text::html("<p class=\"a\">b</p>")), ..Article::default() },
            Article { body: Some(Text::plain("")), ..Article::default() },
            Article { body: Some(Text::plain("x".repeat(3_000_000))), ..Article::default() },
        ];
        for article in cases {
            assert_eq!(there_and_back(&article), article);
        }
    }

    #[test]
    fn damage_is_an_error() {
        let article = Article { body: Some(Text::html("<p>abc</p>")), ..Article::default() };
        let bytes = Encoder::default().encode_one(article.into()).unwrap();
        let mut decoder = Decoder::new().unwrap();
        for length in 0..bytes.len() {
            assert!(decoder.decode(&bytes[..length]).is_err(), "{length} bytes");
        }
        assert!(decoder.decode(&bytes).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = Decoder::new().unwrap().decode(&bytes);
        }
    }
}
