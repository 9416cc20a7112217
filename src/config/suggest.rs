//! "Did you mean …": the known name that is nearest to a misspelt one.

/// The candidate nearest to `wrong`, if it is near enough to be what was meant.
///
/// Case is ignored. A candidate that `wrong` is the last path segment of counts as near
/// ("Berlin": "Europe/Berlin").
pub(super) fn nearest<'c>(wrong: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    // Longer input is no slip of the fingers, and would only cost time.
    if wrong.is_empty() || wrong.len() > 128 {
        return None;
    }
    let wrong: Vec<char> = wrong.to_lowercase().chars().collect();
    let limit = (wrong.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let folded: Vec<char> = candidate.to_lowercase().replace(' ', "_").chars().collect();
        let tail = folded.iter().rposition(|c| *c == '/').map_or(&folded[..0], |slash| &folded[slash + 1..]);
        let distance = if tail == wrong.as_slice() { 1 } else { distance(&wrong, &folded, limit) };
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) from one word to the other; above `limit`, any larger number.
fn distance(a: &[char], b: &[char], limit: usize) -> usize {
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, &to) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        if row.iter().all(|cost| *cost > limit) {
            return limit + 1;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let keys = ["items", "title", "include", "exclude", "Europe/Berlin", "America/New_York"];
        let cases = [
            ("itmes", Some("items")),
            ("Items", Some("items")),
            ("item", Some("items")),
            ("inculde", Some("include")),
            ("Berlin", Some("Europe/Berlin")),
            ("europe/berlin", Some("Europe/Berlin")),
            ("Europe/Berln", Some("Europe/Berlin")),
            ("america/new_yrok", Some("America/New_York")),
            ("colour", None),
            ("", None),
            ("x", None),
        ];
        for (wrong, meant) in cases {
            assert_eq!(nearest(wrong, keys), meant, "{wrong}");
        }
    }
}
