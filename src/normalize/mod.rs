//! Normalization: of claims one article, of each field one form.
//!
//! ```text
//! article   claims -> the values believed, each with where it came from (cheap: every new item)
//! present   an article -> clean HTML, plain text, summary, picture, language (costly: only what
//!           is compared, shown or released)
//! ```

mod addresses;
mod authors;
mod byline;
mod dated;
mod image;
mod inverted;
mod language;
mod ledger;
mod line;
mod lists;
mod present;
mod reasons;
mod sighting;
mod site;
mod summary;
mod title;

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::dates::OutletClock;
use crate::markup;
use crate::model::{Article, Claim, Dated, Field, Provenance, RawArticle, Rights, Source, SourceFeed, Text, TextKind};
use ledger::{Ledger, Winner, all_lost};

pub use image::split_credit;
pub use language::clean_language;
pub use present::{Given, appearance, present};
pub use sighting::sighting;

/// What is known beside an article's own claims.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub source: Option<&'a Source>,
    /// The feed that the article is an item of; `None` for pages.
    pub feed: Option<&'a SourceFeed>,
    pub now: DateTime<Utc>,
    /// The outlet's clock, where its own articles show it: for times without a zone.
    pub clock: Option<&'a OutletClock>,
    /// Further names of the outlet.
    pub outlet_names: &'a [&'a str],
    /// Whether somebody asks where each value came from.
    pub explains: bool,
}

impl<'a> Context<'a> {
    /// All names of outlet and feed that titles and bylines may repeat.
    fn names<'b>(&'b self, feed_title: Option<&'b str>, site_name: Option<&'b str>) -> Vec<&'b str> {
        let mut names = Vec::with_capacity(self.outlet_names.len() + 4);
        names.extend_from_slice(self.outlet_names);
        names.extend(self.source.and_then(|source| source.title.as_deref()));
        names.extend(feed_title);
        names.extend(site_name);
        names
    }

    /// What the feed calls itself, as people read it.
    fn feed_title(&self) -> Option<Cow<'a, str>> {
        let title = self.feed?.title.as_ref()?;
        let has_markup = title.kind == TextKind::Html && title.text.contains(['&', '<']);
        Some(if has_markup { markup::inline_text(title).into() } else { title.text.trim().into() })
    }

    /// The language to read dates in: the article's, the source's, the feed's.
    fn language<'b>(&'b self, own: Option<&'b str>) -> Option<&'b str> {
        own.or_else(|| self.source?.language.as_deref()).or_else(|| self.feed?.language.as_deref())
    }
}

