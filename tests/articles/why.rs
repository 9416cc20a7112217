//! What is told of why a value won.

use feedmill::model::{Article, Field};

use super::read_at;
use super::story::{ADDRESS, PARAGRAPHS, TITLE, json_ld, page};

fn why(article: &Article, field: Field) -> String {
    let found = article.provenance.iter().find(|provenance| provenance.field == field);
    found.map(|provenance| provenance.why.to_string()).unwrap_or_default()
}

#[test]
fn every_value_tells_why_it_won() {
    let moment = |text: &str| json_ld(&format!("\"datePublished\":\"{text}\""));
    let dated = "https://www.harbour.example/2024/05/02/ferries-return";
    let og_author = "<meta name=author content=harbour_web>";
    let more_authors = json_ld("\"author\":{\"name\":\"Jo Marten\"}");
    for (address, head, below, field, expected) in [
        (ADDRESS, "", "<p class=date>May 2, 2024</p>", Field::DatePublished, "nothing else claims it"),
        (
            dated,
            &moment("2024-05-02T10:00:00+02:00")[..],
            "<p class=date>May 2, 2024</p>",
            Field::DatePublished,
            "the most trusted claim that can be believed; agrees with the visible line and the address",
        ),
        (
            dated,
            "",
            "<p class=date>May 2, 2024</p>",
            Field::DatePublished,
            "the most trusted claim that can be believed; agrees with the address",
        ),
        (
            ADDRESS,
            &moment("2024-05-02T01:41:00+05:30"),
            "<p class=date>May 2, 2024, 01:41 PM</p>",
            Field::DatePublished,
            "the visible line beats metadata that lies; agrees with the visible line",
        ),
        (
            ADDRESS,
            &moment("2024-05-02T22:04:00Z"),
            "<p class=date>May 3, 2024 00:04</p>",
            Field::DatePublished,
            "another claim tells the zone of the same moment; agrees with the visible line",
        ),
        (
            ADDRESS,
            &moment("2024-05-02"),
            "<p class=date>May 2, 2024 10:15</p>",
            Field::DatePublished,
            "says the same as a more trusted claim, and more exactly; agrees with the metadata",
        ),
        (
            "https://www.harbour.example/2024/01/02/ferries-return",
            &moment("2024-05-02T10:00:00+02:00"),
            "",
            Field::DatePublished,
            "the address names a day weeks before: the story was moved or refreshed",
        ),
        (
            ADDRESS,
            og_author,
            "<p class=byline>By Jo Marten</p>",
            Field::Authors,
            "names people, which nothing else does",
        ),
        (
            ADDRESS,
            &more_authors,
            "<p class=byline>By Jo Marten and Ann Holm</p>",
            Field::Authors,
            "the visible byline names the same people and more",
        ),
        (ADDRESS, "", "<p class=byline>By Jo Marten</p>", Field::Authors, "nothing else claims it"),
        (ADDRESS, "", "", Field::SiteName, "the piece of the title that the address repeats"),
        (
            ADDRESS,
            "<meta property=og:site_name content=harbour.example><meta name=application-name content='Harbour News'>",
            "",
            Field::SiteName,
            "the most trusted name that is no address",
        ),
        (ADDRESS, "", "", Field::ContentHtml, "the container that holds the story"),
        (
            ADDRESS,
            "<meta property=og:image content=/logo.png><meta name=twitter:image content=/pier.jpg>",
            "",
            Field::Image,
            "the most trusted one that is no logo, icon or avatar",
        ),
    ] {
        let (article, _) = read_at(address, &page(head, below));
        assert_eq!(why(&article, field), expected, "{field:?} {head} {below}");
    }
}

#[test]
fn nothing_wins_without_a_reason() {
    let head = json_ld("\"datePublished\":\"2024-05-02\",\"keywords\":\"sea, ships\",\"articleSection\":\"Islands\"");
    let (article, _) = read_at(ADDRESS, &page(&head, "<p class=byline>By Jo Marten</p>"));
    assert!(article.provenance.len() >= 8, "{:?}", article.provenance);
    for provenance in &article.provenance {
        assert!(!provenance.why.is_empty(), "{provenance:?}");
    }
}

#[test]
fn a_body_tells_which_of_the_extractors_was_believed() {
    let body = serde_json::to_string(&PARAGRAPHS.join("\n\n")).expect("a string");
    let script = json_ld(&format!("\"articleBody\":{body}"));
    let html = format!("<html><head><title>{TITLE}</title>{script}</head><body><div id=root></div></body></html>");
    let (article, _) = read_at(ADDRESS, &html);
    assert_eq!(why(&article, Field::ContentHtml), "says more than the page shows");
}
