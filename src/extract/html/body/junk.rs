//! Lines in the middle of a story that are not of it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{Line, Marks, Page, Visible};

/// Beginnings of lines and whole headings, in lower case; the file explains them.
struct Words {
    /// By the first letter.
    starts: HashMap<char, Vec<&'static str>>,
    boxes: HashSet<&'static str>,
    notes: Vec<&'static str>,
    ends: HashSet<&'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let of = |kind: &'static str| {
        let lines = include_str!("junk.txt").lines();
        lines.filter_map(move |line| line.strip_prefix(kind)?.strip_prefix(' '))
    };
    let mut starts: HashMap<char, Vec<&str>> = HashMap::new();
    for start in of("start") {
        starts.entry(start.chars().next().unwrap_or(' ')).or_default().push(start);
    }
    Words { starts, boxes: of("box").collect(), notes: of("note").collect(), ends: of("end").collect() }
});

/// Longer lines are paragraphs, whatever they begin with, in bytes.
const LONGEST: usize = 160;

/// Longest line that a note makes one, in bytes.
const SHORT: usize = 60;

/// The places of such lines, in order.
pub(super) fn find(page: &Page, visible: &Visible, authors: &[String]) -> Vec<usize> {
    let from = visible.title.map_or(0, |title| title + 1);
    let mut found = Vec::new();
    let mut in_box = false;
    for (index, line) in page.lines.iter().enumerate().skip(from) {
        if is_box(line) {
            in_box = true;
            found.push(index);
            continue;
        }
        in_box &= is_entry(line);
        if in_box || is_junk(line) {
            found.push(index);
        }
    }
    found.extend(biographies(page, authors));
    found.extend(lists_of_links(page, from));
    found.extend(first_behind(page, from).into_iter().flat_map(|first| first..page.lines.len()));
    found.sort_unstable();
    found.dedup();
    found
}

/// Lines that are links to other stories and nothing else, two or more in a row.
fn lists_of_links(page: &Page, from: usize) -> Vec<usize> {
    const TITLE: usize = 25;
    let is_link = |line: &Line| line.text.len() >= TITLE && line.linked * 20 >= line.text.chars().count() * 19;
    let mut found = Vec::new();
    let mut run: Vec<usize> = Vec::new();
    for index in from..=page.lines.len() {
        if page.lines.get(index).is_some_and(is_link) {
            run.push(index);
            continue;
        }
        if run.len() >= 2 {
            found.append(&mut run);
        }
        run.clear();
    }
    found
}

/// The first line behind the story: under a heading that ends it, or where the beginnings of other
/// stories follow.
fn first_behind(page: &Page, from: usize) -> Option<usize> {
    const FEWEST: usize = 3;
    let is_paragraph = |line: &Line| line.text.len() >= 80 && line.linked * 2 < line.text.len();
    let is_cut = |line: &Line| {
        let text = line.text.trim_end_matches([']', ')', ' ']);
        let text = text.strip_suffix(" more").unwrap_or(text);
        is_paragraph(line) && (text.ends_with('…') || text.ends_with("..."))
    };
    let story = from + page.lines[from..].iter().position(|line| is_paragraph(line) && !is_cut(line))? + 1;
    let rest = &page.lines[story..];
    let ends = rest.iter().position(|line| is_heading_of(&WORDS.ends, line)).map(|at| story + at);
    // a paragraph of the story may end so too: two in a row are none
    let paragraphs: Vec<(usize, bool)> =
        rest.iter().enumerate().filter(|(_, line)| is_paragraph(line)).map(|(at, line)| (at, is_cut(line))).collect();
    let run = paragraphs.windows(2).position(|pair| pair[0].1 && pair[1].1);
    let cut = run.map(|first| &paragraphs[first..]).filter(|behind| {
        let cut = behind.iter().filter(|(_, is_cut)| *is_cut).count();
        cut >= FEWEST && cut * 2 >= behind.len()
    });
    let cut = cut.and_then(|behind| Some(behind.first()?.0));
    ends.into_iter().chain(cut.map(|at| story + at)).min()
}

/// Whether a line is the heading of a box: "You may also like".
fn is_box(line: &Line) -> bool {
    is_heading_of(&WORDS.boxes, line)
}

fn is_heading_of(words: &HashSet<&str>, line: &Line) -> bool {
    if line.text.len() > 60 {
        return false;
    }
    let text = line.text.trim_matches(|c: char| !c.is_alphanumeric() && c != '【' && c != '】').to_lowercase();
    words.contains(text.as_str())
}

/// Whether a line may be one of a box: a link, or short.
fn is_entry(line: &Line) -> bool {
    let is_link = line.linked * 10 >= line.text.chars().count() * 8;
    is_link || (line.text.len() < 80 && line.heading == 0 && !line.text.ends_with(['.', '!', '?', '”', '"', '»']))
}

fn is_junk(line: &Line) -> bool {
    if line.text.len() > LONGEST || (line.heading > 0 && !line.marks.has(Marks::CREDIT)) {
        return false;
    }
    let has_year = || line.text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4);
    if line.text.contains('©') && has_year() {
        return true;
    }
    let lower = line.text.to_lowercase();
    if lower.len() <= SHORT && WORDS.notes.iter().any(|note| lower.contains(note)) {
        return true;
    }
    let text = lower.trim_start_matches(['+', '>', '»', '→', '•', '*', '(', '[', '-', '–', ' ']);
    let starts = text.chars().next().and_then(|first| WORDS.starts.get(&first));
    starts.into_iter().flatten().any(|start| {
        let rest = text.strip_prefix(start);
        rest.is_some_and(|rest| {
            start.ends_with(|c: char| !c.is_alphanumeric()) || !rest.starts_with(char::is_alphanumeric)
        })
    })
}

/// Lines near the end that tell who wrote the story: "Jo Doe is a reporter in Paris."
fn biographies<'p>(page: &'p Page, authors: &'p [String]) -> impl Iterator<Item = usize> + 'p {
    const LONGEST_LIFE: usize = 700;
    let is_text =
        |line: &Line| line.text.len() >= 80 && line.linked * 2 < line.text.len() && !line.marks.has(Marks::FOREIGN);
    let last = page.lines.iter().rposition(is_text).unwrap_or(0);
    let first = page.lines.iter().position(is_text).unwrap_or(0);
    // in the second half of the text
    let from = first + (last - first.min(last)).div_ceil(2).max(3);
    let tells = move |line: &Line| {
        authors.iter().any(|author| {
            let rest = line.text.trim_start_matches(['*', ' ']).strip_prefix(author.as_str());
            let goes_on =
                |rest: &str| rest.is_empty() || (rest.starts_with([' ', ',']) && !rest.trim_start().starts_with(':'));
            rest.is_some_and(goes_on) && line.text.len() <= LONGEST_LIFE
        })
    };
    (from..page.lines.len()).filter(move |index| tells(&page.lines[*index]))
}