/// Makes an article of the claims about it.
///
/// Of each field the first believable claim wins; the others are kept as losers. Summary and body
/// stay as found: [`present`] makes them fit to be seen.
#[must_use]
pub fn article(raw: RawArticle, context: &Context<'_>) -> Article {
    let mut ledger = Ledger::new(context.explains);
    let mut article = Article { id: raw.id, external_url: raw.external_url, ..Article::default() };
    article.base = raw.base.map(String::from);

    let (url, canonical_url) = addresses::choose((raw.urls, raw.canonical_urls), &mut ledger);
    (article.url, article.canonical_url) = (url, canonical_url);
    let publishers: Vec<String> = raw.site_names.iter().map(|claim| claim.text.text.trim().to_owned()).collect();
    article.site_name = if context.feed.is_some() {
        first_line(raw.site_names, Field::SiteName, &mut ledger)
    } else {
        let address = article.url.as_deref().or(article.canonical_url.as_deref());
        site::choose(raw.site_names, (&raw.titles, address), &mut ledger)
    };
    article.section = first_line(raw.sections, Field::Section, &mut ledger);
    article.language = choose_language(raw.languages, &mut ledger);

    let feed_title = context.feed_title();
    let names = context.names(feed_title.as_deref(), article.site_name.as_deref());
    let host = article.url.as_deref().or(article.canonical_url.as_deref()).and_then(crate::address::host);
    let is_page = context.feed.is_none();
    let without_names =
        |title: &str| title::without_names(title, &|piece| title::repeats(piece, &names, host), is_page).to_owned();
    article.title = choose_title(raw.titles, &without_names, &mut ledger);

    let dating = dated::Dating::new(context, article.language.as_deref());
    let publishers: Vec<&str> = publishers.iter().map(String::as_str).collect();
    let label = host.map(crate::address::registrable_domain).and_then(|domain| domain.split('.').next());
    let nobodies: Vec<&str> =
        if is_page { names.iter().copied().chain(publishers).chain(label).collect() } else { names.clone() };
    let others = authors::Others { names: &nobodies, section: article.section.as_deref(), is_page };
    article.authors = authors::choose(raw.authors, &others, &dating, &mut ledger);
    article.date_published = dating.choose(raw.published, Field::DatePublished, &mut ledger);
    article.date_modified = dating.choose(raw.modified, Field::DateModified, &mut ledger);
    if article
        .date_modified
        .zip(article.date_published)
        .is_some_and(|(modified, published)| is_earlier(modified, published))
    {
        article.date_modified = None;
        ledger.notes.retain(|provenance| provenance.field != Field::DateModified);
    }

    let (summaries, summary_why) = if context.feed.is_none() {
        summary::of_story_first(raw.summaries, &raw.bodies)
    } else {
        (raw.summaries, None)
    };
    let texts = Texts { summaries, summary_why, bodies: raw.bodies, body_why: raw.body_why };
    choose_texts(texts, &mut article, &mut ledger);
    article.image = image::choose(raw.images, &mut ledger);
    article.attachments = lists::attachments(raw.attachments);
    article.tags = lists::tags(raw.tags, context.source.map_or(&[], |source| &source.tags), &mut ledger);
    article.rights = clean_rights(raw.rights);
    article.provenance = ledger.notes;
    article
}

/// Dates an article by its last change where its outlet gives no publication.
///
/// Many feeds say `updated` only; published articles need a place in time that is the outlet's. Not
/// for `inspect`, which shows what the document says.
pub fn date_by_change(article: &mut Article) {
    if article.date_published.is_some() || article.date_modified.is_none() {
        return;
    }
    article.date_published = article.date_modified.take();
    for provenance in article.provenance.iter_mut().filter(|provenance| provenance.field == Field::DateModified) {
        provenance.field = Field::DatePublished;
        provenance.from = format!("{LAST_CHANGE}{}", provenance.from).into();
    }
}

/// Marks a publication that is the last change of an outlet that tells nothing else.
const LAST_CHANGE: &str = "last-change:";

/// Keeps the publication of a known article whose outlet tells its last change only: that one moves.
///
/// The other half of [`date_by_change`]: what that took for the publication is a modification again.
pub fn keep_publication(article: &mut Article, known: &Article) {
    let Some(published) = known.date_published else { return };
    let is_published = |provenance: &Provenance| provenance.field == Field::DatePublished;
    let Some(change) = article.provenance.iter_mut().find(|provenance| is_published(provenance)) else { return };
    let Some(from) = change.from.strip_prefix(LAST_CHANGE) else { return };
    change.from = from.to_owned().into();
    change.field = Field::DateModified;
    article.date_modified = article.date_published.replace(published);
    article.provenance.extend(known.provenance.iter().find(|provenance| is_published(provenance)).cloned());
}

/// Bytes of an article's stored text, for byte budgets.
#[must_use]
pub fn text_size(article: &Article) -> u32 {
    let texts = [&article.summary, &article.body].into_iter().flatten().map(|text| text.text.len()).sum::<usize>();
    u32::try_from(texts + article.title.as_ref().map_or(0, String::len)).unwrap_or(u32::MAX)
}

/// Whether a modification lies before the publication, as far as both are exact.
fn is_earlier(modified: Dated, published: Dated) -> bool {
    use crate::model::Precision::Day;
    if modified.precision == Day || published.precision == Day {
        modified.at.date_naive() < published.at.date_naive()
    } else {
        modified.at < published.at
    }
}

