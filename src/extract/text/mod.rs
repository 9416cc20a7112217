//! Local text files: Markdown with front matter, and plain text laid out like an article.

mod front_matter;
mod markdown;
mod plain;
pub(super) mod words;

pub use markdown::markdown;
pub use plain::plain;

/// Paragraphs as HTML.
pub(super) fn paragraphs_html<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> String {
    let mut html = String::new();
    for paragraph in paragraphs {
        html.push_str("<p>");
        for character in paragraph.chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '\n' => html.push_str("<br>"),
                other => html.push(other),
            }
        }
        html.push_str("</p>\n");
    }
    html
}

#[cfg(test)]
mod tests;
