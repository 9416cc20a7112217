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
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// Gives a few bytes at a time, as pipes do.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len()).min(self.0.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn read(document: &str) -> Result<Vec<(String, String)>, ExtractError> {
        let base = "https://feeds.example/all".parse().expect("an address");
        let mut items = Vec::new();
        each_item(&mut Trickle(document.as_bytes(), 4099), &base, &mut |item| {
            let body = item.bodies.first().map(|claim| claim.text.text.clone());
            items.push((item.id.unwrap_or_default(), body.unwrap_or_default()));
        })?;
        Ok(items)
    }

    /// Bodies that hold what ends items, of lengths from nothing to more than a portion.
    fn bodies() -> Vec<String> {
        let odd = [
            "",
            "</item>",
            "<item>",
            "</entry><entry>",
            "&lt;!-- ",
            "&lt;?",
            "\n  },\n",
            "\n \"items\": [\n",
            "]]&gt;",
        ];
        let lengths = [0, 10, 3_000, 70_000, 300_000, 1];
        let one = |number: usize| {
            let odd = odd[number % odd.len()];
            format!("<p>{number}{odd}{}</p>", "text ".repeat(lengths[number % lengths.len()]))
        };
        (0..60).map(one).collect()
    }

    fn expected(bodies: &[String]) -> Vec<(String, String)> {
        bodies.iter().enumerate().map(|(number, body)| (format!("urn:x:{number}"), body.trim().to_owned())).collect()
    }

    #[test]
    fn all_items_come_whole_wherever_portions_end() {
        let bodies = bodies();
        let escaped = |body: &str| body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let (mut rss, mut atom) = (
            String::from(
                "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>T</title>",
            ),
            String::from("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title>"),
        );
        let mut json = Vec::new();
        for (number, body) in bodies.iter().enumerate() {
            let id = format!("urn:x:{number}");
            let _ = write!(
                rss,
                "\n  <item>\n   <guid>{id}</guid><content:encoded><![CDATA[{body}]]></content:encoded>\n  </item>"
            );
            let _ = write!(
                atom,
                "\n <entry>\n  <id>{id}</id><content type=\"html\">{}</content>\n </entry>",
                escaped(body)
            );
            json.push(serde_json::json!({"id": id, "content_html": body}));
        }
        let json = serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": json});
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut written = Vec::new();
        serde::Serialize::serialize(&json, &mut serde_json::Serializer::with_formatter(&mut written, formatter))
            .expect("JSON");
        let pretty = String::from_utf8(written).expect("text");
        for document in [rss + "\n </channel>\n</rss>", atom + "\n</feed>", pretty, json.to_string()] {
            let (items, expected) = (read(&document).expect("a feed"), expected(&bodies));
            assert_eq!(items.len(), expected.len(), "{}", &document[..60]);
            for ((id, body), (expected_id, expected)) in items.iter().zip(&expected) {
                let ends = |text: &str| (text.len(), text.chars().take(60).collect::<String>());
                assert_eq!((id, ends(body)), (expected_id, ends(expected)), "{}", &document[..60]);
                assert!(body == expected, "{id}");
            }
        }
    }

    #[test]
    fn what_is_no_feed_or_ends_early_is_an_error() {
        let json =
            "{\n \"version\": \"https://jsonfeed.org/version/1.1\",\n \"items\": [\n  {\n   \"id\": \"a\"\n  },\n  {\n";
        for document in ["", "<html><p>x</p></html>", "{\"a\": 1}", json] {
            assert!(read(document).is_err(), "{document:?}");
        }
        assert_eq!(read("<rss version=\"2.0\"><channel><title>T</title></channel></rss>"), Ok(Vec::new()));
    }
}
