use bytes::Bytes;
use url::Url;

use super::*;
use crate::markup::to_text;
use crate::model::Document;

fn document() -> Document {
    Document {
        url: Url::parse("file:///articles/one.md").expect("valid"),
        body: Bytes::new(),
        content_type: None,
        content_location: None,
        fetched_at: "2026-11-24T12:00:00Z".parse().expect("valid"),
    }
}

#[test]
fn a_plain_file_laid_out_like_an_article() {
    let text = "Last update: June 7, 2025 09:12\r\n\r\nNewsroom logo\r\n\r\nFerries Return to the Northern Islands\r\n\r\nBy Jo Marten May 2, 2024\r\n\r\n\r\n\
        A ferry leaves the harbour, on April 30, 2024. / Harbour News\r\n\r\nThe first ferry left on Thursday & was full. \r\n\r\n“It is good,” she said.\r\n";
    let found = plain(&document(), text);
    assert_eq!(found.titles[0].text.text, "Ferries Return to the Northern Islands");
    assert_eq!(found.authors[0].name.as_deref(), Some("Jo Marten"));
    assert_eq!(found.published[0].text.text, "May 2, 2024");
    assert_eq!((found.titles.len(), found.authors.len(), found.published.len(), found.modified.len()), (1, 1, 1, 0));
    assert_eq!(found.images[0].caption.as_deref(), Some("A ferry leaves the harbour, on April 30, 2024."));
    assert_eq!(found.images[0].credit.as_deref(), Some("Harbour News"));
    let body = to_text(&found.bodies[0].text.text);
    assert_eq!(body, "The first ferry left on Thursday & was full.\n\n“It is good,” she said.");
    assert_eq!(plain(&document(), text).fingerprint, found.fingerprint);
}

#[test]
fn plain_files_that_are_no_articles() {
    for text in ["", "\0", "\n\n\n", "one word", "By", "By May 2, 2024"] {
        let found = plain(&document(), text);
        assert!(found.published.is_empty() || text.contains("May"), "{text}");
    }
    let long = "word ".repeat(200);
    let found = plain(&document(), &long);
    assert!(found.titles.is_empty());
    assert_eq!(found.bodies.len(), 1);
}

#[test]
fn markdown_with_front_matter() {
    let yaml = "---\ntitle: \"Ferries: \\\"back\\\"\" \ndate: 2024-05-02 # a comment\nlastmod: 2024-05-03T10:00:00+02:00\nauthors:\n  - name: Jo Marten\n    url: https://a.example/jo\n  - Di Poe\n\
        tags: [sea, \"ships, big\"]\nsection: World\nsummary: >\n  Two\n  lines\nimage:\n  url: https://a.example/f.jpg\n  caption: A ferry. / Harbour News\n  alt: Ferry\nslug: x\nlang: en\n---\n\n# A heading\n\nText *here* ~~gone~~.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    let found = markdown(&document(), yaml);
    assert_eq!(found.titles[0].text.text, "Ferries: \"back\"");
    assert_eq!(
        (found.published[0].text.text.as_str(), found.modified[0].text.text.as_str()),
        ("2024-05-02", "2024-05-03T10:00:00+02:00")
    );
    let authors: Vec<_> = found.authors.iter().map(|author| (author.name.as_deref(), author.url.as_deref())).collect();
    assert_eq!(authors, [(Some("Jo Marten"), Some("https://a.example/jo")), (Some("Di Poe"), None)]);
    assert_eq!(found.summaries[0].text.text, "Two lines");
    let image = &found.images[0];
    assert_eq!(
        (image.caption.as_deref(), image.credit.as_deref(), image.alt.as_deref()),
        (Some("A ferry."), Some("Harbour News"), Some("Ferry"))
    );
    let body = &found.bodies[0].text.text;
    assert!(
        body.starts_with("<h1>A heading</h1>")
            && body.contains("<em>here</em> <del>gone</del>")
            && body.contains("<table>"),
        "{body}"
    );

    let toml = "+++\ntitle = 'One'\ndate = 2024-05-02T10:00:00Z\nauthors = ['Jo', 'Di']\n[taxonomies]\ntags = ['sea']\n+++\nBody\n";
    let found = markdown(&document(), toml);
    assert_eq!(
        (found.titles[0].text.text.as_str(), found.published[0].text.text.as_str()),
        ("One", "2024-05-02T10:00:00Z")
    );
    assert_eq!((found.authors.len(), found.tags.len()), (2, 1));
}

#[test]
fn markdown_without_front_matter() {
    let found = markdown(&document(), "# The *old* `title`\n\n![A ferry](https://a.example/f.jpg)\n\nText.\n");
    assert_eq!(found.titles[0].text.text, "The old title");
    assert_eq!(found.images[0].url, "https://a.example/f.jpg");
    assert!(!found.bodies[0].text.text.contains("<h1>"));
    for text in
        ["---", "---\n", "---\ntitle: x", "+++\nbroken = \n+++\ntext", "---\n: :\n- - -\n---\n", "--- \n---\n\u{0}"]
    {
        let _ = markdown(&document(), text);
    }
}

#[test]
fn words_at_the_start_of_lines() {
    use words::{Lead, after_lead, mentions};
    let cases = [
        ("By Jo Marten", Lead::By, Some("Jo Marten")),
        ("BY JO", Lead::By, Some("JO")),
        ("Byron wrote", Lead::By, None),
        ("Von Jo Marten", Lead::By, Some("Jo Marten")),
        ("Last update: May 2", Lead::Updated, Some("May 2")),
        ("Автор: Ио", Lead::By, Some("Ио")),
        ("Photo: Jo", Lead::Credit, Some("Jo")),
        ("更新2024年", Lead::Updated, Some("2024年")),
        ("", Lead::By, None),
    ];
    for (line, lead, rest) in cases {
        assert_eq!(after_lead(line, lead), rest, "{line}");
    }
    assert!(mentions("Friday, updated 10:00", Lead::Updated));
    assert!(!mentions("undated", Lead::Updated));
}
