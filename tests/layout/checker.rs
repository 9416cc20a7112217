//! The rules, on any source tree.

use std::fs;
use std::path::{Path, PathBuf};

/// Pure rooms: they may import each other, and nothing else.
const ROW_0: &[&str] = &["model", "dates", "address", "markup"];
/// Stages: they may import row 0, and never a sibling.
const ROW_1: &[&str] =
    &["schedule", "gather", "extract", "normalize", "dedupe", "store", "compose", "render", "publish", "report"];
/// They may import rows 0 and 1, and not each other.
const ROW_2: &[&str] = &["pipeline", "config"];
/// They may import everything.
const ROW_3: &[&str] = &["app", "cli", "serve"];

/// Names that say nothing about what is inside.
const FORBIDDEN: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc", "shared"];

const LONGEST_FILE: usize = 400;
const LONGEST_INLINE_TESTS: usize = 100;

/// Everything under `src` that breaks a rule, one line each, sorted.
pub fn check(src: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let mut files = Vec::new();
    walk(src, &mut files);
    files.sort();
    for file in &files {
        let name = file.strip_prefix(src).expect("it is below").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).expect("sources are text");
        check_names(&name, &mut problems);
        check_lengths(&name, &text, &mut problems);
        check_imports(&name, &text, &mut problems);
    }
    problems
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn check_names(name: &str, problems: &mut Vec<String>) {
    for part in name.trim_end_matches(".rs").split('/') {
        if FORBIDDEN.contains(&part) {
            problems.push(format!("{name}: `{part}` says nothing about what is inside"));
        }
    }
}

fn check_lengths(name: &str, text: &str, problems: &mut Vec<String>) {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() > LONGEST_FILE {
        problems.push(format!("{name}: {} lines, at most {LONGEST_FILE}", lines.len()));
    }
    for (number, line) in lines.iter().enumerate() {
        let opens_tests = line.starts_with("mod ") && line.ends_with('{');
        let after_cfg = number > 0
            && lines[..number].iter().rev().take_while(|l| l.starts_with("#[")).any(|l| *l == "#[cfg(test)]");
        if opens_tests && after_cfg {
            let length = lines[number..].iter().position(|line| *line == "}").unwrap_or(lines.len() - number) + 1;
            if length > LONGEST_INLINE_TESTS {
                problems.push(format!("{name}: {length} lines of inline tests, at most {LONGEST_INLINE_TESTS}"));
            }
        }
    }
}

fn check_imports(name: &str, text: &str, problems: &mut Vec<String>) {
    let room = name.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    if matches!(room, "lib" | "main") {
        return;
    }
    let Some(own_row) = row(room) else {
        problems.push(format!("{name}: `{room}` stands in no row of the layout"));
        return;
    };
    for (line, imported) in imports(text) {
        if imported == room {
            continue;
        }
        let allowed = match (own_row, row(&imported)) {
            (_, None) => {
                problems.push(format!("{name}:{line}: `crate::{imported}` stands in no row of the layout"));
                continue;
            }
            // Row 0 is acyclic by its own care; row 3 binds everything together.
            (0, Some(other)) => other == 0,
            (3, Some(_)) => true,
            (own, Some(other)) => other < own,
        };
        if !allowed {
            problems.push(format!("{name}:{line}: `{room}` may not import `{imported}`"));
        }
    }
}

fn row(room: &str) -> Option<usize> {
    [ROW_0, ROW_1, ROW_2, ROW_3].iter().position(|row| row.contains(&room))
}

/// Every room that `crate::` paths name, with its line: `crate::a::B`, `crate::{a, b::{C, D}}`.
fn imports(text: &str) -> Vec<(usize, String)> {
    let code = without_comments(text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => found.extend(heads(list).into_iter().map(|head| (line, head))),
            None => found.extend(identifier(rest).map(|head| (line, head))),
        }
    }
    found
}

/// The first segments of a `{…}` list of paths, nested lists skipped.
fn heads(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = Vec::new();
    let mut at_start = true;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if at_start && !c.is_whitespace() => {
                heads.extend(identifier(&list[at..]));
                at_start = false;
            }
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// The text with line comments blanked out; line ends stay, so that line numbers do.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        // A `//` inside an address in a string is kept: what follows it is no import anyway.
        let comment = line.find("//").filter(|at| !line[..*at].ends_with(':'));
        code.push_str(&line[..comment.unwrap_or(line.len())]);
        code.push('\n');
    }
    code
}
