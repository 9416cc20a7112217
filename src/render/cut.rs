//! Published documents without some of their items; every other byte stays.

use std::collections::BTreeSet;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::model::Format;

/// A published document without the items of these ids; `None` where it holds none of them.
///
/// Only for documents that this program wrote: what is not in their form holds nothing.
#[must_use]
pub fn without(format: Format, document: &[u8], ids: &BTreeSet<&str>) -> Option<Vec<u8>> {
    let cuts = match format {
        Format::Rss => xml_items(document, ("item", "guid"), ids),
        Format::Atom => xml_items(document, ("entry", "id"), ids),
        Format::Json => json_items(document, ids),
        Format::Html => Vec::new(),
    };
    if cuts.is_empty() {
        return None;
    }
    let mut rest = Vec::with_capacity(document.len());
    let mut copied = 0;
    for cut in cuts {
        rest.extend_from_slice(&document[copied..cut.start]);
        copied = cut.end;
    }
    rest.extend_from_slice(&document[copied..]);
    Some(if format == Format::Json { with_commas(&rest) } else { rest })
}

/// Where the items of these ids stand, white space before them included.
fn xml_items(document: &[u8], (item, id): (&str, &str), ids: &BTreeSet<&str>) -> Vec<Range<usize>> {
    let Ok(text) = std::str::from_utf8(document) else { return Vec::new() };
    let mut reader = Reader::from_str(text);
    let mut cuts = Vec::new();
    let (mut depth, mut start, mut last) = (0_u32, None, 0);
    let (mut in_id, mut found) = (false, String::new());
    loop {
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).unwrap_or(document.len());
        match event {
            Ok(Event::Start(tag)) => {
                depth += 1;
                if tag.name().as_ref() == item && start.is_none() {
                    start = Some((depth, before(document, last)));
                } else if start.is_some_and(|(item, _)| depth == item + 1) && tag.name().as_ref() == id {
                    in_id = true;
                    found.clear();
                }
            }
            Ok(Event::Text(text)) if in_id => found.push_str(&text),
            Ok(Event::GeneralRef(name)) if in_id => found.push_str(match &*name {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                _ => "'",
            }),
            Ok(Event::End(_)) => {
                in_id = false;
                if let Some((_, from)) = start.filter(|(item, _)| *item == depth) {
                    if ids.contains(found.as_str()) {
                        cuts.push(from..end);
                    }
                    start = None;
                }
                depth = depth.saturating_sub(1);
            }
            Ok(Event::Eof) | Err(_) => return cuts,
            Ok(_) => {}
        }
        last = end;
    }
}

/// The beginning of the white space that ends at a place.
fn before(document: &[u8], place: usize) -> usize {
    document[..place].iter().rposition(|byte| !byte.is_ascii_whitespace()).map_or(0, |at| at + 1)
}

/// Where the items of these ids stand: whole lines, since no line ends within a string.
fn json_items(document: &[u8], ids: &BTreeSet<&str>) -> Vec<Range<usize>> {
    let mut cuts = Vec::new();
    let (mut place, mut start, mut is_one) = (0, None, false);
    for line in document.split_inclusive(|&byte| byte == b'\n') {
        let end = place + line.len();
        match line {
            b"  {\n" => (start, is_one) = (Some(place), false),
            b"  },\n" | b"  }\n" => cuts.extend(start.take().filter(|_| is_one).map(|start| start..end)),
            _ => {
                if let Some(id) = line.strip_prefix(b"   \"id\": ").filter(|_| start.is_some()) {
                    let id = id.strip_suffix(b",\n").unwrap_or(id);
                    is_one |= serde_json::from_slice::<String>(id).is_ok_and(|id| ids.contains(id.as_str()));
                }
            }
        }
        place = end;
    }
    cuts
}

/// JSON whose last item is followed by no comma, and that writes an empty list as the writer does.
fn with_commas(document: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(document);
    text.replace("\n  },\n ]\n}", "\n  }\n ]\n}").replace("\"items\": [\n ]\n}", "\"items\": []\n}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FeedSnapshot;
    use crate::render::render;
    use crate::render::tests::snapshot;

    #[test]
    fn items_are_cut_out_and_nothing_else_moves() {
        let mut whole = snapshot();
        let mut second = whole.items[0].clone();
        second.uid = "https://o.example/2?a&b".into();
        std::sync::Arc::make_mut(&mut whole.items).push(second);
        for format in [Format::Rss, Format::Atom, Format::Json] {
            let text = |snapshot: &FeedSnapshot| {
                let mut bytes = Vec::new();
                render(format, snapshot, &mut bytes).expect("memory takes every byte");
                bytes
            };
            let (both, none) = (text(&whole), &["https://o.example/3"].into());
            assert_eq!(without(format, &both, none), None);
            for gone in [&[0][..], &[1], &[0, 1]] {
                let ids = gone.iter().map(|&at| whole.items[at].uid.as_str()).collect();
                let mut rest = whole.clone();
                let items = std::sync::Arc::make_mut(&mut rest.items);
                items.retain(|item| !BTreeSet::contains(&ids, item.uid.as_str()));
                let cut = without(format, &both, &ids).map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
                assert_eq!(cut.as_deref(), std::str::from_utf8(&text(&rest)).ok(), "{format:?} {gone:?}");
            }
        }
    }
}
