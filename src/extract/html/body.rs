//! The story itself, and nothing else.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};
use url::Url;

use super::marks::Marks;
use super::page::{Line, Page};
use super::visible::Visible;
use crate::extract::text::paragraphs_html;
use crate::markup::text_len;

/// The story as HTML. `document` is used up.
pub(super) fn extract(document: Document, page: &Page, visible: &Visible, url: &Url) -> Option<String> {
    cut_foreign(&document, page, visible);
    let lines = lines_of_story(page, visible);
    let config =
        Config { max_elements_to_parse: 60_000, disable_json_ld: true, text_mode: TextMode::Raw, ..Config::default() };
    let address = matches!(url.scheme(), "http" | "https").then(|| url.as_str());
    let found =
        Readability::with_document(document, address, Some(config)).and_then(|mut readability| readability.parse());
    let content = found.map(|article| article.content.to_string()).unwrap_or_default();
    let length = text_len(&content);
    let of_lines: usize = lines.iter().map(|line| line.len()).sum();
    if length < 250 && of_lines > length * 2 && of_lines > 200 {
        return Some(paragraphs_html(lines));
    }
    (length > 0).then_some(content)
}

/// Takes out of the tree what is no text of the story.
fn cut_foreign(document: &Document, page: &Page, visible: &Visible) {
    for (node, length) in &page.foreign {
        // what holds much of the page's text is misnamed
        if *length * 3 < page.length {
            NodeRef::new(*node, &document.tree).remove_from_parent();
        }
    }
    for node in tail(page).flat_map(|line| &line.nodes) {
        NodeRef::new(*node, &document.tree).remove_from_parent();
    }
    let captions =
        page.lines.iter().enumerate().filter(|(_, line)| line.marks.has(Marks::CAPTION) && line.text.len() < 800);
    for index in captions.map(|(index, _)| index).chain(visible.around.iter().copied()) {
        for node in &page.lines[index].nodes {
            NodeRef::new(*node, &document.tree).remove_from_parent();
        }
    }
}

/// Links and bare dates below the last paragraph: teasers of other stories.
fn tail(page: &Page) -> impl Iterator<Item = &Line> {
    let is_paragraph = |line: &Line| line.text.len() >= 80 && line.linked * 3 < line.text.len();
    let last = page.lines.iter().rposition(is_paragraph).map_or(page.lines.len(), |last| last + 1);
    page.lines[last..].iter().filter(|line| {
        let length = line.text.chars().count();
        let is_link = line.linked * 10 >= length * 8;
        let is_date = length < 40 && line.text.contains(|c: char| c.is_ascii_digit()) && !line.text.ends_with('.');
        length < 160 && (is_link || is_date)
    })
}

/// Lines below the headline that read like paragraphs: for pages that defeat the scoring.
fn lines_of_story<'p>(page: &'p Page, visible: &Visible) -> Vec<&'p str> {
    let from = visible.title.map_or(0, |title| title + 1);
    let lines = page.lines.iter().enumerate().skip(from).filter(|(index, line)| {
        !line.marks.has(Marks::FOREIGN)
            && !line.marks.has(Marks::CAPTION)
            && !visible.around.contains(index)
            && line.text.len() >= 40
            && line.linked * 3 < line.text.len()
    });
    lines.map(|(_, line)| line.text.as_str()).collect()
}
