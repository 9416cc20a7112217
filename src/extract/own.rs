//! Feeds of our own, read in portions: of a long one only some items are in memory at once.
//!
//! A portion is the document's head and some whole items, which is a document again. What is not in
//! the form that our writers give has no borders that are found, and is one portion.

use std::io::{self, Read};

use memchr::{memchr, memmem};

use super::{ExtractError, feed};
use crate::model::{Extracted, RawArticle};

/// Bytes that are read at once; a portion that holds no whole item doubles.
const PORTION: usize = 128 * 1024;

/// How the items of a JSON Feed begin, and how one ends that another follows: no line ends within a string.
const JSON_ITEMS: &[u8] = b"\n \"items\": [\n";
const JSON_END: &[u8] = b"\n  },\n";

/// Reads a feed of our own from its beginning and gives its items away one by one.
///
/// Its text is taken at its word, where a foreign one is mended. `base` is what relative addresses
/// resolve against.
///
/// # Errors
/// Where there is no feed in it, or where it cannot be read to its end.
pub fn each_item(
    document: &mut dyn Read,
    base: &url::Url,
    take: &mut dyn FnMut(RawArticle),
) -> Result<(), ExtractError> {
    let mut portion = Portion::default();
    portion.grow(document)?;
    let is_json = portion.bytes.trim_ascii_start().starts_with(b"{");
    loop {
        let ended = if portion.is_last {
            Some(portion.bytes.len())
        } else if is_json {
            portion.json_items()
        } else {
            portion.xml_items()
        };
        let Some(end) = ended else {
            portion.grow(document)?;
            continue;
        };
        if is_json {
            portion.read_json((end, base), take)?;
        } else {
            portion.read_xml((end, base), take)?;
        }
        if portion.is_last {
            return Ok(());
        }
        portion.forget(end);
    }
}

/// The document's head, and what follows of the items not yet read.
#[derive(Debug, Default)]
struct Portion {
    bytes: Vec<u8>,
    /// Where the first item begins, once that is known.
    head: Option<usize>,
    /// How far borders were looked for.
    searched: usize,
    /// Behind the last whole item.
    whole: Option<usize>,
    is_last: bool,
}

impl Portion {
    /// Reads on; the more, the longer no border has come.
    fn grow(&mut self, document: &mut dyn Read) -> Result<(), ExtractError> {
        let wanted = PORTION.max(self.bytes.len());
        let read = document.take(wanted as u64).read_to_end(&mut self.bytes);
        let read = read.map_err(|error: io::Error| ExtractError::whole(error.to_string()))?;
        self.is_last = read < wanted;
        Ok(())
    }

    /// The end of the last whole item of an XML feed, where there is one.
    fn xml_items(&mut self) -> Option<usize> {
        while let Some(distance) = memchr(b'<', &self.bytes[self.searched..]) {
            let at = self.searched + distance;
            let rest = &self.bytes[at..];
            let skipped = [("<![CDATA[", "]]>"), ("<!--", "-->"), ("<?", "?>")]
                .into_iter()
                .find(|(start, _)| rest.starts_with(start.as_bytes()));
            if let Some((_, end)) = skipped {
                let Some(length) = memmem::find(rest, end.as_bytes()) else { break };
                self.searched = at + length + end.len();
                continue;
            }
            // a tag that is cut off may be one of those
            if rest.len() < "<![CDATA[".len() {
                break;
            }
            self.searched = at + 1;
            if self.head.is_none() && ["<item>", "<entry>"].iter().any(|tag| rest.starts_with(tag.as_bytes())) {
                self.head = Some(at);
            } else if let Some(tag) = ["</item>", "</entry>"].iter().find(|tag| rest.starts_with(tag.as_bytes())) {
                self.whole = Some(at + tag.len());
            }
        }
        self.head.and(self.whole)
    }

    /// The end of the last whole item of a JSON Feed that another one follows, where there is one.
    fn json_items(&mut self) -> Option<usize> {
        if self.head.is_none() {
            self.head = memmem::find(&self.bytes, JSON_ITEMS).map(|at| at + JSON_ITEMS.len());
        }
        let from = self.searched.max(self.head?);
        self.searched = self.bytes.len().saturating_sub(JSON_END.len()).max(from);
        memmem::rfind(&self.bytes[from..], JSON_END).map(|at| from + at + JSON_END.len())
    }

    fn read_xml(&self, (end, base): (usize, &url::Url), take: &mut dyn FnMut(RawArticle)) -> Result<(), ExtractError> {
        let input = input(&self.bytes[..end], base)?;
        let read = feed::read_xml_items(&input, take);
        read.map(drop).ok_or_else(|| ExtractError::whole("neither RSS nor Atom was found in it"))
    }

    fn read_json(
        &mut self,
        (end, base): (usize, &url::Url),
        take: &mut dyn FnMut(RawArticle),
    ) -> Result<(), ExtractError> {
        if self.is_last {
            return give(feed::read_json(&input(&self.bytes, base)?)?, take);
        }
        // in place of what follows; the comma goes
        let rest = self.bytes.split_off(end);
        self.bytes.truncate(end - ",\n".len());
        self.bytes.extend_from_slice(b"]}");
        let read = input(&self.bytes, base).and_then(|input| feed::read_json(&input));
        self.bytes.truncate(end - ",\n".len());
        self.bytes.extend_from_slice(b",\n");
        self.bytes.extend_from_slice(&rest);
        give(read?, take)
    }

    /// Leaves the items before `end` out.
    fn forget(&mut self, end: usize) {
        let head = self.head.unwrap_or(0);
        self.bytes.drain(head..end);
        self.searched = self.searched.saturating_sub(end - head).max(head);
        self.whole = None;
    }
}

fn give(read: Extracted, take: &mut dyn FnMut(RawArticle)) -> Result<(), ExtractError> {
    let Extracted::Feed { items, warnings, .. } = read else { return Ok(()) };
    if let Some(fault) = warnings.into_iter().next() {
        return Err(ExtractError { message: fault.message, line: None, column: None });
    }
    items.into_iter().for_each(take);
    Ok(())
}

fn input<'a>(bytes: &'a [u8], base: &url::Url) -> Result<feed::Input<'a>, ExtractError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ExtractError::whole(error.to_string()))?;
    Ok(feed::Input { text, encoding: "utf-8", base: base.clone(), more: false })
}

#[cfg(test)]
mod tests;
