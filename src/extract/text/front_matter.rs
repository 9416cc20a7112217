//! Front matter: the part of YAML that article files use, and TOML.

/// Values by the path of their key, in order: `image.caption`, lower case.
pub(super) type Fields = Vec<(String, String)>;

/// Splits a text into its front matter and the rest.
pub(super) fn split(text: &str) -> (Fields, &str) {
    let text = text.trim_start_matches('\u{FEFF}');
    for (fence, read) in [("---", yaml as fn(&str) -> Fields), ("+++", toml)] {
        let Some(after) = text.strip_prefix(fence).and_then(line_end) else { continue };
        let mut at = 0;
        for line in after.split_inclusive('\n') {
            if line.trim_end() == fence || (fence == "---" && line.trim_end() == "...") {
                return (read(&after[..at]), &after[at + line.len()..]);
            }
            at += line.len();
        }
    }
    (Fields::new(), text)
}

fn line_end(after: &str) -> Option<&str> {
    let rest = after.trim_start_matches([' ', '\t', '\r']);
    rest.strip_prefix('\n')
}

fn toml(text: &str) -> Fields {
    let mut fields = Fields::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        flatten("", &toml::Value::Table(table), &mut fields);
    }
    fields
}

fn flatten(path: &str, value: &toml::Value, into: &mut Fields) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let path = if path.is_empty() { key.to_lowercase() } else { format!("{path}.{}", key.to_lowercase()) };
                flatten(&path, value, into);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| flatten(path, value, into)),
        toml::Value::String(text) => into.push((path.to_owned(), text.clone())),
        other => into.push((path.to_owned(), other.to_string())),
    }
}

/// Mappings, lists, quoted and folded texts; no anchors, no tags.
fn yaml(text: &str) -> Fields {
    let mut fields = Fields::new();
    // the keys that are open, with their indentation
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut indent = line.len() - line.trim_start().len();
        let mut content = trimmed;
        let is_item = content == "-" || content.starts_with("- ");
        if is_item {
            content = content[1..].trim_start();
            // an item may stand as far left as its key
            while path.last().is_some_and(|(open, _)| *open > indent) {
                path.pop();
            }
            indent += 1;
        } else {
            while path.last().is_some_and(|(open, _)| *open >= indent) {
                path.pop();
            }
        }
        let Some((key, value)) = key_and_value(content) else {
            if is_item {
                push(&path, None, content, &mut fields);
            }
            continue;
        };
        if is_item {
            while path.last().is_some_and(|(open, _)| *open >= indent) {
                path.pop();
            }
        }
        if let Some(style) = value
            .strip_prefix(['|', '>'])
            .filter(|rest| rest.trim_matches(['-', '+']).trim().is_empty())
            .map(|_| value.as_bytes()[0])
        {
            let mut folded = String::new();
            while let Some(next) =
                lines.next_if(|next| next.trim().is_empty() || next.len() - next.trim_start().len() > indent)
            {
                folded.push_str(next.trim());
                folded.push(if style == b'|' { '\n' } else { ' ' });
            }
            push(&path, Some(key), folded.trim(), &mut fields);
        } else if value.is_empty() {
            path.push((indent, key.to_lowercase()));
        } else {
            push(&path, Some(key), value, &mut fields);
        }
    }
    fields
}

/// `key: value`, the key perhaps quoted.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    if line.starts_with('[') || line.starts_with("http") {
        return None;
    }
    let at = line
        .char_indices()
        .find(|(at, c)| *c == ':' && matches!(line.as_bytes().get(at + 1), None | Some(b' ' | b'\t')))?
        .0;
    let key = line[..at].trim().trim_matches(['"', '\'']);
    let is_key = !key.is_empty()
        && key.len() <= 64
        && !line[..at].starts_with(['"', '\'']) | (line[..at].trim().len() == key.len() + 2);
    is_key.then(|| (key, line[at + 1..].trim()))
}

fn push(path: &[(usize, String)], key: Option<&str>, value: &str, into: &mut Fields) {
    let mut names: Vec<String> = path.iter().map(|(_, name)| name.clone()).collect();
    names.extend(key.map(str::to_lowercase));
    let name = names.join(".");
    let inner = value.strip_prefix('[').and_then(|rest| rest.trim_end().strip_suffix(']'));
    if let Some(list) = inner {
        for item in split_list(list) {
            into.push((name.clone(), unquote(item)));
        }
    } else {
        into.push((name, unquote(value)));
    }
}

/// Items of a flow list; commas in quotes do not part them.
fn split_list(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut quote = None;
    let mut start = 0;
    for (at, character) in list.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') if list[start..at].trim().is_empty() => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, ',') => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(list[start..].trim());
    items.retain(|item| !item.is_empty());
    items
}

fn unquote(value: &str) -> String {
    let value = value.trim();
    if let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.rsplit_once('"')).map(|(inner, _)| inner) {
        return inner.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
    }
    if let Some(inner) = value.strip_prefix('\'').and_then(|rest| rest.rsplit_once('\'')).map(|(inner, _)| inner) {
        return inner.replace("''", "'");
    }
    // a comment begins behind white space
    let end = value.find(" #").unwrap_or(value.len());
    let plain = value[..end].trim();
    if matches!(plain, "~" | "null") { String::new() } else { plain.to_owned() }
}