/// The first claim that is not blank, and the rest.
fn first_claim(claims: Vec<Claim>) -> Option<(Claim, std::vec::IntoIter<Claim>)> {
    let mut claims = claims.into_iter();
    let first = claims.by_ref().find(|claim| !claim.text.is_blank())?;
    Some((first, claims))
}

/// The first claim that is a line of text.
fn first_line(claims: Vec<Claim>, field: Field, ledger: &mut Ledger) -> Option<String> {
    let mut claims = claims.into_iter();
    let (from, value, raw) = next_line(&mut claims)?;
    let lost = all_lost(claims);
    ledger.record(field, Winner::first(from, &lost), (raw, lost));
    Some(value)
}

/// The next claim that is a line of text: where it comes from, the line, and the claim where it differs.
fn next_line(claims: &mut impl Iterator<Item = Claim>) -> Option<(&'static str, String, Option<String>)> {
    claims.find_map(|claim| {
        let (value, raw) = line::of(claim.text);
        (!value.is_empty()).then_some((claim.from, value, raw))
    })
}

fn choose_title(claims: Vec<Claim>, without_names: &dyn Fn(&str) -> String, ledger: &mut Ledger) -> Option<String> {
    let mut claims = claims.into_iter();
    let (from, value, raw) = next_line(&mut claims)?;
    let cut = without_names(&value);
    let (value, raw) = if cut.len() == value.len() { (value, raw) } else { (cut, raw.or(Some(value))) };
    let lost = all_lost(claims);
    let same = lost.iter().filter(|other| line::same_letters(&other.raw, &value)).count();
    let winner = match same {
        0 => Winner::first(from, &lost),
        1 => Winner::new(from, "the most trusted claim; another one says the same"),
        _ => Winner::new(from, format!("the most trusted claim; {same} others say the same")),
    };
    ledger.record(Field::Title, winner, (raw, lost));
    Some(value)
}

fn choose_language(claims: Vec<Claim>, ledger: &mut Ledger) -> Option<String> {
    let mut claims = claims.into_iter();
    let (claim, tag) = claims.by_ref().find_map(|claim| {
        let tag = clean_language(&claim.text.text)?;
        Some((claim, tag))
    })?;
    let raw = (tag != claim.text.text).then_some(claim.text.text);
    let lost = all_lost(claims);
    ledger.record(Field::Language, Winner::first(claim.from, &lost), (raw, lost));
    Some(tag)
}

/// Claims of summary and body, and why the first of each is first where not by trust.
struct Texts {
    summaries: Vec<Claim>,
    summary_why: Option<&'static str>,
    bodies: Vec<Claim>,
    body_why: Option<&'static str>,
}

/// Summary and body as found; a summary that is the body is no summary.
fn choose_texts(texts: Texts, article: &mut Article, ledger: &mut Ledger) {
    let Texts { summaries, summary_why, bodies, body_why } = texts;
    let body = first_claim(bodies);
    let is_body = |text: &Text| body.as_ref().is_some_and(|(body, _)| body.text.text.trim() == text.text.trim());
    if let Some((claim, rest)) = first_claim(summaries)
        && !is_body(&claim.text)
    {
        let lost = all_lost(rest);
        let winner = summary_why.map_or_else(|| Winner::first(claim.from, &lost), |why| Winner::new(claim.from, why));
        ledger.record(Field::Summary, winner, (None, lost));
        article.summary = Some(claim.text);
    }
    if let Some((claim, rest)) = body {
        let lost = all_lost(rest);
        let winner = body_why.map_or_else(|| Winner::first(claim.from, &lost), |why| Winner::new(claim.from, why));
        ledger.record(Field::ContentHtml, winner, (None, lost));
        article.body = Some(claim.text);
    }
}

fn clean_rights(mut rights: Rights) -> Rights {
    let is_blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    if is_blank(&rights.copyright) {
        rights.copyright = None;
    }
    if is_blank(&rights.license) {
        rights.license = None;
    }
    rights
}

#[cfg(test)]
mod tests;
