//! One story in five markups and as plain text: every field right in each.

use feedmill::model::Precision;

use super::story::{PARAGRAPHS, TITLE, json_ld};
use super::{read_as, read_at};

const ADDRESS: &str = "https://harbour.example/news/ferries-return-2024-5-2-0/";
const STAMP: &str = "Last update: June 7, 2025 09:12";
const BYLINE: &str = "By Jo Marten May 2, 2024";
const CAPTION: &str = "A ferry leaves the old harbour of Varnholm, on April 30, 2024.";
const PICTURE: &str = "<img src=\"/media/ferry.jpg\" width=\"900\" height=\"600\">";

fn markups() -> [(&'static str, String); 5] {
    let marked = PARAGRAPHS.map(|text| format!("<p>{text}</p>")).concat();
    let semantic = format!(
        "<header><div>{STAMP}</div><img src=\"/logo.png\"><nav><a href=\"/\">Home</a></nav></header><main><article><h1>{TITLE}</h1>\
         <p class=\"byline\">By <a rel=\"author\" href=\"/jo\">Jo Marten</a> <time>May 2, 2024</time></p>\
         <figure>{PICTURE}<figcaption>{CAPTION} / Harbour Photo</figcaption></figure>{marked}</article>\
         <aside class=\"related\"><h3>More</h3><a href=\"/a\">Another story of the day</a> June 6, 2025</aside></main>"
    );
    let head = [
        json_ld("\"datePublished\":\"2024-05-02\",\"author\":[{\"@type\":\"Person\",\"name\":\"Jo Marten\"}]"),
        format!(
            "<meta property=\"og:title\" content=\"{TITLE}\"><meta property=\"og:image\" content=\"/media/ferry.jpg\">"
        ),
    ];
    let described = format!("<head><title>{TITLE} - Harbour</title>{}</head><body>{semantic}", head.concat());
    let tables = format!(
        "<table><tr><td>{STAMP}<td><img src=\"/logo.png\"></table><table><tr><td><a href=\"/1\">Home</a><br><a href=\"/2\">World</a></td>\
         <td><font size=5><b>{TITLE}</b></font><br>{BYLINE}<br><table><tr><td>{PICTURE}<tr><td><small>{CAPTION} / Harbour Photo</small></table>\
         <br>{}</td><td><a href=\"/x\">Another story</a><br>June 6, 2025</td></tr></table>",
        PARAGRAPHS.join("<br><br>")
    );
    let breaks = format!(
        "<div>{STAMP}<br><br>{TITLE}<br><br>{BYLINE}<br><br>{PICTURE}<br>{CAPTION} / Harbour Photo<br><br>{}</div>",
        PARAGRAPHS.join("<br><br>")
    );
    let divisions = format!(
        "<div>{STAMP}</div><div>{TITLE}</div><div>{BYLINE}</div><div>{PICTURE}</div><div>{CAPTION} / Harbour Photo</div>{}",
        PARAGRAPHS.map(|text| format!("<div class=\"q7\">{text}</div>")).concat()
    );
    [("semantic", semantic), ("described", described), ("tables", tables), ("breaks", breaks), ("divisions", divisions)]
}

#[test]
fn every_field_is_right_in_every_markup() {
    let plain = format!("{STAMP}\n\n{TITLE}\n\n{BYLINE}\n\n{CAPTION} / Harbour Photo\n\n{}\n", PARAGRAPHS.join("\n\n"));
    let pages =
        markups().map(|(name, html)| (name, read_at(ADDRESS, &format!("<!doctype html><html lang=en>{html}</html>"))));
    let mut found: Vec<_> = pages.into_iter().collect();
    found.push(("plain", read_as(ADDRESS, "text/plain; charset=utf-8", &plain)));
    for (name, (article, presented)) in found {
        assert_eq!(article.title.as_deref(), Some(TITLE), "{name}");
        let authors: Vec<_> = article.authors.iter().filter_map(|author| author.name.as_deref()).collect();
        assert_eq!(authors, ["Jo Marten"], "{name}");
        let published = article.date_published.unwrap_or_else(|| panic!("{name}: no date"));
        assert_eq!(
            (published.at.date_naive().to_string().as_str(), published.precision),
            ("2024-05-02", Precision::Day),
            "{name}"
        );
        assert_eq!(article.date_modified, None, "{name}");
        let image = article.image.unwrap_or_else(|| panic!("{name}: no picture"));
        assert_eq!(
            (image.caption.as_deref(), image.credit.as_deref()),
            (Some(CAPTION), Some("Harbour Photo")),
            "{name}"
        );
        if name != "plain" {
            assert_eq!(image.url, "https://harbour.example/media/ferry.jpg", "{name}");
        }
        assert!(
            presented.summary.as_deref().is_some_and(|text| text.starts_with("The first ferry of the season")),
            "{name}"
        );
        let text = presented.content_text.unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, PARAGRAPHS, "{name}");
    }
}
