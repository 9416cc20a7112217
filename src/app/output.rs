//! What people see of a run: a bar while it works, tables on a terminal, single lines elsewhere.

use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};

use comfy_table::presets;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};

use crate::report::{ChangeKind, Outcome, RunReport, Status, count};

/// How much is said, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub quiet: bool,
    /// Whether stderr is a terminal.
    pub terminal: bool,
}

impl Output {
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self { quiet, terminal: std::io::stderr().is_terminal() }
    }

    /// A bar over `sources` sources; invisible where nobody looks.
    #[must_use]
    pub fn progress(self, sources: usize) -> ProgressBar {
        if self.quiet || !self.terminal || sources < 2 {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(sources as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} sources  {msg}") {
            bar.set_style(style);
        }
        bar
    }

    /// Tells what a run did: troubles and a summary; on a terminal tables as well.
    pub fn tell_run(self, report: &RunReport) {
        if self.terminal && !self.quiet {
            say(&run_table(report));
        }
        for trouble in report.troubles() {
            say(&trouble);
        }
        if !self.quiet {
            say(&report.summary());
            let shows = report.feeds.iter().any(|feed| feed.items > 0) && !report.publishing_failed();
            if self.terminal && shows {
                for target in &report.targets {
                    say(&format!("open {target}/index.html, or subscribe to a feed beside it"));
                }
            }
        }
    }
}

/// Prints a line to stderr; a closed stderr is nobody's trouble.
pub fn say(line: &str) {
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Prints a line to stdout.
///
/// # Errors
/// Stdout cannot be written to; a reader that went away is no error.
pub fn print(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// A path as people type it here: below the current folder without that folder.
#[must_use]
pub fn short_path(path: &str) -> String {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| std::path::Path::new(path).strip_prefix(here).ok());
    below.map_or_else(|| path.to_owned(), |below| below.display().to_string())
}

/// What a dry run would change, item by item.
#[must_use]
pub fn change_lines(report: &RunReport) -> Vec<String> {
    let mut lines = Vec::new();
    for feed in &report.feeds {
        if feed.changes.is_empty() {
            lines.push(format!("{}: nothing would change", feed.id));
            continue;
        }
        lines.push(format!("{}: {}", feed.id, count(feed.items, "item", "")));
        for change in &feed.changes {
            let sign = match change.kind {
                ChangeKind::New => "+",
                ChangeKind::Changed => "~",
                ChangeKind::Leaves => "-",
            };
            lines.push(format!("  {sign} {}  ({})", change.title, change.uid));
        }
    }
    lines
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.iter().copied());
    table
}

/// The table's lines without the blanks that fill them up.
fn trimmed(table: &Table) -> String {
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn run_table(report: &RunReport) -> String {
    let mut sources = table(&["source", "", "articles", "new", "changed"]);
    for source in report.sources.iter().filter(|source| source.outcome != Outcome::NotDue) {
        let outcome = match source.outcome {
            Outcome::Ok => "ok",
            Outcome::NotModified => "not modified",
            Outcome::NotDue => "not due",
            Outcome::Quarantined => "quarantined",
            Outcome::Failed => "failed",
        };
        let numbers = [source.read, source.new, source.changed].map(|number| number.to_string());
        sources.add_row([source.id.as_ref(), outcome].into_iter().map(str::to_owned).chain(numbers));
    }
    let mut feeds = table(&["feed", "items", "new", "files written"]);
    for feed in &report.feeds {
        let written = match (&feed.error, feed.written.len()) {
            (Some(_), _) => "failed".to_owned(),
            (None, 0) => "none, up to date".to_owned(),
            (None, number) => number.to_string(),
        };
        feeds.add_row([feed.id.clone(), feed.items.to_string(), feed.new.to_string(), written]);
    }
    for (table, columns) in [(&mut sources, 2..5), (&mut feeds, 1..3)] {
        for column in columns {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
    }
    format!("{}\n\n{}\n", trimmed(&sources), trimmed(&feeds))
}

/// How sources and feeds stand, as tables.
#[must_use]
pub fn status_tables(status: &Status) -> String {
    let mut sources = table(&["source", "kind", "state", "last success", "next due", "trouble"]);
    let or_never = |time: &Option<String>| time.clone().unwrap_or_else(|| "never".to_owned());
    for source in &status.sources {
        sources.add_row([
            source.id.clone(),
            source.rung.map_or_else(|| source.kind.to_owned(), |rung| format!("{}: {rung}", source.kind)),
            source.state.to_owned(),
            or_never(&source.last_success),
            source.next_due.clone().unwrap_or_else(|| "now".to_owned()),
            source.trouble.clone().unwrap_or_default(),
        ]);
    }
    let mut feeds = table(&["feed", "items", "newest"]);
    for feed in &status.feeds {
        feeds.add_row([feed.id.clone(), feed.items.to_string(), or_never(&feed.date_modified)]);
    }
    let articles = count(usize::try_from(status.articles).unwrap_or(usize::MAX), "article", "known");
    let mut text = format!("{articles}\n\n{}\n\n{}", trimmed(&sources), trimmed(&feeds));
    for source in &status.sources {
        let Some(timezone) = &source.timezone else { continue };
        let doubt = if timezone.settled { "" } else { "; other zones kept the same clock so far" };
        let (id, zone, articles) = (&source.id, timezone.proposed, timezone.articles);
        let _ = write!(text, "\n{id}: {articles} articles show timezone = \"{zone}\"{doubt}");
    }
    for orphan in &status.orphans {
        text.push_str("\nno feed of the config writes ");
        text.push_str(orphan);
    }
    if !status.orphans.is_empty() {
        text.push_str("\nfeedmill prune deletes such files");
    }
    text
}
