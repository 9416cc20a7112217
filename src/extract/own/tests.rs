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
    let odd =
        ["", "</item>", "<item>", "</entry><entry>", "&lt;!-- ", "&lt;?", "\n  },\n", "\n \"items\": [\n", "]]&gt;"];
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
        let _ =
            write!(atom, "\n <entry>\n  <id>{id}</id><content type=\"html\">{}</content>\n </entry>", escaped(body));
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
