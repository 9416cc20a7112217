//! The story itself, and nothing else.
//!
//! ```text
//! junk    lines that are about other things: "Read more: …", lists of links, who wrote it
//! mod     foreign elements and lines out of the tree, then dom_smoothie's choice of a container
//! lines   our own choice, line by line, for pages whose story stands in several containers
//! passages  which lines stand in a text
//! ```
//!
//! Of the container, the lines, `articleBody` of JSON-LD and the body in the page's state the one is taken that the others show to
//! be whole.

mod junk;
mod lines;
mod passages;

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability, TextMode};
use url::Url;

use super::page::{Line, Page};
use super::visible::Visible;
use crate::extract::marks::Marks;
use crate::markup::{fold_white_space, text_len, to_text};

/// Of a page with more elements no container is looked for, which takes several times as long as all the rest: the
/// story is taken line by line. Honest pages have a third of them at most.
const MOST_ELEMENTS: usize = 15_000;

/// What else is known of the story.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Witness<'a> {
    /// HTML that JSON-LD or the page's state call the body of the article, with the kind of evidence.
    pub bodies: &'a [(&'static str, String)],
    /// Who wrote it.
    pub authors: &'a [String],
}

/// The story as it was found.
pub(super) struct Found {
    pub from: &'static str,
    pub html: String,
    /// Why this one was taken.
    pub why: &'static str,
}

/// The story. `document` is used up.
pub(super) fn extract(
    document: Document,
    (page, visible): (&Page, &Visible),
    url: &Url,
    witness: Witness<'_>,
) -> Option<Found> {
    let junk = junk::find(page, visible, witness.authors);
    cut_foreign(&document, page, visible);
    for part in junk.iter().flat_map(|index| &page.lines[*index].parts) {
        NodeRef::new(part.node, &document.tree).remove_from_parent();
    }
    let story = lines::choose(page, visible, &junk);
    let config = Config {
        max_elements_to_parse: MOST_ELEMENTS,
        disable_json_ld: true,
        text_mode: TextMode::Raw,
        ..Config::default()
    };
    let address = matches!(url.scheme(), "http" | "https").then(|| url.as_str());
    let found =
        Readability::with_document(document, address, Some(config)).and_then(|mut readability| readability.parse());
    let content = found.map(|article| article.content.to_string()).unwrap_or_default();
    choose((content, &story), witness.bodies)
}

/// The most complete of what was found.
fn choose((content, story): (String, &lines::Story<'_>), bodies: &[(&'static str, String)]) -> Option<Found> {
    /// Shorter texts are no story, in letters.
    const SHORT: usize = 250;
    let length = text_len(&content);
    let text = fold_white_space(&to_text(&content));
    let is_lost = length < SHORT && story.length > length * 2 && story.length > 200;
    let is_found = if is_lost { Vec::new() } else { story.found_in(&text) };
    let is_split = !is_lost && length >= SHORT && story.holds_more_of(&is_found, length);
    let (from, chosen, why) = if is_lost {
        ("html:lines", story.html(), "no container holds the story: line by line")
    } else if is_split {
        ("html:lines", story.html(), "the story stands in several containers: line by line")
    } else if let Some(filled) = story.with_gaps_filled(&is_found) {
        ("html:lines", filled.html(), "the container lacks lines of the story: line by line")
    } else {
        ("html:body", content, "the container that holds the story")
    };
    if !bodies.is_empty() {
        let chosen_text = if from == "html:lines" { fold_white_space(&to_text(&chosen)) } else { text };
        // what the page shows is a part of it, or something else
        let is_fuller = |body: &str| {
            body.len() > SHORT && body.len() * 2 > chosen_text.len() * 3 && lines::share(body, &chosen_text) < 0.5
        };
        let texts = bodies.iter().map(|(from, body)| (fold_white_space(&to_text(body)), from, body));
        let fullest = texts.filter(|(text, ..)| is_fuller(text)).reduce(|best, next| {
            // of two that are alike the one that is trusted more
            if next.0.len() * 4 > best.0.len() * 5 { next } else { best }
        });
        if let Some((_, from, body)) = fullest {
            return Some(Found { from, html: body.clone(), why: "says more than the page shows" });
        }
    }
    (text_len(&chosen) > 0).then_some(Found { from, html: chosen, why })
}

/// Takes out of the tree what is no text of the story.
fn cut_foreign(document: &Document, page: &Page, visible: &Visible) {
    for named in page.named.iter().filter(|named| named.marks.has(Marks::FOREIGN)) {
        // what holds much of the page's text is misnamed
        if named.length * 3 < page.length {
            NodeRef::new(named.node, &document.tree).remove_from_parent();
        }
    }
    for part in tail(page).flat_map(|line| &line.parts) {
        NodeRef::new(part.node, &document.tree).remove_from_parent();
    }
    let captions =
        page.lines.iter().enumerate().filter(|(_, line)| line.marks.has(Marks::CAPTION) && line.text.len() < 800);
    for index in captions.map(|(index, _)| index).chain(visible.around.iter().copied()) {
        for part in &page.lines[index].parts {
            NodeRef::new(part.node, &document.tree).remove_from_parent();
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
        let digits = line.text.bytes().filter(u8::is_ascii_digit).count();
        let is_date = length < 40 && digits >= 4 && !line.text.ends_with('.');
        length < 160 && (is_link || is_date)
    })
}
