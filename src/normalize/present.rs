//! The costly half: what a reader sees of summary and body.

use url::Url;

use super::{language, line, summary};
use crate::address;
use crate::markup::{self, CleanHtml};
use crate::model::{Article, Image, Presented, Text, TextKind, is_visible};

/// What is known beside the article.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// The source's language, from the config.
    pub language: Option<&'a str>,
    /// As the source feed declares it.
    pub feed_language: Option<&'a str>,
    /// Cuts the outlet's own description to so many characters; `None` leaves it as it is.
    pub max_summary: Option<usize>,
    /// Beside a body the beginnings of texts are enough: for what shows the HTML and not its text.
    pub shows_html: bool,
}

/// Bytes of a text that summary and language are made from.
const BEGINNING: usize = 2_048;

impl Given<'_> {
    /// For what is published: the outlet's description cut to a summary's length.
    #[must_use]
    pub fn published() -> Self {
        Self { max_summary: Some(summary::LENGTH), ..Self::default() }
    }
}

/// Makes an article's texts fit to be seen: sanitized, as plain text, summarized.
#[must_use]
pub fn present(article: &Article, given: &Given<'_>) -> Presented {
    let mut presented = appearance(article, given);
    let declared = article.language.as_deref().or(given.language).or(given.feed_language);
    let text = presented.content_text.as_deref().or(presented.summary.as_deref()).unwrap_or_default();
    presented.language = language::of_text(declared, text);
    presented
}

/// What [`present`] makes, less the language: enough to compare, without the cost of detection.
#[must_use]
pub fn appearance(article: &Article, given: &Given<'_>) -> Presented {
    let base = article.base.as_deref().or(article.url.as_deref()).and_then(|base| Url::parse(base).ok());
    let mut presented = Presented::default();
    let enough = if given.shows_html && article.body.is_some() { BEGINNING } else { usize::MAX };
    match article.body.as_ref() {
        Some(Text { kind: TextKind::Html, text }) => {
            let html = markup::clean(text, base.as_ref());
            let plain = markup::beginning_of_text(html.as_str(), enough);
            // a body of nothing but pictures or players has no text
            presented.content_text = Some(plain).filter(|plain| is_visible(plain));
            presented.content_html = Some(html).filter(|html| !html.as_str().is_empty());
        }
        Some(Text { kind: TextKind::Plain, text }) => {
            presented.content_text = Some(text.trim().to_owned()).filter(|plain| is_visible(plain));
        }
        None => {}
    }
    let own = article.summary.as_ref().map(|summary| own_description(summary, (base.as_ref(), enough), &mut presented));
    let own = own.filter(|text| is_visible(text) && (given.max_summary.is_none() || is_description(text, article)));
    if let (Some(own), None, Some(length)) = (&own, &article.body, given.max_summary) {
        fill_content(own, length, &mut presented);
    }
    presented.summary = match (own, given.max_summary) {
        (Some(own), Some(length)) => Some(summary::cut(without_tail(&own), length)),
        (Some(own), None) => Some(own),
        (None, _) => presented.content_text.as_deref().and_then(summary::first_sentences),
    };
    presented.image = article.image.clone().or_else(|| first_image(&presented));
    presented
}

/// Where a description is all that an outlet gives, it is the story if it says more than a summary may.
fn fill_content(own: &str, length: usize, presented: &mut Presented) {
    match &presented.summary_html {
        Some(html) if html.as_str().contains('<') => {
            presented.content_text = Some(markup::to_text(html.as_str()));
            presented.content_html = Some(html.clone());
        }
        _ if own.chars().count() > length => presented.content_text = Some(own.to_owned()),
        _ => {}
    }
}

/// An outlet's description as one line, `enough` bytes of it; HTML is also kept sanitized.
fn own_description(summary: &Text, (base, enough): (Option<&Url>, usize), presented: &mut Presented) -> String {
    if summary.kind == TextKind::Plain {
        return line::of(summary.clone()).0;
    }
    let html = markup::clean(&summary.text, base);
    let text = markup::fold_white_space(&markup::beginning_of_text(html.as_str(), enough));
    presented.summary_html = Some(html).filter(|html| !html.as_str().is_empty());
    text
}

/// Whether text describes the article: not its title or address over again.
fn is_description(text: &str, article: &Article) -> bool {
    let repeats_title = article.title.as_deref().is_some_and(|title| line::same_letters(title, text));
    !repeats_title && !text.starts_with("http://") && !text.starts_with("https://")
}

/// A description without the line that blog software puts under it.
fn without_tail(text: &str) -> &str {
    let tail = text.rfind("The post ").filter(|at| *at > 0 && text[*at..].contains(" appeared first on "));
    let text = tail.map_or(text, |at| &text[..at]).trim_end();
    for end in ["Continue reading", "Read more", "Read More", "[…]", "[...]", "[&hellip;]"] {
        if let Some(rest) = text.strip_suffix(end) {
            return rest.trim_end();
        }
    }
    text
}

/// The first picture of body or summary, which are clean by now.
fn first_image(presented: &Presented) -> Option<Image> {
    let of = |html: &Option<CleanHtml>| markup::first_image(html.as_ref()?.as_str());
    let picture = of(&presented.content_html).or_else(|| of(&presented.summary_html))?;
    let url = address::resolve(None, &picture.address)?;
    Some(Image { url, width: picture.width, height: picture.height, alt: picture.alt, ..Image::default() })
}
