//! What the card around a link tells of its story: headline, date, summary, picture, author.

use url::Url;

use super::evidence::{Story, claim};
use super::lines::Line;
use super::page::{Kind, Page};
use super::title::{self, Found, Title};
use crate::address;
use crate::dates::{self, Hints};
use crate::extract::marks::Marks;
use crate::extract::text::words::{Lead, after_lead};
use crate::markup;
use crate::model::{ImageClaim, PersonClaim};

/// A card, with the headline that its link shows.
pub(super) struct Card<'a> {
    pub range: (usize, usize),
    /// The node of its link.
    pub link: usize,
    pub title: &'a Title,
}

/// Reads a card.
pub(super) fn read(page: &Page<'_>, card: &Card<'_>, (story, base, hints): (&mut Story, &Url, &Hints<'_>)) {
    let (from, to) = card.range;
    let lines = page.lines(from, to);
    let title = better_title(card.title, &lines);
    if !title.text.is_empty() {
        let from = match title.from {
            Found::Heading => "listing:heading",
            _ => "listing:link",
        };
        story.titles.push(claim(from, &title.text));
    }
    // what stands beside the link on its line is no part of the headline
    let mut rest = page.lines(from, card.link);
    rest.extend(page.lines(page.nodes[card.link].end, to));
    rest.extend(page.lines(card.link, page.nodes[card.link].end).into_iter().filter(|line| line.text != title.text));
    dates_of(page, (from, to), &rest, (story, hints));
    let text = rest.iter().filter(|line| line.text != title.text).find(|line| is_summary(line));
    story.summaries.extend(text.map(|line| claim("listing:summary", &line.text)));
    let author = rest.iter().find_map(|line| author_of(line, hints));
    story.authors.extend(author.map(|name| PersonClaim {
        from: "listing:byline",
        name: Some(name),
        url: None,
        email: None,
    }));
    story.images.extend(picture(page, (from, to), base));
}

/// A heading of the card, where the link itself says little.
fn better_title(own: &Title, lines: &[Line]) -> Title {
    if own.from == Found::Heading || title::words(&own.text) >= 4.0 {
        return own.clone();
    }
    match title::of_headings(lines) {
        Some(heading) if title::words(&heading.text) > title::words(&own.text) => heading,
        _ => own.clone(),
    }
}

fn dates_of(page: &Page<'_>, (from, to): (usize, usize), lines: &[Line], (story, hints): (&mut Story, &Hints<'_>)) {
    const LONGEST: usize = 80;
    let time = (from..to).filter(|at| page.nodes[*at].kind == Kind::Time);
    let written = time.filter_map(|at| page.attribute(at, "datetime"));
    story.published.extend(
        written.filter(|text| dates::parse(text, hints).is_some()).take(1).map(|text| claim("listing:time", &text)),
    );
    let short = lines.iter().filter(|line| line.text.len() <= LONGEST && !line.marks.has(Marks::HEADING));
    let marked = short.clone().filter(|line| line.marks.has(Marks::DATE));
    let found = marked.chain(short.filter(|line| title::words(&line.text) <= 8.0)).find_map(|line| {
        // many lists put dates in brackets
        let text = line.text.trim_matches(['[', ']', '(', ')', '【', '】', '（', '）', ' ']);
        Some(text[dates::find(text, hints)?.range].to_owned())
    });
    story.published.extend(found.map(|text| claim("listing:date", &text)));
}

/// Whether a line tells of the story: marked so, or a sentence.
fn is_summary(line: &Line) -> bool {
    let words = title::words(&line.text);
    let is_other = [Marks::HEADING, Marks::DATE, Marks::PERSON, Marks::TAG, Marks::CHROME]
        .iter()
        .any(|mark| line.marks.has(*mark));
    !is_other && (words >= 10.0 || words >= 5.0 && line.marks.has(Marks::SUMMARY)) && line.text.len() <= 2000
}

/// The name of a byline.
fn author_of(line: &Line, hints: &Hints<'_>) -> Option<String> {
    if line.text.len() > 120 || line.marks.has(Marks::HEADING) || line.marks.has(Marks::CHROME) {
        return None;
    }
    let by = after_lead(&line.text, Lead::By);
    let text = by.or_else(|| line.marks.has(Marks::PERSON).then_some(line.text.as_str()))?;
    let name = match dates::find(text, hints) {
        Some(found) => &text[..found.range.start],
        None => text,
    };
    let name = name
        .split(['|', '•', '·'])
        .next()
        .unwrap_or(name)
        .trim()
        .trim_end_matches([',', '-', '–', '—', '/', ':'])
        .trim();
    let plausible =
        name.chars().filter(|character| character.is_alphabetic()).count() >= 2 && title::words(name) <= 10.0;
    plausible.then(|| name.to_owned())
}

/// The first real picture of the card.
fn picture(page: &Page<'_>, (from, to): (usize, usize), base: &Url) -> Option<ImageClaim> {
    const MOST: usize = 4;
    let pictures =
        (from..to).filter(|at| page.nodes[*at].kind == Kind::Picture && !page.nodes[*at].marks.has(Marks::PERSON));
    pictures.take(MOST).find_map(|at| {
        let node = page.node(at);
        let html = node
            .parent()
            .filter(|parent| parent.has_name("picture"))
            .map_or_else(|| node.html(), |parent| parent.html());
        let found = markup::first_image(&html)?;
        let small = found.width.is_some_and(|width| width < 60) || found.height.is_some_and(|height| height < 50);
        let url = address::resolve(Some(base), &found.address).filter(|_| !small)?;
        let lower = url.to_ascii_lowercase();
        if ["logo", "avatar", "gravatar", "icon", "sprite"].iter().any(|part| lower.contains(part)) {
            return None;
        }
        Some(ImageClaim {
            from: "listing:picture",
            url,
            width: found.width,
            height: found.height,
            alt: found.alt,
            ..ImageClaim::default()
        })
    })
}
